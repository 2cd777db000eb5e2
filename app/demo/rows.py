"""What every loader of demo records needs to write many rows: stamps, and inserts in portions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

Row = dict[str, Any]

_CHUNK = 1_000


def stamp(at: dt.datetime, user_id: int | None) -> Row:
    """Return who made a record and when, as its columns are named."""
    return {
        "created_at": at, "changed_at": at, "created_by_id": user_id, "changed_by_id": user_id,
        "version": 1,
    }  # fmt: skip


def insert_rows(session: Session, model: Any, rows: Sequence[Row]) -> None:
    """Insert the rows in statements of a thousand; no rows, no statement."""
    for start in range(0, len(rows), _CHUNK):
        session.connection().execute(insert(model.__table__), list(rows[start : start + _CHUNK]))
