"""Rules of the directory of rooms: how a place is told, and what a good entry has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.rules import N_, Violation
from app.core.text import sort_key

#: Floors that a municipality's house may have; 0 is the ground floor.
LOWEST_FLOOR, HIGHEST_FLOOR = -5, 60


def floor_words(floor: int | None) -> tuple[str, dict[str, int]]:
    """Return the msgid of a floor and what fills it; an unknown floor is an empty text."""
    if floor is None:
        return "", {}
    if floor == 0:
        return N_("ground floor"), {}
    if floor < 0:
        return N_("basement %(n)s"), {"n": -floor}
    return N_("floor %(n)s"), {"n": floor}


def sign_key(point: Any) -> tuple[Any, ...]:
    """Return what a point is sorted by on the signs: building, floor, room by number, then name.

    Room 9 stands before 10; points without a floor come last in their building.
    """
    digits = "".join(ch for ch in point.room if ch.isdigit())
    return (
        sort_key(point.building),
        point.floor is None,
        point.floor or 0,
        int(digits[:6] or 0),
        sort_key(point.room),
        sort_key(point.name),
    )


def stems_of(words: list[str], length: int = 5) -> list[str]:
    """Return folded words cut before their endings, for a second look: “faturasi” → “fatur”.

    Citizens say words with endings, the directory knows them without. Short words stay whole.
    """
    return [word[:length] for word in words]


def point_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a service point.

    It says in the words of citizens what can be done there: a visitor does not know the names of
    the units. Source: the directorate's duty k.
    """
    floor = values.get("floor")
    if floor is not None and not LOWEST_FLOOR <= floor <= HIGHEST_FLOOR:
        yield Violation(
            "floor",
            N_("Write a number from %(low)s to %(high)s."),
            {"low": LOWEST_FLOOR, "high": HIGHEST_FLOOR},
        )
    position = values.get("position")
    if position is not None and not 0 <= position <= 999:
        yield Violation("position", N_("Write a number from %(low)s to %(high)s."), {"low": 0, "high": 999})  # fmt: skip
    if values.get("is_tile") and len(values.get("name") or "") > 40:
        yield Violation("name", N_("At most %(max)d characters fit on a tile."), {"max": 40})
