"""Reads of the organisation room: the tree, who answers for a unit, who stands above."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from app.core.search import matches
from app.organisation.models import (
    Deputyship,
    District,
    Neighbourhood,
    Role,
    StaffUser,
    Unit,
    UnitLiaison,
)
from app.organisation.rules import (
    EscalationLevel,
    LiaisonRole,
    UnitKind,
    verbs_of_acts,
)

#: Narrows a statement of any columns, as the filters of a chart screen do.
Narrow = Callable[[Any], Any]


def _as_is(stmt: Any) -> Any:
    return stmt


def find_unit(session: Session, code: str) -> Unit | None:
    """The unit with this code."""
    return session.scalars(select(Unit).where(Unit.code == code)).first()


def find_subtree_ids(session: Session, unit_id: int) -> frozenset[int]:
    """Ids of a unit and everything below it; empty for an unknown unit."""
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id))
    if not path:
        return frozenset()
    return frozenset(session.scalars(select(Unit.id).where(Unit.path.startswith(path))))


def subtree_of(unit_id: int) -> Select[int]:
    """The same ids as a part of a larger statement."""
    root, below = aliased(Unit), aliased(Unit)
    path = select(root.path).where(root.id == unit_id).scalar_subquery()
    return select(below.id).where(below.path.like(path.concat("%")))


def find_ancestor_ids(session: Session, unit_id: int) -> list[int]:
    """Ids of a unit and the units above it, the unit itself first; empty for an unknown unit."""
    path = session.scalar(select(Unit.path).where(Unit.id == unit_id)) or ""
    return [int(part) for part in reversed(path.strip("/").split("/")) if part]


def find_liaisons(session: Session, unit_id: int) -> list[StaffUser]:
    """Active liaisons of a unit, main before deputy; the nearest unit above that has one stands in."""
    ancestors = find_ancestor_ids(session, unit_id)
    if not ancestors:
        return []
    rows = session.execute(
        select(UnitLiaison.unit_id, UnitLiaison.role, StaffUser)
        .join(StaffUser, UnitLiaison.user_id == StaffUser.id)
        .where(
            UnitLiaison.unit_id.in_(ancestors),
            UnitLiaison.active.is_(True),
            StaffUser.active.is_(True),
        )
        .order_by(UnitLiaison.id)
    ).all()
    for ancestor in ancestors:
        own = [(role, user) for unit, role, user in rows if unit == ancestor]
        if own:
            return [user for _role, user in sorted(own, key=lambda r: r[0] is not LiaisonRole.MAIN)]
    return []


def find_manager(session: Session, unit_id: int) -> StaffUser | None:
    """The active head of a unit; of the nearest unit above when it has none."""
    ancestors = find_ancestor_ids(session, unit_id)
    heads = dict(
        session.execute(
            select(Unit.id, StaffUser)
            .join(StaffUser, Unit.manager_id == StaffUser.id)
            .where(Unit.id.in_(ancestors), StaffUser.active.is_(True))
        ).all()
    )
    return next((heads[a] for a in ancestors if a in heads), None)


def find_users_with_role(session: Session, role: str) -> list[StaffUser]:
    """Active users who hold a role, by name."""
    return list(
        session.scalars(
            select(StaffUser)
            .where(StaffUser.active.is_(True), StaffUser.roles.any(Role.name == role))
            .order_by(StaffUser.first_name, StaffUser.last_name, StaffUser.id)
        )
    )


def find_escalation_chain(
    session: Session, unit_id: int
) -> list[tuple[EscalationLevel, StaffUser]]:
    """Who is told, step by step, when a unit does not answer; nobody stands in it twice.

    Liaison, head of the unit, branch manager of the directorate, department head. A step that
    nobody fills is missing; the first liaison stands for all of them.
    """
    steps: list[tuple[EscalationLevel, StaffUser | None]] = [
        (EscalationLevel.LIAISON, next(iter(find_liaisons(session, unit_id)), None)),
        (EscalationLevel.UNIT_MANAGER, find_manager(session, unit_id)),
        (EscalationLevel.BRANCH_MANAGER, _first(find_users_with_role(session, "branch_mgr"))),
        (EscalationLevel.DEPARTMENT_HEAD, _first(find_users_with_role(session, "dept_head"))),
    ]
    chain: list[tuple[EscalationLevel, StaffUser]] = []
    for level, user in steps:
        if user is not None and user.id not in {known.id for _level, known in chain}:
            chain.append((level, user))
    return chain


def _first(users: Sequence[StaffUser]) -> StaffUser | None:
    return users[0] if users else None


# --- deputyship ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Running:
    """A deputyship that runs on a day, as the security manager needs it; `verbs` None: all."""

    principal_id: int
    name: str
    title: str
    unit_id: int | None
    role_ids: tuple[int, ...]
    role_names: frozenset[str]
    verbs: frozenset[str] | None
    to_on: dt.date


def runs_on(day: dt.date) -> ColumnElement[bool]:
    """Not taken back, and the day lies between its first and last one."""
    return and_(Deputyship.active.is_(True), Deputyship.from_on <= day, Deputyship.to_on >= day)


def find_running_deputyships(session: Session, deputy_id: int, day: dt.date) -> list[Running]:
    """For whom somebody stands in on a day; whose account is closed has nothing to hand over."""
    rows = session.scalars(
        select(Deputyship)
        .join(Deputyship.principal)
        .where(Deputyship.deputy_id == deputy_id, runs_on(day), StaffUser.active.is_(True))
        .options(joinedload(Deputyship.principal).selectinload(StaffUser.roles))
        .order_by(Deputyship.from_on, Deputyship.id)
    )
    return [
        Running(
            principal_id=row.principal_id,
            name=str(row.principal),
            title=row.principal.title,
            unit_id=row.principal.unit_id,
            role_ids=tuple(sorted(role.id for role in row.principal.roles)),
            role_names=frozenset(role.name for role in row.principal.roles),
            verbs=verbs_of_acts(row.acts),
            to_on=row.to_on,
        )
        for row in rows
    ]


def find_deputies(
    session: Session, principal_ids: Collection[int], day: dt.date
) -> list[StaffUser]:
    """Who stands in for these people on a day, so that they are told what their principals are."""
    if not principal_ids:
        return []
    return list(
        session.scalars(
            select(StaffUser)
            .join(Deputyship, Deputyship.deputy_id == StaffUser.id)
            .where(
                Deputyship.principal_id.in_(sorted(principal_ids)),
                runs_on(day),
                StaffUser.active.is_(True),
            )
            .order_by(StaffUser.id)
        )
    )


def list_deputyships_of(session: Session, user_id: int, day: dt.date) -> list[Deputyship]:
    """Deputyships of a person on either side that run or are still to come."""
    return list(
        session.scalars(
            select(Deputyship)
            .where(
                or_(Deputyship.principal_id == user_id, Deputyship.deputy_id == user_id),
                Deputyship.active.is_(True),
                Deputyship.to_on >= day,
            )
            .options(joinedload(Deputyship.principal), joinedload(Deputyship.deputy))
            .order_by(Deputyship.from_on, Deputyship.id)
            .limit(20)
        )
    )


def list_deputy_days(
    session: Session, first: dt.date, last: dt.date, narrow: Narrow = _as_is
) -> list[dict[str, Any]]:
    """Rows of day, principal, deputy, count (always 1) for each day on which somebody stands in."""
    principal, deputy = aliased(StaffUser), aliased(StaffUser)
    stmt = (
        select(
            Deputyship.id,
            Deputyship.from_on,
            Deputyship.to_on,
            principal.first_name,
            principal.last_name,
            deputy.first_name,
            deputy.last_name,
        )
        .join(principal, Deputyship.principal_id == principal.id)
        .join(deputy, Deputyship.deputy_id == deputy.id)
        .where(Deputyship.active.is_(True), Deputyship.from_on <= last, Deputyship.to_on >= first)
        .order_by(Deputyship.from_on, Deputyship.id)
        .limit(60)
    )
    rows = []
    for pk, start, end, *names in session.execute(narrow(stmt)):
        who = f"{names[0]} {names[1]} → {names[2]} {names[3]}"
        day, until = max(start, first), min(end, last)
        while day <= until:
            rows.append({"deputyship_id": pk, "day": day, "who": who, "count": 1})
            day += dt.timedelta(days=1)
    return rows


def count_deputyships_by_person(session: Session, narrow: Narrow = _as_is) -> list[dict[str, Any]]:
    """Rows of principal_id, principal, count of deputyships."""
    stmt = (
        narrow(
            select(
                StaffUser.id,
                StaffUser.first_name,
                StaffUser.last_name,
                func.count(Deputyship.id),
            ).select_from(Deputyship)
        )
        .join(StaffUser, Deputyship.principal_id == StaffUser.id)
        .group_by(StaffUser.id, StaffUser.first_name, StaffUser.last_name)
    )
    return [
        {"principal_id": pk, "principal": f"{first} {name}", "count": n}
        for pk, first, name, n in session.execute(stmt)
    ]


def find_units(session: Session, query: str, limit: int) -> list[Unit]:
    """Units in use whose name or code holds the words."""
    stmt = select(Unit).where(matches(Unit.search_text, query), Unit.active.is_(True))
    return list(session.scalars(stmt.order_by(Unit.path).limit(limit)))


def find_staff(session: Session, query: str, limit: int) -> list[StaffUser]:
    """Active staff whose name, title or user name holds the words."""
    stmt = select(StaffUser).where(
        matches(StaffUser.search_text, query), StaffUser.active.is_(True)
    )
    return list(session.scalars(stmt.order_by(StaffUser.search_text).limit(limit)))


def list_roles(session: Session) -> list[tuple[int, str]]:
    """(id, code) of every role except FAB's public one."""
    rows = session.execute(
        select(Role.id, Role.name).where(Role.name != "Public").order_by(Role.name)
    )
    return [(pk, name) for pk, name in rows]


