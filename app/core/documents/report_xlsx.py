"""A report as an Excel workbook: a summary first, then a sheet for each table and chart."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from app.core.documents.report_parts import (
    ChartSection,
    Figures,
    Paragraph,
    ReportDocument,
    TableSection,
    Value,
    is_number,
    shown,
)
from app.core.exports import CellWriter, plain
from app.core.text import tr_lower
from app.core.words import words_of

_SHEET_SIGNS = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_CHART_ROWS = 22
_WIDEST = 60
#: The printed palette of the look: accent first.
_ACCENT = "#0D5F73"
_KINDS = {"number": "number", "percent": "percent", "money": "money", "plain": "", "text": ""}


def report_xlsx(document: ReportDocument) -> bytes:
    """Return the report as XLSX; numbers and dates are real ones, drawings are those of the PDF."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": plain(str(document.title)), "author": "", "comments": ""})
    _Book(book, document).write()
    book.close()
    return buffer.getvalue()


class _Book:
    """Writes one report; sheets after the summary follow the order of the sections."""

    def __init__(self, book: Any, document: ReportDocument) -> None:
        self.book, self.document = book, document
        self.words = words_of("report", document.lang)
        self.cells = CellWriter(book, document.lang)
        self.names: set[str] = set()

    def write(self) -> None:
        """Write the summary, then the sheets; the summary lists them with links."""
        summary = self.book.add_worksheet(self.sheet_name(self.words["summary"]))
        listed: list[tuple[str, str, int]] = []
        for section in self.document.sections:
            if isinstance(section, TableSection):
                listed.append(self.table_sheet(section))
            elif isinstance(section, ChartSection):
                listed.append(self.chart_sheet(section))
        self.summary(summary, listed)

    def summary(self, sheet: Any, listed: Sequence[tuple[str, str, int]]) -> None:
        """Title, facts, as-of time, figures, texts, and the list of the other sheets."""
        document, cells = self.document, self.cells
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 1, 24)
        sheet.set_column(2, 2, 40)
        cells.write(sheet, 0, 0, str(document.title), kind="title")
        row = 1
        if str(document.subtitle):
            cells.write(sheet, row, 0, str(document.subtitle), kind="muted")
            row += 1
        cells.write(sheet, row, 0, document.as_of_text, strong=False)
        row += 1
        for label, value in document.facts:
            cells.write(sheet, row, 0, label, kind="muted")
            cells.write(sheet, row, 1, value)
            row += 1
        for section in document.sections:
            if isinstance(section, Figures):
                row = self.figures(sheet, row + 1, section)
            elif isinstance(section, Paragraph):
                row = self.paragraph(sheet, row + 1, section)
        if listed:
            row += 1
            cells.write(sheet, row, 0, self.words["contents"], kind="head")
            cells.write(sheet, row, 1, self.words["rows"], kind="head")
            for name, title, count in listed:
                row += 1
                target = name.replace("'", "''")
                sheet.write_url(row, 0, f"internal:'{target}'!A1", string=plain(title or name))
                cells.write(sheet, row, 1, count, kind="number")

    def figures(self, sheet: Any, row: int, section: Figures) -> int:
        """Write label, value and hint in three columns; return the next free row."""
        if str(section.title):
            self.cells.write(sheet, row, 0, str(section.title), kind="head")
            row += 1
        for figure in section.items:
            self.cells.write(sheet, row, 0, str(figure.label))
            self.cells.write(sheet, row, 1, figure.value, kind=_KINDS[figure.format])
            self.cells.write(sheet, row, 2, str(figure.hint), kind="muted")
            row += 1
        return row

    def paragraph(self, sheet: Any, row: int, section: Paragraph) -> int:
        """Write a text over the three columns, as high as it needs; return the next free row."""
        if str(section.title):
            self.cells.write(sheet, row, 0, str(section.title), kind="head")
            row += 1
        text = plain(str(section.text)) or ""
        sheet.merge_range(row, 0, row, 2, "", self.cells.format("wrapped"))
        self.cells.write(sheet, row, 0, text, kind="wrapped")
        lines = sum(1 + len(line) // 105 for line in str(text).split("\n"))
        sheet.set_row(row, 15 * max(lines, 1))
        return row + 1

    def table_sheet(self, table: TableSection) -> tuple[str, str, int]:
        """Add the sheet of a table; return its name, its title and its number of rows."""
        sheet = self.sheet(str(table.title))
        self.table(sheet, 0, table)
        return sheet.get_name(), str(table.title), len(table.rows)

    def chart_sheet(self, section: ChartSection) -> tuple[str, str, int]:
        """Add the sheet of a chart: the drawing of the PDF or one of Excel's own, then the table."""
        sheet = self.sheet(str(section.title))
        table = section.table
        drawn = bool(section.png) or (table is not None and _first_numbers(table) is not None)
        top = 2 + _CHART_ROWS if drawn else 0
        self.cells.write(sheet, 0, 0, str(section.title), kind="title")
        if table is not None:
            self.table(sheet, max(top, 2), table, titled=False)
        if section.png:
            options = {
                "image_data": io.BytesIO(section.png),
                "description": plain(str(section.description or section.title)),
                **_scaled(section.png),
            }
            sheet.insert_image(1, 0, "chart.png", options)
        elif table is not None and drawn:
            self.native_chart(sheet, max(top, 2), section, table)
        return sheet.get_name(), str(section.title), 0 if table is None else len(table.rows)

    def native_chart(
        self, sheet: Any, head: int, section: ChartSection, table: TableSection
    ) -> None:
        """Let Excel draw the first column of numbers over the first column."""
        column = _first_numbers(table)
        if column is None:
            return
        name, last = sheet.get_name(), head + len(table.rows)
        chart = self.book.add_chart({"type": section.excel})
        chart.add_series(
            {
                "name": [name, head, column],
                "categories": [name, head + 1, 0, last, 0],
                "values": [name, head + 1, column, last, column],
                **({} if section.excel == "pie" else {"fill": {"color": _ACCENT}}),
            }
        )
        chart.set_title({"name": plain(str(section.title)), "name_font": {"size": 12}})
        chart.set_size({"width": 760, "height": 20 * _CHART_ROWS - 20})
        if section.excel == "bar":
            chart.set_y_axis({"reverse": True})
        if section.excel != "pie":
            chart.set_legend({"none": True})
        sheet.insert_chart(1, 0, chart, {"description": plain(str(section.description))})

    def table(self, sheet: Any, top: int, table: TableSection, *, titled: bool = True) -> None:
        """Write a table with its head frozen or repeated, filter arrows, total and note."""
        cells, row = self.cells, top
        if titled:
            cells.write(sheet, row, 0, str(table.title), kind="title")
            cells.write(sheet, row + 1, 0, self.document.as_of_text, kind="muted")
            row += 3
        head = row
        widths = [max(len(str(header)), 8) for header in table.headers]
        for column, header in enumerate(table.headers):
            cells.write(sheet, head, column, str(header), kind="head")
        for values in table.rows:
            row += 1
            self.row(sheet, row, values, table, widths)
        if table.headers and table.rows:
            sheet.autofilter(head, 0, row, len(table.headers) - 1)
        if titled:
            sheet.freeze_panes(head + 1, 0)
        sheet.repeat_rows(head)
        if not table.rows:
            row += 1
            cells.write(sheet, row, 0, self.words["no_rows"], kind="muted")
        if table.total_row is not None:
            row += 1
            self.row(sheet, row, table.total_row, table, widths, strong=True)
        if str(table.note):
            cells.write(sheet, row + 2, 0, str(table.note), kind="muted")
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 2, _WIDEST))

    def row(
        self,
        sheet: Any,
        row: int,
        values: Sequence[Value],
        table: TableSection,
        widths: list[int],
        *,
        strong: bool = False,
    ) -> None:
        """Write one row with the formats of its columns."""
        for column, value in enumerate(values[: len(widths)]):
            form = table.format_of(column)
            self.cells.write(sheet, row, column, value, kind=_KINDS[form], strong=strong)
            widths[column] = max(widths[column], len(shown(value, form, self.document.lang)))

    def sheet(self, title: str) -> Any:
        """Add a sheet set up for A4 paper."""
        sheet = self.book.add_worksheet(self.sheet_name(title))
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def sheet_name(self, title: str) -> str:
        """Return a name that Excel accepts and that no other sheet has."""
        base = _FORBIDDEN.sub(" ", str(plain(title) or "")).strip().strip("'").strip()
        base = " ".join(base.split()) or self.words["chart"]
        name, number = base[:_SHEET_SIGNS].strip(" '"), 1
        # Excel compares names without case; "History" is its own.
        while _same(name) in self.names or _same(name) == "history":
            number += 1
            ending = f" {number}"
            name = base[: _SHEET_SIGNS - len(ending)].strip(" '") + ending
        self.names.add(_same(name))
        return name


def _same(name: str) -> str:
    """Two spellings that Excel or Turkish readers take for one: I, ı, İ and i alike."""
    return tr_lower(name).replace("ı", "i").replace("̇", "")


def _first_numbers(table: TableSection) -> int | None:
    """Return the first column whose values are numbers, with words before it."""
    for column in range(1, len(table.headers)):
        values = [row[column] for row in table.rows if column < len(row)]
        if values and all(value is None or is_number(value) for value in values):
            return column
    return None


def _scaled(png: bytes) -> dict[str, float]:
    """Return the scale at which a drawing fits above the table."""
    from PIL import Image

    with Image.open(io.BytesIO(png)) as image:
        width, height = image.size
    scale = min(760 / width, 20 * (_CHART_ROWS - 1) / height, 1.0)
    return {"x_scale": scale, "y_scale": scale}
