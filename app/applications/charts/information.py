"""Charts of the right to information: decisions, articles, appeals, the catalogue, report lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.applications.charts.declarations import lazy, month_span
from app.applications.models import Appeal, Application, InformationCase, PublishedInformation
from app.applications.queries import information as queries
from app.applications.rules import information as foi
from app.applications.rules.information import AppealResult, InformationDecision
from app.applications.rules.vocabulary import CHANNEL_LABELS
from app.core import clock
from app.core.charts import Axis, Chart, Row
from app.core.text import parse_tr_date
from app.core.views import BackOfficeChart, Choice, Dates, Pick

REQUESTS = Axis(name="count", title=_l("Requests"), kind="quantitative")
#: What has no decision of the law yet, or ended without one.
_UNDECIDED = _l("No decision yet")


def _decisions(session: Any, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = queries.count_by_decision_and_month(session, params["narrow"])
    return [{**row, "decision": row["decision"] or "none"} for row in rows]


def _decision_drill(row: Row) -> Mapping[str, str]:
    span = month_span(row["month"])
    if row["decision"] == "none":
        return {}
    return {"figure": _FIGURES[InformationDecision(row["decision"])], **span}


#: Every final decision is a figure of the annual report under the same name.
_FIGURES = {decision: decision.value for decision in InformationDecision}

DECISIONS = Chart(
    key="decisions",
    title=_l("Information requests by month and decision"),
    description=_l("What was received in each month and what came of it (4982)."),
    mark="stacked_bar",
    x=Axis(name="month", title=_l("Month"), kind="temporal", format="month"),
    y=REQUESTS,
    color=Axis(
        name="decision",
        title=_l("Decision"),
        kind="ordinal",
        labels={**lazy(foi.DECISION_LABELS), "none": _UNDECIDED},
    ),
    measure_title=_l("Requests"),
    query=_decisions,
    drill=_decision_drill,
    max_categories=8,
)


def _grounds(session: Any, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = queries.count_grounds(session, narrow=params["narrow"])
    return [
        {"ground_id": row["ground_id"], "ground": f"{row['code']} {row['title']}", "code": row["code"], "count": row["total"]}
        for row in rows
    ]  # fmt: skip


GROUNDS = Chart(
    key="grounds",
    title=_l("Refusals by article"),
    description=_l(
        "On which articles refusals and partial refusals rest; a request may name several."
    ),
    mark="bar",
    x=REQUESTS,
    y=Axis(name="ground", title=_l("Article"), kind="nominal", short="code", sort="given"),
    measure_title=_l("Requests"),
    query=_grounds,
    drill=lambda row: {
        "ground": str(row["ground_id"]),
        "figure": ["refused", "partial", "published"],  # type: ignore[dict-item]
    },
    max_categories=20,
)

#: Drawn in the annual report too.
INFORMATION_CHARTS = (DECISIONS, GROUNDS)


class InformationCaseChart(BackOfficeChart):
    """What was asked for and what came of it."""

    route_base = "/information-cases/charts"
    class_permission_name = "InformationCase"
    label = _l("Information requests (4982), charts")
    view_name = "InformationCaseView"
    charts_shown = INFORMATION_CHARTS
    filters = (
        Dates("received", _l("Received"), InformationCase.received_on),
        Choice("channel", _l("Channel"), Application.channel, labels=CHANNEL_LABELS),
        Pick("unit", _l("Lead unit"), Application.lead_unit_id, source="unit"),
    )

    def default_args(self) -> Mapping[str, str]:
        """This year and the one before."""
        return {"received_from": f"{clock.today().year - 1}-01-01"}


class RefusalGroundChart(BackOfficeChart):
    """How often each article was used, in all years."""

    route_base = "/refusal-grounds/charts"
    class_permission_name = "RefusalGround"
    label = _l("Refusal grounds, charts")
    view_name = "RefusalGroundView"
    drill_name = "InformationCaseView"
    charts_shown = (GROUNDS,)
    filters = (Dates("received", _l("Received"), InformationCase.received_on),)


def _appeals(session: Any, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = queries.count_appeals(session, params["narrow"])
    return [{**row, "result": row["result"] or "none"} for row in rows]


def _appeal_drill(row: Row) -> Mapping[str, str]:
    if row["result"] == "none":
        return {"state": str(row["state"])}
    return {"result": str(AppealResult(row["result"])), "state": str(row["state"])}


class AppealChart(BackOfficeChart):
    """How far appeals are and what was decided."""

    route_base = "/information-appeals/charts"
    class_permission_name = "Appeal"
    label = _l("Appeals (4982), charts")
    view_name = "AppealView"
    filters = (
        Dates("filed", _l("Appealed on"), Appeal.filed_on),
        Choice("forum", _l("Where"), Appeal.forum, labels=foi.APPEAL_FORUM_LABELS),
    )
    charts_shown = (
        Chart(
            key="results",
            title=_l("Appeals by state and result"),
            description=_l("Where appeals stand and what the Board or the court decided."),
            mark="stacked_bar",
            x=Axis(name="count", title=_l("Appeals"), kind="quantitative"),
            y=Axis(
                name="state",
                title=_l("State"),
                kind="ordinal",
                labels=lazy(foi.APPEAL_STATE_LABELS),
            ),
            color=Axis(
                name="result",
                title=_l("Result"),
                kind="ordinal",
                labels={**lazy(foi.APPEAL_RESULT_LABELS), "none": _UNDECIDED},
            ),
            measure_title=_l("Appeals"),
            query=_appeals,
            drill=_appeal_drill,
        ),
    )


class PublishedInformationChart(BackOfficeChart):
    """Who keeps what, and what is overdue."""

    route_base = "/published-information/charts"
    class_permission_name = "PublishedInformation"
    label = _l("Published information, charts")
    view_name = "PublishedInformationView"
    list_args: Mapping[str, str] = {}
    filters = (
        Choice(
            "cycle", _l("Update cycle"), PublishedInformation.cycle, labels=foi.UPDATE_CYCLE_LABELS
        ),
    )
    charts_shown = (
        Chart(
            key="units",
            title=_l("Published information by unit"),
            description=_l("How many entries each unit keeps, and which are past their update."),
            mark="stacked_bar",
            x=Axis(name="count", title=_l("Entries"), kind="quantitative"),
            y=Axis(name="unit", title=_l("Unit"), kind="nominal"),
            color=Axis(
                name="due",
                title=_l("Update"),
                kind="ordinal",
                labels={"current": _l("Up to date"), "overdue": _l("Update overdue")},
            ),
            measure_title=_l("Entries"),
            query=lambda s, p: queries.count_published(s, p["today"], p["narrow"]),
            drill=lambda row: (
                {
                    "unit": str(row["unit_id"]),
                    "tab": "overdue" if row["due"] == "overdue" else "all",
                }
                if row["unit_id"] and row["due"] == "overdue"
                else {}
            ),
            max_categories=20,
        ),
    )


def _year_of(params: Mapping[str, Any]) -> int:
    day = parse_tr_date(params["args"].get("received_from", ""))
    return int((day or clock.today()).year)


def _lines(session: Any, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    year = _year_of(params)
    counts = queries.count_figures(session, year, today=params["today"])
    return [
        {
            "code": line.code,
            "line": f"({line.code}) {line.text}",
            "figure": line.figure.value,
            "year": year,
            "count": counts[line.figure],
        }
        for line in queries.list_report_lines(session, year)
    ]


def _line_drill(row: Row) -> Mapping[str, str]:
    first, last = queries.year_span(row["year"])
    span = {"received_from": first.isoformat(), "received_to": last.isoformat()}
    return span if row["figure"] == "received" else {**span, "figure": str(row["figure"])}


class InformationReportLineChart(BackOfficeChart):
    """The lines of the annual report as bars, for the year of the first day that is filtered."""

    route_base = "/information-report-lines/charts"
    class_permission_name = "InformationReportLine"
    label = _l("Lines of the annual report, charts")
    view_name = "InformationReportLineView"
    drill_name = "InformationCaseView"
    filters = (Dates("received", _l("Year from"), InformationCase.received_on),)
    charts_shown = (
        Chart(
            key="lines",
            title=_l("Lines of the annual report"),
            description=_l(
                "What each line counts in the year of the first day; this year without one."
            ),
            mark="bar",
            x=REQUESTS,
            y=Axis(name="line", title=_l("Line"), kind="nominal", short="code", sort="given"),
            measure_title=_l("Requests"),
            query=_lines,
            drill=_line_drill,
            max_categories=30,
        ),
    )


INFORMATION_CHART_SCREENS = (
    InformationCaseChart,
    RefusalGroundChart,
    AppealChart,
    PublishedInformationChart,
    InformationReportLineChart,
)
