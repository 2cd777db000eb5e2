"""Real workers on a database and a broker of their own, started, killed and stopped by a test."""

from __future__ import annotations

import atexit
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import Celery
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.acting import SYSTEM, acting_as
from app.core.celery_app import Sender, configure
from app.system.models import Job
from app.system.services import jobs, wakeups
from tests.system.jobs_support import sessions
from tests.tools import program

ROOT = Path(__file__).resolve().parents[2]


#: The same for every worker, since the program reads them when it is loaded.
SHORT = {"HALKLA_SWEEP_SECONDS": "1", "HALKLA_LEASE_SECONDS": "2"}


class Nursery:
    """A process that has loaded the program and forks workers; one for all tests of this process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.system.worker_app", "--nursery"],
            cwd=ROOT,
            env={**os.environ, **SHORT},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        atexit.register(self._process.kill)

    def fork(self, env: dict[str, str], log: Path) -> int:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"env": env, "log": str(log)}) + "\n")
        process.stdin.flush()
        return int(process.stdout.readline())


@functools.cache
def nursery() -> Nursery:
    return Nursery()


class Forked:
    """A worker that the nursery forked, as far as tests look at it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return -1
        return None

    def send_signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self) -> None:
        while self.poll() is None:
            time.sleep(0.01)


Worker = subprocess.Popen[bytes] | Forked


class Plant:
    """A data folder with its database, and the worker processes that work in it."""

    def __init__(
        self, data: Path, factory: Callable[[], Session], broker: str, **env: object
    ) -> None:
        self.data, self.session = data, factory
        self.workers: list[Worker] = []
        self.env = {
            **os.environ,
            "HALKLA_DATA": str(data),
            "HALKLA_BROKER_URL": broker,
            **SHORT,
            "WORKER_DATABASE": factory.kw["bind"].url.render_as_string(hide_password=False),
            **{name: str(value) for name, value in env.items()},
        }
        # A process that writes rows, as a web worker does, with a sender of its own.
        self.celery = Celery("probe")
        configure(self.celery, url=broker, data=data)
        self.sender = Sender(self.celery)

    def start(self) -> Forked:
        """Start a worker at once."""
        worker = Forked(nursery().fork(self.env, self.data / "worker.log"))
        self.workers.append(worker)
        return worker

    def start_alone(self) -> subprocess.Popen[bytes]:
        """Start a worker as people do, whose exit code can be asked for."""
        with (self.data / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "tests.system.worker_app"],
                cwd=ROOT,
                env=self.env,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        self.workers.append(worker)
        return worker

    def kill(self, worker: Worker) -> None:
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    def end(self) -> None:
        for worker in self.workers:
            if worker.poll() is None:
                self.kill(worker)

    def put(self, count: int, first: int = 0, **arguments: object) -> None:
        """Write jobs one transaction each, waking workers as the web does."""
        for n in range(first, first + count):
            with self.session() as session:
                jobs.enqueue(
                    session,
                    kind="test.copy",
                    title=f"İş {n}",
                    arguments={"n": n, **arguments},
                    dedupe_key=f"copy:{n}",
                )
                session.commit()

    def states(self) -> Counter[str]:
        with self.session() as session:
            rows = session.execute(
                text("SELECT state, count(*) FROM system_job WHERE kind <> 'beat' GROUP BY state")
            ).all()
        return Counter(dict(rows))

    def effects(self) -> list[int]:
        """What the jobs wrote into the database."""
        with self.session() as session:
            return sorted(session.scalars(text("SELECT n FROM effect")))

    def lines(self, name: str) -> list[str]:
        path = self.data / name
        return path.read_text().split() if path.exists() else []

    def wait(self, condition: Callable[[], bool], seconds: float = 45) -> float:
        """Wait until the condition holds; returns how long it took, fails with the worker's log."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > seconds:
                log = (self.data / "worker.log").read_text(errors="replace")[-3000:]
                pytest.fail(f"not within {seconds} s; {self.states()}\n{log}")
            time.sleep(0.1)
        return time.monotonic() - began

    def all_done(self, count: int) -> Callable[[], bool]:
        return lambda: self.states() == {"done": count}

    def job(self, n: int) -> Job:
        with self.session() as session:
            return session.query(Job).filter_by(dedupe_key=f"copy:{n}").one()


@contextmanager
def plant(
    data: Path, monkeypatch: pytest.MonkeyPatch, broker: str = "", **env: object
) -> Iterator[Plant]:
    """A plant without workers yet; every process of it is gone afterwards."""
    from app.core.database import set_write_intent

    set_write_intent(True)
    with sessions(data) as factory, acting_as(SYSTEM):
        with factory() as session:
            session.execute(text("CREATE TABLE effect (n INTEGER NOT NULL)"))
            session.commit()
        made = Plant(data, factory, broker, **env)
        monkeypatch.setattr(wakeups, "send", made.sender)
        try:
            yield made
        finally:
            made.end()


class Redis:
    """A Redis server of this test alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                "--appendonly", "no", "--dir", str(self.folder),
            ],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        pytest.fail("redis-server did not start")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextmanager
def redis(folder: Path) -> Iterator[Redis]:
    """A running Redis."""
    program("redis-server", package="redis-server")
    server = Redis(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
