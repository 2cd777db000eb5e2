"""Pure vocabulary and rules of the people room: applicants, ways to reach them, counterparts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.core.identifiers import (
    email_violations,
    is_foreigner_id,
    national_id_violations,
    phone_violations,
    tax_number_violations,
)
from app.core.rules import N_, Violation
from app.core.text import tr_upper


class CitizenKind(StrEnum):
    """Kind of applicant. Source: 3071 m.3-4; 4982 m.4-6."""

    PERSON = "person"
    COMPANY = "company"
    FOREIGNER = "foreigner"
    MUKHTAR = "mukhtar"


class ContactPreference(StrEnum):
    """How the person wants to hear from us."""

    SMS = "sms"
    EMAIL = "email"
    CALL = "call"
    LETTER = "letter"
    NONE = "none"


class InstitutionKind(StrEnum):
    """What a counterpart is."""

    DISTRICT_MUNICIPALITY = "district_municipality"
    PUBLIC_BODY = "public_body"
    UTILITY = "utility"
    GOVERNORATE = "governorate"
    OTHER = "other"


CITIZEN_KIND_LABELS = {
    CitizenKind.PERSON: N_("Natural person"),
    CitizenKind.COMPANY: N_("Legal entity"),
    CitizenKind.FOREIGNER: N_("Foreigner"),
    CitizenKind.MUKHTAR: N_("Mukhtar"),
}

CONTACT_PREFERENCE_LABELS = {
    ContactPreference.SMS: N_("SMS"),
    ContactPreference.EMAIL: N_("E-mail"),
    ContactPreference.CALL: N_("Call back"),
    ContactPreference.LETTER: N_("Letter"),
    ContactPreference.NONE: N_("No notice"),
}

INSTITUTION_KIND_LABELS = {
    InstitutionKind.DISTRICT_MUNICIPALITY: N_("District municipality"),
    InstitutionKind.PUBLIC_BODY: N_("Public body"),
    InstitutionKind.UTILITY: N_("Utility company"),
    InstitutionKind.GOVERNORATE: N_("Governorate"),
    InstitutionKind.OTHER: N_("Other"),
}

#: A phone that is typed in part is searched from this many figures on.
SHORTEST_PHONE_PART = 4
_SIGNS_OF_A_NUMBER = re.compile(r"[+0-9\s().\-/]+")


def citizen_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with an applicant.

    The identity number is never required: neither 3071 m.4 nor 4982 m.6 asks for it, and 6698 m.4
    forbids collecting more than is needed. A name is required, because a petition without one may
    not be examined (3071 m.6/c); somebody unnamed is no citizen row but an anonymous application.
    """
    kind = CitizenKind(values.get("kind") or CitizenKind.PERSON)
    if kind is CitizenKind.COMPANY:
        if not values.get("title"):
            yield Violation("title", N_("Write the title of the legal entity (4982 art. 6)."))
    elif not (values.get("first_name") and values.get("last_name")):
        yield Violation("last_name", N_("Write the first and the last name."))
    number = values.get("national_id") or ""
    yield from national_id_violations(number, "national_id")
    if kind is CitizenKind.FOREIGNER and number and not is_foreigner_id(number):
        yield Violation("national_id", N_("The number of a foreigner starts with 99."))
    yield from tax_number_violations(values.get("tax_no") or "", "tax_no")
    yield from phone_violations(values.get("phone") or "", "phone")
    yield from phone_violations(values.get("phone2") or "", "phone2")
    yield from email_violations(values.get("email") or "", "email")
    yield from _preference_violations(values)


def _preference_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield a way of notice for which its address is missing."""
    wanted = values.get("contact_preference")
    if wanted == ContactPreference.EMAIL and not values.get("email"):
        yield Violation("email", N_("Notice by e-mail needs an e-mail address."))
    if wanted == ContactPreference.LETTER and not values.get("address"):
        yield Violation("address", N_("Notice by letter needs an address."))


def institution_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a counterpart; letters address it in capitals."""
    line = values.get("salutation") or ""
    head = line.partition("(")[0]
    if head != tr_upper(head):
        yield Violation(
            "salutation",
            N_("Write the address line in capitals, for example ÇORLU BELEDİYE BAŞKANLIĞINA."),
        )
    yield from phone_violations(values.get("phone") or "", "phone")
    yield from email_violations(values.get("email") or "", "email")
    yield from email_violations(values.get("kep") or "", "kep")


def phone_prefix(query: str) -> str | None:
    """Return the beginning of a stored number (+90532…) for figures typed in part, else None.

    Reads 0532 123, 532123, +90 532 and (0282) 26; a text with letters is no number.
    """
    if not _SIGNS_OF_A_NUMBER.fullmatch(query.strip() or "-"):
        return None
    digits = re.sub(r"[^0-9]", "", query)
    if len(digits) < SHORTEST_PHONE_PART:
        return None
    if query.strip().startswith("+"):
        return "+" + digits
    if digits.startswith("00"):
        return "+" + digits[2:]
    if digits.startswith("90") and len(digits) > 10:
        return "+" + digits
    return "+90" + digits.removeprefix("0")
