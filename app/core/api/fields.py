"""What JSON may say for a column and how a column is told in JSON; one field per declared name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum as PythonEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Enum,
    Float,
    Integer,
    Numeric,
    String,
    Text,
    inspect,
)
from sqlalchemy.orm import Mapper

from app.core import clock
from app.core.api.wording import put_into_words
from app.core.identifiers import is_email, parse_phone
from app.core.models import Instant
from app.core.views.forms import clean_lines, clean_value

#: What an INTEGER column holds on PostgreSQL.
MAX_INTEGER = 2_147_483_647
_LONGEST_TEXT = 20_000
_PHONES = frozenset({"phone", "phone2", "contact_phone", "mukhtar_phone"})
_EMAILS = frozenset({"email", "contact_email", "kep"})


def check_text(value: str) -> str:
    """Refuse what no database can keep: NUL, and halves of a character."""
    if "\x00" in value or any("\ud800" <= char <= "\udfff" for char in value):
        raise ValidationError(_("The text holds characters that cannot be kept."))
    return value


class CleanText(fields.String):
    """A text in normal form; a text of one line loses its line ends."""

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lines = lines

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = check_text(super()._deserialize(value, attr, data, **kwargs))
        return str(clean_lines(text) if self.lines else clean_value(text))


class Phone(CleanText):
    """A telephone in any writing, kept as E.164."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        number = parse_phone(text) if text else ""
        if number is None:
            raise ValidationError(
                _("Write the number with its area code, for example 0532 123 45 67.")
            )
        return number


class MailAddress(CleanText):
    """An e-mail address, or nothing."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not is_email(text):
            raise ValidationError(_("Write an e-mail address, for example ad.soyad@ornek.com."))
        return text


_REQUIRED = {
    "required": _l("This field cannot be empty."),
    "null": _l("This field cannot be empty."),
}


def field_of(column: Column[Any]) -> fields.Field:
    """The field that reads a column from JSON."""
    has_default = column.default is not None or column.server_default is not None
    required = not column.nullable and not has_default
    common: dict[str, Any] = {
        "required": required,
        "allow_none": column.nullable,
        "error_messages": _REQUIRED,
    }
    kind = column.type
    if isinstance(kind, Boolean):
        return fields.Boolean(**common)
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return fields.Enum(kind.enum_class, by_value=True, **common)
    if isinstance(kind, Instant):
        return fields.AwareDateTime(format="iso", default_timezone=clock.ISTANBUL, **common)
    if isinstance(kind, Date):
        return fields.Date(format="iso", **common)
    if isinstance(kind, Integer):
        bounds = validate.Range(1 if column.foreign_keys else -MAX_INTEGER, MAX_INTEGER)
        return fields.Integer(strict=True, validate=bounds, **common)
    if isinstance(kind, Float):
        return fields.Float(**common)
    if isinstance(kind, Numeric):
        return fields.Decimal(**common)
    if isinstance(kind, JSON):
        return fields.Dict(keys=fields.String(), **common)
    if isinstance(kind, String):
        return _text_field(column, kind, required, common)
    raise TypeError(f"no field for {column} of type {kind!r}")


def _text_field(
    column: Column[Any], kind: String, required: bool, common: dict[str, Any]
) -> fields.Field:
    length = validate.Length(1 if required else 0, kind.length or _LONGEST_TEXT)
    if column.key in _PHONES:
        return Phone(validate=length, **common)
    if column.key in _EMAILS:
        return MailAddress(validate=length, **common)
    return CleanText(lines=isinstance(kind, Text), validate=length, **common)


def written_columns(model: type, names: Iterable[str]) -> dict[str, Column[Any]]:
    """JSON name → column of what may be written; a relation is written by its key."""
    mapper: Mapper[Any] = inspect(model)
    found: dict[str, Column[Any]] = {}
    for name in names:
        if name in mapper.relationships and not mapper.relationships[name].uselist:
            column: Any = next(iter(mapper.relationships[name].local_columns))
            found[mapper.get_property_by_column(column).key] = column
        elif name in mapper.columns:
            found[name] = mapper.columns[name]
        else:
            raise TypeError(f"{model.__name__}.{name} cannot be written")
    return found


def write_schema(
    name: str,
    model: type,
    names: Iterable[str],
    extra: Mapping[str, fields.Field],
    *,
    version: bool,
) -> Schema:
    """The schema of a POST or PUT; anything that is not declared is refused by name."""
    declared: dict[str, Any] = {
        key: field_of(c) for key, c in written_columns(model, names).items()
    }
    declared.update(extra)
    if version:
        declared["version"] = fields.Integer(
            strict=True,
            required=True,
            validate=validate.Range(1, MAX_INTEGER),
            error_messages={"required": _l("Send the version you have read.")},
        )
    schema: Schema = Schema.from_dict(declared, name=name)()
    return put_into_words(schema)


def read_schema(name: str, model: type, names: Iterable[str]) -> Schema:
    """The schema of an answer, for the description of the API."""
    mapper: Mapper[Any] = inspect(model)
    declared: dict[str, Any] = {"id": fields.Integer()}
    for column_name in names:
        declared[column_name] = _told(mapper, column_name)
    if "version" in mapper.columns:
        declared["version"] = fields.Integer()
    schema: Schema = Schema.from_dict(declared, name=name)()
    return schema


def _told(mapper: Mapper[Any], name: str) -> fields.Field:
    if name in mapper.relationships:
        link = Schema.from_dict({"id": fields.Integer(), "label": fields.String()}, name="Link")
        return fields.Nested(link, allow_none=True)
    kind = mapper.columns[name].type if name in mapper.columns else None
    if isinstance(kind, Boolean):
        return fields.Boolean(allow_none=True)
    if isinstance(kind, Integer):
        return fields.Integer(allow_none=True)
    if isinstance(kind, Float):
        return fields.Float(allow_none=True)
    if kind is None or isinstance(kind, JSON):
        return fields.Raw(allow_none=True)
    return fields.String(allow_none=True)


def told(value: Any) -> Any:
    """A value as JSON tells it: ISO dates with their zone, codes, decimals as text."""
    if isinstance(value, PythonEnum):
        return value.value
    if isinstance(value, dt.datetime):
        return clock.to_local(value).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list | tuple):
        return [told(v) for v in value]
    if value is None or isinstance(value, bool | int | float | str | dict):
        return value
    return str(value)
