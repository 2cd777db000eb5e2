"""The life of a run over many applications: picked, confirmed by one or two people, stopped, undone.

What is done with each application stands in `acts`, doing it in batches in `running`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, BulkRow, BulkRun
from app.applications.rules import BulkAct, BulkRowState, BulkState
from app.applications.services.bulk.telling import tell_second_persons
from app.applications.services.moves import refuse
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_, RuleViolation
from app.system.models import Job
from app.system.queries import get_number
from app.system.rules import JobState
from app.system.services import jobs

JOB_KIND = "applications.bulk"
UNDO_KIND = "applications.bulk_undo"
#: Rows in one statement.
CHUNK = 500
#: An act that nobody has confirmed is forgotten after a day.
DRAFT_LIVES = dt.timedelta(hours=24)
_NOT_YOURS = N_("You may not do this with many applications at once.")
_NOT_NOW = N_("This cannot be done with the run as it stands now.")


def may_act(actor: Actor, act: BulkAct) -> bool:
    """Whether somebody may do this with many applications: the act itself, and acts over many."""
    return actor.may("bulk", "Application") and actor.may(rules.VERB_OF_ACT[act], "Application")


def check_may(actor: Actor, act: BulkAct) -> None:
    """Require that right, or raise RuleViolation."""
    if not may_act(actor, act):
        raise refuse(_NOT_YOURS)


# --- picking -----------------------------------------------------------------------------------------
def create_run(
    session: Session,
    *,
    act: BulkAct,
    application_ids: Sequence[int],
    actor: Actor,
    whole_filter: bool = False,
    filters: Sequence[Sequence[str]] = (),
) -> BulkRun:
    """Keep what was picked as a draft; nothing has happened to any application yet.

    `application_ids` were found in the actor's sight; `filters` are the filters in words. Raises
    RuleViolation without the right, with no application or with too many.
    """
    check_may(actor, act)
    most = get_number(session, "bulk_rows_most")
    ids = list(dict.fromkeys(application_ids))
    if not ids:
        raise refuse(N_("Pick at least one application first."))
    if len(ids) > most:
        raise refuse(
            N_("At most %(most)s applications at once; narrow the filter first."), most=most
        )
    run = BulkRun(
        act=act,
        state=BulkState.DRAFT,
        whole_filter=whole_filter,
        filters=[list(pair) for pair in filters],
        total_rows=len(ids),
        starter_id=actor.user_id,
    )
    session.add(run)
    session.flush()
    now = clock.now()
    ids.sort()
    for start in range(0, len(ids), CHUNK):
        session.execute(
            insert(BulkRow.__table__),
            [
                {
                    "run_id": run.id, "application_id": pk, "state": BulkRowState.PICKED,
                    "reasons": [], "before": {}, "created_at": now, "changed_at": now,
                    "created_by_id": actor.user_id, "changed_by_id": actor.user_id, "version": 1,
                }
                for pk in ids[start : start + CHUNK]
            ],
        )  # fmt: skip
    rows, cases = BulkRow.__table__.c, Application.__table__.c
    run.has_restricted = bool(
        session.execute(
            select(
                exists().where(
                    rows.run_id == run.id,
                    rows.application_id == cases.id,
                    cases.is_restricted.is_(True),
                )
            )
        ).scalar()
    )
    session.flush()
    return run


def discard_run(session: Session, *, run: BulkRun, actor: Actor) -> None:
    """Forget a run that has not been confirmed; RuleViolation for another one, or another's."""
    check_starter(run, actor)
    if run.state not in rules.PREPARED_STATES:
        raise refuse(_NOT_NOW)
    session.execute(delete(BulkRow.__table__).where(BulkRow.__table__.c.run_id == run.id))
    session.delete(run)
    session.flush()


def check_starter(run: BulkRun, actor: Actor) -> None:
    """Only who has picked the applications goes on with them, or raise RuleViolation."""
    if run.starter_id != actor.user_id and not actor.is_system:
        raise refuse(N_("Somebody else is preparing this act."))


def drop_drafts(session: Session, *, now: dt.datetime | None = None) -> int:
    """Forget the runs that nobody has confirmed within a day; how many."""
    runs, rows = BulkRun.__table__, BulkRow.__table__
    before = (now or clock.now()) - DRAFT_LIVES
    old = select(runs.c.id).where(
        runs.c.state.in_(sorted(rules.PREPARED_STATES)), runs.c.changed_at < before
    )
    ids = list(session.execute(old.limit(CHUNK)).scalars())
    session.execute(delete(rows).where(rows.c.run_id.in_(ids)))
    session.execute(delete(runs).where(runs.c.id.in_(ids)))
    return len(ids)


# --- confirming ----------------------------------------------------------------------------------------
def confirm_run(
    session: Session,
    *,
    run: BulkRun,
    actor: Actor,
    reason: str = "",
    now: dt.datetime | None = None,
) -> BulkRun:
    """Order what the preview shows; pressed twice it is ordered once.

    A large run waits for a second person with the same rights, who calls this again. Raises
    RuleViolation without a reason, without the right, or when nothing is left to do.
    """
    check_may(actor, run.act)
    moment = now or clock.now()
    if run.state is BulkState.AWAITING:
        if broken := tuple(
            rules.second_person_violations(starter_id=run.starter_id, second_id=actor.user_id)
        ):
            raise RuleViolation(broken)
        _turn(session, run, (BulkState.AWAITING,), state=BulkState.WAITING, second_id=actor.user_id)
        _enqueue(session, run, JOB_KIND, run.starter_id)
        return run
    check_starter(run, actor)
    if broken := tuple(rules.reason_violations(reason)):
        raise RuleViolation(broken)
    if not run.ready_rows:
        raise refuse(N_("None of the picked applications allows this."))
    asks = rules.needs_second_person(run.ready_rows, get_number(session, "bulk_four_eyes_rows"))
    _turn(
        session,
        run,
        (BulkState.PREVIEWED,),
        state=BulkState.AWAITING if asks else BulkState.WAITING,
        reason=reason.strip(),
        confirmed_at=moment,
    )
    if asks:
        tell_second_persons(session, run)
    else:
        _enqueue(session, run, JOB_KIND, run.starter_id)
    return run


