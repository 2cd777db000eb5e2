"""Reminding units of what waits for their answer (tekit): a message, a count, a step on the timeline.

The reminders of the clock stand in `reminding`; this one is sent by a person with a text.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, Assignment
from app.applications.services.moves import (
    check_verb,
    check_version,
    flush,
    record_step,
    refuse,
)
from app.applications.services.notices import people_of_unit, tell_staff
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_
from app.core.text import clean
from app.organisation.models import StaffUser
from app.organisation.queries import find_manager

#: From this reminder on the head of the unit is told as well.
MANAGER_FROM = 2


def remind_units(
    session: Session,
    *,
    application: Application,
    text: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> ApplicationEvent:
    """Remind every unit that must act and has not answered; the reminder is counted.

    The second one tells the head of the unit too. Raises RuleViolation without a text, or when no
    unit has the case in hand.
    """
    check_verb(actor, "assign")
    check_version(application, version)
    note = clean(text, multiline=True)
    if not note:
        raise refuse(N_("Write what the unit is reminded of."), "text")
    moment = now or clock.now()
    with acting_as(SYSTEM):
        rows = session.scalars(
            select(Assignment)
            .where(
                Assignment.application_id == application.id,
                Assignment.cycle == application.cycle,
                Assignment.role.in_(sorted(rules.MANDATORY_ROLES)),
                Assignment.state.in_(sorted(rules.LIVE_ASSIGNMENTS)),
            )
            .order_by(Assignment.id)
        ).all()
    if application.state not in rules.OPEN_STATES or not rows:
        raise refuse(N_("No unit has this case in hand, so nobody can be reminded."))
    for row in rows:
        row.reminders += 1
        row.reminded_at = moment
    flush(session)
    step = record_step(
        session, application, "tekit", actor=actor, now=moment, note=note,
        unit_id=rows[0].unit_id if len(rows) == 1 else None,
        details={"units": [row.unit_id for row in rows], "count": max(r.reminders for r in rows)},
    )  # fmt: skip
    for row in rows:
        tell_staff(
            session, application, "tekit", step=step, users=_reminded(session, row), mail=True
        )
    return step


def _reminded(session: Session, row: Assignment) -> list[StaffUser]:
    people = people_of_unit(session, row.unit_id)
    if row.reminders >= MANAGER_FROM:
        with acting_as(SYSTEM):
            manager = find_manager(session, row.unit_id)
        people = [*people, *([manager] if manager is not None else [])]
    return people
