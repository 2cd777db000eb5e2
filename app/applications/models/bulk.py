"""Acts over many applications: the run, and what became of each application in it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.bulk import BulkAct, BulkRowState, BulkState
from app.core.models import Document, Instant, Stamped, code_type

if TYPE_CHECKING:
    from app.applications.models.application import Application
    from app.organisation.models import StaffUser


class BulkRun(Stamped, Model):
    """One act over all picked applications, with its preview, its confirmation and its result."""

    __tablename__ = "applications_bulk_run"
    __table_args__ = (
        CheckConstraint(
            "second_id IS NULL OR starter_id IS NULL OR second_id <> starter_id", name="four_eyes"
        ),
        Index("ix_applications_bulk_run_state", "state", "id"),
        Index("ix_applications_bulk_run_starter", "starter_id", "id"),
    )

    act: Mapped[BulkAct] = mapped_column(code_type(BulkAct), comment="What is done")
    state: Mapped[BulkState] = mapped_column(
        code_type(BulkState), default=BulkState.DRAFT, comment="Where the run stands"
    )
    arguments: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, comment="Unit, text, priority … of the act"
    )
    whole_filter: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="All that the filter found, not only picked rows"
    )
    filters: Mapped[list[Any]] = mapped_column(
        Document, default=list, comment="Filters of the list in words, for the record"
    )
    reason: Mapped[str] = mapped_column(String(300), default="", comment="Why it is done")
    has_restricted: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Holds cases only for those who may see CİMER items"
    )
    total_rows: Mapped[int] = mapped_column(Integer, default=0, comment="Applications picked")
    ready_rows: Mapped[int] = mapped_column(Integer, default=0, comment="Possible in the preview")
    done_rows: Mapped[int] = mapped_column(Integer, default=0, comment="Done")
    refused_rows: Mapped[int] = mapped_column(
        Integer, default=0, comment="Refused by a rule, or changed meanwhile"
    )
    undone_rows: Mapped[int] = mapped_column(Integer, default=0, comment="Taken back")
    starter_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), comment="On whose behalf it is done"
    )
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Confirmed at")
    second_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Second person who confirmed it"
    )
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("system_job.id"), index=True, comment="Job that does it"
    )
    finished_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Ended at")
    undo_until: Mapped[dt.datetime | None] = mapped_column(
        Instant, comment="Until when it can be undone"
    )
    undo_reason: Mapped[str] = mapped_column(
        String(300), default="", comment="Why it was taken back"
    )
    error: Mapped[str] = mapped_column(Text, default="", comment="Why the whole run broke off")

    starter: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[starter_id])
    second: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[second_id])

    def __str__(self) -> str:
        return f"#{self.id}"


class BulkRow(Stamped, Model):
    """One application in a run: what was seen of it, what became of it, what a reversal needs."""

    __tablename__ = "applications_bulk_row"
    __table_args__ = (
        UniqueConstraint("run_id", "application_id"),
        Index("ix_applications_bulk_row_state", "run_id", "state", "application_id"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("applications_bulk_run.id"), comment="Run")
    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications_application.id"), index=True, comment="Application"
    )
    state: Mapped[BulkRowState] = mapped_column(
        code_type(BulkRowState), default=BulkRowState.PICKED, comment="What became of it"
    )
    seen_version: Mapped[int | None] = mapped_column(
        Integer, comment="Version of the application at the preview"
    )
    reasons: Mapped[list[Any]] = mapped_column(
        Document, default=list, comment="Why it was refused: texts with what fills them"
    )
    before: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, comment="What a reversal puts back"
    )
    event_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_event.id"), comment="Step that the act has written"
    )
    done_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Done at")
    undone_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Taken back at")

    run: Mapped[BulkRun] = relationship("BulkRun")
    application: Mapped[Application] = relationship("Application")

    def __str__(self) -> str:
        return f"#{self.id}"
