"""Which information requests a tab, a filter or a figure means; list and report ask the same here.

Every condition is over InformationCase joined to its Application, as `of_requests` joins them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from app.applications.models import (
    Appeal,
    Application,
    InformationCase,
    PublishedInformation,
    case_grounds,
)
from app.applications.rules import OPEN_STATES, State
from app.applications.rules import information as foi
from app.applications.rules.information import (
    AppealForum,
    AppealResult,
    AppealState,
    InformationDecision,
    InformationFigure,
)

_C = InformationCase
_A = Application
_OPEN = sorted(OPEN_STATES)
_appeals = Appeal.__table__.c


def of_requests(stmt: Any) -> Any:
    """The statement over information cases, joined to their applications."""
    return stmt.select_from(_C).join(_A, _A.id == _C.application_id)


# --- tabs of the officer’s list -------------------------------------------------------------------
def is_open_request() -> ColumnElement[bool]:
    """Somebody still works on it."""
    return _A.state.in_(_OPEN)


def is_final() -> ColumnElement[bool]:
    """The letter of the decision has left."""
    return _C.decided_on.is_not(None)


def is_near_day_15(today: dt.date) -> ColumnElement[bool]:
    """Open, working day 12 has come, and neither answer nor extension letter has left."""
    return and_(
        is_open_request(),
        _C.alarm_on <= today,
        _C.extension_notified_on.is_(None),
        _A.is_extended.is_(False),
    )


def waits_for_fee() -> ColumnElement[bool]:
    """The applicant has to pay first."""
    return _A.state == State.FEE_PENDING


def has_no_letter_yet() -> ColumnElement[bool]:
    """More time was asked for or granted, and the applicant has no letter that says so."""
    return and_(
        is_open_request(),
        or_(_A.state == State.EXTENSION_REQUESTED, _A.is_extended.is_(True)),
        _C.extension_notified_on.is_(None),
    )


def is_silent_soon(today: dt.date, days: int = foi.SILENCE_SOON_DAYS) -> ColumnElement[bool]:
    """Open, and silence turns into a refusal within so many days, or has done so already."""
    return and_(is_open_request(), _C.silence_on <= today + dt.timedelta(days=days))


def has_appeal() -> ColumnElement[bool]:
    """The applicant went to the Board or the court."""
    return _appeal()


def _appeal(*conditions: Any) -> ColumnElement[bool]:
    # The table, not the entity: an appeal is visible wherever its request is.
    found = select(_appeals.id).where(_appeals.application_id == _C.application_id, *conditions)
    return found.correlate(_C).exists()


def _board(*conditions: Any) -> ColumnElement[bool]:
    return _appeal(_appeals.forum == AppealForum.BOARD, *conditions)


# --- the years and articles of the report -----------------------------------------------------------
def year_span(year: int) -> tuple[dt.date, dt.date]:
    """First and last day of a year."""
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def within_days(first: dt.date, last: dt.date) -> ColumnElement[bool]:
    """Received from `first` to `last`, both included."""
    return _C.received_on.between(first, last)


def is_in_year(year: int) -> ColumnElement[bool]:
    """Received in a calendar year."""
    return within_days(*year_span(year))


def with_ground(ground_id: int) -> ColumnElement[bool]:
    """The decision names this article."""
    named = select(case_grounds.c.case_id).where(case_grounds.c.ground_id == ground_id)
    return _C.id.in_(named)


def _has_no_ground() -> ColumnElement[bool]:
    named = select(case_grounds.c.case_id).where(case_grounds.c.case_id == _C.id)
    return ~named.correlate(_C).exists()


def _decided(decision: InformationDecision) -> ColumnElement[bool]:
    return and_(is_final(), _C.decision == decision)


def decision_conditions() -> Mapping[InformationDecision, ColumnElement[bool]]:
    """Each decision with the condition that it is final."""
    return {decision: _decided(decision) for decision in InformationDecision}


def figure_condition(figure: InformationFigure, today: dt.date) -> ColumnElement[bool]:
    """Which requests of a year a figure of the annual report counts. Source: 4982 m.30."""
    d, f = InformationDecision, InformationFigure
    conditions: Mapping[InformationFigure, ColumnElement[bool]] = {
        f.RECEIVED: true(),
        f.GRANTED: _decided(d.GRANTED),
        f.REFUSED: _decided(d.REFUSED),
        f.SEPARATED: and_(_decided(d.PARTIAL), _C.is_separated.is_(True)),
        f.PARTIAL: _decided(d.PARTIAL),
        f.PUBLISHED: _decided(d.PUBLISHED),
        f.FORWARDED: _decided(d.FORWARDED),
        f.WITHDRAWN: _decided(d.WITHDRAWN),
        f.DEEMED_WITHDRAWN: _decided(d.DEEMED_WITHDRAWN),
        f.PENDING: and_(~is_final(), is_open_request()),
        f.ENDED_OTHERWISE: and_(~is_final(), _A.state.not_in(_OPEN)),
        f.APPEALED: _board(),
        f.APPEAL_ACCEPTED: _board(_appeals.result == AppealResult.ACCEPTED),
        f.APPEAL_PARTLY: _board(_appeals.result == AppealResult.PARTLY),
        f.APPEAL_REJECTED: _board(_appeals.result == AppealResult.REJECTED),
        f.APPEAL_PENDING: _board(_appeals.state != AppealState.DECIDED),
        f.COURT: _appeal(_appeals.forum == AppealForum.COURT),
        f.LATE: or_(_A.on_time.is_(False), and_(is_open_request(), _A.due_on < today)),
        f.EXTENDED: _A.is_extended.is_(True),
        f.FEE: _C.fee_notified_on.is_not(None),
        f.ANSWERED: _A.answered_at.is_not(None),
        f.NO_ARTICLE: and_(
            is_final(), _C.decision.in_(sorted({d.REFUSED, d.PARTIAL})), _has_no_ground()
        ),
    }
    return conditions[figure]


# --- the catalogue --------------------------------------------------------------------------------------
def is_update_overdue(today: dt.date) -> ColumnElement[bool]:
    """Still published, and its next update was due before today."""
    return and_(PublishedInformation.active.is_(True), PublishedInformation.next_due_on < today)
