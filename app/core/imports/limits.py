"""How large a table may be, and the sentences that refuse one; no reading here."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.rules import N_, RuleViolation, Violation
from app.core.text import format_number

_MIB = 1024 * 1024


@dataclass(frozen=True)
class ImportLimits:
    """The largest table that is read: bytes of the file, rows and columns of a sheet."""

    size: int = 64 * _MIB
    rows: int = 200_000
    columns: int = 300


DEFAULT_LIMITS = ImportLimits()


def refuse(field: str, message: str, **params: object) -> RuleViolation:
    """Return what is raised when a file cannot be imported."""
    return RuleViolation(Violation(field, message, params))


def too_many_rows(field: str, limits: ImportLimits) -> RuleViolation:
    """Say how many rows are taken at once."""
    return refuse(
        field,
        N_("The table has more than %(most)s rows; split it into several files."),
        most=format_number(limits.rows),
    )


def too_many_columns(field: str, limits: ImportLimits) -> RuleViolation:
    """Say how many columns are taken."""
    return refuse(
        field,
        N_("The table has more than %(most)s columns; delete those that are not needed."),
        most=format_number(limits.columns),
    )


def unreadable(field: str) -> RuleViolation:
    """Say that the file cannot be read as its ending promises."""
    return refuse(
        field,
        N_("The file is damaged or incomplete; open it, save it again and choose the new one."),
    )


def empty_table(field: str) -> RuleViolation:
    """Say that there is nothing to read."""
    return refuse(
        field, N_("The table is empty; it needs a line of headings and at least one row below.")
    )
