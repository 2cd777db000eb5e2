"""Grouped figures of the files of a switch that were brought in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.frontdesk.models import CallImport, CallMapping

#: Adds conditions to a statement, whatever its columns are.
Narrow = Callable[[Any], Any]


def everything(stmt: Any) -> Any:
    """Narrow nothing."""
    return stmt


def list_batch_rows(
    session: Session, narrow: Narrow = everything, limit: int = 20
) -> list[dict[str, Any]]:
    """Rows of batch_id, batch, outcome (created, known, rejected), count; the newest imports."""
    stmt = select(
        CallImport.id,
        CallImport.file_name,
        CallImport.created_rows,
        CallImport.known_rows,
        CallImport.rejected_rows,
    ).order_by(CallImport.id.desc())
    return [
        {"batch_id": pk, "batch": f"{pk} · {name}", "outcome": outcome, "count": n}
        for pk, name, *counts in session.execute(narrow(stmt).limit(limit))
        for outcome, n in zip(("created", "known", "rejected"), counts, strict=True)
    ]


def count_rows_by_mapping(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of mapping_id, mapping, count of calls taken over with it."""
    stmt = (
        select(
            CallMapping.id, CallMapping.name, func.coalesce(func.sum(CallImport.created_rows), 0)
        )
        .select_from(CallMapping)
        .outerjoin(CallImport, CallImport.mapping_id == CallMapping.id)
        .group_by(CallMapping.id, CallMapping.name)
    )
    return [
        {"mapping_id": pk, "mapping": name, "count": int(n)}
        for pk, name, n in session.execute(narrow(stmt))
    ]
