"""How Alembic meets the database: one connection, one lock, our metadata, both dialects."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import text

import app.models  # Every table must be known before Alembic compares.
from app.core.database import writing
from app.core.models import Document, Instant

assert app.models.__all__

#: Tables and indexes made by hand-written DDL, which autogenerate must leave alone.
BY_HAND = ("applications_search",)
LOCK_KEY = 5_900_153


def include_object(
    thing: Any, name: str | None, kind: str, reflected: bool, compare_to: Any
) -> bool:
    """Leave out what a migration made by hand."""
    return not (kind == "table" and name is not None and name.startswith(BY_HAND))


def render_item(kind: str, thing: Any, autogen_context: Any) -> str | bool:
    """Write our column types as plain SQLAlchemy, so that old migrations never need our code."""
    if kind == "type" and isinstance(thing, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and thing is Document:
        autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


def run() -> None:
    """Upgrade or compare over the application's own engine."""
    database = current_app.extensions["migrate"].db
    with writing(), database.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET lock_timeout = '5s'"))
            # Two deployments at once must not run the same step.
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK_KEY})
            connection.commit()
        elif connection.dialect.name == "sqlite":
            # Table rebuilds drop and rename tables; references are checked again afterwards.
            # Past SQLAlchemy, because inside of a transaction SQLite takes no notice of this word.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            include_object=include_object,
            render_item=render_item,
            compare_type=True,
            render_as_batch=connection.dialect.name == "sqlite",
            transaction_per_migration=True,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
        finally:
            if connection.dialect.name == "postgresql":
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK_KEY})
                connection.commit()
            elif connection.dialect.name == "sqlite":
                connection.rollback()
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")


run()
