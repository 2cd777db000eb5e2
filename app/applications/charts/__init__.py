"""Charts of the applications room: declarations, and the screens that show them."""

from app.applications.charts.bulk import BULK_CHART_SCREENS
from app.applications.charts.cimer import CIMER_CHART_SCREENS, CIMER_CHARTS, CimerChart
from app.applications.charts.declarations import APPLICATION_CHARTS
from app.applications.charts.feedback import FEEDBACK_CHARTS, ReopeningChart
from app.applications.charts.field import FieldVisitChart
from app.applications.charts.information import INFORMATION_CHART_SCREENS, INFORMATION_CHARTS
from app.applications.charts.letters import LETTER_CHART_SCREENS
from app.applications.charts.open311 import Open311RequestChart, ServiceAttributeChart
from app.applications.charts.satisfaction import SatisfactionChart
from app.applications.charts.screens import (
    ApplicationChart,
    ApplicationEventChart,
    AssignmentChart,
    ImportChart,
    ImportMappingChart,
    ImportRowChart,
    ReplyChart,
    ReplyTemplateChart,
    TopicChart,
)

#: Every chart screen; the first one stands in the menu.
CHARTS: tuple[type, ...] = (
    ApplicationChart,
    *CIMER_CHART_SCREENS,
    AssignmentChart,
    ApplicationEventChart,
    ReplyChart,
    TopicChart,
    ReplyTemplateChart,
    ImportChart,
    ImportMappingChart,
    ImportRowChart,
    *INFORMATION_CHART_SCREENS,
    ServiceAttributeChart,
    Open311RequestChart,
    FieldVisitChart,
    *BULK_CHART_SCREENS,
    *FEEDBACK_CHARTS,
    *LETTER_CHART_SCREENS,
)

__all__ = [
    "APPLICATION_CHARTS",
    "CHARTS",
    "CIMER_CHARTS",
    "FEEDBACK_CHARTS",
    "INFORMATION_CHARTS",
    "LETTER_CHART_SCREENS",
    "ApplicationChart",
    "ApplicationEventChart",
    "AssignmentChart",
    "CimerChart",
    "FieldVisitChart",
    "ImportChart",
    "ImportMappingChart",
    "ImportRowChart",
    "Open311RequestChart",
    "ReopeningChart",
    "ReplyChart",
    "ReplyTemplateChart",
    "SatisfactionChart",
    "ServiceAttributeChart",
    "TopicChart",
]
