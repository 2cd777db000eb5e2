"""Fixtures of these tests."""

from __future__ import annotations

import pytest

from app.applications.queries.information import list_grounds
from app.data.information import load_information
from tests.applications.office import MONDAY


@pytest.fixture
def law(db):
    """Articles and report lines as `flask seed` loads them."""
    load_information(db)
    return {ground.code: ground.id for ground in list_grounds(db, MONDAY.date())}
