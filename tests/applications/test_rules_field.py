"""Rules of field visits: the order of a day, distances, the steps on the spot."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications.rules import field as rules
from app.applications.rules.field import (
    FIELD_MOVES,
    LIVE_VISITS,
    FieldAction,
    FieldNextStep,
    FieldState,
    Stop,
)
from app.core.rules import RuleViolation

TODAY = dt.date(2026, 3, 16)
points = st.one_of(st.none(), st.tuples(st.floats(40.9, 41.2), st.floats(27.4, 27.6)))


@st.composite
def days(draw: st.DrawFn) -> list[Stop]:
    """Stops of a day in a few neighbourhoods, with coordinates or without."""
    stops = []
    for key in range(draw(st.integers(0, 14))):
        point = draw(points)
        stops.append(
            Stop(
                key=key,
                district=draw(st.sampled_from(["Çorlu", "Süleymanpaşa"])),
                neighbourhood=draw(
                    st.sampled_from(["Altınova", "Hürriyet", "Ürcün", "Çiftlikönü"])
                ),
                street=draw(
                    st.sampled_from(["", "Atatürk Bulvarı", "Çınar Sokak", "Şehitler Caddesi"])
                ),
                door=draw(st.sampled_from(["", "9", "10", "12/A"])),
                latitude=point[0] if point else None,
                longitude=point[1] if point else None,
            )
        )
    return stops


# --- the order of a day ------------------------------------------------------------------------------
@given(days(), st.randoms())
def test_the_same_stops_give_the_same_tour(stops: list[Stop], chance: Any) -> None:
    mixed = list(stops)
    chance.shuffle(mixed)
    assert rules.order_stops(mixed) == rules.order_stops(stops)


@given(days())
def test_every_stop_is_made_once(stops: list[Stop]) -> None:
    assert sorted(s.key for s in rules.order_stops(stops)) == [s.key for s in stops]


@given(days())
def test_a_neighbourhood_is_finished_before_the_next_one(stops: list[Stop]) -> None:
    tour = [(s.district, s.neighbourhood) for s in rules.order_stops(stops)]
    changes = [here for here, before in zip(tour, [None, *tour], strict=False) if here != before]
    assert len(changes) == len(set(changes))


@given(days())
def test_with_coordinates_the_nearest_one_left_comes_next(stops: list[Stop]) -> None:
    tour = rules.order_stops(stops)
    for place, (here, there) in enumerate(itertools.pairwise(tour)):
        same = (here.district, here.neighbourhood) == (there.district, there.neighbourhood)
        if not same or here.point is None or there.point is None:
            continue
        left = [
            s
            for s in tour[place + 1 :]
            if s.point is not None
            and (s.district, s.neighbourhood) == (here.district, here.neighbourhood)
        ]
        nearest = min(rules.metres_between(here.point, s.point or (None, None)) or 0 for s in left)
        assert rules.metres_between(here.point, there.point) == nearest


@given(days())
def test_without_coordinates_stops_come_last_in_their_neighbourhood(stops: list[Stop]) -> None:
    tour = rules.order_stops(stops)
    for here, there in itertools.pairwise(tour):
        if (here.district, here.neighbourhood) == (there.district, there.neighbourhood):
            assert here.point is not None or there.point is None


def test_streets_go_by_the_turkish_alphabet_and_doors_by_number() -> None:
    stops = [
        Stop(1, "Çorlu", "Hürriyet", "Şehitler Caddesi", "3"),
        Stop(2, "Çorlu", "Hürriyet", "Sakarya Caddesi", "10"),
        Stop(3, "Çorlu", "Hürriyet", "Sakarya Caddesi", "9"),
        Stop(4, "Çorlu", "Çobançeşme", "Zafer Sokak", "1"),
        Stop(5, "Ergene", "Cumhuriyet", "", ""),
        Stop(6, "Çerkezköy", "Fatih", "", ""),
    ]
    assert [s.key for s in rules.order_stops(stops)] == [6, 4, 3, 2, 1, 5]


def test_the_next_neighbourhood_begins_beside_the_last_stop() -> None:
    here = Stop(1, "Çorlu", "Altınova", latitude=41.0, longitude=27.5)
    near = Stop(2, "Çorlu", "Hürriyet", "Zafer Sokak", latitude=41.001, longitude=27.5)
    far = Stop(3, "Çorlu", "Hürriyet", "Açelya Sokak", latitude=41.1, longitude=27.5)
    assert [s.key for s in rules.order_stops([far, near, here])] == [1, 2, 3]


# --- distances -----------------------------------------------------------------------------------------
def test_a_known_distance() -> None:
    """A hundredth of a degree of latitude is 1.112 metres on a globe of 6.371 km."""
    assert rules.metres_between((41.0, 27.5), (41.01, 27.5)) == 1112


@given(
    st.tuples(st.floats(-89, 89), st.floats(-179, 179)),
    st.tuples(st.floats(-89, 89), st.floats(-179, 179)),
)
def test_distances_are_the_same_both_ways(
    first: tuple[float, float], second: tuple[float, float]
) -> None:
    there, back = rules.metres_between(first, second), rules.metres_between(second, first)
    assert there == back
    assert there is not None
    assert 0 <= there <= 20_016_000
    assert rules.metres_between(first, first) == 0


def test_an_unknown_point_has_no_distance() -> None:
    assert rules.metres_between((None, 27.5), (41.0, 27.5)) is None


# --- the steps -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("action", list(FieldAction))
@pytest.mark.parametrize("state", list(FieldState))
def test_the_table_alone_decides_what_may_happen(state: FieldState, action: FieldAction) -> None:
    sources, target = FIELD_MOVES[action]
    if state in sources:
        assert rules.field_state_after(state, action) is target
    else:
        with pytest.raises(RuleViolation):
            rules.field_state_after(state, action)


def test_a_completed_or_postponed_visit_stays_so() -> None:
    for sources, _target in FIELD_MOVES.values():
        assert sources.isdisjoint({FieldState.DONE, FieldState.POSTPONED})


def test_every_code_has_words() -> None:
    assert set(rules.FIELD_STATE_LABELS) == set(FieldState) == set(rules.FIELD_STATE_TONES)
    assert set(rules.FIELD_NEXT_STEP_LABELS) == set(FieldNextStep)
    assert set(FIELD_MOVES) == set(FieldAction)
    assert {FieldState.PLANNED, FieldState.ON_THE_WAY} == LIVE_VISITS


def finish(photos: int = 0, **changed: Any) -> list[str]:
    given_values = {
        "findings": "Çukur yerinde, 40 cm.",
        "was_found": True,
        "next_step": FieldNextStep.NOTE,
        **changed,
    }
    return [one.field for one in rules.finish_violations(given_values, photos=photos)]


def test_a_visit_is_completed_with_words_and_what_follows() -> None:
    assert finish() == []
    assert finish(findings="  ", next_step=None) == ["findings", "next_step"]


def test_that_nothing_was_found_is_proved_by_a_picture() -> None:
    assert finish(was_found=False) == ["photos"]
    assert finish(was_found=False, photos=1) == []


def test_a_plan_needs_a_day_to_come_and_somebody_who_goes() -> None:
    def broken(**values: Any) -> list[str]:
        return [one.field for one in rules.plan_violations(values, today=TODAY)]

    assert broken(planned_on=TODAY, officer_id=3) == []
    assert broken(planned_on=TODAY - dt.timedelta(days=1), officer_id=3) == ["planned_on"]
    assert broken(planned_on=None, officer_id=None) == ["planned_on", "officer"]


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [(41.0, 27.5, []), (None, None, []), (41.0, None, ["latitude"]), (91.0, 27.5, ["latitude"]), (41.0, 181.0, ["longitude"])],
)  # fmt: skip
def test_coordinates_belong_together(
    latitude: float | None, longitude: float | None, field: list[str]
) -> None:
    values = {"latitude": latitude, "longitude": longitude}
    assert [one.field for one in rules.point_violations(values)] == field
