"""What the outgoing check found in a letter or a file, and who let it pass with which reason."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask_appbuilder import Model
from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.outgoing import CheckState
from app.core.models import Document, Instant, Stamped, code_type, label_type

if TYPE_CHECKING:
    from app.applications.models.application import Application
    from app.applications.models.reply import Reply
    from app.organisation.models import StaffUser


class OutgoingCheck(Stamped, Model):
    """One look at something that is about to leave; another word in it needs another look."""

    __tablename__ = "applications_outgoing_check"
    __table_args__ = (
        CheckConstraint(
            "(override_at IS NULL) = (override_reason = '')", name="override_with_reason"
        ),
        Index("ix_applications_outgoing_check_reply", "reply_id", "digest"),
        Index("ix_applications_outgoing_check_state", "state", "id"),
    )

    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_application.id"), index=True, comment="Application, if it has one"
    )
    reply_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_reply.id"), comment="Letter; null: a file checked by hand"
    )
    subject: Mapped[str] = mapped_column(label_type(), default="", comment="Letter or file name")
    state: Mapped[CheckState] = mapped_column(code_type(CheckState), comment="State")
    digest: Mapped[str] = mapped_column(String(64), comment="Digest of all that was looked at")
    found: Mapped[int] = mapped_column(Integer, default=0, comment="How many findings")
    findings: Mapped[list[dict[str, Any]]] = mapped_column(
        Document, default=list, comment="Kind, place and masked excerpt of each"
    )
    override_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who let it pass"
    )
    override_for_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="In whose place (vekâleten)"
    )
    override_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Let pass at")
    override_reason: Mapped[str] = mapped_column(
        String(300), default="", comment="Why it may leave all the same"
    )

    application: Mapped[Application | None] = relationship("Application")
    reply: Mapped[Reply | None] = relationship("Reply")
    override_by: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[override_by_id])
    override_for: Mapped[StaffUser | None] = relationship(
        "StaffUser", foreign_keys=[override_for_id]
    )

    def __str__(self) -> str:
        return self.subject or f"#{self.id}"
