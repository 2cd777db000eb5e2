"""Days left and goals."""

import datetime as dt
import json

import pytest

from app.core.calendar import (
    DayKind,
    Deadline,
    InterruptionKind,
    compute_deadline,
    days_left,
    fraction_used,
    internal_goal,
    working_days_left,
)
from app.core.calendar.turkish_holidays import holidays_between, is_estimated
from tests.core.test_calendar.support import FOI, HOLIDAYS, PAID, PETITION, RECEIVED, A, B, day, fee

# Storing and progress ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "deadline",
    [
        compute_deadline(PETITION, day("01.04.2026"), A),
        compute_deadline(FOI, RECEIVED, B, [fee(InterruptionKind.RESTART)], 15),
        compute_deadline(FOI, RECEIVED, A, [fee(InterruptionKind.PAUSE, end=None)]),
    ],
)
def test_a_deadline_survives_json(deadline):
    stored = json.loads(json.dumps(deadline.to_dict()))
    assert Deadline.from_dict(stored) == deadline


def test_days_left():
    due = day("17.11.2026")
    assert days_left(due, day("13.11.2026")) == 4
    assert working_days_left(due, day("13.11.2026"), A) == 2
    assert days_left(due, due) == working_days_left(due, due, A) == 0
    assert days_left(due, day("20.11.2026")) == -3
    assert working_days_left(due, day("23.11.2026"), A) == -4


def test_fraction_used_follows_the_clock():
    deadline = compute_deadline(FOI, RECEIVED, A)
    used = {text: fraction_used(deadline, day(text), A) for text in (
        "20.10.2026", "26.10.2026", "27.10.2026", "01.11.2026", "17.11.2026", "20.11.2026",
    )}  # fmt: skip
    assert used == {
        "20.10.2026": 0,
        "26.10.2026": 0,
        "27.10.2026": pytest.approx(1 / 15),
        "01.11.2026": pytest.approx(3 / 15),
        "17.11.2026": 1.0,
        "20.11.2026": pytest.approx(18 / 15),
    }


def test_fraction_used_stands_still_and_starts_again():
    deadline = compute_deadline(FOI, RECEIVED, A, [fee(InterruptionKind.RESTART)])
    assert fraction_used(deadline, day("12.11.2026"), A) == pytest.approx(6 / 15)
    assert fraction_used(deadline, PAID, A) == 0
    held = compute_deadline(FOI, RECEIVED, A, [fee(InterruptionKind.PAUSE, end=None)])
    assert fraction_used(held, day("01.06.2027"), A) == pytest.approx(6 / 15)


def test_fraction_used_stays_full_during_the_shift_and_counts_days_late():
    deadline = compute_deadline(PETITION, day("01.04.2026"), A)
    assert fraction_used(deadline, day("03.05.2026"), A) == 1.0
    assert fraction_used(deadline, day("04.05.2026"), A) == 1.0
    assert fraction_used(deadline, day("07.05.2026"), A) == pytest.approx(33 / 30)


def test_internal_goal():
    access = compute_deadline(FOI, RECEIVED, A)
    assert internal_goal(access, 60, A) == A.add_working_days(RECEIVED, 9)
    assert internal_goal(access, 100, A) == access.due_on
    petition = compute_deadline(PETITION, day("01.04.2026"), A)
    # Day 24 is Saturday 25.04 and 23.04 a holiday, so the goal is Friday 24.04.
    assert internal_goal(petition, 80, A) == day("24.04.2026")
    # Day 30 is a holiday; the last day has moved on, the goal moves back.
    assert internal_goal(petition, 100, A) == day("30.04.2026")
    restarted = compute_deadline(FOI, RECEIVED, A, [fee(InterruptionKind.RESTART)])
    assert internal_goal(restarted, 60, A) == A.add_working_days(PAID, 9)


def test_a_goal_never_falls_on_or_before_day_0():
    friday = day("06.11.2026")
    deadline = compute_deadline(PETITION, friday, A)
    assert internal_goal(deadline, 5, A) == day("09.11.2026")
    for percent in (0, 101):
        with pytest.raises(ValueError, match="between 1 and 100"):
            internal_goal(deadline, percent, A)


# Holidays of the country ------------------------------------------------------------------------


def test_the_holidays_of_2026_as_domain_facts_list_them():
    half = {d.on for d in HOLIDAYS if d.kind is DayKind.HALF_DAY and d.on.year == 2026}
    whole = {d.on for d in HOLIDAYS if d.kind is DayKind.PUBLIC_HOLIDAY and d.on.year == 2026}
    assert half == {day("19.03.2026"), day("26.05.2026"), day("28.10.2026")}
    bayram = {dt.date(2026, 3, d) for d in (20, 21, 22)} | {
        dt.date(2026, 5, d) for d in (27, 28, 29, 30)
    }
    fixed = {
        dt.date(2026, m, d)
        for m, d in ((1, 1), (4, 23), (5, 1), (5, 19), (7, 15), (8, 30), (10, 29))
    }
    assert whole == bayram | fixed


def test_two_holidays_on_one_day_are_one_entry_in_turkish():
    (entry,) = [d for d in HOLIDAYS if d.on == day("19.05.2027")]
    assert entry.name == "Atatürk’ü Anma, Gençlik ve Spor Bayramı; Kurban Bayramı"
    assert not any("'" in d.name for d in HOLIDAYS)


def test_estimated_days_are_known_from_2033():
    later = holidays_between(2032, 2033)
    assert {d.on.year for d in later if is_estimated(d)} == {2033}
    with pytest.raises(ValueError, match="last year"):
        holidays_between(2027, 2026)
