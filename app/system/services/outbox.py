"""Outbox: messages as rows, written with what caused them; sending them stands in `delivery`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rules import N_, RuleViolation, Violation
from app.system.models import Notification
from app.system.rules import NotificationChannel, NotificationState
from app.system.services import wakeups
from app.system.services.about import insert_about
from app.system.services.delivery import Delivery, deliver_due, key_of

__all__ = [
    "DELIVER_TASK",
    "Delivery",
    "cancel",
    "deliver_due",
    "key_of",
    "notify_user",
    "queue_email",
    "queue_sms",
    "retry",
]

DELIVER_TASK = "system.deliver_outbox"


def queue_email(
    session: Session,
    *,
    to: str,
    subject: str,
    body: str,
    owner_type: str = "",
    owner_id: int | None = None,
    template: str = "",
    dedupe_key: str | None = None,
    attachments: Sequence[int] = (),
) -> Notification | None:
    """Write an e-mail in the caller's transaction; None when its dedupe key exists already.

    `attachments` are keys of Attachment rows that travel with it.
    """
    return _queue(
        session,
        channel=NotificationChannel.EMAIL,
        recipient=to.strip(),
        subject=subject[:200],
        body=body,
        owner_type=owner_type,
        owner_id=owner_id,
        template=template,
        dedupe_key=dedupe_key,
        attachment_ids=list(attachments),
    )


def queue_sms(
    session: Session,
    *,
    to: str,
    body: str,
    owner_type: str = "",
    owner_id: int | None = None,
    template: str = "",
    dedupe_key: str | None = None,
    run_after: dt.datetime | None = None,
) -> Notification | None:
    """Write an SMS in the caller's transaction; None when its dedupe key exists already.

    It leaves at once, or not before `run_after`.
    """
    return _queue(
        session,
        channel=NotificationChannel.SMS,
        recipient=to.strip(),
        body=body,
        owner_type=owner_type,
        owner_id=owner_id,
        template=template,
        dedupe_key=dedupe_key,
        **({"run_after": run_after} if run_after is not None else {}),
    )


def notify_user(
    session: Session,
    *,
    user_id: int,
    subject: str,
    body: str = "",
    url: str = "",
    owner_type: str = "",
    owner_id: int | None = None,
    template: str = "",
    dedupe_key: str | None = None,
    email: str | None = None,
) -> Notification | None:
    """Show a message in the panel of a staff user, and send it to `email` too when given.

    None when the dedupe key exists already; then no e-mail is written either.
    """
    now = clock.now()
    shown = insert_about(
        session,
        Notification,
        {
            "channel": NotificationChannel.PANEL,
            "user_id": user_id,
            "subject": subject[:200],
            "body": body,
            "url": url,
            "owner_type": owner_type,
            "owner_id": owner_id,
            "template": template,
            "dedupe_key": dedupe_key,
            # The panel is the recipient: the message has arrived as soon as it is committed.
            "state": NotificationState.SENT,
            "sent_at": now,
            "run_after": now,
        },
    )
    if shown is not None and email:
        queue_email(
            session,
            to=email,
            subject=subject,
            body=body,
            owner_type=owner_type,
            owner_id=owner_id,
            template=template,
            dedupe_key=f"{dedupe_key}:email" if dedupe_key else None,
        )
    return shown


def _queue(session: Session, **values: Any) -> Notification | None:
    message = insert_about(session, Notification, {"run_after": clock.now(), **values})
    if message is not None:
        wakeups.after_commit(session, DELIVER_TASK)
    return message


def retry(session: Session, *, message: Notification) -> Notification:
    """Send a failed or cancelled message again, with all its tries before it.

    Raises RuleViolation in any other state.
    """
    message = _turn(
        session,
        message,
        (NotificationState.FAILED, NotificationState.CANCELLED),
        N_("Only a message that could not be sent or was cancelled can be sent again."),
        state=NotificationState.WAITING,
        attempts=0,
        error="",
        run_after=clock.now(),
    )
    wakeups.after_commit(session, DELIVER_TASK)
    return message


def cancel(session: Session, *, message: Notification) -> Notification:
    """Keep a waiting or failed message from leaving; it stays visible.

    Raises RuleViolation when it has left or is just leaving.
    """
    return _turn(
        session,
        message,
        (NotificationState.WAITING, NotificationState.FAILED),
        N_("This message has left already or is just leaving."),
        state=NotificationState.CANCELLED,
    )


def _turn(
    session: Session,
    message: Notification,
    states: Sequence[NotificationState],
    refusal: str,
    **values: Any,
) -> Notification:
    """Change the message if the row, not the copy in hand, is still in one of `states`."""
    session.flush()
    changed = session.execute(
        update(Notification)
        .where(
            Notification.id == message.id,
            Notification.state.in_(states),
            Notification.channel != NotificationChannel.PANEL,
        )
        .values(version=Notification.version + 1, **values)
        .returning(Notification.id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if changed is None:
        raise RuleViolation(Violation("", refusal))
    session.refresh(message)
    return message
