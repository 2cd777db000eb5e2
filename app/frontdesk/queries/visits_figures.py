"""Grouped figures of visits for charts and reports; SQL groups, Python only names the columns.

Each function takes `narrow`, which adds conditions to a statement over Visit. People are counted,
not entries, unless the function says otherwise.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from sqlalchemy import and_, case, func, literal_column, select
from sqlalchemy.orm import Session

from app.applications.queries.figures import Narrow, everything
from app.applications.queries.moments import local_day, local_hour, local_month, local_weekday
from app.frontdesk.models import ServicePoint, Visit, VisitReason
from app.frontdesk.queries.visits import count_if, minutes_waited, needs_help, people
from app.frontdesk.rules.visits import NEED_LABELS, SHORT_WAIT, WAITING_BOUNDS, VisitResult
from app.organisation.models import Unit

_V = Visit


def _rows(session: Session, stmt: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(stmt).mappings()]


def count_by_weekday_and_hour(
    session: Session, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Weekday (1 Monday to 7 Sunday), hour (0–23), count of people."""
    day, hour = local_weekday(_V.at), local_hour(_V.at)
    stmt = select(day.label("weekday"), hour.label("hour"), people().label("count")).select_from(_V)
    return _rows(session, narrow(stmt).group_by(day, hour))


