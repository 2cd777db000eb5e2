"""Rules of CİMER: which day counts, what a re-send does, what more time moves, how lists differ."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications import rules
from app.applications.rules import Channel, DayZero, Kind, ResendEffect, State
from app.applications.rules.imports import SourceStatus
from app.applications.rules.reconciling import (
    Explanation,
    ItemKind,
    Ours,
    Theirs,
    differences,
    explanation_violations,
    period_violations,
    status_of_word,
)

OURS, THEIRS = dt.date(2026, 11, 19), dt.date(2026, 11, 17)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


# --- which day, which law ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("which", "day"),
    [(DayZero.EARLIER, THEIRS), (DayZero.CIMER, THEIRS), (DayZero.MUNICIPALITY, OURS)],
)
def test_the_setting_says_which_date_counts(which, day):
    assert rules.day_zero(Channel.CIMER, OURS, THEIRS, which) == day


@given(ours=DAYS, theirs=DAYS, channel=st.sampled_from(list(Channel)))
def test_the_safe_day_is_never_later_than_either_and_others_count_from_receipt(
    ours, theirs, channel
):
    day = rules.day_zero(channel, ours, theirs)
    assert day == (min(ours, theirs) if channel is Channel.CIMER else ours)
    assert rules.day_zero(channel, ours, None) == ours


def test_an_office_that_asks_for_itself_has_its_own_period():
    assert rules.rule_key_of(Kind.REQUEST, channel=Channel.PARLIAMENT) == "tbmm_petition"
    assert rules.rule_key_of(Kind.COMPLAINT, channel=Channel.OMBUDSMAN) == "kdk_docs"
    assert rules.rule_key_of(Kind.COMPLAINT, channel=Channel.CIMER) == "petition_answer"
    assert rules.rule_key_of(Kind.COMPLAINT, channel=Channel.PRESIDENCY) == "petition_answer"
    assert rules.rule_key_of(Kind.INFORMATION, channel=Channel.OMBUDSMAN) == "foi_access"
    assert rules.rule_key_of(Kind.KVKK, channel=Channel.PARLIAMENT) == "kvkk_request"
    assert rules.rule_key_of(Kind.THANKS, channel=Channel.OMBUDSMAN) is None


# --- sent again -------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", list(State))
def test_a_resend_adds_to_what_is_open_and_begins_anew_what_has_ended(state):
    effect = rules.resend_effect(state)
    if state in rules.OPEN_STATES or state in {State.MERGED, State.DRAFT, State.DISCARDED}:
        assert effect is ResendEffect.ADD
    elif state in {State.ANSWERED, State.CLOSED}:
        assert effect is ResendEffect.REOPEN
    else:
        assert effect is ResendEffect.CLOSE_AND_REOPEN
        assert rules.find_transition(state, rules.Action.CLOSE) is not None


# --- more time ----------------------------------------------------------------------------------------
@given(goal=DAYS, due=DAYS | st.none(), until=DAYS | st.none())
def test_more_time_moves_the_goal_later_and_never_past_the_legal_date(goal, due, until):
    moved = rules.goal_with_extension(goal, due, until)
    assert moved >= goal
    if until is None:
        assert moved == goal
    elif due is not None and goal <= due:
        assert moved <= due
    assert rules.goal_with_extension(None, due, until) is None


def test_the_limits_of_more_time_are_told():
    def told(**more):
        base = {
            "reason": "Yerinde inceleme sürüyor", "asked_on": OURS, "until_on": None, "asked_before": 0,
            "most_days": 30, "most_times": 1, "today": OURS,
        }  # fmt: skip
        return [v.field for v in rules.office_extension_violations(**{**base, **more})]

    assert told() == []
    assert told(reason=" ") == ["reason"]
    assert told(asked_on=OURS + dt.timedelta(days=1)) == ["asked_on"]
    assert told(asked_before=1) == [""]
    assert told(until_on=OURS) == ["until_on"]
    assert told(until_on=OURS + dt.timedelta(days=31)) == ["until_on"]
    assert told(until_on=OURS + dt.timedelta(days=30)) == []


# --- the answer -----------------------------------------------------------------------------------------
def test_an_answer_is_plain_text_with_who_signs_below():
    text = rules.join_answer((" Boru değiştirildi. ", "", "Bilgilerinize."), ("Ada UZ", "", "Şube"))
    assert text == "Boru değiştirildi.\n\nBilgilerinize.\n\nAda UZ\nŞube"
    assert list(rules.answer_violations(text, limit=4000)) == []
    assert [v.field for v in rules.answer_violations(text, limit=10)] == ["text"]
    assert [v.field for v in rules.answer_violations("  ", limit=10)] == ["text"]


# --- two lists -------------------------------------------------------------------------------------------
PERIOD = (dt.date(2026, 11, 1), dt.date(2026, 11, 30))
TODAY = dt.date(2026, 12, 20)


def theirs(ref="1", *, state="Cevaplandı", external=THEIRS, received=OURS, due=None, row=2):
    return Theirs(ref, row, received, external, state, status_of_word(state), due)


def ours(ref="1", *, entered=True, external=THEIRS, received=OURS, due=None, pk=7):
    return Ours(ref, pk, received, external, not entered, entered, due)


def kinds(one, other, **more):
    found = differences(
        [one] if one else [], {other.ref: other} if other else {},
        **{"period": PERIOD, "today": TODAY, **more},
    )  # fmt: skip
    return [d.kind for d in found]


def test_what_agrees_is_no_difference():
    assert kinds(theirs(), ours()) == []
    assert kinds(theirs(state="İşlemde"), ours(entered=False)) == []


def test_each_difference_is_found():
    assert kinds(theirs(), None) == [ItemKind.MISSING_HERE]
    assert kinds(None, ours()) == [ItemKind.MISSING_THERE]
    assert kinds(theirs(state="İşlemde"), ours()) == [ItemKind.STATE_DIFFERS]
    assert kinds(theirs(), ours(entered=False)) == [ItemKind.STATE_DIFFERS]
    assert kinds(theirs(external=OURS), ours()) == [ItemKind.DATE_DIFFERS]
    assert kinds(theirs(received=THEIRS), ours()) == [ItemKind.DATE_DIFFERS]
    late = theirs(state="İşlemde", due=dt.date(2026, 12, 1))
    assert kinds(late, ours(entered=False)) == [ItemKind.OVERDUE_THERE]
    assert kinds(late, None) == [ItemKind.MISSING_HERE, ItemKind.OVERDUE_THERE]
    by_us = ours(entered=False, due=dt.date(2026, 12, 1))
    assert kinds(theirs(state="İşlemde"), by_us) == [ItemKind.OVERDUE_THERE]


def test_what_their_list_does_not_say_is_no_difference():
    silent = theirs(state="", external=None, received=None)
    assert kinds(silent, ours()) == []
    assert kinds(theirs(state="Bambaşka bir söz"), ours(entered=False)) == []


def test_a_case_of_another_period_is_not_missed():
    elsewhere = ours(external=dt.date(2026, 10, 31))
    assert kinds(None, elsewhere) == []


@st.composite
def lists(draw):
    refs = draw(st.lists(st.text("0123456789", min_size=1, max_size=3), max_size=12))
    rows = [
        Theirs(
            ref, n, None, draw(DAYS | st.none()), "", draw(st.sampled_from([None, *SourceStatus]))
        )
        for n, ref in enumerate(refs)
    ]
    cases = {
        ref: Ours(ref, n, draw(DAYS), draw(DAYS | st.none()), draw(st.booleans()), draw(st.booleans()), None)
        for n, ref in enumerate(draw(st.lists(st.text("0123456789", min_size=1, max_size=3), unique=True, max_size=12)))
    }  # fmt: skip
    return rows, cases


@given(lists())
def test_every_number_is_missing_on_one_side_or_compared_once(both):
    rows, cases = both
    found = list(differences(rows, cases, period=PERIOD, today=TODAY))
    assert len({d.key for d in found}) == len(found)
    here = {d.ref for d in found if d.kind is ItemKind.MISSING_HERE}
    there = {d.ref for d in found if d.kind is ItemKind.MISSING_THERE}
    assert here == {r.ref for r in rows} - set(cases)
    assert there <= set(cases) - {r.ref for r in rows}
    for kind in (ItemKind.STATE_DIFFERS, ItemKind.DATE_DIFFERS):
        assert {d.ref for d in found if d.kind is kind} <= {r.ref for r in rows} & set(cases)
    again = list(differences(rows, cases, period=PERIOD, today=TODAY))
    assert again == found


def test_the_days_and_the_explanation_of_a_comparison_are_checked():
    assert [v.field for v in period_violations(None, None)] == ["period_from", "period_to"]
    assert [v.field for v in period_violations(OURS, THEIRS)] == ["period_to"]
    assert [v.field for v in period_violations(dt.date(2024, 1, 1), OURS)] == ["period_to"]
    assert list(period_violations(*PERIOD)) == []
    assert [v.field for v in explanation_violations("", "")] == ["reason"]
    assert [v.field for v in explanation_violations(Explanation.OTHER, " ")] == ["note"]
    assert list(explanation_violations(Explanation.STATE_LAGS, "")) == []
