"""Groups of tip-offs and CİMER applications so small that place and topic together point at a person.

For everybody without `restricted` such a group is “hidden” wherever the chart is drawn: as picture,
table, specification and in reports. Source: domain facts 8.1 and 9; setting statistics_minimum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import or_

from app.applications.models import Application
from app.applications.rules import Channel, Kind
from app.core.acting import current_actor
from app.core.charts import Chart, Row
from app.core.charts.privacy import suppress_small
from app.system.queries import get_number

#: Names of dimensions and of filters that say where, and what about.
PLACES = frozenset({"district", "district_id", "neighbourhood", "neighbourhood_id", "street"})
TOPICS = frozenset({"topic", "topic_id", "group"})
#: Column that counts the people behind a figure which is no count itself.
_PEOPLE = {"rate": "timed", "median": "answered"}


def is_delicate() -> Any:
    """Applications whose applicants must not be guessed from figures."""
    return or_(
        Application.kind == Kind.TIPOFF,
        Application.channel == Channel.CIMER,
        Application.is_restricted,
        Application.identity_hidden,
    )


def guarded(chart: Chart) -> Chart:
    """The chart with its small delicate groups hidden from whoever may not see restricted cases."""

    def query(session: Any, params: Mapping[str, Any]) -> Sequence[Row]:
        rows = chart.query(session, params)
        if not rows or current_actor().may("restricted", "Application"):
            return rows
        if not _crosses(chart, params):
            return rows
        return _hide(chart, session, params, rows)

    return replace(chart, query=query)


def _crosses(chart: Chart, params: Mapping[str, Any]) -> bool:
    """Whether rows tell place and topic at once, one of them perhaps as the filter of the page."""
    told = {axis.name for axis in (chart.x, chart.y, chart.color) if axis is not None}
    told |= {name for name, value in (params.get("args") or {}).items() if value}
    return bool(told & PLACES) and bool(told & TOPICS)


def _hide(
    chart: Chart, session: Any, params: Mapping[str, Any], rows: Sequence[Row]
) -> Sequence[Row]:
    def narrow(stmt: Any) -> Any:
        return params["narrow"](stmt).where(is_delicate())

    dimensions = [axis.name for axis in (chart.base, chart.series) if axis is not None]

    def place(row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in dimensions)

    delicate = {place(row) for row in chart.query(session, {**params, "narrow": narrow})}
    measure = chart.measure.name
    return suppress_small(
        rows,
        get_number(session, "statistics_minimum"),
        count=_PEOPLE.get(measure, measure),
        value=measure,
        within=dimensions if len(dimensions) > 1 else (),
        concerns=lambda row: place(row) in delicate,
    )
