"""The timetable as rows: each turn is taken by exactly one process, and again when that one dies."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.system.models import Job
from app.system.rules import JobState
from app.system.services.jobs import BEAT_KIND
from app.system.services.once import insert_once

#: A turn that nobody has begun or extended for this long is taken again (seconds).
LEASE_SECONDS = 30

_KEY = "beat:"


def ensure(
    session: Session, *, next_runs: Mapping[str, dt.datetime], titles: Mapping[str, str]
) -> None:
    """Make a row for each entry of the timetable, due at once; wake up one that was set to sleep.

    `next_runs` says when each entry would be due if it had just run: a row that waits longer than
    that was written under a slower timetable, and is moved forward.
    """
    for name, next_run in next_runs.items():
        key = _KEY + name
        values = {"kind": BEAT_KIND, "title": titles[name], "dedupe_key": key}
        if insert_once(session, Job, {**values, "run_after": clock.now()}) is not None:
            continue
        held = Job.state == JobState.RUNNING
        late = or_(Job.state != JobState.WAITING, Job.run_after > next_run)
        session.execute(
            update(Job)
            .where(Job.dedupe_key == key, ~held, late)
            .values(state=JobState.WAITING, run_after=next_run),
            execution_options={"synchronize_session": False},
        )


def _is_due(now: dt.datetime) -> ColumnElement[bool]:
    return and_(
        Job.kind == BEAT_KIND,
        or_(
            and_(Job.state == JobState.WAITING, Job.run_after <= now),
            and_(Job.state == JobState.RUNNING, Job.leased_until < now),
        ),
    )


def find_due(session: Session, *, now: dt.datetime) -> Sequence[str]:
    """Names of the entries whose turn has come; a read, so that an idle house writes nothing."""
    keys = session.scalars(select(Job.dedupe_key).where(_is_due(now)).order_by(Job.run_after))
    return [key.removeprefix(_KEY) for key in keys if key]


def take(
    session: Session, *, name: str, now: dt.datetime, lease_seconds: int = LEASE_SECONDS
) -> str | None:
    """Take the turn of an entry; returns its token, None when another process was quicker.

    However many turns were missed while nothing ran, one is taken.
    """
    token = uuid.uuid4().hex
    taken = _change(
        session,
        and_(Job.dedupe_key == _KEY + name, _is_due(now)),
        state=JobState.RUNNING,
        lease_token=token,
        leased_until=now + dt.timedelta(seconds=lease_seconds),
        attempts=Job.attempts + 1,
        started_at=now,
    )
    return token if taken else None


def hold(
    session: Session,
    *,
    name: str,
    token: str,
    now: dt.datetime,
    lease_seconds: int = LEASE_SECONDS,
) -> int | None:
    """Begin a turn that was taken; returns its row, None when it has been given to another."""
    until = now + dt.timedelta(seconds=lease_seconds)
    if not _change(session, _held(name, token), leased_until=until):
        return None
    return session.scalar(select(Job.id).where(Job.dedupe_key == _KEY + name))


def end(session: Session, *, name: str, token: str, next_run: dt.datetime, error: str = "") -> bool:
    """End a turn and say when the next one is; False when it had been given to another."""
    values: dict[str, Any] = {"attempts": 0} if not error else {}
    return _change(
        session,
        _held(name, token),
        state=JobState.WAITING,
        run_after=next_run,
        lease_token=None,
        leased_until=None,
        error=error,
        finished_at=clock.now(),
        **values,
    )


def _held(name: str, token: str) -> ColumnElement[bool]:
    return and_(
        Job.dedupe_key == _KEY + name, Job.lease_token == token, Job.state == JobState.RUNNING
    )


def _change(session: Session, condition: ColumnElement[bool], **values: Any) -> bool:
    result = session.execute(
        update(Job).where(condition).values(**values),
        execution_options={"synchronize_session": False},
    )
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
