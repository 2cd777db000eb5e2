"""Finding personal numbers in free text before it leaves or is logged; the masks are in `masks`.

It would rather take too much than too little: a mistyped number still points at a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from app.core.identifiers.contact import PHONE_REGION
from app.core.identifiers.numbers import has_iban_checksum, is_national_id, normalize_iban


class PersonalDataKind(StrEnum):
    """What was found."""

    IBAN = "iban"
    EMAIL = "email"
    PHONE = "phone"
    NATIONAL_ID = "national_id"
    NAME = "name"


@dataclass(frozen=True)
class PersonalData:
    """One finding: `text[start:end]` is `value`, as it was written."""

    kind: PersonalDataKind
    start: int
    end: int
    value: str


#: At most one separator between two figures, so that two numbers in a list stay two.
_GAP = r"[ \t\u00a0.\-–/]?"
_IBAN_TR = re.compile(r"(?<![A-Za-z0-9])TR ?[0-9]{2}(?:[ -]?[0-9A-Z]){22}(?![0-9])", re.IGNORECASE)
_IBAN_ANY = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]){11,30}(?![0-9A-Za-z])")
# The lengths are those of the standard; without them a long text without @ would take for ever.
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE_TR = re.compile(
    rf"(?<![0-9+])(?:\(?(?:\+|00)?90\)?{_GAP})?(?:0{_GAP})?\(?(?:0{_GAP})?[2-58][0-9]{{2}}\)?{_GAP}{_GAP}"
    rf"[0-9]{{3}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{2}}(?![0-9])"
)
_PHONE_ABROAD = re.compile(rf"(?<![0-9+])(?:\+|00)(?:{_GAP}\(?[0-9]\)?){{8,15}}(?![0-9])")
_NATIONAL_ID = re.compile(r"(?<![0-9])[1-9][0-9]{10}(?![0-9])")
_NATIONAL_ID_SPACED = re.compile(rf"(?<![0-9])[1-9](?:{_GAP}[0-9]){{10}}(?![0-9])")
_GROUPS = re.compile(r"[0-9]{3}[^0-9][0-9]{3}[^0-9][0-9]{2}[^0-9][0-9]{2}")


def _is_turkish_phone(found: str) -> bool:
    # Ten bare figures are a telephone only for a mobile; others may be a file or tax number.
    digits = re.sub(r"[^0-9]", "", found)
    is_marked = len(digits) > 10 or "(" in found or _GROUPS.fullmatch(found) is not None
    return is_marked or digits.startswith("5")


def _is_phone_abroad(found: str) -> bool:
    try:
        number = phonenumbers.parse(re.sub(r"^00", "+", found), PHONE_REGION)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number)


def _any(found: str) -> bool:
    return True


#: Tried in this order; what one pattern has taken, a later one leaves.
_PATTERNS: tuple[tuple[PersonalDataKind, re.Pattern[str], Callable[[str], bool]], ...] = (
    (PersonalDataKind.IBAN, _IBAN_TR, _any),
    (PersonalDataKind.IBAN, _IBAN_ANY, lambda found: has_iban_checksum(normalize_iban(found))),
    (PersonalDataKind.EMAIL, _EMAIL, _any),
    (PersonalDataKind.PHONE, _PHONE_TR, _is_turkish_phone),
    (PersonalDataKind.PHONE, _PHONE_ABROAD, _is_phone_abroad),
    (PersonalDataKind.NATIONAL_ID, _NATIONAL_ID, _any),
    (
        PersonalDataKind.NATIONAL_ID,
        _NATIONAL_ID_SPACED,
        lambda found: is_national_id(re.sub(r"[^0-9]", "", found)),
    ),
)


def find_personal_data(text: str) -> tuple[PersonalData, ...]:
    """Return identity numbers, telephones, account numbers and e-mail addresses, left to right."""
    found: list[PersonalData] = []
    taken = bytearray(len(text))
    for kind, pattern, accepts in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if accepts(match.group()) and not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found.append(PersonalData(kind, start, end, match.group()))
    return tuple(sorted(found, key=lambda f: f.start))


def replace_findings(text: str, found: Sequence[PersonalData], mark: str) -> str:
    """Return `text` with each of these findings (left to right, apart) replaced by `mark`."""
    parts, position = [], 0
    for item in found:
        if item.start >= position:
            parts += [text[position : item.start], mark]
            position = item.end
    return "".join([*parts, text[position:]])


def scrub(text: str) -> str:
    """Return `text` with each finding replaced by its kind in brackets: [phone], [national_id]."""
    parts, position = [], 0
    for item in find_personal_data(text):
        parts += [text[position : item.start], f"[{item.kind.value}]"]
        position = item.end
    return "".join([*parts, text[position:]])
