"""Personal data as people see it who may not see it whole; who may is decided elsewhere.

The number of stars never tells the length of a name. Source: domain facts 2.5; 6698 m.12.
"""

from __future__ import annotations

import re

from app.core.identifiers.contact import read_phone
from app.core.text import clean, tr_upper

_SHOWN_LAST = 2
_SHORT = 6
_NATIONAL_ID = re.compile(r"[0-9]{11}")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def mask_national_id(value: str | None) -> str:
    """Return an identity number with its first three and last two digits: 123******50.

    Anything that is not eleven digits is hidden whole.
    """
    text = clean(value or "")
    if not _NATIONAL_ID.fullmatch(text):
        return "*" * 11 if text else ""
    return f"{text[:3]}******{text[-_SHOWN_LAST:]}"


def mask_phone(value: str | None) -> str:
    """Return a telephone with its first group and last two digits: 0532 *** ** 67.

    Short public numbers (153) are nobody's and stay; what is no number is hidden whole.
    """
    text = clean(value or "")
    found = read_phone(text)
    if found is None:
        return _LETTER_OR_DIGIT.sub("*", text)
    kept, shown = found
    if len(kept) <= _SHORT:
        return shown
    head, _, tail = shown.partition(" ")
    return f"{head} {_LETTER_OR_DIGIT.sub('*', tail[:-_SHOWN_LAST])}{tail[-_SHOWN_LAST:]}"


def mask_email(value: str | None) -> str:
    """Return an address with its first letter and last label: a****@****.com."""
    local, at, domain = clean(value or "").rpartition("@")
    if not at or not local or "." not in domain:
        return "****" if value and clean(value) else ""
    return f"{local[0]}****@****.{domain.rpartition('.')[2]}"


def mask_name(value: str | None) -> str:
    """Return the first letters of a name: Ayşe Yıldırım gives A*** Y****."""
    words = [w for w in clean(value or "").split() if _LETTER_OR_DIGIT.search(w)]
    letters = [tr_upper(m.group()) for w in words if (m := _LETTER_OR_DIGIT.search(w))]
    given = [f"{letter}***" for letter in letters[:-1] or letters]
    return " ".join(given + [f"{letter}****" for letter in letters[1:][-1:]])
