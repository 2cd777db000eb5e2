"""Call-backs: where one stands, what a try ended in, and when the next one may be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.applications.rules.feedback.answers import satisfaction_violations
from app.core.rules import N_, Violation


class CallState(StrEnum):
    """Life of one call-back."""

    WAITING = "waiting"
    ANSWERED = "answered"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"
    DROPPED = "dropped"


class CallResult(StrEnum):
    """What one try ended in."""

    ANSWERED = "answered"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"


CALL_STATE_LABELS = {
    CallState.WAITING: N_("To be called"),
    CallState.ANSWERED: N_("Has answered"),
    CallState.REFUSED: N_("Did not want to answer"),
    CallState.NOT_REACHED: N_("Not reached"),
    CallState.DROPPED: N_("Not called any more"),
}
CALL_STATE_TONES = {
    CallState.WAITING: "wait",
    CallState.ANSWERED: "ok",
    CallState.REFUSED: "",
    CallState.NOT_REACHED: "",
    CallState.DROPPED: "",
}
CALL_RESULT_LABELS = {
    CallResult.ANSWERED: N_("Answered the questions"),
    CallResult.REFUSED: N_("Does not want to answer"),
    CallResult.NOT_REACHED: N_("Not reached: busy or no answer"),
    CallResult.WRONG_NUMBER: N_("Wrong number or number out of use"),
}


def call_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with what an operator enters after a try."""
    result = values.get("result")
    if result not in {r.value for r in CallResult}:
        yield Violation("result", N_("Choose what the call ended in."))
    elif result == CallResult.ANSWERED:
        yield from satisfaction_violations(values)
    if len(str(values.get("note") or "")) > 300:
        yield Violation("note", N_("At most %(max)s characters."), {"max": 300})


def call_state_after(result: CallResult, tries: int, most_tries: int) -> CallState:
    """Return where a call-back stands after its `tries`-th try."""
    if result is CallResult.NOT_REACHED:
        return CallState.WAITING if tries < most_tries else CallState.NOT_REACHED
    return {
        CallResult.ANSWERED: CallState.ANSWERED,
        CallResult.REFUSED: CallState.REFUSED,
        CallResult.WRONG_NUMBER: CallState.NOT_REACHED,
    }[result]


def week_start(day: dt.date) -> dt.date:
    """Return the Monday of a day's week."""
    return day - dt.timedelta(days=day.weekday())


def sample_violations(values: Mapping[str, Any], *, today: dt.date) -> Iterator[Violation]:
    """Yield what keeps a sample from being drawn: a week that is over, a size, a seed."""
    week, size, seed = values.get("week_on"), values.get("wanted"), values.get("seed")
    if not isinstance(week, dt.date):
        yield Violation("week_on", N_("Give the Monday of the week whose answers are asked about."))
    elif week.weekday() != 0:
        yield Violation("week_on", N_("A week begins on a Monday."))
    elif week + dt.timedelta(days=7) > today:
        yield Violation("week_on", N_("This week is not over yet."))
    if not isinstance(size, int) or not 1 <= size <= 1000:
        yield Violation(
            "wanted", N_("Write a whole number from %(low)s to %(high)s."), {"low": 1, "high": 1000}
        )
    if seed is not None and not (isinstance(seed, int) and 0 <= seed <= 2_147_483_647):
        yield Violation(
            "seed",
            N_("Write a whole number from %(low)s to %(high)s."),
            {"low": 0, "high": 2_147_483_647},
        )
