"""What time it is at the municipality; no arithmetic with working days lives here."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

#: UTC+3 all year since 2016; the zone still knows the summer times of older records.
ISTANBUL = ZoneInfo("Europe/Istanbul")


def utc_now() -> dt.datetime:
    """Return this moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def now() -> dt.datetime:
    """Return this moment, aware, in Istanbul."""
    return dt.datetime.now(ISTANBUL)


def today() -> dt.date:
    """Return the date in Istanbul, which after 21.00 UTC is already tomorrow's."""
    return now().date()


def to_local(moment: dt.datetime) -> dt.datetime:
    """Return the same moment on the Istanbul clock; a moment without a zone is a ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be placed on the Istanbul clock")
    return moment.astimezone(ISTANBUL)
