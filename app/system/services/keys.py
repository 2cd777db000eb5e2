"""Making, renewing and revoking keys of machines, and noting their use; finding one is a query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.core import clock
from app.core.rules import N_, RuleViolation, Violation, collect
from app.core.text import clean
from app.system.models import ApiKey
from app.system.rules import (
    USE_NOTED_EVERY,
    api_key_violations,
    digest_of,
    is_use_due,
    make_key,
)

#: What people say about a key; all else is made.
FIELDS = (
    "name",
    "owner",
    "contact",
    "opens_open311",
    "opens_calls",
    "channel",
    "rate_limit",
    "active",
    "expires_on",
)


def create_key(
    session: Session, *, values: Mapping[str, Any], now: dt.datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key: its record and the key itself, which nobody can read again afterwards.

    RuleViolation with every broken rule; `values` are those of `FIELDS`.
    """
    moment = now or clock.now()
    given = {name: values[name] for name in FIELDS if name in values}
    for name in ("name", "owner", "contact"):
        given[name] = clean(str(given.get(name) or ""))
    if broken := collect(api_key_violations(given), expiry_violations(given, moment)):
        raise RuleViolation(broken)
    key = ApiKey(**given)
    secret = _give_secret(key, moment)
    session.add(key)
    session.flush()
    return key, secret


def expiry_violations(values: Mapping[str, Any], now: dt.datetime) -> tuple[Violation, ...]:
    """A new last day is not one that has passed."""
    day = values.get("expires_on")
    if day is None or day >= clock.to_local(now).date():
        return ()
    return (Violation("expires_on", N_("This day has passed already.")),)


def rotate_key(session: Session, *, key: ApiKey, now: dt.datetime | None = None) -> str:
    """Give a key a new secret and return it; the old one opens nothing from now on."""
    if key.revoked_at is not None:
        raise RuleViolation(Violation("", REVOKED_FOR_GOOD))
    secret = _give_secret(key, now or clock.now())
    session.flush()
    return secret


def revoke_key(
    session: Session, *, key: ApiKey, reason: str, now: dt.datetime | None = None
) -> ApiKey:
    """End a key for good; a second time changes nothing."""
    text = clean(reason)
    if key.revoked_at is not None:
        return key
    if not text:
        raise RuleViolation(Violation("revoked_reason", N_("Write why the key is revoked.")))
    key.revoked_at = now or clock.now()
    key.revoked_reason = text[:300]
    key.active = False
    session.flush()
    return key


def note_use(session: Session, key: ApiKey, *, now: dt.datetime | None = None) -> bool:
    """Note that a key was used, at most once a minute; whether a row was written.

    It passes by version and trail: that a program called is no change of its key.
    """
    moment = now or clock.now()
    if not is_use_due(key.last_used_at, moment):
        return False
    table = ApiKey.__table__.c
    stmt = (
        update(ApiKey.__table__)
        .where(
            table.id == key.id,
            or_(table.last_used_at.is_(None), table.last_used_at <= moment - USE_NOTED_EVERY),
        )
        .values(last_used_at=moment, changed_at=table.changed_at, changed_by_id=table.changed_by_id)
    )
    is_written = bool(session.connection().execute(stmt).rowcount)
    set_committed_value(key, "last_used_at", moment)
    return is_written


def _give_secret(key: ApiKey, now: dt.datetime) -> str:
    prefix, secret = make_key()
    key.prefix, key.secret_digest, key.issued_at = prefix, digest_of(secret), now
    return secret


REVOKED_FOR_GOOD = N_("A revoked key stays revoked; make a new one instead.")
