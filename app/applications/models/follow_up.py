"""What is followed up after an application was passed to another institution."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask_appbuilder import Model
from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.follow_ups import AWAITED_STATES, FollowUpState
from app.core.models import Instant, Stamped, code_type

if TYPE_CHECKING:
    from app.applications.models.application import Application
    from app.people.models import Institution

_AWAITED = text("state IN ({})".format(", ".join(f"'{s.value}'" for s in sorted(AWAITED_STATES))))


class TransferFollowUp(Stamped, Model):
    """One transfer to one institution: when its answer is expected, and what it has answered."""

    __tablename__ = "applications_transfer_follow_up"
    __table_args__ = (
        UniqueConstraint("application_id", "cycle"),
        CheckConstraint("answered_on IS NULL OR answered_on >= sent_on", name="answer_after"),
        CheckConstraint("reminders >= 0", name="reminders_counted"),
        Index(
            "ix_applications_transfer_follow_up_awaited",
            "expected_on",
            "id",
            postgresql_where=_AWAITED,
            sqlite_where=_AWAITED,
        ),
        Index("ix_applications_transfer_follow_up_expected", "expected_on", "id"),
        Index("ix_applications_transfer_follow_up_sent", "sent_on", "id"),
        Index("ix_applications_transfer_follow_up_state", "state", "expected_on", "id"),
        Index("ix_applications_transfer_follow_up_institution", "institution_id", "sent_on"),
    )

    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications_application.id"), comment="Application"
    )
    institution_id: Mapped[int] = mapped_column(
        ForeignKey("people_institution.id"), comment="Institution it was passed to"
    )
    cycle: Mapped[int] = mapped_column(Integer, default=1, comment="Cycle of the application")
    state: Mapped[FollowUpState] = mapped_column(
        code_type(FollowUpState), default=FollowUpState.WAITING, comment="State"
    )
    sent_on: Mapped[dt.date] = mapped_column(Date, comment="Passed on at")
    expected_on: Mapped[dt.date] = mapped_column(Date, comment="Day the answer should be here by")
    reminders: Mapped[int] = mapped_column(Integer, default=0, comment="Reminders so far")
    reminded_on: Mapped[dt.date | None] = mapped_column(Date, comment="Last reminder")
    reminder_text: Mapped[str] = mapped_column(
        Text, default="", comment="Text of the last reminder"
    )
    answered_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Day of the institution's answer"
    )
    answer_no: Mapped[str] = mapped_column(
        String(60), default="", comment="Number of the institution's letter"
    )
    answer_text: Mapped[str] = mapped_column(
        Text, default="", comment="What the institution has answered"
    )
    told_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Told to the applicant at")
    closing_note: Mapped[str] = mapped_column(
        String(300), default="", comment="Why the follow-up was closed"
    )

    application: Mapped[Application] = relationship("Application")
    institution: Mapped[Institution] = relationship("Institution")

    def __str__(self) -> str:
        return f"#{self.id}"
