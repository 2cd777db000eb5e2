"""Lets long work read on SQLite without the write lock and take it at the first write.

Other transactions of tasks take the lock when they begin (see `database`). A report reads and draws
for a minute and writes at the end; with the lock from its beginning nobody else could save a thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

from app.core.database import is_write_intended, set_write_intent

#: On a connection: whether its present transaction was begun without the write lock.
_DEFERRED = "deferred"
_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")

#: Whether this thread is inside `late_writes`.
_late: ContextVar[bool] = ContextVar("late_writes", default=False)


@event.listens_for(Engine, "begin")
def _note_begin(connection: Connection) -> None:
    connection.info[_DEFERRED] = connection.dialect.name == "sqlite" and not is_write_intended()


@event.listens_for(Engine, "savepoint")
def _before_savepoint(connection: Connection, name: str) -> None:
    # A savepoint is set by somebody who is about to write, and cannot outlive a new beginning.
    if _late.get():
        _take_lock(connection)


@event.listens_for(Engine, "before_cursor_execute")
def _before_statement(connection: Connection, cursor: Any, statement: str, *rest: Any) -> None:
    if _late.get() and statement.lstrip()[:7].upper().startswith(_WRITES):
        _take_lock(connection)


def _take_lock(connection: Connection) -> None:
    """Begin anew with the write lock. Nothing has been written, so nothing is committed by it.

    What was read before may have changed since; the version of each row shows that when it is saved.
    """
    if connection.info.get(_DEFERRED):
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.info[_DEFERRED] = False


def holds_write_lock(session: Session) -> bool:
    """Whether this session keeps every other writer waiting; never so on PostgreSQL."""
    if not session.in_transaction() or session.get_bind().dialect.name != "sqlite":
        return False
    return not session.connection().info.get(_DEFERRED, False)


@contextmanager
def late_writes(session: Session) -> Iterator[None]:
    """Inside the block the session's transactions take SQLite's write lock at their first write.

    No result may still be streaming when the first write comes.
    """
    before = is_write_intended()
    session.rollback()
    token = _late.set(True)
    set_write_intent(False)
    try:
        yield
    finally:
        _late.reset(token)
        set_write_intent(before)
