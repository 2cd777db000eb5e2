"""Figures of information requests: the annual report of article 30, charts, the officer’s home.

The report counts with the very conditions of the list, so every figure has as many rows behind it.
Row scope comes from the session: everybody counts only what the same person may see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, extract, func, literal_column, select
from sqlalchemy.orm import Session

from app.applications.models import (
    Appeal,
    Application,
    InformationCase,
    InformationReportLine,
    PublishedInformation,
    RefusalGround,
    case_grounds,
)
from app.applications.queries.figures import Narrow, everything
from app.applications.queries.information import conditions as on
from app.applications.queries.moments import days_between
from app.applications.rules.information import InformationDecision, InformationFigure
from app.organisation.models import Unit

_C = InformationCase
_A = Application
_F = InformationFigure


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    one, nought = literal_column("1", Integer), literal_column("0", Integer)
    return func.coalesce(func.sum(case((condition, one), else_=nought)), nought)


def _columns(figures: Iterable[InformationFigure], today: dt.date) -> list[Any]:
    return [_sum(on.figure_condition(f, today)).label(f.value) for f in figures]


def count_figures(
    session: Session,
    year: int,
    *,
    today: dt.date,
    figures: Sequence[InformationFigure] | None = None,
) -> dict[InformationFigure, int]:
    """How many requests received in a year each figure counts; one statement."""
    wanted = list(figures or InformationFigure)
    stmt = on.of_requests(select(*_columns(wanted, today))).where(on.is_in_year(year))
    row = session.execute(stmt).mappings().one()
    return {figure: int(row[figure.value]) for figure in wanted}


def list_report_lines(session: Session, year: int) -> list[InformationReportLine]:
    """The lines of the report for a year, in its order."""
    line = InformationReportLine
    stmt = (
        select(line)
        .where(
            line.active.is_(True),
            line.valid_from_year <= year,
            (line.valid_to_year.is_(None)) | (line.valid_to_year >= year),
        )
        .order_by(line.position, line.id)
    )
    return list(session.scalars(stmt))


#: Decisions that keep something back, in the order of the table of articles.
GROUND_DECISIONS = (
    InformationDecision.REFUSED,
    InformationDecision.PARTIAL,
    InformationDecision.PUBLISHED,
)


def count_grounds(
    session: Session, year: int | None = None, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Rows of ground_id, code, title, position, refused, partial, published, total by article.

    A request that names two articles stands in both rows. Without a year: all years.
    """
    kinds = on.decision_conditions()
    columns = [_sum(kinds[d]).label(d.value) for d in GROUND_DECISIONS]
    stmt = on.of_requests(select(case_grounds.c.ground_id.label("ground_id"), *columns)).join(
        case_grounds, case_grounds.c.case_id == _C.id
    )
    stmt = stmt.where(on.is_final(), _C.decision.in_(sorted(GROUND_DECISIONS)))
    if year is not None:
        stmt = stmt.where(on.is_in_year(year))
    counted = narrow(stmt).group_by(case_grounds.c.ground_id).subquery()
    named = (
        select(counted, RefusalGround.code, RefusalGround.title, RefusalGround.position)
        .join(RefusalGround, RefusalGround.id == counted.c.ground_id)
        .order_by(RefusalGround.position, RefusalGround.id)
    )
    return [
        {**row, "total": sum(row[d.value] for d in GROUND_DECISIONS)}
        for row in session.execute(named).mappings()
    ]


#: What the tables by month and by unit tell.
COMPARED = (
    _F.RECEIVED,
    _F.GRANTED,
    _F.PARTIAL,
    _F.REFUSED,
    _F.PUBLISHED,
    _F.FORWARDED,
    _F.PENDING,
    _F.LATE,
)


def list_month_figures(session: Session, year: int, *, today: dt.date) -> list[dict[str, Any]]:
    """Twelve rows of month (1 to 12) and the compared figures of what was received in it."""
    month = extract("month", _C.received_on)
    stmt = on.of_requests(select(month.label("month"), *_columns(COMPARED, today)))
    stmt = stmt.where(on.is_in_year(year)).group_by(month)
    found = {int(row["month"]): dict(row) for row in session.execute(stmt).mappings()}
    empty = {figure.value: 0 for figure in COMPARED}
    return [{**empty, **found.get(n, {}), "month": n} for n in range(1, 13)]


