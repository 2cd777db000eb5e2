"""The way of an application between the directorate and the units: assess, assign, accept, return."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, Assignment
from app.applications.rules import (
    Action,
    AssignmentRole,
    AssignmentState,
    Priority,
    State,
)
from app.applications.services.clocks import interruptions_of, own_days, set_clock, started_on
from app.applications.services.moves import (
    apply_action,
    check_verb,
    check_version,
    count_live,
    flush,
    record_step,
    refuse,
    renew,
)
from app.applications.services.notices import people_of_office, people_of_unit, tell_staff
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_
from app.organisation.models import Unit
from app.people.queries import is_bound_to_unit

_ON_THE_WAY = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.SCHEDULED, State.INFO_REQUESTED})


# --- the directorate -------------------------------------------------------------------------------
def take_to_triage(
    session: Session,
    *,
    application: Application,
    actor: Actor,
    now: dt.datetime | None = None,
    note: str = "",
    version: int | None = None,
) -> Application:
    """Begin to assess a registered case; who does so follows it from then on."""
    action = Action.TAKE_TO_TRIAGE if application.state is State.REGISTERED else Action.TRIAGE_AGAIN
    apply_action(session, application, action, actor=actor, now=now, note=note, version=version)
    _follow(application, actor)
    renew(session, application)
    return application


#: The same act for a case that came back; the state tells which of the two it is.
triage_again = take_to_triage


def _follow(application: Application, actor: Actor) -> None:
    if application.owner_id is None and actor.user_id is not None and not is_bound_to_unit(actor):
        application.owner_id = actor.user_id


def assign(
    session: Session,
    *,
    application: Application,
    unit_ids: Iterable[int],
    lead_unit_id: int | None,
    actor: Actor,
    note: str = "",
    role: AssignmentRole = AssignmentRole.ACTION,
    now: dt.datetime | None = None,
    due_on: dt.date | None = None,
    version: int | None = None,
) -> Application:
    """Send a case to a lead unit and perhaps others; a registered one is assessed by this act.

    `unit_ids` are all units asked, the lead among them or not; the others get `role`. When units
    have the case already, further ones are asked and the lead stays. `due_on` is the day the units
    should answer by, else the internal goal. Raises RuleViolation.
    """
    check_verb(actor, "assign")
    check_version(application, version)
    moment = now or clock.now()
    others = [pk for pk in dict.fromkeys(unit_ids) if pk != lead_unit_id]
    if application.state in _ON_THE_WAY and count_live(session, application):
        if lead_unit_id not in {None, application.lead_unit_id}:
            raise refuse(
                N_("Another unit leads this case; take it back before you change the lead."),
                "lead_unit_id",
            )
        return _ask_more_units(session, application, others, role, note, actor, moment, due_on)
    if application.state in {State.REGISTERED, State.RETURNED}:
        step = (
            Action.TAKE_TO_TRIAGE if application.state is State.REGISTERED else Action.TRIAGE_AGAIN
        )
        apply_action(session, application, step, actor=actor, now=moment, implied=True)
    _check_units(session, [pk for pk in (lead_unit_id, *others) if pk])
    step_row = apply_action(
        session,
        application,
        Action.ASSIGN,
        actor=actor,
        now=moment,
        given={"lead_unit_id": lead_unit_id},
        note=note,
        details={"units": [lead_unit_id, *others]},
        unit_id=lead_unit_id,
    )
    assert lead_unit_id is not None
    application.lead_unit_id = lead_unit_id
    _follow(application, actor)
    if own_days(session, application) is not None:
        # The unit may have days of its own, which were not known when the case was registered.
        set_clock(
            session,
            application,
            start=started_on(application),
            stops=interruptions_of(application),
        )
    _send(session, application, lead_unit_id, AssignmentRole.LEAD, note, moment, due_on)
    for pk in others:
        _send(session, application, pk, role, note, moment, due_on)
    renew(session, application)
    for pk in (lead_unit_id, *others):
        _tell_unit(session, application, step_row, pk)
    return application


def _ask_more_units(
    session: Session,
    application: Application,
    unit_ids: Collection[int],
    role: AssignmentRole,
    note: str,
    actor: Actor,
    now: dt.datetime,
    due_on: dt.date | None,
) -> Application:
    sent = Assignment.__table__.c
    busy = set(
        session.execute(
            select(sent.unit_id).where(
                sent.application_id == application.id,
                sent.cycle == application.cycle,
                sent.state.in_([*rules.LIVE_ASSIGNMENTS, AssignmentState.ANSWERED]),
            )
        ).scalars()
    )
    fresh = [pk for pk in unit_ids if pk not in busy]
    if not fresh:
        raise refuse(N_("These units have the case already."), "unit_ids")
    _check_units(session, fresh)
    for pk in fresh:
        step = record_step(
            session, application, "add_unit", actor=actor, now=now, note=note, unit_id=pk
        )
        _send(session, application, pk, role, note, now, due_on)
        flush(session)
        _tell_unit(session, application, step, pk)
    return application


def _check_units(session: Session, unit_ids: Collection[int]) -> None:
    known = set(
        session.scalars(select(Unit.id).where(Unit.id.in_(unit_ids), Unit.active.is_(True)))
    )
    if set(unit_ids) - known:
        raise refuse(N_("There is no such unit, or it is no longer in use."), "unit_ids")


def _send(
    session: Session,
    application: Application,
    unit_id: int,
    role: AssignmentRole,
    note: str,
    now: dt.datetime,
    due_on: dt.date | None,
) -> Assignment:
    row = Assignment(
        application_id=application.id,
        unit_id=unit_id,
        role=role,
        cycle=application.cycle,
        state=AssignmentState.SENT,
        note=note,
        sent_at=now,
        due_on=due_on
        or rules.day_for_unit(application.goal_on, application.due_on, clock.to_local(now).date()),
    )
    session.add(row)
    return row


def _tell_unit(
    session: Session, application: Application, step: ApplicationEvent, unit_id: int
) -> None:
    urgent = application.priority is Priority.URGENT
    tell_staff(
        session,
        application,
        "urgent" if urgent else "assign",
        step=step,
        users=people_of_unit(session, unit_id),
        mail=True,
    )


# --- the unit --------------------------------------------------------------------------------------
def own_assignment(
    session: Session,
    application: Application,
    actor: Actor,
    *,
    unit_id: int | None = None,
    states: Collection[AssignmentState] = rules.LIVE_ASSIGNMENTS,
) -> Assignment:
    """The assignment on which an actor acts: that of the own unit, the lead before others.

    Somebody of the directorate acts for the lead, or for `unit_id`. RuleViolation when the actor's
    unit has not been asked.
    """
    with acting_as(SYSTEM):
        rows = session.scalars(
            select(Assignment)
            .where(
                Assignment.application_id == application.id,
                Assignment.cycle == application.cycle,
                Assignment.state.in_(sorted(states)),
            )
            .order_by(Assignment.id)
        ).all()
    if unit_id is not None:
        rows = [row for row in rows if row.unit_id == unit_id]
    if not actor.is_system and (is_bound_to_unit(actor) or not actor.may("assign", "Application")):
        rows = [row for row in rows if row.unit_id in actor.unit_ids]
    order = {AssignmentRole.LEAD: 0, AssignmentRole.ACTION: 1, AssignmentRole.INFORMATION: 2}
    rows = sorted(rows, key=lambda row: order[row.role])
    if not rows:
        raise refuse(N_("Your unit has no open assignment on this application."))
    return rows[0]


def accept(
    session: Session,
    *,
    application: Application,
    actor: Actor,
    now: dt.datetime | None = None,
    note: str = "",
    responsible_id: int | None = None,
    unit_id: int | None = None,
    version: int | None = None,
) -> Application:
    """Accept a case for the own unit; the first unit that accepts sets it in progress."""
    check_verb(actor, "accept")
    check_version(application, version)
    moment = now or clock.now()
    row = own_assignment(session, application, actor, unit_id=unit_id)
    if row.state is not AssignmentState.SENT:
        raise refuse(N_("Your unit has accepted this application already."))
    row.state = AssignmentState.ACCEPTED
    row.accepted_at = moment
    row.responsible_id = responsible_id or (None if actor.is_system else actor.user_id)
    if application.state is State.ASSIGNED and row.role in rules.MANDATORY_ROLES:
        apply_action(
            session, application, Action.ACCEPT, actor=actor, now=moment, note=note,
            unit_id=row.unit_id,
        )  # fmt: skip
    else:
        record_step(
            session, application, "unit_accept", actor=actor, now=moment, note=note,
            unit_id=row.unit_id,
        )  # fmt: skip
    return application


def return_to_office(
    session: Session,
    *,
    application: Application,
    reason: str,
    actor: Actor,
    now: dt.datetime | None = None,
    unit_id: int | None = None,
    version: int | None = None,
) -> Application:
    """Give a case back because it is not this unit's task, or take it back from the lead unit.

    When the lead returns it, the directorate has the case again; when another unit does, the case
    goes on without that unit. Raises RuleViolation without a reason.
    """
    check_verb(actor, "accept", "assign")
    check_version(application, version)
    moment = now or clock.now()
    if not reason.strip():
        raise refuse(rules.NEEDED["reason"], "reason")
    row = own_assignment(session, application, actor, unit_id=unit_id)
    by_office = not is_bound_to_unit(actor) and actor.may("assign", "Application")
    if row.role is AssignmentRole.LEAD:
        # Checked before the row is touched: another state may not allow it.
        rules.transition_for(application.state, Action.RETURN_TO_OFFICE)
    row.state = AssignmentState.CANCELLED if by_office else AssignmentState.RETURNED
    row.returned_at = moment
    row.return_reason = reason.strip()[:300]
    flush(session)
    if row.role is not AssignmentRole.LEAD:
        record_step(
            session, application, "unit_return", actor=actor, now=moment, note=reason,
            unit_id=row.unit_id,
        )  # fmt: skip
        return application
    step = apply_action(
        session,
        application,
        Action.RETURN_TO_OFFICE,
        actor=actor,
        now=moment,
        given={"reason": reason},
        note=reason,
        unit_id=row.unit_id,
    )
    if by_office:
        people = people_of_unit(session, row.unit_id)
        tell_staff(session, application, "cancel", step=step, users=people)
    else:
        office = people_of_office(session, application)
        tell_staff(session, application, "return_to_office", step=step, users=office, mail=True)
    return application


def cancel_assignments(session: Session, application: Application, now: dt.datetime) -> list[int]:
    """End what units still have in hand, when a case ends otherwise; the ids of those units."""
    with acting_as(SYSTEM):
        rows = session.scalars(
            select(Assignment).where(
                Assignment.application_id == application.id,
                Assignment.state.in_(sorted(rules.LIVE_ASSIGNMENTS)),
            )
        ).all()
    for row in rows:
        row.state = AssignmentState.CANCELLED
        row.returned_at = now
    flush(session)
    return [row.unit_id for row in rows]
