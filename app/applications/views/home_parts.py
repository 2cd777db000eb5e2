"""What the home pages share: greeting, tiles, rows of work lists, addresses of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.applications import rules
from app.applications.models import Application
from app.core import clock
from app.core.acting import Actor
from app.core.text import format_long_date, format_number, format_percent, format_time
from app.core.views import formats
from app.core.views.page import Button, Cell

#: Template and what it draws.
Block = tuple[str, dict[str, Any]]

_MORNING_ENDS, _EVENING_BEGINS = 12, 18
#: With fewer answers, one of them moves the share by more than five points.
FEW_ANSWERS = 20


@dataclass(frozen=True)
class Tile:
    """A figure that leads to the list behind it."""

    label: str
    value: str
    hint: str = ""
    url: str = ""
    tone: str = ""
    of: str = ""


def greeting(actor: Actor) -> str:
    """Good morning, day or evening, by the clock in Istanbul."""
    hour = clock.now().hour
    if hour < _MORNING_ENDS:
        return str(_("Good morning, %(name)s", name=actor.name))
    if hour < _EVENING_BEGINS:
        return str(_("Good day, %(name)s", name=actor.name))
    return str(_("Good evening, %(name)s", name=actor.name))


def head(actor: Actor, *, extra: str = "") -> dict[str, Any]:
    """Greeting, date and as-of time of the page."""
    lang, now = formats.language(), clock.now()
    parts = [
        format_long_date(now.date(), lang=lang),
        extra or _("Figures as of %(at)s", at=format_time(now, lang=lang)),
    ]
    return {"greeting": greeting(actor), "sub": " · ".join(parts)}


def cases_url(**args: str) -> str:
    """The list of applications with a tab or filters."""
    return url_for("ApplicationView.list", **args)  # type: ignore[arg-type]


def count(n: int) -> str:
    """A whole number in the reader's writing."""
    return format_number(n, lang=formats.language())


def percent(value: float | None) -> str:
    """A share, or a dash where nothing was counted."""
    return "–" if value is None else format_percent(value, lang=formats.language())


def bad(n: int) -> str:
    """The tone of a figure that should be nought."""
    return "bad" if n else ""


def place_of(item: Application) -> str:
    """District and neighbourhood."""
    return ", ".join(str(p) for p in (item.district, item.neighbourhood) if p is not None)


def case_row(item: Application, mark: Cell | None = None) -> tuple[str, str, str, Cell | None]:
    """A case in a work list: subject, what it is, its page, its due date."""
    lead = item.lead_unit.short_name or item.lead_unit.name if item.lead_unit is not None else ""
    parts = [item.number, place_of(item), lead]
    if mark is None:
        ended = item.state not in rules.OPEN_STATES
        mark = (
            formats.labelled(rules.STATE_LABELS, rules.STATE_TONES)(item.state, item)
            if ended
            else formats.due(item.due_on)
        )
    return (
        item.subject,
        " · ".join(p for p in parts if p),
        url_for("ApplicationView.show", pk=item.id),
        mark,
    )


def rows(items: Sequence[Application]) -> list[tuple[str, str, str, Cell | None]]:
    """Cases as a work list draws them."""
    return [case_row(item) for item in items]


def new_button(actor: Actor) -> list[Button]:
    """The way to intake."""
    if not actor.may("register", "Application"):
        return []
    return [Button(_("New application"), url_for("IntakeView.new"), "plus", primary=True, key="N")]


def compared(now: Mapping[str, Any], before: Mapping[str, Any]) -> str:
    """Points up or down against the month before; a handful of answers is not held against a month."""
    if now["rate"] is None or before["rate"] is None:
        return str(_("last month %(share)s", share=percent(before["rate"])))
    if now["timed"] < FEW_ANSWERS:
        return str(
            _(
                "of %(n)s so far; last month %(share)s",
                n=count(now["timed"]),
                share=percent(before["rate"]),
            )
        )
    points = round(now["rate"] - before["rate"], 1)
    sign = "▲" if points > 0 else "▼" if points < 0 else "="
    return str(
        _(
            "%(change)s points against last month",
            change=f"{sign} {format_number(abs(points), lang=formats.language())}",
        )
    )


def report_button(actor: Actor) -> list[Button]:
    """The way to the reports, for those who may order them."""
    if not actor.may("read", "ReportRun"):
        return []
    return [Button(_("Reports"), url_for("ReportRunView.library"), "chart")]
