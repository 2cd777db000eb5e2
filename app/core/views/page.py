"""What a template is given: plain values, already translated, masked, formatted and linked.

Templates draw these and decide nothing. Texts may be lazy strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


# --- the shell (layout.html) ------------------------------------------------------------------
@dataclass(frozen=True)
class MenuPage:
    """One link below a room."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class MenuRoom:
    """One room, or a section of one, in the side menu; `gap` draws a line before it."""

    label: str
    icon: str
    url: str
    pages: Sequence[MenuPage] = ()
    open: bool = False
    count: int = 0
    count_title: str = ""
    gap: bool = False


@dataclass(frozen=True)
class Shell:
    """Everything around a page; `shell` in every template, None before signing in."""

    rooms: Sequence[MenuRoom]
    home_url: str
    home_current: bool
    user_name: str
    user_initials: str
    user_role: str
    profile_url: str
    unread: int
    notifications_url: str
    search_url: str
    palette_url: str
    language: str
    other_language: str
    other_language_name: str
    other_language_url: str
    theme: str
    shortcuts: bool
    version: str
    organisation: str


# --- cells and facts ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Cell:
    """One value on a page.

    kind: text | long | link | number | date | datetime | badge | due | masked | bool | code | empty
          | email | phone | lines | progress | two_line
    tone: bad | warn | soon | ok | info | wait | "" (badge); late | today | near | far | done (due)
    """

    kind: str
    text: str = ""
    url: str = ""
    tone: str = ""
    sub: str = ""
    title: str = ""
    value: Any = None


