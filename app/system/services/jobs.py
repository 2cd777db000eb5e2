"""Jobs: work as rows with a state, a lease and a progress; what the work is stands in each room."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_, RuleViolation, Violation
from app.system.models import Job
from app.system.rules import LEASE_SECONDS, MAX_ATTEMPTS, JobState, retry_delay_seconds
from app.system.services import outbox, wakeups
from app.system.services.once import insert_once

#: Rows of this kind belong to the timetable (see `beats`) and are no work of a person.
BEAT_KIND = "beat"
RUN_TASK = "system.run_job"

STOPPED_TOO_OFTEN = N_("The work was broken off too often; it was not finished.")
FAILED_NOTICE = N_("“%(title)s” could not be finished")

#: Turns a msgid into the language of the house; the edge hands in gettext.
Translate = Callable[[str], str]


class LeaseLostError(Exception):
    """Raised when a worker no longer holds the job: cancelled, or given to another worker."""


@dataclass(frozen=True)
class Swept:
    """What a sweep found: jobs to wake a worker for, and jobs given up."""

    due: tuple[int, ...]
    given_up: int


def _no_actor(session: Session, user_id: int) -> Actor | None:
    raise RuntimeError("jobs.load_actor was used before create_app had filled it")


#: Makes the actor of a staff user, None for somebody who may no longer sign in; filled by `app.tasks`.
load_actor: Callable[[Session, int], Actor | None] = _no_actor


def enqueue(
    session: Session,
    *,
    kind: str,
    title: str,
    arguments: Mapping[str, Any],
    dedupe_key: str | None = None,
    run_after: dt.datetime | None = None,
) -> Job:
    """Write a job in the caller's transaction and wake a worker after its commit.

    With a `dedupe_key` that exists the earlier job is returned, whatever its state is.
    """
    now = clock.now()
    values = {
        "kind": kind,
        "title": title,
        "arguments": dict(arguments),
        "dedupe_key": dedupe_key,
        "run_after": run_after or now,
    }
    job = insert_once(session, Job, values)
    if job is None:
        # The earlier job may belong to somebody else, whose rows the actor does not see.
        with acting_as(SYSTEM):
            return session.scalars(select(Job).where(Job.dedupe_key == dedupe_key)).one()
    if job.run_after <= now:
        wakeups.after_commit(session, RUN_TASK, job.id)
    return job


def _is_due(now: dt.datetime) -> ColumnElement[bool]:
    """Jobs that a worker may take: waiting ones, and those whose worker is taken for dead."""
    return and_(
        Job.kind != BEAT_KIND,
        or_(
            and_(Job.state == JobState.WAITING, Job.run_after <= now),
            and_(
                Job.state == JobState.RUNNING,
                Job.leased_until < now,
                Job.attempts < MAX_ATTEMPTS,
            ),
        ),
    )


def claim(
    session: Session,
    *,
    now: dt.datetime,
    limit: int,
    job_id: int | None = None,
    lease_seconds: int = LEASE_SECONDS,
) -> list[Job]:
    """Take up to `limit` due jobs, oldest first; no other worker can take them during the lease.

    With `job_id` only that job is taken, if it is due. Needs a write transaction.
    """
    ids = select(Job.id).where(_is_due(now)).order_by(Job.run_after, Job.id).limit(limit)
    if job_id is not None:
        ids = ids.where(Job.id == job_id)
    taken: Any = ids
    if session.get_bind().dialect.name == "postgresql":
        # Locked in a statement of its own: inside IN (…) the planner may run the limit twice.
        taken = list(session.scalars(ids.with_for_update(skip_locked=True)))
        if not taken:
            return []
    statement = (
        update(Job)
        .where(Job.id.in_(taken))
        .values(
            state=JobState.RUNNING,
            attempts=Job.attempts + 1,
            lease_token=uuid.uuid4().hex,
            leased_until=now + dt.timedelta(seconds=lease_seconds),
            started_at=now,
            progress=0,
            step="",
            error="",
        )
        .returning(Job)
    )
    options = {"populate_existing": True, "synchronize_session": False}
    jobs = session.scalars(statement, execution_options=options).all()
    return sorted(jobs, key=lambda job: (job.run_after, job.id))


def _update_held(session: Session, job_id: int, token: str | None, **values: Any) -> bool:
    """Change a running job if `token` still holds it; False when it does not."""
    statement = update(Job).where(
        Job.id == job_id, Job.lease_token == token, Job.state == JobState.RUNNING
    )
    result = session.execute(
        statement.values(**values), execution_options={"synchronize_session": False}
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1


def extend_lease(
    session: Session,
    *,
    job_id: int,
    token: str | None,
    now: dt.datetime,
    lease_seconds: int = LEASE_SECONDS,
) -> bool:
    """Keep the job for another lease; False when it has been taken away or cancelled."""
    until = now + dt.timedelta(seconds=lease_seconds)
    return _update_held(session, job_id, token, leased_until=until)


def progress(
    session: Session,
    *,
    job_id: int,
    token: str | None,
    percent: int,
    step: str = "",
    now: dt.datetime | None = None,
    lease_seconds: int = LEASE_SECONDS,
) -> None:
    """Note how far the work is (0–100) and extend the lease; the caller commits at once.

    Raises LeaseLostError when the job was cancelled or given to another worker: stop working.
    """
    until = (now or clock.now()) + dt.timedelta(seconds=lease_seconds)
    percent = min(max(percent, 0), 100)
    if not _update_held(
        session, job_id, token, progress=percent, step=step[:200], leased_until=until
    ):
        raise LeaseLostError(f"job {job_id}")


def finish(
    session: Session,
    *,
    job: Job,
    result: Mapping[str, Any],
    token: str | None = None,
    now: dt.datetime | None = None,
) -> None:
    """Mark the job done in the transaction that holds its effects, so that both count or neither.

    Raises LeaseLostError when the worker no longer holds the job; the caller rolls back.
    """
    held = _update_held(
        session,
        job.id,
        token or job.lease_token,
        state=JobState.DONE,
        result=dict(result),
        progress=100,
        step="",
        error="",
        finished_at=now or clock.now(),
        leased_until=None,
        lease_token=None,
    )
    if not held:
        raise LeaseLostError(f"job {job.id}")
    _fresh(session, job)


def fail(
    session: Session,
    *,
    job: Job,
    error: str,
    token: str | None = None,
    now: dt.datetime | None = None,
    may_retry: bool = True,
    translate: Translate = str,
) -> bool:
    """Put the job back for a later try, or mark it failed and tell its creator in the panel.

    `error` is what the user reads. Returns whether the job will be tried again. Raises
    LeaseLostError when the worker no longer holds the job.
    """
    now = now or clock.now()
    token = token or job.lease_token
    again = may_retry and job.attempts < MAX_ATTEMPTS
    values: dict[str, Any] = {"error": error, "leased_until": None, "lease_token": None, "step": ""}
    if again:
        delay = dt.timedelta(seconds=retry_delay_seconds(job.attempts))
        values |= {"state": JobState.WAITING, "run_after": now + delay}
    else:
        values |= {"state": JobState.FAILED, "finished_at": now}
    if not _update_held(session, job.id, token, **values):
        raise LeaseLostError(f"job {job.id}")
    if not again:
        _tell_creator(session, _fresh(session, job), translate)
    return again


def _fresh(session: Session, job: Job) -> Job:
    """The job as the row is now; the copy in hand may belong to another session."""
    return session.get_one(Job, job.id, populate_existing=True)


def _tell_creator(session: Session, job: Job, translate: Translate) -> None:
    if job.created_by_id is None:
        return
    outbox.notify_user(
        session,
        user_id=job.created_by_id,
        subject=translate(FAILED_NOTICE) % {"title": job.title or job.kind},
        body=job.error,
        owner_type="Job",
        owner_id=job.id,
        template="job_failed",
        # A job that is tried again by hand and fails again is told again.
        dedupe_key=f"job:{job.id}:failed:{int((job.finished_at or clock.now()).timestamp())}",
    )


def release(session: Session, *, tokens: Sequence[str], now: dt.datetime | None = None) -> int:
    """Hand back the jobs that a worker holds when it stops; the broken try does not count."""
    result = session.execute(
        update(Job)
        .where(Job.lease_token.in_(tokens), Job.state == JobState.RUNNING)
        .values(
            state=JobState.WAITING,
            attempts=Job.attempts - 1,
            run_after=now or clock.now(),
            leased_until=None,
            lease_token=None,
        ),
        execution_options={"synchronize_session": False},
    )
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def cancel(session: Session, *, job: Job) -> Job:
    """Stop a job that has not ended: a waiting one at once, a running one at its next step.

    Raises RuleViolation when it has ended or belongs to the timetable.
    """
    return _turn(
        session,
        job,
        (JobState.WAITING, JobState.RUNNING),
        N_("This work has ended already."),
        state=JobState.CANCELLED,
        finished_at=clock.now(),
        leased_until=None,
        lease_token=None,
    )


def retry(session: Session, *, job: Job) -> Job:
    """Try a failed or cancelled job again from its beginning, with all its tries before it.

    Raises RuleViolation in any other state.
    """
    job = _turn(
        session,
        job,
        (JobState.FAILED, JobState.CANCELLED),
        N_("Only work that failed or was cancelled can be tried again."),
        state=JobState.WAITING,
        attempts=0,
        progress=0,
        step="",
        error="",
        run_after=clock.now(),
        started_at=None,
        finished_at=None,
    )
    wakeups.after_commit(session, RUN_TASK, job.id)
    return job


def _turn(
    session: Session, job: Job, states: Sequence[JobState], refusal: str, **values: Any
) -> Job:
    """Change the job if the row, not the copy in hand, is still in one of `states`."""
    session.flush()
    changed = session.execute(
        update(Job)
        .where(Job.id == job.id, Job.state.in_(states), Job.kind != BEAT_KIND)
        .values(version=Job.version + 1, **values)
        .returning(Job.id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if changed is None:
        raise RuleViolation(Violation("", refusal))
    session.refresh(job)
    return job


def sweep(
    session: Session,
    *,
    now: dt.datetime | None = None,
    limit: int = 8,
    translate: Translate = str,
) -> Swept:
    """Find the jobs for which no worker was woken, and give up those that killed every worker.

    A woken worker goes on with whatever is due, so a few ids are enough for any number of jobs.
    """
    now = now or clock.now()
    lost = session.scalars(
        update(Job)
        .where(
            Job.kind != BEAT_KIND,
            Job.state == JobState.RUNNING,
            Job.leased_until < now,
            Job.attempts >= MAX_ATTEMPTS,
        )
        .values(
            state=JobState.FAILED,
            error=translate(STOPPED_TOO_OFTEN),
            finished_at=now,
            leased_until=None,
            lease_token=None,
        )
        .returning(Job),
        execution_options={"populate_existing": True, "synchronize_session": False},
    ).all()
    for job in lost:
        _tell_creator(session, job, translate)
    due = select(Job.id).where(_is_due(now)).order_by(Job.run_after, Job.id).limit(limit)
    return Swept(tuple(session.scalars(due)), len(lost))


def actor_of_job(session: Session, job: Job) -> Actor:
    """The person who ordered the work, for handlers that must see no more than that person.

    SYSTEM when nobody ordered it. Raises RuleViolation when the person may no longer sign in.
    """
    if job.created_by_id is None:
        return SYSTEM
    with acting_as(SYSTEM):
        actor = load_actor(session, job.created_by_id)
    if actor is None:
        raise RuleViolation(
            Violation("", N_("The account of the person who ordered this work is closed."))
        )
    return actor
