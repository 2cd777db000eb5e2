"""How the list of another office is compared with our own cases; reading and writing is not here.

Source: domain facts 2.4; the directorate's duty ı.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.applications.rules.imports import SourceStatus, code_for_word
from app.core.rules import N_, Violation


class ItemKind(StrEnum):
    """In which way their list and ours do not agree."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    STATE_DIFFERS = "state_differs"
    DATE_DIFFERS = "date_differs"
    OVERDUE_THERE = "overdue_there"


ITEM_KIND_LABELS: Mapping[ItemKind, str] = {
    ItemKind.MISSING_HERE: N_("In their list, not in ours"),
    ItemKind.MISSING_THERE: N_("In ours, not in their list"),
    ItemKind.STATE_DIFFERS: N_("State differs"),
    ItemKind.DATE_DIFFERS: N_("Date differs"),
    ItemKind.OVERDUE_THERE: N_("Overdue at CİMER"),
}

ITEM_KIND_TONES: Mapping[ItemKind, str] = {
    ItemKind.MISSING_HERE: "bad",
    ItemKind.MISSING_THERE: "warn",
    ItemKind.STATE_DIFFERS: "wait",
    ItemKind.DATE_DIFFERS: "wait",
    ItemKind.OVERDUE_THERE: "bad",
}


class Resolution(StrEnum):
    """What became of a difference."""

    OPEN = "open"
    REGISTERED = "registered"
    EXPLAINED = "explained"
    SETTLED = "settled"


RESOLUTION_LABELS: Mapping[Resolution, str] = {
    Resolution.OPEN: N_("Still open"),
    Resolution.REGISTERED: N_("Registered from the list"),
    Resolution.EXPLAINED: N_("Explained"),
    Resolution.SETTLED: N_("Agrees by now"),
}

RESOLUTION_TONES: Mapping[Resolution, str] = {
    Resolution.OPEN: "wait",
    Resolution.REGISTERED: "ok",
    Resolution.EXPLAINED: "info",
    Resolution.SETTLED: "ok",
}


class Explanation(StrEnum):
    """Why a difference may stand."""

    LATE_AT_CIMER = "late_at_cimer"
    OTHER_UNIT = "other_unit"
    MERGED = "merged"
    WRONG_NUMBER = "wrong_number"
    STATE_LAGS = "state_lags"
    DATE_OF_FORWARDING = "date_of_forwarding"
    OUTSIDE_PERIOD = "outside_period"
    OTHER = "other"


EXPLANATION_LABELS: Mapping[Explanation, str] = {
    Explanation.LATE_AT_CIMER: N_("CİMER shows it later"),
    Explanation.OTHER_UNIT: N_("It belongs to another unit or affiliate"),
    Explanation.MERGED: N_("Joined with another application"),
    Explanation.WRONG_NUMBER: N_("The number was typed wrongly"),
    Explanation.STATE_LAGS: N_("The state follows with a delay"),
    Explanation.DATE_OF_FORWARDING: N_("One date is the day of forwarding"),
    Explanation.OUTSIDE_PERIOD: N_("It belongs to another period"),
    Explanation.OTHER: N_("Another reason, see the note"),
}


@dataclass(frozen=True)
class Theirs:
    """A row of their list; `status` is None when their word for the state is not known to us."""

    ref: str
    row_no: int
    received_on: dt.date | None = None
    external_on: dt.date | None = None
    word: str = ""
    status: SourceStatus | None = None
    due_on: dt.date | None = None


@dataclass(frozen=True)
class Ours:
    """A case of ours; `entered` says whether its answer stands at the other office."""

    ref: str
    application_id: int
    received_on: dt.date
    external_on: dt.date | None
    is_open: bool
    entered: bool
    due_on: dt.date | None


