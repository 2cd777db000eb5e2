"""The words and figures on a drawing: captions, names of periods, values; nothing is drawn here."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.charts.declare import ChartError, Grain, Text, Unit
from app.core.clock import to_local
from app.core.text import (
    format_date,
    format_datetime,
    format_money,
    format_number,
    format_percent,
    format_time,
)
from app.core.text.formats import MONTHS, WEEKDAYS


@dataclass(frozen=True)
class Words:
    """The captions that every chart shares; a caller may pass others, a test passes plain text."""

    other: Text = field(default_factory=lambda: _l("Other"))
    total: Text = field(default_factory=lambda: _l("Total"))
    not_stated: Text = field(default_factory=lambda: _l("Not stated"))
    hidden: Text = field(default_factory=lambda: _l("hidden"))
    none: Text = field(default_factory=lambda: _l("none"))
    goal: Text = field(default_factory=lambda: _l("Goal"))
    cumulative: Text = field(default_factory=lambda: _l("Cumulative share"))
    as_of: Text = field(default_factory=lambda: _l("as of %(moment)s"))
    unfinished: Text = field(default_factory=lambda: _l("* period not finished"))
    partial: Text = field(
        default_factory=lambda: _l("The drawing shows the first %(n)s; the table has all.")
    )


_SHORT_MONTHS: Mapping[str, tuple[str, ...]] = {
    "tr": ("Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_SHORT_DAYS: Mapping[str, tuple[str, ...]] = {
    "tr": ("Pzt", "Sal", "Çar", "Per", "Cum", "Cmt", "Paz"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


def locale_config(lang: str) -> dict[str, Any]:
    """Return the d3 number and time locale; d3 ships no Turkish number locale of its own.

    The percent sign is left empty because d3 can only put it behind; axes set it in front.
    """
    turkish = lang == "tr"
    return {
        "number": {
            "decimal": "," if turkish else ".",
            "thousands": "." if turkish else ",",
            "grouping": [3],
            "currency": ["", " TL"],
            "percent": "",
            "minus": "-",
        },
        "time": {
            "dateTime": "%-d %B %Y %A %X",
            "date": "%d.%m.%Y",
            "time": "%H:%M",
            "periods": ["ÖÖ", "ÖS"] if turkish else ["AM", "PM"],
            "days": _sunday_first(WEEKDAYS[lang]),
            "shortDays": _sunday_first(_SHORT_DAYS[lang]),
            "months": list(MONTHS[lang]),
            "shortMonths": list(_SHORT_MONTHS[lang]),
        },
    }


def _sunday_first(days: Sequence[str]) -> list[str]:
    return [days[-1], *days[:-1]]


def format_value(value: float | int, unit: Unit, lang: str) -> str:
    """Write a value as people read it: 1.234, 4,5, %93,4 or 1.234,56 TL."""
    if unit == "percent":
        return format_percent(value, lang=lang)
    if unit == "money":
        return format_money(value, lang=lang)
    return format_number(value, decimals=_decimals(value), lang=lang)


def _decimals(value: float) -> int:
    """Return how many decimals a value needs; more than two say nothing in a chart."""
    return len(f"{value:.2f}".rstrip("0").partition(".")[2])


def tick_expression(unit: Unit, lang: str) -> str:
    """Return the Vega expression that writes a tick of the measure."""
    if unit == "percent":
        number = "format(datum.value, ',.2~f')"
        return f"'%' + {number}" if lang == "tr" else f"{number} + '%'"
    return "format(datum.value, ',.2~f')"


def parse_moment(value: Any) -> datetime:
    """Turn what a database calls a date into a local moment without a zone.

    SQLite answers a truncated date as text ("2026-07", "2026-07-01 08:00:00"), PostgreSQL as a
    date or an aware moment.
    """
    if isinstance(value, datetime):
        return to_local(value).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return datetime.combine(value, time.min)
    if isinstance(value, int):
        return parse_moment(date(value, 1, 1))
    if isinstance(value, str):
        padded = value + {4: "-01-01", 7: "-01"}.get(len(value), "")
        with suppress(ValueError):
            return parse_moment(datetime.fromisoformat(padded))
    raise ChartError(f"not a date: {value!r}")


def period_start(moment: datetime, grain: Grain) -> datetime:
    """Return the first moment of the period that holds a moment; a week starts on Monday."""
    if grain == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if grain == "week":
        return day - timedelta(days=day.weekday())
    if grain == "month":
        return day.replace(day=1)
    if grain == "quarter":
        return day.replace(month=day.month - (day.month - 1) % 3, day=1)
    return day.replace(month=1, day=1) if grain == "year" else day


def next_period(start: datetime, grain: Grain) -> datetime:
    """Return the start of the period after this one."""
    if grain == "hour":
        return start + timedelta(hours=1)
    if grain in {"day", "week"}:
        return start + timedelta(days=7 if grain == "week" else 1)
    months = {"month": 1, "quarter": 3, "year": 12}[grain]
    count = start.year * 12 + start.month - 1 + months
    return start.replace(year=count // 12, month=count % 12 + 1, day=1)


def period_name(start: datetime, grain: Grain, lang: str) -> str:
    """Name a period in full, for tables and tooltips: "Temmuz 2026", "2026, 3. çeyrek"."""
    if grain == "year":
        return str(start.year)
    if grain == "quarter":
        number = (start.month + 2) // 3
        return f"{start.year}, {number}. çeyrek" if lang == "tr" else f"{start.year}, Q{number}"
    if grain == "month":
        return f"{MONTHS[lang][start.month - 1]} {start.year}"
    if grain == "week":
        end = start + timedelta(days=6)
        return f"{format_date(start.date(), lang=lang)}–{format_date(end.date(), lang=lang)}"
    day = format_date(start.date(), lang=lang)
    return day if grain == "day" else f"{day} {format_time(start.time(), lang=lang)}"


def period_tick(start: datetime, grain: Grain, lang: str, *, with_year: bool) -> list[str]:
    """Name a period briefly under its mark; the year stands on a second line where it begins."""
    if grain == "year":
        return [str(start.year)]
    short = _SHORT_MONTHS[lang][start.month - 1]
    first = {
        "quarter": f"{(start.month + 2) // 3}. çeyrek"
        if lang == "tr"
        else f"Q{(start.month + 2) // 3}",
        "month": short,
        "week": f"{start.day} {short}",
        "day": f"{start.day} {short}",
        "hour": format_time(start.time(), lang=lang),
    }[grain]
    return [first, str(start.year)] if with_year else [first]


def as_of_text(moment: datetime, words: Words, lang: str) -> str:
    """Say when the figures were taken: "23.11.2026 08:45 itibarıyla"."""
    return str(words.as_of) % {"moment": format_datetime(moment, lang=lang)}
