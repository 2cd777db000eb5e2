"""Tasks of the front desk: they call a service and commit; nothing is decided here."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from typing import Any

from celery.schedules import crontab
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rooms import JobHandler
from app.core.rules import N_, RuleViolation
from app.core.text import format_number
from app.extensions import celery, db
from app.frontdesk.services import calls_import, calls_live, knowledge
from app.system.models import Job
from app.system.services import jobs

log = logging.getLogger(__name__)

#: Name → task, schedule in Istanbul time, and what it is for.
SCHEDULE: dict[str, dict[str, Any]] = {
    "frontdesk.close_stale_calls": {
        "task": "frontdesk.close_stale_calls",
        "schedule": dt.timedelta(minutes=5),
        "description": N_("Closes live calls whose end the switch never told"),
    },
    "frontdesk.cut_recordings": {
        "task": "frontdesk.cut_recordings",
        "schedule": crontab(hour=3, minute=20),
        "description": N_("Forgets where recordings of calls lie whose time has passed"),
    },
    "frontdesk.remind_knowledge": {
        "task": "frontdesk.remind_knowledge",
        "schedule": crontab(hour=8, minute=5),
        "description": N_("Reminds the owners of knowledge items that are to be looked at again"),
    },
}


@celery.task(name="frontdesk.close_stale_calls")
def close_stale_calls() -> dict[str, int]:
    """Close what nobody has ended for too long; returns how many."""
    session = db.session()
    closed = calls_live.close_stale(session, now=clock.now())
    session.commit()
    if closed:
        log.info("stale calls closed", extra={"calls": closed})
    return {"closed": closed}


@celery.task(name="frontdesk.cut_recordings")
def cut_recordings() -> dict[str, int]:
    """Cut references to recordings, some thousands to a transaction; returns how many."""
    session = db.session()
    total = 0
    while cut := calls_live.cut_recordings(session, now=clock.now()):
        session.commit()
        total += cut
    if total:
        log.info("recordings cut", extra={"calls": total})
    return {"cut": total}


@celery.task(name="frontdesk.remind_knowledge")
def remind_knowledge() -> dict[str, int]:
    """Write the reminders of this day; returns how many owners were told."""
    session = db.session()
    told = knowledge.remind_owners(session, today=clock.today())
    session.commit()
    return {"told": told}


def run_call_import(
    session: Session, job: Job, progress: Callable[[int, str], None]
) -> Mapping[str, Any]:
    """Take over the rows of one file of a switch, some hundreds to a transaction; returns the counts.

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
        counts = calls_import.run_batch(session, batch_id=batch_id, actor=actor, keep=keep)
    except calls_import.StoppedError:
        session.rollback()
        return {"stopped": True}
    except RuleViolation as refused:
        session.rollback()
        calls_import.fail_batch(session, batch_id=batch_id, error=refused)
        session.commit()
        raise
    return {"created": counts.created, "known": counts.known, "rejected": counts.rejected}


#: Work that a worker does for the room.
JOBS: tuple[JobHandler, ...] = (JobHandler(calls_import.JOB_KIND, run_call_import, timeout=3600),)
