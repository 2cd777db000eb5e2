"""Charts of the reporting room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.charts import Axis, Chart
from app.core.reports import find_report
from app.core.views import BackOfficeChart, Dates, formats
from app.reporting import queries
from app.reporting.models import ReportRun
from app.reporting.rules import RUN_STATE_LABELS


def _by_report(session: Any, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Runs by report, with the report's own name."""
    rows = queries.count_by_report(session, params["narrow"])
    for row in rows:
        report = find_report(row["report_key"])
        row["report"] = formats.translated(report.title) if report else row["report_key"]
    return rows


class ReportRunChart(BackOfficeChart):
    """Which reports are made, and whether they succeed."""

    route_base = "/report-runs/charts"
    class_permission_name = "ReportRun"
    label = _l("Reports made, charts")
    view_name = "ReportRunView"
    filters = (Dates("created", _l("Ordered"), ReportRun.created_at, instant=True),)
    charts_shown = (
        Chart(
            key="reports",
            title=_l("Runs by report"),
            description=_l("How often each report was made, and with what result."),
            mark="stacked_bar",
            x=Axis(name="count", title=_l("Runs"), kind="quantitative"),
            y=Axis(name="report", title=_l("Report"), kind="nominal"),
            color=Axis(
                name="state",
                title=_l("State"),
                kind="ordinal",
                labels={state: _l(label) for state, label in RUN_STATE_LABELS.items()},
            ),
            measure_title=_l("Runs"),
            query=_by_report,
            drill=lambda row: {"state": str(row["state"]), "report": str(row["report_key"])},
        ),
    )
