"""Field visits: their states, what each step needs, the order of a day's stops, distances.

Source: the directorate's duty j (work on the spot); domain facts 1.1 (field). No law says how a
visit is planned; the table is the directorate's practice.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.rules import N_, RuleViolation, Violation
from app.core.text import sort_key

#: A finding further away than this from the reported place is asked after, in metres.
FAR_METRES = 500
#: A team does not make more stops in a day.
MOST_STOPS = 40
_EARTH_METRES = 6_371_000


class FieldState(StrEnum):
    """Where a field visit stands."""

    PLANNED = "planned"
    ON_THE_WAY = "on_the_way"
    FOUND = "found"
    NOT_FOUND = "not_found"
    POSTPONED = "postponed"
    DONE = "done"


class FieldNextStep(StrEnum):
    """What follows from a visit."""

    UNIT_ANSWER = "unit_answer"
    NOTE = "note"
    AGAIN = "again"
    NOTHING = "nothing"


class FieldAction(StrEnum):
    """What a team does with a visit."""

    LEAVE = "leave"
    ARRIVE = "arrive"
    FOUND = "found"
    NOT_FOUND = "not_found"
    POSTPONE = "postpone"
    FINISH = "finish"


FIELD_STATE_LABELS = {
    FieldState.PLANNED: N_("Visit planned"),
    FieldState.ON_THE_WAY: N_("Team on the way"),
    FieldState.FOUND: N_("Found on the spot"),
    FieldState.NOT_FOUND: N_("Not found on the spot"),
    FieldState.POSTPONED: N_("Visit postponed"),
    FieldState.DONE: N_("Visit completed"),
}

FIELD_STATE_TONES = {
    FieldState.PLANNED: "wait",
    FieldState.ON_THE_WAY: "info",
    FieldState.FOUND: "info",
    FieldState.NOT_FOUND: "warn",
    FieldState.POSTPONED: "",
    FieldState.DONE: "ok",
}

FIELD_NEXT_STEP_LABELS = {
    FieldNextStep.UNIT_ANSWER: N_("The unit answers with this finding"),
    FieldNextStep.NOTE: N_("A note to the unit at work"),
    FieldNextStep.AGAIN: N_("Another visit is needed"),
    FieldNextStep.NOTHING: N_("Nothing more to do"),
}

#: Still to be made.
LIVE_VISITS = frozenset({FieldState.PLANNED, FieldState.ON_THE_WAY})
#: On the spot something was established; words and measures are still to be written.
JUDGED_VISITS = frozenset({FieldState.FOUND, FieldState.NOT_FOUND})
#: Not over yet.
UNFINISHED_VISITS = LIVE_VISITS | JUDGED_VISITS

_S = FieldState
#: Action → states from which it may be taken, and the state it leads to.
FIELD_MOVES: Mapping[FieldAction, tuple[frozenset[FieldState], FieldState]] = {
    FieldAction.LEAVE: (frozenset({_S.PLANNED}), _S.ON_THE_WAY),
    FieldAction.ARRIVE: (LIVE_VISITS, _S.ON_THE_WAY),
    # A second look may correct the first one as long as the visit is not completed.
    FieldAction.FOUND: (UNFINISHED_VISITS - {_S.FOUND}, _S.FOUND),
    FieldAction.NOT_FOUND: (UNFINISHED_VISITS - {_S.NOT_FOUND}, _S.NOT_FOUND),
    FieldAction.POSTPONE: (LIVE_VISITS, _S.POSTPONED),
    FieldAction.FINISH: (JUDGED_VISITS, _S.DONE),
}


def field_state_after(state: FieldState, action: FieldAction) -> FieldState:
    """Return the state after an action; a move that is not in the table is a RuleViolation."""
    sources, target = FIELD_MOVES[action]
    if state not in sources:
        raise RuleViolation(
            Violation(
                "state",
                N_("This cannot be done now: the visit stands at “%(state)s”."),
                {"state": FIELD_STATE_LABELS[state]},
            )
        )
    return target


def finish_violations(values: Mapping[str, Any], *, photos: int) -> Iterator[Violation]:
    """Yield what is missing before a visit is completed.

    That nothing was found is told to the citizen as “unfounded”; it is proved by a picture of the
    place. Source: domain facts 1.4 (outcome `unfounded`).
    """
    if not str(values.get("findings") or "").strip():
        yield Violation("findings", N_("Write what was found on the spot."))
    if values.get("was_found") is False and photos < 1:
        yield Violation(
            "photos",
            N_("Take a picture of the place first: it proves that nothing was found there."),
        )
    if values.get("next_step") is None:
        yield Violation("next_step", N_("Pick what follows from the visit."))


def plan_violations(values: Mapping[str, Any], *, today: Any) -> Iterator[Violation]:
    """Yield what is wrong with a visit that is being planned."""
    planned_on = values.get("planned_on")
    if planned_on is None:
        yield Violation("planned_on", N_("Give the day of the visit."))
    elif planned_on < today:
        yield Violation("planned_on", N_("A visit is planned for today or a later day."))
    if not (values.get("officer_id") or values.get("officer")):
        yield Violation("officer", N_("Pick who goes there."))


def point_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield coordinates that are none; both belong together."""
    latitude, longitude = values.get("latitude"), values.get("longitude")
    if (latitude is None) != (longitude is None):
        yield Violation("latitude", N_("Give both coordinates, or none."))
    if latitude is not None and not -90 <= latitude <= 90:
        yield Violation("latitude", N_("A latitude lies between -90 and 90."))
    if longitude is not None and not -180 <= longitude <= 180:
        yield Violation("longitude", N_("A longitude lies between -180 and 180."))


