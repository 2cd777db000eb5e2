"""Acts over many applications at once: which there are, what each needs, and where a run stands.

Source: domain facts 9 (four eyes for what touches many records); the directorate's own practice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.core.rules import N_, Violation


class BulkAct(StrEnum):
    """What is done with every picked application."""

    ASSIGN = "assign"
    REMIND = "remind"
    CLOSE = "close"
    NOTE = "note"
    PRIORITY = "priority"
    OFFICER = "officer"
    MERGE = "merge"


class BulkState(StrEnum):
    """Where a run over many applications stands."""

    DRAFT = "draft"
    PREVIEWED = "previewed"
    AWAITING = "awaiting"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"
    UNDOING = "undoing"


class BulkRowState(StrEnum):
    """What became of one application in a run."""

    PICKED = "picked"
    READY = "ready"
    BARRED = "barred"
    DONE = "done"
    REFUSED = "refused"
    CHANGED = "changed"
    UNDO_WAITING = "undo_waiting"
    UNDONE = "undone"
    KEPT = "kept"


BULK_ACT_LABELS: Mapping[BulkAct, str] = {
    BulkAct.ASSIGN: N_("Assign to a unit"),
    BulkAct.REMIND: N_("Send a reminder (tekit)"),
    BulkAct.CLOSE: N_("Close"),
    BulkAct.NOTE: N_("Add a note"),
    BulkAct.PRIORITY: N_("Change the priority"),
    BulkAct.OFFICER: N_("Change the officer in charge"),
    BulkAct.MERGE: N_("Merge"),
}
BULK_STATE_LABELS: Mapping[BulkState, str] = {
    BulkState.DRAFT: N_("Being prepared"),
    BulkState.PREVIEWED: N_("Preview"),
    BulkState.AWAITING: N_("Waits for a second person"),
    BulkState.WAITING: N_("Waits for its turn"),
    BulkState.RUNNING: N_("Running"),
    BulkState.DONE: N_("Done"),
    BulkState.STOPPED: N_("Stopped"),
    BulkState.FAILED: N_("Failed"),
    BulkState.UNDOING: N_("Being undone"),
}
BULK_STATE_TONES: Mapping[BulkState, str] = {
    BulkState.DRAFT: "",
    BulkState.PREVIEWED: "wait",
    BulkState.AWAITING: "wait",
    BulkState.WAITING: "info",
    BulkState.RUNNING: "info",
    BulkState.DONE: "ok",
    BulkState.STOPPED: "warn",
    BulkState.FAILED: "bad",
    BulkState.UNDOING: "info",
}
BULK_ROW_STATE_LABELS: Mapping[BulkRowState, str] = {
    BulkRowState.PICKED: N_("Picked"),
    BulkRowState.READY: N_("Ready"),
    BulkRowState.BARRED: N_("Not possible"),
    BulkRowState.DONE: N_("Done"),
    BulkRowState.REFUSED: N_("Rejected"),
    BulkRowState.CHANGED: N_("Changed meanwhile"),
    BulkRowState.UNDO_WAITING: N_("Being undone"),
    BulkRowState.UNDONE: N_("Undone"),
    BulkRowState.KEPT: N_("Could not be undone"),
}
BULK_ROW_STATE_TONES: Mapping[BulkRowState, str] = {
    BulkRowState.PICKED: "",
    BulkRowState.READY: "info",
    BulkRowState.BARRED: "bad",
    BulkRowState.DONE: "ok",
    BulkRowState.REFUSED: "bad",
    BulkRowState.CHANGED: "warn",
    BulkRowState.UNDO_WAITING: "info",
    BulkRowState.UNDONE: "",
    BulkRowState.KEPT: "warn",
}

#: The verb on Application that an act needs beside `bulk`.
VERB_OF_ACT: Mapping[BulkAct, str] = {
    BulkAct.ASSIGN: "assign",
    BulkAct.REMIND: "assign",
    BulkAct.CLOSE: "close",
    BulkAct.NOTE: "write",
    BulkAct.PRIORITY: "write",
    BulkAct.OFFICER: "assign",
    BulkAct.MERGE: "merge",
}
#: What an act asks for beyond the reason, in the order of its form.
ARGUMENTS_OF_ACT: Mapping[BulkAct, tuple[str, ...]] = {
    BulkAct.ASSIGN: ("lead_unit_id", "due_on", "note"),
    BulkAct.REMIND: ("text",),
    BulkAct.CLOSE: ("note",),
    BulkAct.NOTE: ("text",),
    BulkAct.PRIORITY: ("priority",),
    BulkAct.OFFICER: ("owner_id",),
    BulkAct.MERGE: ("master_id",),
}
#: The field without which the act means nothing.
NEEDED_ARGUMENT: Mapping[BulkAct, tuple[str, str]] = {
    BulkAct.ASSIGN: ("lead_unit_id", N_("Pick the unit that leads.")),
    BulkAct.REMIND: ("text", N_("Write what the unit is reminded of.")),
    BulkAct.NOTE: ("text", N_("Write the note.")),
    BulkAct.PRIORITY: ("priority", N_("Pick the priority.")),
    BulkAct.OFFICER: ("owner_id", N_("Pick the officer.")),
    BulkAct.MERGE: ("master_id", N_("Pick the case to merge with.")),
}
#: Acts that can be taken back; a note stands on the timeline, and a reminder has been read.
UNDOABLE_ACTS = frozenset(
    {BulkAct.ASSIGN, BulkAct.CLOSE, BulkAct.PRIORITY, BulkAct.OFFICER, BulkAct.MERGE}
)
#: Acts that mean the same whatever was changed since the preview.
TIMELESS_ACTS = frozenset({BulkAct.NOTE, BulkAct.REMIND})

#: A run of these may begin, go on or be stopped.
PREPARED_STATES = frozenset({BulkState.DRAFT, BulkState.PREVIEWED})
CONFIRMABLE_STATES = frozenset({BulkState.PREVIEWED, BulkState.AWAITING})
MOVING_STATES = frozenset({BulkState.WAITING, BulkState.RUNNING})
ENDED_STATES = frozenset({BulkState.DONE, BulkState.STOPPED, BulkState.FAILED})
#: What was done and stands; a row that could not be undone may be tried again.
UNDOABLE_ROWS = frozenset({BulkRowState.DONE, BulkRowState.KEPT})
_LONGEST_TEXT = 2_000
_LONGEST_REASON = 300

CHANGED_MEANWHILE = N_("The case was changed after the preview; look at it again.")
GONE = N_("The case is not visible to the person who ordered this.")
STAYS = N_("What is written on the timeline or sent to people stays.")
MOVED_ON = N_("The case has moved on since: “%(step)s”.")


def argument_violations(act: BulkAct, arguments: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is missing or too long in the values of an act."""
    field, message = NEEDED_ARGUMENT.get(act, ("", ""))
    value = arguments.get(field) if field else "x"
    if value is None or (isinstance(value, str) and not value.strip()):
        yield Violation(field, message)
    for name in ("text", "note"):
        if len(str(arguments.get(name) or "")) > _LONGEST_TEXT:
            yield Violation(name, N_("At most %(n)s characters."), {"n": _LONGEST_TEXT})


