"""Numbers, settings and saved views."""

from __future__ import annotations

import datetime as dt
from typing import Any

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Document, Named, Stamped, label_type


class NumberSeries(Stamped, Model):
    """The last number given in one series and year; the row lock makes it gapless."""

    __tablename__ = "system_number_series"
    __table_args__ = (UniqueConstraint("series", "year"),)

    series: Mapped[str] = mapped_column(String(40), comment="Name of the series")
    year: Mapped[int] = mapped_column(Integer, comment="Calendar year")
    last: Mapped[int] = mapped_column(Integer, default=0, comment="Last number given")

    def __str__(self) -> str:
        return f"{self.series} {self.year}"


class Parameter(Stamped, Model):
    """A setting that an administrator may change; kind and default come from `rules`."""

    __tablename__ = "system_parameter"

    key: Mapped[str] = mapped_column(String(80), unique=True, comment="Name of the setting")
    value: Mapped[str] = mapped_column(Text, default="", comment="Value as text")
    kind: Mapped[str] = mapped_column(
        String(20), default="text", comment="text, integer, boolean …"
    )
    label: Mapped[str] = mapped_column(label_type(), default="", comment="What it is")
    help: Mapped[str] = mapped_column(Text, default="", comment="What it does, and its source")
    group: Mapped[str] = mapped_column(String(60), default="", comment="Heading it stands under")

    def __str__(self) -> str:
        return self.label or self.key


class SavedView(Stamped, Named, Model):
    """Filters, order and columns of a list, kept under a name by a user, perhaps shared."""

    __tablename__ = "system_saved_view"
    __table_args__ = (Index("ix_system_saved_view_screen", "screen", "owner_id"),)

    screen: Mapped[str] = mapped_column(String(80), comment="Which list")
    owner_id: Mapped[int] = mapped_column(Integer, comment="Staff user")
    name: Mapped[str] = mapped_column(label_type(80), comment="Name on the tab")
    arguments: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, comment="URL arguments"
    )
    is_shared: Mapped[bool] = mapped_column(Boolean, default=False, comment="Others see it too")
    share_role: Mapped[str] = mapped_column(
        String(40), default="", server_default="", comment="Shared only with this role"
    )
    share_unit_id: Mapped[int | None] = mapped_column(
        Integer, comment="Shared only with this unit and those below it"
    )
    position: Mapped[int] = mapped_column(Integer, default=0, comment="Order among the tabs")


class SavedViewUse(Stamped, Model):
    """What one person does with a saved view: on the home page, as first view, with a message."""

    __tablename__ = "system_saved_view_use"
    __table_args__ = (
        UniqueConstraint("view_id", "user_id"),
        CheckConstraint("alert_above IS NULL OR alert_above >= 0", name="alert_counted"),
        Index("ix_system_saved_view_use_user", "user_id", "id"),
        Index(
            "ix_system_saved_view_use_alert",
            "id",
            postgresql_where=text("alert_above IS NOT NULL"),
            sqlite_where=text("alert_above IS NOT NULL"),
        ),
    )

    view_id: Mapped[int] = mapped_column(
        ForeignKey("system_saved_view.id", ondelete="CASCADE"), comment="Saved view"
    )
    user_id: Mapped[int] = mapped_column(Integer, comment="Staff user")
    is_pinned: Mapped[bool] = mapped_column(Boolean, default=False, comment="On the home page")
    is_default: Mapped[bool] = mapped_column(Boolean, default=False, comment="Opens with its list")
    alert_above: Mapped[int | None] = mapped_column(
        Integer, comment="A message each morning when there are more rows than this"
    )
    alerted_on: Mapped[dt.date | None] = mapped_column(Date, comment="Day of the last message")

    view: Mapped[SavedView] = relationship("SavedView")

    def __str__(self) -> str:
        return f"#{self.id}"
