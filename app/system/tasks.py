"""Tasks of the system room: running jobs, sending messages, sealing the trail, signs of life."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from celery.schedules import crontab
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core import clock, places, worker
from app.core.acting import SYSTEM, acting_as
from app.core.celery_app import Sender, describe, house_app
from app.core.database import is_inline, writing
from app.core.late_writes import holds_write_lock, late_writes
from app.core.leases import LeaseKeeper
from app.core.messaging import Sender as MessageSender
from app.core.messaging import SmsSender, SmtpSender
from app.core.rooms import JobHandler, rooms
from app.core.rules import N_, RuleViolation
from app.core.views import counting, listing
from app.extensions import celery, db
from app.system.models import Job, SavedView, SavedViewUse
from app.system.queries import get_setting
from app.system.rules import LEASE_SECONDS, NotificationChannel
from app.system.services import audit, beats, jobs, outbox, saved_views

log = logging.getLogger(__name__)

#: How often lost wake-ups are made up for, in seconds; tests shorten it.
SWEEP_SECONDS = float(os.environ.get("HALKLA_SWEEP_SECONDS", "30"))
#: How long a worker may be silent before its work goes to another; tests shorten it.
LEASE = int(os.environ.get("HALKLA_LEASE_SECONDS", str(LEASE_SECONDS)))
#: A turn of the timetable is short, so a dead worker's turn is taken again sooner.
TURN_LEASE = min(LEASE, beats.LEASE_SECONDS)
#: A page polls every second or so; more writes than that tell nobody anything.
PROGRESS_SECONDS = 0.5
#: Messages in one round of the outbox.
ROUND = 100

_every = dt.timedelta(seconds=SWEEP_SECONDS)
SCHEDULE: dict[str, dict[str, Any]] = {
    "system.sweep": {
        "task": "system.sweep",
        "schedule": _every,
        "description": N_("Finds waiting work for which no worker was woken"),
    },
    "system.deliver_outbox": {
        "task": "system.deliver_outbox",
        "schedule": _every,
        "description": N_("Sends waiting e-mail and SMS messages"),
    },
    "system.tell_followed_views": {
        "task": "system.tell_followed_views",
        "schedule": crontab(hour=7, minute=45),
        "description": N_("Tells people in the morning of saved views that have grown"),
    },
    "system.seal_audit": {
        "task": "system.seal_audit",
        "schedule": _every,
        "description": N_("Seals new rows of the audit trail"),
    },
    "system.heartbeat": {
        "task": "system.heartbeat",
        "schedule": dt.timedelta(seconds=min(SWEEP_SECONDS, 15)),
        "description": N_("Notes that the worker is alive"),
    },
}

send = Sender(celery)
slots = worker.Slots(worker.CONCURRENCY - 1)
_outbox_rounds = worker.OneAtATime()


class StoppingError(Exception):
    """Raised in a handler when the worker was asked to end: its job goes back to the queue."""


class OverdueError(Exception):
    """Raised in a handler that has worked longer than it may."""


def new_session() -> Session:
    """A session beside the one of the application context, with the same listeners."""
    made: Session = db.session.session_factory()
    return made


@contextmanager
def short_transaction() -> Iterator[Session]:
    """A session of its own that is committed at the end of the block."""
    with writing(), new_session() as session:
        yield session
        session.commit()


def _extend(row_id: int, token: str, lease: int) -> bool:
    with house_app().app_context(), acting_as(SYSTEM), short_transaction() as session:
        return jobs.extend_lease(
            session, job_id=row_id, token=token, now=clock.now(), lease_seconds=lease
        )


keeper = LeaseKeeper(_extend, every=TURN_LEASE / 3)


def hand_back() -> int:
    """Return to the queue what this process still works on; it is about to end by force."""
    with house_app().app_context(), acting_as(SYSTEM), short_transaction() as session:
        return jobs.release(session, tokens=keeper.tokens())


# --- jobs ----------------------------------------------------------------------------------------
class Progress:
    """What a handler calls between two steps: `progress(percent, step)`.

    It notes how far the work is in a short transaction of its own, and raises when the work should
    end: StoppingError, OverdueError, or LeaseLostError when somebody cancelled the job.
    """

    def __init__(self, session: Session, job_id: int, token: str, timeout: int) -> None:
        self._session, self._job_id, self._token = session, job_id, token
        self._until = time.monotonic() + timeout
        self._last = 0.0

    def __call__(self, percent: int, step: str = "") -> None:
        now = time.monotonic()
        if worker.stopping.is_set():
            raise StoppingError
        if now > self._until:
            raise OverdueError
        inline = is_inline(self._session)
        if (now - self._last < PROGRESS_SECONDS and not inline) or (
            # On SQLite the note would wait for the very transaction that it is about.
            not inline and holds_write_lock(self._session)
        ):
            return
        self._last = now
        try:
            with nullcontext(self._session) if inline else short_transaction() as session:
                jobs.progress(
                    session,
                    job_id=self._job_id,
                    token=self._token,
                    percent=percent,
                    step=str(step),
                    lease_seconds=LEASE,
                )
        except OperationalError:
            # Somebody else is writing just now; the next step is noted again.
            log.info("progress not noted", extra={"job": self._job_id})


def find_handler(kind: str) -> JobHandler | None:
    """Who does this kind of work, from the manifests of all rooms."""
    return next((h for room in rooms() for h in room.jobs if h.kind == kind), None)


@celery.task(name="system.run_job")
def run_job(job_id: int) -> int:
    """Run this job if it is due, then whatever else is due; returns how many were run here."""
    count = 0
    with slots.one() as free:
        wanted: int | None = job_id
        while free and not worker.stopping.is_set():
            job = _claim(wanted)
            if job is not None:
                _run(job)
                count += 1
            elif wanted is None:
                break
            wanted = None
    return count


def _claim(job_id: int | None) -> Job | None:
    if is_inline(db.session()):
        db.session.commit()
    with short_transaction() as session:
        found = jobs.claim(session, now=clock.now(), limit=1, job_id=job_id, lease_seconds=LEASE)
    return found[0] if found else None


def _run(job: Job) -> None:
    """Run the handler; its effects and the end of the job are one transaction."""
    session, token = db.session(), str(job.lease_token)
    inline = is_inline(session)
    outcome = "done"
    try:
        handler = find_handler(job.kind)
        if handler is None:
            raise LookupError(job.kind)
        progress = Progress(session, job.id, token, handler.timeout)
        with (
            # A handler that looks at nothing for longer than this is given up to another worker.
            nullcontext()
            if inline
            else keeper.holding(job.id, token, lease=LEASE, at_most=handler.timeout + LEASE),
            nullcontext() if inline else late_writes(session),
        ):
            own = session.get_one(Job, job.id, populate_existing=True)
            result = handler.run(session, own, progress)
            jobs.finish(session, job=own, token=token, result=result or {})
            session.commit()
    except jobs.LeaseLostError:
        session.rollback()
        outcome = "lost"
    except StoppingError:
        session.rollback()
        outcome = "handed back"
        with short_transaction() as short:
            jobs.release(short, tokens=[token])
    except Exception as fault:
        session.rollback()
        outcome = _fail(job, token, fault)
    finally:
        if inline:
            session.expire_all()
        else:
            db.session.remove()
    log.info("job %s", outcome, extra={"job": job.id, "kind": job.kind, "attempt": job.attempts})


def _fail(job: Job, token: str, fault: Exception) -> str:
    """Note the fault for the person who waits, and its place for the log; returns the outcome."""
    log.warning("job fault", extra={"job": job.id, "kind": job.kind, "fault": describe(fault)})
    may_retry = True
    if isinstance(fault, RuleViolation):
        # A rule that is broken now is broken at the next try too.
        text, may_retry = _texts(fault), False
    elif isinstance(fault, OverdueError):
        text, may_retry = _("The work took longer than it may and was ended."), False
    else:
        text = _("An unexpected fault (%(kind)s); it has been logged.", kind=type(fault).__name__)
    try:
        with short_transaction() as session:
            again = jobs.fail(
                session, job=job, token=token, error=text, may_retry=may_retry, translate=_
            )
    except jobs.LeaseLostError:
        return "lost"
    return "put off" if again else "failed"


def _texts(fault: RuleViolation) -> str:
    return " ".join(
        _(v.message) % dict(v.params) if v.params else _(v.message) for v in fault.violations
    )


@celery.task(name="system.sweep")
def sweep() -> dict[str, int]:
    """Wake workers for due jobs and give up jobs that broke every try; returns counts."""
    with short_transaction() as session:
        found = jobs.sweep(session, translate=_)
    woken = sum(send(jobs.RUN_TASK, (job_id,)) for job_id in found.due)
    if found.due or found.given_up:
        log.info("swept", extra={"due": len(found.due), "woken": woken, "given_up": found.given_up})
    return {"due": len(found.due), "woken": woken, "given_up": found.given_up}


# --- messages ------------------------------------------------------------------------------------
SWITCHED_OFF = {
    NotificationChannel.EMAIL: N_("Sending e-mail is switched off in the settings."),
    NotificationChannel.SMS: N_("Sending SMS is switched off in the settings."),
}
WRONG_ADDRESS = N_("The address of the service is not valid; tell your administrator.")


@celery.task(name="system.deliver_outbox")
def deliver_outbox() -> dict[str, int]:
    """Send what is due; one thread of a process at a time, so that a slow server holds up one."""
    counts = {"sent": 0, "postponed": 0, "failed": 0}
    for _round in _outbox_rounds.rounds():
        while True:
            with short_transaction() as session:
                senders, notes = _senders(session)
            done = outbox.deliver_due(
                new_session,
                limit=ROUND,
                senders=senders,
                notes=notes,
                translate=_,
                stopping=worker.stopping.is_set,
                lease_seconds=LEASE,
            )
            for word in counts:
                counts[word] += getattr(done, word)
            if done.sent + done.failed < ROUND or worker.stopping.is_set():
                break
    return counts


def _senders(
    session: Session,
) -> tuple[dict[NotificationChannel, MessageSender | None], dict[NotificationChannel, str]]:
    """A sender for each channel, None where there is no service, and why there is none."""
    config: Mapping[str, Any] = current_app.config
    email, sms = NotificationChannel.EMAIL, NotificationChannel.SMS
    senders: dict[NotificationChannel, MessageSender | None] = {email: None, sms: None}
    notes: dict[NotificationChannel, str] = {}
    for channel, address, setting in (
        (email, config.get("HALKLA_SMTP_URL"), "email_enabled"),
        (sms, config.get("HALKLA_SMS_URL"), "sms_enabled"),
    ):
        if not address:
            continue
        if not get_setting(session, setting):
            notes[channel] = SWITCHED_OFF[channel]
            continue
        try:
            if channel is email:
                senders[channel] = SmtpSender(address, config["HALKLA_MAIL_FROM"])
            else:
                senders[channel] = SmsSender(address, config.get("HALKLA_SMS_TOKEN", ""))
        except ValueError:
            notes[channel] = WRONG_ADDRESS
    return senders, notes


# --- saved views ---------------------------------------------------------------------------------
@celery.task(name="system.tell_followed_views")
def tell_followed_views() -> int:
    """Tell people in the morning of saved views with more rows than they asked for; returns how many.

    Each is counted in the sight of the person. A day is noted with the message, so a second run or a
    second worker tells nobody twice.
    """
    session, today, told, after = db.session(), clock.today(), 0, 0
    while uses := saved_views.list_followed(session, today, after, limit=50):
        after = uses[-1].id
        for use in uses:
            told += _tell_of_view(session, use, today)
        session.commit()
    return told


def _tell_of_view(session: Session, use: SavedViewUse, today: dt.date) -> bool:
    actor = jobs.load_actor(session, use.user_id)
    use.alerted_on = today
    if actor is None or use.alert_above is None:
        return False
    with acting_as(actor):
        # Whoever may no longer see the view is not told of it.
        view = session.scalars(select(SavedView).where(SavedView.id == use.view_id)).first()
    number = (
        counting.count_for(session, view.screen, view.arguments, actor)
        if view is not None
        else None
    )
    if view is None or number is None or number <= use.alert_above:
        return False
    outbox.notify_user(
        session,
        user_id=use.user_id,
        subject=_(
            "%(name)s: %(n)s rows",
            name=view.name,
            n=listing.written_count(number, listing.TAB_CAP),
        ),
        url=counting.path_of(view.screen, view.arguments)[:300],
        owner_type="SavedView",
        owner_id=use.view_id,
        template="followed_view",
        dedupe_key=f"view:{use.id}:{today.isoformat()}",
    )
    return True


# --- the house -----------------------------------------------------------------------------------
@celery.task(name="system.seal_audit")
def seal_audit() -> int:
    """Chain new rows of the audit trail; returns how many."""
    with short_transaction() as session:
        return audit.seal(session)


@celery.task(name="system.heartbeat")
def heartbeat() -> str:
    """Write the moment into `worker.heartbeat` of the data folder; returns it."""
    at = clock.now().isoformat()
    path = places.data_folder() / "worker.heartbeat"
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps({"at": at, "pid": os.getpid()}), encoding="ascii")
    draft.replace(path)
    return at
