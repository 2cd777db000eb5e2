"""A first guess which column is which field, and what each column seems to hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Values
from dataclasses import dataclass

from app.core.imports.mapping import FieldMapping, Mapping, TargetField, as_text
from app.core.text import (
    fold,
    parse_tr_date,
    parse_tr_datetime,
    parse_tr_number,
    similarity,
)

#: Below this likeness a guess is wrong more often than right.
_LEAST_LIKENESS = 0.45
_LIST_VALUES = 50
_LONG_TEXT = 120
_PHONE = re.compile(r"[+0(]?[0-9*][0-9*()\s/-]{8,17}")


@dataclass(frozen=True)
class ColumnGuess:
    """What a column seems to hold: a kind, an example, how many values differ, how many are empty.

    ``kind`` is empty, date, datetime, number, phone, choice, text or long_text.
    """

    header: str
    kind: str
    sample: str
    distinct: int
    empty: int


def propose_mapping(headers: Sequence[str], fields: Sequence[TargetField]) -> Mapping:
    """Return the likeliest mapping; each column and each field is used at most once.

    Names are compared folded: "BASVURU_NO", "Başvuru No" and "başvuruno" are alike.
    """
    scored = sorted(
        (
            (-likeness(header, field), place, header, field.name)
            for place, header in enumerate(headers)
            for field in fields
        ),
    )
    taken: dict[str, str] = {}
    for score, _, header, name in scored:
        if -score < _LEAST_LIKENESS:
            break
        if name not in taken and header not in taken.values():
            taken[name] = header
    return Mapping(tuple(FieldMapping(f.name, (taken[f.name],)) for f in fields if f.name in taken))


def likeness(header: str, field: TargetField) -> float:
    """Return how alike a heading and the best of a field's names are, 0 to 1."""
    names = (field.name, str(field.label), *field.aliases)
    return max(_likeness(header, name) for name in names)


def _likeness(header: str, name: str) -> float:
    first, second = fold(header), fold(name)
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    if first.replace(" ", "") == second.replace(" ", ""):
        return 0.98
    words, others = set(first.split()), set(second.split())
    shared = len(words & others) / max(len(words), len(others))
    return max(similarity(header, name), 0.9 * shared) * 0.97


def describe_columns(
    headers: Sequence[str], rows: Iterable[tuple[int, Values[str, object]]]
) -> list[ColumnGuess]:
    """Say what each column seems to hold, from the rows that are given (some hundreds are enough)."""
    cells: dict[str, list[object]] = {header: [] for header in headers}
    for _, row in rows:
        for header in headers:
            cells[header].append(row.get(header))
    return [_guess(header, cells[header]) for header in headers]


def _guess(header: str, cells: Sequence[object]) -> ColumnGuess:
    filled = [cell for cell in cells if cell not in (None, "")]
    texts = [as_text(cell) for cell in filled]
    kind = _kind(filled, texts) if filled else "empty"
    sample = texts[0] if texts else ""
    return ColumnGuess(header, kind, sample, len(set(texts)), len(cells) - len(filled))


def _kind(filled: Sequence[object], texts: Sequence[str]) -> str:
    if all(isinstance(c, dt.datetime) or parse_tr_datetime(t) for c, t in _pairs(filled, texts)):
        return "datetime"
    if all(isinstance(c, dt.date) or parse_tr_date(t) for c, t in _pairs(filled, texts)):
        return "date"
    if all(_PHONE.fullmatch(text) for text in texts):
        return "phone"
    if all(isinstance(c, int | float) or parse_tr_number(t) is not None
           for c, t in _pairs(filled, texts)):  # fmt: skip
        return "number"
    if max(len(text) for text in texts) > _LONG_TEXT:
        return "long_text"
    distinct = len(set(texts))
    return "choice" if distinct <= _LIST_VALUES and distinct * 2 <= len(texts) else "text"


def _pairs(filled: Sequence[object], texts: Sequence[str]) -> Iterable[tuple[object, str]]:
    return zip(filled, texts, strict=True)
