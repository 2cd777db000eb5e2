"""“My problem is not solved”: an applicant reopens the own case on the tracking page.

The house acts on behalf of the applicant; two steps on the timeline say so. Source: domain facts 1.4.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent
from app.applications.services.moves import record_step, refuse
from app.applications.services.new_cycle import reopen
from app.core import clock
from app.core.acting import SYSTEM
from app.core.rules import N_
from app.core.text import clean
from app.system.queries import get_number

_ACTION = "applicant_unsolved"
_SHORTEST = 5


def ended_on(application: Application) -> dt.date | None:
    """The day on which a case came to its end."""
    moment = application.closed_at or application.answered_at
    return clock.to_local(moment).date() if moment is not None else None


def reopenings_left(session: Session, application: Application) -> int:
    """How often the applicant may still reopen this case alone."""
    e = ApplicationEvent.__table__.c
    done = session.execute(
        select(func.count(e.id)).where(e.application_id == application.id, e.action == _ACTION)
    ).scalar()
    return max(get_number(session, "citizen_reopenings") - int(done or 0), 0)


def may_be_reopened_by_applicant(
    session: Session, application: Application, *, today: dt.date
) -> bool:
    """Whether the applicant may say that the matter is not solved: in time, and not too often."""
    if application.is_restricted or application.identity_hidden:
        return False
    days = get_number(session, "reopen_days")
    if not rules.may_reopen(application.state, ended_on(application), today, days):
        return False
    return reopenings_left(session, application) > 0


def reopen_by_applicant(
    session: Session, *, application: Application, reason: str, now: dt.datetime | None = None
) -> Application:
    """Begin a new cycle at the applicant's word; the case goes back to the unit it came from.

    RuleViolation without a reason, after the days of a reopening, or when it was done too often.
    """
    moment = now or clock.now()
    words = clean(reason, multiline=True)
    if len(words) < _SHORTEST:
        raise refuse(N_("Write in a few words what is not solved."), "reason")
    if len(words) > rules.LONGEST_UNSOLVED:
        raise refuse(N_("At most %(max)s characters."), "reason", max=rules.LONGEST_UNSOLVED)
    today = clock.to_local(moment).date()
    if not may_be_reopened_by_applicant(session, application, today=today):
        raise refuse(
            N_(
                "This application can no longer be reopened here. Please call ALO 153 or apply anew."
            )
        )
    record_step(
        session, application, _ACTION, actor=SYSTEM, now=moment, note=words,
        details={"cycle": application.cycle},
    )  # fmt: skip
    return reopen(session, application=application, reason=words, actor=SYSTEM, now=moment)
