"""The life of an import of calls: a file with a plan, begun, stopped, refused; the run is in `calls_import`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.applications.rules.imports import RUNNABLE_STATES, STARTABLE_STATES, BatchState
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.imports import FileInfo, preview, read_rows, sniff
from app.core.imports import Mapping as Columns
from app.core.rules import N_, RuleViolation
from app.core.uploads import CheckedUpload
from app.frontdesk.models import Call, CallImport, CallMapping
from app.frontdesk.services.calls_fields import plan_violations, refuse
from app.frontdesk.services.calls_rows import Prepared, Preparer
from app.system.models import Job
from app.system.queries import list_files
from app.system.services import attachments, jobs

JOB_KIND = "frontdesk.call_import"
OWNER = "CallImport"
FILE_KIND = "import"
#: Rows of one statement: their values stay below the most that SQLite binds.
CHUNK = 500


def check_importer(actor: Actor) -> None:
    """Require the right to bring in files of a switch, or raise RuleViolation."""
    if not actor.may("write", OWNER):
        raise refuse(N_("You may not bring in files."))


# --- preparing -----------------------------------------------------------------------------------------
def create_batch(
    session: Session,
    *,
    upload: CheckedUpload,
    mapping: CallMapping | Columns | None,
    actor: Actor,
) -> CallImport:
    """Keep a file with the plan it is to be read by, as a draft; nothing is taken over yet.

    A saved mapping is copied, so that a later change of it does not change this import. Raises
    RuleViolation when the file cannot be read or has no rows.
    """
    check_importer(actor)
    plan = (
        Columns.from_dict(mapping.document)
        if isinstance(mapping, CallMapping)
        else mapping or Columns()
    )
    batch = CallImport(
        mapping_id=mapping.id if isinstance(mapping, CallMapping) else None,
        file_name=upload.name,
        file_sha256=upload.sha256,
        document={**plan.to_dict(), "headers": _headers_of(upload)},
        state=BatchState.DRAFT,
        created_by_id=actor.user_id,
    )
    session.add(batch)
    session.flush()
    attachments.store(session, owner_type=OWNER, owner_id=batch.id, upload=upload, kind=FILE_KIND)
    return batch


def _headers_of(upload: CheckedUpload) -> list[str]:
    if isinstance(upload.data_or_path, Path):
        info = sniff(upload.data_or_path, name=upload.name)
        return list(preview(upload.data_or_path, 1, info=info).headers)
    with NamedTemporaryFile(suffix=f".{upload.extension}") as copy:
        copy.write(upload.data_or_path)
        copy.flush()
        path = Path(copy.name)
        return list(preview(path, 1, info=sniff(path, name=upload.name)).headers)


def set_plan(session: Session, *, batch: CallImport, plan: Columns, mapping_id: int | None) -> None:
    """Change how a draft will be read; RuleViolation once it has begun."""
    if batch.state != BatchState.DRAFT:
        raise refuse(N_("This import has begun already; its columns cannot be changed."))
    batch.document = {**plan.to_dict(), "headers": headers_of(batch)}
    batch.mapping_id = mapping_id
    session.flush()


def discard_batch(session: Session, *, batch: CallImport) -> None:
    """Delete a draft with its file; RuleViolation once it has begun."""
    if batch.state != BatchState.DRAFT:
        raise refuse(N_("Only an import that has not begun can be discarded."))
    for file in list_files(session, OWNER, batch.id):
        session.delete(file)
    session.delete(batch)
    session.flush()


def plan_of_batch(batch: CallImport) -> Columns:
    """The plan frozen in an import."""
    return Columns.from_dict(batch.document)


def headers_of(batch: CallImport) -> list[str]:
    """The headings of its file, in their order."""
    return [str(heading) for heading in (batch.document or {}).get("headers", [])]


def file_of(session: Session, batch: CallImport) -> tuple[Path, FileInfo]:
    """Where the file of an import lies and what it is; RuleViolation when it is gone."""
    with acting_as(SYSTEM):
        found = next((f for f in list_files(session, OWNER, batch.id) if f.kind == FILE_KIND), None)
    path = attachments.path_of(found) if found is not None else None
    if path is None or not path.exists():
        raise refuse(N_("The file of this import is no longer here; choose it again."), "file")
    return path, sniff(path, name=batch.file_name)


def prepare_first(
    session: Session, batch: CallImport, *, limit: int, now: dt.datetime | None = None
) -> list[Prepared]:
    """The first rows as they will become; nothing is written."""
    path, info = file_of(session, batch)
    preparer = Preparer(session, plan_of_batch(batch), now=now or clock.now())
    return [preparer.prepare(no, row) for no, row in islice(read_rows(path, info=info), limit)]


def find_known(session: Session, ids: Sequence[str]) -> set[str]:
    """Those of the ids at the switch that are here already."""
    known: set[str] = set()
    column = Call.__table__.c.switch_id
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        known.update(session.scalars(select(column).where(column.in_(part))))
    return known


def is_known_file(session: Session, batch: CallImport) -> CallImport | None:
    """An earlier import of the very same file, for a hint; running it again does no harm."""
    return session.scalars(
        select(CallImport)
        .where(
            CallImport.file_sha256 == batch.file_sha256,
            CallImport.id != batch.id,
            CallImport.state == BatchState.DONE,
        )
        .order_by(CallImport.id.desc())
        .limit(1)
    ).first()


# --- beginning and ending ----------------------------------------------------------------------------
def start_batch(session: Session, *, batch: CallImport, actor: Actor) -> Job:
    """Order the work; pressed twice it is ordered once. RuleViolation for a plan that does not fit."""
    check_importer(actor)
    if broken := plan_violations(plan_of_batch(batch), headers_of(batch)):
        raise RuleViolation(broken)
    held = session.execute(
        update(CallImport)
        .where(CallImport.id == batch.id, CallImport.state.in_(sorted(STARTABLE_STATES)))
        .values(
            state=BatchState.WAITING, error="", finished_at=None, version=CallImport.version + 1
        )
        .returning(CallImport.id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if held is None:
        raise refuse(N_("This import has begun already."))
    session.refresh(batch)
    job = jobs.enqueue(
        session,
        kind=JOB_KIND,
        title=turkish(N_("Import of %(file)s"), file=batch.file_name)[:200],
        arguments={"batch_id": batch.id},
        dedupe_key=f"call_import:{batch.id}:{batch.version}",
    )
    batch.job_id = job.id
    session.flush()
    return job


def stop_batch(session: Session, *, batch: CallImport) -> None:
    """Stop a waiting or running import; what is taken over stays. RuleViolation when it has ended."""
    held = session.execute(
        update(CallImport)
        .where(CallImport.id == batch.id, CallImport.state.in_(sorted(RUNNABLE_STATES)))
        .values(state=BatchState.STOPPED, finished_at=clock.now(), version=CallImport.version + 1)
        .returning(CallImport.job_id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if held is None:
        raise refuse(N_("This import has ended already."))
    job = session.get(Job, held.job_id) if held.job_id else None
    if job is not None:
        # The worker may just have ended it; the state of the import is what counts.
        with suppress(RuleViolation):
            jobs.cancel(session, job=job)
    session.refresh(batch)


def open_batch(session: Session, *, batch: CallImport) -> None:
    """Let a draft run at once, without a job: for the command line."""
    if batch.state not in STARTABLE_STATES:
        raise refuse(N_("This import has begun already."))
    batch.state = BatchState.WAITING
    session.flush()


def fail_batch(session: Session, *, batch_id: int, error: RuleViolation) -> CallImport:
    """Note why a file was refused and that nothing, or so many rows, had been taken over."""
    batch = session.get_one(CallImport, batch_id, populate_existing=True)
    batch.state = BatchState.FAILED
    batch.error = " ".join(turkish(v.message, **dict(v.params)) for v in error.violations)
    batch.finished_at = clock.now()
    session.flush()
    return batch
