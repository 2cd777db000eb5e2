"""A job run inside a test: on the test's one connection, with everything undone at its end."""

from __future__ import annotations

import pytest

from app.core import rooms
from app.core.acting import Actor, acting_as, current_actor
from app.core.rooms import JobHandler, Room
from app.core.rules import RuleViolation, Violation
from app.system.models import Job, Reminder
from app.system.rules import JobState
from app.system.services import jobs, reminders


def write(session, job, progress):
    progress(40, "yazılıyor")
    assert current_actor().is_system
    reminders.write(
        session, dedupe_key=f"inline:{job.id}", owner_type="Job", owner_id=job.id, kind="x",
        level="", user_id=None, due_on=None, text="x",
    )  # fmt: skip
    return {"asked_by": job.created_by_id}


def refuse(session, job, progress):
    session.add(Reminder(dedupe_key="never", owner_type="Job", owner_id=job.id, kind="x", text="x"))
    session.flush()
    raise RuleViolation(Violation("file", "Only %(n)s rows", {"n": 5}))


@pytest.fixture
def handlers(monkeypatch):
    made = (
        JobHandler("test.write", write),
        JobHandler("test.refuse", refuse),
        JobHandler("test.look", look_for_a_second_thread),
    )
    monkeypatch.setattr(rooms, "_rooms", [*rooms.rooms(), Room("test", "T", "x", jobs=made)])


def look_for_a_second_thread(session, job, progress):
    from app.system.tasks import keeper

    return {"held": keeper.tokens()}


def run(session, kind, **values):
    from app.system.tasks import run_job

    with acting_as(Actor(user_id=1, name="Ayşe")):
        job = jobs.enqueue(session, kind=kind, title="Deneme", arguments={}, **values)
    run_job(job.id)
    return session.get(Job, job.id)


def test_a_job_runs_at_once_and_its_effect_is_seen(session, handlers):
    job = run(session, "test.write")
    assert (job.state, job.progress, job.result) == (JobState.DONE, 100, {"asked_by": 1})
    assert session.query(Reminder).filter_by(dedupe_key=f"inline:{job.id}").one()


def test_nothing_of_it_is_left_for_the_next_test(session):
    assert session.query(Job).filter_by(kind="test.write").count() == 0


def test_a_broken_rule_is_told_in_words_and_not_tried_again(session, handlers):
    job = run(session, "test.refuse")
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert "5" in job.error
    assert session.query(Reminder).filter_by(dedupe_key="never").count() == 0


def test_an_unknown_kind_waits_for_a_newer_worker(session):
    job = run(session, "test.nobody")
    assert job.state is JobState.WAITING
    assert "LookupError" in job.error


def test_no_other_thread_extends_the_lease_over_the_one_connection(session, handlers):
    assert run(session, "test.look").result == {"held": []}
