"""Identity, tax and account numbers with check digits; telephone and e-mail are in `contact`.

An empty value breaks no rule here: whether a number is required is the caller's rule. Numbers are
kept as digits without spaces. Source: domain facts 3.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.core.rules import N_, Violation
from app.core.text import clean, tr_upper

_NATIONAL_ID = re.compile(r"[1-9][0-9]{10}")
_TAX_NUMBER = re.compile(r"[0-9]{10}")
_DIGITS = re.compile(r"[0-9]+")
#: TR, two check digits, five of the bank, a reserve that is 0, sixteen of the account.
_IBAN = re.compile(r"TR[0-9]{2}[0-9]{5}0[0-9A-Z]{16}")
_IBAN_LENGTH = 26


def is_national_id(value: str) -> bool:
    """Say whether `value` is a T.C. identity number: eleven digits, both check digits right.

    A foreigner's number (99…) obeys the same rule. It proves no person exists.
    """
    if not _NATIONAL_ID.fullmatch(value):
        return False
    d = [int(c) for c in value]
    tenth = (sum(d[0:9:2]) * 7 - sum(d[1:8:2])) % 10
    return d[9] == tenth and d[10] == sum(d[:10]) % 10


def is_foreigner_id(value: str) -> bool:
    """Say whether `value` is an identity number given to a foreigner: it starts with 99."""
    return value.startswith("99") and is_national_id(value)


def is_tax_number(value: str) -> bool:
    """Say whether `value` is a tax number (VKN): ten digits, the last one a check digit."""
    if not _TAX_NUMBER.fullmatch(value):
        return False
    total = 0
    for place, digit in enumerate(reversed(value[:9]), start=1):
        c = (int(digit) + place) % 10
        total += (c * 2**place % 9 or 9) if c else 0
    return int(value[9]) == -total % 10


def normalize_iban(value: str) -> str:
    """Return an account number as it is kept: capitals, no spaces."""
    return re.sub(r"[\s-]+", "", clean(value)).upper()


def format_iban(value: str) -> str:
    """Return an account number in groups of four, as banks print it."""
    iban = normalize_iban(value)
    return " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))


def is_iban(value: str) -> bool:
    """Say whether `value`, spaces allowed, is a Turkish account number with right check digits."""
    iban = normalize_iban(value)
    return _IBAN.fullmatch(iban) is not None and has_iban_checksum(iban)


def has_iban_checksum(iban: str) -> bool:
    """Say whether the check digits of a normalised account number of any country are right."""
    return int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1


def national_id_violations(value: str, field: str) -> Iterator[Violation]:
    """Yield what is wrong with a T.C. or foreigner's identity number."""
    value = clean(value)
    if not value:
        return
    if not _DIGITS.fullmatch(value):
        yield Violation(field, N_("Write the identity number with digits only, without spaces."))
    elif len(value) != 11:
        yield Violation(
            field,
            N_("An identity number has 11 digits; you wrote %(count)s. Compare it with the card."),
            {"count": len(value)},
        )
    elif value[0] == "0":
        yield Violation(
            field, N_("An identity number does not start with 0. Compare it with the card.")
        )
    elif not is_national_id(value):
        yield Violation(
            field,
            N_("A digit of the identity number is wrong. Compare it with the card digit by digit."),
        )


def tax_number_violations(value: str, field: str) -> Iterator[Violation]:
    """Yield what is wrong with a tax number."""
    value = clean(value)
    if not value:
        return
    if not _DIGITS.fullmatch(value):
        yield Violation(field, N_("Write the tax number with digits only, without spaces."))
    elif len(value) != 10:
        yield Violation(
            field,
            N_("A tax number has 10 digits; you wrote %(count)s. Compare it with the tax plate."),
            {"count": len(value)},
        )
    elif not is_tax_number(value):
        yield Violation(
            field,
            N_("A digit of the tax number is wrong. Compare it with the tax plate digit by digit."),
        )


def iban_violations(value: str, field: str) -> Iterator[Violation]:
    """Yield what is wrong with a Turkish account number."""
    iban = normalize_iban(value)
    if not iban:
        return
    if tr_upper(iban[:2]) != "TR":
        yield Violation(
            field, N_("Write the IBAN with TR at the start; accounts abroad are not kept.")
        )
    elif len(iban) != _IBAN_LENGTH:
        yield Violation(
            field,
            N_("An IBAN has 26 characters with TR; you wrote %(count)s. Copy it from the bank."),
            {"count": len(iban)},
        )
    elif not is_iban(iban):
        yield Violation(
            field, N_("A character of the IBAN is wrong. Copy it from the bank once more.")
        )
