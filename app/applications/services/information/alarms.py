"""The watch over information requests: day 12, silence, unpaid fees, documents for the Board.

Each alarm is one reminder with a key of its own, so a second run or a second worker writes nothing.
Which alarms are due is decided in the rules. Source: 4982 m.11, m.13, m.29; 2577 m.10.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.applications.models import Appeal, Application, InformationCase
from app.applications.queries.information import is_open_request, of_requests
from app.applications.rules import State
from app.applications.rules import information as foi
from app.applications.rules.information import Alarm, AppealState
from app.applications.services.moves import record_step
from app.applications.services.notices import CASE_URL
from app.applications.services.reminding import insert_new
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.core.text import format_date
from app.organisation.models import StaffUser
from app.organisation.queries import find_users_with_role
from app.system.models import Notification, Reminder
from app.system.queries import get_flag
from app.system.rules import NotificationChannel, NotificationState
from app.system.services import outbox, wakeups

#: Level written on the reminders: they stand beside the ladder of every application.
LEVEL = "information"
#: Requests read in one batch; the edge commits after each.
BATCH = 1_000


@dataclass(frozen=True)
class Watched:
    """What one batch came to; `last_id` is where the next begins, `read` is 0 at the end."""

    last_id: int
    read: int
    written: int
    proposed: int


def watch_information(
    session: Session,
    *,
    today: dt.date,
    now: dt.datetime | None = None,
    after_id: int = 0,
    limit: int = BATCH,
) -> Watched:
    """Write the alarms of the next requests, tell the officers, propose deemed withdrawals."""
    moment = now or clock.now()
    with acting_as(SYSTEM):
        rows = _read(session, after_id, limit)
        if not rows:
            return Watched(after_id, 0, 0, 0)
        people = _People(session)
        due: dict[str, tuple[Any, Alarm]] = {}
        for row in rows:
            watched = foi.Watched(
                state=row.state,
                notice_by=row.notice_by,
                alarm_on=row.alarm_on,
                silence_on=row.silence_on,
                pay_by=row.fee_pay_by,
                is_extended=row.is_extended,
                is_noticed=row.extension_notified_on is not None,
                documents_due_on=row.documents_due_on,
            )
            for alarm in foi.due_alarms(watched, today):
                key = (
                    f"foi:{row.application_id}:{row.cycle}:{alarm.kind}:{alarm.due_on.isoformat()}"
                )
                due[key] = (row, alarm)
        written = insert_new(
            session,
            Reminder,
            [_reminder(key, row, alarm, people) for key, (row, alarm) in due.items()],
        )
        is_mailed = get_flag(session, "email_enabled")
        messages = [
            message
            for key, (row, alarm) in due.items()
            for message in _messages(key, row, alarm, people, moment, is_mailed)
        ]
        insert_new(session, Notification, messages)
        if written and any(m["channel"] is NotificationChannel.EMAIL for m in messages):
            wakeups.after_commit(session, outbox.DELIVER_TASK)
        proposed = _propose_withdrawals(session, rows, today, moment)
    return Watched(rows[-1].id, len(rows), written, proposed)


def _read(session: Session, after_id: int, limit: int) -> Sequence[Any]:
    """Open requests and those whose documents the Board waits for, in the order of their cases."""
    documents = (
        select(
            Appeal.application_id.label("application_id"),
            func.min(Appeal.documents_due_on).label("due_on"),
        )
        .where(Appeal.state == AppealState.DOCUMENTS_ASKED)
        .group_by(Appeal.application_id)
        .subquery()
    )
    c, a = InformationCase, Application
    stmt = (
        of_requests(
            select(
                c.id, c.application_id, c.notice_by, c.alarm_on, c.silence_on, c.fee_pay_by,
                c.extension_notified_on, c.withdrawal_proposed_on, a.number, a.cycle, a.state,
                a.is_extended, a.is_restricted, a.owner_id,
                documents.c.due_on.label("documents_due_on"),
            )
        )
        .outerjoin(documents, documents.c.application_id == c.application_id)
        .where(c.id > after_id, or_(is_open_request(), documents.c.due_on.is_not(None)))
        .order_by(c.id)
        .limit(limit)
    )  # fmt: skip
    return session.execute(stmt).all()


class _People:
    """Who is told: the officers of the kind and the branch managers; asked once for each role."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._roles: dict[str, list[StaffUser]] = {}
        self._owners: dict[int, StaffUser] = {}

    def of(self, row: Any) -> list[StaffUser]:
        """A restricted request is told to those who may open it, and to nobody else."""
        officers = self._role("cimer_officer" if row.is_restricted else "foi_officer")
        owner = self._owner(row.owner_id)
        if owner is not None and not row.is_restricted:
            officers = [owner, *officers]
        return list({user.id: user for user in (*officers, *self._role("branch_mgr"))}.values())

    def _role(self, role: str) -> list[StaffUser]:
        if role not in self._roles:
            self._roles[role] = find_users_with_role(self._session, role)
        return self._roles[role]

    def _owner(self, user_id: int | None) -> StaffUser | None:
        if not self._owners:
            everybody = self._session.scalars(select(StaffUser).where(StaffUser.active.is_(True)))
            self._owners = {user.id: user for user in everybody}
        return self._owners.get(user_id) if user_id is not None else None


def _text(row: Any, alarm: Alarm) -> str:
    return turkish(foi.ALARM_TEXTS[alarm.kind], number=row.number, due=format_date(alarm.due_on))


def _reminder(key: str, row: Any, alarm: Alarm, people: _People) -> Mapping[str, Any]:
    told = people.of(row)
    return {
        "dedupe_key": key,
        "owner_type": "Application",
        "owner_id": row.application_id,
        "kind": alarm.kind,
        "level": LEVEL,
        "user_id": told[0].id if told else None,
        "due_on": alarm.due_on,
        "text": _text(row, alarm)[:300],
    }


def _messages(
    key: str, row: Any, alarm: Alarm, people: _People, now: dt.datetime, is_mailed: bool
) -> Iterable[dict[str, Any]]:
    text = _text(row, alarm)[:200]
    for user in people.of(row):
        common = {
            "subject": text,
            "url": CASE_URL.format(row.application_id),
            "owner_type": "Application",
            "owner_id": row.application_id,
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


def _propose_withdrawals(
    session: Session, rows: Sequence[Any], today: dt.date, now: dt.datetime
) -> int:
    """Propose to take unpaid requests as given up; an officer confirms it. Source: 4982 m.11."""
    ids = [
        row.id
        for row in rows
        if row.withdrawal_proposed_on is None
        and row.state is State.FEE_PENDING
        and foi.is_fee_overdue(row.state, row.fee_pay_by, today)
    ]
    if not ids:
        return 0
    stmt = select(InformationCase, Application).join(InformationCase.application)
    for case, application in session.execute(stmt.where(InformationCase.id.in_(ids))).all():
        case.withdrawal_proposed_on = today
        record_step(session, application, "propose_withdrawal", actor=SYSTEM, now=now)
    session.flush()
    return len(ids)
