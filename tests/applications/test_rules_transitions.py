"""The state table against the directorate's facts 1.4; machines that try everything: trust 07."""

from __future__ import annotations

import pytest

from app.applications import rules
from app.applications.rules import Action, State
from app.core.rules import RuleViolation

S = State
#: Domain facts 1.4, "next", word for word; `accepted` is in_progress, `closed_no_reply` is closed.
FACTS = {
    S.DRAFT: {S.REGISTERED, S.DISCARDED},
    S.REGISTERED: {S.TRIAGE, S.CLOSED, S.INADMISSIBLE, S.MERGED},
    S.TRIAGE: {
        S.ASSIGNED,
        S.INFO_REQUESTED,
        S.TRANSFERRED_OUT,
        S.INADMISSIBLE,
        S.MERGED,
        S.ANSWERED,
    },
    S.ASSIGNED: {S.IN_PROGRESS, S.RETURNED},
    S.IN_PROGRESS: {
        S.INFO_REQUESTED,
        S.EXTENSION_REQUESTED,
        S.UNIT_ANSWERED,
        S.RETURNED,
        S.SCHEDULED,
    },
    S.RETURNED: {S.TRIAGE},
    S.SCHEDULED: {S.IN_PROGRESS, S.UNIT_ANSWERED},
    S.INFO_REQUESTED: {S.TRIAGE, S.IN_PROGRESS, S.WITHDRAWN, S.CLOSED},
    S.EXTENSION_REQUESTED: {S.IN_PROGRESS},
    S.FEE_PENDING: {S.IN_PROGRESS, S.DEEMED_WITHDRAWN},
    S.UNIT_ANSWERED: {S.REPLY_APPROVED, S.IN_PROGRESS},
    S.REPLY_APPROVED: set(),
    S.ANSWERED: {S.CLOSED, S.REOPENED},
    S.CLOSED: {S.REOPENED},
    S.REOPENED: {S.ASSIGNED},
    S.REJECTED: {S.APPEALED, S.CLOSED},
    S.INADMISSIBLE: {S.CLOSED},
    S.TRANSFERRED_OUT: {S.CLOSED},
    S.MERGED: set(),
    S.WITHDRAWN: {S.CLOSED},
    S.DEEMED_WITHDRAWN: {S.CLOSED},
    S.APPEALED: {S.CLOSED},
    S.DISCARDED: set(),
}
MOVES = {(before, row.to_state) for row in rules.TRANSITIONS for before in row.from_states}
LEGAL = {(a, b) for a, nexts in FACTS.items() for b in nexts} | set(rules.BEYOND_THE_FACTS)


def test_every_state_is_in_the_facts():
    assert set(FACTS) == set(State)


def test_the_table_has_every_move_of_the_facts():
    assert {(a, b) for a, nexts in FACTS.items() for b in nexts} - MOVES == set()


def test_every_other_move_has_its_reason():
    extra = MOVES - {(a, b) for a, nexts in FACTS.items() for b in nexts}
    assert extra == set(rules.BEYOND_THE_FACTS)
    assert all(len(reason) > 30 for reason in rules.BEYOND_THE_FACTS.values())


def test_every_action_has_a_row_and_every_row_is_alone_in_its_place():
    assert {row.action for row in rules.TRANSITIONS} == set(Action)
    places = [
        (before, row.action, at_unit, row.to_state if row.restores else None)
        for row in rules.TRANSITIONS
        for before in row.from_states
        for at_unit in ((row.at_unit,) if row.at_unit is not None else (True, False))
    ]
    assert len(places) == len(set(places))


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_what_is_not_in_the_table_is_refused(state, action):
    all_rows = [r for r in rules.TRANSITIONS if r.action is action and state in r.from_states]
    for row in (r for r in all_rows if r.restores):
        assert rules.find_transition(state, action, back_to=row.to_state) is row
    rows = [r for r in all_rows if not r.restores]
    for at_unit in (True, False):
        fits = [r for r in rows if r.at_unit in {None, at_unit}]
        if fits:
            assert rules.next_state(state, action, at_unit=at_unit) is fits[0].to_state
        else:
            with pytest.raises(RuleViolation) as refused:
                rules.next_state(state, action, at_unit=at_unit)
            assert refused.value.violations[0].field == "state"


def test_what_takes_a_step_back_names_the_state_and_is_never_offered():
    back = [r for r in rules.TRANSITIONS if r.restores]
    assert {r.action for r in back} == {Action.UNMERGE, Action.UNDO_ASSIGN, Action.UNDO_CLOSE}
    for state in State:
        assert not [r for r in rules.allowed_actions(state, rules.VERBS) if r.restores]
    assert rules.find_transition(State.CLOSED, Action.UNDO_CLOSE) is None
    assert rules.find_transition(State.CLOSED, Action.UNDO_CLOSE, back_to=State.TRIAGE) is None


def test_an_unknown_action_is_refused():
    with pytest.raises(RuleViolation):
        rules.next_state(State.TRIAGE, "teleport")


def test_only_ends_stop_the_clock():
    stopping = {row.to_state for row in rules.TRANSITIONS if row.stops_clock}
    assert stopping & rules.OPEN_STATES == set()
    assert stopping == {
        S.ANSWERED, S.TRANSFERRED_OUT, S.WITHDRAWN, S.REJECTED, S.INADMISSIBLE, S.DEEMED_WITHDRAWN, S.CLOSED,
    }  # fmt: skip


def test_every_open_state_leads_to_an_end():
    """No state is a trap: from each one some way leads to closed."""
    reach = {S.CLOSED}
    while more := {a for a, b in MOVES if b in reach} - reach:
        reach |= more
    assert reach >= rules.OPEN_STATES


@pytest.mark.parametrize(
    ("state", "verbs", "expected"),
    [
        (S.REGISTERED, {"register"}, set()),
        (S.REGISTERED, {"close"}, {Action.CLOSE_FIRST_CONTACT}),
        (S.ASSIGNED, {"accept", "answer"}, {Action.ACCEPT, Action.RETURN_TO_OFFICE}),
        (S.ASSIGNED, {"triage"}, set()),
        (S.UNIT_ANSWERED, {"approve"}, {Action.SEND_BACK_TO_UNIT, Action.APPROVE_REPLY}),
        (S.EXTENSION_REQUESTED, {"answer", "extend"}, set()),
        (S.EXTENSION_REQUESTED, {"approve"}, {Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION}),
        (S.DISCARDED, set(rules.VERBS), set()),
    ],
)
def test_the_verbs_decide_what_is_offered(state, verbs, expected):
    assert {row.action for row in rules.allowed_actions(state, verbs)} == expected


def test_information_goes_back_to_whoever_asked():
    asked = State.INFO_REQUESTED
    assert rules.next_state(asked, Action.RECEIVE_INFORMATION, at_unit=True) is State.IN_PROGRESS
    assert rules.next_state(asked, Action.RECEIVE_INFORMATION, at_unit=False) is State.TRIAGE
    assert len(rules.allowed_actions(asked, {"triage"}, at_unit=True)) == 1


def test_missing_fields_are_all_named():
    row = rules.transition_for(State.IN_PROGRESS, Action.SCHEDULE)
    assert {v.field for v in rules.missing_needs(row, {"note": "  "})} == {"planned_on", "note"}
    assert not list(rules.missing_needs(row, {"note": "x", "planned_on": 1}))


def test_every_step_is_told_in_words():
    for action in [*Action, *rules.OTHER_STEPS]:
        assert rules.step_label(action) != action
        assert rules.step_tone(action) in {"info", "wait", "ok", "bad", ""}
    assert rules.step_label("something else") == "something else"
