"""Petitions: what article 4 asks for, the three grounds of article 6, and who is asked first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications import rules
from app.applications.rules import InadmissibleReason, ReplyKind, State

PARTS = st.fixed_dictionaries(
    {name: st.sampled_from([True, False, None]) for name in rules.PETITION_PARTS}
)
LACKS = InadmissibleReason.MISSING_MANDATORY_PARTS


def refused(reason, parts, *, is_reachable=False, was_asked=False):
    return list(
        rules.inadmissible_violations(reason, parts, is_reachable=is_reachable, was_asked=was_asked)
    )


@given(PARTS)
def test_the_missing_parts_are_those_that_were_looked_for(parts):
    missing = rules.missing_parts(parts)
    assert set(missing) == {name for name, value in parts.items() if value is False}
    assert rules.is_checked(parts) == any(value is not None for value in parts.values())


@given(PARTS, st.booleans(), st.booleans())
def test_a_missing_part_is_asked_for_first(parts, reachable, asked):
    broken = refused(LACKS, parts, is_reachable=reachable, was_asked=asked)
    complete = rules.is_checked(parts) and not rules.missing_parts(parts)
    assert bool(broken) == (complete or (reachable and not asked))
    assert {v.field for v in broken} <= {"inadmissible_reason"}


@given(PARTS, st.booleans(), st.booleans(), st.sampled_from(list(InadmissibleReason)))
def test_the_other_grounds_ask_for_nothing(parts, reachable, asked, reason):
    if reason is not LACKS:
        assert not refused(reason, parts, is_reachable=reachable, was_asked=asked)


def test_every_ground_says_what_it_means_and_what_follows():
    assert set(rules.GROUNDS) == set(InadmissibleReason)
    for ground in rules.GROUNDS.values():
        assert all((ground.law, ground.meaning, ground.consequence, ground.letter))


@pytest.mark.parametrize("state", State)
def test_a_merged_case_gets_a_letter_of_its_own_only_as_an_unanswered_final_one(state):
    for kind in ReplyKind:
        for answered in (True, False):
            may = rules.takes_own_letter(state, kind, is_answered=answered)
            if state is State.MERGED:
                assert may == (kind is ReplyKind.FINAL and not answered)
            else:
                assert may == (state in rules.REPLYABLE_STATES)


def test_a_batch_says_which_applications_it_means():
    fields = {v.field for v in rules.letter_batch_violations({})}
    assert fields == {"title", "template", "topic"}
    for given_ in ({"topic": 1}, {"unit": 1}, {"master": 1}, {"numbers": "2026-0000001"}):
        assert not list(rules.letter_batch_violations({"title": "x", "template": 1, **given_}))
