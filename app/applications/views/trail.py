"""The legal time drawn as a calendar: weeks of days, each with its number and its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.core import clock
from app.core.calendar import Deadline, Note, TrailDay, TrailKind
from app.core.text import format_long_date
from app.core.views import formats


@dataclass(frozen=True)
class TrailCell:
    """One day of the calendar; `number` is the day of the clock, empty when it does not count."""

    number: str
    date: str
    css: str
    words: str


@dataclass(frozen=True)
class Trail:
    """A whole period: the last day in words, the law, weeks of cells (None: outside)."""

    due: str
    law: str
    length: str
    weeks: Sequence[Sequence[TrailCell | None]]
    shifted: str
    goal: str
    passed: int
    total: int
    #: Whether days on which the clock stood, or days of an extension, are drawn.
    is_held: bool = False
    is_extended: bool = False


def words_of(note: Note | None) -> str:
    """A note of the engine in the reader's language."""
    if note is None:
        return ""
    return _(note.message) % dict(note.params) if note.params else _(note.message)


def _numbered(entry: TrailDay) -> str:
    """The day of the clock; a sign of its own where the clock stands still."""
    if entry.kind is TrailKind.HELD:
        return "‖"
    return "" if entry.number is None else str(entry.number)


def _is_beyond(entry: TrailDay, plain_days: int | None) -> bool:
    """Whether a day exists only because the period was extended."""
    return plain_days is not None and entry.number is not None and entry.number > plain_days


def trail_of(deadline: Deadline, goal: dt.date | None, *, plain_days: int | None = None) -> Trail:
    """The drawing of a computed deadline; `goal` is the internal target.

    `plain_days` is the length of the period before it was extended, None when it was not.
    """
    lang = formats.language()
    today = clock.today()
    days = {d.on: d for d in deadline.trail}
    first, last = min(days), max(days)
    start = first - dt.timedelta(days=first.weekday())
    end = last + dt.timedelta(days=6 - last.weekday())
    weeks: list[list[TrailCell | None]] = []
    day = start
    while day <= end:
        if day.weekday() == 0:
            weeks.append([])
        entry = days.get(day)
        if entry is None:
            weeks[-1].append(None)
        else:
            css = []
            if day == deadline.received_on:
                css.append("is-start")
            if day == deadline.due_on:
                css.append("is-end")
            elif day == goal:
                css.append("is-goal")
            if not entry.works:
                css.append("is-off")
            if entry.kind is TrailKind.HELD:
                css.append("is-held")
            elif _is_beyond(entry, plain_days) and day != deadline.due_on:
                css.append("is-ext")
            if day == today and day not in {deadline.received_on, deadline.due_on}:
                css.append("is-today")
            weeks[-1].append(
                TrailCell(
                    number=_numbered(entry),
                    date=day.strftime("%d.%m"),
                    css=" ".join(css),
                    words=words_of(entry.note),
                )
            )
        day += dt.timedelta(days=1)
    working = str(deadline.rule.unit) == "working_days"
    length = (
        _("%(n)s working days", n=deadline.days)
        if working
        else _("%(n)s calendar days", n=deadline.days)
    )
    end_on = deadline.due_on or last
    total = max((end_on - deadline.received_on).days, 1)
    return Trail(
        due=format_long_date(deadline.due_on, lang=lang)
        if deadline.due_on
        else _("The clock stands still"),
        law=deadline.rule.law,
        length=length,
        weeks=weeks,
        shifted=words_of(deadline.shifted_reason),
        goal=goal.strftime("%d.%m") if goal else "",
        passed=min(max((today - deadline.received_on).days, 0), total),
        total=total,
        is_held=any(d.kind is TrailKind.HELD for d in deadline.trail),
        is_extended=plain_days is not None,
    )
