"""The correspondence with CİMER, and the comparisons of its list with our cases."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask_appbuilder import Model
from sqlalchemy import (
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

from app.applications.rules.cimer import ExchangeKind, ResendReason
from app.applications.rules.reconciling import Explanation, ItemKind, Resolution
from app.core import clock
from app.core.models import (
    Document,
    Identified,
    Instant,
    Stamped,
    code_type,
    folded,
    label_type,
)

if TYPE_CHECKING:
    from app.applications.models.application import Application
    from app.applications.models.imports import ImportBatch
    from app.applications.models.reply import Reply
    from app.organisation.models import StaffUser


class CimerExchange(Identified, Model):
    """One line of the correspondence with CİMER; rows are added and never changed."""

    __tablename__ = "applications_cimer_exchange"
    __table_args__ = (
        Index("ix_applications_cimer_exchange_application", "application_id", "id"),
        Index("ix_applications_cimer_exchange_kind", "kind", "at", "id"),
        Index("ix_applications_cimer_exchange_at", "at", "id"),
        CheckConstraint("cycle >= 1", name="cycle_counts"),
    )

    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications_application.id"), comment="Application"
    )
    kind: Mapped[ExchangeKind] = mapped_column(code_type(ExchangeKind), comment="What passed")
    at: Mapped[dt.datetime] = mapped_column(Instant, default=clock.now, comment="When, at CİMER")
    reference: Mapped[str] = mapped_column(
        String(60), default="", comment="Number or reference of this line at CİMER"
    )
    reason: Mapped[ResendReason | None] = mapped_column(
        code_type(ResendReason), comment="Why it was sent again"
    )
    text: Mapped[str] = mapped_column(Text, default="", comment="What was said")
    until_on: Mapped[dt.date | None] = mapped_column(Date, comment="Time asked for or given until")
    cycle: Mapped[int] = mapped_column(Integer, default=1, comment="Cycle of the application")
    reply_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_reply.id"), index=True, comment="Letter whose text was entered"
    )
    import_batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_import_batch.id"), index=True, comment="Import that brought it"
    )
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who noted it; null: the system"
    )
    noted_at: Mapped[dt.datetime] = mapped_column(Instant, default=clock.now, comment="Noted at")
    dedupe_key: Mapped[str | None] = mapped_column(
        String(120), unique=True, comment="The same line of a file is noted once"
    )

    application: Mapped[Application] = relationship("Application")
    actor: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[actor_id])
    reply: Mapped[Reply | None] = relationship("Reply")
    import_batch: Mapped[ImportBatch | None] = relationship("ImportBatch")

    def __str__(self) -> str:
        return f"#{self.id}"


@folded("file_name", "note")
class Reconciliation(Stamped, Model):
    """One comparison of a list of CİMER with our cases of the same days (mutabakat)."""

    __tablename__ = "applications_reconciliation"
    __table_args__ = (
        CheckConstraint("period_to >= period_from", name="period_order"),
        CheckConstraint("total_rows >= 0 AND matched_rows >= 0", name="counts"),
        Index("ix_applications_reconciliation_period", "period_from", "id"),
        Index("ix_applications_reconciliation_compared", "compared_at", "id"),
        UniqueConstraint(
            "file_sha256",
            "period_from",
            "period_to",
            name="uq_applications_reconciliation_file",
        ),
    )

    source: Mapped[str] = mapped_column(String(40), default="cimer", comment="Whose list")
    file_name: Mapped[str] = mapped_column(label_type(), comment="Name of the list")
    file_sha256: Mapped[str] = mapped_column(String(64), comment="Digest of what the list says")
    period_from: Mapped[dt.date] = mapped_column(Date, comment="First day of the list")
    period_to: Mapped[dt.date] = mapped_column(Date, comment="Last day of the list")
    document: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, comment="Columns as they were matched"
    )
    total_rows: Mapped[int] = mapped_column(Integer, default=0, comment="Applications in the list")
    matched_rows: Mapped[int] = mapped_column(
        Integer, default=0, comment="Applications in both without any difference"
    )
    missing_here: Mapped[int] = mapped_column(
        Integer, default=0, comment="In their list and not in ours"
    )
    missing_there: Mapped[int] = mapped_column(
        Integer, default=0, comment="In ours and not in their list"
    )
    state_differs: Mapped[int] = mapped_column(Integer, default=0, comment="State is not the same")
    date_differs: Mapped[int] = mapped_column(Integer, default=0, comment="Date is not the same")
    overdue_there: Mapped[int] = mapped_column(Integer, default=0, comment="Overdue in their list")
    open_items: Mapped[int] = mapped_column(
        Integer, default=0, comment="Differences that nobody has dealt with"
    )
    compared_at: Mapped[dt.datetime] = mapped_column(
        Instant, default=clock.now, comment="Compared at"
    )
    compared_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who compared"
    )
    note: Mapped[str] = mapped_column(String(1000), default="", comment="Note")
    search_text: Mapped[str] = mapped_column(String(1400), default="", comment="Folded, for search")

    compared_by: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[compared_by_id])
    items: Mapped[list[ReconciliationItem]] = relationship(
        "ReconciliationItem", back_populates="reconciliation", order_by="ReconciliationItem.id"
    )

    def __str__(self) -> str:
        return self.file_name


class ReconciliationItem(Stamped, Model):
    """One number that does not agree, and what was done about it."""

    __tablename__ = "applications_reconciliation_item"
    __table_args__ = (
        UniqueConstraint(
            "reconciliation_id",
            "kind",
            "external_ref",
            name="uq_applications_reconciliation_item_difference",
        ),
        CheckConstraint(
            "resolution <> 'explained' OR reason IS NOT NULL", name="explained_has_reason"
        ),
        Index("ix_applications_reconciliation_item_ref", "external_ref", "id"),
        Index("ix_applications_reconciliation_item_resolution", "resolution", "kind", "id"),
    )

    reconciliation_id: Mapped[int] = mapped_column(
        ForeignKey("applications_reconciliation.id"), index=True, comment="Comparison"
    )
    kind: Mapped[ItemKind] = mapped_column(code_type(ItemKind), comment="In which way it differs")
    external_ref: Mapped[str] = mapped_column(String(60), comment="Number at CİMER")
    row_no: Mapped[int | None] = mapped_column(Integer, comment="Row in the list")
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_application.id"), index=True, comment="Our case"
    )
    #: Dates and states only: whatever names a person stays in the file.
    theirs: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, comment="What their list says"
    )
    ours: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, comment="What our case says"
    )
    resolution: Mapped[Resolution] = mapped_column(
        code_type(Resolution), default=Resolution.OPEN, comment="What became of it"
    )
    reason: Mapped[Explanation | None] = mapped_column(
        code_type(Explanation), comment="Why it may stand"
    )
    note: Mapped[str] = mapped_column(String(1000), default="", comment="Note")
    resolved_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Dealt with at")
    resolved_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who dealt with it"
    )

    reconciliation: Mapped[Reconciliation] = relationship("Reconciliation", back_populates="items")
    application: Mapped[Application | None] = relationship("Application")
    resolved_by: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[resolved_by_id])

    def __str__(self) -> str:
        return self.external_ref
