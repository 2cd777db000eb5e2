"""Appeals against decisions on information requests, with the clocks of the Board."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask_appbuilder import Model
from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.information import (
    AppealFollowUp,
    AppealForum,
    AppealResult,
    AppealState,
)
from app.core.models import Stamped, code_type, folded

if TYPE_CHECKING:
    from app.applications.models.application import Application

_OPEN = "state <> 'decided'"


@folded("file_no", "decision_no", "note", "result_note", "follow_up_note")
class Appeal(Stamped, Model):
    """An applicant’s way to the Board or the court: filed, documents, decision, what followed."""

    __tablename__ = "applications_appeal"
    __table_args__ = (
        CheckConstraint(
            "(state = 'decided') = (result IS NOT NULL AND decided_on IS NOT NULL)",
            name="decided_has_result",
        ),
        CheckConstraint(
            "decided_on IS NULL OR decided_on >= filed_on", name="decided_after_filing"
        ),
        CheckConstraint(
            "documents_sent_on IS NULL OR (documents_asked_on IS NOT NULL AND documents_sent_on >= documents_asked_on)",
            name="sent_after_asked",
        ),
        Index("ix_applications_appeal_state", "state", "id"),
        # One way at a time: a form that is sent twice makes one appeal.
        Index(
            "uq_applications_appeal_open",
            "application_id",
            "forum",
            unique=True,
            postgresql_where=text(_OPEN),
            sqlite_where=text(_OPEN),
        ),
        Index("ix_applications_appeal_filed", "filed_on", "id"),
        Index("ix_applications_appeal_decision_due", "decision_due_on", "id"),
        Index("ix_applications_appeal_documents_due", "documents_due_on", "id"),
    )

    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications_application.id"), index=True, comment="Application"
    )
    forum: Mapped[AppealForum] = mapped_column(
        code_type(AppealForum), default=AppealForum.BOARD, comment="Board or court"
    )
    state: Mapped[AppealState] = mapped_column(
        code_type(AppealState), default=AppealState.FILED, comment="State"
    )
    file_no: Mapped[str] = mapped_column(
        String(60), default="", comment="Number at the Board or court"
    )
    notified_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Decision reached the applicant on; day 0 of the fifteen days"
    )
    appeal_by: Mapped[dt.date | None] = mapped_column(
        Date, comment="Last day of the appeal, 4982 m.13"
    )
    filed_on: Mapped[dt.date] = mapped_column(Date, comment="Appealed on")
    note: Mapped[str] = mapped_column(Text, default="", comment="What is objected to")
    documents_asked_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Documents asked for on"
    )
    documents_due_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Documents due on, 4982 m.13"
    )
    documents_sent_on: Mapped[dt.date | None] = mapped_column(Date, comment="Documents sent on")
    decision_due_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Board decides by, 4982 m.13"
    )
    decided_on: Mapped[dt.date | None] = mapped_column(Date, comment="Decided on")
    decision_no: Mapped[str] = mapped_column(
        String(60), default="", comment="Number of the decision"
    )
    result: Mapped[AppealResult | None] = mapped_column(
        code_type(AppealResult), comment="What was decided"
    )
    result_note: Mapped[str] = mapped_column(Text, default="", comment="Decision in short")
    follow_up: Mapped[AppealFollowUp | None] = mapped_column(
        code_type(AppealFollowUp), comment="What followed"
    )
    followed_on: Mapped[dt.date | None] = mapped_column(Date, comment="It followed on")
    follow_up_note: Mapped[str] = mapped_column(Text, default="", comment="What followed, in words")
    search_text: Mapped[str] = mapped_column(Text, default="", comment="Folded, for search")

    application: Mapped[Application] = relationship("Application")

    @property
    def is_in_time(self) -> bool | None:
        """Whether it was filed within its days; None when the day of notification is not known."""
        return None if self.appeal_by is None else self.filed_on <= self.appeal_by

    def __str__(self) -> str:
        return self.file_no or f"#{self.id}"
