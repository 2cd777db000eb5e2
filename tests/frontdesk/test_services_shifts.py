"""Shifts and hand-over notes: planning, copying a week, swaps, beginning, acknowledging."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from app.core import clock
from app.core.acting import Actor, acting_as
from app.core.clock import ISTANBUL
from app.core.rules import RuleViolation
from app.frontdesk.models import Shift, ShiftNote
from app.frontdesk.models.shifts import note_cases, note_readings
from app.frontdesk.queries import shifts as queries
from app.frontdesk.rules.shifts import ShiftKind, ShiftState
from app.frontdesk.services import shifts as services
from app.models import Notification
from tests.frontdesk.calls_support import make_case, make_citizen, user_id
from tests.support import actor_of

#: A Monday far from the demo plan.
MONDAY = dt.date(2031, 3, 3)


@pytest.fixture
def session(session: Any) -> Any:
    """The session itself, as services take it, not the one that stands for it."""
    return session()


@pytest.fixture
def operator(app: Any, session: Any) -> Actor:
    """The operator."""
    return actor_of(app, session, "operator")


@pytest.fixture
def colleague(session: Any) -> int:
    """Another operator."""
    return user_id(session, "operator2")


@pytest.fixture
def chief(app: Any, session: Any) -> Actor:
    """The chief, who plans and decides."""
    return actor_of(app, session, "sef")


def plan(
    session: Any, who: int, day: dt.date, kind: ShiftKind = ShiftKind.DAY, **more: Any
) -> Shift:
    """Put somebody on the plan."""
    shift = Shift(operator_id=who, on=day, kind=kind, **more)
    return services.place_shift(session, shift=shift)


def fields(work: Any) -> set[str]:
    """The fields that a refusal names."""
    with pytest.raises(RuleViolation) as caught:
        work()
    return {one.field for one in caught.value.violations}


# --- planning --------------------------------------------------------------------------------------------
def test_a_shift_gets_its_hours_from_the_settings(session: Any, operator: Actor) -> None:
    shift = plan(session, operator.user_id, MONDAY, ShiftKind.EVENING)
    assert shift.starts_at == dt.datetime(2031, 3, 3, 16, tzinfo=ISTANBUL)
    assert shift.ends_at == dt.datetime(2031, 3, 4, 0, tzinfo=ISTANBUL)


def test_nobody_sits_at_two_at_once(session: Any, operator: Actor, colleague: int) -> None:
    shift = plan(session, operator.user_id, MONDAY)
    assert fields(lambda: plan(session, operator.user_id, MONDAY)) == {"operator"}
    plan(session, operator.user_id, MONDAY, ShiftKind.EVENING)
    plan(session, colleague, MONDAY)
    shift.seat = "1299"
    assert services.place_shift(session, shift=shift).seat == "1299"
    shift.kind = ShiftKind.EVENING
    assert fields(lambda: services.place_shift(session, shift=shift)) == {"operator"}


def test_a_week_is_copied_once_without_leave_and_swaps(
    session: Any, operator: Actor, colleague: int
) -> None:
    plan(session, operator.user_id, MONDAY, seat="1201")
    plan(session, operator.user_id, MONDAY + dt.timedelta(days=1), state=ShiftState.LEAVE)
    plan(
        session,
        colleague,
        MONDAY + dt.timedelta(days=2),
        state=ShiftState.SWAPPED,
        swapped_from_id=operator.user_id,
    )
    following = MONDAY + dt.timedelta(days=7)
    assert services.copy_week(session, monday=following) == (2, 0)
    made = queries.list_shifts(session, following, following + dt.timedelta(days=6))
    assert [(s.operator_id, s.state, s.seat) for s in made] == [
        (operator.user_id, ShiftState.PLANNED, "1201"),
        (operator.user_id, ShiftState.PLANNED, ""),
    ]
    assert services.copy_week(session, monday=following) == (0, 2)
    assert services.copy_week(session, monday=following + dt.timedelta(days=70)) == (0, 0)


# --- swaps -------------------------------------------------------------------------------------------------
def test_a_swap_is_asked_for_approved_and_both_are_told(
    session: Any, operator: Actor, colleague: int, chief: Actor
) -> None:
    shift = plan(session, operator.user_id, MONDAY)
    services.ask_swap(session, shift=shift, colleague_id=colleague, note="Toplantı", actor=operator)
    assert (shift.state, shift.operator_id) == (ShiftState.SWAP_ASKED, operator.user_id)
    told = select(Notification.user_id).where(
        Notification.owner_type == "Shift", Notification.owner_id == shift.id
    )
    assert {chief.user_id, colleague} <= set(session.scalars(told))
    services.decide_swap(session, shift=shift, approved=True, actor=chief)
    assert (shift.state, shift.operator_id, shift.swapped_from_id, shift.swap_to_id) == (
        ShiftState.SWAPPED,
        colleague,
        operator.user_id,
        None,
    )
    assert operator.user_id in set(session.scalars(told))
    with pytest.raises(RuleViolation, match="No swap"):
        services.decide_swap(session, shift=shift, approved=True, actor=chief)


def test_a_refused_swap_leaves_the_shift_where_it_was(
    session: Any, operator: Actor, colleague: int, chief: Actor
) -> None:
    shift = plan(session, operator.user_id, MONDAY)
    services.ask_swap(session, shift=shift, colleague_id=colleague, note="", actor=operator)
    services.decide_swap(session, shift=shift, approved=False, actor=chief)
    assert (shift.state, shift.operator_id) == (ShiftState.PLANNED, operator.user_id)


def test_what_cannot_be_swapped(
    app: Any, session: Any, operator: Actor, colleague: int, chief: Actor
) -> None:
    shift = plan(session, operator.user_id, MONDAY)

    def ask(who: int, actor: Actor = operator, **more: Any) -> Any:
        return lambda: services.ask_swap(
            session, shift=shift, colleague_id=who, note="", actor=actor, **more
        )

    assert fields(ask(operator.user_id)) == {"colleague"}
    assert fields(ask(user_id(session, "denetci"))) == {"colleague"}
    assert fields(ask(999_999)) == {"colleague"}
    assert fields(ask(colleague, now=shift.starts_at)) == {""}
    assert fields(ask(colleague, actor=actor_of(app, session, "operator2"))) == {""}
    plan(session, colleague, MONDAY)
    assert fields(ask(colleague)) == {"colleague"}
    with pytest.raises(RuleViolation, match="may not"):
        services.decide_swap(session, shift=shift, approved=True, actor=operator)


def test_a_colleague_who_is_planned_meanwhile_cannot_take_it(
    session: Any, operator: Actor, colleague: int, chief: Actor
) -> None:
    shift = plan(session, operator.user_id, MONDAY)
    services.ask_swap(session, shift=shift, colleague_id=colleague, note="", actor=operator)
    plan(session, colleague, MONDAY)
    assert fields(
        lambda: services.decide_swap(session, shift=shift, approved=True, actor=chief)
    ) == {"colleague"}


# --- on duty -------------------------------------------------------------------------------------------------
def test_a_shift_is_begun_a_little_before_its_hour_and_once(session: Any, operator: Actor) -> None:
    shift = plan(session, operator.user_id, MONDAY)
    early = shift.starts_at - dt.timedelta(minutes=20)
    services.begin_shift(session, actor=operator, seat=" 1217 ", now=early)
    services.begin_shift(session, actor=operator, now=shift.starts_at)
    assert (shift.signed_in_at, shift.seat) == (early, "1217")
    assert queries.find_operator_at_seat(session, "1217", shift.starts_at) == operator.user_id
    assert queries.find_operator_at_seat(session, "1217", shift.ends_at) is None
    with pytest.raises(RuleViolation, match="No shift"):
        services.begin_shift(session, actor=operator, now=shift.starts_at - dt.timedelta(hours=2))


def test_seconds_on_duty_are_those_of_the_span_that_is_asked_about(
    session: Any, operator: Actor
) -> None:
    shift = plan(session, operator.user_id, MONDAY)
    plan(session, operator.user_id, MONDAY + dt.timedelta(days=1), state=ShiftState.LEAVE)
    week = dt.timedelta(days=7)
    found = queries.staffed_seconds(session, shift.starts_at, shift.starts_at + week)
    assert found == {operator.user_id: 8 * 3600}
    half = queries.staffed_seconds(
        session, shift.starts_at, shift.starts_at + dt.timedelta(hours=2), operator.user_id
    )
    assert half == {operator.user_id: 2 * 3600}


# --- hand-over ---------------------------------------------------------------------------------------------
def test_a_note_waits_until_it_is_acknowledged(
    app: Any, session: Any, operator: Actor, chief: Actor
) -> None:
    now = clock.now()
    session.execute(delete(note_readings))
    session.execute(delete(note_cases))
    session.execute(delete(ShiftNote))
    case = make_case(session, operator, make_citizen(session))
    note = services.write_note(
        session,
        text="Ana hat patladı.\nEkip yerinde.",
        open_matters="18.00’de sor",
        application_ids=[case.id, 9_999_999],
        actor=operator,
        now=now,
    )
    assert note.text == "Ana hat patladı.\nEkip yerinde."
    unread = queries.list_unread_notes
    assert unread(session, operator.user_id, now) == []
    assert unread(session, chief.user_id, now) == [note]
    assert [c.id for c in queries.list_note_cases(session, [note.id])[note.id]] == [case.id]
    assert services.acknowledge_note(session, note=note, actor=chief)
    assert not services.acknowledge_note(session, note=note, actor=chief)
    assert unread(session, chief.user_id, now) == []
    assert [name for _pk, name, _at in queries.list_readers(session, note.id)] == [chief.name]
    later = now + dt.timedelta(days=30)
    assert unread(session, user_id(session, "operator2"), later) == []


def test_a_note_says_something_and_tells_nothing_of_cases_one_may_not_see(
    app: Any, session: Any, operator: Actor
) -> None:
    with pytest.raises(RuleViolation):
        services.write_note(session, text=" ", open_matters="", application_ids=(), actor=operator)
    case = make_case(session, operator, make_citizen(session))
    note = services.write_note(
        session, text="Bakınız.", open_matters="", application_ids=[case.id], actor=operator
    )
    case.is_restricted = True
    session.flush()
    with acting_as(operator):
        assert queries.list_note_cases(session, [note.id]) == {}
    with acting_as(actor_of(app, session, "cimer")):
        assert note.id in queries.list_note_cases(session, [note.id])
    with acting_as(operator):
        before = session.scalar(select(func.count()).select_from(note_cases))
        services.write_note(
            session, text="Yine.", open_matters="", application_ids=[case.id], actor=operator
        )
        assert session.scalar(select(func.count()).select_from(note_cases)) == before
