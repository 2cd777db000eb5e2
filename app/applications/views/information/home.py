"""The home page of the information officer: clocks that run out, decisions, appeals, the catalogue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.applications.models import Appeal, InformationCase
from app.applications.queries import information as queries
from app.applications.rules.information import AppealState
from app.applications.views.home_parts import (
    Block,
    Tile,
    bad,
    count,
    head,
    new_button,
    report_button,
)
from app.applications.views.information.cases import due_cell, silence_cell
from app.core import clock
from app.core.acting import Actor
from app.core.views import formats
from app.core.views.page import Button, Cell

Row = tuple[str, str, str, Cell | None]


def requests_url(**args: str) -> str:
    """The officer’s list with a tab or filters."""
    return url_for("InformationCaseView.list", **args)  # type: ignore[arg-type]


def request_row(item: InformationCase, mark: Cell | None = None) -> Row:
    """A request in a work list: subject, number and unit, its page, its nearest date."""
    case = item.application
    lead = case.lead_unit.short_name or case.lead_unit.name if case.lead_unit is not None else ""
    sub = " · ".join(part for part in (case.number, lead, item.articles) if part)
    url = url_for("ApplicationView.show", pk=case.id)
    return case.subject, sub, url, mark or due_cell(None, item)


def rows(items: Iterable[InformationCase]) -> list[Row]:
    """Requests by their legal dates."""
    return [request_row(item) for item in items]


def appeal_row(item: Appeal) -> Row:
    """An appeal: what the Board waits for, else until when it decides."""
    waits = item.state is AppealState.DOCUMENTS_ASKED
    day = item.documents_due_on if waits else item.decision_due_on
    words = _("documents due") if waits else _("decision due")
    sub = " · ".join(part for part in (item.application.number, item.file_no, words) if part)
    mark = formats.due(day) if day is not None else None
    return item.application.subject, sub, url_for("AppealView.show", pk=item.id), mark


def fee_row(item: InformationCase) -> Row:
    """An unpaid request with its last day of payment."""
    return request_row(item, formats.due(item.fee_pay_by))


def information_home(session: Any, actor: Actor) -> Block:
    """What runs out, what waits for the fee, silence, appeals: eight statements."""
    today = clock.today()
    n = queries.count_for_officer(session, today)
    near = queries.list_requests(session, queries.is_near_day_15(today), limit=8)
    silent = queries.list_requests(
        session,
        queries.is_silent_soon(today),
        order=(InformationCase.silence_on,),
        limit=8,
    )
    fees = queries.list_requests(
        session, queries.waits_for_fee(), order=(InformationCase.fee_pay_by,), limit=6
    )
    opened = queries.list_requests(session, queries.is_open_request(), limit=10)
    tiles = [
        Tile(
            _("Open requests"),
            count(n["open"]),
            _("%(n)s with a drafted decision", n=count(n["draft"])),
            requests_url(tab="open"),
        ),
        Tile(
            _("Past the legal date"),
            count(n["overdue"]),
            _("%(n)s within seven days", n=count(n["due_week"])),
            requests_url(
                tab="all", state="open", due_to=(today - dt.timedelta(days=1)).isoformat()
            ),
            bad(n["overdue"]),
        ),
        Tile(
            _("Near day 15"),
            count(n["near"]),
            _("no answer and no letter since day 12"),
            requests_url(tab="day15"),
            bad(n["near"]),
        ),
        Tile(
            _("Silence within 7 days"),
            count(n["silence"]),
            _("afterwards silence counts as a refusal"),
            requests_url(tab="silence"),
            bad(n["silence"]),
        ),
        Tile(
            _("Waiting for the fee"),
            count(n["fee"]),
            _("%(n)s not paid in time", n=count(n["unpaid"])),
            requests_url(tab="fee"),
            bad(n["unpaid"]),
        ),
        Tile(
            _("Extension letter missing"),
            count(n["letter"]),
            _("to be sent before day 15"),
            requests_url(tab="letter"),
            bad(n["letter"]),
        ),
    ]
    buttons = [
        Button(_("Annual report"), url_for("InformationReportView.year"), "chart"),
        *report_button(actor),
        *new_button(actor),
    ]
    return "applications/home_information.html", {
        **head(actor),
        "buttons": buttons,
        "figures": tiles,
        "near": rows(near),
        "near_count": count(n["near"]) if n["near"] else "",
        "near_url": requests_url(tab="day15"),
        "silent": [request_row(item, silence_cell(None, item)) for item in silent],
        "silent_count": count(n["silence"]) if n["silence"] else "",
        "silent_url": requests_url(tab="silence"),
        "fees": [fee_row(item) for item in fees],
        "fee_count": count(n["fee"]) if n["fee"] else "",
        "fee_url": requests_url(tab="fee"),
        "open": rows(opened),
        "open_count": count(n["open"]) if n["open"] else "",
        "open_url": requests_url(tab="open"),
        "appeals": [appeal_row(item) for item in queries.list_open_appeals(session, limit=6)],
        "appeals_url": url_for("AppealView.list"),
    }
