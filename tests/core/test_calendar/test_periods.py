"""Periods, their vectors and interruptions."""

import datetime as dt

import pytest

from app.core.calendar import (
    Deadline,
    Interruption,
    InterruptionKind,
    PeriodUnit,
    Rule,
    TrailKind,
    WorkCalendar,
    compute_deadline,
    internal_goal,
)
from tests.core.test_calendar.support import (
    FOI,
    HOLIDAYS,
    NOTICE,
    PAID,
    PETITION,
    RECEIVED,
    A,
    B,
    day,
    fee,
)

FOI_LONG = Rule("foi_access_ext", 1, 30, PeriodUnit.WORKING_DAYS, "4982 m.11", "Access, extended")


def of_kind(deadline: Deadline, kind: TrailKind) -> list[dt.date]:
    return [d.on for d in deadline.trail if d.kind is kind]


# Vectors of domain facts 2.2 --------------------------------------------------------------------

VECTORS = [
    ("16.03.2026", "07.04.2026", "08.04.2026", "29.04.2026", "30.04.2026", "15.04.2026"),
    ("20.05.2026", "15.06.2026", "16.06.2026", "06.07.2026", "07.07.2026", "19.06.2026"),
    ("26.10.2026", "17.11.2026", "18.11.2026", "08.12.2026", "09.12.2026", "25.11.2026"),
    ("21.12.2026", "12.01.2027", "12.01.2027", "02.02.2027", "02.02.2027", "20.01.2027"),
    ("01.04.2026", "22.04.2026", "22.04.2026", "15.05.2026", "15.05.2026", "04.05.2026"),
    ("15.06.2026", "06.07.2026", "06.07.2026", "28.07.2026", "28.07.2026", "16.07.2026"),
    ("18.02.2026", "11.03.2026", "11.03.2026", "02.04.2026", "03.04.2026", "23.03.2026"),
    ("29.04.2026", "22.05.2026", "22.05.2026", "17.06.2026", "18.06.2026", "01.06.2026"),
]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v[0])
def test_the_vectors_in_both_readings(vector):
    received, a15, b15, a30, b30, shifted = (day(text) for text in vector)
    assert compute_deadline(FOI, received, A).due_on == a15
    assert compute_deadline(FOI, received, B).due_on == b15
    assert compute_deadline(FOI_LONG, received, A).due_on == a30
    assert compute_deadline(FOI_LONG, received, B).due_on == b30
    assert compute_deadline(PETITION, received, A).due_on == shifted
    assert compute_deadline(PETITION, received, B).due_on == shifted
    assert compute_deadline(FOI, received, A, extra_days=15).due_on == a30


def test_the_vector_that_ends_on_a_half_day():
    received = day("26.04.2026")
    assert compute_deadline(FOI, received, A).due_on == day("18.05.2026")
    assert compute_deadline(FOI, received, B).due_on == day("18.05.2026")
    assert compute_deadline(FOI_LONG, received, A).due_on == day("12.06.2026")
    assert compute_deadline(FOI_LONG, received, B).due_on == day("15.06.2026")
    assert compute_deadline(PETITION, received, A).due_on == day("26.05.2026")
    assert compute_deadline(PETITION, received, B).due_on == day("01.06.2026")


def test_half_days_may_count_and_yet_not_end_a_period():
    calendar = WorkCalendar(HOLIDAYS, deadline_may_end_on_half_day=False)
    petition = compute_deadline(PETITION, day("26.04.2026"), calendar)
    assert petition.due_on == day("01.06.2026")
    assert "may not end on a half day" in str(petition.shifted_reason)
    access = compute_deadline(FOI, day("07.10.2026"), calendar)
    assert (access.raw_due_on, access.due_on) == (day("28.10.2026"), day("30.10.2026"))


# The trail --------------------------------------------------------------------------------------


def test_the_trail_can_be_counted_day_by_day():
    deadline = compute_deadline(FOI, day("26.10.2026"), A)
    first, last = deadline.trail[0], deadline.trail[-1]
    assert (first.on, first.number, first.kind) == (day("26.10.2026"), 0, TrailKind.RECEIPT)
    assert (last.on, last.number, last.kind) == (day("17.11.2026"), 15, TrailKind.COUNTED)
    assert [d.on for d in deadline.trail] == [
        first.on + dt.timedelta(days=i) for i in range(len(deadline.trail))
    ]
    assert [d.number for d in deadline.trail if d.number] == list(range(1, 16))
    assert day("29.10.2026") in of_kind(deadline, TrailKind.SKIPPED)
    assert deadline.shifted_reason is None
    assert deadline.raw_due_on == deadline.due_on


def test_the_shift_is_drawn_and_explained():
    deadline = compute_deadline(PETITION, day("01.04.2026"), A)
    assert deadline.raw_due_on == day("01.05.2026")
    assert of_kind(deadline, TrailKind.SHIFTED) == [
        day("02.05.2026"), day("03.05.2026"), day("04.05.2026"),
    ]  # fmt: skip
    assert str(deadline.shifted_reason) == "Public holiday: Emek ve Dayanışma Günü"
    assert [str(d.note) for d in deadline.trail[-3:]] == [
        "Weekend", "Weekend", "Last day, moved here",
    ]  # fmt: skip
    raw = deadline.trail[-4]
    assert (raw.number, raw.kind, raw.works) == (30, TrailKind.COUNTED, False)


