"""Screens of feedback: texts, reasons, answers, call-backs, cards of a case, charts, REST, home pages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select


def one(session: Any, model: Any, *where: Any) -> Any:
    return session.scalars(select(model).where(*where).order_by(model.id)).first()
