"""From one row of a switch's file to the columns of a call; nothing is written here."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.imports import Mapping as Columns
from app.core.imports import apply_mapping
from app.core.rules import N_, Violation
from app.core.text import clean, fold
from app.frontdesk.models import Shift
from app.frontdesk.rules.calls import (
    SECONDS,
    CallDirection,
    CallPhase,
    CallResult,
    CallSource,
    call_violations,
    settles_at_first_contact,
)
from app.frontdesk.rules.calls_import import parse_seconds
from app.frontdesk.rules.calls_live import read_number
from app.frontdesk.rules.shifts import ON_DUTY
from app.frontdesk.services.calls_fields import LENGTH_FIELDS, target_fields
from app.organisation.models import StaffUser

_ID_ONLY = tuple(one for one in target_fields() if one.name == "switch_id")
_WITHHELD = frozenset({"", "gizli", "anonymous", "unknown", "withheld", "private", "bilinmiyor"})
#: Numbers inside the house; they are no telephone numbers of people.
_INTERNAL = 6


@dataclass(frozen=True)
class Prepared:
    """A row as it will become, or its violations; `raw` are the cells by heading."""

    row_no: int
    raw: Mapping[str, Any]
    violations: tuple[Violation, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


class Preparer:
    """Prepares the rows of one file, one after the other; remembers the ids it has seen."""

    def __init__(self, session: Session, plan: Columns, *, now: dt.datetime) -> None:
        self._plan, self._now = plan, now
        self._people = _people(session)
        self._seats = _seats(session)
        self._seen: dict[str, int] = {}

    def remember(self, row_no: int, raw: Mapping[str, Any]) -> None:
        """Note the id of a row that was dealt with before, so that a second one is found."""
        read, _ = apply_mapping(self._plan, raw, _ID_ONLY)
        if switch_id := clean(str(read.get("switch_id") or "")):
            self._seen.setdefault(switch_id, row_no)

    def prepare(self, row_no: int, raw: Mapping[str, Any]) -> Prepared:
        """The row as it will become; a row with violations is refused, all of them are told."""
        read, unread = apply_mapping(self._plan, raw, target_fields())
        violations = list(unread)
        switch_id = clean(str(read.get("switch_id") or ""))
        if switch_id:
            first = self._seen.setdefault(switch_id, row_no)
            if first != row_no:
                again = N_("The same number stands in row %(row)s already; only that row is taken.")
                violations.append(Violation("switch_id", again, {"row": first}))
        values = self._values(read, violations)
        if "started_at" in values and values["started_at"] is not None:
            told = {one.field for one in violations}
            violations += [v for v in call_violations(values, now=self._now) if v.field not in told]
        if violations:
            return Prepared(row_no, raw, tuple(violations))
        return Prepared(row_no, raw, values=values)

    def _values(self, read: Mapping[str, Any], violations: list[Violation]) -> dict[str, Any]:
        lengths = {name: self._length(read, name, violations) for name in LENGTH_FIELDS}
        started = read.get("started_at")
        direction = CallDirection(str(read.get("direction") or CallDirection.IN.value))
        result = CallResult(str(read["result"])) if read.get("result") else None
        values: dict[str, Any] = {
            "switch_id": clean(str(read.get("switch_id") or "")),
            "direction": direction,
            "source": CallSource.IMPORT,
            "phase": CallPhase.CLOSED,
            "number": self._number(str(read.get("number") or ""), violations),
            "started_at": started,
            "queue": str(read.get("queue") or ""),
            "extension": str(read.get("extension") or ""),
            "transferred_to": str(read.get("transferred_to") or ""),
            "recording_ref": str(read.get("recording_ref") or ""),
            "note": str(read.get("note") or ""),
        }
        if isinstance(started, dt.datetime):
            values.update(_moments(read, started, lengths, result))
        answered = values.get("answered_at") is not None
        if result is None:
            lost = CallResult.BUSY if direction is CallDirection.OUT else CallResult.ABANDONED
            result = CallResult.ANSWERED if answered else lost
        values["result"] = result
        values["first_contact"] = settles_at_first_contact(result)
        values["operator_id"] = self._operator(read, values, started)
        values["search_text"] = fold(f"{values['note']} {values['transferred_to']}")[:4000]
        return values

    @staticmethod
    def _length(read: Mapping[str, Any], name: str, violations: list[Violation]) -> int | None:
        text = str(read.get(name) or "")
        if not clean(text):
            return None
        seconds = parse_seconds(text)
        if seconds is None:
            message = N_("“%(value)s” is no length of time; write seconds, 1:12 or 00:01:12.")
            violations.append(Violation(name, message, {"value": text[:40]}))
        return seconds

    @staticmethod
    def _number(text: str, violations: list[Violation]) -> str:
        word = clean(text)
        if fold(word) in _WITHHELD:
            return ""
        if word.isascii() and word.isdigit() and 1 < len(word) <= _INTERNAL:
            return word
        number = read_number(word)
        if not number:
            # The number itself is not repeated in the sentence: it belongs to a person.
            message = N_("This is no telephone number; leave it empty when it was withheld.")
            violations.append(Violation("number", message))
        return number

    def _operator(
        self, read: Mapping[str, Any], values: Mapping[str, Any], started: Any
    ) -> int | None:
        known = self._people.get(fold(str(read.get("operator") or "")))
        if known is not None or not isinstance(started, dt.datetime):
            return known
        spans = self._seats.get(str(values["extension"]), [])
        at = bisect_right(spans, (started, dt.datetime.max.replace(tzinfo=started.tzinfo), 0)) - 1
        if at >= 0 and spans[at][1] > started:
            return spans[at][2]
        return None


def _moments(
    read: Mapping[str, Any],
    started: dt.datetime,
    lengths: Mapping[str, int | None],
    result: CallResult | None,
) -> dict[str, Any]:
    """Moments and lengths of time, each from the other where the file has only one of them."""
    answered, ended = read.get("answered_at"), read.get("ended_at")
    wait, talk, hold, wrap = (lengths[name] for name in SECONDS)
    spoken = (talk or 0) > 0 or (
        result is not None and result not in {CallResult.ABANDONED, CallResult.BUSY}
    )
    if answered is None and spoken:
        answered = started + dt.timedelta(seconds=wait or 0)
    if wait is None:
        until = answered or ended or started
        wait = max(int((until - started).total_seconds()), 0)
    if talk is None:
        talk = 0
        if answered is not None and ended is not None:
            talk = max(int((ended - answered).total_seconds()) - (hold or 0), 0)
    if ended is None:
        ended = (answered or started) + dt.timedelta(
            seconds=(talk + (hold or 0)) if answered else wait
        )
    return {
        "answered_at": answered,
        "ended_at": ended,
        "closed_at": ended + dt.timedelta(seconds=wrap or 0),
        "wait_seconds": wait,
        "talk_seconds": talk,
        "hold_seconds": hold or 0,
        "wrap_seconds": wrap or 0,
    }


def _people(session: Session) -> dict[str, int]:
    """User name and full name, folded → person; a name that two people have means nobody."""
    users = StaffUser.__table__.c
    found: dict[str, set[int]] = defaultdict(set)
    for pk, username, first, last in session.execute(
        select(users.id, users.username, users.first_name, users.last_name)
    ):
        found[fold(username)].add(pk)
        found[fold(f"{first} {last}")].add(pk)
    return {name: next(iter(pks)) for name, pks in found.items() if len(pks) == 1 and name}


def _seats(session: Session) -> dict[str, list[tuple[dt.datetime, dt.datetime, int]]]:
    """Seat → (beginning, end, person) of its shifts, in order."""
    found: dict[str, list[tuple[dt.datetime, dt.datetime, int]]] = defaultdict(list)
    stmt = (
        select(Shift.seat, Shift.starts_at, Shift.ends_at, Shift.operator_id)
        .where(Shift.seat != "", Shift.state.in_(sorted(ON_DUTY)))
        .order_by(Shift.starts_at)
    )
    for seat, start, end, operator in session.execute(stmt):
        found[seat].append((start, end, operator))
    return found
