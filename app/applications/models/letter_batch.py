"""Letters made of one template for many applications, and what became of each of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.letter_batches import (
    LetterBatchApproval,
    LetterBatchState,
    LetterRowState,
)
from app.core.models import Document, Instant, Stamped, code_type, label_type

if TYPE_CHECKING:
    from app.applications.models.application import Application
    from app.applications.models.reply import Reply, ReplyTemplate
    from app.system.models import Job


class LetterBatch(Stamped, Model):
    """A batch of letters (toplu yazı): chosen by a filter, written from a template, approved, sent."""

    __tablename__ = "applications_letter_batch"
    __table_args__ = (Index("ix_applications_letter_batch_state", "state", "id"),)

    title: Mapped[str] = mapped_column(label_type(), comment="Name for the approver")
    template_id: Mapped[int] = mapped_column(
        ForeignKey("applications_reply_template.id"), index=True, comment="Template"
    )
    approval: Mapped[LetterBatchApproval] = mapped_column(
        code_type(LetterBatchApproval),
        default=LetterBatchApproval.TOGETHER,
        comment="How its letters are approved",
    )
    state: Mapped[LetterBatchState] = mapped_column(
        code_type(LetterBatchState), default=LetterBatchState.DRAFT, comment="State"
    )
    chosen: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, comment="How the applications were chosen"
    )
    #: A batch with a restricted case is as restricted as that case.
    is_restricted: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Holds a restricted application"
    )
    letters: Mapped[int] = mapped_column(
        Integer, default=0, comment="Letters that are not left out"
    )
    problems: Mapped[int] = mapped_column(Integer, default=0, comment="Letters with a problem")
    sent: Mapped[int] = mapped_column(Integer, default=0, comment="Letters sent")
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("system_job.id"), index=True, comment="Job at work on it"
    )
    sent_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="The last was sent at")

    template: Mapped[ReplyTemplate] = relationship("ReplyTemplate")
    job: Mapped[Job | None] = relationship("Job")
    rows: Mapped[list[LetterBatchRow]] = relationship(
        "LetterBatchRow", back_populates="batch", order_by="LetterBatchRow.position"
    )

    def __str__(self) -> str:
        return self.title


class LetterBatchRow(Stamped, Model):
    """One letter of a batch: its text before it becomes a letter, its problems, what became of it."""

    __tablename__ = "applications_letter_batch_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "application_id"),
        Index("ix_applications_letter_batch_row_state", "batch_id", "state", "position"),
    )

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("applications_letter_batch.id"), comment="Batch"
    )
    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications_application.id"), index=True, comment="Application"
    )
    position: Mapped[int] = mapped_column(Integer, comment="Place in the batch")
    state: Mapped[LetterRowState] = mapped_column(
        code_type(LetterRowState), default=LetterRowState.READY, comment="State"
    )
    body: Mapped[str] = mapped_column(Text, default="", comment="Merged text of the letter")
    short_text: Mapped[str] = mapped_column(
        String(480), default="", comment="Merged text of the SMS"
    )
    problems: Mapped[list[dict[str, Any]]] = mapped_column(
        Document, default=list, comment="What keeps it from going on: message and its values"
    )
    reply_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_reply.id"), index=True, comment="Letter made of it"
    )

    batch: Mapped[LetterBatch] = relationship("LetterBatch", back_populates="rows")
    application: Mapped[Application] = relationship("Application")
    reply: Mapped[Reply | None] = relationship("Reply")

    def __str__(self) -> str:
        return f"#{self.id}"
