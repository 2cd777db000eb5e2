"""Reading a list of CİMER for a comparison: numbers, dates and states, and nothing that names a person."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from app.applications.rules.cimer import LONGEST_REFERENCE, LONGEST_STATE
from app.applications.rules.reconciling import Theirs, status_of_word
from app.applications.services.imports.fields import target_fields
from app.applications.services.imports.plans import Plan
from app.applications.services.imports.privacy import names_somebody_hidden
from app.applications.services.imports.proposing import detect_date_format
from app.applications.services.moves import refuse
from app.core.clock import to_local
from app.core.imports import (
    FieldKind,
    FieldMapping,
    FileInfo,
    Mapping,
    TargetField,
    apply_mapping,
    preview,
    propose_mapping,
    read_rows,
)
from app.core.imports.proposal import likeness
from app.core.rules import N_
from app.core.text import clean, excerpt, format_number

#: A year of a large municipality has some thousands; more in one list is a wrong file.
MOST_ROWS = 20_000
_LOOK_ROWS = 300
#: A heading must be this like “Başvuru No” to be taken for the number.
_LEAST_LIKENESS = 0.75
_MOST_NAMED = 8

_K = FieldKind
LIST_FIELDS: tuple[TargetField, ...] = (
    TargetField(
        "external_ref", N_("Number at CİMER"), _K.TEXT, required=True, max_length=LONGEST_REFERENCE,
        aliases=(
            "Başvuru No", "Başvuru Numarası", "CİMER No", "CİMER Başvuru No", "CİMER Başvuru Numarası",
            "CİMER Numarası", "Başvuru Sayısı",
        ),
    ),
    TargetField(
        "external_on", N_("Date at CİMER"), _K.DATETIME,
        aliases=("Başvuru Tarihi", "CİMER Tarihi", "CİMER Başvuru Tarihi", "Başvuru Zamanı"),
    ),
    TargetField(
        "received_on", N_("Date at the municipality"), _K.DATETIME,
        aliases=("Geliş Tarihi", "Sevk Tarihi", "Kuruma Geliş Tarihi", "Kayıt Tarihi", "Kuruma Sevk Tarihi"),
    ),
    TargetField(
        "state", N_("State at CİMER"), _K.TEXT, max_length=LONGEST_STATE,
        aliases=("Durum", "Durumu", "Başvuru Durumu", "CİMER Durumu", "Son Durum", "İşlem Durumu"),
    ),
    TargetField(
        "due_on", N_("Last day at CİMER"), _K.DATETIME,
        aliases=("Son Tarih", "Son Gün", "Son Cevap Tarihi", "Cevap Son Tarihi", "Termin", "Bitiş Tarihi"),
    ),
)  # fmt: skip

#: Field of an import mapping → field of a list.
_OF_IMPORT = {
    "external_ref": "external_ref",
    "external_received_at": "external_on",
    "received_at": "received_on",
    "external_state": "state",
    "status": "state",
}


@dataclass(frozen=True)
class OfficeList:
    """A list as it was read: its rows once each, words nobody here knows, and what could not be read."""

    rows: tuple[Theirs, ...]
    columns: Mapping
    unknown_words: tuple[tuple[str, int], ...] = ()
    unreadable: int = 0
    repeated: int = 0
    names_hidden: bool = False

    @property
    def span(self) -> tuple[dt.date, dt.date] | None:
        """First and last day of the list, by the date at CİMER where there is one."""
        days = [day for row in self.rows if (day := row.external_on or row.received_on)]
        return (min(days), max(days)) if days else None


def read_list(path: Path, info: FileInfo, plan: Plan | None = None) -> OfficeList:
    """Read a list by a saved mapping, else by its headings.

    Raises RuleViolation for a file that cannot be read, lacks the number, or is too long; nothing of
    it is kept then.
    """
    head = preview(path, _LOOK_ROWS, info=info)
    columns = _columns(head.headers, [row for _, row in head.rows], plan)
    rows: dict[str, Theirs] = {}
    words: Counter[str] = Counter()
    unreadable = repeated = 0
    named = plan.mapping if plan is not None else propose_mapping(head.headers, target_fields())
    names_somebody, names_hidden = names_somebody_hidden(named), False
    for count, (number, raw) in enumerate(read_rows(path, info=info), 1):
        if count > MOST_ROWS:
            raise refuse(
                N_("A list for a comparison has at most %(most)s rows; split it by period."),
                "file",
                most=format_number(MOST_ROWS),
            )
        names_hidden = names_hidden or names_somebody(raw)
        row = _row(number, raw, columns)
        if row is None:
            unreadable += 1
        elif row.ref in rows:
            repeated += 1
        else:
            rows[row.ref] = row
            if row.word and row.status is None:
                words[row.word] += 1
    if not rows:
        raise refuse(N_("No row of the list has a number that can be read."), "file")
    return OfficeList(
        tuple(rows.values()),
        columns,
        tuple(words.most_common(_MOST_NAMED)),
        unreadable,
        repeated,
        names_hidden,
    )


def _columns(headers: Sequence[str], first: Sequence[dict[str, Any]], plan: Plan | None) -> Mapping:
    mapping = _of_plan(plan, headers) if plan is not None else _proposed(headers)
    if mapping.of("external_ref") is None:
        raise refuse(
            N_(
                "The list has no column with the CİMER number. Its columns are: %(columns)s. "
                "Choose a column mapping that fits it."
            ),
            "file",
            columns=excerpt(", ".join(headers), 200),
        )
    return Mapping(tuple(_with_dates(one, first) for one in mapping.fields))


def _of_plan(plan: Plan, headers: Sequence[str]) -> Mapping:
    """The lines of a saved mapping that mean something here and whose columns are in the file."""
    fields: dict[str, FieldMapping] = {}
    for one in plan.mapping.fields:
        target = _OF_IMPORT.get(one.target)
        if target is None or target in fields or not one.columns:
            continue
        if all(column in headers for column in one.columns):
            # Their words stay words here; what they mean is asked of the rules.
            fields[target] = replace(one, target=target, values={})
    return Mapping(tuple(fields.values()))


def _proposed(headers: Sequence[str]) -> Mapping:
    known = {field.name: field for field in LIST_FIELDS}
    guessed = propose_mapping(headers, LIST_FIELDS)
    return Mapping(
        tuple(
            one
            for one in guessed.fields
            if likeness(one.columns[0], known[one.target]) >= _LEAST_LIKENESS
        )
    )


def _with_dates(one: FieldMapping, first: Iterable[dict[str, Any]]) -> FieldMapping:
    if one.target not in {"external_on", "received_on", "due_on"} or one.date_format:
        return one
    return replace(one, date_format=detect_date_format(row.get(one.columns[0]) for row in first))


def _row(number: int, raw: dict[str, Any], columns: Mapping) -> Theirs | None:
    """A row, None without a number; a date that cannot be read counts as not given."""
    read, _ = apply_mapping(columns, raw, LIST_FIELDS)
    ref = clean(str(read.get("external_ref") or ""))
    if not ref:
        return None
    word = clean(str(read.get("state") or ""))
    return Theirs(
        ref=ref,
        row_no=number,
        received_on=_day(read.get("received_on")),
        external_on=_day(read.get("external_on")),
        word=word,
        status=status_of_word(word),
        due_on=_day(read.get("due_on")),
    )


def _day(value: object) -> dt.date | None:
    return to_local(value).date() if isinstance(value, dt.datetime) else None


def first_rows(path: Path, info: FileInfo, limit: int) -> list[tuple[int, dict[str, Any]]]:
    """The first rows with their numbers, for a look."""
    return list(islice(read_rows(path, info=info), limit))
