"""Tasks of the applications room: they call a service and commit; nothing is decided here."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from typing import Any

from celery.schedules import crontab
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.applications import services
from app.applications.models import LetterBatch
from app.applications.rules import BulkState, LetterBatchAct
from app.applications.services import bulk, imports, letter_batches
from app.core import clock
from app.core.acting import acting_as
from app.core.rooms import JobHandler
from app.core.rules import N_, RuleViolation
from app.core.text import format_number
from app.extensions import celery, db
from app.system.models import Job
from app.system.services import jobs

log = logging.getLogger(__name__)

#: Name → task, schedule in Istanbul time, and what it is for.
SCHEDULE: dict[str, dict[str, Any]] = {
    "applications.find_reminders": {
        "task": "applications.find_reminders",
        "schedule": dt.timedelta(minutes=10),
        "description": N_("Finds applications that come near their goal or their legal date"),
    },
    "applications.find_reminders_daily": {
        "task": "applications.find_reminders",
        "schedule": crontab(hour=7, minute=30),
        "description": N_("Reminds in the morning of what is due today and of what is late"),
    },
    "applications.tidy_up": {
        "task": "applications.tidy_up",
        "schedule": crontab(hour=4, minute=10),
        "description": N_(
            "Forgets bulk acts that nobody confirmed, follows up transfers that nobody follows up"
        ),
    },
    "applications.watch_information": {
        "task": "applications.watch_information",
        "schedule": crontab(hour=7, minute=20),
        "description": N_(
            "Watches information requests: day 12, silence, unpaid fees, documents for the Board"
        ),
    },
    "applications.ask_applicants": {
        "task": "applications.ask_applicants",
        "schedule": crontab(hour=10, minute=15),
        "description": N_("Asks a share of the applicants by link how satisfied they are"),
    },
    "applications.draw_call_backs": {
        "task": "applications.draw_call_backs",
        "schedule": crontab(hour=8, minute=10, day_of_week="mon"),
        "description": N_("Draws the applicants of last week who are called back"),
    },
    "applications.cut_answers": {
        "task": "applications.cut_answers",
        "schedule": crontab(hour=3, minute=40),
        "description": N_("Cuts old answers about satisfaction from their applications"),
    },
}


@celery.task(name="applications.find_reminders")
def find_reminders() -> dict[str, int]:
    """Write the reminders that are due by today, a batch to a transaction; returns counts.

    Found by scanning rows, never by a message for later: a day without workers loses nothing, and
    two at once write each reminder one time.
    """
    session = db.session()
    counts = {"read": 0, "written": 0, "told": 0}
    after = 0
    while True:
        done = services.send_reminders(session, today=clock.today(), after_id=after)
        session.commit()
        if not done.read:
            break
        after = done.last_id
        for name in counts:
            counts[name] += getattr(done, name)
    if counts["written"]:
        log.info("reminded", extra=counts)
    return counts


@celery.task(name="applications.ask_applicants")
def ask_applicants() -> dict[str, int]:
    """Send today's questions, and take call-backs off the list that need no call; returns counts."""
    session = db.session()
    services.drop_stale(session)
    done = services.send_questions(session, now=clock.now())
    session.commit()
    if done.asked:
        log.info("applicants asked", extra={"asked": done.asked, "candidates": done.candidates})
    return {"candidates": done.candidates, "asked": done.asked}


@celery.task(name="applications.draw_call_backs")
def draw_call_backs() -> dict[str, int]:
    """Draw last week's call-backs, unless that was done or none are wanted; returns how many."""
    session = db.session()
    drawn = services.draw_last_week(session, now=clock.now())
    session.commit()
    return {"drawn": drawn}


@celery.task(name="applications.cut_answers")
def cut_answers() -> dict[str, int]:
    """Cut answers loose whose time has come; returns how many."""
    session = db.session()
    cut = services.cut_answers(session, now=clock.now())
    session.commit()
    if cut:
        log.info("answers cut loose", extra={"answers": cut})
    return {"answers": cut}


@celery.task(name="applications.watch_information")
def watch_information() -> dict[str, int]:
    """Write the alarms of law 4982 and propose deemed withdrawals, a batch to a transaction."""
    session = db.session()
    counts = {"read": 0, "written": 0, "proposed": 0}
    after = 0
    while True:
        done = services.information.watch_information(session, today=clock.today(), after_id=after)
        session.commit()
        if not done.read:
            break
        after = done.last_id
        for name in counts:
            counts[name] += getattr(done, name)
    if counts["written"]:
        log.info("information watched", extra=counts)
    return counts


