"""Reading the rows of a table one after the other, as values by heading."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from app.core.imports.limits import DEFAULT_LIMITS, ImportLimits, empty_table, refuse, unreadable
from app.core.imports.sniff import (
    CSV_FIELD_SIGNS,
    FileInfo,
    check_height,
    check_width,
    open_workbook,
    sniff,
)
from app.core.rules import N_
from app.core.text import clean, fold
from app.core.words import words_of

Cell = str | int | float | bool | dt.date | dt.time | None
#: Titles and dates may stand above the headings; further down nobody looks for them.
_HEADING_ROWS = 20


@dataclass(frozen=True)
class Preview:
    """The first rows of a file: its kind, its headings, and rows with their number in the file."""

    info: FileInfo
    headers: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, Cell]], ...]


def read_rows(
    path: Path,
    *,
    info: FileInfo | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    field: str = "file",
    limits: ImportLimits = DEFAULT_LIMITS,
    lang: str = "tr",
) -> Iterator[tuple[int, dict[str, Cell]]]:
    """Yield (row number in the file, values by heading); empty rows are passed over.

    Numbers and dates of a spreadsheet stay what they are, whole numbers lose their ".0"; everything
    in a CSV file is text. ``header_row`` counts from 1; without it the headings are looked for.
    A second heading with the same name becomes "Ad (2)". Raises `RuleViolation`.
    """
    info = info or sniff(path, field=field, limits=limits)
    _, rows = _table(path, info, sheet, header_row, field, limits, lang)
    return rows


def preview(
    path: Path,
    n: int = 10,
    *,
    info: FileInfo | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    field: str = "file",
    limits: ImportLimits = DEFAULT_LIMITS,
    lang: str = "tr",
) -> Preview:
    """Return headings and the first ``n`` rows. Raises `RuleViolation`, also for an empty table."""
    info = info or sniff(path, field=field, limits=limits)
    headers, rows = _table(path, info, sheet, header_row, field, limits, lang)
    first = tuple(islice(rows, n))
    if not first:
        raise empty_table(field)
    return Preview(info, tuple(headers), first)


def _table(
    path: Path,
    info: FileInfo,
    sheet: str | None,
    header_row: int | None,
    field: str,
    limits: ImportLimits,
    lang: str,
) -> tuple[list[str], Iterator[tuple[int, dict[str, Cell]]]]:
    raw = (
        _csv_rows(path, info, field, limits)
        if info.kind == "csv"
        else _sheet_rows(path, info, sheet, field)
    )
    head = list(islice(raw, max(_HEADING_ROWS, header_row or 0)))
    place = _heading_place(head, header_row)
    if place is None:
        raise empty_table(field)
    check_width(len(head[place][1]), field, limits)
    headers = _headers(head[place][1], lang)
    return headers, _rows(chain(head[place + 1 :], raw), headers, field, limits, lang)


def _rows(
    raw: Iterator[tuple[int, list[Cell]]],
    headers: Sequence[str],
    field: str,
    limits: ImportLimits,
    lang: str,
) -> Iterator[tuple[int, dict[str, Cell]]]:
    closing = fold(words_of("export", lang)["row_count"])
    for count, (number, cells) in enumerate(_filled(raw), 1):
        check_height(count, field, limits)
        check_width(len(cells), field, limits)
        filled = [cell for cell in cells if cell not in (None, "")]
        if isinstance(filled[0], str) and fold(filled[0]).startswith(closing) and len(filled) < 3:
            # The row count under our own exports is no record.
            continue
        values: dict[str, Cell] = dict.fromkeys(headers)
        values.update(zip(headers, cells, strict=False))
        yield number, values


def _filled(raw: Iterator[tuple[int, list[Cell]]]) -> Iterator[tuple[int, list[Cell]]]:
    return ((number, cells) for number, cells in raw if any(c not in (None, "") for c in cells))


def _heading_place(head: Sequence[tuple[int, list[Cell]]], header_row: int | None) -> int | None:
    """Return where the headings stand: as told, or the first row as full as the fullest of them."""
    if header_row is not None:
        return next((n for n, (number, _) in enumerate(head) if number == header_row), None)
    widths = [sum(cell not in (None, "") for cell in cells) for _, cells in head]
    widest = max(widths, default=0)
    enough = max(1, (widest + 1) // 2)
    return next((n for n, width in enumerate(widths) if width >= enough), None)


def _headers(cells: Sequence[Cell], lang: str) -> list[str]:
    """Return a name for every column that is used; no two are the same."""
    headers: list[str] = []
    for number, cell in enumerate(cells, 1):
        name = clean(str(cell)) if cell not in (None, "") else ""
        name = name or f"{words_of('import', lang)['column']} {number}"
        same, times = name, 1
        while same in headers:
            times += 1
            same = f"{name} ({times})"
        headers.append(same)
    return headers


def _csv_rows(
    path: Path, info: FileInfo, field: str, limits: ImportLimits
) -> Iterator[tuple[int, list[Cell]]]:
    csv.field_size_limit(CSV_FIELD_SIGNS)
    try:
        with path.open(encoding=info.encoding, newline="") as text:
            reader = csv.reader(text, delimiter=info.delimiter)
            start = 1
            for row in reader:
                number, start = start, reader.line_num + 1
                check_width(len(row), field, limits)
                if number == 1 and row and row[0].lower().startswith("sep="):
                    continue
                yield number, [cell.strip() or None for cell in row]
    except csv.Error as error:
        raise refuse(
            field,
            N_(
                "The file cannot be read from row %(row)s on; look for a missing quotation mark there."
            ),
            row=start,
        ) from error
    except UnicodeError as error:
        raise unreadable(field) from error


def _sheet_rows(
    path: Path, info: FileInfo, sheet: str | None, field: str
) -> Iterator[tuple[int, list[Cell]]]:
    import python_calamine

    name = sheet or info.sheets[0]
    if name not in info.sheets:
        raise refuse(field, N_("The file has no sheet named “%(name)s”."), name=name)
    try:
        table = open_workbook(path, field).get_sheet_by_name(name)
        if table.start is None:
            return
        # The reader begins with the first row of the file, so the count is that of Excel.
        for number, row in enumerate(table.iter_rows(), 1):
            yield number, [_cell(cell) for cell in row]
    except (python_calamine.CalamineError, ValueError) as error:
        raise unreadable(field) from error


def _cell(cell: Any) -> Cell:
    """Return a cell as it was meant: 5 and not 5.0, text without borders, nothing for nothing."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return int(cell)
    if isinstance(cell, dt.timedelta):
        return str(cell)
    value: Cell = cell
    return value
