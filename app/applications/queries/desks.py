"""Work lists and the figures of home pages: what waits for whom. Row scope comes from the session."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, union_all
from sqlalchemy.orm import Session, defer, joinedload

from app.applications import rules
from app.applications.models import (
    Application,
    ApplicationEvent,
    ApprovalStep,
    Assignment,
    Reply,
)
from app.applications.queries.approvals import is_turn_anyhow
from app.applications.queries.figures import day_start
from app.applications.rules import OPEN_STATES, AssignmentState, Channel, ReplyState, State
from app.core import clock
from app.core.acting import Actor

_A = Application
_OPEN = sorted(OPEN_STATES)
_LIVE = sorted(rules.LIVE_ASSIGNMENTS)
#: Open cases in which the directorate, not a unit, has to act next.
_OFFICE = sorted(
    {
        State.REGISTERED,
        State.TRIAGE,
        State.RETURNED,
        State.REOPENED,
        State.UNIT_ANSWERED,
        State.REPLY_APPROVED,
    }
)


# --- conditions, also for the tabs of a list ----------------------------------------------------------
def is_open() -> ColumnElement[bool]:
    """Somebody still works on it."""
    return _A.state.in_(_OPEN)


def is_overdue(today: dt.date) -> ColumnElement[bool]:
    """Open, and its last legal day has passed."""
    return and_(is_open(), _A.due_on < today)


def is_due_within(today: dt.date, days: int = 7) -> ColumnElement[bool]:
    """Open, and its last legal day lies within so many days from today."""
    return and_(is_open(), _A.due_on.between(today, today + dt.timedelta(days=days)))


def is_on_desk_of(actor: Actor) -> ColumnElement[bool]:
    """Open, and followed by this person."""
    return and_(is_open(), _A.owner_id == actor.user_id)


def is_registered_by(actor: Actor) -> ColumnElement[bool]:
    """Registered by this person."""
    return _A.registered_by_id == actor.user_id


def waits_at_units(unit_ids: frozenset[int]) -> ColumnElement[bool]:
    """Open, and one of these units has not answered yet."""
    sent = Assignment.__table__.c
    theirs = select(sent.application_id).where(
        sent.unit_id.in_(sorted(unit_ids)), sent.state.in_(_LIVE)
    )
    return and_(is_open(), _A.id.in_(theirs))


def waits_for_approval(actor: Actor | None = None) -> ColumnElement[bool]:
    """A letter or an extension waits for approval; with an actor: for this person, also as a deputy."""
    letters, cases = Reply.__table__.c, _A.__table__.c
    asked = select(cases.id).where(cases.state == State.EXTENSION_REQUESTED)
    if actor is None:
        waiting = select(letters.application_id).where(letters.state == ReplyState.IN_APPROVAL)
    else:
        waiting = select(ApprovalStep.application_id).where(is_turn_anyhow(actor))
        if not actor.may("approve", "Application"):
            return _A.id.in_(waiting)
    # One short list of ids; an OR of the two would make PostgreSQL read every case.
    return _A.id.in_(union_all(waiting, asked))


def waits_in_office() -> ColumnElement[bool]:
    """The directorate has to act next."""
    return _A.state.in_(_OFFICE)


def is_promised() -> ColumnElement[bool]:
    """The applicant was told how far it is and waits for the result (3071 m.7)."""
    return and_(_A.progress_told_at.is_not(None), _A.answered_at.is_(None))


# --- lists --------------------------------------------------------------------------------------------
def list_cases(
    session: Session,
    condition: ColumnElement[bool],
    *,
    order: tuple[Any, ...] | None = None,
    limit: int = 10,
) -> list[Application]:
    """The first cases that keep a condition, the most urgent date first; one statement.

    Topic, unit and place are loaded with them; long columns are not.
    """
    stmt = (
        select(_A)
        .where(condition)
        .options(
            defer(_A.body, raiseload=True),
            defer(_A.due_trail, raiseload=True),
            defer(_A.search_text, raiseload=True),
            joinedload(_A.topic),
            joinedload(_A.lead_unit),
            joinedload(_A.district),
            joinedload(_A.neighbourhood),
        )
        .order_by(*(order or (_A.due_on.is_(None), _A.due_on, _A.id)))
        .limit(limit)
    )
    return list(session.scalars(stmt))


def list_own(session: Session, actor: Actor, *, limit: int = 10) -> list[Application]:
    """Open cases that a person of the directorate follows."""
    return list_cases(session, is_on_desk_of(actor), limit=limit)


def list_registered(session: Session, actor: Actor, *, limit: int = 10) -> list[Application]:
    """What somebody registered last, whatever became of it."""
    newest = (_A.received_at.desc(), _A.id.desc())
    return list_cases(session, is_registered_by(actor), order=newest, limit=limit)


def list_for_units(session: Session, actor: Actor, *, limit: int = 10) -> list[Application]:
    """Open cases that wait at the actor's unit or below it."""
    return list_cases(session, waits_at_units(actor.unit_ids), limit=limit)


