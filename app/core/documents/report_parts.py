"""A report as data: title, figures, texts, tables, drawings; no layout, and no counting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Literal, Protocol

from app.core.text import (
    format_date,
    format_datetime,
    format_money,
    format_number,
    format_percent,
    format_time,
    parse_tr_number,
)
from app.core.words import words_of

Align = Literal["left", "right", "center"]
#: How numbers of a column are written; "plain" is for years and codes, without thousands.
Format = Literal["text", "number", "plain", "percent", "money"]
Value = object


class ChartTable(Protocol):
    """What app.core.charts.Table offers; named here so that documents need no charts."""

    @property
    def headers(self) -> Sequence[str]: ...
    @property
    def rows(self) -> Sequence[Sequence[str]]: ...
    @property
    def totals(self) -> Sequence[str] | None: ...
    @property
    def values(self) -> Sequence[Sequence[float | int | None]]: ...
    @property
    def align(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Paragraph:
    """A text, with a heading of its own when ``title`` is given; blank lines part paragraphs."""

    text: object
    title: object = ""


@dataclass(frozen=True)
class Figure:
    """One number that leads: what it is, its value, and a hint for comparison below it."""

    label: object
    value: Value
    hint: object = ""
    format: Format = "number"


@dataclass(frozen=True)
class Figures:
    """Numbers side by side, four to a line."""

    items: Sequence[Figure]
    title: object = ""


@dataclass(frozen=True)
class TableSection:
    """A table: raw values (numbers, dates, text), so that Excel gets numbers and paper gets text.

    ``align`` and ``formats`` may be left out: numbers then stand right and are written with
    thousands. ``total_row`` has as many cells as a row.
    """

    title: object
    headers: Sequence[object]
    rows: Sequence[Sequence[Value]]
    align: Sequence[Align] = ()
    total_row: Sequence[Value] | None = None
    note: object = ""
    formats: Sequence[Format] = ()

    def format_of(self, column: int) -> Format:
        """How the numbers of a column are written."""
        return self.formats[column] if column < len(self.formats) else "number"

    def align_of(self, column: int) -> Align:
        """Where a column stands: as told, else right when its first value is a number."""
        if column < len(self.align):
            return self.align[column]
        values = (row[column] for row in self.rows if column < len(row))
        first = next((value for value in values if value is not None), None)
        return "right" if is_number(first) else "left"

    @classmethod
    def from_chart(
        cls, title: object, table: ChartTable, *, unit: Format = "number", note: object = ""
    ) -> TableSection:
        """Make the table that stands beside a chart; hidden cells keep their word."""
        rows = [
            [text if value is None else value for text, value in zip(*pair, strict=True)]
            for pair in zip(table.rows, table.values, strict=True)
        ]
        totals: list[Value] | None = None
        if table.totals is not None:
            totals = [
                _number_or_text(text) if align == "right" else text
                for text, align in zip(table.totals, table.align, strict=True)
            ]
        aligns: list[Align] = ["right" if a == "right" else "left" for a in table.align]
        formats: list[Format] = [unit if a == "right" else "text" for a in aligns]
        return cls(title, table.headers, rows, aligns, totals, note, formats)


@dataclass(frozen=True)
class ChartSection:
    """A drawing and its table. ``svg`` goes into the PDF, ``png`` into Excel.

    Without ``png`` Excel draws the first number column of the table itself, as ``excel`` says.
    ``description`` is read aloud to those who do not see the drawing.
    """

    title: object
    svg: str | bytes = ""
    png: bytes = b""
    table: TableSection | None = None
    description: object = ""
    excel: Literal["bar", "column", "line", "pie"] = "column"


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page; Excel passes over it."""


Section = Paragraph | Figures | TableSection | ChartSection | PageBreak


@dataclass(frozen=True)
class ReportDocument:
    """A whole report; ``as_of`` is the moment whose data it shows and stands on every page."""

    title: object
    as_of: dt.datetime
    sections: Sequence[Section]
    subtitle: object = ""
    period: object = ""
    unit: object = ""
    lang: str = "tr"
    landscape: bool | None = None
    meta: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def as_of_text(self) -> str:
        """As of when, in words: "23.11.2026 08.45 itibarıyla"."""
        moment = format_datetime(self.as_of, lang=self.lang)
        return words_of("report", self.lang)["as_of"] % {"moment": moment}

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What stands in the head: period, unit, what the room added (filter, who asked)."""
        words = words_of("report", self.lang)
        facts = [(words["period"], self.period), (words["unit"], self.unit), *self.meta.items()]
        return [(str(label), str(value)) for label, value in facts if str(value or "")]

    def tables(self) -> list[TableSection]:
        """Every table, those beside charts too, in order."""
        found = [s.table if isinstance(s, ChartSection) else s for s in self.sections]
        return [table for table in found if isinstance(table, TableSection)]


def is_number(value: Value) -> bool:
    """Say whether a value is a number; yes and no are none."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def shown(value: Value, form: Format = "number", lang: str = "tr") -> str:
    """Write a value for paper: 1.234,5, %93,4, 31.12.2026, Evet; None is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return words_of("report", lang)["yes" if value else "no"]
    if isinstance(value, dt.datetime):
        return format_datetime(value, lang=lang)
    if isinstance(value, dt.date):
        return format_date(value, lang=lang)
    if isinstance(value, dt.time):
        return format_time(value, lang=lang)
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, int | float | Decimal):
        return _figure(value, form, lang)
    return str(value)


def _figure(value: float | Decimal, form: Format, lang: str) -> str:
    if not Decimal(str(value)).is_finite():
        return "–"
    if form in {"text", "plain"}:
        return str(value)
    if form == "percent":
        return format_percent(value, lang=lang)
    if form == "money":
        return format_money(value, lang=lang)
    return format_number(value, lang=lang)


def _number_or_text(text: str) -> Value:
    number = parse_tr_number(text)
    if number is None:
        return text
    return int(number) if number == number.to_integral_value() else number
