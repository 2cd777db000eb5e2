"""When the tests on shared demo data take place, and the walks in the browser."""

from __future__ import annotations

import datetime as dt
import os
import time

#: A Wednesday, half past ten in the morning: demo data are the same whenever the tests run.
MORNING = dt.datetime(2026, 11, 25, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=3)))

#: The walks begin then too; WALK_MORNING walks them at another moment, such as the first of a month.
WALK_MORNING = dt.datetime.fromisoformat(os.environ.get("WALK_MORNING") or MORNING.isoformat())
#: Seconds from the real clock to that of the walks, in every process of a run.
WALK_SHIFT = WALK_MORNING.timestamp() - time.time()


def walk_time() -> float:
    """What the clock of the walks shows now, in seconds since the epoch; told by the real clock."""
    return time.time() + WALK_SHIFT
