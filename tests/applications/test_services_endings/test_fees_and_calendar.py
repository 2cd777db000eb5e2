"""What moves a legal date: fees for information, and days that become free."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy import event, select

from app.applications import services
from app.applications.models import Application
from app.applications.queries.information import find_information_case
from app.applications.rules import (
    AssignmentState,
    Kind,
    State,
)
from app.core.calendar import DayKind, Deadline
from app.core.rules import RuleViolation
from app.system.rules import NotificationState
from app.system.services import calendar, settings
from tests.applications.office import day
from tests.applications.test_services_endings.support import fields


# --- the fee ------------------------------------------------------------------------------------------------
def test_the_fee_interrupts_the_period_and_payment_starts_a_fresh_one(office, db):
    case = office.at_work(kind=Kind.INFORMATION)
    services.demand_fee(
        db,
        application=case,
        note="120 sayfa",
        amount=Decimal("240.50"),
        actor=office.actor("foi"),
        now=day(24),
    )
    assert case.state is State.FEE_PENDING
    assert case.due_on is None
    assert case.goal_on == dt.date(2026, 4, 14)
    told = office.messages(case, "sms")[-1].body
    assert "14.04.2026" in told
    assert "(240,50 TL)" in told
    with pytest.raises(RuleViolation):
        services.deem_withdrawn(db, application=case, actor=office.actor("foi"), now=day(14, 4))
    services.receive_fee(
        db, application=case, paid_on=dt.date(2026, 4, 1), actor=office.actor("foi"), now=day(2, 4)
    )
    assert case.state is State.IN_PROGRESS
    # The vector of 1 April: fifteen working days end on 22 April.
    assert case.due_on == dt.date(2026, 4, 22)
    assert Deadline.from_dict(case.due_trail).trail[0].on == dt.date(2026, 3, 16)


def test_the_fee_may_pause_the_period_instead(office, db):
    settings.set_setting(db, key="fee_reading", value="pause")
    case = office.at_work(kind=Kind.INFORMATION)
    services.demand_fee(db, application=case, note="x", actor=office.actor("foi"), now=day(24))
    assert "(tutarı yazıda belirtilmiştir)" in office.messages(case, "sms")[-1].body
    services.receive_fee(
        db, application=case, paid_on=dt.date(2026, 4, 1), actor=office.actor("foi"), now=day(1, 4)
    )
    # Five days were used by 24 March; ten are left after 1 April.
    assert case.due_on == dt.date(2026, 4, 15)


@pytest.mark.parametrize("has_left", [True, False])
def test_a_wrong_notice_is_taken_back_and_the_period_runs_as_if_there_had_been_none(
    office, db, has_left
):
    case = office.at_work(kind=Kind.INFORMATION)
    due = case.due_on
    services.demand_fee(
        db, application=case, note="x", amount=Decimal("2400"), actor=office.actor("foi"),
        now=day(24),
    )  # fmt: skip
    told = office.messages(case, "sms")[-1]
    assert "2.400,00 TL" in told.body
    if has_left:
        told.state = NotificationState.SENT
    with pytest.raises(RuleViolation) as refused:
        services.withdraw_fee(
            db, application=case, reason=" ", actor=office.actor("foi"), now=day(25)
        )
    assert fields(refused) == {"reason"}
    services.withdraw_fee(
        db, application=case, reason="Tutar yanlış yazıldı", actor=office.actor("foi"), now=day(26)
    )
    assert (case.state, case.due_on) == (State.IN_PROGRESS, due)
    assert case.due_trail["interruptions"] == []
    own = find_information_case(db, case.id)
    assert (own.fee_amount, own.fee_notified_on, own.fee_pay_by) == (None, None, None)
    last = office.messages(case, "sms")[-1]
    if has_left:
        assert "lütfen ödeme yapmayın" in last.body
        assert last.state is NotificationState.WAITING
    else:
        # Nobody reads "do not pay" before "pay": what still waited never leaves.
        assert (last.id, last.state) == (told.id, NotificationState.CANCELLED)
    # The right notice follows, and its payment counts.
    services.demand_fee(
        db, application=case, note="x", amount=Decimal("24"), actor=office.actor("foi"),
        now=day(26),
    )  # fmt: skip
    services.receive_fee(
        db, application=case, paid_on=dt.date(2026, 4, 1), actor=office.actor("foi"), now=day(2, 4)
    )
    assert case.due_on == dt.date(2026, 4, 22)


def test_an_unpaid_fee_ends_the_request(office, db):
    case = office.at_work(kind=Kind.INFORMATION)
    services.demand_fee(db, application=case, note="x", actor=office.actor("foi"), now=day(24))
    services.deem_withdrawn(db, application=case, actor=office.actor("foi"), now=day(15, 4))
    assert case.state is State.DEEMED_WITHDRAWN
    assert office.assignments(case)[0].state is AssignmentState.CANCELLED


def test_only_information_knows_a_fee(office, db):
    case = office.at_work()
    with pytest.raises(RuleViolation):
        services.demand_fee(db, application=case, note="x", actor=office.actor("foi"))


@pytest.mark.parametrize("paid", [dt.date(2026, 3, 23), dt.date(2026, 4, 3)])
def test_the_day_of_payment_lies_between_notice_and_today(office, db, paid):
    case = office.at_work(kind=Kind.INFORMATION)
    services.demand_fee(db, application=case, note="x", actor=office.actor("foi"), now=day(24))
    with pytest.raises(RuleViolation) as refused:
        services.receive_fee(
            db, application=case, paid_on=paid, actor=office.actor("foi"), now=day(2, 4)
        )
    assert fields(refused) == {"paid_on"}


# --- the calendar moves --------------------------------------------------------------------------------------
def leave(db, on):
    return calendar.add_leave(
        db,
        on=on,
        kind=DayKind.ADMINISTRATIVE_LEAVE,
        name="Kar tatili",
        authority="Valilik",
        counts_as_working_day=False,
    )


def test_a_leave_moves_open_deadlines_and_says_so(office, db):
    information = office.at_work(kind=Kind.INFORMATION)
    petition = office.at_work()
    ended = office.answered()
    later = office.register(now=day(1, 6))
    versions = information.version
    before = {c.id: c.due_on for c in (petition, ended, later)}
    leave(db, dt.date(2026, 3, 25))
    assert information.due_on == dt.date(2026, 4, 8)
    assert information.version == versions + 1
    step = office.last_step(information)
    assert step.action == "change_deadline"
    assert step.details["due_on"] == ["2026-04-07", "2026-04-08"]
    assert any(
        d["on"] == "2026-03-25" and d["kind"] == "skipped" for d in information.due_trail["trail"]
    )
    for case in (petition, ended, later):
        db.refresh(case)
        assert case.due_on == before[case.id]
        assert "change_deadline" not in office.steps(case)


def test_a_leave_on_the_last_day_moves_a_petition(office, db):
    case = office.register()
    entry = leave(db, dt.date(2026, 4, 15))
    assert case.due_on == dt.date(2026, 4, 16)
    calendar.remove_day(db, day=entry)
    assert case.due_on == dt.date(2026, 4, 15)
    assert office.steps(case) == ["register", "change_deadline", "change_deadline"]


def test_a_reopened_and_a_paused_case_keep_their_own_start(office, db):
    again = office.answered(at=day(20))
    services.reopen(db, application=again, reason="x", actor=office.actor("chief"), now=day(1, 4))
    paused = office.at_work(kind=Kind.INFORMATION)
    services.demand_fee(db, application=paused, note="x", actor=office.actor("foi"), now=day(24))
    goal = paused.goal_on
    leave(db, dt.date(2026, 5, 4))
    assert again.due_trail["received_on"] == "2026-04-01"
    assert again.due_on == dt.date(2026, 5, 5)
    assert paused.due_on is None
    assert paused.goal_on == goal


def test_many_open_cases_are_recomputed_in_few_statements(office, db):
    for number in range(60):
        office.register(kind=Kind.INFORMATION, now=day(2 + number % 5))
    db.flush()
    statements: list[str] = []
    engine = db.get_bind().engine

    def note(conn, cursor, statement, *rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        leave(db, dt.date(2026, 3, 13))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    moved = [c for c in db.scalars(select(Application)) if office.steps(c)[-1] == "change_deadline"]
    assert len(moved) == 60
    # Five days of receipt make five groups; a statement is sent for a group, not for a case.
    often = {s for s, n in Counter(statements).items() if n > 5}
    # PostgreSQL tells how many rows were met only for one at a time, and versions are counted.
    assert all(s.startswith("UPDATE applications_information_case") for s in often), often
    assert len([s for s in statements if s not in often]) < 100
