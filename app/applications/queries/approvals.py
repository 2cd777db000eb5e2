"""Whose turn it is: steps of the chain of approval that wait for a person, or for the one whose place
the person takes; and the figures of the chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, literal_column, or_, select
from sqlalchemy.orm import Session, joinedload

from app.applications.models import (
    Application,
    ApplicationEvent,
    ApprovalRoute,
    ApprovalRouteStep,
    ApprovalStep,
    Reply,
)
from app.applications.queries.figures import Narrow, everything
from app.applications.queries.moments import days_between
from app.applications.rules.approvals import (
    RANKS,
    ApprovalState,
    Office,
    Route,
    Station,
    pick_route,
)
from app.applications.rules.vocabulary import Kind, Outcome, ReplyKind
from app.core.acting import Actor, Mandate

_S = ApprovalStep
#: Lower ends in days of the groups by time a step has waited; the last one is open.
WAIT_BOUNDS: tuple[int, ...] = (0, 1, 2, 3, 5, 8, 14)


# --- offices ---------------------------------------------------------------------------------------
def own_office(actor: Actor) -> Office:
    """The post that somebody holds without standing in for anybody."""
    own = actor.own
    return Office(
        user_id=own.user_id,
        roles=own.roles,
        may_approve=own.may("approve", "Application"),
        may_initial=own.may("initial", "Application"),
    )


def office_of(mandate: Mandate) -> Office:
    """The post that a deputyship hands over."""
    return Office(
        user_id=mandate.principal_id,
        roles=mandate.roles,
        may_approve=("can_approve", "Application") in mandate.grants,
        may_initial=("can_initial", "Application") in mandate.grants,
    )


# --- whose turn ------------------------------------------------------------------------------------
def _written_by(ids: set[int]) -> ColumnElement[bool]:
    letters = Reply.__table__
    # Asked of the few waiting steps one by one; a person may have written thousands of letters.
    return (
        select(letters.c.id)
        .where(letters.c.id == _S.reply_id, letters.c.drafted_by_id.in_(sorted(ids)))
        .correlate_except(letters)
        .exists()
    )


def _turn(office: Office, *, not_written_by: set[int]) -> ColumnElement[bool]:
    if not (office.may_approve or office.may_initial):
        return false()
    parts: list[ColumnElement[bool]] = [_S.user_id == office.user_id]
    named = sorted(role for role in office.roles if role in RANKS)
    if named:
        parts.append(and_(_S.user_id.is_(None), _S.role.in_(named)))
    if office.may_approve:
        parts.append(and_(_S.user_id.is_(None), _S.role == ""))
    if not office.may_approve:
        parts = [and_(_S.signs.is_(False), part) for part in parts]
    return and_(is_waiting(), or_(*parts), ~_written_by(not_written_by))


def is_waiting() -> ColumnElement[bool]:
    """The step is somebody's turn now."""
    return _S.state == ApprovalState.WAITING


def is_turn_of(actor: Actor) -> ColumnElement[bool]:
    """It is this person's own turn; letters that the person wrote are another's turn."""
    if actor.user_id is None:
        return false()
    return _turn(own_office(actor), not_written_by={actor.user_id})


def is_turn_as_deputy(actor: Actor) -> ColumnElement[bool]:
    """It is the turn of somebody whose place this person takes."""
    if actor.user_id is None or not actor.mandates:
        return false()
    return or_(
        *(
            _turn(office_of(m), not_written_by={actor.user_id, m.principal_id})
            for m in actor.mandates
        )
    )


def is_turn_anyhow(actor: Actor) -> ColumnElement[bool]:
    """It is the person's turn, for the own post or as a deputy."""
    return or_(is_turn_of(actor), is_turn_as_deputy(actor))


def count_turns(session: Session, actor: Actor) -> dict[str, int]:
    """own, deputy, all: steps that wait for the person, for the principals, for anybody; one statement."""
    columns = {
        "own": is_turn_of(actor),
        "deputy": is_turn_as_deputy(actor),
        "all": is_waiting(),
    }
    stmt = select(
        *(
            func.coalesce(
                func.sum(case((condition, literal_column("1")), else_=literal_column("0"))), 0
            ).label(name)
            for name, condition in columns.items()
        )
    ).where(is_waiting())
    return {name: int(n or 0) for name, n in session.execute(stmt).mappings().one().items()}


