"""`make run`: from nothing to a page, and what it says when a part of it ends."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.conftest import free_port

pytestmark = pytest.mark.worker
ROOT = Path(__file__).resolve().parents[2]


class Served:
    """The process that `make run` starts, and what it has said."""

    def __init__(self, data: Path, port: int) -> None:
        self.address, self._said = f"http://127.0.0.1:{port}", data / "said.log"
        env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("HALKLA_")},
            "HALKLA_DATA": str(data),
            "HALKLA_DEMO_APPLICATIONS": "20",
            "PORT": str(port),
        }
        # The first half of `make run`: keys, texts, the bundle of charts.
        subprocess.run([sys.executable, "-m", "bin.setup"], cwd=ROOT, env=env, check=True)
        with self._said.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bin.serve"], cwd=ROOT, env=env, stdout=log, stderr=log
            )

    @property
    def said(self) -> str:
        return self._said.read_text(encoding="utf-8", errors="replace")

    def wait_for(self, words: str, seconds: float = 180) -> None:
        deadline = time.monotonic() + seconds
        while words not in self.said:
            assert self.process.poll() is None, self.said[-3000:]
            assert time.monotonic() < deadline, self.said[-3000:]
            time.sleep(0.1)

    def worker(self) -> int:
        """The worker that it keeps beside the web server."""
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                parent = re.search(r"^PPid:\s+(\d+)$", status.read_text(), re.M)
                command = status.with_name("cmdline").read_text().split("\0")
            except OSError:
                continue
            if parent and int(parent[1]) == self.process.pid and "work" in command:
                return int(status.parent.name)
        raise AssertionError("there is no worker")


@contextmanager
def served(data: Path, port: int) -> Iterator[Served]:
    house = Served(data, port)
    try:
        yield house
    finally:
        house.process.terminate()
        house.process.wait(60)


@pytest.fixture
def port() -> int:
    return free_port()


def test_a_machine_that_has_nothing_shows_the_door_and_ends_in_order(tmp_path, port):
    with served(tmp_path, port) as house:
        house.wait_for("Durdurmak için Ctrl+C")
        assert house.address in house.said
        password = (tmp_path / "demo-password.txt").read_text()
        assert f"Parola (hepsi için): {password}" in house.said
        with urllib.request.urlopen(f"{house.address}/login/", timeout=30) as page:
            assert "Oturum aç" in page.read().decode()
        house.process.send_signal(signal.SIGINT)
        assert house.process.wait(60) == 0
    # A second start keeps the data and the password, and says so when the worker ends by itself.
    with served(tmp_path, port) as house:
        house.wait_for("Durdurmak için Ctrl+C")
        assert (tmp_path / "demo-password.txt").read_text() == password
        os.kill(house.worker(), signal.SIGKILL)
        assert house.process.wait(60) == 1
        assert "Arka plan işçisi durdu" in house.said


def test_a_door_that_is_taken_is_told_before_anything_is_done(tmp_path, port):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with served(tmp_path, port) as house:
            assert house.process.wait(60) == 1
            assert f"{port} numaralı bağlantı noktası dolu" in house.said
    assert not list(tmp_path.glob("*.db"))
