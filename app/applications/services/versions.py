"""Texts of a letter as they stood after each change: kept, compared, taken up again."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Reply, ReplyVersion
from app.applications.services.moves import flush, refuse
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_

#: What makes the text of a letter.
TEXT_FIELDS = (
    "kind",
    "outcome",
    "subject",
    "body",
    "short_text",
    "refusal_article",
    "remedy",
)


def text_of(row: Reply | ReplyVersion) -> dict[str, Any]:
    """The text of a letter or of one of its versions."""
    return {name: getattr(row, name) for name in TEXT_FIELDS}


def keep_version(
    session: Session,
    reply: Reply,
    *,
    actor: Actor,
    now: dt.datetime | None = None,
    before: dict[str, Any] | None = None,
    restored_from: int | None = None,
) -> ReplyVersion | None:
    """Keep the present text as the next version; None when nothing has changed since the last one.

    `before` is the text of a letter that has no version yet, so that the first change of an old
    letter does not lose what stood there.
    """
    with acting_as(SYSTEM):
        last = session.scalars(
            select(ReplyVersion)
            .where(ReplyVersion.reply_id == reply.id)
            .order_by(ReplyVersion.number.desc())
            .limit(1)
        ).first()
    moment = now or clock.now()
    if last is None and before is not None and before.get("body"):
        last = _add(session, reply, 1, before, by_id=reply.drafted_by_id, at=moment)
    text = text_of(reply)
    if last is not None and text_of(last) == text:
        return None
    number = last.number + 1 if last is not None else 1
    return _add(
        session, reply, number, text, by_id=actor.user_id, at=moment, restored_from=restored_from
    )


def _add(
    session: Session,
    reply: Reply,
    number: int,
    text: dict[str, Any],
    *,
    by_id: int | None,
    at: dt.datetime,
    restored_from: int | None = None,
) -> ReplyVersion:
    version = ReplyVersion(
        reply_id=reply.id,
        application_id=reply.application_id,
        number=number,
        at=at,
        by_id=by_id,
        restored_from=restored_from,
        **text,
    )
    session.add(version)
    flush(session)
    return version


def check_restorable(reply: Reply) -> None:
    """Refuse to change a letter that has left its writer."""
    if reply.state not in rules.EDITABLE_REPLIES:
        raise refuse(N_("This letter has left its writer; it can no longer be changed."))
