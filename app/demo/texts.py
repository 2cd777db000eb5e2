"""What citizens say and what units answer, from the text files, with places and figures filled in."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from random import Random

from app.applications.rules import Kind, Outcome
from app.core.text import Case, format_date, format_number, tr_lower, tr_upper, with_suffix
from app.data.files import read_rows

MONTHS = (
    "Ocak",
    "Şubat",
    "Mart",
    "Nisan",
    "Mayıs",
    "Haziran",
    "Temmuz",
    "Ağustos",
    "Eylül",
    "Ekim",
    "Kasım",
    "Aralık",
)
_DAYS = ("Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar")
_TIMES = tuple(
    f"{hour:02}.{minute:02}"
    for hour in (*range(6, 12), *range(13, 24))
    for minute in (0, 15, 30, 45)
)
_TIMES_DE = {t: with_suffix(t, Case.LOCATIVE) for t in _TIMES}
_TIMES_DEN = {t: with_suffix(t, Case.ABLATIVE) for t in _TIMES}

#: Kind → the letter of `kinds` in the file that suits it; others have texts of their own under `*`.
_LETTERS = {Kind.REQUEST: "r", Kind.COMPLAINT: "c"}
_ENDINGS: Mapping[Kind, tuple[str, ...]] = {
    Kind.REQUEST: (
        "", "", "Yardımcı olursanız sevinirim.", "Gereğini rica ederim.", "Şimdiden teşekkür ederim.",
        "Bilgi verilmesini rica ederim.", "Uygun bir zamanda yapılmasını bekliyoruz.",
    ),
    Kind.COMPLAINT: (
        "", "", "Bir an önce ilgilenilmesini istiyorum.", "Daha önce de aradım, sonuç alamadım.",
        "Mağdur durumdayız.", "Sonucun bana bildirilmesini istiyorum.", "Gereğinin yapılmasını rica ederim.",
        "Komşularımız da şikâyetçi.",
    ),
}  # fmt: skip

#: Kinds whose answers have words of their own, and the mark they stand under in the file.
_VOICES: Mapping[Kind, str] = {
    Kind.SUGGESTION: "+", Kind.OPINION: "+", Kind.PARTICIPATION: "+", Kind.THANKS: "+",
    Kind.INFORMATION: "?", Kind.KVKK: "?",
}  # fmt: skip

Text = tuple[str, str]


class Words:
    """The texts, read once."""

    def __init__(self) -> None:
        self._by_topic: dict[tuple[str, str], list[Text]] = defaultdict(list)
        for row in read_rows("demo_texts.csv"):
            kinds = [row["kinds"]] if row["topic"] == "*" else list(row["kinds"])
            for kind in kinds:
                self._by_topic[row["topic"], kind].append((row["subject"], row["body"]))
        self._answers: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in read_rows("demo_answers.csv"):
            self._answers[row["group"], row["outcome"]].append(row["text"])

    def count(self, topic: str) -> int:
        """How many different texts a topic has."""
        return len({t for letter in "rc" for t in self._by_topic.get((topic, letter), ())})

    def application(
        self, rng: Random, topic: str, kind: Kind, facts: Mapping[str, str]
    ) -> tuple[str, str]:
        """(subject, body) of an application."""
        letter = _LETTERS.get(kind)
        if letter is None:
            texts = self._by_topic["*", kind.value]
        else:
            other = "c" if letter == "r" else "r"
            texts = self._by_topic.get((topic, letter)) or self._by_topic[topic, other]
        subject, body = rng.choice(texts)
        ending = rng.choice(_ENDINGS.get(kind, ("",)))
        return _filled(subject, facts)[:200], f"{_filled(body, facts)} {ending}".strip()

    def answer(
        self, rng: Random, topic: str, kind: Kind, outcome: Outcome, facts: Mapping[str, str]
    ) -> str:
        """What the unit found and did: the words of the kind, the topic, its group, or of anybody."""
        places = (_VOICES.get(kind), topic, topic.partition("-")[0], "*")
        texts = next(
            found
            for place in places
            if place and (found := self._answers.get((place, outcome.value)))
        )
        return _filled(rng.choice(texts), facts)


def _filled(text: str, facts: Mapping[str, str]) -> str:
    if "{" not in text:
        return text
    filled = text.format_map(facts)
    # A place at the very beginning may have brought a small letter there.
    return tr_upper(filled[0]) + filled[1:]


def spoken_name(topic: str) -> str:
    """A topic as it stands inside a sentence: `yol bozulması`."""
    head = topic.partition(" (")[0].partition(" / ")[0]
    # Abbreviations keep their capitals.
    return head if head[:2].isupper() else tr_lower(head[0]) + head[1:]


def facts_of(
    rng: Random,
    *,
    on: dt.date,
    topic: str,
    district: str,
    neighbourhood: str,
    street: str,
    door: str,
) -> dict[str, str]:
    """What fills the places of a text; plates hold X and Q, which no Turkish plate has."""
    time = _TIMES[int(rng.random() * len(_TIMES))]
    small = 180 + int(rng.random() * 700)
    later = on + dt.timedelta(days=40 + int(rng.random() * 90))
    return {
        "ilce": district,
        "mahalle": neighbourhood,
        "sokak": street,
        "no": door,
        "konu": topic,
        "saat": time,
        "saat_de": _TIMES_DE[time],
        "saat_den": _TIMES_DEN[time],
        "gun": _DAYS[int(rng.random() * 7)],
        "hat": f"T-{1 + int(rng.random() * 38)}",
        "plaka": f"59 XQ {int(rng.random() * 1000):03}",
        "tutar1": format_number(small),
        "tutar2": format_number(small * 3 + int(rng.random() * 90)),
        "imza": str(40 + int(rng.random() * 160)),
        "yil": str(on.year - 1),
        "yil2": str(on.year + 1),
        "ay": MONTHS[later.month - 1],
        "tarih": format_date(on),
    }
