"""Which column of a file becomes which field, kept as data; obeying it row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Values
from dataclasses import dataclass
from dataclasses import field as default
from enum import StrEnum
from typing import Any

from app.core.imports.convert import ConversionError, convert
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import clean, fold

VERSION = 1
_MOST_FIELDS = 500


class FieldKind(StrEnum):
    """What a field holds, and so how its text is read."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    PHONE = "phone"


@dataclass(frozen=True)
class TargetField:
    """A field that a room offers to importers.

    ``label`` and ``aliases`` are what columns of that meaning are called. ``choices`` maps codes to
    labels; a cell may hold either. ``max_length`` counts letters of texts.
    """

    name: str
    label: object
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    choices: Values[str, object] = default(default_factory=dict, hash=False)
    aliases: Sequence[str] = ()
    max_length: int | None = None


@dataclass(frozen=True)
class FieldMapping:
    """Where one field comes from: one column, several joined, or the same value for every row.

    ``values`` turns cell texts into codes or texts; letters and accents do not matter.
    ``date_format`` is a pattern of `strptime`; empty reads 31.12.2026, 31/12/2026 and 2026-12-31.
    ``constant`` also fills the field where all its columns are empty. The columns of an ``optional``
    field may be missing in a file, which then says nothing about it.
    """

    target: str
    columns: tuple[str, ...] = ()
    constant: str | None = None
    separator: str = " "
    values: Values[str, str] = default(default_factory=dict, hash=False)
    date_format: str = ""
    optional: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data."""
        return {
            "target": self.target,
            "columns": list(self.columns),
            "constant": self.constant,
            "separator": self.separator,
            "values": dict(self.values),
            "date_format": self.date_format,
            "optional": self.optional,
        }

    @classmethod
    def from_dict(cls, data: Any) -> FieldMapping:
        """Read what `to_dict` wrote; raises `RuleViolation` for anything else."""
        if not isinstance(data, dict):
            raise _malformed()
        columns, values = data.get("columns", []), data.get("values", {})
        constant = data.get("constant")
        texts = [data.get("target"), data.get("separator", " "), data.get("date_format", "")]
        if (
            not all(isinstance(text, str) for text in texts)
            or not texts[0]
            or not isinstance(columns, list)
            or not all(isinstance(column, str) for column in columns)
            or not isinstance(values, dict)
            or not all(isinstance(v, str) for pair in values.items() for v in pair)
            or not (constant is None or isinstance(constant, str))
        ):
            raise _malformed()
        optional = data.get("optional") is True
        return cls(texts[0], tuple(columns), constant, texts[1], dict(values), texts[2], optional)


@dataclass(frozen=True)
class Mapping:
    """All fields of one import; equal files of a source are read with the same one."""

    fields: tuple[FieldMapping, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-safe data, with the version of its form."""
        return {"version": VERSION, "fields": [one.to_dict() for one in self.fields]}

    @classmethod
    def from_dict(cls, data: Any) -> Mapping:
        """Read what `to_dict` wrote; raises `RuleViolation` for anything else."""
        if not isinstance(data, dict) or data.get("version") != VERSION:
            raise _malformed()
        fields = data.get("fields")
        if not isinstance(fields, list) or len(fields) > _MOST_FIELDS:
            raise _malformed()
        return cls(tuple(FieldMapping.from_dict(one) for one in fields))

    def columns(self) -> frozenset[str]:
        """Return the columns that are used."""
        return frozenset(column for one in self.fields for column in one.columns)

    def of(self, target: str) -> FieldMapping | None:
        """Return where a field comes from."""
        return next((one for one in self.fields if one.target == target), None)


def mapping_violations(
    mapping: Mapping, headers: Sequence[str], fields: Sequence[TargetField]
) -> Iterator[Violation]:
    """Say what is wrong with a mapping before any row is read, field by field."""
    known, seen = {field.name: field for field in fields}, set[str]()
    for one in mapping.fields:
        if one.target not in known:
            yield Violation(one.target, N_("There is no such field; take the line out."))
        elif one.target in seen:
            yield Violation(one.target, N_("The field is filled twice; keep one of the two lines."))
        seen.add(one.target)
        for column in one.columns:
            if column not in headers and not one.optional:
                yield Violation(
                    one.target,
                    N_("The file has no column “%(column)s”; choose another one."),
                    {"column": column},
                )
    for field in fields:
        source = mapping.of(field.name)
        if field.required and (source is None or not (source.columns or source.constant)):
            yield Violation(field.name, N_("Choose the column of this field; it is required."))


def apply_mapping(
    mapping: Mapping, row: Values[str, object], fields: Sequence[TargetField]
) -> tuple[dict[str, object], tuple[Violation, ...]]:
    """Return (values by field name, violations) of one row; fields without a source are left out.

    An empty cell gives None. A field with a violation is not among the values. Nothing is raised.
    """
    values: dict[str, object] = {}
    violations: list[Violation] = []
    for field in fields:
        source = mapping.of(field.name)
        if source is None:
            if field.required:
                violations.append(_missing(field))
            continue
        cell = _cell(source, row)
        if cell is None:
            if field.required:
                violations.append(_missing(field))
            else:
                values[field.name] = None
            continue
        try:
            values[field.name] = convert(
                cell, field.kind, field.choices, source.date_format, field.max_length
            )
        except ConversionError as error:
            violations.append(Violation(field.name, error.message, error.params))
    return values, tuple(violations)


def _cell(source: FieldMapping, row: Values[str, object]) -> object | None:
    """Return the value of a source in a row; a text has gone through the map of values."""
    cells = [row[c] for c in source.columns if row.get(c) is not None and row[c] != ""]
    if not cells:
        return source.constant or None
    value = cells[0] if len(cells) == 1 else source.separator.join(as_text(c) for c in cells)
    if source.values:
        folded = {fold(key): text for key, text in source.values.items()}
        value = folded.get(fold(as_text(value)), value)
    return value if value != "" else None


def as_text(value: object) -> str:
    """Return a cell as text: 5 for 5.0, so that numbers typed as numbers still match."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clean(str(value), multiline=True)


def _missing(field: TargetField) -> Violation:
    return Violation(field.name, N_("This field is empty; fill it in the file."))


def _malformed() -> RuleViolation:
    return RuleViolation(
        Violation("mapping", N_("The saved column mapping cannot be read; make a new one."))
    )
