"""Grouped figures of the Open311 interface: what came through which key, for which service, on which day.

Each function takes `narrow`, which adds conditions to a statement over its own table.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.applications.models import Open311Request, ServiceAttribute, Topic
from app.applications.queries.figures import Narrow, everything
from app.applications.queries.moments import local_day
from app.core import clock
from app.system.models import ApiKey

#: The line of days begins here when no dates are picked.
_DAYS = 60


def count_by_service(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of topic_id, service, key_id, key, count."""
    sent = Open311Request
    counted = (
        narrow(select(sent.topic_id, sent.api_key_id, func.count().label("count")))
        .group_by(sent.topic_id, sent.api_key_id)
        .subquery()
    )
    named = (
        select(
            counted.c.topic_id,
            func.coalesce(func.nullif(Topic.public_name, ""), Topic.name).label("service"),
            counted.c.api_key_id.label("key_id"),
            ApiKey.name.label("key"),
            counted.c.count,
        )
        .join(Topic, Topic.id == counted.c.topic_id)
        .join(ApiKey, ApiKey.id == counted.c.api_key_id)
    )
    return [dict(row) for row in session.execute(named).mappings()]


def count_by_day(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of day, count; the last sixty days."""
    day = local_day(Open311Request.created_at)
    since = clock.now() - dt.timedelta(days=_DAYS)
    stmt = narrow(
        select(day.label("day"), func.count().label("count")).where(
            Open311Request.created_at >= since
        )
    )
    rows = session.execute(stmt.group_by(day).order_by(day)).mappings()
    return [dict(row) for row in rows]


def count_questions(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Rows of datatype, is_required, count."""
    asked = ServiceAttribute
    stmt = narrow(select(asked.datatype, asked.is_required, func.count().label("count")))
    rows = session.execute(stmt.group_by(asked.datatype, asked.is_required)).mappings()
    return [dict(row) for row in rows]