def resume_run(session: Session, *, run: BulkRun, actor: Actor) -> BulkRun:
    """Go on with a run that was stopped, has failed or lost its worker for good.

    What was done is not done again. RuleViolation while it is at work.
    """
    check_may(actor, run.act)
    check_starter(run, actor)
    job = find_job(session, run)
    stuck = (run.state,) if is_stuck(run, job) else ()
    if run.state is BulkState.UNDOING:
        _turn(session, run, stuck, state=BulkState.UNDOING)
        assert job is not None
        _enqueue(session, run, UNDO_KIND, actor.user_id, before=job.arguments["before"])
        return run
    _turn(
        session, run, (BulkState.STOPPED, BulkState.FAILED, *stuck),
        state=BulkState.WAITING, error="", finished_at=None, undo_until=None,
    )  # fmt: skip
    _enqueue(session, run, JOB_KIND, run.starter_id)
    return run


def find_job(session: Session, run: BulkRun) -> Job | None:
    """The work of a run; it belongs to who ordered it, but everybody who sees the run sees its state."""
    with acting_as(SYSTEM):
        return session.get(Job, run.job_id) if run.job_id else None


def is_stuck(run: BulkRun, job: Job | None) -> bool:
    """Whether a run waits for work that has been given up."""
    at_work = run.state in rules.MOVING_STATES or run.state is BulkState.UNDOING
    return at_work and job is not None and job.state in {JobState.FAILED, JobState.CANCELLED}


def stop_run(
    session: Session, *, run: BulkRun, actor: Actor, now: dt.datetime | None = None
) -> BulkRun:
    """Stop a run that waits or is at work; what was done stays. RuleViolation when it has ended."""
    check_may(actor, run.act)
    moment = now or clock.now()
    until = undo_until(session, moment)
    _turn(
        session, run, (BulkState.AWAITING, *sorted(rules.MOVING_STATES)),
        state=BulkState.STOPPED, finished_at=moment, undo_until=until,
    )  # fmt: skip
    job = find_job(session, run)
    if job is not None:
        # The worker may just have ended it; the state of the run is what counts.
        with suppress(RuleViolation):
            jobs.cancel(session, job=job)
    return run


def undo_until(session: Session, now: dt.datetime) -> dt.datetime:
    """Until when a run that ends now can be undone."""
    return now + dt.timedelta(hours=get_number(session, "bulk_undo_hours"))


# --- undoing -------------------------------------------------------------------------------------------
def start_undo(
    session: Session,
    *,
    run: BulkRun,
    actor: Actor,
    reason: str,
    row_ids: Sequence[int] | None = None,
    now: dt.datetime | None = None,
) -> BulkRun:
    """Order that a run, or these rows of it, be taken back. RuleViolation when it no longer can be."""
    check_may(actor, run.act)
    moment = now or clock.now()
    if broken := (
        *rules.undo_violations(run.act, run.state, until=run.undo_until, now=moment),
        *rules.reason_violations(reason),
    ):
        raise RuleViolation(broken)
    before = run.state
    _turn(
        session, run, tuple(rules.ENDED_STATES),
        state=BulkState.UNDOING, undo_reason=reason.strip(),
    )  # fmt: skip
    rows = BulkRow.__table__
    wanted = [rows.c.run_id == run.id, rows.c.state.in_(sorted(rules.UNDOABLE_ROWS))]
    if row_ids is not None:
        wanted.append(rows.c.id.in_(sorted(row_ids)))
    marked = session.connection().execute(
        update(rows).where(*wanted).values(state=BulkRowState.UNDO_WAITING, reasons=[])
    )
    if not marked.rowcount:
        raise refuse(N_("There is nothing here that could be taken back."))
    _enqueue(session, run, UNDO_KIND, actor.user_id, before=before.value)
    return run


# --- what they share -------------------------------------------------------------------------------------
def _turn(session: Session, run: BulkRun, states: Sequence[BulkState], **values: Any) -> None:
    """Change the run if the row, not the copy in hand, is still in one of `states`."""
    session.flush()
    held = session.execute(
        update(BulkRun)
        .where(BulkRun.id == run.id, BulkRun.state.in_(states))
        .values(version=BulkRun.version + 1, changed_at=clock.now(), **values)
        .returning(BulkRun.id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if held is None:
        raise refuse(_NOT_NOW)
    session.refresh(run)


def _enqueue(
    session: Session, run: BulkRun, kind: str, user_id: int | None, **arguments: Any
) -> None:
    """Order the work on behalf of `user_id`, whoever has pressed the last button."""
    title = turkish(rules.BULK_ACT_LABELS[run.act])
    job = jobs.enqueue(
        session,
        kind=kind,
        title=turkish(N_("Bulk act %(id)s: %(act)s"), id=run.id, act=title)[:200],
        arguments={"run_id": run.id, **arguments},
        # A second beginning is another job; its key tells the two apart.
        dedupe_key=f"bulk:{run.id}:{run.version}",
    )
    with acting_as(SYSTEM):
        job.created_by_id = user_id
        run.job_id = job.id
        session.flush()
