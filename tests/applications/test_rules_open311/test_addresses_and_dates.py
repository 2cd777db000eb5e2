"""Addresses and dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.applications.rules import open311 as rules
from app.applications.rules.open311 import GeoReportRefusal, RequestStatus
from app.core import clock
from tests.applications.test_rules_open311.support import refused_with

NOW = dt.datetime(2026, 6, 1, 12, 0, tzinfo=clock.ISTANBUL)


moments = st.datetimes(
    min_value=dt.datetime(1971, 1, 1), max_value=dt.datetime(2190, 1, 1), timezones=st.just(dt.UTC)
).map(lambda m: m.replace(microsecond=0))


def status_of(call: Any) -> int | None:
    """The status of a refusal; None when nothing is refused."""
    try:
        call()
    except GeoReportRefusal as refusal:
        return refusal.status
    return None


# --- addresses ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "resource", "key", "form"),
    [
        ("services.xml", "services", "", "xml"),
        ("services/YOL-01.json", "services", "YOL-01", "json"),
        ("requests.json", "requests", "", "json"),
        ("requests/2026-0000123.xml", "requests", "2026-0000123", "xml"),
        ("tokens/abc.json", "tokens", "abc", "json"),
        ("discovery.xml", "discovery", "", "xml"),
    ],
)
def test_an_address_names_a_resource_and_a_format(
    path: str, resource: str, key: str, form: str
) -> None:
    assert rules.read_address(path) == rules.Address(resource, key, form)


@pytest.mark.parametrize(
    "path",
    ["", "services", "services.html", "services/a/b.xml", "discovery/x.json", "../x.xml", "x.json"],
)
def test_any_other_address_does_not_exist(path: str) -> None:
    assert refused_with(lambda: rules.read_address(path)).status == 404


def test_a_token_must_be_named() -> None:
    assert refused_with(lambda: rules.read_address("tokens.xml")).status == 400


@given(st.text(max_size=60))
def test_no_address_is_a_fault(path: str) -> None:
    assert status_of(lambda: rules.read_address(path)) in {None, 400, 404}


def test_lists_are_divided_by_commas_or_given_again() -> None:
    assert rules.read_list(["a, b", "b,,c", " "]) == ("a", "b", "c")
    assert rules.read_statuses(["open,closed"]) == set(RequestStatus)
    assert rules.read_statuses([]) == frozenset()
    assert refused_with(lambda: rules.read_statuses(["new"])).status == 400


def test_pages_begin_at_one_and_hold_a_thousand_at_most() -> None:
    assert rules.read_page("", "") == (0, 1000)
    assert rules.read_page("3", "50") == (100, 50)
    assert rules.read_page("1", "5000") == (0, 1000)
    for page, size in (("0", ""), ("-1", ""), ("x", ""), ("", "0"), ("99999", "1000"), ("²", "")):
        assert refused_with(lambda page=page, size=size: rules.read_page(page, size)).status == 400


# --- dates ----------------------------------------------------------------------------------------
@given(moments)
def test_a_moment_that_is_told_is_read_again(moment: dt.datetime) -> None:
    text = rules.tell_moment(moment)
    assert text is not None
    assert rules.read_moment(text, "start_date") == moment


@pytest.mark.parametrize(
    "text",
    [
        "2010-05-24T00:00:00Z",
        "2010-05-24T03:00:00+03:00",
        "2010-05-24T03:00:00 03:00",
        "2010-05-24T03:00:00+0300",
    ],
)
def test_the_ways_to_write_a_zone_mean_the_same(text: str) -> None:
    assert rules.read_moment(text, "x") == dt.datetime(2010, 5, 24, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2010-05-24T00:00:00",
        "24.05.2010",
        "05-24-2010",
        "yesterday",
        "2010-13-01T00:00:00Z",
        "0001-01-01",
        "9999-12-31T23:59:59Z",
        "1969-12-31",
        "2010-02-30",
    ],
)
def test_a_date_that_cannot_be_read_is_told_with_an_example(text: str) -> None:
    refusal = refused_with(lambda: rules.read_moment(text, "start_date"))
    assert refusal.status == 400
    assert refusal.violations[0].field == "start_date"
    assert "2026-01-31T00:00:00Z" in str(refusal.violations[0])


@given(st.text(max_size=40))
def test_no_date_is_a_fault(text: str) -> None:
    assert status_of(lambda: rules.read_moment(text, "x")) in {None, 400}


def test_without_dates_the_last_ninety_days_are_meant() -> None:
    first, after = rules.read_window("", "", now=NOW)
    assert first == NOW - dt.timedelta(days=90)
    assert after > NOW


def test_one_date_means_ninety_days_from_it_or_up_to_it() -> None:
    day = dt.datetime(2026, 1, 10, tzinfo=clock.ISTANBUL)
    assert rules.read_window("2026-01-10", "", now=NOW) == (day, day + dt.timedelta(days=90))
    first, after = rules.read_window("", "2026-01-10", now=NOW)
    assert (first, after) == (day - dt.timedelta(days=90), day + dt.timedelta(days=1))


def test_a_longer_span_is_refused_and_not_cut() -> None:
    assert rules.read_window("2026-01-01", "2026-04-01", now=NOW)
    refusal = refused_with(lambda: rules.read_window("2026-01-01", "2026-04-02", now=NOW))
    assert refusal.status == 400
    assert "90" in str(refusal.violations[0])
    assert refused_with(lambda: rules.read_window("2026-04-02", "2026-01-01", now=NOW))


@given(moments, moments)
def test_a_window_is_in_order_short_and_holds_both_its_ends(
    start: dt.datetime, end: dt.datetime
) -> None:
    texts = [m.strftime("%Y-%m-%dT%H:%M:%SZ") for m in (start, end)]
    try:
        first, after = rules.read_window(*texts, now=NOW)
    except GeoReportRefusal:
        assert start > end or end - start > dt.timedelta(days=90)
        return
    assert first == start <= end < after
    assert after - first <= dt.timedelta(days=90, seconds=1)


@given(st.one_of(st.just(""), moments), st.one_of(st.just(""), moments), moments)
def test_whatever_is_named_at_most_ninety_days_and_the_last_moment_are_searched(
    start: Any, end: Any, now: dt.datetime
) -> None:
    texts = [m if isinstance(m, str) else rules.tell_moment(m) or "" for m in (start, end)]
    try:
        first, after = rules.read_window(*texts, now=now)
    except GeoReportRefusal:
        assert start
        assert end
        return
    assert dt.timedelta(0) < after - first <= dt.timedelta(days=90, seconds=1)
