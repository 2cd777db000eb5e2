"""Charts: a room declares query and axes; from them come one specification, a table and pictures.

Nothing here knows a room, a table or a request. A view answers ``build_spec`` and ``data_table``
as JSON and the browser draws it (static/js/charts.js); a report calls ``render_svg`` or
``render_png`` in the worker.
"""

from app.core.charts.declare import Axis, Chart, ChartError, Row
from app.core.charts.frame import Link
from app.core.charts.palette import PALETTE, THEMES, Theme
from app.core.charts.privacy import suppress_small
from app.core.charts.render import render_png, render_svg
from app.core.charts.spec import build_spec
from app.core.charts.table import Table, data_table
from app.core.charts.words import Words

__all__ = [
    "PALETTE",
    "THEMES",
    "Axis",
    "Chart",
    "ChartError",
    "Link",
    "Row",
    "Table",
    "Theme",
    "Words",
    "build_spec",
    "data_table",
    "render_png",
    "render_svg",
    "suppress_small",
]
