"""Fixtures of these tests."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def key(session: Any) -> Any:
    """A key for Open311: (record, what opens)."""
    from app.system.services import keys

    made = keys.create_key(
        session,
        values={"name": "Uygulama", "owner": "Şirket", "opens_open311": True, "rate_limit": 600},
    )
    session.commit()
    return made


@pytest.fixture
def secret(key: Any) -> str:
    return str(key[1])
