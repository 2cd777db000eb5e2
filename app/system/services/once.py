"""Inserts a row unless its dedupe key exists; no rule about what the key means lives here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Row = TypeVar("Row")


def insert_once(session: Session, model: type[Row], values: Mapping[str, Any]) -> Row | None:
    """Insert a row and return it; None when another row already carries its `dedupe_key`.

    One statement decides, so that two writers of the same key leave exactly one row, and the loser's
    transaction stays usable. A row without a key is always new.
    """
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = (
        insert(model)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
        .returning(model)
    )
    return session.scalars(statement).one_or_none()
