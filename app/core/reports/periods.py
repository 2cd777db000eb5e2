"""Months, quarters and years as spans of days, with the span before; pure arithmetic."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from app.core.rules import N_
from app.core.text.formats import MONTHS

FIRST_YEAR = 2000


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


PERIOD_KIND_LABELS = {
    PeriodKind.MONTH: N_("Month"),
    PeriodKind.QUARTER: N_("Quarter"),
    PeriodKind.YEAR: N_("Year"),
}

#: How many months one period has, and how many periods a year has.
_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """The `number`th month or quarter of a year, or the year itself (number 1)."""

    kind: PeriodKind
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.count(self.kind):
            raise ValueError(f"a year has no {self.kind} number {self.number}")

    @staticmethod
    def count(kind: PeriodKind) -> int:
        """How many such periods a year has."""
        return 12 // _MONTHS[kind]

    @property
    def first(self) -> dt.date:
        """The first day."""
        return dt.date(self.year, (self.number - 1) * _MONTHS[self.kind] + 1, 1)

    @property
    def last(self) -> dt.date:
        """The last day."""
        return self.following.first - dt.timedelta(days=1)

    @property
    def following(self) -> Period:
        """The period after this one."""
        if self.number < self.count(self.kind):
            return Period(self.kind, self.year, self.number + 1)
        return Period(self.kind, self.year + 1, 1)

    @property
    def previous(self) -> Period:
        """The period before this one."""
        if self.number > 1:
            return Period(self.kind, self.year, self.number - 1)
        return Period(self.kind, self.year - 1, self.count(self.kind))

    @property
    def year_before(self) -> Period:
        """The same period of the year before."""
        return Period(self.kind, self.year - 1, self.number)

    def name(self, lang: str = "tr") -> str:
        """The period in words: "Ekim 2026", "2026, 3. çeyrek", "2026"."""
        if self.kind is PeriodKind.YEAR:
            return str(self.year)
        if self.kind is PeriodKind.QUARTER:
            return (
                f"{self.year}, {self.number}. çeyrek"
                if lang == "tr"
                else f"{self.year}, Q{self.number}"
            )
        return f"{MONTHS['tr' if lang == 'tr' else 'en'][self.number - 1]} {self.year}"


def last_finished(kind: PeriodKind, today: dt.date) -> Period:
    """The newest period that has ended before `today`."""
    number = (today.month - 1) // _MONTHS[kind] + 1
    return Period(kind, today.year, number).previous
