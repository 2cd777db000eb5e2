"""The saved views that a person has put on the home page, with their counts from one statement."""

from __future__ import annotations

from typing import Any

from flask import current_app

from app.core import ports
from app.core.acting import Actor
from app.core.views.base import BackOfficeView
from app.core.views.counting import count_views
from app.core.views.formats import translated


def pinned_block(session: Any, actor: Actor) -> tuple[str, dict[str, Any]] | None:
    """Template and figures of the pinned views; None when nothing is pinned."""
    if actor.user_id is None or not actor.may("read", "SavedView"):
        return None
    views = {
        view.endpoint: view
        for view in current_app.extensions["appbuilder"].baseviews
        if isinstance(view, BackOfficeView)
    }
    pairs = [
        (views[row.screen], row)
        for row in ports.pinned_views(session, actor.user_id)
        if row.screen in views and views[row.screen].may("read")
    ]
    if not pairs:
        return None
    counts = count_views(session, pairs)
    return "parts/pinned.html", {
        "pins": [
            {
                "label": row.name,
                "list": translated(view.label_plural),
                "url": str(view.url("list", **row.arguments)),
                "count": count if count is not None else "–",
            }
            for (view, row), count in zip(pairs, counts, strict=True)
        ]
    }
