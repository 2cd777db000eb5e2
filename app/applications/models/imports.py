"""Bringing in files of applications: the mapping, the batch, the rows that were refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    false,
    func,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Document, Identified, Instant, Named, Stamped, label_type
from app.core.text import fold


class ImportMapping(Stamped, Named, Model):
    """Which column of a file becomes which field, saved by name."""

    __tablename__ = "applications_import_mapping"

    name: Mapped[str] = mapped_column(label_type(80), unique=True, comment="Name, e.g. cimer")
    description: Mapped[str] = mapped_column(String(300), default="", comment="What file it is for")
    source: Mapped[str] = mapped_column(String(40), default="", comment="Source kept on each row")
    document: Mapped[dict[str, Any]] = mapped_column(Document, default=dict, comment="The mapping")
    is_shipped: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Came with the program"
    )


class ImportBatch(Stamped, Model):
    """One run of one file through one mapping."""

    __tablename__ = "applications_import_batch"

    mapping_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_import_mapping.id"), index=True, comment="Mapping"
    )
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("system_job.id"), index=True, comment="Job that does it"
    )
    file_name: Mapped[str] = mapped_column(label_type(), comment="Name of the file")
    file_sha256: Mapped[str] = mapped_column(String(64), default="", comment="Digest of the file")
    document: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, comment="The mapping as it was used"
    )
    state: Mapped[str] = mapped_column(
        String(20), default="draft", comment="draft, waiting, running, done, failed"
    )
    total_rows: Mapped[int] = mapped_column(Integer, default=0, comment="Rows read")
    created_rows: Mapped[int] = mapped_column(Integer, default=0, comment="Rows taken over")
    known_rows: Mapped[int] = mapped_column(
        Integer, default=0, comment="Rows that were here already"
    )
    rejected_rows: Mapped[int] = mapped_column(Integer, default=0, comment="Rows refused")
    changed_rows: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", comment="Known rows that brought something new"
    )
    resent_rows: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", comment="Known rows that were sent again"
    )
    is_restricted: Mapped[bool] = mapped_column(
        Boolean,
        default=False,
        server_default=false(),
        comment="Only for those who may see CİMER items",
    )
    error: Mapped[str] = mapped_column(Text, default="", comment="Why the whole file was refused")
    finished_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Ended at")

    mapping: Mapped[ImportMapping | None] = relationship("ImportMapping")

    @hybrid_property
    def search_text(self) -> str:
        """What the picker of imports searches: the name of the file."""
        return fold(self.file_name)

    @search_text.inplace.expression
    @classmethod
    def _search_text(cls) -> ColumnElement[str]:
        return func.lower(cls.file_name)

    def __str__(self) -> str:
        return self.file_name


class ImportRow(Identified, Model):
    """A refused row with the reasons, as they stand in the file of rejects."""

    __tablename__ = "applications_import_row"
    __table_args__ = (Index("ix_applications_import_row_batch", "batch_id", "row_no"),)

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("applications_import_batch.id"), comment="Import"
    )
    row_no: Mapped[int] = mapped_column(Integer, comment="Row in the file")
    values: Mapped[dict[str, Any]] = mapped_column(Document, default=dict, comment="Cells as read")
    reasons: Mapped[list[Any]] = mapped_column(Document, default=list, comment="Field and message")

    batch: Mapped[ImportBatch] = relationship("ImportBatch")

    def __str__(self) -> str:
        return f"{self.row_no}"
