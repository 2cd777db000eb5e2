"""Screens of acts over many applications."""

from flask_babel import lazy_gettext as _l

from app.applications.views.bulk.rows import BulkRowView
from app.applications.views.bulk.runs import BulkRunView
from app.core.rooms import Page

BULK_PAGES = (Page(BulkRunView, _l("Bulk acts")),)
BULK_HIDDEN = (BulkRowView,)

__all__ = ["BULK_HIDDEN", "BULK_PAGES", "BulkRowView", "BulkRunView"]
