"""Working days, the vectors of domain facts 2.2 and what moves or stops a deadline."""

import datetime as dt

from app.core.calendar import (
    Interruption,
    InterruptionKind,
    PeriodUnit,
    Rule,
    WorkCalendar,
)
from app.core.calendar.turkish_holidays import holidays_between

HOLIDAYS = holidays_between(2025, 2027)


A = WorkCalendar(HOLIDAYS)


B = WorkCalendar(HOLIDAYS, half_day_counts_as_working_day=False)


FOI = Rule("foi_access", 1, 15, PeriodUnit.WORKING_DAYS, "4982 m.11", "Access")


PETITION = Rule("petition_answer", 1, 30, PeriodUnit.CALENDAR_DAYS, "3071 m.7", "Answer")


def day(text: str) -> dt.date:
    d, m, y = (int(part) for part in text.split("."))
    return dt.date(y, m, d)


# Interruptions ----------------------------------------------------------------------------------

RECEIVED, NOTICE, PAID = day("26.10.2026"), day("04.11.2026"), day("16.11.2026")


def fee(kind: InterruptionKind, start: dt.date = NOTICE, end: dt.date | None = PAID):
    return Interruption(kind, start, end, "fee notice")
