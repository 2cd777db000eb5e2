"""Files that go out with a letter: attached and taken off while its writer has it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Reply
from app.applications.services.moves import check_verb, flush, refuse
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_
from app.core.uploads import CheckedUpload
from app.system.models import Attachment
from app.system.services import attachments

OWNER = "Reply"
_LEFT = N_("This letter has left its writer; it can no longer be changed.")


def attach_file(
    session: Session, *, reply: Reply, upload: CheckedUpload, actor: Actor
) -> Attachment:
    """Let a checked file go out with a letter. RuleViolation once the letter has left its writer."""
    _check(reply, actor)
    return attachments.store(
        session, owner_type=OWNER, owner_id=reply.id, upload=upload, kind="letter"
    )


def detach_file(session: Session, *, reply: Reply, file_id: int, actor: Actor) -> None:
    """Take a file off a letter; the audit trail keeps that it was there."""
    _check(reply, actor)
    with acting_as(SYSTEM):
        found = session.scalars(
            select(Attachment).where(
                Attachment.id == file_id,
                Attachment.owner_type == OWNER,
                Attachment.owner_id == reply.id,
            )
        ).first()
    if found is None:
        raise refuse(N_("There is no such file at this letter."))
    session.delete(found)
    flush(session)


def _check(reply: Reply, actor: Actor) -> None:
    check_verb(actor, "reply")
    if reply.state not in rules.EDITABLE_REPLIES:
        raise refuse(_LEFT)
