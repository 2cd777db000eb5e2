"""A message to an applicant sent once more, against a reason that stands on the timeline."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application
from app.applications.queries.feedback import is_to_citizen
from app.applications.services.moves import check_verb, record_step, refuse
from app.applications.services.notice_texts import notice_for
from app.applications.services.notices import sms_time, way_to
from app.core import clock
from app.core.acting import Actor
from app.core.rules import N_
from app.core.text import clean, format_date
from app.system.models import Notification
from app.system.rules import NotificationChannel
from app.system.services import outbox

_UNKNOWN = N_("There is no such message about this application.")


def resend_message(
    session: Session,
    *,
    application: Application,
    message_id: int,
    reason: str,
    actor: Actor,
    now: dt.datetime | None = None,
) -> Notification:
    """Write a message once more, to where the applicant is reached today; the first copy stays.

    RuleViolation without a reason, for a question about satisfaction (its link is good once), or when
    nobody may be written to.
    """
    check_verb(actor, "notify")
    moment = now or clock.now()
    words = clean(reason)
    if not words:
        raise refuse(rules.NEEDED["reason"], "reason")
    n = Notification.__table__.c
    first = session.execute(
        select(n.id, n.template, n.channel, n.subject, n.body, n.attachment_ids).where(
            n.id == message_id, n.owner_id == application.id, is_to_citizen(n)
        )
    ).one_or_none()
    if first is None or first.template in rules.CALLER_STEPS:
        raise refuse(_UNKNOWN)
    if first.template == rules.SURVEY_STEP:
        raise refuse(N_("A question about satisfaction is not sent a second time."))
    way = way_to(session, application)
    if way is None:
        raise refuse(N_("This applicant cannot or does not want to be written to."))
    channel, address = way
    step = record_step(
        session, application, "resend_notice", actor=actor, now=moment, note=words[:300],
        details={"message": first.id, "template": first.template, "channel": channel.value},
    )  # fmt: skip
    common: dict[str, Any] = {
        "owner_type": "Application",
        "owner_id": application.id,
        "template": first.template,
        "dedupe_key": f"app:{application.id}:again:{step.id}",
    }
    if channel is rules.NoticeChannel.SMS:
        later = sms_time(session, application, moment)
        text = _as_sms(session, application, first, moment)
        sent = outbox.queue_sms(session, to=address, body=text, run_after=later, **common)
    else:
        sent = outbox.queue_email(
            session, to=address, subject=first.subject or first.body[:80], body=first.body,
            attachments=first.attachment_ids or (), **common,
        )  # fmt: skip
    if sent is None:
        raise refuse(_UNKNOWN)
    return sent


def _as_sms(session: Session, application: Application, first: Any, now: dt.datetime) -> str:
    """The words of a message as an SMS: what left by e-mail may say more than an SMS may."""
    if first.channel is NotificationChannel.SMS:
        return str(first.body)
    due = format_date(application.due_on)
    words = notice_for(
        session, application, first.template, rules.NoticeChannel.SMS, {"due": due}, now=now
    )
    if words is None:
        raise refuse(N_("This message left by e-mail; it cannot be sent as an SMS."))
    return words[1]
