"""Reminders of open applications: found by scanning rows in batches, written once by their key.

Which points are due is decided in `rules.deadlines`; here they become rows and messages. Source:
domain facts 1.5; 4982 m.29 (every overdue item must be visible).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, case, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, Assignment
from app.applications.rules import (
    AssignmentRole,
    AssignmentState,
    Channel,
    Point,
    ReminderLevel,
    State,
)
from app.applications.services.notices import CASE_URL
from app.applications.services.wording import turkish
from app.core import clock
from app.core.calendar import WorkCalendar
from app.core.text import format_date
from app.organisation.models import StaffUser
from app.organisation.queries import find_liaisons, find_manager, find_users_with_role
from app.system.models import Notification, Reminder
from app.system.queries import get_flag, get_reminder_points, load_calendar
from app.system.rules import NotificationChannel, NotificationState
from app.system.services import outbox, wakeups

#: Open cases read in one batch; the edge commits after each.
BATCH = 5_000


@dataclass(frozen=True)
class Reminded:
    """What one batch came to; `last_id` is where the next begins, `read` is 0 at the end."""

    last_id: int
    read: int
    written: int
    told: int


@dataclass(frozen=True, slots=True)
class _Case:
    id: int
    number: str
    cycle: int
    state: State
    started_on: dt.date
    due_on: dt.date | None
    goal_on: dt.date | None
    unit_id: int | None
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class _Sent:
    role: AssignmentRole
    state: AssignmentState


def send_reminders(
    session: Session,
    *,
    today: dt.date,
    now: dt.datetime | None = None,
    after_id: int = 0,
    limit: int = BATCH,
) -> Reminded:
    """Write the reminders of the next `limit` open cases and tell the people concerned.

    Each reminder is one row with its own key, so a second run, a second worker or a day without any
    changes nothing but what was missed. The number of statements does not grow with the cases.
    """
    moment = now or clock.now()
    cases = _read_cases(session, after_id, limit)
    if not cases:
        return Reminded(after_id, 0, 0, 0)
    first, last = cases[0].id, cases[-1].id
    sent = _read_assignments(session, first, last)
    calendar = load_calendar(session)
    percents = get_reminder_points(session)
    due: dict[str, tuple[_Case, Point]] = {}
    days = _Days(calendar)
    for one in cases:
        points = rules.due_reminders(one, sent.get(one.id, ()), days, today, percents=percents)
        due.update({_key(one, point): (one, point) for point in points})
    fresh = _without_known(session, due, first, last, moment)
    people = _People(session)
    rows = [_reminder(key, one, point, people) for key, (one, point) in fresh.items()]
    written = insert_new(session, Reminder, rows)
    # A message has a key of its own too, so one that another worker wrote meanwhile stays alone.
    is_mailed = get_flag(session, "email_enabled")
    messages = [
        message
        for key, (one, point) in fresh.items()
        for message in _messages(key, one, point, people, moment, is_mailed)
    ]
    told = insert_new(session, Notification, messages)
    if any(m["channel"] is NotificationChannel.EMAIL for m in messages):
        wakeups.after_commit(session, outbox.DELIVER_TASK)
    return Reminded(last, len(cases), written, told)


class _Days(WorkCalendar):
    """A calendar that remembers what it has counted: thousands of cases share a few dates."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self._calendar = calendar
        self._added: dict[tuple[dt.date, int], dt.date] = {}
        self._between: dict[tuple[dt.date, dt.date], int] = {}

    def add_working_days(self, on: dt.date, days: int) -> dt.date:
        """As the calendar's own."""
        place = (on, days)
        if place not in self._added:
            self._added[place] = self._calendar.add_working_days(on, days)
        return self._added[place]

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """As the calendar's own."""
        place = (start, end)
        if place not in self._between:
            self._between[place] = self._calendar.working_days_between(start, end)
        return self._between[place]


def _key(one: _Case, point: Point) -> str:
    return f"app:{one.id}:{one.cycle}:{point.kind}:{point.due_on.isoformat()}"


def _read_cases(session: Session, after_id: int, limit: int) -> list[_Case]:
    c = Application.__table__.c
    # Day 0 differs from the day of receipt in few cases only; the trail is long and read for those.
    moved = (c.cycle > 1) | c.is_extended | (c.channel == Channel.CIMER)
    start = case((moved, c.due_trail["received_on"].as_string()))
    stmt = (
        select(
            c.id, c.number, c.cycle, c.state, c.received_on, c.due_on, c.goal_on, c.lead_unit_id,
            c.owner_id, start.label("start"),
        )
        .where(
            # A decision whose letter has not left is no answer yet: its clock runs.
            c.state.in_(sorted(rules.OPEN_STATES))
            | (c.state.in_(sorted(rules.AWAITING_LETTER_STATES)) & c.answered_at.is_(None)),
            c.id > after_id,
        )
        .order_by(c.id)
        .limit(limit)
    )  # fmt: skip
    return [
        _Case(
            id=row.id,
            number=row.number,
            cycle=row.cycle,
            state=row.state,
            started_on=dt.date.fromisoformat(row.start) if row.start else row.received_on,
            due_on=row.due_on,
            goal_on=row.goal_on,
            unit_id=row.lead_unit_id,
            owner_id=row.owner_id,
        )
        for row in session.execute(stmt)
    ]


