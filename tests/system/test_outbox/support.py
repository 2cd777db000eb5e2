"""Messages leave by real servers: at least once, with one key, retried, visible, never half."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import update

from app.core import clock
from app.core.messaging import SmsSender, SmtpSender
from app.system.models import Notification
from app.system.rules import NotificationChannel
from app.system.services import outbox

EMAIL, SMS, PANEL = NotificationChannel.EMAIL, NotificationChannel.SMS, NotificationChannel.PANEL


def write_mails(factory, count=1, **values):
    with factory() as session:
        made = [
            outbox.queue_email(
                session,
                **{
                    "to": f"kisi{n}@example.org",
                    "subject": "Başvurunuz alındı",
                    "body": "Sayın ilgili, ışık arızası kaydınız alındı.",
                    "dedupe_key": f"app:{n}:received",
                    **values,
                },
            )
            for n in range(count)
        ]
        session.commit()
        return [message.id for message in made]


def write_sms(factory, key="app:1:sms"):
    with factory() as session:
        message = outbox.queue_sms(
            session, to="+905321234567", body="Şikâyetiniz alındı: 2026-0000123", dedupe_key=key
        )
        session.commit()
        return message.id


def deliver(factory, box=None, phone=None, limit=50, token="belirtec", **options):
    senders = {
        EMAIL: SmtpSender(box.url, "Halkla <halkla@example.org>") if box else None,
        SMS: SmsSender(phone.url, token) if phone else None,
    }
    return outbox.deliver_due(factory, limit=limit, senders=senders, **options)


def row(factory, message_id):
    with factory() as session:
        return session.get(Notification, message_id)


def make_due(factory):
    """Let the waiting time of every message be over."""
    with factory() as session:
        past = clock.now() - dt.timedelta(seconds=1)
        session.execute(update(Notification).values(run_after=past))
        session.execute(
            update(Notification)
            .where(Notification.leased_until.is_not(None))
            .values(leased_until=past)
        )
        session.commit()
