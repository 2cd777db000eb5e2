"""Which period, which goal and which reminders an application has, on the real calendar of 2026."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.applications import rules
from app.applications.rules import (
    AssignmentRole,
    AssignmentState,
    Channel,
    Kind,
    ReminderLevel,
    State,
)
from app.core.calendar import PeriodUnit, Rule, WorkCalendar, compute_deadline
from app.core.calendar.turkish_holidays import holidays_between

CALENDAR = WorkCalendar(holidays_between(2025, 2027))
PETITION = Rule("petition_answer", 1, 30, PeriodUnit.CALENDAR_DAYS, "3071 m.7", "x")
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Case:
    state: State = State.IN_PROGRESS
    started_on: dt.date = dt.date(2026, 9, 1)
    due_on: dt.date | None = dt.date(2026, 10, 1)
    goal_on: dt.date | None = dt.date(2026, 9, 15)


@dataclass(frozen=True)
class Sent:
    role: AssignmentRole = AssignmentRole.LEAD
    state: AssignmentState = AssignmentState.ACCEPTED


def kinds_due(today, case=None, sent=(Sent(),), **more):
    return [
        (p.kind, p.level.value)
        for p in rules.due_reminders(case or Case(), sent, CALENDAR, today, **more)
    ]


def test_the_kind_names_the_period():
    assert rules.rule_key_of(Kind.COMPLAINT) == "petition_answer"
    assert rules.rule_key_of(Kind.INFORMATION) == "foi_access"
    assert rules.rule_key_of(Kind.INFORMATION, is_extended=True) == "foi_access_ext"
    assert rules.rule_key_of(Kind.COMPLAINT, is_extended=True) == "petition_answer"
    assert rules.rule_key_of(Kind.THANKS) is None


def test_cimer_counts_from_the_earlier_day():
    ours, theirs = dt.date(2026, 3, 16), dt.date(2026, 3, 12)
    assert rules.day_zero(Channel.CIMER, ours, theirs) == theirs
    assert rules.day_zero(Channel.CIMER, ours, None) == ours
    assert rules.day_zero(Channel.CIMER, theirs, ours) == theirs
    assert rules.day_zero(Channel.EMAIL, ours, theirs) == ours


@pytest.mark.parametrize(
    ("days", "percent", "goal"),
    [
        (None, 50, dt.date(2026, 3, 31)),  # Day 15 of 30.
        (None, 100, dt.date(2026, 4, 15)),
        (5, 50, dt.date(2026, 3, 24)),  # 20 March is a holiday.
        (0, 50, dt.date(2026, 3, 16)),
        (60, 50, dt.date(2026, 4, 15)),  # Never after the legal date.
    ],
)
def test_the_goal_is_the_topics_days_or_a_share_of_the_law(days, percent, goal):
    start = dt.date(2026, 3, 16)
    deadline = compute_deadline(PETITION, start, CALENDAR)
    assert (
        rules.goal_of(deadline, start, CALENDAR, days=days, percent=percent, default_days=9) == goal
    )


@pytest.mark.parametrize(
    ("goal", "due", "given"),
    [
        (dt.date(2026, 3, 31), dt.date(2026, 4, 15), dt.date(2026, 3, 31)),
        (dt.date(2026, 3, 27), dt.date(2026, 4, 15), dt.date(2026, 3, 27)),  # Today is not past.
        (dt.date(2026, 3, 26), dt.date(2026, 4, 15), dt.date(2026, 4, 15)),
        (dt.date(2026, 3, 20), dt.date(2026, 3, 25), dt.date(2026, 3, 25)),  # All is past.
        (dt.date(2026, 3, 20), None, dt.date(2026, 3, 20)),  # No law, no other day.
        (None, dt.date(2026, 4, 15), dt.date(2026, 4, 15)),
        (None, None, None),
    ],
)
def test_a_unit_is_not_late_with_what_it_has_just_been_given(goal, due, given):
    assert rules.day_for_unit(goal, due, dt.date(2026, 3, 27)) == given


def test_without_a_law_the_general_days_make_the_goal():
    start = dt.date(2026, 3, 16)
    goal = rules.goal_of(None, start, CALENDAR, days=None, percent=50, default_days=3)
    assert goal == dt.date(2026, 3, 19)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (dt.date(2026, 9, 7), []),
        (dt.date(2026, 9, 8), [("internal_50", "liaison")]),
        (dt.date(2026, 9, 11), [("internal_50", "liaison"), ("internal_80", "liaison")]),
        (dt.date(2026, 9, 15), [("internal_80", "liaison"), ("internal_100", "unit_manager")]),
        (dt.date(2026, 9, 28), [("legal_3", "unit_manager")]),
        (dt.date(2026, 9, 30), [("legal_3", "unit_manager"), ("legal_1", "branch_manager")]),
        (
            dt.date(2026, 10, 1),
            [
                ("legal_3", "unit_manager"),
                ("legal_1", "branch_manager"),
                ("legal_0", "branch_manager"),
            ],
        ),
    ],
)
def test_points_come_on_their_days(today, expected):
    found = kinds_due(today)
    assert found == [e for e in expected if e in found] == expected


def test_each_day_after_the_legal_date_has_one_point_and_climbs():
    levels = {}
    for late in range(1, 30):
        today = dt.date(2026, 10, 1) + late * DAY
        overdue = [
            p for p in rules.due_reminders(Case(), [Sent()], CALENDAR, today) if p.kind == "overdue"
        ]
        assert [p.due_on for p in overdue] == [today]
        levels[late] = overdue[0].level
    assert levels[1] is ReminderLevel.BRANCH_MANAGER
    # Thursday 1 October: the third working day after it is Tuesday the 6th.
    assert levels[4] is ReminderLevel.BRANCH_MANAGER
    assert levels[5] is ReminderLevel.DEPARTMENT_HEAD
    assert levels[29] is ReminderLevel.DEPARTMENT_HEAD


@pytest.mark.parametrize(
    ("state", "sent", "level"),
    [
        (State.IN_PROGRESS, [Sent()], "liaison"),
        (State.ASSIGNED, [Sent(state=AssignmentState.SENT)], "liaison"),
        (State.IN_PROGRESS, [Sent(AssignmentRole.INFORMATION)], "office"),
        (State.IN_PROGRESS, [Sent(state=AssignmentState.ANSWERED)], "office"),
        (State.UNIT_ANSWERED, [Sent(state=AssignmentState.ANSWERED)], "office"),
        (State.EXTENSION_REQUESTED, [Sent()], "office"),
        (State.TRIAGE, [], "office"),
    ],
)
def test_whoever_has_to_act_is_reminded(state, sent, level):
    assert kinds_due(dt.date(2026, 9, 8), Case(state=state), sent) == [("internal_50", level)]


def test_a_stopped_clock_has_no_legal_points():
    case = Case(state=State.FEE_PENDING, due_on=None)
    assert kinds_due(dt.date(2026, 10, 20), case) == []
    assert kinds_due(dt.date(2026, 9, 15), case)[-1] == ("internal_100", "office")


def test_a_goal_on_the_first_day_is_told_once():
    case = Case(goal_on=dt.date(2026, 9, 1), due_on=None)
    assert kinds_due(dt.date(2026, 9, 1), case) == [("internal_100", "unit_manager")]


def test_what_was_missed_long_ago_is_left_out():
    assert kinds_due(dt.date(2026, 9, 22)) == []
    assert kinds_due(dt.date(2026, 9, 21)) == [("internal_100", "unit_manager")]


@given(
    start=st.dates(dt.date(2025, 6, 1), dt.date(2026, 12, 1)),
    goal_days=st.integers(0, 20),
    due_days=st.integers(1, 45),
    down=st.integers(1, 6),
)
@settings(max_examples=300, deadline=None)
def test_days_without_a_worker_lose_nothing_and_say_nothing_twice(start, goal_days, due_days, down):
    """A scan each day and a scan after days of silence come to the same reminders, but for overdue."""
    goal = CALENDAR.add_working_days(start, goal_days)
    case = Case(started_on=start, goal_on=goal, due_on=max(goal, start + due_days * DAY))

    def keys(today):
        return {(p.kind, p.due_on) for p in rules.due_reminders(case, [Sent()], CALENDAR, today)}

    last = case.due_on + 10 * DAY
    days = [start + n * DAY for n in range((last - start).days + 1)]
    daily, seldom = set().union(*map(keys, days)), set().union(*map(keys, [*days[::down], last]))
    assert {k for k in daily if k[0] != "overdue"} == {k for k in seldom if k[0] != "overdue"}
    assert len([k for k in daily if k[0] == "overdue"]) == 10
    assert set(seldom) <= daily


@dataclass
class Days:
    """Counts calls, to show that the rule asks the calendar for days only."""

    calls: list[str] = field(default_factory=list)

    def add_working_days(self, on, days):
        return CALENDAR.add_working_days(on, days)

    def working_days_between(self, start, end):
        return CALENDAR.working_days_between(start, end)


def test_a_calendar_with_a_memory_gives_the_same_points():
    for late in range(-40, 20):
        today = dt.date(2026, 10, 1) + late * DAY
        assert rules.due_reminders(Case(), [Sent()], Days(), today) == rules.due_reminders(
            Case(), [Sent()], CALENDAR, today
        )
