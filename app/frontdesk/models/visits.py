"""Visits and why people come; the log works without a name."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask_appbuilder import Model
from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.models import Instant, Named, Stamped, code_type, folded, label_type
from app.frontdesk.rules.desk import Matter
from app.frontdesk.rules.visits import MOST_PEOPLE, VisitResult

if TYPE_CHECKING:
    from app.frontdesk.models.directory import ServicePoint
    from app.organisation.models import StaffUser, Unit


@folded("code", "name", "hint")
class VisitReason(Stamped, Named, Model):
    """Why people come: one tile of the fast screen."""

    __tablename__ = "frontdesk_visit_reason"
    __table_args__ = (
        CheckConstraint("position BETWEEN 0 AND 999", name="position_range"),
        Index("ix_frontdesk_visit_reason_position", "position", "id"),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True, comment="Stable short code")
    name: Mapped[str] = mapped_column(label_type(80), comment="Words on the tile")
    hint: Mapped[str] = mapped_column(String(60), default="", comment="Second line of the tile")
    position: Mapped[int] = mapped_column(Integer, default=0, comment="Place among the tiles")
    is_short: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Settled at reception: nobody waits and no unit is needed"
    )
    asks_note: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="The screen offers a line for a note"
    )
    matter: Mapped[Matter] = mapped_column(
        code_type(Matter), default=Matter.OTHER, comment="What it is at the Solution Desk"
    )
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="In use")
    search_text: Mapped[str] = mapped_column(String(300), default="", comment="Folded, for search")


class Visit(Stamped, Model):
    """Somebody, or a group, came to the house: when, why, whereto, how long it took."""

    __tablename__ = "frontdesk_visit"
    __table_args__ = (
        CheckConstraint(f"people BETWEEN 1 AND {MOST_PEOPLE}", name="people_range"),
        CheckConstraint(
            "served_at IS NULL OR served_at >= waiting_since", name="served_after_coming"
        ),
        CheckConstraint("ended_at IS NULL OR ended_at >= waiting_since", name="ended_after_coming"),
        Index("ix_frontdesk_visit_at", "at", "id"),
        Index("ix_frontdesk_visit_reason", "reason_id", "at"),
        Index("ix_frontdesk_visit_point", "service_point_id", "at"),
        Index("ix_frontdesk_visit_unit", "unit_id", "at"),
        Index(
            "ix_frontdesk_visit_inside",
            "at",
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )
    #: Shown masked unless the actor has revealed this record.
    PERSONAL = ("visitor_name",)

    at: Mapped[dt.datetime] = mapped_column(Instant, default=clock.now, comment="Came at")
    people: Mapped[int] = mapped_column(Integer, default=1, comment="How many people")
    reason_id: Mapped[int] = mapped_column(
        ForeignKey("frontdesk_visit_reason.id"), comment="Why they came"
    )
    service_point_id: Mapped[int | None] = mapped_column(
        ForeignKey("frontdesk_service_point.id"), comment="Where they wanted to go"
    )
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), comment="Unit they wanted"
    )
    host_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Official they wanted to see"
    )
    has_appointment: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Came with an appointment"
    )
    is_disabled: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Needs help: disabled"
    )
    is_elderly: Mapped[bool] = mapped_column(Boolean, default=False, comment="Needs help: elderly")
    with_child: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Needs help: with a child"
    )
    needs_language: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Needs help: does not speak Turkish"
    )
    accompanied_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who went along"
    )
    guided_to_id: Mapped[int | None] = mapped_column(
        ForeignKey("frontdesk_service_point.id"),
        index=True,
        comment="Where they were sent instead, when that is another place",
    )
    waiting_since: Mapped[dt.datetime] = mapped_column(
        Instant, default=clock.now, comment="Waits since"
    )
    served_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Conversation began at")
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Went at")
    result: Mapped[VisitResult | None] = mapped_column(
        code_type(VisitResult), comment="What came of it"
    )
    visitor_name: Mapped[str] = mapped_column(
        String(120), default="", comment="Name, only where the visitor wishes to be called by it"
    )
    note: Mapped[str] = mapped_column(String(300), default="", comment="Note of reception")
    request_key: Mapped[str | None] = mapped_column(
        String(60), unique=True, comment="Key of the form: a double submit makes one row"
    )
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False, comment="Demo record")

    reason: Mapped[VisitReason] = relationship("VisitReason")
    service_point: Mapped[ServicePoint | None] = relationship(
        "ServicePoint", foreign_keys=[service_point_id]
    )
    guided_to: Mapped[ServicePoint | None] = relationship(
        "ServicePoint", foreign_keys=[guided_to_id]
    )
    unit: Mapped[Unit | None] = relationship("Unit")
    host: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[host_id])
    accompanied_by: Mapped[StaffUser | None] = relationship(
        "StaffUser", foreign_keys=[accompanied_by_id]
    )

    def __str__(self) -> str:
        return f"#{self.id}"
