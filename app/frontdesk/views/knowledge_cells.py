"""How a knowledge item is drawn beside other work: its question, the answer, and whether it still holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.text import excerpt, format_date, format_number
from app.core.views import formats
from app.core.views.page import Cell
from app.frontdesk.models import KnowledgeItem
from app.frontdesk.rules.knowledge import (
    VALIDITY_LABELS,
    VALIDITY_TONES,
    Validity,
    validity_of,
)


@dataclass(frozen=True)
class KnowledgeRow:
    """An item as the box shows it."""

    pk: int
    title: str
    answer: str
    topic: str
    about: str
    badge: Cell | None
    url: str
    used_url: str


def validity_cell(item: KnowledgeItem) -> Cell:
    """Whether an item may be read aloud today."""
    state = validity_of(item.valid_until, item.review_on, today=clock.today())
    return Cell("badge", formats.translated(VALIDITY_LABELS[state]), tone=VALIDITY_TONES[state])


def knowledge_rows(items: Sequence[KnowledgeItem]) -> list[KnowledgeRow]:
    """Items for the box, with a badge only where something is wrong."""
    lang, today = formats.language(), clock.today()
    rows = []
    for item in items:
        state = validity_of(item.valid_until, item.review_on, today=today)
        unit = item.unit.short_name or item.unit.name if item.unit is not None else ""
        parts = [
            _("confirmed by %(unit)s", unit=unit) if unit else "",
            format_date(item.reviewed_on, lang=lang) if item.reviewed_on else "",
            _("answered %(n)s calls", n=format_number(item.used_count, lang=lang)),
        ]
        rows.append(
            KnowledgeRow(
                pk=item.id,
                title=item.title,
                answer=item.answer,
                topic=item.topic.code if item.topic is not None else "",
                about=" · ".join(part for part in parts if part),
                badge=None if state is Validity.CURRENT else validity_cell(item),
                url=url_for("KnowledgeItemView.show", pk=item.id),
                used_url=url_for("KnowledgeItemView.used", pk=item.id),
            )
        )
    return rows


def knowledge_topic(item: KnowledgeItem) -> str:
    """The topic, as the second line of a picker."""
    return str(item.topic) if item.topic is not None else ""


def knowledge_item(item: KnowledgeItem) -> tuple[str, str, str]:
    """Title, second line and address of a hit."""
    return item.title, excerpt(item.answer, 90), url_for("KnowledgeItemView.show", pk=item.id)
