"""Reads about jobs and messages: what waits, for how long, and what has failed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.system.models import Job, Notification
from app.system.rules import JobState, NotificationChannel, NotificationState

#: Rows of the timetable; `app.system.services.jobs` keeps them apart from people's work.
_BEAT_KIND = "beat"
OPEN_STATES = (JobState.WAITING, JobState.RUNNING)


@dataclass(frozen=True)
class JobStatus:
    """What a page that waits for a job polls: small, and read past every cache."""

    state: JobState
    percent: int
    step: str
    error: str
    ended: bool


def find_job_status(session: Session, job_id: int) -> JobStatus | None:
    """The state of a job as it is in the database now; None when there is none in scope."""
    row = session.execute(
        select(Job.state, Job.progress, Job.step, Job.error).where(Job.id == job_id)
    ).one_or_none()
    if row is None:
        return None
    return JobStatus(row.state, row.progress, row.step, row.error, row.state not in OPEN_STATES)


def find_job_by_key(session: Session, dedupe_key: str) -> Job | None:
    """The job written under that key."""
    return session.scalars(select(Job).where(Job.dedupe_key == dedupe_key)).one_or_none()


def list_open_jobs(session: Session, user_id: int, limit: int = 20) -> Sequence[Job]:
    """What a person has ordered and still waits for, newest first."""
    return session.scalars(
        select(Job)
        .where(Job.created_by_id == user_id, Job.state.in_(OPEN_STATES), Job.kind != _BEAT_KIND)
        .order_by(Job.id.desc())
        .limit(limit)
    ).all()


def count_jobs(session: Session) -> dict[JobState, int]:
    """How many jobs are in each state, the timetable left out; states without jobs count 0."""
    rows = session.execute(
        select(Job.state, func.count()).where(Job.kind != _BEAT_KIND).group_by(Job.state)
    )
    return {**dict.fromkeys(JobState, 0), **{row[0]: int(row[1]) for row in rows}}


def count_messages(session: Session) -> dict[NotificationState, int]:
    """How many messages that leave the house are in each state."""
    rows = session.execute(
        select(Notification.state, func.count())
        .where(Notification.channel != NotificationChannel.PANEL)
        .group_by(Notification.state)
    )
    return {**dict.fromkeys(NotificationState, 0), **{row[0]: int(row[1]) for row in rows}}


def queue_age_seconds(session: Session, *, now: dt.datetime | None = None) -> float:
    """For how long the oldest due job has waited for a worker; 0 when none waits."""
    now = now or clock.now()
    waiting = and_(Job.state == JobState.WAITING, Job.run_after <= now)
    orphaned = and_(Job.state == JobState.RUNNING, Job.leased_until < now)
    oldest = session.scalar(
        select(Job.run_after)
        .where(Job.kind != _BEAT_KIND, or_(waiting, orphaned))
        .order_by(Job.run_after)
        .limit(1)
    )
    return _age(oldest, now)


def outbox_age_seconds(session: Session, *, now: dt.datetime | None = None) -> float:
    """For how long the oldest message has waited since it was written; 0 when none waits."""
    now = now or clock.now()
    oldest = session.scalar(
        select(Notification.created_at).where(_unsent()).order_by(Notification.created_at).limit(1)
    )
    return _age(oldest, now)


def _unsent() -> ColumnElement[bool]:
    return and_(
        Notification.state.in_((NotificationState.WAITING, NotificationState.SENDING)),
        Notification.channel != NotificationChannel.PANEL,
    )


def _age(moment: dt.datetime | None, now: dt.datetime) -> float:
    return max((now - moment).total_seconds(), 0.0) if moment is not None else 0.0
