"""Reads about CİMER: its correspondence, answers that wait to be entered, figures, comparisons.

Row scope comes from the session: whoever may not see CİMER cases counts and finds nothing here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import Session, joinedload

from app.applications.models import (
    Application,
    CimerExchange,
    Reconciliation,
    ReconciliationItem,
    Reply,
)
from app.applications.queries.figures import Narrow, answerable_units, day_start, everything
from app.applications.queries.moments import days_between, local_month
from app.applications.rules import Channel, ExchangeKind, ReplyKind, ReplyState, State
from app.applications.rules.cimer import TO_ENTER_STATES
from app.applications.rules.reconciling import ItemKind, Resolution
from app.organisation.models import Unit

_A, _X, _R, _I = Application, CimerExchange, Reconciliation, ReconciliationItem
#: Letters that end a case.
ENDING_LETTERS = (ReplyKind.FINAL, ReplyKind.FORWARDING_NOTICE)
EXTENSION_KINDS = (
    ExchangeKind.EXTENSION_ASKED,
    ExchangeKind.EXTENSION_GRANTED,
    ExchangeKind.EXTENSION_REFUSED,
)


# --- one case ------------------------------------------------------------------------------------------
def waits_for_entry() -> ColumnElement[bool]:
    """CİMER cases whose answer is ready or given and does not stand at CİMER yet."""
    letters = Reply.__table__.c
    approved = (
        select(letters.id)
        .where(
            letters.application_id == _A.id,
            letters.cycle == _A.cycle,
            letters.kind.in_(ENDING_LETTERS),
            letters.state == ReplyState.APPROVED,
        )
        .correlate(_A.__table__)
        .exists()
    )
    return and_(
        _A.channel == Channel.CIMER,
        _A.external_answered_at.is_(None),
        or_(
            _A.state.in_(sorted(TO_ENTER_STATES)),
            and_(_A.state == State.MERGED, _A.answered_at.is_not(None)),
            and_(_A.state == State.TRIAGE, approved),
        ),
    )


def list_exchanges(session: Session, application_id: int, limit: int = 100) -> list[CimerExchange]:
    """The correspondence about a case, the newest line first."""
    stmt = (
        select(_X)
        .where(_X.application_id == application_id)
        .options(joinedload(_X.actor))
        .order_by(_X.at.desc(), _X.id.desc())
        .limit(limit)
    )
    return list(session.scalars(stmt))


def list_batch_exchanges(
    session: Session, batch_id: int, kinds: Sequence[ExchangeKind], limit: int = 50
) -> list[CimerExchange]:
    """Lines of these kinds that one import has brought, with their cases."""
    stmt = (
        select(_X)
        .where(_X.import_batch_id == batch_id, _X.kind.in_(kinds))
        .options(joinedload(_X.application).load_only(_A.number, _A.subject, _A.is_restricted))
        .order_by(_X.id)
        .limit(limit)
    )
    return list(session.scalars(stmt))


# --- counts for the home page ----------------------------------------------------------------------------
def count_for_cimer(session: Session, since: dt.date) -> dict[str, int]:
    """to_enter, resent (since a day), open differences of the newest comparison: one statement."""
    to_enter = select(func.count(_A.id)).where(waits_for_entry()).scalar_subquery()
    resent = (
        select(func.count(_X.id))
        .where(_X.kind == ExchangeKind.RESENT, _X.at >= day_start(since))
        .scalar_subquery()
    )
    newest = select(func.max(_R.id)).scalar_subquery()
    left = select(func.max(_R.open_items)).where(_R.id == newest).scalar_subquery()
    row = (
        session.execute(
            select(
                to_enter.label("to_enter"),
                resent.label("resent"),
                left.label("differences"),
                newest.label("newest"),
            )
        )
        .mappings()
        .one()
    )
    return {name: int(value or 0) for name, value in row.items()}


def find_last_reconciliation(session: Session) -> Reconciliation | None:
    """The comparison that was made last."""
    return session.scalars(select(_R).order_by(_R.id.desc()).limit(1)).first()


# --- figures -----------------------------------------------------------------------------------------------
def _rows(session: Session, stmt: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(stmt).mappings()]


def of_cimer(narrow: Narrow) -> Narrow:
    """The same conditions and: received through CİMER."""
    return lambda stmt: narrow(stmt).where(_A.channel == Channel.CIMER)


def count_by_month_and_state(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """month, step (received, answered), count of CİMER cases by the month they reached us."""
    month = local_month(_A.received_at)
    answered = case(
        (_A.answered_at.is_(None), literal_column("'open'")), else_=literal_column("'answered'")
    )
    stmt = select(month.label("month"), answered.label("step"), func.count().label("count"))
    grouped = of_cimer(narrow)(stmt.select_from(_A)).group_by(month, "step")
    return _rows(session, grouped)


def list_rates_by_month(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """month, rate (percent in time), timed, on_time of the CİMER cases answered with a period."""
    month = local_month(_A.received_at)
    kept = func.sum(case((_A.on_time.is_(True), literal_column("1")), else_=literal_column("0")))
    stmt = select(month.label("month"), func.count().label("timed"), kept.label("on_time"))
    grouped = of_cimer(narrow)(stmt.select_from(_A).where(_A.on_time.is_not(None))).group_by(month)
    return [
        {
            **row,
            "on_time": int(row["on_time"]),
            "rate": round(100 * int(row["on_time"]) / row["timed"], 1),
        }
        for row in _rows(session, grouped)
    ]


def list_days_by_month(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """month, days (average from receipt to answer), answered of CİMER cases."""
    month = local_month(_A.received_at)
    days = func.avg(days_between(_A.received_at, _A.answered_at))
    stmt = select(month.label("month"), days.label("days"), func.count().label("answered"))
    grouped = of_cimer(narrow)(stmt.select_from(_A).where(_A.answered_at.is_not(None))).group_by(
        month
    )
    return [{**row, "days": round(float(row["days"]), 1)} for row in _rows(session, grouped)]


def count_by_unit(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """unit_id, unit, due (open, late, answered), count of CİMER cases by answering department."""
    tops = answerable_units()
    stmt = (
        select(
            tops.c.top_id.label("unit_id"), _due_group().label("due"), func.count().label("count")
        )
        .select_from(_A)
        .join(tops, tops.c.unit_id == _A.lead_unit_id)
    )
    rows = _rows(session, of_cimer(narrow)(stmt).group_by(tops.c.top_id, "due"))
    wanted = {row["unit_id"] for row in rows}
    named = session.execute(select(Unit.id, Unit.short_name, Unit.name).where(Unit.id.in_(wanted)))
    names = {pk: short or name for pk, short, name in named}
    return [{**row, "unit": names.get(row["unit_id"])} for row in rows]


def _due_group() -> ColumnElement[str]:
    return case(
        (_A.answered_at.is_(None), literal_column("'open'")),
        (_A.on_time.is_(False), literal_column("'late'")),
        else_=literal_column("'answered'"),
    )


def count_exchanges(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """kind, count of the lines of the correspondence."""
    stmt = select(_X.kind.label("kind"), func.count().label("count")).select_from(_X)
    return _rows(session, narrow(stmt).group_by(_X.kind))


def count_resent_by_month(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """month, reason, count of what CİMER sent again."""
    month = local_month(_X.at)
    stmt = select(month.label("month"), _X.reason.label("reason"), func.count().label("count"))
    grouped = narrow(stmt.select_from(_X).where(_X.kind == ExchangeKind.RESENT))
    rows = _rows(session, grouped.group_by(month, _X.reason))
    return [{**row, "reason": row["reason"] or "unknown"} for row in rows]


# --- comparisons ---------------------------------------------------------------------------------------------
#: The four figures that are followed over time; state and date stand together as "differs".
FIGURES = ("missing_here", "missing_there", "differs", "overdue_there")


def list_reconciliation_figures(
    session: Session, narrow: Narrow = everything
) -> list[dict[str, Any]]:
    """Period (first day), figure, count: four figures of each period, of its newest comparison."""
    latest = narrow(select(func.max(_R.id)).select_from(_R)).group_by(_R.period_from)
    stmt = (
        select(
            _R.period_from.label("period"),
            _R.missing_here,
            _R.missing_there,
            (_R.state_differs + _R.date_differs).label("differs"),
            _R.overdue_there,
        )
        .where(_R.id.in_(latest))
        .order_by(_R.period_from)
    )
    return [
        {"period": row["period"], "figure": name, "count": int(row[name])}
        for row in _rows(session, stmt)
        for name in FIGURES
    ]


def count_items(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """kind, resolution, count of differences."""
    stmt = select(
        _I.kind.label("kind"), _I.resolution.label("resolution"), func.count().label("count")
    ).select_from(_I)
    return _rows(session, narrow(stmt).group_by(_I.kind, _I.resolution))


def list_items(
    session: Session,
    reconciliation_id: int,
    *,
    kind: ItemKind | None = None,
    only_open: bool = False,
    limit: int = 200,
) -> list[ReconciliationItem]:
    """Differences of a comparison with their cases, in the order of the list."""
    stmt = select(_I).where(_I.reconciliation_id == reconciliation_id)
    if kind is not None:
        stmt = stmt.where(_I.kind == kind)
    if only_open:
        stmt = stmt.where(_I.resolution == Resolution.OPEN)
    stmt = stmt.options(
        joinedload(_I.application).load_only(_A.number, _A.subject, _A.state, _A.is_restricted),
        joinedload(_I.resolved_by),
    )
    return list(session.scalars(stmt.order_by(_I.kind, _I.row_no, _I.external_ref).limit(limit)))
