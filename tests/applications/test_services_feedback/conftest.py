"""Fixtures of these tests."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.applications.models import (
    OutcomeReason,
)
from app.applications.services.reasons import ensure_reasons
from app.data.files import read_rows
from tests.applications.test_services_feedback.support import setting


@pytest.fixture
def reasons(db):
    """Code → reason, as they ship."""
    ensure_reasons(db, read_rows("outcome_reasons.csv"))
    return {row.code: row for row in db.scalars(select(OutcomeReason))}


@pytest.fixture
def asked_all(db):
    setting(db, "survey_share_percent", 100)
