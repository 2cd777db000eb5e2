"""Reports: what a room declares, the periods they are of, and their drawing; no report is named here.

A room lists its `Report`s in its manifest. `build` answers a `ReportDocument` whose charts are still
specifications; `drawn` turns them into pictures in a process of its own.
"""

from app.core.reports.declare import (
    Parameter,
    ParameterKind,
    Report,
    find_report,
    list_reports,
    read_parameters,
)
from app.core.reports.drawing import Plot, drawn
from app.core.reports.periods import Period, PeriodKind, last_finished

__all__ = [
    "Parameter",
    "ParameterKind",
    "Period",
    "PeriodKind",
    "Plot",
    "Report",
    "drawn",
    "find_report",
    "last_finished",
    "list_reports",
    "read_parameters",
]
