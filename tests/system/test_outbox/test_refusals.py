"""What goes wrong on the way."""

from __future__ import annotations

import datetime as dt
import logging
import threading

import pytest
from sqlalchemy import update

from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.core.messaging import RefusedError, SmsSender, SmtpSender
from app.core.rules import RuleViolation
from app.system.models import Attachment, Notification
from app.system.queries import jobs as job_queries
from app.system.rules import LEASE_SECONDS, MAX_ATTEMPTS, NotificationState
from app.system.services import delivery, outbox
from tests.system.test_outbox.support import EMAIL, deliver, make_due, row, write_mails, write_sms


def test_a_refused_address_fails_at_once_and_the_others_still_leave(factory, mailbox):
    ids = write_mails(factory, 3)
    mailbox.refuse = lambda address: "550 no such user" if "kisi1" in address else "250 OK"
    done = deliver(factory, mailbox)
    assert (done.sent, done.failed) == (2, 1)
    failed = row(factory, ids[1])
    assert failed.state is NotificationState.FAILED
    assert "SMTP 550" in failed.error
    assert "kisi1" not in failed.error


def test_a_message_put_off_by_the_server_is_tried_until_it_is_given_up(factory, mailbox):
    (message_id,) = write_mails(factory)
    mailbox.answer = lambda mail: "451 later"
    for _ in range(MAX_ATTEMPTS):
        deliver(factory, mailbox)
        make_due(factory)
    message = row(factory, message_id)
    assert (message.state, message.attempts) == (NotificationState.FAILED, MAX_ATTEMPTS)
    assert deliver(factory, mailbox).sent == 0
    mailbox.answer = lambda mail: "250 OK"
    with factory() as session:
        outbox.retry(session, message=session.get(Notification, message_id))
        session.commit()
    assert deliver(factory, mailbox).sent == 1


def test_a_retry_waits_longer_each_time(factory, mailbox):
    (message_id,) = write_mails(factory)
    mailbox.answer = lambda mail: "451 later"
    waits = []
    for _ in range(3):
        deliver(factory, mailbox)
        waits.append((row(factory, message_id).run_after - clock.now()).total_seconds())
        assert deliver(factory, mailbox).postponed == 0
        make_due(factory)
    assert [round(w, -1) for w in waits] == [30, 60, 120]


@pytest.mark.parametrize(
    "status,word",
    [
        (400, "failed"),
        (422, "failed"),
        (500, "postponed"),
        (429, "postponed"),
        (401, "postponed"),
        (302, "postponed"),
    ],
)
def test_what_the_sms_service_answers_decides(factory, phone, status, word):
    write_sms(factory)
    phone.status = lambda content: status
    done = deliver(factory, phone=phone)
    assert getattr(done, word) == 1
    assert len(phone.requests) == 1


def test_every_copy_carries_the_same_key(factory, mailbox):
    (message_id,) = write_mails(factory, dedupe_key=None)
    deliver(factory, mailbox)
    with factory() as session:
        # As if the worker had been killed between the server's answer and our note of it.
        session.execute(
            update(Notification).values(
                state=NotificationState.SENDING, leased_until=clock.now() - dt.timedelta(seconds=1)
            )
        )
        session.commit()
    deliver(factory, mailbox)
    assert mailbox.keys == [f"notification:{message_id}"] * 2
    assert mailbox.mails[0]["Message-ID"] == mailbox.mails[1]["Message-ID"]


def test_a_message_that_is_being_sent_is_left_alone_until_its_lease_ends(factory, mailbox):
    write_mails(factory)
    with factory() as session:
        assert delivery._claim(session, EMAIL, clock.now()) is not None
        session.commit()
    assert deliver(factory, mailbox).sent == 0
    with factory() as session:
        later = clock.now() + dt.timedelta(seconds=LEASE_SECONDS + 1)
        assert delivery._claim(session, EMAIL, later) is not None


def test_four_workers_send_each_message_once(factory, mailbox):
    write_mails(factory, 24)
    faults = []

    def work():
        try:
            with acting_as(SYSTEM):
                deliver(factory, mailbox)
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert faults == []
    assert sorted(mailbox.keys) == sorted(f"app:{n}:received" for n in range(24))


