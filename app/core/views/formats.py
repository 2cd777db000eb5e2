"""From values to cells: dates, numbers, badges and masks as people here write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.core import clock, text
from app.core.acting import current_actor
from app.core.identifiers import format_phone
from app.core.views.page import Cell

#: A format turns (value, record) into a cell.
Format = Callable[[Any, Any], Cell]

EMPTY = Cell("empty", "–")


def language() -> str:
    """Language of the reader: tr or en."""
    return str(get_locale() or "tr")[:2]


def translated(label: Any) -> str:
    """A label (English msgid or lazy string) in the reader's language."""
    return _(label) if isinstance(label, str) and label else str(label)


def plain(value: Any, record: Any = None) -> Cell:
    """The cell for a value without a format of its own."""
    if value is None or value == "" or value == []:
        return EMPTY
    if isinstance(value, bool):
        return Cell("bool", _("Yes") if value else _("No"), value=value)
    if isinstance(value, dt.datetime):
        return Cell("datetime", text.format_datetime(value, lang=language()), value=value)
    if isinstance(value, dt.date):
        return Cell("date", text.format_date(value, lang=language()), value=value)
    if isinstance(value, int | float | Decimal):
        return Cell("number", text.format_number(value, lang=language()), value=value)
    if isinstance(value, list | tuple):
        return Cell("text", ", ".join(str(v) for v in value))
    return Cell("text", str(value), value=value)


def typed_day(typed: str) -> str:
    """What was typed into a date field, written as the field writes days; what is no day stays."""
    day = text.parse_tr_date(typed)
    return typed if day is None else text.format_date(day, lang=language())


def typed_moment(typed: str) -> str:
    """What was typed into a field of day and time, written as the field writes them."""
    moment = text.parse_tr_datetime(typed)
    return typed if moment is None else text.format_datetime(moment, lang=language())


def labelled(labels: Mapping[Any, str], tones: Mapping[Any, str] | None = None) -> Format:
    """A code shown by its label; with tones it becomes a badge."""
    return Labelled(labels, tones)


@dataclass(frozen=True, eq=False)
class Labelled:
    """The format of a code; histories ask it for the labels too."""

    labels: Mapping[Any, str]
    tones: Mapping[Any, str] | None = None

    def __call__(self, value: Any, record: Any) -> Cell:
        """The cell of a code."""
        if value is None or value == "":
            return EMPTY
        label = translated(self.labels.get(value, str(value)))
        if self.tones is None:
            return Cell("text", label, value=value)
        return Cell("badge", label, tone=self.tones.get(value, ""), value=value)


def phone(value: Any, record: Any) -> Cell:
    """A telephone number of an office (not personal data)."""
    return Cell("phone", format_phone(value), value=value) if value else EMPTY


def year(value: Any, record: Any) -> Cell:
    """A year: its figures are never grouped."""
    return Cell("text", str(value), value=value) if value else EMPTY


def long_text(value: Any, record: Any) -> Cell:
    """Text in its own lines."""
    return Cell("lines", str(value)) if value else EMPTY


def masked(
    mask: Callable[[str], str], entity: str, key: str = "id", shown: Format = plain
) -> Format:
    """Personal data: masked unless the actor has revealed this very record a moment ago."""

    def cell(value: Any, record: Any) -> Cell:
        if not value:
            return EMPTY
        actor = current_actor()
        if actor.is_system or f"{entity}:{getattr(record, key)}" in actor.revealed:
            return shown(value, record)
        return Cell("masked", mask(str(value)))

    return cell


def due(
    due_on: dt.date | None, *, on_time: bool | None = None, today: dt.date | None = None
) -> Cell:
    """A due date with its word; a date never stands alone (look: badges)."""
    if due_on is None:
        return Cell("empty", _("no deadline"))
    today = today or clock.today()
    short = due_on.strftime("%d.%m") if due_on.year == today.year else text.format_date(due_on)
    days = (due_on - today).days
    if on_time is not None:
        word = _("In time") if on_time else _("Late")
        return Cell("due", word, tone="done" if on_time else "late", sub=short, value=due_on)
    if days < 0:
        word, tone = _("%(n)s days late", n=-days), "late"
    elif days == 0:
        word, tone = _("Today"), "today"
    elif days == 1:
        word, tone = _("Tomorrow"), "near"
    else:
        word, tone = _("%(n)s days", n=days), "near" if days <= 3 else "far"
    return Cell("due", word, tone=tone, sub=short, value=due_on)


def choices(labels: Mapping[Any, str]) -> list[tuple[str, str]]:
    """(value, translated label) pairs for a select."""
    return [(member.value, translated(label)) for member, label in labels.items()]
