"""Promise 37: no job is lost when workers are killed, on the folder broker and on Redis."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext

import pytest

from tests.system.plant import plant, redis

pytestmark = pytest.mark.worker

JOBS = 60
KILLS = 4
#: Long work may take three of the four threads.
AT_ONCE = 3


@pytest.mark.parametrize("broker", ["folder", "redis"])
def test_killing_the_worker_loses_nothing_and_doubles_little(tmp_path, monkeypatch, broker):
    with redis(tmp_path) if broker == "redis" else nullcontext() as server:
        done, seen = kill_and_count(tmp_path, monkeypatch, server.url if server else "")
    assert done == list(range(JOBS)), "each effect counts exactly once"
    assert len(seen) == JOBS


def kill_and_count(data, monkeypatch, url):
    with plant(data, monkeypatch, url) as works:
        # Two workers, so that one is being started while the other is killed in its work.
        workers = [works.start(), works.start()]
        works.put(JOBS, seconds=0.4)
        for kill in range(KILLS):
            works.wait(lambda target=6 + kill * 8: len(works.lines("effects")) >= target)
            works.kill(workers.pop(0))
            workers.append(works.start())
        works.wait(works.all_done(JOBS))
        seen = Counter(works.lines("effects"))
        assert sum(seen.values()) - JOBS <= KILLS * AT_ONCE
        began = Counter(works.lines("began"))
        assert sum(began.values()) > JOBS, "the kills hit no work, so nothing was shown"
        return works.effects(), seen


def test_a_killed_workers_job_is_done_within_its_lease_and_a_sweep(tmp_path, monkeypatch):
    with plant(tmp_path, monkeypatch) as works:
        first = works.start()
        works.put(1, seconds=1.5)
        works.wait(lambda: works.lines("began") == ["0"])
        second = works.start()
        works.wait(lambda: (tmp_path / "worker.heartbeat").exists())
        works.kill(first)
        # Lease 2 s, sweep 1 s, the work itself 1.5 s, and something for busy cores.
        assert works.wait(works.all_done(1)) < 2 + 1 + 1.5 + 6
        assert second.poll() is None
        assert works.job(0).attempts == 2
