"""Sealing and checking the audit trail, and the head that is noted outside the database."""

from __future__ import annotations

import logging
from collections.abc import Generator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Table, bindparam, func, select, text, update
from sqlalchemy.orm import Session

from app.core import clock, places
from app.system.models import AuditEvent
from app.system.rules import GENESIS, SEALED_FIELDS, Head, VerifyResult, check_chain, seal_hash

log = logging.getLogger(__name__)

#: Rows are read and written in parts of this size, so that memory stays small.
CHUNK = 5_000
#: Name of the lock that lets one process seal at a time on PostgreSQL.
_LOCK = 7_302_411
_HEADS = "audit-heads.log"

_events: Table = AuditEvent.__table__
_seal_columns = [_events.c[name] for name in (*SEALED_FIELDS, "seal_no", "previous_hash", "hash")]


def seal(session: Session) -> int:
    """Chain every unsealed row, in the order of their keys; returns how many.

    One process at a time: PostgreSQL by an advisory lock, SQLite because the transaction holds the
    only write lock. Once a day the head as committed before is noted (see `export_head`).
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    number, previous = _last_seal(session)
    if number and not _is_noted_today(number):
        _note(number, previous)
    count = 0
    while rows := _unsealed(session, CHUNK):
        seals = []
        for row in rows:
            number += 1
            found = seal_hash(previous, number, row)
            seals.append({"row": row["id"], "no": number, "before": previous, "found": found})
            previous = found
        _write_seals(session, seals)
        count += len(seals)
    return count


def verify(session: Session) -> VerifyResult:
    """Check every seal and the heads noted outside; names the first row that is wrong."""
    unsealed = session.connection().execute(
        select(func.count()).select_from(_events).where(_events.c.seal_no.is_(None))
    )
    with closing(_sealed(session)) as rows:
        return check_chain(rows, read_heads(), unsealed.scalar_one())


def export_head(session: Session) -> Head | None:
    """Note the present head in the data folder and in the log; None while nothing is sealed.

    Call it after a commit: a head that a rollback takes back would look like a cut-off trail.
    """
    number, found = _last_seal(session)
    if not number:
        return None
    noted = [head for head in read_heads() if head.seal_no == number]
    return noted[-1] if noted else _note(number, found)


def read_heads() -> list[Head]:
    """The heads noted so far, oldest first; a line that cannot be read is skipped."""
    path = _heads_path()
    if not path.exists():
        return []
    parts = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return [Head(p[0], int(p[1]), p[2]) for p in parts if len(p) == 3 and p[1].isdigit()]


def _heads_path() -> Path:
    return places.data_folder() / _HEADS


def _is_noted_today(number: int) -> bool:
    heads = read_heads()
    today = clock.today().isoformat()
    return bool(heads) and (heads[-1].on.startswith(today) or heads[-1].seal_no == number)


def _note(number: int, found: str) -> Head:
    head = Head(clock.now().isoformat(timespec="seconds"), number, found)
    path = _heads_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write(f"{head.on} {head.seal_no} {head.hash}\n")
    log.info("audit head noted", extra={"seal_no": number, "hash": found})
    return head


def _last_seal(session: Session) -> tuple[int, str]:
    row = session.connection().execute(
        select(_events.c.seal_no, _events.c.hash)
        .where(_events.c.seal_no.is_not(None))
        .order_by(_events.c.seal_no.desc())
        .limit(1)
    )
    last = row.first()
    return (last.seal_no, last.hash) if last is not None else (0, GENESIS)


def _unsealed(session: Session, size: int) -> list[Mapping[str, Any]]:
    columns = [_events.c[name] for name in SEALED_FIELDS]
    query = select(*columns).where(_events.c.seal_no.is_(None)).order_by(_events.c.id).limit(size)
    return list(session.connection().execute(query).mappings())  # type: ignore[arg-type]


def _sealed(session: Session) -> Generator[Mapping[str, Any], None, None]:
    query = (
        select(*_seal_columns)
        .where(_events.c.seal_no.is_not(None))
        .order_by(_events.c.seal_no)
        .execution_options(yield_per=CHUNK)
    )
    with session.connection().execute(query) as result:
        yield from result.mappings()  # type: ignore[misc]


def _write_seals(session: Session, seals: list[dict[str, Any]]) -> None:
    """Write a part of the chain in one statement where the database can take arrays."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        statement = text(
            "UPDATE system_audit_event AS e SET seal_no = s.no, previous_hash = s.before, hash = s.found "
            "FROM unnest(CAST(:rows AS integer[]), CAST(:nos AS integer[]), "
            "CAST(:befores AS text[]), CAST(:founds AS text[])) AS s(id, no, before, found) "
            "WHERE e.id = s.id"
        )
        arrays = {
            "rows": [s["row"] for s in seals],
            "nos": [s["no"] for s in seals],
            "befores": [s["before"] for s in seals],
            "founds": [s["found"] for s in seals],
        }
        connection.execute(statement, arrays)
        return
    statement_one = (
        update(_events)
        .where(_events.c.id == bindparam("row"))
        .values(seal_no=bindparam("no"), previous_hash=bindparam("before"), hash=bindparam("found"))
    )
    connection.execute(statement_one, seals)
