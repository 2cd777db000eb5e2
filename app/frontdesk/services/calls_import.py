"""Taking over the rows of a file of calls, some hundreds to a transaction; every row ends as one of three.

A row is taken over, was here already, or is refused with its reasons.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.applications.rules.imports import RUNNABLE_STATES, BatchState
from app.applications.services.imports import Counts, StoppedError
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import Actor, acting_as
from app.core.imports import FileInfo, read_rows
from app.core.imports import Mapping as Columns
from app.core.rules import N_, RuleViolation
from app.core.text import format_number
from app.frontdesk.models import Call, CallImport
from app.frontdesk.services.calls_batches import (
    CHUNK,
    JOB_KIND,
    OWNER,
    create_batch,
    fail_batch,
    file_of,
    headers_of,
    open_batch,
    plan_of_batch,
)
from app.frontdesk.services.calls_fields import ensure_shipped, find_mapping, plan_violations
from app.frontdesk.services.calls_rejects import Reasons, write_rejects
from app.frontdesk.services.calls_rows import Prepared, Preparer
from app.people.models import Citizen
from app.system.services import audit, outbox

#: (rows done, rows in all): called when everything so far is consistent; the edge commits there.
Keep = Callable[[int, int], None]

#: What the worker and the command line need of an import.
__all__ = [
    "JOB_KIND",
    "StoppedError",
    "create_batch",
    "ensure_shipped",
    "fail_batch",
    "find_mapping",
    "open_batch",
    "run_batch",
    "write_rejects",
]


def run_batch(
    session: Session,
    *,
    batch_id: int,
    actor: Actor,
    keep: Keep,
    now: dt.datetime | None = None,
    chunk: int = CHUNK,
) -> Counts:
    """Take over the rows of an import and return the counts of the whole file.

    After a killed worker it goes on behind the last row that was kept: every row is counted once, so
    their sum is the place. The whole file is read once before the first row is written, so that a
    file that breaks off in the middle leaves nothing behind. Raises RuleViolation for such a file,
    StoppedError when somebody stopped it.
    """
    moment = now or clock.now()
    batch = session.get_one(CallImport, batch_id, populate_existing=True)
    plan = plan_of_batch(batch)
    if broken := plan_violations(plan, headers_of(batch)):
        raise RuleViolation(broken)
    path, info = file_of(session, batch)
    total = sum(1 for _ in read_rows(path, info=info))
    done = batch.created_rows + batch.known_rows + batch.rejected_rows
    counts = Counts(batch.created_rows, batch.known_rows, batch.rejected_rows)
    reasons = Reasons(batch.reasons or [])
    _note(session, batch_id, state=BatchState.RUNNING, total_rows=total)
    keep(done, total)
    for rows in _chunks(session, plan, path, info, done, moment, chunk):
        with acting_as(actor):
            created, known = _write(
                session, batch_id, [r for r in rows if not r.violations], moment
            )
        refused = [row for row in rows if row.violations]
        reasons.add(refused)
        counts += Counts(created, known, len(refused))
        _note(
            session,
            batch_id,
            created_rows=counts.created,
            known_rows=counts.known,
            rejected_rows=counts.rejected,
            reasons=reasons.to_document(),
        )
        keep(counts.total, total)
    _finish(session, batch_id, counts, actor)
    return counts


def _chunks(
    session: Session,
    plan: Columns,
    path: Path,
    info: FileInfo,
    done: int,
    now: dt.datetime,
    size: int,
) -> Iterator[list[Prepared]]:
    """Prepared rows behind the first `done`; the ids of those are remembered."""
    preparer = Preparer(session, plan, now=now)
    rows = read_rows(path, info=info)
    for no, row in islice(rows, done):
        preparer.remember(no, row)
    while part := [preparer.prepare(no, row) for no, row in islice(rows, size)]:
        yield part


def _write(
    session: Session, batch_id: int, rows: Sequence[Prepared], now: dt.datetime
) -> tuple[int, int]:
    """(rows made, rows that were here): one statement, so that two imports at once make each call once."""
    if not rows:
        return 0, 0
    people = _citizens(session, {str(row.values["number"]) for row in rows} - {""})
    actor = {"created_at": now, "changed_at": now, "version": 1, "is_demo": False}
    values = [
        {
            **row.values,
            **actor,
            "citizen_id": people.get(str(row.values["number"])),
            "import_id": batch_id,
        }
        for row in rows
    ]
    is_postgres = session.connection().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgres else sqlite.insert
    made = session.execute(
        insert(Call.__table__)
        .values(values)
        .on_conflict_do_nothing(index_elements=["switch_id"])
        .returning(Call.__table__.c.id)
    ).all()
    return len(made), len(rows) - len(made)


def _citizens(session: Session, numbers: set[str]) -> dict[str, int]:
    """Number → the one citizen who has it; a number of several people names nobody."""
    table = Citizen.__table__.c
    found: dict[str, set[int]] = {}
    wanted = sorted(number for number in numbers if number.startswith("+"))
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        rows = session.execute(select(table.phone, table.id).where(table.phone.in_(part)))
        for number, pk in rows:
            found.setdefault(number, set()).add(pk)
    return {number: next(iter(pks)) for number, pks in found.items() if len(pks) == 1}


def _note(session: Session, batch_id: int, **values: Any) -> None:
    """Write counts and state, if nobody has stopped the import meanwhile."""
    result = session.execute(
        update(CallImport)
        .where(CallImport.id == batch_id, CallImport.state.in_(sorted(RUNNABLE_STATES)))
        .values(**values, version=CallImport.version + 1)
        .returning(CallImport.id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if result is None:
        raise StoppedError(f"import of calls {batch_id}")


def _finish(session: Session, batch_id: int, counts: Counts, actor: Actor) -> None:
    _note(session, batch_id, state=BatchState.DONE, finished_at=clock.now())
    batch = session.get_one(CallImport, batch_id, populate_existing=True)
    with acting_as(actor):
        audit.record(
            session,
            verb="update",
            entity=OWNER,
            record_id=batch_id,
            summary=batch.file_name,
            changes={
                "created_rows": [None, counts.created],
                "known_rows": [None, counts.known],
                "rejected_rows": [None, counts.rejected],
            },
        )
    if batch.created_by_id is not None:
        outbox.notify_user(
            session,
            user_id=batch.created_by_id,
            subject=turkish(
                N_("%(file)s: %(created)s rows taken over, %(known)s known, %(rejected)s refused"),
                file=batch.file_name,
                created=format_number(counts.created),
                known=format_number(counts.known),
                rejected=format_number(counts.rejected),
            )[:200],
            url=f"/call-imports/show/{batch_id}",
            owner_type=OWNER,
            owner_id=batch_id,
            template="import_done",
            dedupe_key=f"call_import:{batch_id}:done:{batch.version}",
        )
