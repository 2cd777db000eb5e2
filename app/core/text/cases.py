"""Cleaning and letter case of Turkish text; folding for search is in `folding`."""

from __future__ import annotations

import re
import unicodedata

_UPPER = str.maketrans("iı", "İI")
_LOWER = str.maketrans("İI", "iı")

#: Python's lower() turns İ into i and this mark; text copied from other programs carries it too.
_STRAY_DOT = re.compile("i\u0307+")
#: Signs without a picture that only spoil search and comparison; joiners of emoji are kept.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u200b\u200e\u200f"
    "\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
_LINE_BREAK = re.compile("\r\n|[\r\n\v\f\u0085\u2028\u2029]")
_BLANK_LINES = re.compile("\n{3,}")
_APOSTROPHES = "'’ʼ"
#: A word is letters, digits, marks and apostrophes; hyphen, space, slash and dot end it.
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[\u0300-\u036f{_APOSTROPHES}])*")
_APOSTROPHE = re.compile(f"[{_APOSTROPHES}]")


def _composed(s: str) -> str:
    """Return `s` in NFC without dots that stand above an i a second time."""
    if s.isascii():
        return s
    s = unicodedata.normalize("NFC", s)
    return unicodedata.normalize("NFC", _STRAY_DOT.sub("i", s)) if "\u0307" in s else s


def clean(s: str, *, multiline: bool = False) -> str:
    """Return what was typed as it is kept: NFC, ordinary single spaces, trimmed, no hidden signs.

    A line break becomes a space; with `multiline` lines stay, at most one empty line between them.
    """
    s = _composed(_INVISIBLE.sub("", s))
    if not multiline:
        return " ".join(s.split())
    lines = (" ".join(line.split()) for line in _LINE_BREAK.sub("\n", s).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def tr_upper(s: str) -> str:
    """Return `s` in Turkish capitals: i becomes İ, ı becomes I."""
    return _composed(s).translate(_UPPER).upper()


def tr_lower(s: str) -> str:
    """Return `s` in Turkish small letters: İ becomes i, I becomes ı."""
    return _composed(s).translate(_LOWER).lower()


def tr_capitalize(s: str) -> str:
    """Return `s` with a capital first letter and small letters after it."""
    s = _composed(s)
    return tr_upper(s[:1]) + tr_lower(s[1:])


def tr_title(s: str) -> str:
    """Return `s` with a capital at the start of each word; a suffix after an apostrophe is small.

    A word that starts with a digit keeps its letters, because 5A is a door number.
    """
    return _WORD.sub(_title_word, _composed(s))


def _title_word(match: re.Match[str]) -> str:
    word = match.group()
    if word[0].isdigit():
        mark = _APOSTROPHE.search(word)
        return word if mark is None else word[: mark.start()] + tr_lower(word[mark.start() :])
    return tr_upper(word[0]) + tr_lower(word[1:])


def initials(name: str) -> str:
    """Return the first letters of the first and the last name: "Ayşe Nur Yıldırım" gives AY."""
    words = [m.group() for m in _WORD.finditer(clean(name))]
    return tr_upper("".join(w[0] for w in (words[:1] + words[1:][-1:])))


def excerpt(s: str, length: int = 160) -> str:
    """Return the beginning of `s` on one line, at most `length` signs, cut between two words."""
    s = clean(s)
    if len(s) <= length:
        return s
    head = s[: max(length - 1, 0)]
    if not s[len(head)].isspace():
        # A first word longer than the room is cut inside; everything else is cut before a word.
        head = head[: head.rfind(" ")] if " " in head else head
    return head.rstrip(" ,;:.-–—") + "…"
