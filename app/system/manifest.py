"""What the system room adds to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.core.rooms import LookupSource, Page, Room
from app.system import views
from app.system.api import APIS
from app.system.charts import CHARTS
from app.system.models import ApiKey
from app.system.queries import SCOPES

#: A chart drills into the list of its entity and shares its filters.
for _chart in CHARTS:
    _view = getattr(views, f"{_chart.__name__.removesuffix('Chart')}View")
    _chart.view, _chart.filters = _view, _view.filters

ROOM = Room(
    name="System",
    label=_l("System"),
    icon="gear",
    gap=True,
    pages=(
        Page(views.AuditEventView, _l("Audit trail")),
        Page(views.JobView, _l("Background jobs")),
        Page(views.NotificationView, _l("Outbox")),
        Page(views.ReminderView, _l("Reminders")),
        Page(views.CalendarDayView, _l("Working calendar")),
        Page(views.LegalRuleView, _l("Legal periods")),
        Page(views.ParameterView, _l("Settings")),
        Page(views.ApiKeyView, _l("API keys")),
        Page(views.NumberSeriesView, _l("Number series")),
        Page(views.SavedViewView, _l("Saved views")),
        Page(views.AttachmentView, _l("Attachments")),
    ),
    hidden=(views.SavedViewUseView, views.BellView, views.HealthView, *CHARTS),
    apis=APIS,
    scopes=SCOPES,
    lookups=(LookupSource("api_key", ApiKey, "ApiKey", ("name",), sub=lambda key: str(key.owner)),),
)
