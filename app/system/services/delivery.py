"""Sends the messages of the outbox, at least once each; how a channel speaks stands in core."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.messaging import Enclosure, Message, RefusedError, Sender, UnreachableError
from app.core.rules import N_
from app.system.models import Attachment, Notification
from app.system.rules import (
    LEASE_SECONDS,
    MAX_ATTEMPTS,
    NotificationChannel,
    NotificationState,
    retry_delay_seconds,
)
from app.system.services import attachments

log = logging.getLogger(__name__)

#: Why a message stays where it is; shown in the outbox screen.
NO_SERVICE = {
    NotificationChannel.EMAIL: N_(
        "No e-mail service is set up; the message will leave when there is one."
    ),
    NotificationChannel.SMS: N_(
        "No SMS service is set up; the message will leave when there is one."
    ),
}
UNREACHABLE = N_("The service cannot be reached (%(reason)s); it is tried again by itself.")
REFUSED = N_("The service did not accept the message (%(reason)s).")
BROKEN_OFF = N_("Sending was broken off too often.")

SessionFactory = Callable[[], AbstractContextManager[Session]]
Translate = Callable[[str], str]


@dataclass(frozen=True)
class Delivery:
    """What one round did, as numbers for the log."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0


def key_of(message: Notification) -> str:
    """What every copy of this message carries, so that the receiver can drop a second one."""
    return message.dedupe_key or f"notification:{message.id}"


def deliver_due(
    session_factory: SessionFactory,
    *,
    limit: int,
    senders: Mapping[NotificationChannel, Sender | None],
    notes: Mapping[NotificationChannel, str] | None = None,
    translate: Translate = str,
    stopping: Callable[[], bool] = lambda: False,
    lease_seconds: int = LEASE_SECONDS,
) -> Delivery:
    """Send up to `limit` due messages of each channel, each claimed, sent and marked in transactions of its own.

    A channel whose sender is None waits, with a note (from `notes`, else NO_SERVICE). A service that
    cannot be reached costs no try: its messages wait for the next round. Needs write transactions, and
    sessions that do not expire on commit.
    """
    total = Delivery()
    silent = [channel for channel, sender in senders.items() if sender is None]
    if silent:
        with session_factory() as session:
            _note_silence(session, silent, {**NO_SERVICE, **(notes or {})}, translate)
            session.commit()
    for channel, sender in senders.items():
        if sender is None:
            continue
        with sender:
            for _ in range(limit):
                if stopping():
                    break
                word, is_away = _deliver_next(
                    session_factory, channel, sender, translate, lease_seconds
                )
                if word:
                    total = replace(total, **{word: getattr(total, word) + 1})
                if is_away or not word:
                    # Asking a service that is away again for each message would take hours.
                    break
    return total


def _deliver_next(
    session_factory: SessionFactory,
    channel: NotificationChannel,
    sender: Sender,
    translate: Translate,
    lease_seconds: int,
) -> tuple[str, bool]:
    """Send the oldest due message; returns the word for the log and whether the service is away."""
    with session_factory() as session:
        claimed = _claim(session, channel, clock.now(), translate, lease_seconds)
        session.commit()
        if claimed is None:
            return "", False
        token = claimed.lease_token
        outgoing = _outgoing(session, claimed)
    # The connection has gone back: no transaction is open while a slow server is asked.
    word, values = _send(sender, outgoing, claimed, translate)
    with session_factory() as session:
        session.execute(
            update(Notification)
            .where(Notification.id == claimed.id, Notification.lease_token == token)
            .values(leased_until=None, lease_token=None, **values),
            execution_options={"synchronize_session": False},
        )
        session.commit()
    log.info("message %s", word, extra={"notification": claimed.id, "channel": channel.value})
    return word, word == "postponed" and values["attempts"] < claimed.attempts


