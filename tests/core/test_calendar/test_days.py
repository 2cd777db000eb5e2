"""Which days work."""

import datetime as dt

import pytest

from app.core.calendar import (
    DayKind,
    SpecialDay,
    WorkCalendar,
)
from tests.core.test_calendar.support import A, B, day

# Days -------------------------------------------------------------------------------------------


def test_weekends_and_holidays_do_not_work_and_half_days_follow_the_setting():
    arife = day("26.05.2026")
    assert not A.is_working(day("25.10.2026"))
    assert not A.is_working(day("29.10.2026"))
    assert A.is_working(arife)
    assert not B.is_working(arife)
    assert A.is_working(day("30.10.2026"))


LEAVE = day("05.01.2026")


@pytest.mark.parametrize(
    ("kind", "override", "half", "leave", "may_end", "works", "ends"),
    [
        (DayKind.PUBLIC_HOLIDAY, None, True, True, True, False, False),
        (DayKind.PUBLIC_HOLIDAY, True, True, True, True, True, True),
        (DayKind.HALF_DAY, None, True, True, True, True, True),
        (DayKind.HALF_DAY, None, True, True, False, True, False),
        (DayKind.HALF_DAY, None, False, True, True, False, False),
        (DayKind.HALF_DAY, True, False, True, True, True, True),
        (DayKind.HALF_DAY, False, True, True, True, False, False),
        (DayKind.ADMINISTRATIVE_LEAVE, None, True, True, False, True, True),
        (DayKind.ADMINISTRATIVE_LEAVE, None, True, False, True, False, False),
        (DayKind.ADMINISTRATIVE_LEAVE, True, True, False, True, True, True),
        (DayKind.ADMINISTRATIVE_LEAVE, False, True, True, True, False, False),
        (DayKind.ADMINISTRATIVE_HALF_DAY, None, False, True, False, True, True),
        (DayKind.ADMINISTRATIVE_HALF_DAY, None, True, False, False, True, False),
        (DayKind.ADMINISTRATIVE_HALF_DAY, None, True, False, True, True, True),
        (DayKind.ADMINISTRATIVE_HALF_DAY, None, False, False, True, False, False),
        (DayKind.ADMINISTRATIVE_HALF_DAY, False, True, True, True, False, False),
    ],
)
def test_settings_and_overrides(kind, override, half, leave, may_end, works, ends):
    calendar = WorkCalendar(
        [SpecialDay(LEAVE, kind, "x", override)],
        half_day_counts_as_working_day=half,
        leave_counts_as_working_day=leave,
        deadline_may_end_on_half_day=may_end,
    )
    assert calendar.is_working(LEAVE) is works
    assert calendar.may_end_on(LEAVE) is ends


def test_a_decision_does_not_make_a_sunday_work():
    calendar = WorkCalendar([SpecialDay(day("04.01.2026"), DayKind.HALF_DAY, "x", True)])
    assert not calendar.is_working(day("04.01.2026"))


def test_two_entries_on_one_day_need_both_to_work():
    new_year = dt.date(2033, 1, 1) + dt.timedelta(days=2)
    days = [
        SpecialDay(new_year, DayKind.HALF_DAY, "Arife"),
        SpecialDay(new_year, DayKind.PUBLIC_HOLIDAY, "Bayram"),
    ]
    calendar = WorkCalendar(days)
    assert not calendar.is_working(new_year)
    assert [d.name for d in calendar.special_days(new_year)] == ["Bayram", "Arife"]
    assert str(calendar.why(new_year)) == "Public holiday: Bayram"


@pytest.mark.parametrize(
    ("calendar", "on", "reason"),
    [
        (A, "30.10.2026", "Working day"),
        (A, "31.10.2026", "Weekend"),
        (A, "29.10.2026", "Public holiday: Cumhuriyet Bayramı"),
        (A, "30.05.2026", "Public holiday: Kurban Bayramı"),
        (A, "28.10.2026", "Half day, counted as a working day: Cumhuriyet Bayramı (saat 13.00’ten)"),
        (B, "28.10.2026", "Half day, not counted: Cumhuriyet Bayramı (saat 13.00’ten)"),
    ],
)  # fmt: skip
def test_why(calendar, on, reason):
    assert str(calendar.why(day(on))) == reason


def test_working_days_forward_and_back():
    friday = day("23.10.2026")
    assert A.next_working(friday) == day("26.10.2026")
    assert A.next_working(day("28.10.2026")) == day("30.10.2026")
    assert A.previous_working(day("30.10.2026")) == day("28.10.2026")
    assert B.previous_working(day("30.10.2026")) == day("27.10.2026")
    assert A.add_working_days(friday, 0) == friday
    assert A.add_working_days(day("24.10.2026"), 0) == day("24.10.2026")
    assert A.add_working_days(friday, 4) == day("30.10.2026")
    assert A.add_working_days(day("30.10.2026"), -4) == friday


def test_working_days_between_agrees_with_counting_one_by_one():
    start = day("20.12.2025")
    for calendar in (A, B):
        for length in range(-420, 421):
            end = start + dt.timedelta(days=length)
            low, high = sorted((start, end))
            span = ((high - low).days) + 1
            days = [low + dt.timedelta(days=i) for i in range(1, span)]
            expected = sum(calendar.is_working(d) for d in days)
            assert calendar.working_days_between(start, end) == (
                expected if length >= 0 else -expected
            )
