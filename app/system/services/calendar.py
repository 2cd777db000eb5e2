"""Changing legal time: holidays, leave, versions of periods. Each change reaches open deadlines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.calendar import DayKind, PeriodUnit, SpecialDay
from app.core.calendar import compute_deadline as count
from app.core.calendar.turkish_holidays import holidays_between, is_estimated
from app.core.rules import N_, RuleViolation, Violation, collect
from app.system.models import CalendarDay, LegalRule
from app.system.queries import find_rule, list_special_days, load_calendar, make_calendar
from app.system.rules import (
    DAY_TAKEN,
    LEGAL_PERIODS,
    calendar_day_violations,
    legal_rule_violations,
)
from app.system.services.settings import bump_stamp

#: What must happen when the calendar or a period changes; rooms with clocks add theirs at start.
#: They get the words of what changed, in Turkish, for their histories.
on_change: list[Callable[[Session, str], None]] = []

_PREVIEWED = ("petition_answer", "foi_access")
_HOLIDAY_SOURCE = "2429; Diyanet"


@dataclass(frozen=True)
class Shift:
    """What a changed calendar does to one period received on one day."""

    rule_key: str
    received_on: dt.date
    before: dt.date
    after: dt.date


def _changed(session: Session, day: CalendarDay | None = None) -> None:
    bump_stamp(session)
    words = "" if day is None else f"{day.on:%d.%m.%Y} {day.name}"
    for act in on_change:
        act(session, words)


def load_holidays(session: Session, *, year_from: int = 2015, year_to: int = 2035) -> int:
    """Load public holidays and half days once; days that are there already stay as they are.

    Returns the number of new rows. Source: 2429 sayılı Kanun.
    """
    known = {(on, kind) for on, kind in session.execute(select(CalendarDay.on, CalendarDay.kind))}
    rows = [
        CalendarDay(
            on=day.on,
            kind=day.kind,
            name=day.name[:200],
            is_estimated=is_estimated(day),
            source=_HOLIDAY_SOURCE,
        )
        for day in holidays_between(year_from, year_to)
        if (day.on, day.kind) not in known
    ]
    session.add_all(rows)
    session.flush()
    if rows:
        _changed(session)
    return len(rows)


def load_legal_rules(session: Session) -> int:
    """Load the legal periods once; a version that is there already stays as it is."""
    known = {(k, v) for k, v in session.execute(select(LegalRule.key, LegalRule.rule_version))}
    rows = [
        LegalRule(
            key=period.key,
            rule_version=period.version,
            label=period.label,
            law=period.law,
            days=period.days,
            unit=period.unit,
            shift_to_working_day=period.shifts,
            valid_from=period.valid_from,
            valid_to=period.valid_to,
            note=period.note,
        )
        for period in LEGAL_PERIODS
        if (period.key, period.version) not in known
    ]
    session.add_all(rows)
    session.flush()
    if rows:
        _changed(session)
    return len(rows)


def add_leave(
    session: Session,
    *,
    on: dt.date,
    kind: DayKind,
    name: str,
    authority: str = "",
    decision_no: str = "",
    counts_as_working_day: bool | None = None,
    source: str = "",
) -> CalendarDay:
    """Enter a leave or another special day and recompute what it moves.

    RuleViolation when the day has such an entry already or a leave names nobody who declared it.
    """
    values = {"on": on, "kind": kind, "name": name, "authority": authority}
    taken = session.scalars(
        select(CalendarDay.id).where(CalendarDay.on == on, CalendarDay.kind == kind)
    ).first()
    twice = [Violation("on", DAY_TAKEN)] if taken else []
    if violations := collect(calendar_day_violations(values), twice):
        raise RuleViolation(violations)
    day = CalendarDay(
        on=on,
        kind=kind,
        name=name,
        authority=authority,
        decision_no=decision_no,
        counts_as_working_day=counts_as_working_day,
        source=source,
    )
    session.add(day)
    _changed(session, day)
    return day


def change_day(session: Session, *, day: CalendarDay) -> CalendarDay:
    """Store a changed entry and recompute what it moves."""
    values = {"on": day.on, "kind": day.kind, "name": day.name, "authority": day.authority}
    if violations := tuple(calendar_day_violations(values)):
        raise RuleViolation(violations)
    _changed(session, day)
    return day


def remove_day(session: Session, *, day: CalendarDay) -> None:
    """Take an entry out of the calendar and recompute what it moved."""
    session.delete(day)
    _changed(session, day)


def preview(
    session: Session, *, day: SpecialDay, days_back: int = 60, leaving: CalendarDay | None = None
) -> Sequence[Shift]:
    """What an entry would do to periods received within `days_back` days before it.

    Nothing is stored. `leaving` is an entry that would go at the same time.
    """
    before = load_calendar(session)
    gone = (leaving.on, leaving.kind) if leaving is not None else None
    kept = [d for d in list_special_days(session) if (d.on, d.kind) != gone]
    after = make_calendar(session, [*kept, day])
    shifts = []
    for key in _PREVIEWED:
        for back in range(days_back, -1, -1):
            received = day.on - dt.timedelta(days=back)
            rule = find_rule(session, key, received)
            old = count(rule, received, before).due_on
            new = count(rule, received, after).due_on
            if old is not None and new is not None and old != new:
                shifts.append(Shift(key, received, old, new))
    return shifts


def label_of(session: Session, shift: Shift) -> str:
    """The msgid of the period that a shift is about."""
    return find_rule(session, shift.rule_key, shift.received_on).label


def add_rule_version(
    session: Session,
    *,
    key: str,
    law: str,
    days: int,
    unit: PeriodUnit,
    valid_from: dt.date,
    label: str = "",
    shift_to_working_day: bool = True,
    note: str = "",
) -> LegalRule:
    """Enter a new version of a period; the version before it ends on the day before.

    Versions are never edited: what was computed with one must stay explainable. RuleViolation when
    the new one would begin before the last one did.
    """
    values = {"key": key, "law": law, "days": days, "valid_from": valid_from}
    last = session.scalars(
        select(LegalRule)
        .where(LegalRule.key == key)
        .order_by(LegalRule.rule_version.desc())
        .limit(1)
    ).first()
    early = []
    if last is not None and valid_from <= last.valid_from:
        message = N_("The version before it holds from %(day)s; this one must begin later.")
        early = [Violation("valid_from", message, {"day": last.valid_from.strftime("%d.%m.%Y")})]
    if violations := collect(legal_rule_violations(values), early):
        raise RuleViolation(violations)
    if last is not None and (last.valid_to is None or last.valid_to >= valid_from):
        last.valid_to = valid_from - dt.timedelta(days=1)
    rule = LegalRule(
        key=key,
        rule_version=last.rule_version + 1 if last is not None else 1,
        label=label or (last.label if last is not None else key),
        law=law,
        days=days,
        unit=unit,
        shift_to_working_day=shift_to_working_day,
        valid_from=valid_from,
        note=note,
    )
    session.add(rule)
    _changed(session)
    return rule
