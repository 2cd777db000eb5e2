"""What is followed up after a case was passed on: has the other institution answered?

The duty to pass a case on ends with the notice to the applicant (3071 m.5; 4982 m.7); asking what came
of it is the directorate's own practice, so its days are a setting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum

from app.core.rules import N_, Violation


class FollowUpState(StrEnum):
    """What is known of the other institution's answer."""

    WAITING = "waiting"
    REMINDED = "reminded"
    ANSWERED = "answered"
    CLOSED = "closed"


FOLLOW_UP_STATE_LABELS: Mapping[FollowUpState, str] = {
    FollowUpState.WAITING: N_("No answer yet"),
    FollowUpState.REMINDED: N_("Reminded"),
    FollowUpState.ANSWERED: N_("Answered"),
    FollowUpState.CLOSED: N_("Closed without an answer"),
}
FOLLOW_UP_STATE_TONES: Mapping[FollowUpState, str] = {
    FollowUpState.WAITING: "wait",
    FollowUpState.REMINDED: "warn",
    FollowUpState.ANSWERED: "ok",
    FollowUpState.CLOSED: "",
}
#: An answer is still awaited.
AWAITED_STATES = frozenset({FollowUpState.WAITING, FollowUpState.REMINDED})

_LONGEST_NUMBER = 60
_LONGEST_TEXT = 4_000


def expected_on(sent_on: dt.date, days: int) -> dt.date:
    """Return the day by which an answer should be here."""
    return sent_on + dt.timedelta(days=days)


def institution_answer_violations(
    *, answered_on: dt.date | None, number: str, text: str, sent_on: dt.date, today: dt.date
) -> Iterator[Violation]:
    """An answer has a day between the transfer and today, and says something."""
    if answered_on is None:
        yield Violation("answered_on", N_("Give the day of the institution’s answer."))
    elif not sent_on <= answered_on <= today:
        yield Violation("answered_on", N_("The day lies between the transfer and today."))
    if not text.strip():
        yield Violation("answer_text", N_("Write what the institution has answered."))
    elif len(text) > _LONGEST_TEXT:
        yield Violation("answer_text", N_("At most %(n)s characters."), {"n": _LONGEST_TEXT})
    if len(number) > _LONGEST_NUMBER:
        yield Violation("answer_no", N_("At most %(n)s characters."), {"n": _LONGEST_NUMBER})
