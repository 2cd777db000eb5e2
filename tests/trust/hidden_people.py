"""Invented people whose identity is hidden, the ways they may be written, and how they are found again."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from sqlalchemy import or_, select

from app.applications.models import Application
from app.applications.services.hidden import given_names
from app.core.text import fold, tr_upper

#: First names as people write them; the list of the house is folded, so these are written out.
FIRST = (
    "Ayşe", "Fatma", "Emine", "Hatice", "Zeynep", "Elif", "Meryem", "Şerife", "Zehra", "Sultan",
    "Hanife", "Merve", "Havva", "Zeliha", "Esra", "Fadime", "Özlem", "Hacer", "Yasemin", "Mehmet",
    "Mustafa", "Ahmet", "Ali", "Hüseyin", "Hasan", "İbrahim", "İsmail", "Osman", "Yusuf", "Murat",
    "Ömer", "Ramazan", "Halil", "Süleyman", "Abdullah", "Mahmut", "Recep", "Salih", "Fatih", "Kadir",
)  # fmt: skip
KNOWN = tuple(name for name in FIRST if fold(name) in given_names())
_SYLLABLES = tuple(c + v for c in "bcçdfgğhjklmnprsştvyz" for v in "aeıioöuü")


@dataclass(frozen=True)
class Person:
    """Somebody who may not be told."""

    first: str
    last: str
    phone: str
    email: str
    national_id: str

    @property
    def full(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"

    @property
    def spoken(self) -> tuple[str, ...]:
        """The name as it stands in letters and lists."""
        return self.full, f"{self.first} {tr_upper(self.last)}", tr_upper(self.full)

    @property
    def dialled(self) -> tuple[str, ...]:
        """The telephone as people write it."""
        a, b, c, d = self.phone[:3], self.phone[3:6], self.phone[6:8], self.phone[8:]
        return (
            f"0{self.phone}", f"+90{self.phone}", self.phone, f"0{a} {b} {c} {d}", f"{a} {b} {c} {d}",
            f"+90 {a} {b} {c} {d}", f"0 ({a}) {b} {c} {d}", f"(0{a}) {b}-{c}-{d}", f"0{a}.{b}.{c}.{d}",
            f"0090 {a} {b} {c} {d}",
        )  # fmt: skip

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(
            re.compile(r"(?<!\d)(?:\+?90|0|00)?\D{0,3}" + r"\D{0,3}".join(number) + r"(?!\d)")
            for number in (self.phone, self.national_id)
        )

    def told_by(self, text: str) -> list[str]:
        """What a text tells about this person."""
        folded = fold(text)
        found = [word for word in (fold(self.last), fold(self.email)) if word in folded]
        return found + [p.pattern for p in self._patterns if p.search(text)]

    def values(self) -> dict[str, Any]:
        """Everything that somebody might send about them, under every name a door knows."""
        return {
            "citizen": {
                "first_name": self.first, "last_name": self.last, "phone": self.phone,
                "email": self.email, "national_id": self.national_id,
            },
            "contact_phone": f"+90{self.phone}",
            "contact_email": self.email,
            "on_behalf_of": self.full,
        }  # fmt: skip

    def posted(self) -> dict[str, str]:
        """The same as a browser would send it."""
        return {
            "who": "new", "first_name": self.first, "last_name": self.last, "title": self.full,
            "phone": self.phone, "email": self.email, "national_id": self.national_id,
            "contact_phone": self.phone, "contact_email": self.email, "on_behalf_of": self.full,
            "citizen": self.full,
        }  # fmt: skip


def national_id(nine: str) -> str:
    """Nine figures with their two check digits."""
    d = [int(one) for one in nine]
    tenth = (7 * sum(d[0::2]) - sum(d[1::2])) % 10
    return f"{nine}{tenth}{(sum(d) + tenth) % 10}"


def person_of(seed: int) -> Person:
    """An invented person for a number; the surname stands in no list of the house."""
    chance = random.Random(seed)
    last = "".join(chance.choices(_SYLLABLES, k=chance.randint(3, 4)))
    last = f"{tr_upper(last[0])}{last[1:]}{chance.choice(['oğlu', 'er', 'kaya', 'tepe'])}"
    digits = f"{chance.randrange(10**8):08}"
    name = chance.choice(KNOWN)
    email = f"{fold(name)}.{fold(last)}{digits[:2]}@ornek.com"
    return Person(
        name, last, f"53{digits}", email, national_id(str(chance.randint(100_000_000, 999_999_999)))
    )


_BEFORE = (
    "",
    "Ben ",
    "Sayın yetkili, adım ",
    "Adı Soyadı: ",
    "Başvuran ",
    "Komşum ",
    "İhbar eden: ",
)
_AFTER = (
    ".", " olarak bildiriyorum.", ", çevreyi kirletiyor.", " beni arasın.", " ile görüşün; teşekkürler.",
)  # fmt: skip
_FILL = (
    "Gece gürültü yapılıyor.", "Atatürk Caddesi üzerinde çukur var.", "Kaçak yapı 3. katta, 12 gündür sürüyor.",
    "Çöp 15.11.2026 tarihinden beri alınmadı.", "Fen İşleri bilgilendirilsin.", "",
)  # fmt: skip


def text_of(person: Person, seed: int) -> str:
    """A text in which somebody has written who applied, in one or several ways."""
    chance = random.Random(seed)
    parts = []
    for _ in range(chance.randint(1, 3)):
        told = {
            "name": chance.choice(_BEFORE) + chance.choice(person.spoken) + chance.choice(_AFTER),
            "phone": f"Tel: {chance.choice(person.dialled)} numaradan ulaşın.",
            "email": f"E-posta adresim {person.email} dir.",
            "national_id": f"T.C. kimlik no {person.national_id}.",
        }[chance.choice(["name", "name", "phone", "email", "national_id"])]
        parts += [chance.choice(_FILL), told]
    return chance.choice([" ", "\n", "\n\n"]).join(part for part in parts if part)


#: Hypothesis draws one number a person or text: cheap enough for thousands of them.
SEEDS = st.integers(0, 2**48)
people = SEEDS.map(person_of)

#: Examples of each layer; together ten thousand.
EXAMPLES = {
    "texts": 3500, "values": 1700, "forms": 1500, "rows": 1500, "drawn": 1300, "services": 200, "http": 300,
}  # fmt: skip


def examples(layer: str) -> Callable[[Any], Any]:
    """Settings of one layer: as many examples as it promises, however slow the machine is."""
    return settings(
        max_examples=EXAMPLES[layer], deadline=None, database=None,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate, Phase.shrink),
    )  # fmt: skip


def everything_about(session: Any, pk: int) -> str:
    """Each row of each table that belongs to one application, as text; also its trail and messages."""
    parts = []
    for mapper in Application.registry.mappers:
        table: Any = mapper.local_table
        conditions = []
        if table.name == "applications_application":
            conditions.append(table.c.id == pk)
        if "application_id" in table.c:
            conditions.append(table.c.application_id == pk)
        if {"owner_type", "owner_id"} <= set(table.c.keys()):
            conditions.append((table.c.owner_type == "Application") & (table.c.owner_id == pk))
        if {"entity", "record_id"} <= set(table.c.keys()):
            conditions.append((table.c.entity == "Application") & (table.c.record_id == pk))
        if conditions:
            rows = session.connection().execute(select(table).where(or_(*conditions)))
            parts += [str(tuple(row)) for row in rows]
    return "\n".join(parts)
