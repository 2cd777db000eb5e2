"""Files that belong to a record; the bytes lie outside the web root under a random name."""

from __future__ import annotations

from flask_appbuilder import Model
from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.models import Stamped, code_type, label_type
from app.system.rules import ScanState


class Attachment(Stamped, Model):
    """A checked upload or a produced document, reached only through its owner record."""

    __tablename__ = "system_attachment"
    __table_args__ = (Index("ix_system_attachment_owner", "owner_type", "owner_id"),)

    owner_type: Mapped[str] = mapped_column(String(60), comment="Class of the owner record")
    owner_id: Mapped[int] = mapped_column(Integer, comment="Key of the owner record")
    name: Mapped[str] = mapped_column(label_type(), comment="Name the user sees")
    stored_name: Mapped[str] = mapped_column(String(80), unique=True, comment="Random name on disk")
    mime: Mapped[str] = mapped_column(String(120), comment="Checked content type")
    size: Mapped[int] = mapped_column(Integer, comment="Bytes")
    sha256: Mapped[str] = mapped_column(String(64), comment="Digest of the content")
    scan: Mapped[ScanState] = mapped_column(
        code_type(ScanState), default=ScanState.UNSCANNED, comment="Result of the virus scan"
    )
    kind: Mapped[str] = mapped_column(String(40), default="", comment="petition, photo, letter …")

    def __str__(self) -> str:
        return self.name
