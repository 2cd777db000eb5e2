"""What an operator does with a call: take it, say who rang, link the case, close it with its result.

Every act takes the acting `Actor`; a broken rule is a RuleViolation. Calls that a switch tells of are
folded in `calls_live`; both write the same events.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.applications import services as cases
from app.applications.models import Application
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_, RuleViolation, Violation, collect
from app.core.text import clean, excerpt
from app.frontdesk.models import Call, KnowledgeItem
from app.frontdesk.rules.calls import (
    LIVE_PHASES,
    ON_LINE,
    CallDirection,
    CallPhase,
    CallResult,
    CallSource,
    result_violations,
    settles_at_first_contact,
)
from app.frontdesk.rules.calls_live import LiveEvent, add_event, fold_events, read_number
from app.frontdesk.services.knowledge import note_use
from app.people.models import Citizen
from app.people.queries import find_citizens
from app.system.services import outbox

_NOT_LIVE = N_("This call has ended; its record can be changed in the list of calls.")
_NOT_YOURS = N_("This call belongs to a colleague.")
_MAY_NOT = N_("You may not do this.")
#: A button pressed twice begins one call.
_TWICE = dt.timedelta(seconds=15)


def refuse(message: str, field: str = "", **params: Any) -> RuleViolation:
    """Make a RuleViolation with one sentence."""
    return RuleViolation(Violation(field, message, params))


def check_handler(actor: Actor, call: Call) -> None:
    """Require that the actor handles calls and that this live one is nobody else's."""
    if not actor.may("handle", "Call"):
        raise refuse(_MAY_NOT)
    if call.operator_id not in {None, actor.user_id}:
        raise refuse(_NOT_YOURS)
    if call.phase not in LIVE_PHASES:
        raise refuse(_NOT_LIVE)


# --- beginning ---------------------------------------------------------------------------------------
def find_caller(session: Session, number: str) -> int | None:
    """The one citizen with this number; None for nobody and for several, who must be asked."""
    if not number:
        return None
    with acting_as(SYSTEM):
        found = find_citizens(session, number, limit=2)
    return found[0].id if len(found) == 1 else None


def start_call(
    session: Session,
    *,
    number: str,
    actor: Actor,
    direction: CallDirection = CallDirection.IN,
    now: dt.datetime | None = None,
) -> Call:
    """Begin a call by hand, for a house without a switch; pressed twice it begins once.

    An empty number is a withheld one. Raises RuleViolation for a number that is none.
    """
    if not actor.may("handle", "Call"):
        raise refuse(_MAY_NOT)
    moment = now or clock.now()
    read = read_number(number)
    if clean(number) and not read:
        raise refuse(
            N_("There is no such telephone number. Write it like 0532 123 45 67."), "number"
        )
    twin = session.scalars(
        select(Call)
        .where(
            Call.operator_id == actor.user_id,
            Call.phase == CallPhase.TALKING,
            Call.source == CallSource.MANUAL,
            Call.number == read,
            Call.started_at > moment - _TWICE,
        )
        .limit(1)
    ).first()
    if twin is not None:
        return twin
    call = Call(
        source=CallSource.MANUAL,
        direction=direction,
        phase=CallPhase.TALKING,
        number=read,
        citizen_id=find_caller(session, read),
        operator_id=actor.user_id,
        started_at=moment,
        answered_at=moment,
        events=[_event(LiveEvent.ANSWERED, moment)],
    )
    session.add(call)
    session.flush()
    return call


def _event(event: LiveEvent, at: dt.datetime) -> dict[str, str]:
    return {"event": event.value, "at": at.astimezone(dt.UTC).isoformat()}


