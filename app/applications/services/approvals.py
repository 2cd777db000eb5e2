"""The chain of approval of a letter: its steps are made, taken in order, and closed.

Which letter goes which way is data (`ApprovalRoute`); who may act is decided in the rules. What a
letter becomes when its chain is through stands in `replies`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, ApprovalStep, Reply
from app.applications.queries.approvals import (
    find_route,
    list_stations,
    office_of,
    own_office,
    station_of,
)
from app.applications.rules import ApprovalState, Office, Station
from app.applications.services.letter_rows import follow_letters
from app.applications.services.moves import flush, refuse
from app.applications.services.notices import approvers, tell_staff
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, Mandate, acting_as, note_mandate
from app.core.rules import N_, RuleViolation, Violation
from app.organisation.models import StaffUser
from app.organisation.queries import find_deputies, find_users_with_role
from app.system.queries import get_text

_NOT_YOUR_TURN = N_("It is not your turn: this letter waits for %(who)s.")
_ANY_APPROVER = N_("somebody who may approve")
#: What stands behind the title of somebody who signs in another's place.
_DEPUTY = " V."


# --- making ----------------------------------------------------------------------------------------
def start_chain(session: Session, reply: Reply, *, now: dt.datetime) -> ApprovalStep:
    """Make the steps of a letter along its route and return the first one that waits.

    Raises RuleViolation when the route names somebody whose account is closed.
    """
    application = reply.application
    route = find_route(session, reply_kind=reply.kind, outcome=reply.outcome, kind=application.kind)
    named = list_stations(session, route.id) if route is not None else []
    if route is not None and any(s.user is not None and not s.user.active for s in named):
        raise refuse(
            N_("The route “%(route)s” names somebody whose account is closed."), route=route.name
        )
    stations = [station_of(s) for s in named]
    writer = person_of(session, reply.drafted_by_id)
    roles = {role.name for role in writer.roles} if writer is not None else set()
    planned = rules.plan_chain(
        stations,
        writer_id=reply.drafted_by_id,
        writer_roles=roles,
        is_restricted=application.is_restricted,
    )
    number = 1 + (
        session.scalar(
            select(func.max(ApprovalStep.round)).where(ApprovalStep.reply_id == reply.id)
        )
        or 0
    )
    steps = [
        ApprovalStep(
            reply_id=reply.id,
            application_id=application.id,
            round=number,
            position=step.position,
            role=step.station.role,
            user_id=step.station.user_id,
            signs=step.signs,
            state=step.state,
            waiting_since=now if step.state is ApprovalState.WAITING else None,
            note=turkish(step.why) if step.why else "",
        )
        for step in planned
    ]
    session.add_all(steps)
    flush(session)
    session.expire(reply, ["approval_steps"])
    return next(step for step in steps if step.state is ApprovalState.WAITING)


def waiting_step(session: Session, reply: Reply) -> ApprovalStep:
    """The step whose turn it is; a letter of before the chain gets one step for any approver."""
    with acting_as(SYSTEM):
        found = session.scalars(
            select(ApprovalStep)
            .where(ApprovalStep.reply_id == reply.id, ApprovalStep.state == ApprovalState.WAITING)
            .order_by(ApprovalStep.round.desc(), ApprovalStep.position)
        ).first()
    if found is not None:
        return found
    step = ApprovalStep(
        reply_id=reply.id,
        application_id=reply.application_id,
        round=1,
        position=1,
        signs=True,
        state=ApprovalState.WAITING,
        waiting_since=reply.submitted_at or clock.now(),
    )
    session.add(step)
    flush(session)
    return step


# --- taking a turn ---------------------------------------------------------------------------------
def take_turn(session: Session, step: ApprovalStep, actor: Actor) -> tuple[Office, Mandate | None]:
    """The post in which somebody may act on a step, and the deputyship it rests on, if any.

    The own post comes first: nobody acts as a deputy where the own right is enough. Raises
    RuleViolation naming whose turn it is.
    """
    found = find_post(step, actor)
    if found is None:
        raise refuse(_NOT_YOUR_TURN, who=station_words(session, station_of(step)))
    if found[1] is not None:
        note_mandate(found[1])
    return found


def find_post(step: ApprovalStep, actor: Actor) -> tuple[Office, Mandate | None] | None:
    """The same without a word; None when it is another's turn. No statement is sent."""
    if actor.is_system:
        return Office(None, frozenset(), may_approve=True, may_initial=True), None
    station = station_of(step)
    own = own_office(actor)
    if rules.takes_step(own, station, signs=step.signs):
        return own, None
    for mandate in actor.mandates:
        office = office_of(mandate)
        if rules.takes_step(office, station, signs=step.signs):
            return office, mandate
    return None


def check_four_eyes(reply: Reply, actor: Actor, mandate: Mandate | None) -> None:
    """Refuse the writer, whoever the writer stood in for, and the registrar of a refused case."""
    if broken := four_eyes_violations(reply, actor, mandate):
        raise RuleViolation(broken)