# --- grouped figures for charts ----------------------------------------------------------------
def count_units_by_kind(session: Session, narrow: Narrow = _as_is) -> list[dict[str, Any]]:
    """kind, count."""
    stmt = narrow(select(Unit.kind, func.count(Unit.id))).group_by(Unit.kind)
    return [{"kind": UnitKind(kind).value, "count": n} for kind, n in session.execute(stmt)]


def count_staff_by_unit(session: Session, narrow: Narrow = _as_is) -> list[dict[str, Any]]:
    """unit_id, unit, count of active staff."""
    stmt = (
        narrow(select(Unit.id, Unit.short_name, func.count(StaffUser.id)).select_from(Unit))
        .join(StaffUser, StaffUser.unit_id == Unit.id)
        .where(StaffUser.active.is_(True))
        .group_by(Unit.id, Unit.short_name)
    )
    return [{"unit_id": pk, "unit": name, "count": n} for pk, name, n in session.execute(stmt)]


def count_staff_by_role(session: Session, narrow: Narrow = _as_is) -> list[dict[str, Any]]:
    """role, count of active staff."""
    stmt = (
        narrow(select(Role.name, func.count(StaffUser.id)).select_from(StaffUser))
        .join(StaffUser.roles)
        .where(StaffUser.active.is_(True))
        .group_by(Role.name)
    )
    return [{"role": name, "count": n} for name, n in session.execute(stmt)]


def count_liaisons_by_role(session: Session, narrow: Narrow = _as_is) -> list[dict[str, Any]]:
    """role, count."""
    stmt = narrow(select(UnitLiaison.role, func.count(UnitLiaison.id))).group_by(UnitLiaison.role)
    return [{"role": LiaisonRole(role).value, "count": n} for role, n in session.execute(stmt)]


def list_district_weights(session: Session, narrow: Narrow = _as_is) -> list[dict[str, Any]]:
    """district_id, district, share of the people in percent."""
    stmt = narrow(select(District.id, District.name, District.weight))
    return [{"district_id": i, "district": n, "share": w / 10} for i, n, w in session.execute(stmt)]


def count_neighbourhoods_by_district(
    session: Session, narrow: Narrow = _as_is
) -> list[dict[str, Any]]:
    """district_id, district, count of neighbourhoods."""
    stmt = (
        narrow(
            select(District.id, District.name, func.count(Neighbourhood.id)).select_from(
                Neighbourhood
            )
        )
        .join(District, Neighbourhood.district_id == District.id)
        .group_by(District.id, District.name)
    )
    return [{"district_id": i, "district": n, "count": c} for i, n, c in session.execute(stmt)]
