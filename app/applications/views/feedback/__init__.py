"""Screens of feedback: texts of messages, reasons of results, answers, call-backs, the tracking page."""

from app.applications.views.feedback.answers import SatisfactionView
from app.applications.views.feedback.calls import CallBackSampleView, CallBackView
from app.applications.views.feedback.notices import NoticeView
from app.applications.views.feedback.reasons import OutcomeReasonView
from app.applications.views.feedback.texts import NoticeTextView
from app.applications.views.feedback.tracking import TrackingView

#: Screens that stand in no menu.
FEEDBACK_HIDDEN = (NoticeView, TrackingView)

__all__ = [
    "FEEDBACK_HIDDEN",
    "CallBackSampleView",
    "CallBackView",
    "NoticeTextView",
    "NoticeView",
    "OutcomeReasonView",
    "SatisfactionView",
    "TrackingView",
]