def metres_between(
    first: tuple[float | None, float | None], second: tuple[float | None, float | None]
) -> int | None:
    """Return the distance of two points on the ground in metres; None when one is not known."""
    if None in first or None in second:
        return None
    lat1, lon1 = (math.radians(float(v or 0)) for v in first)
    lat2, lon2 = (math.radians(float(v or 0)) for v in second)
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return round(2 * _EARTH_METRES * math.asin(min(math.sqrt(half), 1.0)))


# --- the order of a day ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Stop:
    """A place to go to, as the order of the day sees it."""

    key: int
    district: str = ""
    neighbourhood: str = ""
    street: str = ""
    door: str = ""
    latitude: float | None = None
    longitude: float | None = None

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude, when both are known."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude


def order_stops(stops: Iterable[Stop]) -> list[Stop]:
    """Return the stops of a day in the order of the tour.

    Neighbourhood by neighbourhood, in the order of the Turkish alphabet within the districts. Within
    a neighbourhood the nearest next one where coordinates are known, beginning beside the last stop
    made; those without coordinates follow in the order of their streets. The same stops give the
    same order however they are handed in.
    """
    groups: dict[tuple[str, str], list[Stop]] = {}
    for stop in sorted(stops, key=lambda s: s.key):
        groups.setdefault((stop.district, stop.neighbourhood), []).append(stop)
    ordered: list[Stop] = []
    last: tuple[float, float] | None = None
    for place in sorted(groups, key=lambda names: tuple(sort_key(name) for name in names)):
        located = [stop for stop in groups[place] if stop.point is not None]
        others = [stop for stop in groups[place] if stop.point is None]
        for stop in _nearest_first(located, last):
            ordered.append(stop)
            last = stop.point
        ordered += sorted(others, key=_street_key)
    return ordered


def _nearest_first(stops: Sequence[Stop], start: tuple[float, float] | None) -> Iterator[Stop]:
    """Go from stop to stop, always to the nearest one left; without a start, from the first street."""
    left = sorted(stops, key=_street_key)
    here = start
    while left:
        chosen = left[0] if here is None else min(left, key=lambda stop: _from(here, stop))
        left.remove(chosen)
        here = chosen.point
        yield chosen


def _from(here: tuple[float, float] | None, stop: Stop) -> tuple[int, int]:
    distance = metres_between(here or (None, None), stop.point or (None, None))
    return distance if distance is not None else 0, stop.key


def _street_key(stop: Stop) -> tuple[Any, int, Any, int]:
    """By street, then by the number of the door as a number, so that 9 stands before 10."""
    digits = "".join(ch for ch in stop.door if ch.isdigit())
    return sort_key(stop.street), int(digits[:6] or 0), sort_key(stop.door), stop.key
