"""Cases of information requests that are older than this part, or were written in bulk."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications.models import Application, InformationCase
from app.applications.rules import Kind
from app.applications.services.information.cases import new_case
from app.applications.services.information.following import follow_timeline
from app.core.acting import SYSTEM, acting_as

_BATCH = 500

#: May say more of a case before it is written.
Finish = Callable[[Application, InformationCase], None]


def ensure_missing_cases(session: Session, finish: Finish | None = None) -> int:
    """Make the cases of information requests that have none; how many were made.

    The steps on their timelines are followed as if they were taken now, so that decisions, fees,
    extensions and appeals of the past stand in the figures too. A batch is written at once.
    """
    missing = (
        select(Application)
        .outerjoin(InformationCase, InformationCase.application_id == Application.id)
        .where(Application.kind == Kind.INFORMATION, InformationCase.id.is_(None))
        .order_by(Application.id)
        .limit(_BATCH)
    )
    made = 0
    with acting_as(SYSTEM):
        while rows := session.scalars(missing).all():
            with session.no_autoflush:
                cases = {row.id: new_case(session, row) for row in rows}
                follow_timeline(session, {row.id: row for row in rows}, cases)
                if finish is not None:
                    for row in rows:
                        finish(row, cases[row.id])
            session.flush()
            made += len(rows)
    return made
