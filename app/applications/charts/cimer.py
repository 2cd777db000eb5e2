"""Charts of CİMER: how many come, how quickly they are answered, what was sent again, what did not agree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.applications.charts.declarations import COUNT, lazy, month_span
from app.applications.models import (
    Application,
    CimerExchange,
    Reconciliation,
    ReconciliationItem,
)
from app.applications.queries import cimer, figures
from app.applications.rules import EXCHANGE_KIND_LABELS, RESEND_REASON_LABELS
from app.applications.rules.cimer import CIMER_KIND_LABELS
from app.applications.rules.groups import ON_TIME_GOAL
from app.applications.rules.reconciling import ITEM_KIND_LABELS, RESOLUTION_LABELS
from app.core import clock
from app.core.charts import Axis, Chart
from app.core.views import BackOfficeChart, Choice, Dates, Pick

_MONTH = Axis(name="month", title=_l("Month"), kind="temporal", format="month")
_LINES = Axis(name="count", title=_l("Lines"), kind="quantitative")
_FIGURES = {
    "missing_here": _l("In their list, not in ours"),
    "missing_there": _l("In ours, not in their list"),
    "differs": _l("State or date differs"),
    "overdue_there": _l("Overdue at CİMER"),
}


def _of_month(row: Mapping[str, Any]) -> Mapping[str, str]:
    return {"channel": "cimer", **month_span(row["month"])}


MONTHLY = Chart(
    key="monthly",
    title=_l("CİMER by month"),
    description=_l("Applications of CİMER by the month they reached us, answered and still open."),
    mark="stacked_bar",
    x=_MONTH,
    y=COUNT,
    color=Axis(
        name="step",
        title=_l("State"),
        kind="ordinal",
        labels={"answered": _l("Applications answered"), "open": _l("Still open")},
    ),
    measure_title=_l("Applications"),
    query=lambda s, p: cimer.count_by_month_and_state(s, p["narrow"]),
    drill=_of_month,
)
IN_TIME = Chart(
    key="in_time",
    title=_l("CİMER answered in time"),
    description=_l("Share of the answers that kept their legal period; the goal is 95 percent."),
    mark="line",
    x=_MONTH,
    y=Axis(name="rate", title=_l("In time"), kind="quantitative"),
    measure_title=_l("In time (percent)"),
    unit="percent",
    goal=ON_TIME_GOAL,
    query=lambda s, p: cimer.list_rates_by_month(s, p["narrow"]),
    drill=lambda row: {**_of_month(row), "on_time": "0"},
)
DAYS = Chart(
    key="days",
    title=_l("Days to the answer of CİMER applications"),
    description=_l("Average calendar days from the day they reached us to the answer."),
    mark="line",
    x=_MONTH,
    y=Axis(name="days", title=_l("Days (average)"), kind="quantitative"),
    measure_title=_l("Days (average)"),
    unit="number",
    query=lambda s, p: cimer.list_days_by_month(s, p["narrow"]),
    drill=_of_month,
)
BY_UNIT = Chart(
    key="units",
    title=_l("CİMER by unit"),
    description=_l("Which department answers how many, in time, late or not yet."),
    mark="stacked_bar",
    x=COUNT,
    y=Axis(name="unit", title=_l("Unit"), kind="nominal"),
    color=Axis(
        name="due",
        title=_l("Legal period"),
        kind="ordinal",
        labels={
            "answered": _l("Answered in time"),
            "late": _l("Answered late"),
            "open": _l("Still open"),
        },
    ),
    measure_title=_l("Applications"),
    query=lambda s, p: cimer.count_by_unit(s, p["narrow"]),
    drill=lambda row: {"channel": "cimer", "unit": str(row["unit_id"])},
    max_categories=20,
)

#: In the order of the page; the monthly report draws the same ones.
CIMER_CHARTS = (MONTHLY, IN_TIME, DAYS, BY_UNIT)

RESENT = Chart(
    key="resent",
    title=_l("Sent again by CİMER"),
    description=_l("How often CİMER sent an application again, by month and reason."),
    mark="stacked_bar",
    x=_MONTH,
    y=_LINES,
    color=Axis(
        name="reason", title=_l("Why again"), kind="ordinal", labels=lazy(RESEND_REASON_LABELS)
    ),
    measure_title=_l("Sent again"),
    query=lambda s, p: cimer.count_resent_by_month(s, p["narrow"]),
    drill=lambda row: {
        "tab": "resent",
        "reason": str(row["reason"]),
        "at_from": month_span(row["month"])["received_from"],
        "at_to": month_span(row["month"])["received_to"],
    },
)


class CimerChart(BackOfficeChart):
    """How many applications of CİMER come, and how quickly they are answered."""

    route_base = "/cimer/charts"
    class_permission_name = "CimerExchange"
    label = _l("CİMER, charts")
    view_name = "ApplicationView"
    charts_shown = CIMER_CHARTS
    filters = (
        Dates("received", _l("Received"), Application.received_at, instant=True),
        Choice("kind", _l("Kind"), Application.kind, labels=CIMER_KIND_LABELS),
        Pick(
            "unit", _l("Unit"), Application.lead_unit_id, source="unit", condition=figures.in_unit
        ),
    )

    def default_args(self) -> Mapping[str, str]:
        """Twelve months."""
        today = clock.today()
        months = today.year * 12 + today.month - 1 - 11
        return {"received_from": dt.date(months // 12, months % 12 + 1, 1).isoformat()}


class CimerExchangeChart(BackOfficeChart):
    """What passed between CİMER and the municipality."""

    route_base = "/cimer/exchanges/charts"
    class_permission_name = "CimerExchange"
    label = _l("Correspondence with CİMER, charts")
    view_name = "CimerExchangeView"
    filters = (Dates("at", _l("When"), CimerExchange.at, instant=True),)
    charts_shown = (
        RESENT,
        Chart(
            key="kinds",
            title=_l("Lines by what passed"),
            description=_l("How often each kind of line was noted."),
            mark="bar",
            x=_LINES,
            y=Axis(
                name="kind",
                title=_l("What passed"),
                kind="nominal",
                labels=lazy(EXCHANGE_KIND_LABELS),
            ),
            measure_title=_l("Lines"),
            query=lambda s, p: cimer.count_exchanges(s, p["narrow"]),
            drill=lambda row: {"kind": str(row["kind"])},
            max_categories=12,
        ),
    )


class ReconciliationChart(BackOfficeChart):
    """Whether the lists agree better from month to month."""

    route_base = "/reconciliations/charts"
    class_permission_name = "Reconciliation"
    label = _l("Comparisons with CİMER, charts")
    view_name = "ReconciliationView"
    list_args: Mapping[str, str] = {}
    filters = (Dates("period", _l("Period"), Reconciliation.period_from),)
    charts_shown = (
        Chart(
            key="figures",
            title=_l("Differences over time"),
            description=_l("The four figures of each period, from its newest comparison."),
            mark="line",
            x=Axis(name="period", title=_l("Period"), kind="temporal", format="day"),
            y=Axis(name="count", title=_l("Differences"), kind="quantitative"),
            color=Axis(name="figure", title=_l("Difference"), kind="ordinal", labels=_FIGURES),
            measure_title=_l("Differences"),
            query=lambda s, p: cimer.list_reconciliation_figures(s, p["narrow"]),
            drill=lambda row: {"period_from": str(row["period"]), "period_to": str(row["period"])},
        ),
    )


class ReconciliationItemChart(BackOfficeChart):
    """What became of the differences."""

    route_base = "/reconciliation-items/charts"
    class_permission_name = "ReconciliationItem"
    label = _l("Differences with CİMER, charts")
    view_name = "ReconciliationItemView"
    filters = (
        Pick(
            "reconciliation",
            _l("Comparison"),
            ReconciliationItem.reconciliation_id,
            source="reconciliation",
        ),
    )
    charts_shown = (
        Chart(
            key="kinds",
            title=_l("Differences by kind and what became of them"),
            description=_l("How many numbers do not agree in which way, and how many are open."),
            mark="stacked_bar",
            x=Axis(name="count", title=_l("Differences"), kind="quantitative"),
            y=Axis(
                name="kind", title=_l("Difference"), kind="nominal", labels=lazy(ITEM_KIND_LABELS)
            ),
            color=Axis(
                name="resolution",
                title=_l("What became of it"),
                kind="ordinal",
                labels=lazy(RESOLUTION_LABELS),
            ),
            measure_title=_l("Differences"),
            query=lambda s, p: cimer.count_items(s, p["narrow"]),
            drill=lambda row: {"kind": str(row["kind"]), "resolution": str(row["resolution"])},
        ),
    )


#: Every chart screen of CİMER.
CIMER_CHART_SCREENS = (CimerChart, CimerExchangeChart, ReconciliationChart, ReconciliationItemChart)
