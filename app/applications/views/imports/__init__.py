"""Screens of imports: lists and records, and the steps of a new one."""

from app.applications.views.imports.records import ImportMappingView, ImportRowView, ImportView

#: Screens that stand in no menu.
IMPORT_VIEWS = (ImportRowView,)

__all__ = ["IMPORT_VIEWS", "ImportMappingView", "ImportRowView", "ImportView"]
