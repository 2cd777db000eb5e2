"""Dates and figures as officials write them, in Turkish or English; reading them is in `parsing`.

Source: domain facts 3.6. `lang` is "tr" or "en". None gives an empty text, so that templates need
no condition around an empty column.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Context, Decimal

from app.core.clock import to_local

MONTHS = {
    "tr": ("Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül",
           "Ekim", "Kasım", "Aralık"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"),
}  # fmt: skip
WEEKDAYS = {
    "tr": ("Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
#: Decimals shown when the caller does not say: as many as the value has, at most so many.
_MOST_DECIMALS = 3

Number = int | float | Decimal


def _local(moment: dt.datetime) -> dt.datetime:
    """Return the moment on the local clock; one without a zone is taken to be local already."""
    return to_local(moment) if moment.tzinfo else moment


def _day(day: dt.date) -> dt.date:
    return _local(day).date() if isinstance(day, dt.datetime) else day


def format_date(day: dt.date | None, *, lang: str = "tr") -> str:
    """Write a day: 31.12.2026, in English 31/12/2026."""
    if day is None:
        return ""
    d = _day(day)
    sign = "." if lang == "tr" else "/"
    return f"{d.day:02}{sign}{d.month:02}{sign}{d.year:04}"


def format_long_date(day: dt.date | None, *, weekday: bool = True, lang: str = "tr") -> str:
    """Write a day in words: 31 Aralık 2026 Perşembe, in English Thursday 31 December 2026."""
    if day is None:
        return ""
    d = _day(day)
    key = "tr" if lang == "tr" else "en"
    words = [f"{d.day} {MONTHS[key][d.month - 1]} {d.year:04}"]
    if weekday:
        words.insert(1 if lang == "tr" else 0, WEEKDAYS[key][d.weekday()])
    return " ".join(words)


def format_time(moment: dt.time | dt.datetime | None, *, lang: str = "tr") -> str:
    """Write a time of day: 14.05, in English 14:05."""
    if moment is None:
        return ""
    t = _local(moment) if isinstance(moment, dt.datetime) else moment
    return f"{t.hour:02}{'.' if lang == 'tr' else ':'}{t.minute:02}"


def format_datetime(moment: dt.datetime | None, *, lang: str = "tr") -> str:
    """Write a moment on the Istanbul clock: 31.12.2026 14.05, in English 31/12/2026 14:05."""
    if moment is None:
        return ""
    return f"{format_date(moment, lang=lang)} {format_time(moment, lang=lang)}"


def format_number(value: Number | None, *, decimals: int | None = None, lang: str = "tr") -> str:
    """Write a number: 1.234,5, in English 1,234.5; halves are rounded away from zero.

    Without `decimals` as many are shown as the value has, at most three. A value that is not a
    number (nan, infinity) is a ValueError.
    """
    if value is None:
        return ""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise ValueError(f"not a number that can be written: {value}")
    text = _plain(exact, _MOST_DECIMALS if decimals is None else decimals)
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(_TURKISH_SIGNS) if lang == "tr" else text


_TURKISH_SIGNS = str.maketrans(",.", ".,")


def _plain(value: Decimal, places: int) -> str:
    """Write a number in the English way, with no minus sign before a zero."""
    # The usual 28 digits would refuse a longer figure instead of writing it.
    room = Context(prec=max(28, value.adjusted() + places + 2))
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=room)
    return f"{rounded if rounded else abs(rounded):,f}"


def format_percent(value: Number | None, *, decimals: int | None = None, lang: str = "tr") -> str:
    """Write a share of a hundred (93.4, not 0.934): %93,4, in English 93.4%.

    Without `decimals` at most one is shown.
    """
    if value is None:
        return ""
    if decimals is None:
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        decimals = 0 if exact.is_finite() and _plain(exact, 1).endswith(".0") else 1
    number = format_number(value, decimals=decimals, lang=lang)
    if lang != "tr":
        return f"{number}%"
    return f"-%{number[1:]}" if number.startswith("-") else f"%{number}"


def format_money(value: Number | None, *, decimals: int = 2, lang: str = "tr") -> str:
    """Write an amount in lira as official letters do: 1.234,56 TL."""
    return "" if value is None else f"{format_number(value, decimals=decimals, lang=lang)} TL"
