"""Which mask a personal column wears where no screen says it: the trail, the API, the exports."""

from __future__ import annotations

import re
from collections.abc import Callable

from app.core.identifiers import mask_email, mask_name, mask_national_id, mask_phone

#: Personal wherever they stand, also on classes that declare no PERSONAL columns.
ALWAYS_PERSONAL = frozenset(
    {"contact_phone", "contact_email", "on_behalf_of", "national_id", "recipient"}
)

_HIDDEN = "***"
#: The first part found in a column's name decides; anything else is hidden whole.
_MASKS: tuple[tuple[str, Callable[[str | None], str]], ...] = (
    ("phone", mask_phone),
    ("email", mask_email),
    ("kep", mask_email),
    ("national_id", mask_national_id),
    ("name", mask_name),
    ("title", mask_name),
    ("on_behalf_of", mask_name),
)


def is_personal(model: type, column: str) -> bool:
    """Say whether a column of a class is personal data."""
    return column in ALWAYS_PERSONAL or column in getattr(model, "PERSONAL", ())


def mask_column(column: str, value: str) -> str:
    """Return a personal value as it may be shown to those who may not see it whole."""
    return next((mask(value) for part, mask in _MASKS if part in column), _HIDDEN)


#: A link whose last part is a key that opens something by itself, as questions to applicants carry it.
_KEY_LINK = re.compile(r"(https?://\S*/)[2-9A-HJ-NP-Z]{16}(?![\w/])")


def hide_links(text: str) -> str:
    """Return a text with the keys in its links left out: who reads a message must not use its key."""
    return _KEY_LINK.sub(r"\1…", text)
