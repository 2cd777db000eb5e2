"""A chart and its rows become one Vega-Lite specification, equal for screen and paper."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from app.core.charts.declare import Chart, Row
from app.core.charts.frame import Frame, Link, filled, folded, make_frame
from app.core.charts.marks import DRAWERS, Drawing, Sheet
from app.core.charts.marks.channels import legend_columns
from app.core.charts.palette import PALETTE, Theme
from app.core.charts.words import Words, as_of_text, locale_config

# The newest grammar that vl-convert 1.9 bundles; a test compares it with the package.
VEGA_LITE = "6.4"
SCREEN_FONT = (
    '"Segoe UI", -apple-system, BlinkMacSystemFont, Roboto, "Noto Sans", "Liberation Sans", '
    "Arial, sans-serif"
)
PAPER_FONT = '"Liberation Sans", Arial, Helvetica, sans-serif'
LEAST_WIDTH, MOST_WIDTH = 240, 2400
LEGEND_ROW = 22


def build_spec(
    chart: Chart,
    rows: Sequence[Row],
    *,
    theme: Theme,
    lang: Literal["tr", "en"] = "tr",
    width: int = 640,
    height: int | None = None,
    as_of: datetime | None = None,
    link: Link | None = None,
    words: Words | None = None,
    titled: bool = False,
) -> dict[str, Any]:
    """Return the specification of a chart; equal arguments give equal dictionaries.

    ``rows`` is what ``chart.query`` answered. ``link`` turns the filters of ``chart.drill`` into
    the address of a list; without it nothing can be clicked. ``height`` is chosen from the number
    of marks when it is not given. ``titled`` writes title and as-of time into the drawing, for
    files that travel alone. Raises ChartError when two rows share their dimensions.
    """
    words = words or Words()
    width = min(max(width, LEAST_WIDTH), MOST_WIDTH)
    colours = PALETTE[theme]
    frame = make_frame(chart, rows, words=words, lang=lang, link=link, as_of=as_of)
    frame = folded(filled(frame, chart, lang), chart, words)
    sheet = Sheet(chart, frame, colours, words, lang, width)
    drawing = DRAWERS[chart.mark](sheet) if frame.cells else Drawing([], 120)
    notes = _notes(frame, words)
    title = _title(chart, as_of, words, lang, notes, titled=titled)
    room = height or drawing.height + _around(drawing, sheet, title)
    return {
        "$schema": f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE.partition('.')[0]}.json",
        "description": f"{chart.title}. {chart.description}",
        "background": colours.surface,
        "padding": 4,
        "width": width,
        "height": room,
        "autosize": {"type": "fit", "contains": "padding"},
        **({"title": title} if title else {}),
        **drawing.extra,
        "layer": drawing.layers or [{"data": {"values": []}, "mark": "point"}],
        "config": _config(sheet, theme),
        "usermeta": {
            "key": chart.key,
            "theme": theme,
            "lang": lang,
            "empty": not frame.cells,
            "asOf": as_of_text(as_of, words, lang) if as_of else None,
            "notes": notes,
        },
    }


def _notes(frame: Frame, words: Words) -> list[str]:
    """Return what a reader must be told beside the drawing."""
    notes = []
    if any(category.name.endswith("*") for category in frame.bases):
        notes.append(str(words.unfinished))
    if frame.left_out:
        notes.append(str(words.partial) % {"n": len(frame.series)})
    return notes


def _title(
    chart: Chart, as_of: datetime | None, words: Words, lang: str, notes: list[str], *, titled: bool
) -> dict[str, Any]:
    if not titled:
        return {}
    below = ([as_of_text(as_of, words, lang)] if as_of else []) + notes
    return {"text": str(chart.title), **({"subtitle": " · ".join(below)} if below else {})}


def _around(drawing: Drawing, sheet: Sheet, title: Mapping[str, Any]) -> int:
    """Return the height that title, legend and axis title take from a fitted drawing."""
    legend_rows = 0
    if drawing.legend:
        # A heatmap names one scale, everything else as many words as it has series.
        legend_rows = -(-len(drawing.legend) // legend_columns(drawing.legend, sheet.width))
    legend = legend_rows * LEGEND_ROW + (30 if legend_rows else 0)
    heading = 28 + (18 if "subtitle" in title else 0) if title else 0
    return legend + heading + (0 if sheet.chart.is_lying else 16)


def _config(sheet: Sheet, theme: Theme) -> dict[str, Any]:
    """Return the look: thin grid, no frame, quiet words; the locale belongs to it."""
    colours = sheet.colours
    titled_above = not sheet.chart.is_lying and sheet.chart.mark != "heatmap"
    font = PAPER_FONT if theme == "print" else SCREEN_FONT
    return {
        "locale": locale_config(sheet.lang),
        "font": font,
        # The table beside the drawing is what a screen reader reads; English roles would disturb.
        "aria": False,
        "customFormatTypes": False,
        "view": {"stroke": None},
        "axis": {
            "labelColor": colours.text_3,
            "labelFontSize": 12,
            "labelFontWeight": "normal",
            "titleColor": colours.text_3,
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "gridColor": colours.line,
            "gridWidth": 1,
            "tickColor": colours.edge,
            "domainColor": colours.edge,
        },
        "legend": {
            "orient": "top",
            "direction": "horizontal",
            # Upright amounts carry their title above the axis, so the legend keeps clear of it.
            "offset": 34 if titled_above else 10,
            "labelColor": colours.text_2,
            "labelFontSize": 12,
            "labelLimit": 260,
            "symbolSize": 110,
            "columnPadding": 14,
            "rowPadding": 4,
        },
        "title": {
            "anchor": "start",
            "color": colours.text,
            "fontSize": 15,
            "fontWeight": "bold",
            "subtitleColor": colours.text_2,
            "subtitleFontSize": 12,
            "subtitlePadding": 5,
            "offset": 12,
        },
        "text": {"font": font},
    }
