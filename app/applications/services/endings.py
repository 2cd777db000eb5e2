"""How an application ends otherwise than by a reply; how it begins again stands in `new_cycle`."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent
from app.applications.rules import (
    Action,
    InadmissibleReason,
    Kind,
    Outcome,
    ReplyKind,
)
from app.applications.services.approvals import recall_letters
from app.applications.services.decided import tell_decision
from app.applications.services.decision_letters import (
    add_decision_letter,
    add_forwarding_letters,
    add_inadmissible_letter,
    check_inadmissible,
    signs_with_decision,
)
from app.applications.services.groups import answer_group, answer_of, answer_of_case, list_group
from app.applications.services.moves import (
    apply_action,
    check_verb,
    flush,
    refuse,
    renew,
)
from app.applications.services.notices import people_of_unit, tell_citizen, tell_staff
from app.applications.services.reasons import reason_for
from app.applications.services.releasing import refuse_own_refusal, release_group
from app.applications.services.routing import cancel_assignments
from app.applications.services.wording import remedy_for, turkish
from app.core import clock
from app.core.acting import Actor
from app.core.rules import N_, RuleViolation
from app.people.models import Institution
from app.people.rules import InstitutionKind

#: Kind of the competent authority → the reason that says so, by its code among those that ship.
_COMPETENT = {
    InstitutionKind.DISTRICT_MUNICIPALITY: "gorev-ilce",
    InstitutionKind.PUBLIC_BODY: "gorev-kamu",
    InstitutionKind.GOVERNORATE: "gorev-kamu",
    InstitutionKind.UTILITY: "gorev-dagitim",
}


def close(
    session: Session,
    *,
    application: Application,
    actor: Actor,
    note: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """File a case that has come to its end.

    What has a legal period is filed only by those who assess applications: operators register.
    """
    if application.rule_key is not None and not actor.may("triage", "Application"):
        raise refuse(
            N_("This kind has a legal period; only those who assess applications may close it.")
        )
    if rules.awaits_letter(application.state, application.answered_at):
        raise refuse(
            N_(
                "The letter of this decision has not left yet; close the case when it has been sent."
            )
        )
    moment = now or clock.now()
    answer = answer_of_case(session, application)
    step = apply_action(
        session, application, Action.CLOSE, actor=actor, now=moment, note=note, version=version
    )
    if note.strip():
        application.closing_note = note.strip()
    flush(session)
    # Whoever has been merged with it and was not answered yet is not filed away with it.
    waiting = any(case.answered_at is None for case in list_group(session, application.id))
    if waiting and answer is not None:
        answer_group(session, application, answer, actor=actor, now=moment, step=step)
    return application


def close_no_reply(
    session: Session,
    *,
    application: Application,
    actor: Actor,
    note: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Close a case whose applicant did not answer what was asked."""
    moment = now or clock.now()
    step = apply_action(
        session,
        application,
        Action.CLOSE_NO_REPLY,
        actor=actor,
        now=moment,
        note=note,
        version=version,
    )
    application.closing_note = note.strip()
    recall_letters(session, application, note=note)
    _end(session, application, step, moment)
    tell_citizen(session, application, "close_no_reply", step=step)
    release_group(session, application, actor=actor, now=moment, step=step)
    return application


