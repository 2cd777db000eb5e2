"""Finding what looks like the name of a person in free text; numbers are found in `detect`.

A guess by common given names and by words such as “adım”: it warns somebody who can read, and
decides nothing by itself. Names of streets and places are left alone.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Collection, Iterator

from app.core.identifiers.detect import PersonalData, PersonalDataKind
from app.core.text import fold

_WORD = re.compile(r"[^\W\d_]+")
_SIGN = r"[^\W\d_]"
#: "adım Ayşe Yılmaz", "Adı Soyadı: Ayşe Yılmaz": whoever writes so gives a name.
_TOLD = re.compile(
    rf"\b(?:ad[ıi]m(?:\s+soyad[ıi]m)?|ismim|isim|ad[ıi]?\s*[-/]?\s*soyad[ıi]?)\b\s*[:;\-–]?\s*"
    rf"({_SIGN}{{2,30}}(?:[ \u00a0]{_SIGN}{{2,30}}){{1,3}})",
    re.IGNORECASE,
)
_LONGEST = 4
#: After these words the capitals before them were a place, a school or a park.
_PLACES = frozenset(
    [
        "mah",
        "mahalle",
        "mahallesi",
        "mh",
        "cad",
        "cadde",
        "caddesi",
        "cd",
        "sok",
        "sokak",
        "sokagi",
        "sk",
        "bulvar",
        "bulvari",
        "blv",
        "yolu",
        "park",
        "parki",
        "koy",
        "koyu",
        "okul",
        "okulu",
        "ilkokulu",
        "ortaokulu",
        "lise",
        "lisesi",
        "anaokulu",
        "hastane",
        "hastanesi",
        "cami",
        "camii",
        "mescidi",
        "meydan",
        "meydani",
        "site",
        "sitesi",
        "apartman",
        "apartmani",
        "apt",
        "blok",
        "bloklari",
        "kampus",
        "kampusu",
        "universitesi",
        "yurdu",
        "vakfi",
        "dernegi",
        "stadi",
        "stadyumu",
        "tesisleri",
        "tesisi",
        "muzesi",
        "kultur",
        "merkezi",
        "merkez",
        "koprusu",
        "kavsagi",
        "caddesindeki",
        "sokagindaki",
        "mahallesindeki",
        "parkindaki",
    ]
)


def find_people(text: str, given_names: Collection[str]) -> tuple[PersonalData, ...]:
    """Return what looks like first and last name, left to right; `given_names` are folded words.

    The time grows with the length of the text and with nothing else.
    """
    taken = _Taken()
    for start, end in (*_told(text), *_named(text, given_names)):
        taken.add(start, end)
    for start, end in _again(text, [text[start:end] for start, end in taken.spans]):
        taken.add(start, end)
    return tuple(
        PersonalData(PersonalDataKind.NAME, start, end, text[start:end])
        for start, end in taken.spans
    )


class _Taken:
    """Spans that lie apart, left to right; whoever comes first keeps the place."""

    def __init__(self) -> None:
        self.spans: list[tuple[int, int]] = []

    def add(self, start: int, end: int) -> None:
        """Keep the span unless it touches one that is kept."""
        place = bisect_left(self.spans, (start, end))
        before, after = self.spans[max(place - 1, 0) : place], self.spans[place : place + 1]
        if all(stop <= start for _, stop in before) and all(end <= begin for begin, _ in after):
            self.spans.insert(place, (start, end))


def _again(text: str, names: Collection[str]) -> Iterator[tuple[int, int]]:
    """The same names elsewhere in the text, where nothing else would give them away."""
    words = list(_WORD.finditer(text))
    folded = [fold(word.group()) for word in words]
    wanted = {tuple(fold(word) for word in name.split()) for name in names}
    lengths = sorted({len(parts) for parts in wanted}, reverse=True)
    for place, length in itertools.product(range(len(words)), lengths):
        parts = tuple(folded[place : place + length])
        if len(parts) == length and parts in wanted:
            yield words[place].start(), words[place + length - 1].end()


def _told(text: str) -> Iterator[tuple[int, int]]:
    for match in _TOLD.finditer(text):
        words = list(_WORD.finditer(text, match.start(1), match.end(1)))
        named = [word for word in words if _is_capital(word.group())]
        if len(named) < 2 or named[0] is not words[0]:
            continue
        yield named[0].start(), _run(words, text)[-1].end()


def _run(words: list[re.Match[str]], text: str) -> list[re.Match[str]]:
    """The capital words at the beginning, each one space behind the other."""
    run = [words[0]]
    for word in words[1:]:
        between = text[run[-1].end() : word.start()]
        if between not in {" ", "\u00a0"} or not _is_capital(word.group()) or len(run) == _LONGEST:
            break
        run.append(word)
    return run


def _named(text: str, given_names: Collection[str]) -> Iterator[tuple[int, int]]:
    words = list(_WORD.finditer(text))
    place = 0
    while place < len(words):
        word = words[place]
        if _is_capital(word.group()) and fold(word.group()) in given_names:
            run = _run(words[place : place + _LONGEST], text)
            after = words[place + len(run)] if place + len(run) < len(words) else None
            if len(run) > 1 and not _is_place(run, after):
                yield run[0].start(), run[-1].end()
            place += len(run)
        else:
            place += 1


def _is_place(run: list[re.Match[str]], after: re.Match[str] | None) -> bool:
    following = fold(after.group()) if after is not None else ""
    return following in _PLACES or any(fold(word.group()) in _PLACES for word in run)


def _is_capital(word: str) -> bool:
    return word[0].isupper()
