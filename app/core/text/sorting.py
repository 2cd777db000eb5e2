"""The Turkish order of names, equal to ICU's `tr`; registering it with a database is elsewhere."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

#: Signs and figures in ICU's order; what stands together differs only at a lower level.
_SIGNS = (
    " ", "_", "-", "–", "—", ",", ";", ":", "!", "¡", "?", "¿", ".", "…", "·", "'‘’", '"“”', "«",
    "»", "(", ")", "[", "]", "{", "}", "§", "¶", "@", "*", "/", "\\", "&", "#", "%", "‰", "•", "′",
    "″", "`", "´", "^", "¯", "¨", "¸", "°", "©", "®", "+", "±", "÷", "×", "<", "=", ">", "¬", "|",
    "¦", "~", "−", "¤", "¢", "$", "£", "¥", "€", "₺",
)  # fmt: skip
_FIGURES = "0123456789"
_LETTERS = (
    "aA", "bB", "cC", "çÇ", "dD", "eE", "fF", "gG", "ğĞ", "hH", "ıI", "iİ", "jJ", "kK", "lL", "mM",
    "nN", "oO", "öÖ", "pP", "qQ", "rR", "sS", "şŞ", "tT", "uU", "üÜ", "vV", "wW", "xX", "yY", "zZ",
)  # fmt: skip
#: Accents in ICU's order: acute, grave, breve, circumflex, caron, ring, diaeresis, double acute,
#: tilde, dot, ogonek, macron; others follow by code point.
_MARKS = "\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0328\u0304"

# Levels are joined by \x01, so every weight is greater than it.
_END = "\x01"
_COMMON = "\x02"
_LATER = "\x03"
_SIGN_BASE, _OTHER_SIGN, _FIGURE_BASE, _LETTER_BASE, _OTHER_LETTER = 0x10, 0x70, 0x80, 0x90, 0xF0

#: Weights of one sign at the three levels: letter, accent, case.
_Weights = tuple[str, str, str]


def _table() -> dict[str, _Weights]:
    table: dict[str, _Weights] = {}
    for base, groups in (
        (_SIGN_BASE, _SIGNS),
        (_FIGURE_BASE, tuple(_FIGURES)),
        (_LETTER_BASE, _LETTERS),
    ):
        for index, group in enumerate(groups):
            for rank, sign in enumerate(group):
                # Apostrophes and quotes differ as accents do, letters of one group only by case.
                lower_level = (_COMMON, chr(ord(_COMMON) + rank))
                accent, case = lower_level if base == _LETTER_BASE else lower_level[::-1]
                table[sign] = (chr(base + index), accent, case)
    return table


_TABLE = _table()


@lru_cache(maxsize=4096)
def _weights(sign: str) -> _Weights:
    """Return the weights of a sign that is not in the table."""
    if unicodedata.combining(sign):
        rank = _MARKS.find(sign)
        return "", chr(0x10 + rank) if rank >= 0 else "\x20" + sign, _COMMON
    if sign.isspace():
        return _TABLE[" "]
    if unicodedata.category(sign) in {"Cc", "Cf"}:
        return "", "", ""
    parts = unicodedata.normalize("NFD", sign)
    if len(parts) > 1:
        levels = [_TABLE.get(part) or _weights(part) for part in parts]
        return (
            "".join(p for p, _, _ in levels),
            "".join(s for _, s, _ in levels),
            "".join(t for _, _, t in levels),
        )
    group = _OTHER_LETTER if sign.isalnum() else _OTHER_SIGN
    lower = sign.lower()
    letter = lower if len(lower) == 1 else sign
    return chr(group) + letter, _COMMON, _LATER if letter != sign else _COMMON


@lru_cache(maxsize=16384)
def sort_key(s: str) -> str:
    """Return a text whose plain order is the Turkish order of `s`; it may be stored and indexed.

    ICU's `tr` with three levels: letters (c ç … ı i … s ş), then accents (a before â), then case
    (small before capital); two different texts never tie. As in ICU, Î is I with an accent and
    sorts with ı, while î sorts with i.
    """
    get = _TABLE.get
    levels = [
        get(c) or _weights(c) for c in (s if s.isascii() else unicodedata.normalize("NFC", s))
    ]
    return _END.join(
        (
            "".join([level[0] for level in levels]),
            "".join([level[1] for level in levels]),
            "".join([level[2] for level in levels]),
            s,
        )
    )


def compare(a: str, b: str) -> int:
    """Return -1, 0 or 1 as `a` sorts before, with or after `b`: the callback of a collation."""
    if a == b:
        return 0
    return -1 if sort_key(a) < sort_key(b) else 1
