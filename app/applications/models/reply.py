"""What is written to the citizen, and the texts it is written from."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.vocabulary import Kind, Outcome, ReplyKind, ReplyState, State
from app.core.models import Identified, Instant, Named, Stamped, code_type, label_type

if TYPE_CHECKING:
    from app.applications.models.application import Application
    from app.applications.models.approval import ApprovalStep
    from app.applications.models.feedback import OutcomeReason
    from app.applications.models.topic import Topic
    from app.organisation.models import StaffUser
    from app.people.models import Institution


class Reply(Stamped, Model):
    """A letter to the applicant: drafted by one, approved by another, sent once."""

    __tablename__ = "applications_reply"
    __table_args__ = (Index("ix_applications_reply_state", "state", "id"),)

    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications_application.id"), index=True, comment="Application"
    )
    kind: Mapped[ReplyKind] = mapped_column(
        code_type(ReplyKind), default=ReplyKind.FINAL, comment="What it does to the clock"
    )
    state: Mapped[ReplyState] = mapped_column(
        code_type(ReplyState), default=ReplyState.DRAFT, comment="State"
    )
    outcome: Mapped[Outcome | None] = mapped_column(code_type(Outcome), comment="Result it tells")
    outcome_reason_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_outcome_reason.id"), comment="Why, as the letter tells it"
    )
    subject: Mapped[str] = mapped_column(label_type(), default="", comment="Subject line")
    body: Mapped[str] = mapped_column(Text, default="", comment="Text of the letter")
    short_text: Mapped[str] = mapped_column(String(480), default="", comment="Text of the SMS")
    refusal_article: Mapped[str] = mapped_column(String(60), default="", comment="Law and article")
    remedy: Mapped[str] = mapped_column(Text, default="", comment="Where and until when to object")
    letter_no: Mapped[str] = mapped_column(String(60), default="", comment="Number given by EBYS")
    letter_on: Mapped[dt.date | None] = mapped_column(Date, comment="Date of the letter")
    drafted_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who drafted it"
    )
    submitted_at: Mapped[dt.datetime | None] = mapped_column(
        Instant, comment="Sent for approval at"
    )
    approved_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who approved it"
    )
    approved_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Approved at")
    drafted_for_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), comment="In whose place it was drafted (vekâleten)"
    )
    approved_for_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), comment="In whose place it was approved (vekâleten)"
    )
    #: Kept at the signature, so that a later change of titles does not change an old letter.
    signed_as: Mapped[str] = mapped_column(
        String(160), default="", server_default="", comment="Title below the signature"
    )
    institution_id: Mapped[int | None] = mapped_column(
        ForeignKey("people_institution.id"), comment="Addressed to this institution (3071 m.5)"
    )
    approval_note: Mapped[str] = mapped_column(
        String(300), default="", comment="Note of the approver"
    )
    sent_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Sent at")
    cycle: Mapped[int] = mapped_column(Integer, default=1, comment="Cycle of the application")

    application: Mapped[Application] = relationship("Application", back_populates="replies")
    outcome_reason: Mapped[OutcomeReason | None] = relationship("OutcomeReason")
    drafted_by: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[drafted_by_id])
    approved_by: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[approved_by_id])
    approved_for: Mapped[StaffUser | None] = relationship(
        "StaffUser", foreign_keys=[approved_for_id]
    )
    institution: Mapped[Institution | None] = relationship("Institution")
    approval_steps: Mapped[list[ApprovalStep]] = relationship(
        "ApprovalStep",
        back_populates="reply",
        order_by="ApprovalStep.round, ApprovalStep.position",
    )

    def __str__(self) -> str:
        return self.subject or f"#{self.id}"


class ReplyVersion(Identified, Model):
    """The text of a letter as it stood after one change; rows are added and never changed."""

    __tablename__ = "applications_reply_version"
    __table_args__ = (UniqueConstraint("reply_id", "number"),)

    reply_id: Mapped[int] = mapped_column(ForeignKey("applications_reply.id"), comment="Letter")
    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications_application.id"), index=True, comment="Application"
    )
    number: Mapped[int] = mapped_column(Integer, comment="Counts up from 1")
    at: Mapped[dt.datetime] = mapped_column(Instant, index=True, comment="When")
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who wrote it; null: the system"
    )
    restored_from: Mapped[int | None] = mapped_column(
        Integer, comment="Number of the version that was taken up again"
    )
    kind: Mapped[ReplyKind] = mapped_column(code_type(ReplyKind), comment="Kind of letter")
    outcome: Mapped[Outcome | None] = mapped_column(code_type(Outcome), comment="Result it tells")
    subject: Mapped[str] = mapped_column(label_type(), default="", comment="Subject line")
    body: Mapped[str] = mapped_column(Text, default="", comment="Text of the letter")
    short_text: Mapped[str] = mapped_column(String(480), default="", comment="Text of the SMS")
    refusal_article: Mapped[str] = mapped_column(String(60), default="", comment="Law and article")
    remedy: Mapped[str] = mapped_column(Text, default="", comment="Where and until when to object")

    reply: Mapped[Reply] = relationship("Reply")
    application: Mapped[Application] = relationship("Application")
    by: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[by_id])

    def __str__(self) -> str:
        return f"#{self.number}"


class ReplyTemplate(Stamped, Named, Model):
    """A text to start a reply from, with merge fields such as {{ad_soyad}}."""

    __tablename__ = "applications_reply_template"

    name: Mapped[str] = mapped_column(label_type(), unique=True, comment="Name")
    topic_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_topic.id"), index=True, comment="Only for this topic"
    )
    for_kind: Mapped[Kind | None] = mapped_column(code_type(Kind), comment="Only for this kind")
    for_state: Mapped[State | None] = mapped_column(code_type(State), comment="Only in this state")
    reply_kind: Mapped[ReplyKind] = mapped_column(
        code_type(ReplyKind), default=ReplyKind.FINAL, comment="What it does to the clock"
    )
    outcome: Mapped[Outcome | None] = mapped_column(code_type(Outcome), comment="Result it tells")
    body: Mapped[str] = mapped_column(Text, comment="Text with merge fields")
    short_text: Mapped[str] = mapped_column(String(480), default="", comment="Text of the SMS")
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="In use")

    topic: Mapped[Topic | None] = relationship("Topic")
