"""Reminders as rows, each written exactly once; who is reminded of what stands in the rooms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.system.models import Reminder
from app.system.services.about import insert_about


@dataclass(frozen=True)
class DuePoint:
    """A share of the time between a start and a due day, and the day on which it is used up."""

    percent: int
    on: dt.date


def write(
    session: Session,
    *,
    dedupe_key: str,
    owner_type: str,
    owner_id: int,
    kind: str,
    level: str,
    user_id: int | None,
    due_on: dt.date | None,
    text: str,
) -> Reminder | None:
    """Write a reminder in the caller's transaction; None when its key has been written before."""
    return insert_about(
        session,
        Reminder,
        {
            "dedupe_key": dedupe_key,
            "owner_type": owner_type,
            "owner_id": owner_id,
            "kind": kind,
            "level": level,
            "user_id": user_id,
            "due_on": due_on,
            "text": text[:300],
        },
    )


def due_points(start: dt.date, due_on: dt.date, percents: Sequence[int]) -> tuple[DuePoint, ...]:
    """The days on which each share (1–100) of the calendar days from `start` to `due_on` is used up.

    A share that ends within a day counts on that day, so 50 % of 5 days is day 3. A due day on or
    before the start makes every point that day.
    """
    length = max((due_on - start).days, 0)
    base = due_on - dt.timedelta(days=length)
    return tuple(
        DuePoint(percent, base + dt.timedelta(days=-(-length * percent // 100)))
        for percent in sorted(set(percents))
    )


def next_due_points(
    start: dt.date,
    due_on: dt.date,
    percents: Sequence[int],
    *,
    today: dt.date,
    written: Sequence[int] = (),
) -> tuple[DuePoint, ...]:
    """The points reached by `today` that were not `written` yet, earliest first.

    After days without a worker all missed points come at once, each a single time.
    """
    done = set(written)
    return tuple(
        point
        for point in due_points(start, due_on, percents)
        if point.on <= today and point.percent not in done
    )
