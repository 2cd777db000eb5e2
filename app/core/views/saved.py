"""Saved views beside the tabs of a list: which there are, which is open, which opens with the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, url_for
from werkzeug.datastructures import MultiDict

from app.core import ports
from app.core.acting import current_actor
from app.core.views.page import ListTab

Args = MultiDict[str, str]

#: Arguments that say where one is in a list, not which list it is.
_PLACE = frozenset({"at"})


def save_view_url(view: Any) -> str:
    """Where this list is kept under a name; empty for who may keep none."""
    if not current_actor().may("write", "SavedView"):
        return ""
    return str(url_for("SavedViewView.keep", screen=view.endpoint))


def manage_views_url(view: Any) -> str:
    """Where the saved views of this list are named, ordered and shared; empty when there are none."""
    if not saved_views(view) or not current_actor().may("read", "SavedView"):
        return ""
    return str(url_for("SavedViewView.list", screen=view.endpoint))


def saved_views(view: Any) -> Sequence[Any]:
    """The own saved views of this list and those shared with the actor; read once in a request."""
    actor = current_actor()
    if actor.user_id is None or not actor.may("read", "SavedView"):
        return ()
    known: dict[str, Sequence[Any]] = g.setdefault("saved_views", {})
    if view.endpoint not in known:
        known[view.endpoint] = ports.saved_views(view.session, view.endpoint, actor.user_id)
    return known[view.endpoint]


def as_args(arguments: Mapping[str, Any]) -> Args:
    """Kept arguments as the list reads them."""
    return MultiDict(
        (key, str(value))
        for key, values in arguments.items()
        for value in (values if isinstance(values, list) else [values])
    )


def is_open(row: Any, args: Args) -> bool:
    """Whether the list shows just this view."""
    here = {key: args.getlist(key) for key in args if key not in _PLACE}
    return bool(row.arguments) and here == row.arguments


def tab_of(view: Any, row: Any, args: Args, count: str | None) -> ListTab:
    """A saved view as a tab."""
    url = str(view.url("list", **(row.arguments or {})))
    return ListTab(row.name, url, is_open(row, args), count)


def default_url(view: Any) -> str:
    """The saved view that the actor has set to open with this list; empty when there is none."""
    row = next((row for row in saved_views(view) if row.opens_first), None)
    return str(view.url("list", **row.arguments)) if row is not None and row.arguments else ""
