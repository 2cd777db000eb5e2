"""Keeps the leases of what this process is working on; whose leases they are stands elsewhere."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)

#: extend(row id, token, seconds) → whether the lease is still ours.
Extend = Callable[[int, str, int], bool]


class LeaseKeeper:
    """One thread for the process that extends every lease held, until its time is over."""

    def __init__(self, extend: Extend, *, every: float) -> None:
        self._extend = extend
        self._every = every
        self._held: dict[str, tuple[int, int, float]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def holding(self, row_id: int, token: str, *, lease: int, at_most: float) -> Iterator[None]:
        """Extend the lease of `row_id` by `lease` seconds again and again while the block runs.

        After `at_most` seconds it is extended no more, and the row goes to another worker.
        """
        with self._lock:
            self._held[token] = (row_id, lease, time.monotonic() + at_most)
            # Started with the first lease: a forked worker has no thread of its parent.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="leases", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(token, None)

    def tokens(self) -> list[str]:
        """What this process holds now."""
        with self._lock:
            return list(self._held)

    def _run(self) -> None:
        while True:
            time.sleep(self._every)
            with self._lock:
                held = list(self._held.items())
            for token, (row_id, lease, until) in held:
                if time.monotonic() > until:
                    continue
                try:
                    self._extend(row_id, token, lease)
                except Exception as fault:
                    # A busy or absent database: the lease outlives three such misses.
                    log.warning("lease not extended", extra={"fault": type(fault).__name__})
