"""Dates and numbers, written and read."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import text

# Dates and figures ------------------------------------------------------------------------------

DAY = dt.date(2026, 12, 31)


MOMENT = dt.datetime(2026, 12, 31, 11, 5, tzinfo=dt.UTC)


def test_dates_in_turkish():
    assert text.format_date(DAY) == "31.12.2026"
    assert text.format_long_date(DAY) == "31 Aralık 2026 Perşembe"
    assert text.format_long_date(dt.date(2026, 2, 1), weekday=False) == "1 Şubat 2026"
    assert text.format_time(MOMENT) == "14.05"
    assert text.format_datetime(MOMENT) == "31.12.2026 14.05"


def test_dates_in_english():
    assert text.format_date(DAY, lang="en") == "31/12/2026"
    assert text.format_long_date(DAY, lang="en") == "Thursday 31 December 2026"
    assert text.format_time(dt.time(8, 45), lang="en") == "08:45"
    assert text.format_datetime(MOMENT, lang="en") == "31/12/2026 14:05"


def test_the_day_of_a_moment_is_the_local_day():
    late = dt.datetime(2026, 12, 31, 22, 0, tzinfo=dt.UTC)
    assert text.format_date(late) == "01.01.2027"
    assert text.format_long_date(late) == "1 Ocak 2027 Cuma"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (1234567, "1.234.567"),
        (1234.5, "1.234,5"),
        (-1234.5, "-1.234,5"),
        (0.1 + 0.2, "0,3"),
        (2.0, "2"),
        (Decimal("1234.560"), "1.234,56"),
        (-0.0001, "0"),
        (10**30, "1." + ".".join(["000"] * 10)),
    ],
)
def test_numbers(value, written):
    assert text.format_number(value) == written


def test_numbers_with_fixed_decimals_round_half_up():
    assert text.format_number(2.345, decimals=2) == "2,35"
    assert text.format_number(1.005, decimals=2) == "1,01"
    assert text.format_number(5, decimals=2) == "5,00"
    assert text.format_number(1234.5, decimals=2, lang="en") == "1,234.50"


def test_percent_and_money():
    assert text.format_percent(93.4) == "%93,4"
    assert text.format_percent(25) == "%25"
    assert text.format_percent(99.97) == "%100"
    assert text.format_percent(-5.5) == "-%5,5"
    assert text.format_percent(93.44, decimals=2) == "%93,44"
    assert text.format_percent(93.4, lang="en") == "93.4%"
    assert text.format_money(1234.56) == "1.234,56 TL"
    assert text.format_money(Decimal("0.1")) == "0,10 TL"
    assert text.format_money(1234.5, lang="en") == "1,234.50 TL"


def test_nothing_is_written_as_nothing():
    for write in (
        text.format_date, text.format_long_date, text.format_time, text.format_datetime,
        text.format_number, text.format_percent, text.format_money,
    ):  # fmt: skip
        assert write(None) == ""


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
@pytest.mark.parametrize("write", [text.format_number, text.format_percent, text.format_money])
def test_what_is_no_number_is_refused(write, value):
    with pytest.raises(ValueError, match="not a number"):
        write(value)


@pytest.mark.parametrize("typed", ["31.12.2026", "31/12/2026", "2026-12-31", " 31.12.2026\u00a0"])
def test_dates_are_read(typed):
    assert text.parse_tr_date(typed) == DAY


@pytest.mark.parametrize(
    "typed",
    ["", "31.12.26", "31.02.2026", "12/31/2026", "31.12/2026", "31-12-2026", "31.12.2026 14.05",
     "٣١.١٢.٢٠٢٦", "0.1.2026", "2026-1-1", "31.12.0000", "bugün"],
)  # fmt: skip
def test_what_is_no_date_is_none(typed):
    assert text.parse_tr_date(typed) is None


@given(st.dates())
def test_written_dates_are_read_back(day):
    assert text.parse_tr_date(text.format_date(day)) == day
    assert text.parse_tr_date(text.format_date(day, lang="en")) == day


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("31.12.2026 14.05", "2026-12-31T14:05:00+03:00"),
        ("31/12/2026 14:05:30", "2026-12-31T14:05:30+03:00"),
        ("31.12.2026  9:05", "2026-12-31T09:05:00+03:00"),
        ("2026-12-31T14:05", "2026-12-31T14:05:00+03:00"),
        ("2026-12-31 14:05:00", "2026-12-31T14:05:00+03:00"),
        ("2026-12-31T11:05:00Z", "2026-12-31T14:05:00+03:00"),
        ("2026-12-31T13:05:00.250+02:00", "2026-12-31T14:05:00.250000+03:00"),
        ("01.07.2015 12.00", "2015-07-01T12:00:00+03:00"),
        ("01.01.2015 12.00", "2015-01-01T12:00:00+02:00"),
    ],
)
def test_moments_are_read(typed, iso):
    moment = text.parse_tr_datetime(typed)
    assert moment is not None
    assert moment.isoformat() == iso


@pytest.mark.parametrize(
    "typed",
    ["", "31.12.2026", "14.05", "31.12.2026 25.00", "31.12.2026 14.5", "31.02.2026 14.05",
     "31.12.2026 14.05 sonra", "31.12.202614.05", "2026-13-31T11:05:00Z", "0001-01-01T00:00+23:59"],
)  # fmt: skip
def test_what_is_no_moment_is_none(typed):
    assert text.parse_tr_datetime(typed) is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1.234,56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1.234", "1234"),
        ("1.234.567", "1234567"),
        ("12.50", "12.50"),
        ("0,5", "0.5"),
        ("-5", "-5"),
        ("−5,5", "-5.5"),
        ("%93,4", "93.4"),
        ("-%5", "-5"),
        ("93,4 %", "93.4"),
        ("1.234,56 TL", "1234.56"),
        ("₺1.234,56", "1234.56"),
        ("5TL", "5"),
        ("-0", "0"),
        ("-100000000000000000000000000,01", "-100000000000000000000000000.01"),
    ],
)
def test_numbers_are_read(typed, number):
    assert text.parse_tr_number(typed) == Decimal(number)


@pytest.mark.parametrize(
    "typed",
    ["", "-", "abc", "1,234.56", "1.23.456", "12.345,", ",5", "1.2345", "1 234", "--5", "1e5",
     "١٢", "NaN", "TL", "12.34.56", "0x1"],
)  # fmt: skip
def test_what_is_no_number_is_none(typed):
    assert text.parse_tr_number(typed) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2))
def test_written_amounts_are_read_back(amount):
    assert text.parse_tr_number(text.format_money(amount)) == amount
