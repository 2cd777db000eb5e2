"""The preview of a run: the real rules are tried on one application of each sort and rolled back.

What the rules look at differs by act; applications that agree in it get the same answer. The run
itself asks the rules again for each application.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import case, exists, func, select, update
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, Assignment, BulkRow, BulkRun
from app.applications.rules import BulkAct, BulkRowState, BulkState
from app.applications.services.bulk.acts import ACTS, Call
from app.applications.services.bulk.runs import CHUNK, check_may, check_starter
from app.applications.services.moves import forget_marks, refuse
from app.applications.services.notices import gathered_notices
from app.core import clock
from app.core.acting import Actor, acting_as
from app.core.rules import N_, ConflictError, RuleViolation, Violation

_A = Application
#: Act → what its rules look at.
_LOOKED_AT: Mapping[BulkAct, tuple[str, ...]] = {
    BulkAct.ASSIGN: ("state", "is_lead", "live"),
    BulkAct.REMIND: ("state", "live"),
    BulkAct.CLOSE: ("state", "has_rule"),
    BulkAct.NOTE: (),
    BulkAct.PRIORITY: ("state", "priority"),
    BulkAct.OFFICER: ("state", "is_owner"),
    BulkAct.MERGE: ("state", "kind", "is_main", "citizen_id"),
}

Sort = tuple[Any, ...]


def prepare_run(
    session: Session,
    *,
    run: BulkRun,
    arguments: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime | None = None,
) -> BulkRun:
    """Take the values of the act and see which applications allow it; nothing else is written.

    May be called again with other values until the run is confirmed. Raises RuleViolation for values
    that mean nothing, ConflictError never.
    """
    check_may(actor, run.act)
    check_starter(run, actor)
    if run.state not in rules.PREPARED_STATES:
        raise refuse(N_("This run has been confirmed already."))
    if broken := tuple(rules.argument_violations(run.act, arguments)):
        raise RuleViolation(broken)
    run.arguments = {name: arguments.get(name) for name in rules.ARGUMENTS_OF_ACT[run.act]}
    _note_versions(session, run)
    found = _sorts(session, run)
    moment = now or clock.now()
    ready = 0
    for members in found.values():
        reasons = _try_one(session, run, members, actor, moment)
        ready += 0 if reasons else len(members)
        _write(session, [row for row, _case in members], reasons)
    gone = _bar_unseen(session, run, {row for rows in found.values() for row, _ in rows})
    run.state = BulkState.PREVIEWED
    run.ready_rows = ready
    run.refused_rows = run.total_rows - ready
    assert gone <= run.refused_rows
    session.flush()
    return run


def _note_versions(session: Session, run: BulkRun) -> None:
    """Note which version of each application is looked at."""
    rows, cases = BulkRow.__table__, Application.__table__
    seen = select(cases.c.version).where(cases.c.id == rows.c.application_id).scalar_subquery()
    session.execute(update(rows).where(rows.c.run_id == run.id).values(seen_version=seen))


def _sorts(session: Session, run: BulkRun) -> dict[Sort, list[tuple[int, int]]]:
    """What the rules look at → (row, application) pairs that agree in it; in the actor's sight."""
    sent = Assignment.__table__.c
    columns: dict[str, Any] = {
        "state": _A.state,
        "has_rule": case((_A.rule_key.is_(None), 0), else_=1),
        "priority": _A.priority,
        "is_owner": _is(_A.owner_id, run.arguments.get("owner_id")),
        "is_lead": _is(_A.lead_unit_id, run.arguments.get("lead_unit_id")),
        "kind": _A.kind,
        "citizen_id": func.coalesce(_A.citizen_id, 0),
        "is_main": _is(_A.id, run.arguments.get("master_id")),
        "live": exists()
        .where(
            sent.application_id == _A.id,
            sent.cycle == _A.cycle,
            sent.role.in_(sorted(rules.MANDATORY_ROLES)),
            sent.state.in_(sorted(rules.LIVE_ASSIGNMENTS)),
        )
        .correlate(_A),
    }
    wanted = _LOOKED_AT[run.act]
    stmt = (
        select(BulkRow.id, _A.id, *(columns[name] for name in wanted))
        .join(_A, BulkRow.application_id == _A.id)
        .where(BulkRow.run_id == run.id)
        .order_by(_A.id)
    )
    found: dict[Sort, list[tuple[int, int]]] = defaultdict(list)
    narrow = _NARROWED.get(run.act)
    for row_id, case_id, *values in session.execute(stmt):
        sort = tuple(values) if narrow is None else narrow(tuple(values))
        found[sort].append((row_id, case_id))
    return found


def _is(column: Any, value: int | None) -> Any:
    """1 where a column holds the value that the act is given, else 0."""
    return case((column == (value or 0), 1), else_=0)


def _without_applicant(sort: Sort) -> Sort:
    """The applicant matters only for requests about personal data."""
    state, kind, is_main, citizen_id = sort
    return (state, kind, is_main, citizen_id if kind is rules.Kind.KVKK else 0)


_NARROWED: Mapping[BulkAct, Callable[[Sort], Sort]] = {BulkAct.MERGE: _without_applicant}


def _try_one(
    session: Session,
    run: BulkRun,
    members: Sequence[tuple[int, int]],
    actor: Actor,
    now: dt.datetime,
) -> list[dict[str, Any]]:
    """Do the act with the first of them, roll it back, and return why it was refused, if it was."""
    _row, case_id = members[0]
    application = session.scalars(select(_A).where(_A.id == case_id)).first()
    if application is None:
        return reasons_of(Violation("", rules.GONE))
    attempt = session.begin_nested()
    try:
        with gathered_notices(), acting_as(actor):
            ACTS[run.act].do(Call(session, application, run.arguments, actor, now, run.reason))
            session.flush()
    except RuleViolation as refused:
        return reasons_of(*refused.violations)
    except ConflictError as stale:
        return reasons_of(Violation("", stale.message))
    finally:
        attempt.rollback()
        # What the attempt has noted on the object belongs to nothing that has happened.
        forget_marks(application)
        session.expire(application)
    return []


def reasons_of(*violations: Violation) -> list[dict[str, Any]]:
    """Violations as a row keeps them; they are put into words when they are read."""
    return [
        {"message": v.message, "params": {k: str(value) for k, value in v.params.items()}}
        for v in violations
    ]


def _write(session: Session, row_ids: Sequence[int], reasons: list[dict[str, Any]]) -> None:
    rows = BulkRow.__table__
    state = BulkRowState.BARRED if reasons else BulkRowState.READY
    for start in range(0, len(row_ids), CHUNK):
        part = row_ids[start : start + CHUNK]
        session.execute(
            update(rows).where(rows.c.id.in_(part)).values(state=state, reasons=reasons)
        )


def _bar_unseen(session: Session, run: BulkRun, seen: set[int]) -> int:
    """Bar the rows whose application has gone out of sight since they were picked."""
    rows = BulkRow.__table__
    every = session.execute(select(rows.c.id).where(rows.c.run_id == run.id)).scalars()
    gone = [pk for pk in every if pk not in seen]
    if gone:
        _write(session, gone, reasons_of(Violation("", rules.GONE)))
    return len(gone)
