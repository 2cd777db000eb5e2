"""The list and the record of visits, and the reasons that people come for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import case
from sqlalchemy.orm import joinedload

from app.applications.queries.moments import local_hour, local_weekday
from app.core import clock
from app.core.acting import current_actor
from app.core.identifiers import mask_name
from app.core.views import (
    BackOfficeView,
    Choice,
    Dates,
    Flag,
    Interface,
    Numbers,
    Pick,
    Words,
    formats,
)
from app.core.views.page import Button, Cell
from app.frontdesk.models import Visit, VisitReason
from app.frontdesk.queries import visits as queries
from app.frontdesk.rules import visits as rules
from app.frontdesk.rules.desk import MATTER_LABELS
from app.frontdesk.services import visits as services

WEEKDAY_LABELS = {
    1: _l("Monday"),
    2: _l("Tuesday"),
    3: _l("Wednesday"),
    4: _l("Thursday"),
    5: _l("Friday"),
    6: _l("Saturday"),
    7: _l("Sunday"),
}
HOUR_LABELS = {hour: f"{hour:02}.00–{hour:02}.59" for hour in range(24)}


def needs_cell(value: Any, record: Visit) -> Cell:
    """What help was needed, and whether somebody went along."""
    words = [formats.translated(label) for label in rules.needs_of(record)]
    if record.accompanied_by_id is not None:
        words.append(_("accompanied"))
    return Cell("text", ", ".join(words)) if words else formats.EMPTY


def state_cell(value: Any, record: Visit) -> Cell:
    """Waiting, in conversation, or over."""
    state = rules.state_of(record.served_at, record.ended_at)
    label = formats.translated(rules.VISIT_STATE_LABELS[state])
    return Cell("badge", label, tone=rules.VISIT_STATE_TONES[state])


def waited_cell(value: Any, record: Visit) -> Cell:
    """Minutes from coming to being received; of whoever still waits, until now."""
    if record.served_at is None and record.ended_at is not None:
        return formats.EMPTY
    minutes = rules.minutes_waited(record.waiting_since, record.served_at, clock.now())
    return Cell("number", _("%(n)s min", n=minutes), value=minutes)


def is_of_today() -> Any:
    """Rows of today."""
    return queries.is_on(clock.today())


def is_inside_now() -> Any:
    """Rows of today whose visitor has not gone."""
    return queries.is_inside(clock.today())


class VisitView(BackOfficeView):
    """Everybody who came to the house; no name is needed."""

    datamodel = Interface(Visit)
    route_base = "/visits"
    class_permission_name = "Visit"
    label = _l("Visit")
    label_plural = _l("Visits")
    icon = "users"
    intro = _l("One line is one visitor or one group; no name is asked for.")
    empty_text = _l("Visits are logged on the fast screen, in three clicks.")
    can_add = False
    list_columns = ["at", "reason", "service_point", "people", "needs", "state", "waited", "result"]
    order_columns = ["at", "people", "result"]
    base_order = ("at", "desc")
    export_columns = ["unit", "has_appointment", "guided_to", "served_at", "ended_at", "note"]
    show_fieldsets = [
        (
            _l("Visit"),
            {
                "fields": [
                    "at",
                    "people",
                    "reason",
                    "service_point",
                    "unit",
                    "host",
                    "has_appointment",
                    "visitor_name",
                    "note",
                ]
            },
        ),
        (_l("Help"), {"fields": ["needs", "accompanied_by"]}),
        (
            _l("Course"),
            {"fields": ["state", "waited", "served_at", "ended_at", "guided_to", "result"]},
        ),
    ]
    edit_fieldsets = [
        (
            _l("Visit"),
            {
                "fields": [
                    "at",
                    "people",
                    "reason",
                    "service_point",
                    "unit",
                    "host",
                    "has_appointment",
                    "visitor_name",
                    "note",
                ]
            },
        ),
        (
            _l("Help"),
            {
                "fields": [
                    "is_disabled",
                    "is_elderly",
                    "with_child",
                    "needs_language",
                    "accompanied_by",
                ]
            },
        ),
        (_l("Course"), {"fields": ["served_at", "ended_at", "guided_to", "result"]}),
    ]
    label_columns = {
        "at": _l("Came at"),
        "people": _l("People"),
        "reason": _l("Reason for the visit"),
        "service_point": _l("Where to"),
        "unit": _l("Unit"),
        "host": _l("Official wanted"),
        "has_appointment": _l("With an appointment"),
        "visitor_name": _l("Name of the visitor"),
        "note": _l("Note"),
        "needs": _l("Help needed"),
        "is_disabled": _l("Disabled"),
        "is_elderly": _l("Elderly"),
        "with_child": _l("With a child"),
        "needs_language": _l("Needs an interpreter"),
        "accompanied_by": _l("Accompanied by"),
        "state": _l("State"),
        "waited": _l("Waited"),
        "served_at": _l("Conversation began"),
        "ended_at": _l("Went at"),
        "guided_to": _l("Sent elsewhere"),
        "result": _l("Result"),
    }
    description_columns = {
        "people": _l("A group is one line with the number of its people."),
        "service_point": _l("The room the visitor asked for."),
        "guided_to": _l("Only when it is another place than the one asked for."),
        "visitor_name": _l(
            "Leave it empty unless the visitor wishes to be called by name; never beside a disability."
        ),
        "unit": _l("Taken from the room when it is left empty."),
    }
    wide = frozenset({"note", "needs"})
    codes = {"result": rules.VISIT_RESULT_LABELS}
    lookups = {
        "reason": "visit_reason",
        "service_point": "service_point",
        "guided_to": "service_point",
        "unit": "unit",
        "host": "staff",
        "accompanied_by": "staff",
    }
    personal = frozenset(Visit.PERSONAL)
    formats = {
        "needs": needs_cell,
        "state": state_cell,
        "waited": waited_cell,
        "result": formats.labelled(rules.VISIT_RESULT_LABELS, rules.VISIT_RESULT_TONES),
        "visitor_name": formats.masked(mask_name, "Visit"),
        "note": formats.long_text,
    }
    filters = (
        Dates("at", _l("Came at"), Visit.at, instant=True),
        Pick("reason", _l("Reason for the visit"), Visit.reason_id, source="visit_reason"),
        Pick("point", _l("Where to"), Visit.service_point_id, source="service_point"),
        Pick("unit", _l("Unit"), Visit.unit_id, source="unit", condition=queries.is_for_unit),
        Choice("result", _l("Result"), Visit.result, labels=rules.VISIT_RESULT_LABELS),
        Numbers("people", _l("People"), Visit.people),
        Numbers("waited", _l("Minutes waited"), queries.minutes_waited()),
        Flag("appointment", _l("With an appointment"), Visit.has_appointment),
        Flag("is_disabled", _l("Disabled"), Visit.is_disabled),
        Flag("is_elderly", _l("Elderly"), Visit.is_elderly),
        Flag("with_child", _l("With a child"), Visit.with_child),
        Flag("needs_language", _l("Needs an interpreter"), Visit.needs_language),
        Flag(
            "accompanied",
            _l("Accompanied"),
            case((Visit.accompanied_by_id.is_not(None), True), else_=False),
        ),
        Choice("weekday", _l("Day of the week"), local_weekday(Visit.at), labels=WEEKDAY_LABELS),
        Choice("hour", _l("Hour"), local_hour(Visit.at), labels=HOUR_LABELS),
    )
    list_options = (joinedload(Visit.reason).load_only(VisitReason.name),)
    tabs = (
        ("today", _l("Today"), is_of_today, ""),
        ("inside", _l("Inside now"), is_inside_now, "warn"),
        ("all", _l("All"), None, ""),
    )

    def row_label(self, item: Visit) -> str:
        """Its moment."""
        return formats.plain(item.at).text

    def list_buttons(self) -> list[Button]:
        """New visits are logged on the fast screen."""
        if not self.may("write"):
            return []
        url = url_for("VisitDeskView.new")
        return [Button(_("New visit"), url, "plus", primary=True, key="N")]

    def edit_response(self, item: Visit) -> Any:
        """A name is changed only by somebody who has just revealed it."""
        if item.visitor_name and f"Visit:{item.id}" not in current_actor().revealed:
            flash(_("Show the identity first, with a reason; then you can edit it."), "warning")
            return redirect(self.url("show", pk=item.id))
        return super().edit_response(item)

    def save_changed(self, item: Visit, values: Mapping[str, Any]) -> Visit:
        """The rules see the visit as it would stand."""
        return services.check_changed(self.session, visit=item, now=clock.now())


class VisitReasonView(BackOfficeView):
    """Why people come: the tiles of the first question."""

    datamodel = Interface(VisitReason)
    route_base = "/visit-reasons"
    class_permission_name = "VisitReason"
    label = _l("Reason for visits")
    label_plural = _l("Reasons for visits")
    can_delete = True
    list_columns = ["name", "code", "hint", "position", "is_short", "matter", "active"]
    order_columns = ["position", "name", "code"]
    base_order = ("position", "asc")
    add_fieldsets = [
        (_l("Tile"), {"fields": ["code", "name", "hint", "position", "active"]}),
        (_l("What follows"), {"fields": ["is_short", "asks_note", "matter"]}),
    ]
    show_fieldsets = add_fieldsets
    label_columns = {
        "code": _l("Code"),
        "name": _l("Words on the tile"),
        "hint": _l("Second line of the tile"),
        "position": _l("Place among the tiles"),
        "is_short": _l("Settled at reception"),
        "asks_note": _l("Offers a line for a note"),
        "matter": _l("Matter at the Solution Desk"),
        "active": _l("In use"),
    }
    description_columns = {
        "code": _l("Short and without spaces; it stays when the words change."),
        "position": _l("The lowest number stands first; the first nine have a key."),
        "is_short": _l("The visit ends at once: nobody waits, and no room is needed."),
        "matter": _l("The ticket of the queue says it to the officer."),
    }
    codes = {"matter": MATTER_LABELS}
    search = Words("q", _l("Search reasons"), columns=(VisitReason.search_text,))
    filters = (
        Flag("is_short", _l("Settled at reception"), VisitReason.is_short),
        Flag("active", _l("In use"), VisitReason.active),
    )
    form_rule = staticmethod(rules.reason_violations)
