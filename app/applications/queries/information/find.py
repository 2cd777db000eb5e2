"""Finding what belongs to an information request: its case, articles in force, appeals, work lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload

from app.applications.models import Appeal, Application, InformationCase, RefusalGround
from app.applications.rules.information import OPEN_APPEALS, AppealForum, AppealState
from app.core.acting import SYSTEM, acting_as


def find_information_case(session: Session, application_id: int) -> InformationCase | None:
    """The case beside an application that the caller has found already; None when it has none."""
    with acting_as(SYSTEM):
        return session.scalars(
            select(InformationCase).where(InformationCase.application_id == application_id)
        ).first()


def list_grounds(session: Session, on: dt.date | None = None) -> list[RefusalGround]:
    """Articles in force on a day, or every version ever, in the order of the law."""
    stmt = select(RefusalGround).order_by(RefusalGround.position, RefusalGround.id)
    if on is not None:
        stmt = stmt.where(
            RefusalGround.valid_from <= on,
            or_(RefusalGround.valid_to.is_(None), RefusalGround.valid_to >= on),
        )
    return list(session.scalars(stmt))


def list_appeals_of(session: Session, application_id: int) -> list[Appeal]:
    """Appeals about one application, the newest first."""
    stmt = (
        select(Appeal)
        .where(Appeal.application_id == application_id)
        .order_by(Appeal.filed_on.desc(), Appeal.id.desc())
    )
    return list(session.scalars(stmt))


def has_open_appeal(session: Session, application_id: int, forum: AppealForum) -> bool:
    """Whether the Board or the court has not decided yet about one application."""
    stmt = select(Appeal.id).where(
        Appeal.application_id == application_id,
        Appeal.forum == forum,
        Appeal.state != AppealState.DECIDED,
    )
    return session.scalar(stmt.limit(1)) is not None


def list_appeals_of_citizen(
    session: Session, citizen_id: int, *, without: int, limit: int = 3
) -> list[Appeal]:
    """Earlier appeals of the same applicant about other requests, the newest first."""
    stmt = (
        select(Appeal)
        .join(Appeal.application)
        .where(Application.citizen_id == citizen_id, Application.id != without)
        .options(
            contains_eager(Appeal.application).load_only(
                Application.number, Application.is_restricted
            )
        )
        .order_by(Appeal.filed_on.desc(), Appeal.id.desc())
        .limit(limit)
    )
    return list(session.scalars(stmt))


def list_requests(
    session: Session,
    condition: ColumnElement[bool],
    *,
    order: tuple[Any, ...] | None = None,
    limit: int = 10,
) -> list[InformationCase]:
    """The first requests that keep a condition, the nearest legal date first; one statement."""
    stmt = (
        select(InformationCase)
        .join(InformationCase.application)
        .where(condition)
        .options(
            defer(InformationCase.silence_trail, raiseload=True),
            contains_eager(InformationCase.application).options(
                defer(Application.body, raiseload=True),
                defer(Application.due_trail, raiseload=True),
                defer(Application.search_text, raiseload=True),
                joinedload(Application.lead_unit),
            ),
        )
        .order_by(
            *(order or (InformationCase.due_on.is_(None), InformationCase.due_on)),
            InformationCase.id,
        )
        .limit(limit)
    )
    return list(session.scalars(stmt))


def list_open_appeals(session: Session, *, limit: int = 10) -> Sequence[Appeal]:
    """Appeals without a decision, what the Board waits for first."""
    stmt = (
        select(Appeal)
        .where(Appeal.state.in_(sorted(OPEN_APPEALS)))
        .options(
            joinedload(Appeal.application).load_only(
                Application.number, Application.subject, Application.is_restricted
            )
        )
        .order_by(
            Appeal.documents_sent_on.is_not(None),
            Appeal.documents_due_on.is_(None),
            Appeal.documents_due_on,
            Appeal.decision_due_on,
            Appeal.id,
        )
        .limit(limit)
    )
    return session.scalars(stmt).all()
