"""Writes of the reporting room: a report is ordered, begun, filed, or has failed; nothing is drawn here."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core import clock
from app.core.acting import Actor, acting_as
from app.core.database import is_inline
from app.core.documents import Figures, ReportDocument
from app.core.documents.report_parts import shown
from app.core.reports import Report, find_report, list_reports, read_parameters
from app.core.rules import RuleViolation, Violation
from app.core.uploads import CheckedUpload
from app.reporting import rules
from app.reporting.models import ReportRun
from app.reporting.queries import find_same_open, state_of
from app.reporting.rules import OPEN_RUNS, RunState
from app.system.services import attachments, jobs, outbox

#: Reports are papers of the office, so they are Turkish whatever language the screen has.
LANG = "tr"
JOB_KIND = "reporting.run"
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Translate = Callable[[str], str]

#: On a session: files whose rows were deleted in its present transaction.
_GONE = "report_files_gone"


def get_report(key: str) -> Report:
    """The report of that key; RuleViolation naming the known ones when there is none."""
    report = find_report(key)
    if report is None:
        known = ", ".join(sorted(one.key for one in list_reports())) or "–"
        raise RuleViolation(
            Violation("report_key", rules.UNKNOWN_REPORT, {"key": key, "known": known})
        )
    return report


def prepare_run(
    session: Session,
    *,
    key: str,
    parameters: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime | None = None,
) -> ReportRun:
    """Write a run with checked parameters and no job: whoever calls makes the report at once.

    Raises RuleViolation for an unknown report, bad parameters, or a role that may not order it.
    """
    report = get_report(key)
    if report.resource and not actor.may("read", report.resource):
        raise RuleViolation(Violation("", rules.MAY_NOT_ORDER))
    values = read_parameters(report, parameters, (now or clock.now()).date())
    run = ReportRun(
        report_key=report.key,
        title=report.title_of(values, LANG)[:200],
        parameters=values,
        state=RunState.WAITING,
    )
    session.add(run)
    session.flush()
    return run


def request_run(
    session: Session,
    *,
    key: str,
    parameters: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime | None = None,
) -> ReportRun:
    """Order a report: a run and its job in one transaction; a worker makes it.

    The same order by the same person, while the first is still being made, answers the first run.
    Raises RuleViolation as `prepare_run` does.
    """
    values = read_parameters(get_report(key), parameters, (now or clock.now()).date())
    known = find_same_open(session, key=key, parameters=values, user_id=actor.user_id)
    if known is not None:
        return known
    run = prepare_run(session, key=key, parameters=parameters, actor=actor, now=now)
    job = jobs.enqueue(session, kind=JOB_KIND, title=run.title, arguments={"run_id": run.id})
    run.job_id = job.id
    session.flush()
    return run


def repeat_run(session: Session, *, run: ReportRun, actor: Actor) -> ReportRun:
    """Order the same report with the same parameters anew; the old run stays as it is."""
    given = {name: value for name, value in run.parameters.items() if value is not None}
    return request_run(session, key=run.report_key, parameters=given, actor=actor)


def remove_run(session: Session, *, run: ReportRun, actor: Actor) -> None:
    """Delete an own run with its files; raises RuleViolation for another's or a running one."""
    if not actor.is_system and run.created_by_id != actor.user_id:
        raise RuleViolation(Violation("", rules.NOT_YOURS))
    if state_of(run) in OPEN_RUNS:
        raise RuleViolation(Violation("", rules.STILL_RUNNING))
    paths = [attachments.path_of(file) for file in run.files]
    for file in run.files:
        session.delete(file)
    session.delete(run)
    session.flush()
    _unlink_after_commit(session, paths)


def _unlink_after_commit(given: Any, paths: Sequence[Path]) -> None:
    """Take the files away when their rows are gone for good; a rollback keeps both."""
    session: Session = given() if callable(given) else given
    if _GONE not in session.info:
        session.info[_GONE] = []
        event.listen(session, "after_commit", _unlink)
        event.listen(session, "after_rollback", _keep)
    session.info[_GONE].extend(paths)


def _unlink(session: Session) -> None:
    # Releasing a savepoint also counts as a commit for SQLAlchemy.
    if session.in_nested_transaction():
        return
    for path in session.info.get(_GONE, []):
        path.unlink(missing_ok=True)
    _keep(session)


def _keep(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.get(_GONE, []).clear()


# --- while it is made --------------------------------------------------------------------------------
def begin_run(session: Session, *, run: ReportRun, now: dt.datetime) -> None:
    """Note that the work has begun; `now` becomes the moment whose data the report shows."""
    run.state, run.as_of, run.error, run.finished_at = RunState.RUNNING, now, "", None
    session.flush()


def build_document(session: Session, *, run: ReportRun, actor: Actor) -> ReportDocument:
    """Read every figure in the actor's scope, from one snapshot; charts are specifications still."""
    report = get_report(run.report_key)
    _hold_snapshot(session)
    values = {
        **run.parameters,
        "as_of": run.as_of,
        "lang": LANG,
        "full": actor.may("restricted", "Application"),
    }
    with acting_as(actor):
        return report.build(session, values)


def _hold_snapshot(session: Session) -> None:
    """Let every statement see the same moment; on SQLite a transaction always does."""
    real: Session = session() if callable(session) else session
    inside = real.in_transaction() or is_inline(real)
    if not inside and real.get_bind().dialect.name == "postgresql":
        real.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def file_run(
    session: Session,
    *,
    run: ReportRun,
    document: ReportDocument,
    pdf: bytes,
    xlsx: bytes,
    now: dt.datetime,
    translate: Translate = str,
) -> ReportRun:
    """Keep both files and the main figures with the run, and tell its orderer that it is ready."""
    for ending, mime, content in (("pdf", PDF, pdf), ("xlsx", XLSX, xlsx)):
        attachments.store(
            session,
            owner_type="ReportRun",
            owner_id=run.id,
            upload=CheckedUpload(
                name=f"{run.title}.{ending}",
                extension=ending,
                mime=mime,
                size=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                data_or_path=content,
            ),
            kind="report",
        )
    run.state, run.finished_at, run.error = RunState.DONE, now, ""
    run.figures = {"items": main_figures(document)}
    session.flush()
    _tell(session, run, rules.READY_NOTICE, translate(rules.READY_BODY), translate)
    return run


def main_figures(document: ReportDocument) -> list[list[str]]:
    """Label, value and hint of the first row of figures, as written; a list keeps their order."""
    first = next((s for s in document.sections if isinstance(s, Figures)), None)
    if first is None:
        return []
    return [
        [str(f.label), shown(f.value, f.format, document.lang) or "–", str(f.hint)]
        for f in first.items
    ]


def fail_run(
    session: Session,
    *,
    run: ReportRun,
    message: str,
    now: dt.datetime,
    again: bool = False,
) -> None:
    """Note why a report was not made; with `again` the job will try once more by itself.

    The panel message about a job that has failed for good is written by the job.
    """
    run.state = RunState.WAITING if again else RunState.FAILED
    run.error, run.finished_at = message, None if again else now
    session.flush()


def _tell(session: Session, run: ReportRun, subject: str, body: str, translate: Translate) -> None:
    if run.created_by_id is None:
        return
    outbox.notify_user(
        session,
        user_id=run.created_by_id,
        subject=translate(subject) % {"title": run.title},
        body=body,
        url=f"/report-runs/show/{run.id}",
        owner_type="ReportRun",
        owner_id=run.id,
        template="report_ready",
        dedupe_key=f"report:{run.id}:ready",
    )
