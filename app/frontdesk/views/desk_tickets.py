"""The list and the record of tickets of the Solution Desk."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.applications.models import Application
from app.applications.queries.moments import local_hour, local_weekday
from app.core import clock
from app.core.text import format_time
from app.core.views import BackOfficeView, Choice, Dates, Interface, Numbers, Pick, formats
from app.core.views.page import Button, Cell
from app.frontdesk.models import DeskTicket, Visit
from app.frontdesk.rules import desk as rules
from app.frontdesk.rules.visits import minutes_waited
from app.frontdesk.views.visits import HOUR_LABELS, WEEKDAY_LABELS


def waited_cell(value: Any, record: DeskTicket) -> Cell:
    """Minutes from taking the number to the conversation."""
    if record.started_at is None:
        return formats.EMPTY
    minutes = minutes_waited(record.arrived_at, record.started_at, record.started_at)
    return Cell("number", _("%(n)s min", n=minutes), value=minutes)


def served_cell(value: Any, record: DeskTicket) -> Cell:
    """Minutes of the conversation."""
    if record.started_at is None or record.ended_at is None:
        return formats.EMPTY
    minutes = minutes_waited(record.started_at, record.ended_at, record.ended_at)
    return Cell("number", _("%(n)s min", n=minutes), value=minutes)


def visit_cell(value: Visit | None, _record: DeskTicket) -> Cell:
    """Why and when somebody came, as a link to the entry of the log."""
    if value is None:
        return formats.EMPTY
    words = f"{value.reason.name}, {format_time(value.at, lang=formats.language())}"
    return Cell("link", words, url=url_for("VisitView.show", pk=value.id))


def application_cell(value: Any, record: DeskTicket) -> Cell:
    """The application that was taken, for those who may see it."""
    case = record.application
    if case is None:
        return formats.EMPTY
    url = url_for("ApplicationView.show", pk=case.id)
    return Cell("link", case.number, url=url, title=case.subject)


def number_cell(value: Any, record: DeskTicket) -> Cell:
    """The number as it is called."""
    return Cell("code", record.shown, value=record.number)


def is_of_today() -> Any:
    """Rows of today."""
    return DeskTicket.on == clock.today()


class DeskTicketView(BackOfficeView):
    """Numbers of the queue, day by day."""

    datamodel = Interface(DeskTicket)
    route_base = "/desk-tickets"
    class_permission_name = "DeskTicket"
    label = _l("Ticket of the desk")
    label_plural = _l("Tickets of the desk")
    icon = "tag"
    can_add = False
    can_edit = False
    empty_text = _l("Numbers are given at reception or on the page of the Solution Desk.")
    list_columns = [
        "number",
        "on",
        "matter",
        "priority_group",
        "state",
        "arrived_at",
        "waited",
        "served",
        "counter",
        "result",
    ]
    order_columns = ["number", "on", "arrived_at", "counter"]
    base_order = ("arrived_at", "desc")
    export_columns = ["officer", "called_at", "started_at", "ended_at", "calls"]
    show_fieldsets = [
        (
            _l("Ticket"),
            {"fields": ["number", "on", "matter", "priority_group", "state", "visit"]},
        ),
        (
            _l("Course"),
            {
                "fields": [
                    "arrived_at",
                    "called_at",
                    "calls",
                    "started_at",
                    "ended_at",
                    "waited",
                    "served",
                    "counter",
                    "officer",
                ]
            },
        ),
        (_l("Result"), {"fields": ["result", "application", "note"]}),
    ]
    label_columns = {
        "number": _l("Ticket number"),
        "on": _l("Day"),
        "matter": _l("Matter"),
        "priority_group": _l("Priority group"),
        "state": _l("State"),
        "arrived_at": _l("Number taken"),
        "called_at": _l("Called"),
        "calls": _l("Times called"),
        "started_at": _l("Conversation began"),
        "ended_at": _l("Ended"),
        "waited": _l("Waited"),
        "served": _l("Conversation"),
        "counter": _l("Counter"),
        "officer": _l("Officer"),
        "result": _l("Result"),
        "application": _l("Application"),
        "visit": _l("Visit"),
        "note": _l("Note"),
    }
    codes = {"matter": rules.MATTER_LABELS, "priority_group": rules.PRIORITY_GROUP_LABELS}
    formats = {
        "number": number_cell,
        "state": formats.labelled(rules.TICKET_STATE_LABELS, rules.TICKET_STATE_TONES),
        "result": formats.labelled(rules.DESK_RESULT_LABELS),
        "waited": waited_cell,
        "served": served_cell,
        "application": application_cell,
        "visit": visit_cell,
        "note": formats.long_text,
    }
    wide = frozenset({"note"})
    show_options = (
        joinedload(DeskTicket.visit).joinedload(Visit.reason),
        joinedload(DeskTicket.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
    )
    filters = (
        Dates("on", _l("Day"), DeskTicket.on),
        Choice("state", _l("State"), DeskTicket.state, labels=rules.TICKET_STATE_LABELS),
        Choice("matter", _l("Matter"), DeskTicket.matter, labels=rules.MATTER_LABELS),
        Choice(
            "group",
            _l("Priority group"),
            DeskTicket.priority_group,
            labels=rules.PRIORITY_GROUP_LABELS,
        ),
        Choice("result", _l("Result"), DeskTicket.result, labels=rules.DESK_RESULT_LABELS),
        Numbers("counter", _l("Counter"), DeskTicket.counter),
        Pick("officer", _l("Officer"), DeskTicket.officer_id, source="staff"),
        Choice(
            "weekday",
            _l("Day of the week"),
            local_weekday(DeskTicket.arrived_at),
            labels=WEEKDAY_LABELS,
        ),
        Choice("hour", _l("Hour"), local_hour(DeskTicket.arrived_at), labels=HOUR_LABELS),
    )
    tabs = (
        ("today", _l("Today"), is_of_today, ""),
        ("all", _l("All"), None, ""),
    )

    def row_label(self, item: DeskTicket) -> str:
        """Number and day."""
        return f"{item.shown} · {formats.plain(item.on).text}"

    def list_buttons(self) -> list[Button]:
        """The page on which the queue is worked."""
        return [Button(_("Solution Desk"), url_for("DeskView.page"), "users", primary=True)]
