"""What all marks share: the sheet they draw on, and the channels for colour, place and amount."""

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.charts.declare import Chart
from app.core.charts.frame import OTHER_KEY, Category, Cell, Frame
from app.core.charts.palette import Colours
from app.core.charts.words import Words, format_value, period_tick, tick_expression

# Up to this many marks carry their value in figures.
MOST_LABELS = 12
# The average width of a letter at 12 px; labels are wrapped with it before they are measured.
LETTER = 6.3
# The same for the figures at 11 px, with a gap between two of them.
FIGURE = 6.6
BAR_ROW = 24
# A longer row of days is told by the first of each month.
MOST_DAY_TICKS = 62
# Hours of a day are an even row, so that every second one is enough.
_CLOCK = re.compile(r"\d\d\.\d\d")


@dataclass(frozen=True)
class Sheet:
    """All that a mark needs to draw itself."""

    chart: Chart
    frame: Frame
    colours: Colours
    words: Words
    lang: str
    width: int

    def record(self, cell: Cell, **more: Any) -> dict[str, Any]:
        """Return the datum of a cell: keys, value, label, tooltip and the list behind it."""
        value = str(self.words.hidden) if cell.hidden else str(self.words.none)
        if cell.value is not None:
            value = format_value(cell.value, self.chart.unit, self.lang)
        names = [cell.base.name] + ([cell.series.name] if cell.series else [])
        datum: dict[str, Any] = {"k": cell.base.key, "v": cell.value, "label": value}
        if cell.series:
            datum["s"] = cell.series.key
        datum["tip"] = f"{', '.join(names)}: {value}"
        if cell.url:
            datum["_url"] = cell.url
        return datum | more

    def records(self) -> list[dict[str, Any]]:
        """Return the data of all cells in drawing order, so that equal rows give equal specs."""
        bases = {one.key: place for place, one in enumerate(self.frame.bases)}
        series = {one.key: place for place, one in enumerate(self.frame.series)}
        placed = [
            (bases[cell.base.key], series[cell.series.key] if cell.series else 0, cell)
            for cell in self.frame.cells
        ]
        return [
            self.record(cell, o=second)
            for _, second, cell in sorted(placed, key=lambda p: p[:2])
        ]  # fmt: skip

    @property
    def is_labelled(self) -> bool:
        """Tell whether the marks are few enough to carry their values."""
        return len(self.frame.cells) <= MOST_LABELS and self.has_room(len(self.frame.cells))

    def has_room(self, marks: int) -> bool:
        """Tell whether figures beside each other stay apart; lying bars carry them at their end."""
        if self.chart.is_lying or self.chart.mark == "heatmap":
            return True
        longest = max(
            (len(format_value(cell.value, self.chart.unit, self.lang))
             for cell in self.frame.cells if cell.value is not None),
            default=1,
        )  # fmt: skip
        return longest * FIGURE * marks <= self.width - 50


@dataclass
class Drawing:
    """What a mark hands back: layers, the height it wants, and what belongs beside the layers."""

    layers: list[dict[str, Any]]
    height: int
    extra: dict[str, Any] = field(default_factory=dict)
    legend: Sequence[Category] = ()


def keys(categories: Sequence[Category]) -> list[str]:
    """Return the keys in order, for the domain of a scale."""
    return [one.key for one in categories]


def slots(series: Sequence[Category]) -> list[int]:
    """Return the place of each series in a table of patterns; "other" always has the ninth."""
    return [8 if one.key == OTHER_KEY else place for place, one in enumerate(series)]


def _lookup(texts: Mapping[str, Any]) -> str:
    """Return a Vega expression that finds a label by its key in a table written as JSON."""
    return f"{json.dumps(texts)}[datum.value]"


def cursor(sheet: Sheet) -> str:
    """Return the pointer of marks that lead somewhere."""
    return "pointer" if any(cell.url for cell in sheet.frame.cells) else "default"


def fill(sheet: Sheet) -> dict[str, Any]:
    """Return the colour channel: the first one, or one for each series in order."""
    series, colours = sheet.frame.series, sheet.colours
    if not series:
        return {"color": {"value": colours.category[0]}}
    if sheet.chart.palette == "diverging":
        # Three answers take the ends and the middle of the five steps, two take the ends.
        steps = len(colours.diverging) - 1
        last = max(len(series) - 1, 1)
        paint = [colours.diverging[min(round(i * steps / last), steps)] for i in range(len(series))]
    else:
        thin = sheet.chart.mark in {"line", "dot"}
        last_one = colours.other_line if thin else colours.other
        paint = [(*colours.category, last_one)[place] for place in slots(series)]
    return {
        "color": {
            "field": "s",
            "type": "nominal",
            "scale": {"domain": keys(series), "range": paint},
            "legend": legend(sheet),
        }
    }


