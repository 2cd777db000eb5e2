"""Texts of demo letters and messages, in the form the directorate uses; layout is elsewhere."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from app.applications.rules import Kind, Outcome
from app.core.text import format_date

if TYPE_CHECKING:
    from app.demo.story import Story

_RESULTS = {
    Outcome.RESOLVED: "çözüldü",
    Outcome.PARTLY_RESOLVED: "kısmen çözüldü",
    Outcome.PLANNED: "programa alındı",
    Outcome.INFORMED: "bilgi verildi",
    Outcome.REJECTED: "olumsuz sonuçlandı",
    Outcome.UNFOUNDED: "yerinde tespit edilemedi",
    Outcome.NOT_COMPETENT: "ilgili kuruma yönlendirildi",
}
_ARTICLES = ("4982 m.7", "4982 m.8", "4982 m.21", "4982 m.23", "4982 m.25")
_SIGN = "Tekirdağ BB, ALO 153"


def subject_of(story: Story) -> str:
    """Subject line of a letter."""
    return f"Başvurunuz: {story.case['subject']}"[:200]


def _opening(story: Story) -> str:
    case = story.case
    who = story.facts.get("_name", "")
    salutation = f"Sayın {who}," if who else "Sayın ilgili,"
    return f"{salutation}\n\n{format_date(case['received_on'])} tarihli ve {case['number']} sayılı başvurunuz incelenmiştir."


def _unit(story: Story) -> str:
    return story.house.units.get(story.case["lead_unit_id"] or 0, "İlgili birim")


def answer(story: Story, text: str) -> str:
    """A final answer: what was asked, what was found, by whom."""
    return (
        f"{_opening(story)}\n\nBaşvurunuzda {story.topic.spoken} konusunu bildirmektesiniz. "
        f"{_unit(story)} tarafından verilen bilgiye göre;\n\n{text}\n\nBilgilerinize sunulur."
    )


def progress(story: Story, reason: str) -> str:
    """A letter that tells how far it is (3071 m.7) or that the period is longer (4982 m.11)."""
    law = (
        "4982 sayılı Kanun’un 11. maddesi"
        if story.case["kind"] is Kind.INFORMATION
        else "3071 sayılı Kanun’un 7. maddesi"
    )
    return (
        f"{_opening(story)}\n\nÇalışma sürmektedir: {reason} {law} uyarınca sonuç ayrıca bildirilecektir."
        "\n\nBilgilerinize sunulur."
    )


def forwarding(story: Story, institution: str) -> str:
    """A letter that tells where the application has gone (3071 m.5)."""
    return (
        f"{_opening(story)}\n\nKonu kurumumuzun görev alanında bulunmadığından başvurunuz, 3071 sayılı "
        f"Kanun’un 5. maddesi uyarınca yetkili kuruma ({institution}) gönderilmiştir. Sonuç, adı geçen "
        "kurumca size bildirilecektir.\n\nBilgilerinize sunulur."
    )


def answer_sms(story: Story, outcome: Outcome) -> str:
    """The message to the telephone: it never tells what the matter is about."""
    return f"{story.case['number']} numaralı başvurunuz sonuçlandı: {_RESULTS[outcome]}. Takip kodu {story.case['tracking_code']}. {_SIGN}"


def progress_sms(story: Story) -> str:
    """The message that goes with a progress letter."""
    return f"{story.case['number']} numaralı başvurunuz için çalışma sürüyor, sonuç ayrıca bildirilecek. {_SIGN}"


def forwarding_sms(story: Story, institution: str) -> str:
    """The message that goes with a forwarding letter."""
    return f"{story.case['number']} numaralı başvurunuz yetkili kuruma ({institution}) gönderildi. {_SIGN}"


def article_of(rng: Random, kind: Kind) -> str:
    """Law and article of a refusal."""
    return rng.choice(_ARTICLES) if kind is Kind.INFORMATION else "3071 m.7"


def remedy_of(kind: Kind) -> str:
    """Where and until when to object. Source: 4982 m.13; 2577 m.7."""
    if kind is Kind.INFORMATION:
        return (
            "Bu karara karşı, tebliğinden itibaren 15 gün içinde Bilgi Edinme Değerlendirme Kuruluna "
            "yazılı olarak itiraz edebilirsiniz."
        )
    return "Bu işleme karşı 60 gün içinde idare mahkemesinde dava açabilirsiniz."
