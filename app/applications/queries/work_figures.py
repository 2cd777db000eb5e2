"""Grouped figures of what happens to applications: assignments, steps, replies, imports.

Each function takes `narrow`, which adds conditions to a statement over its own table.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.orm import Session

from app.applications.models import (
    ApplicationEvent,
    Assignment,
    ImportBatch,
    ImportMapping,
    ImportRow,
    Reply,
    ReplyTemplate,
)
from app.applications.queries.figures import Narrow, day_start, everything
from app.applications.queries.moments import days_between, local_day
from app.organisation.models import Unit

#: Lower ends in days of the groups by time to approval; the last one is open.
APPROVAL_BOUNDS: tuple[int, ...] = (0, 1, 2, 3, 5, 8, 14)


def count_assignments(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of unit_id, unit, state, count."""
    stmt = select(Assignment.unit_id, Assignment.state, func.count().label("count")).select_from(
        Assignment
    )
    counted = narrow(stmt).group_by(Assignment.unit_id, Assignment.state).subquery()
    named = select(counted.c.unit_id, Unit.short_name, Unit.name, counted.c.state, counted.c.count)
    rows = session.execute(named.join(Unit, Unit.id == counted.c.unit_id))
    return [
        {"unit_id": pk, "unit": short or name, "state": state, "count": n}
        for pk, short, name, state, n in rows
    ]


def count_events_per_day(
    session: Session, first: dt.date, last: dt.date, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Rows of day, count of steps from `first` to `last`."""
    day = local_day(ApplicationEvent.at)
    stmt = select(day.label("day"), func.count().label("count")).select_from(ApplicationEvent)
    stmt = stmt.where(
        ApplicationEvent.at >= day_start(first),
        ApplicationEvent.at < day_start(last + dt.timedelta(days=1)),
    )
    return [dict(row) for row in session.execute(narrow(stmt).group_by(day)).mappings()]


def count_events_by_action(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of action, count."""
    column = ApplicationEvent.action
    stmt = select(column.label("action"), func.count().label("count")).select_from(ApplicationEvent)
    return [dict(row) for row in session.execute(narrow(stmt).group_by(column)).mappings()]


def count_replies(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of state, kind, count."""
    stmt = select(
        Reply.state.label("state"), Reply.kind.label("kind"), func.count().label("count")
    ).select_from(Reply)
    return [
        dict(row)
        for row in session.execute(narrow(stmt).group_by(Reply.state, Reply.kind)).mappings()
    ]


def count_days_to_approval(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of days, days_end (None: open), count of approved replies by time from draft to approval."""
    days = days_between(Reply.submitted_at, Reply.approved_at)
    bounds = APPROVAL_BOUNDS
    group = case(
        *(
            (days < literal_column(str(end)), literal_column(str(start)))
            for start, end in pairwise(bounds)
        ),
        else_=literal_column(str(bounds[-1])),
    )
    stmt = (
        select(group.label("days_group"), func.count())
        .select_from(Reply)
        .where(Reply.approved_at.is_not(None), Reply.submitted_at.is_not(None))
    )
    counted = {int(low): n for low, n in session.execute(narrow(stmt).group_by("days_group"))}
    if not counted:
        return []
    ends: list[int | None] = [*bounds[1:], None]
    return [
        {"days": low, "days_end": end, "count": counted.get(low, 0)}
        for low, end in zip(bounds, ends, strict=True)
    ]


def count_templates(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of kind (of the reply), count."""
    column = ReplyTemplate.reply_kind
    stmt = select(column.label("kind"), func.count().label("count")).select_from(ReplyTemplate)
    return [dict(row) for row in session.execute(narrow(stmt).group_by(column)).mappings()]


def list_batch_rows(
    session: Session, narrow: Narrow = everything, limit: int = 20
) -> list[dict[str, Any]]:
    """Rows of batch_id, batch, outcome (created, known, rejected), count; the newest imports."""
    stmt = select(
        ImportBatch.id,
        ImportBatch.file_name,
        ImportBatch.created_rows,
        ImportBatch.known_rows,
        ImportBatch.rejected_rows,
    ).order_by(ImportBatch.id.desc())
    return [
        {"batch_id": pk, "batch": f"{pk} · {name}", "outcome": outcome, "count": n}
        for pk, name, *counts in session.execute(narrow(stmt).limit(limit))
        for outcome, n in zip(("created", "known", "rejected"), counts, strict=True)
    ]


def count_rows_by_mapping(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of mapping_id, mapping, count of rows taken over with it."""
    stmt = (
        select(
            ImportMapping.id,
            ImportMapping.name,
            func.coalesce(func.sum(ImportBatch.created_rows), 0),
        )
        .select_from(ImportMapping)
        .outerjoin(ImportBatch, ImportBatch.mapping_id == ImportMapping.id)
        .group_by(ImportMapping.id, ImportMapping.name)
    )
    return [
        {"mapping_id": pk, "mapping": name, "count": int(n)}
        for pk, name, n in session.execute(narrow(stmt))
    ]


def count_reasons(
    session: Session, narrow: Narrow = everything, limit: int = 50
) -> list[dict[str, Any]]:
    """Rows of field, reason (an English msgid without its values), count, the most frequent first."""
    postgres = session.get_bind().dialect.name == "postgresql"
    unnest = func.jsonb_array_elements if postgres else func.json_each
    read = func.jsonb_extract_path_text if postgres else func.json_extract
    root = "" if postgres else "$."
    entry = unnest(ImportRow.reasons).table_valued("value", name="entry")
    field, reason = (
        read(entry.c.value, literal_column(f"'{root}{key}'")) for key in ("field", "message")
    )
    stmt = (
        select(field.label("field"), reason.label("reason"), func.count().label("count"))
        .select_from(ImportRow)
        .join(entry, literal_column("true"))
    )
    grouped = narrow(stmt).group_by(field, reason).order_by(func.count().desc()).limit(limit)
    return [dict(row) for row in session.execute(grouped).mappings()]
