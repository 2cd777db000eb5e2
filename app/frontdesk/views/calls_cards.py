"""Cards with calls on the pages of applications and citizens; a card never shows a number."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.core.acting import Actor
from app.core.rooms import Card
from app.core.views import formats
from app.frontdesk.models import Call
from app.frontdesk.queries.calls_now import list_calls_of
from app.frontdesk.rules.calls import DIRECTION_LABELS
from app.frontdesk.views.calls_cells import result_cell, seconds_text

_SHOWN = 10


def _rows(calls: list[Call]) -> list[dict[str, Any]]:
    return [
        {
            "at": formats.plain(call.started_at).text,
            "url": url_for("CallView.show", pk=call.id),
            "direction": formats.translated(DIRECTION_LABELS[call.direction]),
            "operator": str(call.operator or "–"),
            "talk": seconds_text(call.talk_seconds),
            "result": result_cell(None, call),
            "case": call.application.number if call.application is not None else "",
        }
        for call in calls
    ]


def _of_application(session: Any, item: Any, actor: Actor) -> tuple[str, dict[str, Any]] | None:
    """Calls about a case; no card where there was none."""
    calls = list_calls_of(session, Call.application_id == item.id, _SHOWN)
    if not calls:
        return None
    url = url_for("CallView.list", tab="all", application=item.id)
    return "frontdesk/card_calls.html", {"calls": _rows(calls), "all_url": url, "with_case": False}


def _of_citizen(session: Any, item: Any, actor: Actor) -> tuple[str, dict[str, Any]] | None:
    """Calls of a person; no card where there was none."""
    calls = list_calls_of(session, Call.citizen_id == item.id, _SHOWN)
    if not calls:
        return None
    url = url_for("CallView.list", tab="all", citizen=item.id)
    return "frontdesk/card_calls.html", {"calls": _rows(calls), "all_url": url, "with_case": True}


def _reads_calls(item: Any, actor: Actor) -> bool:
    return actor.may("read", "Call")


#: Class name → cards.
CALL_CARDS = {
    "Application": (Card("calls", _l("Calls"), _of_application, shown=_reads_calls),),
    "Citizen": (Card("calls", _l("Calls"), _of_citizen, shown=_reads_calls),),
}
