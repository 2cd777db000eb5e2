"""The directory of units and rooms: where what can be done, in citizens' words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_appbuilder import Model
from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Named, Stamped, folded, label_type

if TYPE_CHECKING:
    from app.organisation.models import Unit


@folded("name", "what_for", "keywords", "building", "room")
class ServicePoint(Stamped, Named, Model):
    """A counter, an office or a room that visitors are sent to."""

    __tablename__ = "frontdesk_service_point"
    __table_args__ = (
        CheckConstraint("floor IS NULL OR floor BETWEEN -5 AND 60", name="floor_range"),
        CheckConstraint("position BETWEEN 0 AND 999", name="position_range"),
        Index("ix_frontdesk_service_point_position", "position", "id"),
        Index("ix_frontdesk_service_point_place", "building", "floor", "room", "id"),
        Index(
            "ix_frontdesk_service_point_search",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    name: Mapped[str] = mapped_column(label_type(120), unique=True, comment="Name on signs")
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), index=True, comment="Unit that works there"
    )
    building: Mapped[str] = mapped_column(label_type(120), default="", comment="Building")
    floor: Mapped[int | None] = mapped_column(Integer, comment="Floor; 0 is the ground floor")
    room: Mapped[str] = mapped_column(String(20), default="", comment="Number of the room")
    what_for: Mapped[str] = mapped_column(
        Text, default="", comment="What is done there, in the words of citizens"
    )
    keywords: Mapped[str] = mapped_column(
        String(400), default="", comment="Other words that people ask with"
    )
    opening_hours: Mapped[str] = mapped_column(String(120), default="", comment="Opening hours")
    phone: Mapped[str] = mapped_column(String(20), default="", comment="Telephone, E.164")
    directions: Mapped[str] = mapped_column(
        String(200), default="", comment="How to get there from the entrance"
    )
    is_accessible: Mapped[bool] = mapped_column(
        Boolean, default=True, comment="Can be reached with a wheelchair"
    )
    is_desk: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Visitors take a ticket of the Solution Desk"
    )
    is_tile: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="A tile of the fast screen"
    )
    position: Mapped[int] = mapped_column(Integer, default=0, comment="Place among the tiles")
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="In use")
    search_text: Mapped[str] = mapped_column(Text, default="", comment="Folded, for search")

    unit: Mapped[Unit | None] = relationship("Unit")
