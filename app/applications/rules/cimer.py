"""Words and rules of working with CİMER and other offices; reading files and writing rows is not here.

Source: domain facts 1.1, 1.2, 2.4; 3071 m.7, m.8; 4982 m.11; 6328 m.18; the directorate's duty ı.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.applications.rules.transitions import Action, find_transition
from app.applications.rules.vocabulary import OPEN_STATES, Channel, Kind, State
from app.core.rules import N_, Violation


class ExchangeKind(StrEnum):
    """What passed between CİMER and the municipality about one application."""

    RECEIVED = "received"
    RESENT = "resent"
    ADDITIONAL_TEXT = "additional_text"
    STATE_CHANGED = "state_changed"
    ANSWER_ENTERED = "answer_entered"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    TRANSFERRED = "transferred"


EXCHANGE_KIND_LABELS: Mapping[ExchangeKind, str] = {
    ExchangeKind.RECEIVED: N_("Received from CİMER"),
    ExchangeKind.RESENT: N_("Sent again by CİMER"),
    ExchangeKind.ADDITIONAL_TEXT: N_("Additional text from CİMER"),
    ExchangeKind.STATE_CHANGED: N_("State changed at CİMER"),
    ExchangeKind.ANSWER_ENTERED: N_("Answer entered at CİMER"),
    ExchangeKind.EXTENSION_ASKED: N_("More time asked for at CİMER"),
    ExchangeKind.EXTENSION_GRANTED: N_("More time granted by CİMER"),
    ExchangeKind.EXTENSION_REFUSED: N_("More time refused by CİMER"),
    ExchangeKind.TRANSFERRED: N_("Sent elsewhere by CİMER"),
}

EXCHANGE_KIND_TONES: Mapping[ExchangeKind, str] = {
    ExchangeKind.RECEIVED: "info",
    ExchangeKind.RESENT: "wait",
    ExchangeKind.ADDITIONAL_TEXT: "wait",
    ExchangeKind.STATE_CHANGED: "",
    ExchangeKind.ANSWER_ENTERED: "ok",
    ExchangeKind.EXTENSION_ASKED: "wait",
    ExchangeKind.EXTENSION_GRANTED: "ok",
    ExchangeKind.EXTENSION_REFUSED: "bad",
    ExchangeKind.TRANSFERRED: "",
}


class ResendReason(StrEnum):
    """Why CİMER sends an application again."""

    UNSATISFIED = "unsatisfied"
    RETURNED = "returned"
    ADDITION = "addition"
    UNKNOWN = "unknown"


RESEND_REASON_LABELS: Mapping[ResendReason, str] = {
    ResendReason.UNSATISFIED: N_("The citizen is not satisfied"),
    ResendReason.RETURNED: N_("Sent back by the Presidency"),
    ResendReason.ADDITION: N_("The citizen adds something"),
    ResendReason.UNKNOWN: N_("Not told"),
}


class ResendEffect(StrEnum):
    """What a re-send does to the case here."""

    ADD = "add"
    REOPEN = "reopen"
    CLOSE_AND_REOPEN = "close_and_reopen"


#: What CİMER calls a kind of application → what it is here. Source: domain facts 1.2.
CIMER_KIND_LABELS: Mapping[Kind, str] = {
    Kind.REQUEST: N_("Request (CİMER)"),
    Kind.COMPLAINT: N_("Complaint (CİMER)"),
    Kind.SUGGESTION: N_("Opinion or suggestion (CİMER)"),
    Kind.INFORMATION: N_("Right to information (CİMER)"),
    Kind.TIPOFF: N_("Tip-off (CİMER)"),
    Kind.THANKS: N_("Thanks (CİMER)"),
    Kind.PARTICIPATION: N_("Take part in administration (CİMER)"),
}

#: Offices whose number and date are kept beside ours; CİMER is the first of them.
OFFICE_CHANNELS: tuple[Channel, ...] = (
    Channel.CIMER,
    Channel.PRESIDENCY,
    Channel.GOVERNOR,
    Channel.OMBUDSMAN,
    Channel.PARLIAMENT,
)

#: The source under which the number of an office is unique.
CIMER_SOURCE = "cimer"

#: Longest texts; the columns have the same lengths.
LONGEST_REFERENCE = 60
LONGEST_TEXT = 10_000
LONGEST_STATE = 60

#: A decision has ended the case, but the table lets only a closed one begin again.
_DECIDED = frozenset(
    {
        State.REJECTED,
        State.INADMISSIBLE,
        State.TRANSFERRED_OUT,
        State.WITHDRAWN,
        State.DEEMED_WITHDRAWN,
        State.APPEALED,
    }
)

#: The answer is ready or given, so that it can be entered at CİMER.
TO_ENTER_STATES = frozenset(
    {
        State.REPLY_APPROVED,
        State.ANSWERED,
        State.REJECTED,
        State.INADMISSIBLE,
        State.TRANSFERRED_OUT,
        State.CLOSED,
    }
)


def resend_effect(state: State) -> ResendEffect:
    """Say what a re-send does: an open case gets the new text, an ended one begins anew.

    A merged case stays with its main case and gets the text.
    """
    if state in OPEN_STATES:
        return ResendEffect.ADD
    if find_transition(state, Action.REOPEN) is not None:
        return ResendEffect.REOPEN
    if state in _DECIDED:
        return ResendEffect.CLOSE_AND_REOPEN
    return ResendEffect.ADD


def exchange_violations(values: Mapping[str, Any], *, now: dt.datetime) -> Iterator[Violation]:
    """Yield what is wrong with a line of the correspondence.

    Keys: at (aware), reference, text.
    """
    at = values.get("at")
    if not isinstance(at, dt.datetime):
        yield Violation("at", N_("Write date and time, for example 31.12.2026 14:05."))
    elif at > now + dt.timedelta(minutes=10):
        yield Violation("at", N_("This date lies in the future."))
    for name, longest in (("reference", LONGEST_REFERENCE), ("text", LONGEST_TEXT)):
        if len(str(values.get(name) or "")) > longest:
            yield Violation(name, N_("At most %(max)s characters."), {"max": longest})


def office_extension_violations(
    *,
    reason: str,
    asked_on: dt.date,
    until_on: dt.date | None,
    asked_before: int,
    most_days: int,
    most_times: int,
    today: dt.date,
) -> Iterator[Violation]:
    """Yield what keeps more time from being asked for at CİMER.

    How long and how often CİMER lets an institution ask is not written in any law, so both limits
    are settings. Source: domain facts 2.4 (unsure).
    """
    if not reason.strip():
        yield Violation("reason", N_("Write the reason."))
    if asked_on > today:
        yield Violation("asked_on", N_("This date lies in the future."))
    if asked_before >= most_times:
        yield Violation(
            "", N_("More time can be asked for %(times)s times at CİMER."), {"times": most_times}
        )
    if until_on is not None:
        yield from until_violations(until_on, asked_on=asked_on, most_days=most_days)


def until_violations(
    until_on: dt.date, *, asked_on: dt.date, most_days: int
) -> Iterator[Violation]:
    """Yield what is wrong with the day until which CİMER gives time."""
    if until_on <= asked_on:
        yield Violation("until_on", N_("The new day lies after the day of asking."))
    elif (until_on - asked_on).days > most_days:
        yield Violation(
            "until_on",
            N_("CİMER gives at most %(days)s days; the limit is a setting."),
            {"days": most_days},
        )


def goal_with_extension(
    goal: dt.date | None, due_on: dt.date | None, until_on: dt.date | None
) -> dt.date | None:
    """Return the internal goal once CİMER has given time: later, but never after the legal date.

    3071 knows no extension, so time given by CİMER cannot move a legal date. Source: 3071 m.7.
    """
    if goal is None or until_on is None:
        return goal
    later = max(goal, until_on)
    return later if due_on is None else max(goal, min(later, due_on))


def answer_violations(text: str, *, limit: int) -> Iterator[Violation]:
    """Yield what keeps an answer from being typed into CİMER: it is empty or too long.

    The number of letters that its screen takes is not published, so the limit is a setting.
    """
    if not text.strip():
        yield Violation("text", N_("Write the text of the answer."))
    elif len(text) > limit:
        yield Violation(
            "text",
            N_("The answer has %(n)s characters; CİMER takes %(max)s."),
            {"n": len(text), "max": limit},
        )


def join_answer(paragraphs: tuple[str, ...], signature: tuple[str, ...]) -> str:
    """Return an answer as plain text: paragraphs with empty lines between, then who signs."""
    body = "\n\n".join(part.strip() for part in paragraphs if part.strip())
    signed = "\n".join(line.strip() for line in signature if line.strip())
    return "\n\n".join(part for part in (body, signed) if part)
