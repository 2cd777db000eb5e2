"""The answer as it is typed into CİMER: plain text, signed, counted; and the note that it stands there.

CİMER has no letterhead and sends the answer to the citizen by itself. Source: domain facts 2.4.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, CimerExchange, Reply
from app.applications.queries.cimer import ENDING_LETTERS, waits_for_entry
from app.applications.rules import ExchangeKind, ReplyState, State
from app.applications.services.exchanges import add_exchange, check_channel, check_officer
from app.applications.services.moves import check_version, flush, record_step, refuse
from app.applications.services.replies import send_reply
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_, RuleViolation
from app.core.text import tr_upper
from app.system.queries import get_number, get_text

_READY = (ReplyState.APPROVED, ReplyState.SENT)
_BASIS = N_("Legal basis: %(article)s")


@dataclass(frozen=True)
class OfficeAnswer:
    """The text for CİMER, the letter it comes from, and how many characters CİMER takes."""

    text: str
    limit: int
    reply: Reply | None

    @property
    def length(self) -> int:
        """How many characters it has."""
        return len(self.text)

    @property
    def is_too_long(self) -> bool:
        """Whether CİMER would cut it off."""
        return self.length > self.limit


def find_letter(session: Session, application: Application) -> Reply | None:
    """The letter of the present cycle that ends the case; of a merged one that of its main case."""
    owner_id, cycle = application.id, application.cycle
    if application.state is State.MERGED and application.master_id is not None:
        cases = Application.__table__.c
        owner_id = application.master_id
        cycle = session.execute(select(cases.cycle).where(cases.id == owner_id)).scalar() or 1
    with acting_as(SYSTEM):
        return session.scalars(
            select(Reply)
            .where(
                Reply.application_id == owner_id,
                Reply.cycle == cycle,
                Reply.kind.in_(ENDING_LETTERS),
                Reply.state.in_(_READY),
            )
            .order_by(Reply.id.desc())
            .limit(1)
        ).first()


def answer_for(session: Session, application: Application) -> OfficeAnswer:
    """The plain text for CİMER; empty when nothing has been decided yet."""
    reply = find_letter(session, application)
    if reply is not None:
        parts = [part for part in re.split(r"\n\s*\n", reply.body) if part.strip()]
        if reply.refusal_article:
            parts.append(turkish(_BASIS, article=reply.refusal_article))
        parts.append(reply.remedy)
    else:
        parts = _words_of_decision(application)
    signed = _signature(session, reply) if any(part.strip() for part in parts) else ()
    text = rules.join_answer(tuple(parts), signed)
    return OfficeAnswer(text, get_number(session, "cimer_answer_limit"), reply)


def _words_of_decision(application: Application) -> list[str]:
    if application.state not in rules.TO_ENTER_STATES:
        return []
    reason = application.inadmissible_reason
    label = turkish(rules.INADMISSIBLE_REASON_LABELS[reason]) if reason is not None else ""
    return [label, application.closing_note]


def _signature(session: Session, reply: Reply | None) -> tuple[str, ...]:
    """Name, title and unit of who signs; that of the setting before that of the approver."""
    who = reply.approved_by if reply is not None else None
    name = f"{who.first_name} {tr_upper(who.last_name)}".strip() if who is not None else ""
    return (
        get_text(session, "signatory_name") or name,
        get_text(session, "signatory_title") or (who.title if who is not None else ""),
        get_text(session, "cimer_answer_unit"),
    )


def mark_entered(
    session: Session,
    *,
    application: Application,
    at: dt.datetime,
    actor: Actor,
    reference: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> CimerExchange:
    """Note that the answer stands at CİMER since `at`; an approved letter counts as sent by it.

    The legal clock stops at that moment, because CİMER sends the answer to the citizen at once.
    Twice changes nothing more. Raises RuleViolation for an answer that is not ready or too long.
    """
    check_officer(actor)
    check_channel(application)
    if application.external_answered_at is not None:
        return _entered_line(session, application)
    check_version(application, version)
    moment = now or clock.now()
    answer = answer_for(session, application)
    ready = session.scalar(
        select(Application.id).where(Application.id == application.id, waits_for_entry())
    )
    if ready is None:
        raise refuse(N_("No approved answer waits to be entered at CİMER."))
    if broken := tuple(rules.answer_violations(answer.text, limit=answer.limit)):
        raise RuleViolation(broken)
    _check_moment(at, answer, moment)
    own = answer.reply is not None and answer.reply.application_id == application.id
    if own and answer.reply is not None and answer.reply.state is ReplyState.APPROVED:
        by = actor if actor.may("reply", "Application") else SYSTEM
        send_reply(session, reply=answer.reply, actor=by, now=at)
    row = add_exchange(
        session, application=application, kind=ExchangeKind.ANSWER_ENTERED, at=at, actor=actor,
        now=moment, reference=reference, text=answer.text,
        reply_id=answer.reply.id if own and answer.reply is not None else None,
        dedupe_key=f"{application.id}:{application.cycle}:entered",
    )  # fmt: skip
    application.external_answered_at = at
    record_step(
        session, application, "cimer_entered", actor=actor, now=moment,
        details={"exchange": row.id, "length": answer.length},
    )  # fmt: skip
    flush(session)
    return row


def _entered_line(session: Session, application: Application) -> CimerExchange:
    key = f"{application.id}:{application.cycle}:entered"
    row = session.scalars(select(CimerExchange).where(CimerExchange.dedupe_key == key)).first()
    if row is None:
        raise refuse(N_("The answer stands at CİMER already."))
    return row


def _check_moment(at: dt.datetime, answer: OfficeAnswer, now: dt.datetime) -> None:
    if at > now + dt.timedelta(minutes=10):
        raise refuse(N_("This date lies in the future."), "at")
    approved = answer.reply.approved_at if answer.reply is not None else None
    if approved is not None and at < approved.replace(second=0, microsecond=0):
        raise refuse(N_("The answer cannot stand at CİMER before it was approved."), "at")
