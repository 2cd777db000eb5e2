"""Promise 40: with the broker away people go on working, nothing is lost, and all is made up for."""

from __future__ import annotations

import time

import pytest

from tests.system.plant import plant, redis

pytestmark = pytest.mark.worker


def test_a_folder_that_cannot_be_written_to(tmp_path, monkeypatch):
    with plant(tmp_path, monkeypatch) as works:
        works.start()
        works.put(1)
        works.wait(works.all_done(1))
        folder, away = tmp_path / "broker", tmp_path / "broker-away"
        folder.rename(away)
        # A file where the folder should be: even root cannot write into it.
        folder.write_text("")
        began = time.monotonic()
        works.put(20, first=1)
        assert time.monotonic() - began < 5
        time.sleep(1)
        assert works.states()["waiting"] == 20
        folder.unlink()
        away.rename(folder)
        works.wait(works.all_done(21))
        assert works.effects() == list(range(21))


def test_a_folder_that_is_not_there_is_made(tmp_path, monkeypatch):
    import shutil

    with plant(tmp_path, monkeypatch) as works:
        works.start()
        works.put(1)
        works.wait(works.all_done(1))
        shutil.rmtree(tmp_path / "broker")
        works.put(5, first=1)
        works.wait(works.all_done(6))
        assert works.effects() == list(range(6))
        assert (tmp_path / "broker").is_dir()


def test_redis_killed_and_started_again_without_its_memory(tmp_path, monkeypatch):
    with redis(tmp_path) as server, plant(tmp_path, monkeypatch, server.url) as works:
        worker = works.start()
        works.put(3)
        works.wait(works.all_done(3))
        server.kill()
        began = time.monotonic()
        works.put(20, first=3)
        assert time.monotonic() - began < 5, "people waited for the broker"
        assert works.states() == {"done": 3, "waiting": 20}
        server.start()
        works.wait(works.all_done(23))
        assert works.effects() == list(range(23))
        assert worker.poll() is None


def test_redis_killed_during_work_and_the_worker_goes_on(tmp_path, monkeypatch):
    with redis(tmp_path) as server, plant(tmp_path, monkeypatch, server.url) as works:
        worker = works.start()
        works.put(3, seconds=3)
        works.wait(lambda: len(works.lines("began")) == 3)
        # What was begun ends without a broker, and its messages can no longer be acknowledged.
        server.kill()
        works.wait(works.all_done(3))
        works.put(5, first=3)
        server.start()
        works.wait(works.all_done(8))
        assert works.effects() == list(range(8))
        assert worker.poll() is None
