"""A request as an app sends it, read and checked as far as that needs no table.

Source: GeoReport v2, POST Service Request.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.applications.rules.open311.questions import read_attributes
from app.applications.rules.open311.vocabulary import (
    LONGEST_DESCRIPTION,
    LONGEST_MEDIA_URL,
    GeoReportRefusal,
)
from app.core.rules import N_, Violation
from app.core.text import clean, excerpt

Form = Mapping[str, Sequence[str]]

_DECIMAL = re.compile(r"[-+]?\d{1,3}(?:\.\d{1,20})?", re.ASCII)
_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_TOO_LONG = N_("At most %(max)s characters.")
#: Longest text of each argument; longer ones are refused, because a cut address is a wrong one.
_LENGTHS = {
    "address_string": 500,
    "email": 320,
    "first_name": 80,
    "last_name": 80,
    "phone": 40,
    "account_id": 120,
    "media_url": LONGEST_MEDIA_URL,
}
#: Field of an application → argument of the specification, for what the office's rules refuse.
ARGUMENT_OF = {
    "latitude": "lat",
    "longitude": "long",
    "street": "address_string",
    "place_note": "address_string",
    "body": "description",
    "subject": "description",
    "contact_email": "email",
    "contact_phone": "phone",
    "citizen.email": "email",
    "citizen.phone": "phone",
    "citizen.first_name": "first_name",
    "citizen.last_name": "last_name",
    "citizen": "last_name",
    "file": "media",
    "topic_id": "service_code",
}
_LONGEST_SUBJECT = 120
_STREET, _PLACE_NOTE = 200, 300


@dataclass(frozen=True)
class Filing:
    """What an app sent: texts are cleaned, empty ones are "", numbers are numbers."""

    service_code: str
    description: str = ""
    latitude: float | None = None
    longitude: float | None = None
    address_string: str = ""
    address_id: str = ""
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    account_id: str = ""
    media_url: str = ""
    attributes: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_named(self) -> bool:
        """Whether the applicant said who it is."""
        return bool(self.first_name or self.last_name)


def read_filing(form: Form) -> Filing:
    """Return the request of a form; GeoReportRefusal with everything that is wrong.

    The number of a device is neither read nor kept: nothing in our work needs it (6698 m.4).
    """
    texts = {name: clean(_first(form, name)) for name in (*_LENGTHS, "service_code", "address_id")}
    description = clean(_first(form, "description"), multiline=True)
    wrong = [
        Violation(name, _TOO_LONG, {"max": longest})
        for name, longest in _LENGTHS.items()
        if len(texts[name]) > longest
    ]
    if len(description) > LONGEST_DESCRIPTION:
        wrong.append(Violation("description", _TOO_LONG, {"max": LONGEST_DESCRIPTION}))
    if not texts["service_code"]:
        wrong.append(Violation("service_code", N_("Name the service.")))
    if texts["media_url"] and not _URL.fullmatch(texts["media_url"]):
        wrong.append(Violation("media_url", N_("Write an address that begins with http.")))
    latitude, longitude = _coordinates(form, wrong)
    has_point = latitude is not None and longitude is not None
    if not (has_point or texts["address_string"] or texts["address_id"] or wrong):
        wrong.append(
            Violation("lat", N_("Say where: lat and long, or address_string, or address_id."))
        )
    if wrong:
        raise GeoReportRefusal(400, *wrong)
    return Filing(
        **texts,
        description=description,
        latitude=latitude,
        longitude=longitude,
        attributes=read_attributes(form),
    )


def _first(form: Form, name: str) -> str:
    return next((value for value in form.get(name, ()) if value.strip()), "")


def _coordinates(form: Form, wrong: list[Violation]) -> tuple[float | None, float | None]:
    """Latitude and longitude, both or none."""
    found: list[float | None] = []
    for name, most in (("lat", 90), ("long", 180)):
        text = _first(form, name).strip()
        value = float(text) if _DECIMAL.fullmatch(text) else None
        if text and (value is None or not math.isfinite(value) or abs(value) > most):
            wrong.append(
                Violation(
                    name,
                    N_("Write a decimal number from %(low)s to %(high)s."),
                    {"low": -most, "high": most},
                )
            )
        found.append(value)
    latitude, longitude = found
    if (latitude is None) != (longitude is None) and not wrong:
        wrong.append(Violation("lat", N_("lat and long belong together; send both.")))
    return latitude, longitude


def is_outside(filing: Filing, bounds: tuple[float, float, float, float] | None) -> bool:
    """Whether the point lies outside of south, west, north and east; without bounds none does."""
    if bounds is None or filing.latitude is None or filing.longitude is None:
        return False
    south, west, north, east = bounds
    return not (south <= filing.latitude <= north and west <= filing.longitude <= east)


def subject_of(filing: Filing, service_name: str) -> str:
    """Return the matter in one line: the beginning of what was told, else the service."""
    return excerpt(clean(filing.description), _LONGEST_SUBJECT) or service_name


def place_texts(address: str) -> tuple[str, str]:
    """Return street and note of an address as the columns hold it; the rest is cut at a word."""
    if len(address) <= _STREET:
        return address, ""
    cut = address.rfind(" ", 0, _STREET)
    cut = cut if cut > 0 else _STREET
    return address[:cut], address[cut:].strip()[:_PLACE_NOTE]


def filing_digest(form: Form, file_digests: Iterable[str]) -> str:
    """Return what recognises the same content sent again: every argument but the key, every file."""
    pairs = sorted(
        (name, value) for name, values in form.items() if name != "api_key" for value in values
    )
    content = json.dumps([pairs, sorted(file_digests)], ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()
