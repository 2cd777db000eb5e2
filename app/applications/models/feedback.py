"""Feedback: texts of messages, reasons of results, what applicants answered, whom to call back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.feedback import AnswerMethod, CallState, NoticeChannel, Solved
from app.applications.rules.vocabulary import Outcome
from app.core.models import Instant, Named, Stamped, code_type, folded, label_type

if TYPE_CHECKING:
    from app.applications.models.application import Application
    from app.applications.models.topic import Topic
    from app.organisation.models import District, StaffUser, Unit


@folded("step", "subject", "body")
class NoticeText(Stamped, Model):
    """What an applicant is told at one step by one way; the newest valid one in use is sent."""

    __tablename__ = "applications_notice_text"
    __table_args__ = (
        UniqueConstraint(
            "step", "channel", "language", "valid_from", name="uq_applications_notice_text_place"
        ),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="valid_order"),
    )

    step: Mapped[str] = mapped_column(String(40), comment="Step: register, send_reply …")
    channel: Mapped[NoticeChannel] = mapped_column(code_type(NoticeChannel), comment="By what")
    language: Mapped[str] = mapped_column(String(2), default="tr", comment="Language of the text")
    subject: Mapped[str] = mapped_column(label_type(), default="", comment="Subject of the e-mail")
    body: Mapped[str] = mapped_column(Text, comment="Text with merge fields")
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="In use; if not, not told")
    valid_from: Mapped[dt.date] = mapped_column(Date, comment="First day")
    valid_until: Mapped[dt.date | None] = mapped_column(Date, comment="Last day; null: no end")
    search_text: Mapped[str] = mapped_column(Text, default="", comment="Folded, for search")

    def __str__(self) -> str:
        return f"{self.step}, {self.channel}"


@folded("code", "name", "citizen_text")
class OutcomeReason(Stamped, Named, Model):
    """Why a result is what it is: a code that the officer picks and a sentence that the citizen reads."""

    __tablename__ = "applications_outcome_reason"
    __table_args__ = (Index("ix_applications_outcome_reason_outcome", "outcome", "order_no", "id"),)

    code: Mapped[str] = mapped_column(String(40), unique=True, comment="Stable code: butce-yok")
    outcome: Mapped[Outcome] = mapped_column(code_type(Outcome), comment="Result it belongs to")
    name: Mapped[str] = mapped_column(label_type(), comment="What the officer reads")
    citizen_text: Mapped[str] = mapped_column(String(300), comment="What the citizen reads")
    order_no: Mapped[int] = mapped_column(
        Integer, default=10, comment="Place in the list; the first is the usual one"
    )
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="In use")
    search_text: Mapped[str] = mapped_column(Text, default="", comment="Folded, for search")


class Satisfaction(Stamped, Model):
    """One question to an applicant and its answer; after some months nobody can tell whose it was."""

    __tablename__ = "applications_satisfaction"
    __table_args__ = (
        UniqueConstraint(
            "application_id", "cycle", name="uq_applications_satisfaction_application_cycle"
        ),
        CheckConstraint("score IS NULL OR score BETWEEN 1 AND 5", name="score_range"),
        CheckConstraint("manner IS NULL OR manner BETWEEN 1 AND 5", name="manner_range"),
        CheckConstraint("(score IS NULL) = (answered_at IS NULL)", name="answered_with_score"),
        Index("ix_applications_satisfaction_answered", "answered_at", "id"),
        Index("ix_applications_satisfaction_month", "month", "unit_id", "score"),
        Index("ix_applications_satisfaction_sent", "sent_at", "id"),
    )

    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_application.id"), comment="Application; null: cut loose"
    )
    cycle: Mapped[int] = mapped_column(Integer, default=1, comment="Cycle that is asked about")
    method: Mapped[AnswerMethod] = mapped_column(
        code_type(AnswerMethod), default=AnswerMethod.LINK, comment="By which way"
    )
    score: Mapped[int | None] = mapped_column(Integer, comment="How satisfied, 1 to 5")
    solved: Mapped[Solved | None] = mapped_column(code_type(Solved), comment="Matter solved?")
    manner: Mapped[int | None] = mapped_column(Integer, comment="How staff behaved, 1 to 5")
    comment: Mapped[str] = mapped_column(Text, default="", comment="In the applicant’s own words")
    answered_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Answered at")
    collected_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who wrote the answer down"
    )
    token_hash: Mapped[str | None] = mapped_column(
        String(64), unique=True, comment="SHA-256 of the token in the link"
    )
    sent_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Link written at")
    expires_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Link open until")

    #: What is kept when the answer is cut from its application.
    topic_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_topic.id"), index=True, comment="Topic"
    )
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), index=True, comment="Lead unit"
    )
    district_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_district.id"), index=True, comment="District of the place"
    )
    month: Mapped[dt.date] = mapped_column(
        Date, comment="Month in which the application was answered"
    )
    on_time: Mapped[bool | None] = mapped_column(Boolean, comment="Answered within legal time")
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False, comment="Demo record")

    application: Mapped[Application | None] = relationship("Application")
    topic: Mapped[Topic | None] = relationship("Topic")
    unit: Mapped[Unit | None] = relationship("Unit")
    district: Mapped[District | None] = relationship("District")
    collected_by: Mapped[StaffUser | None] = relationship("StaffUser")

    def __str__(self) -> str:
        return f"#{self.id}"


class CallBackSample(Stamped, Model):
    """The applicants of one week who are called back, drawn so that it can be drawn again."""

    __tablename__ = "applications_call_back_sample"

    week_on: Mapped[dt.date] = mapped_column(Date, unique=True, comment="Monday of the week")
    seed: Mapped[int] = mapped_column(Integer, comment="Seed of the draw")
    wanted: Mapped[int] = mapped_column(Integer, comment="How many were wanted")
    population: Mapped[int] = mapped_column(Integer, comment="How many could have been drawn")
    drawn: Mapped[int] = mapped_column(Integer, comment="How many were drawn")
    drawn_at: Mapped[dt.datetime] = mapped_column(Instant, comment="Drawn at")
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False, comment="Demo record")

    def __str__(self) -> str:
        return f"{self.week_on:%d.%m.%Y}"


class CallBack(Stamped, Model):
    """One applicant to be called back about one answered application."""

    __tablename__ = "applications_call_back"
    __table_args__ = (
        UniqueConstraint(
            "application_id", "cycle", name="uq_applications_call_back_application_cycle"
        ),
        Index("ix_applications_call_back_state", "state", "next_on", "id"),
    )

    sample_id: Mapped[int] = mapped_column(
        ForeignKey("applications_call_back_sample.id"), index=True, comment="Sample"
    )
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_application.id"), comment="Application; null: cut loose"
    )
    cycle: Mapped[int] = mapped_column(Integer, default=1, comment="Cycle that is asked about")
    topic_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_topic.id"), index=True, comment="Topic"
    )
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), index=True, comment="Lead unit"
    )
    state: Mapped[CallState] = mapped_column(
        code_type(CallState), default=CallState.WAITING, comment="State"
    )
    tries: Mapped[int] = mapped_column(Integer, default=0, comment="Tries so far")
    next_on: Mapped[dt.date | None] = mapped_column(Date, comment="Day of the next try")
    last_try_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Last try at")
    called_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who tried last"
    )
    note: Mapped[str] = mapped_column(String(300), default="", comment="For the next colleague")
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False, comment="Demo record")

    sample: Mapped[CallBackSample] = relationship("CallBackSample")
    application: Mapped[Application | None] = relationship("Application")
    topic: Mapped[Topic | None] = relationship("Topic")
    unit: Mapped[Unit | None] = relationship("Unit")
    called_by: Mapped[StaffUser | None] = relationship("StaffUser")

    @property
    def phone(self) -> str:
        """The number to call: that of the case, else that of the person."""
        case = self.application
        if case is None or case.identity_hidden:
            return ""
        return case.contact_phone or (case.citizen.phone if case.citizen is not None else "")

    def __str__(self) -> str:
        return f"#{self.id}"
