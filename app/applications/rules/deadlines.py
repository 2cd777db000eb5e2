"""The clock of an application: which period, which internal goal, which reminders are due.

Counting days is core's, storing dates the services'. Source: 3071 m.7; 4982 m.11; 6698 m.13;
domain facts 1.5 and 2.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.applications.rules.vocabulary import (
    RULE_OF_KIND,
    AssignmentRole,
    AssignmentState,
    Channel,
    Kind,
    State,
)
from app.core.calendar import Deadline, WorkCalendar, internal_goal
from app.core.rules import N_

FOI_RULE = "foi_access"
FOI_EXTENDED_RULE = "foi_access_ext"
FEE_RULE = "foi_fee"
PETITION_RULE = "petition_answer"

#: Offices that ask for themselves, with the period in which they are answered.
RULE_OF_OFFICE: Mapping[Channel, str] = {
    Channel.PARLIAMENT: "tbmm_petition",
    Channel.OMBUDSMAN: "kdk_docs",
}


class DayZero(StrEnum):
    """Which date of a CİMER application starts the clock; the setting `cimer_day_zero`."""

    EARLIER = "earlier"
    CIMER = "cimer"
    MUNICIPALITY = "municipality"


#: Shares of the internal time at which somebody is reminded, in percent.
GOAL_PERCENTS = (50, 80, 100)
#: Working days before the legal date on which somebody is reminded.
LEGAL_DAYS_BEFORE = (3, 1, 0)
#: From so many working days after the legal date on, the department head is told.
LATE_DAYS_FOR_HEAD = 3
#: A point that was missed longer ago than this says nothing that a later one does not say.
LOOK_BACK_DAYS = 7


def rule_key_of(
    kind: Kind, *, is_extended: bool = False, channel: Channel | None = None
) -> str | None:
    """Return the legal period of a kind, None when no law sets one.

    The channel plays a part only where the office itself asks: the Petition Committee of the
    Assembly (3071 m.8) and the Ombudsman (6328 m.18). A right that the citizen exercises keeps its
    own clock whoever passes it on. Source: domain facts 0, 1.1 and 2.1.
    """
    key = RULE_OF_KIND[kind]
    if key == PETITION_RULE and channel is not None:
        return RULE_OF_OFFICE.get(channel, key)
    return FOI_EXTENDED_RULE if key == FOI_RULE and is_extended else key


def day_zero(
    channel: Channel,
    received_on: dt.date,
    external_received_on: dt.date | None,
    which: str = DayZero.EARLIER,
) -> dt.date:
    """Return the day of receipt for the clock: for CİMER the earlier of its date and ours.

    Which of the two counts is not settled; the earlier is the safe one, and `which` is the setting.
    What comes on paper from another office counts from the day it reached us (2577 m.8).
    Source: domain facts 2.4.
    """
    if channel is not Channel.CIMER or external_received_on is None:
        return received_on
    if which == DayZero.CIMER:
        return external_received_on
    if which == DayZero.MUNICIPALITY:
        return received_on
    return min(received_on, external_received_on)


def goal_of(
    deadline: Deadline | None,
    start: dt.date,
    calendar: WorkCalendar,
    *,
    days: int | None,
    percent: int,
    default_days: int,
) -> dt.date | None:
    """Return the day the house sets itself, never after the legal date; None while a clock stands.

    `days` are working days that the topic or the unit asks for; without them it is `percent` of the
    legal period, and `default_days` where no law sets a period.
    """
    if deadline is not None and deadline.due_on is None:
        return None
    if days is None and deadline is not None:
        return internal_goal(deadline, percent, calendar)
    goal = calendar.add_working_days(start, default_days if days is None else max(days, 0))
    if deadline is None or deadline.due_on is None:
        return goal
    return min(goal, deadline.due_on)


def day_for_unit(goal_on: dt.date | None, due_on: dt.date | None, today: dt.date) -> dt.date | None:
    """Return the day by which a unit should answer that gets a case today.

    It is the goal of the house. Where the case was sent so late that the goal is past, it is the legal
    last day: no unit is late with what it has just been given.
    """
    if goal_on is None or (due_on is not None and goal_on < today):
        return due_on
    return goal_on


class ReminderLevel(StrEnum):
    """Who is reminded; each rung stands above the one before it."""

    OFFICE = "office"
    LIAISON = "liaison"
    UNIT_MANAGER = "unit_manager"
    BRANCH_MANAGER = "branch_manager"
    DEPARTMENT_HEAD = "department_head"


REMINDER_LEVEL_LABELS = {
    ReminderLevel.OFFICE: N_("Follow-up officer"),
    ReminderLevel.LIAISON: N_("Unit liaison"),
    ReminderLevel.UNIT_MANAGER: N_("Unit manager"),
    ReminderLevel.BRANCH_MANAGER: N_("Branch manager"),
    ReminderLevel.DEPARTMENT_HEAD: N_("Department head"),
}

#: Kind of a reminder → its text; %(due)s is the day it speaks of.
REMINDER_TEXTS = {
    "internal_50": N_("%(number)s: half of the internal time is used; the goal is %(due)s."),
    "internal_80": N_(
        "%(number)s: four fifths of the internal time are used; the goal is %(due)s."
    ),
    "internal_100": N_("%(number)s: the internal goal of %(due)s has been reached."),
    "legal_3": N_("%(number)s: three working days are left until the legal date %(due)s."),
    "legal_1": N_("%(number)s: one working day is left until the legal date %(due)s."),
    "legal_0": N_("%(number)s: today is the legal date %(due)s."),
    "overdue": N_("%(number)s: the legal date %(legal)s has passed and there is no answer."),
}

#: The text for any other percentage that the directorate sets itself.
REMINDER_OTHER = N_(
    "%(number)s: %(share)s per cent of the internal time are used; the goal is %(due)s."
)


@dataclass(frozen=True)
class Point:
    """One reminder that is due: `due_on` is the day it speaks of, `on` the day it was to be sent.

    For an overdue case `due_on` is today, so that each day has one of its own.
    """

    kind: str
    level: ReminderLevel
    due_on: dt.date
    on: dt.date


class Timed(Protocol):
    """What is read of an application; `started_on` is day 0 of the present period."""

    @property
    def state(self) -> State: ...
    @property
    def started_on(self) -> dt.date: ...
    @property
    def due_on(self) -> dt.date | None: ...
    @property
    def goal_on(self) -> dt.date | None: ...


class Sent(Protocol):
    """What is read of an assignment."""

    @property
    def role(self) -> AssignmentRole: ...
    @property
    def state(self) -> AssignmentState: ...


_UNIT_STATES = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.SCHEDULED})
LIVE_ASSIGNMENTS = frozenset({AssignmentState.SENT, AssignmentState.ACCEPTED})
MANDATORY_ROLES = frozenset({AssignmentRole.LEAD, AssignmentRole.ACTION})

_L = ReminderLevel
_UNIT_LADDER = (_L.LIAISON, _L.UNIT_MANAGER, _L.BRANCH_MANAGER, _L.DEPARTMENT_HEAD)
_OFFICE_LADDER = (_L.OFFICE, _L.OFFICE, _L.BRANCH_MANAGER, _L.DEPARTMENT_HEAD)
_RUNG = {
    "internal_50": 0,
    "internal_80": 0,
    "internal_100": 1,
    "legal_3": 1,
    "legal_1": 2,
    "legal_0": 2,
}


def is_at_unit(state: State, assignments: Iterable[Sent]) -> bool:
    """Say whether a unit has to act now; otherwise the directorate itself has to."""
    return state in _UNIT_STATES and any(
        a.role in MANDATORY_ROLES and a.state in LIVE_ASSIGNMENTS for a in assignments
    )


def due_reminders(
    application: Timed,
    assignments: Iterable[Sent],
    calendar: WorkCalendar,
    today: dt.date,
    *,
    percents: Sequence[int] = GOAL_PERCENTS,
    look_back_days: int = LOOK_BACK_DAYS,
) -> list[Point]:
    """Return the reminders of an open case that are to be sent by today, in the order of their days.

    Half, four fifths and the whole of the internal time; three, one and no working day before the
    legal date; each day after it. A point missed in the last `look_back_days` is still returned,
    each once; an overdue case has one point, that of today. Reminding twice is prevented by the
    writer's key, not here.
    """
    ladder = _UNIT_LADDER if is_at_unit(application.state, assignments) else _OFFICE_LADDER
    earliest = today - dt.timedelta(days=look_back_days)
    points: list[Point] = []
    goal, due = application.goal_on, application.due_on
    if goal is not None:
        for percent, on in _goal_points(application.started_on, goal, calendar, percents):
            kind = f"internal_{percent}"
            points.append(Point(kind, ladder[_RUNG.get(kind, 0)], goal, on))
    if due is not None:
        for days in LEGAL_DAYS_BEFORE:
            on = calendar.add_working_days(due, -days) if days else due
            kind = f"legal_{days}"
            points.append(Point(kind, ladder[_RUNG[kind]], due, on))
    kept = [p for p in points if earliest < p.on <= today]
    if due is not None and today > due:
        late = calendar.working_days_between(due, today)
        rung = 3 if late >= LATE_DAYS_FOR_HEAD else 2
        kept.append(Point("overdue", ladder[rung], today, today))
    return sorted(kept, key=lambda p: p.on)


def _goal_points(
    start: dt.date, goal: dt.date, calendar: WorkCalendar, percents: Sequence[int]
) -> Iterable[tuple[int, dt.date]]:
    """Yield (percent, day); shares that fall on the goal's own day are told by the last one only."""
    whole = calendar.working_days_between(start, goal)
    for percent in percents:
        if percent >= 100:
            yield percent, goal
            continue
        used = math.ceil(whole * percent / 100)
        if 0 < used < whole:
            yield percent, calendar.add_working_days(start, used)
