"""Filters of the officer’s list that ask the same conditions as the annual report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_
from werkzeug.datastructures import MultiDict

from app.applications.queries import information as queries
from app.applications.rules.information import InformationFigure
from app.core import clock
from app.core.views import Choice

Args = MultiDict[str, str]


@dataclass(frozen=True)
class Counted(Choice):
    """Requests that a figure of the annual report counts; several figures are added."""

    def apply(self, stmt: Select[Any], args: Args, session: Any) -> Select[Any]:
        """The statement narrowed to what the picked figures count."""
        picked = self._picked(args)
        if not picked:
            return stmt
        today = clock.today()
        return stmt.where(
            or_(*(queries.figure_condition(InformationFigure(v), today) for v in picked))
        )


def of_ground(session: Any, pk: int) -> Any:
    """Requests whose decision names an article."""
    return queries.with_ground(pk)
