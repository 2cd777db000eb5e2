"""What a decision brings about when its letter leaves, and how it is taken back before that.

Who may sign has decided with the signature. What anybody else has decided is no answer yet: the applicant
is told nothing and the clock runs until the letter has been signed and sent. Source: 3071 m.5–7.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, Reply
from app.applications.rules import Action, ReplyKind, ReplyState, State
from app.applications.services.approvals import recall_letters
from app.applications.services.follow_ups import open_follow_up
from app.applications.services.groups import answer_group, answer_of
from app.applications.services.moves import apply_action, flush, refuse, stop_clock
from app.applications.services.notices import tell_citizen, way_to
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_


def tell_decision(
    session: Session,
    application: Application,
    letter: Reply,
    *,
    actor: Actor,
    now: dt.datetime,
    step: ApplicationEvent,
    has_letter_by_mail: bool = False,
) -> None:
    """Tell the applicant and the group what was decided, and begin to wait for the other institution.

    `has_letter_by_mail` says that the letter itself goes out by e-mail, so that no notice is needed.
    """
    if application.state is not State.TRANSFERRED_OUT:
        if not has_letter_by_mail:
            tell_citizen(session, application, "declare_inadmissible", step=step)
        return
    name = str(application.institution or "")
    if not has_letter_by_mail:
        tell_citizen(session, application, "transfer_out", step=step, institution=name)
    if application.institution is not None:
        open_follow_up(session, application, application.institution, now=now)
    answer = answer_of(letter, "transfer_out", institution=name)
    answer_group(session, application, answer, actor=actor, now=now, step=step)


def letter_left(
    session: Session, letter: Reply, *, actor: Actor, now: dt.datetime, step: ApplicationEvent
) -> None:
    """Let a decision take effect with its letter to the applicant; other letters change nothing."""
    application = letter.application
    if (
        letter.institution_id is not None
        or letter.kind not in {ReplyKind.FINAL, ReplyKind.FORWARDING_NOTICE}
        or not rules.awaits_letter(application.state, application.answered_at)
    ):
        return
    stop_clock(application, now)
    way = way_to(session, application)
    by_mail = way is not None and way[0] is rules.NoticeChannel.EMAIL
    tell_decision(
        session, application, letter, actor=actor, now=now, step=step, has_letter_by_mail=by_mail
    )


def take_decision_back(
    session: Session,
    *,
    application: Application,
    reason: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Take a case up again whose decision was not signed; its letters go back to their writer.

    RuleViolation without a reason, or when one of its letters has left.
    """
    moment = now or clock.now()
    decided = rules.awaits_letter(application.state, application.answered_at)
    if application.state in rules.AWAITING_LETTER_STATES and (
        not decided or _has_left(session, application)
    ):
        raise refuse(N_("A letter of this decision has left; it can no longer be taken back."))
    apply_action(
        session, application, Action.TAKE_DECISION_BACK, actor=actor, now=moment,
        given={"reason": reason}, note=reason, version=version,
    )  # fmt: skip
    recall_letters(session, application, note=reason, with_notices=True)
    application.institution_id = application.outcome = application.outcome_reason_id = None
    application.inadmissible_reason = None
    application.closing_note = ""
    flush(session)
    return application


def _has_left(session: Session, application: Application) -> bool:
    with acting_as(SYSTEM):
        found = session.scalars(
            select(Reply.id)
            .where(
                Reply.application_id == application.id,
                Reply.cycle == application.cycle,
                Reply.kind.in_([ReplyKind.FINAL, ReplyKind.FORWARDING_NOTICE]),
                Reply.state == ReplyState.SENT,
            )
            .limit(1)
        ).first()
    return found is not None
