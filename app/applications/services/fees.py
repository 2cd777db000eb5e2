"""The cost of access to information: demanded, paid or not. Source: 4982 m.10, m.11."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy.orm import Session

from app.applications import queries, rules
from app.applications.models import Application
from app.applications.rules import Action, Kind
from app.applications.services.clocks import interruptions_of, set_clock, started_on
from app.applications.services.moves import apply_action, flush, refuse
from app.applications.services.notices import (
    keep_from_leaving,
    people_of_unit,
    tell_citizen,
    tell_staff,
)
from app.applications.services.releasing import release_group
from app.applications.services.routing import cancel_assignments
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import Actor
from app.core.calendar import Interruption, InterruptionKind
from app.core.rules import N_
from app.core.text import format_date, format_money, format_number
from app.system.queries import get_text

#: Stands where the amount would, when the officer leaves it to the letter.
_IN_THE_LETTER = N_("amount: see the letter")
#: Copies and postage cost tens of lira; a million is a slip of the keys.
MOST_FEE = Decimal(100_000)
_REASON = N_("Notice of the cost of access (4982 art. 11)")


def demand_fee(
    session: Session,
    *,
    application: Application,
    note: str,
    actor: Actor,
    amount: Decimal | None = None,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Tell the applicant the cost of access; the notice interrupts the legal period.

    Until it is paid there is no legal date; the goal is the last day of payment, fifteen working
    days after the notice. RuleViolation for anything but an information request.
    """
    if application.kind is not Kind.INFORMATION:
        raise refuse(N_("Only the right to information knows a fee (4982 art. 10)."))
    if amount is not None and not 0 < amount <= MOST_FEE:
        raise refuse(
            N_("Write the cost as an amount between 0,01 and %(most)s lira."),
            "amount",
            most=format_number(MOST_FEE),
        )
    moment = now or clock.now()
    today = clock.to_local(moment).date()
    start = started_on(application)
    stop = Interruption(
        InterruptionKind(get_text(session, "fee_reading")), today, None, turkish(_REASON)
    )
    stops = (*interruptions_of(application), stop)
    pay_by = queries.count_deadline(session, rules.FEE_RULE, today).due_on
    step = apply_action(
        session,
        application,
        Action.DEMAND_FEE,
        actor=actor,
        now=moment,
        given={"note": note},
        note=note,
        details={
            "amount": str(amount) if amount is not None else None,
            "pay_by": pay_by.isoformat() if pay_by else None,
        },
        version=version,
    )
    set_clock(session, application, start=start, stops=stops)
    application.goal_on = pay_by
    flush(session)
    money = format_money(amount) if amount is not None else turkish(_IN_THE_LETTER)
    tell_citizen(
        session, application, "demand_fee", step=step, due=format_date(pay_by), amount=money
    )
    return application


def receive_fee(
    session: Session,
    *,
    application: Application,
    actor: Actor,
    paid_on: dt.date | None = None,
    note: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Note the payment; the period runs anew or on, as the setting `fee_reading` says.

    RuleViolation for a day before the notice or after today.
    """
    moment = now or clock.now()
    today = clock.to_local(moment).date()
    paid = paid_on or today
    stops = interruptions_of(application)
    waiting = next((stop for stop in stops if stop.until_on is None), None)
    if paid > today or (waiting is not None and paid < waiting.from_on):
        raise refuse(N_("The day of payment lies between the notice and today."), "paid_on")
    ended = tuple(
        Interruption(stop.kind, stop.from_on, stop.until_on or paid, stop.reason) for stop in stops
    )
    step = apply_action(
        session,
        application,
        Action.RECEIVE_FEE,
        actor=actor,
        now=moment,
        note=note,
        details={"paid_on": paid.isoformat()},
        version=version,
    )
    set_clock(session, application, start=started_on(application), stops=ended)
    flush(session)
    if application.lead_unit_id:
        people = people_of_unit(session, application.lead_unit_id)
        tell_staff(session, application, "receive_fee", step=step, users=people)
    return application


def withdraw_fee(
    session: Session,
    *,
    application: Application,
    reason: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Take a wrong notice of the cost back: the period counts as if there had been none.

    The applicant must not lose days by a slip of the office, so nothing is left of the interruption.
    A notice that has not left yet, as in the night, does not leave; else the applicant is told.
    """
    moment = now or clock.now()
    stops = [stop for stop in interruptions_of(application) if stop.until_on is not None]
    step = apply_action(
        session,
        application,
        Action.WITHDRAW_FEE,
        actor=actor,
        now=moment,
        given={"reason": reason},
        note=reason,
        version=version,
    )
    set_clock(session, application, start=started_on(application), stops=stops)
    flush(session)
    if not keep_from_leaving(session, application, "demand_fee"):
        tell_citizen(session, application, "withdraw_fee", step=step)
    return application


def deem_withdrawn(
    session: Session,
    *,
    application: Application,
    actor: Actor,
    note: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Take the request as given up when the fee was not paid within fifteen working days.

    RuleViolation before the last day of payment has passed.
    """
    moment = now or clock.now()
    last = application.goal_on
    if last is not None and clock.to_local(moment).date() <= last:
        raise refuse(
            N_("The fee may be paid until %(day)s; wait for that day."), day=format_date(last)
        )
    step = apply_action(
        session,
        application,
        Action.DEEM_WITHDRAWN,
        actor=actor,
        now=moment,
        note=note,
        version=version,
    )
    cancel_assignments(session, application, moment)
    tell_citizen(session, application, "deem_withdrawn", step=step)
    release_group(session, application, actor=actor, now=moment, step=step)
    return application
