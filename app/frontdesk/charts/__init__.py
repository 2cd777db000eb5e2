"""Charts of the front desk."""

from __future__ import annotations

from app.frontdesk.charts.calls import CALL_CHARTS
from app.frontdesk.charts.calls_screens import CALL_CHART_SCREENS
from app.frontdesk.charts.desk import DeskTicketChart
from app.frontdesk.charts.visits import (
    VISIT_CHARTS,
    ServicePointChart,
    VisitChart,
    VisitReasonChart,
)

#: Every chart screen of the room.
CHARTS: tuple[type, ...] = (
    *CALL_CHART_SCREENS,
    VisitChart,
    VisitReasonChart,
    ServicePointChart,
    DeskTicketChart,
)

__all__ = ["CALL_CHARTS", "CHARTS", "VISIT_CHARTS"]
