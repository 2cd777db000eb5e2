"""How much of a legal period is used and left on a given day; nothing here moves a deadline."""

from __future__ import annotations

import datetime as dt

from app.core.calendar.days import WorkCalendar
from app.core.calendar.periods import Deadline, PeriodUnit


def days_left(due_on: dt.date, today: dt.date) -> int:
    """Return the calendar days until the last day: 0 on it, negative after it."""
    return (due_on - today).days


def working_days_left(due_on: dt.date, today: dt.date, calendar: WorkCalendar) -> int:
    """Return the working days after today up to the last day: 0 on it, negative after it."""
    return calendar.working_days_between(today, due_on)


def fraction_used(deadline: Deadline, today: dt.date, calendar: WorkCalendar) -> float:
    """Return the used share of the period: 0 on day 0, 1 on the last counted day, then above 1.

    It stands still while the clock is stopped and falls back to 0 when a fresh period starts. A
    shift to a working day is no longer period, so it stays at 1 until the last day is over.
    """
    due_on = deadline.due_on
    if due_on is not None and today > due_on:
        late = (
            calendar.working_days_between(due_on, today)
            if deadline.rule.unit is PeriodUnit.WORKING_DAYS
            else (today - due_on).days
        )
        return (deadline.days + late) / deadline.days
    number = next(
        (d.number for d in reversed(deadline.trail) if d.number is not None and d.on <= today), 0
    )
    return number / deadline.days


def internal_goal(deadline: Deadline, percent: int, calendar: WorkCalendar) -> dt.date | None:
    """Return the working day by which `percent` (1–100) of the legal period is used.

    A goal that falls on a day off moves back, so that it is never softer than asked, but not to or
    before day 0: then it is the first working day of the period, or its last day if that comes
    sooner. None while the clock is stopped without a known end.
    """
    if not 1 <= percent <= 100:
        raise ValueError("a goal lies between 1 and 100 per cent of the period")
    if deadline.due_on is None:
        return None
    number = max(1, deadline.days * percent // 100)
    numbered = [d for d in deadline.trail if d.number is not None]
    place = max(i for i, day in enumerate(numbered) if day.number == number)
    start = next(day.on for day in reversed(numbered[:place]) if day.number == 0)
    goal = numbered[place].on
    if calendar.is_working(goal):
        return goal
    earlier = calendar.previous_working(goal)
    if earlier > start:
        return earlier
    return min(calendar.next_working(start), deadline.due_on)
