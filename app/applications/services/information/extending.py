"""Thirty working days instead of fifteen: asked with a reason of article 11, told by a letter in time.

Source: 4982 m.11.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import queries, rules
from app.applications.models import Application, InformationCase, Reply
from app.applications.rules import EDITABLE_REPLIES, ReplyKind, State
from app.applications.rules import information as foi
from app.applications.rules.information import EXTENSION_REASON_LABELS, ExtensionReason
from app.applications.services.clocks import interruptions_of, started_on
from app.applications.services.information import letters
from app.applications.services.information.deciding import case_of, check_decider
from app.applications.services.moves import check_version, flush, record_step, refuse
from app.applications.services.replies import draft_reply, submit_reply
from app.applications.services.unit_work import request_extension
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_, RuleViolation
from app.core.text import clean


def prepare_extension(
    session: Session,
    *,
    application: Application,
    extension_reason: ExtensionReason | None,
    actor: Actor,
    note: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> InformationCase:
    """Ask for thirty working days and send the letter that says so for approval.

    The manager approves the letter, sends it and grants the time; without a letter before the end of
    working day fifteen the law knows no extension. Raises RuleViolation without a reason of article
    11, after that day, for a second extension and where no unit is at work.
    """
    check_decider(actor)
    case = case_of(session, application)
    check_version(case, version)
    if application.is_extended:
        raise refuse(N_("The period has been extended already; it is extended once only."))
    moment = now or clock.now()
    today = clock.to_local(moment).date()
    text = clean(note, multiline=True)
    broken = tuple(
        foi.extension_violations(
            {"extension_reason": extension_reason, "note": text},
            notice_by=case.notice_by,
            today=today,
        )
    )
    if broken:
        raise RuleViolation(broken)
    reason = ExtensionReason(extension_reason or "")
    words = turkish(EXTENSION_REASON_LABELS[reason])
    if application.state is not State.EXTENSION_REQUESTED:
        request_extension(
            session,
            application=application,
            reason=f"{words}. {text}"[:300] if text else words,
            actor=actor,
            now=moment,
        )
    case.extension_reason = reason
    reply = draft_reply(
        session,
        application=application,
        actor=actor,
        reply=_draft_of(session, application),
        kind=ReplyKind.EXTENSION_NOTICE,
        subject=letters.extension_subject(application),
        body=letters.extension_body(
            application, reason=reason, note=text, due_on=extended_due(session, application)
        ),
        now=moment,
    )
    flush(session)
    record_step(
        session, application, "prepare_extension", actor=actor, now=moment,
        details={"reason": reason.value, "reply_id": reply.id},
    )  # fmt: skip
    submit_reply(session, reply=reply, actor=actor, now=moment)
    return case


def extended_due(session: Session, application: Application) -> dt.date | None:
    """The last day that an extension would give."""
    return queries.count_deadline(
        session,
        rules.FOI_EXTENDED_RULE,
        started_on(application),
        interruptions_of(application),
    ).due_on


def _draft_of(session: Session, application: Application) -> Reply | None:
    """An extension letter of this cycle that is still with its writer."""
    with acting_as(SYSTEM):
        letters_of = session.scalars(
            select(Reply)
            .where(
                Reply.application_id == application.id,
                Reply.cycle == application.cycle,
                Reply.kind == ReplyKind.EXTENSION_NOTICE,
            )
            .order_by(Reply.id.desc())
        ).all()
    if any(letter.state not in EDITABLE_REPLIES for letter in letters_of):
        raise refuse(N_("An extension letter is on its way already."))
    return letters_of[0] if letters_of else None
