"""Reads about transfers whose answer is awaited: conditions of lists, what is missing, figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import TransferFollowUp
from app.core import clock
from app.people.models import Institution

Narrow = Callable[[Any], Any]
_F = TransferFollowUp


def is_awaited() -> ColumnElement[bool]:
    """An answer is still expected."""
    return _F.state.in_(sorted(rules.AWAITED_STATES))


def is_unanswered(today: dt.date) -> ColumnElement[bool]:
    """The day by which an answer should have come has passed without one."""
    return is_awaited() & (_F.expected_on < today)


def find_follow_up(session: Session, application_id: int) -> TransferFollowUp | None:
    """The follow-up of the last transfer of a case."""
    return session.scalars(
        select(_F).where(_F.application_id == application_id).order_by(_F.id.desc()).limit(1)
    ).first()


def count_follow_ups_by_institution(session: Session, narrow: Narrow) -> list[dict[str, Any]]:
    """institution_id, institution, group (answered, waiting, late, closed), count."""
    today = clock.today()
    group = case(
        (is_unanswered(today), "late"),
        (is_awaited(), "waiting"),
        (_F.state == rules.FollowUpState.ANSWERED, "answered"),
        else_="closed",
    ).label("group")
    stmt = narrow(
        select(Institution.id, Institution.name, group, func.count(_F.id)).select_from(_F)
    ).join(Institution, _F.institution_id == Institution.id)
    rows = session.execute(stmt.group_by(Institution.id, Institution.name, group))
    return [
        {"institution_id": pk, "institution": name, "group": key, "count": n}
        for pk, name, key, n in rows
    ]
