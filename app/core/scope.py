"""Row scope: one rule at the session decides which rows the acting user may see.

Rooms declare rules for their models in their manifest; list, show, picker, count, related tab,
chart, export, report and REST all pass through the session and so through this listener.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any
from weakref import WeakSet

from sqlalchemy import ColumnElement, event, false
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.cache_key import NO_CACHE
from sqlalchemy.sql.visitors import anon_map

from app.core.acting import Actor, current_actor

#: Given the actor, the condition on the model's rows; None when the actor may see all of them.
ScopeRule = Callable[[Actor], ColumnElement[bool] | None]

_rules: dict[type, ScopeRule] = {}
_subjects: set[str] = set()

#: Rights → loader options, made once; forgotten when it grows or when a room adds a rule.
MOST_KEPT = 2_000
_options: dict[Any, dict[type, ScopeOption]] = {}


class _Part:
    """A part of a key of the statement cache that knows its hash."""

    __slots__ = ("_hash", "_value")

    def __init__(self, value: Any) -> None:
        self._value = value
        self._hash = hash(value)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, _Part) and self._hash == other._hash and self._value == other._value
        )


class ScopeOption(LoaderCriteriaOption):
    """`with_loader_criteria` whose part of the cache key is reckoned once, not with every statement.

    The condition of an option never changes and shares nothing with the statements that it is added
    to, so its part of the key and its values are the same in each of them. Reckoning them anew
    took 3 ms for each statement of a liaison (ADR 15).
    """

    __slots__ = ("_kept_key",)

    _traverse_internals = LoaderCriteriaOption._traverse_internals

    def __init__(self, model: type, condition: ColumnElement[bool]) -> None:
        super().__init__(model, condition, include_aliases=True)
        self._kept_key: tuple[Any, list[Any]] | None = None

    def _gen_cache_key(self, names: Any, values: list[Any]) -> Any:
        """The part of the key; the values of the condition are added to those of the statement."""
        if self._kept_key is None:
            own_names, own_values = anon_map(), list[Any]()
            key = super()._gen_cache_key(own_names, own_values)
            if NO_CACHE in own_names:
                raise TypeError(f"the scope of {self.entity} cannot be cached")
            self._kept_key = ((_Part(key),), own_values)
        key, own_values = self._kept_key
        values.extend(own_values)
        return key


def declare(rules: Mapping[type, ScopeRule], subjects: Collection[str] = ()) -> None:
    """Add the scope rules of a room; the same model may be declared once.

    `subjects` are those of its classes, by name, that messages and reminders may be about.
    """
    if unknown := set(subjects) - {model.__name__ for model in rules}:
        raise ValueError(f"subjects without a scope rule: {', '.join(sorted(unknown))}")
    for model, rule in rules.items():
        if model in _rules and _rules[model] is not rule:
            raise ValueError(f"{model.__name__} has two scope rules")
        _rules[model] = rule
    _subjects.update(subjects)
    _options.clear()


def declared() -> Mapping[type, ScopeRule]:
    """All rules, for the house tests."""
    return dict(_rules)


def subjects() -> frozenset[str]:
    """Classes with a rule that messages and reminders may be about."""
    return frozenset(_subjects)


def criteria_for(model: type, actor: Actor) -> ColumnElement[bool] | None:
    """The condition for `actor` on `model`; without an actor no scoped row is visible."""
    rule = _rules.get(model)
    if rule is None or actor.is_system:
        return None
    if actor.user_id is None:
        return false()
    return rule(actor)


def _options_for(actor: Actor) -> Mapping[type, ScopeOption]:
    """The loader option of each model that the actor sees only in part; every request with these
    rights is served by the same expressions.

    Building them costs more than the statement itself, and a rule reads nothing but who acts,
    in which roles and units, with which grants.
    """
    key = (actor.user_id, actor.roles, actor.grants, actor.unit_id, actor.unit_ids)
    if key not in _options:
        if len(_options) >= MOST_KEPT:
            _options.clear()
        conditions = ((model, criteria_for(model, actor)) for model in _rules)
        _options[key] = {
            model: ScopeOption(model, condition)
            for model, condition in conditions
            if condition is not None
        }
    return _options[key]


def sees_all(model: type, actor: Actor) -> bool:
    """Whether no rule keeps rows of `model` from `actor`."""
    return actor.is_system or model not in _options_for(actor)


def _add_criteria(state: ORMExecuteState) -> None:
    # A refresh of columns concerns a row that was already found in scope.
    if state.is_column_load or not (state.is_select or state.is_update or state.is_delete):
        return
    actor = current_actor()
    if actor.is_system:
        return
    options = _options_for(actor)
    if options:
        state.statement = state.statement.options(*options.values())


# `event.contains` goes by id(), which a new factory may inherit from one that is gone.
_LISTENED: WeakSet[Any] = WeakSet()


def install(session_factory: Any = Session) -> None:
    """Listen on every session made by `session_factory`."""
    if session_factory not in _LISTENED:
        _LISTENED.add(session_factory)
        event.listen(session_factory, "do_orm_execute", _add_criteria)
