"""Wakes a worker after a commit; a broker that cannot be reached never harms the one who commits."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

#: Sends a task by name; filled by the face `app.tasks`. Without it the sweep alone finds the rows.
send: Callable[[str, tuple[Any, ...]], object] | None = None

_KEY = "wake_after_commit"


def after_commit(session: Session, task: str, *arguments: Any) -> None:
    """Send `task` once when the present transaction is committed; a rollback forgets it."""
    # A view may hand over the scoped session; the events belong to the real one behind it.
    real: Session = session() if callable(session) else session
    if _KEY not in real.info:
        real.info[_KEY] = {}
        event.listen(real, "after_commit", _send_all)
        event.listen(real, "after_rollback", _forget)
    real.info[_KEY][task, arguments] = None


def _send_all(session: Session) -> None:
    # Releasing a savepoint also counts as a commit for SQLAlchemy; the row is not visible yet.
    if session.in_nested_transaction():
        return
    wanted, session.info[_KEY] = session.info[_KEY], {}
    for task, arguments in wanted:
        if send is None:
            return
        try:
            send(task, arguments)
        except Exception as fault:
            # The row is the truth and the sweep finds it, whatever is wrong with the broker.
            log.warning("worker not woken", extra={"task": task, "fault": type(fault).__name__})


def _forget(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info[_KEY] = {}
