"""Grouped figures of satisfaction, reopenings and reasons; SQL groups, small groups are hidden.

Rates count valid answers only. A group with fewer answers than the setting says is hidden, because it
would point at a person. Source: domain facts 1.5, 8.1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import Session

from app.applications.models import (
    Application,
    CallBack,
    CallBackSample,
    NoticeText,
    OutcomeReason,
    Satisfaction,
    Topic,
)
from app.applications.queries.figures import Narrow, answerable_units, everything
from app.applications.rules import CITIZEN_NOTICES, SATISFIED_FROM, AnswerMethod, satisfaction_rate
from app.core.charts.privacy import SUPPRESSED, suppress_small
from app.organisation.models import District, Unit
from app.organisation.queries import find_subtree_ids
from app.system.models import Notification
from app.system.queries import get_number
from app.system.rules import NotificationChannel

_Q = Satisfaction
_A = Application


def is_below_unit(session: Session, pk: int) -> ColumnElement[bool]:
    """Answers about a unit or one below it."""
    return _Q.unit_id.in_(sorted(find_subtree_ids(session, pk)) or [pk])


def smallest_group(session: Session) -> int:
    """From so many answers on a group is shown."""
    return get_number(session, "statistics_minimum")


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(
        func.sum(case((condition, literal_column("1")), else_=literal_column("0"))), 0
    )


_VALID = _Q.score.is_not(None)
_SATISFIED = _Q.score >= literal_column(str(SATISFIED_FROM))


def _rated(session: Session, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Add the rate to rows of valid and satisfied; hide those of small groups."""
    full = [
        {**row, "rate": satisfaction_rate(int(row["satisfied"]), int(row["valid"]))}
        for row in rows
        if row["valid"]
    ]
    return suppress_small(full, smallest_group(session), count="valid", value="rate")


def _grouped(
    session: Session, group: Any, narrow: Narrow, join: Any = None
) -> list[dict[str, Any]]:
    """Rows of group, valid, satisfied over the answers."""
    stmt = select(
        group.label("group_key"), func.count().label("valid"), _sum(_SATISFIED).label("satisfied")
    ).select_from(_Q)
    if join is not None:
        stmt = join(stmt)
    stmt = narrow(stmt.where(_VALID)).group_by(group)
    return [dict(row) for row in session.execute(stmt).mappings()]


