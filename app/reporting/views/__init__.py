"""Screens of the reporting room: the library, the form of a report, the runs with their files."""

from app.reporting.views.forms import form_of
from app.reporting.views.runs import ReportRunView

__all__ = ["ReportRunView", "form_of"]
