"""Fixtures of these tests."""

from __future__ import annotations

from typing import Any

import pytest

from app.applications.models import (
    Application,
)
from tests.applications.test_information_screens.support import register


@pytest.fixture
def asked(session: Any) -> Application:
    return register(session)
