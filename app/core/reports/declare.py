"""What a room says about a report: its parameters, its title, how its document is built."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from app.core.rules import N_, RuleViolation, Violation, collect

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.core.documents import ReportDocument

#: Texts are English msgids or lazy strings; the edge translates them.
Text = Any
Values = Mapping[str, Any]

NOT_IN_LIST = N_("Pick a value from the list.")
NOT_WHOLE = N_("Write a whole number.")
OUT_OF_RANGE = N_("Write a number from %(low)s to %(high)s.")
MISSING = N_("This field cannot be empty.")
UNKNOWN_PARAMETER = N_("This report has no parameter “%(name)s”. It has: %(known)s.")


class ParameterKind(StrEnum):
    """What is typed into a parameter."""

    CHOICE = "choice"
    NUMBER = "number"
    RECORD = "record"


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One thing the reader chooses before a report is made.

    `choices` maps codes to labels; `low` and `high` bound a number; `lookup` names the picker of a
    record, whose id is the value. `default` answers what stands in an empty form.
    """

    name: str
    label: Text
    kind: ParameterKind
    required: bool = True
    help: Text = ""
    choices: Mapping[str, Text] | None = None
    low: int = 0
    high: int = 0
    lookup: str = ""
    default: Callable[[dt.date], Any] | None = None

    def read(self, text: Any) -> Any:
        """The value behind what was typed, None for nothing; raises RuleViolation at its own name."""
        written = "" if text is None else str(text).strip()
        if not written:
            if self.required:
                raise RuleViolation(Violation(self.name, MISSING))
            return None
        if self.kind is ParameterKind.CHOICE:
            if written not in (self.choices or {}):
                raise RuleViolation(Violation(self.name, NOT_IN_LIST))
            return written
        if not (written.isascii() and written.isdigit() and len(written) < 10):
            message = NOT_WHOLE if self.kind is ParameterKind.NUMBER else NOT_IN_LIST
            raise RuleViolation(Violation(self.name, message))
        number = int(written)
        if self.kind is ParameterKind.NUMBER and not self.low <= number <= self.high:
            raise RuleViolation(
                Violation(self.name, OUT_OF_RANGE, {"low": self.low, "high": self.high})
            )
        return number


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report as a declaration.

    `build(session, values)` reads and answers the document; `values` are the parameters, with
    `as_of` (the moment whose data it shows), `lang` and `full` (False when the reader may not see
    restricted rows). `title_of(values, lang)` names a run. `settle(values, today)` completes what was
    left open, e.g. the last finished month, and raises RuleViolation when values contradict each
    other; what it answers is kept with the run, so that a run can be repeated later.
    """

    key: str
    title: Text
    description: Text
    parameters: Sequence[Parameter]
    build: Callable[[Session, Values], ReportDocument]
    title_of: Callable[[Values, str], str]
    settle: Callable[[Values, dt.date], dict[str, Any]] | None = None
    group: Text = ""
    #: Who may read this resource may order the report.
    resource: str = ""

    def defaults(self, today: dt.date) -> dict[str, Any]:
        """What stands in an empty form."""
        return {p.name: p.default(today) for p in self.parameters if p.default is not None}


def read_parameters(report: Report, given: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    """Read everything typed for a report; raises RuleViolation with every violation at once.

    What is required and not given takes its default; a name that the report does not know is a violation too, so
    that a slip on the command line does not quietly make another report.
    """
    values: dict[str, Any] = {}
    known = {parameter.name for parameter in report.parameters}

    def read() -> Iterator[Violation]:
        for name in given:
            if name not in known:
                yield Violation(
                    "", UNKNOWN_PARAMETER, {"name": name, "known": ", ".join(sorted(known))}
                )
        for parameter in report.parameters:
            text = given.get(parameter.name)
            if parameter.name not in given and parameter.required and parameter.default is not None:
                text = parameter.default(today)
            try:
                values[parameter.name] = parameter.read(text)
            except RuleViolation as refused:
                yield from refused.violations

    if broken := collect(read()):
        raise RuleViolation(broken)
    return report.settle(values, today) if report.settle is not None else values


def list_reports() -> Sequence[Report]:
    """Every report of every room, in menu order."""
    from app.core.rooms import rooms

    return tuple(report for room in rooms() for report in room.reports)


def find_report(key: str) -> Report | None:
    """The report of that key."""
    return next((report for report in list_reports() if report.key == key), None)
