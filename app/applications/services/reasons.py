"""Reasons of results: the one that goes with a result, and the reasons that ship with the program.

Source: 4982 m.12; 3071 m.7; domain facts 1.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, Assignment, OutcomeReason
from app.applications.queries.feedback import find_reason, list_reasons, usual_reason
from app.applications.rules import AssignmentRole, Kind, Outcome
from app.applications.services.moves import refuse
from app.core.rules import N_
from app.system.services.settings import bump_stamp

_FIELD = "outcome_reason_id"


def reason_for(
    session: Session,
    outcome: Outcome | None,
    reason_id: int | None,
    *,
    kind: Kind | None = None,
    is_usual: bool = False,
    usual_code: str | None = None,
) -> int | None:
    """The key of the reason that a result is told with; None where a result needs none.

    `is_usual` takes the first reason of the result when none was picked, for steps that are a reason
    by themselves; `usual_code` takes the one of that code, or none while it is not in use. An information request names the article of its law, so it may go without (4982
    m.12), and so may a result for which the office has no reason in use. RuleViolation when one is
    missing otherwise, or belongs to another result.
    """
    if outcome is None or not rules.needs_reason(outcome):
        return None
    if reason_id is None:
        if usual_code is not None:
            known = (r for r in list_reasons(session) if r.code == usual_code)
            return next((r.id for r in known if r.outcome is outcome), None)
        usual = usual_reason(session, outcome)
        if usual is None or kind is Kind.INFORMATION:
            return None
        if is_usual:
            return usual.id
        raise refuse(N_("Pick the reason; the citizen reads it with the result."), _FIELD)
    found = find_reason(session, reason_id)
    if found is None or found.outcome is not outcome:
        raise refuse(
            N_("This reason does not belong to the result “%(outcome)s”."),
            _FIELD,
            outcome=rules.OUTCOME_LABELS[outcome],
        )
    return found.id


def fitting_reason(session: Session, outcome: Outcome | None, reason_id: int | None) -> int | None:
    """The key of a reason in use that belongs to a result, else None; for drafts, which may be unfinished."""
    found = find_reason(session, reason_id) if reason_id is not None else None
    return found.id if found is not None and found.outcome is outcome else None


def reason_text(session: Session, reason_id: int | None) -> str:
    """The sentence that the citizen reads; empty without a reason.

    Also for a reason that is no longer in use: an old letter still says what it said.
    """
    if reason_id is None:
        return ""
    known = next((r for r in list_reasons(session) if r.id == reason_id), None)
    if known is not None:
        return known.citizen_text
    table = OutcomeReason.__table__.c
    text = session.execute(select(table.citizen_text).where(table.id == reason_id)).scalar()
    return str(text or "")


def with_reason(session: Session, body: str, reason_id: int | None) -> str:
    """A text of an answer, with the sentence of its reason below it unless it says it already."""
    reason = reason_text(session, reason_id)
    return body if not reason or reason in body else f"{body}\n\n{reason}"


def reason_of_unit(session: Session, application: Application) -> int | None:
    """The reason that the lead unit named with its answer, for a letter that is still to be written."""
    a = Assignment.__table__.c
    return session.execute(
        select(a.outcome_reason_id)
        .where(
            a.application_id == application.id,
            a.cycle == application.cycle,
            a.outcome_reason_id.is_not(None),
        )
        .order_by(a.role != AssignmentRole.LEAD, a.id.desc())
        .limit(1)
    ).scalar()


def ensure_reasons(session: Session, rows: Iterable[Mapping[str, str]]) -> int:
    """Add the reasons that are missing; what people have changed stays. Returns how many were added."""
    known = set(session.scalars(select(OutcomeReason.code)))
    added = [
        OutcomeReason(
            code=row["code"],
            outcome=Outcome(row["outcome"]),
            name=row["name"],
            citizen_text=row["citizen_text"],
            order_no=int(row["order_no"]),
        )
        for row in rows
        if row["code"] not in known
    ]
    session.add_all(added)
    session.flush()
    if added:
        bump_stamp(session)
    return len(added)


def reasons_changed(session: Session) -> None:
    """Let every process read the reasons anew."""
    session.flush()
    bump_stamp(session)
