"""What one cell of an exported file may hold and how it is written; no files and no sheets."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from enum import Enum
from typing import Any

from app.core.clock import to_local
from app.core.text import format_date
from app.core.words import words_of

#: Excel's own limit; XlsxWriter silently drops a text that is longer.
CELL_SIGNS = 32_767
#: Larger whole numbers lose digits in Excel, so they are written as text.
_EXACT = 10**15

#: A spreadsheet takes a text for a formula when it begins so, also in full-width signs.
_DANGEROUS = re.compile("^[=+\\-@\t\r\n＝＋－＠]")  # Full-width on purpose.
#: What XML cannot hold; half surrogates come from broken files.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Value = object


def is_dangerous(text: str) -> bool:
    """Say whether a spreadsheet could read this text as a formula; NUL in front is no cover."""
    return bool(_DANGEROUS.match(_UNWRITABLE.sub("", text)))


def plain(
    value: Value, *, lang: str = "tr"
) -> str | int | float | Decimal | dt.date | dt.time | None:
    """Return what a cell may hold: text without unwritable signs, a number, a date or a time.

    A moment becomes local and loses its zone, because no spreadsheet knows zones; yes and no
    become words; a number that is none (NaN) or too long for Excel becomes text.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return words_of("export", lang)["yes" if value else "no"]
    if isinstance(value, Enum):
        return plain(value.value, lang=lang)
    if isinstance(value, dt.datetime):
        return to_local(value).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, dt.date | dt.time):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) < _EXACT else str(value)
    if isinstance(value, float | Decimal) and Decimal(str(value)).is_finite():
        return value
    return _UNWRITABLE.sub("", str(value))


class CellWriter:
    """Writes values into cells of one workbook with the formats of this country."""

    def __init__(self, book: Any, lang: str = "tr") -> None:
        self.lang = lang
        self.cut = 0
        day = "dd.mm.yyyy" if lang == "tr" else "dd/mm/yyyy"
        patterns = {
            "date": day,
            "datetime": f"{day} hh:mm",
            "time": "hh:mm",
            "decimal": "#,##0.00",
            "whole": "#,##0",
            "percent": '"%"0.0' if lang == "tr" else '0.0"%"',
            "money": '#,##0.00" TL"',
        }
        self._formats: dict[tuple[str, bool], Any] = {}
        self._book, self._patterns = book, patterns

    def format(self, kind: str, *, strong: bool = False) -> Any:
        """Return a format by name, made once; `strong` is for totals."""
        key = (kind, strong)
        if key not in self._formats:
            properties: dict[str, Any] = {"valign": "top"}
            if kind in self._patterns:
                properties["num_format"] = self._patterns[kind]
            if kind == "guarded":
                # Excel's own leading apostrophe: invisible, and the cell stays text when edited.
                properties.update({"num_format": "@", "quote_prefix": True})
            if kind == "head":
                properties.update({"bold": True, "bottom": 1, "bg_color": "#EFF3F3",
                                   "text_wrap": True})  # fmt: skip
            if kind == "title":
                properties.update({"bold": True, "font_size": 14})
            if kind == "muted":
                properties["font_color"] = "#5B676D"
            if kind == "wrapped":
                properties["text_wrap"] = True
            if strong:
                properties.update({"bold": True, "top": 1})
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]

    def write(
        self,
        sheet: Any,
        row: int,
        column: int,
        value: Value,
        *,
        kind: str = "",
        strong: bool = False,
    ) -> int:
        """Write one cell, never a formula or a link; return how wide its text is."""
        cell = plain(value, lang=self.lang)
        if cell is None or cell == "":
            if strong:
                sheet.write_blank(row, column, None, self.format("", strong=True))
            return 0
        if isinstance(cell, str):
            return self._text(sheet, row, column, cell, kind, strong)
        if isinstance(cell, dt.date | dt.time):
            own = "time" if isinstance(cell, dt.time) else "date"
            own = "datetime" if isinstance(cell, dt.datetime) else own
            if isinstance(cell, dt.date) and cell.year < 1900:
                # Excel's calendar begins in 1900.
                return self._text(sheet, row, column, format_date(cell), kind, strong)
            sheet.write_datetime(row, column, cell, self.format(own, strong=strong))
            return 16 if own == "datetime" else 10
        own = kind or ("decimal" if isinstance(cell, float | Decimal) else "")
        if kind == "number":
            own = "whole" if cell == int(cell) else "decimal"
        sheet.write_number(row, column, cell, self.format(own, strong=strong))
        return len(str(cell)) + 3

    def _text(self, sheet: Any, row: int, column: int, text: str, kind: str, strong: bool) -> int:
        if len(text) > CELL_SIGNS:
            self.cut += 1
            text = text[: CELL_SIGNS - 1] + "…"
        own = kind if kind in {"head", "title", "muted", "wrapped"} else ""
        own = "guarded" if is_dangerous(text) else own
        sheet.write_string(row, column, text, self.format(own, strong=strong))
        return max((len(line) for line in text.splitlines()), default=0)
