"""Lines, areas and dots: marks that stand at a point rather than on a foot."""

from typing import Any

from app.core.charts.marks.channels import (
    BAR_ROW,
    Drawing,
    Sheet,
    along_time,
    band,
    baseline,
    by_order,
    cursor,
    fill,
    goal,
    keys,
    legend,
    measure,
    slots,
    value_text,
)
from app.core.charts.palette import DASHES, SHAPES


def draw_line(sheet: Sheet) -> Drawing:
    """Draw one line for each series; they differ by dash as well as by colour."""
    series = sheet.frame.series
    encoding: dict[str, Any] = {"x": along_time(sheet), "y": measure(sheet, "y")}
    paint = fill(sheet)
    if series:
        dash = {
            "domain": keys(series),
            "range": [list(DASHES[place]) for place in slots(series)],
        }
        paint["strokeDash"] = {"field": "s", "scale": dash, "legend": legend(sheet)}
    line = {
        "mark": {"type": "line", "strokeWidth": 2, "strokeJoin": "round"},
        "encoding": {**paint, **by_order(sheet)},
    }
    few = len(sheet.frame.bases) <= 40
    # Where points would be a caterpillar they stay, unseen, so that each is still a link.
    point = {
        "mark": {
            "type": "point", "filled": True, "size": 34 if few else 80,
            "opacity": 1 if few else 0, "cursor": cursor(sheet),
        },
        "encoding": {**fill(sheet), "tooltip": {"field": "tip"}},
    }  # fmt: skip
    layers = [line, baseline(sheet, "y"), *goal(sheet, "y"), point]
    if sheet.is_labelled and not series:
        layers += _values_clear_of_line(sheet)
    return Drawing(layers, 280, {"encoding": encoding, "data": {"values": sheet.records()}}, series)


def _values_clear_of_line(sheet: Sheet) -> list[dict[str, Any]]:
    """Return the figures above the points, but below a point where the line makes a valley."""
    data = sheet.records()
    heights = [datum["v"] for datum in data]
    most = max((v for v in heights if v is not None), default=0)
    # Close to the zero line there is no room for a figure below the point.
    floor = most * 0.12 if sheet.chart.measure.zero else float("-inf")
    for place, datum in enumerate(data):
        around = heights[max(place - 1, 0) : place + 2 : 2] if place else heights[1:2]
        sides = [most if v is None else v for v in around]
        height = most if datum["v"] is None else datum["v"]
        datum["valley"] = bool(sides) and floor < height < min(sides)
    above = value_text(sheet, "y", halo=True)
    below = value_text(sheet, "y", halo=True, below=True)
    return [
        {"data": {"values": [datum for datum in data if datum["valley"] is valley]}, **layer}
        for valley, layer in ((False, above), (True, below))
    ]


def draw_area(sheet: Sheet) -> Drawing:
    """Draw stacked areas, or one area under its line."""
    series = sheet.frame.series
    x, y = along_time(sheet), measure(sheet, "y")
    y["stack"] = "zero" if series else None
    shared = {**fill(sheet), **by_order(sheet)}
    area: dict[str, Any] = {
        "mark": {"type": "area", "fillOpacity": 1 if series else 0.22,
                 "line": False if series else {"strokeWidth": 2}},
        "encoding": dict(shared),
    }  # fmt: skip
    if series:
        area["mark"] |= {"stroke": sheet.colours.surface, "strokeWidth": 1}
    point = {
        "mark": {"type": "point", "filled": True, "size": 80, "opacity": 0,
                 "cursor": cursor(sheet)},
        "encoding": {**({"detail": {"field": "s"}} if series else {}), **by_order(sheet),
                     "tooltip": {"field": "tip"}},
    }  # fmt: skip
    layers = [area, baseline(sheet, "y"), *goal(sheet, "y"), point]
    if sheet.is_labelled and not series:
        layers += _values_clear_of_line(sheet)
    return Drawing(
        layers, 280,
        {"encoding": {"x": x, "y": y}, "data": {"values": sheet.records()}}, series,
    )  # fmt: skip


def draw_dot(sheet: Sheet) -> Drawing:
    """Draw dots on a scale; several series on one row are joined so that the gap is seen."""
    series = sheet.frame.series
    encoding = {"y": band(sheet, "y"), "x": measure(sheet, "x")}
    paint = fill(sheet)
    if series:
        shape = {"domain": keys(series), "range": [SHAPES[place] for place in slots(series)]}
        paint["shape"] = {"field": "s", "scale": shape, "legend": legend(sheet)}
        ends = []
        for base in sheet.frame.bases:
            values = [cell.value for cell in sheet.frame.cells
                      if cell.base.key == base.key and cell.value is not None]  # fmt: skip
            if values:
                ends.append({"k": base.key, "v": min(values), "v1": max(values)})
        stem: dict[str, Any] = {"data": {"values": ends}, "encoding": {"x2": {"field": "v1"}}}
    else:
        stem = {"encoding": {"x2": {"datum": 0}}}
    stem["mark"] = {"type": "rule", "color": sheet.colours.edge, "strokeWidth": 1}
    dot = {
        "mark": {"type": "point", "filled": True, "size": 95, "opacity": 1,
                 "cursor": cursor(sheet)},
        "encoding": {**paint, "tooltip": {"field": "tip"}},
    }  # fmt: skip
    layers = [stem, baseline(sheet, "x"), *goal(sheet, "x"), dot]
    if sheet.is_labelled and not series:
        layers.append(value_text(sheet, "x", gap=9))
    height = BAR_ROW * len(sheet.frame.bases) + 34
    return Drawing(
        layers, height, {"encoding": encoding, "data": {"values": sheet.records()}}, series
    )
