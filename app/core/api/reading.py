"""The arguments of a list: rison or JSON, checked before anything of them reaches the database."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import prison
from flask_babel import gettext as _
from marshmallow import ValidationError
from sqlalchemy import Boolean, Date, Enum, Float, Integer, Numeric, Select, inspect
from sqlalchemy.orm import Mapper

from app.core import clock
from app.core.api.fields import MAX_INTEGER, check_text
from app.core.models import Instant
from app.core.search import matches

PAGE_SIZE, MAX_PAGE_SIZE = 25, 250
#: Beyond this many rows a client narrows its question; OFFSET reads all that it skips.
_MAX_SKIPPED = 1_000_000

_SCALAR = {"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "boolean"}]}
OPERATORS = ("eq", "neq", "gt", "gte", "lt", "lte", "in", "null", "q")
LIST_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "columns": {"type": "array", "items": {"type": "string"}, "maxItems": 100},
        "order_column": {"type": "string"},
        "order_direction": {"type": "string", "enum": ["asc", "desc"]},
        "page": {"type": "integer", "minimum": 0, "maximum": MAX_INTEGER},
        "page_size": {"type": "integer", "minimum": 1, "maximum": MAX_INTEGER},
        "filters": {
            "type": "array",
            "maxItems": 30,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "col": {"type": "string"},
                    "opr": {"type": "string", "enum": list(OPERATORS)},
                    "value": {
                        "anyOf": [
                            *_SCALAR["anyOf"],
                            {"type": "array", "items": _SCALAR, "maxItems": 500},
                        ]
                    },
                },
                "required": ["col", "opr", "value"],
            },
        },
    },
}


class BadArgumentError(ValueError):
    """An argument that cannot be used; its message goes to the client with status 400."""


@dataclass(frozen=True)
class ListArguments:
    """What a client asked of a list."""

    columns: Sequence[str]
    order_column: str
    descending: bool
    page: int
    page_size: int
    filters: Sequence[Mapping[str, Any]]


def parse_arguments(text: str) -> Mapping[str, Any]:
    """Read rison or JSON; BadArgumentError for anything else and for unknown keys."""
    if not text:
        return {}
    try:
        found = prison.loads(text)
    except Exception:  # The parser of rison raises whatever Python raises at odd input.
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise BadArgumentError(_("The argument q is neither rison nor JSON.")) from None
    try:
        jsonschema.validate(found, LIST_SCHEMA)
    except jsonschema.ValidationError as error:
        place = ".".join(str(p) for p in error.absolute_path) or "q"
        raise BadArgumentError(_("The argument q cannot be used: %(place)s", place=place)) from None
    except (RecursionError, TypeError, ValueError):
        raise BadArgumentError(_("The argument q cannot be used: %(place)s", place="q")) from None
    result: Mapping[str, Any] = found
    return result


def read_list_arguments(
    text: str,
    *,
    columns: Sequence[str],
    order_columns: Sequence[str],
    base_order: tuple[str, str],
    max_page_size: int = MAX_PAGE_SIZE,
) -> ListArguments:
    """The arguments of a list, with every name checked against what is declared."""
    found = parse_arguments(text)
    wanted = found.get("columns") or columns
    if unknown := [name for name in wanted if name not in columns]:
        raise BadArgumentError(_("There is no column %(name)s.", name=unknown[0]))
    order, direction = base_order
    if "order_column" in found:
        order, direction = found["order_column"], found.get("order_direction", "asc")
        if order not in order_columns:
            raise BadArgumentError(_("The list cannot be sorted by %(name)s.", name=order))
    page = int(found.get("page", 0))
    size = min(int(found.get("page_size", PAGE_SIZE)), max_page_size)
    if page * size > _MAX_SKIPPED:
        raise BadArgumentError(_("The page lies too deep; narrow the list with filters."))
    return ListArguments(wanted, order, direction == "desc", page, size, found.get("filters", ()))


def apply_filters(
    stmt: Select[Any],
    model: Any,
    filters: Sequence[Mapping[str, Any]],
    search_columns: Sequence[str],
) -> Select[Any]:
    """Narrow a statement; all conditions hold together."""
    mapper: Mapper[Any] = inspect(model)
    for one in filters:
        name, operator, value = one["col"], one["opr"], one["value"]
        if operator == "q":
            stmt = _words(stmt, model, value)
            continue
        if name in mapper.relationships and not mapper.relationships[name].uselist:
            local = next(iter(mapper.relationships[name].local_columns))
            key = mapper.get_property_by_column(local).key
        else:
            key = name
        if name not in search_columns and key not in search_columns:
            raise BadArgumentError(_("The list cannot be filtered by %(name)s.", name=name))
        if key not in mapper.columns:
            raise BadArgumentError(_("The list cannot be filtered by %(name)s.", name=name))
        stmt = stmt.where(
            _condition(getattr(model, key), mapper.columns[key], operator, value, name)
        )
    return stmt


def _words(stmt: Select[Any], model: Any, value: Any) -> Select[Any]:
    if not hasattr(model, "search_text"):
        raise BadArgumentError(_("This list has no word search."))
    try:
        words = check_text(str(value))[:200]
    except ValidationError:
        raise BadArgumentError(_("The value of a filter cannot be read.")) from None
    return stmt.where(matches(model.search_text, words))


def _condition(attribute: Any, column: Any, operator: str, value: Any, name: str) -> Any:
    if operator == "null":
        if not isinstance(value, bool):
            raise _unreadable(name)
        return attribute.is_(None) if value else attribute.is_not(None)
    if operator == "in":
        values = value if isinstance(value, list) else [value]
        return attribute.in_([_typed(column, v, name) for v in values])
    if isinstance(value, list):
        raise _unreadable(name)
    typed = _typed(column, value, name)
    if operator in {"gt", "gte", "lt", "lte"} and isinstance(column.type, Boolean | Enum):
        raise _unreadable(name)
    acts = {
        "eq": attribute.__eq__,
        "neq": attribute.is_distinct_from,
        "gt": attribute.__gt__,
        "gte": attribute.__ge__,
        "lt": attribute.__lt__,
        "lte": attribute.__le__,
    }
    return acts[operator](typed)


def _unreadable(name: str) -> BadArgumentError:
    return BadArgumentError(_("The value for %(name)s cannot be read.", name=name))


def _typed(column: Any, value: Any, name: str) -> Any:
    """A value as the column keeps it; rison reads 004 as a number, so texts are made texts again."""
    kind = column.type
    try:
        if isinstance(kind, Boolean):
            return _as_boolean(value)
        if isinstance(kind, Enum) and kind.enum_class is not None:
            return kind.enum_class(value)
        if isinstance(kind, Instant):
            moment = dt.datetime.fromisoformat(str(value))
            return moment if moment.tzinfo else moment.replace(tzinfo=clock.ISTANBUL)
        if isinstance(kind, Date):
            return dt.date.fromisoformat(str(value))
        if isinstance(kind, Integer):
            return _as_integer(value)
        if isinstance(kind, Float | Numeric):
            return _as_number(value)
        return check_text(str(value))
    except (ValueError, TypeError, OverflowError, ValidationError):
        raise _unreadable(name) from None


def _as_boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _as_integer(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise TypeError
    number = int(value)
    if abs(number) > MAX_INTEGER:
        raise ValueError
    return number


def _as_number(value: Any) -> float:
    number = float(value)
    if isinstance(value, bool) or number != number or number in (float("inf"), float("-inf")):
        raise ValueError
    return number
