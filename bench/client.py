"""What the bench measures with: a signed-in client, memory of a process, one value of the database."""

from __future__ import annotations

import http.client
import re
import statistics
import subprocess
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "Deneme-parolasi-2026"
RUNS = 25


@dataclass
class Figure:
    """One measured screen."""

    name: str
    median: float
    worst: float
    size: int


class Visitor:
    """A signed-in client on one connection."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}

    def request(
        self, method: str, path: str, fields: dict[str, str] | None = None
    ) -> tuple[int, str, dict[str, str], float]:
        """(status, body, headers, seconds)."""
        body = urllib.parse.urlencode(fields).encode() if fields is not None else None
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The server closes an idle connection after two seconds.
            self.connection.close()
            started = time.perf_counter()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        seconds = time.perf_counter() - started
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, _sign, rest = value.partition("=")
            self.cookies[name] = rest.split(";")[0]
        return answer.status, text, dict(answer.headers), seconds

    def token(self, path: str) -> str:
        """The CSRF token of a page."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.request("GET", path)[1])
        assert found is not None, path
        return found.group(1)

    def sign_in(self, username: str) -> None:
        """Through the form, as people do."""
        status, *_rest = self.request(
            "POST",
            "/login/",
            {"csrf_token": self.token("/login/"), "username": username, "password": PASSWORD},
        )
        assert status == 302, status


def memory_mb(pid: int) -> float:
    """Resident memory of a process and its children."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "status").read_text()
        except OSError:
            continue
        ids = {
            key: int(found.group(1))
            for key in ("Pid", "PPid")
            if (found := re.search(rf"^{key}:\s+(\d+)", status, re.M))
        }
        if pid in ids.values() and (rss := re.search(r"^VmRSS:\s+(\d+)", status, re.M)):
            total += int(rss.group(1))
    return total / 1024


def measure(visitor: Visitor, name: str, path: str, runs: int = RUNS) -> Figure:
    """Median and worst of some requests after two warm ones."""
    times: list[float] = []
    size = 0
    for index in range(runs + 2):
        status, text, _headers, seconds = visitor.request("GET", path)
        assert status == 200, (path, status)
        size = len(text)
        if index > 1:
            times.append(seconds * 1000)
    return statistics_of(name, times, size)


def statistics_of(name: str, times: list[float], size: int) -> Figure:
    """The figure of some times (milliseconds), told on the screen as well."""
    figure = Figure(name, statistics.median(times), max(times), size)
    print(f"{name}: {figure.median:.0f} ms", flush=True)
    return figure


def links_of_lists(visitor: Visitor) -> list[tuple[str, str]]:
    """Every list in the side menu of the visitor: (name, address)."""
    page = visitor.request("GET", "/")[1]
    found = re.findall(r'<a[^>]*href="(/[\w-]+/list/)"[^>]*>(.*?)</a>', page, re.S)
    names = {path: re.sub(r"<[^>]+>|\s+", " ", inner).strip() for path, inner in found}
    return [(re.sub(r"\s*\d+$", "", name), path) for path, name in names.items()]


def ask(server_url: str, sql: str) -> str:
    """One value from the database."""
    done = subprocess.run(
        ["psql", server_url, "-Atc", sql], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()
