"""From the cell of a table to the value of a field; which cell is not decided here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from app.core.clock import ISTANBUL
from app.core.rules import N_
from app.core.text import (
    clean,
    excerpt,
    fold,
    parse_tr_date,
    parse_tr_datetime,
    parse_tr_number,
)

_YES = frozenset({"evet", "e", "var", "1", "x", "true", "dogru", "yes", "y"})
_NO = frozenset({"hayir", "h", "yok", "0", "false", "yanlis", "no", "n"})
#: Files of the last century and typing errors; a date outside is a mistake of reading.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


#: Only its writing is shown.
_EXAMPLE = dt.datetime(2026, 12, 31, 14, 5)  # noqa: DTZ001


class ConversionError(Exception):
    """A cell does not hold what its field needs; carries the English text and its parameters."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


def moment_example(pattern: str) -> str:
    """Return how a day and a time look in a pattern of `strptime`; in ours when it is empty."""
    return _EXAMPLE.strftime(pattern or "%d.%m.%Y %H:%M")


def convert(
    cell: object,
    kind: str,
    choices: Mapping[str, object],
    date_format: str = "",
    max_length: int | None = None,
) -> object:
    """Return the value of a cell that is not empty: str, int, Decimal, date, aware datetime or bool.

    A choice gives its code. Raises `ConversionError` with a sentence that says what to do.
    """
    if kind == "choice":
        return _choice(cell, choices)
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(cell, date_format)
    return _text(cell, kind, max_length)


def _text(cell: object, kind: str, max_length: int | None) -> str:
    text = clean(_plain(cell), multiline=kind == "long_text")
    if max_length is not None and len(text) > max_length:
        raise ConversionError(
            N_("The text has %(length)s characters; shorten it to %(most)s."),
            length=len(text),
            most=max_length,
        )
    return text


def _plain(cell: object) -> str:
    """Return a cell as text, as a person would have typed it."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.strftime("%d.%m.%Y %H:%M")
    if isinstance(cell, dt.date):
        return cell.strftime("%d.%m.%Y")
    return str(cell)


def _choice(cell: object, choices: Mapping[str, object]) -> str:
    text = clean(_plain(cell))
    if text in choices:
        return text
    wanted = fold(text)
    for code, label in choices.items():
        if wanted in {fold(str(label)), fold(code)}:
            return code
    raise ConversionError(
        N_("“%(value)s” is not in the list; choose what it means in the column mapping."),
        value=excerpt(text, 60),
    )


def _integer(cell: object, _: str) -> int:
    number = _decimal(cell)
    if number is None or number != number.to_integral_value() or abs(number) >= 10**18:
        raise ConversionError(
            N_("“%(value)s” is not a whole number; write figures only."),
            value=excerpt(_plain(cell), 60),
        )
    return int(number)


def _number(cell: object, _: str) -> Decimal:
    number = _decimal(cell)
    if number is None:
        raise ConversionError(
            N_("“%(value)s” is not a number; write it as 1.234,56."),
            value=excerpt(_plain(cell), 60),
        )
    return number


def _decimal(cell: object) -> Decimal | None:
    if isinstance(cell, bool):
        return Decimal(int(cell))
    if isinstance(cell, int | float | Decimal):
        number = Decimal(str(cell))
        return number if number.is_finite() else None
    return parse_tr_number(str(cell))


def _boolean(cell: object, _: str) -> bool:
    if isinstance(cell, bool):
        return cell
    word = fold(_plain(cell))
    if word in _YES or word in _NO:
        return word in _YES
    raise ConversionError(
        N_("“%(value)s” is neither yes nor no; write Evet or Hayır."),
        value=excerpt(_plain(cell), 60),
    )


def _date(cell: object, date_format: str) -> dt.date:
    # A column of moments may fill a field of days.
    moment = _moment(cell, date_format)
    if moment is None:
        value = excerpt(str(cell), 60)
        if date_format:
            raise ConversionError(
                N_("“%(value)s” could not be read as a date; write it as %(example)s."),
                value=value,
                example=moment_example(date_format),
            )
        raise ConversionError(
            N_("“%(value)s” could not be read as a date; write it as 31.12.2026."), value=value
        )
    return _bounded(moment, cell).date()


def _datetime(cell: object, date_format: str) -> dt.datetime:
    # A day alone becomes its first moment: lists of other offices often give no hour.
    moment = _moment(cell, date_format)
    if moment is None:
        value = excerpt(str(cell), 60)
        if date_format:
            raise ConversionError(
                N_("“%(value)s” could not be read as a date and time; write it as %(example)s."),
                value=value,
                example=moment_example(date_format),
            )
        raise ConversionError(
            N_("“%(value)s” could not be read as a date and time; write it as 31.12.2026 14:05."),
            value=value,
        )
    return _bounded(moment, cell)


def _moment(cell: object, date_format: str) -> dt.datetime | None:
    """Return the moment a cell means, on the Istanbul clock; a day is its midnight."""
    if isinstance(cell, dt.datetime):
        return _local(cell)
    if isinstance(cell, dt.date):
        return dt.datetime.combine(cell, dt.time(), ISTANBUL)
    text = clean(str(cell))
    if date_format and (read := _strptime(text, date_format)) is not None:
        return _local(read)
    day = parse_tr_date(text)
    if day is not None:
        return dt.datetime.combine(day, dt.time(), ISTANBUL)
    return parse_tr_datetime(text)


def _local(moment: dt.datetime) -> dt.datetime:
    try:
        return moment.astimezone(ISTANBUL) if moment.tzinfo else moment.replace(tzinfo=ISTANBUL)
    except OverflowError:
        return moment.replace(tzinfo=ISTANBUL)


def _bounded(moment: dt.datetime, cell: object) -> dt.datetime:
    if _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return moment
    raise ConversionError(
        N_("The year of “%(value)s” cannot be right; look at the date in the file."),
        value=excerpt(_plain(cell), 60),
    )


@lru_cache(maxsize=4096)
def _strptime(text: str, pattern: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(text, pattern)  # noqa: DTZ007  # The zone is set by the caller.
    except (ValueError, re.error):
        return None


def _phone(cell: object, _: str) -> str:
    return clean(_plain(cell))


_READERS: Mapping[str, Callable[[Any, str], object]] = {
    "integer": _integer,
    "number": _number,
    "date": _date,
    "datetime": _datetime,
    "boolean": _boolean,
    "phone": _phone,
}
