"""Writes of the visitor log: logging in three clicks, receiving, ending, taking back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.applications.services.moves import flush
from app.core.acting import Actor
from app.core.rules import N_, RuleViolation, Violation, collect
from app.core.text import clean
from app.frontdesk.models import DeskTicket, ServicePoint, Visit
from app.frontdesk.queries import desk as desk_queries
from app.frontdesk.queries import visits as queries
from app.frontdesk.rules import visits as rules
from app.frontdesk.rules.desk import LIVE_TICKETS, TicketState
from app.frontdesk.rules.visits import NEED_LABELS, VisitResult

#: What a caller may hand in; anything else is a mistake of the program.
FIELDS = frozenset(
    {
        "at", "people", "reason_id", "service_point_id", "unit_id", "host_id", "has_appointment",
        "visitor_name", "note", "guided_to_id", *NEED_LABELS,
    }
)  # fmt: skip
#: Known to the caller and not to the table: somebody of reception went along.
_ASIDE = frozenset({"accompanied"})


def log_visit(
    session: Session,
    *,
    values: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime,
    request_key: str | None = None,
) -> Visit:
    """Log a visit and return it; a second call with the same key returns the first.

    A reason that is settled at reception ends the visit at once. The unit of the room is kept with
    the visit, so that moving a room does not rewrite what has been. Raises RuleViolation with every
    broken rule.
    """
    if unknown := set(values) - FIELDS - _ASIDE:
        raise TypeError(f"no such field of a visit: {', '.join(sorted(unknown))}")
    check_verb(actor, "write", "Visit")
    if request_key and (known := queries.find_by_request_key(session, request_key)) is not None:
        return known
    tidy = _tidied(session, values, now)
    reason = queries.find_reason(session, tidy.get("reason_id"))
    is_short = reason is not None and reason.is_short
    checked = {**tidy, "reason_id": reason.id if reason is not None else None}
    if broken := collect(rules.visit_violations({**checked, "is_short": is_short}, now=now)):
        raise RuleViolation(broken)
    visit = Visit(**tidy, request_key=request_key)
    if values.get("accompanied"):
        visit.accompanied_by_id = actor.user_id
    if is_short:
        visit.served_at = visit.ended_at = visit.waiting_since
        visit.result = VisitResult.GUIDED
    try:
        with session.begin_nested():
            session.add(visit)
            session.flush()
    except IntegrityError:
        # A twin of this form was quicker; its entry is the answer.
        twin = queries.find_by_request_key(session, request_key) if request_key else None
        if twin is None:
            raise
        return twin
    return visit


def _tidied(session: Session, values: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    tidy = {name: value for name, value in values.items() if name in FIELDS}
    tidy["at"] = tidy.get("at") or now
    tidy["waiting_since"] = tidy["at"]
    tidy["visitor_name"] = clean(str(tidy.get("visitor_name") or ""))
    tidy["note"] = clean(str(tidy.get("note") or ""))[:300]
    for name in (*NEED_LABELS, "has_appointment"):
        tidy[name] = bool(tidy.get(name))
    if tidy.get("service_point_id"):
        point = session.get(ServicePoint, tidy["service_point_id"])
        if point is None:
            raise refuse(N_("Pick where the visitor goes."), "service_point")
        tidy["unit_id"] = tidy.get("unit_id") or point.unit_id
    return tidy


def check_changed(session: Session, *, visit: Visit, now: dt.datetime) -> Visit:
    """Finish a correction whose values already stand on the object; RuleViolation with every fault.

    An end without a result, or a result without an end, is completed.
    """
    with session.no_autoflush:
        reason = queries.find_reason(session, visit.reason_id)
        values = {name: getattr(visit, name) for name in (*FIELDS, "served_at", "ended_at")}
        values["is_short"] = reason is not None and reason.is_short
        visit.waiting_since = visit.at
        if broken := collect(rules.visit_violations(values, now=now)):
            raise RuleViolation(broken)
        if visit.ended_at is not None and visit.result is None:
            visit.result = VisitResult.SERVED if visit.served_at else VisitResult.LEFT
        if visit.result is not None and visit.ended_at is None:
            visit.ended_at = max(now, visit.served_at or visit.at)
    flush(session)
    return visit


def receive_visitor(session: Session, *, visit: Visit, actor: Actor, now: dt.datetime) -> Visit:
    """Note that the conversation has begun; a second press changes nothing."""
    check_verb(actor, "write", "Visit")
    if visit.ended_at is not None:
        raise refuse(N_("This visit is over already."))
    if visit.served_at is None:
        visit.served_at = max(now, visit.waiting_since)
        flush(session)
    return visit


def end_visit(
    session: Session,
    *,
    visit: Visit,
    actor: Actor,
    now: dt.datetime,
    result: VisitResult | None = None,
) -> Visit:
    """Note that a visitor has gone; a second press changes nothing.

    Without a result it is “talked to the unit” for whoever was received, else “left”. A ticket in
    the queue goes with whoever left.
    """
    check_verb(actor, "write", "Visit")
    if visit.ended_at is not None:
        return visit
    given = result or (VisitResult.SERVED if visit.served_at is not None else VisitResult.LEFT)
    visit.ended_at = max(now, visit.served_at or visit.waiting_since)
    visit.result = given
    flush(session)
    ticket = desk_queries.find_ticket_of_visit(session, visit.id)
    if given is VisitResult.LEFT and ticket is not None and ticket.state in LIVE_TICKETS:
        ticket.state, ticket.ended_at = TicketState.LEFT, max(now, ticket.arrived_at)
        flush(session)
    return visit


def undo_visit(session: Session, *, visit: Visit, actor: Actor, now: dt.datetime) -> None:
    """Take back what was logged a moment ago; its ticket is cancelled, its number stays used.

    Raises RuleViolation after a minute, for somebody else's entry, and once the visitor is at a
    counter; then the entry is corrected instead.
    """
    check_verb(actor, "write", "Visit")
    if not rules.may_undo(
        created_at=visit.created_at,
        created_by_id=visit.created_by_id,
        user_id=actor.user_id,
        now=now,
    ):
        raise refuse(
            N_("Only your own entry of the last minute can be taken back; correct it instead.")
        )
    ticket = desk_queries.find_ticket_of_visit(session, visit.id)
    if ticket is not None:
        _cancel(ticket, now)
    session.delete(visit)
    flush(session)


def _cancel(ticket: DeskTicket, now: dt.datetime) -> None:
    if ticket.state is not TicketState.WAITING:
        raise refuse(N_("The visitor has been called to the desk already; correct the entry."))
    ticket.state = TicketState.CANCELLED
    ticket.ended_at = max(now, ticket.arrived_at)
    ticket.visit_id = None


def check_verb(actor: Actor, verb: str, resource: str) -> None:
    """Require an act on a record, or raise RuleViolation."""
    if not actor.may(verb, resource):
        raise refuse(N_("You may not do this step."))


def refuse(message: str, field: str = "", **params: Any) -> RuleViolation:
    """Make a RuleViolation with one sentence."""
    return RuleViolation(Violation(field, message, params))