def reason_violations(reason: str) -> Iterator[Violation]:
    """An act over many records always has its reason on record."""
    if len(reason.strip()) < 5:
        yield Violation("reason", N_("Write in a few words why this is done."))
    elif len(reason) > _LONGEST_REASON:
        yield Violation("reason", N_("At most %(n)s characters."), {"n": _LONGEST_REASON})


def needs_second_person(rows: int, limit: int) -> bool:
    """Whether somebody else has to confirm a run of so many rows; a limit of 0 asks nobody."""
    return bool(limit) and rows > limit


def second_person_violations(
    *, starter_id: int | None, second_id: int | None
) -> Iterator[Violation]:
    """Four eyes are those of two people."""
    if second_id is None or second_id == starter_id:
        yield Violation("", N_("Somebody else has to confirm this; you have ordered it yourself."))


def undo_violations(
    act: BulkAct, state: BulkState, *, until: dt.datetime | None, now: dt.datetime
) -> Iterator[Violation]:
    """Yield why a run cannot be undone: the act, its state, or the time that has passed."""
    if act not in UNDOABLE_ACTS:
        yield Violation("", STAYS)
    elif state not in ENDED_STATES:
        yield Violation("", N_("This run has not ended yet."))
    elif until is not None and now > until:
        yield Violation("", N_("The time in which this could be undone has passed."))
