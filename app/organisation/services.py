"""Writes of the organisation room: the tree of units, accounts and their passwords, deputies."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session
from werkzeug.security import generate_password_hash

from app.core.passwords import password_violations
from app.core.rules import N_, RuleViolation, Violation, collect
from app.core.text import format_date
from app.organisation.models import Deputyship, Role, StaffUser, Unit
from app.organisation.rules import (
    StandIn,
    UnitKind,
    circle_violations,
    deputyship_violations,
    is_in_subtree,
    overlap_violations,
    segregation_violations,
    staff_violations,
    unit_violations,
)
from app.system.services import outbox, settings

#: Same cost as FAB_PASSWORD_HASH_METHOD; sign-in renews a hash that is weaker. Source: ASVS 11.4.2.
HASH_METHOD = "scrypt:131072:8:1"
#: A hash that no password can have: the person cannot sign in until one is set.
NO_PASSWORD = "!"  # noqa: S105  # It is the absence of a password.


# --- units -------------------------------------------------------------------------------------
def create_unit(
    session: Session,
    *,
    code: str,
    name: str,
    kind: UnitKind,
    parent_id: int | None = None,
    **more: Any,
) -> Unit:
    """Add a unit below `parent_id`; `more` are further columns. Raises RuleViolation."""
    values = {"code": code, "name": name, "kind": kind, "parent_id": parent_id, **more}
    _refuse(unit_violations(values))
    unit = Unit(**values)
    session.add(unit)
    session.flush()
    return settle_unit(session, unit=unit)


def rename_unit(session: Session, *, unit: Unit, name: str, short_name: str = "") -> Unit:
    """Give a unit a new name; its code and its place stay."""
    _refuse(unit_violations({"name": name}))
    unit.name, unit.short_name = name, short_name or unit.short_name
    return settle_unit(session, unit=unit)


def move_unit(session: Session, *, unit: Unit, parent_id: int | None) -> Unit:
    """Hang a unit with everything below it under another one. Raises RuleViolation on a circle."""
    unit.parent_id = parent_id
    return settle_unit(session, unit=unit)


def settle_unit(session: Session, *, unit: Unit) -> Unit:
    """Bring `path` in line with `parent_id`, for the whole subtree, and renew the caches.

    Raises RuleViolation when the unit would stand below itself.
    """
    state: Any = inspect(unit)
    if not state.persistent:
        # A new row has no key yet, and the key is part of the path.
        session.flush()
    with session.no_autoflush:
        parent = session.get(Unit, unit.parent_id) if unit.parent_id else None
    old, new = unit.path, f"{parent.path if parent else '/'}{unit.id}/"
    if parent is not None and (parent.id == unit.id or is_in_subtree(parent.path, old)):
        raise RuleViolation(
            Violation(
                "parent", N_("A unit cannot stand below itself or below one of its own units.")
            )
        )
    if old != new:
        unit.path = new
        session.flush()
        if old:
            _move_below(session, old, new)
    session.flush()
    settings.bump_stamp(session)
    return unit


def _move_below(session: Session, old: str, new: str) -> None:
    for below in session.scalars(select(Unit).where(Unit.path.startswith(old))):
        below.path = new + below.path.removeprefix(old)
    session.flush()


# --- staff -------------------------------------------------------------------------------------
def create_staff_user(
    session: Session,
    *,
    username: str,
    first_name: str,
    last_name: str,
    email: str,
    role_names: Iterable[str],
    password: str | None = None,
    **more: Any,
) -> StaffUser:
    """Add an account; without a password nobody can sign in with it yet. Raises RuleViolation."""
    roles = frozenset(role_names)
    values = {
        "username": username,
        "first_name": first_name,
        "last_name": last_name,
        "email": email,
        "role_names": sorted(roles),
    }
    bad_password = password_violations(password, username, "new_password") if password else ()
    _refuse(
        staff_violations(values),
        segregation_violations(roles),
        _taken(session, username=username, email=email),
        bad_password,
    )
    user = StaffUser(
        username=username,
        first_name=first_name,
        last_name=last_name,
        email=email,
        active=True,
        password=hash_password(password) if password else NO_PASSWORD,
        session_stamp=_new_stamp(),
        **more,
    )
    user.roles = find_roles(session, roles)
    session.add(user)
    session.flush()
    settings.bump_stamp(session)
    return user


def change_staff_user(session: Session, *, user: StaffUser, values: Mapping[str, Any]) -> StaffUser:
    """Write changed columns and `role_names`; a change of roles or of `active` ends the sessions."""
    roles = frozenset(values.get("role_names", user.role_names))
    checked = {k: v for k, v in values.items() if k not in {"new_password"}}
    names = {"username": user.username, "email": user.email} | {
        k: values[k] for k in ("username", "email") if k in values
    }
    _refuse(
        staff_violations(checked),
        segregation_violations(roles),
        _taken(session, **names, except_id=user.id),
    )
    was_active = _stored(user, "active")
    changed_roles = roles != frozenset(user.role_names)
    for key, value in values.items():
        if key not in {"role_names", "new_password"}:
            setattr(user, key, value)
    if changed_roles:
        user.roles = find_roles(session, roles)
    if changed_roles or user.active != was_active:
        end_sessions(user)
    session.flush()
    settings.bump_stamp(session)
    return user


def deactivate_staff_user(session: Session, *, user: StaffUser) -> StaffUser:
    """Close an account; what the person did stays, open sessions end at once."""
    user.active = False
    end_sessions(user)
    session.flush()
    settings.bump_stamp(session)
    return user


def set_password(session: Session, *, user: StaffUser, password: str) -> StaffUser:
    """Set a password, end the sessions and unlock the account. Raises RuleViolation if it is weak."""
    _refuse(password_violations(password, user.username, "new_password"))
    user.password = hash_password(password)
    user.failed_logins, user.locked_until = 0, None
    end_sessions(user)
    session.flush()
    return user


def hash_password(password: str) -> str:
    """The hash that is stored. Source: ASVS 11.4.2."""
    return generate_password_hash(password, HASH_METHOD)


def end_sessions(user: StaffUser) -> None:
    """Give the account a new stamp: every cookie and token of before dies. Source: trust promise 9."""
    user.session_stamp = _new_stamp()


def find_roles(session: Session, names: Iterable[str]) -> list[Role]:
    """The role rows; raises RuleViolation for a name that does not exist."""
    wanted = set(names)
    found = list(session.scalars(select(Role).where(Role.name.in_(wanted)).order_by(Role.name)))
    if missing := wanted - {role.name for role in found}:
        raise RuleViolation(
            Violation(
                "role_names",
                N_("There is no role %(names)s."),
                {"names": ", ".join(sorted(missing))},
            )
        )
    return found


def _taken(
    session: Session, *, username: str, email: str, except_id: int | None = None
) -> list[Violation]:
    with session.no_autoflush:
        rows = session.execute(
            select(StaffUser.id, StaffUser.username, StaffUser.email).where(
                (StaffUser.username == username) | (StaffUser.email == email)
            )
        ).all()
    others = [row for row in rows if row.id != except_id]
    found = []
    if any(row.username == username for row in others):
        found.append(Violation("username", N_("Somebody else has this user name.")))
    if any(row.email == email for row in others):
        found.append(Violation("email", N_("Somebody else has this e-mail address.")))
    return found


# --- deputyship ----------------------------------------------------------------------------------
#: Turns a msgid into the language of the house; the edge hands in gettext.
Translate = Callable[[str], str]

_TOLD_DEPUTY = N_("You stand in for %(principal)s from %(first)s to %(last)s")
_TOLD_PRINCIPAL = N_("%(deputy)s stands in for you from %(first)s to %(last)s")


def settle_deputyship(
    session: Session, *, deputyship: Deputyship, translate: Translate = str
) -> Deputyship:
    """Store a new or changed deputyship, renew every cache of rights and tell both people.

    Raises RuleViolation for one's own person, days out of order, a second deputy on one day, or a
    circle. Two at once wait for each other at the principal's account.
    """
    with session.no_autoflush:
        _refuse(
            deputyship_violations(
                {
                    name: getattr(deputyship, name)
                    for name in ("principal_id", "deputy_id", "from_on", "to_on", "reason", "acts")
                }
            )
        )
        people = (deputyship.principal_id, deputyship.deputy_id)
        found = session.scalars(
            select(StaffUser).where(StaffUser.id.in_(people)).with_for_update(of=StaffUser)
        ).unique()
        if sum(user.active for user in found) < len(set(people)):
            raise RuleViolation(Violation("deputy", N_("Both people need an open account.")))
        if deputyship.active:
            new, others = _stand_in(deputyship), _stand_ins(session, deputyship)
            _refuse(overlap_violations(new, others), circle_violations(new, others))
    session.add(deputyship)
    session.flush()
    settings.bump_stamp(session)
    if deputyship.active:
        _tell_deputyship(session, deputyship, translate)
    return deputyship


def end_deputyship(session: Session, *, deputyship: Deputyship, today: dt.date) -> Deputyship:
    """Take a deputyship back: it ends at once, and what was done under it stays as it is."""
    if deputyship.to_on < today:
        raise RuleViolation(Violation("", N_("This deputyship has ended already.")))
    yesterday = today - dt.timedelta(days=1)
    if deputyship.from_on <= yesterday:
        deputyship.to_on = yesterday
    else:
        deputyship.active = False
    session.flush()
    settings.bump_stamp(session)
    return deputyship


def _stand_in(row: Deputyship) -> StandIn:
    return StandIn(row.principal_id, row.deputy_id, row.from_on, row.to_on, row.id)


def _stand_ins(session: Session, row: Deputyship) -> list[StandIn]:
    """Every other deputyship that shares a day with this one."""
    rows = select(
        Deputyship.principal_id,
        Deputyship.deputy_id,
        Deputyship.from_on,
        Deputyship.to_on,
        Deputyship.id,
    ).where(
        Deputyship.active.is_(True),
        Deputyship.from_on <= row.to_on,
        Deputyship.to_on >= row.from_on,
    )
    return [StandIn(*values) for values in session.execute(rows) if values.id != row.id]


def _tell_deputyship(session: Session, row: Deputyship, translate: Translate) -> None:
    days = {"first": format_date(row.from_on), "last": format_date(row.to_on)}
    principal = session.get_one(StaffUser, row.principal_id)
    deputy = session.get_one(StaffUser, row.deputy_id)
    for user, words in (
        (deputy, translate(_TOLD_DEPUTY) % {"principal": principal, **days}),
        (principal, translate(_TOLD_PRINCIPAL) % {"deputy": deputy, **days}),
    ):
        outbox.notify_user(
            session,
            user_id=user.id,
            subject=words,
            body=row.reason,
            url="/profile/",
            owner_type="Deputyship",
            owner_id=row.id,
            template="deputyship",
            dedupe_key=f"deputyship:{row.id}:{row.version}:{user.id}",
        )


def _stored(user: StaffUser, name: str) -> Any:
    """What the database holds, even when a form has written the attribute already."""
    history: Any = inspect(user).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(user, name)


def _new_stamp() -> str:
    return secrets.token_urlsafe(18)


def _refuse(*rules: Iterable[Violation]) -> None:
    if broken := collect(*rules):
        raise RuleViolation(broken)
