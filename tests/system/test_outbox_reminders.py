"""Reminders are written once, and missed points come once."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.system.models import Reminder
from app.system.services import reminders
from app.system.services.reminders import DuePoint, due_points, next_due_points
from tests.system.jobs_support import sessions


@pytest.fixture
def factory(tmp_path):
    with sessions(tmp_path) as made:
        yield made


def day(n):
    return dt.date(2026, 3, n)


def test_a_reminder_is_written_exactly_once(factory):
    values = {
        "dedupe_key": "app:1:0:legal_80:2026-03-11",
        "owner_type": "Application",
        "owner_id": 1,
        "kind": "legal_80",
        "level": "liaison",
        "user_id": 3,
        "due_on": day(11),
        "text": "Sürenin % 80’i doldu. " + "x" * 400,
    }
    with factory() as session:
        first = reminders.write(session, **values)
        assert reminders.write(session, **values) is None
        session.commit()
        assert (first.owner_id, first.due_on, len(first.text)) == (1, day(11), 300)
        assert session.scalar(select(func.count()).select_from(Reminder)) == 1


def test_points_fall_on_the_day_on_which_the_share_is_used_up():
    assert due_points(day(1), day(11), (50, 80, 100)) == (
        DuePoint(50, day(6)),
        DuePoint(80, day(9)),
        DuePoint(100, day(11)),
    )
    assert due_points(day(1), day(6), (50,)) == (DuePoint(50, day(4)),)


def test_a_deadline_that_leaves_no_time_makes_every_point_due_that_day():
    assert {p.on for p in due_points(day(5), day(5), (50, 100))} == {day(5)}
    assert {p.on for p in due_points(day(9), day(5), (50, 100))} == {day(5)}


def test_after_days_without_a_worker_each_missed_point_comes_once():
    missed = next_due_points(day(1), day(11), (50, 80, 100), today=day(20), written=(50,))
    assert [p.percent for p in missed] == [80, 100]
    assert (
        next_due_points(day(1), day(11), (50, 80, 100), today=day(20), written=(50, 80, 100)) == ()
    )
    assert next_due_points(day(1), day(11), (50, 80, 100), today=day(5)) == ()
