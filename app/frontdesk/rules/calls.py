"""Words and rules of call records: direction, phase, result; live events and figures stand elsewhere.

Source: domain facts 8.5; the directorate's duty l.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.core.rules import N_, Violation


class CallDirection(StrEnum):
    """Who rang whom."""

    IN = "in"
    OUT = "out"


class CallSource(StrEnum):
    """How the record came to be."""

    IMPORT = "import"
    LIVE = "live"
    MANUAL = "manual"


class CallPhase(StrEnum):
    """Where a call is now; a record of the past is closed."""

    RINGING = "ringing"
    TALKING = "talking"
    HELD = "held"
    WRAP = "wrap"
    CLOSED = "closed"


class CallResult(StrEnum):
    """What came of a call."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    BUSY = "busy"
    WRONG = "wrong"
    NUISANCE = "nuisance"
    INFORMED = "informed"
    CASE_OPENED = "case_opened"
    TRANSFERRED = "transferred"


DIRECTION_LABELS: Mapping[CallDirection, str] = {
    CallDirection.IN: N_("Incoming"),
    CallDirection.OUT: N_("Outgoing"),
}
SOURCE_LABELS: Mapping[CallSource, str] = {
    CallSource.IMPORT: N_("File of the switch"),
    CallSource.LIVE: N_("Live from the switch"),
    CallSource.MANUAL: N_("Entered by hand"),
}
PHASE_LABELS: Mapping[CallPhase, str] = {
    CallPhase.RINGING: N_("Ringing"),
    CallPhase.TALKING: N_("On the telephone"),
    CallPhase.HELD: N_("On hold"),
    CallPhase.WRAP: N_("After-call work"),
    CallPhase.CLOSED: N_("Ended"),
}
PHASE_TONES: Mapping[CallPhase, str] = {
    CallPhase.RINGING: "warn",
    CallPhase.TALKING: "info",
    CallPhase.HELD: "wait",
    CallPhase.WRAP: "warn",
    CallPhase.CLOSED: "",
}
RESULT_LABELS: Mapping[CallResult, str] = {
    CallResult.ANSWERED: N_("Call answered"),
    CallResult.ABANDONED: N_("Abandoned"),
    CallResult.BUSY: N_("Line busy"),
    CallResult.WRONG: N_("Wrong number"),
    CallResult.NUISANCE: N_("Nuisance call"),
    CallResult.INFORMED: N_("Information given"),
    CallResult.CASE_OPENED: N_("Application opened"),
    CallResult.TRANSFERRED: N_("Call transferred"),
}
RESULT_TONES: Mapping[CallResult, str] = {
    CallResult.ANSWERED: "",
    CallResult.ABANDONED: "bad",
    CallResult.BUSY: "warn",
    CallResult.WRONG: "",
    CallResult.NUISANCE: "",
    CallResult.INFORMED: "ok",
    CallResult.CASE_OPENED: "info",
    CallResult.TRANSFERRED: "wait",
}

#: Somebody is on the line or has just been: the call screen shows these.
LIVE_PHASES = frozenset(CallPhase) - {CallPhase.CLOSED}
#: The caller is still on the line.
ON_LINE = frozenset({CallPhase.RINGING, CallPhase.TALKING, CallPhase.HELD})
#: Nobody spoke to the caller.
UNANSWERED = frozenset({CallResult.ABANDONED, CallResult.BUSY})
#: What an operator may say came of a call that was answered.
SPOKEN_RESULTS = tuple(result for result in CallResult if result not in UNANSWERED)
#: No matter was brought, so that nothing could be settled at first contact.
NO_MATTER = frozenset({CallResult.WRONG, CallResult.NUISANCE})

LENGTHS: Mapping[str, int] = {
    "switch_id": 80,
    "number": 20,
    "queue": 40,
    "extension": 20,
    "transferred_to": 120,
    "recording_ref": 200,
    "note": 4_000,
}
#: A clock of a switch may be a little ahead of ours.
_AHEAD = dt.timedelta(minutes=10)
_LONGEST = 24 * 3600

SECONDS = ("wait_seconds", "talk_seconds", "hold_seconds", "wrap_seconds")


def call_violations(values: Mapping[str, Any], *, now: dt.datetime) -> Iterator[Violation]:
    """A call begins before it is answered and is answered before it ends; nobody answered what was abandoned.

    Keys: started_at, answered_at, ended_at (aware), the seconds, result. Source: domain facts 8.5.
    """
    started, answered, ended = (values.get(n) for n in ("started_at", "answered_at", "ended_at"))
    if started is None:
        yield Violation("started_at", N_("Say when the call began."))
        return
    if started > now + _AHEAD:
        yield Violation("started_at", N_("This moment lies in the future."))
    if answered is not None and answered < started:
        yield Violation("answered_at", N_("The call was answered before it began."))
    if ended is not None and ended < (answered or started):
        yield Violation("ended_at", N_("The call ended before it began or was answered."))
    for name in SECONDS:
        seconds = values.get(name) or 0
        if not 0 <= seconds <= _LONGEST:
            yield Violation(name, N_("Write seconds from 0 to %(most)s."), {"most": _LONGEST})
    if values.get("result") in UNANSWERED and answered is not None:
        yield Violation("result", N_("A call that was answered is neither abandoned nor busy."))


def result_violations(values: Mapping[str, Any], *, answered: bool) -> Iterator[Violation]:
    """What an operator enters after a call: a spoken result for an answered call, a note that fits.

    Keys: result, transferred_to, note.
    """
    result = values.get("result")
    if result is None:
        yield Violation("result", N_("Say what came of the call."))
    elif answered and result in UNANSWERED:
        yield Violation("result", N_("A call that was answered is neither abandoned nor busy."))
    elif not answered and result not in UNANSWERED:
        yield Violation("result", N_("Nobody answered this call; it is abandoned or was busy."))
    if result == CallResult.TRANSFERRED and not str(values.get("transferred_to") or "").strip():
        yield Violation("transferred_to", N_("Write to whom the call was transferred."))
    for name in ("transferred_to", "note"):
        if len(str(values.get(name) or "")) > LENGTHS[name]:
            yield Violation(name, N_("At most %(max)s characters."), {"max": LENGTHS[name]})


def settles_at_first_contact(result: CallResult | None) -> bool | None:
    """Whether a result by itself says that the matter was settled in this call; None: it does not say.

    Information given settles it, a transfer does not; wrong numbers and nuisance brought no matter.
    """
    if result is CallResult.INFORMED:
        return True
    if result in {CallResult.TRANSFERRED, CallResult.CASE_OPENED}:
        return False
    return None
