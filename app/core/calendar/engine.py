"""Counting a legal period day by day; what a day is, the calendar says, and dates are not stored.

Source: 2577 m.8 (day 0, shift of the last day); 4982 m.11 (working days, fee notice); 3071 m.7.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from app.core.calendar.days import Note, WorkCalendar
from app.core.calendar.periods import (
    Deadline,
    Interruption,
    InterruptionKind,
    PeriodUnit,
    Rule,
    TrailDay,
    TrailKind,
)
from app.core.rules import N_

_ONE_DAY = dt.timedelta(days=1)

_RECEIVED = Note(N_("Day of receipt, not counted"))
_RESTARTED = N_("Fresh period starts, day 0: %(reason)s")
_RESTARTED_PLAIN = N_("Fresh period starts, day 0")
_HELD = N_("Clock stopped: %(reason)s")
_HELD_PLAIN = N_("Clock stopped")
_ENDS_HERE = Note(N_("Last day, moved here"))
_HELD_AT_END = Note(N_("The clock was stopped on the last day"))


def compute_deadline(
    rule: Rule,
    received_on: dt.date,
    calendar: WorkCalendar,
    interruptions: Iterable[Interruption] = (),
    extra_days: int = 0,
) -> Deadline:
    """Return the last day of a period and its trail from day 0 to that day.

    Day 0 is the day of receipt. Calendar days include holidays, working days skip them. When the
    last day cannot end a period it moves to the next that can, if the rule says so. An interruption
    that begins after the period has ended changes nothing; one on the last day itself is in time: a
    pause then leaves the first possible day after it. An interruption before receipt, or a period
    shortened below one day, is a ValueError.
    """
    stops = sorted(interruptions, key=lambda stop: stop.from_on)
    if stops and stops[0].from_on < received_on:
        raise ValueError("an interruption cannot begin before the day of receipt")
    if rule.days + extra_days < 1:
        raise ValueError("a period has at least one day")
    return _Clock(rule, received_on, calendar, stops, extra_days).run()


class _Clock:
    """The state of one count; a trail grows by one day at each tick."""

    def __init__(
        self,
        rule: Rule,
        received_on: dt.date,
        calendar: WorkCalendar,
        stops: list[Interruption],
        extra_days: int,
    ) -> None:
        self.rule = rule
        self.received_on = received_on
        self.calendar = calendar
        self.waiting = stops
        self.extra_days = extra_days
        self.days = rule.days + extra_days
        self.on = received_on
        self.number = 0
        self.raw_due_on: dt.date | None = None
        self.active: list[Interruption] = []
        self.is_held = False
        works = calendar.is_working(received_on)
        self.trail = [TrailDay(received_on, 0, TrailKind.RECEIPT, works, _RECEIVED)]

    def run(self) -> Deadline:
        self._start_stops()
        while not self._has_ended():
            if self.active and all(stop.until_on is None for stop in self.active):
                return self._deadline(None)
            self._tick()
            self._start_stops()
        return self._deadline(self.on)

    def _start_stops(self) -> None:
        """Let the interruptions of this day begin; one that ends the same day holds no day."""
        while self.waiting and self.waiting[0].from_on <= self.on:
            stop = self.waiting.pop(0)
            if stop.until_on is None or stop.until_on > self.on:
                self.active.append(stop)
            elif stop.kind is InterruptionKind.RESTART:
                self.trail.pop()
                self._restart(stop)

    def _has_ended(self) -> bool:
        if self.raw_due_on is None or self.is_held or self.active:
            return False
        return not self.rule.shift_to_working_day or self.calendar.may_end_on(self.on)

    def _tick(self) -> None:
        self.on += _ONE_DAY
        self.is_held = bool(self.active)
        if self.is_held:
            self._hold()
            return
        works = self.calendar.is_working(self.on)
        note = None if works and not self.calendar.special_days(self.on) else self._why()
        if self.raw_due_on is not None:
            self._add(None, TrailKind.SHIFTED, self._shift_note())
        elif works or self.rule.unit is PeriodUnit.CALENDAR_DAYS:
            self.number += 1
            self._add(self.number, TrailKind.COUNTED, note)
            if self.number == self.days:
                self.raw_due_on = self.on
        else:
            self._add(None, TrailKind.SKIPPED, note)

    def _hold(self) -> None:
        ending = [stop for stop in self.active if stop.until_on == self.on]
        restart = next((s for s in ending if s.kind is InterruptionKind.RESTART), None)
        if restart is not None:
            self._restart(restart)
        elif self.rule.unit is PeriodUnit.CALENDAR_DAYS or self.calendar.is_working(self.on):
            reason = next((stop.reason for stop in self.active if stop.reason), "")
            note = Note(_HELD, {"reason": reason}) if reason else Note(_HELD_PLAIN)
            self._add(None, TrailKind.HELD, note)
        else:
            self._add(None, TrailKind.SKIPPED, self._why())
        self.active = [stop for stop in self.active if stop.until_on != self.on]

    def _restart(self, stop: Interruption) -> None:
        self.number, self.raw_due_on = 0, None
        reason = {"reason": stop.reason}
        note = Note(_RESTARTED, reason) if stop.reason else Note(_RESTARTED_PLAIN)
        self._add(0, TrailKind.RECEIPT, note)

    def _add(self, number: int | None, kind: TrailKind, note: Note | None) -> None:
        works = self.calendar.is_working(self.on)
        self.trail.append(TrailDay(self.on, number, kind, works, note))

    def _why(self) -> Note:
        return self.calendar.why(self.on)

    def _shift_note(self) -> Note:
        ends = not self.rule.shift_to_working_day or self.calendar.may_end_on(self.on)
        return _ENDS_HERE if ends else self.calendar.why_no_end(self.on)

    def _deadline(self, due_on: dt.date | None) -> Deadline:
        raw = self.raw_due_on if due_on is not None else None
        reason = None
        if raw is not None and raw != due_on:
            can_end = not self.rule.shift_to_working_day or self.calendar.may_end_on(raw)
            reason = _HELD_AT_END if can_end else self.calendar.why_no_end(raw)
        return Deadline(
            rule=self.rule,
            received_on=self.received_on,
            due_on=due_on,
            raw_due_on=raw,
            trail=tuple(self.trail),
            shifted_reason=reason,
            extra_days=self.extra_days,
        )
