"""What is followed up after a case was passed on: the institution is reminded, its answer is recorded.

The duty itself has ended with the notice to the applicant (3071 m.5; 4982 m.7); this is practice.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import exists, insert, select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, TransferFollowUp
from app.applications.rules import FollowUpState, State
from app.applications.services.groups import list_group
from app.applications.services.moves import (
    check_verb,
    check_version,
    flush,
    record_step,
    refuse,
)
from app.applications.services.notices import tell_citizen
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import Actor
from app.core.documents import Contact, Letter
from app.core.rules import N_, RuleViolation
from app.core.text import clean, format_date, tr_upper
from app.people.models import Institution
from app.people.rules import InstitutionKind
from app.system.queries import get_number, get_text

_NOT_AWAITED = N_("Nothing is awaited here any more.")
_SUBJECT = N_("Application numbered %(number)s that was passed to you")
_REFERENCE = N_("Our letter of %(day)s about the application numbered %(number)s.")
_ASKED = N_(
    "The application numbered %(number)s was passed to you on %(day)s because it concerns your "
    "administration (3071 art. 5). No information about its result has reached us so far."
)
_PLEASE = N_("We ask you to let us know the result of the application.")
#: Cases looked at in one go when missing follow-ups are made.
_BATCH = 2_000


def open_follow_up(
    session: Session, application: Application, institution: Institution, *, now: dt.datetime
) -> TransferFollowUp:
    """Begin to wait for the answer of the institution that a case was passed to; once in a cycle."""
    known = session.scalars(
        select(TransferFollowUp).where(
            TransferFollowUp.application_id == application.id,
            TransferFollowUp.cycle == application.cycle,
        )
    ).first()
    if known is not None:
        return known
    day = clock.to_local(now).date()
    row = TransferFollowUp(
        application_id=application.id,
        institution_id=institution.id,
        cycle=application.cycle,
        sent_on=day,
        expected_on=rules.expected_on(day, get_number(session, "transfer_answer_days")),
    )
    session.add(row)
    flush(session)
    return row


def find_missing_follow_ups(session: Session, *, now: dt.datetime | None = None) -> int:
    """Begin to wait for transfers that nobody follows up, such as those of a file; how many.

    The day of the transfer is that on which the clock stopped. Cases closed long ago are left alone.
    """
    moment = now or clock.now()
    cases, rows = Application.__table__.c, TransferFollowUp.__table__
    days = get_number(session, "transfer_answer_days")
    followed = exists().where(rows.c.application_id == cases.id, rows.c.cycle == cases.cycle)
    found = session.execute(
        select(cases.id, cases.institution_id, cases.cycle, cases.answered_at)
        .where(
            cases.state == State.TRANSFERRED_OUT,
            cases.institution_id.is_not(None),
            cases.answered_at.is_not(None),
            ~followed,
        )
        .order_by(cases.id)
        .limit(_BATCH)
    ).all()
    values = [
        {
            "application_id": pk, "institution_id": institution_id, "cycle": cycle,
            "state": FollowUpState.WAITING, "sent_on": (day := clock.to_local(at).date()),
            "expected_on": rules.expected_on(day, days), "reminders": 0, "reminder_text": "",
            "answer_no": "", "answer_text": "", "closing_note": "", "created_at": moment,
            "changed_at": moment, "version": 1,
        }
        for pk, institution_id, cycle, at in found
    ]  # fmt: skip
    if values:
        session.execute(insert(rows), values)
    return len(values)


# --- acts ----------------------------------------------------------------------------------------------
def record_institution_answer(
    session: Session,
    *,
    follow_up: TransferFollowUp,
    answered_on: dt.date | None,
    answer_text: str,
    actor: Actor,
    answer_no: str = "",
    tell: bool = False,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> TransferFollowUp:
    """Note what the institution has answered; with `tell` the applicant, and those of merged cases, are told.

    Raises RuleViolation with every broken rule, ConflictError for a stale version.
    """
    _check(follow_up, actor, version)
    moment = now or clock.now()
    today = clock.to_local(moment).date()
    text, number = clean(answer_text, multiline=True), clean(answer_no)
    if broken := tuple(
        rules.institution_answer_violations(
            answered_on=answered_on,
            number=number,
            text=text,
            sent_on=follow_up.sent_on,
            today=today,
        )
    ):
        raise RuleViolation(broken)
    follow_up.state = FollowUpState.ANSWERED
    follow_up.answered_on, follow_up.answer_no, follow_up.answer_text = answered_on, number, text
    case = follow_up.application
    name = str(follow_up.institution)
    # The applicant reads what was answered only when somebody has decided to tell it.
    visibility = rules.Visibility.APPLICANT if tell else rules.Visibility.INTERNAL
    step = record_step(
        session, case, "institution_answered", actor=actor, now=moment, note=text,
        details={"institution": name, "number": number}, visibility=visibility,
    )  # fmt: skip
    if tell:
        follow_up.told_at = moment
        tell_citizen(session, case, "institution_answered", step=step, institution=name)
        for other in list_group(session, case.id):
            told = record_step(
                session, other, "institution_answered", actor=actor, now=moment, note=text,
                details={"institution": name, "master_id": case.id}, visibility=visibility,
            )  # fmt: skip
            tell_citizen(session, other, "institution_answered", step=told, institution=name)
    flush(session)
    return follow_up


def remind_institution(
    session: Session,
    *,
    follow_up: TransferFollowUp,
    text: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> TransferFollowUp:
    """Remind the institution: the letter is drafted, counted, and a new day is expected.

    Our letter is a draft; EBYS numbers and signs it. Raises RuleViolation.
    """
    _check(follow_up, actor, version)
    if follow_up.state not in rules.AWAITED_STATES:
        raise refuse(_NOT_AWAITED)
    moment = now or clock.now()
    today = clock.to_local(moment).date()
    follow_up.state = FollowUpState.REMINDED
    follow_up.reminders += 1
    follow_up.reminded_on = today
    follow_up.reminder_text = clean(text, multiline=True) or default_reminder(follow_up)
    days = get_number(session, "transfer_answer_days")
    follow_up.expected_on = rules.expected_on(today, days)
    record_step(
        session, follow_up.application, "institution_reminded", actor=actor, now=moment,
        details={"institution": str(follow_up.institution), "count": follow_up.reminders},
    )  # fmt: skip
    flush(session)
    return follow_up


def close_follow_up(
    session: Session,
    *,
    follow_up: TransferFollowUp,
    note: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> TransferFollowUp:
    """Stop waiting for an answer that will not come; the note says why. Raises RuleViolation."""
    _check(follow_up, actor, version)
    if follow_up.state not in rules.AWAITED_STATES:
        raise refuse(_NOT_AWAITED)
    why = clean(note)
    if not why:
        raise refuse(rules.NEEDED["reason"], "note")
    follow_up.state = FollowUpState.CLOSED
    follow_up.closing_note = why[:300]
    record_step(session, follow_up.application, "follow_up_closed", actor=actor, now=now, note=why)
    flush(session)
    return follow_up


def _check(follow_up: TransferFollowUp, actor: Actor, version: int | None) -> None:
    check_verb(actor, "write", "transfer")
    check_version(follow_up, version)


# --- the letter ----------------------------------------------------------------------------------------
def default_reminder(follow_up: TransferFollowUp) -> str:
    """What the letter to the institution usually says; it names no applicant."""
    words = {"number": follow_up.application.number, "day": format_date(follow_up.sent_on)}
    return f"{turkish(_ASKED, **words)}\n\n{turkish(_PLEASE)}"


def institution_letter(session: Session, follow_up: TransferFollowUp) -> Letter:
    """The reminder as an official letter between administrations. Source: RYY m.10–18."""
    institution = follow_up.institution
    number = follow_up.application.number
    is_lower = institution.kind is InstitutionKind.UTILITY
    text = follow_up.reminder_text or default_reminder(follow_up)
    lines = ("letter_administration", "letter_department", "letter_unit")
    return Letter(
        administration=[line for key in lines if (line := get_text(session, key))],
        number=None,
        date=follow_up.reminded_on,
        subject=turkish(_SUBJECT, number=number),
        recipient=[institution.salutation or tr_upper(institution.name)],
        references=[turkish(_REFERENCE, day=format_date(follow_up.sent_on), number=number)],
        paragraphs=[p.strip() for p in text.split("\n\n") if p.strip()],
        closing=turkish(
            rules.FORWARDING_CLOSING_LOWER if is_lower else rules.FORWARDING_CLOSING_EQUAL
        ),
        signatory_name=get_text(session, "signatory_name"),
        signatory_title=get_text(session, "signatory_title"),
        on_behalf=get_text(session, "signatory_on_behalf"),
        contact=Contact(
            address=get_text(session, "letter_address"),
            phone=get_text(session, "letter_phone"),
            email=get_text(session, "letter_email"),
            kep=get_text(session, "letter_kep"),
        ),
        is_draft=True,
    )
