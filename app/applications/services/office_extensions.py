"""More time at CİMER (ek süre): asked for, granted until a day, or refused.

It moves the internal goal and the days of the units. 3071 knows no extension, so the legal date
stays; a right to information is extended by its own step alone (4982 m.11).
Source: domain facts 2.3, 2.4.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, Assignment, CimerExchange
from app.applications.queries.cimer import EXTENSION_KINDS
from app.applications.rules import ExchangeKind
from app.applications.services.exchanges import add_exchange, check_channel, check_officer
from app.applications.services.moves import check_version, flush, record_step, refuse
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_, RuleViolation, collect
from app.system.queries import get_number


def last_extension(session: Session, application: Application) -> CimerExchange | None:
    """The newest line about more time in the present cycle."""
    return session.scalars(
        select(CimerExchange)
        .where(
            CimerExchange.application_id == application.id,
            CimerExchange.cycle == application.cycle,
            CimerExchange.kind.in_(EXTENSION_KINDS),
        )
        .order_by(CimerExchange.id.desc())
        .limit(1)
    ).first()


def count_asked(session: Session, application: Application) -> int:
    """How often more time was asked for in the present cycle."""
    stmt = select(func.count(CimerExchange.id)).where(
        CimerExchange.application_id == application.id,
        CimerExchange.cycle == application.cycle,
        CimerExchange.kind == ExchangeKind.EXTENSION_ASKED,
    )
    return int(session.scalar(stmt) or 0)


def ask_extension(
    session: Session,
    *,
    application: Application,
    reason: str,
    asked_on: dt.date,
    actor: Actor,
    until_on: dt.date | None = None,
    reference: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> CimerExchange:
    """Note that more time was asked for at CİMER; the clock stays. Raises RuleViolation."""
    check_officer(actor)
    check_channel(application)
    check_version(application, version)
    _refuse_ended(application)
    moment = now or clock.now()
    last = last_extension(session, application)
    if last is not None and last.kind is ExchangeKind.EXTENSION_ASKED:
        raise refuse(N_("CİMER has not answered the last request for more time yet."))
    if broken := collect(
        rules.office_extension_violations(
            reason=reason,
            asked_on=asked_on,
            until_on=until_on,
            asked_before=count_asked(session, application),
            most_days=get_number(session, "cimer_extension_days"),
            most_times=get_number(session, "cimer_extension_times"),
            today=clock.to_local(moment).date(),
        )
    ):
        raise RuleViolation(broken)
    row = add_exchange(
        session, application=application, kind=ExchangeKind.EXTENSION_ASKED,
        at=_moment(asked_on, moment), actor=actor, now=moment, reference=reference, text=reason,
        until_on=until_on,
    )  # fmt: skip
    record_step(
        session, application, "cimer_extension_asked", actor=actor, now=moment, note=row.text,
        details={"exchange": row.id, "until_on": _iso(until_on)},
    )  # fmt: skip
    return row


def decide_extension(
    session: Session,
    *,
    application: Application,
    granted: bool,
    actor: Actor,
    until_on: dt.date | None = None,
    text: str = "",
    reference: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> CimerExchange:
    """Note what CİMER answered. Granted time moves the internal goal, never past the legal date.

    Raises RuleViolation when nothing was asked for, or the new day is missing or too late.
    """
    check_officer(actor)
    check_channel(application)
    check_version(application, version)
    _refuse_ended(application)
    moment = now or clock.now()
    asked = last_extension(session, application)
    if asked is None or asked.kind is not ExchangeKind.EXTENSION_ASKED:
        raise refuse(N_("No request for more time waits for an answer of CİMER."))
    if granted:
        if until_on is None:
            raise refuse(N_("Give the day until which CİMER gives time."), "until_on")
        most = get_number(session, "cimer_extension_days")
        asked_on = clock.to_local(asked.at).date()
        if broken := collect(rules.until_violations(until_on, asked_on=asked_on, most_days=most)):
            raise RuleViolation(broken)
    kind = ExchangeKind.EXTENSION_GRANTED if granted else ExchangeKind.EXTENSION_REFUSED
    row = add_exchange(
        session, application=application, kind=kind, at=moment, actor=actor, now=moment,
        reference=reference, text=text, until_on=until_on if granted else None,
    )  # fmt: skip
    before = application.goal_on
    if granted:
        application.external_until_on = until_on
        application.goal_on = rules.goal_with_extension(before, application.due_on, until_on)
        _move_assignments(session, application)
    record_step(
        session, application, f"cimer_{kind.value}", actor=actor, now=moment, note=row.text,
        details={
            "exchange": row.id,
            "until_on": _iso(row.until_on),
            "goal_on": [_iso(before), _iso(application.goal_on)],
        },
    )  # fmt: skip
    return row


def _refuse_ended(application: Application) -> None:
    if application.state not in rules.OPEN_STATES:
        raise refuse(N_("More time is asked for while the application is open."))


def _move_assignments(session: Session, application: Application) -> None:
    """Units that are still at work get the new goal when it is later than their own day."""
    with acting_as(SYSTEM):
        rows = session.scalars(
            select(Assignment).where(
                Assignment.application_id == application.id,
                Assignment.cycle == application.cycle,
                Assignment.state.in_(sorted(rules.LIVE_ASSIGNMENTS)),
            )
        ).all()
    for row in rows:
        if row.due_on is not None and application.goal_on is not None:
            row.due_on = max(row.due_on, application.goal_on)
    flush(session)


def _moment(day: dt.date, now: dt.datetime) -> dt.datetime:
    """A day as a moment; today is now, an earlier day is noon."""
    if day == clock.to_local(now).date():
        return now
    return dt.datetime.combine(day, dt.time(12), clock.ISTANBUL)


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None
