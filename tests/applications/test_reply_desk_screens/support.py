"""The reply desk over HTTP: letters, turns, deputies, templates, checks, versions, batches, petitions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.applications.rules import (
    State,
)
from app.models import (
    Application,
    StaffUser,
)


def case_in(session: Any, state: State, *conditions: Any) -> Application:
    stmt = select(Application).where(
        Application.state == state,
        Application.is_restricted.is_(False),
        Application.citizen_id.is_not(None),
        *conditions,
    )
    found = session.scalars(stmt.order_by(Application.id.desc()).limit(1)).first()
    assert found is not None
    return found


def user(session: Any, name: str) -> StaffUser:
    return session.scalars(select(StaffUser).where(StaffUser.username == name)).one()
