"""Which applications a batch of letters means: a topic, a unit, a group, or numbers typed in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer, joinedload

from app.applications import rules
from app.applications.models import Application
from app.applications.rules import MOST_LETTERS, State
from app.core.rules import N_, RuleViolation, Violation

_NUMBER = re.compile(r"\d{4}-\d{4,10}")


@dataclass(frozen=True)
class Chosen:
    """How applications are picked; every part that is given narrows. `numbers` stand alone."""

    topic: int | None = None
    unit: int | None = None
    state: State | None = State.UNIT_ANSWERED
    master: int | None = None
    numbers: str = ""
    #: The reason that all letters tell with their result.
    outcome_reason: int | None = None

    def to_document(self) -> dict[str, Any]:
        """As it is kept; what is not given is left out."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_document(cls, kept: Mapping[str, Any]) -> Chosen:
        """Read what was kept."""
        state = kept.get("state")
        return cls(
            topic=kept.get("topic"),
            unit=kept.get("unit"),
            state=State(state) if state else None,
            master=kept.get("master"),
            numbers=str(kept.get("numbers") or ""),
            outcome_reason=kept.get("outcome_reason"),
        )


def numbers_in(text: str) -> tuple[str, ...]:
    """Numbers of applications in a text, each once, in their order; whatever stands between is no matter."""
    return tuple(dict.fromkeys(_NUMBER.findall(text)))


def find_chosen(session: Session, chosen: Chosen) -> list[Application]:
    """The applications in the actor's sight, merged ones of a group before their main case.

    Raises RuleViolation when there is none, when a number is unknown, or when there are too many.
    """
    a = Application
    stmt = select(a).options(
        defer(a.due_trail),
        defer(a.search_text),
        joinedload(a.citizen),
        joinedload(a.topic),
        joinedload(a.district),
        joinedload(a.neighbourhood),
        joinedload(a.lead_unit),
        joinedload(a.institution),
    )
    numbers = numbers_in(chosen.numbers)
    if numbers:
        stmt = stmt.where(a.number.in_(numbers[: MOST_LETTERS + 1]))
    elif chosen.master is not None:
        # Cases that were answered with their main case have had their letter.
        merged = (a.master_id == chosen.master) & (a.state == State.MERGED)
        stmt = stmt.where(or_(a.id == chosen.master, merged & a.answered_at.is_(None)))
    else:
        if chosen.topic is not None:
            stmt = stmt.where(a.topic_id == chosen.topic)
        if chosen.unit is not None:
            stmt = stmt.where(a.lead_unit_id == chosen.unit)
        wanted = [chosen.state] if chosen.state is not None else sorted(rules.OPEN_STATES)
        stmt = stmt.where(a.state.in_(wanted))
    found = list(
        session.scalars(
            stmt.order_by(a.state != State.MERGED, a.received_at, a.id).limit(MOST_LETTERS + 1)
        )
    )
    if numbers and (missing := set(numbers) - {case.number for case in found}):
        raise RuleViolation(
            Violation(
                "numbers",
                N_("There is no application %(number)s, or you may not see it."),
                {"number": min(missing)},
            )
        )
    if not found:
        raise RuleViolation(
            Violation("topic", N_("No application fits; choose another topic, unit or state."))
        )
    if len(found) > MOST_LETTERS:
        raise RuleViolation(
            Violation(
                "topic",
                N_("At most %(most)s letters in one batch; narrow the choice."),
                {"most": MOST_LETTERS},
            )
        )
    return found