@dataclass(frozen=True)
class Difference:
    """One way in which a number does not agree."""

    kind: ItemKind
    ref: str
    row_no: int | None
    application_id: int | None
    theirs: Mapping[str, Any]
    ours: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same difference when the lists are compared again."""
        return self.kind.value, self.ref


def status_of_word(word: str) -> SourceStatus | None:
    """Return what a word of theirs says about a case; None when we do not know the word."""
    code = code_for_word("status", word) if word.strip() else ""
    return SourceStatus(code) if code else None


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _their_facts(row: Theirs) -> dict[str, Any]:
    return {
        "state": row.word,
        "received_on": _iso(row.received_on),
        "external_on": _iso(row.external_on),
        "due_on": _iso(row.due_on),
    }


def _our_facts(case: Ours) -> dict[str, Any]:
    state = "entered" if case.entered else "open" if case.is_open else "ended"
    return {
        "state": state,
        "received_on": _iso(case.received_on),
        "external_on": _iso(case.external_on),
        "due_on": _iso(case.due_on),
    }


def differences(
    theirs: Iterable[Theirs],
    ours: Mapping[str, Ours],
    *,
    period: tuple[dt.date, dt.date],
    today: dt.date,
) -> Iterator[Difference]:
    """Yield every difference between their rows and our cases, in the order of their rows.

    `ours` holds the cases of the period and those with a number of their list. A number that stands
    twice in the list counts once. A case of ours outside the period is not missed there.
    """
    seen: set[str] = set()
    for row in theirs:
        if row.ref in seen:
            continue
        seen.add(row.ref)
        case = ours.get(row.ref)
        if case is None:
            yield Difference(
                ItemKind.MISSING_HERE, row.ref, row.row_no, None, _their_facts(row), {}
            )
        for kind in _kinds(row, case, today):
            yield Difference(
                kind,
                row.ref,
                row.row_no,
                case.application_id if case else None,
                _their_facts(row),
                _our_facts(case) if case else {},
            )
    for ref, case in ours.items():
        if ref not in seen and _lies_in(case, period):
            yield Difference(
                ItemKind.MISSING_THERE, ref, None, case.application_id, {}, _our_facts(case)
            )


def _lies_in(case: Ours, period: tuple[dt.date, dt.date]) -> bool:
    first, last = period
    return first <= (case.external_on or case.received_on) <= last


def _kinds(row: Theirs, case: Ours | None, today: dt.date) -> Iterator[ItemKind]:
    if case is not None:
        if row.status is not None and (row.status is SourceStatus.OPEN) == case.entered:
            yield ItemKind.STATE_DIFFERS
        if _days_differ(row, case):
            yield ItemKind.DATE_DIFFERS
    due_on = row.due_on or (case.due_on if case is not None else None)
    if row.status is SourceStatus.OPEN and due_on is not None and due_on < today:
        yield ItemKind.OVERDUE_THERE


def _days_differ(row: Theirs, case: Ours) -> bool:
    """Their date of an application is compared with the one we keep of theirs, ours with ours."""
    if row.external_on is not None and row.external_on != case.external_on:
        return True
    return row.received_on is not None and row.received_on != case.received_on


def period_violations(first: dt.date | None, last: dt.date | None) -> Iterator[Violation]:
    """Yield what is wrong with the days of a comparison."""
    if first is None:
        yield Violation(
            "period_from", N_("Write the date as day.month.year, for example 31.12.2026.")
        )
    if last is None:
        yield Violation(
            "period_to", N_("Write the date as day.month.year, for example 31.12.2026.")
        )
    if first is not None and last is not None:
        if last < first:
            yield Violation("period_to", N_("The end lies before the beginning."))
        elif (last - first).days > 366:
            yield Violation("period_to", N_("A comparison spans at most a year."))


def explanation_violations(reason: str, note: str) -> Iterator[Violation]:
    """Yield what keeps a difference from being marked as explained: a reason, and words for another."""
    if reason not in {one.value for one in Explanation}:
        yield Violation("reason", N_("Pick a value from the list."))
    elif reason == Explanation.OTHER and not note.strip():
        yield Violation("note", N_("Write a sentence that says what happened."))
    if len(note) > 1000:
        yield Violation("note", N_("At most %(max)s characters."), {"max": 1000})
