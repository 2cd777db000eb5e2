"""The home page of administrators and auditors: worker, jobs, messages, newest rows of the trail."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.applications.views.home_parts import Block, Tile, bad, count, head
from app.core.acting import Actor
from app.core.text import format_datetime
from app.core.views import formats
from app.core.views.page import Cell
from app.system.models import AuditEvent, Job
from app.system.queries.health import HEARTBEAT_LATE, heartbeat_age
from app.system.queries.jobs import (
    count_jobs,
    count_messages,
    outbox_age_seconds,
    queue_age_seconds,
)
from app.system.rules import AUDIT_VERB_LABELS, JobState, NotificationState

#: Audit rows and failed jobs shown.
_NEWEST = 10


def lasted(seconds: float | None) -> str:
    """A span in the unit that fits it."""
    if seconds is None:
        return str(_("never"))
    if seconds < 120:
        return str(_("%(n)s s", n=count(round(seconds))))
    if seconds < 2 * 3600:
        return str(_("%(n)s min", n=count(round(seconds / 60))))
    return str(_("%(n)s h", n=count(round(seconds / 3600))))


def system_home(session: Any, actor: Actor) -> Block:
    """Is the worker alive, does anything wait or fail, what was done last: six statements."""
    tiles = [worker_tile()]
    context: dict[str, Any] = {
        **head(actor),
        "failed": [],
        "jobs_url": "",
        "audit": [],
        "audit_url": "",
    }
    if actor.may("read", "Job"):
        tiles += job_tiles(session, actor)
        context["failed"] = [job_row(job) for job in list_failed_jobs(session)]
        context["jobs_url"] = url_for("JobView.list")
    if actor.may("read", "AuditEvent"):
        context["audit"] = [audit_row(event) for event in list_newest_events(session)]
        context["audit_url"] = url_for("AuditEventView.list")
    return "applications/home_system.html", {**context, "figures": tiles}


def worker_tile() -> Tile:
    """When the worker was last heard of."""
    age = heartbeat_age()
    is_alive = age is not None and age <= HEARTBEAT_LATE
    hint = (
        _("heard of %(span)s ago", span=lasted(age))
        if age is not None
        else _("no worker has reported yet")
    )
    return Tile(
        _("Worker"), _("alive") if is_alive else _("silent"), hint, tone="" if is_alive else "bad"
    )


def job_tiles(session: Any, actor: Actor) -> list[Tile]:
    """Work and messages that wait or have failed."""
    jobs, messages = count_jobs(session), count_messages(session)
    waiting = jobs[JobState.WAITING] + jobs[JobState.RUNNING]
    unsent = messages[NotificationState.WAITING] + messages[NotificationState.SENDING]
    outbox = url_for("NotificationView.list") if actor.may("read", "Notification") else ""
    return [
        Tile(_("Work waiting"), count(waiting), _("the oldest for %(span)s", span=lasted(queue_age_seconds(session))), url_for("JobView.list")),
        Tile(_("Work failed"), count(jobs[JobState.FAILED]), "", url_for("JobView.list"), bad(jobs[JobState.FAILED])),
        Tile(_("Messages waiting"), count(unsent), _("the oldest for %(span)s", span=lasted(outbox_age_seconds(session))), outbox),
        Tile(_("Messages failed"), count(messages[NotificationState.FAILED]), "", outbox, bad(messages[NotificationState.FAILED])),
    ]  # fmt: skip


def list_newest_events(session: Any) -> list[AuditEvent]:
    """The newest rows of the audit trail."""
    return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(_NEWEST)))


def list_failed_jobs(session: Any) -> list[Job]:
    """The newest work that failed for good."""
    stmt = select(Job).where(Job.state == JobState.FAILED).order_by(Job.id.desc()).limit(_NEWEST)
    return list(session.scalars(stmt))


def audit_row(event: AuditEvent) -> tuple[str, str, str, Cell | None]:
    """Who did what to which record, and when."""
    verb = formats.translated(AUDIT_VERB_LABELS[event.verb])
    record = f"{event.entity} {event.record_id or ''}".strip()
    who = event.actor_name or _("System")
    sub = " · ".join(
        p for p in (format_datetime(event.at, lang=formats.language()), who, event.address) if p
    )
    title = f"{verb}: {record}" if record else verb
    return title, sub, url_for("AuditEventView.show", pk=event.id), None


def job_row(job: Job) -> tuple[str, str, str, Cell | None]:
    """What failed and why."""
    at = format_datetime(job.finished_at, lang=formats.language()) if job.finished_at else ""
    sub = " · ".join(p for p in (at, job.error) if p)
    return (
        job.title or job.kind,
        sub,
        url_for("JobView.show", pk=job.id),
        Cell("badge", _("Failed"), tone="bad"),
    )
