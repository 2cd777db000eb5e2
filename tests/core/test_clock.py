"""The clock of the municipality."""

import datetime as dt

import pytest
import time_machine

from app.core import clock


@time_machine.travel("2026-12-31T21:30:00Z", tick=False)
def test_the_day_begins_at_midnight_in_istanbul_not_in_london():
    assert clock.now().isoformat() == "2027-01-01T00:30:00+03:00"
    assert clock.today() == dt.date(2027, 1, 1)
    assert clock.utc_now().isoformat() == "2026-12-31T21:30:00+00:00"


def test_a_moment_is_moved_to_the_local_clock():
    moment = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)
    assert clock.to_local(moment).isoformat() == "2026-07-01T15:00:00+03:00"


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        clock.to_local(dt.datetime(2026, 7, 1, 12, 0))
