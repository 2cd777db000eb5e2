"""Fixtures of these tests."""

from __future__ import annotations

from typing import Any

import pytest

from app.applications.services import imports


@pytest.fixture
def house(db: Any, tmp_path: Any) -> Any:
    """A session with topics, districts and the shipped mappings."""
    from app.core import places
    from app.data import seed

    places.set_folders(tmp_path, tmp_path / "files")
    seed.load_reference(db)
    imports.ensure_shipped(db)
    db.commit()
    return db
