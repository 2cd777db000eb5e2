"""Shifts of the call centre and what one shift leaves to the next."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask_appbuilder import Model
from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.models import Instant, Stamped, code_type, folded
from app.frontdesk.rules.shifts import ShiftKind, ShiftState

if TYPE_CHECKING:
    from app.organisation.models import StaffUser


class Shift(Stamped, Model):
    """One person at one seat for one part of a day."""

    __tablename__ = "frontdesk_shift"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="end_after"),
        UniqueConstraint("operator_id", "starts_at"),
        Index("ix_frontdesk_shift_on", "on", "kind", "operator_id"),
        Index("ix_frontdesk_shift_span", "starts_at", "ends_at"),
        Index("ix_frontdesk_shift_swap", "swap_to_id", "state"),
    )

    operator_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Whose shift it is"
    )
    on: Mapped[dt.date] = mapped_column(Date, comment="Day on which it begins")
    kind: Mapped[ShiftKind] = mapped_column(code_type(ShiftKind), comment="Part of the day")
    #: Taken from the settings when the shift is planned, so that a later change moves no past shift.
    starts_at: Mapped[dt.datetime] = mapped_column(Instant, comment="Begins at")
    ends_at: Mapped[dt.datetime] = mapped_column(Instant, comment="Ends at")
    seat: Mapped[str] = mapped_column(
        String(20), default="", comment="Extension at the switch; live calls are found by it"
    )
    state: Mapped[ShiftState] = mapped_column(
        code_type(ShiftState), default=ShiftState.PLANNED, index=True, comment="State"
    )
    swap_to_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), comment="Colleague who is to take it"
    )
    swap_note: Mapped[str] = mapped_column(String(300), default="", comment="Why a swap is asked")
    swapped_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who had it before the swap"
    )
    signed_in_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Begun by the person")
    note: Mapped[str] = mapped_column(String(300), default="", comment="Remark of the planner")

    operator: Mapped[StaffUser] = relationship("StaffUser", foreign_keys=[operator_id])
    swap_to: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[swap_to_id])
    swapped_from: Mapped[StaffUser | None] = relationship(
        "StaffUser", foreign_keys=[swapped_from_id]
    )

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y} {self.kind.value}"


_metadata: Any = Model.metadata

#: Who has read which note, when: the next shift acknowledges it.
note_readings = Table(
    "frontdesk_shift_note_reading",
    _metadata,
    Column(
        "note_id",
        ForeignKey("frontdesk_shift_note.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Note",
    ),
    Column("user_id", ForeignKey("ab_user.id"), primary_key=True, index=True, comment="Reader"),
    Column("at", Instant, nullable=False, default=clock.now, comment="Acknowledged at"),
)

#: Cases that a note speaks of; whoever reads it sees those that are in the own scope.
note_cases = Table(
    "frontdesk_shift_note_case",
    _metadata,
    Column(
        "note_id",
        ForeignKey("frontdesk_shift_note.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Note",
    ),
    Column(
        "application_id",
        ForeignKey("applications_application.id"),
        primary_key=True,
        index=True,
        comment="Application",
    ),
)


@folded("text", "open_matters")
class ShiftNote(Stamped, Model):
    """What a shift leaves to the next one."""

    __tablename__ = "frontdesk_shift_note"
    __table_args__ = (
        Index("ix_frontdesk_shift_note_on", "on", "kind", "id"),
        Index("ix_frontdesk_shift_note_written", "written_at", "id"),
        Index(
            "ix_frontdesk_shift_note_search",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    on: Mapped[dt.date] = mapped_column(Date, comment="Day of the shift that wrote it")
    kind: Mapped[ShiftKind] = mapped_column(code_type(ShiftKind), comment="Shift that wrote it")
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who wrote it"
    )
    written_at: Mapped[dt.datetime] = mapped_column(Instant, default=clock.now, comment="Written")
    text: Mapped[str] = mapped_column(Text, comment="What the next shift should know")
    open_matters: Mapped[str] = mapped_column(Text, default="", comment="What is still to be done")
    search_text: Mapped[str] = mapped_column(Text, default="", comment="Folded, for search")

    author: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[author_id])

    def __str__(self) -> str:
        return f"{self.on:%d.%m.%Y} {self.kind.value}"
