"""Fictional applicants and the places they write about; no row here describes a real person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from app.core.text import fold
from app.data.files import read_names
from app.people.rules import CitizenKind, ContactPreference

#: +90 532 0xx xx xx: subscriber numbers do not begin with 0, so none of these can be somebody's.
_FIRST_PHONE, _PHONES = 905320000000, 1_000_000
#: Reserved by RFC 2606: a message to it reaches nobody.
MAIL_DOMAIN = "example.com"

#: Middle of the districts, roughly; north of it there is always land. Source: domain facts 3.5.
_MIDDLES: Mapping[str, tuple[float, float]] = {
    "Çerkezköy": (41.285, 28.000), "Çorlu": (41.159, 27.800), "Ergene": (41.205, 27.720),
    "Hayrabolu": (41.213, 27.106), "Kapaklı": (41.329, 27.976), "Malkara": (40.893, 26.902),
    "Marmaraereğlisi": (40.975, 27.950), "Muratlı": (41.172, 27.500), "Saray": (41.442, 27.920),
    "Süleymanpaşa": (40.985, 27.505), "Şarköy": (40.620, 27.112),
}  # fmt: skip


@dataclass(frozen=True)
class District:
    """A district with its neighbourhoods; nearer ones are drawn more often, as towns are."""

    pk: int
    name: str
    weight: int
    municipality_id: int | None
    neighbourhoods: Sequence[tuple[int, str]]
    weights: Sequence[float]

    @classmethod
    def of(
        cls,
        pk: int,
        name: str,
        weight: int,
        municipality_id: int | None,
        rows: Sequence[tuple[int, str]],
    ) -> District:
        """The order of the neighbourhoods is shuffled once, by the district's name alone."""
        order = list(rows)
        Random(fold(name)).shuffle(order)
        return cls(
            pk, name, weight, municipality_id, order, [1 / (n + 2) for n in range(len(order))]
        )

    def middle(self) -> tuple[float, float]:
        """Latitude and longitude."""
        return _MIDDLES.get(self.name, (41.1, 27.6))


@dataclass(frozen=True)
class Place:
    """Where something is amiss."""

    district: District
    neighbourhood_id: int
    neighbourhood: str
    street: str
    door: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class Person:
    """An applicant as the generator needs it; the row itself is written once."""

    pk: int
    name: str
    phone: str
    email: str
    wants: str
    district: District


class People:
    """Makes people and gives known ones back, because many apply more than once."""

    def __init__(self, rng: Random, districts: Sequence[District], next_id: int) -> None:
        self.rng = rng
        self.districts = districts
        self.next_id = next_id
        self.known: list[Person] = []
        self.rows: list[dict[str, Any]] = []
        self._first, self._last = read_names("first_names.csv"), read_names("last_names.csv")
        self._streets = read_names("streets.csv")
        self._weights = [district.weight for district in districts]
        self._made = 0

    def district(self, shares: Mapping[str, float] | None = None) -> District:
        """A district, by population or by the given shares."""
        if shares is None:
            return self.rng.choices(self.districts, self._weights)[0]
        weights = [shares.get(district.name, 0.0) for district in self.districts]
        return self.rng.choices(self.districts, weights)[0]

    def place(self, district: District, neighbourhood: tuple[int, str] | None = None) -> Place:
        """Somewhere in a district; a third of the places have coordinates."""
        rng = self.rng
        pk, name = neighbourhood or rng.choices(district.neighbourhoods, district.weights)[0]
        latitude = longitude = None
        if rng.random() < 0.35:
            near = Random(pk)
            middle = district.middle()
            latitude = round(middle[0] + near.random() * 0.06 + rng.random() * 0.004, 6)
            longitude = round(middle[1] + (near.random() - 0.5) * 0.08 + rng.random() * 0.004, 6)
        street = self._streets[int(rng.random() * len(self._streets))]
        return Place(
            district, pk, name, street, str(1 + int(rng.random() * 120)), latitude, longitude
        )

    def person(
        self, district: District, at: dt.datetime, *, kind: CitizenKind | None = None
    ) -> Person:
        """An applicant from near there: in four of ten cases somebody who has applied before."""
        rng = self.rng
        if kind is None and self.known and rng.random() < 0.4:
            # The newest ones call again sooner than those of years ago.
            place = int(len(self.known) * (1 - rng.random() ** 2))
            found = self.known[min(place, len(self.known) - 1)]
            if found.district is district or rng.random() < 0.3:
                return found
        return self._make(district, at, kind or self._kind())

    def _kind(self) -> CitizenKind:
        lot = self.rng.random()
        if lot < 0.965:
            return CitizenKind.PERSON
        return CitizenKind.COMPANY if lot < 0.993 else CitizenKind.FOREIGNER

    def _make(self, district: District, at: dt.datetime, kind: CitizenKind) -> Person:
        rng = self.rng
        first = self._first[int(rng.random() * len(self._first))]
        last = self._last[int(rng.random() * len(self._last))]
        if rng.random() < 0.06:
            first = f"{first} {self._first[int(rng.random() * len(self._first))]}"
        title = ""
        if kind is CitizenKind.COMPANY:
            title = f"{last} {rng.choice(('Gıda', 'Tekstil', 'İnşaat', 'Otomotiv', 'Tarım', 'Turizm'))} Ltd. Şti. (kurgusal)"
        place = self.place(district)
        pk, self.next_id = self.next_id, self.next_id + 1
        # 7919 has no common factor with the range, so every number comes once before one returns.
        phone = f"+{_FIRST_PHONE + (pk * 7919) % _PHONES}" if rng.random() < 0.97 else ""
        lot = rng.random()
        email = (
            f"{fold(first).replace(' ', '.')}.{fold(last)}{pk}@{MAIL_DOMAIN}"
            if lot < 0.3 or not phone
            else ""
        )
        wants = ContactPreference.SMS if phone else ContactPreference.EMAIL
        if email and lot < 0.06:
            wants = ContactPreference.EMAIL
        elif phone and lot > 0.97:
            wants = ContactPreference.CALL
        self.rows.append(
            {
                "id": pk,
                "kind": kind,
                "first_name": first,
                "last_name": last,
                "title": title,
                "national_id": None,
                "tax_no": "",
                "phone": phone,
                "phone2": "",
                "email": email,
                "district_id": district.pk,
                "neighbourhood_id": place.neighbourhood_id,
                "address": f"{place.neighbourhood} Mah. {place.street} No: {place.door}"
                if rng.random() < 0.4
                else "",
                "contact_preference": wants,
                "note": "",
                "is_demo": True,
                "search_text": fold(f"{first} {last} {title}"),
                "created_at": at,
                "changed_at": at,
                "created_by_id": None,
                "changed_by_id": None,
                "version": 1,
            }
        )
        person = Person(pk, title or f"{first} {last}", phone, email, wants.value, district)
        self.known.append(person)
        return person

    def take_rows(self) -> list[dict[str, Any]]:
        """Rows made since the last call."""
        rows, self.rows = self.rows, []
        return rows
