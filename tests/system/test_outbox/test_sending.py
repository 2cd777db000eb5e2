"""Messages leave whole, once and in turn."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select

from app.core.messaging import Message, SmsSender, SmtpSender, UnreachableError
from app.system.models import Notification
from app.system.rules import NotificationState
from app.system.services import delivery, outbox, wakeups
from tests.system.test_outbox.support import (
    EMAIL,
    PANEL,
    SMS,
    deliver,
    make_due,
    row,
    write_mails,
    write_sms,
)


def test_an_email_arrives_whole_and_in_turkish(factory, mailbox):
    (message_id,) = write_mails(factory)
    assert deliver(factory, mailbox).sent == 1
    mail = mailbox.mails[0]
    assert mail["Subject"] == "Başvurunuz alındı"
    assert mail["To"] == "kisi0@example.org"
    assert mail["X-Dedupe-Key"] == "app:0:received"
    assert "ışık arızası" in mail.get_content()
    message = row(factory, message_id)
    assert message.state is NotificationState.SENT
    assert message.provider_ref == mail["Message-ID"]
    assert message.sent_at is not None
    assert deliver(factory, mailbox).sent == 0
    assert len(mailbox.mails) == 1


def test_an_sms_arrives_with_its_reference_and_token(factory, phone):
    message_id = write_sms(factory)
    assert deliver(factory, phone=phone).sent == 1
    request = phone.requests[0]
    assert request["to"] == "+905321234567"
    assert request["text"] == "Şikâyetiniz alındı: 2026-0000123"
    assert request["reference"] == "app:1:sms"
    assert request["headers"]["Authorization"] == "Bearer belirtec"
    assert row(factory, message_id).provider_ref == "sms-1"


def test_one_dedupe_key_is_one_row(factory):
    with factory() as session:
        values = {"to": "a@example.org", "subject": "x", "body": "y", "dedupe_key": "k"}
        assert outbox.queue_email(session, **values) is not None
        assert outbox.queue_email(session, **values) is None
        assert outbox.notify_user(
            session, user_id=1, subject="s", dedupe_key="p", email="b@example.org"
        )
        assert (
            outbox.notify_user(
                session, user_id=1, subject="s", dedupe_key="p", email="b@example.org"
            )
            is None
        )
        session.commit()
        keys = Counter(session.scalars(select(Notification.dedupe_key)))
    assert keys == {"k": 1, "p": 1, "p:email": 1}


def test_a_rolled_back_message_never_leaves(factory, mailbox):
    with factory() as session:
        outbox.queue_email(session, to="a@example.org", subject="x", body="y")
        session.rollback()
    assert deliver(factory, mailbox).sent == 0
    assert mailbox.mails == []


def test_a_panel_message_has_arrived_when_it_is_committed(factory):
    with factory() as session:
        shown = outbox.notify_user(session, user_id=7, subject="Süre doluyor", url="/x/1")
        session.commit()
        assert (shown.channel, shown.state) == (PANEL, NotificationState.SENT)
        assert shown.read_at is None


def test_writing_a_message_wakes_a_worker_after_the_commit(factory, monkeypatch):
    calls = []
    monkeypatch.setattr(wakeups, "send", lambda task, arguments: calls.append((task, arguments)))
    write_mails(factory, 3)
    assert calls == [("system.deliver_outbox", ())]


def test_without_a_service_a_message_waits_and_says_why(factory, mailbox):
    sms_id = write_sms(factory)
    write_mails(factory)
    assert deliver(factory, mailbox).sent == 1
    waiting = row(factory, sms_id)
    assert (waiting.state, waiting.attempts) == (NotificationState.WAITING, 0)
    assert waiting.error == delivery.NO_SERVICE[SMS]


def test_a_note_goes_when_the_service_comes(factory, phone):
    sms_id = write_sms(factory)
    deliver(factory)
    deliver(factory, phone=phone)
    assert (row(factory, sms_id).state, row(factory, sms_id).error) == (NotificationState.SENT, "")


class Stub:
    """A sender that only counts and then does what it is told."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None

    def send(self, message):
        self.asked.append(message.key)
        return self.answer(message)


def raising(fault):
    def answer(message):
        raise fault

    return answer


def test_a_service_that_is_away_costs_no_try_and_stops_the_round(factory, mailbox):
    ids = write_mails(factory, 3)
    away = Stub(raising(UnreachableError("SMTP: OSError")))
    done = outbox.deliver_due(factory, limit=50, senders={EMAIL: away})
    assert (done.sent, done.postponed, len(away.asked)) == (0, 1, 1)
    for message_id in ids:
        message = row(factory, message_id)
        assert (message.state, message.attempts) == (NotificationState.WAITING, 0)
    make_due(factory)
    assert deliver(factory, mailbox).sent == 3


def test_a_message_that_breaks_its_sender_does_not_hold_up_the_others(factory):
    ids = write_mails(factory, 3)

    def answer(message):
        if message.key == "app:0:received":
            raise UnicodeEncodeError("ascii", "ı", 0, 1, "x")
        return "ok"

    done = outbox.deliver_due(factory, limit=50, senders={EMAIL: Stub(answer)})
    assert (done.sent, done.postponed) == (2, 1)
    assert "UnicodeEncodeError" in row(factory, ids[0]).error


def test_many_emails_do_not_keep_an_sms_waiting(factory, phone):
    write_mails(factory, 5)
    sms_id = write_sms(factory)
    senders = {EMAIL: Stub(lambda message: ""), SMS: SmsSender(phone.url)}
    assert outbox.deliver_due(factory, limit=2, senders=senders).sent == 3
    assert row(factory, sms_id).state is NotificationState.SENT


def test_no_server_at_all_is_a_service_that_is_away():
    with (
        pytest.raises(UnreachableError),
        SmtpSender("smtp://127.0.0.1:9", "a@example.org") as sender,
    ):
        sender.send(Message(key="k", to="a@example.org", body="x"))
    with pytest.raises(UnreachableError):
        SmsSender("http://127.0.0.1:9/").send(Message(key="k", to="+90", body="x"))
