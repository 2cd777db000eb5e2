"""Messages and reminders are written about records whose readers the house knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.system.queries.scopes import classes_without_messages
from app.system.services.once import Row, insert_once


def insert_about(session: Session, model: type[Row], values: Mapping[str, Any]) -> Row | None:
    """As `insert_once`, for a row with the owner it is about.

    ValueError when the owner's class has a row scope and no room declares it in `Room.subjects`:
    nobody would ever see the row.
    """
    if values["owner_type"] in classes_without_messages():
        raise ValueError(f"no room declares {values['owner_type']} as a subject of messages")
    return insert_once(session, model, values)
