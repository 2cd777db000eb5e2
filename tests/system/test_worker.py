"""A real worker: what it does, how it shows faults, and how it ends."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text

from app.core import clock
from app.system.models import Job, Notification
from app.system.services import jobs
from tests.system.plant import plant, redis

pytestmark = pytest.mark.worker


def test_it_works_shows_faults_without_names_and_ends_in_order(tmp_path, monkeypatch):
    with plant(tmp_path, monkeypatch) as works:
        worker = works.start_alone()
        works.put(6)
        with works.session() as session:
            bad = jobs.enqueue(session, kind="test.breaks", title="Bozuk", arguments={})
            unknown = jobs.enqueue(session, kind="test.unknown", title="Yok", arguments={})
            session.commit()
        works.wait(lambda: works.states() == {"done": 6, "waiting": 2})
        with works.session() as session:
            row = session.get(Job, bad.id)
            assert (row.attempts, "ValueError" in row.error) == (1, True)
            assert "Ayşe" not in row.error
            assert "LookupError" in session.get(Job, unknown.id).error
        # What a broken job wrote is undone with it.
        assert works.effects() == list(range(6))
        log = (tmp_path / "worker.log").read_text()
        assert "ValueError at worker_app.py" in log
        assert "Ayşe" not in log
        assert "10000000146" not in log

        works.wait(lambda: (tmp_path / "worker.heartbeat").exists())
        beat = json.loads((tmp_path / "worker.heartbeat").read_text())
        assert beat["pid"] == worker.pid
        assert abs((clock.now() - clock.dt.datetime.fromisoformat(beat["at"])).total_seconds()) < 10

        # The work would take minutes: who ends before its grace is over has not waited for it.
        works.put(6, first=10, seconds=600, steps=600)
        works.wait(lambda: works.states()["running"] == 3)
        worker.terminate()
        assert worker.wait(60) == 0
        assert "grace time" not in (tmp_path / "worker.log").read_text()
        # What was not finished waits again and has lost no try.
        assert "running" not in works.states()
        assert {works.job(n).attempts for n in range(10, 16)} <= {0, 1}
        unfinished = [n for n in range(10, 16) if works.job(n).state == "waiting"]
        assert unfinished
        assert {works.job(n).attempts for n in unfinished} == {0}


def test_work_that_does_not_look_up_is_handed_back_at_the_end_of_the_grace_time(
    tmp_path, monkeypatch
):
    with plant(tmp_path, monkeypatch, WORKER_GRACE=2) as works:
        worker = works.start_alone()
        with works.session() as session:
            job = jobs.enqueue(session, kind="test.deaf", title="Sağır", arguments={"n": 1})
            session.commit()
        works.wait(lambda: works.lines("began") == ["1"])
        worker.terminate()
        assert worker.wait(40) == 0
        with works.session() as session:
            row = session.get(Job, job.id)
            assert (row.state, row.attempts, row.lease_token) == ("waiting", 0, None)


def test_long_work_leaves_a_thread_for_the_timetable_and_keeps_its_lease(tmp_path, monkeypatch):
    with plant(tmp_path, monkeypatch) as works:
        works.start()
        works.put(5, seconds=5)
        works.wait(lambda: works.states()["running"] == 3)
        # Longer than two leases: the turns go on and no job is taken a second time.
        scans = len(works.lines("scans"))
        works.wait(lambda: len(works.lines("scans")) >= scans + 3)
        works.wait(lambda: works.states()["done"] >= 3)
        assert sorted(works.lines("began"))[:3] == ["0", "1", "2"]
        assert {works.job(n).attempts for n in range(3)} == {1}


def test_a_cancelled_job_stops_at_its_next_step(tmp_path, monkeypatch):
    with plant(tmp_path, monkeypatch) as works:
        works.start()
        works.put(1, seconds=4)
        works.wait(lambda: works.lines("began") == ["0"])
        with works.session() as session:
            jobs.cancel(
                session, job=session.scalars(select(Job).where(Job.kind == "test.copy")).one()
            )
            session.commit()
        works.put(1, first=1)
        works.wait(lambda: works.states() == {"cancelled": 1, "done": 1})
        assert works.effects() == [1]
        with works.session() as session:
            assert session.scalars(select(Notification)).all() == []


def test_forked_workers_work_on_redis_and_end_in_order(tmp_path, monkeypatch):
    with (
        redis(tmp_path) as server,
        plant(tmp_path, monkeypatch, server.url, WORKER_POOL="prefork") as works,
    ):
        worker = works.start_alone()
        works.put(10)
        works.wait(works.all_done(10))
        works.put(4, first=10, seconds=600, steps=600)
        works.wait(lambda: works.states()["running"] >= 2)
        worker.terminate()
        assert worker.wait(60) == 0
        assert "grace time" not in (tmp_path / "worker.log").read_text()
        assert set(works.states()) == {"done", "waiting"}
        unfinished = [n for n in range(10, 14) if works.job(n).state == "waiting"]
        assert {works.job(n).attempts for n in unfinished} == {0}


def test_progress_is_visible_while_the_work_goes_on(tmp_path, monkeypatch):
    with plant(tmp_path, monkeypatch) as works:
        works.start()
        works.put(1, seconds=4)
        seen = set()

        def look():
            with works.session() as session:
                seen.add(
                    tuple(
                        session.execute(
                            text("SELECT progress, step FROM system_job WHERE kind = 'test.copy'")
                        ).one()
                    )
                )
            return works.states() == {"done": 1}

        works.wait(look)
        assert {(25, "adım 1"), (50, "adım 2"), (100, "")} <= seen
