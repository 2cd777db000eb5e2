"""What a unit reports and asks for: its answer, more time; and what the directorate says to that."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, Assignment, Reply
from app.applications.rules import (
    Action,
    AssignmentState,
    Outcome,
    ReplyKind,
    ReplyState,
    State,
)
from app.applications.services.approvals import close_chain
from app.applications.services.clocks import interruptions_of, set_clock, started_on
from app.applications.services.letter_rows import follow_letters
from app.applications.services.moves import (
    apply_action,
    check_verb,
    check_version,
    count_live,
    flush,
    record_step,
    refuse,
)
from app.applications.services.notices import (
    approvers,
    people_of_office,
    people_of_unit,
    tell_citizen,
    tell_staff,
)
from app.applications.services.reasons import reason_for
from app.applications.services.routing import own_assignment
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_
from app.core.text import clean
from app.people.queries import is_bound_to_unit


def answer_by_unit(
    session: Session,
    *,
    application: Application,
    answer_text: str,
    outcome: Outcome | None,
    outcome_reason_id: int | None = None,
    actor: Actor,
    now: dt.datetime | None = None,
    unit_id: int | None = None,
    version: int | None = None,
) -> Application:
    """Store what a unit found and did; when no unit is left to answer, the reply can be written.

    An answer accepts at the same time what had not been accepted. A reason may be named
    already here; the letter needs it at the latest. Raises RuleViolation without a text or a result.
    """
    check_verb(actor, "answer")
    check_version(application, version)
    moment = now or clock.now()
    text = clean(answer_text, multiline=True)
    if not text:
        raise refuse(rules.NEEDED["answer_text"], "answer_text")
    if outcome is None:
        raise refuse(rules.NEEDED["outcome"], "outcome")
    row = own_assignment(session, application, actor, unit_id=unit_id)
    is_mandatory = row.role in rules.MANDATORY_ROLES
    named = outcome_reason_id is not None
    reason_id = reason_for(session, Outcome(outcome), outcome_reason_id) if named else None
    if row.state is AssignmentState.SENT:
        row.accepted_at = moment
        if application.state is State.ASSIGNED and is_mandatory:
            apply_action(
                session, application, Action.ACCEPT, actor=actor, now=moment, implied=True,
                unit_id=row.unit_id,
            )  # fmt: skip
    row.state = AssignmentState.ANSWERED
    row.answered_at = moment
    row.answer_text = text
    row.outcome = Outcome(outcome)
    row.outcome_reason_id = reason_id
    row.responsible_id = row.responsible_id or actor.user_id
    flush(session)
    if not is_mandatory or count_live(session, application):
        record_step(
            session, application, "unit_answer_part", actor=actor, now=moment, note=text,
            unit_id=row.unit_id, details={"outcome": row.outcome.value},
        )  # fmt: skip
        return application
    step = apply_action(
        session,
        application,
        Action.UNIT_ANSWER,
        actor=actor,
        now=moment,
        given={"answer_text": text, "outcome": outcome},
        note=text,
        unit_id=row.unit_id,
        details={"outcome": row.outcome.value},
    )
    office = people_of_office(session, application)
    tell_staff(session, application, "unit_answer", step=step, users=office)
    return application


def send_back(
    session: Session,
    *,
    application: Application,
    reason: str,
    actor: Actor,
    now: dt.datetime | None = None,
    unit_id: int | None = None,
    version: int | None = None,
) -> Application:
    """Send an answer back to the unit to do again: to the lead, or to `unit_id`.

    Replies that wait for approval go back to their writers. Raises RuleViolation without a reason.
    """
    moment = now or clock.now()
    target = unit_id or application.lead_unit_id
    with acting_as(SYSTEM):
        row = session.scalars(
            select(Assignment)
            .where(
                Assignment.application_id == application.id,
                Assignment.cycle == application.cycle,
                Assignment.unit_id == target,
                Assignment.state == AssignmentState.ANSWERED,
            )
            .order_by(Assignment.id.desc())
        ).first()
        waiting = session.scalars(
            select(Reply).where(
                Reply.application_id == application.id,
                Reply.cycle == application.cycle,
                Reply.kind == ReplyKind.FINAL,
                Reply.state == ReplyState.IN_APPROVAL,
            )
        ).all()
    if row is None:
        raise refuse(N_("No unit has answered this application."))
    step = apply_action(
        session,
        application,
        Action.SEND_BACK_TO_UNIT,
        actor=actor,
        now=moment,
        given={"reason": reason},
        note=reason,
        unit_id=row.unit_id,
        version=version,
    )
    row.state = AssignmentState.ACCEPTED
    row.answered_at = None
    for reply in waiting:
        reply.state = ReplyState.SENT_BACK
        reply.approval_note = reason.strip()[:300]
    close_chain(session, [reply.id for reply in waiting])
    follow_letters(session, waiting)
    people = people_of_unit(session, row.unit_id)
    tell_staff(session, application, "send_back_to_unit", step=step, users=people, mail=True)
    return application


def request_extension(
    session: Session,
    *,
    application: Application,
    reason: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Ask the branch manager for more time; RuleViolation without a reason."""
    if is_bound_to_unit(actor):
        own_assignment(session, application, actor)
    step = apply_action(
        session,
        application,
        Action.REQUEST_EXTENSION,
        actor=actor,
        now=now,
        given={"reason": reason},
        note=reason,
        unit_id=actor.unit_id,
        version=version,
    )
    tell_staff(session, application, "request_extension", step=step, users=approvers(session))
    return application


