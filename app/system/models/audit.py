"""The audit trail: append-only rows, sealed into a hash chain by `services.audit.seal`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.models import Document, Identified, Instant, code_type
from app.system.rules import AuditVerb


class AuditEvent(Identified, Model):
    """One change, view or export: who, when, from where, which record, which fields."""

    __tablename__ = "system_audit_event"
    __table_args__ = (
        Index("ix_system_audit_event_record", "entity", "record_id", "id"),
        Index("ix_system_audit_event_actor", "actor_id", "at"),
        Index("ix_system_audit_event_at", "at"),
    )

    at: Mapped[dt.datetime] = mapped_column(Instant, default=clock.now, comment="When")
    actor_id: Mapped[int | None] = mapped_column(Integer, comment="Staff user; null: the system")
    actor_name: Mapped[str] = mapped_column(String(150), default="", comment="Name at that time")
    address: Mapped[str] = mapped_column(String(64), default="", comment="Network address")
    request_id: Mapped[str] = mapped_column(String(40), default="", comment="Joins it to the log")
    verb: Mapped[AuditVerb] = mapped_column(code_type(AuditVerb, 20), comment="What was done")
    entity: Mapped[str] = mapped_column(String(60), default="", comment="Class of the record")
    record_id: Mapped[int | None] = mapped_column(Integer, comment="Key of the record")
    summary: Mapped[str] = mapped_column(String(300), default="", comment="Reason or short text")
    changes: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, comment="Field: [before, after]; personal fields masked"
    )
    seal_no: Mapped[int | None] = mapped_column(Integer, unique=True, comment="Place in the chain")
    previous_hash: Mapped[str | None] = mapped_column(String(64), comment="Hash of the seal before")
    hash: Mapped[str | None] = mapped_column(String(64), comment="SHA-256 over this row")
