"""Reads of the people room: who is calling, and figures without names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, String, false, func, or_, select, text, type_coerce
from sqlalchemy.orm import Session

from app.core.acting import Actor
from app.core.identifiers import is_national_id, parse_phone
from app.core.search import like_escape, matches
from app.core.text import fold, sort_key
from app.organisation.models import District
from app.people.models import Citizen, Institution
from app.people.rules import CitizenKind, InstitutionKind, phone_prefix

#: Narrows a statement of any columns, as the filters of a chart screen do.
Narrow = Callable[[Any], Any]

#: Roles that see only what was sent to their own unit. Source: domain facts 9.
UNIT_ROLES = frozenset({"unit_liaison", "unit_manager"})


def _as_is(stmt: Any) -> Any:
    return stmt


# --- row scope -----------------------------------------------------------------------------------
def is_bound_to_unit(actor: Actor) -> bool:
    """Whether the actor sees only what concerns the own unit."""
    return bool(actor.roles) and actor.roles <= UNIT_ROLES


def visible_citizens(actor: Actor) -> ColumnElement[bool] | None:
    """Scope rule of Citizen: liaisons see applicants of their unit's cases, others need a verb.

    The tables of the room above are named through the metadata: importing them would turn the
    order of the rooms round.
    """
    if not (actor.may("read", "Citizen") or actor.may("lookup", "Citizen")):
        return false()
    if not is_bound_to_unit(actor):
        return None
    cases = Citizen.metadata.tables["applications_application"].c
    sent = Citizen.metadata.tables["applications_assignment"].c
    theirs = (
        select(cases.citizen_id)
        .join(sent.unit_id.table, sent.application_id == cases.id)
        .where(
            sent.unit_id.in_(actor.unit_ids),
            # As with the cases themselves: what a unit gave back is no longer its business.
            type_coerce(sent.state, String).not_in(("returned", "cancelled")),
            cases.citizen_id.is_not(None),
        )
    )
    return Citizen.id.in_(theirs)


SCOPES = {Citizen: visible_citizens}


# --- finding ---------------------------------------------------------------------------------------
def find_citizens(session: Session, query: str, limit: int = 10) -> list[Citizen]:
    """Applicants by telephone (whole or its beginning), identity number, e-mail or name.

    A name is folded, so `isik` finds IŞIK; words may stand in any order, and names that begin as
    typed come first. Each branch reads one index and stops at `limit` rows.
    """
    typed = query.strip()[:100]
    digits = re.sub(r"[^0-9]", "", typed)
    if is_national_id(digits) and not typed.startswith("+"):
        found = _first_rows(session, Citizen.national_id == digits, limit)
        if found:
            return found
    if "@" in typed:
        return _first_rows(session, Citizen.email == typed, limit)
    if (prefix := phone_prefix(typed)) is not None:
        return _find_by_phone(session, parse_phone(typed) or prefix, limit)
    return _find_by_name(session, typed, limit)


def number_conditions(query: str) -> list[ColumnElement[bool]]:
    """Conditions for a query of figures: an identity number or the beginning of a telephone."""
    digits = re.sub(r"[^0-9]", "", query)
    found: list[ColumnElement[bool]] = (
        [Citizen.national_id == digits] if is_national_id(digits) else []
    )
    if (prefix := phone_prefix(query)) is not None:
        number = parse_phone(query)
        found += [
            _is_phone(c, number or prefix, whole=number is not None)
            for c in (Citizen.phone, Citizen.phone2)
        ]
    return found


def _find_by_phone(session: Session, number: str, limit: int) -> list[Citizen]:
    whole = parse_phone(number) == number
    found = _first_rows(session, _is_phone(Citizen.phone, number, whole=whole), limit)
    if len(found) < limit:
        # Said in the words of the partial index, so that a prepared statement may use it too.
        second: list[Any] = [text("phone2 <> ''"), _is_phone(Citizen.phone2, number, whole=whole)]
        known = {citizen.id for citizen in found}
        more = session.scalars(select(Citizen).where(*second).limit(limit))
        found += [citizen for citizen in more if citizen.id not in known]
    return found[:limit]


def _is_phone(column: Any, number: str, *, whole: bool) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = column == number if whole else column.like(f"{number}%")
    return condition


def _find_by_name(session: Session, typed: str, limit: int) -> list[Citizen]:
    folded = fold(typed)
    if len(folded) < 2:
        return []
    beginning = Citizen.search_text.like(f"{like_escape(folded)}%", escape="\\")
    found = _first_rows(session, beginning, limit)
    if len(found) < limit:
        known = {citizen.id for citizen in found}
        more = _first_rows(session, matches(Citizen.search_text, typed), limit + len(found))
        rest = [citizen for citizen in more if citizen.id not in known]
        found += sorted(rest, key=lambda c: sort_key(c.full_name))
    return found[:limit]


def _first_rows(session: Session, condition: Any, limit: int) -> list[Citizen]:
    return list(session.scalars(select(Citizen).where(condition).limit(limit)))


def find_same_person(
    session: Session, *, national_id: str, phone: str, email: str, name: str
) -> Citizen | None:
    """The applicant who is meant by what was typed, or None.

    An identity number decides alone. A telephone or an e-mail is often shared in a family, so the
    name must agree as well, unless none was given.
    """
    if national_id:
        by_number = session.scalars(
            select(Citizen).where(Citizen.national_id == national_id)
        ).first()
        if by_number is not None:
            return by_number
    contacts = []
    if phone:
        contacts += [Citizen.phone == phone, (Citizen.phone2 != "") & (Citizen.phone2 == phone)]
    if email:
        contacts.append(Citizen.email == email)
    if not contacts:
        return None
    rows = session.scalars(select(Citizen).where(or_(*contacts)).order_by(Citizen.id).limit(50))
    wanted = fold(name)
    return next(
        (
            row
            for row in rows
            if (not wanted or fold(row.full_name) == wanted)
            and not (national_id and row.national_id and row.national_id != national_id)
        ),
        None,
    )


def find_institutions(session: Session, query: str, limit: int) -> list[Institution]:
    """Counterparts in use whose name holds the words."""
    stmt = select(Institution).where(matches(Institution.search_text, query))
    stmt = stmt.where(Institution.active.is_(True)).order_by(Institution.name).limit(limit)
    return list(session.scalars(stmt))


def find_district_municipality(session: Session, district_id: int) -> Institution | None:
    """The municipality of a district: what is its task is passed to it (5216 m.7; 3071 m.5)."""
    return session.scalars(
        select(Institution).where(
            Institution.district_id == district_id,
            Institution.kind == InstitutionKind.DISTRICT_MUNICIPALITY,
            Institution.active.is_(True),
        )
    ).first()


# --- grouped figures for charts --------------------------------------------------------------------
def count_citizens_by_district(session: Session, narrow: Narrow = _as_is) -> list[dict[str, Any]]:
    """district_id, district, count of applicants who live there."""
    stmt = (
        narrow(select(District.id, District.name, func.count(Citizen.id)).select_from(Citizen))
        .join(District, Citizen.district_id == District.id)
        .group_by(District.id, District.name)
    )
    return [{"district_id": i, "district": n, "count": c} for i, n, c in session.execute(stmt)]


def count_citizens_by_kind(session: Session, narrow: Narrow = _as_is) -> list[dict[str, Any]]:
    """kind, count."""
    stmt = narrow(select(Citizen.kind, func.count(Citizen.id))).group_by(Citizen.kind)
    return [{"kind": CitizenKind(kind).value, "count": n} for kind, n in session.execute(stmt)]


def count_institutions_by_kind(session: Session, narrow: Narrow = _as_is) -> list[dict[str, Any]]:
    """kind, count."""
    stmt = narrow(select(Institution.kind, func.count(Institution.id))).group_by(Institution.kind)
    return [{"kind": InstitutionKind(kind).value, "count": n} for kind, n in session.execute(stmt)]
