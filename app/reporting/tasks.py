"""Making a report, step by step: for the worker as a job, for the command line at once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.core import clock
from app.core.acting import Actor
from app.core.documents import RenderError, report_pdf, report_xlsx
from app.core.reports import drawn
from app.core.rooms import JobHandler
from app.core.rules import RuleViolation, Violation
from app.reporting import rules, services
from app.reporting.models import ReportRun
from app.reporting.rules import STEPS, Step
from app.system.models import Job
from app.system.rules import MAX_ATTEMPTS
from app.system.services import jobs
from app.system.tasks import StoppingError

log = logging.getLogger(__name__)

Progress = Callable[[int, str], None]

#: Drawing, printing and the workbook have limits of their own; together they stay below this.
TIMEOUT_SECONDS = 900


def make_report(
    session: Session, run: ReportRun, actor: Actor, progress: Progress
) -> tuple[bytes, bytes]:
    """Make the report of a run and file it; returns the PDF and the workbook.

    The first transaction notes the beginning, the second reads, the third, which the caller
    commits, files: while drawing nothing is held, so nobody waits for it. Raises RuleViolation when
    the document cannot be drawn.
    """

    def step(name: Step) -> None:
        percent, words = STEPS[name]
        progress(percent, _(words))

    services.begin_run(session, run=run, now=clock.now())
    session.commit()
    step(Step.READ)
    document = services.build_document(session, run=run, actor=actor)
    session.commit()
    try:
        step(Step.DRAW)
        document = drawn(document)
        step(Step.PRINT)
        pdf = report_pdf(document)
    except RenderError as error:
        raise RuleViolation(Violation("", rules.NOT_DRAWN, {"reason": str(error)[:300]})) from error
    step(Step.SHEET)
    xlsx = report_xlsx(document)
    step(Step.FILE)
    services.file_run(
        session, run=run, document=document, pdf=pdf, xlsx=xlsx, now=clock.now(), translate=_
    )
    return pdf, xlsx


def run_job(session: Session, job: Job, progress: Progress) -> Mapping[str, Any]:
    """The job of one run; its failure is noted with the run, where its orderer looks for it."""
    run = session.get(ReportRun, int(job.arguments["run_id"]))
    if run is None:
        return {"run_id": None}
    run_id, last_try = run.id, job.attempts >= MAX_ATTEMPTS
    with force_locale(services.LANG):
        try:
            make_report(session, run, jobs.actor_of_job(session, job), progress)
        except (StoppingError, jobs.LeaseLostError):
            raise
        except RuleViolation as refused:
            _note_failure(session, run_id, _texts(refused), again=False)
            raise
        except Exception:
            words = _(rules.GIVEN_UP) if last_try else _(rules.TRIED_AGAIN)
            _note_failure(session, run_id, words, again=not last_try)
            raise
    return {"run_id": run_id}


def _note_failure(session: Session, run_id: int, message: str, *, again: bool) -> None:
    session.rollback()
    run = session.get(ReportRun, run_id)
    if run is not None:
        services.fail_run(session, run=run, message=message, now=clock.now(), again=again)
        session.commit()


def _texts(refused: RuleViolation) -> str:
    return " ".join(
        _(v.message) % dict(v.params) if v.params else _(v.message) for v in refused.violations
    )


REPORT_JOBS = (JobHandler(services.JOB_KIND, run_job, TIMEOUT_SECONDS),)
