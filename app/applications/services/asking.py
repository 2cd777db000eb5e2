"""While a unit works: planned work, and questions to the applicant; the way to the unit is `routing`."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.applications.models import Application
from app.applications.rules import Action, State
from app.applications.services.moves import apply_action, flush, refuse
from app.applications.services.notices import (
    people_of_office,
    people_of_unit,
    tell_citizen,
    tell_staff,
)
from app.applications.services.outgoing import refuse_foreign_numbers
from app.applications.services.routing import own_assignment
from app.core import clock
from app.core.acting import Actor
from app.core.rules import N_
from app.people.queries import is_bound_to_unit


def schedule(
    session: Session,
    *,
    application: Application,
    planned_on: dt.date | None,
    note: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Promise the work for a later day; the applicant is told so, the result later (3071 m.7).

    The internal goal moves to that day, the legal date does not. RuleViolation for a past day.
    """
    moment = now or clock.now()
    if planned_on is not None and planned_on < clock.to_local(moment).date():
        raise refuse(N_("The planned day lies in the past."), "planned_on")
    row = own_assignment(session, application, actor)
    step = apply_action(
        session,
        application,
        Action.SCHEDULE,
        actor=actor,
        now=moment,
        given={"planned_on": planned_on, "note": note},
        note=note,
        details={"planned_on": planned_on.isoformat() if planned_on else None},
        unit_id=row.unit_id,
        version=version,
    )
    application.goal_on = planned_on
    application.progress_told_at = moment
    row.due_on = planned_on
    flush(session)
    tell_citizen(session, application, "send_progress", step=step)
    return application


def start_work(
    session: Session,
    *,
    application: Application,
    actor: Actor,
    now: dt.datetime | None = None,
    note: str = "",
    version: int | None = None,
) -> Application:
    """Begin the work that was on the programme."""
    row = own_assignment(session, application, actor)
    apply_action(
        session, application, Action.START_WORK, actor=actor, now=now, note=note,
        unit_id=row.unit_id, version=version,
    )  # fmt: skip
    return application


def request_information(
    session: Session,
    *,
    application: Application,
    note: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Ask the applicant for more; `note` is the question, sent by SMS or e-mail.

    The legal clock does not stop: 3071 knows no suspension.
    """
    if is_bound_to_unit(actor):
        own_assignment(session, application, actor)
    refuse_foreign_numbers(session, application, note, "note")
    step = apply_action(
        session,
        application,
        Action.REQUEST_INFORMATION,
        actor=actor,
        now=now,
        given={"note": note},
        note=note,
        unit_id=actor.unit_id,
        version=version,
    )
    tell_citizen(session, application, "request_information", step=step, note=note.strip())
    return application


def receive_information(
    session: Session,
    *,
    application: Application,
    note: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Note what the applicant answered; the case goes back to whoever asked."""
    if is_bound_to_unit(actor):
        own_assignment(session, application, actor)
    step = apply_action(
        session,
        application,
        Action.RECEIVE_INFORMATION,
        actor=actor,
        now=now,
        given={"note": note},
        note=note,
        version=version,
    )
    lead = application.lead_unit_id if application.state is State.IN_PROGRESS else None
    people = people_of_unit(session, lead) if lead else people_of_office(session, application)
    tell_staff(session, application, "receive_information", step=step, users=people)
    return application
