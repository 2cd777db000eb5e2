"""Hiding of counts so small that they point at a person; which need it is for the rooms to say."""

from collections.abc import Callable, Sequence
from typing import Any

from app.core.charts.declare import Row

SUPPRESSED = "_suppressed"


def suppress_small(
    rows: Sequence[Row], below: int = 5, *, count: str, value: str | None = None,
    within: Sequence[str] = (), concerns: Callable[[Row], bool] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return the rows with every count from 1 to ``below`` − 1 taken out.

    ``count`` names the number of people behind a row, ``value`` the figure that is drawn when it
    is another one (a percentage of them). Nought stays: it points at nobody. ``within`` names the
    dimensions along which totals are published, each by itself (all rows are one group if none is
    named): when exactly one row of a group is hidden, the total would give it away, so the
    smallest of its neighbours that is not nought is hidden too. ``concerns`` says which rows are
    about people that need it; without it all are.

    Source: domain.md 8.1, survey cells under five answers.
    """
    result = [dict(row) for row in rows]
    hidden = {
        place
        for place, row in enumerate(result)
        if row[count] and 0 < row[count] < below and (concerns is None or concerns(row))
    }
    dimensions: list[tuple[str, ...]] = [(name,) for name in within] or [()]
    # A neighbour hidden in one direction may stand alone in the other, so go on until none does.
    while added := _neighbours(result, hidden, count, dimensions):
        hidden |= added
    for place in hidden:
        result[place].update({count: None, value or count: None, SUPPRESSED: True})
    return result


def _neighbours(
    rows: Sequence[Row], hidden: set[int], count: str, dimensions: Sequence[Sequence[str]]
) -> set[int]:
    """Find one more row to hide beside a row that is hidden alone in its group."""
    for names in dimensions:
        groups: dict[tuple[Any, ...], list[int]] = {}
        for place, row in enumerate(rows):
            groups.setdefault(tuple(row[name] for name in names), []).append(place)
        for places in groups.values():
            shown = [place for place in places if place not in hidden and rows[place][count]]
            if len(places) - len([p for p in places if p not in hidden]) == 1 and shown:
                return {min(shown, key=lambda place: (rows[place][count], place))}
    return set()
