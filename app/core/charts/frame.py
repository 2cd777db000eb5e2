"""Rows of a query set in order: named, sorted, folded, gaps filled; nothing about marks."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from app.core.charts.declare import MOST_COLOURS, Axis, Chart, ChartError, Row
from app.core.charts.privacy import SUPPRESSED
from app.core.charts.words import (
    Words,
    format_value,
    next_period,
    parse_moment,
    period_name,
    period_start,
    period_tick,
)
from app.core.text import sort_key

Link = Callable[[Mapping[str, str]], str]

OTHER_KEY = "_other"
# A view may have written the address behind a row into the row itself, instead of passing `link`.
URL = "_url"
# A hole in a line of days is filled up to this many periods; beyond it the query is at fault.
MOST_PERIODS = 2000


@dataclass(frozen=True)
class Category:
    """One value of a dimension: a stable key, its full name and its short lines on the axis."""

    key: str
    name: str
    tick: tuple[str, ...]
    moment: datetime | None = None
    # Lower and upper bound of a bin; an open last bin has a drawn upper bound that nobody names.
    bounds: tuple[float, float] | None = None


@dataclass(frozen=True)
class Cell:
    """One measured value; ``value`` is None when nothing was measured or it had to be hidden."""

    base: Category
    series: Category | None
    value: float | int | None
    hidden: bool = False
    url: str | None = None


@dataclass(frozen=True)
class Frame:
    """The cells of a chart with both dimensions in drawing order."""

    bases: tuple[Category, ...]
    series: tuple[Category, ...]
    cells: tuple[Cell, ...]
    left_out: int = 0

    def by_place(self) -> dict[tuple[str, str | None], Cell]:
        """Return the cells by their keys (base, series)."""
        return {(cell.base.key, cell.series.key if cell.series else None): cell
                for cell in self.cells}  # fmt: skip


def number(value: Any) -> float | int | None:
    """Return a JSON number for what a database answers; None stays None."""
    if value is None or isinstance(value, int):
        return value
    exact = float(value) if isinstance(value, Decimal | str) else value
    return int(exact) if float(exact).is_integer() else round(float(exact), 6)


def make_frame(
    chart: Chart,
    rows: Sequence[Row],
    *,
    words: Words,
    lang: str,
    link: Link | None = None,
    as_of: datetime | None = None,
) -> Frame:
    """Name, order and complete the rows of a chart; raise ChartError when two rows coincide."""
    bases = (
        _bins(chart.base, rows, lang)
        if chart.mark == "histogram"
        else _categories(chart.base, rows, words, lang, as_of)
    )
    series = _categories(chart.series, rows, words, lang, as_of) if chart.series else {}
    cells: dict[tuple[str, str | None], Cell] = {}
    for row in rows:
        base = bases[_key(chart.base, row[chart.base.name])]
        second = series[_key(chart.series, row[chart.series.name])] if chart.series else None
        place = (base.key, second.key if second else None)
        if place in cells:
            raise ChartError(f"chart {chart.key}: two rows for {place}; the query must group them")
        cells[place] = Cell(
            base,
            second,
            number(row[chart.measure.name]),
            hidden=bool(row.get(SUPPRESSED)),
            # What is hidden is not listed either.
            url=None
            if row.get(SUPPRESSED)
            else (link(chart.drill(row)) if link and chart.drill else row.get(URL) or None),
        )
    frame = Frame(
        tuple(_ordered(chart.base, bases.values(), cells.values(), "base")),
        tuple(_ordered(chart.series, series.values(), cells.values(), "series"))
        if chart.series
        else (),
        tuple(cells.values()),
    )
    return _with_years(frame, chart, lang)


def filled(frame: Frame, chart: Chart, lang: str) -> Frame:
    """Put a nought where a grouped count answers no row: an empty month, a channel unused in it.

    Only sums are filled; where an average is missing nobody was measured.
    """
    if not chart.is_additive or not frame.cells:
        return frame
    bases = list(frame.bases)
    grain = chart.base.format
    if chart.base.kind == "temporal" and grain and chart.mark != "heatmap":
        known = {category.moment: category for category in bases if category.moment}
        if known:
            bases = [category for category in bases if not category.moment]
            moment, last = min(known), max(known)
            while moment <= last and len(bases) < MOST_PERIODS:
                bases.append(known.get(moment) or _period(moment, chart.base, lang, None))
                moment = next_period(moment, grain)
    places = frame.by_place()
    every: Sequence[Category | None] = frame.series or (None,)
    cells = tuple(
        places.get((base.key, one.key if one else None)) or Cell(base, one, 0)
        for base in bases
        for one in every
    )
    return _with_years(replace(frame, bases=tuple(bases), cells=cells), chart, lang)


def folded(frame: Frame, chart: Chart, words: Words) -> Frame:
    """Gather what exceeds the limits into one category "other", which always stands last.

    Averages and percentages cannot be gathered: colours beyond the palette are left out of the
    drawing and counted in ``left_out``; marks of one colour all stay.
    """
    if chart.mark in {"heatmap", "histogram"}:
        return frame
    if chart.base.kind == "nominal" and chart.is_additive:
        frame = _gather(frame, chart.max_categories, words, "base")
    most = min(MOST_COLOURS, chart.max_categories)
    if len(frame.series) <= most:
        return frame
    if chart.is_additive:
        return _gather(frame, most, words, "series")
    kept = frame.series[:most]
    return replace(
        frame,
        series=kept,
        cells=tuple(cell for cell in frame.cells if cell.series in kept),
        left_out=len(frame.series) - most,
    )


def _gather(frame: Frame, most: int, words: Words, side: str) -> Frame:
    everything = frame.bases if side == "base" else frame.series
    if len(everything) <= most:
        return frame
    totals = _totals(frame.cells, side)
    places = {one.key: place for place, one in enumerate(everything)}
    largest = {
        one.key
        for one in sorted(everything, key=lambda c: (-totals.get(c.key, 0), places[c.key]))[:most]
    }
    name = str(words.other)
    other = Category(OTHER_KEY, name, (name,))
    kept: list[Cell] = []
    sums: dict[Category | None, float | int] = defaultdict(int)
    for cell in frame.cells:
        here, there = (cell.base, cell.series) if side == "base" else (cell.series, cell.base)
        if here is not None and here.key in largest:
            kept.append(cell)
        else:
            sums[there] += cell.value or 0
    for there, total in sums.items():
        if side == "base":
            kept.append(Cell(other, there, number(total)))
        elif there is not None:
            kept.append(Cell(there, other, number(total)))
    named = (*(one for one in everything if one.key in largest), other)
    if side == "base":
        return replace(frame, bases=named, cells=tuple(kept))
    return replace(frame, series=named, cells=tuple(kept))


def _categories(
    axis: Axis, rows: Iterable[Row], words: Words, lang: str, as_of: datetime | None
) -> dict[str, Category]:
    """Return the categories of a dimension by key, in the order the query gave them."""
    labels = {_key(axis, value): text for value, text in (axis.labels or {}).items()}
    found: dict[str, Category] = {}
    for row in rows:
        value = row[axis.name]
        key = _key(axis, value)
        if key in found:
            continue
        if value is None or value == "":
            name = str(labels.get(key, words.not_stated))
            found[key] = Category(key, name, (name,))
        elif axis.kind == "temporal":
            found[key] = _period(parse_moment(value), axis, lang, as_of)
        else:
            name = str(labels.get(key, key))
            brief = row.get(axis.short) if axis.short else None
            found[key] = Category(key, name, (str(brief or name),))
    return found


def _bins(axis: Axis, rows: Iterable[Row], lang: str) -> dict[str, Category]:
    """Return the bins of a histogram in order; an open last bin is as wide as the one before it."""
    ordered = sorted(rows, key=lambda row: float(row[axis.name]))
    found: dict[str, Category] = {}
    width: float = 1
    following: list[Row | None] = [*ordered[1:], None]
    for row, after in zip(ordered, following, strict=False):
        low = number(row[axis.name]) or 0
        given = row.get(f"{axis.name}_end", after and after[axis.name])
        high = number(given)
        first = format_value(low, "number", lang)
        if high is None:
            high, name, tick = low + width, f"{first}+", f"{first}+"
        else:
            name, tick = f"{first}–{format_value(high, 'number', lang)}", first
        width = high - low
        found[_key(axis, row[axis.name])] = Category(
            _key(axis, row[axis.name]), name, (tick,), bounds=(low, high)
        )
    return found


def _period(moment: datetime, axis: Axis, lang: str, as_of: datetime | None) -> Category:
    grain = axis.format
    if grain is None:
        raise ChartError(f"axis {axis.name}: a temporal axis names its period in `format`")
    start = period_start(moment, grain)
    name = period_name(start, grain, lang)
    now = as_of and parse_moment(as_of)
    open_period = now and grain not in {"day", "hour"} and start <= now < next_period(start, grain)
    star = "*" if open_period else ""
    return Category(start.isoformat(), name + star, (star,), start)


def _with_years(frame: Frame, chart: Chart, lang: str) -> Frame:
    """Write the ticks of a time axis: the year appears where it begins, if there are several."""
    grain = chart.base.format
    moments = [category.moment for category in frame.bases if category.moment]
    if chart.base.kind != "temporal" or grain is None or not moments:
        return frame
    several = min(moments).year != max(moments).year
    year = 0
    renamed: dict[str, Category] = {}
    for category in frame.bases:
        if category.moment is None:
            continue
        fresh = several and category.moment.year != year
        year = category.moment.year
        lines = period_tick(category.moment, grain, lang, with_year=fresh)
        star = "*" if category.name.endswith("*") else ""
        tick = (lines[0] + star, *lines[1:])
        renamed[category.key] = replace(category, tick=tick)
    return replace(
        frame,
        bases=tuple(renamed.get(one.key, one) for one in frame.bases),
        cells=tuple(
            replace(cell, base=renamed.get(cell.base.key, cell.base)) for cell in frame.cells
        ),
    )


def _ordered(
    axis: Axis, categories: Iterable[Category], cells: Iterable[Cell], side: str
) -> list[Category]:
    listed = list(categories)
    if isinstance(axis.sort, Sequence) and not isinstance(axis.sort, str):
        return _as_listed(axis, listed, axis.sort)
    sort = axis.sort or {"nominal": "value", "ordinal": "labels", "temporal": "time"}.get(
        axis.kind, "given"
    )
    if sort == "labels":
        return _as_listed(axis, listed, list(axis.labels or ()))
    if sort == "time":
        return sorted(listed, key=lambda one: (one.moment is None, one.key))
    if sort == "label":
        return sorted(listed, key=lambda one: sort_key(one.name))
    if sort == "value":
        totals = _totals(cells, side)
        return sorted(listed, key=lambda one: (-totals.get(one.key, 0), sort_key(one.name)))
    return listed


def _as_listed(axis: Axis, categories: list[Category], order: Sequence[Any]) -> list[Category]:
    """Sort by a given list of values; what it does not name follows in the order of the query."""
    places = {_key(axis, value): place for place, value in enumerate(order)}
    return sorted(categories, key=lambda one: places.get(one.key, len(places)))


def _totals(cells: Iterable[Cell], side: str) -> dict[str, float]:
    totals: dict[str, float] = defaultdict(float)
    for cell in cells:
        one = cell.base if side == "base" else cell.series
        if one is not None:
            totals[one.key] += cell.value or 0
    return totals


def _key(axis: Axis, value: Any) -> str:
    if value is None or value == "":
        return "_none"
    if axis.kind == "temporal" and axis.format:
        return period_start(parse_moment(value), axis.format).isoformat()
    return _plain(value)


def _plain(value: Any) -> str:
    """Return the text of a coded value: the value of an enum, not its Python name."""
    return str(value.value if isinstance(value, Enum) else value)
