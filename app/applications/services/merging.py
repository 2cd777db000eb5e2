"""Two applications of one matter: joined to a main case, and taken out again as if nothing had been.

What a merge takes from a case stands in the step of the merge, so that its reversal gives exactly
that back. How the applicants of a group are answered stands in `groups`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, Assignment, Reply
from app.applications.rules import Action, AssignmentState, Outcome, ReplyState, State
from app.applications.services.groups import answer_cases, answer_of_case, list_group
from app.applications.services.moves import apply_action, flush, record_step, refuse, renew
from app.applications.services.notices import hold_back, people_of_unit, tell_citizen, tell_staff
from app.applications.services.reasons import reason_for
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_, ConflictError, RuleViolation, Violation
from app.system.models import Notification

#: The steps that a reversal has to find again.
_MERGED = Action.MERGE.value


@dataclass(frozen=True)
class MergeResult:
    """What became of one case: merged, or the rules that refused it."""

    application: Application
    violations: tuple[Violation, ...] = ()

    @property
    def is_merged(self) -> bool:
        """Whether it follows the main case now."""
        return not self.violations


def candidate(application: Application, merged: int = 0) -> rules.Candidate:
    """What the rules look at of a case that may be joined; `merged` cases follow it already."""
    return rules.Candidate(
        application.id,
        application.state,
        application.kind,
        application.topic_id,
        application.neighbourhood_id,
        application.citizen_id,
        application.received_at,
        merged,
    )


# --- joining -------------------------------------------------------------------------------------------
def merge(
    session: Session,
    *,
    application: Application,
    master_id: int | None,
    actor: Actor,
    note: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Join a duplicate to its main case; its applicant is told the result of that one too.

    Units that have the duplicate in hand are told to stop. Cases that were merged into it follow the
    new main case. If that one has been answered already, so are they, at once. RuleViolation when
    the main case is this one, is itself merged or has ended without an answer.
    """
    moment = now or clock.now()
    master = session.get(Application, master_id) if master_id else None
    answer = None
    if master is not None:
        answer = answer_of_case(session, master)
        if broken := tuple(
            rules.merge_violations(
                candidate(application), candidate(master), has_answer=answer is not None
            )
        ):
            raise RuleViolation(broken)
    _refuse_waiting_letter(session, application)
    children = list_group(session, application.id)
    step = apply_action(
        session,
        application,
        Action.MERGE,
        actor=actor,
        now=moment,
        given={"master_id": master.id if master is not None else None},
        note=note,
        details=_details(session, application, master, children) if master is not None else {},
        version=version,
    )
    assert master is not None
    application.master_id = master.id
    application.outcome = Outcome.DUPLICATE
    application.outcome_reason_id = reason_for(session, Outcome.DUPLICATE, None, is_usual=True)
    _stop_units(session, application, step, moment)
    record_step(
        session, master, "merged_in", actor=actor, now=moment,
        details={"application_id": application.id, "number": application.number},
    )  # fmt: skip
    for child in children:
        point(session, child, master, actor, moment)
    renew(session, application)
    tell_citizen(session, application, "merge", step=step)
    if answer is not None:
        waiting = [case for case in (application, *children) if case.answered_at is None]
        answer_cases(session, master, waiting, answer, actor=actor, now=moment)
    return application


def _refuse_waiting_letter(session: Session, application: Application) -> None:
    """A letter on its way to a signature would be left hanging behind the main case."""
    letters = Reply.__table__.c
    waiting = session.execute(
        select(letters.id)
        .where(
            letters.application_id == application.id,
            letters.state.in_([ReplyState.IN_APPROVAL, ReplyState.APPROVED]),
        )
        .limit(1)
    ).scalar()
    if waiting is not None:
        raise refuse(N_("A letter of this case waits for approval or sending; deal with it first."))


def merge_many(
    session: Session,
    *,
    applications: Sequence[Application],
    master_id: int,
    actor: Actor,
    note: str = "",
    now: dt.datetime | None = None,
) -> list[MergeResult]:
    """Join several cases to one main case, the oldest first; each stands or falls on its own."""
    results = []
    for application in sorted(applications, key=lambda case: (case.received_at, case.id)):
        if application.id == master_id:
            continue
        try:
            with session.begin_nested():
                merge(
                    session,
                    application=application,
                    master_id=master_id,
                    actor=actor,
                    note=note,
                    now=now,
                )
            results.append(MergeResult(application))
        except RuleViolation as refused:
            results.append(MergeResult(application, refused.violations))
        except ConflictError as stale:
            results.append(MergeResult(application, (Violation("", stale.message),)))
    return results


def _details(
    session: Session,
    application: Application,
    master: Application,
    children: Sequence[Application],
) -> dict[str, Any]:
    """What a reversal needs: the state, the outcome, the work in hand and the own group."""
    return {
        "master_id": master.id,
        "number": master.number,
        "before": {
            "state": application.state.value,
            "outcome": application.outcome.value if application.outcome else None,
            "outcome_reason_id": application.outcome_reason_id,
            "assignments": [[row.id, row.state.value] for row in _live(session, application)],
            "children": [child.id for child in children],
        },
    }


