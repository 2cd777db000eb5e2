"""What a worker does with a batch: sends its letters for approval, approves them, sends them out.

Each letter takes the same way as one written alone; what one of them breaks stays with its row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApprovalStep, LetterBatch, LetterBatchRow, Reply
from app.applications.rules import (
    ApprovalState,
    LetterBatchAct,
    LetterBatchApproval,
    LetterBatchState,
    LetterRowState,
    ReplyState,
)
from app.applications.services.approvals import people_of_step
from app.applications.services.approving import approve_reply
from app.applications.services.letter_batches.preparing import check_batcher, letter_values
from app.applications.services.letter_rows import as_problem, count_rows
from app.applications.services.moves import check_verb, flush, refuse
from app.applications.services.notices import gathered_notices
from app.applications.services.outgoing import check_letter
from app.applications.services.replies import draft_reply, send_reply, submit_reply
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_, ConflictError, RuleViolation, Violation
from app.core.text import format_number
from app.system.models import Job
from app.system.queries.jobs import find_job_status
from app.system.services import jobs, outbox

JOB_KIND = "applications.letter_batch"
#: Letters in one transaction.
CHUNK = 10

#: (letters done, letters in all): called when everything so far is consistent; the edge commits there.
Keep = Callable[[int, int], None]

_URL = "/letter-batches/show/{}"
_BUSY = N_("A worker is at this batch; wait until it is done.")
_NOTHING = N_("No letter of this batch waits for that.")
_CHANGED = N_("The application was changed by somebody else meanwhile.")
_GONE = N_("You may no longer see this application.")
_WAITS = N_("Batch of letters “%(title)s” waits for your approval: %(n)s letters")
_DONE = {
    LetterBatchAct.SUBMIT: N_("Batch of letters “%(title)s”: %(n)s letters sent for approval"),
    LetterBatchAct.APPROVE: N_("Batch of letters “%(title)s”: %(n)s letters approved"),
    LetterBatchAct.SEND: N_("Batch of letters “%(title)s”: %(n)s letters sent"),
}


@dataclass(frozen=True)
class BatchCounts:
    """How many letters an act was done with, and how many it was refused."""

    done: int = 0
    refused: int = 0


# --- ordering ----------------------------------------------------------------------------------------
def order_act(session: Session, *, batch: LetterBatch, act: LetterBatchAct, actor: Actor) -> Job:
    """Order an act over all letters that wait for it; the worker does it on behalf of the actor.

    An approval names the steps that were seen, so that nobody approves twice what was approved once.
    Raises RuleViolation when the batch is busy, nothing waits, or the actor may not.
    """
    _check_order(session, batch, act, actor)
    rows = _rows_for(session, batch.id, act)
    arguments: dict[str, Any] = {"batch_id": batch.id, "act": act.value}
    if act is LetterBatchAct.APPROVE:
        arguments["steps"] = _waiting_steps(session, [row.reply_id for row in rows if row.reply_id])
    if not rows or (act is LetterBatchAct.APPROVE and not arguments["steps"]):
        raise refuse(_NOTHING)
    job = jobs.enqueue(
        session,
        kind=JOB_KIND,
        title=f"{batch.title}: {turkish(rules.LETTER_BATCH_ACT_LABELS[act])}"[:200],
        arguments=arguments,
    )
    batch.job_id = job.id
    flush(session)
    return job


def _check_order(session: Session, batch: LetterBatch, act: LetterBatchAct, actor: Actor) -> None:
    if is_busy(session, batch):
        raise refuse(_BUSY)
    if act is LetterBatchAct.SUBMIT:
        check_batcher(actor)
        if batch.state is not LetterBatchState.DRAFT:
            raise refuse(N_("This batch has been sent for approval already."))
        if batch.problems:
            raise refuse(N_("Correct the letters with a problem first, or leave them out."))
    elif act is LetterBatchAct.APPROVE:
        check_verb(actor, "approve", "initial")
        if batch.approval is not LetterBatchApproval.TOGETHER:
            raise refuse(N_("The letters of this batch are approved one by one."))
    else:
        check_verb(actor, "reply", "approve")
    if act is not LetterBatchAct.SUBMIT and batch.state not in {
        LetterBatchState.IN_APPROVAL,
        LetterBatchState.SENT,
    }:
        raise refuse(N_("This batch has not been sent for approval."))


def is_busy(session: Session, batch: LetterBatch) -> bool:
    """Whether a worker has an act of this batch, or will have it soon."""
    if batch.job_id is None:
        return False
    with acting_as(SYSTEM):
        status = find_job_status(session, batch.job_id)
    return status is not None and not status.ended


def _rows_for(session: Session, batch_id: int, act: LetterBatchAct) -> list[LetterBatchRow]:
    return list(
        session.scalars(
            select(LetterBatchRow)
            .where(
                LetterBatchRow.batch_id == batch_id,
                LetterBatchRow.state.in_(sorted(rules.LETTER_ROWS_TAKEN_BY[act])),
            )
            .order_by(LetterBatchRow.position)
        )
    )


def _waiting_steps(session: Session, reply_ids: list[int]) -> list[int]:
    steps = ApprovalStep.__table__.c
    return list(
        session.execute(
            select(steps.id)
            .where(steps.reply_id.in_(reply_ids), steps.state == ApprovalState.WAITING)
            .order_by(steps.id)
        ).scalars()
    )


# --- doing -------------------------------------------------------------------------------------------
def run_act(
    session: Session,
    *,
    batch_id: int,
    act: LetterBatchAct,
    actor: Actor,
    keep: Keep,
    steps: frozenset[int] = frozenset(),
    now: dt.datetime | None = None,
) -> BatchCounts:
    """Do an act with every letter that waits for it; returns the counts of this call.

    A worker that goes on after another was killed finds the rows of the letters that are left.
    """
    ids = [row.id for row in _rows_for(session, batch_id, act)]
    done = refused = 0
    for number, row_id in enumerate(ids, start=1):
        outcome = _do_one(session, row_id, act, actor, steps, now or clock.now())
        done += outcome is True
        refused += outcome is False
        if number % CHUNK == 0:
            keep(number, len(ids))
    batch = session.get_one(LetterBatch, batch_id, populate_existing=True)
    if act is LetterBatchAct.SUBMIT and done and batch.state is LetterBatchState.DRAFT:
        batch.state = LetterBatchState.IN_APPROVAL
        flush(session)
    count_rows(session, batch_id)
    with acting_as(SYSTEM):
        _tell(session, batch, act, actor, done)
    keep(len(ids), max(len(ids), 1))
    return BatchCounts(done, refused)


def _do_one(
    session: Session,
    row_id: int,
    act: LetterBatchAct,
    actor: Actor,
    steps: frozenset[int],
    now: dt.datetime,
) -> bool | None:
    """Do the act with one letter: True, or False when refused; None when it was not its turn."""
    try:
        with session.begin_nested(), acting_as(actor), gathered_notices():
            row = session.get_one(LetterBatchRow, row_id, populate_existing=True)
            if row.state not in rules.LETTER_ROWS_TAKEN_BY[act]:
                return None
            if act is LetterBatchAct.SUBMIT:
                _submit(session, row, actor, now)
            elif act is LetterBatchAct.APPROVE:
                if not _approve(session, row, actor, steps, now):
                    return None
            else:
                _send(session, row, actor, now)
            flush(session)
    except ConflictError:
        return _note(session, row_id, act, (Violation("", _CHANGED),))
    except RuleViolation as broken:
        return _note(session, row_id, act, broken.violations)
    return True


def _case_of(session: Session, row: LetterBatchRow) -> Application:
    found = session.scalars(
        select(Application).where(Application.id == row.application_id),
        execution_options={"populate_existing": True},
    ).first()
    if found is None:
        raise refuse(_GONE)
    return found


def _submit(session: Session, row: LetterBatchRow, actor: Actor, now: dt.datetime) -> None:
    case = _case_of(session, row)
    batch = row.batch
    reply = draft_reply(
        session,
        application=case,
        actor=actor,
        outcome_reason_id=batch.chosen.get("outcome_reason"),
        now=now,
        **letter_values(row, batch.template, case),
    )
    row.reply_id = reply.id
    flush(session)
    submit_reply(session, reply=reply, actor=actor, now=now)


def _reply_of(session: Session, row: LetterBatchRow) -> Reply:
    found = session.scalars(
        select(Reply).where(Reply.id == row.reply_id),
        execution_options={"populate_existing": True},
    ).first()
    if found is None:
        raise refuse(_GONE)
    return found


def _approve(
    session: Session, row: LetterBatchRow, actor: Actor, steps: frozenset[int], now: dt.datetime
) -> bool:
    """Take the turn at one letter, if it still waits at a step that was seen."""
    reply = _reply_of(session, row)
    waiting = _waiting_steps(session, [reply.id])
    if reply.state is not ReplyState.IN_APPROVAL or not steps & set(waiting):
        return False
    approve_reply(session, reply=reply, actor=actor, now=now)
    return True


def _send(session: Session, row: LetterBatchRow, actor: Actor, now: dt.datetime) -> None:
    reply = _reply_of(session, row)
    check_letter(session, reply=reply, actor=actor, now=now)
    send_reply(session, reply=reply, actor=actor, now=now)


def _note(
    session: Session, row_id: int, act: LetterBatchAct, violations: tuple[Violation, ...]
) -> bool:
    """Keep on the row why the act was refused; a letter whose approval was refused still waits."""
    values: dict[str, Any] = {"problems": [as_problem(violation) for violation in violations]}
    if act is LetterBatchAct.SUBMIT:
        values["state"] = LetterRowState.PROBLEM
    elif act is LetterBatchAct.SEND:
        values["state"] = LetterRowState.FAILED
    session.execute(
        update(LetterBatchRow)
        .where(LetterBatchRow.id == row_id)
        .values(**values, version=LetterBatchRow.version + 1),
        execution_options={"synchronize_session": "fetch"},
    )
    return False


# --- telling -----------------------------------------------------------------------------------------
def _tell(
    session: Session, batch: LetterBatch, act: LetterBatchAct, actor: Actor, done: int
) -> None:
    """One message instead of one for each letter: to whoever's turn it is, else to who made it."""
    words = {"title": batch.title, "n": format_number(done)}
    key = f"letters:{batch.id}:{act}:{batch.job_id}"
    if act is not LetterBatchAct.SEND and done:
        turn = session.scalars(
            select(ApprovalStep)
            .join(LetterBatchRow, LetterBatchRow.reply_id == ApprovalStep.reply_id)
            .where(LetterBatchRow.batch_id == batch.id, ApprovalStep.state == ApprovalState.WAITING)
            .limit(1)
        ).first()
        for person in people_of_step(session, turn) if turn is not None else ():
            if person.id != actor.user_id:
                _show(session, batch, person.id, turkish(_WAITS, **words), f"{key}:turn")
    for user_id in {batch.created_by_id, actor.user_id} - {None}:
        if user_id is not None:
            _show(session, batch, user_id, turkish(_DONE[act], **words), f"{key}:done")


def _show(session: Session, batch: LetterBatch, user_id: int, subject: str, key: str) -> None:
    outbox.notify_user(
        session,
        user_id=user_id,
        subject=subject,
        url=_URL.format(batch.id),
        owner_type="LetterBatch",
        owner_id=batch.id,
        template="letter_batch",
        dedupe_key=f"{key}:{user_id}",
    )
