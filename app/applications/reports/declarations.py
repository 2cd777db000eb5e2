"""The period report as the library offers it: name, parameters, builder; what it says is not here."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.reports.document import PeriodReport
from app.applications.reports.parameters import PARAMETERS, Values, period_of, settle_period
from app.core.charts import Chart
from app.core.reports import Report


def application_period(charts: Sequence[Chart]) -> Report:
    """The period report over the room's charts; the manifest hands them in.

    Charts and reports stand on one layer of the room, so neither imports the other.
    """
    by_key = {chart.key: chart for chart in charts}

    def title_of(values: Values, lang: str) -> str:
        return f"{_('Application period report')}, {period_of(values).name(lang)}"

    return Report(
        key="application_period",
        title=_l("Application period report"),
        description=_l(
            "Received, answered, late; by channel, kind, topic, unit and district, with the period before."
        ),
        group=_l("Applications"),
        resource="Application",
        parameters=PARAMETERS,
        settle=settle_period,
        title_of=title_of,
        build=lambda session, values: PeriodReport(session, values, by_key).document(),
    )
