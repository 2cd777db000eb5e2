"""Shifts of the call centre: their spans, their states, and that nobody sits at two at once.

The line is open day and night in three shifts; their hours are settings. Limits of working time are
the affair of personnel. Source: domain facts 8.5; the directorate's duty l.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.core.clock import ISTANBUL
from app.core.rules import N_, Violation


class ShiftKind(StrEnum):
    """Which part of the day."""

    NIGHT = "night"
    DAY = "day"
    EVENING = "evening"


class ShiftState(StrEnum):
    """How a planned shift stands."""

    PLANNED = "planned"
    LEAVE = "leave"
    SWAP_ASKED = "swap_asked"
    SWAPPED = "swapped"


SHIFT_KIND_LABELS: Mapping[ShiftKind, str] = {
    ShiftKind.NIGHT: N_("Night shift"),
    ShiftKind.DAY: N_("Day shift"),
    ShiftKind.EVENING: N_("Evening shift"),
}
SHIFT_STATE_LABELS: Mapping[ShiftState, str] = {
    ShiftState.PLANNED: N_("On the plan"),
    ShiftState.LEAVE: N_("On leave"),
    ShiftState.SWAP_ASKED: N_("Swap asked for"),
    ShiftState.SWAPPED: N_("Swapped"),
}
SHIFT_STATE_TONES: Mapping[ShiftState, str] = {
    ShiftState.PLANNED: "",
    ShiftState.LEAVE: "wait",
    ShiftState.SWAP_ASKED: "warn",
    ShiftState.SWAPPED: "info",
}
#: Whose shift it is sits at the telephone.
ON_DUTY = frozenset({ShiftState.PLANNED, ShiftState.SWAP_ASKED, ShiftState.SWAPPED})

#: Setting that holds the hours of a kind.
SPAN_SETTINGS: Mapping[ShiftKind, str] = {kind: f"shift_{kind.value}" for kind in ShiftKind}

_SPAN = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4])[:.]([0-5]\d)")


def read_span(text: str) -> tuple[int, int] | None:
    """Read 08:00–16:00 as minutes of the day, the end above the beginning; None when it is no span.

    24:00 and 00:00 both mean the midnight that ends the day; 22:00–06:00 ends on the next morning.
    """
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return None
    start = int(found[1]) * 60 + int(found[2])
    end = int(found[3]) * 60 + int(found[4])
    if end > 24 * 60:
        return None
    if end <= start:
        end += 24 * 60
    return start, end


def span_on(day: dt.date, span: tuple[int, int]) -> tuple[dt.datetime, dt.datetime]:
    """The moments at which a shift of that day begins and ends."""
    midnight = dt.datetime.combine(day, dt.time(), ISTANBUL)
    return midnight + dt.timedelta(minutes=span[0]), midnight + dt.timedelta(minutes=span[1])


def written_span(start: dt.datetime, end: dt.datetime) -> str:
    """08–16, or 08.30–16.30 where minutes count."""

    def hour(moment: dt.datetime, *, is_end: bool) -> str:
        local = moment.astimezone(ISTANBUL)
        number = 24 if is_end and local.hour == 0 and local.minute == 0 else local.hour
        return f"{number:02}" if local.minute == 0 else f"{number:02}.{local.minute:02}"

    return f"{hour(start, is_end=False)}–{hour(end, is_end=True)}"


def overlaps(
    start: dt.datetime, end: dt.datetime, other_start: dt.datetime, other_end: dt.datetime
) -> bool:
    """Whether two spans share a moment; one may begin when the other ends."""
    return start < other_end and other_start < end


def overlap_violations(
    start: dt.datetime, end: dt.datetime, others: Iterable[tuple[dt.datetime, dt.datetime]]
) -> Iterator[Violation]:
    """Nobody has two shifts at the same time."""
    for other_start, other_end in others:
        if overlaps(start, end, other_start, other_end):
            yield Violation(
                "operator",
                N_("This person has a shift from %(start)s to %(end)s already."),
                {
                    "start": other_start.astimezone(ISTANBUL).strftime("%d.%m.%Y %H.%M"),
                    "end": other_end.astimezone(ISTANBUL).strftime("%d.%m.%Y %H.%M"),
                },
            )
            return


def shift_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """A shift needs a person, a day and a kind. Keys: operator, on, kind."""
    if not (values.get("operator") or values.get("operator_id")):
        yield Violation("operator", N_("Say whose shift it is."))
    if not values.get("on"):
        yield Violation("on", N_("Say on which day the shift begins."))
    if not values.get("kind"):
        yield Violation("kind", N_("Say which shift of the day it is."))


def note_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """A hand-over note says something. Keys: text, open_matters."""
    if not str(values.get("text") or "").strip():
        yield Violation("text", N_("Write what the next shift should know."))


def week_of(day: dt.date) -> dt.date:
    """The Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())
