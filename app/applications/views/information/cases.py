"""The list of the information officer: every request with its clocks, its decision, its appeals."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import defer, joinedload

from app.applications import rules
from app.applications.models import Application, InformationCase
from app.applications.queries import information as queries
from app.applications.rules import information as foi
from app.applications.views.information.deciding import DecisionPages
from app.applications.views.information.filters import Counted, of_ground
from app.core import clock
from app.core.text import format_money
from app.core.views import BackOfficeView, Choice, Dates, Flag, Interface, Pick, Words, formats
from app.core.views.base import VERBS
from app.core.views.page import Button, Cell
from app.organisation.models import Unit

_SHOWN = (
    Application.number,
    Application.subject,
    Application.state,
    Application.due_on,
    Application.on_time,
    Application.is_extended,
    Application.lead_unit_id,
)


def case_cell(value: Any, record: InformationCase) -> Cell:
    """Number and subject, leading to the page of the application."""
    case = record.application
    url = url_for("ApplicationView.show", pk=case.id)
    return Cell("two_line", case.number, url=url, sub=case.subject, title=case.subject)


def due_cell(value: Any, record: InformationCase) -> Cell:
    """The legal date with its word; a stopped clock says so."""
    case = record.application
    if case.state in rules.OPEN_STATES:
        if case.due_on is None:
            return Cell("due", _("The clock stands still"), tone="held")
        return formats.due(case.due_on)
    if case.on_time is None:
        return formats.plain(case.due_on)
    return formats.due(case.due_on, on_time=case.on_time)


def silence_cell(value: Any, record: InformationCase) -> Cell:
    """The day of silence while an answer is owed; afterwards it means nothing."""
    if record.application.state not in rules.OPEN_STATES or record.silence_on is None:
        return formats.EMPTY
    today = clock.today()
    if record.silence_on < today:
        return Cell(
            "due",
            _("counts as refused"),
            tone="late",
            sub=record.silence_on.strftime("%d.%m"),
            value=record.silence_on,
        )
    return formats.due(record.silence_on)


def decision_cell(value: Any, record: InformationCase) -> Cell:
    """The decision; one whose letter has not left is a draft."""
    if record.decision is None:
        return formats.EMPTY
    words = formats.translated(foi.DECISION_LABELS[record.decision])
    if record.decided_on is None:
        return Cell("badge", _("Draft: %(decision)s", decision=words), tone="wait")
    return Cell("badge", words, tone=foi.DECISION_TONES[record.decision])


def money_cell(value: Any, record: InformationCase) -> Cell:
    """An amount in Turkish lira."""
    return formats.EMPTY if value is None else Cell("number", format_money(value), value=value)


def unit_cell(value: Any, record: InformationCase) -> Cell:
    """The lead unit by its short name."""
    unit = record.application.lead_unit
    return Cell("text", unit.short_name or unit.name, title=unit.name) if unit else formats.EMPTY


def state_cell(value: Any, record: InformationCase) -> Cell:
    """Where the application stands."""
    make = formats.labelled(rules.STATE_LABELS, rules.STATE_TONES)
    return make(record.application.state, record)


def by_number(session: Any, query: str) -> list[Any]:
    """A whole number of an application."""
    words = query.strip()
    return [Application.number == words] if words.replace("-", "").isdigit() else []


class InformationCaseView(DecisionPages, BackOfficeView):
    """Information requests under law 4982: by when, what was decided, on which articles."""

    datamodel = Interface(InformationCase)
    route_base = "/information-cases"
    class_permission_name = "InformationCase"
    method_permission_name = {**VERBS, "decide": "decide", "extend": "decide", "consent": "decide"}
    label = _l("Information request (4982)")
    label_plural = _l("Information requests (4982)")
    icon = "inbox"
    can_add = False
    can_edit = False
    list_columns = [
        "application",
        "due_on",
        "silence_on",
        "decision",
        "articles",
        "lead_unit",
        "state",
        "received_on",
    ]
    order_columns = ["due_on", "silence_on", "received_on", "decided_on"]
    base_order = ("due_on", "asc")
    export_columns = [
        "decided_on",
        "is_separated",
        "access_form",
        "pages",
        "fee_amount",
        "fee_notified_on",
        "fee_paid_on",
        "extension_reason",
        "extension_notified_on",
    ]
    show_fieldsets = [
        (
            _l("Decision"),
            {
                "fields": [
                    "application",
                    "decision",
                    "decided_on",
                    "articles",
                    "reason",
                    "removed",
                    "access_form",
                    "pages",
                    "published",
                ]
            },
        ),
        (
            _l("Time"),
            {
                "fields": [
                    "received_on",
                    "due_on",
                    "alarm_on",
                    "notice_by",
                    "silence_on",
                    "extension_reason",
                    "extension_notified_on",
                ]
            },
        ),
        (
            _l("Cost and consent"),
            {
                "fields": [
                    "fee_amount",
                    "fee_notified_on",
                    "fee_pay_by",
                    "fee_paid_on",
                    "consent_asked_on",
                    "consent_given_on",
                ]
            },
        ),
    ]
    label_columns = {
        "application": _l("Application"),
        "received_on": _l("Received"),
        "due_on": _l("Due"),
        "silence_on": _l("Silence"),
        "decision": _l("Decision"),
        "decided_on": _l("Decided on"),
        "articles": _l("Articles"),
        "lead_unit": _l("Unit"),
        "state": _l("State"),
        "reason": _l("Reason"),
        "removed": _l("What was removed or separated"),
        "is_separated": _l("Parts removed or separated"),
        "access_form": _l("Form of access"),
        "pages": _l("Number of pages"),
        "published": _l("Published information"),
        "fee_amount": _l("Cost of access"),
        "fee_notified_on": _l("Cost told on"),
        "fee_pay_by": _l("To be paid by"),
        "fee_paid_on": _l("Paid on"),
        "extension_reason": _l("Reason of the extension"),
        "extension_notified_on": _l("Extension letter left on"),
        "consent_asked_on": _l("Person concerned was told on"),
        "consent_given_on": _l("Written consent given on"),
        "alarm_on": _l("Alarm (working day 12)"),
        "notice_by": _l("Extension letter until"),
    }
    description_columns = {
        "decided_on": _l("The day on which the letter of the decision left; empty: a draft."),
        "silence_on": _l("From this day on silence counts as a refusal (2577 art. 10)."),
        "notice_by": _l("Afterwards the period can no longer be extended (4982 art. 11)."),
        "articles": _l("As the letter names them; they go into the annual report."),
    }
    wide = frozenset({"reason", "removed"})
    codes = {
        "decision": foi.DECISION_LABELS,
        "access_form": foi.ACCESS_FORM_LABELS,
        "extension_reason": foi.EXTENSION_REASON_LABELS,
    }
    formats = {
        "application": case_cell,
        "due_on": due_cell,
        "silence_on": silence_cell,
        "decision": decision_cell,
        "lead_unit": unit_cell,
        "state": state_cell,
        "fee_amount": money_cell,
        "reason": formats.long_text,
        "removed": formats.long_text,
    }
    column_css = {"due_on": "c-due", "silence_on": "c-due", "state": "c-state"}
    list_options = (
        defer(InformationCase.silence_trail, raiseload=True),
        joinedload(InformationCase.application)
        .load_only(*_SHOWN)
        .joinedload(Application.lead_unit)
        .load_only(Unit.name, Unit.short_name),
    )
    show_options = list_options
    search = Words(
        "q", _l("Search in this list"), columns=(Application.search_text,), also=by_number
    )
    filters = (
        Choice("decision", _l("Decision"), InformationCase.decision, labels=foi.DECISION_LABELS),
        Counted("figure", _l("Counted as"), labels=foi.FIGURE_LABELS),
        Pick("ground", _l("Article"), source="refusal_ground", condition=of_ground),
        Dates("received", _l("Received"), InformationCase.received_on),
        Dates("due", _l("Due"), InformationCase.due_on),
        Dates("silence", _l("Silence"), InformationCase.silence_on),
        Dates("decided", _l("Decided on"), InformationCase.decided_on),
        Choice(
            "state",
            _l("State"),
            Application.state,
            labels=rules.STATE_LABELS,
            groups={"open": (rules.OPEN_GROUP_LABEL, rules.OPEN_STATES)},
        ),
        Choice("channel", _l("Channel"), Application.channel, labels=rules.CHANNEL_LABELS),
        Pick("unit", _l("Lead unit"), Application.lead_unit_id, source="unit"),
        Flag("unitless", _l("Without a unit"), Application.lead_unit_id.is_(None)),
        Choice(
            "extension",
            _l("Reason of the extension"),
            InformationCase.extension_reason,
            labels=foi.EXTENSION_REASON_LABELS,
        ),
        Choice(
            "access",
            _l("Form of access"),
            InformationCase.access_form,
            labels=foi.ACCESS_FORM_LABELS,
        ),
        Pick(
            "published",
            _l("Published information"),
            InformationCase.published_id,
            source="published_information",
        ),
        Flag("separated", _l("Parts removed or separated"), InformationCase.is_separated),
    )
    tabs = (
        ("open", _l("Open"), queries.is_open_request, ""),
        ("day15", _l("Near day 15"), lambda: queries.is_near_day_15(clock.today()), "warn"),
        ("fee", _l("Waiting for the fee"), queries.waits_for_fee, ""),
        ("letter", _l("Extension letter missing"), queries.has_no_letter_yet, "bad"),
        (
            "silence",
            _l("Silence within 7 days"),
            lambda: queries.is_silent_soon(clock.today()),
            "bad",
        ),
        ("decided", _l("Decided"), queries.is_final, ""),
        ("appealed", _l("Under appeal"), queries.has_appeal, ""),
        ("all", _l("All"), None, ""),
    )
    empty_text = _l(
        "A case stands here as soon as an application is registered as a right to information request."
    )

    def base_query(self) -> Any:
        """Every case joined to its application, which most filters ask.

        An outer join, which the database leaves out of counts that ask nothing of the application.
        """
        return select(InformationCase).join(InformationCase.application, isouter=True)

    def row_label(self, item: InformationCase) -> str:
        """Number of the application."""
        return item.application.number

    def row_url(self, item: InformationCase) -> str:
        """The page of the application: the work is done there."""
        return url_for("ApplicationView.show", pk=item.application_id)

    def list_buttons(self) -> list[Button]:
        """The way to the annual report."""
        return [Button(_("Annual report"), url_for("InformationReportView.year"), "chart")]
