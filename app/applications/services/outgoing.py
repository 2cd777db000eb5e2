"""The outgoing check of a letter and of single files: looked at, held back, let pass with a reason.

What is looked for stands in `app.core.outgoing`. A letter that is held back cannot be sent; letting
it pass is on record with who did it and why. Source: 6698 m.12.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, OutgoingCheck, Reply
from app.applications.rules import CheckState
from app.applications.services.moves import flush, record_step, refuse
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as, note_mandate
from app.core.outgoing import (
    FINDING_LABELS,
    Finding,
    digest_of,
    findings_in_file,
    findings_in_text,
    own_marks,
)
from app.core.rules import N_, RuleViolation
from app.people.models import Citizen, Institution
from app.system.models import Attachment
from app.system.queries import get_text
from app.system.services import attachments

#: Settings that hold the house's own addresses; they stand in every letter.
_OF_THE_HOUSE = ("letter_phone", "letter_email", "letter_kep")
_IN_FILE = N_("file “%(file)s”")
_TEXTS = ("subject", "body", "remedy", "short_text")


@dataclass(frozen=True)
class Looked:
    """What a look at a letter gave: the findings, and the digest of all that was looked at."""

    findings: tuple[Finding, ...]
    digest: str


def marks_of(
    session: Session, application: Application, institution_id: int | None = None
) -> frozenset[str]:
    """What may stand in a letter: numbers and addresses of its recipient and of the house."""
    values: list[str | None] = [get_text(session, name) for name in _OF_THE_HOUSE]
    values += [application.contact_phone, application.contact_email]
    if application.citizen_id and not application.identity_hidden:
        people = Citizen.__table__.c
        row = session.execute(
            select(people.phone, people.phone2, people.email, people.national_id).where(
                people.id == application.citizen_id
            )
        ).one_or_none()
        values += list(row) if row is not None else []
    if institution_id:
        kept = Institution.__table__.c
        row = session.execute(
            select(kept.phone, kept.email, kept.kep).where(kept.id == institution_id)
        ).one_or_none()
        values += list(row) if row is not None else []
    return own_marks(values)


def files_of_letter(session: Session, reply: Reply) -> Sequence[Attachment]:
    """The files that go out with a letter, in the order in which they were attached.

    What is attached after the letter was sent for approval does not go out: nobody has seen it.
    """
    stmt = (
        select(Attachment)
        .where(Attachment.owner_type == "Reply", Attachment.owner_id == reply.id)
        .order_by(Attachment.id)
    )
    if reply.state not in rules.EDITABLE_REPLIES and reply.submitted_at is not None:
        stmt = stmt.where(Attachment.created_at <= reply.submitted_at)
    with acting_as(SYSTEM):
        return session.scalars(stmt).all()


def look_at(session: Session, reply: Reply, *, with_files: bool = True) -> Looked:
    """Look at every text of a letter and at the files that go with it; nothing is written."""
    own = marks_of(session, reply.application, reply.institution_id)
    found: list[Finding] = []
    parts: list[str] = []
    for name in _TEXTS:
        text = getattr(reply, name) or ""
        parts.append(text)
        found += findings_in_text(text, own=own, place=rules.LETTER_PLACES[name])
    if with_files:
        for file in files_of_letter(session, reply):
            parts.append(file.sha256)
            inside = findings_in_file(file.name, _bytes_of(file), own=own)
            found += [one.moved(f"{_IN_FILE} · {one.place}", file=file.name) for one in inside]
    return Looked(tuple(found), digest_of(*parts))


def digest_now(reply: Reply, files: Sequence[Attachment]) -> str:
    """The digest of a letter as it stands with these files, without opening them."""
    texts = [getattr(reply, name) or "" for name in _TEXTS]
    return digest_of(*texts, *(file.sha256 for file in files))


def _bytes_of(file: Attachment) -> bytes:
    """The content, or nothing when it cannot be read: then nobody knows what would leave."""
    try:
        return attachments.read(file)
    except attachments.DamagedFileError:
        return b""


def check_letter(
    session: Session, *, reply: Reply, actor: Actor, now: dt.datetime | None = None
) -> OutgoingCheck:
    """Look at a letter and keep what was found; the same letter again answers the same row."""
    looked = look_at(session, reply)
    known = _known(session, reply, looked.digest)
    if known is not None:
        return known
    check = OutgoingCheck(
        application_id=reply.application_id,
        reply_id=reply.id,
        subject=reply.subject[:200],
        state=CheckState.BLOCKED if looked.findings else CheckState.CLEAN,
        digest=looked.digest,
        found=len(looked.findings),
        findings=[one.to_dict() for one in looked.findings],
    )
    session.add(check)
    flush(session)
    if looked.findings:
        record_step(
            session, reply.application, "hold_back_reply", actor=actor, now=now,
            details={"reply_id": reply.id, "check_id": check.id, "found": check.found},
        )  # fmt: skip
    return check


def _known(session: Session, reply: Reply, digest: str) -> OutgoingCheck | None:
    with acting_as(SYSTEM):
        return session.scalars(
            select(OutgoingCheck)
            .where(OutgoingCheck.reply_id == reply.id, OutgoingCheck.digest == digest)
            .order_by(OutgoingCheck.id.desc())
            .limit(1)
        ).first()


def refuse_held_back(session: Session, reply: Reply) -> None:
    """Raise RuleViolation when a letter may not leave: something was found and nobody let it pass."""
    looked = look_at(session, reply)
    if not looked.findings:
        return
    known = _known(session, reply, looked.digest)
    if known is not None and known.state is CheckState.OVERRIDDEN:
        return
    first = looked.findings[0]
    raise refuse(
        rules.HELD_BACK,
        "outgoing",
        count=len(looked.findings),
        first=f"{turkish(FINDING_LABELS[first.kind])} ({place_words(first)})",
    )


def place_words(finding: Finding) -> str:
    """Where something was found, in Turkish; the place of a file stands before that inside it."""
    return " · ".join(turkish(part, **finding.params) for part in finding.place.split(" · "))


def override_check(
    session: Session,
    *,
    check: OutgoingCheck,
    reason: str,
    actor: Actor,
    now: dt.datetime | None = None,
) -> OutgoingCheck:
    """Let what was found pass, with a reason that stays on record.

    Needs the act `override`; who wrote the letter may not. Raises RuleViolation.
    """
    if not actor.may("override", "OutgoingCheck"):
        raise refuse(N_("You may not do this step."))
    mandate = actor.mandate_for(("override",), "OutgoingCheck")
    note_mandate(mandate)
    writer_id = check.reply.drafted_by_id if check.reply is not None else check.created_by_id
    broken = tuple(
        rules.override_violations(
            reason=reason, overrider_id=actor.user_id, writer_id=writer_id, found=check.found
        )
    )
    if broken:
        raise RuleViolation(broken)
    if check.state is not CheckState.BLOCKED:
        raise refuse(N_("This has been decided already."))
    moment = now or clock.now()
    check.state = CheckState.OVERRIDDEN
    check.override_by_id = actor.user_id
    check.override_for_id = mandate.principal_id if mandate is not None else None
    check.override_at = moment
    check.override_reason = reason.strip()[:300]
    flush(session)
    if check.reply is not None:
        record_step(
            session, check.reply.application, "override_check", actor=actor, now=moment,
            note=check.override_reason, deputy_for_id=check.override_for_id,
            details={"reply_id": check.reply_id, "check_id": check.id, "found": check.found},
        )  # fmt: skip
    return check


def check_file(
    session: Session, *, name: str, data: bytes, own: Sequence[str] = ()
) -> OutgoingCheck:
    """Look at a file that somebody is about to send out by other means, and keep what was found."""
    marks = own_marks([*own, *(get_text(session, key) for key in _OF_THE_HOUSE)])
    findings = findings_in_file(name, data, own=marks)
    check = OutgoingCheck(
        subject=name[:200],
        state=CheckState.BLOCKED if findings else CheckState.CLEAN,
        digest=digest_of(data),
        found=len(findings),
        findings=[one.to_dict() for one in findings],
    )
    session.add(check)
    flush(session)
    return check


def refuse_foreign_numbers(
    session: Session, application: Application, text: str, field: str
) -> None:
    """Raise RuleViolation when a text that goes out as it is names somebody else by number."""
    found = findings_in_text(text, own=marks_of(session, application))
    if found:
        raise refuse(
            N_("This text goes out to the applicant and holds what should not leave: %(what)s."),
            field,
            what=turkish(FINDING_LABELS[found[0].kind]),
        )
