"""Which tests one process does in a row, and what comes first.

A walk in the browser and a test with a real worker start a house of their own, so all walks are done by
one process and all tests with workers by one. Every other file is a piece of work of its own: what its
fixtures make is made once. pytest-xdist's own groups are not used, because its `loadgroup` writes to a
name of pytest that pytest 9.2 no longer reads, and then groups nothing.
"""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling

#: Files whose tests start worker processes.
WITH_WORKERS = frozenset(
    {
        "tests/applications/test_bulk_worker.py",
        "tests/system/test_serve.py",
        "tests/system/test_worker.py",
        "tests/trust/test_37_jobs.py",
        "tests/trust/test_38_outbox.py",
        "tests/trust/test_39_beats.py",
        "tests/trust/test_40_broker_down.py",
    }
)
#: The longest pieces begin first, so that no process waits for another at the end.
_FIRST = (
    "browser",
    "workers",
    "tests/house/",
    "tests/trust/",
    "tests/applications/",
    "tests/system/",
)


def group_of(nodeid: str) -> str:
    """Return the piece of work that a test belongs to: browser, workers, or its file."""
    path = nodeid.split("::", 1)[0]
    if path.startswith("tests/browser/"):
        return "browser"
    return "workers" if path in WITH_WORKERS else path


def longest_first(items: list[Any]) -> None:
    """Order collected tests by their pieces of work, the longest first; within a piece as written."""

    def turn(item: Any) -> int:
        group = group_of(item.nodeid)
        return next((i for i, start in enumerate(_FIRST) if group.startswith(start)), len(_FIRST))

    items.sort(key=turn)


class Pieces(LoadScopeScheduling):
    """Hands out whole pieces of work in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
