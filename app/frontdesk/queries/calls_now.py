"""What the call screen asks: the live call of an operator, what waits, figures of this day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, defer, joinedload

from app.applications.models import Application
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.frontdesk.models import Call
from app.frontdesk.queries.calls_figures import count_by_hour, find_counts, started_between
from app.frontdesk.queries.calls_live import IS_LIVE
from app.frontdesk.rules.calls import CallPhase
from app.frontdesk.rules.calls_figures import Counts

_c = Call.__table__.c
#: Whoever is on the line comes before who rings, and both before what is still to be written.
_URGENCY = case(
    {CallPhase.TALKING: 0, CallPhase.HELD: 0, CallPhase.RINGING: 1},
    value=_c.phase,
    else_=2,
)
#: Weeks whose same weekday makes the usual number of calls.
USUAL_WEEKS = 4


@dataclass(frozen=True)
class Now:
    """The call in hand and its version, unfinished ones beside it, and the queue."""

    call_id: int | None
    version: int
    phase: str
    others: int
    waiting: int
    oldest: dt.datetime | None


def find_now(session: Session, actor: Actor) -> Now:
    """What the screen looks for every second: two statements over the few live rows."""
    mine = session.execute(
        select(_c.id, _c.version, _c.phase)
        .where(_c.operator_id == actor.user_id, IS_LIVE)
        .order_by(_URGENCY, _c.started_at.desc())
        .limit(20)
    ).all()
    waiting, oldest = session.execute(
        select(func.count(), func.min(Call.started_at))
        .select_from(Call)
        .where(IS_LIVE, Call.phase == CallPhase.RINGING, Call.operator_id.is_(None))
    ).one()
    first = mine[0] if mine else None
    return Now(
        first.id if first else None,
        first.version if first else 0,
        str(CallPhase(first.phase).value) if first else "",
        max(len(mine) - 1, 0),
        int(waiting or 0),
        oldest,
    )


def get_call(session: Session, pk: int) -> Call | None:
    """A call with its person, case and knowledge item, if the actor may see it."""
    return session.scalars(
        select(Call)
        .where(Call.id == pk)
        .options(
            joinedload(Call.citizen),
            joinedload(Call.application).load_only(
                Application.number, Application.subject, Application.is_restricted
            ),
            joinedload(Call.knowledge),
        )
    ).first()


def list_unfinished(session: Session, actor: Actor, but: int | None) -> list[Call]:
    """The actor's other calls that are not finished, the newest first."""
    stmt = (
        select(Call)
        .where(Call.operator_id == actor.user_id, IS_LIVE)
        .where(Call.id != (but or 0))
        .options(joinedload(Call.citizen), defer(Call.events))
        .order_by(Call.started_at.desc())
        .limit(5)
    )
    return list(session.scalars(stmt))


def list_waiting(session: Session) -> list[Call]:
    """Calls that ring for anybody, the longest first."""
    stmt = (
        select(Call)
        .where(IS_LIVE, Call.phase == CallPhase.RINGING, Call.operator_id.is_(None))
        .options(joinedload(Call.citizen), defer(Call.events))
        .order_by(Call.started_at)
        .limit(5)
    )
    return list(session.scalars(stmt))


def list_recent(session: Session, actor: Actor, limit: int = 8) -> list[Call]:
    """The actor's last finished calls."""
    stmt = (
        select(Call)
        .where(Call.operator_id == actor.user_id, Call.phase == CallPhase.CLOSED)
        .options(
            defer(Call.events),
            joinedload(Call.application).load_only(
                Application.number, Application.subject, Application.is_restricted
            ),
            joinedload(Call.knowledge),
        )
        .order_by(Call.started_at.desc(), Call.id.desc())
        .limit(limit)
    )
    return list(session.scalars(stmt))


def list_calls_of(session: Session, condition: Any, limit: int = 10) -> list[Call]:
    """Calls about a case or of a person, the newest first, for a card; never their numbers."""
    stmt = (
        select(Call)
        .where(condition)
        .options(
            defer(Call.events),
            defer(Call.number, raiseload=True),
            joinedload(Call.operator),
            joinedload(Call.application).load_only(
                Application.number, Application.subject, Application.is_restricted
            ),
        )
        .order_by(Call.started_at.desc(), Call.id.desc())
        .limit(limit)
    )
    return list(session.scalars(stmt))


def count_open_of(session: Session, actor: Actor) -> int:
    """How many of the actor's calls are not finished."""
    stmt = select(func.count()).where(_c.operator_id == actor.user_id, IS_LIVE)
    return int(session.scalar(stmt) or 0)


# --- the day ---------------------------------------------------------------------------------------------
def find_day(session: Session, today: dt.date) -> Counts:
    """The sums of a day for the whole centre: whoever sits at the telephone sees how it goes."""
    with acting_as(SYSTEM):
        return find_counts(session, started_between(today, today))


def find_since(session: Session, moment: dt.datetime) -> Counts:
    """The sums of the whole centre since a moment."""
    with acting_as(SYSTEM):
        return find_counts(session, lambda stmt: stmt.where(Call.started_at >= moment))


def list_hours(session: Session, today: dt.date) -> list[Mapping[str, Any]]:
    """hour, series (today, usual), count for the whole centre: this day and the mean of such days before.

    Of this day only the hours that have begun.
    """
    with acting_as(SYSTEM):
        now = count_by_hour(session, started_between(today, today))
        usual: dict[int, int] = {}
        days = [today - dt.timedelta(weeks=week) for week in range(1, USUAL_WEEKS + 1)]
        for day in days:
            for hour, n in count_by_hour(session, started_between(day, day)).items():
                usual[hour] = usual.get(hour, 0) + n
    rows: list[Mapping[str, Any]] = []
    begun = clock.to_local(clock.now()).hour if today == clock.today() else 23
    for hour in range(24):
        if hour <= begun:
            rows.append({"hour": hour, "series": "today", "count": now.get(hour, 0)})
        mean = round(usual.get(hour, 0) / USUAL_WEEKS)
        rows.append({"hour": hour, "series": "usual", "count": mean})
    return rows
