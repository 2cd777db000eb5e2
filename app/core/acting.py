"""Who acts: one value for requests, tasks and commands, read by scope, audit and services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

Grants = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Mandate:
    """A deputyship that runs today: whose rights the actor has besides the own ones, and until when.

    `grants` and `unit_ids` are what the deputyship hands over, not all that the principal has.
    """

    principal_id: int
    name: str
    title: str = ""
    until: dt.date = dt.date.max
    roles: frozenset[str] = frozenset()
    grants: Grants = frozenset()
    unit_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Actor:
    """The person or the program on whose behalf something happens.

    `grants` holds (verb, resource) pairs such as ("can_read", "Application"); `unit_ids` is the
    actor's unit with everything below it. Somebody who stands in for others has their roles, grants
    and units as well; `own` is the same actor without them.
    """

    user_id: int | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    grants: frozenset[tuple[str, str]] = frozenset()
    unit_id: int | None = None
    unit_ids: frozenset[int] = frozenset()
    address: str = ""
    request_id: str = ""
    is_system: bool = False
    #: Record keys ("Citizen:17") whose identity this actor has revealed a moment ago.
    revealed: frozenset[str] = field(default_factory=frozenset)
    #: Deputyships that run today, and the actor without them; both empty for everybody else.
    mandates: tuple[Mandate, ...] = ()
    alone: Actor | None = None

    def may(self, verb: str, resource: str) -> bool:
        """Whether the actor holds `verb` (without the can_ prefix) on `resource`."""
        return self.is_system or (f"can_{verb}", resource) in self.grants

    @property
    def own(self) -> Actor:
        """The actor with nothing but the own rights."""
        return self.alone or self

    def standing_in(self, mandates: Iterable[Mandate]) -> Actor:
        """The same actor with the rights that running deputyships hand over."""
        given = tuple(mandates)
        if not given:
            return self
        return replace(
            self,
            roles=self.roles.union(*(m.roles for m in given)),
            grants=self.grants.union(*(m.grants for m in given)),
            unit_ids=self.unit_ids.union(*(m.unit_ids for m in given)),
            mandates=given,
            alone=self,
        )

    def mandate_for(
        self, verbs: Iterable[str], resource: str, *, unit_id: int | None = None
    ) -> Mandate | None:
        """The deputyship that an act rests on; None when the own rights are enough.

        With `unit_id` the act concerns a unit, and the unit must be the actor's own as well.
        """
        wanted = tuple(verbs)
        here = unit_id is None or unit_id in self.own.unit_ids
        if not self.mandates or (here and any(self.own.may(v, resource) for v in wanted)):
            return None
        return next(
            (
                m
                for m in self.mandates
                if any((f"can_{v}", resource) in m.grants for v in wanted)
                and (unit_id is None or unit_id in m.unit_ids)
            ),
            None,
        )


ANONYMOUS = Actor()
SYSTEM = Actor(name="system", is_system=True)

_actor: ContextVar[Actor] = ContextVar("actor", default=ANONYMOUS)
#: The deputyship on which what is being done rests; the audit trail tells it.
_mandate: ContextVar[Mandate | None] = ContextVar("mandate", default=None)


def current_actor() -> Actor:
    """The acting user; ANONYMOUS where nobody has been named, and that sees no scoped row."""
    return _actor.get()


def set_actor(actor: Actor) -> None:
    """Name the actor for the rest of this request; use `acting_as` everywhere else."""
    _actor.set(actor)
    _mandate.set(None)


def note_mandate(mandate: Mandate | None) -> None:
    """Note that what this actor does now is done for somebody else; None changes nothing."""
    if mandate is not None:
        _mandate.set(mandate)


def noted_mandate() -> Mandate | None:
    """For whom the present act is done, when the own rights were not enough for it."""
    return _mandate.get()


@contextmanager
def acting_as(actor: Actor) -> Iterator[Actor]:
    """Act as somebody inside the block: tasks and commands act as SYSTEM."""
    token, before = _actor.set(actor), _mandate.set(None)
    try:
        yield actor
    finally:
        _actor.reset(token)
        _mandate.reset(before)
