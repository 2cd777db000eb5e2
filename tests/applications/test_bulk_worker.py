"""Acts over many applications with real workers: killed in the middle, and two of them at once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import pytest

from tests.browser.conftest import BIN, PASSWORD, ROOT, Site

pytestmark = pytest.mark.worker

#: Order an act for the open cases, as the manager would: picked, previewed, confirmed.
ORDER = """
from sqlalchemy import select
from app.applications.models import Application
from app.applications.rules import BulkAct
from app.applications.services import bulk
from app.models import StaffUser
from app.system.services import jobs
from app.system.services.settings import set_setting
person = session.scalars(select(StaffUser.id).where(StaffUser.username == "mudur")).one()
actor = jobs.load_actor(session, person)
set_setting(session, key="bulk_four_eyes_rows", value="0")
cases = session.scalars(select(Application).where(
    Application.is_restricted.is_(False), Application.state.in_({states})).order_by(Application.id)).all()
with acting_as(actor):
    for arguments in {arguments}:
        run = bulk.create_run(session, act=BulkAct.{act}, application_ids=[c.id for c in cases], actor=actor)
        bulk.prepare_run(session, run=run, arguments=eval(arguments), actor=actor)
        bulk.confirm_run(session, run=run, actor=actor, reason="Deneme için toplu işlem")
        print("RUN", run.id, run.ready_rows)
"""


class House(Site):
    """A database with demo cases, and the workers that are started on it."""

    workers: list[subprocess.Popen[bytes]]

    def work(self) -> subprocess.Popen[bytes]:
        with (self.data / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [str(BIN / "flask"), "--app", "run", "work"],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
            )
        self.workers.append(worker)
        return worker

    def order(self, act: str, states: list[str], *arguments: str) -> list[tuple[int, int]]:
        """Ordered runs, as (id, ready rows)."""
        out = self.python(ORDER.format(act=act, states=states, arguments=list(arguments)))
        lines = [line.split() for line in out.splitlines() if line.startswith("RUN ")]
        return [(int(pk), int(ready)) for _word, pk, ready in lines]

    def rows(self, statement: str, **values: Any) -> list[Any]:
        with closing(sqlite3.connect(next(self.data.glob("*.db")))) as connection:
            return list(connection.execute(statement, values))

    def wait(self, condition: Callable[[], Any], seconds: float = 240) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := condition():
                return found
            time.sleep(0.005)
        raise AssertionError((self.data / "worker.log").read_text()[-3_000:])

    def state_of(self, run: int) -> str:
        return self.rows("SELECT state FROM applications_bulk_run WHERE id = :id", id=run)[0][0]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    data = tmp_path_factory.mktemp("bulk")
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("HALKLA_")},
        "HALKLA_DATA": str(data),
        "HALKLA_PROFILE": "local",
        "HALKLA_SECRET_KEY": "worker-key-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFGH",
        "HALKLA_DEMO_PASSWORD": PASSWORD,
        "HALKLA_SWEEP_SECONDS": "1",
        "HALKLA_LEASE_SECONDS": "3",
    }
    made = House("", data, env)
    made.workers = []
    for arguments in (
        ("db", "upgrade"),
        ("roles", "sync"),
        ("seed",),
        ("demo", "load", "--applications", "400", "--seed", "7"),
    ):
        made.flask(*arguments)
    yield made
    made.close()
    for worker in made.workers:
        if worker.poll() is None:
            worker.kill()
        worker.wait(20)


@pytest.fixture(autouse=True)
def stop_workers(house: House) -> Iterator[None]:
    yield
    for worker in house.workers:
        with suppress(ProcessLookupError):
            worker.kill()
        worker.wait(20)
    house.workers.clear()


def test_a_run_survives_the_killing_of_its_workers_and_does_each_case_once(house: House) -> None:
    closed = ["closed", "answered"]
    ((run, ready),) = house.order("NOTE", closed, "{'text': 'Bu not bir kez yazılır.'}")
    assert ready >= 150
    done = "SELECT done_rows FROM applications_bulk_run WHERE id = :id"
    for kill in range(2):
        worker = house.work()
        house.wait(lambda kill=kill: house.rows(done, id=run)[0][0] > kill * 50)
        worker.kill()
        worker.wait(20)
        assert house.state_of(run) == "running"
        # A batch is kept whole or not at all.
        kept = house.rows(done, id=run)[0][0]
        assert kept % 50 == 0
        written = house.rows(
            "SELECT count(*) FROM applications_bulk_row WHERE run_id = :id AND state = 'done'",
            id=run,
        )
        assert written[0][0] == kept
    house.work()
    house.wait(lambda: house.state_of(run) == "done")
    notes = Counter(
        row[0]
        for row in house.rows(
            "SELECT application_id FROM applications_event WHERE note = 'Bu not bir kez yazılır.'"
        )
    )
    assert len(notes) == ready
    assert set(notes.values()) == {1}
    assert house.rows(done, id=run)[0][0] == ready
    ((attempts,),) = house.rows(
        "SELECT j.attempts FROM system_job j JOIN applications_bulk_run r ON r.job_id = j.id"
        " WHERE r.id = :id",
        id=run,
    )
    assert attempts >= 2


def test_two_runs_at_once_do_not_meet_in_one_case(house: House) -> None:
    open_ones = ["registered", "triage", "assigned", "in_progress"]
    runs = house.order("PRIORITY", open_ones, "{'priority': 'urgent'}", "{'priority': 'low'}")
    for _number in range(2):
        house.work()
    house.wait(lambda: all(house.state_of(run) == "done" for run, _ready in runs))
    done = Counter(
        row[0]
        for run, _ready in runs
        for row in house.rows(
            "SELECT application_id FROM applications_bulk_row WHERE run_id = :id AND state = 'done'",
            id=run,
        )
    )
    # What one of them has changed is no longer what the other one looked at.
    wanted = house.rows(
        "SELECT DISTINCT application_id FROM applications_bulk_row"
        " WHERE run_id IN (:a, :b) AND state <> 'barred'",
        a=runs[0][0], b=runs[1][0],
    )  # fmt: skip
    assert len(done) == len(wanted) >= max(ready for _run, ready in runs)
    assert set(done.values()) == {1}
    left = house.rows(
        "SELECT count(*) FROM applications_bulk_row WHERE state = 'ready' AND run_id >= :id",
        id=runs[0][0],
    )
    assert left[0][0] == 0
