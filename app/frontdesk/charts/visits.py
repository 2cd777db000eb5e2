"""Charts of visits, of their reasons and of the directory; the visitor report draws the same ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.charts import Axis, Chart, Row
from app.core.views import BackOfficeChart, Choice, Dates, Flag, Pick
from app.frontdesk.models import ServicePoint, Visit
from app.frontdesk.queries import directory, visits_figures
from app.frontdesk.queries import visits as queries
from app.frontdesk.rules import directory as directory_rules
from app.frontdesk.rules import visits as rules

#: A page of charts begins with so many days.
DAYS_SHOWN = 90
PEOPLE = Axis(name="count", title=_l("Visitors"), kind="quantitative")
HOURS = {hour: f"{hour:02}" for hour in range(24)}
WEEKDAYS = {
    1: _l("Mon"),
    2: _l("Tue"),
    3: _l("Wed"),
    4: _l("Thu"),
    5: _l("Fri"),
    6: _l("Sat"),
    7: _l("Sun"),
}
NEEDS: Mapping[str, Any] = {
    **{name: _l(label) for name, label in rules.NEED_LABELS.items()},
    "accompanied": _l("Accompanied"),
}
PARTS = {"median": _l("Half wait less"), "p90": _l("Nine of ten wait less")}


def _month_span(first: dt.date) -> dict[str, str]:
    following = (first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return {"at_from": first.isoformat(), "at_to": (following - dt.timedelta(days=1)).isoformat()}


def _band_drill(row: Row) -> Mapping[str, str]:
    """Both ends of a filter of numbers are included, so the upper one stands just below the next."""
    low, high = row["minutes"], row["minutes_end"]
    return {"waited_from": str(low)} | ({"waited_to": f"{high - 1},999"} if high else {})


def _waits(session: Any, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "service_point_id": row["service_point_id"],
            "point": row["point"],
            "part": part,
            "minutes": row[part],
        }
        for row in visits_figures.list_waits(session, params["narrow"])
        for part in PARTS
    ]


BY_HOUR = Chart(
    key="visit_hours",
    title=_l("When visitors come"),
    description=_l("People by day of the week and hour of arrival."),
    mark="heatmap",
    x=Axis(name="hour", title=_l("Hour"), kind="ordinal", labels=HOURS),
    y=Axis(name="weekday", title=_l("Day"), kind="ordinal", labels=WEEKDAYS),
    color=PEOPLE,
    measure_title=_l("Visitors"),
    query=lambda s, p: visits_figures.count_by_weekday_and_hour(s, p["narrow"]),
    drill=lambda row: {"weekday": str(row["weekday"]), "hour": str(row["hour"])},
)
BY_UNIT = Chart(
    key="visit_units",
    title=_l("Visitors by unit"),
    description=_l("People by the unit that they wanted, or the unit of the room."),
    mark="bar",
    x=PEOPLE,
    y=Axis(name="unit", title=_l("Unit"), kind="nominal"),
    measure_title=_l("Visitors"),
    query=lambda s, p: visits_figures.count_by_unit(s, p["narrow"]),
    drill=lambda row: {"unit": str(row["unit_id"])} if row["unit_id"] else {},
    max_categories=15,
)
BY_POINT = Chart(
    key="visit_points",
    title=_l("Visitors by service point"),
    description=_l("People by the room or counter that they asked for."),
    mark="bar",
    x=PEOPLE,
    y=Axis(name="point", title=_l("Service point"), kind="nominal"),
    measure_title=_l("Visitors"),
    query=lambda s, p: visits_figures.count_by_point(s, p["narrow"]),
    drill=lambda row: {"point": str(row["service_point_id"])} if row["service_point_id"] else {},
    max_categories=15,
)
BY_REASON = Chart(
    key="visit_reasons",
    title=_l("Visitors by reason"),
    description=_l("People by why they came."),
    mark="bar",
    x=PEOPLE,
    y=Axis(name="reason", title=_l("Reason for the visit"), kind="nominal"),
    measure_title=_l("Visitors"),
    query=lambda s, p: visits_figures.count_by_reason(s, p["narrow"]),
    drill=lambda row: {"reason": str(row["reason_id"])},
    max_categories=12,
)
WAITS = Chart(
    key="visit_waits",
    title=_l("Waiting time by service point"),
    description=_l("Minutes from coming to being received, for places with three visits or more."),
    mark="dot",
    x=Axis(name="minutes", title=_l("Minutes"), kind="quantitative"),
    y=Axis(name="point", title=_l("Service point"), kind="nominal", sort="given"),
    color=Axis(name="part", title=_l("Share"), kind="ordinal", labels=PARTS),
    measure_title=_l("Minutes"),
    unit="number",
    query=_waits,
    drill=lambda row: {"point": str(row["service_point_id"])},
    max_categories=15,
)
BANDS = Chart(
    key="visit_bands",
    title=_l("How long visitors wait"),
    description=_l("Visits by the minutes from coming to being received."),
    mark="histogram",
    x=Axis(name="minutes", title=_l("Minutes"), kind="quantitative"),
    y=Axis(name="count", title=_l("Visits"), kind="quantitative"),
    measure_title=_l("Visits"),
    query=lambda s, p: visits_figures.count_waiting_bands(s, p["narrow"]),
    drill=_band_drill,
)
HELP = Chart(
    key="visit_needs",
    title=_l("Help and accompaniment"),
    description=_l("Share of the visits at which help was needed; a visit may need several."),
    mark="bar",
    x=Axis(name="rate", title=_l("Share"), kind="quantitative"),
    y=Axis(name="need", title=_l("Help needed"), kind="nominal", labels=NEEDS),
    measure_title=_l("Share (percent)"),
    unit="percent",
    query=lambda s, p: visits_figures.count_needs(s, p["narrow"]),
    drill=lambda row: {str(row["need"]): "1"},
)
RESULTS = Chart(
    key="visit_results",
    title=_l("What came of the visits"),
    description=_l("People by the result of their visit."),
    mark="bar",
    x=PEOPLE,
    y=Axis(
        name="result",
        title=_l("Result"),
        kind="nominal",
        labels={r: _l(label) for r, label in rules.VISIT_RESULT_LABELS.items()},
    ),
    measure_title=_l("Visitors"),
    query=lambda s, p: visits_figures.count_by_result(s, p["narrow"]),
    drill=lambda row: {"result": str(row["result"])},
)
DAILY = Chart(
    key="visit_days",
    title=_l("Visitors per day"),
    description=_l("How many people came on each day."),
    mark="area",
    x=Axis(name="day", title=_l("Day"), kind="temporal", format="day"),
    y=PEOPLE,
    measure_title=_l("Visitors"),
    query=lambda s, p: visits_figures.count_per_day(s, p["narrow"]),
    drill=lambda row: {"at_from": str(row["day"]), "at_to": str(row["day"])},
)
MONTHLY = Chart(
    key="visit_months",
    title=_l("Visitors by month and reason"),
    description=_l("How many people came for which reason in each month."),
    mark="stacked_bar",
    x=Axis(name="month", title=_l("Month"), kind="temporal", format="month"),
    y=PEOPLE,
    color=Axis(name="reason", title=_l("Reason for the visit"), kind="nominal"),
    measure_title=_l("Visitors"),
    query=lambda s, p: visits_figures.count_by_month_and_reason(s, p["narrow"]),
    drill=lambda row: (
        {"reason": str(row["reason_id"]), **_month_span(row["month"])}
        if row.get("reason_id")
        else {}
    ),
    max_categories=6,
)

#: In the order of the page.
VISIT_CHARTS = (
    BY_HOUR,
    DAILY,
    BY_REASON,
    BY_UNIT,
    BY_POINT,
    WAITS,
    BANDS,
    HELP,
    RESULTS,
    MONTHLY,
)


def last_days() -> Mapping[str, str]:
    """The days that a page of charts begins with."""
    return {"at_from": (clock.today() - dt.timedelta(days=DAYS_SHOWN - 1)).isoformat()}


class VisitChart(BackOfficeChart):
    """Who comes when, why, whereto, and how long they wait."""

    route_base = "/visits/charts"
    class_permission_name = "Visit"
    label = _l("Visits, charts")
    view_name = "VisitView"
    charts_shown = VISIT_CHARTS
    filters = (
        Dates("at", _l("Came at"), Visit.at, instant=True),
        Pick("reason", _l("Reason for the visit"), Visit.reason_id, source="visit_reason"),
        Pick("point", _l("Where to"), Visit.service_point_id, source="service_point"),
        Pick("unit", _l("Unit"), Visit.unit_id, source="unit", condition=queries.is_for_unit),
        Choice("result", _l("Result"), Visit.result, labels=rules.VISIT_RESULT_LABELS),
        Flag("appointment", _l("With an appointment"), Visit.has_appointment),
    )

    def default_args(self) -> Mapping[str, str]:
        """The last ninety days."""
        return last_days()


class VisitReasonChart(BackOfficeChart):
    """What people come for."""

    route_base = "/visit-reasons/charts"
    class_permission_name = "VisitReason"
    label = _l("Reasons for visits, charts")
    view_name = "VisitReasonView"
    drill_name = "VisitView"
    charts_shown = (BY_REASON,)
    filters = (Dates("at", _l("Came at"), Visit.at, instant=True),)

    def default_args(self) -> Mapping[str, str]:
        """The last ninety days."""
        return last_days()


class ServicePointChart(BackOfficeChart):
    """Where the rooms are."""

    route_base = "/service-points/charts"
    class_permission_name = "ServicePoint"
    label = _l("Service points, charts")
    view_name = "ServicePointView"
    list_args: Mapping[str, str] = {}
    filters = (
        Pick("unit", _l("Unit"), ServicePoint.unit_id, source="unit"),
        Flag("accessible", _l("Can be reached with a wheelchair"), ServicePoint.is_accessible),
    )
    charts_shown = (
        Chart(
            key="floors",
            title=_l("Service points by floor"),
            description=_l(
                "How many rooms and counters are on which floor; 0 is the ground floor."
            ),
            mark="stacked_bar",
            x=Axis(name="count", title=_l("Service points"), kind="quantitative"),
            y=Axis(
                name="floor",
                title=_l("Floor"),
                kind="ordinal",
                labels={
                    n: str(n)
                    for n in range(directory_rules.LOWEST_FLOOR, directory_rules.HIGHEST_FLOOR + 1)
                },
            ),
            color=Axis(name="building", title=_l("Building"), kind="nominal"),
            measure_title=_l("Service points"),
            query=lambda s, p: directory.count_by_place(s, p["narrow"]),
            drill=lambda row: {"floor": str(row["floor"])} if row["floor"] is not None else {},
            max_categories=6,
        ),
        Chart(
            key="accessible",
            title=_l("Rooms that a wheelchair can reach"),
            description=_l("Rooms and counters in use, by whether they can be reached."),
            mark="bar",
            x=Axis(name="count", title=_l("Service points"), kind="quantitative"),
            y=Axis(
                name="is_accessible",
                title=_l("Can be reached with a wheelchair"),
                kind="ordinal",
                labels={True: _l("Yes"), False: _l("No")},
            ),
            measure_title=_l("Service points"),
            query=lambda s, p: directory.count_accessible(s, p["narrow"]),
            drill=lambda row: {"accessible": "1" if row["is_accessible"] else "0"},
        ),
    )
