"""The worker process: a pool of threads, the ticker of the timetable, and an orderly end."""

from __future__ import annotations

import logging
import mmap
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from billiard import active_children  # type: ignore[import-untyped]
from celery import Celery
from celery.platforms import SecurityWarning
from celery.signals import worker_shutting_down

from app.core import forks
from app.core.celery_app import close_connections

log = logging.getLogger(__name__)

CONCURRENCY = 4
TICK_SECONDS = 1.0
#: A supervisor kills after 30 s; what has not ended by then is handed back and ended by force.
GRACE_SECONDS = 22


class StopFlag:
    """Says that the worker was asked to end; forked children see it too.

    One shared byte and no lock: a child that is killed cannot leave it locked for ever.
    """

    def __init__(self) -> None:
        self._byte = mmap.mmap(-1, 1)
        self._event = threading.Event()

    def set(self) -> None:
        self._byte[0] = 1
        self._event.set()

    def clear(self) -> None:
        self._byte[0] = 0
        self._event.clear()

    def is_set(self) -> bool:
        """Whether long work should end at its next step."""
        return self._byte[0] == 1

    def wait(self, seconds: float) -> None:
        """Sleep, but no longer than until the flag is set in this process."""
        self._event.wait(seconds)


stopping = StopFlag()


class Slots:
    """How much long work may run at once in this process, so that short work finds a thread."""

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)

    @contextmanager
    def one(self) -> Iterator[bool]:
        """A slot for the block, or False at once when none is free."""
        taken = self._free.acquire(blocking=False)
        try:
            yield taken
        finally:
            if taken:
                self._free.release()


class OneAtATime:
    """Lets one thread do a work that others ask for meanwhile; it then goes round once more."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy = False
        self._again = False

    def rounds(self) -> Iterator[int]:
        """Yield once for each round to be done here; nothing when another thread is at it."""
        with self._lock:
            if self._busy:
                self._again = True
                return
            self._busy, self._again = True, False
        number, ended = 0, False
        try:
            while not ended:
                yield number
                number += 1
                with self._lock:
                    # Decided under the lock, so that a request of this moment is not overheard.
                    ended = not self._again
                    self._busy, self._again = not ended, False
        finally:
            if not ended:
                with self._lock:
                    self._busy = False


class Ticker(threading.Thread):
    """Calls `tick` every second until the process is asked to end."""

    def __init__(self, tick: Callable[[], Any]) -> None:
        super().__init__(name="ticker", daemon=True)
        self._tick = tick

    def run(self) -> None:
        while not stopping.is_set():
            try:
                with forks.closed():
                    self._tick()
            except Exception as fault:
                # The database may be away for a while; the timetable goes on when it is back.
                log.warning("tick failed", extra={"fault": type(fault).__name__})
            stopping.wait(TICK_SECONDS)


def serve(
    celery: Celery,
    *,
    tick: Callable[[], Any],
    hand_back: Callable[[], Any],
    pool: str = "threads",
    concurrency: int = CONCURRENCY,
    grace: float = GRACE_SECONDS,
) -> int:
    """Work until SIGTERM or SIGINT; returns the exit code.

    `tick` runs the timetable, `hand_back` returns to the queue what this process still holds when
    its time to end is over. Threads are the default: a forked pool that polls a folder can stand
    still for ever when one of its children is killed.
    """
    stopping.clear()

    def force_end() -> None:
        log.warning("work handed back at the end of the grace time")
        try:
            hand_back()
            for child in active_children():
                # Its work is taken again when the lease ends.
                child.kill()
        finally:
            os._exit(0)

    def on_shutdown(**_: Any) -> None:
        if stopping.is_set():
            return
        stopping.set()
        timer = threading.Timer(grace, force_end)
        timer.daemon = True
        timer.start()

    worker_shutting_down.connect(on_shutdown, weak=False)
    # Celery warns of root because a pickled message could run code; ours are JSON.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    if pool == "prefork":
        # The pool forks beside the ticker, and again whenever a child has died.
        forks.guard(close_connections)
    Ticker(tick).start()
    worker = celery.Worker(
        pool_cls=pool,
        concurrency=concurrency,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        loglevel="WARNING",
        quiet=True,
    )
    worker.start()
    stopping.set()
    return int(worker.exitcode or 0)
