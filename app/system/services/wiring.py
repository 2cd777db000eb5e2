"""Fills the ports of core with this room's services and queries; called once by create_app."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.sql import ColumnElement

from app.core import ports
from app.system import queries
from app.system.models import Parameter
from app.system.rules import AUDIT_VERB_LABELS, STAMP_KEY, AuditVerb
from app.system.services import audit, requests


def install(session_factory: Any) -> None:
    """Listen for changes to audit and let core reach the trail, the files and the bell."""
    audit.install(session_factory)
    ports.record_access = audit.record_access
    ports.history = queries.list_history
    ports.files_of = queries.list_files
    ports.saved_views = queries.list_saved_views
    ports.pinned_views = queries.list_pinned_views
    ports.unread_counter = queries.unread_counter
    ports.find_request = requests.find_request
    ports.keep_request = requests.keep_request
    ports.verb_label = lambda verb: AUDIT_VERB_LABELS[AuditVerb(verb)]


def stamp_query() -> ColumnElement[str]:
    """Scalar subquery with the present stamp."""
    return select(Parameter.value).where(Parameter.key == STAMP_KEY).scalar_subquery()
