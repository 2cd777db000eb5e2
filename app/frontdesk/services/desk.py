"""Writes of the Solution Desk: taking a ticket, calling, receiving, ending, linking the application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.applications.rules import State
from app.applications.services.moves import flush
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_, RuleViolation
from app.core.text import clean
from app.frontdesk.models import DeskTicket, Visit
from app.frontdesk.queries import desk as queries
from app.frontdesk.rules import desk as rules
from app.frontdesk.rules.desk import (
    DeskResult,
    Matter,
    PriorityGroup,
    TicketAction,
    TicketState,
)
from app.frontdesk.rules.visits import VisitResult
from app.frontdesk.services.visits import check_verb, refuse
from app.system.services import numbers

#: Where an officer goes on after intake has registered an application for a ticket.
DESK_URL = "/desk/"
_SERIES = "desk:{:%m-%d}"
_VISIT_RESULTS = {
    DeskResult.SOLVED: VisitResult.SERVED,
    DeskResult.APPLICATION: VisitResult.APPLICATION,
    DeskResult.GUIDED: VisitResult.GUIDED,
    DeskResult.UNSOLVED: VisitResult.SERVED,
}


def take_ticket(
    session: Session,
    *,
    matter: Matter,
    actor: Actor,
    now: dt.datetime,
    group: PriorityGroup = PriorityGroup.NONE,
    visit: Visit | None = None,
    request_key: str | None = None,
) -> DeskTicket:
    """Give the next number of the day; a second call with the same key or visit gives the same one."""
    check_verb(actor, "write", "DeskTicket")
    if request_key and (known := queries.find_by_request_key(session, request_key)) is not None:
        return known
    if visit is not None and (known := queries.find_ticket_of_visit(session, visit.id)) is not None:
        return known
    day = clock.to_local(now).date()
    try:
        # The savepoint gives the number back when a twin of this form was quicker.
        with session.begin_nested():
            given = numbers.next_number(session, series=_SERIES.format(day), year=day.year)
            ticket = DeskTicket(
                on=day,
                number=int(given.partition("-")[2]),
                matter=Matter(matter),
                priority_group=PriorityGroup(group),
                state=TicketState.WAITING,
                arrived_at=now,
                visit_id=visit.id if visit is not None else None,
                request_key=request_key,
            )
            session.add(ticket)
            session.flush()
    except IntegrityError:
        twin = queries.find_by_request_key(session, request_key) if request_key else None
        if twin is None:
            raise
        return twin
    return ticket


def call_next(
    session: Session, *, counter: int, actor: Actor, now: dt.datetime
) -> DeskTicket | None:
    """Call the next ticket to a counter; None when nobody waits.

    A conversation of this officer that has its result is ended by it; one without a result, or a
    call that nobody has answered yet, must be settled first: RuleViolation.
    """
    check_verb(actor, "call", "DeskTicket")
    if broken := rules.counter_violation(counter, queries.count_counters(session)):
        raise RuleViolation(broken)
    live = queries.list_live(session, clock.to_local(now).date())
    for own in [t for t in live if t.officer_id == actor.user_id and t.officer_id is not None]:
        if own.state is TicketState.CALLED:
            raise refuse(
                N_(
                    "Number %(number)s has been called: begin, call again or note that nobody came."
                ),
                number=own.shown,
            )
        if own.state is TicketState.SERVING and own.result is None:
            raise refuse(N_("First end the conversation with number %(number)s."), number=own.shown)
        if own.state is TicketState.SERVING:
            finish_ticket(session, ticket=own, result=own.result, actor=actor, now=now)
    for ticket in queries.in_order(live, queries.find_head_start(session)):
        if _lock_waiting(session, ticket):
            return _call(session, ticket, TicketAction.CALL, counter, actor, now)
    return None


def _lock_waiting(session: Session, ticket: DeskTicket) -> bool:
    """Hold the row if it still waits: two officers never call the same number."""
    with acting_as(SYSTEM):
        found = session.scalars(
            select(DeskTicket)
            .where(DeskTicket.id == ticket.id, DeskTicket.state == TicketState.WAITING)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ).first()
    return found is not None


def _call(
    session: Session,
    ticket: DeskTicket,
    action: TicketAction,
    counter: int,
    actor: Actor,
    now: dt.datetime,
) -> DeskTicket:
    ticket.state = rules.ticket_state_after(ticket.state, action)
    ticket.counter, ticket.officer_id = counter, actor.user_id
    ticket.called_at, ticket.calls = max(now, ticket.arrived_at), ticket.calls + 1
    flush(session)
    return ticket


def call_again(
    session: Session, *, ticket: DeskTicket, actor: Actor, now: dt.datetime
) -> DeskTicket:
    """Show a called number on the display once more."""
    check_verb(actor, "call", "DeskTicket")
    counter = ticket.counter or 1
    return _call(session, ticket, TicketAction.RECALL, counter, actor, now)


def start_ticket(
    session: Session,
    *,
    ticket: DeskTicket,
    actor: Actor,
    now: dt.datetime,
    counter: int | None = None,
) -> DeskTicket:
    """Begin the conversation; whoever waits may also be taken out of turn. A second press is harmless."""
    check_verb(actor, "call", "DeskTicket")
    if ticket.state is TicketState.SERVING and ticket.officer_id == actor.user_id:
        return ticket
    chosen = counter or ticket.counter
    if broken := rules.counter_violation(chosen, queries.count_counters(session)):
        raise RuleViolation(broken)
    ticket.state = rules.ticket_state_after(ticket.state, TicketAction.START)
    ticket.counter, ticket.officer_id = chosen, actor.user_id
    ticket.started_at = max(now, ticket.arrived_at)
    ticket.called_at = ticket.called_at or ticket.started_at
    ticket.calls = max(ticket.calls, 1)
    flush(session)
    visit = _visit_of(session, ticket)
    if visit is not None and visit.served_at is None and visit.ended_at is None:
        visit.served_at = max(now, visit.waiting_since)
        flush(session)
    return ticket


def finish_ticket(
    session: Session,
    *,
    ticket: DeskTicket,
    result: DeskResult | None,
    actor: Actor,
    now: dt.datetime,
    note: str = "",
) -> DeskTicket:
    """End the conversation with its result; the visit ends with it. RuleViolation without a result."""
    check_verb(actor, "call", "DeskTicket")
    given = result or ticket.result
    if given is None:
        raise refuse(N_("Pick what came of the conversation."), "result")
    ticket.state = rules.ticket_state_after(ticket.state, TicketAction.FINISH)
    ticket.result = DeskResult(given)
    ticket.note = clean(note)[:300] or ticket.note
    ticket.ended_at = max(now, ticket.started_at or ticket.arrived_at)
    flush(session)
    _end_visit(session, ticket, _VISIT_RESULTS[ticket.result], now)
    return ticket


def lose_ticket(
    session: Session, *, ticket: DeskTicket, action: TicketAction, actor: Actor, now: dt.datetime
) -> DeskTicket:
    """Note that nobody came when called (`no_show`), or that somebody left the queue (`leave`)."""
    check_verb(actor, "call" if action is TicketAction.NO_SHOW else "write", "DeskTicket")
    ticket.state = rules.ticket_state_after(ticket.state, action)
    ticket.ended_at = max(now, ticket.arrived_at)
    flush(session)
    _end_visit(session, ticket, VisitResult.LEFT, now)
    return ticket


def take_back(session: Session, *, ticket: DeskTicket, actor: Actor) -> DeskTicket:
    """Put somebody who was in the corridor back into the queue, at the place of the first arrival."""
    check_verb(actor, "write", "DeskTicket")
    ticket.state = rules.ticket_state_after(ticket.state, TicketAction.BACK)
    ticket.ended_at = ticket.called_at = ticket.counter = ticket.officer_id = None
    flush(session)
    visit = _visit_of(session, ticket)
    if visit is not None:
        visit.ended_at = visit.result = None
        flush(session)
    return ticket


def cancel_ticket(
    session: Session, *, ticket: DeskTicket, actor: Actor, now: dt.datetime
) -> DeskTicket:
    """Cancel a ticket that was taken by mistake; its number is not given again."""
    check_verb(actor, "write", "DeskTicket")
    ticket.state = rules.ticket_state_after(ticket.state, TicketAction.CANCEL)
    ticket.ended_at = max(now, ticket.arrived_at)
    flush(session)
    return ticket


def link_application(
    session: Session, *, ticket: DeskTicket, application: Application
) -> DeskTicket:
    """Tie the application that was taken at the desk to its ticket; the first one stays.

    What was answered on the spot counts as solved at first contact.
    """
    if ticket.application_id is None:
        ticket.application_id = application.id
    closed = application.state is State.CLOSED
    if ticket.result is None:
        ticket.result = DeskResult.SOLVED if closed else DeskResult.APPLICATION
    flush(session)
    return ticket


def link_intake(
    session: Session, application: Application, arguments: Mapping[str, str], actor: Actor
) -> str | None:
    """Link what intake has registered to the ticket that opened it; a port of core calls this.

    Only the officer who serves the ticket links it; anything else in the address is let be.
    """
    number = arguments.get("ticket", "")
    if not number.isdigit() or len(number) > 9:
        return None
    ticket = queries.get_ticket(session, int(number))
    if ticket is None or ticket.state is not TicketState.SERVING:
        return None
    if ticket.officer_id != actor.user_id:
        return None
    link_application(session, ticket=ticket, application=application)
    return DESK_URL


def _visit_of(session: Session, ticket: DeskTicket) -> Visit | None:
    return session.get(Visit, ticket.visit_id) if ticket.visit_id else None


def _end_visit(session: Session, ticket: DeskTicket, result: VisitResult, now: dt.datetime) -> None:
    visit = _visit_of(session, ticket)
    if visit is None or visit.ended_at is not None:
        return
    visit.ended_at = max(now, visit.served_at or visit.waiting_since)
    visit.result = result
    flush(session)


__all__ = [
    "DESK_URL",
    "call_again",
    "call_next",
    "cancel_ticket",
    "finish_ticket",
    "link_application",
    "link_intake",
    "lose_ticket",
    "start_ticket",
    "take_back",
    "take_ticket",
]
