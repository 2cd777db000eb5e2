"""Texts of messages to the applicant: where they may be used, what may stand in double braces.

Who is told and how it is sent is not decided here. An SMS never says what the matter is about, because
a telephone is often shared. Source: domain facts 1.5; 6698 m.4.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.applications.rules.display import ACTION_DONE_LABELS
from app.applications.rules.feedback.sms import plain_signs, sms_length
from app.applications.rules.notices import CITIZEN_NOTICES
from app.core.rules import N_, Violation
from app.core.text import fold


class NoticeChannel(StrEnum):
    """By what an applicant is written to."""

    SMS = "sms"
    EMAIL = "email"


NOTICE_CHANNEL_LABELS = {NoticeChannel.SMS: N_("SMS"), NoticeChannel.EMAIL: N_("E-mail")}

#: The step after which nobody does anything but asks: how satisfied was the applicant?
SURVEY_STEP = "survey"
#: Steps told to whoever called about a matter without a case of their own, by SMS.
CALLER_STEPS = frozenset({"matter_answered", "matter_closed"})
_OTHER_STEPS = {
    "matter_answered": N_("The matter somebody called about was answered"),
    "matter_closed": N_("The matter somebody called about was closed"),
    SURVEY_STEP: N_("Question about satisfaction"),
}

#: Step → what it is called in lists; every step of which an applicant can be told.
NOTICE_STEP_LABELS: Mapping[str, str] = {
    step: _OTHER_STEPS.get(step) or ACTION_DONE_LABELS.get(step, step) for step in CITIZEN_NOTICES
}

#: Merge field → name of the value in the texts that ship with the program.
SHIPPED_FIELDS: Mapping[str, str] = {
    "basvuru_no": "number",
    "takip_kodu": "code",
    "takip_adresi": "url",
    "son_tarih": "due",
    "kurum": "institution",
    "aciklama": "note",
    "gun": "days",
    "tutar": "amount",
    "memnuniyet_adresi": "link",
}
#: What may stand in an SMS: nothing that says whose matter it is or what it is about.
SMS_FIELDS = frozenset({*SHIPPED_FIELDS, "sonuc"})
#: What an e-mail may say as well.
EMAIL_FIELDS = SMS_FIELDS | {"ad_soyad", "birim", "konu", "basvuru_tarihi", "sonuc_nedeni"}
#: The link for an answer goes out with one question only.
_ONLY_SURVEY = frozenset({"memnuniyet_adresi"})
#: A caller is not told whose case it is, and may not look it up.
_CALLER_FIELDS = frozenset({"basvuru_no", "takip_adresi"})

NOTICE_LANGUAGES = {"tr": N_("Turkish")}
#: A longer message costs the municipality more than it tells.
MOST_SMS_PARTS = 4

_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_SHIPPED = re.compile(r"%\((\w+)\)s")
_LETTERS_OF_A_SUBJECT = 8

#: How a preview is filled.
SAMPLE_VALUES: Mapping[str, str] = {
    "basvuru_no": "2026-0001234",
    "takip_kodu": "K7MP4X2Q",
    "takip_adresi": "https://halkla.ornek.bel.tr/takip",
    "memnuniyet_adresi": "https://halkla.ornek.bel.tr/takip/7KMPX4QW9RTZ2HNC",
    "son_tarih": "31.12.2026",
    "kurum": "Çorlu Belediyesi",
    "aciklama": "Kapı numarasını yazar mısınız?",
    "gun": "14",
    "tutar": "240,50 TL",
    "sonuc": "Çözüldü",
    "sonuc_nedeni": "Konu, belediyemizin görev alanında değildir.",
    "ad_soyad": "Gülşah Işıkdağ",
    "birim": "Fen İşleri Dairesi Başkanlığı",
    "konu": "Yol onarımı",
    "basvuru_tarihi": "01.12.2026",
}


def notice_channels(step: str) -> tuple[NoticeChannel, ...]:
    """Return by what a step is told."""
    return (NoticeChannel.SMS,) if step in CALLER_STEPS else tuple(NoticeChannel)


def notice_fields(channel: NoticeChannel, step: str) -> frozenset[str]:
    """Return the merge fields that a text of this channel and step may use."""
    if step in CALLER_STEPS:
        return _CALLER_FIELDS
    fields = SMS_FIELDS if channel is NoticeChannel.SMS else EMAIL_FIELDS
    return fields if step == SURVEY_STEP else fields - _ONLY_SURVEY


def shipped_template(text: str) -> str:
    """Return a shipped text (%(number)s) as people edit it ({{basvuru_no}})."""
    names = {value: field for field, value in SHIPPED_FIELDS.items()}
    return _SHIPPED.sub(lambda found: "{{" + names.get(found[1], found[1]) + "}}", text)


def fill_notice(template: str, values: Mapping[str, str]) -> str:
    """Return a text with its merge fields filled; a field without a value is left out."""
    filled = _FIELD.sub(lambda found: values.get(found[1]) or "", template)
    return re.sub(r"[ \t]{2,}", " ", filled).strip()


def notice_text_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a text: its fields must exist and may not tell more than allowed."""
    step = str(values.get("step") or "")
    if step not in NOTICE_STEP_LABELS:
        yield Violation("step", N_("Pick the step."))
    channel = _channel(values.get("channel"))
    if channel is not None and channel not in notice_channels(step):
        yield Violation("channel", N_("Callers are told by SMS only."))
    body, subject = str(values.get("body") or ""), str(values.get("subject") or "")
    if not body.strip():
        yield Violation("body", N_("Write the text."))
    if channel is NoticeChannel.EMAIL and not subject.strip():
        yield Violation("subject", N_("An e-mail needs a subject."))
    if channel is NoticeChannel.SMS and subject.strip():
        yield Violation("subject", N_("An SMS has no subject."))
    if channel is not None:
        for name, text in (("subject", subject), ("body", body)):
            yield from _field_violations(name, text, channel, step)
    if step == SURVEY_STEP and "memnuniyet_adresi" not in _FIELD.findall(body):
        yield Violation("body", N_("The question needs its link: {{memnuniyet_adresi}}."))
    if channel is NoticeChannel.SMS:
        parts = sms_length(plain_signs(fill_notice(body, SAMPLE_VALUES))).parts
        if parts > MOST_SMS_PARTS:
            yield Violation(
                "body",
                N_("This is %(parts)s SMS long; at most %(most)s may be sent."),
                {"parts": parts, "most": MOST_SMS_PARTS},
            )
    first, last = values.get("valid_from"), values.get("valid_until")
    if isinstance(first, dt.date) and isinstance(last, dt.date) and last < first:
        yield Violation("valid_until", N_("The last day lies before the first one."))


def _channel(value: Any) -> NoticeChannel | None:
    try:
        return NoticeChannel(value)
    except ValueError:
        return None


def _field_violations(
    name: str, text: str, channel: NoticeChannel, step: str
) -> Iterator[Violation]:
    for field in sorted(set(_FIELD.findall(text)) - notice_fields(channel, step)):
        known = field in EMAIL_FIELDS
        message = (
            N_("%(name)s may not stand in this message.")
            if known
            else N_("There is no merge field %(name)s.")
        )
        yield Violation(name, message, {"name": "{{" + field + "}}"})


def tells_subject(text: str, *subjects: str) -> bool:
    """Say whether a text repeats what a matter is about: its summary or its topic, however written.

    Very short subjects say nothing by themselves and are found everywhere.
    """
    folded = f" {fold(text)} "
    return any(
        len(words) >= _LETTERS_OF_A_SUBJECT and f" {words} " in folded
        for words in map(fold, subjects)
    )
