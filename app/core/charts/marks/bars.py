"""Bars: plain, grouped, stacked, and stacked around a neutral middle."""

from typing import Any

from app.core.charts.marks.channels import (
    BAR_ROW,
    MOST_LABELS,
    Drawing,
    Sheet,
    band,
    baseline,
    cursor,
    fill,
    goal,
    keys,
    measure,
    value_text,
)
from app.core.charts.words import format_value


def draw_bar(sheet: Sheet) -> Drawing:
    """Draw bars from nought, upright or lying; with a colour axis they stand side by side."""
    lying = sheet.chart.is_lying
    along, across = ("y", "x") if lying else ("x", "y")
    grouped = bool(sheet.frame.series)
    per_base = max(len(sheet.frame.series), 1)
    labelled = sheet.is_labelled
    encoding: dict[str, Any] = {
        along: band(sheet, along),
        across: measure(sheet, across, hide_axis=lying and labelled),
    }
    if grouped:
        encoding[along + "Offset"] = {"field": "s", "sort": keys(sheet.frame.series)}
    bar = {
        "mark": {"type": "bar", "cornerRadiusEnd": 2, "cursor": cursor(sheet)},
        "encoding": {**fill(sheet), "tooltip": {"field": "tip"}},
    }
    layers = [bar, baseline(sheet, across)]
    if labelled:
        layers.insert(1, value_text(sheet, across))
    layers += goal(sheet, across)
    row = BAR_ROW if per_base == 1 else 16 * per_base + 10
    height = row * len(sheet.frame.bases) + (0 if labelled else 30) if lying else 300
    return Drawing(
        layers, height, {"encoding": encoding, "data": {"values": sheet.records()}},
        sheet.frame.series,
    )  # fmt: skip


def draw_stacked_bar(sheet: Sheet) -> Drawing:
    """Draw stacked bars with their sums; opinions diverge from the middle of the neutral answer."""
    if sheet.chart.palette == "diverging":
        return _draw_diverging(sheet)
    lying = sheet.chart.is_lying
    along, across = ("y", "x") if lying else ("x", "y")
    encoding = {along: band(sheet, along), across: measure(sheet, across)}
    encoding[across]["stack"] = "zero"
    bar = {
        "mark": {"type": "bar", "cursor": cursor(sheet), "strokeWidth": 1.5},
        "encoding": {
            **fill(sheet),
            "stroke": {"value": sheet.colours.surface},
            "order": {"field": "o", "type": "quantitative"},
            "tooltip": {"field": "tip"},
        },
    }
    layers = [bar, baseline(sheet, across)]
    fits = sheet.has_room(len(sheet.frame.bases))
    if len(sheet.frame.bases) <= MOST_LABELS and sheet.chart.is_additive and fits:
        sums = {
            "data": {"values": _sums(sheet)},
            **value_text(sheet, across),
        }
        layers.insert(1, sums)
    height = BAR_ROW * len(sheet.frame.bases) + 30 if lying else 320
    return Drawing(
        layers + goal(sheet, across), height,
        {"encoding": encoding, "data": {"values": sheet.records()}}, sheet.frame.series,
    )  # fmt: skip


def _sums(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the sum of each bar; a bar with a hidden part says so instead of a wrong sum."""
    sums = []
    for base in sheet.frame.bases:
        parts = [cell for cell in sheet.frame.cells if cell.base.key == base.key]
        total = sum(cell.value or 0 for cell in parts)
        hidden = any(cell.hidden for cell in parts)
        text = (
            str(sheet.words.hidden) if hidden
            else format_value(total, sheet.chart.unit, sheet.lang)
        )  # fmt: skip
        sums.append({"k": base.key, "v": total, "label": text})
    return sums


def _draw_diverging(sheet: Sheet) -> Drawing:
    """Draw answers 1…5 around nought: half of the neutral answer lies on either side."""
    lying = sheet.chart.is_lying
    along, across = ("y", "x") if lying else ("x", "y")
    places = sheet.frame.by_place()
    middle = (len(sheet.frame.series) - 1) / 2
    data, sums = [], []
    for base in sheet.frame.bases:
        parts = [places.get((base.key, one.key)) for one in sheet.frame.series]
        values = [(part.value or 0) if part else 0 for part in parts]
        below = sum(v * (1 if i < middle else 0.5 if i == middle else 0)
                    for i, v in enumerate(values))  # fmt: skip
        start = -float(below)
        for part, value in zip(parts, values, strict=True):
            if part is not None:
                data.append(sheet.record(part, v0=round(start, 6), v1=round(start + value, 6)))
            start += value
        good = sum(v for i, v in enumerate(values) if i > middle)
        hidden = any(part.hidden for part in parts if part)
        text = (
            str(sheet.words.hidden) if hidden
            else format_value(good, sheet.chart.unit, sheet.lang)
        )  # fmt: skip
        sums.append({"k": base.key, "label": text})
    scale = measure(sheet, across, name="v0")
    # A side of a diverging bar is an amount too: it is written without a minus.
    scale["axis"]["labelExpr"] = scale["axis"]["labelExpr"].replace(
        "datum.value", "abs(datum.value)"
    )
    bar = {
        "mark": {"type": "bar", "cursor": cursor(sheet), "strokeWidth": 1.5, "size": 18},
        "encoding": {
            across: scale,
            across + "2": {"field": "v1"},
            **fill(sheet),
            "stroke": {"value": sheet.colours.surface},
            "tooltip": {"field": "tip"},
        },
    }
    edge = {"value": "width"} if lying else {"value": 0}
    total = {
        "data": {"values": sums},
        "mark": {
            "type": "text",
            "fontWeight": "bold",
            "color": sheet.colours.text,
            **({"align": "left", "dx": 8} if lying else {"dy": -8}),
        },
        "encoding": {"text": {"field": "label"}, across: edge},
    }
    layers = [bar, baseline(sheet, across), total]
    height = 30 * len(sheet.frame.bases) + 30 if lying else 320
    return Drawing(
        layers, height, {"encoding": {along: band(sheet, along)}, "data": {"values": data}},
        sheet.frame.series,
    )  # fmt: skip
