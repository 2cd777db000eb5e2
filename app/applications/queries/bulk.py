"""Reads about runs over many applications: how far they are, what became of their rows, and figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, contains_eager, defer

from app.applications.models import Application, BulkRow, BulkRun
from app.applications.rules import BulkRowState, State

#: Narrows a statement of any columns, as the filters of a chart screen do.
Narrow = Callable[[Any], Any]

#: What did not go as wished is read first.
_FIRST = {
    BulkRowState.BARRED: 0,
    BulkRowState.REFUSED: 0,
    BulkRowState.CHANGED: 0,
    BulkRowState.KEPT: 1,
}


def count_rows(session: Session, run_id: int) -> dict[BulkRowState, int]:
    """State → rows of a run; states without rows count 0."""
    rows = session.execute(
        select(BulkRow.state, func.count(BulkRow.id))
        .where(BulkRow.run_id == run_id)
        .group_by(BulkRow.state)
    )
    return {**dict.fromkeys(BulkRowState, 0), **{state: int(n) for state, n in rows}}


def count_picked_states(session: Session, run_id: int) -> list[tuple[State, int]]:
    """Where the picked applications stand now, the most first."""
    number = func.count(Application.id)
    rows = session.execute(
        select(Application.state, number)
        .join(BulkRow, BulkRow.application_id == Application.id)
        .where(BulkRow.run_id == run_id)
        .group_by(Application.state)
        .order_by(number.desc())
    )
    return [(state, int(n)) for state, n in rows]


def count_reasons(
    session: Session, run_id: int, limit: int = 12
) -> list[tuple[Sequence[Mapping[str, Any]], int]]:
    """Reasons for which rows were not done or taken back, the commonest first."""
    number = func.count(BulkRow.id)
    rows = session.execute(
        select(BulkRow.reasons, number)
        .where(BulkRow.run_id == run_id, BulkRow.state.in_(sorted(_FIRST)))
        .group_by(BulkRow.reasons)
        .order_by(number.desc())
        .limit(limit)
    )
    return [(reasons, int(n)) for reasons, n in rows]


def list_run_rows(session: Session, run_id: int, limit: int) -> Sequence[BulkRow]:
    """Rows of a run with their applications; what did not go as wished comes first."""
    order = case(_FIRST, value=BulkRow.state, else_=2)
    return session.scalars(
        select(BulkRow)
        .join(BulkRow.application)
        .where(BulkRow.run_id == run_id)
        .options(
            contains_eager(BulkRow.application).options(
                defer(Application.body, raiseload=True),
                defer(Application.due_trail, raiseload=True),
                defer(Application.search_text, raiseload=True),
            )
        )
        .order_by(order, BulkRow.application_id)
        .limit(limit)
    ).all()


# --- figures -------------------------------------------------------------------------------------------
def count_runs_by_act(session: Session, narrow: Narrow) -> list[dict[str, Any]]:
    """act, state, count of runs."""
    stmt = narrow(select(BulkRun.act, BulkRun.state, func.count(BulkRun.id)))
    rows = session.execute(stmt.group_by(BulkRun.act, BulkRun.state))
    return [{"act": act.value, "state": state.value, "count": n} for act, state, n in rows]


def count_rows_of_runs(session: Session, narrow: Narrow) -> list[dict[str, Any]]:
    """state, count of the rows of the runs that the filters find."""
    stmt = narrow(select(BulkRow.state, func.count(BulkRow.id)).join(BulkRow.run))
    rows = session.execute(stmt.group_by(BulkRow.state))
    return [{"state": state.value, "count": n} for state, n in rows]


def count_rows_by_state(session: Session, narrow: Narrow) -> list[dict[str, Any]]:
    """state, count of rows of all runs."""
    rows = session.execute(
        narrow(select(BulkRow.state, func.count(BulkRow.id))).group_by(BulkRow.state)
    )
    return [{"state": state.value, "count": n} for state, n in rows]
