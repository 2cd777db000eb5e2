"""Field visits: the list and the record with its steps and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.applications.models import Application, FieldVisit, Topic
from app.applications.queries import field as queries
from app.applications.rules import field as rules
from app.applications.rules.groups import TOPIC_GROUP_LABELS
from app.applications.services import field_plan as services
from app.applications.views.conditions import words_of_case
from app.applications.views.field_cells import (
    case_cell,
    distance_cell,
    found_cell,
    map_url,
    may_report,
    photo_context,
    place_cell,
    point_cell,
    step_buttons,
)
from app.core import clock
from app.core.acting import current_actor
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import format_date
from app.core.views import BackOfficeView, Choice, Dates, Flag, Interface, Pick, formats
from app.core.views.page import Button, Cell, FactGroup, ShowPage


def is_of_today() -> Any:
    """Rows planned for today."""
    return FieldVisit.planned_on == clock.today()


def is_mine() -> Any:
    """Rows of this officer that are not over."""
    return queries.is_unfinished() & (FieldVisit.officer_id == current_actor().user_id)


def is_late() -> Any:
    """Rows of earlier days that were not made."""
    return queries.is_late(clock.today())


def _known(group: FactGroup) -> FactGroup:
    """The facts of a card that have a value, without the help that belongs to a form."""
    facts = [replace(fact, help="") for fact in group.facts if fact.cell is not formats.EMPTY]
    return replace(group, facts=facts)


class FieldVisitView(BackOfficeView):
    """Visits to the places of applications: planned, made, found or not."""

    datamodel = Interface(FieldVisit)
    route_base = "/field-visits"
    class_permission_name = "FieldVisit"
    label = _l("Visit to a place")
    label_plural = _l("Field visits")
    icon = "pin"
    show_template = "applications/field_show.html"
    empty_text = _l("Plan a visit on the page of an application, or plan a whole day.")
    list_columns = [
        "planned_on",
        "application",
        "place",
        "officer",
        "state",
        "was_found",
        "next_step",
    ]
    order_columns = ["planned_on", "state"]
    base_order = ("planned_on", "desc")
    link_column = "planned_on"
    export_columns = ["team", "unit", "arrived_at", "left_at", "distance_m", "findings", "measures"]
    add_fieldsets = [
        (_l("What for"), {"fields": ["application", "task"]}),
        (_l("When and who"), {"fields": ["planned_on", "officer", "team"]}),
    ]
    edit_fieldsets = [(_l("When and who"), {"fields": ["planned_on", "officer", "team", "task"]})]
    show_fieldsets = [
        (
            _l("Visit"),
            {
                "fields": [
                    "application",
                    "place",
                    "task",
                    "planned_on",
                    "officer",
                    "team",
                    "unit",
                    "carried_from",
                    "postpone_reason",
                ]
            },
        ),
        (
            _l("On the spot"),
            {
                "fields": [
                    "was_found",
                    "arrived_at",
                    "left_at",
                    "point",
                    "distance_m",
                    "findings",
                    "measures",
                    "citizen_confirmed",
                    "next_step",
                    "reported_at",
                ]
            },
        ),
    ]
    label_columns = {
        "planned_on": _l("Day of the visit"),
        "application": _l("Application"),
        "place": _l("Place"),
        "officer": _l("Who goes there"),
        "team": _l("Team"),
        "unit": _l("Unit"),
        "task": _l("What to look for"),
        "state": _l("State"),
        "was_found": _l("Found"),
        "arrived_at": _l("Arrived at"),
        "left_at": _l("Left at"),
        "findings": _l("What was found"),
        "measures": _l("Measures taken"),
        "next_step": _l("What follows"),
        "postpone_reason": _l("Why postponed"),
        "point": _l("Where the team stood"),
        "distance_m": _l("From the reported place"),
        "citizen_confirmed": _l("The citizen agreed"),
        "reported_at": _l("Carried into the case"),
        "carried_from": _l("Put off from"),
    }
    description_columns = {
        "officer": _l("Must be able to see the case; a unit sees what was sent to it."),
        "team": _l("For example “1. ekip”; several officers may go together."),
        "task": _l("In one line; no names and telephone numbers."),
    }
    wide = frozenset({"task", "findings", "measures", "postpone_reason", "place", "application"})
    codes = {"next_step": rules.FIELD_NEXT_STEP_LABELS}
    lookups = {"application": "application", "officer": "staff"}
    formats = {
        "application": case_cell,
        "place": place_cell,
        "state": formats.labelled(rules.FIELD_STATE_LABELS, rules.FIELD_STATE_TONES),
        "was_found": found_cell,
        "distance_m": distance_cell,
        "point": point_cell,
        "findings": formats.long_text,
        "measures": formats.long_text,
        "carried_from": lambda value, record: (
            Cell(
                "link",
                formats.plain(value.planned_on).text,
                url=url_for("FieldVisitView.show", pk=value.id),
            )
            if value is not None
            else formats.EMPTY
        ),
    }
    list_options = (
        joinedload(FieldVisit.application).load_only(
            Application.number,
            Application.subject,
            Application.street,
            Application.place_note,
            Application.is_restricted,
        ),
        joinedload(FieldVisit.application).joinedload(Application.district),
        joinedload(FieldVisit.application).joinedload(Application.neighbourhood),
    )
    show_options = list_options
    search = words_of_case(FieldVisit.application_id)
    filters = (
        Dates("planned", _l("Day of the visit"), FieldVisit.planned_on),
        Choice("state", _l("State"), FieldVisit.state, labels=rules.FIELD_STATE_LABELS),
        Flag("found", _l("Found"), FieldVisit.was_found),
        Pick("officer", _l("Who goes there"), FieldVisit.officer_id, source="staff"),
        Pick("unit", _l("Unit"), FieldVisit.unit_id, source="unit"),
        Pick(
            "district",
            _l("District"),
            select(Application.district_id)
            .where(Application.id == FieldVisit.application_id)
            .scalar_subquery(),
            source="district",
        ),
        Pick(
            "neighbourhood",
            _l("Neighbourhood"),
            select(Application.neighbourhood_id)
            .where(Application.id == FieldVisit.application_id)
            .scalar_subquery(),
            source="neighbourhood",
        ),
        Choice(
            "group",
            _l("Topic group"),
            select(Topic.group)
            .join(Application, Application.topic_id == Topic.id)
            .where(Application.id == FieldVisit.application_id)
            .scalar_subquery(),
            labels=TOPIC_GROUP_LABELS,
        ),
        Pick("application", _l("Application"), FieldVisit.application_id, source="application"),
    )
    tabs = (
        ("today", _l("Today"), is_of_today, ""),
        ("mine", _l("My visits"), is_mine, ""),
        ("late", _l("Not made in time"), is_late, "bad"),
        ("all", _l("All"), None, ""),
    )
    constraints = {
        "uq_applications_field_visit_live": (
            "application",
            N_("A visit to this place is planned already; postpone or make it first."),
        ),
        "applications_field_visit.application_id": (
            "application",
            N_("A visit to this place is planned already; postpone or make it first."),
        ),
    }

    def row_label(self, item: FieldVisit) -> str:
        """Number of the case and the day."""
        return (
            f"{item.application.number} · {format_date(item.planned_on, lang=formats.language())}"
        )

    def new_label(self) -> str:
        """A new record is a plan."""
        return _("Plan a visit")

    def list_buttons(self) -> list[Button]:
        """The plan of a day and the tour on the phone."""
        return [
            Button(_("My tour"), url_for("FieldTourView.today"), "pin"),
            Button(_("Plan of the day"), url_for("FieldPlanView.page"), "calendar"),
        ]

    def defaults(self) -> dict[str, Any]:
        """Today, by myself."""
        return {
            "planned_on": clock.today(),
            "officer": current_actor().user_id,
            **super().defaults(),
        }

    def save_new(self, item: FieldVisit, values: Mapping[str, Any]) -> FieldVisit:
        """Planning is a step on the timeline of the case."""
        if item in self.session:
            self.session.expunge(item)
        application = self.session.get(Application, values.get("application"))
        if application is None:
            raise RuleViolation(Violation("application", N_("Pick a value from the list.")))
        return services.plan_visit(
            self.session,
            application=application,
            planned_on=values.get("planned_on"),
            officer_id=values.get("officer"),
            team=values.get("team") or "",
            task=values.get("task") or "",
            actor=current_actor(),
            now=clock.now(),
        )

    def save_changed(self, item: FieldVisit, values: Mapping[str, Any]) -> FieldVisit:
        """Day, officer and task change only while the visit is still to be made."""
        return services.change_plan(
            self.session, visit=item, actor=current_actor(), now=clock.now()
        )

    def show_badges(self, item: FieldVisit) -> Sequence[Cell]:
        """Where the visit stands."""
        return [self.formats["state"](item.state, item)]

    def show_page(self, item: FieldVisit) -> ShowPage:
        """The record with its steps and its pictures."""
        photos = queries.list_photos(self.session, item.id)
        may_write = self.may("write")
        extra = {
            "visit": item,
            "steps": step_buttons(item) if may_write else [],
            "photos": [photo_context(photo) for photo in photos],
            "photo_url": url_for("FieldTourView.photo", pk=item.id) if may_write else "",
            "finish_url": url_for("FieldTourView.finish", pk=item.id)
            if may_write and item.state in rules.JUDGED_VISITS
            else "",
            "postpone_url": url_for("FieldTourView.postpone", pk=item.id)
            if may_write and item.state in rules.LIVE_VISITS
            else "",
            "report_url": url_for("FieldTourView.report", pk=item.id)
            if may_write and may_report(item)
            else "",
            "map_url": map_url(item.application),
        }
        page = super().show_page(item)
        # It is read on a phone: only what is known, and what happened there once somebody was there.
        groups = [_known(group) for group in page.groups[: 1 if item.arrived_at is None else None]]
        page = replace(page, groups=groups)
        if item.state not in rules.LIVE_VISITS:
            page = replace(page, buttons=[b for b in page.buttons if b.key != "E"])
        return replace(page, extra=extra)
