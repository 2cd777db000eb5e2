"""The queue of the Solution Desk: one ticket for each visit to a counter, without a name."""

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
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.models import Instant, Stamped, code_type
from app.frontdesk.rules.desk import (
    LIVE_TICKETS,
    DeskResult,
    Matter,
    PriorityGroup,
    TicketState,
    display_number,
)

if TYPE_CHECKING:
    from app.applications.models import Application
    from app.frontdesk.models.visits import Visit
    from app.organisation.models import StaffUser

_LIVE = text("state IN ({})".format(", ".join(f"'{s.value}'" for s in sorted(LIVE_TICKETS))))


class DeskTicket(Stamped, Model):
    """A number in the queue of a day, from taking it to the end of the conversation."""

    __tablename__ = "frontdesk_desk_ticket"
    __table_args__ = (
        UniqueConstraint("on", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("counter IS NULL OR counter > 0", name="counter_positive"),
        CheckConstraint("started_at IS NULL OR started_at >= arrived_at", name="started_after"),
        CheckConstraint("ended_at IS NULL OR ended_at >= arrived_at", name="ended_after"),
        CheckConstraint("state <> 'done' OR result IS NOT NULL", name="done_has_result"),
        Index("ix_frontdesk_desk_ticket_arrived", "arrived_at", "id"),
        Index("ix_frontdesk_desk_ticket_officer", "officer_id", "on"),
        Index(
            "ix_frontdesk_desk_ticket_live",
            "on",
            "arrived_at",
            postgresql_where=_LIVE,
            sqlite_where=_LIVE,
        ),
    )

    on: Mapped[dt.date] = mapped_column(Date, comment="Day of the queue")
    number: Mapped[int] = mapped_column(Integer, comment="Number within the day, without a gap")
    matter: Mapped[Matter] = mapped_column(
        code_type(Matter), default=Matter.APPLICATION, comment="What is wanted"
    )
    priority_group: Mapped[PriorityGroup] = mapped_column(
        code_type(PriorityGroup), default=PriorityGroup.NONE, comment="Goes ahead because"
    )
    state: Mapped[TicketState] = mapped_column(
        code_type(TicketState), default=TicketState.WAITING, comment="State"
    )
    arrived_at: Mapped[dt.datetime] = mapped_column(
        Instant, default=clock.now, comment="Ticket taken at"
    )
    called_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Called last at")
    calls: Mapped[int] = mapped_column(Integer, default=0, comment="How often called")
    started_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Conversation began at")
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Ended at")
    counter: Mapped[int | None] = mapped_column(Integer, comment="Number of the counter")
    officer_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), comment="Officer at the counter"
    )
    result: Mapped[DeskResult | None] = mapped_column(
        code_type(DeskResult), comment="What came of it"
    )
    note: Mapped[str] = mapped_column(String(300), default="", comment="Note of the officer")
    visit_id: Mapped[int | None] = mapped_column(
        ForeignKey("frontdesk_visit.id"), index=True, comment="Visit it belongs to"
    )
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_application.id"), index=True, comment="Application taken there"
    )
    request_key: Mapped[str | None] = mapped_column(
        String(60), unique=True, comment="Key of the form: a double submit makes one row"
    )
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False, comment="Demo record")

    officer: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[officer_id])
    visit: Mapped[Visit | None] = relationship("Visit")
    application: Mapped[Application | None] = relationship("Application")

    @property
    def shown(self) -> str:
        """The number as it is called: 007."""
        return display_number(self.number)

    def __str__(self) -> str:
        return self.shown
