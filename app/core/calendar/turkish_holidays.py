"""Holidays of Türkiye from the `holidays` package, used once to load rows; no deadline reads it.

An upgrade of the package would move history, therefore the engine knows only rows.
"""

from __future__ import annotations

import holidays

from app.core.calendar.days import DayKind, SpecialDay

_ESTIMATED = "(tahmini)"
#: Whole and half days must come from two objects: in one, half days stop being working days.
_CATEGORIES = {
    DayKind.PUBLIC_HOLIDAY: holidays.PUBLIC,
    DayKind.HALF_DAY: holidays.HALF_DAY,
}


def holidays_between(year_from: int, year_to: int) -> list[SpecialDay]:
    """Return public holidays and half days of the years, both included, by date.

    Two holidays on one day are one entry with both names. Source: 2429 sayılı Kanun; Ramazan and
    Kurban Bayramı as published, estimated from 2033 on.
    """
    if year_to < year_from:
        raise ValueError("the last year is before the first")
    found = [
        SpecialDay(on, kind, name.replace("'", "’"))
        for kind, category in _CATEGORIES.items()
        for on, name in holidays.country_holidays(
            "TR", years=range(year_from, year_to + 1), language="tr", categories=(category,)
        ).items()
    ]
    return sorted(found, key=lambda day: (day.on, day.kind))


def is_estimated(day: SpecialDay) -> bool:
    """Say whether the package only estimates the date, so that somebody must confirm it."""
    return _ESTIMATED in day.name
