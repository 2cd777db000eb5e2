"""Fixtures of these tests."""

from __future__ import annotations

from typing import Any

import pytest

from tests.applications.test_information_report.support import plant


@pytest.fixture
def year(session: Any) -> dict[int, int]:
    return plant(session)
