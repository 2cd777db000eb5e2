"""`make test`: starts a private PostgreSQL, runs the tests on both databases, stops it again."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

#: Program → Debian package that brings it.
NEEDED = {
    "chromium": "chromium",
    "redis-server": "redis-server",
    "pg_dump": "postgresql-client",
    "pdftotext": "poppler-utils",
}

#: Tests that say something about the database and so run on both.
ON_BOTH = (
    "tests/system",
    "tests/organisation",
    "tests/people",
    "tests/applications",
    "tests/reporting",
    "tests/frontdesk",
    "tests/core/test_database.py",
    "tests/house/test_routes.py",
    "tests/house/test_statements.py",
    "tests/trust/test_03_foreign_records.py",
)


#: Tests in those folders that never meet a database, that start both databases themselves, or that
#: speak of what a page looks like; they run once. Every page is opened on both by the house tests.
ONCE = tuple(
    f"--ignore-glob=*/{name}"
    for name in (
        "test_rules*.py",
        "test_texts*.py",
        "test_*screens*.py",
        "system/test_api_contract.py",
        "system/test_attachments.py",
        "system/test_audit.py",
        "system/test_audit_seal.py",
        "system/test_backup.py",
        "system/test_calendar.py",
        "system/test_numbers.py",
        "system/test_settings.py",
        "applications/test_open311_clients.py",
    )
)


def postgres_programs() -> Path | None:
    """The folder with initdb, newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    path = shutil.which("initdb")
    return Path(path).parent if path else None


def missing_packages() -> list[str]:
    """Debian packages that this machine lacks."""
    lacks = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    return lacks + ([] if postgres_programs() else ["postgresql"])


def get_packages(packages: list[str]) -> None:
    """Install them when that is possible, else say exactly what to type."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=env)
        subprocess.run(
            [
                "apt-get",
                "install",
                "-y",
                "-qq",
                "--no-install-recommends",
                *packages,
                "fonts-liberation",
            ],
            check=False,
            env=env,
            stdout=subprocess.DEVNULL,
        )
    if left := missing_packages():
        print(f"Missing system packages: apt-get install {' '.join(left)}", file=sys.stderr)
        if os.environ.get("CI"):
            sys.exit(1)


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL on a private socket, without a port; its data vanish afterwards."""
    programs = postgres_programs()
    if programs is None:
        yield ""
        return
    folder = Path(tempfile.mkdtemp(prefix="halkla-pg-"))
    data, socket_dir = folder / "data", folder
    prefix: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        prefix = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)}

    def run(*arguments: object) -> None:
        """One program of PostgreSQL as its own user."""
        subprocess.run(
            [*prefix, *map(str, arguments)],
            check=True,
            env=env,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )

    run(
        programs / "initdb",
        "-D",
        data,
        "-U",
        "halkla",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    )
    options = f"-c listen_addresses='' -k {socket_dir} -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c shared_buffers=256MB -c work_mem=16MB -c max_connections=100"
    run(programs / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
    try:
        yield f"postgresql:///postgres?host={socket_dir}&user=halkla"
    finally:
        subprocess.run(
            [*prefix, str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"],
            check=False,
            env=env,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Run what was named, or everything."""
    arguments = [a for a in sys.argv[1:] if a != "tests"]
    whole = not arguments
    if packages := missing_packages():
        get_packages(packages)
    started = time.monotonic()
    # Two processors have work for three: one walks in the browser, one waits for worker processes.
    workers = os.environ.get("HALKLA_TEST_WORKERS", "3")
    code = 0
    with postgres() as server:
        env = dict(os.environ, HALKLA_TEST_POSTGRES=server)
        # Tests start many processes; what one of them has compiled serves the next.
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        # tests/groups.py says what one process does in a row.
        spread = ["-n", workers, "--dist", "loadscope", "--no-loadscope-reorder"]
        base = [sys.executable, "-m", "pytest", "-q", *spread]
        if whole and server:
            on_both = [p for p in ON_BOTH if (ROOT / p).exists()]
            print("— PostgreSQL —", flush=True)
            code |= subprocess.run(
                [*base, "-m", "not browser and not worker", *on_both, *ONCE],
                cwd=ROOT,
                env=dict(env, HALKLA_TEST_DATABASE="postgres"),
                check=False,
            ).returncode
            print(f"— SQLite — (PostgreSQL took {time.monotonic() - started:.0f} s)", flush=True)
        code |= subprocess.run(
            [*base, *(arguments or ["tests"])], cwd=ROOT, env=env, check=False
        ).returncode
    sys.exit(code)


if __name__ == "__main__":
    main()
