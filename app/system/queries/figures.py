"""Grouped figures of the system room for its charts; all GROUP BY, no row is read into Python."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Date, cast, extract, func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.system.models import (
    Attachment,
    AuditEvent,
    CalendarDay,
    Job,
    LegalRule,
    Notification,
    NumberSeries,
    Parameter,
    Reminder,
    SavedView,
    SavedViewUse,
)
from app.system.rules import STAMP_KEY, NotificationChannel

Narrow = Callable[[Any], Any]
Rows = Sequence[Mapping[str, Any]]

_DAYS = 60


def local_day(session: Session, column: Any) -> Any:
    """The day of a moment on the Istanbul clock, which is three hours ahead of UTC all year."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(func.timezone("Europe/Istanbul", column), Date)
    return func.date(column, "+3 hours")


def _as_day(value: Any) -> dt.date:
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


def _since(days: int = _DAYS) -> dt.datetime:
    return clock.now() - dt.timedelta(days=days)


def _rows(session: Session, stmt: Any) -> Rows:
    return [dict(row) for row in session.execute(stmt).mappings()]


def _grouped(session: Session, narrow: Narrow, *columns: Any) -> Rows:
    """How many rows each combination of columns has."""
    return _rows(session, narrow(select(*columns, func.count().label("n"))).group_by(*columns))


def _by_day(session: Session, narrow: Narrow, column: Any) -> Rows:
    day = local_day(session, column).label("day")
    stmt = narrow(select(day, func.count().label("n")).where(column >= _since()))
    rows = session.execute(stmt.group_by(day).order_by(day)).mappings()
    return [{"day": _as_day(row["day"]), "n": row["n"]} for row in rows]


def audit_by_verb(session: Session, narrow: Narrow) -> Rows:
    """Rows of the trail by what was done."""
    return _grouped(session, narrow, AuditEvent.verb)


def audit_by_day(session: Session, narrow: Narrow) -> Rows:
    """Rows of the trail by day, the last sixty days."""
    return _by_day(session, narrow, AuditEvent.at)


def jobs_by_state(session: Session, narrow: Narrow, hidden: Sequence[str]) -> Rows:
    """Jobs by state; `hidden` kinds are no work of people."""
    return _grouped(session, lambda s: narrow(s.where(Job.kind.not_in(hidden))), Job.state)


def messages_by_channel(session: Session, narrow: Narrow) -> Rows:
    """Messages that leave the house, by channel and state."""
    return _grouped(
        session,
        lambda s: narrow(s.where(Notification.channel != NotificationChannel.PANEL)),
        Notification.channel,
        Notification.state,
    )


def messages_by_day(session: Session, narrow: Narrow) -> Rows:
    """Messages that leave the house by day, the last sixty days."""
    return _by_day(
        session,
        lambda s: narrow(s.where(Notification.channel != NotificationChannel.PANEL)),
        Notification.created_at,
    )


def reminders_by_kind(session: Session, narrow: Narrow) -> Rows:
    """Reminders by kind."""
    return _grouped(session, narrow, Reminder.kind)


def numbers_by_year(session: Session, narrow: Narrow) -> Rows:
    """The last number of each series and year."""
    columns = (NumberSeries.series, NumberSeries.year)
    return _rows(session, narrow(select(*columns, NumberSeries.last.label("n"))).order_by(*columns))


def days_by_year(session: Session, narrow: Narrow) -> Rows:
    """Special days by year and kind."""
    year = cast(extract("year", CalendarDay.on), NumberSeries.year.type).label("year")
    stmt = narrow(select(year, CalendarDay.kind, func.count().label("n")))
    return _rows(session, stmt.group_by(year, CalendarDay.kind).order_by(year))


def rule_lengths(session: Session, narrow: Narrow) -> Rows:
    """The length of each period in its version in force today."""
    today = clock.today()
    stmt = narrow(
        select(LegalRule.label, LegalRule.unit, func.max(LegalRule.days).label("n")).where(
            LegalRule.valid_from <= today,
            LegalRule.valid_to.is_(None) | (LegalRule.valid_to >= today),
        )
    )
    return _rows(session, stmt.group_by(LegalRule.label, LegalRule.unit))


def views_by_screen(session: Session, narrow: Narrow) -> Rows:
    """Saved views by list."""
    return _grouped(session, narrow, SavedView.screen)


def uses_by_screen(session: Session, narrow: Narrow) -> Rows:
    """What one does with saved views, by list."""
    uses = SavedViewUse
    return _grouped(
        session, lambda s: narrow(s.join(uses, uses.view_id == SavedView.id)), SavedView.screen
    )


def settings_by_group(session: Session, narrow: Narrow) -> Rows:
    """Settings by heading."""
    return _grouped(session, lambda s: narrow(s.where(Parameter.key != STAMP_KEY)), Parameter.group)


def files_by_kind(session: Session, narrow: Narrow) -> Rows:
    """Attachments by the record they belong to and the result of the scan."""
    return _grouped(session, narrow, Attachment.owner_type, Attachment.scan)


def files_by_day(session: Session, narrow: Narrow) -> Rows:
    """Attachments by day, the last sixty days."""
    return _by_day(session, narrow, Attachment.created_at)
