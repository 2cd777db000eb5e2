"""Which rows an act over a list means: the picked ones, or all that its filter finds.

The keys that a browser sends are never trusted alone: they pass through the same tab, search and
filters as the list, in the sight of whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from flask import abort
from sqlalchemy import Select
from werkzeug.datastructures import MultiDict

Args = MultiDict[str, str]

#: What a list sends along is no longer than this and has no more arguments.
_LONGEST_QUERY = 4_000
_MOST_ARGUMENTS = 60
#: Keys sent one by one; more rows are meant by their filter.
MOST_KEYS = 1_000


def list_args(form: Mapping[str, Any]) -> Args | None:
    """The arguments that the list was opened with; None when the form does not say."""
    query = form.get("args")
    if query is None:
        return None
    try:
        pairs = parse_qsl(str(query)[:_LONGEST_QUERY], max_num_fields=_MOST_ARGUMENTS)
    except ValueError:
        abort(400)
    return MultiDict(pairs)


def means_all(form: Mapping[str, Any]) -> bool:
    """Whether the whole filter is meant, not only the rows that were picked."""
    return form.get("all") == "1" and form.get("args") is not None


def picked(view: Any, form: Any) -> Select[Any]:
    """The statement of the rows that a posted form of this list means."""
    args = list_args(form)
    stmt, errors = (view.base_query(), {}) if args is None else view.filtered(args)
    if errors:
        abort(400)
    if means_all(form):
        return stmt
    keys = [int(pk) for pk in form.getlist("rowid") if pk.isdigit() and len(pk) < 10][:MOST_KEYS]
    return stmt.where(view.model.id.in_(keys))