# --- satisfaction -----------------------------------------------------------------------------------
def count_scores(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of score, count; all hidden when there are too few answers together."""
    stmt = select(_Q.score.label("score"), func.count().label("count")).where(_VALID)
    rows = [dict(r) for r in session.execute(narrow(stmt).group_by(_Q.score)).mappings()]
    total = sum(row["count"] for row in rows)
    if 0 < total < smallest_group(session):
        return [{**row, "count": None, SUPPRESSED: True} for row in rows]
    return rows


def count_solved(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of solved, score, count; small cells and one neighbour of a lonely one are hidden."""
    stmt = select(
        _Q.solved.label("solved"), _Q.score.label("score"), func.count().label("count")
    ).where(_VALID, _Q.solved.is_not(None))
    grouped = narrow(stmt).group_by(_Q.solved, _Q.score)
    rows = [dict(row) for row in session.execute(grouped).mappings()]
    return suppress_small(rows, smallest_group(session), count="count", within=("solved", "score"))


def rate_by_unit(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of unit_id, unit, valid, satisfied, rate (percent; None: hidden), for departments and the like."""
    tops = answerable_units()
    rows = _grouped(
        session, tops.c.top_id, narrow, lambda s: s.join(tops, tops.c.unit_id == _Q.unit_id)
    )
    names = _names(session, Unit, [row["group_key"] for row in rows])
    return _rated(
        session,
        [{**row, "unit_id": row["group_key"], "unit": names.get(row["group_key"])} for row in rows],
    )


def rate_by_topic_group(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of group (letters of the topic), valid, satisfied, rate."""
    rows = _grouped(session, Topic.group, narrow, lambda s: s.join(Topic, Topic.id == _Q.topic_id))
    return _rated(session, [{**row, "group": row["group_key"]} for row in rows])


def rate_by_topic(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of topic_id, topic, code, valid, satisfied, rate."""
    rows = _grouped(session, _Q.topic_id, narrow)
    wanted = [row["group_key"] for row in rows if row["group_key"] is not None]
    named = session.execute(select(Topic.id, Topic.code, Topic.name).where(Topic.id.in_(wanted)))
    names = {pk: (code, name) for pk, code, name in named}
    found = []
    for row in rows:
        code, name = names.get(row["group_key"], (None, None))
        label = f"{code} {name}" if code else None
        found.append({**row, "topic_id": row["group_key"], "topic": label, "code": code})
    return _rated(session, found)


def rate_by_district(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of district_id, district, valid, satisfied, rate."""
    rows = _grouped(session, _Q.district_id, narrow)
    names = _names(session, District, [row["group_key"] for row in rows])
    return _rated(
        session,
        [
            {**row, "district_id": row["group_key"], "district": names.get(row["group_key"])}
            for row in rows
        ],
    )


def rate_by_month(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of month (of the result), valid, satisfied, rate."""
    rows = _grouped(session, _Q.month, narrow)
    return _rated(session, [{**row, "month": row["group_key"]} for row in rows])


def rate_by_time(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of time (kept, late, none), valid, satisfied, rate: how a late answer is taken."""
    kept = case(
        (_Q.on_time.is_(True), literal_column("'kept'")),
        (_Q.on_time.is_(False), literal_column("'late'")),
        else_=literal_column("'none'"),
    )
    rows = _grouped(session, kept, narrow)
    return _rated(session, [{**row, "time": row["group_key"]} for row in rows])


def response_by_month(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of month, valid (links sent), satisfied (answered by link), rate (percent)."""
    stmt = select(
        _Q.month.label("month"),
        func.count().label("valid"),
        _sum(and_(_VALID, _Q.method == AnswerMethod.LINK)).label("satisfied"),
    ).where(_Q.sent_at.is_not(None))
    rows = session.execute(narrow(stmt.select_from(_Q)).group_by(_Q.month)).mappings()
    return _rated(session, [dict(row) for row in rows])


def count_methods(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of method, count of answers."""
    stmt = select(_Q.method.label("method"), func.count().label("count")).where(_VALID)
    rows = session.execute(narrow(stmt).group_by(_Q.method)).mappings()
    return [dict(row) for row in rows]


def counts_since(start: dt.datetime) -> tuple[Select[Any, Any], Select[Any, Any]]:
    """Two counts for a home page, each a row of a word and a number: `valid` and `satisfied` answers
    given since a moment.
    """
    given: Select[Any, Any] = select(literal_column("'valid'"), func.count(_Q.id)).where(
        _VALID, _Q.answered_at >= start
    )
    good: Select[Any, Any] = select(literal_column("'satisfied'"), func.count(_Q.id)).where(
        _SATISFIED, _Q.answered_at >= start
    )
    return given, good


def _names(session: Session, model: Any, keys: Sequence[int | None]) -> dict[int, str]:
    wanted = [key for key in keys if key is not None]
    columns = [model.id, model.name]
    if hasattr(model, "short_name"):
        columns.append(model.short_name)
    rows = session.execute(select(*columns).where(model.id.in_(wanted)))
    return {row[0]: (row[2] if len(row) > 2 and row[2] else row[1]) for row in rows}


# --- reopenings ---------------------------------------------------------------------------------------
def _reopened(session: Session, group: Any, narrow: Narrow, join: Any) -> list[dict[str, Any]]:
    """Rows of group_key, valid (cases that had a result), satisfied (reopened ones)."""
    again = _A.cycle > literal_column("1")
    stmt = select(
        group.label("group_key"), func.count().label("valid"), _sum(again).label("satisfied")
    ).select_from(_A)
    stmt = narrow(join(stmt).where(or_(_A.answered_at.is_not(None), again))).group_by(group)
    return [dict(row) for row in session.execute(stmt).mappings()]


def reopenings_by_unit(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of unit_id, unit, valid (answered cases), satisfied (reopened), rate (percent)."""
    tops = answerable_units()
    rows = _reopened(
        session, tops.c.top_id, narrow, lambda s: s.join(tops, tops.c.unit_id == _A.lead_unit_id)
    )
    names = _names(session, Unit, [row["group_key"] for row in rows])
    return [
        {
            **row,
            "unit_id": row["group_key"],
            "unit": names.get(row["group_key"]),
            "rate": satisfaction_rate(int(row["satisfied"]), int(row["valid"])),
        }
        for row in rows
    ]


def reopenings_by_topic_group(
    session: Session, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Rows of group, valid (answered cases), satisfied (reopened), rate."""
    rows = _reopened(session, Topic.group, narrow, lambda s: s.join(Topic, Topic.id == _A.topic_id))
    return [
        {
            **row,
            "group": row["group_key"],
            "rate": satisfaction_rate(int(row["satisfied"]), int(row["valid"])),
        }
        for row in rows
    ]


# --- reasons of results ---------------------------------------------------------------------------------
def count_reasons_of_results(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of reason_id, reason, outcome, count of applications that ended with it."""
    inner = narrow(
        select(_A.outcome_reason_id.label("reason_id"), func.count().label("count"))
        .select_from(_A)
        .where(_A.outcome_reason_id.is_not(None))
    )
    counted = inner.group_by(_A.outcome_reason_id).subquery()
    stmt = select(
        counted.c.reason_id, OutcomeReason.name, OutcomeReason.outcome, counted.c.count
    ).join(OutcomeReason, OutcomeReason.id == counted.c.reason_id)
    return [
        {"reason_id": pk, "reason": name, "outcome": outcome, "count": n}
        for pk, name, outcome, n in session.execute(stmt)
    ]


# --- messages and call-backs ------------------------------------------------------------------------------
def count_messages_by_step(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of step, state, count of messages to applicants."""
    n = Notification
    stmt = (
        select(n.template.label("step"), n.state.label("state"), func.count().label("count"))
        .where(
            n.owner_type == "Application",
            n.channel != NotificationChannel.PANEL,
            n.template.in_(sorted(CITIZEN_NOTICES)),
        )
        .group_by(n.template, n.state)
    )
    return [dict(row) for row in session.execute(narrow(stmt)).mappings()]


def count_texts(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of channel, active, count of message texts."""
    t = NoticeText
    stmt = select(t.channel.label("channel"), t.active.label("active"), func.count().label("count"))
    grouped = narrow(stmt.select_from(t)).group_by(t.channel, t.active)
    return [dict(row) for row in session.execute(grouped).mappings()]


def count_call_backs(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of state, count of call-backs."""
    stmt = select(CallBack.state.label("state"), func.count().label("count")).select_from(CallBack)
    return [dict(r) for r in session.execute(narrow(stmt).group_by(CallBack.state)).mappings()]


def count_call_backs_by_week(
    session: Session, narrow: Narrow = everything, limit: int = 26
) -> list[dict[str, Any]]:
    """Rows of sample_id, week (its Monday), state, count; the newest weeks, in the order of time."""
    newest = select(CallBackSample.id).order_by(CallBackSample.week_on.desc()).limit(limit)
    stmt = (
        select(
            CallBackSample.id.label("sample_id"),
            CallBackSample.week_on.label("week"),
            CallBack.state.label("state"),
            func.count().label("count"),
        )
        .select_from(CallBackSample)
        .join(CallBack, CallBack.sample_id == CallBackSample.id)
        .where(CallBackSample.id.in_(newest))
    )
    grouped = narrow(stmt).group_by(CallBackSample.id, CallBackSample.week_on, CallBack.state)
    return [dict(r) for r in session.execute(grouped.order_by(CallBackSample.week_on)).mappings()]
