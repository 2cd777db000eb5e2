"""Reads of the visitor log: who is inside and what today brought; figures stand in visits_figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import Session, joinedload

from app.applications.queries.figures import Narrow, day_start
from app.applications.queries.moments import days_between
from app.frontdesk.models import ServicePoint, Visit, VisitReason
from app.frontdesk.rules.visits import NEED_LABELS
from app.organisation.models import Unit

_V = Visit


# --- expressions -----------------------------------------------------------------------------------
def minutes_waited() -> ColumnElement[float]:
    """Minutes from coming to being received, inside SQL; null while somebody waits."""
    return days_between(_V.waiting_since, _V.served_at) * literal_column("1440")


def people() -> ColumnElement[int]:
    """How many people the entries stand for: a group of twelve is twelve visitors."""
    return func.coalesce(func.sum(_V.people), 0)


def count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows of a group keep a condition."""
    return func.coalesce(
        func.sum(case((condition, literal_column("1")), else_=literal_column("0"))), 0
    )


# --- conditions ------------------------------------------------------------------------------------
def is_on(day: dt.date) -> ColumnElement[bool]:
    """Came on this day."""
    return and_(_V.at >= day_start(day), _V.at < day_start(day + dt.timedelta(days=1)))


def is_between(first: dt.date, last: dt.date) -> Narrow:
    """Narrow to visits from `first` to `last`, both included."""

    def narrow(stmt: Any) -> Any:
        after = day_start(last + dt.timedelta(days=1))
        return stmt.where(_V.at >= day_start(first), _V.at < after)

    return narrow


def is_inside(day: dt.date) -> ColumnElement[bool]:
    """Came on this day and has not gone yet."""
    return and_(is_on(day), _V.ended_at.is_(None))


def needs_help() -> ColumnElement[bool]:
    """Some help was needed."""
    return or_(*(getattr(_V, column).is_(True) for column in NEED_LABELS))


def is_for_unit(session: Session, unit_id: int) -> ColumnElement[bool]:
    """Wanted this unit or one below it, named itself or through its room."""
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id))
    units = (
        select(Unit.id).where(Unit.path.like(f"{path}%"))
        if path
        else select(Unit.id).where(Unit.id == unit_id)
    )
    rooms = select(ServicePoint.id).where(ServicePoint.unit_id.in_(units))
    return or_(_V.unit_id.in_(units), _V.service_point_id.in_(rooms))


# --- the fast screen --------------------------------------------------------------------------------
def list_reasons(session: Session) -> Sequence[VisitReason]:
    """Reasons in use, in the order of the tiles."""
    stmt = select(VisitReason).where(VisitReason.active.is_(True))
    return session.scalars(stmt.order_by(VisitReason.position, VisitReason.id).limit(30)).all()


def find_reason(session: Session, pk: int | None) -> VisitReason | None:
    """A reason by its key."""
    return session.get(VisitReason, pk) if pk else None


def find_by_request_key(session: Session, request_key: str) -> Visit | None:
    """The visit that this form has made already."""
    return session.scalars(select(_V).where(_V.request_key == request_key)).first()


def list_inside(session: Session, day: dt.date, *, limit: int = 60) -> Sequence[Visit]:
    """Visitors of a day who are still in the house, those waiting longest first."""
    stmt = (
        select(_V)
        .where(is_inside(day))
        .options(
            joinedload(_V.reason),
            joinedload(_V.service_point),
            joinedload(_V.unit),
            joinedload(_V.host),
        )
        .order_by(_V.served_at.is_not(None), _V.waiting_since, _V.id)
        .limit(limit)
    )
    return session.scalars(stmt).all()


def list_latest(session: Session, day: dt.date, *, limit: int = 8) -> Sequence[Visit]:
    """The newest entries of a day."""
    stmt = (
        select(_V)
        .where(is_on(day))
        .options(joinedload(_V.reason), joinedload(_V.service_point), joinedload(_V.unit))
        .order_by(_V.at.desc(), _V.id.desc())
        .limit(limit)
    )
    return session.scalars(stmt).all()


def count_day(session: Session, day: dt.date) -> dict[str, Any]:
    """entries, people, waiting, talking, helped (entries with some need), waited (mean minutes)."""
    stmt = select(
        func.count(_V.id).label("entries"),
        people().label("people"),
        count_if(and_(_V.ended_at.is_(None), _V.served_at.is_(None))).label("waiting"),
        count_if(and_(_V.ended_at.is_(None), _V.served_at.is_not(None))).label("talking"),
        count_if(needs_help()).label("helped"),
        func.avg(minutes_waited()).label("waited"),
    ).where(is_on(day))
    row = dict(session.execute(stmt).mappings().one())
    waited = row.pop("waited")
    return {
        **{key: int(value or 0) for key, value in row.items()},
        "waited": None if waited is None else round(float(waited)),
    }


def count_points_of_day(session: Session, day: dt.date, *, limit: int = 4) -> list[dict[str, Any]]:
    """service_point_id, name, people of the places most asked for on a day; the rest is one row."""
    stmt = (
        select(_V.service_point_id, ServicePoint.name, people().label("people"))
        .select_from(_V)
        .outerjoin(ServicePoint, ServicePoint.id == _V.service_point_id)
        .where(is_on(day))
        .group_by(_V.service_point_id, ServicePoint.name)
        .order_by(people().desc())
    )
    rows: list[dict[str, Any]] = [
        {"service_point_id": pk, "name": name, "people": int(n)}
        for pk, name, n in session.execute(stmt)
    ]
    named = [row for row in rows if row["service_point_id"] is not None]
    shown, rest = named[: limit - 1], named[limit - 1 :]
    others = sum(row["people"] for row in rows) - sum(row["people"] for row in shown)
    if len(rest) == 1 and others == rest[0]["people"]:
        return [*shown, *rest]
    return [*shown, {"service_point_id": None, "name": None, "people": others}] if others else shown
