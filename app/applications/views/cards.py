"""Cards on the page of an application: when there is a place for each, and what it draws."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.applications.models import Application
from app.applications.views.field_cells import FIELD_CARD
from app.applications.views.information.card import APPEAL_CARD, CASE_CARD
from app.applications.views.open311_records import APPLICATION_CARD as OPEN311_CARD
from app.core.acting import Actor
from app.core.rooms import Card
from app.core.views.beside import history_entries
from app.core.views.entities import view_of


def _audit(session: Any, item: Application, actor: Actor) -> tuple[str, dict[str, Any]]:
    """Every change of the case, field by field."""
    view = view_of("Application")
    history = history_entries(
        session, "Application", item.id, view.label_of_field, view.word_of_value
    )
    return "applications/card_audit.html", {"history": history}


#: In the order of the page.
APPLICATION_CARDS: tuple[Card, ...] = (
    CASE_CARD,
    APPEAL_CARD,
    OPEN311_CARD,
    FIELD_CARD,
    Card(
        "audit",
        _l("Audit trail"),
        _audit,
        shown=lambda item, actor: actor.may("read", "AuditEvent"),
    ),
)
