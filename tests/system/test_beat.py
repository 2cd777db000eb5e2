"""The timetable as rows: one turn for one entry, whoever looks and however long nobody did."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest
from celery.schedules import crontab
from sqlalchemy import select, update

from app import tasks as face
from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.core.rules import RuleViolation
from app.system.models import Job
from app.system.queries import jobs as job_queries
from app.system.rules import JobState
from app.system.services import beats, jobs
from tests.system.jobs_support import sessions

MINUTE = dt.timedelta(minutes=1)
LEASE = dt.timedelta(seconds=beats.LEASE_SECONDS)


@pytest.fixture
def factory(tmp_path):
    with sessions(tmp_path) as made:
        yield made


def ensure(factory, period=MINUTE, name="a"):
    with factory() as session:
        beats.ensure(session, next_runs={name: clock.now() + period}, titles={name: "A"})
        session.commit()


def take(factory, now=None):
    with factory() as session:
        token = beats.take(session, name="a", now=now or clock.now())
        session.commit()
        return token


def row(factory):
    with factory() as session:
        return session.scalars(select(Job)).one()


def test_a_new_entry_is_due_at_once_and_is_taken_once(factory):
    ensure(factory)
    with factory() as session:
        assert beats.find_due(session, now=clock.now()) == ["a"]
    assert take(factory) is not None
    assert take(factory) is None
    with factory() as session:
        assert beats.find_due(session, now=clock.now()) == []


def test_of_many_tickers_one_takes_the_turn(factory):
    ensure(factory)
    tokens, start = [], threading.Barrier(6)

    def look():
        with acting_as(SYSTEM):
            start.wait()
            tokens.append(take(factory))

    threads = [threading.Thread(target=look) for _ in range(6)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert len(tokens) == 6
    assert len([t for t in tokens if t]) == 1


def test_a_turn_that_ended_comes_again_at_its_time(factory):
    ensure(factory)
    now = clock.now()
    token = take(factory)
    with factory() as session:
        assert beats.end(session, name="a", token=token, next_run=now + MINUTE)
        session.commit()
    assert take(factory, now + MINUTE / 2) is None
    assert take(factory, now + MINUTE * 1.1) is not None


def test_missed_turns_are_one_turn(factory):
    ensure(factory)
    with factory() as session:
        session.execute(update(Job).values(run_after=clock.now() - dt.timedelta(days=1)))
        session.commit()
    token = take(factory)
    with factory() as session:
        beats.end(session, name="a", token=token, next_run=clock.now() + MINUTE)
        session.commit()
    assert take(factory) is None


def test_a_turn_of_a_dead_worker_is_taken_again_and_the_dead_one_cannot_end_it(factory):
    ensure(factory)
    now = clock.now()
    first = take(factory, now)
    assert take(factory, now + LEASE / 2) is None
    later = now + LEASE * 1.1
    second = take(factory, later)
    assert second not in {None, first}
    with factory() as session:
        assert beats.hold(session, name="a", token=first, now=later) is None
        assert beats.end(session, name="a", token=first, next_run=later) is False
        assert beats.hold(session, name="a", token=second, now=later) is not None
        session.commit()
    assert row(factory).lease_token == second


def test_a_held_turn_is_not_taken_while_its_lease_is_extended(factory):
    ensure(factory)
    now = clock.now()
    token = take(factory, now)
    with factory() as session:
        row_id = beats.hold(session, name="a", token=token, now=now)
        later = now + LEASE * 0.9
        assert jobs.extend_lease(session, job_id=row_id, token=token, now=later, lease_seconds=30)
        session.commit()
    assert take(factory, now + LEASE * 1.5) is None


def test_a_faster_timetable_moves_a_sleeping_entry_forward_and_nothing_moves_it_back(factory):
    ensure(factory, period=dt.timedelta(days=1))
    token = take(factory)
    with factory() as session:
        beats.end(session, name="a", token=token, next_run=clock.now() + dt.timedelta(days=1))
        session.commit()
    ensure(factory, period=MINUTE)
    soon = row(factory).run_after
    assert soon <= clock.now() + MINUTE
    ensure(factory, period=dt.timedelta(days=1))
    assert row(factory).run_after == soon


def test_a_running_turn_is_not_disturbed_by_a_process_that_starts(factory):
    ensure(factory)
    token = take(factory)
    ensure(factory)
    assert (row(factory).state, row(factory).lease_token) == (JobState.RUNNING, token)


def test_a_timetable_row_is_no_work_of_a_person(factory):
    ensure(factory)
    with factory() as session:
        assert jobs.claim(session, now=clock.now() + MINUTE, limit=9) == []
        assert jobs.sweep(session, now=clock.now() + MINUTE).due == ()
        assert job_queries.queue_age_seconds(session, now=clock.now() + MINUTE) == 0
        assert sum(job_queries.count_jobs(session).values()) == 0
        with pytest.raises(RuleViolation):
            jobs.cancel(session, job=session.scalars(select(Job)).one())


def test_every_entry_names_a_task_that_exists_and_says_what_it_is_for():
    for name, entry in face.SCHEDULE.items():
        assert entry["task"] in face.celery.tasks, name
        assert name.startswith(entry["task"]), name
        assert str(entry["description"]).strip()
        assert face.next_run(name, clock.now()) > clock.now()


def test_the_face_names_every_tasks_module_of_the_house():
    folder = Path(face.__file__).parent
    found = {path.parent.name for path in folder.glob("*/tasks.py")}
    found |= {path.parent.parent.name for path in folder.glob("*/tasks/__init__.py")}
    assert {module.__name__.split(".")[1] for module in face.MODULES} == found


def test_what_the_house_cannot_do_without_is_in_the_timetable():
    tasks = {entry["task"] for entry in face.SCHEDULE.values()}
    assert {
        "system.sweep",
        "system.deliver_outbox",
        "system.seal_audit",
        "system.heartbeat",
        "applications.find_reminders",
    } <= tasks
    assert face.SCHEDULE["system.sweep"]["schedule"] <= dt.timedelta(seconds=30)


@pytest.mark.parametrize(
    "now,following",
    [
        ("2026-03-02 07:29:59.999999", "2026-03-02 07:30:00.999999"),
        ("2026-03-02 07:30:00", "2026-03-03 07:30:00"),
        ("2026-03-02 07:30:00.000001", "2026-03-03 07:30:00"),
        ("2026-03-02 00:30:00", "2026-03-02 07:30:00"),
        ("2026-12-31 23:59:59", "2027-01-01 07:30:00"),
    ],
)
def test_a_crontab_speaks_of_the_istanbul_clock(monkeypatch, now, following):
    monkeypatch.setitem(face.SCHEDULE, "t", {"schedule": crontab(hour=7, minute=30)})
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=clock.ISTANBUL)
    expected = dt.datetime.fromisoformat(following).replace(tzinfo=clock.ISTANBUL)
    assert face.next_run("t", moment) == expected
    assert face.next_run("t", moment.astimezone(dt.UTC)) == expected


def test_a_period_is_counted_from_the_end_of_the_turn(monkeypatch):
    monkeypatch.setitem(face.SCHEDULE, "t", {"schedule": dt.timedelta(minutes=10)})
    now = clock.now()
    assert face.next_run("t", now) == now + dt.timedelta(minutes=10)
