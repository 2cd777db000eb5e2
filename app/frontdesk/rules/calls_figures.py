"""Figures of a call centre as pure arithmetic; counting rows is the work of queries.

Source: domain facts 8.5. The threshold (20 s), the goal (80 %) and the limit of short abandons (5 s)
are settings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Counts:
    """Sums over some calls that came in.

    `offered` are calls that reached the queue: answered and abandoned ones, not those that found the
    line busy. `short` of the abandoned gave up below the limit. `settled` of `judged` were settled at
    first contact.
    """

    offered: int = 0
    answered: int = 0
    within: int = 0
    short: int = 0
    wait: int = 0
    talk: int = 0
    hold: int = 0
    wrap: int = 0
    judged: int = 0
    settled: int = 0
    opened: int = 0

    @property
    def abandoned(self) -> int:
        """Callers who gave up, the quick ones included."""
        return self.offered - self.answered

    @property
    def service_level(self) -> float | None:
        """Answered within the threshold ÷ (offered − short abandons), in percent."""
        return share(self.within, self.offered - self.short)

    @property
    def abandon_rate(self) -> float | None:
        """Abandoned − short abandons ÷ (offered − short abandons), in percent."""
        return share(self.abandoned - self.short, self.offered - self.short)

    @property
    def answer_rate(self) -> float | None:
        """Answered ÷ offered, in percent."""
        return share(self.answered, self.offered)

    @property
    def asa(self) -> float | None:
        """Average speed of answer: seconds in the queue of those who were answered."""
        return mean(self.wait, self.answered)

    @property
    def aht(self) -> float | None:
        """Average handling time: talk, hold and after-call work of an answered call, in seconds."""
        return mean(self.talk + self.hold + self.wrap, self.answered)

    @property
    def fcr(self) -> float | None:
        """Settled at first contact ÷ calls of which that is known, in percent."""
        return share(self.settled, self.judged)

    @property
    def case_share(self) -> float | None:
        """Calls that became an application ÷ answered, in percent."""
        return share(self.opened, self.answered)

    @property
    def handled(self) -> int:
        """Seconds that operators spent on these calls."""
        return self.talk + self.hold + self.wrap


def share(part: float, whole: float) -> float | None:
    """Percent of the whole; None where there is no whole."""
    return round(100 * part / whole, 1) if whole > 0 else None


def mean(total: float, count: int) -> float | None:
    """The average; None where nothing was counted."""
    return round(total / count, 1) if count > 0 else None


def occupancy(handled: float, staffed: float) -> float | None:
    """Seconds on calls ÷ seconds on duty, in percent; above 100 somebody worked beyond the plan."""
    return share(handled, staffed)


def count_calls(calls: Iterable[Any], *, within: int, short: int) -> Counts:
    """Count calls one by one: what the grouped queries must agree with.

    Each has `direction`, `result`, `answered` (bool), `wait`, `talk`, `hold`, `wrap` in seconds,
    `first_contact` and `opened` (bool or None). Outgoing calls and a busy line are no offer.
    """
    sums: dict[str, int] = dict.fromkeys(Counts.__dataclass_fields__, 0)
    for call in calls:
        if call.direction != "in" or call.result == "busy":
            continue
        sums["offered"] += 1
        if not call.answered:
            sums["short"] += call.wait < short
            continue
        sums["answered"] += 1
        sums["within"] += call.wait <= within
        for name in ("wait", "talk", "hold", "wrap"):
            sums[name] += getattr(call, name)
        if call.result not in {"wrong", "nuisance"} and call.first_contact is not None:
            sums["judged"] += 1
            sums["settled"] += bool(call.first_contact)
        sums["opened"] += bool(call.opened)
    return Counts(**sums)


# --- Erlang C ------------------------------------------------------------------------------------------
def waiting_chance(agents: int, load: float) -> float:
    """Erlang C: the chance that a caller waits, with `load` erlangs offered to `agents`.

    1 when the load cannot be carried. Source: A. K. Erlang 1917; computed by the Erlang B recursion,
    which stays exact where factorials overflow.
    """
    if load <= 0:
        return 0.0
    if agents <= load:
        return 1.0
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1 - load / agents * (1 - blocked))


def expected_level(
    agents: int, calls: float, aht: float, *, within: int, span: int = 1800
) -> float:
    """Percent answered within the threshold by Erlang C, for `calls` in `span` seconds."""
    load = calls * aht / span
    if calls <= 0 or aht <= 0:
        return 100.0
    if agents <= load:
        return 0.0
    return 100 * (1 - waiting_chance(agents, load) * math.exp(-(agents - load) * within / aht))


#: More people than this do not sit in one room.
_MOST_AGENTS = 500


def agents_needed(calls: float, aht: float, *, within: int, goal: float, span: int = 1800) -> int:
    """The fewest operators that keep the goal, by Erlang C; 0 where nobody calls."""
    if calls <= 0 or aht <= 0:
        return 0
    return next(
        (
            n
            for n in range(max(1, math.ceil(calls * aht / span)), _MOST_AGENTS)
            if expected_level(n, calls, aht, within=within, span=span) >= goal
        ),
        _MOST_AGENTS,
    )
