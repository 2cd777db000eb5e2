"""Bars with arithmetic of their own: the pareto and the histogram."""

import json
from typing import Any

from app.core.charts.marks.channels import (
    Drawing,
    Sheet,
    band,
    baseline,
    cursor,
    fill,
    measure,
    value_axis,
    value_text,
)
from app.core.charts.words import format_value, tick_expression


def draw_pareto(sheet: Sheet) -> Drawing:
    """Draw the largest causes first with the running share of all; "other" always stands last."""
    records = sheet.records()
    total = sum(datum["v"] or 0 for datum in records)
    running: float = 0
    for datum in records:
        running += datum["v"] or 0
        datum["share"] = round(running / total * 100, 4) if total else 0
        percent = format_value(round(datum["share"], 1), "percent", sheet.lang)
        name = datum["tip"].rpartition(": ")[0]
        datum["share_tip"] = f"{name}: {sheet.words.cumulative} {percent}"
    colours = sheet.colours
    bar = {
        "mark": {"type": "bar", "cornerRadiusEnd": 2, "cursor": cursor(sheet)},
        "encoding": {
            "y": measure(sheet, "y"), **fill(sheet), "tooltip": {"field": "tip"},
        },
    }  # fmt: skip
    axis = {
        **value_axis(sheet, "y"),
        "orient": "right",
        "grid": False,
        "title": str(sheet.words.cumulative),
        "titleAnchor": "end",
        "titleAlign": "right",
        "titleX": 0,
        "labelExpr": tick_expression("percent", sheet.lang),
        "values": [0, 20, 40, 60, 80, 100],
        # A count of ticks would thin the values out again.
        "tickCount": None,
    }
    share = {
        "field": "share", "type": "quantitative", "axis": axis,
        "scale": {"domain": [0, 100], "nice": False},
    }  # fmt: skip
    accent = colours.category[1]
    line = {
        "mark": {"type": "line", "color": accent, "strokeWidth": 2},
        "encoding": {"y": share},
    }
    point = {
        "mark": {"type": "point", "filled": True, "size": 40, "color": accent},
        "encoding": {"y": share, "tooltip": {"field": "share_tip"}},
    }
    rule = {
        "mark": {"type": "rule", "color": colours.text_3, "strokeDash": [4, 3], "strokeWidth": 1},
        "encoding": {"x": None, "y": {"datum": 80, "type": "quantitative"}},
    }
    layers: list[dict[str, Any]] = [
        {"layer": [bar, baseline(sheet, "y")]},
        {"layer": [rule, line, point]},
    ]
    if sheet.is_labelled:
        # The figures stand over the line, on the scale of the bars, which is not drawn twice.
        text = value_text(sheet, "y", halo=True)
        layers.append({"encoding": {"y": measure(sheet, "y", hide_axis=True)}, **text})
    extra = {
        "encoding": {"x": band(sheet, "x")},
        "data": {"values": records},
        "resolve": {"scale": {"y": "independent"}},
    }
    return Drawing(layers, 320, extra)


def draw_histogram(sheet: Sheet) -> Drawing:
    """Draw counted bins without gaps."""
    bounds = {one.key: one.bounds for one in sheet.frame.bases if one.bounds}
    ticks = {json.dumps(one.bounds[0]): one.tick[0] for one in sheet.frame.bases if one.bounds}
    last = sheet.frame.bases[-1] if sheet.frame.bases else None
    if last and last.bounds and not last.name.endswith("+"):
        ticks[json.dumps(last.bounds[1])] = format_value(last.bounds[1], "number", sheet.lang)
    data = []
    for datum in sheet.records():
        low, high = bounds[datum["k"]]
        data.append({**datum, "v0": low, "v1": high, "middle": (low + high) / 2})
    ends = [datum["v0"] for datum in data[:1]] + [datum["v1"] for datum in data[-1:]]
    axis = {
        "values": [json.loads(tick) for tick in ticks], "grid": False, "ticks": True,
        "tickSize": 4, "domain": False, "labelExpr": f"{json.dumps(ticks)}['' + datum.value]",
        "labelOverlap": "greedy", "labelFlush": False,
        "title": str(sheet.chart.x.title), "titleAnchor": "end", "titleAlign": "right",
    }  # fmt: skip
    x = {
        "field": "v0", "type": "quantitative", "bin": "binned", "axis": axis,
        "scale": {"domain": ends, "nice": False, "zero": False} if ends else {},
    }  # fmt: skip
    bar = {
        "mark": {"type": "bar", "cursor": cursor(sheet), "binSpacing": 1},
        "encoding": {
            "x": x, "x2": {"field": "v1"}, **fill(sheet), "tooltip": {"field": "tip"},
        },
    }  # fmt: skip
    layers = [bar, baseline(sheet, "y")]
    if sheet.is_labelled:
        text = value_text(sheet, "y")
        text["encoding"]["x"] = {"field": "middle", "type": "quantitative"}
        layers.append(text)
    return Drawing(layers, 280, {"encoding": {"y": measure(sheet, "y")}, "data": {"values": data}})
