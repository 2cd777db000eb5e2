"""The charts of calls as declarations; the period report draws the same ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app.applications.queries.figures import day_start
from app.core import clock
from app.core.charts import Axis, Chart, Row
from app.core.text import parse_tr_date
from app.frontdesk.models import Call
from app.frontdesk.queries import calls_figures as figures
from app.frontdesk.queries.calls_now import list_hours
from app.frontdesk.queries.shifts import staffed_seconds
from app.frontdesk.rules.calls import RESULT_LABELS
from app.frontdesk.rules.calls_figures import Counts, occupancy

COUNT = Axis(name="count", title=_l("Calls"), kind="quantitative")
FATES = {"answered": _l("Answered"), "abandoned": _l("Abandoned")}
SHARES = {"fcr": _l("Settled at first contact"), "cases": _l("Became an application")}
SERIES = {"today": _l("this day"), "usual": _l("usual")}
WEEKDAYS = {
    1: _l("Mon"), 2: _l("Tue"), 3: _l("Wed"), 4: _l("Thu"), 5: _l("Fri"), 6: _l("Sat"), 7: _l("Sun"),
}  # fmt: skip
HOURS = {hour: f"{hour:02}" for hour in range(24)}
HALVES = {half: f"{half // 2:02}.{30 * (half % 2):02}" for half in range(48)}

Params = Mapping[str, Any]


def _fates(key: str, rows: Sequence[tuple[Any, Counts]]) -> list[dict[str, Any]]:
    """Two rows for each value of a dimension: answered and abandoned calls."""
    found = []
    for value, counts in rows:
        for fate, n in (("answered", counts.answered), ("abandoned", counts.abandoned)):
            found.append({key: value, "fate": fate, "count": n})
    return found


def _fate(row: Row) -> dict[str, str]:
    """The list filter of one fate; outgoing calls are no offer."""
    if row["fate"] == "abandoned":
        return {"direction": "in", "result": "abandoned"}
    return {"direction": "in", "answered": "1"}


def _on(day: dt.date) -> dict[str, str]:
    return {"started_from": day.isoformat(), "started_to": day.isoformat()}


def _month(first: dt.date) -> dict[str, str]:
    following = (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    last = following - dt.timedelta(days=1)
    return {"started_from": first.isoformat(), "started_to": last.isoformat()}


def _levels(session: Any, params: Params) -> list[dict[str, Any]]:
    days = figures.list_days(session, params["narrow"])
    return [
        {"day": day, "level": counts.service_level}
        for day, counts in days
        if counts.service_level is not None
    ]


def _shares(session: Any, params: Params) -> list[dict[str, Any]]:
    rows = []
    for month, counts in figures.list_months(session, params["narrow"]):
        for share, value in (("fcr", counts.fcr), ("cases", counts.case_share)):
            if value is not None:
                rows.append({"month": month, "share": share, "percent": value})
    return rows


def _operators(session: Any, params: Params) -> list[dict[str, Any]]:
    return [
        {"operator_id": pk, "operator": name, "count": counts.answered}
        for pk, name, counts in figures.list_operators(session, params["narrow"])
    ]


def _handling(session: Any, params: Params) -> list[dict[str, Any]]:
    return [
        {"operator_id": pk, "operator": name, "seconds": counts.aht}
        for pk, name, counts in figures.list_operators(session, params["narrow"])
        if counts.aht is not None
    ]


def span_of(params: Params) -> tuple[dt.datetime, dt.datetime]:
    """The moments between which a page counts: as filtered, else the last thirty days, never the future."""
    args, today = params["args"], params["today"]
    last = parse_tr_date(args.get("started_to", "")) or today
    first = parse_tr_date(args.get("started_from", "")) or last - dt.timedelta(days=29)
    end = min(day_start(last + dt.timedelta(days=1)), clock.now())
    return day_start(first), max(end, day_start(first))


def _occupancy(session: Any, params: Params) -> list[dict[str, Any]]:
    first, last = params.get("span") or span_of(params)
    staffed = staffed_seconds(session, first, last)
    rows = []
    for pk, name, counts in figures.list_operators(session, params["narrow"]):
        busy = occupancy(counts.handled, staffed.get(pk, 0))
        if busy is not None:
            rows.append({"operator_id": pk, "operator": name, "percent": busy})
    return rows


LEVEL = Chart(
    key="level",
    title=_l("Service level by day"),
    description=_l(
        "Share of the calls answered within the set seconds, of those offered without short abandons."
    ),
    mark="line",
    x=Axis(name="day", title=_l("Day"), kind="temporal", format="day"),
    y=Axis(name="level", title=_l("Answered within the set seconds"), kind="quantitative"),
    measure_title=_l("Service level (percent)"),
    unit="percent",
    query=_levels,
    drill=lambda row: {"direction": "in", **_on(row["day"])},
)
BY_DAY = Chart(
    key="days",
    title=_l("Calls by day"),
    description=_l("Calls that reached the queue, answered and abandoned."),
    mark="stacked_bar",
    x=Axis(name="day", title=_l("Day"), kind="temporal", format="day"),
    y=COUNT,
    color=Axis(name="fate", title=_l("What became of it"), kind="ordinal", labels=FATES),
    measure_title=_l("Calls"),
    query=lambda s, p: _fates("day", figures.list_days(s, p["narrow"])),
    drill=lambda row: {**_fate(row), **_on(row["day"])},
)
BY_HALF_HOUR = Chart(
    key="half_hours",
    title=_l("Calls by half hour"),
    description=_l("Calls of the span by the half hour in which they began."),
    mark="stacked_bar",
    x=Axis(name="half", title=_l("Half hour"), kind="ordinal", labels=HALVES),
    y=COUNT,
    color=Axis(name="fate", title=_l("What became of it"), kind="ordinal", labels=FATES),
    measure_title=_l("Calls"),
    query=lambda s, p: _fates("half", figures.list_half_hours(s, p["narrow"])),
    drill=lambda row: {**_fate(row), "half": str(row["half"])},
)
BY_WEEKDAY = Chart(
    key="weekday_hour",
    title=_l("When calls come"),
    description=_l("Calls that reached the queue, by day of the week and hour."),
    mark="heatmap",
    x=Axis(name="hour", title=_l("Hour"), kind="ordinal", labels=HOURS),
    y=Axis(name="weekday", title=_l("Day"), kind="ordinal", labels=WEEKDAYS),
    color=COUNT,
    measure_title=_l("Calls"),
    query=lambda s, p: figures.count_by_weekday_and_hour(s, p["narrow"]),
    drill=lambda row: {
        "direction": "in",
        "weekday": str(row["weekday"]),
        "hour": str(row["hour"]),
    },
)
RESULTS = Chart(
    key="results",
    title=_l("Calls by result"),
    description=_l("What came of the calls, outgoing ones included."),
    mark="bar",
    x=COUNT,
    y=Axis(
        name="result",
        title=_l("Result"),
        kind="nominal",
        labels={code: _l(label) for code, label in RESULT_LABELS.items()},
    ),
    measure_title=_l("Calls"),
    query=lambda s, p: figures.count_by(s, Call.result, "result", p["narrow"]),
    drill=lambda row: {"result": str(row["result"])} if row["result"] else {},
    max_categories=10,
)
MONTH_SHARES = Chart(
    key="shares",
    title=_l("First contact and applications by month"),
    description=_l(
        "Share of the calls that were settled at first contact, and of those that became an application."
    ),
    mark="line",
    x=Axis(name="month", title=_l("Month"), kind="temporal", format="month"),
    y=Axis(name="percent", title=_l("Percent"), kind="quantitative"),
    color=Axis(name="share", title=_l("Share"), kind="ordinal", labels=SHARES),
    measure_title=_l("Percent"),
    unit="percent",
    query=_shares,
    drill=lambda row: {
        "direction": "in",
        **({"first_contact": "1"} if row["share"] == "fcr" else {"result": "case_opened"}),
        **_month(row["month"]),
    },
)
BY_OPERATOR = Chart(
    key="operators",
    title=_l("Calls answered, by operator"),
    description=_l("Incoming calls that each operator answered."),
    mark="bar",
    x=COUNT,
    y=Axis(name="operator", title=_l("Operator"), kind="nominal"),
    measure_title=_l("Calls"),
    query=_operators,
    drill=lambda row: {
        "direction": "in",
        "answered": "1",
        "operator": str(row["operator_id"]),
    },
    max_categories=20,
)
HANDLING = Chart(
    key="handling",
    title=_l("Handling time, by operator"),
    description=_l("Talk, hold and after-call work of an answered call, in seconds on average."),
    mark="dot",
    x=Axis(name="seconds", title=_l("Seconds"), kind="quantitative"),
    y=Axis(name="operator", title=_l("Operator"), kind="nominal"),
    measure_title=_l("Seconds"),
    unit="number",
    query=_handling,
    drill=lambda row: {
        "direction": "in",
        "answered": "1",
        "operator": str(row["operator_id"]),
    },
    max_categories=20,
)
OCCUPANCY = Chart(
    key="occupancy",
    title=_l("Occupancy, by operator"),
    description=_l("Share of the time on the shift plan that was spent on calls."),
    mark="bar",
    x=Axis(name="percent", title=_l("Occupancy"), kind="quantitative"),
    y=Axis(name="operator", title=_l("Operator"), kind="nominal"),
    measure_title=_l("Occupancy (percent)"),
    unit="percent",
    query=_occupancy,
    drill=lambda row: {"operator": str(row["operator_id"])},
    max_categories=20,
)
TODAY = Chart(
    key="today",
    title=_l("Calls of this day by hour"),
    description=_l(
        "The whole centre: calls of this day, and the mean of the same weekday in four weeks."
    ),
    mark="line",
    x=Axis(name="hour", title=_l("Hour"), kind="ordinal", labels=HOURS),
    y=COUNT,
    color=Axis(name="series", title=_l("Day"), kind="ordinal", labels=SERIES),
    measure_title=_l("Calls"),
    unit="number",
    query=lambda s, p: list_hours(s, p["today"]),
)

#: In the order of the page.
CALL_CHARTS = (
    LEVEL,
    BY_DAY,
    BY_HALF_HOUR,
    BY_WEEKDAY,
    RESULTS,
    MONTH_SHARES,
    BY_OPERATOR,
    HANDLING,
    OCCUPANCY,
    TODAY,
)
