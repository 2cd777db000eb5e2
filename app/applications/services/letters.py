"""The official letter of a reply: who writes to whom about what, in the words of the regulation.

Source: Resmî Yazışmalarda Uygulanacak Usul ve Esaslar Hakkında Yönetmelik; domain facts 4.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, Reply
from app.applications.queries.approvals import list_steps
from app.applications.services.moves import check_verb, flush, refuse
from app.applications.services.outgoing import files_of_letter
from app.applications.services.reasons import reason_text
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.documents import Contact, InformationContact, Letter
from app.core.identifiers import format_phone
from app.core.rules import N_
from app.core.text import clean, fold, format_date, tr_upper
from app.people.rules import InstitutionKind
from app.system.models import Attachment
from app.system.queries import get_text

_REFERENCE = N_("Your application dated %(day)s and numbered %(number)s.")
_ABOUT = N_("Application dated %(day)s and numbered %(number)s.")
_ENCLOSED = N_("The application numbered %(number)s")
_PREPARED = N_("prepared")
#: “Sayın Ayşe Yıldırım,” on a line of its own; the recipient stands above the text on paper.
_GREETING = re.compile(r"Sayın [^\n]{1,160},")
_CLOSING = N_("Submitted for your information.")
_DEAR = N_("Dear %(name)s")
_APPLICANT = N_("Dear applicant")
_BASIS = N_("Legal basis: %(article)s")


def letter_for(
    session: Session,
    reply: Reply,
    *,
    for_archive: bool = False,
    files: Sequence[Attachment] | None = None,
) -> Letter:
    """The letter of `reply`; a hidden identity is addressed without a name.

    Until EBYS has given a number the letter says so; it is a draft until it is approved. The initials
    of those who gave their paraf stand on the archive copy only. `files` are those of the letter, where
    the caller has read them.
    """
    application = reply.application
    officer = reply.drafted_by
    approved = reply.state in {rules.ReplyState.APPROVED, rules.ReplyState.SENT}
    to_institution = reply.institution_id is not None
    about = {"day": format_date(application.received_on), "number": application.number}
    enclosed = files if files is not None else files_of_letter(session, reply)
    names = [Path(file.name).stem for file in enclosed]
    if to_institution:
        names.insert(0, turkish(_ENCLOSED, number=application.number))
    return Letter(
        administration=[
            line
            for line in (
                get_text(session, "letter_administration"),
                get_text(session, "letter_department"),
                get_text(session, "letter_unit"),
            )
            if line
        ],
        number=reply.letter_no or None,
        date=reply.letter_on or (reply.approved_at.date() if reply.approved_at else None),
        subject=reply.subject or application.subject,
        recipient=_institution(reply) if to_institution else _recipient(application),
        references=[turkish(_ABOUT if to_institution else _REFERENCE, **about)],
        paragraphs=_paragraphs(session, reply),
        closing=_closing(reply),
        signatory_name=_signatory_name(session, reply),
        signatory_title=reply.signed_as
        or get_text(session, "signatory_title")
        or (reply.approved_by.title if reply.approved_by else ""),
        on_behalf=get_text(session, "signatory_on_behalf"),
        attachments=names,
        contact=Contact(
            address=get_text(session, "letter_address"),
            phone=get_text(session, "letter_phone"),
            email=get_text(session, "letter_email"),
            kep=get_text(session, "letter_kep"),
            web=get_text(session, "letter_web"),
        ),
        information=(
            InformationContact(
                _written(officer),
                officer.title,
                format_phone(officer.phone) if officer.phone else "",
            )
            if officer
            else None
        ),
        initials=initials_of(session, reply) if for_archive else (),
        is_draft=not approved,
    )


def _paragraphs(session: Session, reply: Reply) -> list[str]:
    """The text, and what the law wants to stand below it."""
    paragraphs = [p.strip() for p in re.split(r"\n\s*\n", reply.body) if p.strip()]
    # Greeting and closing of a message stand on paper at their own places.
    if len(paragraphs) > 1 and _GREETING.fullmatch(paragraphs[0]):
        paragraphs.pop(0)
    if len(paragraphs) > 1 and paragraphs[-1] == turkish(_CLOSING):
        paragraphs.pop()
    reason = reason_text(session, reply.outcome_reason_id)
    if reason and reason not in reply.body:
        paragraphs.append(reason)
    if reply.refusal_article:
        paragraphs.append(turkish(_BASIS, article=reply.refusal_article))
    # A template may tell the remedies in its text already.
    if reply.remedy and reply.remedy.strip() not in reply.body:
        paragraphs.append(reply.remedy)
    # 3071 m.7: who is told how far it is, is told the result separately; the letter promises it.
    if reply.kind is rules.ReplyKind.PROGRESS and "ayrica bildir" not in fold(reply.body):
        paragraphs.append(turkish(rules.RESULT_FOLLOWS))
    return paragraphs


def _closing(reply: Reply) -> str:
    """How the letter ends; a citizen is never asked to do something."""
    institution = reply.institution
    if institution is None:
        return turkish(_CLOSING)
    is_lower = institution.kind is InstitutionKind.UTILITY
    return turkish(rules.FORWARDING_CLOSING_LOWER if is_lower else rules.FORWARDING_CLOSING_EQUAL)


def _signatory_name(session: Session, reply: Reply) -> str:
    """Who signs; the name of the setting is the branch manager's and holds for no deputy."""
    signatory = reply.approved_by
    usual = get_text(session, "signatory_name")
    title = get_text(session, "signatory_title")
    is_other = reply.approved_for_id is not None or reply.signed_as not in {"", title}
    if signatory is not None and (is_other or not usual):
        return _written(signatory)
    return usual


