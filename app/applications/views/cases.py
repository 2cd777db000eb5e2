"""The list and the record of applications."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from app.applications import rules
from app.applications.models import Application, Topic
from app.applications.rules.groups import TOPIC_GROUP_LABELS
from app.applications.views.bulk.bar import bulk_buttons
from app.applications.views.conditions import (
    applicant,
    by_other_means,
    due_of,
    is_cimer,
    is_due_this_week,
    is_mine,
    is_open,
    is_overdue,
    place,
    under,
    unit_of,
    waits_for_approval,
    what,
)
from app.applications.views.personal_words import warn_once
from app.applications.views.record import record_context
from app.core import clock
from app.core.acting import current_actor
from app.core.rules import Violation
from app.core.views import BackOfficeView, Choice, Dates, Flag, Interface, Pick, Words, formats
from app.core.views.page import Button
from app.people.queries import is_bound_to_unit


class ApplicationView(BackOfficeView):
    """Every application the actor may see, as work lists and as one record."""

    datamodel = Interface(Application)
    route_base = "/applications"
    class_permission_name = "Application"
    label = _l("Application")
    label_plural = _l("Applications")
    icon = "inbox"
    can_add = False
    can_delete = False
    has_files = True
    show_template = "applications/show.html"
    dense = True
    acts_on_all = True

    list_columns = ["number", "due_on", "subject", "citizen", "district", "lead_unit", "state"]
    order_columns = ["number", "due_on", "received_at", "state"]
    base_order = ("due_on", "asc")
    export_columns = [
        "channel",
        "kind",
        "topic",
        "priority",
        "received_at",
        "answered_at",
        "outcome",
        "on_time",
        "street",
        "external_ref",
    ]
    show_columns = [
        "topic",
        "citizen",
        "district",
        "neighbourhood",
        "lead_unit",
        "owner",
        "institution",
        "registered_by",
        "master",
        "outcome_reason",
    ]
    edit_columns = [
        "kind",
        "topic",
        "priority",
        "subject",
        "body",
        "district",
        "neighbourhood",
        "street",
        "place_note",
        "latitude",
        "longitude",
        "owner",
    ]
    edit_fieldsets = [
        (_l("Subject"), {"fields": ["kind", "topic", "priority", "owner", "subject", "body"]}),
        (
            _l("Place"),
            {
                "fields": [
                    "district",
                    "neighbourhood",
                    "street",
                    "place_note",
                    "latitude",
                    "longitude",
                ]
            },
        ),
    ]
    label_columns = {
        "number": _l("Case no"),
        "due_on": _l("Due"),
        "subject": _l("Subject"),
        "citizen": _l("Applicant"),
        "district": _l("Place"),
        "neighbourhood": _l("Neighbourhood"),
        "lead_unit": _l("Unit"),
        "state": _l("State"),
        "channel": _l("Channel"),
        "kind": _l("Kind"),
        "topic": _l("Topic"),
        "priority": _l("Priority"),
        "received_at": _l("Received"),
        "answered_at": _l("Answered"),
        "outcome": _l("Outcome"),
        "on_time": _l("In time"),
        "street": _l("Street"),
        "place_note": _l("Door number or directions"),
        "external_ref": _l("Number at the other office"),
        "body": _l("What the citizen told"),
        "latitude": _l("Latitude"),
        "longitude": _l("Longitude"),
        "owner": _l("Officer in charge"),
        "institution": _l("Institution"),
        "registered_by": _l("Registered by"),
        "master": _l("Main case"),
        "goal_on": _l("Internal goal"),
        "tracking_code": _l("Tracking code"),
    }
    description_columns = {
        "kind": _l("Another kind may mean another legal period; the due date is computed anew."),
        "owner": _l("Who in the directorate follows this case."),
        "place_note": _l("What the team needs to find the place."),
        "latitude": _l("Decimal degrees, for example 41,2776."),
        "longitude": _l("Decimal degrees, for example 27,5119."),
    }
    wide = frozenset({"subject", "body", "place_note"})
    codes = {
        "channel": rules.CHANNEL_LABELS,
        "kind": rules.KIND_LABELS,
        "priority": rules.PRIORITY_LABELS,
        "outcome": rules.OUTCOME_LABELS,
    }
    formats = {
        "state": formats.labelled(rules.STATE_LABELS, rules.STATE_TONES),
        "due_on": due_of,
        "citizen": applicant,
        "district": place,
        "subject": what,
        "lead_unit": unit_of,
    }
    column_css = {
        "number": "c-no",
        "due_on": "c-due",
        "subject": "c-what",
        "citizen": "c-who",
        "district": "c-where",
        "lead_unit": "c-unit",
        "state": "c-state",
    }
    lookups = {
        "topic": "topic",
        "district": "district",
        "neighbourhood": ("neighbourhood", ("district",)),
        "owner": "staff",
    }
    list_options = (
        defer(Application.body, raiseload=True),
        defer(Application.due_trail, raiseload=True),
        defer(Application.search_text, raiseload=True),
        joinedload(Application.topic).load_only(Topic.code, Topic.name),
        joinedload(Application.neighbourhood),
    )
    search = Words(
        "q", _l("Search in this list"), columns=(Application.search_text,), also=by_other_means
    )
    filters = (
        Choice(
            "state",
            _l("State"),
            Application.state,
            labels=rules.STATE_LABELS,
            groups={"open": (rules.OPEN_GROUP_LABEL, rules.OPEN_STATES)},
        ),
        Choice("channel", _l("Channel"), Application.channel, labels=rules.CHANNEL_LABELS),
        Choice("kind", _l("Kind"), Application.kind, labels=rules.KIND_LABELS),
        Pick("topic", _l("Topic"), Application.topic_id, source="topic"),
        Choice(
            "group",
            _l("Topic group"),
            select(Topic.group).where(Topic.id == Application.topic_id).scalar_subquery(),
            labels=TOPIC_GROUP_LABELS,
        ),
        Pick("unit", _l("Unit"), Application.lead_unit_id, source="unit", condition=under),
        Pick("district", _l("District"), Application.district_id, source="district"),
        Pick(
            "neighbourhood",
            _l("Neighbourhood"),
            Application.neighbourhood_id,
            source="neighbourhood",
        ),
        Choice("priority", _l("Priority"), Application.priority, labels=rules.PRIORITY_LABELS),
        Choice("outcome", _l("Outcome"), Application.outcome, labels=rules.OUTCOME_LABELS),
        Dates("received", _l("Received"), Application.received_at, instant=True),
        Dates("due", _l("Due"), Application.due_on),
        Flag("on_time", _l("In time"), Application.on_time),
        Pick("citizen", _l("Applicant"), Application.citizen_id, source="citizen"),
        Pick("batch", _l("Import"), Application.import_batch_id, source="import_batch"),
        Pick("reason", _l("Reason"), Application.outcome_reason_id, source="outcome_reason"),
        Flag("reopened", _l("Reopened"), Application.cycle > 1),
    )
    tabs = (
        ("open", _l("Open"), is_open, ""),
        ("mine", _l("On my desk"), is_mine, ""),
        ("overdue", _l("Overdue"), is_overdue, "bad"),
        ("week", _l("Due this week"), is_due_this_week, ""),
        ("cimer", _l("CİMER"), is_cimer, ""),
        ("approval", _l("Waiting for approval"), waits_for_approval, ""),
        ("all", _l("All"), None, ""),
    )

    def base_query(self) -> Any:
        """All applications in scope; drafts are not shown."""
        return select(Application)

    def visible_tabs(self) -> Sequence[Any]:
        """A unit has one desk, and neither approval nor CİMER are its business."""
        if is_bound_to_unit(current_actor()):
            return [tab for tab in self.tabs if tab[0] not in {"mine", "cimer", "approval"}]
        return self.tabs

    def row_label(self, item: Application) -> str:
        """Its number."""
        return item.number

    def new_label(self) -> str:
        """Words of the button that opens intake."""
        return _("New application")

    def list_buttons(self) -> list[Button]:
        """Intake is a screen of its own."""
        if current_actor().may("register", "Application"):
            return [
                Button(
                    _("New application"), url_for("IntakeView.new"), "plus", primary=True, key="N"
                )
            ]
        return []

    def _action_buttons(self) -> list[Button]:
        """Acts over many applications are prepared, confirmed and told row by row."""
        return bulk_buttons(current_actor())

    def action_target(self) -> str:
        """Where the picked applications are sent."""
        return url_for("BulkRunView.begin")

    def show_page(self, item: Application) -> Any:
        """The record page has its own shape: work in the middle, facts beside it."""
        return record_context(self, item)

    def check(self, values: Mapping[str, Any], item: Any) -> Iterable[Violation]:
        """Changed texts of a hidden identity are looked through for whom they name."""
        yield from super().check(values, item)
        if item is not None and item.identity_hidden:
            yield from warn_once({k: v for k, v in values.items() if v != getattr(item, k, None)})

    def save_changed(self, item: Application, values: Any) -> Application:
        """Changed details go through the service, which may compute the clock anew."""
        from app.applications import services

        return services.after_details_changed(
            self.session, application=item, actor=current_actor(), now=clock.now()
        )
