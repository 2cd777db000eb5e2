"""Which alarms of an information request are due, and when published information is due again.

Counting days is core's; storing and telling are the services'. Source: 4982 m.11, m.13, m.29;
2577 m.10.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from app.applications.rules.information.codes import CYCLE_MONTHS, UpdateCycle
from app.applications.rules.vocabulary import OPEN_STATES, State
from app.core.rules import N_

NOTICE_RULE = "foi_ext_notice"
ALARM_RULE = "foi_ext_alarm"
SILENCE_RULE = "foi_silence"
APPEAL_RULE = "foi_appeal"
BOARD_RULE = "foi_board_decision"
DOCUMENTS_RULE = "foi_board_docs"
CONSENT_RULE = "foi_privacy_consent"

#: Days before the day of silence on which somebody is told; the last one is the day itself.
SILENCE_DAYS_BEFORE = (7, 2, 0)
#: Days before the Board must have its documents.
DOCUMENTS_DAYS_BEFORE = (5, 1, 0)
#: The list of what turns into a refusal soon looks so many days ahead.
SILENCE_SOON_DAYS = 7
#: What was missed longer ago says nothing that a later alarm does not say.
LOOK_BACK_DAYS = 7

#: Kind of an alarm → its text; %(due)s is the day it speaks of.
ALARM_TEXTS = {
    "foi_day12": N_(
        "%(number)s: neither answer nor extension letter has gone out; the letter is possible until %(due)s (4982 art. 11)."
    ),
    "foi_silence_7": N_(
        "%(number)s: in seven days, on %(due)s, silence counts as a refusal (2577 art. 10)."
    ),
    "foi_silence_2": N_(
        "%(number)s: in two days, on %(due)s, silence counts as a refusal (2577 art. 10)."
    ),
    "foi_silence_0": N_(
        "%(number)s: today, %(due)s, silence turns into a refusal (2577 art. 10); the answer is still owed."
    ),
    "foi_fee_unpaid": N_(
        "%(number)s: the fee was not paid by %(due)s; confirm that the request counts as withdrawn (4982 art. 11)."
    ),
    "foi_documents_5": N_("%(number)s: the Board waits for its documents until %(due)s."),
    "foi_documents_1": N_("%(number)s: the Board must have its documents by tomorrow, %(due)s."),
    "foi_documents_0": N_("%(number)s: the Board must have its documents today, %(due)s."),
}


@dataclass(frozen=True)
class Watched:
    """What is looked at of one information request."""

    state: State
    notice_by: dt.date | None
    alarm_on: dt.date | None
    silence_on: dt.date | None
    pay_by: dt.date | None
    is_extended: bool
    is_noticed: bool
    documents_due_on: dt.date | None = None


@dataclass(frozen=True)
class Alarm:
    """One alarm that is due: `due_on` is the day it speaks of, `on` the day it was to be told."""

    kind: str
    due_on: dt.date
    on: dt.date


def due_alarms(
    case: Watched, today: dt.date, *, look_back_days: int = LOOK_BACK_DAYS
) -> list[Alarm]:
    """Return the alarms of a request that are to be told by today, in the order of their days.

    One missed in the last days is still returned; telling twice is prevented by the writer's key.
    """
    earliest = today - dt.timedelta(days=look_back_days)
    found = [alarm for alarm in _alarms(case) if earliest < alarm.on <= today]
    return sorted(found, key=lambda alarm: alarm.on)


def _alarms(case: Watched) -> Iterator[Alarm]:
    if case.state in OPEN_STATES:
        is_told = case.is_noticed or case.is_extended
        if case.alarm_on is not None and case.notice_by is not None and not is_told:
            yield Alarm("foi_day12", case.notice_by, case.alarm_on)
        if case.silence_on is not None:
            yield from _before("foi_silence", case.silence_on, SILENCE_DAYS_BEFORE)
        if case.state is State.FEE_PENDING and case.pay_by is not None:
            yield Alarm("foi_fee_unpaid", case.pay_by, case.pay_by + dt.timedelta(days=1))
    if case.documents_due_on is not None:
        yield from _before("foi_documents", case.documents_due_on, DOCUMENTS_DAYS_BEFORE)


def _before(kind: str, due_on: dt.date, days: tuple[int, ...]) -> Iterator[Alarm]:
    for n in days:
        yield Alarm(f"{kind}_{n}", due_on, due_on - dt.timedelta(days=n))


def is_fee_overdue(state: State, pay_by: dt.date | None, today: dt.date) -> bool:
    """Say whether an unpaid request may be taken as given up: its last day of payment is over."""
    return state is State.FEE_PENDING and pay_by is not None and today > pay_by


def next_update(cycle: UpdateCycle, since: dt.date | None) -> dt.date | None:
    """Return the day on which published information is to be brought up to date again.

    The same day of the month, or its last day where that month is shorter; None for what is never
    updated or has not been published yet.
    """
    months = CYCLE_MONTHS.get(cycle)
    if months is None or since is None:
        return None
    index = since.year * 12 + since.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(since.day, calendar.monthrange(year, month)[1]))
