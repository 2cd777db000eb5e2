"""A small application around the real tasks: `python -m tests.system.worker_app` is a real worker.

It has the tables of the system room and a room of test handlers, and leaves the rest of the house
out. With `--nursery` the process only loads the program and forks a worker for each line it reads, so
that tests can start workers in no time and kill them often.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

from flask import Flask
from flask_babel import Babel
from sqlalchemy import text


def data() -> Path:
    return Path(os.environ["HALKLA_DATA"])


def note(name: str, line: object) -> None:
    """Append a line to a file in the data folder; survives any kill."""
    with (data() / name).open("a") as file:
        file.write(f"{line}\n")


def copy(session, job, progress):
    """A job with an effect in the database and one in the world."""
    note("began", job.arguments["n"])
    steps = job.arguments.get("steps", 4)
    for step in range(steps):
        time.sleep(job.arguments.get("seconds", 0.05) / steps)
        progress(step * 100 // steps, f"adım {step}")
    session.execute(text("INSERT INTO effect (n) VALUES (:n)"), {"n": job.arguments["n"]})
    note("effects", job.arguments["n"])
    return {"n": job.arguments["n"]}


def deaf(session, job, progress):
    """A job that never looks up."""
    note("began", job.arguments["n"])
    time.sleep(600)
    return {}


def breaks(session, job, progress):
    session.execute(text("INSERT INTO effect (n) VALUES (-1)"))
    raise ValueError("Ayşe Yılmaz 10000000146")


def make_app() -> Flask:
    from app.core import places, rooms, scope
    from app.core.rooms import JobHandler, Room
    from app.extensions import db

    app = Flask("worker_app")
    url = os.environ.get("WORKER_DATABASE") or f"sqlite:///{data() / 'jobs.db'}"
    app.config.update(
        SECRET_KEY="x" * 50,
        HALKLA_DATA=data(),
        SQLALCHEMY_DATABASE_URI=url,
        HALKLA_BROKER_URL=os.environ.get("HALKLA_BROKER_URL", ""),
        HALKLA_SMTP_URL=os.environ.get("HALKLA_SMTP_URL", ""),
        HALKLA_SMS_URL=os.environ.get("HALKLA_SMS_URL", ""),
        HALKLA_MAIL_FROM="halkla@example.org",
    )
    db.init_app(app)
    Babel(app)
    places.set_folders(data(), data() / "files")
    scope.install(db.session)
    handlers = [
        JobHandler("test.copy", copy, 60),
        JobHandler("test.breaks", breaks, 60),
        JobHandler("test.deaf", deaf, 60),
    ]
    rooms.furnish([Room("test", "Test", "x", jobs=handlers)])
    from app import tasks

    tasks.init_app(app)
    return app


def add_scan() -> None:
    """A timetable entry that finds one reminder a round and never writes one twice."""
    import datetime as dt

    from app.extensions import celery
    from app.system import tasks as system
    from app.system.services import reminders
    from app.tasks import SCHEDULE

    for name in [name for name in SCHEDULE if not name.startswith("system.")]:
        # The tables of the other rooms are not here.
        del SCHEDULE[name]

    @celery.task(name="test.find_reminders")
    def find_reminders() -> int:
        note("scans", os.getpid())
        with system.short_transaction() as session:
            written = [
                reminders.write(
                    session,
                    dedupe_key=f"app:{n}:legal_50",
                    owner_type="Application",
                    owner_id=n,
                    kind="legal_50",
                    level="liaison",
                    user_id=1,
                    due_on=None,
                    text="Süre",
                )
                for n in range(20)
            ]
        return len([w for w in written if w])

    SCHEDULE["test.find_reminders"] = {
        "task": "test.find_reminders",
        "schedule": dt.timedelta(seconds=1),
        "description": "Finds reminders",
    }


def main() -> int:
    import logging

    form = logging.Formatter("%(levelname)s %(name)s %(message)s %(fault)s", defaults={"fault": ""})
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(form)
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    app = make_app()
    from app.core import worker
    from app.extensions import celery
    from app.system import tasks as system
    from app.tasks import Timetable

    add_scan()
    pool = os.environ.get("WORKER_POOL", "threads")
    return worker.serve(
        celery,
        tick=Timetable(app).tick,
        hand_back=system.hand_back,
        pool=pool,
        grace=float(os.environ.get("WORKER_GRACE", worker.GRACE_SECONDS)),
    )


def nursery() -> None:
    """Fork a worker for each order on standard input: {"env": …, "log": path}; answers with its pid."""
    import sqlalchemy.dialects.postgresql.psycopg
    import sqlalchemy.dialects.sqlite.pysqlite  # noqa: F401

    import app.tasks  # noqa: F401

    # The dead are buried by the kernel; whoever wants to know asks for the pid.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                os.environ.clear()
                os.environ.update(order["env"])
                log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
                os.dup2(os.open(os.devnull, os.O_RDWR), 0)
                os.dup2(log, 1)
                os.dup2(log, 2)
                code = main()
            finally:
                os._exit(code)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(nursery() if "--nursery" in sys.argv else main())
