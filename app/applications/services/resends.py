"""What CİMER sends after the first time: again, with more text, another state, or that it went elsewhere.

A re-send adds to an open case and begins an ended one anew, with a clock from the day of the
re-send. Source: domain facts 2.4; 3071 m.7.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, Assignment, CimerExchange
from app.applications.rules import Action, ExchangeKind, ResendEffect, ResendReason
from app.applications.services.exchanges import (
    add_exchange,
    check_channel,
    check_line,
    check_officer,
    find_exchange,
)
from app.applications.services.moves import (
    apply_action,
    check_version,
    flush,
    record_step,
    refuse,
)
from app.applications.services.new_cycle import reopen
from app.applications.services.notices import people_of_office, people_of_unit, tell_staff
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_
from app.core.text import clean

_AGAIN = N_("CİMER sent the application again: %(reason)s.")
_STATE = N_("%(before)s → %(after)s")


def resend_reason(reason: ResendReason) -> str:
    """One sentence in Turkish: why CİMER sent an application again."""
    return turkish(_AGAIN, reason=turkish(rules.RESEND_REASON_LABELS[reason]))


def receive_resend(
    session: Session,
    *,
    application: Application,
    at: dt.datetime,
    actor: Actor,
    reason: ResendReason = ResendReason.UNKNOWN,
    reference: str = "",
    text: str = "",
    now: dt.datetime | None = None,
    batch_id: int | None = None,
    dedupe_key: str | None = None,
    version: int | None = None,
) -> CimerExchange:
    """Take in that CİMER sent an application again, and count it.

    An open case gets the text and keeps its clock; an ended one begins a new cycle whose period is
    counted from the day of the re-send. The same key twice changes nothing. Raises RuleViolation.
    """
    check_officer(actor)
    check_channel(application)
    check_version(application, version)
    if dedupe_key and (known := find_exchange(session, dedupe_key)) is not None:
        return known
    moment = now or clock.now()
    said = str(check_line(at, reference, text, moment)["text"])
    effect = rules.resend_effect(application.state)
    label = resend_reason(reason)
    if effect is not ResendEffect.ADD:
        _begin_anew(session, application, at, label, actor, moment, effect)
    row = add_exchange(
        session, application=application, kind=ExchangeKind.RESENT, at=at, actor=actor, now=moment,
        reference=reference, text=said, reason=reason, batch_id=batch_id, dedupe_key=dedupe_key,
    )  # fmt: skip
    application.resend_count += 1
    step = record_step(
        session, application, "cimer_resent", actor=actor, now=moment,
        note="\n".join(part for part in (label, said) if part),
        details={"exchange": row.id, "effect": effect.value, "at": at.isoformat()},
    )  # fmt: skip
    _tell_those_at_work(session, application, "cimer_resent", step)
    return row


def _begin_anew(
    session: Session,
    application: Application,
    at: dt.datetime,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    effect: ResendEffect,
) -> None:
    """Reopen the case by the table; a decided one is closed first."""
    by = actor if actor.may("reopen", "Application") else SYSTEM
    if effect is ResendEffect.CLOSE_AND_REOPEN:
        apply_action(session, application, Action.CLOSE, actor=by, now=now, implied=True)
    day = clock.to_local(at).date()
    reopen(
        session,
        application=application,
        reason=reason[:300],
        actor=by,
        now=now,
        start=max(day, application.received_on),
    )


def receive_text(
    session: Session,
    *,
    application: Application,
    at: dt.datetime,
    text: str,
    actor: Actor,
    reference: str = "",
    now: dt.datetime | None = None,
    batch_id: int | None = None,
    dedupe_key: str | None = None,
    version: int | None = None,
) -> CimerExchange:
    """Take in what the citizen has added at CİMER; an ended case begins anew as by a re-send."""
    check_officer(actor)
    check_channel(application)
    check_version(application, version)
    if not clean(text, multiline=True):
        raise refuse(N_("Write what CİMER sent."), "text")
    if rules.resend_effect(application.state) is not ResendEffect.ADD:
        return receive_resend(
            session, application=application, at=at, actor=actor, reason=ResendReason.ADDITION,
            reference=reference, text=text, now=now, batch_id=batch_id, dedupe_key=dedupe_key,
        )  # fmt: skip
    if dedupe_key and (known := find_exchange(session, dedupe_key)) is not None:
        return known
    row = add_exchange(
        session, application=application, kind=ExchangeKind.ADDITIONAL_TEXT, at=at, actor=actor,
        now=now, reference=reference, text=text, batch_id=batch_id, dedupe_key=dedupe_key,
    )  # fmt: skip
    step = record_step(
        session, application, "cimer_text", actor=actor, now=now, note=row.text,
        details={"exchange": row.id},
    )  # fmt: skip
    _tell_those_at_work(session, application, "cimer_text", step)
    return row


def note_state(
    session: Session,
    *,
    application: Application,
    word: str,
    at: dt.datetime,
    actor: Actor,
    now: dt.datetime | None = None,
    batch_id: int | None = None,
    dedupe_key: str | None = None,
) -> CimerExchange | None:
    """Keep the state in the words of CİMER; None when it is the one that stands there already."""
    check_officer(actor)
    check_channel(application)
    after = clean(word)[: rules.LONGEST_STATE]
    before = application.external_state
    if not after or after == before:
        return None
    row = add_exchange(
        session, application=application, kind=ExchangeKind.STATE_CHANGED, at=at, actor=actor,
        now=now, text=turkish(_STATE, before=before or "–", after=after), batch_id=batch_id,
        dedupe_key=dedupe_key,
    )  # fmt: skip
    application.external_state = after
    record_step(
        session, application, "cimer_state", actor=actor, now=now, note=row.text,
        details={"exchange": row.id},
    )  # fmt: skip
    return row


def note_transfer(
    session: Session,
    *,
    application: Application,
    at: dt.datetime,
    text: str,
    actor: Actor,
    reference: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> CimerExchange:
    """Note that CİMER gave the application to another institution; the case here is ended by its own step."""
    check_officer(actor)
    check_version(application, version)
    if not clean(text, multiline=True):
        raise refuse(N_("Write to which institution CİMER has sent it."), "text")
    row = add_exchange(
        session, application=application, kind=ExchangeKind.TRANSFERRED, at=at, actor=actor,
        now=now, reference=reference, text=text,
    )  # fmt: skip
    record_step(
        session, application, "cimer_transferred", actor=actor, now=now, note=row.text,
        details={"exchange": row.id},
    )  # fmt: skip
    flush(session)
    return row


def _tell_those_at_work(
    session: Session, application: Application, template: str, step: ApplicationEvent
) -> None:
    """The units that still have the case, and who follows it in the directorate."""
    with acting_as(SYSTEM):
        units: Any = session.scalars(
            select(Assignment.unit_id).where(
                Assignment.application_id == application.id,
                Assignment.cycle == application.cycle,
                Assignment.state.in_(sorted(rules.LIVE_ASSIGNMENTS)),
            )
        ).all()
    people = people_of_office(session, application)
    for unit_id in units:
        people = [*people, *people_of_unit(session, unit_id)]
    tell_staff(session, application, template, step=step, users=people)