def grant_extension(
    session: Session,
    *,
    application: Application,
    actor: Actor,
    now: dt.datetime | None = None,
    note: str = "",
    version: int | None = None,
) -> Application:
    """Grant more time, once the applicant has been written to.

    Right to information: thirty working days in all from the same day 0, and the approved extension
    notice must exist before the fifteen have run out (4982 m.11). Petitions: the state of progress
    must have been told (3071 m.7); the law sets no second period, so the house takes the same
    length again from today, lest the applicant wait without end. Raises RuleViolation.
    """
    check_verb(actor, "approve")
    moment = now or clock.now()
    today = clock.to_local(moment).date()
    rules.transition_for(application.state, Action.GRANT_EXTENSION)
    if application.is_extended:
        raise refuse(N_("The period has been extended already; it is extended once only."))
    is_information = application.rule_key == rules.FOI_RULE
    needed = ReplyKind.EXTENSION_NOTICE if is_information else ReplyKind.PROGRESS
    if application.rule_key is not None and not _has_letter(session, application, needed):
        raise refuse(
            N_("First approve the extension notice to the applicant (4982 art. 11).")
            if is_information
            else N_("First tell the applicant the state of progress in writing (3071 art. 7).")
        )
    if is_information and application.due_on is not None and today > application.due_on:
        raise refuse(N_("The fifteen working days are over: the period can no longer be extended."))
    before = application.due_on
    reason = _asked_reason(session, application)
    application.is_extended = True
    application.extension_reason = reason[:300]
    start = started_on(application) if is_information else today
    stops = interruptions_of(application) if is_information else ()
    set_clock(session, application, start=start, stops=stops)
    step = apply_action(
        session,
        application,
        Action.GRANT_EXTENSION,
        actor=actor,
        now=moment,
        note=note,
        details={"due_on": [_iso(before), _iso(application.due_on)], "reason": reason},
        version=version,
    )
    _move_assignments(session, application)
    tell_citizen(session, application, "grant_extension", step=step)
    if application.lead_unit_id:
        people = people_of_unit(session, application.lead_unit_id)
        tell_staff(session, application, "grant_extension", step=step, users=people)
    return application


def refuse_extension(
    session: Session,
    *,
    application: Application,
    reason: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Refuse more time; the dates stay. RuleViolation without a reason."""
    step = apply_action(
        session,
        application,
        Action.REFUSE_EXTENSION,
        actor=actor,
        now=now,
        given={"reason": reason},
        note=reason,
        version=version,
    )
    if application.lead_unit_id:
        people = people_of_unit(session, application.lead_unit_id)
        tell_staff(session, application, "refuse_extension", step=step, users=people)
    return application


def _has_letter(session: Session, application: Application, kind: ReplyKind) -> bool:
    replies = Reply.__table__.c
    return (
        session.execute(
            select(replies.id).where(
                replies.application_id == application.id,
                replies.cycle == application.cycle,
                replies.kind == kind,
                replies.state.in_([ReplyState.APPROVED, ReplyState.SENT]),
            )
        ).first()
        is not None
    )


def _asked_reason(session: Session, application: Application) -> str:
    steps = ApplicationEvent.__table__.c
    return str(
        session.execute(
            select(steps.note)
            .where(
                steps.application_id == application.id,
                steps.action == Action.REQUEST_EXTENSION.value,
            )
            .order_by(steps.id.desc())
            .limit(1)
        ).scalar()
        or ""
    )


def _move_assignments(session: Session, application: Application) -> None:
    """Give the units that are still at work the new internal goal."""
    with acting_as(SYSTEM):
        rows = session.scalars(
            select(Assignment).where(
                Assignment.application_id == application.id,
                Assignment.cycle == application.cycle,
                Assignment.state.in_(sorted(rules.LIVE_ASSIGNMENTS)),
            )
        ).all()
    for row in rows:
        row.due_on = application.goal_on or application.due_on
    flush(session)


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
