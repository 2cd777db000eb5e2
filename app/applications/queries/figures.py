"""Grouped figures of applications for charts and reports; SQL groups, Python only names the columns.

Each function takes `narrow`, which adds the conditions of a page or a period to a statement over
Application. Row scope comes from the session, so every actor counts only what that actor may see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Subquery,
    and_,
    case,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from app.applications.models import Application, Topic
from app.applications.queries.moments import (
    days_between,
    local_day,
    local_hour,
    local_month,
    local_weekday,
)
from app.applications.rules.groups import AGE_BOUNDS
from app.applications.rules.vocabulary import OPEN_STATES
from app.core import clock
from app.organisation.models import District, Unit
from app.organisation.rules import UnitKind

#: Adds conditions to a statement, whatever its columns are.
Narrow = Callable[[Any], Any]
Figure = Mapping[str, Any]

#: A case is counted for the nearest of these above its lead unit; small offices have no rate.
_ANSWERABLE = (UnitKind.DEPARTMENT, UnitKind.AFFILIATE, UnitKind.COMPANY)
_A = Application
_OPEN = sorted(OPEN_STATES)


def everything(stmt: Any) -> Any:
    """Narrow nothing."""
    return stmt


def day_start(day: dt.date) -> dt.datetime:
    """Midnight in Istanbul."""
    return dt.datetime.combine(day, dt.time(), clock.ISTANBUL)


def received_between(first: dt.date, last: dt.date) -> Narrow:
    """Narrow to what was received from `first` to `last`, both included."""

    def narrow(stmt: Any) -> Any:
        after = last + dt.timedelta(days=1)
        return stmt.where(_A.received_at >= day_start(first), _A.received_at < day_start(after))

    return narrow


def in_unit(session: Session, unit_id: int) -> ColumnElement[bool]:
    """The case is led by a unit or by one below it; the same condition as the filter of the list."""
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id))
    if path is None:
        return _A.lead_unit_id == unit_id
    return _A.lead_unit_id.in_(select(Unit.id).where(Unit.path.like(f"{path}%")))


def _rows(session: Session, stmt: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(stmt).mappings()]


def count_by(
    session: Session, column: Any, key: str, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """`key`, count: how many applications have each value of a column of Application."""
    stmt = narrow(select(column.label(key), func.count().label("count")).select_from(_A))
    return _rows(session, stmt.group_by(column))


def count_by_month_and_channel(
    session: Session, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Month (its first day), channel, count."""
    month = local_month(_A.received_at)
    stmt = select(month.label("month"), _A.channel.label("channel"), func.count().label("count"))
    return _rows(session, narrow(stmt.select_from(_A)).group_by(month, _A.channel))


