"""Reads of the Solution Desk: the queue of a day, what the display shows, grouped figures.

The queue is one for everybody at the desk, so its counts are read as the house; what belongs to an
application is read in the actor's own sight.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal_column, select
from sqlalchemy.orm import Session, joinedload

from app.applications.models import Application
from app.applications.queries.figures import Narrow, everything
from app.applications.queries.moments import days_between, local_day, local_hour, local_weekday
from app.applications.queries.scopes import seen_through_application
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.scope import ScopeRule
from app.frontdesk.models import DeskTicket
from app.frontdesk.queries.visits import count_if
from app.frontdesk.rules import desk as rules
from app.frontdesk.rules.desk import LIVE_TICKETS, LOST_TICKETS, TicketState
from app.organisation.models import StaffUser
from app.system.queries import get_number

_T = DeskTicket
_MINUTES: ColumnElement[float] = literal_column("1440")
#: Without any conversation yet, one is taken to last so long.
USUAL_MINUTES = 8.0
#: The usual length of a conversation is that of the last days.
_LOOK_BACK = dt.timedelta(days=30)


# --- row scope ---------------------------------------------------------------------------------------
def visible_tickets(actor: Actor) -> ColumnElement[bool] | None:
    """A ticket that led to an application is seen where its application is seen."""
    return seen_through_application(_T.application_id, actor)


SCOPES: dict[type, ScopeRule] = {DeskTicket: visible_tickets}


# --- settings ----------------------------------------------------------------------------------------
def count_counters(session: Session) -> int:
    """How many counters the desk has."""
    return get_number(session, "desk_counters")


def find_head_start(session: Session) -> dt.timedelta:
    """By how much a priority group goes ahead."""
    return dt.timedelta(minutes=get_number(session, "desk_priority_minutes"))


# --- the queue of a day --------------------------------------------------------------------------------
def get_ticket(session: Session, pk: int | None) -> DeskTicket | None:
    """A ticket by its key, if the actor may see it."""
    return session.scalars(select(_T).where(_T.id == pk)).first() if pk else None


def find_by_request_key(session: Session, request_key: str) -> DeskTicket | None:
    """The ticket that this form has made already."""
    with acting_as(SYSTEM):
        return session.scalars(select(_T).where(_T.request_key == request_key)).first()


def find_ticket_of_visit(session: Session, visit_id: int) -> DeskTicket | None:
    """The ticket that was taken with a visit."""
    with acting_as(SYSTEM):
        return session.scalars(select(_T).where(_T.visit_id == visit_id)).first()


def list_live(session: Session, day: dt.date) -> list[DeskTicket]:
    """Tickets of a day that wait, are called or are at a counter; one statement.

    A live ticket has no application yet that would not be the desk's own business.
    """
    with acting_as(SYSTEM):
        stmt = (
            select(_T)
            .where(_T.on == day, _T.state.in_(sorted(LIVE_TICKETS)))
            .options(joinedload(_T.officer))
            .order_by(_T.arrived_at, _T.number)
        )
        return list(session.scalars(stmt))


def in_order(tickets: Sequence[DeskTicket], head_start: dt.timedelta) -> list[DeskTicket]:
    """The waiting ones of these tickets, in the order in which they are called."""
    waiting = {t.number: t for t in tickets if t.state is TicketState.WAITING}
    ordered = rules.order_queue(
        (rules.Waiting(t.number, t.arrived_at, t.priority_group) for t in waiting.values()),
        head_start=head_start,
    )
    return [waiting[one.number] for one in ordered]


def list_recent(session: Session, day: dt.date, *, limit: int = 10) -> Sequence[DeskTicket]:
    """Tickets of a day that are over, the newest first, as far as the actor may see them."""
    stmt = (
        select(_T)
        .where(_T.on == day, _T.state.not_in(sorted(LIVE_TICKETS)))
        .options(
            joinedload(_T.officer),
            joinedload(_T.application).load_only(
                Application.number, Application.subject, Application.is_restricted
            ),
        )
        .order_by(_T.ended_at.desc(), _T.id.desc())
        .limit(limit)
    )
    return session.scalars(stmt).all()


def find_last_counter(session: Session, user_id: int | None, day: dt.date) -> int | None:
    """The counter at which somebody sat last on this day."""
    if user_id is None:
        return None
    with acting_as(SYSTEM):
        stmt = select(_T.counter).where(
            _T.officer_id == user_id, _T.on == day, _T.counter.is_not(None)
        )
        return session.scalar(stmt.order_by(_T.called_at.desc(), _T.id.desc()).limit(1))


def minutes_waited() -> ColumnElement[float]:
    """Minutes from taking the ticket to the beginning of the conversation, inside SQL."""
    return days_between(_T.arrived_at, _T.started_at) * _MINUTES


def minutes_served() -> ColumnElement[float]:
    """Minutes of the conversation, inside SQL."""
    return days_between(_T.started_at, _T.ended_at) * _MINUTES


def find_service_minutes(session: Session, now: dt.datetime) -> float:
    """How long a conversation usually lasts: the mean of the last thirty days."""
    with acting_as(SYSTEM):
        stmt = select(func.avg(minutes_served())).where(
            _T.started_at >= now - _LOOK_BACK, _T.ended_at.is_not(None)
        )
        return float(session.scalar(stmt) or USUAL_MINUTES)


def find_queue(session: Session, now: dt.datetime) -> dict[str, int]:
    """waiting, minutes: how many wait now, and about how long somebody who comes now would wait."""
    live = list_live(session, clock.to_local(now).date())
    waiting = sum(ticket.state is TicketState.WAITING for ticket in live)
    open_counters = {t.counter for t in live if t.state is TicketState.SERVING}
    minutes = rules.minutes_to_wait(
        waiting, service_minutes=find_service_minutes(session, now), counters=len(open_counters)
    )
    return {"waiting": waiting, "minutes": minutes}


def count_day(session: Session, day: dt.date) -> dict[str, Any]:
    """taken, waiting, called, serving, done, lost, waited and served (mean minutes or None)."""
    with acting_as(SYSTEM):
        stmt = select(
            func.count(_T.id).label("taken"),
            count_if(_T.state == TicketState.WAITING).label("waiting"),
            count_if(_T.state == TicketState.CALLED).label("called"),
            count_if(_T.state == TicketState.SERVING).label("serving"),
            count_if(_T.state == TicketState.DONE).label("done"),
            count_if(_T.state.in_(sorted(LOST_TICKETS))).label("lost"),
            func.avg(minutes_waited()).label("waited"),
            func.avg(minutes_served()).label("served"),
        ).where(_T.on == day, _T.state != TicketState.CANCELLED)
        row = dict(session.execute(stmt).mappings().one())
    means = {key: row.pop(key) for key in ("waited", "served")}
    return {
        **{key: int(value or 0) for key, value in row.items()},
        **{key: None if value is None else round(float(value)) for key, value in means.items()},
    }


# --- grouped figures -------------------------------------------------------------------------------------
def _rows(session: Session, stmt: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(stmt).mappings()]


def count_by_weekday_and_hour(
    session: Session, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Weekday (1 Monday to 7 Sunday), hour (0–23), count of tickets."""
    day, hour = local_weekday(_T.arrived_at), local_hour(_T.arrived_at)
    stmt = select(day.label("weekday"), hour.label("hour"), func.count().label("count"))
    return _rows(session, narrow(stmt.select_from(_T)).group_by(day, hour))


