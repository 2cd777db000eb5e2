"""A database of its own for tests that commit: SQLite in a file or PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask_appbuilder import Model
from sqlalchemy import Table, create_engine, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.orm import sessionmaker

import app.models
from app.core import places
from app.system.services import audit, calendar
from tests.tools import postgres_server

assert app.models.__all__

KINDS = [
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.postgres),
]


@contextmanager
def house(kind: str, folder: Path) -> Iterator[sessionmaker]:
    """Sessions on an empty database with every table; files lie in `folder`."""
    places.set_folders(folder, folder / "files")
    engine = (
        _postgres() if kind == "postgresql" else create_engine(f"sqlite:///{folder / 'house.db'}")
    )
    tables = None if kind == "sqlite" else _own_tables()
    Model.metadata.create_all(engine, tables=tables)
    sessions = sessionmaker(engine, expire_on_commit=False)
    audit.install(sessions)
    # Rooms with clocks listen too when the whole application is loaded; their tables are not here.
    listeners, calendar.on_change[:] = list(calendar.on_change), []
    try:
        yield sessions
    finally:
        calendar.on_change[:] = listeners
        engine.dispose()
        if kind == "postgresql":
            _drop(engine)


def _own_tables() -> list[Table]:
    """The tables of the system room, which point at no other."""
    return [t for name, t in Model.metadata.tables.items() if name.startswith("system_")]


def _server() -> URL:
    return make_url(postgres_server().replace("postgresql://", "postgresql+psycopg://", 1))


def _postgres() -> Engine:
    server = _server()
    name = f"system_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'"))
    admin.dispose()
    engine = create_engine(server.set(database=name), pool_size=20, max_overflow=10)
    with engine.begin() as connection:
        connection.execute(
            text("CREATE COLLATION IF NOT EXISTS tr (provider = icu, locale = 'tr-TR')")
        )
    return engine


def _drop(engine: Engine) -> None:
    admin = create_engine(_server(), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{engine.url.database}" WITH (FORCE)'))
    admin.dispose()
