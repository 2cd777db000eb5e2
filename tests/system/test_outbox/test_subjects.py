"""What messages and reminders may be about: classes whose readers the house asks for."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql

from app.core import clock, scope
from app.core.acting import SYSTEM, acting_as
from app.models import Application, Assignment, Notification, Reminder, StaffUser
from app.system.queries.scopes import classes_without_messages
from app.system.rules import NotificationChannel
from app.system.services import outbox, reminders

READERS = ("sef", "bilgi", "mudur", "vekil")


@pytest.fixture
def actors(app: Any, session: Any) -> dict[str, Any]:
    manager = app.extensions["appbuilder"].sm
    rows = session.scalars(select(StaffUser).where(StaffUser.username.in_(READERS)))
    return {row.username: manager.actor_of(row) for row in rows}


def message(session: Any, owner_type: str, owner_id: int | None) -> Notification:
    row = Notification(
        channel=NotificationChannel.SMS, recipient="+905320000000", body="Deneme",
        owner_type=owner_type, owner_id=owner_id, run_after=clock.now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_subjects_are_classes_with_a_row_scope(app: Any) -> None:
    scoped = {model.__name__ for model in scope.declared()}
    assert {"Application", "BulkRun", "ReportRun"} <= scope.subjects() <= scoped
    assert "Assignment" in classes_without_messages()


def test_a_subject_without_a_row_scope_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="Shift"):
        scope.declare({}, {"Shift"})
    assert "Shift" not in scope.subjects()


def test_a_message_that_nobody_would_see_is_not_written(app: Any, session: Any) -> None:
    about = {"owner_type": "Assignment", "owner_id": 1}
    with pytest.raises(ValueError, match="Assignment"):
        outbox.queue_sms(session, to="+905320000000", body="Deneme", **about)
    with pytest.raises(ValueError, match="Assignment"):
        outbox.notify_user(session, user_id=1, subject="Deneme", **about)
    with pytest.raises(ValueError, match="Assignment"):
        reminders.write(
            session, dedupe_key="x", kind="internal", level="liaison", user_id=1, due_on=None,
            text="Deneme", **about,
        )  # fmt: skip


def test_what_was_written_about_another_class_stays_hidden(session: Any, actors: Any) -> None:
    with acting_as(SYSTEM):
        part = session.scalar(select(Assignment.id).limit(1))
        hidden = message(session, "Assignment", part)
        shown = message(session, "Shift", part)
    for name in READERS:
        with acting_as(actors[name]):
            found = set(
                session.scalars(
                    select(Notification.id).where(Notification.id.in_([hidden.id, shown.id]))
                )
            )
        assert found == {shown.id}, name


def test_a_message_is_seen_with_its_case_and_hidden_with_it(session: Any, actors: Any) -> None:
    with acting_as(SYSTEM):
        ids = {
            flag: session.scalar(
                select(Application.id)
                .where(Application.is_restricted.is_(flag))
                .order_by(Application.id.desc())
                .limit(1)
            )
            for flag in (True, False)
        }
        rows = {flag: message(session, "Application", pk).id for flag, pk in ids.items()}
        mine = message(session, "Application", ids[True])
        mine.user_id = actors["sef"].user_id
        session.flush()
    with acting_as(actors["sef"]):
        sees = set(session.scalars(select(Application.id).where(Application.id.in_(ids.values()))))
        stmt = select(Notification.id).where(Notification.id.in_([*rows.values(), mine.id]))
        assert sees == {ids[False]}
        assert set(session.scalars(stmt)) == {rows[False], mine.id}
    with acting_as(actors["mudur"]):
        assert set(session.scalars(stmt)) == {*rows.values(), mine.id}


def test_each_subject_is_asked_for_once(session: Any, actors: Any, counted: list[str]) -> None:
    """The planner pays for every question; one that stood in it twice took a third of the page."""
    for model in (Notification, Reminder):
        condition = scope.criteria_for(model, actors["sef"])
        assert condition is not None
        counted.clear()
        with acting_as(actors["sef"]):
            session.scalar(select(func.count(model.id)))
        written = str(select(model.id).where(condition).compile(dialect=postgresql.dialect()))
        question = "is_restricted IS "
        assert len(counted) == 1
        assert counted[0].count(question) == written.count(question) > 0