def test_a_hostile_subject_starts_no_header(factory, mailbox):
    write_mails(factory, subject="Merhaba\r\nBcc: kurban@example.org")
    assert deliver(factory, mailbox).sent == 1
    assert mailbox.mails[0]["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    ["", "yok", "a@b@c", "a@example.org\nBcc: b@example.org", "a@example.org, b@example.org"],
)
def test_a_malformed_address_fails_visibly(factory, mailbox, address):
    (message_id,) = write_mails(factory, to=address)
    done = deliver(factory, mailbox)
    assert (done.sent, done.failed) == (0, 1)
    assert row(factory, message_id).state is NotificationState.FAILED
    assert mailbox.mails == []


def test_files_travel_with_the_email(factory, mailbox, monkeypatch):
    from app.system.services import attachments

    monkeypatch.setattr(attachments, "read", lambda attachment: b"%PDF-1.7 icerik")
    with factory() as session:
        file = Attachment(
            owner_type="Reply",
            owner_id=1,
            name="Cevap yazısı.pdf",
            stored_name="aa/bb/cc",
            mime="application/pdf",
            size=15,
            sha256="0" * 64,
        )
        session.add(file)
        session.commit()
        file_id = file.id
    write_mails(factory, attachments=[file_id])
    deliver(factory, mailbox)
    (part,) = mailbox.mails[0].iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("Cevap yazısı.pdf", "application/pdf")
    assert part.get_content() == b"%PDF-1.7 icerik"


def test_a_missing_file_fails_visibly_and_nothing_leaves(factory, mailbox):
    (message_id,) = write_mails(factory, attachments=[404])
    assert deliver(factory, mailbox).failed == 1
    assert row(factory, message_id).state is NotificationState.FAILED
    assert mailbox.mails == []


def test_a_cancelled_message_stays_and_does_not_leave(factory, mailbox):
    (message_id,) = write_mails(factory)
    with factory() as session:
        outbox.cancel(session, message=session.get(Notification, message_id))
        session.commit()
    assert deliver(factory, mailbox).sent == 0
    with factory() as session:
        outbox.retry(session, message=session.get(Notification, message_id))
        session.commit()
    assert deliver(factory, mailbox).sent == 1
    with factory() as session, pytest.raises(RuleViolation):
        outbox.cancel(session, message=session.get(Notification, message_id))


def test_the_log_names_no_person(factory, mailbox, phone, caplog):
    caplog.set_level(logging.DEBUG)
    write_mails(factory, 2)
    write_sms(factory)
    mailbox.refuse = lambda address: (
        "550 <kisi1@example.org> unknown" if "kisi1" in address else "250 OK"
    )
    deliver(factory, mailbox, phone)
    ours = [r for r in caplog.records if r.name.startswith("app.")]
    assert len(ours) == 3
    text = " ".join(str(r.__dict__) for r in ours)
    for secret in ("kisi0", "kisi1", "905321234567", "ışık", "belirtec"):
        assert secret not in text


def test_the_limit_is_kept(factory, mailbox):
    write_mails(factory, 5)
    assert deliver(factory, mailbox, limit=2).sent == 2
    assert len(mailbox.mails) == 2


def test_figures_about_the_outbox(factory):
    with factory() as session:
        assert job_queries.outbox_age_seconds(session) == 0
    write_mails(factory, 2)
    with factory() as session:
        outbox.notify_user(session, user_id=1, subject="x")
        session.commit()
        later = clock.now() + dt.timedelta(seconds=100)
        assert 99 < job_queries.outbox_age_seconds(session, now=later) < 130
        assert job_queries.count_messages(session)[NotificationState.WAITING] == 2


@pytest.mark.parametrize("url", ["", "http://x", "smtp://", "ftp://x:21"])
def test_a_wrong_mail_address_is_said_when_it_is_read(url):
    with pytest.raises(ValueError):
        SmtpSender(url, "a@example.org")


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://x", "http://"])
def test_a_wrong_sms_address_is_said_when_it_is_read(url):
    with pytest.raises(ValueError):
        SmsSender(url)


def test_refusals_know_whether_they_are_final():
    assert RefusedError("x").permanent
    assert not RefusedError("x", permanent=False).permanent
