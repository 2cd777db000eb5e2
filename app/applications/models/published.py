"""What the municipality publishes by itself, and the lines of the annual report of article 30."""

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

from app.applications.rules.information import InformationFigure, UpdateCycle
from app.core.models import Stamped, code_type, folded, label_type

if TYPE_CHECKING:
    from app.organisation.models import Unit


@folded("title", "keywords", "place")
class PublishedInformation(Stamped, Model):
    """Information that anybody finds without asking: what, whose, where, and when it is renewed."""

    __tablename__ = "applications_published_information"
    __table_args__ = (
        CheckConstraint("url <> '' OR place <> ''", name="can_be_found"),
        Index("ix_applications_published_information_title", "title", "id"),
        Index("ix_applications_published_information_due", "next_due_on", "id"),
    )

    title: Mapped[str] = mapped_column(label_type(), comment="What it is")
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), index=True, comment="Unit that keeps it"
    )
    keywords: Mapped[str] = mapped_column(String(300), default="", comment="Other words for it")
    place: Mapped[str] = mapped_column(String(300), default="", comment="Where it was published")
    url: Mapped[str] = mapped_column(String(500), default="", comment="Address on the web")
    published_on: Mapped[dt.date | None] = mapped_column(Date, comment="First published on")
    updated_on: Mapped[dt.date | None] = mapped_column(Date, comment="Last brought up to date on")
    cycle: Mapped[UpdateCycle] = mapped_column(
        code_type(UpdateCycle), default=UpdateCycle.NEVER, comment="How often it is updated"
    )
    next_due_on: Mapped[dt.date | None] = mapped_column(Date, comment="Next update due on")
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="Still published")
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False, comment="Demo record")
    search_text: Mapped[str] = mapped_column(Text, default="", comment="Folded, for search")

    unit: Mapped[Unit | None] = relationship("Unit")

    def __str__(self) -> str:
        return self.title


class InformationReportLine(Stamped, Model):
    """A line of the annual report: its words are the form’s, its figure is one of ours."""

    __tablename__ = "applications_information_report_line"
    __table_args__ = (
        UniqueConstraint("code", "valid_from_year"),
        CheckConstraint(
            "valid_to_year IS NULL OR valid_to_year >= valid_from_year", name="years_in_order"
        ),
        Index("ix_applications_information_report_line_position", "position", "id"),
    )

    code: Mapped[str] = mapped_column(String(12), comment="Short name in the form, e.g. a")
    position: Mapped[int] = mapped_column(Integer, default=0, comment="Order in the report")
    text: Mapped[str] = mapped_column(label_type(300), comment="Line as the form has it")
    basis: Mapped[str] = mapped_column(String(120), default="", comment="Law and article")
    figure: Mapped[InformationFigure] = mapped_column(
        code_type(InformationFigure), comment="What it counts"
    )
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="Stands in the report")
    valid_from_year: Mapped[int] = mapped_column(
        Integer, default=2004, comment="First year it is reported for"
    )
    valid_to_year: Mapped[int | None] = mapped_column(
        Integer, comment="Last year it is reported for"
    )

    def __str__(self) -> str:
        return f"({self.code}) {self.text}"
