"""FACE: every task module, the queue and the one timetable; binds Celery to the application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from copy import copy
from typing import Any

from celery.schedules import maybe_schedule
from flask import Flask
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.applications import tasks as applications
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.celery_app import QUEUE, TURN, TURN_TOKEN, describe, init_celery
from app.core.database import is_inline, set_write_intent
from app.extensions import celery, db
from app.frontdesk import tasks as frontdesk
from app.reporting import tasks as reporting
from app.system import tasks as system
from app.system.rules import retry_delay_seconds
from app.system.services import beats, jobs, wakeups

#: Queues in use; one is enough, since long work always leaves a thread free for short work.
QUEUES = (QUEUE,)

#: Every tasks module of the house; importing them registers their tasks.
MODULES = (system, applications, frontdesk, reporting)

#: Name → task, schedule (timedelta or crontab on the Istanbul clock), description.
SCHEDULE: dict[str, dict[str, Any]] = {
    name: entry for module in MODULES for name, entry in getattr(module, "SCHEDULE", {}).items()
}

#: A turn that has worked for longer is taken for lost (seconds).
LONGEST_TURN = 1800
#: When the broker is away a turn is offered again after this time (seconds).
OFFER_AGAIN = 5


def init_app(app: Flask) -> None:
    """Bind Celery and the ports of the job service to this application."""
    init_celery(celery, app, turn=turn)
    wakeups.send = system.send

    def load_actor(session: Session, user_id: int) -> Actor | None:
        manager = app.extensions["appbuilder"].sm
        user = manager.load_user(user_id)
        return manager.actor_of(user) if user is not None else None

    jobs.load_actor = load_actor


def next_run(name: str, now: dt.datetime) -> dt.datetime:
    """When an entry of the timetable is due that has run at `now`; at least a second later."""
    schedule = copy(maybe_schedule(SCHEDULE[name]["schedule"]))
    # Reckoned from `now` alone: a second look at the clock would be some microseconds late, and the
    # daily turn of 07.30 would come at 07.29.59 and then once more.
    schedule.nowfun = lambda: clock.to_local(now)
    schedule.tz = clock.ISTANBUL
    wait: dt.timedelta = schedule.remaining_estimate(clock.to_local(now))
    return now + max(wait, dt.timedelta(seconds=1))


class Timetable:
    """Sends each entry of SCHEDULE when its turn has come; any number of them may run at once."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._prepared = False

    def tick(self) -> int:
        """Take the turns that have come and hand them to workers; returns how many."""
        with self._app.app_context(), acting_as(SYSTEM):
            if not self._prepared:
                self._prepare()
            # An idle house reads once a second and writes nothing.
            set_write_intent(False)
            with system.new_session() as session:
                due = beats.find_due(session, now=clock.now())
            return sum(self._offer(name) for name in due if name in SCHEDULE)

    def _prepare(self) -> None:
        now = clock.now()
        with system.short_transaction() as session:
            beats.ensure(
                session,
                next_runs={name: next_run(name, now) for name in SCHEDULE},
                titles={name: _(entry["description"]) for name, entry in SCHEDULE.items()},
            )
        self._prepared = True

    def _offer(self, name: str) -> bool:
        now = clock.now()
        with system.short_transaction() as session:
            token = beats.take(session, name=name, now=now, lease_seconds=system.TURN_LEASE)
        if token is None:
            return False
        if system.send(SCHEDULE[name]["task"], (), {TURN: name, TURN_TOKEN: token}):
            return True
        with system.short_transaction() as session:
            again = now + dt.timedelta(seconds=OFFER_AGAIN)
            beats.end(session, name=name, token=token, next_run=again, error="BrokerAway")
        return False


@contextmanager
def turn(name: str, token: str) -> Iterator[bool]:
    """Hold a turn while its task works, and note when the next one is; False: it is not ours."""
    with system.short_transaction() as session:
        row_id = beats.hold(
            session, name=name, token=token, now=clock.now(), lease_seconds=system.TURN_LEASE
        )
    if row_id is None or name not in SCHEDULE:
        yield False
        return
    inline, error = is_inline(db.session), ""
    keeping = system.keeper.holding(row_id, token, lease=system.TURN_LEASE, at_most=LONGEST_TURN)
    try:
        with nullcontext() if inline else keeping:
            yield True
    except Exception as fault:
        error = describe(fault)
        raise
    finally:
        # What the task left uncommitted is given up here, before it stands in the way of our note.
        if not inline:
            db.session.rollback()
        now = clock.now()
        following = next_run(name, now)
        if error:
            # A daily task that failed is not put off for a whole day.
            following = min(following, now + dt.timedelta(seconds=retry_delay_seconds(1)))
        with system.short_transaction() as session:
            beats.end(session, name=name, token=token, next_run=following, error=error)
