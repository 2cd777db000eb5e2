"""Articles of law 4982 as a letter names them: written from codes, and read back from a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

#: The article by which secret parts are taken out and the rest is given.
SEPARATION = "m.9"
#: The article that points to what has been published.
PUBLISHED = "m.8"
LAW = "4982"
#: The column of a letter that names the articles is so long.
MOST_LETTERS = 60

_ARTICLE = re.compile(r"(?:m\.|md\.|madde)\s*(\d{1,2})", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"\d{1,2}", re.ASCII)


def number_of(code: str) -> int:
    """The number of an article, 21 of “m.21”; 0 for a code without one."""
    found = _NUMBER.search(code)
    return int(found.group()) if found else 0


def written_articles(codes: Iterable[str], law: str = LAW) -> str:
    """Return “4982 m.9, m.21” in the order of the law; many articles are written shorter.

    An empty text for no code. The shorter writing is “4982 m.7, 8, 9”.
    """
    ordered = sorted(set(codes), key=lambda code: (number_of(code), code))
    if not ordered:
        return ""
    full = f"{law} {', '.join(ordered)}"
    if len(full) <= MOST_LETTERS:
        return full
    return f"{law} m.{', '.join(code.removeprefix('m.') for code in ordered)}"


def read_articles(text: str) -> Sequence[str]:
    """Return the codes that a text names, e.g. of a letter that was written by hand.

    The last article of a list may be followed by bare numbers, as `written_articles` does.
    """
    codes: list[str] = []
    position = 0
    while found := _ARTICLE.search(text, position):
        codes.append(f"m.{int(found.group(1))}")
        position = found.end()
        while more := re.match(r"\s*,\s*(\d{1,2})(?![\d.]|\s*m)", text[position:], re.ASCII):
            codes.append(f"m.{int(more.group(1))}")
            position += more.end()
    return tuple(dict.fromkeys(codes))
