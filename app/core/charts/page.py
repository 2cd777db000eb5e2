"""What page and browser exchange about a chart: attributes of its figure, the answer to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from flask_babel import lazy_gettext as _l

from app.core.charts.declare import Chart, Row
from app.core.charts.frame import Link
from app.core.charts.palette import THEMES, Theme
from app.core.charts.spec import build_spec
from app.core.charts.table import data_table


def figure_attributes(chart: Chart, src: str, *, table_id: str | None = None) -> dict[str, str]:
    """Return the attributes of ``<figure>`` that static/js/charts.js looks for.

    ``src`` answers ``chart_answer`` as JSON. ``table_id`` names the ``<table>`` that is filled
    with the same figures; without it the page writes the table itself.
    """
    attributes = {
        "class": "chart-figure",
        "data-chart-src": src,
        "data-label": str(chart.title),
        "data-empty": str(_l("There is nothing to draw with this filter.")),
        "data-error": str(_l("The chart could not be drawn. Reload the page to try again.")),
    }
    return attributes | ({"data-chart-table": table_id} if table_id else {})


def chart_answer(
    chart: Chart,
    rows: Sequence[Row],
    args: Mapping[str, str],
    *,
    lang: Literal["tr", "en"] = "tr",
    as_of: datetime | None = None,
    link: Link | None = None,
) -> dict[str, Any]:
    """Return ``{"spec", "table"}`` for the browser.

    ``args`` are the arguments of the address, ``theme`` and ``width``; what is not understood
    falls back, because a hand-written address must not end in an error page.
    """
    spec = build_spec(
        chart,
        rows,
        theme=_theme(args.get("theme", "")),
        lang=lang,
        width=_width(args.get("width", "")),
        as_of=as_of,
        link=link,
    )
    table = data_table(chart, rows, lang=lang, link=link, as_of=as_of)
    return {"spec": spec, "table": table.to_dict()}


def _theme(text: str) -> Theme:
    return text if text in THEMES else "light"  # type: ignore[return-value]


def _width(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 640
