"""Grouped figures of calls for charts, reports and home pages; SQL groups, Python only names the columns.

Each function takes `narrow`, which adds the conditions of a page or a period to a statement over
Call. Row scope comes from the session: an operator counts the own calls. Source: domain facts 8.5.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, func, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.applications.queries.figures import day_start
from app.applications.queries.moments import local_day, local_hour, local_month, local_weekday
from app.frontdesk.models import Call
from app.frontdesk.rules.calls import NO_MATTER, CallDirection, CallResult
from app.frontdesk.rules.calls_figures import Counts
from app.organisation.models import StaffUser
from app.system.queries import get_number

#: Adds conditions to a statement, whatever its columns are.
Narrow = Callable[[Any], Any]

_C = Call


class local_half_hour(FunctionElement[int]):  # noqa: N801  # Named as SQL functions are.
    """Half hour of the day: 0 for 00.00 to 47 for 23.30, on the Istanbul clock."""

    type = Integer()
    name = "local_half_hour"
    inherit_cache = True


@compiles(local_half_hour)
def _half_hour(element: local_half_hour, compiler: SQLCompiler, **kw: Any) -> str:
    column = compiler.process(next(iter(element.clauses)), **kw)
    zone = f"{column} AT TIME ZONE 'Europe/Istanbul'"
    return (
        f"CAST(extract(hour FROM {zone}) * 2 + floor(extract(minute FROM {zone}) / 30) AS integer)"
    )


@compiles(local_half_hour, "sqlite")
def _half_hour_sqlite(element: local_half_hour, compiler: SQLCompiler, **kw: Any) -> str:
    column = compiler.process(next(iter(element.clauses)), **kw)
    hour, minute = (
        f"CAST(strftime('{part}', {column}, '+3 hours') AS integer)" for part in ("%H", "%M")
    )
    return f"({hour} * 2 + {minute} / 30)"


def everything(stmt: Any) -> Any:
    """Narrow nothing."""
    return stmt


def started_between(first: dt.date, last: dt.date) -> Narrow:
    """Narrow to calls that began from `first` to `last`, both included."""

    def narrow(stmt: Any) -> Any:
        after = day_start(last + dt.timedelta(days=1))
        return stmt.where(_C.started_at >= day_start(first), _C.started_at < after)

    return narrow


# --- what is counted -----------------------------------------------------------------------------------
def is_answered() -> ColumnElement[bool]:
    """Somebody spoke to the caller."""
    return and_(_C.direction == CallDirection.IN, _C.answered_at.is_not(None))


def is_abandoned() -> ColumnElement[bool]:
    """The caller gave up in the queue."""
    return and_(_C.direction == CallDirection.IN, _C.result == CallResult.ABANDONED)


def is_offered() -> ColumnElement[bool]:
    """It reached the queue; a busy line did not, and what rings now is not decided."""
    return and_(
        _C.direction == CallDirection.IN,
        or_(_C.answered_at.is_not(None), _C.result == CallResult.ABANDONED),
    )


def sums(session: Session) -> list[ColumnElement[Any]]:
    """The columns of `Counts`, in the order of its fields, with threshold and limit as they are set."""
    within = get_number(session, "call_answer_seconds")
    short = get_number(session, "call_short_abandon_seconds")
    answered = is_answered()
    judged = and_(
        answered,
        _C.first_contact.is_not(None),
        or_(_C.result.is_(None), _C.result.not_in(sorted(NO_MATTER))),
    )

    def total(column: Any) -> ColumnElement[Any]:
        return func.coalesce(func.sum(column).filter(answered), 0)

    return [
        func.count().filter(is_offered()).label("offered"),
        func.count().filter(answered).label("answered"),
        func.count().filter(answered, _C.wait_seconds <= within).label("within"),
        func.count().filter(is_abandoned(), _C.wait_seconds < short).label("short"),
        total(_C.wait_seconds).label("wait"),
        total(_C.talk_seconds).label("talk"),
        total(_C.hold_seconds).label("hold"),
        total(_C.wrap_seconds).label("wrap"),
        func.count().filter(judged).label("judged"),
        func.count().filter(judged, _C.first_contact.is_(True)).label("settled"),
        func.count().filter(answered, _C.result == CallResult.CASE_OPENED).label("opened"),
    ]


def _counts(row: Any) -> Counts:
    return Counts(*(int(value or 0) for value in row))


def _grouped(
    session: Session, keys: list[Any], narrow: Narrow
) -> list[tuple[tuple[Any, ...], Counts]]:
    stmt = narrow(select(*keys, *sums(session)).select_from(_C)).group_by(*keys).order_by(*keys)
    return [(tuple(row[: len(keys)]), _counts(row[len(keys) :])) for row in session.execute(stmt)]


# --- figures ---------------------------------------------------------------------------------------------
def find_counts(session: Session, narrow: Narrow = everything) -> Counts:
    """All sums in one statement."""
    return _counts(session.execute(narrow(select(*sums(session)).select_from(_C))).one())


def list_days(session: Session, narrow: Narrow = everything) -> list[tuple[dt.date, Counts]]:
    """Each day with its sums, in order."""
    return [
        (key, counts) for (key,), counts in _grouped(session, [local_day(_C.started_at)], narrow)
    ]


def list_months(session: Session, narrow: Narrow = everything) -> list[tuple[dt.date, Counts]]:
    """Each month (its first day) with its sums, in order."""
    return [
        (key, counts) for (key,), counts in _grouped(session, [local_month(_C.started_at)], narrow)
    ]


def list_half_hours(session: Session, narrow: Narrow = everything) -> list[tuple[int, Counts]]:
    """Each half hour of the day (0–47) with its sums over all days, in order."""
    return [
        (key, counts)
        for (key,), counts in _grouped(session, [local_half_hour(_C.started_at)], narrow)
    ]


def list_operators(session: Session, narrow: Narrow = everything) -> list[tuple[int, str, Counts]]:
    """(operator, name, sums) of whoever answered a call, the busiest first."""
    found = [(key, counts) for (key,), counts in _grouped(session, [_C.operator_id], narrow) if key]
    users = StaffUser.__table__.c
    rows = session.execute(
        select(users.id, users.first_name, users.last_name).where(
            users.id.in_([key for key, _counts in found])
        )
    )
    names = {pk: f"{first} {last}" for pk, first, last in rows}
    ranked = sorted(found, key=lambda pair: -pair[1].answered)
    return [(key, names.get(key, f"#{key}"), counts) for key, counts in ranked]


def count_by_weekday_and_hour(
    session: Session, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Weekday (1 Monday to 7 Sunday), hour (0–23), count of calls that reached the queue."""
    day, hour = local_weekday(_C.started_at), local_hour(_C.started_at)
    stmt = select(day.label("weekday"), hour.label("hour"), func.count().label("count"))
    stmt = narrow(stmt.select_from(_C).where(is_offered())).group_by(day, hour)
    return [dict(row) for row in session.execute(stmt).mappings()]


def count_by_hour(session: Session, narrow: Narrow = everything) -> dict[int, int]:
    """Hour of the day → calls that reached the queue."""
    hour = local_hour(_C.started_at)
    stmt = narrow(select(hour, func.count()).select_from(_C).where(is_offered())).group_by(hour)
    return {int(at): int(n) for at, n in session.execute(stmt)}


def count_by(
    session: Session, column: Any, key: str, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """`key`, count: how many calls have each value of a column of Call."""
    stmt = narrow(select(column.label(key), func.count().label("count")).select_from(_C))
    return [dict(row) for row in session.execute(stmt.group_by(column)).mappings()]
