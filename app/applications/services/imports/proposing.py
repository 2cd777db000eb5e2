"""A first plan for a file nobody has seen before: columns, dates and words, guessed from the rows."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from app.applications.models import ImportBatch
from app.applications.rules.imports import code_for_word
from app.applications.services.imports.batches import file_of, headers_of
from app.applications.services.imports.directory import Directory, load_directory
from app.applications.services.imports.fields import WORD_FIELDS, field_named, target_fields
from app.applications.services.imports.plans import Plan
from app.applications.services.imports.rows import Prepared, Preparer
from app.core import clock
from app.core.imports import (
    ColumnGuess,
    FieldMapping,
    describe_columns,
    moment_example,
    propose_mapping,
    read_rows,
)
from app.core.imports import Mapping as Columns
from app.core.text import clean, fold, parse_tr_date, parse_tr_datetime

#: Rows that are looked at for a guess, and for the words of a column.
LOOK_ROWS = 500
WORD_ROWS = 20_000
#: Columns with more words than this are no list of ours.
MOST_WORDS = 80

#: Ways to write a moment beside the Turkish one, the commoner first; the empty one is ours.
DATE_FORMATS = (
    "",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d-%m-%Y",
    "%d/%m/%Y %I:%M:%S %p",
    "%Y%m%d",
)

DATE_TARGETS = frozenset({"received_at", "external_received_at", "closed_at", "resent_at"})


@dataclass(frozen=True)
class Look:
    """What a file shows: its columns and, of those that hold words, each word with its rows."""

    headers: tuple[str, ...]
    columns: tuple[ColumnGuess, ...]
    words: Mapping[str, Counter[str]]
    rows: tuple[tuple[int, Mapping[str, Any]], ...]


def date_example(pattern: str) -> str:
    """How a day and a time look in this pattern."""
    return moment_example(pattern)


def detect_date_format(cells: Iterable[Any]) -> str:
    """The pattern that reads most of the cells, ours before others; empty when none reads half.

    A cell that holds no day at all (13/45/2026) must not hide how the others are written.
    """
    texts = [
        clean(str(cell))
        for cell in cells
        if cell not in (None, "") and not isinstance(cell, dt.date)
    ]
    read = {pattern: sum(_reads(text, pattern) for text in texts) for pattern in DATE_FORMATS}
    best = max(DATE_FORMATS, key=lambda pattern: read[pattern])
    return best if read[best] * 2 >= len(texts) else ""


def _reads(text: str, pattern: str) -> bool:
    if not pattern:
        return parse_tr_date(text) is not None or parse_tr_datetime(text) is not None
    try:
        dt.datetime.strptime(text, pattern)  # noqa: DTZ007  # Read and thrown away.
    except ValueError:
        return False
    return True


def look_into(session: Session, batch: ImportBatch) -> Look:
    """Read the first rows for a guess, and more of them for the words of each column."""
    path, info = file_of(session, batch)
    headers = tuple(headers_of(batch))
    words: dict[str, Counter[str]] = {heading: Counter() for heading in headers}
    first: list[tuple[int, Mapping[str, Any]]] = []
    for number, row in islice(read_rows(path, info=info), WORD_ROWS):
        if len(first) < LOOK_ROWS:
            first.append((number, row))
        for heading, cell in row.items():
            found = words.get(heading)
            # A column of a thousand different texts is not worth its memory.
            if found is not None and cell not in (None, "") and len(found) <= MOST_WORDS:
                found[clean(str(cell))] += 1
    return Look(headers, tuple(describe_columns(headers, first)), words, tuple(first))


def propose_plan(session: Session, look: Look, *, source: str = "") -> Plan:
    """The likeliest plan for these columns; a person looks at it before anything is taken over."""
    guessed = propose_mapping(look.headers, target_fields())
    directory = load_directory(session)
    columns = Columns(tuple(complete(one, look, directory) for one in guessed.fields))
    return Plan(columns, source)


def complete(one: FieldMapping, look: Look, directory: Directory) -> FieldMapping:
    """Add the pattern of its dates and the meaning of its words, where they can be told."""
    if not one.columns:
        return one
    if one.target in DATE_TARGETS:
        cells = (row.get(one.columns[0]) for _, row in look.rows)
        return replace(one, date_format=detect_date_format(cells))
    if one.target in WORD_FIELDS and len(one.columns) == 1:
        words = look.words.get(one.columns[0], Counter())
        meanings = {word: meaning_of(one.target, word, directory) for word in words}
        return replace(one, values={word: code for word, code in meanings.items() if code})
    return one


def meaning_of(target: str, word: str, directory: Directory) -> str:
    """Our code for a word of the file, empty when it is not plain."""
    if target == "topic":
        found = directory.topic(word)
        return found.code if found else ""
    if code := code_for_word(target, word):
        return code
    field = field_named(target)
    wanted = fold(word)
    for code, label in (field.choices if field else {}).items():
        if wanted in {fold(str(label)), fold(code)}:
            return code
    return ""


def check_rows(session: Session, look: Look, plan: Plan) -> list[Prepared]:
    """The rows of a look as they would become; nothing is written."""
    preparer = Preparer(session, plan, now=clock.now())
    return [preparer.prepare(number, row) for number, row in look.rows]


def count_faults(rows: Sequence[Prepared]) -> Counter[str]:
    """Field → how many of these rows are refused for it."""
    return Counter(name for row in rows for name in {one.field for one in row.violations})