def initials_of(session: Session, reply: Reply) -> tuple[str, ...]:
    """Lines of the paraf block: day, post and name of each, the writer first, deputies with “V.”."""
    with acting_as(SYSTEM):
        steps = list_steps(session, [reply.id])
    last = max((step.round for step in steps), default=0)
    lines = []
    writer = reply.drafted_by
    if writer is not None:
        day = format_date(clock.to_local(reply.submitted_at or reply.created_at).date())
        lines.append(f"{day} {writer.title or '–'} : {_written(writer)} ({turkish(_PREPARED)})")
    for step in steps:
        is_given = step.state is rules.ApprovalState.INITIALLED and step.by is not None
        if step.round == last and is_given and step.at is not None:
            holder = step.deputy_for or step.by
            post = (holder.title if holder is not None else "") or "–"
            lines.append(
                f"{format_date(clock.to_local(step.at).date())} {post}"
                f"{' V.' if step.deputy_for_id else ''} : {_written(step.by)}"
            )
    return tuple(lines)


def number_letter(
    session: Session, *, reply: Reply, letter_no: str, letter_on: dt.date | None, actor: Actor
) -> Reply:
    """Enter the number and date that EBYS gave to an approved letter. Raises RuleViolation."""
    check_verb(actor, "reply", "approve")
    if reply.state not in {rules.ReplyState.APPROVED, rules.ReplyState.SENT}:
        raise refuse(N_("Only an approved letter has a number."), "letter_no")
    number = clean(letter_no)
    if not number or len(number) > 60:
        raise refuse(N_("Write the number as EBYS gave it, at most 60 characters."), "letter_no")
    reply.letter_no, reply.letter_on = number, letter_on or reply.letter_on
    flush(session)
    return reply


def _written(person: object) -> str:
    """A name as official papers write it: the surname in capitals."""
    first, last = getattr(person, "first_name", ""), getattr(person, "last_name", "")
    return f"{first} {tr_upper(last)}".strip()


def _institution(reply: Reply) -> list[str]:
    """The address line of an institution: in capitals, with the dative."""
    institution = reply.institution
    assert institution is not None
    return [institution.salutation or tr_upper(institution.name)]


def _recipient(application: Application) -> list[str]:
    """Two or three lines: the greeting with the name, then the address."""
    citizen = application.citizen
    if citizen is None or application.identity_hidden:
        return [turkish(_APPLICANT)]
    name = citizen.title or f"{citizen.first_name} {tr_upper(citizen.last_name)}".strip()
    lines = [turkish(_DEAR, name=name)]
    if citizen.address:
        lines.append(citizen.address)
    place = " / ".join(str(p) for p in (citizen.district,) if p)
    if place:
        lines.append(place)
    return lines
