"""The card of a main case and its group on the page of an application."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import defer, joinedload

from app.applications import rules
from app.applications.models import Application
from app.applications.rules import State
from app.applications.views.conditions import applicant
from app.core.acting import Actor
from app.core.text import format_date, format_number
from app.core.views import formats
from app.core.views.page import Button

#: Lines of the card; a larger group is told by its number.
MOST_LINES = 200


def draw_group(session: Any, item: Application, actor: Actor) -> tuple[str, dict[str, Any]] | None:
    """The main case and those merged with it, in the actor's sight; None for a case that stands alone."""
    main_id = item.master_id or item.id
    rows = list(
        session.scalars(
            select(Application)
            .where(
                or_(
                    Application.id == main_id,
                    (Application.master_id == main_id) & (Application.state == State.MERGED),
                )
            )
            .options(
                defer(Application.body, raiseload=True),
                defer(Application.due_trail, raiseload=True),
                defer(Application.search_text, raiseload=True),
                joinedload(Application.citizen),
            )
            .order_by(Application.received_at, Application.id)
            .limit(MOST_LINES + 1)
        ).unique()
    )
    main = next((row for row in rows if row.id == main_id), None)
    merged = [row for row in rows if row.id != main_id]
    if not merged and item.master_id is None:
        return None
    may_part = actor.may("merge", "Application")
    back = url_for("ApplicationView.show", pk=item.id)
    return "applications/card_merged.html", {
        "main": _line(main) if main is not None else None,
        "here": item.id,
        "lines": [
            {**_line(row), "part": _part(row, back) if may_part else None}
            for row in merged[:MOST_LINES]
        ],
        "count": format_number(len(merged), lang=formats.language()),
        "is_open": main is not None and main.state in rules.OPEN_STATES,
    }


def _line(row: Application) -> dict[str, Any]:
    lang = formats.language()
    return {
        "id": row.id,
        "number": row.number,
        "url": url_for("ApplicationView.show", pk=row.id),
        "received": format_date(row.received_on, lang=lang),
        "applicant": applicant(None, row),
        "state": formats.labelled(rules.STATE_LABELS, rules.STATE_TONES)(row.state, row),
        "answered": format_date(row.answered_at.date(), lang=lang) if row.answered_at else "",
    }


def _part(row: Application, back: str) -> Button:
    """Take this case out of the group again."""
    return Button(
        _("Take out"),
        url_for("WorkView.do", pk=row.id, action=rules.Action.UNMERGE.value),
        "undo",
        post=True,
        confirm=_(
            "%(number)s stands on its own again, where it stood before, with its units and its "
            "clock.",
            number=row.number,
        ),
        ask=("reason", _("Why does it not belong here?"), True),
        fields=(("next", back),),
    )
