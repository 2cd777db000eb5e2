"""How a pure rule says that something is wrong; no rule of any room lives here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from itertools import chain


def N_(message: str) -> str:  # noqa: N802  # The name pybabel looks for, as in gettext's own tools.
    """Mark a text for translation and return it unchanged; the edge translates it later."""
    return message


@dataclass(frozen=True)
class Violation:
    """One broken rule: the field, an English msgid with %(name)s places, and what fills them.

    `field` is empty when the whole record is meant.
    """

    field: str
    message: str
    params: Mapping[str, object] = attribute(default_factory=dict, hash=False)

    def __str__(self) -> str:
        """Return the English text, for logs and tests; people see the translation."""
        return self.message % self.params if self.params else self.message


class RuleViolation(Exception):  # noqa: N818  # Named by what it is: no fault of the program.
    """Raised by a service when rules are broken; carries all of them, not only the first."""

    def __init__(self, *violations: Violation | Iterable[Violation]) -> None:
        """Accept violations one by one, or any iterables of them."""
        self.violations: tuple[Violation, ...] = tuple(
            chain.from_iterable([v] if isinstance(v, Violation) else v for v in violations)
        )
        super().__init__(*self.violations)

    def __str__(self) -> str:
        return "; ".join(f"{v.field}: {v}" if v.field else str(v) for v in self.violations)


class ConflictError(Exception):
    """Raised when somebody else changed the record first; carries the version it has now."""

    def __init__(self, message: str, current_version: int | None = None) -> None:
        super().__init__(message, current_version)
        self.message = message
        self.current_version = current_version

    def __str__(self) -> str:
        return self.message


def collect(*iterables: Iterable[Violation]) -> tuple[Violation, ...]:
    """Run several rules and return every violation in their order; empty when all are kept."""
    return tuple(chain.from_iterable(iterables))
