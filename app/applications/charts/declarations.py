"""The charts of applications as declarations; reports draw the same ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.applications.charts.privacy import guarded
from app.applications.models import Application
from app.applications.queries import figures
from app.applications.rules.groups import (
    AGE_BOUNDS,
    AGE_LABELS,
    ON_TIME_GOAL,
    TOPIC_GROUP_LABELS,
)
from app.applications.rules.vocabulary import CHANNEL_LABELS, KIND_LABELS, OUTCOME_LABELS
from app.core import clock
from app.core.charts import Axis, Chart, Row

#: How many days the chart of the home page shows.
DAYS_SHOWN = 30


def lazy(labels: Mapping[Any, str]) -> dict[Any, Any]:
    """Labels that are translated when a chart is drawn."""
    return {key: _l(label) for key, label in labels.items()}


COUNT = Axis(name="count", title=_l("Applications"), kind="quantitative")
CHANNELS = lazy(CHANNEL_LABELS)
WEEKDAYS = {
    1: _l("Mon"),
    2: _l("Tue"),
    3: _l("Wed"),
    4: _l("Thu"),
    5: _l("Fri"),
    6: _l("Sat"),
    7: _l("Sun"),
}
DUE_GROUPS = {
    "in_time": _l("Within the legal period"),
    "late": _l("Past the legal date"),
    "none": _l("Without a legal period"),
}
STEPS = {"received": _l("Applications received"), "answered": _l("Applications answered")}


def month_span(first: dt.date) -> dict[str, str]:
    """Filters of the list for one month."""
    following = (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    last = following - dt.timedelta(days=1)
    return {"received_from": first.isoformat(), "received_to": last.isoformat()}


def age_span(place: int, today: dt.date) -> dict[str, str]:
    """Filters of the list for one group of the backlog."""
    span = {}
    if place < len(AGE_BOUNDS):
        span["received_from"] = (today - dt.timedelta(days=AGE_BOUNDS[place])).isoformat()
    if place > 0:
        newest = today - dt.timedelta(days=AGE_BOUNDS[place - 1] + 1)
        span["received_to"] = newest.isoformat()
    return span


def _age_drill(row: Row) -> Mapping[str, str]:
    today = clock.today()
    span = {"state": "open", **age_span(row["age"], today)}
    if row["due"] == "late":
        return {**span, "due_to": (today - dt.timedelta(days=1)).isoformat()}
    return {**span, "due_from": today.isoformat()} if row["due"] == "in_time" else {}


def _daily(session: Any, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    today = params["today"]
    first = today - dt.timedelta(days=DAYS_SHOWN - 1)
    return figures.count_per_day(session, first, today, params["narrow"])


def _outcomes(session: Any, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    column = Application.outcome
    return figures.count_by(
        session, column, "outcome", lambda stmt: params["narrow"](stmt).where(column.is_not(None))
    )


def _rates(session: Any, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = figures.list_unit_figures(session, params["narrow"], today=params["today"])
    return [row for row in rows if row["rate"] is not None]


BY_MONTH = Chart(
    key="month_channel",
    title=_l("Applications by month and channel"),
    description=_l("How many applications each channel brought in each month."),
    mark="stacked_bar",
    x=Axis(name="month", title=_l("Month"), kind="temporal", format="month"),
    y=COUNT,
    color=Axis(name="channel", title=_l("Channel"), kind="nominal", labels=CHANNELS),
    measure_title=_l("Applications"),
    query=lambda s, p: figures.count_by_month_and_channel(s, p["narrow"]),
    drill=lambda row: {"channel": str(row["channel"]), **month_span(row["month"])},
    max_categories=6,
)
BY_TOPIC = Chart(
    key="topic_pareto",
    title=_l("The most frequent topics"),
    description=_l("Topics by number of applications, with the share they make up together."),
    mark="pareto",
    x=Axis(name="topic", title=_l("Topic"), kind="nominal", short="code"),
    y=COUNT,
    measure_title=_l("Applications"),
    query=lambda s, p: figures.count_by_topic(s, p["narrow"]),
    drill=lambda row: {"topic": str(row["topic_id"])} if row["topic_id"] else {},
    max_categories=20,
)
ON_TIME = Chart(
    key="on_time_units",
    title=_l("Answered in time, by unit"),
    description=_l(
        "Share of the answered cases with a legal period that kept it; the goal is 95 percent."
    ),
    mark="bar",
    x=Axis(name="rate", title=_l("In time"), kind="quantitative"),
    y=Axis(name="unit", title=_l("Unit"), kind="nominal"),
    measure_title=_l("In time (percent)"),
    unit="percent",
    goal=ON_TIME_GOAL,
    query=_rates,
    drill=lambda row: {"unit": str(row["unit_id"]), "on_time": "0"},
)
AGEING = Chart(
    key="ageing",
    title=_l("Open cases by age"),
    description=_l(
        "How long the open cases have been with us, and whether their legal date has passed."
    ),
    mark="stacked_bar",
    x=Axis(name="age", title=_l("Age"), kind="ordinal", labels=lazy(AGE_LABELS)),
    y=COUNT,
    color=Axis(name="due", title=_l("Legal period"), kind="ordinal", labels=DUE_GROUPS),
    measure_title=_l("Open cases"),
    query=lambda s, p: figures.count_backlog_by_age(s, p["narrow"], today=p["today"]),
    drill=_age_drill,
)
BY_HOUR = Chart(
    key="weekday_hour",
    title=_l("When applications come"),
    description=_l("Applications by day of the week and hour of receipt."),
    mark="heatmap",
    x=Axis(name="hour", title=_l("Hour"), kind="ordinal", labels={h: f"{h:02}" for h in range(24)}),
    y=Axis(name="weekday", title=_l("Day"), kind="ordinal", labels=WEEKDAYS),
    color=COUNT,
    measure_title=_l("Applications"),
    query=lambda s, p: figures.count_by_weekday_and_hour(s, p["narrow"]),
)
BY_PLACE = Chart(
    key="district_group",
    title=_l("Topics by district"),
    description=_l("Applications by district of the place and group of the topic."),
    mark="heatmap",
    x=Axis(name="district", title=_l("District"), kind="nominal"),
    y=Axis(name="group", title=_l("Topic group"), kind="nominal", labels=lazy(TOPIC_GROUP_LABELS)),
    color=COUNT,
    measure_title=_l("Applications"),
    query=lambda s, p: figures.count_by_district_and_group(s, p["narrow"]),
    drill=lambda row: {"district": str(row["district_id"]), "group": str(row["group"])},
)
KINDS = Chart(
    key="kinds",
    title=_l("Applications by kind"),
    description=_l("What the applications are in law."),
    mark="bar",
    x=COUNT,
    y=Axis(name="kind", title=_l("Kind"), kind="nominal", labels=lazy(KIND_LABELS)),
    measure_title=_l("Applications"),
    query=lambda s, p: figures.count_by(s, Application.kind, "kind", p["narrow"]),
    drill=lambda row: {"kind": str(row["kind"])},
    max_categories=12,
)
OUTCOMES = Chart(
    key="outcomes",
    title=_l("Applications by outcome"),
    description=_l("What came of the applications that have ended."),
    mark="bar",
    x=COUNT,
    y=Axis(name="outcome", title=_l("Outcome"), kind="nominal", labels=lazy(OUTCOME_LABELS)),
    measure_title=_l("Applications"),
    query=_outcomes,
    drill=lambda row: {"outcome": str(row["outcome"])},
)
DURATIONS = Chart(
    key="unit_durations",
    title=_l("Days to the answer, by unit"),
    description=_l("Half of the answers came within this many calendar days."),
    mark="dot",
    x=Axis(name="median", title=_l("Days (median)"), kind="quantitative"),
    y=Axis(name="unit", title=_l("Unit"), kind="nominal"),
    measure_title=_l("Days (median)"),
    unit="number",
    query=lambda s, p: figures.list_unit_durations(s, p["narrow"]),
    drill=lambda row: {"unit": str(row["unit_id"])},
)
DAILY = Chart(
    key="daily",
    title=_l("Received and answered, 30 days"),
    description=_l("Applications received and answered on each of the last thirty days."),
    mark="line",
    x=Axis(name="day", title=_l("Day"), kind="temporal", format="day"),
    y=COUNT,
    color=Axis(name="step", title=_l("Step"), kind="ordinal", labels=STEPS),
    measure_title=_l("Applications"),
    query=_daily,
    drill=lambda row: (
        {"received_from": str(row["day"]), "received_to": str(row["day"])}
        if row["step"] == "received"
        else {}
    ),
)
CHANNEL_SHARE = Chart(
    key="channels",
    title=_l("Applications by channel"),
    description=_l("By which way the applications came."),
    mark="bar",
    x=COUNT,
    y=Axis(name="channel", title=_l("Channel"), kind="nominal", labels=CHANNELS),
    measure_title=_l("Applications"),
    query=lambda s, p: figures.count_by(s, Application.channel, "channel", p["narrow"]),
    drill=lambda row: {"channel": str(row["channel"])},
    max_categories=12,
)
DISTRICTS = Chart(
    key="districts",
    title=_l("Applications by district"),
    description=_l("Where the place of the application is."),
    mark="bar",
    x=COUNT,
    y=Axis(name="district", title=_l("District"), kind="nominal"),
    measure_title=_l("Applications"),
    query=lambda s, p: figures.count_by_district(s, p["narrow"]),
    drill=lambda row: {"district": str(row["district_id"])} if row["district_id"] else {},
    max_categories=12,
)

#: In the order of the page; small groups of delicate cases are hidden in each of them.
APPLICATION_CHARTS = tuple(
    guarded(chart)
    for chart in (
        BY_MONTH,
        BY_TOPIC,
        ON_TIME,
        AGEING,
        BY_HOUR,
        BY_PLACE,
        KINDS,
        OUTCOMES,
        DURATIONS,
        CHANNEL_SHARE,
        DISTRICTS,
        DAILY,
    )
)
