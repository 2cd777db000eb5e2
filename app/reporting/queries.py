"""Reads of the reporting room: runs, newest first, and how they are grouped for charts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.core.acting import Actor
from app.core.reports import list_reports
from app.core.scope import ScopeRule
from app.reporting.models import ReportRun
from app.reporting.rules import OPEN_RUNS, RunState
from app.system.rules import JobState

#: Adds conditions to a statement, whatever its columns are.
Narrow = Callable[[Any], Any]

#: A job that has ended like this will not bring its run to an end any more.
_LOST = (JobState.FAILED, JobState.CANCELLED)


def visible_runs(actor: Actor) -> ColumnElement[bool] | None:
    """Runs of the reports that the actor may order: a report on CİMER is nothing for others."""
    closed = [
        one.key for one in list_reports() if one.resource and not actor.may("read", one.resource)
    ]
    return ReportRun.report_key.not_in(closed) if closed else None


#: A report is as closed as what it speaks of.
SCOPES: Mapping[type, ScopeRule] = {ReportRun: visible_runs}
#: What messages are about.
SUBJECTS = frozenset({"ReportRun"})


def everything(stmt: Any) -> Any:
    """Narrow nothing."""
    return stmt


def state_of(run: ReportRun) -> RunState:
    """The state as people should read it.

    A run whose worker was killed too often, or whose job was cancelled, has failed although its own
    row could not be changed any more.
    """
    if run.state in OPEN_RUNS and run.job is not None and run.job.state in _LOST:
        return RunState.FAILED
    return run.state


def list_runs(session: Session, *, limit: int = 8) -> Sequence[ReportRun]:
    """The newest runs with their files and their job."""
    return session.scalars(
        select(ReportRun)
        .options(
            joinedload(ReportRun.job), joinedload(ReportRun.orderer), selectinload(ReportRun.files)
        )
        .order_by(ReportRun.id.desc())
        .limit(limit)
    ).all()


def find_last_done(session: Session) -> Mapping[str, dt.datetime]:
    """Report key → moment of its newest finished run."""
    rows = session.execute(
        select(ReportRun.report_key, func.max(ReportRun.as_of))
        .where(ReportRun.state == RunState.DONE)
        .group_by(ReportRun.report_key)
    )
    return {key: moment for key, moment in rows if moment is not None}


def find_same_open(
    session: Session, *, key: str, parameters: Mapping[str, Any], user_id: int | None
) -> ReportRun | None:
    """A run of the same report with the same parameters that its orderer still waits for."""
    runs = session.scalars(
        select(ReportRun)
        .options(joinedload(ReportRun.job))
        .where(
            ReportRun.report_key == key,
            ReportRun.created_by_id == user_id,
            ReportRun.state.in_(sorted(OPEN_RUNS)),
            ReportRun.job_id.is_not(None),
        )
        .order_by(ReportRun.id.desc())
        .limit(20)
    )
    return next(
        (r for r in runs if dict(r.parameters) == dict(parameters) and state_of(r) in OPEN_RUNS),
        None,
    )


def count_by_report(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of report_key, state, count."""
    stmt = select(
        ReportRun.report_key.label("report_key"),
        ReportRun.state.label("state"),
        func.count().label("count"),
    ).select_from(ReportRun)
    grouped = narrow(stmt).group_by(ReportRun.report_key, ReportRun.state)
    return [dict(row) for row in session.execute(grouped).mappings()]
