"""Figures of the reply desk for charts: versions, outgoing checks, batches of letters and their rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, literal_column, select
from sqlalchemy.orm import Session

from app.applications.models import LetterBatch, LetterBatchRow, OutgoingCheck, Reply, ReplyVersion
from app.applications.queries.figures import Narrow, everything
from app.applications.queries.moments import local_month
from app.organisation.models import StaffUser

_MOST_PEOPLE = 30
_MOST_BATCHES = 20


def count_versions_by_writer(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of by_id, who, count; the busiest writers first."""
    number = func.count().label("count")
    stmt = (
        narrow(
            select(
                ReplyVersion.by_id.label("by_id"),
                StaffUser.first_name,
                StaffUser.last_name,
                number,
            ).select_from(ReplyVersion)
        )
        .outerjoin(StaffUser, StaffUser.id == ReplyVersion.by_id)
        .group_by(ReplyVersion.by_id, StaffUser.first_name, StaffUser.last_name)
        .order_by(number.desc())
        .limit(_MOST_PEOPLE)
    )
    return [
        {"by_id": pk, "who": f"{first or ''} {last or ''}".strip() or "–", "count": n}
        for pk, first, last, n in session.execute(stmt)
    ]


def count_letters_by_versions(
    session: Session, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Rows of versions (1, 2, … 5 for five and more), count of letters."""
    per_letter = (
        narrow(select(ReplyVersion.reply_id, func.count().label("n")).select_from(ReplyVersion))
        .group_by(ReplyVersion.reply_id)
        .subquery()
    )
    group = case((per_letter.c.n >= 5, literal_column("5")), else_=per_letter.c.n)
    stmt = select(group.label("versions"), func.count().label("count")).group_by("versions")
    return sorted(
        (dict(row) for row in session.execute(stmt).mappings()), key=lambda row: row["versions"]
    )


def count_checks_by_month(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of month, state, count."""
    month = local_month(OutgoingCheck.created_at).label("month")
    stmt = narrow(
        select(month, OutgoingCheck.state.label("state"), func.count().label("count")).select_from(
            OutgoingCheck
        )
    ).group_by(month, OutgoingCheck.state)
    return [dict(row) for row in session.execute(stmt).mappings()]


def count_batches(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of state, count of batches."""
    stmt = narrow(
        select(LetterBatch.state.label("state"), func.count().label("count")).select_from(
            LetterBatch
        )
    ).group_by(LetterBatch.state)
    return [dict(row) for row in session.execute(stmt).mappings()]


def count_batch_letters(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of batch_id, batch, state, count of letters; the newest batches."""
    newest = select(LetterBatch.id).order_by(LetterBatch.id.desc()).limit(_MOST_BATCHES)
    stmt = (
        narrow(
            select(
                LetterBatch.id, LetterBatch.title, LetterBatchRow.state, func.count()
            ).select_from(LetterBatchRow)
        )
        .join(LetterBatch, LetterBatch.id == LetterBatchRow.batch_id)
        .where(LetterBatch.id.in_(newest))
        .group_by(LetterBatch.id, LetterBatch.title, LetterBatchRow.state)
        .order_by(LetterBatch.id.desc())
    )
    return [
        {"batch_id": pk, "batch": title, "state": state, "count": n}
        for pk, title, state, n in session.execute(stmt)
    ]


def count_replies_by_month(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of month, kind, count of sent letters."""
    month = local_month(Reply.sent_at).label("month")
    stmt = narrow(
        select(month, Reply.kind.label("kind"), func.count().label("count"))
        .select_from(Reply)
        .where(Reply.sent_at.is_not(None))
    ).group_by(month, Reply.kind)
    return [dict(row) for row in session.execute(stmt).mappings()]
