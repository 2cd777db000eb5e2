"""Grouped figures agree with counting one by one; who sees which calls; the report of a period."""

from __future__ import annotations

import datetime as dt
import random
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.acting import ANONYMOUS, Actor, acting_as
from app.core.clock import ISTANBUL
from app.frontdesk.models import Call
from app.frontdesk.queries import calls_figures as figures
from app.frontdesk.queries import calls_now
from app.frontdesk.rules.calls import (
    UNANSWERED,
    CallDirection,
    CallPhase,
    CallResult,
    CallSource,
)
from app.frontdesk.rules.calls_figures import Counts, count_calls
from tests.frontdesk.calls_support import make_case, make_citizen, tell, user_id
from tests.support import ACCOUNTS, actor_of

DAY = dt.date(2031, 3, 3)


@pytest.fixture
def session(session: Any) -> Any:
    """The session itself, as services take it, not the one that stands for it."""
    return session()


def make_calls(session: Any, number: int = 300) -> list[Call]:
    """Calls of a week in which nothing else happened."""
    rng = random.Random(7)
    people = [user_id(session, name) for name in ("operator", "operator2")]
    calls = []
    for index in range(number):
        at = dt.datetime.combine(
            DAY + dt.timedelta(days=rng.randrange(7)),
            dt.time(rng.randrange(24), rng.randrange(60)),
            ISTANBUL,
        )
        result = rng.choice(list(CallResult))
        spoken = result not in UNANSWERED
        wait = rng.choice([0, 3, 4, 5, 19, 20, 21, 60])
        calls.append(
            Call(
                switch_id=f"figure-{index}",
                direction=rng.choice([CallDirection.IN, CallDirection.IN, CallDirection.OUT]),
                source=CallSource.IMPORT,
                phase=CallPhase.CLOSED,
                result=result,
                operator_id=rng.choice(people) if spoken else None,
                started_at=at,
                answered_at=at + dt.timedelta(seconds=wait) if spoken else None,
                wait_seconds=wait,
                talk_seconds=rng.randrange(300) if spoken else 0,
                hold_seconds=rng.randrange(30) if spoken else 0,
                wrap_seconds=rng.randrange(60) if spoken else 0,
                first_contact=rng.choice([None, True, False]) if spoken else None,
            )
        )
    session.add_all(calls)
    session.flush()
    return calls


def counted(calls: list[Call]) -> Counts:
    """The same calls, one by one, by the pure rule."""
    plain = [
        SimpleNamespace(
            direction=c.direction.value,
            result=c.result.value,
            answered=c.answered_at is not None,
            wait=c.wait_seconds,
            talk=c.talk_seconds,
            hold=c.hold_seconds,
            wrap=c.wrap_seconds,
            first_contact=c.first_contact,
            opened=c.result is CallResult.CASE_OPENED,
        )
        for c in calls
    ]
    return count_calls(plain, within=20, short=5)


def local(call: Call) -> dt.datetime:
    """When a call began on the clock of Istanbul."""
    return clock.to_local(call.started_at)


# --- figures ---------------------------------------------------------------------------------------------
def test_sql_counts_as_the_rule_counts(session: Any) -> None:
    calls = make_calls(session)
    narrow = figures.started_between(DAY, DAY + dt.timedelta(days=6))
    assert figures.find_counts(session, narrow) == counted(calls)
    one_day = figures.started_between(DAY, DAY)
    assert figures.find_counts(session, one_day) == counted(
        [c for c in calls if local(c).date() == DAY]
    )


