"""What the home pages read beyond the work lists: assignments of a unit, late cases by unit, days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, contains_eager, defer, joinedload

from app.applications.models import Application, ApplicationEvent, Assignment
from app.applications.queries.desks import (
    is_open,
    is_promised,
    waits_for_approval,
    waits_in_office,
)
from app.applications.queries.figures import answerable_units, day_start
from app.applications.queries.satisfaction_figures import counts_since
from app.applications.rules.vocabulary import AssignmentRole, AssignmentState, Channel, State
from app.core.acting import Actor
from app.organisation.models import Unit

_A = Application
_S = Assignment
#: What is sent for information only waits for nobody.
_ASKED = (AssignmentRole.LEAD, AssignmentRole.ACTION)
#: The unit still has to act.
_LIVE = (AssignmentState.SENT, AssignmentState.ACCEPTED)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(
        func.sum(case((condition, literal_column("1")), else_=literal_column("0"))), 0
    )


def _one(
    session: Session, columns: dict[str, ColumnElement[Any]], model: Any, *where: Any
) -> dict[str, int]:
    stmt = select(*(column.label(name) for name, column in columns.items())).select_from(model)
    return {k: int(v or 0) for k, v in session.execute(stmt.where(*where)).mappings().one().items()}


# --- a person of the directorate ------------------------------------------------------------------
def is_own(actor: Actor) -> ColumnElement[bool]:
    """Open, and followed or registered by this person."""
    return and_(is_open(), or_(_A.owner_id == actor.user_id, _A.registered_by_id == actor.user_id))


def count_own(session: Session, actor: Actor, today: dt.date) -> dict[str, int]:
    """Open, overdue, due_today, due_week, info (waiting for more information) of own open cases."""
    columns: dict[str, ColumnElement[Any]] = {
        "open": func.count(_A.id),
        "overdue": _sum(_A.due_on < today),
        "due_today": _sum(_A.due_on == today),
        "due_week": _sum(_A.due_on.between(today, today + dt.timedelta(days=7))),
        "info": _sum(_A.state == State.INFO_REQUESTED),
    }
    return _one(session, columns, _A, is_own(actor))


# --- a unit -----------------------------------------------------------------------------------------
def list_assignments_of(
    session: Session,
    unit_ids: frozenset[int],
    wanted: Mapping[str, tuple[ColumnElement[bool], int]],
) -> dict[str, list[Assignment]]:
    """For each name of `wanted` live assignments to these units that keep its condition, with their cases.

    At most so many as stand beside the condition, the nearest date first. They are found by key first,
    so that the cases, people and places of all the others are not read: two statements in all.
    """
    order = (_S.due_on.is_(None), _S.due_on, _S.id)
    live = (
        select(
            _S.id,
            *(condition.label(f"is_{name}") for name, (condition, _n) in wanted.items()),
            *(
                func.row_number()
                .over(partition_by=condition, order_by=order)
                .label(f"place_{name}")
                for name, (condition, _n) in wanted.items()
            ),
        )
        .join(_S.application)
        .where(
            _S.unit_id.in_(sorted(unit_ids)), _S.role.in_(_ASKED), _S.state.in_(_LIVE), is_open()
        )
        .subquery()
    )
    kept = {
        name: and_(live.c[f"is_{name}"], live.c[f"place_{name}"] <= limit)
        for name, (_condition, limit) in wanted.items()
    }
    columns = (condition.label(name) for name, condition in kept.items())
    found = session.execute(select(live.c.id, *columns).where(or_(*kept.values()))).mappings().all()
    if not found:
        return {name: [] for name in wanted}
    stmt = (
        select(_S)
        .join(_S.application)
        .where(_S.id.in_([row["id"] for row in found]))
        .options(
            contains_eager(_S.application).options(
                defer(_A.body, raiseload=True),
                defer(_A.due_trail, raiseload=True),
                defer(_A.search_text, raiseload=True),
                joinedload(_A.citizen),
                joinedload(_A.topic),
                joinedload(_A.district),
                joinedload(_A.neighbourhood),
            ),
            joinedload(_S.responsible),
        )
        .order_by(*order)
    )
    rows = session.scalars(stmt).all()
    of_name = {name: {row["id"] for row in found if row[name]} for name in wanted}
    return {name: [row for row in rows if row.id in of_name[name]] for name in wanted}


def count_unit_work(session: Session, unit_ids: frozenset[int], today: dt.date) -> dict[str, int]:
    """New, work, late, soon (today and tomorrow), today, info, scheduled, returned (this month).

    What was sent for information only is not counted.
    """
    month = day_start(today.replace(day=1))
    sent, accepted = _S.state == AssignmentState.SENT, _S.state == AssignmentState.ACCEPTED
    live = and_(or_(sent, accepted), is_open())
    columns: dict[str, ColumnElement[Any]] = {
        "new": _sum(and_(live, sent)),
        "work": _sum(and_(live, accepted)),
        "late": _sum(and_(live, _S.due_on < today)),
        "soon": _sum(and_(live, _S.due_on.between(today, today + dt.timedelta(days=1)))),
        "today": _sum(and_(live, _S.due_on == today)),
        "info": _sum(and_(live, _A.state == State.INFO_REQUESTED)),
        "scheduled": _sum(and_(live, _A.state == State.SCHEDULED)),
        "returned": _sum(and_(_S.state == AssignmentState.RETURNED, _S.returned_at >= month)),
    }
    stmt = (
        select(*(column.label(name) for name, column in columns.items()))
        .select_from(_S)
        .join(_S.application)
        .where(
            _S.unit_id.in_(sorted(unit_ids)),
            _S.role.in_(_ASKED),
            # The states first, which the index of a unit knows: most of its rows are answered.
            _S.state.in_((*_LIVE, AssignmentState.RETURNED)),
            or_(_S.state.in_(_LIVE), _S.returned_at >= month),
        )
    )
    return {k: int(v or 0) for k, v in session.execute(stmt).mappings().one().items()}


# --- those who answer for the whole ------------------------------------------------------------------
def list_late_units(session: Session, today: dt.date, *, limit: int = 8) -> list[dict[str, Any]]:
    """Rows of unit_id, unit, late, open, oldest (the earliest legal date), the most late first.

    Cases that lie with no unit yet are one row whose unit is None.
    """
    tops = answerable_units()
    late = _sum(_A.due_on < today)
    stmt = (
        select(
            tops.c.top_id.label("unit_id"),
            late.label("late"),
            func.count(_A.id).label("open"),
            func.min(_A.due_on).label("oldest"),
        )
        .select_from(_A)
        .outerjoin(tops, tops.c.unit_id == _A.lead_unit_id)
        .where(is_open())
        .group_by(tops.c.top_id)
        .having(late > literal_column("0"))
        .order_by(late.desc(), func.min(_A.due_on))
        .limit(limit)
    ).subquery()
    named = (
        select(stmt.c.unit_id, Unit.short_name, Unit.name, stmt.c.late, stmt.c.open, stmt.c.oldest)
        .outerjoin(Unit, Unit.id == stmt.c.unit_id)
        .order_by(stmt.c.late.desc(), stmt.c.oldest)
    )
    return [
        {"unit_id": pk, "unit": name or short, "late": int(n), "open": m, "oldest": oldest}
        for pk, short, name, n, m, oldest in session.execute(named)
    ]


def count_due_days(
    session: Session, today: dt.date, days: int = 7
) -> dict[dt.date, tuple[int, int]]:
    """Day → open cases that fall due on it, and how many lead units they lie with."""
    stmt = (
        select(_A.due_on, func.count(_A.id), func.count(func.distinct(_A.lead_unit_id)))
        .where(is_open(), _A.due_on.between(today, today + dt.timedelta(days=days - 1)))
        .group_by(_A.due_on)
    )
    return {on: (n, units) for on, n, units in session.execute(stmt) if on is not None}


def count_head(session: Session, today: dt.date, actor: Actor) -> dict[str, int]:
    """Open, overdue, due_today, due_week, office, extension, approval, promised, received, answered, valid, satisfied.

    Two statements. `approval` counts what waits for the actor, also as a deputy; received and answered
    count since midnight, answers by their steps, whose moment is indexed; the last two count what
    applicants said this month.
    """
    start = day_start(today)
    columns: dict[str, ColumnElement[Any]] = {
        "open": func.count(_A.id),
        "overdue": _sum(_A.due_on < today),
        "due_today": _sum(_A.due_on == today),
        "due_week": _sum(_A.due_on.between(today, today + dt.timedelta(days=7))),
        "office": _sum(waits_in_office()),
        "extension": _sum(_A.state == State.EXTENSION_REQUESTED),
        "approval": _sum(waits_for_approval(actor)),
        "promised": _sum(is_promised()),
    }
    stmt = select(*(column.label(name) for name, column in columns.items())).where(is_open())
    return {k: int(v or 0) for k, v in session.execute(stmt).mappings().one().items()} | _today(
        session, start
    )


def _today(session: Session, start: dt.datetime) -> dict[str, int]:
    """Received and answered since midnight, satisfaction since the first, from one statement of counts."""
    received: Any = select(
        literal_column("'received'").label("step"), func.count(_A.id).label("n")
    ).where(_A.received_at >= start)
    answered: Any = select(literal_column("'answered'"), func.count(ApplicationEvent.id)).where(
        ApplicationEvent.at >= start, ApplicationEvent.to_state == State.ANSWERED
    )
    said = counts_since(start.replace(day=1))
    return {step: int(n) for step, n in session.execute(union_all(received, answered, *said))}


# --- CİMER ------------------------------------------------------------------------------------------
def of_cimer(stmt: Any) -> Any:
    """Narrow to what was received through CİMER."""
    return stmt.where(_A.channel == Channel.CIMER)


def is_open_cimer() -> ColumnElement[bool]:
    """Open, and received through CİMER."""
    return and_(is_open(), _A.channel == Channel.CIMER)


def count_cimer(session: Session, today: dt.date) -> dict[str, int]:
    """Open, overdue, due_today, due_week, restricted, answered (by the unit) of open CİMER cases."""
    columns: dict[str, ColumnElement[Any]] = {
        "open": func.count(_A.id),
        "overdue": _sum(_A.due_on < today),
        "due_today": _sum(_A.due_on == today),
        "due_week": _sum(_A.due_on.between(today, today + dt.timedelta(days=7))),
        "restricted": _sum(_A.is_restricted.is_(True)),
        "answered": _sum(_A.state == State.UNIT_ANSWERED),
    }
    return _one(session, columns, _A, is_open_cimer())


def is_answered_cimer() -> ColumnElement[bool]:
    """A CİMER case whose unit has answered."""
    return and_(_A.channel == Channel.CIMER, _A.state == State.UNIT_ANSWERED)
