"""How connections behave on SQLite and PostgreSQL; no table and no query of any room lives here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from app.core.text import compare, fold

#: Whether the transaction about to begin will write. SQLite must take its write lock at BEGIN: a
#: deferred transaction that turns into a writer fails at once when another writer was quicker.
_write_intent: ContextVar[bool] = ContextVar("write_intent", default=True)

BUSY_TIMEOUT_MS = 5_000


def engine_options(url: str) -> dict[str, Any]:
    """Pool settings for the database behind `url` (empty: the embedded SQLite file)."""
    if url.startswith("postgresql"):
        settings: dict[str, Any] = {
            "pool_pre_ping": True, "pool_size": 10, "max_overflow": 10, "pool_recycle": 1800,
        }  # fmt: skip
        if "options=" not in url:
            # A scope's conditions look dear to the planner, and compiling them took two seconds for
            # statements that then ran in a few milliseconds (ADR 15).
            settings["connect_args"] = {"options": "-c jit=off -c random_page_cost=1.1"}
        return settings
    return {"pool_pre_ping": False}


def set_write_intent(writes: bool) -> None:
    """Say whether the transactions of this request will write; GET and HEAD do not."""
    _write_intent.set(writes)


def is_write_intended() -> bool:
    """Say whether a transaction begun now would be one that writes."""
    return _write_intent.get()


def is_inline(session: Any) -> bool:
    """Whether everything happens on one connection, as in a test that rolls back at its end.

    A connection is not for two threads, nor for a transaction beside the one that is open.
    """
    given: Session = session() if callable(session) else session
    return bool(given.info.get("single_connection"))


@contextmanager
def writing() -> Iterator[None]:
    """Force a write transaction inside the block, whatever the request's method is."""
    token = _write_intent.set(True)
    try:
        yield
    finally:
        _write_intent.reset(token)


@event.listens_for(Engine, "connect")
def _prepare_connection(connection: Any, record: ConnectionPoolEntry) -> None:
    """Give every SQLite connection WAL, foreign keys, a busy timeout and the Turkish order."""
    if not isinstance(connection, sqlite3.Connection):
        return
    # SQLAlchemy must not let the driver begin transactions by itself: BEGIN is emitted below.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA cache_size=-32000")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.close()
    connection.create_collation("tr", compare)
    connection.create_function(
        "tr_fold", 1, lambda s: None if s is None else fold(s), deterministic=True
    )


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Emit BEGIN on SQLite, with the write lock when the transaction will write."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _write_intent.get() else "BEGIN")
