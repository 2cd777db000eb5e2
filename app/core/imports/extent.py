"""How many rows and columns a packed sheet really spans, found without building it in memory.

A reader lays a sheet out as a full rectangle. Two cells in opposite corners, or one cell that is
"repeated" a billion times, would then fill the memory; a few kilobytes are enough for that.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO

from app.core.imports.limits import ImportLimits, too_many_columns, too_many_rows

_CHUNK = 1024 * 1024
_XLSX_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_TAG = re.compile(rb"<(?:[A-Za-z0-9]+:)?(row|c|table-row|table-cell|covered-table-cell)\b([^<>]*)>")
_ROW_NUMBER = re.compile(rb'\br="([0-9]{1,10})"')
_CELL_NUMBER = re.compile(rb'\br="([A-Z]{1,7})([0-9]{1,10})"')
_ROWS_REPEATED = re.compile(rb'number-rows-repeated="([0-9]{1,10})"')
_COLUMNS_REPEATED = re.compile(rb'number-columns-repeated="([0-9]{1,10})"')


def refuse_large_sheets(stream: IO[bytes], field: str, limits: ImportLimits) -> None:
    """Raise `RuleViolation` when any sheet of an XLSX or ODS file spans more than allowed."""
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        for name in archive.namelist():
            if _XLSX_SHEET.fullmatch(name) or name == "content.xml":
                with archive.open(name) as sheet:
                    _Walker(field, limits).walk(_tags(sheet))
    stream.seek(0)


def _tags(sheet: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    rest = b""
    while chunk := sheet.read(_CHUNK):
        text = rest + chunk
        last = 0
        for match in _TAG.finditer(text):
            yield match[1], match[2]
            last = match.end()
        # A tag may be cut at the end of the chunk; an endless one is no tag.
        rest = text[max(last, text.rfind(b"<")) :][-65_536:] if b"<" in text[last:] else b""


class _Walker:
    """Counts as the readers do: a cell without an address stands right of the one before."""

    def __init__(self, field: str, limits: ImportLimits) -> None:
        self.field, self.limits = field, limits
        self.row = self.column = 0
        self.height = 1

    def walk(self, tags: Iterator[tuple[bytes, bytes]]) -> None:
        """Follow the tags; raise as soon as a filled cell lies outside the limits."""
        for tag, attributes in tags:
            if tag == b"row":
                number = _ROW_NUMBER.search(attributes)
                self.row, self.column = int(number[1]) if number else self.row + 1, 0
            elif tag == b"c":
                self.xlsx_cell(attributes)
            elif tag == b"table-row":
                self.row += self.height
                repeated = _ROWS_REPEATED.search(attributes)
                self.height, self.column = int(repeated[1]) if repeated else 1, 0
            else:
                self.ods_cell(attributes)

    def xlsx_cell(self, attributes: bytes) -> None:
        """Take the address of a cell; empty cells with a format count, as they do for readers."""
        address = _CELL_NUMBER.search(attributes)
        if address:
            self.column = _column_number(address[1])
            self.check(int(address[2]))
        else:
            self.column += 1
            self.check(self.row)

    def ods_cell(self, attributes: bytes) -> None:
        """Count repeated cells; empty ones at the end of a row or table span nothing."""
        repeated = _COLUMNS_REPEATED.search(attributes)
        self.column += int(repeated[1]) if repeated else 1
        if b"value-type" in attributes or not attributes.rstrip().endswith(b"/"):
            self.check(self.row + self.height)

    def check(self, row: int) -> None:
        """Raise when the place reached is outside the limits."""
        if row > self.limits.rows + 1:
            raise too_many_rows(self.field, self.limits)
        if self.column > self.limits.columns:
            raise too_many_columns(self.field, self.limits)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
