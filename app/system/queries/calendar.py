"""Legal time read from rows: the calendar, the rule in force on a day, and a deadline from both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.calendar import (
    Deadline,
    Interruption,
    Rule,
    SpecialDay,
    WorkCalendar,
)
from app.core.calendar import compute_deadline as count
from app.system.models import CalendarDay, LegalRule
from app.system.queries.cache import kept
from app.system.queries.settings import get_flag


class UnknownRuleError(LookupError):
    """No version of a legal period was in force on the day; `key` and `on` say which."""

    def __init__(self, key: str, on: dt.date) -> None:
        super().__init__(f"{key} on {on.isoformat()}")
        self.key = key
        self.on = on


def list_special_days(session: Session) -> Sequence[SpecialDay]:
    """Every holiday, half day and leave, by date."""
    table = CalendarDay.__table__
    rows = session.connection().execute(
        select(table.c.on, table.c.kind, table.c.name, table.c.counts_as_working_day).order_by(
            table.c.on
        )
    )
    return [SpecialDay(on, kind, name, counts) for on, kind, name, counts in rows]


def make_calendar(
    session: Session, days: Iterable[SpecialDay], *, internal: bool = False
) -> WorkCalendar:
    """The calendar of these days under the present settings."""
    leave = "leave_counts_for_internal" if internal else "leave_counts_for_legal"
    return WorkCalendar(
        days,
        half_day_counts_as_working_day=get_flag(session, "half_day_counts_as_working_day"),
        deadline_may_end_on_half_day=get_flag(session, "deadline_may_end_on_half_day"),
        leave_counts_as_working_day=get_flag(session, leave),
    )


def load_calendar(session: Session, *, internal: bool = False) -> WorkCalendar:
    """The working calendar for legal periods, or with `internal` for our own goals; kept."""
    name = "calendar_internal" if internal else "calendar_legal"
    return kept(session, name, lambda s: make_calendar(s, list_special_days(s), internal=internal))


def _load_rules(session: Session) -> Mapping[str, list[tuple[dt.date, dt.date | None, Rule]]]:
    t = LegalRule.__table__
    rows = session.connection().execute(
        select(
            t.c.key,
            t.c.rule_version,
            t.c.days,
            t.c.unit,
            t.c.law,
            t.c.label,
            t.c.shift_to_working_day,
            t.c.valid_from,
            t.c.valid_to,
        ).order_by(t.c.key, t.c.rule_version.desc())
    )
    found: dict[str, list[tuple[dt.date, dt.date | None, Rule]]] = {}
    for row in rows:
        rule = Rule(
            row.key,
            row.rule_version,
            row.days,
            row.unit,
            row.law,
            row.label,
            row.shift_to_working_day,
        )
        found.setdefault(row.key, []).append((row.valid_from, row.valid_to, rule))
    return found


def find_rule(session: Session, key: str, on: dt.date) -> Rule:
    """The newest version of a period in force on a day; UnknownRuleError when there is none."""
    for start, end, rule in kept(session, "legal_rules", _load_rules).get(key, ()):
        if start <= on and (end is None or on <= end):
            return rule
    raise UnknownRuleError(key, on)


def list_rule_keys(session: Session) -> list[str]:
    """The names of all periods, in alphabetical order."""
    return sorted(kept(session, "legal_rules", _load_rules))


def compute_deadline(
    session: Session,
    *,
    rule_key: str,
    received_on: dt.date,
    interruptions: Iterable[Interruption] = (),
    extra: int = 0,
    as_of: dt.date | None = None,
) -> Deadline:
    """The last day of a period with its trail, by the version in force on the day of receipt.

    `as_of` takes the version in force on another day; `extra` lengthens the period by so many of its
    own days. UnknownRuleError when no version was in force.
    """
    rule = find_rule(session, rule_key, as_of or received_on)
    return count(rule, received_on, load_calendar(session), interruptions, extra)