def _read_assignments(session: Session, first: int, last: int) -> Mapping[int, Sequence[_Sent]]:
    sent, cases = Assignment.__table__.c, Application.__table__.c
    stmt = (
        select(sent.application_id, sent.role, sent.state)
        .join(cases.id.table, (cases.id == sent.application_id) & (cases.cycle == sent.cycle))
        .where(
            sent.application_id.between(first, last),
            # Said of both tables: without fresh statistics PostgreSQL would otherwise walk every
            # open case once for each row of the batch.
            cases.id.between(first, last),
            sent.state.in_(sorted(rules.LIVE_ASSIGNMENTS)),
            cases.state.in_(sorted(rules.OPEN_STATES)),
        )
    )
    found: dict[int, list[_Sent]] = defaultdict(list)
    for application_id, role, state in session.execute(stmt):
        found[application_id].append(_Sent(role, state))
    return found


def _without_known(
    session: Session,
    due: Mapping[str, tuple[_Case, Point]],
    first: int,
    last: int,
    now: dt.datetime,
) -> dict[str, tuple[_Case, Point]]:
    """Leave out what was written before; the unique key still decides between two writers."""
    reminders = Reminder.__table__.c
    # A key can only have been written since its point; older rows need not be read.
    since = now - dt.timedelta(days=rules.LOOK_BACK_DAYS + 1)
    known = set(
        session.execute(
            select(reminders.dedupe_key).where(
                reminders.owner_type == "Application",
                reminders.owner_id.between(first, last),
                reminders.created_at >= since,
            )
        ).scalars()
    )
    return {key: value for key, value in due.items() if key not in known}


class _People:
    """Who is reminded on each rung; asked once for each unit and role."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._units: dict[tuple[ReminderLevel, int], list[StaffUser]] = {}
        self._roles: dict[str, list[StaffUser]] = {}
        self._owners: dict[int, StaffUser | None] = {}

    def of(self, one: _Case, level: ReminderLevel) -> list[StaffUser]:
        """The people of a rung; where nobody fills it, the rung above."""
        if level is ReminderLevel.LIAISON and one.unit_id:
            return self._unit(level, one.unit_id) or self.of(one, ReminderLevel.UNIT_MANAGER)
        if level is ReminderLevel.UNIT_MANAGER and one.unit_id:
            return self._unit(level, one.unit_id) or self._role("branch_mgr")
        if level is ReminderLevel.OFFICE:
            owner = self._owner(one.owner_id)
            return [owner] if owner is not None else self._role("chief") or self._role("branch_mgr")
        if level is ReminderLevel.DEPARTMENT_HEAD:
            return self._role("dept_head") or self._role("branch_mgr")
        return self._role("branch_mgr")

    def _unit(self, level: ReminderLevel, unit_id: int) -> list[StaffUser]:
        place = (level, unit_id)
        if place not in self._units:
            if level is ReminderLevel.LIAISON:
                self._units[place] = find_liaisons(self._session, unit_id)
            else:
                manager = find_manager(self._session, unit_id)
                self._units[place] = [manager] if manager is not None else []
        return self._units[place]

    def _role(self, role: str) -> list[StaffUser]:
        if role not in self._roles:
            self._roles[role] = find_users_with_role(self._session, role)
        return self._roles[role]

    def _owner(self, user_id: int | None) -> StaffUser | None:
        if not self._owners:
            everybody = self._session.scalars(select(StaffUser).where(StaffUser.active.is_(True)))
            self._owners = {user.id: user for user in everybody}
        return self._owners.get(user_id) if user_id is not None else None


def _text(one: _Case, point: Point) -> str:
    known = rules.REMINDER_TEXTS.get(point.kind)
    if known is None:
        # The directorate may set other percentages than the usual ones.
        share = point.kind.removeprefix("internal_")
        return turkish(
            rules.REMINDER_OTHER, number=one.number, share=share, due=format_date(point.due_on)
        )
    return turkish(
        known, number=one.number, due=format_date(point.due_on), legal=format_date(one.due_on)
    )


def _reminder(key: str, one: _Case, point: Point, people: _People) -> dict[str, Any]:
    told = people.of(one, point.level)
    return {
        "dedupe_key": key,
        "owner_type": "Application",
        "owner_id": one.id,
        "kind": point.kind,
        "level": point.level.value,
        "user_id": told[0].id if told else None,
        "due_on": point.due_on,
        "text": _text(one, point)[:300],
    }


def _messages(
    key: str, one: _Case, point: Point, people: _People, now: dt.datetime, is_mailed: bool
) -> Iterable[dict[str, Any]]:
    text = _text(one, point)[:200]
    for user in people.of(one, point.level):
        common = {
            "subject": text,
            "url": CASE_URL.format(one.id),
            "owner_type": "Application",
            "owner_id": one.id,
            "template": "reminder",
            "run_after": now,
        }
        yield {
            **common,
            "channel": NotificationChannel.PANEL,
            "dedupe_key": f"{key}:{user.id}",
            "user_id": user.id,
            "recipient": "",
            "body": "",
            "state": NotificationState.SENT,
            "sent_at": now,
        }
        if is_mailed and user.email:
            yield {
                **common,
                "channel": NotificationChannel.EMAIL,
                "dedupe_key": f"{key}:{user.id}:email",
                "user_id": None,
                "recipient": user.email,
                "body": text,
                "state": NotificationState.WAITING,
                "sent_at": None,
            }


def insert_new(session: Session, model: Any, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert rows whose key is new; how many there were.

    Nothing is returned by the statement, because then the driver sends the rows one behind the other
    without building one long text of them, which costs PostgreSQL's driver ten times as much.
    """
    if not rows:
        return 0
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    table: Table = model.__table__
    stmt = insert(table).on_conflict_do_nothing(index_elements=["dedupe_key"])
    session.flush()
    result: Any = session.connection().execute(
        stmt, [dict(row) for row in rows], execution_options={"preserve_rowcount": True}
    )
    return int(result.rowcount)
