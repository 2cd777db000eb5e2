"""What a switch tells of a live call, and the state that follows from it; no row is written here.

The state is folded from the whole set of events, ordered by their moments. So it does not matter in
which order they arrive, nor whether one of them arrives twice.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.clock import ISTANBUL
from app.core.identifiers import parse_phone
from app.core.rules import N_, Violation
from app.core.text import clean
from app.frontdesk.rules.calls import LENGTHS, CallDirection, CallPhase, CallResult


class LiveEvent(StrEnum):
    """What happened at the switch."""

    RINGING = "ringing"
    ANSWERED = "answered"
    HOLD = "hold"
    RESUME = "resume"
    TRANSFER = "transfer"
    HANGUP = "hangup"


#: At the same second a call rings before it is answered and ends last.
_RANK = {event: rank for rank, event in enumerate(LiveEvent)}
#: A call with more events than this is no call; the first ones are kept.
MOST_EVENTS = 60
#: Bytes of one message at most.
MOST_BYTES = 8_192

_FIELDS = frozenset(
    {
        "switch_id", "event", "at", "number", "direction", "extension", "operator", "queue",
        "transferred_to", "recording",
    }
)  # fmt: skip
_WITHHELD = frozenset({"", "anonymous", "unknown", "withheld", "private", "gizli", "restricted"})
_ID = re.compile(r"[A-Za-z0-9._:@/-]+")
#: Older and later than this the clock of the switch is wrong.
_PAST, _AHEAD = dt.timedelta(days=2), dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Message:
    """One message of the switch, read: everything in our form."""

    switch_id: str
    event: LiveEvent
    at: dt.datetime
    number: str = ""
    direction: CallDirection | None = None
    extension: str = ""
    operator: str = ""
    queue: str = ""
    transferred_to: str = ""
    recording: str = ""

    def to_document(self) -> dict[str, str]:
        """What is kept of it with the call: the event and its moment in UTC."""
        return {"event": self.event.value, "at": self.at.astimezone(dt.UTC).isoformat()}


@dataclass(frozen=True)
class LiveState:
    """What follows from the events so far; moments are aware."""

    phase: CallPhase
    started_at: dt.datetime
    answered_at: dt.datetime | None
    ended_at: dt.datetime | None
    wait_seconds: int
    talk_seconds: int
    hold_seconds: int
    result: CallResult | None


def message_violations(data: Any, *, now: dt.datetime) -> Iterator[Violation]:
    """Yield what is wrong with a message: an object with the id, a known event and its moment."""
    if not isinstance(data, dict):
        yield Violation("", N_("The request holds no JSON object."))
        return
    for name in sorted(str(key) for key in set(data) - _FIELDS):
        yield Violation(name[:40], N_("There is no such field."))
    for name, value in data.items():
        if name in _FIELDS and not (value is None or isinstance(value, str)):
            yield Violation(name, N_("Send this field as text."))
    yield from _id_violations(_text(data, "switch_id"))
    if _text(data, "event") not in {event.value for event in LiveEvent}:
        yield Violation(
            "event", N_("Send one of: %(codes)s."), {"codes": ", ".join(e.value for e in LiveEvent)}
        )
    if _text(data, "direction") not in {"", *(d.value for d in CallDirection)}:
        yield Violation("direction", N_("Send one of: %(codes)s."), {"codes": "in, out"})
    yield from _moment_violations(_text(data, "at"), now)
    for name, most in (
        ("extension", LENGTHS["extension"]),
        ("operator", 64),
        ("queue", LENGTHS["queue"]),
        ("transferred_to", LENGTHS["transferred_to"]),
        ("recording", LENGTHS["recording_ref"]),
        ("number", 40),
    ):
        if len(_text(data, name)) > most:
            yield Violation(name, N_("At most %(max)s characters."), {"max": most})


def _id_violations(text: str) -> Iterator[Violation]:
    if not text or len(text) > LENGTHS["switch_id"] or not _ID.fullmatch(text):
        yield Violation(
            "switch_id",
            N_(
                "Send the id of the call at the switch: at most %(max)s letters, digits and . _ : @ / -."
            ),
            {"max": LENGTHS["switch_id"]},
        )


def _moment_violations(text: str, now: dt.datetime) -> Iterator[Violation]:
    moment = read_moment(text)
    if moment is None:
        yield Violation(
            "at", N_("Send the moment as ISO 8601, for example 2026-11-29T08:31:00+03:00.")
        )
    elif not now - _PAST <= moment <= now + _AHEAD:
        yield Violation(
            "at", N_("The clock of the switch differs from ours; this moment is not taken.")
        )


def read_moment(text: str) -> dt.datetime | None:
    """Read ISO 8601; without a zone it is the clock of Istanbul. None when it is none."""
    try:
        moment = dt.datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=ISTANBUL)).astimezone(ISTANBUL)
    except (ValueError, OverflowError):
        return None


def read_message(data: Mapping[str, Any]) -> Message:
    """Read a message without violations."""
    moment = read_moment(_text(data, "at"))
    if moment is None:
        raise ValueError("a message is read after its violations were looked at")
    direction = _text(data, "direction")
    return Message(
        switch_id=_text(data, "switch_id"),
        event=LiveEvent(_text(data, "event")),
        at=moment,
        number=read_number(_text(data, "number")),
        direction=CallDirection(direction) if direction else None,
        extension=_text(data, "extension"),
        operator=_text(data, "operator"),
        queue=_text(data, "queue"),
        transferred_to=_text(data, "transferred_to"),
        recording=_text(data, "recording"),
    )


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return clean(value.replace("\x00", "")) if isinstance(value, str) else ""


def read_number(text: str) -> str:
    """Return a caller's number in E.164; empty for a withheld one and for what is no number."""
    word = clean(text)
    if word.lower() in _WITHHELD:
        return ""
    return parse_phone(word) or parse_phone(f"+{word}" if word[:2] == "90" else word) or ""


