"""The append-only history of an application: one row for each step."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.vocabulary import State, Visibility
from app.core import clock
from app.core.models import Document, Identified, Instant, code_type

if TYPE_CHECKING:
    from app.applications.models.application import Application
    from app.organisation.models import StaffUser, Unit

#: Most steps name nobody: only those by which somebody joined a case are in the index.
_NAMED = text("citizen_id IS NOT NULL")


class ApplicationEvent(Identified, Model):
    """One step in the life of an application; rows are added and never changed."""

    __tablename__ = "applications_event"
    __table_args__ = (
        Index("ix_applications_event_application", "application_id", "id"),
        Index(
            "ix_applications_event_citizen",
            "citizen_id",
            postgresql_where=_NAMED,
            sqlite_where=_NAMED,
        ),
    )

    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications_application.id"), comment="Application"
    )
    at: Mapped[dt.datetime] = mapped_column(Instant, default=clock.now, index=True, comment="When")
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who; null: the system"
    )
    action: Mapped[str] = mapped_column(String(40), comment="register, assign, accept …")
    from_state: Mapped[State | None] = mapped_column(
        code_type(State, name="from_state"), comment="State before"
    )
    to_state: Mapped[State | None] = mapped_column(
        code_type(State, name="to_state"), comment="State after"
    )
    deputy_for_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), comment="In whose place (vekâleten)"
    )
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), comment="Unit concerned"
    )
    citizen_id: Mapped[int | None] = mapped_column(
        ForeignKey("people_citizen.id"), comment="Who joined the case with this step"
    )
    note: Mapped[str] = mapped_column(Text, default="", comment="What was said")
    details: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, comment="Facts of the step"
    )
    visibility: Mapped[Visibility] = mapped_column(
        code_type(Visibility), default=Visibility.INTERNAL, comment="Who may read it"
    )

    application: Mapped[Application] = relationship("Application", back_populates="events")
    actor: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[actor_id])
    deputy_for: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[deputy_for_id])
    unit: Mapped[Unit | None] = relationship("Unit")

    def __str__(self) -> str:
        return self.action