def _claim(
    session: Session,
    channel: NotificationChannel,
    now: dt.datetime,
    translate: Translate = str,
    lease_seconds: int = LEASE_SECONDS,
) -> Notification | None:
    """Take the oldest due message of a channel for one lease; give up those that broke every try."""
    orphaned = and_(
        Notification.state == NotificationState.SENDING, Notification.leased_until < now
    )
    session.execute(
        update(Notification)
        .where(orphaned, Notification.channel == channel, Notification.attempts >= MAX_ATTEMPTS)
        .values(
            state=NotificationState.FAILED,
            error=translate(BROKEN_OFF),
            leased_until=None,
            lease_token=None,
        ),
        execution_options={"synchronize_session": False},
    )
    waiting = and_(Notification.state == NotificationState.WAITING, Notification.run_after <= now)
    due = (
        select(Notification.id)
        .where(Notification.channel == channel, or_(waiting, orphaned))
        .order_by(Notification.run_after, Notification.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    message_id = session.scalar(due)
    if message_id is None:
        return None
    return session.scalars(
        update(Notification)
        .where(Notification.id == message_id)
        .values(
            state=NotificationState.SENDING,
            attempts=Notification.attempts + 1,
            lease_token=uuid.uuid4().hex,
            leased_until=now + dt.timedelta(seconds=lease_seconds),
        )
        .returning(Notification),
        execution_options={"populate_existing": True, "synchronize_session": False},
    ).one()


def _outgoing(session: Session, message: Notification) -> Message | RefusedError:
    """The message as the sender needs it; a refusal when one of its files is gone."""
    enclosures = []
    for attachment_id in message.attachment_ids:
        try:
            enclosures.append(_enclosure(session, attachment_id))
        except OSError:
            return RefusedError(f"#{attachment_id}")
    return Message(
        key=key_of(message),
        to=message.recipient,
        subject=message.subject,
        body=message.body,
        enclosures=tuple(enclosures),
    )


def _enclosure(session: Session, attachment_id: int) -> Enclosure:
    """A file of the house as it travels; OSError when its row or its bytes are gone."""
    attachment = session.get(Attachment, attachment_id)
    if attachment is None:
        raise FileNotFoundError(attachment_id)
    return Enclosure(attachment.name, attachment.mime, attachments.read(attachment))


def _send(
    sender: Sender, outgoing: Message | RefusedError, claimed: Notification, translate: Translate
) -> tuple[str, dict[str, Any]]:
    """Hand the message over; returns the word for the log and the columns that its row gets."""
    try:
        if isinstance(outgoing, RefusedError):
            raise outgoing
        reference = sender.send(outgoing)
    except UnreachableError as fault:
        return "postponed", {
            "state": NotificationState.WAITING,
            "attempts": claimed.attempts - 1,
            "run_after": clock.now() + dt.timedelta(seconds=retry_delay_seconds(1)),
            "error": (translate(UNREACHABLE) % {"reason": fault})[:300],
        }
    except RefusedError as fault:
        return _refused(claimed, str(fault), fault.permanent, translate)
    except Exception as fault:
        # One message that a sender cannot cope with must not keep all others from leaving.
        return _refused(claimed, type(fault).__name__, False, translate)
    return "sent", {
        "state": NotificationState.SENT,
        "attempts": claimed.attempts,
        "sent_at": clock.now(),
        "provider_ref": reference[:120],
        "error": "",
    }


def _refused(
    claimed: Notification, reason: str, permanent: bool, translate: Translate
) -> tuple[str, dict[str, Any]]:
    """What becomes of a message that was not accepted: a later try, or failed and visible."""
    values: dict[str, Any] = {
        "attempts": claimed.attempts,
        "error": (translate(REFUSED) % {"reason": reason})[:300],
    }
    if permanent or claimed.attempts >= MAX_ATTEMPTS:
        return "failed", {"state": NotificationState.FAILED, **values}
    delay = dt.timedelta(seconds=retry_delay_seconds(claimed.attempts))
    return "postponed", {
        "state": NotificationState.WAITING,
        "run_after": clock.now() + delay,
        **values,
    }


def _note_silence(
    session: Session,
    channels: Sequence[NotificationChannel],
    notes: Mapping[NotificationChannel, str],
    translate: Translate,
) -> None:
    """Say at each waiting message of a channel without a service why it waits."""
    for channel in channels:
        note = translate(notes[channel])[:300]
        session.execute(
            update(Notification)
            .where(
                Notification.channel == channel,
                Notification.state == NotificationState.WAITING,
                Notification.error != note,
            )
            .values(error=note),
            execution_options={"synchronize_session": False},
        )
