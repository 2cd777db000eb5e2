"""When the tests on shared demo data take place."""

from __future__ import annotations

import datetime as dt

#: A Wednesday, half past ten in the morning: demo data are the same whenever the tests run.
MORNING = dt.datetime(2026, 11, 25, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=3)))
