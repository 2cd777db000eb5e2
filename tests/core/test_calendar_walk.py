"""The engine against a slow walker that shares no line with it, over ten thousand calendars.

The engine ticks day by day with a state; the walker counts whole stretches between interruptions
and looks every day up in plain lists.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.calendar import (
    DayKind,
    Deadline,
    Interruption,
    InterruptionKind,
    PeriodUnit,
    Rule,
    SpecialDay,
    TrailKind,
    WorkCalendar,
    compute_deadline,
    fraction_used,
    internal_goal,
)

EPOCH = dt.date(2026, 1, 5)
REACH = 70


def after(start: dt.date, days: int) -> dt.date:
    return start + dt.timedelta(days=days)


@dataclass(frozen=True)
class Case:
    received_on: dt.date
    special: list[SpecialDay]
    half_counts: bool
    half_ends: bool
    leave_counts: bool
    days: int
    extra: int
    unit: PeriodUnit
    shift: bool
    stops: list[Interruption]

    @property
    def calendar(self) -> WorkCalendar:
        return WorkCalendar(
            self.special,
            half_day_counts_as_working_day=self.half_counts,
            deadline_may_end_on_half_day=self.half_ends,
            leave_counts_as_working_day=self.leave_counts,
        )

    @property
    def rule(self) -> Rule:
        return Rule("r", 1, self.days, self.unit, "law", "label", self.shift)


OFFSETS = st.integers(0, REACH)
SPECIALS = st.lists(
    st.tuples(OFFSETS, st.sampled_from(DayKind), st.sampled_from([None, None, None, True, False])),
    max_size=14,
)
STOPS = st.lists(
    st.tuples(
        st.sampled_from(InterruptionKind),
        st.integers(0, 45),
        st.sampled_from([0, 1, 2, 3, 5, 8, 13, 20, None]),
    ),
    max_size=3,
)


def build(received, special, flags, days, extra, unit, stops) -> Case:
    received_on = after(EPOCH, received)
    half_counts, half_ends, leave_counts, shift = flags
    return Case(
        received_on,
        [SpecialDay(after(received_on, n), kind, f"{kind}-{n}", o) for n, kind, o in special],
        half_counts,
        half_ends,
        leave_counts,
        days,
        extra,
        unit,
        shift,
        [
            Interruption(
                kind,
                after(received_on, n),
                None if length is None else after(received_on, n + length),
                "r",
            )
            for kind, n, length in stops
        ],
    )


CASES = st.builds(
    build,
    st.integers(0, 6),
    SPECIALS,
    st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()),
    st.integers(1, 32),
    st.sampled_from([0, 0, 15]),
    st.sampled_from(PeriodUnit),
    STOPS,
)


# The walker -------------------------------------------------------------------------------------


def entry_works(case: Case, entry: SpecialDay) -> bool:
    if entry.counts_as_working_day is not None:
        return entry.counts_as_working_day
    return {
        "public_holiday": False,
        "half_day": case.half_counts,
        "administrative_leave": case.leave_counts,
        "administrative_half_day": case.leave_counts or case.half_counts,
    }[entry.kind.value]


def entry_blocks_end(case: Case, entry: SpecialDay) -> bool:
    if entry.kind.value == "half_day":
        return not case.half_ends
    ordinary_leave = case.leave_counts or entry.counts_as_working_day is not None
    return entry.kind.value == "administrative_half_day" and not (ordinary_leave or case.half_ends)


def walks_to_work(case: Case, on: dt.date) -> bool:
    entries = [e for e in case.special if e.on == on]
    return on.isoweekday() <= 5 and all(entry_works(case, e) for e in entries)


def can_end(case: Case, on: dt.date) -> bool:
    if not case.shift:
        return True
    entries = [e for e in case.special if e.on == on]
    return walks_to_work(case, on) and not any(entry_blocks_end(case, e) for e in entries)


def counts(case: Case, on: dt.date) -> bool:
    return case.unit is PeriodUnit.CALENDAR_DAYS or walks_to_work(case, on)


@dataclass
class Walk:
    due_on: dt.date | None = None
    raw_due_on: dt.date | None = None
    numbers: dict[dt.date, int] = field(default_factory=dict)
    held: set[dt.date] = field(default_factory=set)


def chain_of(stops: list[Interruption], first: Interruption) -> list[Interruption]:
    """Return every interruption that begins before the clock can run again."""
    chain: list[Interruption] = []
    end = first.from_on
    while True:
        more = [s for s in stops if s not in chain and s.from_on <= end]
        if not more:
            return chain
        chain += more
        if any(s.until_on is None for s in chain):
            return chain
        end = max(s.until_on for s in chain)


def walk(case: Case) -> Walk:
    total = case.days + case.extra
    start, used, answer = case.received_on, 0, Walk(numbers={case.received_on: 0})
    # Paid on the day of the notice, a pause is nothing at all.
    stops = [
        s for s in case.stops if not (s.kind is InterruptionKind.PAUSE and s.until_on == s.from_on)
    ]
    while True:
        # One stretch as if nothing stopped the clock again.
        numbers, on, number = {}, start, used
        while number < total:
            on = after(on, 1)
            if counts(case, on):
                number += 1
                numbers[on] = number
        raw = on if numbers else answer.raw_due_on
        end = on if numbers else after(start, 1)
        while not can_end(case, end):
            end = after(end, 1)
        begun = sorted((s for s in stops if start <= s.from_on <= end), key=lambda s: s.from_on)
        if not begun:
            answer.numbers |= numbers
            answer.raw_due_on, answer.due_on = raw, end
            return answer
        chain = chain_of([s for s in stops if s.from_on >= start], begun[0])
        stopped_on = begun[0].from_on
        before = {d: n for d, n in numbers.items() if d <= stopped_on}
        answer.numbers |= before
        used += len(before)
        if used == total:
            answer.raw_due_on = raw
        if any(s.until_on is None for s in chain):
            answer.due_on = answer.raw_due_on = None
            return answer
        resumed_on = max(s.until_on for s in chain)
        restarts = {s.until_on for s in chain if s.kind is InterruptionKind.RESTART}
        answer.numbers |= dict.fromkeys(restarts, 0)
        if restarts:
            used, answer.raw_due_on = 0, None
        gap = [after(stopped_on, n) for n in range(1, (resumed_on - stopped_on).days + 1)]
        answer.held |= {d for d in gap if d not in restarts and counts(case, d)}
        stops = [s for s in stops if s not in chain]
        start = resumed_on


# The comparison ---------------------------------------------------------------------------------

SEEN: Counter[str] = Counter()


def compare_with_walker(case: Case, deadline: Deadline) -> None:
    expected = walk(case)
    assert (deadline.due_on, deadline.raw_due_on) == (expected.due_on, expected.raw_due_on)
    if deadline.due_on is None:
        SEEN["held"] += 1
        return
    numbers = {d.on: d.number for d in deadline.trail if d.number is not None}
    assert numbers == expected.numbers
    assert {d.on for d in deadline.trail if d.kind is TrailKind.HELD} == expected.held
    SEEN["shifted"] += deadline.due_on != deadline.raw_due_on
    SEEN["stopped"] += bool(expected.held)
    SEEN["restarted"] += sum(d.kind is TrailKind.RECEIPT for d in deadline.trail) > 1


def check_trail(case: Case, deadline: Deadline) -> None:
    days = [d.on for d in deadline.trail]
    assert days == [after(case.received_on, n) for n in range(len(days))]
    assert all(d.works == walks_to_work(case, d.on) for d in deadline.trail)
    assert Deadline.from_dict(deadline.to_dict()) == deadline
    if deadline.due_on is None:
        return
    assert days[-1] == deadline.due_on
    assert (deadline.shifted_reason is None) == (deadline.due_on == deadline.raw_due_on)
    goal = internal_goal(deadline, 70, case.calendar)
    assert goal is not None
    assert case.received_on < goal <= deadline.due_on
    assert fraction_used(deadline, deadline.due_on, case.calendar) == 1.0


@settings(
    max_examples=10_000,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(CASES)
def run_cases(case: Case) -> None:
    deadline = compute_deadline(case.rule, case.received_on, case.calendar, case.stops, case.extra)
    compare_with_walker(case, deadline)
    SEEN["all"] += 1
    if SEEN["all"] % 5 == 0:
        check_trail(case, deadline)


def test_the_engine_agrees_with_the_walker():
    SEEN.clear()
    run_cases()
    # A generator that drifts into dull cases would prove nothing.
    assert SEEN["all"] >= 10_000
    for what in ("held", "shifted", "stopped", "restarted"):
        assert SEEN[what] >= 300, (what, SEEN)
