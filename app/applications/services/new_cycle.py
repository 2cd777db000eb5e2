"""How a finished application begins again: a new cycle with a fresh period, at the same unit.

Source: domain facts 1.4, 1.5.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.applications.models import Application
from app.applications.rules import Action
from app.applications.services.clocks import set_clock
from app.applications.services.moves import apply_action, flush, refuse
from app.applications.services.notices import tell_citizen
from app.applications.services.routing import assign
from app.core import clock
from app.core.acting import SYSTEM, Actor
from app.core.rules import N_
from app.people.queries import is_bound_to_unit
from app.system.queries import get_number


def reopen(
    session: Session,
    *,
    application: Application,
    reason: str,
    actor: Actor,
    now: dt.datetime | None = None,
    to_same_unit: bool = True,
    version: int | None = None,
    start: dt.date | None = None,
) -> Application:
    """Begin a new cycle: a fresh period from today, the old answer kept, the same unit asked again.

    After `reopen_days` only who approves may do so; others register a new application. `start` is
    the day on which another office sent the case again: its period begins then, however long ago
    the first answer was. What the first cycle came to stands in the event. Raises RuleViolation
    without a reason.
    """
    moment = now or clock.now()
    today = clock.to_local(moment).date()
    if start is None:
        _refuse_late_reopening(session, application, actor, today)
    step = apply_action(
        session,
        application,
        Action.REOPEN,
        actor=actor,
        now=moment,
        given={"reason": reason},
        note=reason,
        details={
            "cycle": application.cycle,
            "outcome": application.outcome.value if application.outcome else None,
            "due_on": application.due_on.isoformat() if application.due_on else None,
            "answered_at": application.answered_at.isoformat() if application.answered_at else None,
            "on_time": application.on_time,
        },
        version=version,
    )
    application.cycle += 1
    application.outcome = None
    application.outcome_reason_id = None
    application.answered_at = None
    application.closed_at = None
    application.on_time = None
    application.is_extended = False
    application.extension_reason = ""
    application.progress_told_at = None
    application.external_until_on = None
    application.external_answered_at = None
    set_clock(session, application, start=start or today)
    flush(session)
    tell_citizen(session, application, "reopen", step=step)
    if to_same_unit and application.lead_unit_id and not is_bound_to_unit(actor):
        _assign_again(session, application, actor, reason, moment)
    return application


def _refuse_late_reopening(
    session: Session, application: Application, actor: Actor, today: dt.date
) -> None:
    ended = application.closed_at or application.answered_at
    days = get_number(session, "reopen_days")
    late = ended is not None and (today - clock.to_local(ended).date()).days > days
    if late and not actor.may("approve", "Application"):
        raise refuse(
            N_("An application is reopened within %(days)s days; register a new one."), days=days
        )


def _assign_again(
    session: Session, application: Application, actor: Actor, reason: str, now: dt.datetime
) -> None:
    """Send the case to the unit of the last cycle; whoever may reopen may cause that."""
    assert application.lead_unit_id is not None
    by = actor if actor.may("assign", "Application") else SYSTEM
    assign(
        session,
        application=application,
        unit_ids=[],
        lead_unit_id=application.lead_unit_id,
        note=reason,
        actor=by,
        now=now,
    )
