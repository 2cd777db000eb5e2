"""What others may read of an application: open or closed, a sentence, a rounded point; never a person.

The sentences speak of the matter and not to the applicant, because everybody reads them.
Source: domain facts 1.4, 1.5, 2.4; 6698 m.4, m.8.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from app.applications.rules.open311.vocabulary import TOLD_OPEN, RequestStatus
from app.applications.rules.vocabulary import Outcome, State
from app.core import clock
from app.core.rules import N_

_NOTES: Mapping[State, str] = {
    State.REGISTERED: N_("Received; it will be assessed."),
    State.TRIAGE: N_("It is being assessed which unit is responsible."),
    State.ASSIGNED: N_("Sent to the responsible unit."),
    State.IN_PROGRESS: N_("The responsible unit is working on it."),
    State.RETURNED: N_("It is being assessed again which unit is responsible."),
    State.SCHEDULED: N_("The work is on the programme for a later day."),
    State.INFO_REQUESTED: N_("More information was asked for."),
    State.EXTENSION_REQUESTED: N_("The responsible unit is working on it."),
    State.FEE_PENDING: N_("A payment is awaited."),
    State.UNIT_ANSWERED: N_("The unit has finished; the answer is being prepared."),
    State.REPLY_APPROVED: N_("The answer is about to be sent."),
    State.REOPENED: N_("Taken up again."),
    State.ANSWERED: N_("Answered."),
    State.CLOSED: N_("Closed."),
    State.REJECTED: N_("Refused with reasons."),
    State.INADMISSIBLE: N_("It could not be examined (law 3071 art. 6)."),
    State.TRANSFERRED_OUT: N_("It is the task of another institution and was passed on to it."),
    State.MERGED: N_("It is dealt with together with an earlier request on the same matter."),
    State.WITHDRAWN: N_("Taken back by the applicant."),
    State.DEEMED_WITHDRAWN: N_("It counts as taken back."),
    State.APPEALED: N_("It is being reviewed after an objection."),
}
_RESULTS: Mapping[Outcome, str] = {
    Outcome.RESOLVED: N_("It has been solved."),
    Outcome.PARTLY_RESOLVED: N_("A part of it has been solved."),
    Outcome.PLANNED: N_("It has been put on the programme."),
    Outcome.INFORMED: N_("It was answered with information."),
    Outcome.REJECTED: N_("It could not be done; the reasons were told to the applicant."),
    Outcome.NOT_COMPETENT: N_("It is not a task of the municipality."),
    Outcome.UNFOUNDED: N_("It was not found on the spot."),
    Outcome.DUPLICATE: N_("It is known already from an earlier request."),
}
#: States whose result says more than the state itself.
_ENDED = frozenset({State.ANSWERED, State.CLOSED})
_LAST_MOMENT = dt.time(23, 59, 59)


def status_of(state: State) -> RequestStatus:
    """Return whether the municipality still has to do something."""
    return RequestStatus.OPEN if state in TOLD_OPEN else RequestStatus.CLOSED


def status_note(state: State, outcome: Outcome | None) -> str:
    """Return the msgid of the sentence that tells where the matter stands or how it ended."""
    if state in _ENDED and outcome is not None:
        return _RESULTS[outcome]
    return _NOTES.get(state, "")


def expected_on(
    state: State, due_on: dt.date | None, goal_on: dt.date | None
) -> dt.datetime | None:
    """Return when the matter can be expected to be done: the planned day, else the legal one.

    What has ended is not expected any more.
    """
    if state not in TOLD_OPEN:
        return None
    day = goal_on if state is State.SCHEDULED and goal_on is not None else due_on
    return dt.datetime.combine(day, _LAST_MOMENT, clock.ISTANBUL) if day is not None else None


def updated_at(
    state: State,
    *,
    changed_at: dt.datetime,
    answered_at: dt.datetime | None,
    closed_at: dt.datetime | None,
) -> dt.datetime:
    """Return the last change; of what is closed, the moment of its end."""
    if state in TOLD_OPEN:
        return changed_at
    return closed_at or answered_at or changed_at


def rounded(value: float | None, digits: int) -> float | None:
    """Return a coordinate as everybody may read it; three digits are about a hundred metres."""
    return round(value, digits) if value is not None else None
