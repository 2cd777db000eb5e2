"""Periods and parameters of reports: pure arithmetic, and what a slip of the hand is told."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications.charts import APPLICATION_CHARTS
from app.applications.reports import application_period, settle_period
from app.core.reports import Period, PeriodKind, last_finished, read_parameters
from app.core.rules import RuleViolation

REPORT = application_period(APPLICATION_CHARTS)
TODAY = dt.date(2026, 11, 23)

periods = st.sampled_from(PeriodKind).flatmap(
    lambda kind: st.builds(
        Period, st.just(kind), st.integers(2001, 2090), st.integers(1, Period.count(kind))
    )
)


@given(periods)
def test_periods_follow_each_other_without_gap(period: Period) -> None:
    assert period.following.first == period.last + dt.timedelta(days=1)
    assert period.following.previous == period
    assert period.previous.last == period.first - dt.timedelta(days=1)


@given(st.dates(dt.date(2001, 1, 1), dt.date(2090, 12, 31)), st.sampled_from(PeriodKind))
def test_the_last_finished_period_ended_before_today(today: dt.date, kind: PeriodKind) -> None:
    period = last_finished(kind, today)
    assert period.last < today
    assert period.following.last >= today


@pytest.mark.parametrize(
    "period, name",
    [
        (Period(PeriodKind.MONTH, 2026, 10), "Ekim 2026"),
        (Period(PeriodKind.QUARTER, 2026, 3), "2026, 3. çeyrek"),
        (Period(PeriodKind.YEAR, 2026), "2026"),
    ],
)
def test_a_period_has_a_name(period: Period, name: str) -> None:
    assert period.name() == name


def test_nothing_given_means_the_last_month() -> None:
    assert read_parameters(REPORT, {}, TODAY) == {
        "period": "month",
        "year": 2026,
        "number": 10,
        "unit": None,
    }


def test_a_kind_alone_means_its_last_finished_period() -> None:
    assert read_parameters(REPORT, {"period": "quarter"}, TODAY)["number"] == 3
    assert read_parameters(REPORT, {"period": "year"}, TODAY)["year"] == 2025


def test_settled_values_settle_to_themselves() -> None:
    values = read_parameters(REPORT, {"period": "quarter"}, TODAY)
    assert settle_period(values, TODAY) == values


@pytest.mark.parametrize(
    "given, field",
    [
        ({"period": "week"}, "period"),
        ({"period": ""}, "period"),
        ({"year": "iki bin"}, "year"),
        ({"year": "1999", "number": "1"}, "year"),
        ({"number": "13"}, "number"),
        ({"number": "-1"}, "number"),
        ({"number": "²"}, "number"),
        ({"period": "quarter", "number": "5"}, "number"),
        ({"year": "2026"}, "number"),
        ({"year": "2026", "number": "12"}, "year"),
        ({"unit": "Fen"}, "unit"),
        ({"unit": "9999999999999"}, "unit"),
        ({"units": "3"}, ""),
    ],
)
def test_a_wrong_parameter_is_named(given: dict[str, str], field: str) -> None:
    with pytest.raises(RuleViolation) as caught:
        read_parameters(REPORT, given, TODAY)
    assert [v.field for v in caught.value.violations] == [field]


def test_all_wrong_parameters_are_told_at_once() -> None:
    with pytest.raises(RuleViolation) as caught:
        read_parameters(REPORT, {"period": "week", "year": "x", "unit": "y"}, TODAY)
    assert {v.field for v in caught.value.violations} == {"period", "year", "unit"}
