"""Batches of letters: how far a batch and each letter in it is; nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from app.applications.rules.display import REPLYABLE_STATES
from app.applications.rules.vocabulary import ReplyKind, State
from app.core.rules import N_, Violation

#: More letters than this are made in several batches; one job stays bearable.
MOST_LETTERS = 500


class LetterBatchState(StrEnum):
    """How far a batch of letters is."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    SENT = "sent"
    CANCELLED = "cancelled"


class LetterBatchApproval(StrEnum):
    """How its letters are approved: all in one act, or each one on its own."""

    TOGETHER = "together"
    EACH = "each"


class LetterRowState(StrEnum):
    """How far one letter of a batch is."""

    READY = "ready"
    PROBLEM = "problem"
    LEFT_OUT = "left_out"
    IN_APPROVAL = "in_approval"
    APPROVED = "approved"
    SENT = "sent"
    FAILED = "failed"


class LetterBatchAct(StrEnum):
    """What a worker does with a batch."""

    SUBMIT = "submit"
    APPROVE = "approve"
    SEND = "send"


LETTER_BATCH_STATE_LABELS = {
    LetterBatchState.DRAFT: N_("Being prepared"),
    LetterBatchState.IN_APPROVAL: N_("In approval"),
    LetterBatchState.SENT: N_("Sent"),
    LetterBatchState.CANCELLED: N_("Dropped"),
}
LETTER_BATCH_STATE_TONES = {
    LetterBatchState.DRAFT: "",
    LetterBatchState.IN_APPROVAL: "wait",
    LetterBatchState.SENT: "ok",
    LetterBatchState.CANCELLED: "",
}
LETTER_BATCH_APPROVAL_LABELS = {
    LetterBatchApproval.TOGETHER: N_("One approval for the whole batch"),
    LetterBatchApproval.EACH: N_("Each letter on its own"),
}
LETTER_ROW_STATE_LABELS = {
    LetterRowState.READY: N_("Ready"),
    LetterRowState.PROBLEM: N_("Has a problem"),
    LetterRowState.LEFT_OUT: N_("Left out"),
    LetterRowState.IN_APPROVAL: N_("In approval"),
    LetterRowState.APPROVED: N_("Approved"),
    LetterRowState.SENT: N_("Sent"),
    LetterRowState.FAILED: N_("Could not be done"),
}
LETTER_ROW_STATE_TONES = {
    LetterRowState.READY: "info",
    LetterRowState.PROBLEM: "bad",
    LetterRowState.LEFT_OUT: "",
    LetterRowState.IN_APPROVAL: "wait",
    LetterRowState.APPROVED: "info",
    LetterRowState.SENT: "ok",
    LetterRowState.FAILED: "bad",
}
LETTER_BATCH_ACT_LABELS = {
    LetterBatchAct.SUBMIT: N_("Letters are sent for approval"),
    LetterBatchAct.APPROVE: N_("Letters are approved"),
    LetterBatchAct.SEND: N_("Letters are sent"),
}

#: Said on a row whose template found no value.
FIELD_WITHOUT_VALUE = N_("Nothing is known for %(field)s; write it into the text.")

#: Rows that can still be changed in the batch itself.
OPEN_LETTER_ROWS = frozenset({LetterRowState.READY, LetterRowState.PROBLEM})
#: Rows for which nothing is left to do in the batch.
GONE_ON_LETTER_ROWS = frozenset({LetterRowState.SENT, LetterRowState.FAILED})
#: Row states that an act takes up.
LETTER_ROWS_TAKEN_BY: Mapping[LetterBatchAct, frozenset[LetterRowState]] = {
    LetterBatchAct.SUBMIT: frozenset({LetterRowState.READY}),
    LetterBatchAct.APPROVE: frozenset({LetterRowState.IN_APPROVAL}),
    #: What could not be sent is tried again.
    LetterBatchAct.SEND: frozenset({LetterRowState.APPROVED, LetterRowState.FAILED}),
}


def takes_own_letter(state: State, reply_kind: ReplyKind, *, is_answered: bool) -> bool:
    """Say whether a letter can be written to an applicant now.

    A merged case gets that of its main case; until then it may get a final answer of its own.
    """
    if state is State.MERGED:
        return reply_kind is ReplyKind.FINAL and not is_answered
    return state in REPLYABLE_STATES


def letter_batch_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what keeps a batch from being prepared: its name, its text, and which cases it means."""
    if not str(values.get("title") or "").strip():
        yield Violation("title", N_("Give the batch a name by which the approver knows it."))
    if not (values.get("template") or values.get("template_id")):
        yield Violation("template", N_("Pick the template of the letters."))
    chosen = ("topic", "unit", "master", "numbers")
    if not any(values.get(name) for name in chosen):
        yield Violation(
            "topic",
            N_("Say which applications are meant: a topic, a unit, a main case or numbers."),
        )
