"""Legal time: which days work, when a period ends and why; days and rules come from outside.

Loading the holidays of the country is in `turkish_holidays`, which is used once, at deployment.
"""

from app.core.calendar.days import DayKind, Note, SpecialDay, WorkCalendar
from app.core.calendar.engine import compute_deadline
from app.core.calendar.periods import (
    Deadline,
    Interruption,
    InterruptionKind,
    PeriodUnit,
    Rule,
    TrailDay,
    TrailKind,
)
from app.core.calendar.progress import (
    days_left,
    fraction_used,
    internal_goal,
    working_days_left,
)

__all__ = [
    "DayKind",
    "Deadline",
    "Interruption",
    "InterruptionKind",
    "Note",
    "PeriodUnit",
    "Rule",
    "SpecialDay",
    "TrailDay",
    "TrailKind",
    "WorkCalendar",
    "compute_deadline",
    "days_left",
    "fraction_used",
    "internal_goal",
    "working_days_left",
]
