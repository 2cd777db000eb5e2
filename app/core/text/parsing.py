"""Reading dates and figures typed in Turkish; None means that the text is none, never a guess.

The caller decides what to say, because it knows the field. Writing them is in `formats`.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from app.core.clock import ISTANBUL
from app.core.text.cases import clean

_TURKISH_DATE = r"(?P<day>[0-9]{1,2})(?P<sign>[./])(?P<month>[0-9]{1,2})(?P=sign)(?P<year>[0-9]{4})"
_ISO_DATE = r"(?P<iso_year>[0-9]{4})-(?P<iso_month>[0-9]{2})-(?P<iso_day>[0-9]{2})"
_DATE = re.compile(f"(?:{_TURKISH_DATE}|{_ISO_DATE})")
_TIME = re.compile(r"(?P<hour>[0-9]{1,2})[.:](?P<minute>[0-9]{2})(?:[.:](?P<second>[0-9]{2}))?")
_ZONED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
                    r"(Z|[+-][0-9]{2}:?[0-9]{2})")  # fmt: skip

#: Groups of three with dots, then a decimal comma: 1.234.567,89 or 1234,5.
_TURKISH_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?")
#: A dot before one or two last figures cannot group thousands, so it is a decimal point.
_POINT_NUMBER = re.compile(r"[0-9]+\.[0-9]{1,2}")
_UNIT = re.compile(r"^(?:₺|TL\b)\s*|\s*(?:₺|\bTL|(?<=[0-9])TL)$")


def _date(match: re.Match[str]) -> dt.date | None:
    prefix = "iso_" if match["iso_year"] else ""
    year, month, day = (int(match[prefix + part]) for part in ("year", "month", "day"))
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def parse_tr_date(s: str) -> dt.date | None:
    """Read 31.12.2026, 31/12/2026 or 2026-12-31; None when it is no day of the calendar."""
    match = _DATE.fullmatch(clean(s))
    return _date(match) if match else None


def parse_tr_datetime(s: str) -> dt.datetime | None:
    """Read a day and a time (31.12.2026 14.05, 31.12.2026 14:05:30, 2026-12-31T14:05).

    The answer is aware, on the Istanbul clock; a zone is obeyed when an ISO text carries one.
    None when either part is missing or wrong: a time is never invented.
    """
    s = clean(s)
    if _ZONED.fullmatch(s):
        try:
            return dt.datetime.fromisoformat(s).astimezone(ISTANBUL)
        except (ValueError, OverflowError):
            return None
    found = _DATE.match(s)
    rest = (
        _TIME.fullmatch(s[found.end() + 1 :])
        if found and s[found.end() :][:1] in {" ", "T"}
        else None
    )
    day = _date(found) if found else None
    if day is None or rest is None:
        return None
    try:
        time = dt.time(int(rest["hour"]), int(rest["minute"]), int(rest["second"] or 0))
    except ValueError:
        return None
    return dt.datetime.combine(day, time, ISTANBUL)


def parse_tr_number(s: str) -> Decimal | None:
    """Read 1.234,56 (also -5, %93,4 and 1.234,56 TL); None when groups or signs do not fit.

    1.234 is one thousand two hundred thirty-four, as every reader here expects; 12.50 can only be
    twelve and a half. English 1,234.56 is refused.
    """
    s = clean(s).replace("−", "-")
    s = _UNIT.sub("", s)
    negative = s.startswith("-")
    s = s[1:].lstrip() if negative else s
    s = s.removeprefix("%").lstrip() if s.startswith("%") else s.removesuffix("%").rstrip()
    if _TURKISH_NUMBER.fullmatch(s):
        number = Decimal(s.replace(".", "").replace(",", "."))
    elif _POINT_NUMBER.fullmatch(s):
        number = Decimal(s)
    else:
        return None
    # A plain minus would round to the context's 28 digits.
    return number.copy_negate() if negative and number else number
