"""What may be chosen for the period report, and how it is completed; no figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.reports import (
    Parameter,
    ParameterKind,
    Period,
    PeriodKind,
    last_finished,
)
from app.core.reports.periods import FIRST_YEAR, PERIOD_KIND_LABELS
from app.core.rules import N_, RuleViolation, Violation

Values = Mapping[str, Any]

_LAST_YEAR = 2100


def settle_period(values: Values, today: dt.date) -> dict[str, Any]:
    """Complete year and number of the period; the last finished one when neither is given."""
    kind = PeriodKind(values["period"])
    year, number = values.get("year"), values.get("number")
    if year is None and number is None:
        period = last_finished(kind, today)
        return {**values, "year": period.year, "number": period.number}
    year = year or today.year
    if kind is PeriodKind.YEAR:
        number = 1
    if number is None:
        raise RuleViolation(Violation("number", N_("Say which month or quarter of the year.")))
    if number > Period.count(kind):
        raise RuleViolation(
            Violation(
                "number",
                N_("Write a number from %(low)s to %(high)s."),
                {"low": 1, "high": Period.count(kind)},
            )
        )
    if Period(kind, year, number).first > today:
        raise RuleViolation(Violation("year", N_("This period has not begun yet.")))
    return {**values, "year": year, "number": number}


def period_of(values: Values) -> Period:
    """The period that settled values name."""
    return Period(PeriodKind(values["period"]), values["year"], values["number"])


def _last_month(today: dt.date) -> Period:
    return last_finished(PeriodKind.MONTH, today)


PARAMETERS = (
    Parameter(
        name="period",
        label=_l("Period"),
        kind=ParameterKind.CHOICE,
        choices={kind.value: _l(label) for kind, label in PERIOD_KIND_LABELS.items()},
        default=lambda today: PeriodKind.MONTH.value,
    ),
    Parameter(
        name="year",
        label=_l("Year"),
        kind=ParameterKind.NUMBER,
        required=False,
        low=FIRST_YEAR,
        high=_LAST_YEAR,
        default=lambda today: _last_month(today).year,
    ),
    Parameter(
        name="number",
        label=_l("Month or quarter"),
        kind=ParameterKind.NUMBER,
        required=False,
        help=_l("1–12 for a month, 1–4 for a quarter; not needed for a year."),
        low=1,
        high=12,
        default=lambda today: _last_month(today).number,
    ),
    Parameter(
        name="unit",
        label=_l("Unit"),
        kind=ParameterKind.RECORD,
        required=False,
        help=_l(
            "Only the cases of this unit and of those below it; empty: the whole municipality."
        ),
        lookup="unit",
    ),
)
