"""The words of a message to the applicant: out of the table of texts, else those that ship with us.

Nobody is written to here. An SMS never says what the matter is about. Source: domain facts 1.5.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, NoticeText
from app.applications.queries.feedback import find_notice_text, find_reason
from app.applications.rules import NoticeChannel
from app.applications.services.wording import turkish
from app.core import clock, places
from app.core.text import format_date
from app.system.queries import get_text

#: The first day of the texts that ship with the program.
_FIRST_DAY = dt.date(2020, 1, 1)
_FIELD_OF = {value: field for field, value in rules.SHIPPED_FIELDS.items()}


def tracking_address(session: Session) -> str:
    """Where citizens look their application up."""
    return get_text(session, "tracking_address").rstrip("/") or f"{places.address()}/takip"


def shipped_text(step: str, channel: NoticeChannel) -> tuple[str, str]:
    """Subject and body of a step in Turkish with merge fields; an SMS has no subject."""
    title, body = (rules.shipped_template(turkish(text)) for text in rules.CITIZEN_NOTICES[step])
    return ("" if channel is NoticeChannel.SMS else title), body


def ensure_texts(session: Session) -> int:
    """Add the texts that are missing; what people have changed stays. Returns how many were added."""
    known = {tuple(row) for row in session.execute(select(NoticeText.step, NoticeText.channel))}
    added = 0
    for step in rules.CITIZEN_NOTICES:
        for channel in rules.notice_channels(step):
            if (step, channel) not in known:
                subject, body = shipped_text(step, channel)
                session.add(
                    NoticeText(
                        step=step, channel=channel, language="tr", subject=subject, body=body,
                        valid_from=_FIRST_DAY,
                    )
                )  # fmt: skip
                added += 1
    session.flush()
    return added


def notice_values(
    session: Session, application: Application, given: Mapping[str, Any]
) -> dict[str, str]:
    """Merge field → its text for one case; `given` are values by the names of the shipped texts."""
    citizen = None if application.identity_hidden else application.citizen
    reason = find_reason(session, application.outcome_reason_id)
    outcome = application.outcome
    values = {
        "basvuru_no": application.number,
        "takip_kodu": application.tracking_code,
        "takip_adresi": tracking_address(session),
        "son_tarih": format_date(application.due_on),
        "basvuru_tarihi": format_date(application.received_on),
        "ad_soyad": citizen.full_name if citizen is not None else "",
        "birim": str(application.lead_unit or ""),
        "konu": application.topic.name if application.topic is not None else "",
        "sonuc": turkish(rules.OUTCOME_LABELS[outcome]) if outcome is not None else "",
        "sonuc_nedeni": reason.citizen_text if reason is not None else "",
    }
    values.update({_FIELD_OF.get(name, name): str(value) for name, value in given.items()})
    return values


def caller_words(
    session: Session, number: str, step: str, *, now: dt.datetime | None = None
) -> str | None:
    """The SMS to somebody who called about a matter without a case of their own; None: not told."""
    today = clock.to_local(now or clock.now()).date()
    found = find_notice_text(session, step, NoticeChannel.SMS, today=today)
    if found.is_silent:
        return None
    template = found.body if found.is_kept else shipped_text(step, NoticeChannel.SMS)[1]
    values = {"basvuru_no": number, "takip_adresi": tracking_address(session)}
    return rules.plain_signs(rules.fill_notice(template, values))


def notice_for(
    session: Session,
    application: Application,
    step: str,
    channel: NoticeChannel,
    given: Mapping[str, Any],
    *,
    own_words: str = "",
    now: dt.datetime | None = None,
) -> tuple[str, str] | None:
    """Subject and body of a message; None when the office has decided not to tell this step.

    `own_words` are what an officer wrote for this SMS. Words of officers that repeat what the matter is
    about do not leave by SMS: the text of the table goes out instead, or without the note.
    """
    today = clock.to_local(now or clock.now()).date()
    found = find_notice_text(session, step, channel, today=today)
    if found.is_silent:
        return None
    subject, template = (
        (found.subject, found.body) if found.is_kept else shipped_text(step, channel)
    )
    values = notice_values(session, application, given)
    if channel is NoticeChannel.EMAIL:
        return rules.fill_notice(subject, values), rules.fill_notice(template, values)
    matter = [application.subject, application.topic.name if application.topic is not None else ""]
    if own_words.strip() and not rules.tells_subject(own_words, *matter):
        return "", rules.plain_signs(own_words.strip())
    if rules.tells_subject(values.get("aciklama", ""), *matter):
        values["aciklama"] = ""
    return "", rules.plain_signs(rules.fill_notice(template, values))
