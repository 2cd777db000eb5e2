"""Telephone numbers and e-mail addresses: read, kept, shown; hiding them is in `masks`.

Telephones are kept in E.164 (+905321234567), short numbers as they are dialled (153).
Source: domain facts 3.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, shortnumberinfo

from app.core.rules import N_, Violation
from app.core.text import clean

PHONE_REGION = "TR"
_TURKEY = 90

_PHONE_SIGNS = re.compile(r"\+?[0-9\s().\-–/]+")
_NOT_DIGIT = re.compile(r"[^0-9]")
_LOCAL_LENGTH = 7
_SHORT_LENGTH = 6

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
_LAST_LABEL = re.compile(r"[A-Za-z]{2,63}|[Xx][Nn]--[A-Za-z0-9-]{2,59}")


def _parse(text: str) -> PhoneNumber | None:
    """Return the number when it is written in digits and exists in its country's plan."""
    if not _PHONE_SIGNS.fullmatch(text):
        return None
    try:
        number = phonenumbers.parse(text, PHONE_REGION)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _is_short(digits: str) -> bool:
    if not digits or len(digits) > _SHORT_LENGTH:
        return False
    number = PhoneNumber(country_code=_TURKEY, national_number=int(digits))
    return not digits.startswith("0") and shortnumberinfo.is_valid_short_number_for_region(
        number, PHONE_REGION
    )


def _read(text: str) -> PhoneNumber | str | None:
    """Return the number, a short one as its digits, or None; reading is slow and is done once."""
    digits = _NOT_DIGIT.sub("", text)
    if _PHONE_SIGNS.fullmatch(text) and not text.startswith("+") and _is_short(digits):
        return digits
    return _parse(text)


def _kept(number: PhoneNumber | str) -> str:
    if isinstance(number, str):
        return number
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _shown(number: PhoneNumber | str) -> str:
    if isinstance(number, str):
        return number
    if number.country_code != _TURKEY:
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    national = str(number.national_number)
    if len(national) == _LOCAL_LENGTH:
        return f"{national[:3]} {national[3]} {national[4:]}"
    area, rest = national[:3], f"{national[3:6]} {national[6:8]} {national[8:]}"
    is_landline = phonenumbers.number_type(number) == PhoneNumberType.FIXED_LINE
    return f"(0{area}) {rest}" if is_landline else f"0{area} {rest}"


def parse_phone(value: str) -> str | None:
    """Return the number as it is kept, or None when it is none.

    Reads 0532 123 45 67, (0282) 261 00 00, 444 1 444, 0850 …, 153 and numbers abroad with + or 00.
    """
    number = _read(clean(value))
    return None if number is None else _kept(number)


def read_phone(value: str) -> tuple[str, str] | None:
    """Return the number as it is kept and as people write it, or None when it is none."""
    number = _read(clean(value))
    return None if number is None else (_kept(number), _shown(number))


def is_phone(value: str) -> bool:
    """Say whether `value` is a telephone number that can be dialled from Türkiye."""
    return parse_phone(value) is not None


def format_phone(value: str | None) -> str:
    """Return a kept number as people write it: 0532 123 45 67, (0282) 261 00 00, 444 1 444, 153.

    A number abroad is shown with its country code; what is no number is returned as it is.
    """
    found = read_phone(value or "")
    return clean(value or "") if found is None else found[1]


def phone_violations(value: str, field: str) -> Iterator[Violation]:
    """Yield what is wrong with a telephone number."""
    text = clean(value)
    if not text or is_phone(text):
        return
    digits = _NOT_DIGIT.sub("", text)
    if not _PHONE_SIGNS.fullmatch(text):
        yield Violation(
            field,
            N_("Write the telephone with digits only; put an extension or a name into the note."),
        )
    elif len(digits) == _LOCAL_LENGTH:
        yield Violation(
            field, N_("Write the telephone with its area code, for example 0282 261 00 00.")
        )
    else:
        yield Violation(
            field,
            N_(
                "There is no such telephone number. Write it like 0532 123 45 67 or "
                "0282 261 00 00; start a number abroad with +."
            ),
        )


def is_email(value: str) -> bool:
    """Say whether `value` is written like an e-mail address; nobody is asked whether it exists."""
    local, at, domain = value.rpartition("@")
    labels = domain.split(".")
    return (
        bool(at)
        and len(value) <= 254
        and len(local) <= 64
        and _LOCAL.fullmatch(local) is not None
        and len(labels) >= 2
        and all(_LABEL.fullmatch(label) for label in labels)
        and _LAST_LABEL.fullmatch(labels[-1]) is not None
    )


def email_violations(value: str, field: str) -> Iterator[Violation]:
    """Yield what is wrong with an e-mail address."""
    text = clean(value)
    if not text or is_email(text):
        return
    if " " in text or "," in text or ";" in text:
        yield Violation(field, N_("Write one e-mail address, without spaces or commas."))
    elif text.count("@") != 1:
        yield Violation(
            field, N_("Write the e-mail address with one @ sign, for example ad.soyad@ornek.com.")
        )
    elif not text.isascii():
        yield Violation(
            field, N_("Write the e-mail address without Turkish letters such as ı, ş or ğ.")
        )
    else:
        yield Violation(
            field,
            N_("Check the part after the @ sign and the dots: ad.soyad@ornek.com is a right form."),
        )
