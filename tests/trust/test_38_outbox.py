"""Promise 38: no message is lost or invented when workers are killed; copies carry the same key."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from sqlalchemy import text

from app.system.services import outbox
from tests.system.plant import plant
from tests.system.services_support import mail_server, sms_server

pytestmark = pytest.mark.worker

MESSAGES = 40
KILLS = 3


def slowly(answer):
    def give(_):
        time.sleep(0.05)
        return answer

    return give


def test_kills_and_rollbacks_lose_nothing_and_invent_nothing(tmp_path, monkeypatch):
    with mail_server() as mails, sms_server() as phone:
        mails.answer, phone.status = slowly("250 OK"), slowly(200)
        urls = {"HALKLA_SMTP_URL": mails.url, "HALKLA_SMS_URL": phone.url}
        with plant(tmp_path, monkeypatch, **urls) as works:
            workers = [works.start(), works.start()]
            wanted = write(works)
            for kill in range(KILLS):
                works.wait(
                    lambda target=6 + kill * 12: len(mails.mails) + len(phone.requests) >= target
                )
                works.kill(workers.pop(0))
                workers.append(works.start())
            works.wait(lambda: states(works) == {"sent": MESSAGES})
            copies = Counter([*mails.keys, *(r["reference"] for r in phone.requests)])
            assert set(copies) == wanted, "lost or invented"
            # A kill can double at most the one message that each worker is sending.
            assert sum(copies.values()) - MESSAGES <= KILLS
            ids = {}
            for mail in mails.mails:
                ids.setdefault(mail["X-Dedupe-Key"], set()).add(mail["Message-ID"])
            assert all(len(found) == 1 for found in ids.values())


def write(works):
    """Half e-mail, half SMS; every fourth transaction writes a message and is rolled back."""
    wanted = set()
    for n in range(MESSAGES):
        with works.session() as session:
            if n % 4 == 0:
                outbox.queue_email(
                    session, to="a@example.org", subject="x", body="y", dedupe_key=f"phantom:{n}"
                )
                session.rollback()
            key = f"app:{n}:received"
            if n % 2:
                outbox.queue_sms(session, to=f"+9053200000{n:02}", body="Alındı", dedupe_key=key)
            else:
                outbox.queue_email(
                    session, to=f"k{n}@example.org", subject="Alındı", body="…", dedupe_key=key
                )
            session.commit()
            wanted.add(key)
    return wanted


def states(works):
    with works.session() as session:
        return dict(
            session.execute(
                text("SELECT state, count(*) FROM system_notification GROUP BY 1")
            ).all()
        )