def transfer_out(
    session: Session,
    *,
    application: Application,
    institution_id: int | None,
    actor: Actor,
    outcome_reason_id: int | None = None,
    note: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Pass a case to the competent institution and tell the applicant (3071 m.5; 4982 m.7).

    Two letters are kept with the case: to the institution, and the notice to the applicant.
    RuleViolation without an institution.
    """
    moment = now or clock.now()
    institution = session.get(Institution, institution_id) if institution_id else None
    reason_id = reason_for(
        session,
        Outcome.NOT_COMPETENT,
        outcome_reason_id,
        usual_code=_COMPETENT.get(institution.kind, "") if institution is not None else "",
    )
    name = str(institution) if institution is not None else ""
    is_signed = signs_with_decision(actor)
    step = apply_action(
        session,
        application,
        Action.TRANSFER_OUT,
        actor=actor,
        now=moment,
        given={"institution_id": institution.id if institution is not None else None},
        note=note,
        details={"institution": name},
        version=version,
        awaits_letter=not is_signed,
    )
    assert institution is not None
    application.institution_id = institution.id
    application.outcome = Outcome.NOT_COMPETENT
    application.outcome_reason_id = reason_id
    application.closing_note = note.strip()
    recall_letters(session, application, note=name)
    letter = add_forwarding_letters(
        session, application, institution, note=note, actor=actor, now=moment
    )
    renew(session, application)
    _end(session, application, step, moment)
    if is_signed:
        tell_decision(session, application, letter, actor=actor, now=moment, step=step)
    return application


def withdraw(
    session: Session,
    *,
    application: Application,
    note: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """End a case at the applicant’s wish; units are told to stop."""
    moment = now or clock.now()
    step = apply_action(
        session, application, Action.WITHDRAW, actor=actor, now=moment, given={"note": note},
        note=note, version=version,
    )  # fmt: skip
    application.closing_note = note.strip()
    recall_letters(session, application, note=note)
    _end(session, application, step, moment)
    tell_citizen(session, application, "withdraw", step=step)
    release_group(session, application, actor=actor, now=moment, step=step)
    return application


def reject(
    session: Session,
    *,
    application: Application,
    reason: str,
    actor: Actor,
    outcome_reason_id: int | None = None,
    article: str = "",
    remedy: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Refuse with reasons; in the right to information with the article and the way to object.

    A letter with reason, article and remedy is kept with the case. Who registered the case may not
    refuse it. Raises RuleViolation. Source: 4982 m.12; domain facts 9.
    """
    check_verb(actor, "reject")
    if broken := tuple(
        rules.approval_violations(
            approver_id=actor.user_id,
            drafter_id=None,
            registrar_id=application.registered_by_id,
            outcome=Outcome.REJECTED,
        )
    ):
        raise RuleViolation(broken)
    if application.kind is Kind.INFORMATION and not article.strip():
        raise refuse(N_("Name the article on which the refusal rests (4982 art. 12)."), "article")
    refuse_own_refusal(session, application, actor)
    reason_id = reason_for(session, Outcome.REJECTED, outcome_reason_id, kind=application.kind)
    moment = now or clock.now()
    step = apply_action(
        session, application, Action.REJECT, actor=actor, now=moment, given={"reason": reason},
        note=reason, details={"article": article}, version=version,
    )  # fmt: skip
    application.outcome = Outcome.REJECTED
    application.outcome_reason_id = reason_id
    application.closing_note = reason.strip()
    recall_letters(session, application, note=reason)
    letter = add_decision_letter(
        session,
        application,
        kind=ReplyKind.FINAL,
        outcome=Outcome.REJECTED,
        subject=turkish(rules.CITIZEN_NOTICES["reject"][0], number=application.number),
        body=reason.strip(),
        actor=actor,
        now=moment,
    )
    letter.refusal_article = article.strip()[:60]
    letter.remedy = remedy.strip() or remedy_for(application)
    _end(session, application, step, moment)
    tell_citizen(
        session, application, "reject", step=step, subject=letter.subject,
        body=f"{letter.body}\n\n{letter.remedy}",
    )  # fmt: skip
    answer_group(
        session, application, answer_of(letter, "reject"), actor=actor, now=moment, step=step
    )
    return application


def declare_inadmissible(
    session: Session,
    *,
    application: Application,
    inadmissible_reason: InadmissibleReason | None,
    actor: Actor,
    note: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Decide that a petition may not be examined, with its reason in 3071 m.6 and a letter that says it.

    Who lacks a part of art. 4 and can be reached is asked first. Raises RuleViolation.
    """
    moment = now or clock.now()
    check_inadmissible(session, application, inadmissible_reason)
    step = apply_action(
        session,
        application,
        Action.DECLARE_INADMISSIBLE,
        actor=actor,
        now=moment,
        given={"inadmissible_reason": inadmissible_reason},
        note=note,
        details={"reason": str(inadmissible_reason) if inadmissible_reason else None},
        version=version,
        awaits_letter=not signs_with_decision(actor),
    )
    assert inadmissible_reason is not None
    reason = InadmissibleReason(inadmissible_reason)
    application.inadmissible_reason = reason
    application.closing_note = note.strip()
    recall_letters(session, application, note=note)
    letter = add_inadmissible_letter(
        session, application, reason, note=note, actor=actor, now=moment
    )
    _end(session, application, step, moment)
    if signs_with_decision(actor):
        tell_decision(session, application, letter, actor=actor, now=moment, step=step)
    # The fault lies in this petition, not in those of the others.
    release_group(session, application, actor=actor, now=moment, step=step)
    return application


def appeal(
    session: Session,
    *,
    application: Application,
    note: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Note that the applicant went to the Board (4982 m.13); only for the right to information."""
    if application.kind is not Kind.INFORMATION:
        raise refuse(N_("Only a refused information request goes to the Board (4982 art. 13)."))
    apply_action(
        session, application, Action.APPEAL, actor=actor, now=now, given={"note": note}, note=note,
        version=version,
    )  # fmt: skip
    return application


def discard(
    session: Session,
    *,
    application: Application,
    actor: Actor,
    note: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Throw a draft away; it keeps its row, so that its number is explained."""
    apply_action(
        session, application, Action.DISCARD, actor=actor, now=now, note=note, version=version
    )
    return application


# --- what endings share --------------------------------------------------------------------------------
def _end(
    session: Session, application: Application, step: ApplicationEvent, now: dt.datetime
) -> None:
    """Take the case from the units that still have it and tell them."""
    for unit_id in cancel_assignments(session, application, now):
        people = people_of_unit(session, unit_id)
        tell_staff(session, application, "cancel", step=step, users=people)
