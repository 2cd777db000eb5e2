"""What feedback adds to home pages: satisfaction of the month, and whom to call back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.applications import rules
from app.applications.models import CallBack
from app.applications.queries.satisfaction_figures import smallest_group
from app.applications.queries.surveys import count_callable, list_callable
from app.applications.views.home_parts import Tile, count, percent
from app.core.acting import Actor
from app.core.views import formats

_SHOWN = 6


def satisfaction_tiles(session: Any, actor: Actor, counted: Mapping[str, int]) -> list[Tile]:
    """The share of satisfied answers of this month; hidden while there are too few to hide behind."""
    if not actor.may("read", "Satisfaction"):
        return []
    valid, least = counted["valid"], smallest_group(session)
    enough = valid >= least
    rate = rules.satisfaction_rate(counted["satisfied"], valid) if enough else None
    hint = _("%(n)s answers", n=count(valid)) if enough else _("fewer than %(n)s answers", n=least)
    return [
        Tile(
            _("Satisfied, this month"),
            percent(rate) if enough else str(_("hidden")) if valid else percent(None),
            str(hint),
            url_for("SatisfactionChart.charts"),
            of=percent(rules.SATISFACTION_GOAL),
        )
    ]


def call_back_card(session: Any, actor: Actor, today: dt.date) -> dict[str, Any]:
    """Calls that are due, for those who call: calls, calls_count, calls_url; two statements at most."""
    if not actor.may("write", "CallBack"):
        return {}
    due = list_callable(session, today, limit=_SHOWN)
    number = len(due) if len(due) < _SHOWN else count_callable(session, today)
    return {
        "calls": [_row(call) for call in due],
        "calls_count": count(number),
        "calls_url": url_for("CallBackView.list", tab="due"),
    }


def _row(call: CallBack) -> tuple[str, str, str, Any]:
    """A call in a work list: what it is about, the case and its unit, how often it was tried."""
    case, unit = call.application, call.unit
    parts = [case.number if case is not None else "", unit.short_name or unit.name if unit else ""]
    tried = _("%(n)s tries", n=call.tries) if call.tries else ""
    state = formats.labelled(rules.CALL_STATE_LABELS, rules.CALL_STATE_TONES)
    return (
        case.subject if case is not None else str(call.topic or ""),
        " · ".join(str(p) for p in (*parts, tried) if p),
        url_for("CallBackView.show", pk=call.id),
        state(call.state, call),
    )
