"""Rules of call records, of the files of a switch and of the figures of a call centre."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import ISTANBUL
from app.core.rules import collect
from app.frontdesk.rules.calls import (
    SPOKEN_RESULTS,
    UNANSWERED,
    CallResult,
    call_violations,
    result_violations,
    settles_at_first_contact,
)
from app.frontdesk.rules.calls_figures import (
    Counts,
    agents_needed,
    count_calls,
    expected_level,
    occupancy,
    waiting_chance,
)
from app.frontdesk.rules.calls_import import code_for_word, parse_seconds

NOW = dt.datetime(2026, 11, 29, 9, 0, tzinfo=ISTANBUL)


def fields(found: Any) -> set[str]:
    """The fields that violations name."""
    return {one.field for one in collect(found)}


# --- a record ------------------------------------------------------------------------------------------
def test_a_call_begins_is_answered_and_ends_in_this_order() -> None:
    good = {
        "started_at": NOW,
        "answered_at": NOW + dt.timedelta(seconds=9),
        "ended_at": NOW + dt.timedelta(seconds=90),
        "result": CallResult.ANSWERED,
    }
    assert fields(call_violations(good, now=NOW)) == set()
    assert fields(call_violations({}, now=NOW)) == {"started_at"}
    early = {**good, "answered_at": NOW - dt.timedelta(seconds=1)}
    assert "answered_at" in fields(call_violations(early, now=NOW))
    short = {**good, "ended_at": NOW + dt.timedelta(seconds=3)}
    assert fields(call_violations(short, now=NOW)) == {"ended_at"}
    ahead = {"started_at": NOW + dt.timedelta(hours=1)}
    assert fields(call_violations(ahead, now=NOW)) == {"started_at"}
    lost = {**good, "result": CallResult.ABANDONED}
    assert fields(call_violations(lost, now=NOW)) == {"result"}
    long = {"started_at": NOW, "talk_seconds": 24 * 3600 + 1}
    assert fields(call_violations(long, now=NOW)) == {"talk_seconds"}


@pytest.mark.parametrize("result", list(CallResult))
@pytest.mark.parametrize("answered", [True, False])
def test_only_a_spoken_result_fits_a_call_that_was_answered(
    result: CallResult, answered: bool
) -> None:
    values = {"result": result, "transferred_to": "TESKİ"}
    broken = fields(result_violations(values, answered=answered))
    assert (broken == set()) is ((result in UNANSWERED) is not answered)


def test_a_result_needs_its_words() -> None:
    assert fields(result_violations({}, answered=True)) == {"result"}
    passed_on = {"result": CallResult.TRANSFERRED, "transferred_to": "  "}
    assert fields(result_violations(passed_on, answered=True)) == {"transferred_to"}
    long = {"result": CallResult.INFORMED, "note": "x" * 4_001}
    assert fields(result_violations(long, answered=True)) == {"note"}


def test_what_a_result_says_of_the_first_contact() -> None:
    told = {result: settles_at_first_contact(result) for result in SPOKEN_RESULTS}
    assert told[CallResult.INFORMED] is True
    assert told[CallResult.TRANSFERRED] is False
    assert told[CallResult.CASE_OPENED] is False
    assert told[CallResult.WRONG] is None
    assert settles_at_first_contact(None) is None


# --- words of a switch -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("72", 72), ("1:12", 72), ("00:01:12", 72), ("1:00:00", 3600), ("72,5", 72), ("72.9", 72),
        ("1 dk 12 sn", 72), ("1 DK 12 SN", 72), ("2 sa 1 dk", 7260), ("12sn", 12), ("0", 0), ("00:00:00", 0),
        ("00:00:07.250", 7), ("", None), ("-5", None), ("1:75", None), ("yarım saat", None),
        ("12:34:56:78", None), ("9999999", None),
    ],
)  # fmt: skip
def test_lengths_of_time_as_switches_write_them(text: str, seconds: int | None) -> None:
    assert parse_seconds(text) == seconds


@given(st.integers(0, 86_399))
def test_a_written_length_is_read_back(seconds: int) -> None:
    hours, rest = divmod(seconds, 3600)
    assert parse_seconds(f"{hours:02}:{rest // 60:02}:{rest % 60:02}") == seconds
    assert parse_seconds(f"{seconds // 60} dk {seconds % 60} sn") == seconds
    assert parse_seconds(str(seconds)) == seconds


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_a_length(text: str) -> None:
    seconds = parse_seconds(text)
    assert seconds is None or seconds >= 0


def test_words_of_switches_are_known_whatever_their_letters() -> None:
    assert code_for_word("result", "CEVAPLANDI") == "answered"
    assert code_for_word("result", "Kaçan Çağrı") == "abandoned"
    assert code_for_word("result", "MEŞGUL") == "busy"
    assert code_for_word("direction", "Gelen") == "in"
    assert code_for_word("result", "başka bir şey") == ""
    assert code_for_word("queue", "Gelen") == ""


# --- figures ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class OneCall:
    """What the counting looks at."""

    direction: str
    result: str
    answered: bool
    wait: int
    talk: int
    hold: int
    wrap: int
    first_contact: bool | None
    opened: bool


def _call(result: str, wait: int = 10, direction: str = "in", **values: Any) -> OneCall:
    answered = result not in {"abandoned", "busy"}
    given_values: dict[str, Any] = {
        "talk": 60 if answered else 0,
        "hold": 0,
        "wrap": 10 if answered else 0,
        "first_contact": None,
        "opened": False,
        **values,
    }
    return OneCall(direction, result, answered, wait, **given_values)


CALLS = st.lists(
    st.builds(
        OneCall,
        direction=st.sampled_from(["in", "in", "in", "out"]),
        result=st.sampled_from([result.value for result in CallResult]),
        answered=st.booleans(),
        wait=st.integers(0, 200),
        talk=st.integers(0, 900),
        hold=st.integers(0, 100),
        wrap=st.integers(0, 100),
        first_contact=st.sampled_from([None, True, False]),
        opened=st.booleans(),
    ).map(
        lambda call: OneCall(
            **{**call.__dict__, "answered": call.result not in {"abandoned", "busy"}}
        )
    ),
    max_size=40,
)


def test_the_service_level_is_that_of_the_domain() -> None:
    """Answered within 20 s ÷ (offered − abandoned below 5 s). Source: domain facts 8.5."""
    calls = [
        *[_call("answered", wait=w) for w in (3, 20, 21, 60)],
        _call("abandoned", wait=4),
        _call("abandoned", wait=5),
        _call("busy", wait=0),
        _call("answered", wait=1, direction="out"),
    ]
    counts = count_calls(calls, within=20, short=5)
    assert (counts.offered, counts.answered, counts.within, counts.short) == (6, 4, 2, 1)
    assert counts.service_level == 40.0
    assert counts.abandoned == 2
    assert counts.abandon_rate == 20.0
    assert counts.asa == 26.0
    assert counts.aht == 70.0
    assert counts.handled == 280


def test_without_a_call_there_is_no_figure() -> None:
    nothing = Counts()
    assert nothing.service_level is None
    assert nothing.abandon_rate is None
    assert nothing.asa is None
    assert nothing.aht is None
    assert nothing.fcr is None
    assert nothing.case_share is None
    only_short = count_calls([_call("abandoned", wait=1)], within=20, short=5)
    assert only_short.service_level is None
    assert occupancy(100, 0) is None


def test_wrong_numbers_are_no_matter_that_could_be_settled() -> None:
    calls = [
        _call("informed", first_contact=True),
        _call("transferred", first_contact=False),
        _call("answered", first_contact=None),
        _call("nuisance", first_contact=True),
        _call("wrong", first_contact=False),
        _call("case_opened", first_contact=False, opened=True),
    ]
    counts = count_calls(calls, within=20, short=5)
    assert (counts.judged, counts.settled) == (3, 1)
    assert counts.fcr == 33.3
    assert counts.case_share == 16.7


@given(CALLS, st.integers(0, 120), st.integers(0, 30))
def test_shares_stay_between_nothing_and_all(calls: list[OneCall], within: int, short: int) -> None:
    counts = count_calls(calls, within=within, short=short)
    for share in (
        counts.service_level,
        counts.abandon_rate,
        counts.answer_rate,
        counts.fcr,
        counts.case_share,
    ):
        assert share is None or 0 <= share <= 100
    if counts.service_level is not None and counts.abandon_rate is not None:
        # Whoever was answered in time did not give up.
        assert counts.service_level + counts.abandon_rate <= 100.1


@given(CALLS, st.integers(0, 120), st.integers(0, 30))
def test_more_patience_never_lowers_the_level(
    calls: list[OneCall], within: int, short: int
) -> None:
    strict = count_calls(calls, within=within, short=short).service_level
    mild = count_calls(calls, within=within + 10, short=short).service_level
    assert strict is None or (mild is not None and mild >= strict)


@given(CALLS, CALLS)
def test_counting_two_days_together_is_adding_them(one: list[OneCall], two: list[OneCall]) -> None:
    first, second = (count_calls(calls, within=20, short=5) for calls in (one, two))
    both = count_calls([*one, *two], within=20, short=5)
    for name in Counts.__dataclass_fields__:
        assert getattr(both, name) == getattr(first, name) + getattr(second, name)


# --- Erlang C ----------------------------------------------------------------------------------------------
def test_erlang_c_gives_the_values_of_the_tables() -> None:
    # 100 calls of 180 s in half an hour are 10 erlangs.
    assert waiting_chance(12, 10) == pytest.approx(0.4494, abs=0.0005)
    assert expected_level(14, 100, 180, within=20) == pytest.approx(88.8, abs=0.2)
    assert agents_needed(100, 180, within=20, goal=80) == 14
    assert agents_needed(0, 180, within=20, goal=80) == 0
    assert waiting_chance(3, 5) == 1.0
    assert waiting_chance(3, 0) == 0.0


@given(st.floats(1, 300), st.floats(20, 600), st.integers(5, 60), st.integers(50, 95))
def test_one_operator_fewer_would_miss_the_goal(
    calls: float, aht: float, within: int, goal: int
) -> None:
    needed = agents_needed(calls, aht, within=within, goal=goal)
    assert expected_level(needed, calls, aht, within=within) >= goal
    assert expected_level(needed - 1, calls, aht, within=within) < goal
