"""Dates of GeoReport v2: how a moment is read and told, and which span of time a search covers."""

from __future__ import annotations

import datetime as dt
import re

from app.applications.rules.open311.vocabulary import SPAN, refused
from app.core import clock
from app.core.rules import N_

#: A plus that was not written as %2B arrives as a space.
_LOST_PLUS = re.compile(r" (?=\d{2}:?\d{2}$)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ONE_DAY, _ONE_SECOND = dt.timedelta(days=1), dt.timedelta(seconds=1)
#: No application is older than our clock, and dates near the ends of a calendar cannot be reckoned.
_YEARS = range(1970, 2200)


def tell_moment(moment: dt.datetime | None) -> str | None:
    """Return a moment as the specification wants it: ISO 8601 with its offset, to the second."""
    return clock.to_local(moment).isoformat(timespec="seconds") if moment is not None else None


def read_moment(text: str, field: str) -> dt.datetime | None:
    """Return the moment of an argument, in Istanbul; None for an empty one.

    The zone must be named. A day alone is its first moment on our clock. Refused with 400 when it
    cannot be read.
    """
    text = _LOST_PLUS.sub("+", text.strip())
    if not text:
        return None
    moment = _moment_of(text)
    if moment is None or moment.year not in _YEARS:
        raise refused(
            400, N_("Write date and time with their zone, for example 2026-01-31T00:00:00Z."), field
        )
    return moment


def _moment_of(text: str) -> dt.datetime | None:
    """The moment of a text; None when it is no date or, with a time, names no zone."""
    try:
        if _DAY.fullmatch(text):
            return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), clock.ISTANBUL)
        return clock.to_local(dt.datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def read_window(start: str, end: str, *, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """Return the first moment and the one after the last of a search.

    Without dates the last 90 days; with one date the 90 days from it or up to it. Both dates belong
    to the span, a day alone with all its hours. More than 90 days are refused, not cut: whoever asks
    for a year must not take a quarter for it.
    """
    first, last = read_moment(start, "start_date"), read_moment(end, "end_date")
    whole = _DAY.fullmatch(end.strip()) is not None
    # The last moment belongs to the span, which must not become too long by that.
    more = _ONE_DAY if whole else _ONE_SECOND
    if last is None:
        return (now - SPAN, now + _ONE_SECOND) if first is None else (first, first + SPAN)
    after = last + more
    if first is None:
        return last - SPAN, after
    if first >= after:
        raise refused(400, N_("The start lies after the end."), "start_date")
    if last - first > SPAN:
        raise refused(400, N_("The span between both dates may have at most 90 days."), "end_date")
    return first, after
