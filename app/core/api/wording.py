"""What is wrong with a field of JSON, in the reader's language; what a field accepts is in `fields`.

Marshmallow's own sentences are English, so every message of a schema is replaced by one of ours.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, validate

_EMPTY = _l("This field cannot be empty.")
_USELESS = _l("This value cannot be used.")
_ANY = {"required": _EMPTY, "null": _EMPTY, "validator_failed": _USELESS, "invalid": _USELESS}
_NUMBER = {
    "invalid": _l("Write a number."),
    "too_large": _l("The number is too large."),
    "special": _l("Write a number."),
}
#: Kinds of fields and their messages, the narrower before the wider.
_KINDS: tuple[tuple[type, dict[str, Any]], ...] = (
    (
        fields.String,
        {
            "invalid": _l("Write a text in quotation marks."),
            "invalid_utf8": _l("The text holds characters that cannot be kept."),
        },
    ),
    (fields.Boolean, {"invalid": _l("Write true or false.")}),
    (fields.Integer, {**_NUMBER, "invalid": _l("Write a whole number.")}),
    (fields.Number, _NUMBER),
    (fields.Date, {"invalid": _l("Write the day as year-month-day, for example 2026-12-31.")}),
    (
        fields.DateTime,
        {"invalid": _l("Write date and time, for example 2026-12-31T14:05:00+03:00.")},
    ),
    (fields.Mapping, {"invalid": _l("Write a JSON object.")}),
    (fields.List, {"invalid": _l("Write a JSON list.")}),
)


def put_into_words(schema: Schema) -> Schema:
    """Give a schema, its fields and their checks our messages; those of a field's own stay."""
    schema.error_messages = {
        **schema.error_messages,
        "unknown": _l("There is no such field here, or it cannot be written."),
        "type": _l("The request holds no JSON object."),
    }
    for field in schema.fields.values():
        _word(field)
    return schema


def _word(field: Any) -> None:
    """One field and the fields within it."""
    known = next((words for kind, words in _KINDS if isinstance(field, kind)), {})
    ours = {**_ANY, **known}
    if isinstance(field, fields.Enum):
        ours["unknown"] = _l("Must be one of: %(choices)s.", choices=field.choices_text)
    standard = _standard_messages(type(field))
    # A field's own sentence knows more than ours; compared as objects, for lazy texts have no words yet.
    own = {key: text for key, text in field.error_messages.items() if text is not standard.get(key)}
    field.error_messages = {**field.error_messages, **ours, **own}
    for check in field.validators:
        _word_check(check)
    for inner in ("inner", "key_field", "value_field"):
        if (within := getattr(field, inner, None)) is not None:
            _word(within)


def _standard_messages(kind: type) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        found.update(getattr(base, "default_error_messages", {}))
    return found


def _word_check(check: Any) -> None:
    """The sentence of one check, with its bounds; a check with a sentence of its own keeps it."""
    if isinstance(check, validate.Length) and check.error is None:
        check.error = _length(check)
    elif isinstance(check, validate.Range) and check.error is None:
        check.error = _range(check)
    elif isinstance(check, validate.OneOf) and check.error == validate.OneOf.default_message:
        check.error = _l("Must be one of: %(choices)s.", choices=check.choices_text)


def _length(check: validate.Length) -> Any:
    least, most = check.min, check.max
    if check.equal is not None:
        return _l("Must have exactly %(n)s characters.", n=check.equal)
    if least == 1 and most is not None:
        return _l("Cannot be empty; at most %(most)s characters.", most=most)
    if not least:
        return _l("At most %(most)s characters.", most=most)
    if most is None:
        return _l("At least %(least)s characters.", least=least)
    return _l("From %(least)s to %(most)s characters.", least=least, most=most)


def _range(check: validate.Range) -> Any:
    least, most = check.min, check.max
    if most is None:
        return _l("Must be at least %(least)s.", least=least)
    if least is None:
        return _l("Must be at most %(most)s.", most=most)
    return _l("Must lie between %(least)s and %(most)s.", least=least, most=most)
