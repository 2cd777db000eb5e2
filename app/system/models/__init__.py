"""Tables of the system room."""

from app.system.models import triggers as _triggers  # Listens for the making of the audit table.
from app.system.models.audit import AuditEvent
from app.system.models.calendar import CalendarDay, LegalRule
from app.system.models.files import Attachment
from app.system.models.jobs import Job, Notification, Reminder
from app.system.models.keys import ApiKey
from app.system.models.settings import NumberSeries, Parameter, SavedView, SavedViewUse

assert _triggers.__name__

__all__ = [
    "ApiKey",
    "Attachment",
    "AuditEvent",
    "CalendarDay",
    "Job",
    "LegalRule",
    "Notification",
    "NumberSeries",
    "Parameter",
    "Reminder",
    "SavedView",
    "SavedViewUse",
]
