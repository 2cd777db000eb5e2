"""Folded search in SQL: the same words match on SQLite and PostgreSQL, and use an index there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_

from app.core.text import fold


def like_escape(word: str) -> str:
    r"""Escape %, _ and \ for a LIKE pattern with escape character \."""
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def matches(column: Any, query: str) -> ColumnElement[bool]:
    """Every word of the query stands somewhere in the folded column.

    PostgreSQL serves each LIKE from the trigram index; SQLite reads the column, which is right for
    an embedded house and is told in docs/operations.md.
    """
    words = fold(query).split()[:8]
    return and_(*(column.like(f"%{like_escape(word)}%", escape="\\") for word in words))
