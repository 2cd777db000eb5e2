"""The correspondence with CİMER as lines that are added and never changed; what a line does is elsewhere."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session, UOWTransaction

from app.applications import rules
from app.applications.models import Application, CimerExchange
from app.applications.rules import Channel, ExchangeKind, ResendReason
from app.applications.services.moves import flush, refuse
from app.core import clock
from app.core.acting import Actor
from app.core.rules import N_, RuleViolation, collect
from app.core.text import clean

_MAY_NOT = N_("Only those who may see CİMER items keep the correspondence with CİMER.")
_NOT_CIMER = N_("Only an application of CİMER has a correspondence with CİMER.")
_ADDED_ONLY = N_("The correspondence with CİMER is only added to.")


def check_officer(actor: Actor) -> None:
    """Require the right to keep the correspondence, or raise RuleViolation."""
    if not actor.may("write", "CimerExchange"):
        raise refuse(_MAY_NOT)


def check_channel(application: Application) -> None:
    """Require an application of CİMER, or raise RuleViolation."""
    if application.channel is not Channel.CIMER:
        raise refuse(_NOT_CIMER)


def add_exchange(
    session: Session,
    *,
    application: Application,
    kind: ExchangeKind,
    at: dt.datetime,
    actor: Actor,
    now: dt.datetime | None = None,
    reference: str = "",
    text: str = "",
    reason: ResendReason | None = None,
    until_on: dt.date | None = None,
    reply_id: int | None = None,
    batch_id: int | None = None,
    dedupe_key: str | None = None,
) -> CimerExchange:
    """Add a line; a second one with the same key is the first. Raises RuleViolation.

    What the line means for the case is done by the caller, who has asked for the right.
    """
    check_channel(application)
    if dedupe_key and (known := find_exchange(session, dedupe_key)) is not None:
        return known
    moment = now or clock.now()
    values = check_line(at, reference, text, moment)
    row = CimerExchange(
        application_id=application.id,
        kind=kind,
        reason=reason,
        until_on=until_on,
        cycle=application.cycle,
        reply_id=reply_id,
        import_batch_id=batch_id,
        actor_id=actor.user_id,
        noted_at=moment,
        dedupe_key=dedupe_key,
        **values,
    )
    session.add(row)
    flush(session)
    return row


def check_line(at: dt.datetime, reference: str, text: str, now: dt.datetime) -> dict[str, Any]:
    """The cleaned values of a line; RuleViolation with everything that is wrong with them."""
    values: dict[str, Any] = {
        "at": at,
        "reference": clean(reference),
        "text": clean(text, multiline=True),
    }
    if broken := collect(rules.exchange_violations(values, now=now)):
        raise RuleViolation(broken)
    return values


def find_exchange(session: Session, dedupe_key: str) -> CimerExchange | None:
    """The line that was noted under this key."""
    return session.scalars(
        select(CimerExchange).where(CimerExchange.dedupe_key == dedupe_key)
    ).first()


def received_line(application: Application, actor: Actor, now: dt.datetime) -> CimerExchange:
    """The first line of a CİMER application that has its key; the caller adds it to the session."""
    return CimerExchange(
        application_id=application.id,
        kind=ExchangeKind.RECEIVED,
        at=application.external_received_at or application.received_at,
        reference=application.external_ref or "",
        text="",
        cycle=application.cycle,
        import_batch_id=application.import_batch_id,
        actor_id=actor.user_id,
        noted_at=now,
        dedupe_key=f"{application.id}:received",
    )


def _refuse_changes(session: Session, _context: UOWTransaction, _objects: Any) -> None:
    for row in (*session.dirty, *session.deleted):
        if isinstance(row, CimerExchange) and (
            row in session.deleted or session.is_modified(row, include_collections=False)
        ):
            raise refuse(_ADDED_ONLY)


def install(session_class: type[Session] = Session) -> None:
    """Guard every session of this class and its subclasses; calling it twice does no harm."""
    if not event.contains(session_class, "before_flush", _refuse_changes):
        event.listen(session_class, "before_flush", _refuse_changes)


install()

__all__ = [
    "add_exchange",
    "check_channel",
    "check_line",
    "check_officer",
    "find_exchange",
    "install",
    "received_line",
]
