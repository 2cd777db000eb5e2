"""Reasons of results: for which results one is needed, and what is wrong with one.

The officer reads a short name, the citizen a sentence. Source: 4982 m.12; 3071 m.7; domain facts 1.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.applications.rules.vocabulary import Outcome
from app.core.rules import N_, Violation

#: What was done or told needs no further reason; everything else does.
REASONED_OUTCOMES = frozenset(Outcome) - {Outcome.RESOLVED, Outcome.INFORMED}

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def needs_reason(outcome: Outcome | None) -> bool:
    """Say whether a result is told with a reason out of the list."""
    return outcome in REASONED_OUTCOMES


def outcome_reason_violations(values: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what is wrong with a reason."""
    code = str(values.get("code") or "").strip()
    if not _CODE.fullmatch(code):
        yield Violation(
            "code", N_("Write small letters, digits and hyphens, for example butce-yok.")
        )
    outcome = values.get("outcome")
    if outcome not in {o.value for o in Outcome}:
        yield Violation("outcome", N_("Pick the result that the reason belongs to."))
    elif Outcome(outcome) not in REASONED_OUTCOMES:
        yield Violation("outcome", N_("This result is told without a reason."))
    for name, message in (
        ("name", N_("Write what the officer reads in the list.")),
        ("citizen_text", N_("Write the sentence that the citizen reads.")),
    ):
        if not str(values.get(name) or "").strip():
            yield Violation(name, message)
