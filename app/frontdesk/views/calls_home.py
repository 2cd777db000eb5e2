"""Home page blocks of the call centre: the operator's day, the chief's centre."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.applications.views.home_parts import Block, Tile, bad, count
from app.core import clock
from app.core.acting import Actor
from app.core.views.page import Button
from app.frontdesk.models import Shift
from app.frontdesk.queries import calls_figures, calls_now, knowledge
from app.frontdesk.rules.shifts import ShiftState
from app.frontdesk.views.calls_cells import seconds_text
from app.frontdesk.views.calls_now_parts import percent
from app.frontdesk.views.shifts_duty import duty_of
from app.system.queries import get_number


def operator_home(session: Any, actor: Actor) -> Block:
    """My calls of today, the level of the centre, my open call, my shift and its notes: seven statements."""
    now, today = clock.now(), clock.today()
    own = calls_figures.find_counts(session, calls_figures.started_between(today, today))
    day = calls_now.find_day(session, today)
    hand = calls_now.find_now(session, actor)
    goal = get_number(session, "call_goal_percent")
    level = day.service_level
    opened = hand.others + (hand.call_id is not None)
    tiles = [
        Tile(
            _("My calls today"),
            count(own.answered),
            _("a call takes %(time)s", time=seconds_text(own.aht)),
            url_for("CallView.list", tab="today"),
        ),
        Tile(
            _("Without a result"),
            count(opened),
            _("open them and say what came of them"),
            url_for("CallNowView.now"),
            "bad" if opened > 1 else "",
        ),
        Tile(
            _("Service level of the centre"),
            percent(level),
            _("%(n)s calls today", n=count(day.offered)),
            url_for("CallNowView.now"),
            "bad" if level is not None and level < goal else "",
            percent(goal),
        ),
        Tile(
            _("Waiting callers"),
            count(hand.waiting),
            _("ring for anybody"),
            url_for("CallNowView.now"),
            bad(hand.waiting),
        ),
    ]
    return "frontdesk/home_calls.html", {
        "buttons": [Button(_("Call screen"), url_for("CallNowView.now"), "phone")],
        "title": _("Calls today"),
        "figures": tiles,
        "duty": duty_of(session, actor, now),
    }


def chief_home(session: Any, actor: Actor) -> Block:
    """The centre today, what is asked of the chief, notes of the shifts: seven statements."""
    now, today = clock.now(), clock.today()
    day = calls_figures.find_counts(session, calls_figures.started_between(today, today))
    hand = calls_now.find_now(session, actor)
    swaps = session.scalar(select(func.count(Shift.id)).where(Shift.state == ShiftState.SWAP_ASKED))
    due = knowledge.count_by_validity(session)
    stale = sum(row["count"] for row in due if row["validity"] != "current")
    goal = get_number(session, "call_goal_percent")
    level = day.service_level
    today_url = url_for("CallView.list", tab="today")
    tiles = [
        Tile(
            _("Service level today"),
            percent(level),
            _("%(n)s calls offered", n=count(day.offered)),
            url_for("CallChart.charts"),
            "bad" if level is not None and level < goal else "",
            percent(goal),
        ),
        Tile(
            _("Abandoned today"),
            percent(day.abandon_rate),
            _("%(n)s callers", n=count(day.abandoned)),
            url_for("CallView.list", tab="lost", started_from=today.isoformat()),
        ),
        Tile(
            _("A call takes"),
            seconds_text(day.aht),
            _("average wait %(time)s", time=seconds_text(day.asa)),
            today_url,
        ),
        Tile(
            _("Waiting callers"), count(hand.waiting), _("ring for anybody"), "", bad(hand.waiting)
        ),
        Tile(
            _("Swaps asked for"),
            count(int(swaps or 0)),
            _("waiting for your decision"),
            url_for("ShiftView.list", tab="swaps"),
        ),
        Tile(
            _("Knowledge to be looked at"),
            count(stale),
            _("review due or out of date"),
            url_for("KnowledgeItemView.list", tab="review"),
            bad(stale),
        ),
    ]
    return "frontdesk/home_calls.html", {
        "buttons": [],
        "title": _("Call centre today"),
        "figures": tiles,
        "duty": duty_of(session, actor, now),
    }


#: Role → block of the calls.
CALL_HOMES = {"operator": operator_home, "chief": chief_home}
