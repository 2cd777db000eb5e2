"""The heatmap: amounts as steps of one colour."""

import bisect
import json
import math
from typing import Any

from app.core.charts.frame import number
from app.core.charts.marks.channels import (
    Drawing,
    Sheet,
    band,
    cursor,
)
from app.core.charts.palette import readable_on
from app.core.charts.words import format_value

HEAT_ROW = 30


def draw_heatmap(sheet: Sheet) -> Drawing:
    """Draw amounts as seven steps of one colour; a hidden or missing cell keeps the ground."""
    most = max((cell.value or 0 for cell in sheet.frame.cells), default=0) or 1
    bounds = heat_bounds(most, len(sheet.colours.sequence), whole=sheet.chart.unit == "count")
    scale = {"type": "threshold", "domain": bounds, "range": list(sheet.colours.sequence)}
    ticks = {str(bound): format_value(bound, sheet.chart.unit, sheet.lang) for bound in bounds}
    expression = f"{json.dumps(ticks)}['' + datum.value] || ''"
    y = band(sheet, "y", categories=sheet.frame.series, name="s")
    y["scale"] = {"paddingInner": 0.06, "paddingOuter": 0}
    x = band(sheet, "x")
    x["scale"] = {"paddingInner": 0.06, "paddingOuter": 0}
    x["axis"]["labelOverlap"] = "parity"
    rect = {
        "mark": {"type": "rect", "cornerRadius": 2, "invalid": "show", "cursor": cursor(sheet)},
        "encoding": {
            "color": {
                "condition": {"test": "!isValid(datum.v)", "value": sheet.colours.inset},
                "field": "v",
                "type": "quantitative",
                "scale": scale,
                "legend": {
                    "title": None,
                    "labelExpr": expression,
                    "gradientLength": 280,
                    "gradientThickness": 11,
                },
            },
            "tooltip": {"field": "tip"},
        },
    }  # fmt: skip
    layers = [rect]
    hidden = [cell for cell in sheet.frame.cells if cell.hidden]
    if sheet.is_labelled or hidden:
        layers.append(_heat_text(sheet, bounds, only_hidden=not sheet.is_labelled))
    rows = len(sheet.frame.series)
    return Drawing(
        layers, HEAT_ROW * rows + 26,
        {"encoding": {"x": x, "y": y}, "data": {"values": sheet.records()}},
        sheet.frame.series[:1],
    )  # fmt: skip


def heat_bounds(most: float, steps: int, *, whole: bool) -> list[float | int]:
    """Return the round numbers between the steps; the largest value falls in the last step."""
    rough = most / (steps - 0.5)
    power = 10.0 ** math.floor(math.log10(rough))
    step = max(
        factor for factor in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9) if factor * power <= rough
    )
    size = step * power
    if whole:
        size = max(math.floor(size), 1)
    return [number(round(size * place, 6)) or 0 for place in range(1, steps)]


def _heat_text(sheet: Sheet, bounds: list[float | int], *, only_hidden: bool) -> dict[str, Any]:
    """Write the values into the cells in whichever word colour can be read on the step."""
    steps = sheet.colours.sequence
    data = []
    for datum in sheet.records():
        if only_hidden and datum["v"] is not None:
            continue
        step = bisect.bisect_right(bounds, datum["v"] or 0)
        on = sheet.colours.inset if datum["v"] is None else steps[step]
        pale = readable_on(on, sheet.colours) == sheet.colours.surface
        data.append({**datum, "pale": pale})
    return {
        "data": {"values": data},
        "mark": {"type": "text", "fontSize": 11},
        "encoding": {
            "text": {"field": "label"},
            "color": {
                "condition": {"test": "datum.pale", "value": sheet.colours.surface},
                "value": sheet.colours.text,
            },
        },
    }
