"""How the states and steps of an application are told on screens; nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping

from app.applications.rules.transitions import OTHER_STEPS, TRANSITIONS
from app.applications.rules.vocabulary import OPEN_STATES, ReplyState, State, Visibility
from app.core.rules import N_

#: The way of an ordinary case: label of the step and the states that stand at it.
STEPS: tuple[tuple[str, frozenset[State]], ...] = (
    (N_("Registration"), frozenset({State.DRAFT, State.REGISTERED})),
    (
        N_("Assessment"),
        frozenset({State.TRIAGE, State.RETURNED, State.REOPENED, State.INFO_REQUESTED}),
    ),
    (
        N_("At the unit"),
        frozenset(
            {
                State.ASSIGNED,
                State.IN_PROGRESS,
                State.SCHEDULED,
                State.EXTENSION_REQUESTED,
                State.FEE_PENDING,
            }
        ),
    ),
    (N_("Answer of the unit"), frozenset({State.UNIT_ANSWERED})),
    (
        N_("Reply"),
        frozenset(
            {
                State.REPLY_APPROVED,
                State.ANSWERED,
                State.REJECTED,
                State.INADMISSIBLE,
                State.TRANSFERRED_OUT,
                State.APPEALED,
            }
        ),
    ),
    (
        N_("Closing"),
        frozenset(
            {State.CLOSED, State.MERGED, State.WITHDRAWN, State.DEEMED_WITHDRAWN, State.DISCARDED}
        ),
    ),
)

#: Every step on the timeline with the words that tell it.
ACTION_DONE_LABELS: Mapping[str, str] = {
    **{row.action.value: row.done for row in TRANSITIONS},
    **{action: label for action, (label, _tone) in OTHER_STEPS.items()},
}

VISIBILITY_LABELS = {
    Visibility.INTERNAL: N_("Only the house"),
    Visibility.APPLICANT: N_("The applicant too"),
}

#: Replies that can still be changed by their writer.
EDITABLE_REPLIES = frozenset({ReplyState.DRAFT, ReplyState.SENT_BACK})

#: States in which a letter may be written; progress answers go out while the unit works.
REPLYABLE_STATES = frozenset(
    OPEN_STATES - {State.REGISTERED, State.REPLY_APPROVED}
    | {State.REJECTED, State.TRANSFERRED_OUT, State.INADMISSIBLE}
)
