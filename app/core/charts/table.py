"""The same figures as a table, for the page beside the drawing, for paper and for Excel."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.core.charts.declare import Chart, Row
from app.core.charts.frame import Category, Cell, Frame, Link, make_frame
from app.core.charts.words import Words, format_value

# Wider than this a cross table cannot be read; the dimensions then stand in columns of their own.
MOST_COLUMNS = 24


@dataclass(frozen=True)
class Table:
    """A table of texts with, cell by cell, the address behind it and the number itself.

    ``rows``, ``urls`` and ``values`` have the same shape. ``values`` holds None for words and
    hidden cells. ``totals`` is None when the values may not be summed. ``align`` is "left" for
    words and "right" for figures, one for each column.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...] | None
    urls: tuple[tuple[str | None, ...], ...]
    values: tuple[tuple[float | int | None, ...], ...]
    align: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the table as JSON-safe data."""
        return asdict(self)


def data_table(
    chart: Chart,
    rows: Sequence[Row],
    *,
    lang: str = "tr",
    link: Link | None = None,
    as_of: datetime | None = None,
    words: Words | None = None,
) -> Table:
    """Return every row of the chart, unfolded; two dimensions cross unless they are too many."""
    words = words or Words()
    frame = make_frame(chart, rows, words=words, lang=lang, link=link, as_of=as_of)
    writer = _Writer(chart, frame, words, lang)
    if frame.series and len(frame.series) <= MOST_COLUMNS:
        return writer.crossed()
    return writer.listed()


@dataclass(frozen=True)
class _Writer:
    chart: Chart
    frame: Frame
    words: Words
    lang: str

    def text(self, cell: Cell | None) -> str:
        """Write a value; hidden is not nought and nought is not "nobody was asked"."""
        if cell is not None and cell.hidden:
            return str(self.words.hidden)
        if cell is None and self.chart.is_additive:
            return format_value(0, self.chart.unit, self.lang)
        if cell is None or cell.value is None:
            return str(self.words.none)
        return format_value(cell.value, self.chart.unit, self.lang)

    def total(self, cells: Sequence[Cell]) -> str:
        """Write a sum, unless a hidden part would make it wrong or could be found from it."""
        if any(cell.hidden for cell in cells):
            return str(self.words.hidden)
        return format_value(sum(cell.value or 0 for cell in cells), self.chart.unit, self.lang)

    def listed(self) -> Table:
        """Return one line for each row: its dimensions and its value."""
        places = self.frame.by_place()
        every: Sequence[Category | None] = self.frame.series or (None,)
        cells = [
            places[place]
            for base in self.frame.bases
            for one in every
            if (place := (base.key, one.key if one else None)) in places
        ]
        dimensions = [self.chart.base] + ([self.chart.series] if self.chart.series else [])
        names = len(dimensions)
        totals = None
        if self.chart.is_additive and cells:
            totals = (str(self.words.total), *[""] * (names - 1), self.total(cells))
        return Table(
            headers=(*(str(axis.title) for axis in dimensions), str(self.chart.measure_title)),
            rows=tuple((*_names(cell), self.text(cell)) for cell in cells),
            totals=totals,
            urls=tuple((cell.url, *[None] * (names - 1), cell.url) for cell in cells),
            values=tuple((*[None] * names, cell.value) for cell in cells),
            align=(*["left"] * names, "right"),
        )

    def crossed(self) -> Table:
        """Return a line for each base and a column for each series, with sums at both ends."""
        places, sums = self.frame.by_place(), self.chart.is_additive
        rows, urls, values = [], [], []
        # A group that counted nothing answers no row; its count is nought, its average unknown.
        missing = 0 if sums else None
        for base in self.frame.bases:
            cells = [places.get((base.key, one.key)) for one in self.frame.series]
            known = [cell for cell in cells if cell]
            last = (self.total(known),) if sums else ()
            whole = None if any(cell.hidden for cell in known) else sum(c.value or 0 for c in known)
            rows.append((base.name, *(self.text(cell) for cell in cells), *last))
            urls.append((None, *(cell.url if cell else None for cell in cells), *[None] * sums))
            values.append((None, *(cell.value if cell else missing for cell in cells),
                           *([whole] if sums else [])))  # fmt: skip
        columns = [
            [cell for cell in self.frame.cells if cell.series and cell.series.key == one.key]
            for one in self.frame.series
        ]
        word = str(self.words.total)
        totals = (word, *(self.total(column) for column in columns), self.total(self.frame.cells))
        return Table(
            headers=(
                str(self.chart.base.title),
                *(one.name for one in self.frame.series),
                *([word] if sums else []),
            ),
            rows=tuple(rows),
            totals=totals if sums and self.frame.cells else None,
            urls=tuple(urls),
            values=tuple(values),
            align=("left", *["right"] * (len(self.frame.series) + sums)),
        )


def _names(cell: Cell) -> tuple[str, ...]:
    return (cell.base.name, cell.series.name) if cell.series else (cell.base.name,)
