"""Finding the key of a machine, and keys in figures; making and ending them is a service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import Session

from app.core import clock
from app.system.models import ApiKey
from app.system.rules import (
    NO_DIGEST,
    KeyScope,
    KeyState,
    is_digest_of,
    prefix_of,
)


def find_key(
    session: Session, secret: str, scope: KeyScope | str, *, today: dt.date | None = None
) -> ApiKey | None:
    """The key that a program sent, if it opens `scope` today; None for every other.

    Unknown, wrong, paused, expired, revoked and opening something else are told apart nowhere, and
    take the same time. Noting that it was used is `services.keys.note_use`.
    """
    prefix = prefix_of(secret)
    row = session.scalars(select(ApiKey).where(ApiKey.prefix == (prefix or ""))).first()
    is_right = is_digest_of(row.secret_digest if row is not None else NO_DIGEST, secret)
    if row is None or not is_right or KeyScope(scope) not in row.scopes:
        return None
    return row if row.state_on(today or clock.today()) is KeyState.ACTIVE else None


def in_state(state: KeyState, today: dt.date) -> ColumnElement[bool]:
    """The condition for one state; together the four hold every key exactly once."""
    kept = ApiKey.revoked_at.is_(None)
    expired = and_(ApiKey.expires_on.is_not(None), ApiKey.expires_on < today)
    return {
        KeyState.REVOKED: ApiKey.revoked_at.is_not(None),
        KeyState.EXPIRED: and_(kept, expired),
        KeyState.PAUSED: and_(kept, ~expired, ApiKey.active.is_(False)),
        KeyState.ACTIVE: and_(kept, ~expired, ApiKey.active.is_(True)),
    }[state]


def keys_by_state(session: Session, narrow: Callable[[Any], Any]) -> Sequence[Mapping[str, Any]]:
    """Keys by state and channel: state, channel, n."""
    today = clock.today()
    state = case(
        *((in_state(one, today), literal(one.value)) for one in KeyState), else_=literal("")
    )
    rows = narrow(select(state.label("state"), ApiKey.channel.label("channel"))).subquery()
    stmt = select(rows.c.state, rows.c.channel, func.count().label("n"))
    grouped = session.execute(stmt.group_by(rows.c.state, rows.c.channel)).mappings()
    return [{**row, "state": KeyState(row["state"])} for row in grouped]