def _live(session: Session, application: Application) -> Sequence[Assignment]:
    with acting_as(SYSTEM):
        return session.scalars(
            select(Assignment)
            .where(
                Assignment.application_id == application.id,
                Assignment.state.in_(sorted(rules.LIVE_ASSIGNMENTS)),
            )
            .order_by(Assignment.id)
        ).all()


def _stop_units(
    session: Session, application: Application, step: ApplicationEvent, now: dt.datetime
) -> None:
    for row in _live(session, application):
        row.state = AssignmentState.CANCELLED
        row.returned_at = now
        people = people_of_unit(session, row.unit_id)
        tell_staff(session, application, "cancel", step=step, users=people)
    flush(session)


def point(
    session: Session, case: Application, master: Application, actor: Actor, now: dt.datetime
) -> None:
    """Let a merged case follow another main case; a step of it says so."""
    case.master_id = master.id
    record_step(
        session, case, "repointed", actor=actor, now=now,
        details={"master_id": master.id, "number": master.number},
    )  # fmt: skip
    session.expire(case, ["master"])


# --- taking out ----------------------------------------------------------------------------------------
def unmerge(
    session: Session,
    *,
    application: Application,
    reason: str,
    actor: Actor,
    now: dt.datetime | None = None,
    version: int | None = None,
) -> Application:
    """Take a case out of its main case again: it stands where it stood, with its units and its clock.

    The cases that had been merged into it come back to it. Its applicant is told, unless the message
    of the merge has not left yet: then that one is held back. Raises RuleViolation.
    """
    return take_out(
        session, application, reason=reason, actor=actor, now=now or clock.now(), version=version
    )


def take_out(
    session: Session,
    application: Application,
    *,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    implied: bool = False,
    version: int | None = None,
) -> Application:
    """As `unmerge`; `implied` leaves out the check of the verb, where another step brings this one."""
    master = application.master
    merged = _last_merge(session, application.id)
    before: dict[str, Any] = (merged.details.get("before") or {}) if merged is not None else {}
    back_to = State(before["state"]) if before else State.TRIAGE
    step = apply_action(
        session, application, Action.UNMERGE, actor=actor, now=now, given={"reason": reason},
        note=reason, implied=implied, version=version, back_to=back_to,
    )  # fmt: skip
    application.master_id = None
    application.outcome = Outcome(before["outcome"]) if before.get("outcome") else None
    application.outcome_reason_id = before.get("outcome_reason_id")
    application.answered_at = None
    application.on_time = None
    flush(session)
    _start_units(session, application, before.get("assignments", ()), step)
    if merged is not None and master is not None:
        _take_back(session, application, master, merged, before.get("children", ()), actor, now)
    if master is not None:
        record_step(
            session, master, "unmerged", actor=actor, now=now, note=reason,
            details={"application_id": application.id, "number": application.number},
        )  # fmt: skip
    if not _hold_back(session, application, merged):
        tell_citizen(session, application, "unmerge", step=step)
    renew(session, application)
    return application


def _last_merge(session: Session, application_id: int) -> ApplicationEvent | None:
    """The step that joined a case to its present main case."""
    with acting_as(SYSTEM):
        return session.scalars(
            select(ApplicationEvent)
            .where(
                ApplicationEvent.application_id == application_id,
                ApplicationEvent.action == _MERGED,
            )
            .order_by(ApplicationEvent.id.desc())
            .limit(1)
        ).first()


def _start_units(
    session: Session,
    application: Application,
    known: Sequence[Sequence[Any]],
    step: ApplicationEvent,
) -> None:
    """Give the units back what the merge took from them."""
    states = {int(pk): AssignmentState(state) for pk, state in known}
    with acting_as(SYSTEM):
        rows = session.scalars(
            select(Assignment)
            .where(Assignment.id.in_(sorted(states)), Assignment.state == AssignmentState.CANCELLED)
            .order_by(Assignment.id)
        ).all()
    for row in rows:
        row.state = states[row.id]
        row.returned_at = None
        people = people_of_unit(session, row.unit_id)
        tell_staff(session, application, "restored", step=step, users=people)
    flush(session)


def _take_back(
    session: Session,
    application: Application,
    master: Application,
    merged: ApplicationEvent,
    children: Sequence[int],
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Let the own group follow this case again, but not who has left it since or come on its own."""
    for child in list_group(session, master.id):
        if child.id not in children:
            continue
        own = _last_merge(session, child.id)
        if own is not None and own.id < merged.id:
            point(session, child, application, actor, now)


def _hold_back(session: Session, application: Application, merged: ApplicationEvent | None) -> bool:
    """Whether the message of the merge could still be kept from leaving."""
    if merged is None:
        return False
    with acting_as(SYSTEM):
        message = session.scalars(
            select(Notification).where(
                Notification.dedupe_key == f"app:{application.id}:merge:{merged.id}"
            )
        ).first()
    # Nobody was told of the merge, so nobody needs to be told of its end.
    return message is None or hold_back(session, message)
