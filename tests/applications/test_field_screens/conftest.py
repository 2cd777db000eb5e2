"""Fixtures of these tests."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.core import clock
from app.models import FieldVisit, StaffUser


@pytest.fixture
def officer(session: Any) -> StaffUser:
    return session.scalars(select(StaffUser).where(StaffUser.username == "birim")).one()


@pytest.fixture
def visit(session: Any, officer: StaffUser) -> FieldVisit:
    """A stop of today of the unit's account."""
    stmt = select(FieldVisit).where(
        FieldVisit.officer_id == officer.id,
        FieldVisit.state == "planned",
        FieldVisit.planned_on == clock.today(),
    )
    return session.scalars(stmt.order_by(FieldVisit.position)).first()
