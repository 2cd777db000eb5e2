"""What a room tells the house about itself: its manifest. No room is named here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.core.scope import ScopeRule

if TYPE_CHECKING:
    from app.core.reports.declare import Report


@dataclass(frozen=True)
class Page:
    """A link of the room in the side menu: a view, the method it opens and who may see it."""

    view: type
    label: Any
    method: str = "list"
    verb: str = "read"
    resource: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    #: Name of the section of the room that this page stands in; "" is the room itself.
    section: Any = ""


@dataclass(frozen=True)
class Section:
    """A part of a room that stands in the menu as an entry of its own, below the room's."""

    label: Any
    icon: str


@dataclass(frozen=True)
class Card:
    """A card that a room adds to the page of a record, fetched after the page has come.

    `draw(session, item, actor)` gives the template and what it draws, or None for no card at all;
    `shown(item, actor)` decides without a statement whether there is a place for it. `beside` puts
    it among the facts beside the work. The place of a card in the page is that of its room and its
    order there.
    """

    key: str
    label: Any
    draw: Callable[[Any, Any, Any], tuple[str, dict[str, Any]] | None]
    shown: Callable[[Any, Any], bool]
    beside: bool = False


@dataclass(frozen=True)
class Panel:
    """Something that a room sets beside the work of a screen below it, fetched after the page has come.

    `url` answers where its HTML is; `shown(actor)` decides without a statement whether it is there.
    """

    key: str
    label: Any
    url: Callable[[], str]
    shown: Callable[[Any], bool]


@dataclass(frozen=True)
class LookupSource:
    """Where a picker finds its rows.

    `model` is searched in `search_text` (folded); `label` and `sub` make the two lines of a choice;
    `condition` narrows the rows; `depends` maps a form field to the column it narrows by.
    """

    name: str
    model: type
    resource: str
    order: Sequence[str] = ("name",)
    label: Callable[[Any], str] = str
    sub: Callable[[Any], str] | None = None
    condition: Callable[[], Any] | None = None
    depends: Mapping[str, str] = field(default_factory=dict)
    options: Callable[[], Sequence[Any]] | None = None
    #: Finds rows another way than by `search_text`, e.g. a person by telephone: (session, query, limit).
    find: Callable[[Any, str, int], Sequence[Any]] | None = None


@dataclass(frozen=True)
class SearchSource:
    """What Ctrl+K finds in a room: `find(session, folded_query, limit)` → rows for `item`."""

    label: Any
    icon: str
    resource: str
    find: Callable[[Any, str, int], Sequence[Any]]
    item: Callable[[Any], tuple[str, str, str]]
    """row → (title, second line, URL)."""


@dataclass(frozen=True)
class JobHandler:
    """Work done by a worker: `run(session, job, progress)` → result dict; its queue and time."""

    kind: str
    run: Callable[[Any, Any, Callable[[int, str], None]], Mapping[str, Any]]
    timeout: int = 900


@dataclass(frozen=True)
class Room:
    """One part of the directorate's work and everything it adds to the house."""

    name: str
    label: Any
    icon: str
    pages: Sequence[Page] = ()
    #: In the order of the menu; a section without a page that the person may open is left out.
    sections: Sequence[Section] = ()
    hidden: Sequence[type] = ()
    apis: Sequence[type] = ()
    scopes: Mapping[type, ScopeRule] = field(default_factory=dict)
    lookups: Sequence[LookupSource] = ()
    searches: Sequence[SearchSource] = ()
    jobs: Sequence[JobHandler] = ()
    #: What waits in the room, for the menu: a scalar subquery and the words for it.
    count: Callable[[], tuple[Any, str]] | None = None
    gap: bool = False
    #: Home page blocks for roles: role name → callable(session, actor) → template, context.
    homes: Mapping[str, Callable[[Any, Any], tuple[str, dict[str, Any]]]] = field(
        default_factory=dict
    )
    #: Owner classes of attachments that live in this room: name → model.
    owners: Mapping[str, type] = field(default_factory=dict)
    #: Classes of this room with a row scope that messages and reminders are about, by name.
    subjects: frozenset[str] = frozenset()
    #: Reports the room offers; see app.core.reports.
    reports: Sequence[Report] = ()
    #: Rows whose every view is noted: model → name of the flag of such a row; see app.core.seen.
    watched: Mapping[type, str] = field(default_factory=dict)
    #: Cards on the page of a record: class name → cards. A room may add to records below it.
    cards: Mapping[str, Sequence[Card]] = field(default_factory=dict)
    #: What codes mean that the room writes into tables of rooms below it: "Reminder.kind" → code → words.
    words: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: Panels beside a screen that has places for them, by its name: "intake".
    panels: Mapping[str, Sequence[Panel]] = field(default_factory=dict)


_rooms: list[Room] = []


def furnish(rooms: Sequence[Room]) -> None:
    """Set the rooms of the house, in menu order; called once by the face `app.views`."""
    _rooms[:] = rooms


def rooms() -> Sequence[Room]:
    """The rooms in menu order."""
    return tuple(_rooms)


def lookup_source(name: str) -> LookupSource | None:
    """The picker of that name, from whichever room declares it."""
    return next((s for room in _rooms for s in room.lookups if s.name == name), None)


def cards_of(entity: str) -> Sequence[Card]:
    """Every card of every room for the page of a record of this class."""
    return tuple(card for room in _rooms for card in room.cards.get(entity, ()))


def panels_of(screen: str, actor: Any) -> Sequence[Panel]:
    """The panels that rooms set beside a screen, as far as the actor is meant."""
    every = (panel for room in _rooms for panel in room.panels.get(screen, ()))
    return tuple(panel for panel in every if panel.shown(actor))


class Words(Mapping[str, Any]):
    """What all rooms say about the codes of a column, such as "Reminder.kind"; asked when it is read."""

    def __init__(self, column: str) -> None:
        self.column = column

    def _said(self) -> dict[str, Any]:
        return {k: v for room in _rooms for k, v in room.words.get(self.column, {}).items()}

    def __getitem__(self, code: str) -> Any:
        return self._said()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._said())

    def __len__(self) -> int:
        return len(self._said())


def owner_model(name: str) -> type | None:
    """The model behind an attachment's `owner_type`."""
    return next((room.owners[name] for room in _rooms if name in room.owners), None)
