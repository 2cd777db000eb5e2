"""The only door through which an application changes its state; what a step means is elsewhere.

A listener on every session refuses any other change of `Application.state`, be it by an attribute,
a form or a bulk update: the table in `rules.transitions` cannot be walked round.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction
from sqlalchemy.orm.exc import StaleDataError

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, Assignment
from app.applications.rules import Action, State, Visibility
from app.core import clock
from app.core.acting import Actor, note_mandate
from app.core.rules import N_, ConflictError, RuleViolation, Violation

R = TypeVar("R")

_MARK = "applications.state"
_EDITED = "applications.edited"
#: Details that may be corrected; state, dates, units and numbers follow from steps.
DETAILS = frozenset(
    {
        "kind", "topic_id", "subject", "body", "priority", "citizen_id", "is_anonymous",
        "on_behalf_of", "contact_phone", "contact_email", "wants_notice", "district_id",
        "neighbourhood_id", "street", "place_note", "latitude", "longitude", "external_ref",
        "is_restricted", "owner_id",
    }
)  # fmt: skip
_NOT_THIS_WAY = N_("The state of an application changes only through its steps.")
_MAY_NOT = N_("You may not do this step.")
_CHANGED = N_("Somebody else has changed this record meanwhile; look at it again.")
#: States in which a row may be born: registered by the service, or as a draft.
_BORN = frozenset({State.DRAFT, State.REGISTERED})
_RELATIONS = ("topic", "district", "neighbourhood", "owner", "citizen")


#: Told of each step once it stands on the timeline: what follows for records beside the application.
after_step: list[Callable[[Session, Application, ApplicationEvent], None]] = []


# --- the guard -----------------------------------------------------------------------------------
def mark_state(application: Application, state: State) -> None:
    """Let the next flush take this state for this object."""
    instance: Any = inspect(application)
    instance.info[_MARK] = state


def forget_marks(application: Application) -> None:
    """Forget what a step has noted on the object, when the step itself was rolled back."""
    instance: Any = inspect(application)
    instance.info.pop(_MARK, None)
    instance.info.pop(_EDITED, None)


def edited_details(application: Application) -> dict[str, Any]:
    """Detail → its value before the edit, since the last step; a flush in between forgets nothing."""
    instance: Any = inspect(application)
    known: dict[str, Any] = instance.info.setdefault(_EDITED, {})
    if instance.persistent:
        # A form fills the relation, a service the column; both end in the column.
        for relation in _RELATIONS:
            if instance.attrs[relation].history.has_changes():
                other = getattr(application, relation)
                setattr(application, f"{relation}_id", other.id if other is not None else None)
        for name in DETAILS:
            history = instance.attrs[name].history
            if history.has_changes():
                known.setdefault(name, history.deleted[0] if history.deleted else None)
    return known


def _refuse_other_changes(session: Session, _context: UOWTransaction, _objects: Any) -> None:
    for row in (*session.new, *session.dirty):
        if not isinstance(row, Application):
            continue
        edited_details(row)
        instance: Any = inspect(row)
        info, history = instance.info, instance.attrs.state.history
        if not history.added:
            continue
        state = history.added[0]
        if row in session.new and state is None:
            continue
        known = info.pop(_MARK, None)
        if history.deleted and history.deleted[0] == state:
            continue
        if known != state and not (row in session.new and state in _BORN):
            raise RuleViolation(Violation("state", _NOT_THIS_WAY))


def _refuse_bulk_changes(state: ORMExecuteState) -> None:
    if not state.is_update:
        return
    statement: Any = state.statement
    if state.bind_mapper is None or state.bind_mapper.class_ is not Application:
        return
    given: list[Any] = [*(getattr(statement, "_values", None) or ())]
    given += [column for column, _ in getattr(statement, "_ordered_values", None) or ()]
    given += [name for row in getattr(statement, "_multi_values", None) or () for name in row]
    rows: Any = state.parameters or ()
    given += [name for row in ([rows] if isinstance(rows, dict) else rows) for name in row]
    columns = {getattr(column, "key", column) for column in given}
    if "state" in columns:
        raise RuleViolation(Violation("state", _NOT_THIS_WAY))


def install(session_class: type[Session] = Session) -> None:
    """Guard every session of this class and its subclasses; calling it twice does no harm."""
    if not event.contains(session_class, "before_flush", _refuse_other_changes):
        event.listen(session_class, "before_flush", _refuse_other_changes)
        event.listen(session_class, "do_orm_execute", _refuse_bulk_changes)


install()


# --- steps ---------------------------------------------------------------------------------------
def flush(session: Session) -> None:
    """Flush; a row that somebody else changed first is a ConflictError."""
    try:
        session.flush()
    except StaleDataError as stale:
        raise ConflictError(_CHANGED) from stale


def renew(session: Session, application: Application) -> None:
    """Flush, and forget the relations whose columns a step has set: they are read anew when asked."""
    flush(session)
    session.expire(
        application,
        ["lead_unit", "institution", "master", "owner", "assignments", "events", "replies"],
    )


def check_version(row: Any, version: int | None) -> None:
    """Compare the version a form was opened with; ConflictError when the row has moved on."""
    if version is not None and row.version != version:
        raise ConflictError(_CHANGED, row.version)


def check_verb(actor: Actor, *verbs: str, unit_id: int | None = None) -> int | None:
    """Require one of these acts on Application, or raise RuleViolation.

    Returns in whose place the actor acts when the own rights were not enough (vekâleten), else None;
    the audit trail tells it too.
    """
    if not any(actor.may(verb, "Application") for verb in verbs):
        raise RuleViolation(Violation("", _MAY_NOT))
    mandate = actor.mandate_for(verbs, "Application", unit_id=unit_id)
    note_mandate(mandate)
    return mandate.principal_id if mandate is not None else None


def refuse(message: str, field: str = "", **params: Any) -> RuleViolation:
    """Make a RuleViolation with one sentence."""
    return RuleViolation(Violation(field, message, params))


def apply_action(
    session: Session,
    application: Application,
    action: Action,
    *,
    actor: Actor,
    now: dt.datetime | None = None,
    given: Mapping[str, Any] | None = None,
    note: str = "",
    details: Mapping[str, Any] | None = None,
    unit_id: int | None = None,
    implied: bool = False,
    version: int | None = None,
    back_to: State | None = None,
    awaits_letter: bool = False,
) -> ApplicationEvent:
    """Move an application by one row of the table and write the event of it.

    `given` holds the fields that the step needs. `implied` leaves out the check of the verb, for a
    step that another one brings with it; `back_to` is the state that a step is taken back to. What
    `awaits_letter` is no answer before its letter has left: the clock runs on until then. Raises
    RuleViolation for a move that is not in the table, a missing field or a missing right,
    ConflictError for a stale `version`.
    """
    check_version(application, version)
    moment = now or clock.now()
    row = rules.transition_for(
        application.state,
        action,
        at_unit=has_live_assignment(session, application),
        back_to=back_to,
    )
    deputy_for_id = None
    if not implied:
        # Only what a unit does is done for a unit; elsewhere the unit is who gets the case.
        unit = unit_id if set(row.verbs) <= {"accept", "answer"} else None
        deputy_for_id = check_verb(actor, *row.verbs, unit_id=unit)
    if missing := tuple(rules.missing_needs(row, given or {})):
        raise RuleViolation(missing)
    before = application.state
    application.state = row.to_state
    mark_state(application, row.to_state)
    if row.stops_clock and not awaits_letter:
        stop_clock(application, moment)
    if row.to_state is State.CLOSED:
        application.closed_at = moment
    return record_step(
        session,
        application,
        action.value,
        actor=actor,
        now=moment,
        note=note,
        details=details,
        unit_id=unit_id,
        from_state=before,
        visibility=Visibility.INTERNAL if awaits_letter else row.visibility,
        deputy_for_id=deputy_for_id,
    )


def record_step(
    session: Session,
    application: Application,
    action: str,
    *,
    actor: Actor,
    now: dt.datetime | None = None,
    note: str = "",
    details: Mapping[str, Any] | None = None,
    unit_id: int | None = None,
    from_state: State | None = None,
    visibility: Visibility | None = None,
    deputy_for_id: int | None = None,
) -> ApplicationEvent:
    """Add one row to the timeline; without `from_state` the step changes no state.

    `deputy_for_id` names in whose place the actor did it, where that is known.
    """
    if visibility is None:
        shown = action in rules.SHOWN_STEPS
        visibility = Visibility.APPLICANT if shown else Visibility.INTERNAL
    step = ApplicationEvent(
        application_id=application.id,
        at=now or clock.now(),
        actor_id=actor.user_id,
        deputy_for_id=deputy_for_id,
        action=action,
        from_state=from_state,
        to_state=application.state if from_state is not None or action == "register" else None,
        unit_id=unit_id,
        note=note.strip(),
        details=dict(details or {}),
        visibility=visibility,
    )
    session.add(step)
    flush(session)
    # What was edited up to now belongs to this step.
    instance: Any = inspect(application)
    instance.info.pop(_EDITED, None)
    tell_followers(session, application, step)
    return step


def tell_followers(session: Session, application: Application, step: ApplicationEvent) -> None:
    """Tell whoever follows applications of a step; also for steps that were written in bulk."""
    for follow in after_step:
        follow(session, application, step)


def stop_clock(application: Application, now: dt.datetime) -> None:
    """Write when the legal clock stopped and whether it did so in time; twice changes nothing."""
    if application.answered_at is not None:
        return
    # Times are compared in the database: an answer in the minute of receipt must not lie before it.
    application.answered_at = max(now, application.received_at)
    due = application.due_on
    application.on_time = None if due is None else clock.to_local(now).date() <= due


# --- assignments of the present cycle ------------------------------------------------------------
def has_live_assignment(session: Session, application: Application) -> bool:
    """Whether a unit that must act has the case; the whole table decides, not the actor's sight."""
    return bool(count_live(session, application))


def count_live(session: Session, application: Application) -> int:
    """How many units that must act have not answered yet."""
    return len(_live(session, application))


def _live(session: Session, application: Application) -> list[int]:
    sent = Assignment.__table__.c
    rows = session.execute(
        select(sent.id).where(
            sent.application_id == application.id,
            sent.cycle == application.cycle,
            sent.role.in_(sorted(rules.MANDATORY_ROLES)),
            sent.state.in_(sorted(rules.LIVE_ASSIGNMENTS)),
        )
    )
    return [pk for (pk,) in rows]