def test_every_grouping_adds_up_to_the_whole(session: Any) -> None:
    calls = make_calls(session)
    narrow = figures.started_between(DAY, DAY + dt.timedelta(days=6))
    for day, counts in figures.list_days(session, narrow):
        assert counts == counted([c for c in calls if local(c).date() == day])
    for half, counts in figures.list_half_hours(session, narrow):
        of_half = [c for c in calls if local(c).hour * 2 + local(c).minute // 30 == half]
        assert counts == counted(of_half)
    (month,) = figures.list_months(session, narrow)
    assert month == (DAY.replace(day=1), counted(calls))
    for pk, _name, counts in figures.list_operators(session, narrow):
        assert counts == counted([c for c in calls if c.operator_id == pk])
    table = figures.count_by_weekday_and_hour(session, narrow)
    assert sum(row["count"] for row in table) == counted(calls).offered
    for row in table:
        assert (
            row["count"]
            == counted(
                [
                    c
                    for c in calls
                    if (local(c).isoweekday(), local(c).hour) == (row["weekday"], row["hour"])
                ]
            ).offered
        )


def test_an_operator_counts_the_own_calls_and_sees_how_the_centre_does(
    app: Any, session: Any
) -> None:
    calls = make_calls(session)
    narrow = figures.started_between(DAY, DAY + dt.timedelta(days=6))
    operator = actor_of(app, session, "operator")
    with acting_as(operator):
        own = figures.find_counts(session, narrow)
        people = figures.list_operators(session, narrow)
        centre = calls_now.find_day(session, DAY)
    assert own == counted([c for c in calls if c.operator_id == operator.user_id])
    assert [pk for pk, _name, _counts in people] == [operator.user_id]
    assert centre == counted([c for c in calls if local(c).date() == DAY])


def test_hours_of_this_day_end_with_the_present_one(session: Any) -> None:
    today = clock.today()
    rows = calls_now.list_hours(session, today)
    hours = [row["hour"] for row in rows if row["series"] == "today"]
    assert hours == list(range(clock.to_local(clock.now()).hour + 1))
    assert len([row for row in rows if row["series"] == "usual"]) == 24


# --- who sees what -----------------------------------------------------------------------------------------
SEES_ALL = {"sef", "vekil", "mudur", "baskan", "strateji", "denetci"}


def visible(session: Any, actor: Actor) -> set[int]:
    """The ids that an actor sees."""
    with acting_as(actor):
        return set(session.scalars(select(Call.id)))


@pytest.mark.parametrize("username", ACCOUNTS)
def test_an_operator_sees_own_calls_and_those_above_all(
    app: Any, session: Any, username: str
) -> None:
    own = tell(session, ("ringing", 9), operator="operator")
    free = tell(session, ("ringing", 9))
    lost = tell(session, ("ringing", 9), ("hangup", 3))
    other = tell(session, ("ringing", 9), operator="operator2")
    session.flush()
    seen = visible(session, actor_of(app, session, username)) & {
        own.id,
        free.id,
        lost.id,
        other.id,
    }
    if username == "operator":
        assert seen == {own.id, free.id}
    elif username in SEES_ALL:
        assert seen == {own.id, free.id, lost.id, other.id}
    else:
        assert seen == set()
    assert visible(session, ANONYMOUS) == set()


def test_a_call_about_a_restricted_case_is_hidden_with_it(app: Any, session: Any) -> None:
    operator = actor_of(app, session, "operator")
    case = make_case(session, operator, make_citizen(session))
    call = tell(session, ("ringing", 9), ("answered", 5), operator="operator")
    call.application_id = case.id
    session.flush()
    assert call.id in visible(session, operator)
    assert call.id in visible(session, actor_of(app, session, "denetci"))
    case.is_restricted = True
    session.flush()
    for name in ("operator", "strateji"):
        actor = actor_of(app, session, name)
        assert call.id not in visible(session, actor)
        with acting_as(actor):
            assert calls_now.list_calls_of(session, Call.application_id == case.id) == []
    assert call.id in visible(session, actor_of(app, session, "mudur"))


def test_figures_leave_out_what_the_actor_may_not_see(app: Any, session: Any) -> None:
    strategist = actor_of(app, session, "strateji")
    case = make_case(session, actor_of(app, session, "operator"), make_citizen(session))
    with acting_as(strategist):
        before = session.scalar(select(func.count(Call.id)))
    call = tell(session, ("ringing", 9), ("answered", 5), operator="operator")
    call.application_id = case.id
    case.is_restricted = True
    session.flush()
    with acting_as(strategist):
        assert session.scalar(select(func.count(Call.id))) == before
