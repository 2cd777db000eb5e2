"""How work grows with its input: a ratio within one run, so that no machine is too slow for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

#: Four times the input: about 4 when each part is met once, 16 when each is compared with all.
TIMES = 4
MOST = 9
_TRIES = 3
_LEAST_SECONDS = 0.01


def seconds(work: Callable[[Any], Any], given: Any) -> float:
    """Processor time of this thread, the least of some tries."""
    tries = []
    for _try in range(_TRIES):
        start = time.thread_time()
        work(given)
        tries.append(time.thread_time() - start)
    return min(tries)


def growth(make: Callable[[int], Any], work: Callable[[Any], Any], size: int) -> float:
    """How many times longer `work` takes over `TIMES` the input that `make` gives for `size`.

    The input grows first until it can be measured at all.
    """
    while (small := seconds(work, make(size))) < _LEAST_SECONDS:
        size *= 2
    return seconds(work, make(size * TIMES)) / small
