"""What follows for an information case from a step of its application: fee, extension, decision, end.

The door of the steps (`moves.record_step`) tells each step to this module, so no service has to
remember it. A letter decides what was decided: it is what the applicant has in hand.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import queries
from app.applications.models import Application, ApplicationEvent, InformationCase, Reply
from app.applications.queries.information import (
    find_information_case,
    has_open_appeal,
    list_grounds,
)
from app.applications.rules import Action, Kind, ReplyKind
from app.applications.rules import information as foi
from app.applications.rules.information import AppealForum, InformationDecision
from app.applications.services import moves
from app.applications.services.information.appeals import new_appeal
from app.applications.services.information.cases import ensure_information_case
from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.core.rules import RuleViolation

Handler = Callable[[Session, Application, InformationCase, ApplicationEvent], None]


def _on(step: ApplicationEvent) -> dt.date:
    """The day of a step on the Istanbul clock."""
    return clock.to_local(step.at).date()


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


# --- the fee -------------------------------------------------------------------------------------
def _fee_demanded(
    session: Session, application: Application, case: InformationCase, step: ApplicationEvent
) -> None:
    amount = step.details.get("amount")
    case.fee_amount = Decimal(amount) if amount else None
    case.fee_notified_on = _on(step)
    case.fee_pay_by = _day(step.details.get("pay_by"))
    case.fee_paid_on = None
    case.withdrawal_proposed_on = None


def _fee_paid(
    session: Session, application: Application, case: InformationCase, step: ApplicationEvent
) -> None:
    if case.fee_notified_on is not None:
        paid = _day(step.details.get("paid_on")) or _on(step)
        case.fee_paid_on = max(paid, case.fee_notified_on)
    case.withdrawal_proposed_on = None


def _fee_withdrawn(
    session: Session, application: Application, case: InformationCase, step: ApplicationEvent
) -> None:
    case.fee_amount = case.fee_notified_on = case.fee_pay_by = case.fee_paid_on = None
    case.withdrawal_proposed_on = None


# --- decisions -----------------------------------------------------------------------------------
def _ends_as(decision: InformationDecision) -> Handler:
    def handler(
        session: Session, application: Application, case: InformationCase, step: ApplicationEvent
    ) -> None:
        case.decision, case.decided_on = decision, _on(step)

    return handler


def _refused(
    session: Session, application: Application, case: InformationCase, step: ApplicationEvent
) -> None:
    """Refused on the desk of who may, with an article and no decision form."""
    case.decision, case.decided_on = InformationDecision.REFUSED, _on(step)
    case.reason = case.reason or step.note
    _take_articles(session, case, str(step.details.get("article") or ""))


def _letter_left(
    session: Session, application: Application, case: InformationCase, step: ApplicationEvent
) -> None:
    """The final letter makes the decision final; one written by hand is read for its decision."""
    reply = session.get(Reply, step.details.get("reply_id") or 0)
    if reply is None or reply.outcome is None:
        return
    drafted = case.decision if case.reply_id == reply.id else None
    if drafted is None or foi.OUTCOME_OF.get(drafted) is not reply.outcome:
        drafted = foi.DECISION_OF_OUTCOME.get(reply.outcome)
    if drafted is None:
        return
    case.decision, case.decided_on, case.reply_id = drafted, _on(step), reply.id
    _take_articles(session, case, reply.refusal_article)


def _take_articles(session: Session, case: InformationCase, text: str) -> None:
    codes = set(foi.read_articles(text))
    known = list_grounds(session, case.decided_on) if codes else []
    case.grounds = [ground for ground in known if ground.code in codes]
    case.articles = foi.written_articles(codes)
    case.is_separated = case.decision is InformationDecision.PARTIAL and foi.SEPARATION in codes


def _main_case_answered(
    session: Session, application: Application, case: InformationCase, step: ApplicationEvent
) -> None:
    """The applicant of a merged request gets the answer of the main one."""
    main = _case_in_hand(session, int(step.details.get("master_id") or 0))
    if main is None or main.decided_on is None:
        return
    case.decision, case.decided_on = main.decision, main.decided_on
    case.reason, case.articles, case.is_separated = main.reason, main.articles, main.is_separated
    case.grounds = list(main.grounds)


def _case_in_hand(session: Session, application_id: int) -> InformationCase | None:
    """A case that is in the database, or is being made in this very transaction."""
    fresh = (row for row in session.new if isinstance(row, InformationCase))
    made = next((case for case in fresh if case.application_id == application_id), None)
    return made or find_information_case(session, application_id)


def _brought_in(
    session: Session, application: Application, case: InformationCase, step: ApplicationEvent
) -> None:
    """A row of a file may have come to its end at the source."""
    if application.answered_at is not None and application.outcome is not None:
        decision = foi.DECISION_OF_OUTCOME.get(application.outcome)
        if decision is not None:
            case.decision = decision
            case.decided_on = clock.to_local(application.answered_at).date()


def _begins_again(
    session: Session, application: Application, case: InformationCase, step: ApplicationEvent
) -> None:
    """A new cycle decides anew; what was decided before stands in the letters and the audit trail."""
    case.decision = case.decided_on = case.reply_id = None
    case.articles, case.reason, case.removed, case.is_separated = "", "", "", False
    case.access_form = case.pages = case.published_id = None
    case.fee_amount = case.fee_notified_on = case.fee_pay_by = case.fee_paid_on = None
    case.withdrawal_proposed_on = None
    case.extension_reason = case.extension_reply_id = case.extension_notified_on = None
    case.consent_asked_on = case.consent_given_on = None
    case.grounds = []


# --- the extension, appeals ------------------------------------------------------------------------
def _extension_told(
    session: Session, application: Application, case: InformationCase, step: ApplicationEvent
) -> None:
    case.extension_reply_id = step.details.get("reply_id")
    case.extension_notified_on = _on(step)


def _appealed(
    session: Session, application: Application, case: InformationCase, step: ApplicationEvent
) -> None:
    """An appeal that was noted without its record gets one."""
    if not step.details.get("appeal_id") and not has_open_appeal(
        session, application.id, AppealForum.BOARD
    ):
        new_appeal(
            session,
            application=application,
            forum=AppealForum.BOARD,
            filed_on=_on(step),
            notified_on=case.decided_on,
            note=step.note,
        )


def _nothing_more(
    session: Session, application: Application, case: InformationCase, step: ApplicationEvent
) -> None:
    """The case is there, and that was all."""


#: Step → what follows from it.
_HANDLERS: Mapping[str, Handler] = {
    Action.REGISTER.value: _nothing_more,
    "change_details": _nothing_more,
    "import": _brought_in,
    Action.DEMAND_FEE.value: _fee_demanded,
    Action.RECEIVE_FEE.value: _fee_paid,
    Action.WITHDRAW_FEE.value: _fee_withdrawn,
    Action.SEND_REPLY.value: _letter_left,
    Action.SEND_REFUSAL.value: _letter_left,
    Action.REJECT.value: _refused,
    Action.TRANSFER_OUT.value: _ends_as(InformationDecision.FORWARDED),
    Action.WITHDRAW.value: _ends_as(InformationDecision.WITHDRAWN),
    Action.DEEM_WITHDRAWN.value: _ends_as(InformationDecision.DEEMED_WITHDRAWN),
    Action.CLOSE_FIRST_CONTACT.value: _ends_as(InformationDecision.GRANTED),
    Action.REOPEN.value: _begins_again,
    Action.APPEAL.value: _appealed,
    "master_answered": _main_case_answered,
    "send_extension_notice": _extension_told,
}


# --- what the law forbids --------------------------------------------------------------------------
def _check(
    session: Session, application: Application, case: InformationCase, step: ApplicationEvent
) -> None:
    """Refuse a letter that comes too late or gives away what somebody has not agreed to.

    Raises RuleViolation; the edge rolls the step back.
    """
    kind = step.details.get("kind")
    today = _on(step)
    if step.action in {"submit_reply", "send_extension_notice"} and (
        kind == ReplyKind.EXTENSION_NOTICE.value
    ):
        broken = tuple(foi.late_notice_violations(notice_by=case.notice_by, today=today))
        if broken and not application.is_extended:
            raise RuleViolation(broken)
    if step.action == Action.SEND_REPLY.value and case.consent_asked_on is not None:
        earliest = queries.count_deadline(session, foi.CONSENT_RULE, case.consent_asked_on).due_on
        broken = tuple(
            foi.consent_violations(
                case.decision,
                asked_on=case.consent_asked_on,
                given_on=case.consent_given_on,
                earliest_on=earliest,
                today=today,
            )
        )
        if broken:
            raise RuleViolation(broken)


_CHECKED = frozenset({"submit_reply", "send_extension_notice", Action.SEND_REPLY.value})


# --- the door ------------------------------------------------------------------------------------------
def follow_step(session: Session, application: Application, step: ApplicationEvent) -> None:
    """Take a step of an application over into its information case; other kinds have none.

    A request that turns out to be another kind loses its case: nothing of it was decided yet.
    """
    if application.kind is not Kind.INFORMATION:
        if step.action == "change_details" and "kind" in step.details:
            case = find_information_case(session, application.id)
            if case is not None:
                session.delete(case)
                session.flush()
        return
    handler = _HANDLERS.get(step.action)
    if handler is None and step.action not in _CHECKED:
        return
    with acting_as(SYSTEM):
        case = ensure_information_case(session, application)
        assert case is not None
        if handler is not None:
            handler(session, application, case, step)
        _check(session, application, case, step)
    session.flush()


def follow_timeline(
    session: Session,
    applications: Mapping[int, Application],
    cases: Mapping[int, InformationCase],
) -> None:
    """Follow the steps that some applications have taken already, in their order; nothing is checked."""
    steps = session.scalars(
        select(ApplicationEvent)
        .where(
            ApplicationEvent.application_id.in_(sorted(applications)),
            ApplicationEvent.action.in_(sorted(_HANDLERS)),
        )
        .order_by(ApplicationEvent.id)
    ).all()
    ids = {step.details.get("reply_id") for step in steps} - {None}
    # Kept in hand, so that each letter is found in memory.
    letters = session.scalars(select(Reply).where(Reply.id.in_(sorted(ids)))).all() if ids else ()
    for step in steps:
        _HANDLERS[step.action](
            session, applications[step.application_id], cases[step.application_id], step
        )
    del letters


if follow_step not in moves.after_step:
    moves.after_step.append(follow_step)
