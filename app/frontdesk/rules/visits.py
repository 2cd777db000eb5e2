"""Words and rules of the visitor log: reasons, results, needs, waiting time, what may be undone.

The log works without identity: nobody is asked for a name. Source: domain facts 8.4; the
directorate's duty k; 6698 m.4 (as little personal data as possible).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

from app.core.rules import N_, Violation

#: More people than this are a mistyped number; a larger group is two entries.
MOST_PEOPLE = 500
#: So long the one who logged a visit may take it back. Afterwards it is corrected.
UNDO_SECONDS = 60
#: A clock of another device may go ahead of ours by so much.
_AHEAD = dt.timedelta(minutes=5)


class VisitResult(StrEnum):
    """What came of a visit."""

    SERVED = "served"
    GUIDED = "guided"
    APPLICATION = "application"
    NOT_AVAILABLE = "not_available"
    LEFT = "left"


class VisitState(StrEnum):
    """Where a visitor is now; it follows from the times."""

    WAITING = "waiting"
    IN_TALK = "in_talk"
    ENDED = "ended"


VISIT_RESULT_LABELS = {
    VisitResult.SERVED: N_("Talked to the unit"),
    VisitResult.GUIDED: N_("Information given, way shown"),
    VisitResult.APPLICATION: N_("An application was taken"),
    VisitResult.NOT_AVAILABLE: N_("Whoever was wanted was not there"),
    VisitResult.LEFT: N_("Left without being received"),
}

VISIT_RESULT_TONES = {
    VisitResult.SERVED: "ok",
    VisitResult.GUIDED: "info",
    VisitResult.APPLICATION: "ok",
    VisitResult.NOT_AVAILABLE: "warn",
    VisitResult.LEFT: "bad",
}

VISIT_STATE_LABELS = {
    VisitState.WAITING: N_("Waiting inside"),
    VisitState.IN_TALK: N_("In conversation"),
    VisitState.ENDED: N_("Visit ended"),
}

VISIT_STATE_TONES = {
    VisitState.WAITING: "wait",
    VisitState.IN_TALK: "info",
    VisitState.ENDED: "",
}

#: Column of a visit → what kind of help a visitor may need.
NEED_LABELS: Mapping[str, str] = {
    "is_disabled": N_("Disabled"),
    "is_elderly": N_("Elderly"),
    "with_child": N_("With a child"),
    "needs_language": N_("Needs an interpreter"),
}

#: Lower ends of the groups by waiting time, in minutes; the last one is open.
WAITING_BOUNDS: tuple[int, ...] = (0, 5, 10, 20, 30, 60)
#: Upper end of what counts as a short wait, for the figures that lead.
SHORT_WAIT = 10


def waiting_band(minutes: float) -> int:
    """Return the place of a waiting time among the groups; a wait of nought is in the first one."""
    return max(place for place, low in enumerate(WAITING_BOUNDS) if minutes >= low or place == 0)


def band_ends(place: int) -> tuple[int, int | None]:
    """Return the lower and the upper end of a group in minutes; the last one has no upper end."""
    following = WAITING_BOUNDS[place + 1] if place + 1 < len(WAITING_BOUNDS) else None
    return WAITING_BOUNDS[place], following


def state_of(served_at: dt.datetime | None, ended_at: dt.datetime | None) -> VisitState:
    """Return where a visitor is: waiting until received, then in conversation until the end."""
    if ended_at is not None:
        return VisitState.ENDED
    return VisitState.WAITING if served_at is None else VisitState.IN_TALK


def minutes_waited(
    waiting_since: dt.datetime, served_at: dt.datetime | None, now: dt.datetime
) -> int:
    """Return the whole minutes somebody waited, or has waited until now; never below nought."""
    return max(int(((served_at or now) - waiting_since).total_seconds() // 60), 0)


def median(values: Sequence[float]) -> float | None:
    """Return the value that half of the values stay below; None for no values."""
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2


def needs_of(visit: Any) -> list[str]:
    """Return the msgids of the help that a visitor needs, in the order of the screen."""
    return [label for column, label in NEED_LABELS.items() if getattr(visit, column)]


def may_undo(
    *, created_at: dt.datetime, created_by_id: int | None, user_id: int | None, now: dt.datetime
) -> bool:
    """Tell whether a visit may be taken back: within a minute, by the one who logged it."""
    fresh = now - created_at <= dt.timedelta(seconds=UNDO_SECONDS)
    return fresh and user_id is not None and created_by_id == user_id


def visit_violations(values: Mapping[str, Any], *, now: dt.datetime) -> Iterator[Violation]:
    """Yield what is wrong with a visit as it is to be stored.

    A name is never required and never stands beside a disability: that would be health data of a
    known person, for which this log has no ground. Source: 6698 m.4, m.6.
    """
    people = values.get("people")
    if not isinstance(people, int) or not 1 <= people <= MOST_PEOPLE:
        yield Violation("people", N_("Write how many people came, from 1 to %(most)s."), {"most": MOST_PEOPLE})  # fmt: skip
    if not values.get("reason_id"):
        yield Violation("reason", N_("Pick why the visitor came."))
    if not values.get("is_short") and not any(
        values.get(name) for name in ("service_point_id", "unit_id", "host_id")
    ):
        yield Violation("service_point", N_("Pick where the visitor goes."))
    if values.get("visitor_name") and values.get("is_disabled"):
        yield Violation(
            "visitor_name",
            N_("A name is not kept beside a disability (6698 art. 6): leave one of the two out."),
        )
    yield from _time_violations(values, now)


def _time_violations(values: Mapping[str, Any], now: dt.datetime) -> Iterator[Violation]:
    """Yield moments that cannot have been: in the future, or before what they follow."""
    at, since = values.get("at"), values.get("waiting_since")
    served, ended = values.get("served_at"), values.get("ended_at")
    for name, moment in (("at", at), ("served_at", served), ("ended_at", ended)):
        if moment is not None and moment > now + _AHEAD:
            yield Violation(name, N_("This moment lies in the future."))
    begun = since or at
    if begun is not None and served is not None and served < begun:
        yield Violation("served_at", N_("Nobody is received before coming."))
    if ended is not None and ended < (served or begun or ended):
        yield Violation("ended_at", N_("A visit does not end before it has begun."))


def reason_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a reason: its words must fit on a tile that is pressed."""
    position = values.get("position")
    if position is not None and not 0 <= position <= 999:
        yield Violation("position", N_("Write a number from %(low)s to %(high)s."), {"low": 0, "high": 999})  # fmt: skip
    if len(values.get("name") or "") > 40:
        yield Violation("name", N_("At most %(max)d characters fit on a tile."), {"max": 40})