def test_a_rule_may_leave_the_last_day_where_it_falls():
    rule = Rule("x", 1, 30, PeriodUnit.CALENDAR_DAYS, "x", "x", shift_to_working_day=False)
    deadline = compute_deadline(rule, day("01.04.2026"), A)
    assert deadline.due_on == deadline.raw_due_on == day("01.05.2026")
    assert deadline.shifted_reason is None


def test_a_period_received_on_a_sunday_starts_on_monday():
    rule = Rule("x", 1, 1, PeriodUnit.WORKING_DAYS, "x", "x")
    deadline = compute_deadline(rule, day("25.10.2026"), A)
    assert deadline.due_on == day("26.10.2026")
    assert deadline.trail[0].works is False


def test_wrong_periods_are_refused():
    with pytest.raises(ValueError, match="at least one day"):
        Rule("x", 1, 0, PeriodUnit.WORKING_DAYS, "x", "x")
    with pytest.raises(ValueError, match="at least one day"):
        compute_deadline(FOI, day("26.10.2026"), A, extra_days=-15)
    with pytest.raises(ValueError, match="before the day of receipt"):
        stop = Interruption(InterruptionKind.PAUSE, day("25.10.2026"))
        compute_deadline(FOI, day("26.10.2026"), A, [stop])
    with pytest.raises(ValueError, match="before it begins"):
        Interruption(InterruptionKind.PAUSE, day("26.10.2026"), day("25.10.2026"))


def test_a_fresh_period_starts_with_the_payment():
    """The drawing of the look: notice on day 6, payment is day 0, thirty days end on 28.12."""
    stops = [fee(InterruptionKind.RESTART)]
    deadline = compute_deadline(FOI, RECEIVED, A, stops, extra_days=15)
    assert deadline.due_on == day("28.12.2026")
    by_day = {d.on: d for d in deadline.trail}
    assert by_day[NOTICE].number == 6
    assert of_kind(deadline, TrailKind.HELD) == [
        day(text)
        for text in (
            "05.11.2026", "06.11.2026", "09.11.2026", "10.11.2026", "11.11.2026", "12.11.2026",
            "13.11.2026",
        )
    ]  # fmt: skip
    assert by_day[day("07.11.2026")].kind is TrailKind.SKIPPED
    assert (by_day[PAID].number, by_day[PAID].kind) == (0, TrailKind.RECEIPT)
    assert str(by_day[PAID].note) == "Fresh period starts, day 0: fee notice"
    assert by_day[day("17.11.2026")].number == 1
    assert by_day[day("07.12.2026")].number == 15


def test_a_pause_keeps_the_days_already_used():
    deadline = compute_deadline(FOI, RECEIVED, A, [fee(InterruptionKind.PAUSE)])
    by_day = {d.on: d for d in deadline.trail}
    assert by_day[PAID].kind is TrailKind.HELD
    assert by_day[day("17.11.2026")].number == 7
    assert deadline.due_on == day("27.11.2026")


def test_in_calendar_days_weekends_are_held_too():
    deadline = compute_deadline(PETITION, RECEIVED, A, [fee(InterruptionKind.PAUSE)])
    assert len(of_kind(deadline, TrailKind.HELD)) == 12
    assert deadline.raw_due_on == day("25.11.2026") + dt.timedelta(days=12)


def test_while_nobody_has_paid_there_is_no_last_day():
    for kind in InterruptionKind:
        deadline = compute_deadline(FOI, RECEIVED, A, [fee(kind, end=None)])
        assert deadline.is_held
        assert deadline.due_on is None
        assert deadline.raw_due_on is None
        assert deadline.trail[-1].on == NOTICE
        assert internal_goal(deadline, 60, A) is None


def test_an_interruption_after_the_end_changes_nothing():
    plain = compute_deadline(FOI, RECEIVED, A)
    late = fee(InterruptionKind.RESTART, day("18.11.2026"), None)
    assert compute_deadline(FOI, RECEIVED, A, [late]) == plain


def test_a_notice_on_the_last_day_is_in_time():
    last = day("17.11.2026")
    restart = fee(InterruptionKind.RESTART, last, day("20.11.2026"))
    assert compute_deadline(FOI, RECEIVED, A, [restart]).due_on == day("11.12.2026")
    pause = fee(InterruptionKind.PAUSE, last, day("20.11.2026"))
    deadline = compute_deadline(FOI, RECEIVED, A, [pause])
    assert (deadline.raw_due_on, deadline.due_on) == (last, day("23.11.2026"))
    assert str(deadline.shifted_reason) == "The clock was stopped on the last day"


def test_paid_on_the_day_of_the_notice():
    restart = fee(InterruptionKind.RESTART, NOTICE, NOTICE)
    deadline = compute_deadline(FOI, RECEIVED, A, [restart])
    assert deadline.due_on == A.add_working_days(NOTICE, 15)
    assert [d.on for d in deadline.trail].count(NOTICE) == 1
    pause = fee(InterruptionKind.PAUSE, NOTICE, NOTICE)
    assert (
        compute_deadline(FOI, RECEIVED, A, [pause]).due_on
        == compute_deadline(FOI, RECEIVED, A).due_on
    )


def test_a_stop_on_the_day_of_receipt_and_overlapping_stops():
    stops = [
        Interruption(InterruptionKind.PAUSE, RECEIVED, day("27.10.2026")),
        Interruption(InterruptionKind.PAUSE, RECEIVED, day("30.10.2026")),
    ]
    deadline = compute_deadline(FOI, RECEIVED, A, reversed(stops))
    assert of_kind(deadline, TrailKind.COUNTED)[0] == day("02.11.2026")
