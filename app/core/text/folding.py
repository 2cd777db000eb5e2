"""One spelling for search: what two people type differently and mean alike; no SQL lives here."""

from __future__ import annotations

import re
import unicodedata

#: Each I ends as i: İ by lower case, I over ı. The circumflex marks no letter of its own.
_LETTERS = str.maketrans(
    "ÇçĞğIıİÖöŞşÜüÂâÎîÛû",
    "ccggiiioossuuaaiiuu",
)
_ASCII_OTHER = re.compile("[^a-z0-9]+")
_OTHER = re.compile(r"[\W_]+")


def fold(s: str) -> str:
    """Return `s` as both sides of a search spell it: small, without marks, words and figures only.

    Folding twice changes nothing. Source: domain facts 3.3.
    """
    if s.isascii():
        return _ASCII_OTHER.sub(" ", s.lower()).strip()
    s = unicodedata.normalize("NFC", s).translate(_LETTERS).lower()
    if not s.isascii():
        # Recomposed at the end, because scripts such as Hangul come apart without losing a mark.
        marked = unicodedata.normalize("NFD", s)
        bare = "".join(c for c in marked if unicodedata.category(c)[0] != "M")
        s = unicodedata.normalize("NFC", bare)
    return _OTHER.sub(" ", s).strip()


def similarity(a: str, b: str) -> float:
    """Return how alike two texts are, 0 to 1: shared trigrams of the folded words over all.

    The measure is PostgreSQL's pg_trgm, so both databases agree; an empty text is like none.
    """
    first, second = _trigrams(a), _trigrams(b)
    union = len(first | second)
    return len(first & second) / union if union else 0.0


def _trigrams(s: str) -> frozenset[str]:
    return frozenset(
        padded[i : i + 3]
        for padded in (f"  {word} " for word in fold(s).split())
        for i in range(len(padded) - 2)
    )
