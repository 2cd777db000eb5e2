"""What a file of rows is: kind, encoding, delimiter, sheets; refuses what must not be opened."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from app.core.imports.extent import refuse_large_sheets
from app.core.imports.limits import (
    DEFAULT_LIMITS,
    ImportLimits,
    empty_table,
    refuse,
    too_many_columns,
    too_many_rows,
    unreadable,
)
from app.core.rules import N_, RuleViolation
from app.core.text import format_number
from app.core.uploads.archives import archive_violation
from app.core.uploads.content import content_violation
from app.core.uploads.kinds import KINDS, TABLES
from app.core.uploads.names import extension_of

__all__ = ["FileInfo", "ImportLimits", "sniff"]

#: A field of a CSV file longer than this is a forgotten quotation mark.
CSV_FIELD_SIGNS = 1_000_000
_CHUNK = 256 * 1024
_DELIMITERS = ";,\t|"
_SAMPLE_LINES = 50
#: Bytes that Windows uses for quotation marks and dashes and ISO 8859-9 does not use at all.
_WINDOWS_ONLY = frozenset(range(0x80, 0xA0))
_UNDEFINED_IN_WINDOWS = frozenset((0x81, 0x8D, 0x8E, 0x8F, 0x90, 0x9D, 0x9E))


@dataclass(frozen=True)
class FileInfo:
    """What is known of a file before its rows are read.

    ``encoding`` and ``delimiter`` are empty for spreadsheets, ``sheets`` is empty for CSV.
    ``size`` in bytes.
    """

    kind: str
    size: int
    encoding: str = ""
    delimiter: str = ""
    sheets: tuple[str, ...] = ()


def sniff(
    path: Path, *, name: str = "", field: str = "file", limits: ImportLimits = DEFAULT_LIMITS
) -> FileInfo:
    """Say what the file is. ``name`` is the name it was sent with when ``path`` has another.

    Raises `RuleViolation`: empty, too large, of an unknown kind, not what its ending says, damaged,
    protected, or a table with too many rows or columns, even when it hides that.
    """
    size = path.stat().st_size
    if size == 0:
        raise refuse(field, N_("The file is empty; choose the right one."))
    if size > limits.size:
        raise refuse(
            field,
            N_("The file is larger than %(most)s MB; make it smaller or split it."),
            most=format_number(limits.size // 1024 // 1024),
        )
    extension = extension_of(name or path.name)
    if extension not in TABLES:
        raise refuse(
            field,
            N_("Files of this kind are not taken; save it as one of these: %(allowed)s."),
            allowed=", ".join(sorted(TABLES)),
        )
    with path.open("rb") as stream:
        if extension == "csv":
            return _csv_info(stream, size, field, limits)
        _check_spreadsheet(stream, extension, field, limits)
    return FileInfo(extension, size, sheets=_sheets(path, field))


def _check_spreadsheet(stream: IO[bytes], extension: str, field: str, limits: ImportLimits) -> None:
    kind = KINDS[extension]
    if not stream.read(8).startswith(kind.magic):
        raise refuse(
            field,
            N_(
                "The file is not what its ending says (.%(extension)s); save it again in that format."
            ),
            extension=extension,
        )
    if kind.family == "package" and (violation := archive_violation(stream, field)):
        raise RuleViolation(violation)
    if violation := content_violation(stream, kind, field):
        raise RuleViolation(violation)
    if kind.family == "package":
        refuse_large_sheets(stream, field, limits)


def open_workbook(path: Path, field: str) -> Any:
    """Open a spreadsheet, turning every failure of the reader into a sentence."""
    import python_calamine

    try:
        return python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.PasswordError as error:
        raise refuse(
            field, N_("The file is protected by a password; save it without one.")
        ) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise unreadable(field) from error


def _sheets(path: Path, field: str) -> tuple[str, ...]:
    import python_calamine

    workbook = open_workbook(path, field)
    visible = python_calamine.SheetVisibleEnum.Visible
    tables = python_calamine.SheetTypeEnum.WorkSheet
    names = [s.name for s in workbook.sheets_metadata if s.visible == visible and s.typ == tables]
    if not names:
        raise empty_table(field)
    return tuple(names)


def _csv_info(stream: IO[bytes], size: int, field: str, limits: ImportLimits) -> FileInfo:
    encoding = _encoding(stream, field)
    stream.seek(0)
    if encoding not in {"utf-16"} and (violation := content_violation(stream, KINDS["csv"], field)):
        raise RuleViolation(violation)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    sample = [line for _ in range(_SAMPLE_LINES) if (line := text.readline(CSV_FIELD_SIGNS))]
    text.detach()
    delimiter = _delimiter(sample)
    return FileInfo("csv", size, encoding, delimiter)


def _encoding(stream: IO[bytes], field: str) -> str:
    """Return utf-8-sig, utf-16, utf-8, cp1254 or iso-8859-9, having read the whole file."""
    head = stream.read(4)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    stream.seek(0)
    decoder: Any = codecs.getincrementaldecoder("utf-8")()
    high: set[int] = set()
    is_utf8 = True
    while chunk := stream.read(_CHUNK):
        if b"\x00" in chunk:
            raise refuse(
                field, N_("This is not a text file; save it as text and choose the new one.")
            )
        high.update(byte for byte in set(chunk) if byte >= 0x80)
        if is_utf8:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                is_utf8 = False
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf8 = False
    if is_utf8:
        return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    if high & _UNDEFINED_IN_WINDOWS:
        raise refuse(
            field,
            N_("The letters of the file cannot be read; save it as “CSV UTF-8” and try again."),
        )
    return "cp1254" if high & _WINDOWS_ONLY else "iso-8859-9"


def _delimiter(lines: list[str]) -> str:
    """Return the sign that splits most lines into the same number of fields, at least two."""
    if lines and lines[0].strip().lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0].strip()[-1]
    best, best_score = ";", (0.0, 0)
    for sign in _DELIMITERS:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if row)
        except csv.Error:
            continue
        width, times = widths.most_common(1)[0] if widths else (1, 0)
        score = (times / max(sum(widths.values()), 1), width) if width > 1 else (0.0, 0)
        if score > best_score:
            best, best_score = sign, score
    return best


def check_width(width: int, field: str, limits: ImportLimits) -> None:
    """Raise when a row has too many cells."""
    if width > limits.columns:
        raise too_many_columns(field, limits)


def check_height(count: int, field: str, limits: ImportLimits) -> None:
    """Raise when too many rows have been read."""
    if count > limits.rows:
        raise too_many_rows(field, limits)
