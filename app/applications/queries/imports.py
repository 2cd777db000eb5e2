"""Reads about imports: refused rows, their reasons, and what the applications of one import span."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.applications.models import Application, ImportMapping, ImportRow


def iter_refused_rows(session: Session, batch_id: int) -> Iterator[Row[Any]]:
    """row_no, values, reasons of the refused rows, in the order of the file, read as they go."""
    stmt = (
        select(ImportRow.row_no, ImportRow.values, ImportRow.reasons)
        .where(ImportRow.batch_id == batch_id)
        .order_by(ImportRow.row_no, ImportRow.id)
    )
    yield from session.execute(stmt.execution_options(yield_per=500))


def list_refused_rows(session: Session, batch_id: int, limit: int = 50) -> list[ImportRow]:
    """The first refused rows of an import."""
    stmt = (
        select(ImportRow)
        .where(ImportRow.batch_id == batch_id)
        .order_by(ImportRow.row_no, ImportRow.id)
        .limit(limit)
    )
    return list(session.scalars(stmt))


def count_reasons(session: Session, batch_id: int) -> list[tuple[str, str, Mapping[str, Any], int]]:
    """(field, msgid, what fills it in one row, rows) of the refused rows, the most frequent first."""
    found: Counter[tuple[str, str]] = Counter()
    filled: dict[tuple[str, str], Mapping[str, Any]] = {}
    rows = session.execute(select(ImportRow.reasons).where(ImportRow.batch_id == batch_id))
    for (reasons,) in rows:
        keys = {(str(r.get("field", "")), str(r.get("message", ""))): r for r in reasons or ()}
        found.update(keys.keys())
        for key, reason in keys.items():
            filled.setdefault(key, reason.get("params") or {})
    return [
        (field, message, filled[field, message], count)
        for (field, message), count in found.most_common()
    ]


def find_span(session: Session, batch_id: int) -> tuple[dt.date, dt.date] | None:
    """First and last day of receipt of the applications of an import; None when there are none."""
    row = session.execute(
        select(func.min(Application.received_on), func.max(Application.received_on)).where(
            Application.import_batch_id == batch_id
        )
    ).one()
    return (row[0], row[1]) if row[0] is not None else None


def list_mappings(session: Session) -> list[ImportMapping]:
    """Saved mappings by name."""
    return list(session.scalars(select(ImportMapping).order_by(ImportMapping.name)))
