"""Doing a confirmed run in batches, each application at most once, and taking it back the same way.

One transaction holds a batch, its rows and the counts. After a killed worker the next one goes on
with the rows that are still ready; a row is taken by a change that only one worker can make.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, BulkRow, BulkRun
from app.applications.rules import BulkRowState, BulkState
from app.applications.services.bulk.acts import ACTS, Call, Reversal
from app.applications.services.bulk.preview import reasons_of
from app.applications.services.bulk.runs import check_may, undo_until
from app.applications.services.bulk.telling import tell_starter, tell_undone, tell_units
from app.applications.services.moves import refuse
from app.applications.services.notices import gathered_notices
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import ConflictError, RuleViolation, Violation

#: Applications in one transaction.
BATCH = 50

#: (rows done, rows in all): called when everything so far is consistent; the edge commits there.
Keep = Callable[[int, int], None]


class StoppedError(Exception):
    """Raised inside a run when somebody has stopped it; what was done before is kept."""


@dataclass(frozen=True)
class Counts:
    """How many rows were done (or taken back) and how many were not."""

    done: int = 0
    refused: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.done + other.done, self.refused + other.refused)


@dataclass(frozen=True)
class _Row:
    id: int
    application_id: int
    seen_version: int | None
    event_id: int | None
    before: Any


# --- doing -------------------------------------------------------------------------------------------
def run_rows(
    session: Session,
    *,
    run_id: int,
    actor: Actor,
    keep: Keep,
    now: dt.datetime | None = None,
    size: int = BATCH,
) -> Counts:
    """Do the act with every ready row on behalf of `actor`, and return the counts of this call.

    Raises StoppedError when somebody has stopped the run, RuleViolation when the person may no
    longer do this at all.
    """
    run = session.get_one(BulkRun, run_id, populate_existing=True)
    check_may(actor, run.act)
    _note(session, run_id, rules.MOVING_STATES, state=BulkState.RUNNING)
    counts, done = Counts(), run.done_rows
    keep(done, run.ready_rows)
    while rows := _next_rows(session, run_id, BulkRowState.READY, size):
        part = Counts()
        for row in rows:
            part += _do_one(session, run, row, actor, now or clock.now())
        counts += part
        _note(
            session,
            run_id,
            rules.MOVING_STATES,
            done_rows=BulkRun.done_rows + part.done,
            refused_rows=BulkRun.refused_rows + part.refused,
        )
        keep(done + counts.done + counts.refused, run.ready_rows)
    moment = now or clock.now()
    _note(
        session, run_id, rules.MOVING_STATES,
        state=BulkState.DONE, finished_at=moment, undo_until=undo_until(session, moment),
    )  # fmt: skip
    run = session.get_one(BulkRun, run_id, populate_existing=True)
    with acting_as(SYSTEM):
        tell_units(session, run)
        tell_starter(session, run)
    return counts


def _next_rows(session: Session, run_id: int, state: BulkRowState, size: int) -> list[_Row]:
    rows = BulkRow.__table__.c
    found = session.execute(
        select(rows.id, rows.application_id, rows.seen_version, rows.event_id, rows.before)
        .where(rows.run_id == run_id, rows.state == state)
        .order_by(rows.application_id)
        .limit(size)
    )
    return [_Row(*row) for row in found]


def _do_one(session: Session, run: BulkRun, row: _Row, actor: Actor, now: dt.datetime) -> Counts:
    if not _take(session, row, BulkRowState.READY, BulkRowState.DONE, done_at=now):
        # Another worker was quicker; it counts the row.
        return Counts()
    try:
        with session.begin_nested(), acting_as(actor), gathered_notices():
            case = _application(session, row)
            if run.act not in rules.TIMELESS_ACTS and case.version != row.seen_version:
                raise ConflictError(rules.CHANGED_MEANWHILE, case.version)
            done = ACTS[run.act].do(Call(session, case, run.arguments, actor, now, run.reason))
            session.flush()
    except ConflictError:
        reasons = reasons_of(Violation("", rules.CHANGED_MEANWHILE))
        _set(session, row, state=BulkRowState.CHANGED, reasons=reasons, done_at=None)
        return Counts(refused=1)
    except RuleViolation as broken:
        reasons = reasons_of(*broken.violations)
        _set(session, row, state=BulkRowState.REFUSED, reasons=reasons, done_at=None)
        return Counts(refused=1)
    _set(session, row, before=dict(done.before), event_id=done.event_id)
    return Counts(done=1)


def _application(session: Session, row: _Row) -> Application:
    """The application of a row in the sight of whoever acts, read past every copy in hand."""
    found = session.scalars(
        select(Application).where(Application.id == row.application_id),
        execution_options={"populate_existing": True},
    ).first()
    if found is None:
        raise refuse(rules.GONE)
    return found


def _take(session: Session, row: _Row, old: BulkRowState, new: BulkRowState, **values: Any) -> bool:
    rows = BulkRow.__table__
    taken = session.connection().execute(
        update(rows)
        .where(rows.c.id == row.id, rows.c.state == old)
        .values(state=new, reasons=[], changed_at=clock.now(), version=rows.c.version + 1, **values)
    )
    return bool(taken.rowcount == 1)


def _set(session: Session, row: _Row, **values: Any) -> None:
    rows = BulkRow.__table__
    session.execute(update(rows).where(rows.c.id == row.id).values(**values))


def _note(session: Session, run_id: int, states: Any, **values: Any) -> None:
    """Write counts and state, if nobody has stopped the run meanwhile."""
    held = session.execute(
        update(BulkRun)
        .where(BulkRun.id == run_id, BulkRun.state.in_(sorted(states)))
        .values(**values, version=BulkRun.version + 1)
        .returning(BulkRun.id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if held is None:
        raise StoppedError(f"bulk run {run_id}")


def fail_run(session: Session, *, run_id: int, error: RuleViolation) -> BulkRun:
    """Note why a whole run has broken off; what was done before stays and can be undone."""
    run = session.get_one(BulkRun, run_id, populate_existing=True)
    now = clock.now()
    run.state = BulkState.FAILED
    run.error = " ".join(turkish(v.message, **dict(v.params)) for v in error.violations)
    run.finished_at = now
    run.undo_until = undo_until(session, now)
    session.flush()
    return run


# --- undoing -------------------------------------------------------------------------------------------
def undo_rows(
    session: Session,
    *,
    run_id: int,
    actor: Actor,
    keep: Keep,
    back_to: BulkState = BulkState.DONE,
    now: dt.datetime | None = None,
    size: int = BATCH,
) -> Counts:
    """Take back every row that waits for it on behalf of `actor`; what cannot be says why.

    The run stands at `back_to` afterwards, as it did before.
    """
    run = session.get_one(BulkRun, run_id, populate_existing=True)
    check_may(actor, run.act)
    total = len(_next_rows(session, run_id, BulkRowState.UNDO_WAITING, run.total_rows + 1))
    counts, undoing = Counts(), frozenset({BulkState.UNDOING})
    keep(0, total)
    while rows := _next_rows(session, run_id, BulkRowState.UNDO_WAITING, size):
        part = Counts()
        for row in rows:
            part += _undo_one(session, run, row, actor, now or clock.now())
        counts += part
        _note(session, run_id, undoing, undone_rows=BulkRun.undone_rows + part.done)
        keep(counts.done + counts.refused, total)
    _note(session, run_id, undoing, state=back_to)
    run = session.get_one(BulkRun, run_id, populate_existing=True)
    with acting_as(SYSTEM):
        tell_undone(session, run, actor.user_id)
    return counts


def _undo_one(session: Session, run: BulkRun, row: _Row, actor: Actor, now: dt.datetime) -> Counts:
    if not _take(session, row, BulkRowState.UNDO_WAITING, BulkRowState.UNDONE, undone_at=now):
        return Counts()
    undo = ACTS[run.act].undo
    try:
        if undo is None:
            raise refuse(rules.STAYS)
        with session.begin_nested(), acting_as(actor), gathered_notices():
            case = _application(session, row)
            call = Call(session, case, run.arguments, actor, now, run.undo_reason)
            undo(Reversal(call, row.event_id, row.before or {}))
            session.flush()
    except ConflictError:
        reasons = reasons_of(Violation("", rules.CHANGED_MEANWHILE))
        _set(session, row, state=BulkRowState.KEPT, reasons=reasons, undone_at=None)
        return Counts(refused=1)
    except RuleViolation as broken:
        reasons = reasons_of(*broken.violations)
        _set(session, row, state=BulkRowState.KEPT, reasons=reasons, undone_at=None)
        return Counts(refused=1)
    return Counts(done=1)
