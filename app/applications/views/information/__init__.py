"""Screens of the right to information: the officer’s list, decisions, appeals, catalogue, report."""

from app.applications.views.information.appeals import AppealView
from app.applications.views.information.cases import InformationCaseView
from app.applications.views.information.catalogue import (
    InformationReportLineView,
    PublishedInformationView,
    RefusalGroundView,
)
from app.applications.views.information.report import InformationReportView

__all__ = [
    "AppealView",
    "InformationCaseView",
    "InformationReportLineView",
    "InformationReportView",
    "PublishedInformationView",
    "RefusalGroundView",
]
