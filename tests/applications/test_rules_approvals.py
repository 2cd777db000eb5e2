"""Routes, chains and turns as rules: who gives a paraf, who signs, who may not."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications import rules
from app.applications.rules import (
    ApprovalState,
    Kind,
    Office,
    Outcome,
    ReplyKind,
    Route,
    Station,
)
from app.roles import ROLES

ROLE = st.sampled_from(sorted(rules.RANKS))
STATIONS = st.lists(st.builds(Station, ROLE), min_size=1, max_size=rules.MOST_STEPS)
CHIEF, MANAGER, HEAD = Station("chief"), Station("branch_mgr"), Station("dept_head")


def office(role: str, *, user_id: int = 1) -> Office:
    """Somebody who holds one role, with the rights that the role has in the house."""
    verbs = ROLES[role].get("Application", ())
    return Office(user_id, frozenset({role}), "approve" in verbs, "initial" in verbs)


# --- the table of rights and the rules say the same ------------------------------------------------
def test_the_ranks_are_the_roles_that_give_a_paraf():
    with_paraf = {
        role for role, grants in ROLES.items() if "initial" in grants.get("Application", ())
    }
    assert with_paraf == set(rules.RANKS)


def test_signing_and_seeing_are_rights():
    signs = {role for role, g in ROLES.items() if "approve" in g.get("Application", ())}
    sees = {role for role, g in ROLES.items() if "restricted" in g.get("Application", ())}
    assert signs & set(rules.RANKS) == rules.SIGNING_ROLES
    assert sees & set(rules.RANKS) == rules.SEEING_ROLES


# --- routes -------------------------------------------------------------------------------------------
def pick(*routes: Route, kind: Kind = Kind.REQUEST, outcome: Outcome | None = Outcome.RESOLVED):
    found = rules.pick_route(routes, reply_kind=ReplyKind.FINAL, outcome=outcome, kind=kind)
    return found.pk if found is not None else None


def test_the_route_that_says_most_holds():
    every = Route(1)
    final = Route(2, ReplyKind.FINAL)
    refusal = Route(3, ReplyKind.FINAL, Outcome.REJECTED)
    of_kind = Route(4, ReplyKind.FINAL, Outcome.REJECTED, Kind.REQUEST)
    routes = (every, final, refusal, of_kind)
    assert pick(*routes) == 2
    assert pick(*routes, outcome=Outcome.REJECTED) == 4
    assert pick(*routes, outcome=Outcome.REJECTED, kind=Kind.COMPLAINT) == 3
    assert pick(every) == 1
    assert pick() is None
    assert pick(Route(5, ReplyKind.PROGRESS)) is None


def test_between_equals_the_order_decides():
    assert pick(Route(1, position=20), Route(2, position=10)) == 2
    assert pick(Route(2, position=10), Route(1, position=10)) == 1


# --- chains -------------------------------------------------------------------------------------------
def states(steps):
    return [step.state for step in steps]


@given(STATIONS, st.sets(ROLE, max_size=2), st.booleans())
def test_a_chain_keeps_its_stations_and_one_of_them_waits(stations, roles, restricted):
    steps = rules.plan_chain(stations, writer_id=7, writer_roles=roles, is_restricted=restricted)
    assert [step.station for step in steps] == stations
    assert [step.position for step in steps] == list(range(1, len(stations) + 1))
    assert [step.signs for step in steps] == [False] * (len(stations) - 1) + [True]
    assert states(steps).count(ApprovalState.WAITING) == 1
    waits = states(steps).index(ApprovalState.WAITING)
    assert all(state is ApprovalState.SKIPPED for state in states(steps)[:waits])
    assert steps[-1].state is not ApprovalState.SKIPPED
    assert all(step.why for step in steps if step.state is ApprovalState.SKIPPED)


def test_the_writers_own_paraf_is_skipped_but_never_the_signature():
    steps = rules.plan_chain([CHIEF, MANAGER], writer_id=7, writer_roles={"chief"})
    assert states(steps) == [ApprovalState.SKIPPED, ApprovalState.WAITING]
    steps = rules.plan_chain([MANAGER], writer_id=7, writer_roles={"branch_mgr"})
    assert states(steps) == [ApprovalState.WAITING]
    steps = rules.plan_chain([Station(user_id=7), MANAGER], writer_id=7, writer_roles=())
    assert states(steps) == [ApprovalState.SKIPPED, ApprovalState.WAITING]


def test_who_may_not_see_a_restricted_case_gives_no_paraf_to_its_letter():
    steps = rules.plan_chain([CHIEF, MANAGER], writer_id=7, writer_roles=(), is_restricted=True)
    assert states(steps) == [ApprovalState.SKIPPED, ApprovalState.WAITING]
    assert steps[0].why == rules.ROLE_IS_BLIND


def test_without_a_route_whoever_may_approve_signs():
    (only,) = rules.plan_chain([], writer_id=7, writer_roles=())
    assert only.signs
    assert only.station == Station()
    assert only.state is ApprovalState.WAITING


# --- turns --------------------------------------------------------------------------------------------
#: Who → station → (may give the paraf there, may sign there).
TURNS = {
    ("clerk", ""): (False, False),
    ("chief", ""): (False, False),
    ("branch_mgr", ""): (True, True),
    ("dept_head", ""): (True, True),
    ("clerk", "clerk"): (True, False),
    ("chief", "clerk"): (False, False),
    ("branch_mgr", "clerk"): (True, True),
    ("clerk", "chief"): (False, False),
    ("chief", "chief"): (True, False),
    ("branch_mgr", "chief"): (True, True),
    ("dept_head", "chief"): (True, True),
    ("chief", "branch_mgr"): (False, False),
    ("branch_mgr", "branch_mgr"): (True, True),
    ("dept_head", "branch_mgr"): (True, True),
    ("branch_mgr", "dept_head"): (False, False),
    ("dept_head", "dept_head"): (True, True),
    ("auditor", "branch_mgr"): (False, False),
    ("unit_liaison", "chief"): (False, False),
}


@pytest.mark.parametrize(("who", "station"), sorted(TURNS))
def test_who_may_take_which_turn(who, station):
    post = office(who)
    assert (
        rules.takes_step(post, Station(station), signs=False),
        rules.takes_step(post, Station(station), signs=True),
    ) == TURNS[who, station]


def test_a_named_person_takes_the_turn_and_nobody_above():
    station = Station(user_id=9)
    assert rules.takes_step(office("chief", user_id=9), station, signs=False)
    assert not rules.takes_step(office("chief", user_id=9), station, signs=True)
    assert not rules.takes_step(office("dept_head", user_id=1), station, signs=False)


# --- four eyes ------------------------------------------------------------------------------------------
PEOPLE = st.one_of(st.none(), st.integers(1, 4))


@given(PEOPLE, PEOPLE, PEOPLE, PEOPLE, PEOPLE, st.sampled_from([*Outcome, None]))
def test_nobody_on_the_side_of_the_writer_approves(
    approver, approver_for, writer, writer_for, registrar, outcome
):
    broken = list(
        rules.approval_violations(
            approver_id=approver,
            approver_for_id=approver_for,
            drafter_id=writer,
            drafter_for_id=writer_for,
            registrar_id=registrar,
            outcome=outcome,
        )
    )
    if approver is None:
        assert not broken
        return
    one_side = {approver, approver_for} - {None}
    overlap = one_side & ({writer, writer_for} - {None})
    refused = outcome is Outcome.REJECTED and registrar in one_side
    assert bool(broken) == bool(overlap or refused)


def test_a_deputy_does_not_approve_what_the_principal_wrote():
    broken = rules.approval_violations(
        approver_id=2, approver_for_id=1, drafter_id=1, registrar_id=None, outcome=None
    )
    assert [v.message for v in broken] == [
        "A deputy may not approve what the person whose place is taken wrote."
    ]


# --- keeping routes -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"route": 1, "position": 1}, "role"),
        ({"route": 1, "position": 1, "role": "chief", "user": 3}, "role"),
        ({"route": 1, "position": 1, "role": "operator"}, "role"),
        ({"position": 1, "role": "chief"}, "route"),
        ({"route": 1, "position": 0, "role": "chief"}, "position"),
        ({"route": 1, "position": 9, "role": "chief"}, "position"),
    ],
)
def test_a_station_names_one_of_a_role_and_a_person(values, field):
    assert field in {v.field for v in rules.station_violations(values)}


def test_a_right_station_is_taken():
    assert not list(rules.station_violations({"route": 1, "position": 1, "role": "chief"}))
    assert not list(rules.station_violations({"route": 1, "position": 1, "user": 4}))


@given(STATIONS)
def test_the_last_station_must_be_able_to_sign(stations):
    broken = list(rules.last_station_violations(stations))
    assert bool(broken) == (stations[-1].role not in rules.SIGNING_ROLES)


def test_a_route_without_stations_signs_nothing():
    assert list(rules.last_station_violations([]))


def test_every_state_has_a_label_and_a_colour():
    for labels in (rules.APPROVAL_STATE_LABELS, rules.APPROVAL_STATE_TONES):
        assert set(labels) == set(ApprovalState)
    assert set(rules.APPROVAL_ROLE_LABELS) == set(rules.RANKS)
    assert len(set(rules.RANKS.values())) == 4
    assert all(a <= b for a, b in itertools.pairwise(rules.RANKS.values()))
