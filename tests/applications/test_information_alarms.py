"""The daily watch over information requests: who is told what and when, once; what is proposed."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.applications import services
from app.applications.models import ApplicationEvent, Reply
from app.applications.queries.information import (
    find_information_case,
    is_silent_soon,
    list_requests,
)
from app.applications.rules import Channel, Kind, State
from app.applications.rules.information import (
    AppealForum,
    ExtensionReason,
    InformationDecision,
)
from app.system.models import Notification, Reminder
from app.system.rules import NotificationChannel, NotificationState
from tests.applications.office import MONDAY, day

D = dt.date.fromisoformat
foi = services.information


def watch(db, on, **values):
    return foi.watch_information(db, today=D(on), now=day(1, 4), **values)


def reminders(db, application):
    rows = select(Reminder).where(
        Reminder.owner_type == "Application", Reminder.owner_id == application.id,
        Reminder.level == "information",
    )  # fmt: skip
    return list(db.scalars(rows.order_by(Reminder.id)))


def kinds(db, application):
    return [row.kind for row in reminders(db, application)]


def told(office, db, application, channel=NotificationChannel.PANEL):
    """Who has a reminder about the case in the panel, by the names of the office."""
    rows = select(Notification).where(
        Notification.owner_type == "Application", Notification.owner_id == application.id,
        Notification.template == "reminder", Notification.channel == channel,
    )  # fmt: skip
    names = {user.id: name for name, user in office.users.items()}
    names |= {user.email: name for name, user in office.users.items()}
    return [names.get(n.user_id) or names.get(n.recipient) for n in db.scalars(rows)]


# --- day 12 ----------------------------------------------------------------------------------------
def test_day_twelve_is_told_once_to_the_officer_and_the_manager(office, db):
    application = office.register(kind=Kind.INFORMATION)
    assert watch(db, "2026-04-01").written == 0
    assert watch(db, "2026-04-02").written == 1
    assert watch(db, "2026-04-02").written == 0
    assert watch(db, "2026-04-03").written == 0
    (reminder,) = reminders(db, application)
    assert (reminder.kind, reminder.due_on) == ("foi_day12", D("2026-04-07"))
    assert application.number in reminder.text
    assert "07.04.2026" in reminder.text
    assert sorted(told(office, db, application)) == ["foi", "manager"]


def test_a_day_that_was_missed_is_told_in_the_week_after(office, db):
    application = office.register(kind=Kind.INFORMATION)
    watch(db, "2026-04-08")
    assert "foi_day12" in kinds(db, application)
    other = office.register(kind=Kind.INFORMATION)
    watch(db, "2026-04-10")
    assert "foi_day12" not in kinds(db, other)


def test_the_letter_ends_the_alarm_of_day_twelve(office, db):
    application = office.at_work(kind=Kind.INFORMATION)
    foi.prepare_extension(
        db, application=application, extension_reason=ExtensionReason.ANOTHER_UNIT, note="Mali Hizmetler",
        actor=office.actor("foi"), now=day(24),
    )  # fmt: skip
    letter = db.scalars(select(Reply).where(Reply.application_id == application.id)).one()
    services.approve_reply(db, reply=letter, actor=office.actor("manager"), now=day(25))
    services.send_reply(db, reply=letter, actor=office.actor("foi"), now=day(25))
    watch(db, "2026-04-02")
    assert "foi_day12" not in kinds(db, application)


def test_an_answer_ends_every_alarm(office, db):
    application = office.answered(kind=Kind.INFORMATION, at=day(20))
    for on in ("2026-04-02", "2026-04-08", "2026-04-13", "2026-04-15"):
        watch(db, on)
    assert reminders(db, application) == []


# --- silence -----------------------------------------------------------------------------------------
def test_silence_is_told_before_it_and_on_its_day(office, db):
    application = office.at_work(kind=Kind.INFORMATION)
    expected = []
    for on, kind in (
        ("2026-04-08", "foi_silence_7"),
        ("2026-04-13", "foi_silence_2"),
        ("2026-04-15", "foi_silence_0"),
    ):
        watch(db, on)
        expected.append(kind)
        found = [k for k in kinds(db, application) if k.startswith("foi_silence")]
        assert found == expected
    days = {row.due_on for row in reminders(db, application) if row.kind.startswith("foi_silence")}
    assert days == {D("2026-04-15")}
    assert [c.application_id for c in silent(db, "2026-04-08")] == [application.id]
    assert silent(db, "2026-04-07") == []


def silent(db, today):
    """What the list shows whose silence counts as a refusal within seven days."""
    return list_requests(db, is_silent_soon(D(today)))


def test_who_may_not_see_a_restricted_request_is_not_told(office, db):
    application = office.register(
        who="cimer", channel=Channel.CIMER, external_ref="2026-77", kind=Kind.INFORMATION,
        external_received_at=day(13),
    )  # fmt: skip
    application.owner_id = office.users["foi"].id
    watch(db, "2026-04-13")
    assert "foi_silence_0" in kinds(db, application)
    assert set(told(office, db, application)) == {"cimer", "manager"}


def test_the_officer_in_charge_is_told_first(office, db):
    application = office.register(kind=Kind.INFORMATION)
    application.owner_id = office.users["chief"].id
    watch(db, "2026-04-02")
    assert reminders(db, application)[0].user_id == office.users["chief"].id
    assert set(told(office, db, application)) == {"chief", "foi", "manager"}


def test_mail_waits_for_the_outbox_only_where_mail_is_on(office, db, monkeypatch):
    from app.applications.services.information import alarms

    application = office.register(kind=Kind.INFORMATION)
    monkeypatch.setattr(alarms, "get_flag", lambda session, key: True)
    watch(db, "2026-04-02")
    mails = list(
        db.scalars(
            select(Notification).where(
                Notification.owner_id == application.id,
                Notification.template == "reminder",
                Notification.channel == NotificationChannel.EMAIL,
            )
        )
    )
    assert {m.recipient for m in mails} == {
        office.users["foi"].email,
        office.users["manager"].email,
    }
    assert {m.state for m in mails} == {NotificationState.WAITING}


# --- fees --------------------------------------------------------------------------------------------
def unpaid(office, db):
    application = office.at_work(kind=Kind.INFORMATION)
    services.demand_fee(
        db, application=application, note="240 sayfa", amount=Decimal("240.50"),
        actor=office.actor("foi"), now=day(24),
    )  # fmt: skip
    return application


def test_an_unpaid_fee_is_proposed_as_withdrawal_and_confirmed_by_the_officer(office, db):
    application = unpaid(office, db)
    case = find_information_case(db, application.id)
    assert watch(db, "2026-04-14").proposed == 0
    assert case.withdrawal_proposed_on is None
    done = watch(db, "2026-04-15")
    assert done.proposed == 1
    assert watch(db, "2026-04-15").proposed == 0
    assert watch(db, "2026-04-16").proposed == 0
    assert case.withdrawal_proposed_on == D("2026-04-15")
    assert application.state is State.FEE_PENDING
    assert "foi_fee_unpaid" in kinds(db, application)
    steps = select(func.count()).where(
        ApplicationEvent.application_id == application.id,
        ApplicationEvent.action == "propose_withdrawal",
    )
    assert db.scalar(steps) == 1
    services.deem_withdrawn(db, application=application, actor=office.actor("foi"), now=day(16, 4))
    assert application.state is State.DEEMED_WITHDRAWN
    assert case.decision is InformationDecision.DEEMED_WITHDRAWN


def test_a_late_payment_takes_the_proposal_back(office, db):
    application = unpaid(office, db)
    watch(db, "2026-04-15")
    services.receive_fee(
        db, application=application, paid_on=D("2026-04-15"), actor=office.actor("foi"),
        now=day(15, 4),
    )  # fmt: skip
    assert find_information_case(db, application.id).withdrawal_proposed_on is None


# --- the Board ---------------------------------------------------------------------------------------
def test_the_documents_of_the_board_are_told_before_their_day(office, db):
    application = office.register(kind=Kind.INFORMATION)
    services.take_to_triage(db, application=application, actor=office.actor("foi"), now=MONDAY)
    services.reject(
        db, application=application, reason="Ticari sır", article="4982 m.23",
        actor=office.actor("manager"), now=day(18),
    )  # fmt: skip
    appeal = foi.file_appeal(
        db, application=application, forum=AppealForum.BOARD, filed_on=D("2026-03-25"),
        notified_on=D("2026-03-19"), note="BEDK", file_no="2026/1", actor=office.actor("foi"),
        now=day(25),
    )  # fmt: skip
    foi.take_appeal_step(
        db, appeal=appeal, step="ask", values={"on": D("2026-03-30"), "note": "Dosya"},
        actor=office.actor("foi"), now=day(30),
    )  # fmt: skip
    due = appeal.documents_due_on
    assert due == D("2026-04-20")
    for on in ("2026-04-14", "2026-04-15", "2026-04-19", "2026-04-20"):
        watch(db, on)
    assert kinds(db, application) == ["foi_documents_5", "foi_documents_1", "foi_documents_0"]
    foi.take_appeal_step(
        db, appeal=appeal, step="send", values={"on": D("2026-04-20"), "note": "Gönderildi"},
        actor=office.actor("foi"), now=day(20, 4),
    )  # fmt: skip
    assert watch(db, "2026-04-21").written == 0


# --- in batches --------------------------------------------------------------------------------------
def test_batches_go_on_where_the_last_one_ended(office, db):
    cases = [office.register(kind=Kind.INFORMATION) for _n in range(5)]
    last, read, written = 0, [], 0
    while True:
        done = watch(db, "2026-04-02", after_id=last, limit=2)
        if not done.read:
            break
        read.append(done.read)
        written += done.written
        last = done.last_id
    assert read == [2, 2, 1]
    assert written == 5
    assert all(kinds(db, case) == ["foi_day12"] for case in cases)


def test_what_is_no_information_request_is_not_read(office, db):
    office.register()
    assert watch(db, "2026-04-02").read == 0


@pytest.mark.parametrize("on", ["2026-03-17", "2026-04-01"])
def test_young_requests_are_left_alone(office, db, on):
    office.register(kind=Kind.INFORMATION)
    assert watch(db, on).written == 0
