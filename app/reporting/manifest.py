"""What the reporting room adds to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.rooms import Page, Room
from app.reporting.api import APIS
from app.reporting.charts import ReportRunChart
from app.reporting.models import ReportRun
from app.reporting.queries import SCOPES, SUBJECTS
from app.reporting.tasks import REPORT_JOBS
from app.reporting.views import ReportRunView

ROOM = Room(
    name="Reporting",
    label=_l("Reports and reviews"),
    icon="chart",
    pages=(
        Page(ReportRunView, _l("Report library"), "library"),
        Page(ReportRunView, _l("Reports made")),
        Page(ReportRunChart, _l("Charts"), "charts", resource="ReportRun"),
    ),
    apis=APIS,
    scopes=SCOPES,
    subjects=SUBJECTS,
    jobs=REPORT_JOBS,
    owners={"ReportRun": ReportRun},
)
