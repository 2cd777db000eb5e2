"""Filters of a list: each reads its URL arguments, narrows the statement and draws its control."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, or_, select, union
from werkzeug.datastructures import MultiDict

from app.core import clock, text
from app.core.rooms import lookup_source
from app.core.search import matches
from app.core.views import formats
from app.core.views.formats import language, translated
from app.core.views.page import FilterControl, FilterOption

Args = MultiDict[str, str]


class FilterError(ValueError):
    """An argument that cannot be read; its message is shown at the control."""


@dataclass(frozen=True)
class Filter(ABC):
    """The base of all filters; `name` is the URL argument, `column` what it narrows."""

    name: str
    label: Any
    column: Any = None

    @abstractmethod
    def apply(self, stmt: Select[Any], args: Args, session: Any) -> Select[Any]:
        """The statement narrowed by what `args` say; raises FilterError on nonsense."""

    @abstractmethod
    def control(self, args: Args, session: Any, error: str = "") -> FilterControl:
        """What the template draws."""

    def arguments(self) -> tuple[str, ...]:
        """URL arguments that belong to this filter."""
        return (self.name,)

    def is_offered(self) -> bool:
        """Whether it can find anything for the actor; a search box that cannot is left out."""
        return True

    @abstractmethod
    def chip(self, args: Args, session: Any) -> str:
        """The text of the chip while the filter is on; empty when it is off."""


@dataclass(frozen=True)
class Choice(Filter):
    """One or more values of a code (`labels`: code → msgid); `groups` name sets, e.g. open."""

    labels: Mapping[Any, str] | None = None
    groups: Mapping[str, tuple[str, frozenset[Any]]] | None = None

    def _picked(self, args: Args) -> list[str]:
        known = {str(getattr(k, "value", k)) for k in self.labels or {}} | set(self.groups or {})
        values = [v for v in args.getlist(self.name) if v]
        if any(v not in known for v in values):
            raise FilterError(_("Pick a value from the list."))
        return values

    def apply(self, stmt: Select[Any], args: Args, session: Any) -> Select[Any]:
        wanted: set[Any] = set()
        for value in self._picked(args):
            if self.groups and value in self.groups:
                wanted |= self.groups[value][1]
            else:
                wanted.add(
                    next(k for k in self.labels or {} if str(getattr(k, "value", k)) == value)
                )
        return stmt.where(self.column.in_(wanted)) if wanted else stmt

    def _options(self) -> list[tuple[str, str]]:
        options = [(name, translated(label)) for name, (label, _set) in (self.groups or {}).items()]
        return options + [
            (str(getattr(k, "value", k)), translated(label))
            for k, label in (self.labels or {}).items()
        ]

    def control(self, args: Args, session: Any, error: str = "") -> FilterControl:
        picked = set(args.getlist(self.name))
        options = [FilterOption(v, label, v in picked) for v, label in self._options()]
        return FilterControl(self.name, translated(self.label), "choice", options, error=error)

    def chip(self, args: Args, session: Any) -> str:
        picked = set(args.getlist(self.name))
        return ", ".join(label for value, label in self._options() if value in picked)


@dataclass(frozen=True)
class Pick(Filter):
    """A related record chosen with a picker; `source` names the lookup."""

    source: str = ""
    #: Narrows the column by other than equality, e.g. a unit with everything below it.
    condition: Callable[[Any, int], Any] | None = None

    def _id(self, args: Args) -> int | None:
        value = args.get(self.name, "")
        if value and not (value.isdigit() and len(value) < 10):
            raise FilterError(_("Pick a value from the list."))
        return int(value) if value else None

    def apply(self, stmt: Select[Any], args: Args, session: Any) -> Select[Any]:
        pk = self._id(args)
        if pk is None:
            return stmt
        return stmt.where(self.condition(session, pk) if self.condition else self.column == pk)

    def _label(self, args: Args, session: Any) -> str:
        source = lookup_source(self.source)
        value = args.get(self.name, "")
        if source is None or not value.isdigit():
            return ""
        record = session.get(source.model, int(value))
        return source.label(record) if record is not None else ""

    def control(self, args: Args, session: Any, error: str = "") -> FilterControl:
        return FilterControl(
            self.name,
            translated(self.label),
            "lookup",
            value=args.get(self.name, ""),
            source=url_for("LookupView.find", name=self.source),
            value_label=self._label(args, session) if args.get(self.name) else "",
            error=error,
        )

    def chip(self, args: Args, session: Any) -> str:
        return self._label(args, session) if args.get(self.name) else ""


@dataclass(frozen=True)
class Dates(Filter):
    """A range of days, both ends included; `instant` when the column holds moments."""

    instant: bool = False

    def arguments(self) -> tuple[str, ...]:
        return (f"{self.name}_from", f"{self.name}_to")

    def _day(self, value: str) -> dt.date | None:
        if not value.strip():
            return None
        day = text.parse_tr_date(value)
        if day is None:
            raise FilterError(_("Write the date as day.month.year, for example 31.12.2026."))
        return day

    def apply(self, stmt: Select[Any], args: Args, session: Any) -> Select[Any]:
        start, end = (self._day(args.get(a, "")) for a in self.arguments())
        if start is not None:
            stmt = stmt.where(self.column >= (self._moment(start) if self.instant else start))
        if end is not None:
            after = end + dt.timedelta(days=1)
            stmt = stmt.where(
                self.column < self._moment(after) if self.instant else self.column <= end
            )
        return stmt

    @staticmethod
    def _moment(day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(), clock.ISTANBUL)

    def control(self, args: Args, session: Any, error: str = "") -> FilterControl:
        first, last = self.arguments()
        return FilterControl(
            self.name,
            translated(self.label),
            "date_range",
            value=formats.typed_day(args.get(first, "")),
            value_to=formats.typed_day(args.get(last, "")),
            error=error,
        )

    def chip(self, args: Args, session: Any) -> str:
        start, end = (self._day(args.get(a, "")) for a in self.arguments())
        lang = language()
        if start and end:
            return f"{text.format_date(start, lang=lang)} – {text.format_date(end, lang=lang)}"
        if start:
            return _("%(day)s and later", day=text.format_date(start, lang=lang))
        return _("until %(day)s", day=text.format_date(end, lang=lang)) if end else ""


@dataclass(frozen=True)
class Numbers(Filter):
    """A range of numbers written the Turkish way, both ends included."""

    def arguments(self) -> tuple[str, ...]:
        return (f"{self.name}_from", f"{self.name}_to")

    def _number(self, value: str) -> Any:
        if not value.strip():
            return None
        number = text.parse_tr_number(value)
        if number is None:
            raise FilterError(_("Write a number, for example 1.234,5."))
        return number

    def apply(self, stmt: Select[Any], args: Args, session: Any) -> Select[Any]:
        low, high = (self._number(args.get(a, "")) for a in self.arguments())
        if low is not None:
            stmt = stmt.where(self.column >= low)
        return stmt if high is None else stmt.where(self.column <= high)

    def control(self, args: Args, session: Any, error: str = "") -> FilterControl:
        first, last = self.arguments()
        return FilterControl(
            self.name,
            translated(self.label),
            "number_range",
            value=args.get(first, ""),
            value_to=args.get(last, ""),
            error=error,
        )

    def chip(self, args: Args, session: Any) -> str:
        low, high = (args.get(a, "") for a in self.arguments())
        return f"{low}–{high}" if low or high else ""


@dataclass(frozen=True)
class Flag(Filter):
    """Yes or no."""

    def apply(self, stmt: Select[Any], args: Args, session: Any) -> Select[Any]:
        value = args.get(self.name, "")
        if value not in {"", "1", "0"}:
            raise FilterError(_("Pick a value from the list."))
        return stmt.where(self.column.is_(value == "1")) if value else stmt

    def control(self, args: Args, session: Any, error: str = "") -> FilterControl:
        value = args.get(self.name, "")
        options = [
            FilterOption("1", _("Yes"), value == "1"),
            FilterOption("0", _("No"), value == "0"),
        ]
        return FilterControl(self.name, translated(self.label), "bool", options, value, error=error)

    def chip(self, args: Args, session: Any) -> str:
        return {"1": _("Yes"), "0": _("No")}.get(args.get(self.name, ""), "")


@dataclass(frozen=True)
class Words(Filter):
    """Words in any of the folded columns: the search box of the list."""

    columns: Sequence[Any] = ()
    #: Extra conditions for a query, e.g. a number typed whole or a name in another table. A Select of
    #: ids among them means those rows too; the database reads each part by its own index.
    also: Callable[[Any, str], Sequence[Any]] | None = None

    def apply(self, stmt: Select[Any], args: Args, session: Any) -> Select[Any]:
        query = args.get(self.name, "").strip()[:200]
        if not text.fold(query):
            return stmt
        found: list[Any] = [matches(column, query) for column in self.columns]
        if self.also is not None:
            found += list(self.also(session, query))
        others = [part for part in found if isinstance(part, Select)]
        if not others:
            return stmt.where(or_(*found))
        key = self.columns[0].class_.id
        plain = [part for part in found if not isinstance(part, Select)]
        return stmt.where(key.in_(union(select(key).where(or_(*plain)), *others)))

    def control(self, args: Args, session: Any, error: str = "") -> FilterControl:
        return FilterControl(
            self.name, translated(self.label), "text", value=args.get(self.name, "")
        )

    def chip(self, args: Args, session: Any) -> str:
        return args.get(self.name, "").strip()
