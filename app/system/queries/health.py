"""Whether the house can work: database, schema, disk, worker. Nothing here changes anything."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.core import clock, places

#: Less free space than this and the house is not ready (bytes).
LEAST_FREE = 200 * 1024 * 1024
#: A worker that has not been heard of for this long is taken for dead (seconds).
HEARTBEAT_LATE = 120

_MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"


@dataclass(frozen=True)
class Check:
    """One answer; `is_vital` ones decide whether requests may be sent here."""

    name: str
    is_well: bool
    detail: str = ""
    is_vital: bool = True


def heartbeat_age() -> float | None:
    """Seconds since the worker last wrote; None when it never did."""
    try:
        found = json.loads((places.data_folder() / "worker.heartbeat").read_text(encoding="ascii"))
        return max((clock.now() - dt.datetime.fromisoformat(found["at"])).total_seconds(), 0.0)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def migration_heads(session: Session) -> tuple[set[str], set[str]]:
    """The migrations that the database has, and those that the program brings."""
    present = set(MigrationContext.configure(session.connection()).get_current_heads())
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return present, set(ScriptDirectory.from_config(config).get_heads())


def _database(session: Session) -> Check:
    session.execute(text("SELECT 1"))
    return Check("database", True)


def _migrations(session: Session) -> Check:
    present, wanted = migration_heads(session)
    missing = (
        ""
        if present == wanted
        else f"{', '.join(sorted(present)) or '–'} ≠ {', '.join(sorted(wanted))}"
    )
    return Check("migrations", present == wanted, missing)


def _disk(session: Session) -> Check:
    folder = places.data_folder()
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    return Check("disk", free >= LEAST_FREE, f"{free // 1024 // 1024} MB")


def _worker(session: Session) -> Check:
    age = heartbeat_age()
    is_well = age is not None and age <= HEARTBEAT_LATE
    return Check("worker", is_well, "–" if age is None else f"{age:.0f} s", is_vital=False)


_CHECKS: tuple[tuple[str, bool, Callable[[Session], Check]], ...] = (
    ("database", True, _database),
    ("migrations", True, _migrations),
    ("disk", True, _disk),
    ("worker", False, _worker),
)


def list_checks(session: Session) -> list[Check]:
    """Every check; one that cannot be made has failed."""
    found = []
    for name, is_vital, make in _CHECKS:
        try:
            found.append(make(session))
        except (SQLAlchemyError, OSError) as fault:
            found.append(Check(name, False, type(fault).__name__, is_vital))
            session.rollback()
    return found
