"""Visits to the place of a case: planned, made, and what was found there."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.field import LIVE_VISITS, FieldNextStep, FieldState
from app.core.models import Instant, Stamped, code_type, label_type

if TYPE_CHECKING:
    from app.applications.models.application import Application
    from app.organisation.models import StaffUser, Unit

_LIVE = text("state IN ({})".format(", ".join(f"'{s.value}'" for s in sorted(LIVE_VISITS))))


class FieldVisit(Stamped, Model):
    """One stop of a team at the place of an application."""

    __tablename__ = "applications_field_visit"
    __table_args__ = (
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude_range"),
        CheckConstraint(
            "longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude_range"
        ),
        CheckConstraint(
            "left_at IS NULL OR arrived_at IS NULL OR left_at >= arrived_at", name="left_after"
        ),
        CheckConstraint(
            "state <> 'found' OR (was_found IS NOT NULL AND was_found)", name="found_is_found"
        ),
        CheckConstraint(
            "state <> 'not_found' OR (was_found IS NOT NULL AND NOT was_found)",
            name="not_found_is_not_found",
        ),
        Index("ix_applications_field_visit_plan", "planned_on", "officer_id", "position"),
        Index("ix_applications_field_visit_state", "state", "planned_on", "id"),
        Index("ix_applications_field_visit_unit", "unit_id", "planned_on"),
        # A case is not planned a second time while its first visit is still to be made.
        Index(
            "uq_applications_field_visit_live",
            "application_id",
            unique=True,
            postgresql_where=_LIVE,
            sqlite_where=_LIVE,
        ),
    )

    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications_application.id"), index=True, comment="Application"
    )
    planned_on: Mapped[dt.date] = mapped_column(Date, comment="Day of the visit")
    officer_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who goes there, or leads the team"
    )
    team: Mapped[str] = mapped_column(label_type(80), default="", comment="Name of the team")
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), comment="Unit of the officer when it was planned"
    )
    position: Mapped[int] = mapped_column(Integer, default=0, comment="Place in the day’s tour")
    state: Mapped[FieldState] = mapped_column(
        code_type(FieldState), default=FieldState.PLANNED, comment="State"
    )
    task: Mapped[str] = mapped_column(String(300), default="", comment="What to look for")
    started_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Set out at")
    arrived_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Arrived at")
    left_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Left the place at")
    was_found: Mapped[bool | None] = mapped_column(
        Boolean, comment="Whether what was reported is there; null: not seen yet"
    )
    findings: Mapped[str] = mapped_column(Text, default="", comment="What was found")
    measures: Mapped[str] = mapped_column(Text, default="", comment="Measures taken on the spot")
    next_step: Mapped[FieldNextStep | None] = mapped_column(
        code_type(FieldNextStep), comment="What follows"
    )
    postpone_reason: Mapped[str] = mapped_column(
        String(300), default="", comment="Why it was postponed"
    )
    latitude: Mapped[float | None] = mapped_column(Float, comment="Where the team stood, WGS 84")
    longitude: Mapped[float | None] = mapped_column(Float, comment="Where the team stood, WGS 84")
    distance_m: Mapped[int | None] = mapped_column(
        Integer, comment="Metres from there to the reported place"
    )
    citizen_confirmed: Mapped[bool | None] = mapped_column(
        Boolean, comment="The citizen agreed on the spot; null: nobody was asked"
    )
    reported_at: Mapped[dt.datetime | None] = mapped_column(
        Instant, comment="The finding was carried into the case at"
    )
    carried_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_field_visit.id"), index=True, comment="Visit it was put off from"
    )
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False, comment="Demo record")

    application: Mapped[Application] = relationship("Application")
    officer: Mapped[StaffUser] = relationship("StaffUser", foreign_keys=[officer_id])
    unit: Mapped[Unit | None] = relationship("Unit")
    carried_from: Mapped[FieldVisit | None] = relationship(
        "FieldVisit", remote_side="FieldVisit.id"
    )

    def __str__(self) -> str:
        return f"#{self.id}"
