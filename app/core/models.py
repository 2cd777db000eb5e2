"""What every table shares: naming convention, column types, the stamps of who and when."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import JSON, DateTime, Enum, Integer, MetaData, String, TypeDecorator, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, Mapper, declared_attr, mapped_column

from app.core import clock
from app.core.acting import current_actor

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
_metadata: MetaData = Model.metadata
_metadata.naming_convention = NAMING_CONVENTION

#: What people read in lists is sorted by this collation; the name exists on both databases.
TURKISH = "tr"


class Instant(TypeDecorator[dt.datetime]):
    """A moment in time: aware in Python (Istanbul), UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            value = value.replace(tzinfo=clock.ISTANBUL)
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            value = value.replace(tzinfo=dt.UTC)
        return clock.to_local(value)


#: JSON that PostgreSQL can index.
Document = JSON().with_variant(JSONB(), "postgresql")


def code_type(enum: type[StrEnum], length: int = 40, name: str = "") -> Enum:
    """A column type for a StrEnum kept by its value, checked by the database.

    `name` tells the check apart where one table has two columns of the same enum.
    """
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        name=name or enum.__name__.lower(),
        length=length,
        values_callable=lambda e: [member.value for member in e],
        validate_strings=True,
    )


def label_type(length: int = 200) -> String:
    """A text that people read in lists: sorted in Turkish order on both databases."""
    return String(length, collation=TURKISH)


class Identified:
    """A surrogate key."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True)


class Stamped(Identified):
    """Who made and last changed a row, and its version for the conflict check."""

    created_at: Mapped[dt.datetime] = mapped_column(Instant, default=clock.now, comment="Made at")
    changed_at: Mapped[dt.datetime] = mapped_column(
        Instant, default=clock.now, onupdate=clock.now, comment="Last changed at"
    )
    created_by_id: Mapped[int | None] = mapped_column(
        Integer, default=lambda: current_actor().user_id, comment="Staff user who made it"
    )
    changed_by_id: Mapped[int | None] = mapped_column(
        Integer,
        default=lambda: current_actor().user_id,
        onupdate=lambda: current_actor().user_id,
        comment="Staff user who changed it last",
    )
    version: Mapped[int] = mapped_column(Integer, default=1, comment="Counts up with each change")

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805  # SQLAlchemy hands the class.
        return {"version_id_col": cls.version}


class Named:
    """Mixin for rows whose label is their name."""

    def __str__(self) -> str:
        return str(getattr(self, "name", "")) or f"#{getattr(self, 'id', '')}"

    __repr__ = __str__


def folded(*sources: str) -> Any:
    """Class decorator: keep `search_text` equal to the folded join of `sources` on each write."""

    def wrap(cls: type) -> type:
        from app.core.text import fold

        def refresh(mapper: Mapper[Any], connection: Any, target: Any) -> None:
            text = " ".join(str(getattr(target, s) or "") for s in sources)
            target.search_text = fold(text)[:4000]

        event.listen(cls, "before_insert", refresh)
        event.listen(cls, "before_update", refresh)
        return cls

    return wrap
