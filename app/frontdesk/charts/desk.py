"""Charts of the Solution Desk: hours, waiting and conversation, counters, results, who went unserved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.core import clock
from app.core.charts import Axis, Chart
from app.core.views import BackOfficeChart, Choice, Dates, Numbers
from app.frontdesk.charts.visits import HOURS, WEEKDAYS
from app.frontdesk.models import DeskTicket
from app.frontdesk.queries import desk as queries
from app.frontdesk.rules import desk as rules

COUNT = Axis(name="count", title=_l("Tickets"), kind="quantitative")
MINUTES = Axis(name="minutes", title=_l("Minutes (mean)"), kind="quantitative")
PARTS = {"waited": _l("Waiting"), "served": _l("Conversation")}
_DAYS_SHOWN = 60

BY_HOUR = Chart(
    key="desk_hours",
    title=_l("When numbers are taken"),
    description=_l("Tickets by day of the week and hour."),
    mark="heatmap",
    x=Axis(name="hour", title=_l("Hour"), kind="ordinal", labels=HOURS),
    y=Axis(name="weekday", title=_l("Day"), kind="ordinal", labels=WEEKDAYS),
    color=COUNT,
    measure_title=_l("Tickets"),
    query=lambda s, p: queries.count_by_weekday_and_hour(s, p["narrow"]),
    drill=lambda row: {"weekday": str(row["weekday"]), "hour": str(row["hour"])},
)
PER_DAY = Chart(
    key="desk_minutes",
    title=_l("Waiting and conversation per day"),
    description=_l("Mean minutes in the queue and at the counter."),
    mark="line",
    x=Axis(name="day", title=_l("Day"), kind="temporal", format="day"),
    y=MINUTES,
    color=Axis(name="part", title=_l("Part"), kind="ordinal", labels=PARTS),
    measure_title=_l("Minutes (mean)"),
    unit="number",
    query=lambda s, p: queries.list_days(s, p["narrow"]),
    drill=lambda row: {"on_from": str(row["day"]), "on_to": str(row["day"])},
)
COUNTERS = Chart(
    key="desk_counters",
    title=_l("Conversations by counter"),
    description=_l("How many visitors each counter has received."),
    mark="bar",
    x=Axis(name="done", title=_l("Conversations"), kind="quantitative"),
    y=Axis(name="counter", title=_l("Counter"), kind="nominal", sort="given"),
    measure_title=_l("Conversations"),
    query=lambda s, p: queries.list_counters(s, p["narrow"]),
    drill=lambda row: {
        "counter_from": str(row["counter"]),
        "counter_to": str(row["counter"]),
    },
    max_categories=30,
)
SERVICE = Chart(
    key="desk_service",
    title=_l("Length of a conversation by counter"),
    description=_l("Mean minutes from the beginning to the end."),
    mark="dot",
    x=Axis(name="served", title=_l("Minutes (mean)"), kind="quantitative"),
    y=Axis(name="counter", title=_l("Counter"), kind="nominal", sort="given"),
    measure_title=_l("Minutes (mean)"),
    unit="number",
    query=lambda s, p: queries.list_counters(s, p["narrow"]),
    drill=lambda row: {
        "counter_from": str(row["counter"]),
        "counter_to": str(row["counter"]),
    },
    max_categories=30,
)
OFFICERS = Chart(
    key="desk_officers",
    title=_l("Conversations by officer"),
    description=_l("How many visitors each officer has received."),
    mark="bar",
    x=Axis(name="count", title=_l("Conversations"), kind="quantitative"),
    y=Axis(name="officer", title=_l("Officer"), kind="nominal"),
    measure_title=_l("Conversations"),
    query=lambda s, p: queries.list_officers(s, p["narrow"]),
    drill=lambda row: {"officer": str(row["officer_id"]), "state": "done"},
    max_categories=15,
)
RESULTS = Chart(
    key="desk_results",
    title=_l("Matters and what came of them"),
    description=_l(
        "Solved at first contact, registered as an application, sent on, or not helped."
    ),
    mark="stacked_bar",
    x=COUNT,
    y=Axis(
        name="matter",
        title=_l("Matter"),
        kind="ordinal",
        labels={m: _l(label) for m, label in rules.MATTER_LABELS.items()},
    ),
    color=Axis(
        name="result",
        title=_l("Result"),
        kind="ordinal",
        labels={r: _l(label) for r, label in rules.DESK_RESULT_LABELS.items()},
    ),
    measure_title=_l("Tickets"),
    query=lambda s, p: queries.count_by_matter_and_result(s, p["narrow"]),
    drill=lambda row: {"matter": str(row["matter"]), "result": str(row["result"])},
)
LOSSES = Chart(
    key="desk_losses",
    title=_l("Went without being received, by hour"),
    description=_l("Share of the numbers taken in an hour whose visitor left or did not come."),
    mark="bar",
    x=Axis(name="hour", title=_l("Hour"), kind="ordinal", labels=HOURS),
    y=Axis(name="rate", title=_l("Share"), kind="quantitative"),
    measure_title=_l("Share (percent)"),
    unit="percent",
    query=lambda s, p: queries.list_losses(s, p["narrow"]),
    drill=lambda row: {"hour": str(row["hour"])},
    max_categories=24,
)


class DeskTicketChart(BackOfficeChart):
    """How busy the desk is, how long people wait, and what comes of it."""

    route_base = "/desk-tickets/charts"
    class_permission_name = "DeskTicket"
    label = _l("Solution Desk, charts")
    view_name = "DeskTicketView"
    charts_shown = (BY_HOUR, PER_DAY, COUNTERS, SERVICE, OFFICERS, RESULTS, LOSSES)
    filters = (
        Dates("on", _l("Day"), DeskTicket.on),
        Choice("matter", _l("Matter"), DeskTicket.matter, labels=rules.MATTER_LABELS),
        Choice(
            "group",
            _l("Priority group"),
            DeskTicket.priority_group,
            labels=rules.PRIORITY_GROUP_LABELS,
        ),
        Numbers("counter", _l("Counter"), DeskTicket.counter),
    )

    def default_args(self) -> Mapping[str, str]:
        """The last sixty days."""
        return {"on_from": (clock.today() - dt.timedelta(days=_DAYS_SHOWN - 1)).isoformat()}
