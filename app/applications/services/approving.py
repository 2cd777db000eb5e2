"""Taking one's turn at a letter: the paraf, the signature, giving it back, taking the approval back."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, Reply
from app.applications.rules import Action, ApprovalState, ReplyKind, ReplyState, State
from app.applications.services.approvals import (
    check_four_eyes,
    close_chain,
    mark_step,
    next_step,
    person_of,
    sign,
    take_turn,
    tell_turn,
    waiting_step,
)
from app.applications.services.letter_rows import follow_letters
from app.applications.services.moves import (
    apply_action,
    check_verb,
    check_version,
    flush,
    record_step,
    refuse,
)
from app.applications.services.notices import tell_staff
from app.applications.services.outgoing import refuse_held_back
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_


def approve_reply(
    session: Session,
    *,
    reply: Reply,
    actor: Actor,
    now: dt.datetime | None = None,
    note: str = "",
    version: int | None = None,
    step_id: int | None = None,
) -> Reply:
    """Take the turn at a letter: a paraf hands it on, the last step of its chain approves it.

    `step_id` is the step that was seen; another one that waits by now is not taken by oversight.
    Raises RuleViolation when it is another's turn, when its writer does so (or the one in whose
    place the writer acted), or the registrar of a refused case; and when a letter is to be signed
    that the outgoing check holds back.
    """
    check_version(reply, version)
    application = reply.application
    if reply.state is not ReplyState.IN_APPROVAL:
        check_verb(actor, "approve", "initial")
        raise refuse(N_("This letter does not wait for approval."))
    turn = waiting_step(session, reply)
    if step_id is not None and turn.id != step_id:
        raise refuse(N_("This letter has gone on to another step meanwhile."))
    office, mandate = take_turn(session, turn, actor)
    check_four_eyes(reply, actor, mandate)
    if turn.signs:
        refuse_held_back(session, reply)
    moment = now or clock.now()
    mark_step(turn, ApprovalState.INITIALLED, actor=actor, mandate=mandate, note=note, now=moment)
    details = {"reply_id": reply.id, "kind": reply.kind.value, "step_id": turn.id}
    following = next_step(session, turn, now=moment)
    if following is not None:
        step = record_step(
            session, application, "initial_reply", actor=actor, now=moment, note=note,
            details=details, deputy_for_id=turn.deputy_for_id,
        )  # fmt: skip
        tell_turn(session, reply, following, step)
        return reply
    sign(session, reply, actor=actor, mandate=mandate, office=office, now=moment)
    reply.state = ReplyState.APPROVED
    reply.approval_note = note.strip()[:300]
    stays = {State.TRIAGE, State.MERGED, *rules.DECIDED_STATES}
    if reply.kind is ReplyKind.FINAL and application.state not in stays:
        step = apply_action(
            session, application, Action.APPROVE_REPLY, actor=actor, now=moment, note=note,
            details=details, implied=True,
        )  # fmt: skip
        step.deputy_for_id = turn.deputy_for_id
    else:
        step = record_step(
            session, application, "approve_other_reply", actor=actor, now=moment, note=note,
            details=details, deputy_for_id=turn.deputy_for_id,
        )  # fmt: skip
    follow_letters(session, [reply])
    writer = person_of(session, reply.drafted_by_id)
    tell_staff(session, application, "approve_reply", step=step, users=[writer])
    return reply


def send_back_reply(
    session: Session,
    *,
    reply: Reply,
    note: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Reply:
    """Give a letter back to its writer with the reason, at any step; the case stays where it is."""
    check_version(reply, version)
    if reply.state is not ReplyState.IN_APPROVAL:
        check_verb(actor, "approve", "initial")
        raise refuse(N_("This letter does not wait for approval."))
    turn = waiting_step(session, reply)
    _office, mandate = take_turn(session, turn, actor)
    if not note.strip():
        raise refuse(rules.NEEDED["reason"], "note")
    moment = now or clock.now()
    mark_step(turn, ApprovalState.SENT_BACK, actor=actor, mandate=mandate, note=note, now=moment)
    close_chain(session, [reply.id])
    reply.state = ReplyState.SENT_BACK
    reply.approval_note = note.strip()[:300]
    step = record_step(
        session, reply.application, "send_back_reply", actor=actor, now=moment, note=note,
        details={"reply_id": reply.id, "step_id": turn.id}, deputy_for_id=turn.deputy_for_id,
    )  # fmt: skip
    follow_letters(session, [reply])
    writer = person_of(session, reply.drafted_by_id)
    tell_staff(session, reply.application, "send_back_reply", step=step, users=[writer])
    return reply


def recall_reply(
    session: Session,
    *,
    application: Application,
    reason: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Take the approval of the final answer back, so that it can be corrected before it leaves."""
    step = apply_action(
        session, application, Action.RECALL_REPLY, actor=actor, now=now,
        given={"reason": reason}, note=reason, version=version,
    )  # fmt: skip
    with acting_as(SYSTEM):
        letters = session.scalars(
            select(Reply).where(
                Reply.application_id == application.id,
                Reply.cycle == application.cycle,
                Reply.kind == ReplyKind.FINAL,
                Reply.state == ReplyState.APPROVED,
            )
        ).all()
    for letter in letters:
        _take_back(session, letter, reason)
        writer = person_of(session, letter.drafted_by_id)
        tell_staff(session, application, "send_back_reply", step=step, users=[writer])
    return application


def take_back_reply(
    session: Session,
    *,
    reply: Reply,
    note: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Reply:
    """Take the approval of one letter back; that of the final answer moves its case back as well.

    Raises RuleViolation when it is not approved, when it has left, or without a reason.
    """
    check_version(reply, version)
    deputy_for_id = check_verb(actor, "approve", "reply")
    if reply.state is not ReplyState.APPROVED:
        raise refuse(N_("Only an approved letter that has not left can be taken back."))
    if not note.strip():
        raise refuse(rules.NEEDED["reason"], "note")
    application = reply.application
    if reply.kind is ReplyKind.FINAL and application.state is State.REPLY_APPROVED:
        recall_reply(session, application=application, reason=note, actor=actor, now=now)
        return reply
    _take_back(session, reply, note)
    step = record_step(
        session, application, "recall_other_reply", actor=actor, now=now, note=note,
        details={"reply_id": reply.id}, deputy_for_id=deputy_for_id,
    )  # fmt: skip
    writer = person_of(session, reply.drafted_by_id)
    tell_staff(session, application, "send_back_reply", step=step, users=[writer])
    return reply


def _take_back(session: Session, reply: Reply, note: str) -> None:
    """A letter whose approval was taken back has no signature any more; its chain begins anew."""
    reply.state = ReplyState.SENT_BACK
    reply.approval_note = note.strip()[:300]
    reply.approved_by_id = reply.approved_for_id = reply.approved_at = None
    reply.signed_as = ""
    flush(session)
    follow_letters(session, [reply])
