"""What a room says about a chart: axes, query, mark; how it is drawn is not said here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Row = Mapping[str, Any]
# A text is a plain string or a lazy one of Flask-Babel; both become words with str() while drawing.
Text = Any

Kind = Literal["nominal", "ordinal", "temporal", "quantitative"]
Mark = Literal["bar", "stacked_bar", "line", "area", "heatmap", "pareto", "histogram", "dot"]
# How a value is written. A percent counts in points (93.4 is %93,4), money in Turkish liras.
Unit = Literal["count", "number", "percent", "money"]
Grain = Literal["year", "quarter", "month", "week", "day", "hour"]
Palette = Literal["category", "diverging"]

# Only these may be summed; a sum of averages or of percentages is a false figure.
ADDITIVE_UNITS: frozenset[str] = frozenset({"count", "money"})
# The look has eight category colours; what does not fit becomes one more, neutral, "other".
MOST_COLOURS = 8


class ChartError(ValueError):
    """A declaration or its rows contradict themselves; the message is for the developer."""


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One dimension or the measure of a chart.

    ``name`` is the key in the rows. ``labels`` turns coded values into words and, for an ordinal
    axis, gives their order. ``sort`` is ``"value"`` (largest first), ``"label"`` (Turkish
    alphabet), ``"given"`` (as the query ordered them) or a sequence of values; ``None`` picks
    what suits the kind: nominal by value, ordinal by ``labels``, temporal by time.
    ``format`` is the length of a period on a temporal axis. ``short`` is the key of a shorter name
    that stands under the mark, e.g. a code; table and tooltip have the whole one. ``zero=False`` lets the measure of a
    line start above zero.
    """

    name: str
    title: Text
    kind: Kind
    sort: str | Sequence[Any] | None = None
    labels: Mapping[Any, Text] | None = None
    format: Grain | None = None
    short: str = ""
    zero: bool = True

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ChartError(f"axis {self.name}: unknown kind {self.kind}")
        if self.kind == "temporal" and self.format not in get_args(Grain):
            raise ChartError(f"axis {self.name}: a temporal axis names its period in `format`")
        if isinstance(self.sort, str) and self.sort not in {"value", "label", "given"}:
            raise ChartError(f"axis {self.name}: unknown sort {self.sort}")


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart as a declaration.

    ``query(session, params)`` returns rows that SQL has already grouped: one row for each
    combination of the dimensions. ``drill(row)`` gives the filters of the list behind a mark.

    Which axis carries the measure decides how it stands: a quantitative ``x`` draws bars lying
    down, a quantitative ``y`` draws them upright. A heatmap has two dimensions and its measure
    in ``color``. A histogram takes bins that are already counted: ``x`` is the lower bound of a
    bin and the row key ``<x name>_end`` its upper bound (``None`` for an open last bin).
    """

    key: str
    title: Text
    mark: Mark
    x: Axis
    y: Axis
    description: Text
    query: "Callable[[Session, Mapping[str, Any]], Sequence[Row]]"
    measure_title: Text
    color: Axis | None = None
    drill: Callable[[Row], Mapping[str, str]] | None = None
    unit: Unit = "count"
    max_categories: int = 8
    palette: Palette = "category"
    goal: float | None = None

    def __post_init__(self) -> None:
        problem = self._problem()
        if problem:
            raise ChartError(f"chart {self.key}: {problem}")

    def _problem(self) -> str | None:
        if self.mark not in get_args(Mark):
            return f"unknown mark {self.mark}"
        if self.unit not in get_args(Unit):
            return f"unknown unit {self.unit}"
        measures = [axis for axis in (self.x, self.y) if axis.kind == "quantitative"]
        if self.mark == "heatmap":
            if measures or self.color is None or self.color.kind != "quantitative":
                return "a heatmap has two dimensions and its measure in `color`"
            return None
        if self.mark == "histogram":
            return None if len(measures) == 2 else "a histogram has bins on x and a count on y"
        if len(measures) != 1:
            return "exactly one of x and y is the measure"
        if self.color is not None and self.color.kind == "quantitative":
            return "only a heatmap colours by amount"
        return self._mark_problem()

    def _mark_problem(self) -> str | None:
        if self.mark in {"line", "area", "pareto"} and self.is_lying:
            return f"a {self.mark} has its measure on y"
        if self.mark == "dot" and not self.is_lying:
            return "a dot plot has its measure on x"
        if self.mark == "stacked_bar" and self.color is None:
            return "a stacked bar needs `color`"
        if self.mark == "pareto" and (self.color is not None or not self.is_additive):
            return "a pareto sums one series, so its unit is count or money"
        if self.mark == "area" and self.color is not None and not self.is_additive:
            return "areas are stacked, so their unit is count or money"
        if self.palette == "diverging" and self.mark != "stacked_bar":
            return "only a stacked bar diverges"
        return None

    @property
    def is_lying(self) -> bool:
        """Tell whether the measure runs from left to right."""
        return self.mark not in {"heatmap", "histogram"} and self.x.kind == "quantitative"

    @property
    def is_additive(self) -> bool:
        """Tell whether values may be summed."""
        return self.unit in ADDITIVE_UNITS

    @property
    def base(self) -> Axis:
        """Return the dimension along which the marks stand."""
        return self.y if self.is_lying else self.x

    @property
    def measure(self) -> Axis:
        """Return the axis that holds the amount."""
        if self.mark == "heatmap":
            if self.color is None:
                raise ChartError(f"chart {self.key}: a heatmap has its measure in `color`")
            return self.color
        return self.x if self.is_lying else self.y

    @property
    def series(self) -> Axis | None:
        """Return the second dimension: the colours, or the rows of a heatmap."""
        return self.y if self.mark == "heatmap" else self.color
