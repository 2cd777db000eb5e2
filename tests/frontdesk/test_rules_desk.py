"""The queue of the Solution Desk: a fair order, the life of a ticket, numbers as they are shown."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import ISTANBUL
from app.core.rules import RuleViolation
from app.frontdesk.rules import desk as rules
from app.frontdesk.rules.desk import (
    LIVE_TICKETS,
    TICKET_MOVES,
    PriorityGroup,
    TicketAction,
    TicketState,
    Waiting,
)

OPENING = dt.datetime(2026, 3, 16, 8, 30, tzinfo=ISTANBUL)
HEAD_START = dt.timedelta(minutes=15)


def at(minutes: float) -> dt.datetime:
    return OPENING + dt.timedelta(minutes=minutes)


@st.composite
def queues(draw: st.DrawFn) -> list[Waiting]:
    """Tickets of a morning: numbers rise with the arrivals, some belong to a priority group."""
    arrivals = sorted(draw(st.lists(st.integers(0, 240), max_size=25)))
    return [
        Waiting(number, at(minutes), draw(st.sampled_from(list(PriorityGroup))))
        for number, minutes in enumerate(arrivals, start=1)
    ]


def order(tickets: list[Waiting], head_start: dt.timedelta = HEAD_START) -> list[Waiting]:
    return rules.order_queue(tickets, head_start=head_start)


# --- the order ---------------------------------------------------------------------------------------
@given(queues(), st.randoms())
def test_the_order_does_not_depend_on_how_the_tickets_come(
    tickets: list[Waiting], chance: object
) -> None:
    mixed = list(tickets)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert order(mixed) == order(tickets)


@given(queues())
def test_nobody_is_lost_and_nobody_is_called_twice(tickets: list[Waiting]) -> None:
    assert sorted(t.number for t in order(tickets)) == [t.number for t in tickets]


@given(queues())
def test_within_a_kind_whoever_came_first_is_called_first(tickets: list[Waiting]) -> None:
    ordered = order(tickets)
    for ahead in (True, False):
        numbers = [t.number for t in ordered if (t.group is not PriorityGroup.NONE) is ahead]
        assert numbers == sorted(numbers)


@given(queues(), st.integers(0, 120))
def test_only_who_came_within_the_head_start_overtakes(
    tickets: list[Waiting], minutes: int
) -> None:
    head_start = dt.timedelta(minutes=minutes)
    ordered = order(tickets, head_start)
    for place, later in enumerate(ordered):
        for earlier in ordered[place + 1 :]:
            if later.arrived_at > earlier.arrived_at:
                assert later.group is not PriorityGroup.NONE
                assert earlier.group is PriorityGroup.NONE
                assert later.arrived_at - earlier.arrived_at <= head_start


@given(queues())
def test_without_a_head_start_the_queue_goes_by_arrival(tickets: list[Waiting]) -> None:
    assert [t.number for t in order(tickets, dt.timedelta())] == [t.number for t in tickets]


@given(queues(), st.sampled_from([g for g in PriorityGroup if g is not PriorityGroup.NONE]))
def test_a_priority_group_never_makes_anybody_wait_longer(
    tickets: list[Waiting], group: PriorityGroup
) -> None:
    """Whoever gets the priority stands at the same place as before or further ahead."""
    for place, one in enumerate(tickets):
        changed = [
            *tickets[:place],
            Waiting(one.number, one.arrived_at, group),
            *tickets[place + 1 :],
        ]
        before = [t.number for t in order(tickets)].index(one.number)
        after = [t.number for t in order(changed)].index(one.number)
        assert after <= before


def test_an_example_of_a_morning() -> None:
    queue = [
        Waiting(1, at(0)),
        Waiting(2, at(5)),
        Waiting(3, at(14), PriorityGroup.ELDERLY),
        Waiting(4, at(18), PriorityGroup.VETERAN),
    ]
    assert [t.number for t in order(queue)] == [3, 1, 4, 2]


def test_the_same_moment_keeps_the_order_of_the_numbers() -> None:
    queue = [Waiting(2, at(15), PriorityGroup.DISABLED), Waiting(1, at(0))]
    assert [t.number for t in order(queue)] == [1, 2]


# --- the life of a ticket ----------------------------------------------------------------------------
@pytest.mark.parametrize("action", list(TicketAction))
@pytest.mark.parametrize("state", list(TicketState))
def test_the_table_alone_decides_what_may_happen(state: TicketState, action: TicketAction) -> None:
    sources, target = TICKET_MOVES[action]
    if state in sources:
        assert rules.ticket_state_after(state, action) is target
    else:
        with pytest.raises(RuleViolation):
            rules.ticket_state_after(state, action)


def test_every_state_is_reached_and_a_conversation_has_one_end() -> None:
    assert {target for _, target in TICKET_MOVES.values()} | {TicketState.WAITING} == set(
        TicketState
    )
    assert all(TicketState.DONE not in sources for sources, _ in TICKET_MOVES.values())
    assert {TicketState.DONE, TicketState.CANCELLED}.isdisjoint(LIVE_TICKETS)


def test_every_code_has_words() -> None:
    assert set(rules.MATTER_LABELS) == set(rules.Matter)
    assert set(rules.PRIORITY_GROUP_LABELS) == set(PriorityGroup)
    assert set(rules.TICKET_STATE_LABELS) == set(TicketState) == set(rules.TICKET_STATE_TONES)
    assert set(rules.DESK_RESULT_LABELS) == set(rules.DeskResult)
    assert set(TICKET_MOVES) == set(TicketAction)


# --- small things ------------------------------------------------------------------------------------
@given(st.integers(0, 60), st.floats(0, 40), st.integers(0, 8))
def test_the_waiting_time_grows_with_the_queue(ahead: int, minutes: float, counters: int) -> None:
    told = rules.minutes_to_wait(ahead, service_minutes=minutes, counters=counters)
    assert told >= 0
    assert (told == 0) is (ahead == 0)
    assert rules.minutes_to_wait(ahead + 1, service_minutes=minutes, counters=counters) >= told
    assert rules.minutes_to_wait(ahead, service_minutes=minutes, counters=counters + 1) <= told


@pytest.mark.parametrize(("number", "shown"), [(7, "007"), (112, "112"), (1200, "1200")])
def test_numbers_are_shown_with_three_places(number: int, shown: str) -> None:
    assert rules.display_number(number) == shown


@pytest.mark.parametrize(
    ("needs", "group"),
    [
        ({}, PriorityGroup.NONE),
        ({"needs_language": True}, PriorityGroup.NONE),
        ({"with_child": True}, PriorityGroup.WITH_CHILD),
        ({"with_child": True, "is_elderly": True}, PriorityGroup.ELDERLY),
        ({"is_disabled": True, "is_elderly": True}, PriorityGroup.DISABLED),
    ],
)
def test_what_reception_ticks_makes_the_priority(
    needs: dict[str, bool], group: PriorityGroup
) -> None:
    assert rules.group_of(needs) is group


@pytest.mark.parametrize(("counter", "good"), [(1, True), (4, True), (0, False), (5, False), (None, False), ("2", False)])  # fmt: skip
def test_a_counter_is_one_of_those_there_are(counter: object, good: bool) -> None:
    assert (rules.counter_violation(counter, 4) is None) is good


def test_the_display_shows_the_newest_calls() -> None:
    calls = [SimpleNamespace(called_at=at(n)) for n in (3, 1, 9, 7, 5)] + [
        SimpleNamespace(called_at=None)
    ]
    shown = rules.calls_to_show(calls)
    assert [(c.called_at - OPENING).seconds // 60 for c in shown] == [9, 7, 5, 3]