def four_eyes_violations(
    reply: Reply, actor: Actor, mandate: Mandate | None
) -> tuple[Violation, ...]:
    """What keeps this person from approving this letter, whosever turn it is."""
    return tuple(
        rules.approval_violations(
            approver_id=actor.user_id,
            approver_for_id=mandate.principal_id if mandate is not None else None,
            drafter_id=reply.drafted_by_id,
            drafter_for_id=reply.drafted_for_id,
            registrar_id=reply.application.registered_by_id,
            outcome=reply.outcome,
        )
    )


def mark_step(
    step: ApprovalStep,
    state: ApprovalState,
    *,
    actor: Actor,
    mandate: Mandate | None,
    note: str,
    now: dt.datetime,
) -> None:
    """Write who did what at a step, and in whose place."""
    step.state = state
    step.by_id = actor.user_id
    step.deputy_for_id = mandate.principal_id if mandate is not None else None
    step.at = now
    step.note = note.strip()[:300]


def next_step(session: Session, step: ApprovalStep, *, now: dt.datetime) -> ApprovalStep | None:
    """Give the turn to the next step of the same round; None when this was the last one."""
    with acting_as(SYSTEM):
        following = session.scalars(
            select(ApprovalStep)
            .where(
                ApprovalStep.reply_id == step.reply_id,
                ApprovalStep.round == step.round,
                ApprovalStep.position > step.position,
                ApprovalStep.state == ApprovalState.AHEAD,
            )
            .order_by(ApprovalStep.position)
        ).first()
    if following is not None:
        following.state = ApprovalState.WAITING
        following.waiting_since = now
        flush(session)
    return following


def close_chain(session: Session, reply_ids: Iterable[int]) -> None:
    """Skip whatever of these letters' chains has not had its turn: the letter is out of approval."""
    ids = sorted(reply_ids)
    if ids:
        flush(session)
        session.execute(
            update(ApprovalStep)
            .where(
                ApprovalStep.reply_id.in_(ids),
                ApprovalStep.state.in_([ApprovalState.AHEAD, ApprovalState.WAITING]),
            )
            .values(state=ApprovalState.SKIPPED, version=ApprovalStep.version + 1),
            execution_options={"synchronize_session": "fetch"},
        )


def recall_letters(
    session: Session, application: Application, *, note: str, with_notices: bool = False
) -> None:
    """Give letters back that were on their way when their case ended otherwise.

    A forwarding notice tells of the end itself and goes on, unless `with_notices` is said.
    """
    kept = () if with_notices else (rules.ReplyKind.FORWARDING_NOTICE,)
    with acting_as(SYSTEM):
        letters = session.scalars(
            select(Reply).where(
                Reply.application_id == application.id,
                Reply.cycle == application.cycle,
                Reply.kind.not_in(kept),
                Reply.state.in_([rules.ReplyState.IN_APPROVAL, rules.ReplyState.APPROVED]),
            )
        ).all()
    for letter in letters:
        letter.state = rules.ReplyState.SENT_BACK
        letter.approval_note = note[:300]
    close_chain(session, [letter.id for letter in letters])
    follow_letters(session, letters)


# --- people and words ------------------------------------------------------------------------------
def people_of_step(session: Session, step: ApprovalStep) -> list[StaffUser]:
    """Who is told that it is their turn: whoever the station names, and who stands in for them."""
    with acting_as(SYSTEM):
        if step.user_id is not None:
            person = session.get(StaffUser, step.user_id)
            people = [person] if person is not None and person.active else []
        elif step.role:
            people = find_users_with_role(session, step.role)
        else:
            people = approvers(session)
        deputies = find_deputies(session, [p.id for p in people], clock.today())
    return [*people, *deputies]


def tell_turn(session: Session, reply: Reply, turn: ApprovalStep, step: ApplicationEvent) -> None:
    """Tell whose turn it is; the writer is never asked to approve the own letter."""
    people = [p for p in people_of_step(session, turn) if p.id != reply.drafted_by_id]
    notice = "submit_reply" if turn.signs else "initial_reply"
    tell_staff(session, reply.application, notice, step=step, users=people)


def station_words(session: Session, station: Station) -> str:
    """Whom a station names, in Turkish as on paper."""
    if station.user_id is not None:
        return str(person_of(session, station.user_id) or "–")
    label = rules.APPROVAL_ROLE_LABELS.get(station.role, _ANY_APPROVER)
    return turkish(label)


def sign(
    session: Session,
    reply: Reply,
    *,
    actor: Actor,
    mandate: Mandate | None,
    office: Office,
    now: dt.datetime,
) -> None:
    """Write who signs a letter, in whose place, and the title that stands below the name."""
    reply.approved_by_id = actor.user_id
    reply.approved_for_id = mandate.principal_id if mandate is not None else None
    reply.approved_at = now
    holder = person_of(session, office.user_id)
    own_title = holder.title if holder is not None else ""
    usual = get_text(session, "signatory_title")
    # The setting is the branch manager's title; whoever stands above signs with the own one.
    title = (usual or own_title) if "branch_mgr" in office.roles else (own_title or usual)
    reply.signed_as = (title + (_DEPUTY if mandate is not None and title else ""))[:160]


def person_of(session: Session, user_id: int | None) -> StaffUser | None:
    """A colleague by key, whoever asks."""
    if user_id is None:
        return None
    with acting_as(SYSTEM):
        return session.get(StaffUser, user_id)
