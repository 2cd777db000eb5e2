"""Screens of the applications room: intake, work lists, the record and its steps, reference lists."""

from app.applications.views.assignments import AssignmentView
from app.applications.views.cases import ApplicationView
from app.applications.views.intake import IntakeView
from app.applications.views.open311 import Open311Api
from app.applications.views.open311_records import Open311RequestView
from app.applications.views.open311_services import ServiceAttributeView
from app.applications.views.reference import ApplicationEventView, TopicView
from app.applications.views.replies.letters import ReplyView
from app.applications.views.replies.templates import ReplyTemplateView
from app.applications.views.work import WorkView

__all__ = [
    "ApplicationEventView",
    "ApplicationView",
    "AssignmentView",
    "IntakeView",
    "Open311Api",
    "Open311RequestView",
    "ReplyTemplateView",
    "ReplyView",
    "ServiceAttributeView",
    "TopicView",
    "WorkView",
]
