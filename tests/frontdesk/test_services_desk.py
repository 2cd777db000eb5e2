"""The Solution Desk at work: numbers of the day, calling in a fair order, conversations, the linked case."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.core.acting import Actor
from app.core.rules import RuleViolation
from app.frontdesk.models import DeskTicket, ServicePoint, Visit, VisitReason
from app.frontdesk.queries import desk as queries
from app.frontdesk.rules.desk import (
    DeskResult,
    Matter,
    PriorityGroup,
    TicketAction,
    TicketState,
)
from app.frontdesk.rules.visits import VisitResult
from app.frontdesk.services import desk as services
from app.frontdesk.services import visits as visit_services
from app.models import Application
from tests.support import actor_of, registered_case


@pytest.fixture
def session(session: Any) -> Any:
    """The session itself, as services take it, not the one that stands for it."""
    return session()


@pytest.fixture
def officer(app: Any, session: Any) -> Actor:
    """The officer at the desk."""
    return actor_of(app, session, "masa")


@pytest.fixture
def other(app: Any, session: Any) -> Actor:
    """Somebody else who may call: the chief."""
    return actor_of(app, session, "sef")


@pytest.fixture
def now(session: Any) -> dt.datetime:
    """The present, with an empty queue."""
    session.execute(
        update(DeskTicket)
        .where(DeskTicket.state.in_([TicketState.WAITING, TicketState.CALLED, TicketState.SERVING]))
        .values(state=TicketState.LEFT)
    )
    return clock.now()


def take(session: Any, actor: Actor, now: dt.datetime, **more: Any) -> DeskTicket:
    return services.take_ticket(session, matter=Matter.APPLICATION, actor=actor, now=now, **more)


def visit_of(session: Any, actor: Actor, now: dt.datetime) -> Visit:
    desk = session.scalars(select(ServicePoint).where(ServicePoint.is_desk.is_(True))).first()
    why = session.scalars(select(VisitReason).where(VisitReason.is_short.is_(False))).first()
    return visit_services.log_visit(
        session,
        values={"reason_id": why.id, "service_point_id": desk.id, "people": 1},
        actor=actor,
        now=now,
    )


def refused(call: Any) -> str:
    with pytest.raises(RuleViolation) as told:
        call()
    return told.value.violations[0].message


# --- numbers -----------------------------------------------------------------------------------------
def test_numbers_of_a_day_have_no_gap(session: Any, officer: Actor, now: dt.datetime) -> None:
    first, second = take(session, officer, now), take(session, officer, now)
    assert second.number == first.number + 1
    assert first.on == clock.to_local(now).date()
    tomorrow = take(session, officer, now + dt.timedelta(days=1))
    assert tomorrow.number == 1


def test_the_same_form_and_the_same_visit_take_one_number(
    session: Any, officer: Actor, now: dt.datetime
) -> None:
    first = take(session, officer, now, request_key="one-press")
    assert take(session, officer, now, request_key="one-press") is first
    visit = visit_of(session, officer, now)
    ticket = take(session, officer, now, visit=visit)
    assert take(session, officer, now, visit=visit) is ticket


# --- calling -----------------------------------------------------------------------------------------
def test_priority_goes_ahead_within_the_head_start(
    session: Any, officer: Actor, now: dt.datetime
) -> None:
    long_ago = take(session, officer, now - dt.timedelta(minutes=40))
    lately = take(session, officer, now - dt.timedelta(minutes=5))
    elderly = take(session, officer, now, group=PriorityGroup.ELDERLY)
    called = []
    for _ in range(3):
        ticket = services.call_next(session, counter=2, actor=officer, now=now)
        called.append(ticket)
        services.start_ticket(session, ticket=ticket, actor=officer, now=now)
        services.finish_ticket(
            session, ticket=ticket, result=DeskResult.SOLVED, actor=officer, now=now
        )
    assert called == [long_ago, elderly, lately]
    assert services.call_next(session, counter=2, actor=officer, now=now) is None


def test_two_officers_never_call_the_same_number(
    session: Any, officer: Actor, other: Actor, now: dt.datetime
) -> None:
    take(session, officer, now)
    take(session, officer, now)
    first = services.call_next(session, counter=1, actor=officer, now=now)
    second = services.call_next(session, counter=2, actor=other, now=now)
    assert first is not second
    assert (first.counter, second.counter) == (1, 2)


def test_an_open_call_or_conversation_comes_first(
    session: Any, officer: Actor, now: dt.datetime
) -> None:
    ticket = take(session, officer, now)
    take(session, officer, now)
    services.call_next(session, counter=1, actor=officer, now=now)
    call = lambda: services.call_next(session, counter=1, actor=officer, now=now)  # noqa: E731
    assert "has been called" in refused(call)
    services.call_again(session, ticket=ticket, actor=officer, now=now)
    assert ticket.calls == 2
    services.start_ticket(session, ticket=ticket, actor=officer, now=now)
    assert "First end the conversation" in refused(call)


def test_a_counter_that_is_not_there_calls_nobody(
    session: Any, officer: Actor, now: dt.datetime
) -> None:
    take(session, officer, now)
    call = lambda: services.call_next(session, counter=99, actor=officer, now=now)  # noqa: E731
    assert "Pick your counter" in refused(call)


def test_who_may_only_take_numbers_calls_nobody(app: Any, session: Any, now: dt.datetime) -> None:
    guide = actor_of(app, session, "rehber")
    take(session, guide, now)
    call = lambda: services.call_next(session, counter=1, actor=guide, now=now)  # noqa: E731
    assert refused(call) == "You may not do this step."


# --- the conversation ----------------------------------------------------------------------------------
def test_the_visit_is_received_and_ends_with_the_conversation(
    session: Any, officer: Actor, now: dt.datetime
) -> None:
    visit = visit_of(session, officer, now)
    ticket = take(session, officer, now, visit=visit)
    services.start_ticket(session, ticket=ticket, actor=officer, now=now, counter=3)
    assert (ticket.counter, ticket.calls, visit.served_at) == (3, 1, now)
    services.finish_ticket(
        session, ticket=ticket, result=DeskResult.GUIDED, actor=officer, now=now, note=" İtfaiye  "
    )
    assert (ticket.state, ticket.note) == (TicketState.DONE, "İtfaiye")
    assert (visit.ended_at, visit.result) == (now, VisitResult.GUIDED)


def test_a_conversation_ends_with_a_result(session: Any, officer: Actor, now: dt.datetime) -> None:
    ticket = take(session, officer, now)
    services.start_ticket(session, ticket=ticket, actor=officer, now=now, counter=1)
    call = lambda: services.finish_ticket(  # noqa: E731
        session, ticket=ticket, result=None, actor=officer, now=now
    )
    assert "Pick what came" in refused(call)


def test_who_did_not_come_may_come_back_to_the_old_place(
    session: Any, officer: Actor, now: dt.datetime
) -> None:
    visit = visit_of(session, officer, now)
    ticket = take(session, officer, now - dt.timedelta(minutes=9), visit=visit)
    services.call_next(session, counter=1, actor=officer, now=now)
    services.lose_ticket(
        session, ticket=ticket, action=TicketAction.NO_SHOW, actor=officer, now=now
    )
    assert (ticket.state, visit.result) == (TicketState.NO_SHOW, VisitResult.LEFT)
    take(session, officer, now)
    services.take_back(session, ticket=ticket, actor=officer)
    assert (ticket.officer_id, visit.ended_at) == (None, None)
    assert services.call_next(session, counter=1, actor=officer, now=now) is ticket


def test_a_cancelled_number_is_not_given_again(
    session: Any, officer: Actor, now: dt.datetime
) -> None:
    ticket = take(session, officer, now)
    services.cancel_ticket(session, ticket=ticket, actor=officer, now=now)
    assert take(session, officer, now).number == ticket.number + 1
    assert "cannot be done" in refused(
        lambda: services.start_ticket(session, ticket=ticket, actor=officer, now=now, counter=1)
    )


# --- the application -----------------------------------------------------------------------------------
def serving(session: Any, officer: Actor, now: dt.datetime) -> DeskTicket:
    ticket = take(session, officer, now)
    return services.start_ticket(session, ticket=ticket, actor=officer, now=now, counter=1)


def a_case(session: Any) -> Application:
    case: Application = registered_case(session)
    return case


def test_intake_links_what_it_registered_to_the_ticket_served(
    session: Any, officer: Actor, now: dt.datetime
) -> None:
    ticket, case = serving(session, officer, now), a_case(session)
    target = services.link_intake(session, case, {"ticket": str(ticket.id)}, officer)
    assert target == services.DESK_URL
    assert (ticket.application_id, ticket.result) == (case.id, DeskResult.APPLICATION)
    take(session, officer, now)
    following = services.call_next(session, counter=1, actor=officer, now=now)
    assert following is not None
    assert ticket.state is TicketState.DONE, "the next call ends what has its result"


@pytest.mark.parametrize("ticket", ["", "x", "99999999999", "0", "-1"])
def test_nonsense_in_the_address_links_nothing(
    session: Any, officer: Actor, now: dt.datetime, ticket: str
) -> None:
    assert services.link_intake(session, a_case(session), {"ticket": ticket}, officer) is None


def test_somebody_elses_ticket_is_not_linked(
    session: Any, officer: Actor, other: Actor, now: dt.datetime
) -> None:
    ticket, case = serving(session, officer, now), a_case(session)
    assert services.link_intake(session, case, {"ticket": str(ticket.id)}, other) is None
    assert ticket.application_id is None


def test_what_is_closed_on_the_spot_is_solved_at_first_contact(
    session: Any, officer: Actor, now: dt.datetime
) -> None:
    closed = session.scalars(
        select(Application).where(Application.state == "closed").order_by(Application.id)
    ).first()
    ticket = serving(session, officer, now)
    services.link_application(session, ticket=ticket, application=closed)
    assert ticket.result is DeskResult.SOLVED
    services.link_application(session, ticket=ticket, application=a_case(session))
    assert ticket.application_id == closed.id, "the first one stays"


# --- figures -------------------------------------------------------------------------------------------
def test_the_queue_tells_how_long_it_takes(session: Any, officer: Actor, now: dt.datetime) -> None:
    assert queries.find_queue(session, now)["waiting"] == 0
    for _ in range(3):
        take(session, officer, now)
    told = queries.find_queue(session, now)
    assert told["waiting"] == 3
    assert told["minutes"] > 0