def list_awaiting_approval(
    session: Session, actor: Actor | None = None, *, limit: int = 10
) -> list[Application]:
    """Cases with a letter or an extension that waits for approval; of the actor when one is given."""
    return list_cases(session, waits_for_approval(actor), limit=limit)


def list_overdue(session: Session, today: dt.date, *, limit: int = 10) -> list[Application]:
    """Open cases past their legal date, the latest first in line."""
    return list_cases(session, is_overdue(today), limit=limit)


def list_due_this_week(session: Session, today: dt.date, *, limit: int = 10) -> list[Application]:
    """Open cases whose legal date lies within seven days."""
    return list_cases(session, is_due_within(today), limit=limit)


def list_in_office(session: Session, *, limit: int = 10) -> list[Application]:
    """Cases in which the directorate has to act next."""
    return list_cases(session, waits_in_office(), limit=limit)


# --- counters -------------------------------------------------------------------------------------------
def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _counts(
    session: Session, columns: dict[str, ColumnElement[Any]], *where: Any
) -> dict[str, int]:
    stmt = select(*(column.label(name) for name, column in columns.items())).where(*where)
    return {name: int(n or 0) for name, n in session.execute(stmt).mappings().one().items()}


def count_for_home(
    session: Session, actor: Actor, *, today: dt.date | None = None
) -> dict[str, int]:
    """open, overdue, due_today, due_week, own, office, extension, cimer of open cases: one statement."""
    day = today or clock.today()
    week = day + dt.timedelta(days=7)
    columns: dict[str, ColumnElement[Any]] = {
        "open": func.count(_A.id),
        "overdue": _sum(_A.due_on < day),
        "due_today": _sum(_A.due_on == day),
        "due_week": _sum(_A.due_on.between(day, week)),
        "own": _sum(_A.owner_id == actor.user_id),
        "office": _sum(_A.state.in_(_OFFICE)),
        "extension": _sum(_A.state == State.EXTENSION_REQUESTED),
        "cimer": _sum(_A.channel == Channel.CIMER),
    }
    return _counts(session, columns, is_open())


def count_for_unit(
    session: Session, actor: Actor, *, today: dt.date | None = None
) -> dict[str, int]:
    """new, at_work, overdue, due_week of the live assignments of the actor's units: one statement."""
    day = today or clock.today()
    s = Assignment
    columns: dict[str, ColumnElement[Any]] = {
        "new": _sum(s.state == AssignmentState.SENT),
        "at_work": _sum(s.state == AssignmentState.ACCEPTED),
        "overdue": _sum(s.due_on < day),
        "due_week": _sum(s.due_on.between(day, day + dt.timedelta(days=7))),
    }
    return _counts(session, columns, s.unit_id.in_(sorted(actor.unit_ids)), s.state.in_(_LIVE))


def count_today(session: Session, actor: Actor, *, today: dt.date | None = None) -> dict[str, int]:
    """received, answered, own (registered by the actor) since midnight: two statements."""
    start = day_start(today or clock.today())
    columns: dict[str, ColumnElement[Any]] = {
        "received": func.count(_A.id),
        "own": _sum(_A.registered_by_id == actor.user_id),
    }
    counts = _counts(session, columns, _A.received_at >= start)
    # Counted by the steps, whose moment has an index; the moment of the answer has none.
    steps = ApplicationEvent
    answered = select(func.count(steps.id)).where(
        steps.at >= start, steps.to_state == State.ANSWERED
    )
    return {**counts, "answered": int(session.scalar(answered) or 0)}


def count_replies_waiting(session: Session) -> int:
    """Letters that wait for approval."""
    stmt = select(func.count(Reply.id)).where(Reply.state == ReplyState.IN_APPROVAL)
    return int(session.scalar(stmt) or 0)


def count_overdue(session: Session, today: dt.date) -> int:
    """Open cases past their legal date; every one must be visible (4982 m.29)."""
    stmt = select(func.count(_A.id)).where(is_overdue(today))
    return int(session.scalar(stmt) or 0)
