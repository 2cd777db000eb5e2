"""`make bench`: 200,000 demo applications and 1,000,000 calls on PostgreSQL, measured over HTTP."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.applications import measure_applications
from bench.client import PASSWORD, RUNS, Figure, Visitor, ask, links_of_lists, measure, memory_mb
from bin.testing import postgres

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
ROWS = int(os.environ.get("HALKLA_BENCH_ROWS", "200000"))
CALLS = int(os.environ.get("HALKLA_BENCH_CALLS", "1000000"))
LIMIT_MS = 100
LIMIT_MB = 60
PORT = 8097

#: People who see other rows than the manager, and so ask with other conditions.
OTHERS = (
    ("Every list of the chief’s menu, without restricted cases", "sef"),
    ("Every list of the information officer’s menu, likewise", "bilgi"),
    ("Every list of the operator’s menu", "operator"),
    ("Every list of a unit’s menu", "birim"),
)

Tables = list[tuple[str, list[Figure], bool]]


def main() -> None:
    """Load, measure, write."""
    with postgres() as server, tempfile.TemporaryDirectory() as data:
        subprocess.run(
            ["psql", server, "-qc", "CREATE DATABASE bench TEMPLATE template0"], check=True
        )
        url = server.replace("/postgres?", "/bench?")
        env = {
            **os.environ,
            "HALKLA_PROFILE": "local",
            "HALKLA_DATA": data,
            "HALKLA_DATABASE_URL": url,
            "HALKLA_SECRET_KEY": "bench-key-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFGH",
            "HALKLA_DEMO_PASSWORD": PASSWORD,
        }
        seconds = load(env)
        ask(url, "VACUUM ANALYZE")
        web = subprocess.Popen(
            [str(BIN / "gunicorn"), "run:app", "--bind", f"127.0.0.1:{PORT}", "--workers", "1",
             "--threads", "4", "--no-control-socket"],
            cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            tables, growth = run(url, web.pid, env)
        finally:
            web.terminate()
            web.wait(30)
    write(tables, growth, seconds)
    slow = [
        figure.name
        for _title, figures, is_held in tables
        for figure in figures
        if is_held and figure.median > LIMIT_MS
    ]
    if slow or growth > LIMIT_MB:
        sys.exit(f"over the bar: {', '.join(slow)} ({growth:.0f} MB)")


def load(env: dict[str, str]) -> float:
    """Tables, reference data, demo data and calls; returns the seconds of the demo data."""

    def quietly(*arguments: str) -> None:
        subprocess.run(
            arguments, cwd=ROOT, env=env, check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    flask = (str(BIN / "flask"), "--app", "run")
    for arguments in (("db", "upgrade"), ("roles", "sync"), ("seed",)):
        quietly(*flask, *arguments)
    started = time.monotonic()
    quietly(*flask, "demo", "load", "--applications", str(ROWS), "--seed", "59")
    seconds = time.monotonic() - started
    quietly(sys.executable, "-m", "bench.calls", "load", str(CALLS))
    return seconds


def wait_until_up() -> None:
    """Return when the web server answers; TimeoutError after half a minute."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health/live", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the web server does not answer")


def run(url: str, pid: int, env: dict[str, str]) -> tuple[Tables, float]:
    """All screens as manager, and all lists as those who see other rows."""
    wait_until_up()
    people = {name: Visitor(PORT) for name in ("mudur", "sef", "bilgi", "birim", "operator")}
    for name, visitor in people.items():
        visitor.sign_in(name)
        visitor.request("GET", "/applications/list/")
    manager = people["mudur"]
    for path in ("/applications/new/", "/calls/list/"):
        manager.request("GET", path)
    before = memory_mb(pid)
    told = subprocess.run(
        [sys.executable, "-m", "bench.calls", "paths"],
        cwd=ROOT, env=env, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    calls = [line.split("\t") for line in told.splitlines() if "\t" in line]
    tables: Tables = [
        ("Applications", measure_applications(manager, url, rows=ROWS), True),
        (
            "Calls",
            [
                measure(people["operator" if path == "/calls/now/" else "mudur"], name, path)
                for name, path in calls
                if "/charts/" not in path
            ],
            True,
        ),
        (
            "Every list of the manager’s menu",
            [measure(manager, *link) for link in links_of_lists(manager)],
            True,
        ),
        (
            "Seen, outside the bar: pages that add up",
            [
                measure(manager, "Ana sayfa (müdür)", "/"),
                *(
                    measure(people[who], f"Ana sayfa ({name})", "/")
                    for who, name in (("sef", "şef"), ("operator", "operatör"), ("birim", "birim"))
                ),
                *(measure(manager, name, path) for name, path in calls if "/charts/" in path),
            ],
            False,
        ),
    ]
    growth = memory_mb(pid) - before
    # After the growth is taken: each kind of person fills caches of statements, which are bounded.
    tables += [
        (title, [measure(people[who], *link) for link in links_of_lists(people[who])], True)
        for title, who in OTHERS
    ]
    return tables, growth


def write(tables: Tables, growth: float, seconds: float) -> None:
    """Put the figures into docs/performance.md, and on the screen."""
    amount = f"{ROWS:,} demo applications and {CALLS:,} calls".replace(",", ".")
    lines = [
        "# Performance",
        "",
        f"Measured by `make bench`: {amount} on PostgreSQL, one gunicorn worker with four threads,",
        (
            f"{os.cpu_count()} cores, Python {platform.python_version()}; whole requests over loopback, "
            f"{RUNS} each after two warm ones."
        ),
        f"The bar: at most {LIMIT_MS} ms at the median, at most {LIMIT_MB} MB of growth.",
        "",
    ]
    for title, figures, _is_held in tables:
        lines += [f"## {title}", "", "| Screen | median ms | slowest ms | page kB |"]
        lines += ["|---|---:|---:|---:|"]
        lines += [
            f"| {f.name} | {f.median:.0f} | {f.worst:.0f} | {f.size // 1024} |" for f in figures
        ]
        lines += [""]
    lines += [
        (
            f"Growth of the web process over the first four tables: {growth:.0f} MB. "
            f"Loading the demo applications took {seconds:.0f} s."
        ),
        "",
    ]
    text = "\n".join(lines)
    target = ROOT / "docs" / "performance.md"
    old = target.read_text(encoding="utf-8") if target.exists() else ""
    _head, mark, rest = old.partition("\n<!-- by hand -->\n")
    target.write_text(text + (mark + rest if mark else ""), encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
