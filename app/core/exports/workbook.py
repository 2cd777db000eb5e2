"""A list as an Excel workbook, row by row in constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, Any

from app.core.exports.cells import CellWriter, Value, plain
from app.core.text import format_number
from app.core.words import words_of

#: Excel's own limit of one sheet.
SHEET_ROWS = 1_048_576


def write_xlsx(
    fp: IO[bytes],
    headers: Sequence[object],
    rows: Iterable[Sequence[Value]],
    *,
    title: str,
    meta_lines: Sequence[object] = (),
    lang: str = "tr",
    sheet_rows: int = SHEET_ROWS,
) -> int:
    """Write a list as an Excel workbook and return the number of rows; memory stays constant.

    Above the head stand the title and ``meta_lines`` (as-of time, filter). What does not fit one
    sheet goes on to the next with the same head.
    """
    import xlsxwriter

    words = words_of("export", lang)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(fp, options)
    book.set_properties({"title": plain(str(title)), "author": "", "comments": ""})
    cells = CellWriter(book, lang)
    sheets = _Sheets(book, cells, [str(h) for h in headers], str(title), words["sheet"])
    sheets.open(meta_lines)
    count = 0
    for row in rows:
        if sheets.next_row >= sheet_rows - 3:
            sheets.close()
            sheets.open(())
        sheets.add(row)
        count += 1
    sheets.close_with(f"{words['row_count']}:", count)
    if cells.cut:
        sheets.close_with(f"{words['cut']}:", cells.cut)
    sheets.close()
    book.close()
    return count


class _Sheets:
    """The sheets of one list: head, rows, widths; a new sheet when one is full."""

    _WIDTH_ROWS = 200

    def __init__(
        self, book: Any, cells: CellWriter, headers: list[str], title: str, sheet_name: str
    ) -> None:
        self.book, self.cells, self.headers = book, cells, headers
        self.title, self.sheet_name = title, sheet_name
        self.number = 0
        self.next_row = 0
        self.head_row = 0
        self.last_row = 0
        self.sheet: Any = None
        self.widths: list[int] = []

    def open(self, meta_lines: Sequence[object]) -> None:
        """Begin a sheet with title, meta lines and the frozen head."""
        self.number += 1
        suffix = f" {self.number}" if self.number > 1 else ""
        self.sheet = self.book.add_worksheet(f"{self.sheet_name}{suffix}")
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.fit_to_pages(1, 0)
        self.cells.write(self.sheet, 0, 0, self.title, kind="title")
        for n, line in enumerate(meta_lines, 1):
            self.cells.write(self.sheet, n, 0, str(line), kind="muted")
        self.head_row = len(meta_lines) + 2
        self.widths = [len(h) for h in self.headers]
        for column, header in enumerate(self.headers):
            self.cells.write(self.sheet, self.head_row, column, header, kind="head")
        self.sheet.freeze_panes(self.head_row + 1, 0)
        self.sheet.repeat_rows(self.head_row)
        self.last_row = self.head_row
        self.next_row = self.head_row + 1

    def add(self, row: Sequence[Value]) -> None:
        """Write one row; the first ones decide how wide the columns are."""
        measured = self.next_row - self.head_row <= self._WIDTH_ROWS
        for column, value in enumerate(row):
            width = self.cells.write(self.sheet, self.next_row, column, value)
            if measured and column < len(self.widths):
                self.widths[column] = max(self.widths[column], width)
        self.last_row = self.next_row
        self.next_row += 1

    def close_with(self, label: str, count: int) -> None:
        """Write a closing line under the rows."""
        text = f"{label} {format_number(count, lang=self.cells.lang)}"
        self.cells.write(self.sheet, self.next_row, 0, text, kind="muted")
        self.next_row += 1

    def close(self) -> None:
        """Set widths and the filter arrows; the rows themselves are already on disk."""
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, min(max(width + 2, 8), 60))
        if self.headers:
            last = max(self.last_row, self.head_row)
            self.sheet.autofilter(self.head_row, 0, last, len(self.headers) - 1)
