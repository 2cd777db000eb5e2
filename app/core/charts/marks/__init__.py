"""One drawing for each mark: frame in, Vega-Lite layers out; spec sets what stands around them."""

from collections.abc import Callable, Mapping

from app.core.charts.marks.bars import draw_bar, draw_stacked_bar
from app.core.charts.marks.channels import Drawing, Sheet
from app.core.charts.marks.counts import draw_histogram, draw_pareto
from app.core.charts.marks.heat import draw_heatmap
from app.core.charts.marks.lines import draw_area, draw_dot, draw_line

DRAWERS: Mapping[str, Callable[[Sheet], Drawing]] = {
    "bar": draw_bar,
    "stacked_bar": draw_stacked_bar,
    "line": draw_line,
    "area": draw_area,
    "heatmap": draw_heatmap,
    "pareto": draw_pareto,
    "histogram": draw_histogram,
    "dot": draw_dot,
}

__all__ = ["DRAWERS", "Drawing", "Sheet"]