def legend(sheet: Sheet) -> dict[str, Any]:
    """Return a legend of one or more lines above the drawing, as wide as the words need."""
    names = {one.key: one.name for one in sheet.frame.series}
    shape: dict[str, Any] = {"symbolType": "square"}
    if sheet.chart.mark == "line":
        # A piece of the line long enough to show its dash.
        shape = {"symbolType": "stroke", "symbolSize": 420, "symbolStrokeWidth": 2}
    elif sheet.chart.mark == "dot":
        shape = {}
    return {
        "title": None,
        "labelExpr": _lookup(names),
        "columns": legend_columns(sheet.frame.series, sheet.width),
        **shape,
    }


def legend_columns(series: Sequence[Category], width: int) -> int:
    """Return into how many columns the names of the series fit; each is as wide as its longest."""
    for columns in range(len(series), 1, -1):
        widest = [max(len(one.name) for one in series[at::columns]) for at in range(columns)]
        if sum(letters * LETTER + 34 for letters in widest) <= width:
            return columns
    return 1


def by_order(sheet: Sheet) -> dict[str, Any]:
    """Return the channel that stacks the series in their order, or nothing for a single one."""
    return {"order": {"field": "o", "type": "quantitative"}} if sheet.chart.mark == "area" else {}


def band(
    sheet: Sheet, channel: str, *, categories: Sequence[Category] | None = None, name: str = "k"
) -> dict[str, Any]:
    """Return a channel with one step for each category, in their order and with wrapped names."""
    listed = sheet.frame.bases if categories is None else categories
    lying = channel == "y"
    room = int(sheet.width * 0.4) if lying else int((sheet.width - 50) / max(len(listed), 1))
    texts: dict[str, list[str]] = {}
    for one in listed:
        if one.moment or len(one.tick) > 1:
            texts[one.key] = list(one.tick)
            continue
        letters = max(int(min(room, 220) / LETTER) if lying else int(room / LETTER), 6)
        texts[one.key] = textwrap.wrap(one.tick[0], letters, break_long_words=False)[:3] or [""]
    axis = {
        "title": None, "grid": False, "ticks": False, "domain": False, "labelAngle": 0,
        "labelExpr": _lookup(texts), "labelPadding": 8 if lying else 6,
        "labelLimit": min(room, 230) if lying else max(room, 40),
        "labelColor": sheet.colours.text if lying else sheet.colours.text_3,
        "labelOverlap": False if lying or not _is_time(sheet) else "parity", "labelSeparation": 6,
    }  # fmt: skip
    longest = max((len(word) for lines in texts.values() for word in lines), default=0)
    droppable = longest <= 4 or all(_CLOCK.fullmatch(one.tick[0]) for one in listed)
    if not lying and longest * LETTER > room and droppable:
        axis["labelOverlap"] = "parity"
    elif not lying and longest * LETTER > room and not _is_time(sheet):
        # A word that does not fit under its bar is turned, because cut names cannot be told apart.
        texts = {one.key: [one.tick[0]] for one in listed}
        axis |= {"labelAngle": -35, "labelAlign": "right", "labelLimit": 130,
                 "labelExpr": _lookup(texts)}  # fmt: skip
    scale = {"paddingInner": 0.32 if not lying else 0.3, "paddingOuter": 0.16}
    return {"field": name, "type": "nominal", "sort": keys(listed), "axis": axis, "scale": scale}


def _is_time(sheet: Sheet) -> bool:
    return sheet.chart.base.kind == "temporal"


def along_time(sheet: Sheet) -> dict[str, Any]:
    """Return the x of a line: real time for a temporal axis, equal steps for another."""
    if not _is_time(sheet) or any(one.moment is None for one in sheet.frame.bases):
        steps = band(sheet, "x")
        steps["scale"] = {"padding": 0.3, "type": "point"}
        return steps
    bases = sheet.frame.bases
    lookup = _time_ticks(sheet)
    return {
        "field": "k", "type": "temporal",
        "axis": {
            "title": None, "grid": False, "ticks": True, "tickSize": 4, "domain": False,
            "values": list(lookup), "labelAngle": 0, "labelOverlap": "greedy",
            "labelSeparation": 8, "labelFlush": False,
            "labelExpr": f"{json.dumps(lookup)}[timeFormat(datum.value, '%Y-%m-%dT%H:%M:%S')]",
        },
        "scale": {"nice": False, "padding": 16 if len(bases) <= 40 else 0},
    }  # fmt: skip


