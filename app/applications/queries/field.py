"""Reads of field visits: the plan of a day, what may be planned, figures. Scope comes from the session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from app.applications.models import Application, FieldVisit, Topic
from app.applications.queries.figures import Narrow, everything
from app.applications.queries.moments import days_between
from app.applications.rules.field import LIVE_VISITS, UNFINISHED_VISITS, FieldState
from app.applications.rules.vocabulary import State
from app.core.acting import SYSTEM, acting_as
from app.organisation.models import District, Neighbourhood, Unit
from app.system.models import Attachment

_F = FieldVisit
_A = Application
#: Cases in which looking at the place still helps; the others wait for a paper or an answer.
LOOKED_AT = (
    State.REGISTERED,
    State.TRIAGE,
    State.ASSIGNED,
    State.IN_PROGRESS,
    State.SCHEDULED,
    State.RETURNED,
    State.REOPENED,
)
_LONG = (
    defer(_A.body, raiseload=True),
    defer(_A.due_trail, raiseload=True),
    defer(_A.search_text, raiseload=True),
)


def _with_case() -> list[Any]:
    """What a stop tells of its case, without the long columns and without the applicant."""
    case_of = joinedload(_F.application)
    return [
        case_of.options(
            *_LONG,
            joinedload(_A.topic),
            joinedload(_A.district),
            joinedload(_A.neighbourhood),
        ),
        joinedload(_F.officer),
    ]


# --- conditions --------------------------------------------------------------------------------------
def is_live() -> ColumnElement[bool]:
    """Still to be made."""
    return _F.state.in_(sorted(LIVE_VISITS))


def is_unfinished() -> ColumnElement[bool]:
    """Not completed and not put off."""
    return _F.state.in_(sorted(UNFINISHED_VISITS))


def is_late(today: dt.date) -> ColumnElement[bool]:
    """Planned for a day that has passed, and still to be made."""
    return and_(is_live(), _F.planned_on < today)


# --- rows ----------------------------------------------------------------------------------------------
def get_visit(session: Session, pk: int) -> FieldVisit | None:
    """A visit with its case and place, if the actor may see it."""
    stmt = select(_F).where(_F.id == pk).options(*_with_case())
    return session.scalars(stmt).first()


def list_of_application(session: Session, application_id: int) -> Sequence[FieldVisit]:
    """Visits to the place of a case, the newest first."""
    stmt = select(_F).where(_F.application_id == application_id).options(joinedload(_F.officer))
    return session.scalars(stmt.order_by(_F.planned_on.desc(), _F.id.desc()).limit(20)).all()


def list_plan(session: Session, day: dt.date, officer_id: int) -> list[FieldVisit]:
    """The stops of an officer on a day, in the order of the tour; postponed ones are left out."""
    stmt = (
        select(_F)
        .where(
            _F.planned_on == day,
            _F.officer_id == officer_id,
            _F.state != FieldState.POSTPONED,
        )
        .options(*_with_case())
        .order_by(_F.position, _F.id)
    )
    return list(session.scalars(stmt))


def list_left_over(session: Session, day: dt.date, officer_id: int) -> list[FieldVisit]:
    """Stops of earlier days that this officer has not made."""
    stmt = (
        select(_F)
        .where(is_live(), _F.planned_on < day, _F.officer_id == officer_id)
        .options(*_with_case())
        .order_by(_F.planned_on, _F.position, _F.id)
        .limit(100)
    )
    return list(session.scalars(stmt))


def list_candidates(
    session: Session,
    *,
    district_id: int | None = None,
    neighbourhood_id: int | None = None,
    group: str = "",
    limit: int = 120,
) -> list[Application]:
    """Open cases with a place and without a visit to come, the nearest date first."""
    visits = _F.__table__.c
    planned = (
        select(visits.id)
        .where(visits.application_id == _A.id, visits.state.in_(sorted(LIVE_VISITS)))
        .correlate_except(visits.id.table)
        .exists()
    )
    stmt = (
        select(_A)
        .where(
            _A.state.in_(LOOKED_AT),
            or_(_A.neighbourhood_id.is_not(None), _A.latitude.is_not(None)),
            ~planned,
        )
        .options(
            *_LONG,
            joinedload(_A.topic),
            joinedload(_A.district),
            joinedload(_A.neighbourhood),
        )
        .order_by(_A.due_on.is_(None), _A.due_on, _A.id)
        .limit(limit)
    )
    if district_id is not None:
        stmt = stmt.where(_A.district_id == district_id)
    if neighbourhood_id is not None:
        stmt = stmt.where(_A.neighbourhood_id == neighbourhood_id)
    if group:
        stmt = stmt.where(_A.topic_id.in_(select(Topic.id).where(Topic.group == group)))
    return list(session.scalars(stmt))


def list_teams(session: Session, since: dt.date) -> Sequence[str]:
    """Names of teams in use lately, for the field that asks for one."""
    stmt = select(_F.team).where(_F.team != "", _F.planned_on >= since).distinct()
    return session.scalars(stmt.order_by(_F.team).limit(40)).all()


def has_live_visit(session: Session, application_id: int) -> bool:
    """Whether a visit to the place is still to be made; the whole table decides."""
    with acting_as(SYSTEM):
        stmt = select(_F.id).where(_F.application_id == application_id, is_live())
        return session.scalars(stmt.limit(1)).first() is not None


def last_position(session: Session, day: dt.date, officer_id: int) -> int:
    """The place of the last stop of a day; nought when there is none."""
    with acting_as(SYSTEM):
        stmt = select(func.max(_F.position)).where(
            _F.planned_on == day, _F.officer_id == officer_id
        )
        return int(session.scalar(stmt) or 0)


def list_photos(session: Session, pk: int) -> Sequence[Attachment]:
    """Pictures taken on a visit, the first one first."""
    stmt = select(Attachment).where(
        Attachment.owner_type == "FieldVisit", Attachment.owner_id == pk
    )
    return session.scalars(stmt.order_by(Attachment.id)).all()


def count_photos(session: Session, pk: int) -> int:
    """How many pictures a visit has."""
    stmt = select(func.count(Attachment.id)).where(
        Attachment.owner_type == "FieldVisit", Attachment.owner_id == pk
    )
    return int(session.scalar(stmt) or 0)


def count_own(session: Session, user_id: int | None, today: dt.date) -> dict[str, int]:
    """today, left (still to be made today), late (of earlier days) of one officer: one statement."""
    mine = _F.officer_id == user_id
    stmt = select(
        _count(and_(mine, _F.planned_on == today, _F.state != FieldState.POSTPONED)).label("today"),
        _count(and_(mine, _F.planned_on == today, is_live())).label("left"),
        _count(and_(mine, is_late(today))).label("late"),
    ).where(mine, _F.planned_on <= today, or_(_F.planned_on == today, is_live()))
    return {key: int(n or 0) for key, n in session.execute(stmt).mappings().one().items()}


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(
        func.sum(case((condition, literal_column("1")), else_=literal_column("0"))), 0
    )


# --- grouped figures -------------------------------------------------------------------------------------
def _rows(session: Session, stmt: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(stmt).mappings()]


def count_by_state(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """State, count."""
    stmt = select(_F.state.label("state"), func.count().label("count")).select_from(_F)
    return _rows(session, narrow(stmt).group_by(_F.state))


def count_per_day(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Day of the plan, result (found, not_found, open), count."""
    result = case(
        (_F.was_found.is_(True), literal_column("'found'")),
        (_F.was_found.is_(False), literal_column("'not_found'")),
        else_=literal_column("'open'"),
    )
    stmt = select(
        _F.planned_on.label("day"), result.label("result"), func.count().label("count")
    ).where(_F.state != FieldState.POSTPONED)
    return _rows(session, narrow(stmt).group_by(_F.planned_on, result))


