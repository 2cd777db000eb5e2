"""The case beside an information request: made with it, counted with it, gone with its kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import queries
from app.applications.models import Application, InformationCase
from app.applications.queries.information import find_information_case, is_open_request, of_requests
from app.applications.rules import Kind
from app.applications.rules import information as foi
from app.applications.services import clocks
from app.applications.services.clocks import interruptions_of, started_on
from app.core.acting import SYSTEM, acting_as
from app.core.calendar import Deadline, Interruption
from app.core.rules import RuleViolation
from app.system.services import calendar as calendars


def ensure_information_case(session: Session, application: Application) -> InformationCase | None:
    """The case of an information request, made when it has none; None for any other kind."""
    if application.kind is not Kind.INFORMATION:
        return None
    case = find_information_case(session, application.id)
    if case is None:
        case = new_case(session, application)
        session.flush()
    return case


def new_case(session: Session, application: Application) -> InformationCase:
    """An unflushed case with its clocks counted."""
    case = InformationCase(application_id=application.id, received_on=application.received_on)
    session.add(case)
    count_clocks(session, case, application)
    return case


def count_clocks(session: Session, case: InformationCase, application: Application) -> None:
    """Write the days that follow from the application's clock: due, alarm, letter, silence.

    Silence runs from receipt without a stop: whether the fee or the extension holds it is not
    settled, and the earlier day is the safe one. Source: 2577 m.10; 4982 m.11.
    """
    start, stops = started_on(application), interruptions_of(application)
    case.due_on = application.due_on
    case.notice_by = _last_day(session, foi.NOTICE_RULE, start, stops)
    case.alarm_on = (
        None if application.is_extended else _last_day(session, foi.ALARM_RULE, start, stops)
    )
    silence = _count(session, foi.SILENCE_RULE, start)
    case.silence_on = None if silence is None else silence.due_on
    case.silence_trail = None if silence is None else silence.to_dict()


def _count(
    session: Session, key: str, start: dt.date, stops: Iterable[Interruption] = ()
) -> Deadline | None:
    """A period, None where no version of it is known: an alarm must not keep a case from intake."""
    try:
        return queries.count_deadline(session, key, start, stops)
    except RuleViolation:
        return None


def _last_day(
    session: Session, key: str, start: dt.date, stops: Iterable[Interruption]
) -> dt.date | None:
    counted = _count(session, key, start, stops)
    return None if counted is None else counted.due_on


# --- what the clock of the application brings with it -------------------------------------------------
def _on_count(session: Session, application: Application) -> None:
    """An application was counted anew; one that is being registered has no case yet."""
    if application.id is None or application.kind is not Kind.INFORMATION:
        return
    # A step may be half-way: nothing of it is written for a look at the case.
    with session.no_autoflush:
        case = find_information_case(session, application.id)
        if case is not None:
            count_clocks(session, case, application)


def _on_calendar(session: Session, _words: str) -> None:
    """Holidays or leave have changed: the days of open requests are counted anew."""
    with acting_as(SYSTEM):
        stmt = of_requests(select(InformationCase, Application)).where(is_open_request())
        for case, application in session.execute(stmt).all():
            count_clocks(session, case, application)
    session.flush()


if _on_count not in clocks.after_count:
    clocks.after_count.append(_on_count)
    # Behind the recount of the applications, whose last days are copied.
    calendars.on_change.append(_on_calendar)