def run_import(
    session: Session, job: Job, progress: Callable[[int, str], None]
) -> Mapping[str, Any]:
    """Take over the rows of one import, some hundreds to a transaction; returns the counts.

    Each transaction holds the rows and their count, so a killed worker is followed by one that goes
    on behind the last row kept. A refused file ends the import with the reason on its page.
    """
    batch_id = int(job.arguments["batch_id"])

    def keep(done: int, total: int) -> None:
        session.commit()
        step = _("%(done)s / %(total)s rows", done=format_number(done), total=format_number(total))
        progress(100 * done // max(total, 1), step)

    try:
        actor = jobs.actor_of_job(session, job)
        counts = imports.run_batch(session, batch_id=batch_id, actor=actor, keep=keep)
    except imports.StoppedError:
        session.rollback()
        return {"stopped": True}
    except RuleViolation as refused:
        session.rollback()
        imports.fail_batch(session, batch_id=batch_id, error=refused)
        session.commit()
        raise
    return {"created": counts.created, "known": counts.known, "rejected": counts.rejected}


def run_letters(
    session: Session, job: Job, progress: Callable[[int, str], None]
) -> Mapping[str, Any]:
    """Do an act with every letter of a batch, some to a transaction; returns the counts.

    A killed worker is followed by one that goes on with the letters that are left.
    """
    arguments = job.arguments

    def keep(done: int, total: int) -> None:
        session.commit()
        step = _(
            "%(done)s / %(total)s letters", done=format_number(done), total=format_number(total)
        )
        progress(100 * done // max(total, 1), step)

    actor = jobs.actor_of_job(session, job)
    counts = letter_batches.run_act(
        session,
        batch_id=int(arguments["batch_id"]),
        act=LetterBatchAct(arguments["act"]),
        actor=actor,
        keep=keep,
        steps=frozenset(arguments.get("steps") or ()),
    )
    session.commit()
    batch = session.get_one(LetterBatch, int(arguments["batch_id"]))
    with acting_as(actor):
        files = letter_batches.file_letters(session, batch)
    return {"done": counts.done, "refused": counts.refused, "files": len(files)}


LETTER_JOBS = (JobHandler(letter_batches.JOB_KIND, run_letters, timeout=3600),)
#: A file of the largest size that is taken has its time; a broken run goes on where it stood.
IMPORT_JOBS = (JobHandler(imports.JOB_KIND, run_import, timeout=3600),)


# --- acts over many applications -------------------------------------------------------------------
def _kept(session: Session, progress: Callable[[int, str], None]) -> Callable[[int, int], None]:
    """What is called after each batch: it is kept, then told."""

    def keep(done: int, total: int) -> None:
        session.commit()
        step = _(
            "%(done)s / %(total)s applications",
            done=format_number(done),
            total=format_number(total),
        )
        progress(100 * done // max(total, 1), step)

    return keep


def run_bulk(session: Session, job: Job, progress: Callable[[int, str], None]) -> Mapping[str, Any]:
    """Do a confirmed bulk act, some dozen applications to a transaction; returns the counts.

    A killed worker is followed by one that goes on with what is left. When the person may no longer
    do this, the run ends with the reason on its page.
    """
    run_id = int(job.arguments["run_id"])
    try:
        actor = jobs.actor_of_job(session, job)
        counts = bulk.run_rows(session, run_id=run_id, actor=actor, keep=_kept(session, progress))
    except bulk.StoppedError:
        session.rollback()
        return {"stopped": True}
    except RuleViolation as refused:
        session.rollback()
        bulk.fail_run(session, run_id=run_id, error=refused)
        session.commit()
        raise
    return {"done": counts.done, "refused": counts.refused}


def undo_bulk(
    session: Session, job: Job, progress: Callable[[int, str], None]
) -> Mapping[str, Any]:
    """Take back what was asked for of a bulk act, on behalf of who asked; returns the counts."""
    actor = jobs.actor_of_job(session, job)
    counts = bulk.undo_rows(
        session,
        run_id=int(job.arguments["run_id"]),
        actor=actor,
        keep=_kept(session, progress),
        back_to=BulkState(job.arguments["before"]),
    )
    return {"undone": counts.done, "refused": counts.refused}


@celery.task(name="applications.tidy_up")
def tidy_up() -> dict[str, int]:
    """Forget bulk acts that nobody confirmed, and follow up transfers that came in otherwise."""
    session = db.session()
    counts = {"drafts": bulk.drop_drafts(session), "follow_ups": 0}
    session.commit()
    while found := services.find_missing_follow_ups(session):
        session.commit()
        counts["follow_ups"] += found
    if any(counts.values()):
        log.info("tidied up", extra=counts)
    return counts


BULK_JOBS = (
    JobHandler(bulk.JOB_KIND, run_bulk, timeout=3600),
    JobHandler(bulk.UNDO_KIND, undo_bulk, timeout=3600),
)
