"""What each bulk act does with one application, and how it is taken back; how many is no matter here.

Each calls the service of the ordinary step, so that its rules are those of the record page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, Assignment
from app.applications.rules import Action, AssignmentState, BulkAct, Priority, State
from app.applications.services.editing import add_note, change_details
from app.applications.services.endings import close
from app.applications.services.merging import merge, unmerge
from app.applications.services.moves import apply_action, flush, refuse, renew
from app.applications.services.notices import people_of_unit, tell_staff
from app.applications.services.routing import assign
from app.applications.services.tekit import remind_units
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_
from app.organisation.models import StaffUser

_CHANGED_SINCE = N_("Somebody has changed it since; it is left as it is now.")
_ACCEPTED = N_("The unit has taken it over already.")


@dataclass(frozen=True)
class Done:
    """What an act leaves behind: the step it wrote, and what a reversal puts back."""

    event_id: int | None
    before: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One act on one application: on whose behalf, when, with which values and why."""

    session: Session
    application: Application
    arguments: Mapping[str, Any]
    actor: Actor
    now: dt.datetime
    reason: str


@dataclass(frozen=True)
class Reversal:
    """The taking back of one act: what it left, and the call that does so."""

    call: Call
    event_id: int | None
    before: Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """The two halves of an act; without `undo` it stands for good."""

    do: Callable[[Call], Done]
    undo: Callable[[Reversal], None] | None = None


def _last_event(call: Call) -> int | None:
    steps = ApplicationEvent.__table__.c
    return call.session.execute(
        select(func.max(steps.id)).where(steps.application_id == call.application.id)
    ).scalar()


def _refuse_moved(reversal: Reversal) -> None:
    """A case that has gone on is not pulled back over what others have done with it."""
    call, steps = reversal.call, ApplicationEvent.__table__.c
    later = (
        call.session.execute(
            select(steps.action)
            .where(
                steps.application_id == call.application.id,
                steps.id > (reversal.event_id or 0),
                steps.to_state.is_not(None),
            )
            .order_by(steps.id.desc())
            .limit(1)
        )
        .scalars()
        .first()
    )
    if later is not None:
        raise refuse(rules.MOVED_ON, step=rules.step_label(later))


# --- assign ------------------------------------------------------------------------------------------
def _assign(call: Call) -> Done:
    case, given = call.application, call.arguments
    before = {
        "state": case.state.value,
        "lead_unit_id": case.lead_unit_id,
        "owner_id": case.owner_id,
        "goal_on": case.goal_on.isoformat() if case.goal_on else None,
    }
    due = given.get("due_on")
    assign(
        call.session,
        application=case,
        unit_ids=[],
        lead_unit_id=given.get("lead_unit_id"),
        due_on=dt.date.fromisoformat(due) if due else None,
        note=given.get("note") or "",
        actor=call.actor,
        now=call.now,
    )
    return Done(_last_event(call), before)


def _undo_assign(reversal: Reversal) -> None:
    call, before = reversal.call, reversal.before
    case, session = call.application, call.session
    _refuse_moved(reversal)
    with acting_as(SYSTEM):
        rows = session.scalars(
            select(Assignment).where(
                Assignment.application_id == case.id,
                Assignment.cycle == case.cycle,
                Assignment.state.in_(sorted(rules.LIVE_ASSIGNMENTS)),
            )
        ).all()
    if any(row.state is not AssignmentState.SENT for row in rows):
        raise refuse(_ACCEPTED)
    unit_id = case.lead_unit_id
    step = apply_action(
        session, case, Action.UNDO_ASSIGN, actor=call.actor, now=call.now,
        given={"reason": call.reason}, note=call.reason, unit_id=unit_id,
        back_to=State(before["state"]),
    )  # fmt: skip
    for row in rows:
        row.state = AssignmentState.CANCELLED
        row.returned_at = call.now
        row.return_reason = call.reason[:300]
        people = people_of_unit(session, row.unit_id)
        tell_staff(session, case, "cancel", step=step, users=people)
    case.lead_unit_id = before["lead_unit_id"]
    case.owner_id = before["owner_id"]
    case.goal_on = dt.date.fromisoformat(before["goal_on"]) if before["goal_on"] else None
    renew(session, case)