# --- routes and steps ------------------------------------------------------------------------------
def find_route(
    session: Session, *, reply_kind: ReplyKind, outcome: Outcome | None, kind: Kind
) -> ApprovalRoute | None:
    """The route of such a letter with its stations; None when no route in use holds."""
    rows = session.scalars(
        select(ApprovalRoute)
        .where(ApprovalRoute.active.is_(True), ApprovalRoute.stations.any())
        .order_by(ApprovalRoute.position, ApprovalRoute.id)
        .limit(200)
    ).all()
    routes = [Route(r.id, r.reply_kind, r.outcome, r.for_kind, r.position) for r in rows]
    picked = pick_route(routes, reply_kind=reply_kind, outcome=outcome, kind=kind)
    return next((r for r in rows if picked is not None and r.id == picked.pk), None)


def list_stations(session: Session, route_id: int) -> list[ApprovalRouteStep]:
    """The stations of a route in order, with the people they name."""
    return list(
        session.scalars(
            select(ApprovalRouteStep)
            .where(ApprovalRouteStep.route_id == route_id)
            .options(joinedload(ApprovalRouteStep.user))
            .order_by(ApprovalRouteStep.position, ApprovalRouteStep.id)
        )
    )


def station_of(step: ApprovalStep | ApprovalRouteStep) -> Station:
    """What the rules look at."""
    return Station(step.role, step.user_id)


def people_of_steps() -> tuple[Any, ...]:
    """Loader options: the people of a step come with it."""
    return joinedload(_S.by), joinedload(_S.user), joinedload(_S.deputy_for)


def list_steps(session: Session, reply_ids: Sequence[int]) -> list[ApprovalStep]:
    """Every step of these letters, round by round, with the people; one statement."""
    if not reply_ids:
        return []
    return list(
        session.scalars(
            select(_S)
            .where(_S.reply_id.in_(sorted(reply_ids)))
            .options(*people_of_steps())
            .order_by(_S.reply_id, _S.round, _S.position)
        )
    )


# --- figures ---------------------------------------------------------------------------------------
def count_steps(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of role, state, count."""
    stmt = select(_S.role.label("role"), _S.state.label("state"), func.count().label("count"))
    stmt = narrow(stmt.select_from(_S)).group_by(_S.role, _S.state)
    return [dict(row) for row in session.execute(stmt).mappings()]


def count_waiting_days(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of days, days_end (None: open), count: how long a paraf took from its turn on."""
    days = days_between(_S.waiting_since, _S.at)
    bounds = WAIT_BOUNDS
    group = case(
        *(
            (days < literal_column(str(end)), literal_column(str(start)))
            for start, end in pairwise(bounds)
        ),
        else_=literal_column(str(bounds[-1])),
    )
    stmt = (
        select(group.label("days_group"), func.count())
        .select_from(_S)
        .where(_S.at.is_not(None), _S.waiting_since.is_not(None))
    )
    counted = {int(low): n for low, n in session.execute(narrow(stmt).group_by("days_group"))}
    if not counted:
        return []
    ends: list[int | None] = [*bounds[1:], None]
    return [
        {"days": low, "days_end": end, "count": counted.get(low, 0)}
        for low, end in zip(bounds, ends, strict=True)
    ]


def count_routes_by_length(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of route_id, route, count of its stations."""
    stmt = (
        narrow(
            select(
                ApprovalRoute.id, ApprovalRoute.name, func.count(ApprovalRouteStep.id)
            ).select_from(ApprovalRoute)
        )
        .outerjoin(ApprovalRouteStep, ApprovalRouteStep.route_id == ApprovalRoute.id)
        .group_by(ApprovalRoute.id, ApprovalRoute.name)
    )
    return [{"route_id": pk, "route": name, "count": n} for pk, name, n in session.execute(stmt)]


def count_stations_by_role(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of role ("" for a named person), count."""
    column = ApprovalRouteStep.role
    stmt = select(column.label("role"), func.count().label("count")).select_from(ApprovalRouteStep)
    return [dict(row) for row in session.execute(narrow(stmt).group_by(column)).mappings()]


def has_been_asked(session: Session, application: Application) -> bool:
    """Whether the applicant was asked for more in this cycle."""
    steps = ApplicationEvent.__table__.c
    begun = (
        select(func.max(steps.id))
        .where(steps.application_id == application.id, steps.action == "reopen")
        .scalar_subquery()
    )
    found = session.execute(
        select(steps.id)
        .where(
            steps.application_id == application.id,
            steps.action == "request_information",
            steps.id > func.coalesce(begun, 0),
        )
        .limit(1)
    ).first()
    return found is not None