def count_by_district(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """district_id, district, count."""
    inner = narrow(
        select(_A.district_id.label("pk"), func.count().label("count"))
        .select_from(_F)
        .join(_F.application)
    ).group_by(_A.district_id)
    counted = inner.subquery()
    stmt = select(counted.c.pk, District.name, counted.c.count).outerjoin_from(
        counted, District, District.id == counted.c.pk
    )
    return [
        {"district_id": pk, "district": name, "count": int(n)}
        for pk, name, n in session.execute(stmt.order_by(counted.c.count.desc()))
    ]


def count_by_neighbourhood(
    session: Session, narrow: Narrow = everything, *, limit: int = 20
) -> list[dict[str, Any]]:
    """neighbourhood_id, neighbourhood (with its district), count; the most visited."""
    inner = narrow(
        select(_A.neighbourhood_id.label("pk"), func.count().label("count"))
        .select_from(_F)
        .join(_F.application)
        .where(_A.neighbourhood_id.is_not(None))
    ).group_by(_A.neighbourhood_id)
    counted = inner.order_by(func.count().desc()).limit(limit).subquery()
    stmt = (
        select(counted.c.pk, Neighbourhood.name, District.name, counted.c.count)
        .join_from(counted, Neighbourhood, Neighbourhood.id == counted.c.pk)
        .join(District, District.id == Neighbourhood.district_id)
        .order_by(counted.c.count.desc())
    )
    return [
        {"neighbourhood_id": pk, "neighbourhood": f"{name}, {district}", "count": int(n)}
        for pk, name, district, n in session.execute(stmt)
    ]


def list_found_rates(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Group of topics, rate (percent of the judged visits at which it was found), count."""
    stmt = (
        select(
            Topic.group.label("group"),
            func.count().label("count"),
            _count(_F.was_found.is_(True)).label("found"),
        )
        .select_from(_F)
        .join(_F.application)
        .join(Topic, Topic.id == _A.topic_id)
        .where(_F.was_found.is_not(None))
        .group_by(Topic.group)
    )
    return [
        {
            "group": row["group"],
            "count": int(row["count"]),
            "rate": round(100 * int(row["found"]) / int(row["count"]), 1),
        }
        for row in _rows(session, narrow(stmt))
    ]


def list_unit_figures(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """unit_id, unit, count, minutes (mean time on the spot) of completed visits."""
    minutes = days_between(_F.arrived_at, _F.left_at) * literal_column("1440")
    inner = narrow(
        select(
            _F.unit_id.label("pk"),
            func.count().label("count"),
            func.avg(minutes).label("minutes"),
        )
        .select_from(_F)
        .where(_F.state == FieldState.DONE)
    ).group_by(_F.unit_id)
    counted = inner.subquery()
    stmt = select(
        counted.c.pk, Unit.short_name, Unit.name, counted.c.count, counted.c.minutes
    ).join_from(counted, Unit, Unit.id == counted.c.pk)
    return [
        {
            "unit_id": pk,
            "unit": short or name,
            "count": int(n),
            "minutes": round(float(mean or 0), 1),
        }
        for pk, short, name, n, mean in session.execute(stmt.order_by(counted.c.count.desc()))
    ]


__all__ = [
    "LOOKED_AT",
    "count_by_district",
    "count_by_neighbourhood",
    "count_by_state",
    "count_own",
    "count_per_day",
    "count_photos",
    "get_visit",
    "has_live_visit",
    "is_late",
    "is_live",
    "is_unfinished",
    "last_position",
    "list_candidates",
    "list_found_rates",
    "list_left_over",
    "list_of_application",
    "list_photos",
    "list_plan",
    "list_teams",
    "list_unit_figures",
]
