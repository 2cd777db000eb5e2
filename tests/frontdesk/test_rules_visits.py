"""Rules of the visitor log: what a visit needs, groups by waiting time, taking back, floors."""

from __future__ import annotations

import datetime as dt
import statistics
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import ISTANBUL
from app.frontdesk.rules import directory as directory_rules
from app.frontdesk.rules import visits as rules

NOW = dt.datetime(2026, 3, 16, 10, 30, tzinfo=ISTANBUL)
GOOD = {"people": 1, "reason_id": 3, "service_point_id": 5, "at": NOW, "waiting_since": NOW}


def fields(**changed: Any) -> list[str]:
    return [one.field for one in rules.visit_violations({**GOOD, **changed}, now=NOW)]


# --- what a visit needs ---------------------------------------------------------------------------
def test_reason_and_place_are_enough_and_no_name_is_asked_for() -> None:
    assert fields() == []


@pytest.mark.parametrize("goal", ["service_point_id", "unit_id", "host_id"])
def test_any_goal_does(goal: str) -> None:
    assert fields(**{"service_point_id": None, goal: 9}) == []


def test_without_reason_and_goal_both_are_told() -> None:
    assert fields(reason_id=None, service_point_id=None) == ["reason", "service_point"]


def test_what_reception_settles_needs_no_goal() -> None:
    assert fields(service_point_id=None, is_short=True) == []


@pytest.mark.parametrize(("people", "good"), [(0, False), (1, True), (500, True), (501, False)])
def test_the_number_of_people_has_ends(people: int, good: bool) -> None:
    assert (fields(people=people) == []) is good


def test_a_name_never_stands_beside_a_disability() -> None:
    assert fields(visitor_name="Ayşe Kaya", is_disabled=True) == ["visitor_name"]
    assert fields(visitor_name="Ayşe Kaya", is_elderly=True) == []
    assert fields(visitor_name="", is_disabled=True) == []


def test_times_follow_one_another() -> None:
    later, earlier = NOW + dt.timedelta(hours=1), NOW - dt.timedelta(hours=1)
    assert fields(at=later, waiting_since=later) == ["at"]
    assert fields(served_at=earlier) == ["served_at"]
    assert fields(ended_at=earlier) == ["ended_at"]
    assert fields(at=earlier, waiting_since=earlier, served_at=NOW, ended_at=NOW) == []
    assert (
        fields(at=NOW + dt.timedelta(minutes=2), waiting_since=NOW + dt.timedelta(minutes=2)) == []
    )


def test_a_tile_holds_forty_letters() -> None:
    long = {"name": "n" * 41, "position": 1}
    assert [one.field for one in rules.reason_violations(long)] == ["name"]
    assert [one.field for one in rules.reason_violations({"name": "Nikâh", "position": 1000})] == [
        "position"
    ]


# --- where somebody is -----------------------------------------------------------------------------
def test_the_state_follows_from_the_times() -> None:
    assert rules.state_of(None, None) is rules.VisitState.WAITING
    assert rules.state_of(NOW, None) is rules.VisitState.IN_TALK
    assert rules.state_of(NOW, NOW) is rules.VisitState.ENDED
    assert rules.state_of(None, NOW) is rules.VisitState.ENDED


def test_every_code_has_words() -> None:
    assert set(rules.VISIT_RESULT_LABELS) == set(rules.VisitResult) == set(rules.VISIT_RESULT_TONES)
    assert set(rules.VISIT_STATE_LABELS) == set(rules.VisitState) == set(rules.VISIT_STATE_TONES)


# --- waiting time ----------------------------------------------------------------------------------
@given(st.floats(min_value=0, max_value=2000, allow_nan=False))
def test_every_waiting_time_lies_between_the_ends_of_its_group(minutes: float) -> None:
    low, high = rules.band_ends(rules.waiting_band(minutes))
    assert low <= minutes
    assert high is None or minutes < high


@given(st.floats(0, 600), st.floats(0, 600))
def test_a_longer_wait_never_falls_into_an_earlier_group(first: float, second: float) -> None:
    short, long = sorted((first, second))
    assert rules.waiting_band(short) <= rules.waiting_band(long)


@pytest.mark.parametrize(
    ("minutes", "group"), [(-3, 0), (0, 0), (4.9, 0), (5, 1), (9.99, 1), (10, 2), (59, 4), (60, 5)]
)
def test_the_ends_belong_to_the_later_group(minutes: float, group: int) -> None:
    assert rules.waiting_band(minutes) == group


@given(st.lists(st.integers(0, 300), max_size=40))
def test_the_median_is_that_of_the_statistics(values: list[int]) -> None:
    assert rules.median(values) == (statistics.median(values) if values else None)


@given(st.integers(-300, 300), st.integers(-300, 300))
def test_nobody_waits_less_than_nought(served: int, now: int) -> None:
    moment = NOW + dt.timedelta(minutes=now)
    assert rules.minutes_waited(NOW, None, moment) == max(now, 0)
    assert rules.minutes_waited(NOW, NOW + dt.timedelta(minutes=served), moment) == max(served, 0)


# --- taking back -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("seconds", "user", "may"), [(0, 7, True), (60, 7, True), (61, 7, False), (5, 8, False), (5, None, False)]
)  # fmt: skip
def test_only_the_own_entry_of_the_last_minute(seconds: int, user: int | None, may: bool) -> None:
    at = NOW - dt.timedelta(seconds=seconds)
    assert rules.may_undo(created_at=at, created_by_id=7, user_id=user, now=NOW) is may


# --- the directory -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("floor", "words"),
    [(None, ("", {})), (0, ("ground floor", {})), (-2, ("basement %(n)s", {"n": 2})), (3, ("floor %(n)s", {"n": 3}))],
)  # fmt: skip
def test_floors_are_told_in_words(floor: int | None, words: tuple[str, dict[str, int]]) -> None:
    assert directory_rules.floor_words(floor) == words


def test_a_point_needs_a_real_floor_and_a_short_name_on_its_tile() -> None:
    broken = directory_rules.point_violations(
        {"floor": 61, "position": -1, "is_tile": True, "name": "n" * 41}
    )
    assert [one.field for one in broken] == ["floor", "position", "name"]
    assert not list(
        directory_rules.point_violations({"floor": 0, "is_tile": False, "name": "n" * 60})
    )
