"""Work and messages as rows: written with what caused them, done by a worker afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.models import Document, Instant, Stamped, code_type, label_type
from app.system.rules import JobState, NotificationChannel, NotificationState


class Job(Stamped, Model):
    """Something that must happen once: a report, an import, an export, a scan."""

    __tablename__ = "system_job"
    __table_args__ = (
        Index("ix_system_job_due", "state", "run_after", "id"),
        Index("ix_system_job_owner", "created_by_id", "id"),
    )

    kind: Mapped[str] = mapped_column(String(60), index=True, comment="Name of the handler")
    title: Mapped[str] = mapped_column(label_type(), default="", comment="What the user sees")
    dedupe_key: Mapped[str | None] = mapped_column(String(160), unique=True, comment="Once per key")
    arguments: Mapped[dict[str, Any]] = mapped_column(Document, default=dict, comment="Arguments")
    state: Mapped[JobState] = mapped_column(
        code_type(JobState), default=JobState.WAITING, comment="State"
    )
    attempts: Mapped[int] = mapped_column(Integer, default=0, comment="Tries so far")
    run_after: Mapped[dt.datetime] = mapped_column(Instant, default=clock.now, comment="Not before")
    leased_until: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Lease of the worker")
    lease_token: Mapped[str | None] = mapped_column(String(40), comment="Which worker holds it")
    progress: Mapped[int] = mapped_column(Integer, default=0, comment="0 to 100")
    step: Mapped[str] = mapped_column(String(200), default="", comment="What is being done now")
    result: Mapped[dict[str, Any]] = mapped_column(Document, default=dict, comment="Outcome")
    error: Mapped[str] = mapped_column(Text, default="", comment="Message for the user")
    started_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Begun at")
    finished_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Ended at")

    def __str__(self) -> str:
        return self.title or self.kind


class Notification(Stamped, Model):
    """A message that leaves by e-mail or SMS, or shows in the panel of one staff user."""

    __tablename__ = "system_notification"
    __table_args__ = (
        Index("ix_system_notification_due", "state", "run_after", "id"),
        Index("ix_system_notification_owner", "owner_type", "owner_id"),
        Index(
            "ix_system_notification_unread",
            "user_id",
            "id",
            postgresql_where=text("read_at IS NULL"),
            sqlite_where=text("read_at IS NULL"),
        ),
    )

    channel: Mapped[NotificationChannel] = mapped_column(
        code_type(NotificationChannel), comment="By what"
    )
    dedupe_key: Mapped[str | None] = mapped_column(String(160), unique=True, comment="Once per key")
    user_id: Mapped[int | None] = mapped_column(Integer, comment="Staff user, for the panel")
    recipient: Mapped[str] = mapped_column(String(320), default="", comment="Address or number")
    subject: Mapped[str] = mapped_column(label_type(), default="", comment="Subject")
    body: Mapped[str] = mapped_column(Text, default="", comment="Text")
    url: Mapped[str] = mapped_column(String(300), default="", comment="Page it speaks of")
    owner_type: Mapped[str] = mapped_column(String(60), default="", comment="Class of the record")
    owner_id: Mapped[int | None] = mapped_column(Integer, comment="Key of the record")
    template: Mapped[str] = mapped_column(String(60), default="", comment="Which text it is")
    attachment_ids: Mapped[list[int]] = mapped_column(
        Document, default=list, comment="Attachments that travel with it"
    )
    state: Mapped[NotificationState] = mapped_column(
        code_type(NotificationState), default=NotificationState.WAITING, comment="State"
    )
    attempts: Mapped[int] = mapped_column(Integer, default=0, comment="Tries so far")
    run_after: Mapped[dt.datetime] = mapped_column(Instant, default=clock.now, comment="Not before")
    leased_until: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Lease of the worker")
    lease_token: Mapped[str | None] = mapped_column(String(40), comment="Which worker holds it")
    sent_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Accepted at")
    provider_ref: Mapped[str] = mapped_column(String(120), default="", comment="Provider's number")
    error: Mapped[str] = mapped_column(String(300), default="", comment="Why it failed")
    read_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Read in the panel at")

    def __str__(self) -> str:
        return self.subject or self.template


class Reminder(Stamped, Model):
    """One reminder of one record at one moment of its clock; written exactly once."""

    __tablename__ = "system_reminder"
    __table_args__ = (Index("ix_system_reminder_owner", "owner_type", "owner_id", "id"),)

    dedupe_key: Mapped[str] = mapped_column(String(160), unique=True, comment="Once per key")
    owner_type: Mapped[str] = mapped_column(String(60), comment="Class of the record")
    owner_id: Mapped[int] = mapped_column(Integer, comment="Key of the record")
    kind: Mapped[str] = mapped_column(String(40), comment="internal_50, legal_3, overdue …")
    level: Mapped[str] = mapped_column(String(40), default="", comment="Who is reminded")
    user_id: Mapped[int | None] = mapped_column(Integer, index=True, comment="Staff user reminded")
    due_on: Mapped[dt.date | None] = mapped_column(comment="The day it speaks of")
    text: Mapped[str] = mapped_column(String(300), default="", comment="Text")

    def __str__(self) -> str:
        return self.text or self.dedupe_key
