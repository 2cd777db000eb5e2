"""The words of legal time: a rule, what stops it, and the answer with its trail; all plain data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.calendar.days import Note


class PeriodUnit(StrEnum):
    """What a period is counted in."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"


class InterruptionKind(StrEnum):
    """What happens to the days already used when the clock runs again."""

    PAUSE = "pause"  # They stay used.
    RESTART = "restart"  # A fresh period starts; the day it ends is day 0.


class TrailKind(StrEnum):
    """What a day did to the clock."""

    RECEIPT = "receipt"  # Day 0, also of a fresh period.
    COUNTED = "counted"
    SKIPPED = "skipped"  # Does not count in this unit.
    HELD = "held"  # Would count, but the clock stands still.
    SHIFTED = "shifted"  # After the last counted day, up to the day on which the period may end.


@dataclass(frozen=True)
class Rule:
    """One version of a legal period; `law` names law and article."""

    key: str
    version: int
    days: int
    unit: PeriodUnit
    law: str
    label: str
    shift_to_working_day: bool = True

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError("a period has at least one day")


@dataclass(frozen=True)
class Interruption:
    """The clock stands still after `from_on` up to and with `until_on`; None: until further notice.

    The day of the notice still counts, as the day of the payment is day 0. Source: 4982 m.11.
    """

    kind: InterruptionKind
    from_on: dt.date
    until_on: dt.date | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.until_on is not None and self.until_on < self.from_on:
            raise ValueError("an interruption cannot end before it begins")


@dataclass(frozen=True)
class TrailDay:
    """One day of the clock; `number` is its place in the period, None when it was not counted."""

    on: dt.date
    number: int | None
    kind: TrailKind
    works: bool
    note: Note | None = None


@dataclass(frozen=True)
class Deadline:
    """The last day of a period and how it was found, day by day.

    `raw_due_on` is the day that filled the period, `due_on` the day on which it ends after the
    shift. Both are None while an interruption without an end holds the clock.
    """

    rule: Rule
    received_on: dt.date
    due_on: dt.date | None
    raw_due_on: dt.date | None
    trail: tuple[TrailDay, ...]
    shifted_reason: Note | None = None
    extra_days: int = 0

    @property
    def days(self) -> int:
        """Return the length of the period with its extension."""
        return self.rule.days + self.extra_days

    @property
    def is_held(self) -> bool:
        """Say whether the clock stands still without a known end."""
        return self.due_on is None

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values from which `from_dict` makes an equal deadline."""
        rule = self.rule
        return {
            "rule": {
                "key": rule.key,
                "version": rule.version,
                "days": rule.days,
                "unit": rule.unit.value,
                "law": str(rule.law),
                "label": str(rule.label),
                "shift_to_working_day": rule.shift_to_working_day,
            },
            "received_on": self.received_on.isoformat(),
            "due_on": _iso(self.due_on),
            "raw_due_on": _iso(self.raw_due_on),
            "extra_days": self.extra_days,
            "shifted_reason": _note_dict(self.shifted_reason),
            "trail": [
                {
                    "on": day.on.isoformat(),
                    "number": day.number,
                    "kind": day.kind.value,
                    "works": day.works,
                    "note": _note_dict(day.note),
                }
                for day in self.trail
            ],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Deadline:
        """Return the deadline that `to_dict` described; a missing key is a KeyError."""
        return cls(
            rule=Rule(**{**data["rule"], "unit": PeriodUnit(data["rule"]["unit"])}),
            received_on=dt.date.fromisoformat(data["received_on"]),
            due_on=_day(data["due_on"]),
            raw_due_on=_day(data["raw_due_on"]),
            trail=tuple(
                TrailDay(
                    on=dt.date.fromisoformat(day["on"]),
                    number=day["number"],
                    kind=TrailKind(day["kind"]),
                    works=day["works"],
                    note=_note(day["note"]),
                )
                for day in data["trail"]
            ),
            shifted_reason=_note(data["shifted_reason"]),
            extra_days=data["extra_days"],
        )


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _note_dict(note: Note | None) -> dict[str, Any] | None:
    return None if note is None else {"message": note.message, "params": dict(note.params)}


def _note(data: Mapping[str, Any] | None) -> Note | None:
    return None if data is None else Note(data["message"], data["params"])
