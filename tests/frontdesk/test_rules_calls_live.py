"""Messages of a switch: what is refused, and that order and repetition change nothing."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import ISTANBUL
from app.core.rules import collect
from app.frontdesk.rules.calls import CallPhase, CallResult
from app.frontdesk.rules.calls_live import (
    MOST_EVENTS,
    LiveEvent,
    LiveState,
    add_event,
    fold_events,
    message_violations,
    read_message,
    read_moment,
    read_number,
)

NOW = dt.datetime(2026, 11, 29, 9, 0, tzinfo=ISTANBUL)
GOOD = {"switch_id": "sw-1", "event": "ringing", "at": "2026-11-29T09:00:00+03:00"}


def event(name: str, second: int) -> dict[str, str]:
    """One event, so many seconds after nine o’clock."""
    at = NOW + dt.timedelta(seconds=second)
    return {"event": name, "at": at.astimezone(dt.UTC).isoformat()}


def fold(*events: tuple[str, int]) -> LiveState:
    """The state after these events."""
    return fold_events([event(name, second) for name, second in events])


def broken(data: Any) -> set[str]:
    """The fields that are refused."""
    return {one.field for one in collect(message_violations(data, now=NOW))}


# --- reading -----------------------------------------------------------------------------------------------
def test_a_message_needs_id_event_and_moment() -> None:
    assert broken(GOOD) == set()
    assert broken({}) == {"switch_id", "event", "at"}
    assert broken([]) == {""}
    assert broken("ringing") == {""}
    assert broken(None) == {""}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"switch_id": "x" * 81}, "switch_id"),
        ({"switch_id": "a b"}, "switch_id"),
        ({"switch_id": 17}, "switch_id"),
        ({"event": "exploded"}, "event"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2026-11-26T09:00:00+03:00"}, "at"),
        ({"at": "2026-11-29T10:00:00+03:00"}, "at"),
        ({"at": "9999-12-31T23:59:59-14:00"}, "at"),
        ({"direction": "up"}, "direction"),
        ({"extension": "1" * 21}, "extension"),
        ({"number": ["+905320000101"]}, "number"),
        ({"surprise": "x"}, "surprise"),
        ({"recording": "r" * 201}, "recording"),
    ],
)
def test_what_is_refused_is_named(changes: dict[str, Any], field: str) -> None:
    assert field in broken({**GOOD, **changes})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["switch_id", "event", "at", "number", "x"]), inner, max_size=4
            )
        ),
        max_leaves=8,
    )
)
def test_no_document_breaks_the_reading(data: Any) -> None:
    if not broken(data):
        assert read_message(data).switch_id


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+905320000101", "+905320000101"), ("905320000101", "+905320000101"),
        ("05320000101", "+905320000101"), ("0532 000 01 01", "+905320000101"),
        ("Anonymous", ""), ("gizli", ""), ("", ""), ("1234", ""), ("abc", ""),
    ],
)  # fmt: skip
def test_numbers_of_callers_are_kept_in_one_form(text: str, number: str) -> None:
    assert read_number(text) == number


def test_a_moment_without_a_zone_is_the_clock_of_istanbul() -> None:
    assert read_moment("2026-11-29T09:00:00") == NOW
    assert read_moment("2026-11-29T06:00:00Z") == NOW
    assert read_moment("") is None


# --- folding -----------------------------------------------------------------------------------------------
def test_a_call_goes_its_way() -> None:
    assert fold(("ringing", 0)).phase is CallPhase.RINGING
    assert fold(("ringing", 0), ("answered", 8)).phase is CallPhase.TALKING
    assert fold(("ringing", 0), ("answered", 8), ("hold", 20)).phase is CallPhase.HELD
    over = fold(("ringing", 0), ("answered", 8), ("hold", 20), ("resume", 50), ("hangup", 100))
    assert over.phase is CallPhase.WRAP
    assert (over.wait_seconds, over.talk_seconds, over.hold_seconds) == (8, 62, 30)
    assert over.result is None


def test_a_caller_who_gives_up_has_abandoned() -> None:
    lost = fold(("ringing", 0), ("hangup", 31))
    assert (lost.phase, lost.result) == (CallPhase.CLOSED, CallResult.ABANDONED)
    assert (lost.wait_seconds, lost.talk_seconds) == (31, 0)


def test_a_transferred_call_says_so() -> None:
    passed = fold(("ringing", 0), ("answered", 5), ("transfer", 40), ("hangup", 41))
    assert passed.result is CallResult.TRANSFERRED


def test_a_lost_message_is_made_up_for() -> None:
    assert fold(("ringing", 0), ("hold", 9)).answered_at is not None
    only_end = fold(("hangup", 9))
    assert (only_end.phase, only_end.wait_seconds) == (CallPhase.CLOSED, 0)
    with pytest.raises(ValueError, match="without events"):
        fold_events([])


EVENTS = st.lists(
    st.tuples(st.sampled_from([one.value for one in LiveEvent]), st.integers(0, 300)),
    min_size=1,
    max_size=12,
)


@given(EVENTS, st.integers(0, 10_000))
def test_order_and_repetition_change_nothing(told: list[tuple[str, int]], seed: int) -> None:
    events = [event(name, second) for name, second in told]
    shuffled = [*events, *events[:3]]
    random.Random(seed).shuffle(shuffled)
    one: list[dict[str, str]] = []
    two: list[dict[str, str]] = []
    for fresh in events:
        one = add_event(one, fresh)
    for fresh in shuffled:
        two = add_event(two, fresh)
    assert one == two
    assert fold_events(one) == fold_events(events)


@given(EVENTS)
def test_seconds_are_never_negative_and_fill_the_call(told: list[tuple[str, int]]) -> None:
    state = fold(*told)
    assert min(state.wait_seconds, state.talk_seconds, state.hold_seconds) >= 0
    if state.ended_at is not None:
        length = int((state.ended_at - state.started_at).total_seconds())
        assert state.wait_seconds + state.talk_seconds + state.hold_seconds == length
        assert state.phase in {CallPhase.WRAP, CallPhase.CLOSED}
    else:
        assert state.phase not in {CallPhase.WRAP, CallPhase.CLOSED}


def test_a_call_with_too_many_events_keeps_the_first_ones_and_its_end() -> None:
    kept: list[dict[str, str]] = []
    kept = add_event(kept, event("hangup", 5_000))
    for second in range(MOST_EVENTS + 40):
        kept = add_event(kept, event("hold" if second % 2 else "resume", second))
    assert len(kept) == MOST_EVENTS
    assert kept[0]["at"] == event("resume", 0)["at"]
    assert kept[-1]["event"] == "hangup"
