"""Screens of the system room: trail, work, messages, legal time, settings, files, health."""

from app.system.views.files import AttachmentView
from app.system.views.health import HealthView
from app.system.views.keeping import NumberSeriesView, ParameterView
from app.system.views.keys import ApiKeyView
from app.system.views.messages import BellView, NotificationView, ReminderView
from app.system.views.saved_views import SavedViewUseView, SavedViewView
from app.system.views.time import CalendarDayView, LegalRuleView
from app.system.views.trail import AuditEventView
from app.system.views.work import JobView

__all__ = [
    "ApiKeyView",
    "AttachmentView",
    "AuditEventView",
    "BellView",
    "CalendarDayView",
    "HealthView",
    "JobView",
    "LegalRuleView",
    "NotificationView",
    "NumberSeriesView",
    "ParameterView",
    "ReminderView",
    "SavedViewUseView",
    "SavedViewView",
]
