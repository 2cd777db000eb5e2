"""What a list of CİMER told anew about cases that were here already: for the page of an import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import CimerExchange, ImportBatch
from app.applications.queries.cimer import list_batch_exchanges
from app.applications.rules import ExchangeKind
from app.core.acting import current_actor
from app.core.text import excerpt, format_number
from app.core.views import formats
from app.core.views.page import Cell

_SHOWN = 50
#: What a row can tell about a case that is known; its first line says nothing new.
_TOLD = (
    ExchangeKind.RESENT,
    ExchangeKind.ADDITIONAL_TEXT,
    ExchangeKind.STATE_CHANGED,
    ExchangeKind.TRANSFERRED,
)


@dataclass(frozen=True)
class NewsLine:
    """One line that the file brought: the case, what passed, and its words."""

    number: str
    url: str
    kind: Cell
    at: str
    text: str


@dataclass(frozen=True)
class News:
    """Figures and lines; empty for files of other sources."""

    is_of_cimer: bool
    changed: str
    resent: str
    lines: Sequence[NewsLine]
    all_url: str
    is_file_forgotten: bool


def news_of(session: Session, batch: ImportBatch) -> News:
    """What the file told about known cases, in its order."""
    lang = formats.language()
    actor = current_actor()
    told = (batch.changed_rows or batch.resent_rows) and actor.may("read", "CimerExchange")
    rows = list_batch_exchanges(session, batch.id, _TOLD, _SHOWN) if told else []
    return News(
        is_of_cimer=batch.is_restricted,
        changed=format_number(batch.changed_rows, lang=lang),
        resent=format_number(batch.resent_rows, lang=lang),
        lines=[_line(row) for row in rows],
        all_url=url_for("CimerExchangeView.list", tab="all", batch=batch.id) if rows else "",
        is_file_forgotten=bool((batch.document or {}).get("file_forgotten")),
    )


def _line(row: CimerExchange) -> NewsLine:
    return NewsLine(
        row.application.number,
        url_for("ApplicationView.show", pk=row.application.id),
        Cell(
            "badge",
            formats.translated(rules.EXCHANGE_KIND_LABELS[row.kind]),
            tone=rules.EXCHANGE_KIND_TONES[row.kind],
        ),
        formats.plain(row.at).text,
        excerpt(row.text, 160),
    )
