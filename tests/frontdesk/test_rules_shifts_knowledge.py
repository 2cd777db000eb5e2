"""Rules of shifts, hand-over notes, knowledge items, and of what is told about a case."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications.rules import State
from app.core.clock import ISTANBUL
from app.core.rules import collect
from app.frontdesk.rules.calls_say import LOOKED_AT, SENTENCES, WITHOUT_DATE, sentence_for
from app.frontdesk.rules.knowledge import Validity, knowledge_violations, validity_of
from app.frontdesk.rules.shifts import (
    note_violations,
    overlap_violations,
    overlaps,
    read_span,
    shift_violations,
    span_on,
    week_of,
    written_span,
)

DAY = dt.date(2026, 11, 30)


# --- shifts ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("08:00–16:00", (480, 960)), ("08.00-16.00", (480, 960)), ("8:00 - 16:30", (480, 990)),
        ("16:00–24:00", (960, 1440)), ("16:00–00:00", (960, 1440)), ("00:00–08:00", (0, 480)),
        ("22:00–06:00", (1320, 1800)), ("08–16", None), ("24:00–08:00", None), ("08:00–24:30", None),
        ("", None), ("sabah", None),
    ],
)  # fmt: skip
def test_hours_of_a_shift_are_read(text: str, span: tuple[int, int] | None) -> None:
    assert read_span(text) == span


def test_a_shift_of_the_night_ends_on_the_next_morning() -> None:
    start, end = span_on(DAY, (1320, 1800))
    assert start == dt.datetime(2026, 11, 30, 22, 0, tzinfo=ISTANBUL)
    assert end == dt.datetime(2026, 12, 1, 6, 0, tzinfo=ISTANBUL)
    assert written_span(start, end) == "22–06"
    assert written_span(*span_on(DAY, (960, 1440))) == "16–24"
    assert written_span(*span_on(DAY, (510, 990))) == "08.30–16.30"


MOMENTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 3)).map(
    lambda moment: moment.replace(tzinfo=ISTANBUL)
)
SPANS = st.tuples(MOMENTS, st.integers(1, 24)).map(
    lambda pair: (pair[0], pair[0] + dt.timedelta(hours=pair[1]))
)


@given(SPANS, SPANS)
def test_two_spans_overlap_when_a_moment_lies_in_both(
    one: tuple[dt.datetime, dt.datetime], two: tuple[dt.datetime, dt.datetime]
) -> None:
    shared = max(one[0], two[0]) < min(one[1], two[1])
    assert overlaps(*one, *two) is shared
    assert overlaps(*two, *one) is shared
    assert bool(collect(overlap_violations(*one, [two]))) is shared


def test_a_shift_may_begin_when_the_other_ends() -> None:
    night, day = span_on(DAY, (0, 480)), span_on(DAY, (480, 960))
    assert not overlaps(*night, *day)


def test_a_shift_and_a_note_say_what_is_needed() -> None:
    assert {one.field for one in collect(shift_violations({}))} == {"operator", "on", "kind"}
    assert {one.field for one in collect(note_violations({"text": "  "}))} == {"text"}
    assert week_of(dt.date(2026, 11, 29)) == dt.date(2026, 11, 23)
    assert week_of(DAY) == DAY


# --- knowledge ---------------------------------------------------------------------------------------------
@given(
    st.one_of(st.none(), st.dates(DAY - dt.timedelta(9), DAY + dt.timedelta(9))),
    st.one_of(st.none(), st.dates(DAY - dt.timedelta(9), DAY + dt.timedelta(9))),
)
def test_an_item_past_its_end_is_never_up_to_date(
    until: dt.date | None, review: dt.date | None
) -> None:
    state = validity_of(until, review, today=DAY)
    if until is not None and until < DAY:
        assert state is Validity.OUT_OF_DATE
    elif review is not None and review < DAY:
        assert state is Validity.REVIEW_DUE
    else:
        assert state is Validity.CURRENT


def test_an_item_needs_question_answer_owner_and_review() -> None:
    broken = {one.field for one in collect(knowledge_violations({}))}
    assert broken == {"title", "answer", "owner", "review_on"}
    good = {"title": "Fatura?", "answer": "Okuyunuz.", "owner_id": 1, "review_on": DAY}
    assert not collect(knowledge_violations(good))
    late = {**good, "valid_until": DAY - dt.timedelta(days=1)}
    assert {one.field for one in collect(knowledge_violations(late))} == {"review_on"}
    long = {**good, "answer": "a" * 2_001}
    assert {one.field for one in collect(knowledge_violations(long))} == {"answer"}


# --- what is told --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("has_date", [True, False])
@pytest.mark.parametrize("has_unit", [True, False])
def test_no_sentence_has_a_place_that_cannot_be_filled(
    state: State, has_date: bool, has_unit: bool
) -> None:
    said = sentence_for(state, has_date=has_date, has_unit=has_unit)
    assert said in {*SENTENCES.values(), *WITHOUT_DATE.values(), LOOKED_AT}
    assert has_date or "%(due)s" not in said
    assert has_unit or "%(unit)s" not in said
