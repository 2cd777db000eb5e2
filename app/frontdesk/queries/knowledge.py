"""Finding knowledge items by words and topic, those that need a look, and their figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from app.applications.models import Topic
from app.core import clock
from app.core.search import like_escape, matches
from app.core.text import fold
from app.frontdesk.models import KnowledgeItem
from app.frontdesk.rules.knowledge import REMIND_BEFORE, Validity

#: Adds conditions to a statement, whatever its columns are.
Narrow = Callable[[Any], Any]

_K = KnowledgeItem


def everything(stmt: Any) -> Any:
    """Narrow nothing."""
    return stmt


def find_knowledge(session: Session, query: str, limit: int) -> list[KnowledgeItem]:
    """Items in use that hold every word; a title that begins as typed first, then the most used."""
    folded = fold(query)
    if not folded:
        return []
    begins = _K.search_text.like(f"{like_escape(folded)}%", escape="\\")
    stmt = (
        select(_K)
        .where(_K.active.is_(True), matches(_K.search_text, query))
        .options(joinedload(_K.topic), joinedload(_K.unit))
        .order_by(case((begins, 0), else_=1), _K.used_count.desc(), _K.id)
        .limit(limit)
    )
    return list(session.scalars(stmt))


def list_for_topics(
    session: Session, topic_ids: Collection[int], limit: int
) -> list[KnowledgeItem]:
    """Items in use about these topics, the most used first; without a topic the most used of all."""
    stmt = (
        select(_K)
        .where(_K.active.is_(True))
        .options(joinedload(_K.topic), joinedload(_K.unit))
        .order_by(_K.used_count.desc(), _K.id)
        .limit(limit)
    )
    if topic_ids:
        found = list(session.scalars(stmt.where(_K.topic_id.in_(sorted(topic_ids)))))
        if found:
            return found
    return list(session.scalars(stmt))


def is_valid(state: Validity, today: dt.date) -> ColumnElement[bool]:
    """The condition for one state; together the three hold every item exactly once."""
    ended = and_(_K.valid_until.is_not(None), _K.valid_until < today)
    return {
        Validity.OUT_OF_DATE: ended,
        Validity.REVIEW_DUE: and_(
            or_(_K.valid_until.is_(None), _K.valid_until >= today), _K.review_on < today
        ),
        Validity.CURRENT: and_(
            or_(_K.valid_until.is_(None), _K.valid_until >= today), _K.review_on >= today
        ),
    }[state]


def list_due_for_review(session: Session, today: dt.date) -> list[KnowledgeItem]:
    """Items in use whose review comes near or that end soon, for the reminders."""
    near = today + REMIND_BEFORE
    stmt = (
        select(_K)
        .where(_K.active.is_(True), or_(_K.review_on <= near, _K.valid_until <= near))
        .order_by(_K.owner_id, _K.id)
    )
    return list(session.scalars(stmt))


def count_by_validity(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """validity, count of items in use."""
    today = clock.today()
    state = case(
        *((is_valid(one, today), literal(one.value)) for one in Validity), else_=literal("")
    )
    rows = narrow(select(state.label("state")).where(_K.active.is_(True))).subquery()
    stmt = select(rows.c.state, func.count()).group_by(rows.c.state)
    return [{"validity": state, "count": n} for state, n in session.execute(stmt)]


def count_use_by_topic(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """topic_id, topic, count: how often items of a topic answered a call."""
    stmt = narrow(select(_K.topic_id, func.sum(_K.used_count).label("n")).select_from(_K))
    counted = stmt.group_by(_K.topic_id).subquery()
    named = select(counted.c.topic_id, Topic.code, Topic.name, counted.c.n).outerjoin(
        Topic, Topic.id == counted.c.topic_id
    )
    return [
        {
            "topic_id": pk,
            "topic": f"{code} {name}" if code else None,
            "code": code,
            "count": int(n or 0),
        }
        for pk, code, name, n in session.execute(named)
    ]
