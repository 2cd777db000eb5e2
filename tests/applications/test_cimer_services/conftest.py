"""Fixtures of these tests."""

from __future__ import annotations

import pytest


@pytest.fixture
def officer(office):
    return office.actor("cimer")
