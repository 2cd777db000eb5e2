"""Letters to the applicant: drafted, sent for approval, sent once; approving stands in `approving`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, Reply, ReplyVersion
from app.applications.rules import Action, Outcome, ReplyKind, ReplyState, State
from app.applications.services.approvals import start_chain, tell_turn
from app.applications.services.decided import letter_left
from app.applications.services.groups import answer_group, answer_of, follow_letter
from app.applications.services.letter_rows import follow_letters
from app.applications.services.moves import (
    apply_action,
    check_verb,
    check_version,
    flush,
    record_step,
    refuse,
    stop_clock,
)
from app.applications.services.notices import tell_citizen, way_to
from app.applications.services.outgoing import files_of_letter, refuse_held_back
from app.applications.services.reasons import fitting_reason, reason_for, with_reason
from app.applications.services.routing import cancel_assignments
from app.applications.services.versions import check_restorable, keep_version, text_of
from app.applications.services.wording import remedy_for, turkish
from app.core import clock
from app.core.acting import Actor
from app.core.rules import N_, RuleViolation
from app.core.text import clean

_SUBJECT = N_("Your application numbered %(number)s")
#: What the rules of letters look at.
_CHECKED = ("kind", "outcome", "subject", "body", "short_text", "refusal_article", "remedy")
#: A final letter answers during the assessment or after the units; a decision has its letter too.
_FINAL_STATES = rules.FINAL_REPLY_STATES | rules.DECIDED_STATES | {State.MERGED}
_SENT_STEPS = {
    ReplyKind.PROGRESS: "send_progress",
    ReplyKind.EXTENSION_NOTICE: "send_extension_notice",
    ReplyKind.FORWARDING_NOTICE: "send_forwarding_notice",
}


def draft_reply(
    session: Session,
    *,
    application: Application,
    actor: Actor,
    reply: Reply | None = None,
    kind: ReplyKind = ReplyKind.FINAL,
    outcome: Outcome | None = None,
    outcome_reason_id: int | None = None,
    subject: str = "",
    body: str = "",
    short_text: str = "",
    refusal_article: str = "",
    remedy: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Reply:
    """Write a new letter or go on with a draft; `version` is that of the draft.

    An unfinished text may be stored; it is checked when it goes to approval. An empty subject and,
    for a refusal, an empty remedy get their usual words. Raises RuleViolation when the letter has
    left the writer's hands or the case stands where no letter is written.
    """
    deputy_for_id = check_verb(actor, "reply")
    is_new = reply is None
    before = text_of(reply) if reply is not None else None
    if reply is None:
        answered = application.answered_at is not None
        if not rules.takes_own_letter(application.state, ReplyKind(kind), is_answered=answered):
            raise refuse(N_("No letter is written while the application stands here."))
        reply = Reply(
            application_id=application.id, cycle=application.cycle, state=ReplyState.DRAFT
        )
        session.add(reply)
    else:
        check_version(reply, version)
        if reply.state not in rules.EDITABLE_REPLIES:
            raise refuse(N_("This letter has left its writer; it can no longer be changed."))
    reply.kind = ReplyKind(kind)
    reply.outcome = Outcome(outcome) if outcome else None
    reply.outcome_reason_id = fitting_reason(
        session, reply.outcome, outcome_reason_id or reply.outcome_reason_id
    )
    usual = turkish(_SUBJECT, number=application.number)
    reply.subject = clean(subject) or reply.subject or usual
    reply.body = clean(body, multiline=True)
    reply.short_text = clean(short_text, multiline=True)
    reply.refusal_article = clean(refusal_article)
    reply.remedy = clean(remedy, multiline=True)
    refuses_part = (
        reply.outcome is Outcome.PARTLY_RESOLVED and application.kind is rules.Kind.INFORMATION
    )
    if (reply.outcome is Outcome.REJECTED or refuses_part) and not reply.remedy:
        reply.remedy = remedy_for(application)
    # Who wrote the last word is the writer, so that nobody approves the own text by a detour.
    if actor.user_id is not None:
        reply.drafted_by_id, reply.drafted_for_id = actor.user_id, deputy_for_id
    flush(session)
    if is_new:
        record_step(
            session, application, "draft_reply", actor=actor, now=now, deputy_for_id=deputy_for_id,
            details={"reply_id": reply.id, "kind": reply.kind.value},
        )  # fmt: skip
    keep_version(session, reply, actor=actor, now=now, before=before)
    return reply


def restore_version(
    session: Session,
    *,
    reply: Reply,
    number: int,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Reply:
    """Take up an earlier text of a letter again; it becomes the newest version, none is lost."""
    deputy_for_id = check_verb(actor, "reply")
    check_version(reply, version)
    check_restorable(reply)
    kept = session.scalars(
        select(ReplyVersion).where(ReplyVersion.reply_id == reply.id, ReplyVersion.number == number)
    ).first()
    if kept is None:
        raise refuse(N_("There is no such version of this letter."))
    before = text_of(reply)
    for name, value in text_of(kept).items():
        setattr(reply, name, value)
    if actor.user_id is not None:
        reply.drafted_by_id, reply.drafted_for_id = actor.user_id, deputy_for_id
    flush(session)
    keep_version(session, reply, actor=actor, now=now, before=before, restored_from=number)
    return reply


def _values_of(reply: Reply) -> dict[str, Any]:
    return {name: getattr(reply, name) for name in _CHECKED}


def submit_reply(
    session: Session,
    *,
    reply: Reply,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Reply:
    """Send a letter on its way of approval; every rule of letters is checked now.

    Its route decides whose paraf it needs and who signs; the first of them is told.
    """
    deputy_for_id = check_verb(actor, "reply")
    check_version(reply, version)
    application = reply.application
    if reply.state not in rules.EDITABLE_REPLIES:
        raise refuse(N_("Only a draft can be sent for approval."))
    if broken := tuple(rules.reply_violations(_values_of(reply), kind=application.kind)):
        raise RuleViolation(broken)
    if reply.kind is ReplyKind.FINAL and application.state not in _FINAL_STATES:
        raise refuse(
            N_("The final answer is written after the units have answered, or during assessment.")
        )
    # A final letter tells why a result is what it is; other letters tell no result.
    if reply.kind is ReplyKind.FINAL:
        reply.outcome_reason_id = reason_for(
            session, reply.outcome, reply.outcome_reason_id, kind=application.kind
        )
    moment = now or clock.now()
    reply.state = ReplyState.IN_APPROVAL
    reply.submitted_at = moment
    turn = start_chain(session, reply, now=moment)
    step = record_step(
        session, application, "submit_reply", actor=actor, now=moment, deputy_for_id=deputy_for_id,
        details={"reply_id": reply.id, "kind": reply.kind.value},
    )  # fmt: skip
    follow_letters(session, [reply])
    tell_turn(session, reply, turn, step)
    return reply


def send_reply(
    session: Session,
    *,
    reply: Reply,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Reply:
    """Send an approved letter. A final one stops the legal clock and answers merged cases as well.

    The applicant is told by SMS or e-mail, as wished; the PDF of the letter is made by the edge.
    Raises RuleViolation when it is not approved, or when the outgoing check holds it back.
    """
    deputy_for_id = check_verb(actor, "reply", "approve")
    check_version(reply, version)
    if reply.state is not ReplyState.APPROVED:
        raise refuse(N_("Only an approved letter can be sent."))
    refuse_held_back(session, reply)
    application = reply.application
    moment = now or clock.now()
    details = {"reply_id": reply.id, "kind": reply.kind.value}
    letter: dict[str, Any] = {
        "short_text": reply.short_text,
        "subject": reply.subject,
        "body": _mail_body(session, reply),
        "files": [file.id for file in files_of_letter(session, reply)],
    }
    if reply.kind is not ReplyKind.FINAL or application.state in rules.DECIDED_STATES:
        name = _SENT_STEPS.get(reply.kind, "send_decision_letter")
        if reply.institution_id is not None:
            name = "send_to_institution"
        step = record_step(
            session, application, name, actor=actor, now=moment, details=details,
            deputy_for_id=deputy_for_id,
        )  # fmt: skip
        letter_left(session, reply, actor=actor, now=moment, step=step)
        _tell_of_other(session, reply, step, letter)
        follow_letter(session, application, reply, actor=actor, now=moment)
    elif application.state is State.MERGED:
        if application.answered_at is not None:
            raise refuse(N_("The applicant got the answer of the main case meanwhile."))
        step = record_step(
            session, application, "send_own_reply", actor=actor, now=moment, details=details,
            deputy_for_id=deputy_for_id,
        )  # fmt: skip
        stop_clock(application, moment)
        tell_citizen(session, application, "send_reply", step=step, **letter)
    else:
        is_refusal = (
            reply.outcome is Outcome.REJECTED and application.kind is rules.Kind.INFORMATION
        )
        action = Action.SEND_REFUSAL if is_refusal else Action.SEND_REPLY
        step = apply_action(
            session, application, action, actor=actor, now=moment,
            details={**details, "outcome": reply.outcome.value if reply.outcome else None},
        )  # fmt: skip
        application.outcome = reply.outcome
        application.outcome_reason_id = reply.outcome_reason_id
        cancel_assignments(session, application, moment)
        tell_citizen(session, application, "send_reply", step=step, **letter)
        answer_group(session, application, answer_of(reply), actor=actor, now=moment, step=step)
    reply.state = ReplyState.SENT
    reply.sent_at = moment
    reply.letter_on = reply.letter_on or clock.to_local(moment).date()
    flush(session)
    follow_letters(session, [reply])
    return reply


def _tell_of_other(
    session: Session, reply: Reply, step: ApplicationEvent, letter: dict[str, Any]
) -> None:
    """Tell the applicant of a letter that is no final answer.

    Of a decision the applicant is told by a notice; who wished e-mail gets the letter too.
    """
    application = reply.application
    if reply.institution_id is not None:
        return
    if reply.kind in {ReplyKind.PROGRESS, ReplyKind.EXTENSION_NOTICE}:
        if reply.kind is ReplyKind.PROGRESS:
            application.progress_told_at = step.at
        tell_citizen(session, application, "send_progress", step=step, **letter)
        return
    way = way_to(session, application)
    if way is not None and way[0] is rules.NoticeChannel.EMAIL:
        tell_citizen(session, application, "reject", step=step, **letter)


def _mail_body(session: Session, reply: Reply) -> str:
    text = with_reason(session, reply.body, reply.outcome_reason_id)
    return "\n\n".join(part for part in (text, reply.remedy) if part)
