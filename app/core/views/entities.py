"""Telling a record of any room by its class name and key: words, link and a filter for both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, and_, false, or_, select
from werkzeug.datastructures import MultiDict

from app.core.acting import current_actor
from app.core.rooms import lookup_source, rooms
from app.core.search import matches
from app.core.text import fold
from app.core.views import formats
from app.core.views.base import BackOfficeView
from app.core.views.filters import Filter, FilterError
from app.core.views.formats import Format, translated
from app.core.views.page import Cell, FilterControl

Args = MultiDict[str, str]
_MAX_ID = 2_147_483_647
#: Records of one class that a search over records of all classes finds.
_MOST_FOUND = 50


def view_of(entity: str) -> Any:
    """The registered screen of a class, by its name; None for a class without one."""
    views = current_app.extensions["appbuilder"].baseviews
    return next(
        (
            view
            for view in views
            if isinstance(view, BackOfficeView) and view.model.__name__ == entity
        ),
        None,
    )


def entity_label(entity: str) -> str:
    """What people call a class."""
    view = view_of(entity)
    return translated(view.label) if view is not None else entity


def record_cell(entity: str, pk: int | None) -> Cell:
    """A record as a link for whoever may read its class."""
    if not entity:
        return formats.EMPTY
    words = f"{entity_label(entity)} #{pk}" if pk else entity_label(entity)
    view = view_of(entity)
    if pk is None or view is None or not current_actor().may("read", view.resource):
        return Cell("text", words)
    return Cell("link", words, url=url_for(f"{view.endpoint}.show", pk=pk))


def record_format(type_name: str, key_name: str) -> Format:
    """A format for the column that holds the class name of a record."""

    def cell(value: Any, row: Any) -> Cell:
        return record_cell(getattr(row, type_name), getattr(row, key_name))

    return cell


@dataclass(frozen=True)
class Exact(Filter):
    """The column equals what was typed; `whole` reads it as a whole number."""

    whole: bool = False

    def _value(self, args: Args) -> Any:
        text = args.get(self.name, "").strip()
        if not text or not self.whole:
            return text.replace("\x00", "") or None
        if not text.isascii() or not text.isdigit() or int(text) > _MAX_ID:
            raise FilterError(_("Write a whole number."))
        return int(text)

    def apply(self, stmt: Select[Any], args: Args, session: Any) -> Select[Any]:
        """The statement narrowed to the value."""
        value = self._value(args)
        return stmt if value is None else stmt.where(self.column == value)

    def control(self, args: Args, session: Any, error: str = "") -> FilterControl:
        """A text field."""
        return FilterControl(
            self.name, translated(self.label), "text", value=args.get(self.name, ""), error=error
        )

    def chip(self, args: Args, session: Any) -> str:
        """What was typed."""
        return args.get(self.name, "").strip()


@dataclass(frozen=True)
class Entity(Exact):
    """A class picked by what people call it; the choices are the screens of the house."""

    def control(self, args: Args, session: Any, error: str = "") -> FilterControl:
        """A list of classes."""
        from app.core.text import sort_key
        from app.core.views.page import FilterOption

        views = current_app.extensions["appbuilder"].baseviews
        known = {
            v.model.__name__: translated(v.label) for v in views if isinstance(v, BackOfficeView)
        }
        picked = args.get(self.name, "")
        options = [
            FilterOption(name, label, name == picked)
            for name, label in sorted(known.items(), key=lambda pair: sort_key(pair[1]))
        ]
        return FilterControl(self.name, translated(self.label), "choice", options, error=error)

    def chip(self, args: Args, session: Any) -> str:
        """The word for the class."""
        value = args.get(self.name, "").strip()
        return entity_label(value) if value else ""


@dataclass(frozen=True)
class Records(Filter):
    """The search box of a list about records of many classes: rows about what Ctrl+K finds.

    The rooms find the records by their own indexes, in the actor's scope and at most fifty of each
    class; `column` holds the class and `key` the key, so that nothing of the list itself is read
    through. `person` is the column of who did it, found by name; `needs` is the class that most rows
    are about, without whose right the box finds nothing.
    """

    key: Any = None
    person: Any = None
    needs: str = ""

    def is_offered(self) -> bool:
        """Whether the actor may read what most rows are about."""
        return not self.needs or current_actor().may("read", self.needs)

    def apply(self, stmt: Select[Any], args: Args, session: Any) -> Select[Any]:
        """The statement narrowed to what was found."""
        query = args.get(self.name, "").strip()[:100]
        if not fold(query):
            return stmt
        actor = current_actor()
        found: dict[str, list[int]] = {}
        for source in (one for room in rooms() for one in room.searches):
            if actor.may("read", source.resource):
                for row in source.find(session, query, _MOST_FOUND):
                    found.setdefault(type(row).__name__, []).append(row.id)
        parts = [and_(self.column == name, self.key.in_(keys)) for name, keys in found.items()]
        staff = lookup_source("staff")
        if self.person is not None and staff is not None:
            model: Any = staff.model
            named = select(model.id).where(matches(model.search_text, query)).limit(_MOST_FOUND)
            parts.append(self.person.in_(list(session.scalars(named))))
        return stmt.where(or_(*parts) if parts else false())

    def control(self, args: Args, session: Any, error: str = "") -> FilterControl:
        """A text field."""
        return FilterControl(
            self.name, translated(self.label), "text", value=args.get(self.name, ""), error=error
        )

    def chip(self, args: Args, session: Any) -> str:
        """What was typed."""
        return args.get(self.name, "").strip()
