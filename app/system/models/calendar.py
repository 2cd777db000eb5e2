"""Days that are not ordinary, and the law's periods as rows with dates of effect."""

from __future__ import annotations

import datetime as dt

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.calendar import DayKind, PeriodUnit
from app.core.models import Named, Stamped, code_type, label_type


class CalendarDay(Stamped, Named, Model):
    """A public holiday, a half day or an administrative leave.

    Source: 2429 sayılı Kanun; leave by decision of the President or the governor.
    """

    __tablename__ = "system_calendar_day"
    __table_args__ = (UniqueConstraint("on", "kind"),)

    on: Mapped[dt.date] = mapped_column(Date, index=True, comment="The day")
    kind: Mapped[DayKind] = mapped_column(code_type(DayKind), comment="Kind of day")
    name: Mapped[str] = mapped_column(label_type(), comment="Name of the day")
    counts_as_working_day: Mapped[bool | None] = mapped_column(
        Boolean, comment="Overrides the setting for this kind; null: the setting decides"
    )
    authority: Mapped[str] = mapped_column(String(120), default="", comment="Who declared a leave")
    decision_no: Mapped[str] = mapped_column(String(60), default="", comment="Decision number")
    is_estimated: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Religious holiday not yet confirmed"
    )
    source: Mapped[str] = mapped_column(String(120), default="", comment="Where the row came from")


class LegalRule(Stamped, Model):
    """One version of one legal period, in force between two days."""

    __tablename__ = "system_legal_rule"
    __table_args__ = (
        UniqueConstraint("key", "rule_version"),
        CheckConstraint("days > 0", name="days_positive"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="dates_in_order"),
        Index("ix_system_legal_rule_key_from", "key", "valid_from"),
    )

    key: Mapped[str] = mapped_column(String(60), comment="Name of the period, e.g. foi_access")
    rule_version: Mapped[int] = mapped_column(Integer, default=1, comment="Version of the text")
    label: Mapped[str] = mapped_column(label_type(), comment="What the period is for")
    law: Mapped[str] = mapped_column(String(120), comment="Law and article")
    days: Mapped[int] = mapped_column(Integer, comment="Length of the period")
    unit: Mapped[PeriodUnit] = mapped_column(
        code_type(PeriodUnit), comment="Calendar or working days"
    )
    shift_to_working_day: Mapped[bool] = mapped_column(
        Boolean, default=True, comment="A last day that is a holiday moves to the next working day"
    )
    valid_from: Mapped[dt.date] = mapped_column(Date, comment="In force from")
    valid_to: Mapped[dt.date | None] = mapped_column(Date, comment="In force until")
    note: Mapped[str] = mapped_column(
        Text, default="", comment="Reading, doubt, decision behind it"
    )

    def __str__(self) -> str:
        return self.label or self.key