# --- close -------------------------------------------------------------------------------------------
def _close(call: Call) -> Done:
    case = call.application
    before = {"state": case.state.value, "closing_note": case.closing_note}
    close(
        call.session,
        application=case,
        note=call.arguments.get("note") or "",
        actor=call.actor,
        now=call.now,
    )
    return Done(_last_event(call), before)


def _undo_close(reversal: Reversal) -> None:
    call, case = reversal.call, reversal.call.application
    _refuse_moved(reversal)
    apply_action(
        call.session, case, Action.UNDO_CLOSE, actor=call.actor, now=call.now,
        given={"reason": call.reason}, note=call.reason, back_to=State(reversal.before["state"]),
    )  # fmt: skip
    case.closed_at = None
    case.closing_note = reversal.before["closing_note"]
    flush(call.session)


# --- remind, note --------------------------------------------------------------------------------------
def _remind(call: Call) -> Done:
    step = remind_units(
        call.session,
        application=call.application,
        text=call.arguments.get("text") or "",
        actor=call.actor,
        now=call.now,
    )
    return Done(step.id)


def _note(call: Call) -> Done:
    step = add_note(
        call.session,
        application=call.application,
        text=call.arguments.get("text") or "",
        actor=call.actor,
        now=call.now,
    )
    return Done(step.id)


# --- priority, officer ---------------------------------------------------------------------------------
def _change(call: Call, name: str, value: Any) -> Done:
    case, old = call.application, getattr(call.application, name)
    if old == value:
        raise refuse(N_("It stands like that already."))
    change_details(
        call.session, application=case, values={name: value}, actor=call.actor, now=call.now
    )
    return Done(_last_event(call), {"value": getattr(old, "value", old)})


def _change_back(reversal: Reversal, name: str, given: Any, value: Any) -> None:
    call = reversal.call
    if getattr(call.application, name) != given:
        raise refuse(_CHANGED_SINCE)
    change_details(
        call.session,
        application=call.application,
        values={name: value},
        actor=call.actor,
        now=call.now,
    )


def _priority(call: Call) -> Done:
    return _change(call, "priority", Priority(call.arguments["priority"]))


def _undo_priority(reversal: Reversal) -> None:
    given = Priority(reversal.call.arguments["priority"])
    _change_back(reversal, "priority", given, Priority(reversal.before["value"]))


def _officer(call: Call) -> Done:
    owner_id = call.arguments.get("owner_id")
    with acting_as(SYSTEM):
        officer = call.session.get(StaffUser, owner_id) if owner_id else None
    if officer is None or not officer.active:
        raise refuse(N_("This person no longer signs in; pick somebody else."), "owner_id")
    return _change(call, "owner_id", officer.id)


def _undo_officer(reversal: Reversal) -> None:
    given = reversal.call.arguments.get("owner_id")
    _change_back(reversal, "owner_id", given, reversal.before["value"])


# --- merge -------------------------------------------------------------------------------------------
def _merge(call: Call) -> Done:
    merge(
        call.session,
        application=call.application,
        master_id=call.arguments.get("master_id"),
        note=call.reason,
        actor=call.actor,
        now=call.now,
    )
    return Done(_last_event(call))


def _undo_merge(reversal: Reversal) -> None:
    call, case = reversal.call, reversal.call.application
    if case.state is not State.MERGED or case.master_id != call.arguments.get("master_id"):
        raise refuse(_CHANGED_SINCE)
    if case.answered_at is not None:
        raise refuse(N_("The applicant has been answered with the main case already."))
    unmerge(call.session, application=case, reason=call.reason, actor=call.actor, now=call.now)


ACTS: Mapping[BulkAct, Act] = {
    BulkAct.ASSIGN: Act(_assign, _undo_assign),
    BulkAct.REMIND: Act(_remind),
    BulkAct.CLOSE: Act(_close, _undo_close),
    BulkAct.NOTE: Act(_note),
    BulkAct.PRIORITY: Act(_priority, _undo_priority),
    BulkAct.OFFICER: Act(_officer, _undo_officer),
    BulkAct.MERGE: Act(_merge, _undo_merge),
}
