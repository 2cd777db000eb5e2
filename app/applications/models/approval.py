"""The chain of approval: routes as data, and the steps that a letter takes along one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.approvals import ApprovalState
from app.applications.rules.vocabulary import Kind, Outcome, ReplyKind
from app.core.models import Instant, Named, Stamped, code_type, label_type

if TYPE_CHECKING:
    from app.applications.models.application import Application
    from app.applications.models.reply import Reply
    from app.organisation.models import StaffUser


class ApprovalRoute(Stamped, Named, Model):
    """Which letters take which way of approval; the route that says most about a letter holds."""

    __tablename__ = "applications_approval_route"

    name: Mapped[str] = mapped_column(label_type(), unique=True, comment="Name")
    reply_kind: Mapped[ReplyKind | None] = mapped_column(
        code_type(ReplyKind), comment="Only for letters of this kind"
    )
    outcome: Mapped[Outcome | None] = mapped_column(
        code_type(Outcome), comment="Only for this result"
    )
    for_kind: Mapped[Kind | None] = mapped_column(
        code_type(Kind), comment="Only for applications of this kind"
    )
    position: Mapped[int] = mapped_column(
        Integer, default=100, comment="Between routes that say as much, the lowest holds"
    )
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="In use")

    stations: Mapped[list[ApprovalRouteStep]] = relationship(
        "ApprovalRouteStep",
        back_populates="route",
        order_by="ApprovalRouteStep.position, ApprovalRouteStep.id",
        cascade="all, delete-orphan",
    )


class ApprovalRouteStep(Stamped, Model):
    """One station of a route: a role, or one person; the last one signs."""

    __tablename__ = "applications_approval_route_step"
    __table_args__ = (
        UniqueConstraint("route_id", "position"),
        CheckConstraint("(role <> '') <> (user_id IS NOT NULL)", name="role_or_person"),
    )

    route_id: Mapped[int] = mapped_column(
        ForeignKey("applications_approval_route.id"), comment="Route"
    )
    position: Mapped[int] = mapped_column(Integer, comment="Place in the chain, from 1 on")
    role: Mapped[str] = mapped_column(String(40), default="", comment="Role that gives the paraf")
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Person, instead of a role"
    )

    route: Mapped[ApprovalRoute] = relationship("ApprovalRoute", back_populates="stations")
    user: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[user_id])

    def __str__(self) -> str:
        return f"{self.position}. {self.user or self.role}"


class ApprovalStep(Stamped, Model):
    """One station that a letter passes: whose turn it is, who gave the paraf, for whom."""

    __tablename__ = "applications_approval_step"
    __table_args__ = (
        UniqueConstraint("reply_id", "round", "position"),
        Index("ix_applications_approval_step_turn", "state", "role", "user_id", "id"),
        Index("ix_applications_approval_step_since", "state", "waiting_since", "id"),
    )

    reply_id: Mapped[int] = mapped_column(ForeignKey("applications_reply.id"), comment="Letter")
    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications_application.id"), index=True, comment="Application"
    )
    round: Mapped[int] = mapped_column(
        Integer, default=1, comment="Counts up each time it is sent for approval"
    )
    position: Mapped[int] = mapped_column(Integer, comment="Place in the chain, from 1 on")
    role: Mapped[str] = mapped_column(
        String(40),
        default="",
        comment="Role whose turn it is; empty without a person: any approver",
    )
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Person whose turn it is"
    )
    signs: Mapped[bool] = mapped_column(Boolean, default=False, comment="This step signs")
    state: Mapped[ApprovalState] = mapped_column(
        code_type(ApprovalState), default=ApprovalState.AHEAD, comment="State"
    )
    waiting_since: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Its turn came at")
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who gave the paraf or sent it back"
    )
    deputy_for_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="In whose place (vekâleten)"
    )
    at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="When")
    note: Mapped[str] = mapped_column(String(300), default="", comment="What was said")

    reply: Mapped[Reply] = relationship("Reply", back_populates="approval_steps")
    application: Mapped[Application] = relationship("Application")
    user: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[user_id])
    by: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[by_id])
    deputy_for: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[deputy_for_id])

    def __str__(self) -> str:
        return f"#{self.id}"
