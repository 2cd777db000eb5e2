"""For whom the reader stands in today, and what waits in that person's place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core import ports
from app.core.acting import Actor, Mandate
from app.core.text import format_date
from app.core.text.suffixes import Case, with_suffix
from app.core.views.formats import language


@dataclass(frozen=True)
class HandedOver:
    """Work of somebody else that waits for the deputy: what it is, how much, where it stands."""

    label: str
    count: int
    url: str


@dataclass(frozen=True)
class Standing:
    """What home page and profile tell a deputy."""

    lines: Sequence[str]
    work: Sequence[HandedOver]


def standing_of(session: Any, actor: Actor) -> Standing | None:
    """Who is stood in for until when; None for somebody who is no deputy today, without a statement."""
    if not actor.mandates:
        return None
    lines = [standing_line(mandate) for mandate in actor.mandates]
    work = [part for hook in ports.handed_over for part in hook(session, actor)]
    return Standing(lines, [part for part in work if part.count])


def standing_line(mandate: Mandate) -> str:
    """For whom and until when, in one sentence."""
    lang = language()
    day = format_date(mandate.until, lang=lang)
    if lang == "tr":
        day = with_suffix(day, Case.DATIVE)
    title = f" ({mandate.title})" if mandate.title else ""
    return str(_("You stand in for %(name)s until %(day)s.", name=mandate.name + title, day=day))
