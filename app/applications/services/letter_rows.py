"""Rows of a batch follow the letters that were made of them; the batch counts its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from app.applications.models import LetterBatch, LetterBatchRow, Reply
from app.applications.rules import (
    GONE_ON_LETTER_ROWS,
    LetterBatchState,
    LetterRowState,
    ReplyState,
)
from app.applications.services.moves import flush
from app.core import clock
from app.core.rules import N_, Violation

_SENT_BACK = N_("Sent back: %(note)s")
_STATE_OF: Mapping[ReplyState, LetterRowState] = {
    ReplyState.IN_APPROVAL: LetterRowState.IN_APPROVAL,
    ReplyState.APPROVED: LetterRowState.APPROVED,
    ReplyState.SENT: LetterRowState.SENT,
    ReplyState.SENT_BACK: LetterRowState.PROBLEM,
}


def as_problem(violation: Violation) -> dict[str, Any]:
    """A violation as a row keeps it: msgid and values, so that every reader has the own language."""
    return {"message": violation.message, "params": dict(violation.params)}


def follow_letters(session: Session, letters: Iterable[Reply]) -> None:
    """Bring the rows of these letters to where the letters stand, and count their batches anew."""
    rows = LetterBatchRow.__table__
    touched: set[int] = set()
    for letter in letters:
        state = _STATE_OF.get(letter.state)
        if state is None:
            continue
        sent_back = letter.state is ReplyState.SENT_BACK
        problems = (
            [as_problem(Violation("", _SENT_BACK, {"note": letter.approval_note or "–"}))]
            if sent_back
            else []
        )
        touched |= set(
            session.execute(
                update(LetterBatchRow)
                .where(rows.c.reply_id == letter.id)
                .values(state=state, problems=problems, version=rows.c.version + 1)
                .returning(rows.c.batch_id),
                execution_options={"synchronize_session": False},
            ).scalars()
        )
    for batch_id in sorted(touched):
        count_rows(session, batch_id)


def count_rows(session: Session, batch_id: int) -> None:
    """Write how many letters a batch has, how many have a problem and were sent, and where it stands.

    Counts are no change by a person: neither version nor audit trail speaks of them.
    """
    flush(session)
    rows, batches = LetterBatchRow.__table__.c, LetterBatch.__table__.c

    def count(*states: LetterRowState) -> Any:
        return (
            select(func.count())
            .where(rows.batch_id == batch_id, rows.state.in_(states))
            .correlate(None)
            .scalar_subquery()
        )

    kept = [state for state in LetterRowState if state is not LetterRowState.LEFT_OUT]
    waiting = count(*(s for s in kept if s not in GONE_ON_LETTER_ROWS))
    sent = count(LetterRowState.SENT)
    is_over = (batches.state == LetterBatchState.IN_APPROVAL) & (waiting == 0) & (sent > 0)
    session.execute(
        update(LetterBatch)
        .where(batches.id == batch_id)
        .values(
            letters=count(*kept),
            problems=count(LetterRowState.PROBLEM, LetterRowState.FAILED),
            sent=sent,
            state=case((is_over, LetterBatchState.SENT.value), else_=batches.state),
            sent_at=case((is_over, clock.now()), else_=batches.sent_at),
        ),
        execution_options={"synchronize_session": False},
    )
    # Looking at a copy that has expired would read it; all of them read themselves when asked.
    for held in list(session.identity_map.values()):
        if isinstance(held, LetterBatch | LetterBatchRow):
            session.expire(held)
