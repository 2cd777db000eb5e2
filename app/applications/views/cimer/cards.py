"""Cards on the page of a CİMER application: the correspondence, and both last days beside it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import rules
from app.applications.models import Application, CimerExchange
from app.applications.queries.cimer import list_exchanges
from app.applications.queries.office_clocks import count_both
from app.applications.services import last_extension
from app.applications.views.cimer.entry import clocks_context
from app.applications.views.conditions import due_word
from app.core import clock
from app.core.acting import Actor
from app.core.rooms import Card
from app.core.rules import RuleViolation
from app.core.text import excerpt, format_date, format_datetime
from app.core.views import formats
from app.core.views.page import Button, Cell

_SHOWN_TEXT = 600


def _is_shown(item: Application, actor: Actor) -> bool:
    return item.channel is rules.Channel.CIMER and actor.may("read", "CimerExchange")


def _correspondence(
    session: Any, item: Application, actor: Actor
) -> tuple[str, dict[str, Any]] | None:
    """Every line, the newest first, and what may be noted now."""
    lines = [_line(row) for row in list_exchanges(session, item.id)]
    buttons = _buttons(session, item) if actor.may("write", "CimerExchange") else []
    return "applications/card_cimer.html", {
        "lines": lines,
        "buttons": buttons,
        "state": item.external_state,
        "resent": item.resend_count,
        "reference": item.external_ref or "",
        "answer_url": url_for("CimerStepView.answer", pk=item.id),
        "entered": item.external_answered_at is not None,
    }


def _line(row: CimerExchange) -> dict[str, Any]:
    lang = formats.language()
    parts = []
    if row.reason is not None:
        parts.append(formats.translated(rules.RESEND_REASON_LABELS[row.reason]))
    if row.until_on is not None:
        parts.append(str(_("until %(day)s", day=format_date(row.until_on, lang=lang))))
    if row.reference:
        parts.append(row.reference)
    who = str(row.actor) if row.actor is not None else _("System")
    return {
        "kind": Cell(
            "badge",
            formats.translated(rules.EXCHANGE_KIND_LABELS[row.kind]),
            tone=rules.EXCHANGE_KIND_TONES[row.kind],
        ),
        "at": format_datetime(row.at, lang=lang),
        "who": who,
        "facts": " · ".join(parts),
        "text": excerpt(row.text, _SHOWN_TEXT),
    }


def _buttons(session: Any, item: Application) -> list[Button]:
    def link(label: str, method: str, icon: str = "") -> Button:
        return Button(label, url_for(f"CimerStepView.{method}", pk=item.id), icon)

    buttons = [
        link(_("Sent again"), "resend", "refresh"),
        link(_("Additional text"), "text", "plus"),
        link(_("State at CİMER"), "state"),
        link(_("Sent elsewhere by CİMER"), "transfer"),
    ]
    if item.state in rules.OPEN_STATES:
        last = last_extension(session, item)
        waits = last is not None and last.kind is rules.ExchangeKind.EXTENSION_ASKED
        buttons.append(
            link(_("Answer about more time"), "decide", "clock")
            if waits
            else link(_("Ask for more time"), "ask", "clock")
        )
    return buttons


def _times(session: Any, item: Application, actor: Actor) -> tuple[str, dict[str, Any]] | None:
    """Both dates and both last days; after a re-send the present period is the one of the page."""
    external = item.external_received_at
    external_on = clock.to_local(external).date() if external is not None else None
    try:
        both = count_both(
            session, kind=item.kind, channel=item.channel, received_on=item.received_on,
            external_on=external_on, is_extended=item.is_extended,
        )  # fmt: skip
    except RuleViolation:
        return None
    lang = formats.language()
    return "applications/card_cimer_time.html", {
        "clocks": clocks_context(both, lambda due_on: _due(item, due_on)),
        "dates": [
            (_("Date at CİMER"), format_date(external_on, lang=lang) if external_on else "–"),
            (_("Date at the municipality"), format_date(item.received_on, lang=lang)),
        ],
        "again": item.cycle > 1,
        "until": format_date(item.external_until_on, lang=lang) if item.external_until_on else "",
        "goal": format_date(item.goal_on, lang=lang) if item.goal_on else "",
        "law": _law(item),
    }


def _due(item: Application, due_on: dt.date | None) -> Cell:
    """One of both last days; an answer is in time by the one and perhaps late by the other."""
    answered = item.answered_at
    in_time = None
    if answered is not None and due_on is not None:
        in_time = clock.to_local(answered).date() <= due_on
    return due_word(item, due_on, in_time)


def _law(item: Application) -> str:
    if item.external_until_on is None:
        return ""
    if item.kind is rules.Kind.INFORMATION:
        return str(_("The legal period is extended by its own step alone (4982 art. 11)."))
    return str(_("The legal period stays: 3071 art. 7 knows no extension."))


#: In the order of the page.
CIMER_CARDS: tuple[Card, ...] = (
    Card("cimer", _l("Correspondence with CİMER"), _correspondence, shown=_is_shown),
    Card("cimer-time", _l("Both dates"), _times, shown=_is_shown, beside=True),
)
