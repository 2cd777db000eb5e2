"""A list as CSV for Excel in this country: semicolons, decimal commas, UTF-8 with BOM."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import IO

from app.core.exports.cells import Value, is_dangerous, plain
from app.core.text import format_date, format_datetime, format_time
from app.core.words import words_of


def csv_text(value: Value, *, lang: str = "tr") -> str:
    """Return one CSV field: Turkish dates and decimal commas, a guard before what looks a formula."""
    cell = plain(value, lang=lang)
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if is_dangerous(cell) else cell
    if isinstance(cell, dt.datetime):
        return format_datetime(cell, lang=lang)
    if isinstance(cell, dt.date):
        return format_date(cell, lang=lang)
    if isinstance(cell, dt.time):
        return format_time(cell, lang=lang)
    # Ungrouped, so that the number can be read back; only the decimal sign is of this country.
    number = format(cell, "f") if isinstance(cell, Decimal) else repr(cell)
    return number.replace(".", ",") if lang == "tr" and "e" not in number else number


def stream_csv(
    headers: Sequence[object],
    rows: Iterable[Sequence[Value]],
    *,
    title: str = "",
    meta_lines: Sequence[object] = (),
    lang: str = "tr",
    counted: dict[str, int] | None = None,
) -> Iterator[bytes]:
    """Yield a CSV file piece by piece, for a response that needs no file: ';', BOM, CRLF.

    The head is the first line and the row count the last; title and meta lines stand before it.
    ``counted["rows"]`` is set at the end when a dictionary is given.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([csv_text(str(h), lang=lang) for h in headers])
    count = 0
    for row in rows:
        writer.writerow([csv_text(value, lang=lang) for value in row])
        count += 1
        if buffer.tell() > 65_536:
            yield _taken(buffer)
    for line in (title, *meta_lines):
        if str(line):
            writer.writerow([csv_text(str(line), lang=lang)])
    writer.writerow([words_of("export", lang)["row_count"], count])
    if counted is not None:
        counted["rows"] = count
    yield _taken(buffer)


def write_csv(
    fp: IO[bytes],
    headers: Sequence[object],
    rows: Iterable[Sequence[Value]],
    *,
    title: str = "",
    meta_lines: Sequence[object] = (),
    lang: str = "tr",
) -> int:
    """Write a list as CSV for Excel (';', UTF-8 with BOM) and return the number of rows."""
    counted = {"rows": 0}
    for piece in stream_csv(
        headers, rows, title=title, meta_lines=meta_lines, lang=lang, counted=counted
    ):
        fp.write(piece)
    return counted["rows"]


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8")
