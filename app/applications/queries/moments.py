"""Parts of a moment on the Istanbul clock, inside SQL, on both databases; no table stands here.

SQLite keeps moments as UTC text and adds three hours, PostgreSQL asks its own time zone table; both
agree for every moment after September 2016, when summer time ended. None of these expressions holds
a bound value, so that PostgreSQL recognises them again in GROUP BY.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Float, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_ZONE = "AT TIME ZONE 'Europe/Istanbul'"


class local_day(FunctionElement[Any]):  # noqa: N801  # Named as SQL functions are.
    """The day of a moment; `date` on PostgreSQL."""

    type = Date()
    name = "local_day"
    inherit_cache = True


class local_month(FunctionElement[Any]):  # noqa: N801
    """The first day of a moment's month."""

    type = Date()
    name = "local_month"
    inherit_cache = True


class local_weekday(FunctionElement[int]):  # noqa: N801
    """1 for Monday to 7 for Sunday."""

    type = Integer()
    name = "local_weekday"
    inherit_cache = True


class local_hour(FunctionElement[int]):  # noqa: N801
    """0 to 23."""

    type = Integer()
    name = "local_hour"
    inherit_cache = True


class days_between(FunctionElement[float]):  # noqa: N801
    """Days from the first moment to the second, with fractions."""

    type = Float()
    name = "days_between"
    inherit_cache = True


def _columns(element: FunctionElement[Any], compiler: SQLCompiler, **kw: Any) -> list[str]:
    return [compiler.process(clause, **kw) for clause in element.clauses]


@compiles(local_day)
def _day(element: local_day, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({_columns(element, compiler, **kw)[0]} {_ZONE} AS date)"


@compiles(local_day, "sqlite")
def _day_sqlite(element: local_day, compiler: SQLCompiler, **kw: Any) -> str:
    return f"date({_columns(element, compiler, **kw)[0]}, '+3 hours')"


@compiles(local_month)
def _month(element: local_month, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(date_trunc('month', {_columns(element, compiler, **kw)[0]} {_ZONE}) AS date)"


@compiles(local_month, "sqlite")
def _month_sqlite(element: local_month, compiler: SQLCompiler, **kw: Any) -> str:
    return f"date({_columns(element, compiler, **kw)[0]}, '+3 hours', 'start of month')"


@compiles(local_weekday)
def _weekday(element: local_weekday, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(extract(isodow FROM {_columns(element, compiler, **kw)[0]} {_ZONE}) AS integer)"


@compiles(local_weekday, "sqlite")
def _weekday_sqlite(element: local_weekday, compiler: SQLCompiler, **kw: Any) -> str:
    column = _columns(element, compiler, **kw)[0]
    return f"(CAST(strftime('%w', {column}, '+3 hours') AS integer) + 6) % 7 + 1"


@compiles(local_hour)
def _hour(element: local_hour, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(extract(hour FROM {_columns(element, compiler, **kw)[0]} {_ZONE}) AS integer)"


@compiles(local_hour, "sqlite")
def _hour_sqlite(element: local_hour, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(strftime('%H', {_columns(element, compiler, **kw)[0]}, '+3 hours') AS integer)"


@compiles(days_between)
def _days(element: days_between, compiler: SQLCompiler, **kw: Any) -> str:
    start, end = _columns(element, compiler, **kw)
    return f"CAST(extract(epoch FROM ({end} - {start})) / 86400.0 AS double precision)"


@compiles(days_between, "sqlite")
def _days_sqlite(element: days_between, compiler: SQLCompiler, **kw: Any) -> str:
    start, end = _columns(element, compiler, **kw)
    return f"(julianday({end}) - julianday({start}))"