def list_unit_figures(session: Session, year: int, *, today: dt.date) -> list[dict[str, Any]]:
    """Rows of unit_id, unit, days (mean to the answer) and the compared figures, by lead unit.

    The most requests first; those without a unit are one row whose unit is None.
    """
    days = func.avg(days_between(_A.received_at, _A.answered_at)).label("days")
    stmt = on.of_requests(
        select(_A.lead_unit_id.label("unit_id"), days, *_columns(COMPARED, today))
    )
    counted = stmt.where(on.is_in_year(year)).group_by(_A.lead_unit_id).subquery()
    named = (
        select(counted, Unit.name.label("unit"))
        .outerjoin(Unit, Unit.id == counted.c.unit_id)
        .order_by(counted.c.received.desc(), Unit.name)
    )
    return [
        {**row, "days": None if row["days"] is None else round(float(row["days"]), 1)}
        for row in session.execute(named).mappings()
    ]


def average_days(session: Session, year: int) -> float | None:
    """Mean calendar days from receipt to the answer, of the requests of a year that have one."""
    stmt = on.of_requests(select(func.avg(days_between(_A.received_at, _A.answered_at))))
    value = session.scalar(stmt.where(on.is_in_year(year), _A.answered_at.is_not(None)))
    return None if value is None else round(float(value), 1)


# --- charts ---------------------------------------------------------------------------------------------
def count_by_decision_and_month(
    session: Session, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Rows of month (its first day), decision (None: open or ended without one), count."""
    year, month = extract("year", _C.received_on), extract("month", _C.received_on)
    decision = case((on.is_final(), _C.decision), else_=None)
    stmt = on.of_requests(
        select(
            year.label("in_year"),
            month.label("in_month"),
            decision.label("came_to"),
            func.count().label("count"),
        )
    )
    rows = session.execute(narrow(stmt).group_by("in_year", "in_month", "came_to"))
    return [
        {
            "month": dt.date(int(y), int(m), 1),
            "decision": InformationDecision(d) if d else None,
            "count": n,
        }
        for y, m, d, n in rows
    ]


def count_appeals(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of state, result (None: no decision yet), count."""
    stmt = select(
        Appeal.state.label("state"), Appeal.result.label("result"), func.count().label("count")
    ).select_from(Appeal)
    rows = session.execute(narrow(stmt).group_by(Appeal.state, Appeal.result)).mappings()
    return [dict(row) for row in rows]


def count_published(
    session: Session, today: dt.date, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Rows of unit_id, unit, due (overdue or current), count of what is published."""
    is_late = on.is_update_overdue(today)
    due = case((is_late, literal_column("'overdue'")), else_=literal_column("'current'"))
    stmt = select(
        PublishedInformation.unit_id.label("unit_id"), due.label("due"), func.count().label("count")
    ).select_from(PublishedInformation)
    counted = narrow(stmt).group_by(PublishedInformation.unit_id, "due").subquery()
    named = select(
        counted.c.unit_id, Unit.short_name, Unit.name, counted.c.due, counted.c.count
    ).outerjoin(Unit, Unit.id == counted.c.unit_id)
    return [
        {"unit_id": pk, "unit": short or name, "due": word, "count": n}
        for pk, short, name, word, n in session.execute(named)
    ]


# --- the officer’s home ----------------------------------------------------------------------------------
def count_for_officer(session: Session, today: dt.date) -> Mapping[str, int]:
    """open, overdue, due_week, near, fee, unpaid, letter, silence, draft of open requests.

    One statement over the open requests.
    """
    week = today + dt.timedelta(days=7)
    unpaid = and_(on.waits_for_fee(), _C.fee_pay_by < today)
    columns = {
        "open": func.count(_C.id),
        "overdue": _sum(_A.due_on < today),
        "due_week": _sum(_A.due_on.between(today, week)),
        "near": _sum(on.is_near_day_15(today)),
        "fee": _sum(on.waits_for_fee()),
        "unpaid": _sum(unpaid),
        "letter": _sum(on.has_no_letter_yet()),
        "silence": _sum(on.is_silent_soon(today)),
        "draft": _sum(_C.decision.is_not(None)),
    }
    stmt = on.of_requests(select(*(c.label(name) for name, c in columns.items())))
    row = session.execute(stmt.where(on.is_open_request())).mappings().one()
    return {name: int(value or 0) for name, value in row.items()}


__all__ = [
    "COMPARED",
    "GROUND_DECISIONS",
    "average_days",
    "count_appeals",
    "count_by_decision_and_month",
    "count_figures",
    "count_for_officer",
    "count_grounds",
    "count_published",
    "list_month_figures",
    "list_report_lines",
    "list_unit_figures",
]
