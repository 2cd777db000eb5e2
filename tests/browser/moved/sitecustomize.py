"""Read by Python when a process of the walks begins: its clock runs beside the real one.

The folder of this file stands on PYTHONPATH of the house that is walked, and nowhere else. The real
clock plus WALK_SHIFT seconds is the time of every process, so that the demo data and what depends on
the hour or the weekday are the same whenever the walks are walked.
"""

from __future__ import annotations

import os
import time

import time_machine

time_machine.travel(time.time() + float(os.environ["WALK_SHIFT"]), tick=True).start()
