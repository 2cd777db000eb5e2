"""Asking the table: which row moves a state, and what is open to somebody with these verbs."""

from __future__ import annotations

from collections.abc import Collection

from app.applications.rules.transitions.actions import Action, Transition
from app.applications.rules.transitions.table import TRANSITIONS
from app.applications.rules.vocabulary import STATE_LABELS, State
from app.core.rules import N_, RuleViolation, Violation

_BY_PLACE: dict[tuple[State, Action], tuple[Transition, ...]] = {}
for _transition in TRANSITIONS:
    for _state in _transition.from_states:
        _place = (_state, _transition.action)
        _BY_PLACE[_place] = (*_BY_PLACE.get(_place, ()), _transition)


def find_transition(
    state: State, action: str, *, at_unit: bool = False, back_to: State | None = None
) -> Transition | None:
    """Return the row that moves `state` by `action`, or None when that may not happen.

    `at_unit` says whether a unit has the case; few rows ask for it. `back_to` names the state to
    which a step is taken back; rows that restore are found only by it.
    """
    if action not in Action.__members__.values():
        return None
    rows = [
        row for row in _BY_PLACE.get((state, Action(action)), ()) if row.at_unit in {None, at_unit}
    ]
    if back_to is not None:
        return next((row for row in rows if row.to_state is back_to), None)
    return next((row for row in rows if not row.restores), None)


def transition_for(
    state: State, action: str, *, at_unit: bool = False, back_to: State | None = None
) -> Transition:
    """Return the row as `find_transition`; a move that is not in the table is a RuleViolation."""
    row = find_transition(state, action, at_unit=at_unit, back_to=back_to)
    if row is None:
        raise RuleViolation(
            Violation(
                "state",
                N_("This cannot be done while the application stands at “%(state)s”."),
                {"state": STATE_LABELS[state], "action": str(action)},
            )
        )
    return row


def next_state(state: State, action: str, *, at_unit: bool = False) -> State:
    """Return the state after `action`; a move that is not in the table is a RuleViolation."""
    return transition_for(state, action, at_unit=at_unit).to_state


def allowed_actions(
    state: State, actor_verbs: Collection[str], *, at_unit: bool = False
) -> tuple[Transition, ...]:
    """Return the rows open to somebody with these verbs in this state, in the table's order."""
    return tuple(
        row
        for row in TRANSITIONS
        if state in row.from_states
        and not row.restores
        and row.at_unit in {None, at_unit}
        and any(verb in actor_verbs for verb in row.verbs)
    )
