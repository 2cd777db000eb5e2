"""The counts of a list: its total, its tabs and its saved views, all from one statement.

Nobody reads on to the thousandth row, so counting stops there and a tab says "1.000+".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from sqlalchemy import Select
from werkzeug.datastructures import MultiDict

from app.core.acting import Actor, acting_as
from app.core.views import formats, listing, saved
from app.core.views.filters import FilterError
from app.core.views.page import ListTab

Args = MultiDict[str, str]

#: Saved views with a count; the tabs of a list should be read at a glance.
MOST_COUNTED = 12


class NeedsStatementError(Exception):
    """Raised by a filter that has to ask the database before it can narrow a statement."""


class _Silent:
    """Stands for the session where counting must not send a statement of its own."""

    def __getattr__(self, name: str) -> Any:
        raise NeedsStatementError(name)


#: Handed to filters while saved views are counted; a filter may know another way without a session.
WITHOUT_STATEMENTS: Any = _Silent()


def counted(view: Any, args: Args, stmt: Select[Any]) -> tuple[list[ListTab], str]:
    """Tabs with their counts and the written total.

    A narrowed list is counted less far. The tab or the saved view that is open is not counted twice.
    """
    is_narrowed = any(args.get(a) for f in view._active_filters() for a in f.arguments())
    current = view._tab(args)
    cap = listing.TAB_CAP if is_narrowed else listing.COUNT_CAP
    lang = formats.language()
    tabs = list(view.visible_tabs())
    views = saved.saved_views(view)
    base = view.base_query()
    counters: list[Any] = []
    caps: list[int] = []

    def count(narrowed: Select[Any], most: int) -> int:
        """The place of the count among all of them."""
        counters.append(listing.capped(narrowed, view.model, most))
        caps.append(most)
        return len(counters) - 1

    # The tab that is on counts for the total too.
    places = [
        count(
            base if tab[2] is None else base.where(tab[2]()),
            cap if tab is current and not is_narrowed else listing.TAB_CAP,
        )
        for tab in tabs
    ]
    if is_narrowed or current is None:
        total_at = count(stmt, cap)
    else:
        total_at = places[tabs.index(current)]
    kept = [(row, _place(view, row, args, count, total_at)) for row in views[:MOST_COUNTED]]
    counts = listing.count_many(view.session, counters)
    written = [listing.written_count(n, c, lang) for n, c in zip(counts, caps, strict=True)]
    shown = [
        ListTab(
            formats.translated(tab[1]),
            str(view.url("list", tab=tab[0])),
            tab is current and not any(saved.is_open(row, args) for row in views),
            written[at],
            tab[3] if counts[at] else "",
        )
        for tab, at in zip(tabs, places, strict=True)
    ]
    shown += [
        saved.tab_of(view, row, args, written[at] if at is not None else None) for row, at in kept
    ]
    shown += [saved.tab_of(view, row, args, None) for row in views[MOST_COUNTED:]]
    return [*shown, *view.extra_tabs()], written[total_at]


def _place(view: Any, row: Any, args: Args, count: Any, total_at: int) -> int | None:
    """Where the count of a saved view stands; None for one that cannot be counted beside others."""
    if saved.is_open(row, args):
        return total_at
    narrowed = stmt_of(view, row.arguments or {})
    return None if narrowed is None else count(narrowed, listing.TAB_CAP)


def stmt_of(view: Any, arguments: Any) -> Select[Any] | None:
    """The rows of a saved view; None when it cannot be said without asking the database, or at all."""
    try:
        stmt, errors = view.filtered(saved.as_args(arguments), session=WITHOUT_STATEMENTS)
    except (NeedsStatementError, FilterError):
        return None
    return None if errors else stmt


def count_views(session: Any, pairs: Sequence[tuple[Any, Any]]) -> list[str | None]:
    """The written counts of (list, saved view) pairs of any lists, from one statement."""
    lang = formats.language()
    stmts = [stmt_of(view, row.arguments or {}) for view, row in pairs]
    counters = [
        listing.capped(stmt, view.model, listing.TAB_CAP)
        for (view, _row), stmt in zip(pairs, stmts, strict=True)
        if stmt is not None
    ]
    numbers = iter(listing.count_many(session, counters))
    return [
        None if stmt is None else listing.written_count(next(numbers), listing.TAB_CAP, lang)
        for stmt in stmts
    ]


# --- outside of a request ------------------------------------------------------------------------------
def list_named(screen: str) -> Any:
    """The list of that name; None when it is gone."""
    views = current_app.extensions["appbuilder"].baseviews
    return next((v for v in views if getattr(v, "endpoint", "") == screen), None)


def count_for(session: Any, screen: str, arguments: Any, actor: Actor) -> int | None:
    """How many rows a saved view has in somebody's sight, at most one more than a tab counts.

    None when the list is gone, not open to the person, or its arguments mean nothing any more.
    """
    view = list_named(screen)
    if view is None or not actor.may("read", view.resource):
        return None
    with acting_as(actor):
        try:
            stmt, errors = view.filtered(saved.as_args(arguments or {}), session=session)
        except FilterError:
            return None
        if errors:
            return None
        (number,) = listing.count_many(session, [listing.capped(stmt, view.model, listing.TAB_CAP)])
    return number


def path_of(screen: str, arguments: Any) -> str:
    """The address of a saved view, for messages."""
    view = list_named(screen)
    if view is None:
        return ""
    query = urlencode(arguments or {}, doseq=True)
    return f"{view.route_base}/list/" + (f"?{query}" if query else "")
