"""Letters that go with a decision: to the applicant, and to the institution that is competent.

Who may approve has signed the letter with the decision; what anybody else decided goes along the chain
of approval first. Source: 3071 m.5–6; domain facts 1.3 and 9.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, Reply
from app.applications.queries.approvals import has_been_asked, office_of, own_office
from app.applications.rules import InadmissibleReason, Outcome, ReplyKind, ReplyState
from app.applications.services.approvals import sign, start_chain, tell_turn
from app.applications.services.moves import flush, record_step
from app.applications.services.notices import way_to
from app.applications.services.wording import remedy_for, turkish
from app.core import clock
from app.core.acting import Actor
from app.core.rules import RuleViolation
from app.core.text import format_date
from app.people.models import Institution


def add_decision_letter(
    session: Session,
    application: Application,
    *,
    kind: ReplyKind,
    outcome: Outcome,
    subject: str,
    body: str,
    actor: Actor,
    now: dt.datetime,
    institution: Institution | None = None,
    is_signed: bool = True,
) -> Reply:
    """Keep the letter of a decision; `is_signed` says that the decision itself signs it."""
    letter = Reply(
        application_id=application.id,
        kind=kind,
        state=ReplyState.SENT if is_signed else ReplyState.IN_APPROVAL,
        outcome=outcome,
        subject=subject,
        body=body,
        cycle=application.cycle,
        outcome_reason_id=application.outcome_reason_id,
        institution_id=institution.id if institution is not None else None,
    )
    session.add(letter)
    if is_signed:
        mandate = actor.mandate_for(("approve", "reject"), "Application")
        office = office_of(mandate) if mandate is not None else own_office(actor)
        sign(session, letter, actor=actor, mandate=mandate, office=office, now=now)
        letter.sent_at = now
        letter.letter_on = clock.to_local(now).date()
    else:
        letter.drafted_by_id = actor.user_id
        letter.submitted_at = now
    flush(session)
    if not is_signed:
        turn = start_chain(session, letter, now=now)
        step = record_step(
            session, application, "submit_reply", actor=actor, now=now,
            details={"reply_id": letter.id, "kind": kind.value},
        )  # fmt: skip
        tell_turn(session, letter, turn, step)
    return letter


def signs_with_decision(actor: Actor) -> bool:
    """Whether a decision of this actor is a signature as well."""
    return actor.may("approve", "Application")


# --- petitions that may not be examined ------------------------------------------------------------
def parts_of(application: Application) -> dict[str, bool | None]:
    """What was found of the parts of a petition."""
    return {name: getattr(application, name) for name in rules.PETITION_PARTS}


def check_inadmissible(
    session: Session, application: Application, reason: InadmissibleReason | None
) -> None:
    """Refuse to leave a petition unexamined for a part that nobody has asked for yet."""
    broken = tuple(
        rules.inadmissible_violations(
            reason,
            parts_of(application),
            is_reachable=way_to(session, application) is not None,
            was_asked=has_been_asked(session, application),
        )
    )
    if broken:
        raise RuleViolation(broken)


def inadmissible_text(application: Application, reason: InadmissibleReason, note: str) -> str:
    """The letter to the applicant: the ground with its paragraph, and what the officer adds."""
    names = rules.missing_parts(parts_of(application)) or tuple(rules.PETITION_PARTS)
    missing = ", ".join(turkish(rules.PETITION_PARTS[name]) for name in names)
    ground = rules.GROUNDS[reason].letter
    text = turkish(ground, missing=missing) if "%(missing)s" in ground else turkish(ground)
    return "\n\n".join(part for part in (text, note.strip()) if part)


def add_inadmissible_letter(
    session: Session,
    application: Application,
    reason: InadmissibleReason,
    *,
    note: str,
    actor: Actor,
    now: dt.datetime,
) -> Reply:
    """The letter with the reason and the way to object that follows the decision."""
    letter = add_decision_letter(
        session,
        application,
        kind=ReplyKind.FINAL,
        outcome=Outcome.REJECTED,
        subject=turkish(
            rules.CITIZEN_NOTICES["declare_inadmissible"][0], number=application.number
        ),
        body=inadmissible_text(application, reason, note),
        actor=actor,
        now=now,
        is_signed=signs_with_decision(actor),
    )
    letter.remedy = remedy_for(application)
    flush(session)
    return letter


# --- passed to the competent authority -------------------------------------------------------------
def add_forwarding_letters(
    session: Session,
    application: Application,
    institution: Institution,
    *,
    note: str,
    actor: Actor,
    now: dt.datetime,
) -> Reply:
    """The letter to the institution and the notice to the applicant; returns the notice."""
    is_information = application.kind is rules.Kind.INFORMATION
    law = rules.LAW_OF_FORWARDING_INFORMATION if is_information else rules.LAW_OF_FORWARDING
    words = {
        "number": application.number,
        "day": format_date(application.received_on),
        "law": turkish(law),
        "institution": str(institution),
    }
    text = turkish(rules.FORWARDING_TEXT, **words)
    is_signed = signs_with_decision(actor)
    add_decision_letter(
        session,
        application,
        kind=ReplyKind.FORWARDING_NOTICE,
        outcome=Outcome.NOT_COMPETENT,
        subject=turkish(rules.FORWARDING_SUBJECT, number=application.number),
        body="\n\n".join(part for part in (text, note.strip()) if part),
        actor=actor,
        now=now,
        institution=institution,
        is_signed=is_signed,
    )
    return add_decision_letter(
        session,
        application,
        kind=ReplyKind.FORWARDING_NOTICE,
        outcome=Outcome.NOT_COMPETENT,
        subject=turkish(rules.CITIZEN_NOTICES["transfer_out"][0], number=application.number),
        body=turkish(rules.FORWARDING_NOTICE, **words),
        actor=actor,
        now=now,
        is_signed=is_signed,
    )