def _time_ticks(sheet: Sheet) -> dict[str, list[str]]:
    """Return the ticks that fit, by key, the year under the first of each if there are several.

    Months are counted from January and many days are told by the first of each month; everything
    else is counted back from the newest period, which is the one people look for.
    """
    grain = sheet.chart.base.format or "day"
    shown = [one for one in sheet.frame.bases if one.moment]
    if grain == "day" and len(shown) > MOST_DAY_TICKS:
        grain, shown = "month", [one for one in shown if one.moment and one.moment.day == 1]
    every = -(-len(shown) // max(sheet.width // 62, 2))
    if grain == "month":
        every = next((step for step in (1, 2, 3, 4, 6) if step >= every), 12)
        shown = [one for one in shown if one.moment and (one.moment.month - 1) % every == 0]
    else:
        shown = shown[::-1][::every][::-1]
    several = len({one.moment.year for one in shown if one.moment}) > 1
    named: set[int] = set()
    texts: dict[str, list[str]] = {}
    for one in shown:
        if one.moment:
            fresh = several and one.moment.year not in named
            named.add(one.moment.year)
            lines = period_tick(one.moment, grain, sheet.lang, with_year=fresh)
            texts[one.key] = [lines[0] + ("*" if one.name.endswith("*") else ""), *lines[1:]]
    return texts


def value_axis(sheet: Sheet, channel: str) -> dict[str, Any]:
    """Return the axis of the amount; upright, its title stands above it, unturned."""
    axis: dict[str, Any] = {
        "domain": False, "ticks": False, "grid": True, "labelPadding": 6,
        "labelExpr": tick_expression(sheet.chart.unit, sheet.lang),
        "tickCount": 5, "labelFlush": False,
        "title": str(sheet.chart.measure_title),
    }  # fmt: skip
    if sheet.chart.unit == "count":
        axis["tickMinStep"] = 1
    if channel == "y":
        axis |= {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end",
                 "titleX": -4, "titleY": -20}  # fmt: skip
    else:
        axis |= {"titleAnchor": "end", "titleAlign": "right"}
    return axis


def measure(
    sheet: Sheet, channel: str, *, hide_axis: bool = False, name: str = "v"
) -> dict[str, Any]:
    """Return the channel of the amount: thin grid, no frame, nought kept."""
    scale: dict[str, Any] = {"zero": sheet.chart.measure.zero, "nice": 5}
    values = [cell.value for cell in sheet.frame.cells if cell.value is not None]
    if values and not sheet.chart.measure.zero:
        # Air below the lowest point, so that its figure does not fall on the dates.
        scale["domainMin"] = round(min(values) - (max(values) - min(values)) * 0.15, 6)
    return {
        "field": name,
        "type": "quantitative",
        "axis": None if hide_axis else value_axis(sheet, channel),
        "scale": scale,
    }


def baseline(sheet: Sheet, channel: str) -> dict[str, Any]:
    """Return the zero line, drawn over the feet of the marks."""
    if not sheet.chart.measure.zero:
        return {"mark": {"type": "rule", "opacity": 0}, "data": {"values": []}}
    return {
        "data": {"values": [{"zero": 0}]},
        "mark": {"type": "rule", "color": sheet.colours.edge, "strokeWidth": 1},
        "encoding": {
            channel: {"field": "zero", "type": "quantitative"},
            ("x" if channel == "y" else "y"): None,
        },
    }


def goal(sheet: Sheet, channel: str) -> list[dict[str, Any]]:
    """Return the goal as a dashed line with its word and value."""
    if sheet.chart.goal is None:
        return []
    other = "x" if channel == "y" else "y"
    value = format_value(sheet.chart.goal, sheet.chart.unit, sheet.lang)
    data = {"values": [{"goal": sheet.chart.goal, "label": f"{sheet.words.goal} {value}"}]}
    place = {channel: {"field": "goal", "type": "quantitative"}}
    side = {"align": "right", "dy": -6} if channel == "y" else {"align": "left", "dx": 5, "dy": -4}
    end = {"value": "width"} if channel == "y" else {"value": 0}
    colours = sheet.colours
    return [
        {
            "data": data,
            "mark": {"type": "rule", "color": colours.text_2, "strokeDash": [4, 3]},
            "encoding": {**place, other: None},
        },
        {
            "data": data,
            **with_halo(
                sheet,
                {"type": "text", "color": colours.text_2, "fontSize": 11, **side},
                {**place, other: end, "text": {"field": "label"}},
            ),
        },
    ]


def with_halo(sheet: Sheet, mark: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    """Return a text that stays readable over lines: behind it the same text, broad, in the ground's colour."""
    ground = {**mark, "stroke": sheet.colours.surface, "strokeWidth": 4, "strokeJoin": "round"}
    return {"layer": [{"mark": ground, "encoding": encoding}, {"mark": mark, "encoding": encoding}]}


def value_text(
    sheet: Sheet, channel: str, *, halo: bool = False, below: bool = False, gap: int = 5
) -> dict[str, Any]:  # fmt: skip
    """Return the figures beside the marks, on the far side of nought."""
    upright = {"dy": gap + 10} if below else {"dy": -gap - 3}
    side = {"align": "left", "dx": gap} if channel == "x" else upright
    mark: dict[str, Any] = {"type": "text", "color": sheet.colours.text_3, "fontSize": 11, **side}
    encoding: dict[str, Any] = {"text": {"field": "label"}}
    if not halo:
        return {"mark": mark, "encoding": encoding}
    return with_halo(sheet, mark, encoding)
