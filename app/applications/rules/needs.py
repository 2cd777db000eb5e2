"""What must be given for a step, and how its absence is told; which step needs what is the table's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.applications.rules.transitions import Transition
from app.core.rules import N_, Violation

NEEDED: Mapping[str, str] = {
    "lead_unit_id": N_("Pick the unit that leads."),
    "reason": N_("Write the reason."),
    "note": N_("Write a sentence that says what happened."),
    "planned_on": N_("Give the day for which the work is planned."),
    "answer_text": N_("Write what the unit found and did."),
    "outcome": N_("Pick the result."),
    "institution_id": N_("Pick the institution."),
    "inadmissible_reason": N_("Pick the reason in 3071 art. 6."),
    "master_id": N_("Pick the case to merge with."),
}


def missing_needs(row: Transition, given: Mapping[str, object]) -> Iterable[Violation]:
    """Yield one violation for each field that the step needs and that is empty."""
    for name in row.needs:
        value = given.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            yield Violation(name, NEEDED.get(name, N_("This must be filled in.")))
