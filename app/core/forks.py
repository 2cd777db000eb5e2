"""Keeps a forked worker clear of what its parent had open at the moment of the fork.

SQLite remembers in the process which of its locks are held (https://www.sqlite.org/howtocorrupt.html,
2.6): a child forked while the parent writes takes that lock for held for ever, and every write of its
own ends as "database is locked". PostgreSQL would share one socket between two processes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

#: Held by whoever must not be copied half-way; only the thread that forks asks for it twice.
_lock = threading.RLock()


def closed() -> AbstractContextManager[bool]:
    """No fork happens inside the block, which is where a parent's threads use the database."""
    return _lock


def guard(close_connections: Callable[[], None]) -> None:
    """From now on every fork of this process waits for `closed` blocks and closes connections first.

    A process cannot be unguarded again.
    """

    def before() -> None:
        _lock.acquire()
        close_connections()

    os.register_at_fork(before=before, after_in_parent=_lock.release, after_in_child=_lock.release)
