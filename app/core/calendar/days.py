"""Which days work and why not; periods that are counted over them are in `engine`."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from app.core.rules import N_

_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5
_WORKDAYS_A_WEEK = 5


class DayKind(StrEnum):
    """Why a day is not ordinary. Source: 2429 sayılı Kanun; leave is declared case by case."""

    PUBLIC_HOLIDAY = "public_holiday"
    HALF_DAY = "half_day"
    ADMINISTRATIVE_LEAVE = "administrative_leave"
    ADMINISTRATIVE_HALF_DAY = "administrative_half_day"


@dataclass(frozen=True)
class Note:
    """A sentence to translate later: an English msgid and what fills its %(name)s places."""

    message: str
    params: Mapping[str, str | int] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


@dataclass(frozen=True)
class SpecialDay:
    """One entry of the calendar; two may fall on one day (19 Mayıs in Kurban Bayramı)."""

    on: dt.date
    kind: DayKind
    name: str
    #: Overrides the calendar's setting for this kind; None leaves it to the setting.
    counts_as_working_day: bool | None = None


#: The graver reason is named when a day has several.
_ORDER = {kind: place for place, kind in enumerate(DayKind)}

_OFF_NOTES = {
    DayKind.PUBLIC_HOLIDAY: N_("Public holiday: %(name)s"),
    DayKind.HALF_DAY: N_("Half day, not counted: %(name)s"),
    DayKind.ADMINISTRATIVE_LEAVE: N_("Administrative leave, not counted: %(name)s"),
    DayKind.ADMINISTRATIVE_HALF_DAY: N_("Half day of administrative leave, not counted: %(name)s"),
}
_ON_NOTES = {
    DayKind.PUBLIC_HOLIDAY: N_("Public holiday, counted by decision: %(name)s"),
    DayKind.HALF_DAY: N_("Half day, counted as a working day: %(name)s"),
    DayKind.ADMINISTRATIVE_LEAVE: N_("Administrative leave, counted as a working day: %(name)s"),
    DayKind.ADMINISTRATIVE_HALF_DAY: N_(
        "Half day of administrative leave, counted as a working day: %(name)s"
    ),
}
_NO_END = N_("A period may not end on a half day: %(name)s")
_WEEKEND = N_("Weekend")
_WORKING = N_("Working day")


class WorkCalendar:
    """The days on which the office works, Monday to Friday without its special days.

    The law opens a half day's holiday at 13.00 and is silent on whether the day counts, so it is a
    setting, like leave, which is no statutory holiday. A half day that does not count as a working
    day cannot end a period either. An instance never changes. Source: domain facts 2.2.
    """

    def __init__(
        self,
        special_days: Iterable[SpecialDay] = (),
        *,
        half_day_counts_as_working_day: bool = True,
        deadline_may_end_on_half_day: bool = True,
        leave_counts_as_working_day: bool = True,
    ) -> None:
        self.half_day_counts_as_working_day = half_day_counts_as_working_day
        self.deadline_may_end_on_half_day = deadline_may_end_on_half_day
        self.leave_counts_as_working_day = leave_counts_as_working_day
        ordered = sorted(special_days, key=lambda day: (day.on, _ORDER[day.kind], day.name))
        self._special = {on: tuple(days) for on, days in groupby(ordered, key=lambda day: day.on)}
        off = {day.on for day in ordered if not self._works(day)}
        self._off = frozenset(off)
        self._no_end = frozenset(off | {day.on for day in ordered if not self._may_end(day)})
        self._off_weekdays = sorted(on.toordinal() for on in off if on.weekday() < _SATURDAY)

    def _works(self, day: SpecialDay) -> bool:
        if day.counts_as_working_day is not None:
            return day.counts_as_working_day
        if day.kind is DayKind.HALF_DAY:
            return self.half_day_counts_as_working_day
        if day.kind is DayKind.ADMINISTRATIVE_LEAVE:
            return self.leave_counts_as_working_day
        if day.kind is DayKind.ADMINISTRATIVE_HALF_DAY:
            # Where leave counts it is as if it were not; else the rest is a half day like others.
            return self.leave_counts_as_working_day or self.half_day_counts_as_working_day
        return False

    def _may_end(self, day: SpecialDay) -> bool:
        """Say whether a working day may be the last of a period."""
        if day.kind is DayKind.HALF_DAY:
            return self.deadline_may_end_on_half_day
        if day.kind is DayKind.ADMINISTRATIVE_HALF_DAY and day.counts_as_working_day is None:
            return self.leave_counts_as_working_day or self.deadline_may_end_on_half_day
        return True

    def special_days(self, on: dt.date) -> tuple[SpecialDay, ...]:
        """Return the entries of a day, the graver first; empty for an ordinary day."""
        return self._special.get(on, ())

    def is_working(self, on: dt.date) -> bool:
        """Say whether a day counts as a working day."""
        return on.weekday() < _SATURDAY and on not in self._off

    def may_end_on(self, on: dt.date) -> bool:
        """Say whether a period may end on a day: it works, and half days only where allowed."""
        return on.weekday() < _SATURDAY and on not in self._no_end

    def next_working(self, on: dt.date) -> dt.date:
        """Return the first working day after a day, the day itself left out."""
        return self.add_working_days(on, 1)

    def previous_working(self, on: dt.date) -> dt.date:
        """Return the last working day before a day, the day itself left out."""
        return self.add_working_days(on, -1)

    def add_working_days(self, on: dt.date, days: int) -> dt.date:
        """Return the day on which so many working days after `on` are full; negative goes back.

        `on` is day 0 whether it works or not (2577 m.8/1), and 0 days return it.
        """
        step = _ONE_DAY if days >= 0 else -_ONE_DAY
        left = abs(days)
        while left:
            on += step
            if self.is_working(on):
                left -= 1
        return on

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Return the working days after `start` up to and with `end`; negative when reversed."""
        if end < start:
            return -self.working_days_between(end, start)
        first, last = start.toordinal(), end.toordinal()
        off = bisect_right(self._off_weekdays, last) - bisect_right(self._off_weekdays, first)
        return _weekdays_until(last) - _weekdays_until(first) - off

    def why(self, on: dt.date) -> Note:
        """Return why a day works or not, in words."""
        days = self.special_days(on)
        for day in days:
            if not self._works(day):
                return Note(_OFF_NOTES[day.kind], {"name": day.name})
        if on.weekday() >= _SATURDAY:
            return Note(_WEEKEND)
        return Note(_ON_NOTES[days[0].kind], {"name": days[0].name}) if days else Note(_WORKING)

    def why_no_end(self, on: dt.date) -> Note:
        """Return why a period may not end on a day; for a day that may it is the same as `why`."""
        if self.is_working(on) and not self.may_end_on(on):
            name = next(day.name for day in self.special_days(on) if not self._may_end(day))
            return Note(_NO_END, {"name": name})
        return self.why(on)


def _weekdays_until(ordinal: int) -> int:
    """Return the weekdays among the days 1 to `ordinal`; day 1 of the calendar was a Monday."""
    weeks, rest = divmod(ordinal, 7)
    return weeks * _WORKDAYS_A_WEEK + min(rest, _WORKDAYS_A_WEEK)