def count_by_topic(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """topic_id, topic (code and name), count; cases without a topic stand under None."""
    inner = narrow(
        select(_A.topic_id.label("topic_id"), func.count().label("count")).select_from(_A)
    )
    counted = inner.group_by(_A.topic_id).subquery()
    stmt = select(counted.c.topic_id, Topic.code, Topic.name, counted.c.count).outerjoin_from(
        counted, Topic, Topic.id == counted.c.topic_id
    )
    return [
        {"topic_id": pk, "topic": f"{code} {name}" if code else None, "code": code, "count": n}
        for pk, code, name, n in session.execute(stmt.order_by(counted.c.count.desc(), Topic.code))
    ]


def count_by_topic_group(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """group, count."""
    stmt = select(Topic.group.label("group"), func.count().label("count")).select_from(_A)
    stmt = narrow(stmt.outerjoin(Topic, Topic.id == _A.topic_id))
    return _rows(session, stmt.group_by(Topic.group))


def count_by_weekday_and_hour(
    session: Session, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Weekday (1 Monday to 7 Sunday), hour (0–23), count."""
    day, hour = local_weekday(_A.received_at), local_hour(_A.received_at)
    stmt = select(day.label("weekday"), hour.label("hour"), func.count().label("count"))
    return _rows(session, narrow(stmt.select_from(_A)).group_by(day, hour))


def count_by_district_and_group(
    session: Session, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """district_id, district, group, count; only cases with a place and a topic."""
    stmt = (
        select(
            _A.district_id.label("district_id"),
            Topic.group.label("group"),
            func.count().label("count"),
        )
        .select_from(_A)
        .join(Topic, Topic.id == _A.topic_id)
        .where(_A.district_id.is_not(None))
    )
    counted = narrow(stmt).group_by(_A.district_id, Topic.group).subquery()
    named = select(
        counted.c.district_id, District.name.label("district"), counted.c.group, counted.c.count
    )
    return _rows(session, named.join(District, District.id == counted.c.district_id))


def count_by_district(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """district_id, district, count; None where no place is known."""
    inner = narrow(
        select(_A.district_id.label("district_id"), func.count().label("count")).select_from(_A)
    )
    counted = inner.group_by(_A.district_id).subquery()
    stmt = select(counted.c.district_id, District.name.label("district"), counted.c.count)
    return _rows(session, stmt.outerjoin(District, District.id == counted.c.district_id))


def count_backlog_by_age(
    session: Session, narrow: Narrow = everything, *, today: dt.date | None = None
) -> list[dict[str, Any]]:
    """Age (0–4, see AGE_BOUNDS), due (late, in_time, none), count of open cases.

    The age counts whole calendar days since the case reached us.
    """
    today = today or clock.today()
    age = case(
        *(
            (
                _A.received_at >= day_start(today - dt.timedelta(days=bound)),
                literal_column(str(place)),
            )
            for place, bound in enumerate(AGE_BOUNDS)
        ),
        else_=literal_column(str(len(AGE_BOUNDS))),
    )
    due = case(
        (_A.due_on.is_(None), literal_column("'none'")),
        (_A.due_on < today, literal_column("'late'")),
        else_=literal_column("'in_time'"),
    )
    stmt = select(age.label("age_group"), due.label("due_group"), func.count().label("count"))
    stmt = narrow(stmt.select_from(_A).where(_A.state.in_(_OPEN)))
    # Grouped by the names of the columns: PostgreSQL does not see that two bound values are equal.
    rows = session.execute(stmt.group_by("age_group", "due_group"))
    return [{"age": int(age), "due": due, "count": n} for age, due, n in rows]


def count_per_day(
    session: Session, first: dt.date, last: dt.date, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """day, step (received, answered), count for each day from `first` to `last`."""
    start, end = day_start(first), day_start(last + dt.timedelta(days=1))
    parts = []
    for step, column in (("received", _A.received_at), ("answered", _A.answered_at)):
        day = local_day(column)
        stmt = select(
            day.label("day"), literal_column(f"'{step}'").label("step"), func.count().label("count")
        )
        parts.append(
            narrow(stmt.select_from(_A).where(column >= start, column < end)).group_by(day)
        )
    both = union_all(*parts).subquery()
    return _rows(session, select(both.c.day, both.c.step, both.c.count))


# --- units ---------------------------------------------------------------------------------------
def answerable_units() -> Subquery:
    """unit_id → top_id: the department, affiliate or company a unit belongs to, else itself."""
    own, above = aliased(Unit), aliased(Unit)
    return (
        select(own.id.label("unit_id"), func.coalesce(func.min(above.id), own.id).label("top_id"))
        .select_from(own)
        .outerjoin(above, and_(above.kind.in_(_ANSWERABLE), own.path.like(above.path + "%")))
        .group_by(own.id)
        .subquery("answerable")
    )


def _unit_name(session: Session, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add the short name of each row's unit; one statement for all."""
    wanted = [row["unit_id"] for row in rows if row["unit_id"] is not None]
    names = session.execute(select(Unit.id, Unit.short_name, Unit.name).where(Unit.id.in_(wanted)))
    known = {pk: short or name for pk, short, name in names}
    return [{**row, "unit": known.get(row["unit_id"])} for row in rows]


def list_unit_figures(
    session: Session, narrow: Narrow = everything, *, today: dt.date | None = None
) -> list[dict[str, Any]]:
    """unit_id, unit, received, answered, open, overdue, on_time, timed, rate (percent), by received.

    `timed` are the answered cases that had a legal period, `on_time` those of them that kept it;
    `rate` is None where nothing was timed.
    """
    today = today or clock.today()
    tops = answerable_units()
    is_open = _A.state.in_(_OPEN)
    stmt = (
        select(
            tops.c.top_id.label("unit_id"),
            func.count().label("received"),
            func.count(_A.answered_at).label("answered"),
            _sum(is_open).label("open"),
            _sum(and_(is_open, _A.due_on < today)).label("overdue"),
            _sum(_A.on_time.is_(True)).label("on_time"),
            _sum(_A.on_time.is_not(None)).label("timed"),
        )
        .select_from(_A)
        .join(tops, tops.c.unit_id == _A.lead_unit_id)
    )
    rows = _rows(session, narrow(stmt).group_by(tops.c.top_id).order_by(func.count().desc()))
    for row in rows:
        row["rate"] = round(100 * row["on_time"] / row["timed"], 1) if row["timed"] else None
    return _unit_name(session, rows)


def list_unit_durations(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """unit_id, unit, median and p90 (days from receipt to answer), answered."""
    tops = answerable_units()
    rows = _percentiles(
        session,
        tops.c.top_id,
        lambda stmt: narrow(stmt.join(tops, tops.c.unit_id == _A.lead_unit_id)),
    )
    return _unit_name(session, [{"unit_id": row.pop("group"), **row} for row in rows])


def find_duration(session: Session, narrow: Narrow = everything) -> dict[str, Any]:
    """median, p90, answered over all cases; None where nothing was answered."""
    rows = _percentiles(session, literal_column("0"), narrow)
    return rows[0] if rows else {"median": None, "p90": None, "answered": 0}


def _percentiles(session: Session, group: Any, narrow: Narrow) -> list[dict[str, Any]]:
    """group, median, p90, answered; by ranks, because SQLite has no percentile function."""
    days = days_between(_A.received_at, _A.answered_at)
    window = {"partition_by": group}
    ranked = narrow(
        select(
            group.label("g"),
            days.label("days"),
            func.row_number().over(**window, order_by=days).label("place"),
            func.count().over(**window).label("n"),
        )
        .select_from(_A)
        .where(_A.answered_at.is_not(None))
    ).subquery()
    place, n = ranked.c.place, ranked.c.n
    middle = case((and_(place * 2 >= n, place * 2 <= n + 2), ranked.c.days))
    stmt = select(
        ranked.c.g.label("group"),
        func.avg(middle).label("median"),
        func.min(case((place * 10 >= n * 9, ranked.c.days))).label("p90"),
        func.max(n).label("answered"),
    ).group_by(ranked.c.g)
    return [
        {**row, "median": round(float(row["median"]), 1), "p90": round(float(row["p90"]), 1)}
        for row in _rows(session, stmt)
    ]


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows of the group keep a condition."""
    return func.coalesce(
        func.sum(case((condition, literal_column("1")), else_=literal_column("0"))), 0
    )


# --- the figures that lead ------------------------------------------------------------------------
def find_main_figures(
    session: Session, narrow: Narrow = everything, *, today: dt.date | None = None
) -> dict[str, Any]:
    """received, answered, open, overdue, timed, on_time, rate, reopened, extended, merged in one row."""
    today = today or clock.today()
    is_open = _A.state.in_(_OPEN)
    stmt = select(
        func.count().label("received"),
        func.count(_A.answered_at).label("answered"),
        _sum(is_open).label("open"),
        _sum(and_(is_open, _A.due_on < today)).label("overdue"),
        _sum(_A.on_time.is_not(None)).label("timed"),
        _sum(_A.on_time.is_(True)).label("on_time"),
        _sum(_A.cycle > literal_column("1")).label("reopened"),
        _sum(_A.is_extended.is_(True)).label("extended"),
        _sum(_A.master_id.is_not(None)).label("merged"),
    ).select_from(_A)
    row = dict(session.execute(narrow(stmt)).mappings().one())
    row["rate"] = round(100 * row["on_time"] / row["timed"], 1) if row["timed"] else None
    return row


def find_answer_rates(
    session: Session, months: Sequence[tuple[dt.date, dt.date]], narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """timed, on_time, rate of what was answered in each span of days; one statement for all."""
    columns = []
    for place, (first, last) in enumerate(months):
        inside = and_(
            _A.answered_at >= day_start(first),
            _A.answered_at < day_start(last + dt.timedelta(days=1)),
        )
        columns += [
            _sum(and_(inside, _A.on_time.is_not(None))).label(f"timed{place}"),
            _sum(and_(inside, _A.on_time.is_(True))).label(f"kept{place}"),
        ]
    earliest = min(first for first, _last in months)
    stmt = select(*columns).select_from(_A).where(_A.answered_at >= day_start(earliest))
    row = session.execute(narrow(stmt)).mappings().one()
    found = []
    for place in range(len(months)):
        timed, kept = int(row[f"timed{place}"]), int(row[f"kept{place}"])
        found.append(
            {
                "timed": timed,
                "on_time": kept,
                "rate": round(100 * kept / timed, 1) if timed else None,
            }
        )
    return found


__all__ = [
    "Narrow",
    "answerable_units",
    "count_backlog_by_age",
    "count_by",
    "count_by_district",
    "count_by_district_and_group",
    "count_by_month_and_channel",
    "count_by_topic",
    "count_by_topic_group",
    "count_by_weekday_and_hour",
    "count_per_day",
    "day_start",
    "everything",
    "find_answer_rates",
    "find_duration",
    "find_main_figures",
    "in_unit",
    "list_unit_durations",
    "list_unit_figures",
    "received_between",
]
