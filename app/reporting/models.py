"""Tables of the reporting room."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask_appbuilder import Model
from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Document, Instant, Stamped, code_type, label_type
from app.reporting.rules import RunState

if TYPE_CHECKING:
    from app.organisation.models import StaffUser
    from app.system.models import Attachment, Job


class ReportRun(Stamped, Model):
    """One run of one report: its parameters, its files and the moment its figures are of."""

    __tablename__ = "reporting_report_run"
    __table_args__ = (Index("ix_reporting_report_run_report", "report_key", "id"),)

    report_key: Mapped[str] = mapped_column(String(60), comment="Which report")
    title: Mapped[str] = mapped_column(label_type(), comment="Title with its period")
    parameters: Mapped[dict[str, Any]] = mapped_column(Document, default=dict, comment="Parameters")
    state: Mapped[RunState] = mapped_column(
        code_type(RunState), default=RunState.WAITING, comment="State"
    )
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("system_job.id"), index=True, comment="Job"
    )
    as_of: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Figures are of this moment")
    finished_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Ended at")
    figures: Mapped[dict[str, Any]] = mapped_column(Document, default=dict, comment="Main figures")
    error: Mapped[str] = mapped_column(Text, default="", comment="Why it failed")

    job: Mapped[Job | None] = relationship("Job")
    orderer: Mapped[StaffUser | None] = relationship(
        "StaffUser",
        primaryjoin="foreign(ReportRun.created_by_id) == StaffUser.id",
        viewonly=True,
    )
    files: Mapped[list[Attachment]] = relationship(
        "Attachment",
        primaryjoin="and_(foreign(Attachment.owner_id) == ReportRun.id, "
        "Attachment.owner_type == 'ReportRun')",
        order_by="Attachment.id",
        viewonly=True,
    )

    def __str__(self) -> str:
        return self.title