def take_call(session: Session, *, call: Call, actor: Actor) -> Call:
    """Take a call that rings for anybody; the first one has it. RuleViolation for the second."""
    check_handler(actor, call)
    taken = session.execute(
        update(Call)
        .where(Call.id == call.id, Call.operator_id.is_(None))
        .values(operator_id=actor.user_id, version=Call.version + 1)
        .returning(Call.id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if taken is None and call.operator_id != actor.user_id:
        raise refuse(_NOT_YOURS)
    session.refresh(call)
    return call


# --- while it lasts ----------------------------------------------------------------------------------
def tell_event(
    session: Session, *, call: Call, event: LiveEvent, actor: Actor, now: dt.datetime | None = None
) -> Call:
    """Note by hand that a call is held, goes on or has ended; a switch tells that by itself."""
    check_handler(actor, call)
    if call.source is not CallSource.MANUAL:
        raise refuse(N_("The switch tells this by itself; use the telephone."))
    _tell(call, event, now or clock.now())
    session.flush()
    return call


def _tell(call: Call, event: LiveEvent, moment: dt.datetime) -> None:
    call.events = add_event(call.events or [], _event(event, moment))
    state = fold_events(call.events)
    call.phase = state.phase
    call.ended_at = state.ended_at
    call.talk_seconds, call.hold_seconds = state.talk_seconds, state.hold_seconds


def read_notice(
    session: Session, *, call: Call, actor: Actor, now: dt.datetime | None = None
) -> Call:
    """Note that the privacy notice was read out before the recording. Source: 6698 m.10."""
    check_handler(actor, call)
    call.notice_at = call.notice_at or now or clock.now()
    session.flush()
    return call


def choose_citizen(session: Session, *, call: Call, citizen_id: int | None, actor: Actor) -> Call:
    """Say which of several people with one number is calling; None: it is somebody else."""
    check_handler(actor, call)
    if citizen_id is not None and session.get(Citizen, citizen_id) is None:
        raise refuse(N_("There is no such applicant."), "citizen")
    call.citizen_id = citizen_id
    session.flush()
    return call


def link_application(session: Session, *, call: Call, application: Application) -> Call:
    """Keep which case a call was about; a call about a hidden identity keeps nothing of the caller.

    The number of a tip-off would lead to the person. Source: domain facts 2.4.
    """
    call.application_id = application.id
    if application.identity_hidden:
        call.number, call.citizen_id = "", None
    elif call.citizen_id is None and application.citizen_id is not None:
        call.citizen_id = application.citizen_id
    session.flush()
    return call


def note_on_case(
    session: Session,
    *,
    call: Call,
    application: Application,
    text: str,
    actor: Actor,
    now: dt.datetime | None = None,
) -> Call:
    """Add what the caller said to an open case; the call goes on."""
    check_handler(actor, call)
    cases.add_note(session, application=application, text=text, actor=actor, now=now)
    return link_application(session, call=call, application=application)


# --- ending --------------------------------------------------------------------------------------------
def close_call(
    session: Session,
    *,
    call: Call,
    result: CallResult,
    actor: Actor,
    note: str = "",
    transferred_to: str = "",
    knowledge_id: int | None = None,
    now: dt.datetime | None = None,
) -> Call:
    """Write what came of a call. By hand this ends it; a switch ends it when the caller hangs up.

    Raises RuleViolation for a result that does not fit.
    """
    check_handler(actor, call)
    moment = now or clock.now()
    values = {"result": result, "transferred_to": transferred_to, "note": note}
    answered = call.is_answered or call.phase is not CallPhase.RINGING
    if broken := collect(result_violations(values, answered=answered)):
        raise RuleViolation(broken)
    call.operator_id = call.operator_id or actor.user_id
    call.result = result
    if transferred_to:
        call.transferred_to = clean(transferred_to)
    if note.strip():
        call.note = "\n".join(part for part in (call.note, clean(note, multiline=True)) if part)
    settled = settles_at_first_contact(result)
    if settled is not None:
        call.first_contact = settled
    if knowledge_id is not None:
        _answer_with(session, call, knowledge_id)
    _end(call, moment)
    session.flush()
    return call


def _answer_with(session: Session, call: Call, knowledge_id: int) -> None:
    item = session.get(KnowledgeItem, knowledge_id)
    if item is None:
        raise refuse(N_("There is no such knowledge item."), "knowledge")
    if call.knowledge_id != item.id:
        call.knowledge_id = item.id
        note_use(session, item=item)


def _end(call: Call, moment: dt.datetime) -> None:
    """Close a call that is over; one that the switch still holds is closed with its last message."""
    if call.source is CallSource.MANUAL and call.phase in ON_LINE:
        _tell(call, LiveEvent.HANGUP, moment)
    if call.phase in ON_LINE:
        return
    call.phase = CallPhase.CLOSED
    call.closed_at = moment
    if call.ended_at is not None and call.answered_at is not None:
        call.wrap_seconds = max(int((moment - call.ended_at).total_seconds()), 0)


def tell_state(
    session: Session,
    *,
    call: Call,
    application: Application,
    actor: Actor,
    said: str = "",
    now: dt.datetime | None = None,
) -> Call:
    """Note on a case that its state was told on the telephone, and close the call with it."""
    check_handler(actor, call)
    cases.record_step(
        session, application, "call_told", actor=actor, now=now, note=excerpt(said, 500)
    )
    link_application(session, call=call, application=application)
    return close_call(session, call=call, result=CallResult.INFORMED, actor=actor, now=now)


def send_state(session: Session, *, call: Call, application: Application, text: str) -> bool:
    """Send what was said to the caller, once a call and case; False if that is not the applicant.

    Without a number, and about a hidden identity, nothing is sent either.
    """
    if not call.number or application.identity_hidden:
        return False
    if call.citizen_id is None or call.citizen_id != application.citizen_id:
        return False
    outbox.queue_sms(
        session,
        to=call.number,
        body=f"{application.number}: {text}",
        owner_type="Application",
        owner_id=application.id,
        template="call_state",
        dedupe_key=f"call:{call.id}:state:{application.id}",
    )
    return True


def after_registered(
    session: Session,
    *,
    call: Call,
    application: Application,
    actor: Actor,
    now: dt.datetime | None = None,
) -> Call:
    """Link the case that was opened, or joined, during a call; called by intake through the port.

    A case that was closed at once was settled at first contact.
    """
    link_application(session, call=call, application=application)
    call.operator_id = call.operator_id or actor.user_id
    call.result = CallResult.CASE_OPENED
    call.first_contact = application.closed_at is not None
    if call.phase in LIVE_PHASES:
        _end(call, now or clock.now())
    session.flush()
    return call


# --- afterwards ----------------------------------------------------------------------------------------
def after_call_changed(session: Session, *, call: Call, values: Mapping[str, Any]) -> Call:
    """Finish an edit of a record whose values already stand on it: the rules, and the link to a case.

    Raises RuleViolation; the caller rolls back.
    """
    given = {name: getattr(call, name) for name in ("result", "transferred_to", "note")}
    if broken := collect(result_violations(given, answered=call.is_answered)):
        raise RuleViolation(broken)
    if call.application_id is not None:
        application = session.get(Application, call.application_id)
        if application is None:
            raise refuse(N_("There is no such application."), "application")
        link_application(session, call=call, application=application)
    session.flush()
    return call
