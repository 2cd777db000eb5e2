"""The life of an import: a file with a plan, begun, stopped, gone on with, finished or refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import ImportBatch, ImportMapping, ImportRow
from app.applications.rules.imports import RUNNABLE_STATES, STARTABLE_STATES, BatchState
from app.applications.services.imports.plans import Plan, plan_of, plan_violations
from app.applications.services.imports.privacy import forget_file, read_through
from app.applications.services.imports.rows import Prepared, Preparer
from app.applications.services.imports.writing import (
    CHUNK,
    Counts,
    write_rows,
)
from app.applications.services.moves import check_verb, refuse
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.imports import FileInfo, Preview, preview, read_rows, sniff
from app.core.rules import N_, RuleViolation
from app.core.text import fold, format_number
from app.core.uploads import CheckedUpload
from app.system.models import Attachment, Job
from app.system.queries import list_files
from app.system.services import attachments, audit, jobs, outbox

JOB_KIND = "applications.import"
OWNER = "ImportBatch"
FILE_KIND = "import"

#: (rows done, rows in all): called when everything so far is consistent; the edge commits there.
Keep = Callable[[int, int], None]

_NOT_YOURS = N_("You may not bring in files.")


class StoppedError(Exception):
    """Raised inside a run when somebody stopped the import; what was written before is kept."""


# --- preparing ---------------------------------------------------------------------------------------
def create_batch(
    session: Session,
    *,
    upload: CheckedUpload,
    mapping: ImportMapping | Plan | None,
    actor: Actor,
) -> ImportBatch:
    """Keep a file with the plan it is to be read by, as a draft; nothing is taken over yet.

    A saved mapping is copied, so that a later change of it does not change this import. Raises
    RuleViolation when the file cannot be read or has no rows.
    """
    check_importer(actor)
    plan = plan_of(mapping) if isinstance(mapping, ImportMapping) else mapping or Plan()
    headers = _headers_of(upload)
    batch = ImportBatch(
        mapping_id=mapping.id if isinstance(mapping, ImportMapping) else None,
        file_name=upload.name,
        file_sha256=upload.sha256,
        document={**plan.to_document(), "headers": headers},
        state=BatchState.DRAFT,
        created_by_id=actor.user_id,
        is_restricted=is_of_cimer(plan, upload.name),
    )
    session.add(batch)
    session.flush()
    attachments.store(session, owner_type=OWNER, owner_id=batch.id, upload=upload, kind=FILE_KIND)
    return batch


def is_of_cimer(plan: Plan, file_name: str) -> bool:
    """Whether a file holds CİMER items, which only those may see who may see CİMER cases.

    A draft says little yet, so its name counts as well.
    """
    channel = plan.mapping.of("channel")
    codes = {channel.constant, *channel.values.values()} if channel is not None else set()
    names = fold(f"{plan.source} {file_name}")
    return rules.Channel.CIMER.value in codes or rules.CIMER_SOURCE in names


def check_importer(actor: Actor) -> None:
    """Require the right to bring in files and to register applications, or raise RuleViolation."""
    if not actor.may("write", OWNER):
        raise refuse(_NOT_YOURS)
    check_verb(actor, "register")


def _headers_of(upload: CheckedUpload) -> list[str]:
    from tempfile import NamedTemporaryFile

    if isinstance(upload.data_or_path, Path):
        info = sniff(upload.data_or_path, name=upload.name)
        return list(preview(upload.data_or_path, 1, info=info).headers)
    with NamedTemporaryFile(suffix=f".{upload.extension}") as copy:
        copy.write(upload.data_or_path)
        copy.flush()
        path = Path(copy.name)
        return list(preview(path, 1, info=sniff(path, name=upload.name)).headers)


def set_plan(session: Session, *, batch: ImportBatch, plan: Plan, mapping_id: int | None) -> None:
    """Change how a draft will be read; RuleViolation once it has begun."""
    if batch.state != BatchState.DRAFT:
        raise refuse(N_("This import has begun already; its columns cannot be changed."))
    batch.document = {**plan.to_document(), "headers": headers_of(batch)}
    batch.mapping_id = mapping_id
    batch.is_restricted = is_of_cimer(plan, batch.file_name)
    session.flush()


def discard_batch(session: Session, *, batch: ImportBatch) -> None:
    """Delete a draft with its file; RuleViolation once it has begun."""
    if batch.state != BatchState.DRAFT:
        raise refuse(N_("Only an import that has not begun can be discarded."))
    for file in list_files(session, OWNER, batch.id):
        session.delete(file)
    session.execute(delete(ImportRow).where(ImportRow.batch_id == batch.id))
    session.delete(batch)
    session.flush()


def plan_of_batch(batch: ImportBatch) -> Plan:
    """The plan frozen in an import."""
    return Plan.from_document(batch.document)


def headers_of(batch: ImportBatch) -> list[str]:
    """The headings of its file, in their order."""
    return [str(heading) for heading in (batch.document or {}).get("headers", [])]


def file_of(session: Session, batch: ImportBatch) -> tuple[Path, FileInfo]:
    """Where the file of an import lies and what it is; RuleViolation when it is gone."""
    with acting_as(SYSTEM):
        found = next((f for f in list_files(session, OWNER, batch.id) if f.kind == FILE_KIND), None)
    path = _path(found) if found is not None else None
    if path is None:
        raise refuse(N_("The file of this import is no longer here; choose it again."), "file")
    return path, sniff(path, name=batch.file_name)


def _path(found: Attachment) -> Path | None:
    path = attachments.path_of(found)
    return path if path.exists() else None


def look_at(session: Session, batch: ImportBatch, rows: int) -> Preview:
    """Headings and first rows of the file of an import."""
    path, info = file_of(session, batch)
    return preview(path, rows, info=info)


def prepare_first(
    session: Session, batch: ImportBatch, *, limit: int, now: dt.datetime | None = None
) -> list[Prepared]:
    """The first rows as they will become; nothing is written."""
    path, info = file_of(session, batch)
    preparer = Preparer(session, plan_of_batch(batch), now=now or clock.now())
    return [preparer.prepare(no, row) for no, row in islice(read_rows(path, info=info), limit)]


# --- running -----------------------------------------------------------------------------------------
def start_batch(session: Session, *, batch: ImportBatch, actor: Actor) -> Job:
    """Order the work; pressed twice it is ordered once. RuleViolation for a plan that does not fit."""
    check_importer(actor)
    if broken := plan_violations(plan_of_batch(batch), headers_of(batch)):
        raise RuleViolation(broken)
    held = session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id, ImportBatch.state.in_(sorted(STARTABLE_STATES)))
        .values(
            state=BatchState.WAITING, error="", finished_at=None, version=ImportBatch.version + 1
        )
        .returning(ImportBatch.id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if held is None:
        raise refuse(N_("This import has begun already."))
    session.refresh(batch)
    # A second beginning is another job; its key tells the two apart.
    job = jobs.enqueue(
        session,
        kind=JOB_KIND,
        title=turkish(N_("Import of %(file)s"), file=batch.file_name)[:200],
        arguments={"batch_id": batch.id},
        dedupe_key=f"import:{batch.id}:{batch.version}",
    )
    batch.job_id = job.id
    session.flush()
    return job


def stop_batch(session: Session, *, batch: ImportBatch) -> None:
    """Stop a waiting or running import; what is taken over stays. RuleViolation when it has ended."""
    held = session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id, ImportBatch.state.in_(sorted(RUNNABLE_STATES)))
        .values(state=BatchState.STOPPED, finished_at=clock.now(), version=ImportBatch.version + 1)
        .returning(ImportBatch.job_id),
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
    batch = session.get_one(ImportBatch, batch_id, populate_existing=True)
    plan = plan_of_batch(batch)
    if broken := plan_violations(plan, headers_of(batch)):
        raise RuleViolation(broken)
    path, info = file_of(session, batch)
    total, names_hidden = read_through(path, info, plan)
    _note(session, batch_id, state=BatchState.RUNNING, total_rows=total)
    done = batch.created_rows + batch.known_rows + batch.rejected_rows
    counts = Counts(
        batch.created_rows,
        batch.known_rows,
        batch.rejected_rows,
        batch.changed_rows,
        batch.resent_rows,
    )
    keep(done, total)
    for rows in _chunks(session, plan, path, info, done, moment, chunk):
        with acting_as(actor):
            new = write_rows(session, batch=batch, rows=rows, plan=plan, actor=actor, now=moment)
        counts += new
        _note(
            session,
            batch_id,
            created_rows=counts.created,
            known_rows=counts.known,
            rejected_rows=counts.rejected,
            changed_rows=counts.changed,
            resent_rows=counts.resent,
        )
        keep(counts.total, total)
    _finish(session, batch_id, counts, actor)
    if names_hidden:
        forget_file(session, OWNER, batch)
    return counts


def _chunks(
    session: Session,
    plan: Plan,
    path: Path,
    info: FileInfo,
    done: int,
    now: dt.datetime,
    size: int,
) -> Iterator[list[Prepared]]:
    """Prepared rows behind the first `done`; those are prepared too, for the numbers they carry."""
    preparer = Preparer(session, plan, now=now)
    rows = read_rows(path, info=info)
    for no, row in islice(rows, done):
        preparer.remember(no, row)
    while part := [preparer.prepare(no, row) for no, row in islice(rows, size)]:
        yield part


def _note(session: Session, batch_id: int, **values: Any) -> None:
    """Write counts and state, if nobody has stopped the import meanwhile."""
    result = session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch_id, ImportBatch.state.in_(sorted(RUNNABLE_STATES)))
        .values(**values, version=ImportBatch.version + 1)
        .returning(ImportBatch.id),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    if result is None:
        raise StoppedError(f"import {batch_id}")


def _finish(session: Session, batch_id: int, counts: Counts, actor: Actor) -> None:
    _note(session, batch_id, state=BatchState.DONE, finished_at=clock.now())
    batch = session.get_one(ImportBatch, batch_id, populate_existing=True)
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
            url=f"/imports/show/{batch_id}",
            owner_type=OWNER,
            owner_id=batch_id,
            template="import_done",
            dedupe_key=f"import:{batch_id}:done:{batch.version}",
        )


def open_batch(session: Session, *, batch: ImportBatch) -> None:
    """Let a draft run at once, without a job: for the command line."""
    if batch.state not in STARTABLE_STATES:
        raise refuse(N_("This import has begun already."))
    batch.state = BatchState.WAITING
    session.flush()


def fail_batch(session: Session, *, batch_id: int, error: RuleViolation) -> ImportBatch:
    """Note why a file was refused and that nothing, or so many rows, had been taken over."""
    batch = session.get_one(ImportBatch, batch_id, populate_existing=True)
    batch.state = BatchState.FAILED
    batch.error = " ".join(turkish(v.message, **dict(v.params)) for v in error.violations)
    batch.finished_at = clock.now()
    session.flush()
    return batch


def is_known_file(session: Session, batch: ImportBatch) -> ImportBatch | None:
    """An earlier import of the very same file, for a hint; running it again does no harm."""
    return session.scalars(
        select(ImportBatch)
        .where(
            ImportBatch.file_sha256 == batch.file_sha256,
            ImportBatch.id != batch.id,
            ImportBatch.state == BatchState.DONE,
        )
        .order_by(ImportBatch.id.desc())
        .limit(1)
    ).first()
