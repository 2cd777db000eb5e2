"""Jobs are rows: taken once, kept by a lease, tried again, given up visibly, never lost."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import RuleViolation
from app.system.models import Job, Notification
from app.system.queries import jobs as job_queries
from app.system.rules import LEASE_SECONDS, MAX_ATTEMPTS, JobState, retry_delay_seconds
from app.system.services import jobs, wakeups
from tests.system.jobs_support import sessions

LEASE = dt.timedelta(seconds=LEASE_SECONDS)


@pytest.fixture
def factory(tmp_path):
    with sessions(tmp_path) as made:
        yield made


@pytest.fixture
def sent(monkeypatch):
    """The wake-ups that reached the broker."""
    calls = []
    monkeypatch.setattr(wakeups, "send", lambda task, arguments: calls.append((task, arguments)))
    return calls


def put(session, **values):
    return jobs.enqueue(
        session, **{"kind": "test.copy", "title": "Kopyala", "arguments": {"n": 1}, **values}
    )


def claimed(factory, now=None, **options):
    with factory() as session:
        found = jobs.claim(session, now=now or clock.now(), limit=1, **options)
        session.commit()
        return found[0] if found else None


def test_a_committed_job_wakes_a_worker_once(factory, sent):
    with factory() as session:
        job = put(session)
        assert sent == []
        session.commit()
        session.commit()
    assert sent == [("system.run_job", (job.id,))]


def test_a_rolled_back_job_is_neither_kept_nor_announced(factory, sent):
    with factory() as session:
        put(session)
        session.rollback()
        session.commit()
        assert session.scalars(select(Job)).all() == []
    assert sent == []


def test_a_released_savepoint_does_not_wake_before_the_commit(factory, sent):
    with factory() as session:
        with session.begin_nested():
            put(session)
        assert sent == []
        session.commit()
    assert len(sent) == 1


def test_a_broker_that_fails_does_not_fail_the_commit(factory, monkeypatch):
    def broken(task, arguments):
        raise OSError("no broker")

    monkeypatch.setattr(wakeups, "send", broken)
    with factory() as session:
        put(session)
        session.commit()
        assert session.scalars(select(Job)).one().state is JobState.WAITING


def test_one_dedupe_key_is_one_job_also_for_somebody_who_may_not_see_it(factory):
    with factory() as session:
        first = put(session, dedupe_key="report:7")
        session.commit()
        with acting_as(Actor(user_id=99)):
            second = put(session, dedupe_key="report:7", title="Başka")
        assert (second.id, second.title) == (first.id, "Kopyala")
        assert put(session).id != put(session).id


def test_the_creator_is_kept(factory):
    with factory() as session, acting_as(Actor(user_id=5, name="Ayşe")):
        assert put(session).created_by_id == 5


def test_a_job_is_taken_by_one_worker_only(factory):
    with factory() as session:
        for _ in range(40):
            put(session)
        session.commit()
    taken, faults = Counter(), []
    start = threading.Barrier(4)

    def work():
        try:
            with acting_as(SYSTEM):
                start.wait()
                while job := claimed(factory):
                    taken[job.id] += 1
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert faults == []
    assert len(taken) == 40
    assert set(taken.values()) == {1}


def test_claim_keeps_the_limit_and_takes_the_oldest_first(factory):
    now = clock.now()
    with factory() as session:
        ages = [1, 9, 5]
        ids = [put(session, run_after=now - dt.timedelta(minutes=a)).id for a in ages]
        found = jobs.claim(session, now=now, limit=2)
        assert [job.id for job in found] == [ids[1], ids[2]]
        assert all(job.state is JobState.RUNNING and job.attempts == 1 for job in found)


def test_a_job_for_later_is_not_taken_before_its_time(factory, sent):
    later = clock.now() + dt.timedelta(hours=1)
    with factory() as session:
        put(session, run_after=later)
        session.commit()
    assert sent == []
    assert claimed(factory) is None
    assert claimed(factory, later + dt.timedelta(seconds=1)) is not None


def test_a_dead_workers_job_is_taken_again_after_its_lease_and_not_before(factory):
    now = clock.now()
    with factory() as session:
        put(session, run_after=now)
        session.commit()
    first = claimed(factory, now)
    assert claimed(factory, now + LEASE - dt.timedelta(seconds=1)) is None
    second = claimed(factory, now + LEASE + dt.timedelta(seconds=1))
    assert (second.id, second.attempts) == (first.id, 2)
    assert second.lease_token != first.lease_token
    # The first worker was only slow: nothing that it does now counts.
    with factory() as session:
        assert not jobs.extend_lease(session, job_id=first.id, token=first.lease_token, now=now)
        with pytest.raises(jobs.LeaseLostError):
            jobs.progress(session, job_id=first.id, token=first.lease_token, percent=5)
        with pytest.raises(jobs.LeaseLostError):
            jobs.finish(session, job=first, token=first.lease_token, result={})
        session.rollback()
        jobs.finish(session, job=second, result={"rows": 3})
        session.commit()
        row = session.get(Job, first.id)
        assert (row.state, row.result, row.progress) == (JobState.DONE, {"rows": 3}, 100)


def test_an_extended_lease_keeps_the_job(factory):
    now = clock.now()
    with factory() as session:
        put(session, run_after=now)
        session.commit()
    job = claimed(factory, now)
    with factory() as session:
        assert jobs.extend_lease(session, job_id=job.id, token=job.lease_token, now=now + LEASE)
        session.commit()
    assert claimed(factory, now + LEASE + LEASE / 2) is None


def test_progress_is_seen_by_the_page_and_bounded(factory):
    with factory() as session:
        put(session)
        session.commit()
    job = claimed(factory)
    with factory() as session:
        jobs.progress(session, job_id=job.id, token=job.lease_token, percent=140, step="s" * 300)
        session.commit()
    with factory() as page:
        status = job_queries.find_job_status(page, job.id)
        assert (status.percent, len(status.step), status.ended) == (100, 200, False)


def test_a_failed_try_waits_and_the_last_one_is_shown_to_its_creator(factory):
    now = clock.now()
    with factory() as session, acting_as(Actor(user_id=5)):
        put(session, run_after=now)
        session.commit()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        job = claimed(factory, now)
        with factory() as session:
            again = jobs.fail(session, job=job, error="Dosya okunamadı.", now=now)
            session.commit()
        assert again is (attempt < MAX_ATTEMPTS)
        if again:
            assert claimed(factory, now + dt.timedelta(seconds=1)) is None
            now += dt.timedelta(seconds=retry_delay_seconds(attempt) + 1)
    with factory() as session:
        row = session.scalars(select(Job)).one()
        assert (row.state, row.error) == (JobState.FAILED, "Dosya okunamadı.")
        told = session.scalars(select(Notification)).one()
        assert (told.user_id, told.owner_type, told.owner_id) == (5, "Job", row.id)
        assert "Kopyala" in told.subject
    assert claimed(factory, now + dt.timedelta(days=1)) is None


def test_a_hopeless_job_is_not_tried_again(factory):
    with factory() as session:
        put(session)
        session.commit()
    job = claimed(factory)
    with factory() as session:
        assert jobs.fail(session, job=job, error="x", may_retry=False) is False


def test_a_job_that_kills_every_worker_is_given_up_by_the_sweep(factory):
    now = clock.now()
    with factory() as session, acting_as(Actor(user_id=5)):
        put(session, run_after=now)
        session.commit()
    for _ in range(MAX_ATTEMPTS):
        assert claimed(factory, now) is not None
        now += LEASE + dt.timedelta(seconds=1)
    assert claimed(factory, now) is None
    with factory() as session:
        assert jobs.sweep(session, now=now).given_up == 1
        session.commit()
        assert session.scalars(select(Job)).one().state is JobState.FAILED
        assert session.scalars(select(Notification)).one().user_id == 5
        assert jobs.sweep(session, now=now).given_up == 0


def test_the_sweep_finds_what_nobody_was_woken_for(factory):
    now = clock.now()
    with factory() as session:
        waiting = put(session, run_after=now)
        put(session, run_after=now + dt.timedelta(hours=1))
        session.commit()
        assert jobs.sweep(session, now=now).due == (waiting.id,)
    claimed(factory, now)
    with factory() as session:
        assert jobs.sweep(session, now=now).due == ()
        assert jobs.sweep(session, now=now + LEASE * 2).due == (waiting.id,)


def test_a_stopping_worker_hands_its_jobs_back_without_counting_the_try(factory):
    with factory() as session:
        put(session)
        session.commit()
    job = claimed(factory)
    with factory() as session:
        assert jobs.release(session, tokens=[job.lease_token]) == 1
        session.commit()
    again = claimed(factory)
    assert (again.id, again.attempts) == (job.id, 1)


def test_cancelling_stops_a_waiting_job_at_once_and_a_running_one_at_its_next_step(factory):
    with factory() as session:
        waiting, running = put(session), put(session)
        session.commit()
        jobs.cancel(session, job=waiting)
        session.commit()
    held = claimed(factory)
    assert held.id == running.id
    with factory() as session:
        assert jobs.cancel(session, job=session.get(Job, running.id)).state is JobState.CANCELLED
        session.commit()
        with pytest.raises(jobs.LeaseLostError):
            jobs.progress(session, job_id=held.id, token=held.lease_token, percent=50)
        with pytest.raises(RuleViolation):
            jobs.cancel(session, job=session.get(Job, running.id))


def test_only_failed_or_cancelled_jobs_are_tried_again(factory, sent):
    with factory() as session:
        job = put(session)
        session.commit()
        with pytest.raises(RuleViolation):
            jobs.retry(session, job=job)
        jobs.cancel(session, job=job)
        session.commit()
        sent.clear()
        jobs.retry(session, job=job)
        session.commit()
        assert (job.state, job.attempts) == (JobState.WAITING, 0)
        assert sent == [("system.run_job", (job.id,))]


def test_cancel_believes_the_row_and_not_the_copy_in_hand(factory):
    with factory() as session:
        copy = put(session)
        session.commit()
        with factory() as other:
            other.execute(update(Job).values(state=JobState.DONE))
            other.commit()
        assert copy.state is JobState.WAITING
        with pytest.raises(RuleViolation):
            jobs.cancel(session, job=copy)


def test_the_actor_of_a_job_is_its_creator(factory, monkeypatch):
    ayse = Actor(user_id=5, name="Ayşe")
    monkeypatch.setattr(jobs, "load_actor", lambda session, user_id: {5: ayse}.get(user_id))
    with factory() as session:
        assert jobs.actor_of_job(session, put(session)) is SYSTEM
        with acting_as(ayse):
            own = put(session)
        with acting_as(Actor(user_id=6)):
            left = put(session)
        assert jobs.actor_of_job(session, own) is ayse
        with pytest.raises(RuleViolation):
            jobs.actor_of_job(session, left)


def test_figures_about_the_queue(factory):
    now = clock.now()
    with factory() as session:
        assert job_queries.queue_age_seconds(session, now=now) == 0
        put(session, run_after=now - dt.timedelta(seconds=90))
        put(session, run_after=now + dt.timedelta(seconds=90))
        session.commit()
        assert round(job_queries.queue_age_seconds(session, now=now)) == 90
        assert job_queries.count_jobs(session)[JobState.WAITING] == 2