# --- folding -----------------------------------------------------------------------------------------
def add_event(kept: Iterable[Mapping[str, str]], fresh: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the events with a new one, each once, in the order of their moments.

    Of too many the first are kept and the end of the call, whichever came when.
    """
    every = {(one["at"], one["event"]): dict(one) for one in [*kept, fresh]}
    ordered = [every[key] for key in sorted(every, key=lambda k: (k[0], _RANK[LiveEvent(k[1])]))]
    ends = [one for one in ordered if one["event"] == LiveEvent.HANGUP.value][:1]
    others = [one for one in ordered if one["event"] != LiveEvent.HANGUP.value]
    return [*others[: MOST_EVENTS - 1], *ends]


def fold_events(events: Iterable[Mapping[str, str]]) -> LiveState:
    """Return the state that follows from a set of events, whatever their order.

    What was heard last counts: a call that hangs up is over, also when "answered" comes later. A hold
    ends with a resume or with the call. Raises ValueError without any event.
    """
    ordered = sorted(
        (_moment(one["at"]), _RANK[LiveEvent(one["event"])], LiveEvent(one["event"]))
        for one in events
    )
    if not ordered:
        raise ValueError("a call without events has no state")
    started = ordered[0][0]
    answered: dt.datetime | None = None
    ended: dt.datetime | None = None
    held_since: dt.datetime | None = None
    hold = 0.0
    transferred = False
    for at, _rank, event in ordered:
        if event is LiveEvent.HANGUP:
            ended = at
            break
        # Who is held, resumed or transferred was answered before, even when that message was lost.
        if event is not LiveEvent.RINGING and answered is None:
            answered = at
        if event is LiveEvent.HOLD and held_since is None:
            held_since = at
        elif event in {LiveEvent.RESUME, LiveEvent.ANSWERED} and held_since is not None:
            hold += (at - held_since).total_seconds()
            held_since = None
        transferred = transferred or event is LiveEvent.TRANSFER
    if held_since is not None and ended is not None:
        hold += (ended - held_since).total_seconds()
    wait = ((answered or ended or started) - started).total_seconds()
    talk = (ended - answered).total_seconds() - hold if ended and answered else 0
    return LiveState(
        phase=_phase(answered, ended, held_since),
        started_at=started,
        answered_at=answered,
        ended_at=ended,
        wait_seconds=int(wait),
        talk_seconds=max(int(talk), 0),
        hold_seconds=int(hold),
        result=_result(answered, ended, transferred),
    )


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).astimezone(ISTANBUL)


def _phase(
    answered: dt.datetime | None, ended: dt.datetime | None, held: dt.datetime | None
) -> CallPhase:
    if ended is not None:
        # What nobody answered needs no after-call work.
        return CallPhase.WRAP if answered is not None else CallPhase.CLOSED
    if answered is None:
        return CallPhase.RINGING
    return CallPhase.HELD if held is not None else CallPhase.TALKING


def _result(
    answered: dt.datetime | None, ended: dt.datetime | None, transferred: bool
) -> CallResult | None:
    if ended is not None and answered is None:
        return CallResult.ABANDONED
    return CallResult.TRANSFERRED if transferred else None