def count_by_point(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """service_point_id, point, count of people; where no place was named the point is None."""
    inner = narrow(
        select(_V.service_point_id.label("pk"), people().label("count")).select_from(_V)
    ).group_by(_V.service_point_id)
    counted = inner.subquery()
    stmt = select(counted.c.pk, ServicePoint.name, counted.c.count).outerjoin_from(
        counted, ServicePoint, ServicePoint.id == counted.c.pk
    )
    return [
        {"service_point_id": pk, "point": name, "count": int(n)}
        for pk, name, n in session.execute(stmt.order_by(counted.c.count.desc()))
    ]


def count_by_unit(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """unit_id, unit, count of people; the unit that was named, else that of the room."""
    unit = func.coalesce(_V.unit_id, ServicePoint.unit_id)
    inner = narrow(
        select(unit.label("pk"), people().label("count"))
        .select_from(_V)
        .outerjoin(ServicePoint, ServicePoint.id == _V.service_point_id)
    ).group_by(unit)
    counted = inner.subquery()
    stmt = select(counted.c.pk, Unit.short_name, Unit.name, counted.c.count).outerjoin_from(
        counted, Unit, Unit.id == counted.c.pk
    )
    return [
        {"unit_id": pk, "unit": short or name, "count": int(n)}
        for pk, short, name, n in session.execute(stmt.order_by(counted.c.count.desc()))
    ]


def count_by_reason(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """reason_id, reason, count of people."""
    inner = narrow(
        select(_V.reason_id.label("pk"), people().label("count")).select_from(_V)
    ).group_by(_V.reason_id)
    counted = inner.subquery()
    stmt = select(counted.c.pk, VisitReason.name, counted.c.count).join_from(
        counted, VisitReason, VisitReason.id == counted.c.pk
    )
    return [
        {"reason_id": pk, "reason": name, "count": int(n)}
        for pk, name, n in session.execute(stmt.order_by(counted.c.count.desc()))
    ]


def count_by_result(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """result, count of people; only visits with a result."""
    stmt = select(_V.result.label("result"), people().label("count")).select_from(_V)
    stmt = stmt.where(_V.result.is_not(None))
    return [
        {"result": VisitResult(row["result"]), "count": int(row["count"])}
        for row in _rows(session, narrow(stmt).group_by(_V.result))
    ]


def count_by_month_and_reason(
    session: Session, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Month (its first day), reason_id, reason, count of people."""
    month = local_month(_V.at)
    stmt = (
        select(
            month.label("month"),
            _V.reason_id.label("reason_id"),
            VisitReason.name.label("reason"),
            people().label("count"),
        )
        .select_from(_V)
        .join(VisitReason, VisitReason.id == _V.reason_id)
    )
    return _rows(session, narrow(stmt).group_by(month, _V.reason_id, VisitReason.name))


def count_per_day(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """day, count of people."""
    day = local_day(_V.at)
    stmt = select(day.label("day"), people().label("count")).select_from(_V)
    return _rows(session, narrow(stmt).group_by(day))


def count_needs(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Need (column of a visit, or "accompanied"), rate (percent of the entries), count of entries.

    Somebody may need several kinds of help, so the shares add up to more than a hundred.
    """
    columns = [count_if(getattr(_V, name).is_(True)).label(name) for name in NEED_LABELS]
    stmt = select(
        func.count(_V.id).label("all"),
        count_if(_V.accompanied_by_id.is_not(None)).label("accompanied"),
        *columns,
    ).select_from(_V)
    row = dict(session.execute(narrow(stmt)).mappings().one())
    total = int(row.pop("all") or 0)
    if not total:
        return []
    names = (*NEED_LABELS, "accompanied")
    return [
        {
            "need": name,
            "count": int(row[name] or 0),
            "rate": round(100 * int(row[name] or 0) / total, 1),
        }
        for name in names
    ]


def count_waiting_bands(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """minutes, minutes_end (None: open), count of entries whose conversation has begun."""
    band = case(
        *(
            (minutes_waited() < literal_column(str(end)), literal_column(str(start)))
            for start, end in pairwise(WAITING_BOUNDS)
        ),
        else_=literal_column(str(WAITING_BOUNDS[-1])),
    )
    stmt = select(band.label("band"), func.count().label("count")).select_from(_V)
    stmt = narrow(stmt.where(_V.served_at.is_not(None))).group_by("band")
    counted = {int(low): int(n) for low, n in session.execute(stmt)}
    if not counted:
        return []
    ends: list[int | None] = [*WAITING_BOUNDS[1:], None]
    return [
        {"minutes": low, "minutes_end": end, "count": counted.get(low, 0)}
        for low, end in zip(WAITING_BOUNDS, ends, strict=True)
    ]


def list_waits(
    session: Session, narrow: Narrow = everything, *, limit: int = 15
) -> list[dict[str, Any]]:
    """service_point_id, point, median, p90 (minutes), count; the places with the longest wait first."""
    rows = _percentiles(session, _V.service_point_id, narrow)
    rows = [row for row in rows if row["group"] is not None and row["count"] >= 3]
    rows.sort(key=lambda row: (-row["median"], -row["p90"]))
    wanted = [row["group"] for row in rows[:limit]]
    names = dict(
        session.execute(
            select(ServicePoint.id, ServicePoint.name).where(ServicePoint.id.in_(wanted))
        ).all()
    )
    return [
        {"service_point_id": row["group"], "point": names.get(row["group"]), **row}
        for row in rows[:limit]
    ]


def find_wait(session: Session, narrow: Narrow = everything) -> dict[str, Any]:
    """median, p90 (minutes), count, short (percent received within ten minutes) over all visits."""
    rows = _percentiles(session, literal_column("0"), narrow)
    if not rows:
        return {"median": None, "p90": None, "count": 0, "short": None}
    stmt = select(count_if(minutes_waited() <= literal_column(str(SHORT_WAIT)))).select_from(_V)
    short = session.scalar(narrow(stmt.where(_V.served_at.is_not(None)))) or 0
    return {**rows[0], "short": round(100 * int(short) / rows[0]["count"], 1)}


def _percentiles(session: Session, group: Any, narrow: Narrow) -> list[dict[str, Any]]:
    """group, median, p90, count; by ranks, because SQLite has no percentile function."""
    window = {"partition_by": group}
    ranked = narrow(
        select(
            group.label("g"),
            minutes_waited().label("minutes"),
            func.row_number().over(**window, order_by=minutes_waited()).label("place"),
            func.count().over(**window).label("n"),
        )
        .select_from(_V)
        .where(_V.served_at.is_not(None))
    ).subquery()
    place, n = ranked.c.place, ranked.c.n
    middle = case((and_(place * 2 >= n, place * 2 <= n + 2), ranked.c.minutes))
    stmt = select(
        ranked.c.g.label("group"),
        func.avg(middle).label("median"),
        func.min(case((place * 10 >= n * 9, ranked.c.minutes))).label("p90"),
        func.max(n).label("count"),
    ).group_by(ranked.c.g)
    return [
        {
            "group": row["group"],
            "median": round(float(row["median"]), 1),
            "p90": round(float(row["p90"]), 1),
            "count": int(row["count"]),
        }
        for row in _rows(session, stmt)
    ]


def find_main_figures(session: Session, narrow: Narrow = everything) -> dict[str, int]:
    """entries, people, groups (five or more), appointments, helped, accompanied, left."""
    stmt = select(
        func.count(_V.id).label("entries"),
        people().label("people"),
        count_if(_V.people >= literal_column("5")).label("groups"),
        count_if(_V.has_appointment.is_(True)).label("appointments"),
        count_if(needs_help()).label("helped"),
        count_if(_V.accompanied_by_id.is_not(None)).label("accompanied"),
        count_if(_V.result == VisitResult.LEFT).label("left"),
    ).select_from(_V)
    row = session.execute(narrow(stmt)).mappings().one()
    return {key: int(value or 0) for key, value in row.items()}
