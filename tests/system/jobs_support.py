"""A database with the tables of the system room only, for tests that need real commits."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

import app.models  # noqa: F401  # Every table is known before one is made.
from app.core.acting import SYSTEM, acting_as
from app.core.models import TURKISH, Model


def system_tables() -> list:
    """The tables of the room, which point at no other."""
    return [t for name, t in Model.metadata.tables.items() if name.startswith("system_")]


@contextmanager
def database(folder: Path) -> Iterator[Engine]:
    """An empty database: a SQLite file in `folder`, or PostgreSQL when the run asks for it."""
    if os.environ.get("HALKLA_TEST_DATABASE") == "postgres":
        from tests.conftest import make_postgres_database

        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        engine = create_engine(make_postgres_database(f"test_jobs_{worker}"), pool_size=20)
        with engine.begin() as connection:
            connection.execute(
                text(f"CREATE COLLATION {TURKISH} (provider = icu, locale = 'tr-x-icu')")
            )
    else:
        engine = create_engine(f"sqlite:///{folder / 'jobs.db'}")
    Model.metadata.create_all(engine, tables=system_tables())
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def sessions(folder: Path) -> Iterator[sessionmaker[Session]]:
    """Real sessions on an empty database, acting as the system."""
    with database(folder) as engine, acting_as(SYSTEM):
        yield sessionmaker(engine, expire_on_commit=False)
