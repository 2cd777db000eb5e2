"""Deciding an information request: the decision drafts its letter, the letter makes it final.

Source: 4982 m.7–12, m.21; domain facts 2.3 and 9.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.applications.models import (
    Application,
    InformationCase,
    PublishedInformation,
    RefusalGround,
    Reply,
)
from app.applications.queries.information import list_grounds
from app.applications.rules import EDITABLE_REPLIES, Kind, ReplyKind
from app.applications.rules import information as foi
from app.applications.rules.information import AccessForm, InformationDecision
from app.applications.services.endings import transfer_out
from app.applications.services.information import letters
from app.applications.services.information.cases import ensure_information_case
from app.applications.services.moves import check_version, flush, record_step, refuse
from app.applications.services.replies import draft_reply, submit_reply
from app.applications.services.wording import remedy_for
from app.core import clock
from app.core.acting import Actor
from app.core.rules import N_, RuleViolation
from app.core.text import clean

_MAY_NOT = N_("Only the information officer decides on information requests.")


def check_decider(actor: Actor) -> None:
    """Require the act `decide` on information cases, or raise RuleViolation."""
    if not actor.may("decide", "InformationCase"):
        raise refuse(_MAY_NOT)


def case_of(session: Session, application: Application) -> InformationCase:
    """The case of an information request; RuleViolation for any other kind."""
    case = ensure_information_case(session, application)
    if case is None:
        raise refuse(N_("This application is no information request (law 4982)."))
    return case


def decide(
    session: Session,
    *,
    application: Application,
    decision: InformationDecision | None,
    actor: Actor,
    ground_ids: Sequence[int] = (),
    reason: str = "",
    removed: str = "",
    access_form: AccessForm | None = None,
    pages: int | None = None,
    published_id: int | None = None,
    institution_id: int | None = None,
    submit: bool = False,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> InformationCase:
    """Draft a decision with its letter, and with `submit` send the letter for approval.

    Drafting again writes the letter anew as long as it is with its writer. What is not with us is
    passed on at once (m.7): that is final and needs no approval, because nothing is refused. Raises
    RuleViolation with every broken rule, ConflictError for a stale `version` of the case.
    """
    check_decider(actor)
    if application.kind is not Kind.INFORMATION:
        raise refuse(N_("This application is no information request (law 4982)."))
    case = case_of(session, application)
    check_version(case, version)
    moment = now or clock.now()
    today = clock.to_local(moment).date()
    if case.decided_on is not None:
        raise refuse(N_("The decision has left the house; it can no longer be changed."))
    values: dict[str, Any] = {
        "decision": decision,
        "reason": clean(reason, multiline=True),
        "removed": clean(removed, multiline=True),
        "access_form": access_form,
        "pages": pages,
        "published_id": published_id,
        "institution_id": institution_id,
    }
    grounds = _grounds(session, ground_ids, decision, today)
    codes = [ground.code for ground in grounds]
    if broken := tuple(foi.decision_violations(values, codes=codes)):
        raise RuleViolation(broken)
    assert decision is not None
    decision = InformationDecision(decision)
    if decision is InformationDecision.FORWARDED:
        transfer_out(
            session, application=application, institution_id=institution_id, actor=actor,
            note=values["reason"], now=moment,
        )  # fmt: skip
        case.reason = values["reason"]
        flush(session)
        return case
    reply = _letter_in_hand(session, case)
    _take(case, decision, values, grounds)
    published = (
        session.get(PublishedInformation, published_id)
        if decision is InformationDecision.PUBLISHED and published_id
        else None
    )
    case.published_id = published.id if published is not None else None
    reply = draft_reply(
        session,
        application=application,
        actor=actor,
        reply=reply,
        kind=ReplyKind.FINAL,
        outcome=foi.OUTCOME_OF[decision],
        subject=letters.decision_subject(application),
        body=letters.decision_body(
            application,
            decision=decision,
            grounds=grounds,
            reason=case.reason,
            removed=case.removed,
            access_form=case.access_form,
            pages=case.pages,
            published=published,
        ),
        short_text=letters.short_text(application),
        refusal_article=case.articles if decision in foi.HOLDS_BACK else "",
        remedy=remedy_for(application) if decision in foi.HOLDS_BACK else "",
        now=moment,
    )
    case.reply_id = reply.id
    flush(session)
    record_step(
        session, application, "draft_decision", actor=actor, now=moment,
        details={"decision": decision.value, "articles": case.articles, "reply_id": reply.id},
    )  # fmt: skip
    if submit:
        submit_reply(session, reply=reply, actor=actor, now=moment)
    return case


def _grounds(
    session: Session, ids: Sequence[int], decision: InformationDecision | None, today: dt.date
) -> list[RefusalGround]:
    """The articles that were picked, of those in force today; a publication brings its own."""
    wanted = set(ids)
    known = list_grounds(session, today)
    picked = [ground for ground in known if ground.id in wanted]
    if decision is InformationDecision.PUBLISHED:
        picked = [ground for ground in known if ground.code == foi.PUBLISHED]
    return picked


def _letter_in_hand(session: Session, case: InformationCase) -> Reply | None:
    """The draft to write on; None when there is none yet; RuleViolation when it is on its way."""
    reply = session.get(Reply, case.reply_id) if case.reply_id else None
    if reply is not None and reply.state not in EDITABLE_REPLIES:
        raise refuse(
            N_("The letter of the decision waits for approval; it must be sent back to you first.")
        )
    return reply


def _take(
    case: InformationCase,
    decision: InformationDecision,
    values: dict[str, Any],
    grounds: Sequence[RefusalGround],
) -> None:
    codes = [ground.code for ground in grounds]
    gives = decision in foi.GIVES_ACCESS
    form = values["access_form"]
    case.decision = decision
    case.reason = values["reason"] if decision is not InformationDecision.GRANTED else ""
    case.removed = values["removed"] if decision is InformationDecision.PARTIAL else ""
    case.is_separated = decision is InformationDecision.PARTIAL and foi.SEPARATION in codes
    case.access_form = AccessForm(form) if gives and form else None
    case.pages = values["pages"] if gives else None
    case.articles = foi.written_articles(codes)
    case.grounds = list(grounds)


def note_consent(
    session: Session,
    *,
    application: Application,
    consent_asked_on: dt.date | None,
    actor: Actor,
    consent_given_on: dt.date | None = None,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> InformationCase:
    """Note when the person concerned was told and when that person consented in writing (m.21).

    The letter that gives access is held back until both are there and seven days have passed.
    Raises RuleViolation for a day in the future or a consent before the notice.
    """
    check_decider(actor)
    case = case_of(session, application)
    check_version(case, version)
    moment = now or clock.now()
    values = {"consent_asked_on": consent_asked_on, "consent_given_on": consent_given_on}
    today = clock.to_local(moment).date()
    if broken := tuple(foi.consent_date_violations(values, today=today)):
        raise RuleViolation(broken)
    case.consent_asked_on, case.consent_given_on = consent_asked_on, consent_given_on
    flush(session)
    record_step(
        session, application, "note_consent", actor=actor, now=moment,
        details={name: day.isoformat() if day else None for name, day in values.items()},
    )  # fmt: skip
    return case
