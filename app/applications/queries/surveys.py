"""Whom to ask about satisfaction, by link or by telephone, and who may not be asked. Row scope: the system.

Nobody is asked who did not want it, was asked lately, is not known, or came through CİMER.
Source: domain facts 1.5, 2.4, 2.5.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.applications.models import Application, CallBack, CallBackSample, Satisfaction
from app.applications.queries.figures import day_start
from app.applications.rules import SILENT_KINDS, CallState, Outcome, State
from app.people.models import Citizen
from app.people.rules import ContactPreference

_A = Application.__table__.c
_C = Citizen.__table__.c
_Q = Satisfaction.__table__.c
_B = CallBack.__table__.c
#: States of a case whose applicant has heard the result.
ASKED_STATES = (State.ANSWERED, State.CLOSED)


def may_be_asked() -> ColumnElement[bool]:
    """The case has been answered to somebody who is known and may be asked."""
    return and_(
        _A.state.in_(ASKED_STATES),
        _A.answered_at.is_not(None),
        _A.outcome.is_not(None),
        _A.outcome != Outcome.DUPLICATE,
        _A.kind.not_in(sorted(SILENT_KINDS)),
        _A.is_restricted.is_(False),
        _A.identity_hidden.is_(False),
        _A.is_anonymous.is_(False),
        _C.no_surveys.is_(False),
        _C.contact_preference != ContactPreference.NONE,
    )


def _not_asked(since: dt.datetime) -> ColumnElement[bool]:
    """Neither this cycle nor, since a moment, this person has been asked in any way."""
    other = Application.__table__.alias("other_case")
    parts: list[ColumnElement[bool]] = []
    for asked in (Satisfaction.__table__.alias(), CallBack.__table__.alias()):
        parts.append(
            ~exists(
                select(asked.c.id).where(asked.c.application_id == _A.id, asked.c.cycle == _A.cycle)
            )
        )
        lately = (
            select(asked.c.id)
            .join(other, other.c.id == asked.c.application_id)
            .where(other.c.citizen_id == _A.citizen_id, asked.c.created_at >= since)
        )
        parts.append(~exists(lately.correlate(Application.__table__)))
    return and_(*parts)


def _people(first: dt.date, last: dt.date, not_since: dt.datetime) -> Select[Any]:
    """Answered cases of these days whose applicants may be asked: id, cycle, citizen_id, unit, topic."""
    return (
        select(_A.id, _A.cycle, _A.citizen_id, _A.lead_unit_id, _A.topic_id)
        .join(Citizen.__table__, _C.id == _A.citizen_id)
        .where(
            _A.answered_at >= day_start(first),
            _A.answered_at < day_start(last + dt.timedelta(days=1)),
            may_be_asked(),
            _not_asked(not_since),
        )
        .order_by(_A.answered_at.desc(), _A.id.desc())
    )


def list_for_link(
    session: Session, first: dt.date, last: dt.date, *, not_since: dt.datetime
) -> Sequence[Any]:
    """Rows of id, cycle, citizen_id for those who wished to be written to, the newest answer first."""
    stmt = _people(first, last, not_since).where(_A.wants_notice.in_(["sms", "email"]))
    return session.execute(stmt).all()


def list_for_call_back(
    session: Session, first: dt.date, last: dt.date, *, not_since: dt.datetime
) -> Sequence[Any]:
    """Rows of id, cycle, citizen_id, lead_unit_id, topic_id for those with a telephone, one a person."""
    has_phone = or_(_A.contact_phone != "", _C.phone != "")
    seen: set[int] = set()
    found = []
    for row in session.execute(_people(first, last, not_since).where(has_phone)):
        if row.citizen_id not in seen:
            seen.add(row.citizen_id)
            found.append(row)
    return found


def find_sample(session: Session, week_on: dt.date) -> CallBackSample | None:
    """The sample of a week."""
    return session.scalars(select(CallBackSample).where(CallBackSample.week_on == week_on)).first()


# --- call-backs: the work list ------------------------------------------------------------------------
def is_callable(today: dt.date) -> ColumnElement[bool]:
    """Waits, and its day has come."""
    return and_(CallBack.state == CallState.WAITING, CallBack.next_on <= today)


def count_callable(session: Session, today: dt.date) -> int:
    """How many call-backs are due."""
    stmt = select(func.count(CallBack.id)).where(is_callable(today))
    return int(session.scalar(stmt) or 0)


def list_callable(session: Session, today: dt.date, *, limit: int) -> Sequence[CallBack]:
    """Calls that are due with case, topic and unit, the longest waiting first."""
    stmt = (
        select(CallBack)
        .where(is_callable(today))
        .options(
            joinedload(CallBack.application).load_only(
                Application.number, Application.subject, Application.is_restricted
            ),
            joinedload(CallBack.unit),
            joinedload(CallBack.topic),
        )
        .order_by(CallBack.next_on, CallBack.id)
        .limit(limit)
    )
    return session.scalars(stmt).unique().all()


def stale_call_backs() -> Select[Any]:
    """Ids of waiting call-backs whose case was reopened, restricted or is otherwise not to be asked about."""
    return (
        select(_B.id)
        .join(Application.__table__, _A.id == _B.application_id)
        .outerjoin(Citizen.__table__, _C.id == _A.citizen_id)
        .where(
            _B.state == CallState.WAITING,
            or_(_A.cycle != _B.cycle, _C.id.is_(None), ~may_be_asked()),
        )
    )


def answered_cycles() -> Any:
    """(application_id, cycle) of every answer that is still linked, for lists."""
    return select(_Q.application_id, _Q.cycle).where(_Q.score.is_not(None))