def count_by_matter_and_result(
    session: Session, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Matter, result, count of tickets that are done."""
    stmt = select(
        _T.matter.label("matter"), _T.result.label("result"), func.count().label("count")
    ).where(_T.result.is_not(None))
    return _rows(session, narrow(stmt).group_by(_T.matter, _T.result))


def count_by_state(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """State, count."""
    stmt = select(_T.state.label("state"), func.count().label("count")).select_from(_T)
    return _rows(session, narrow(stmt).group_by(_T.state))


def list_counters(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Counter, done, waited and served (mean minutes) of what was begun there."""
    stmt = (
        select(
            _T.counter.label("counter"),
            func.count().label("done"),
            func.avg(minutes_waited()).label("waited"),
            func.avg(minutes_served()).label("served"),
        )
        .where(_T.counter.is_not(None), _T.started_at.is_not(None))
        .group_by(_T.counter)
        .order_by(_T.counter)
    )
    return [
        {
            "counter": row["counter"],
            "done": int(row["done"]),
            "waited": round(float(row["waited"] or 0), 1),
            "served": round(float(row["served"] or 0), 1),
        }
        for row in _rows(session, narrow(stmt))
    ]


def list_officers(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """officer_id, officer, count of tickets done, the most first."""
    inner = narrow(
        select(_T.officer_id.label("pk"), func.count().label("count"))
        .select_from(_T)
        .where(_T.state == TicketState.DONE, _T.officer_id.is_not(None))
    ).group_by(_T.officer_id)
    counted = inner.subquery()
    stmt = select(
        counted.c.pk, StaffUser.first_name, StaffUser.last_name, counted.c.count
    ).join_from(counted, StaffUser, StaffUser.id == counted.c.pk)
    return [
        {"officer_id": pk, "officer": f"{first} {last}", "count": int(n)}
        for pk, first, last, n in session.execute(stmt.order_by(counted.c.count.desc()))
    ]


def list_days(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Day, part (waited, served), minutes: the means of each day, for a line of two."""
    day = local_day(_T.arrived_at)
    stmt = select(
        day.label("day"),
        func.avg(minutes_waited()).label("waited"),
        func.avg(minutes_served()).label("served"),
    ).where(_T.started_at.is_not(None))
    return [
        {"day": row["day"], "part": part, "minutes": round(float(row[part]), 1)}
        for row in _rows(session, narrow(stmt).group_by(day).order_by(day))
        for part in ("waited", "served")
        if row[part] is not None
    ]


def list_losses(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Hour, rate (percent) of tickets whose visitor went unserved, count of all tickets."""
    hour = local_hour(_T.arrived_at)
    lost = case(
        (_T.state.in_(sorted(LOST_TICKETS)), literal_column("1")), else_=literal_column("0")
    )
    stmt = select(
        hour.label("hour"), func.count().label("count"), func.sum(lost).label("lost")
    ).where(_T.state != TicketState.CANCELLED)
    return [
        {
            "hour": int(row["hour"]),
            "count": int(row["count"]),
            "rate": round(100 * int(row["lost"] or 0) / int(row["count"]), 1),
        }
        for row in _rows(session, narrow(stmt).group_by(hour).order_by(hour))
    ]