@dataclass(frozen=True)
class Fact:
    """A label with its value on a show page; `wide` spans both columns."""

    label: str
    cell: Cell
    help: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Crumb:
    """A step of the way to this page."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class Button:
    """Something to press: a link (`url`), or a POST (`post`) with an optional confirmation text.

    `confirm` says what will happen, in a full sentence; the dialog repeats the label as its button.
    `fields` are hidden inputs; `ask` names one text the dialog asks for (name, label, required).
    """

    label: str
    url: str = ""
    icon: str = ""
    post: bool = False
    primary: bool = False
    danger: bool = False
    key: str = ""
    confirm: str = ""
    fields: Sequence[tuple[str, str]] = ()
    ask: tuple[str, str, bool] | None = None
    name: str = ""


# --- list ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ListColumn:
    """A head of the table; `sorted` is "", ascending or descending; `css` e.g. c-num."""

    name: str
    label: str
    sort_url: str = ""
    sorted: str = ""
    css: str = ""
    primary: bool = False


@dataclass(frozen=True)
class ListRow:
    """A row: its cells in the order of the columns; `sub` is the second line on a phone."""

    pk: int
    label: str
    url: str
    cells: Sequence[Cell]
    sub: str = ""


@dataclass(frozen=True)
class ListTab:
    """A saved or built-in view above the list; count None: not counted."""

    label: str
    url: str
    current: bool = False
    count: str | None = None
    tone: str = ""


@dataclass(frozen=True)
class FilterOption:
    """A choice of a filter."""

    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True)
class FilterControl:
    """A filter of the list.

    kind: choice (checkboxes) | lookup (picker, `source` URL) | date_range | number_range | bool | text
    date_range and number_range use the arguments `name`_from and `name`_to.
    """

    name: str
    label: str
    kind: str
    options: Sequence[FilterOption] = ()
    value: str = ""
    value_to: str = ""
    source: str = ""
    value_label: str = ""
    error: str = ""


@dataclass(frozen=True)
class FilterChip:
    """A filter that is on, with the address that takes it off."""

    label: str
    text: str
    remove_url: str


@dataclass(frozen=True)
class Empty:
    """What an empty list says: what is empty, why it may be, what to do next."""

    title: str
    text: str = ""
    buttons: Sequence[Button] = ()


@dataclass(frozen=True)
class ListPage:
    """A list screen (general/model/list.html)."""

    title: str
    screen: str
    columns: Sequence[ListColumn]
    rows: Sequence[ListRow]
    total: str
    range_text: str
    as_of: str
    query: str
    search_label: str
    search_url: str
    hidden_args: Sequence[tuple[str, str]] = ()
    tabs: Sequence[ListTab] = ()
    filters: Sequence[FilterControl] = ()
    chips: Sequence[FilterChip] = ()
    clear_url: str = ""
    prev_url: str = ""
    next_url: str = ""
    first_url: str = ""
    jump_name: str = ""
    actions: Sequence[Button] = ()
    action_url: str = ""
    buttons: Sequence[Button] = ()
    exports: Sequence[Button] = ()
    empty: Empty | None = None
    save_view_url: str = ""
    manage_views_url: str = ""
    #: Words of the box that means every row of the filter; empty where that cannot be.
    pick_all: str = ""
    dense: bool = False
    intro: str = ""


# --- show ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FactGroup:
    """A card of facts."""

    title: str
    facts: Sequence[Fact]


@dataclass(frozen=True)
class RelatedList:
    """A tab with a list that belongs to the record."""

    key: str
    label: str
    columns: Sequence[ListColumn] = ()
    rows: Sequence[ListRow] = ()
    count: str = ""
    more_url: str = ""
    add_url: str = ""
    empty_text: str = ""


@dataclass(frozen=True)
class HistoryEntry:
    """One row of the audit trail as people read it."""

    at: str
    who: str
    what: str
    changes: Sequence[tuple[str, str, str]] = ()
    note: str = ""


@dataclass(frozen=True)
class FileEntry:
    """One attachment."""

    name: str
    url: str
    size: str
    state: str = ""
    locked: bool = False
    remove_url: str = ""


@dataclass(frozen=True)
class ShowPage:
    """A record (general/model/show.html)."""

    title: str
    pk: int
    crumbs: Sequence[Crumb]
    groups: Sequence[FactGroup]
    badges: Sequence[Cell] = ()
    buttons: Sequence[Button] = ()
    menu: Sequence[Button] = ()
    related: Sequence[RelatedList] = ()
    history: Sequence[HistoryEntry] | None = None
    files: Sequence[FileEntry] | None = None
    upload_url: str = ""
    prev_url: str = ""
    next_url: str = ""
    position: str = ""
    reveal_url: str = ""
    reveal_note: str = ""
    #: Places of cards that are fetched afterwards (app.core.views.cards.CardPlace).
    cards: Sequence[Any] = ()
    extra: dict[str, Any] = field(default_factory=dict)


# --- form -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class FormSection:
    """Fields under one heading; names refer to the WTForms form."""

    title: str
    fields: Sequence[str]
    intro: str = ""


@dataclass(frozen=True)
class FormPage:
    """Add and edit (general/model/add.html and edit.html); `form` is the WTForms form.

    Each field's `render_kw`/widget is ours: see forms.py for the attributes (data-lookup …).
    `wide` names fields that span both columns.
    """

    title: str
    crumbs: Sequence[Crumb]
    form: Any
    sections: Sequence[FormSection]
    action: str
    submit: str
    cancel_url: str
    wide: frozenset[str] = frozenset()
    #: What the main button says of itself to the server, and further buttons (name, words).
    submit_name: str = ""
    extra_submits: Sequence[tuple[str, str]] = ()
    errors: Sequence[tuple[str, str, str]] = ()
    version: int | None = None
    intro: str = ""
    multipart: bool = False


@dataclass(frozen=True)
class ConflictPage:
    """Two people changed one record: both versions, field by field (conflict.html)."""

    title: str
    crumbs: Sequence[Crumb]
    changed_by: str
    changed_at: str
    rows: Sequence[tuple[str, str, str, str, bool]]
    """(field name, label, theirs, yours, differs)."""
    action: str
    hidden: Sequence[tuple[str, str]]
    cancel_url: str


# --- charts --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ChartPanel:
    """One chart with its table: `source` answers the spec as JSON."""

    key: str
    title: str
    description: str
    source: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    as_of: str
    totals: Sequence[str] = ()
    note: str = ""
    exports: Sequence[Button] = ()


@dataclass(frozen=True)
class ChartPage:
    """Charts of one entity (general/charts/chart.html)."""

    title: str
    crumbs: Sequence[Crumb]
    panels: Sequence[ChartPanel]
    filters: Sequence[FilterControl] = ()
    chips: Sequence[FilterChip] = ()
    hidden_args: Sequence[tuple[str, str]] = ()
    action: str = ""
    buttons: Sequence[Button] = ()
    tabs: Sequence[ListTab] = ()
