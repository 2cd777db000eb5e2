"""The outgoing check as the room sees it: its states and who may let something pass.

What is looked for stands in `app.core.outgoing`. Source: 6698 m.12; domain facts 2.5.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from app.core.rules import N_, Violation


class CheckState(StrEnum):
    """What came of a look at something that is about to leave."""

    CLEAN = "clean"
    BLOCKED = "blocked"
    OVERRIDDEN = "overridden"


CHECK_STATE_LABELS = {
    CheckState.CLEAN: N_("Nothing found"),
    CheckState.BLOCKED: N_("Held back"),
    CheckState.OVERRIDDEN: N_("Let pass with a reason"),
}
CHECK_STATE_TONES = {
    CheckState.CLEAN: "ok",
    CheckState.BLOCKED: "bad",
    CheckState.OVERRIDDEN: "warn",
}

#: A reason in fewer letters is none.
SHORTEST_REASON = 10

#: Where in a letter something was found; the place of core stands behind it.
LETTER_PLACES = {
    "subject": N_("subject line"),
    "body": N_("text of the letter, paragraph %(n)s"),
    "remedy": N_("remedies, paragraph %(n)s"),
    "short_text": N_("text of the SMS"),
}

HELD_BACK = N_(
    "The outgoing check holds this letter back: %(count)s findings, the first one: %(first)s."
)


def override_violations(
    *, reason: str, overrider_id: int | None, writer_id: int | None, found: int
) -> Iterator[Violation]:
    """Yield what keeps somebody from letting findings pass: a reason is needed, and another person.

    Who wrote a letter does not decide that what it gives away may be given away.
    """
    if not found:
        yield Violation("reason", N_("There is nothing to let pass."))
    if len(reason.strip()) < SHORTEST_REASON:
        yield Violation("reason", N_("Write in a sentence why it may leave all the same."))
    if overrider_id is not None and overrider_id == writer_id:
        yield Violation("reason", N_("Who wrote the letter does not let its findings pass."))
