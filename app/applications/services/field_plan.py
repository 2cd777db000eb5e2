"""Writes of field visits before going: planning one, planning a day, the order of the tour, carrying over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.applications.models import Application, Assignment, FieldVisit
from app.applications.queries import field as queries
from app.applications.rules import AssignmentState
from app.applications.rules import field as rules
from app.applications.rules.field import FieldAction, FieldState, Stop
from app.applications.services.field import check_write, take_step
from app.applications.services.moves import flush, record_step, refuse
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_, RuleViolation, collect
from app.core.text import clean, format_date
from app.organisation.models import Role, StaffUser
from app.organisation.queries import find_subtree_ids
from app.people.queries import UNIT_ROLES
from app.system.services import outbox

VISIT_URL = "/field-visits/show/{}"
_PLANNED_TWICE = N_("A visit to this place is planned already; postpone or make it first.")
_GONE = (AssignmentState.RETURNED, AssignmentState.CANCELLED)


def plan_visit(
    session: Session,
    *,
    application: Application,
    planned_on: dt.date | None,
    officer_id: int | None,
    actor: Actor,
    now: dt.datetime,
    team: str = "",
    task: str = "",
    carried_from: FieldVisit | None = None,
) -> FieldVisit:
    """Plan a visit to the place of an open case; it comes last in the tour of its day.

    The officer is told in the panel. Raises RuleViolation when the case is over, has a visit to come,
    or could not be seen by the officer.
    """
    check_write(actor)
    today = clock.to_local(now).date()
    if application.state not in queries.LOOKED_AT:
        raise refuse(N_("No visit is planned for this case: nothing on the spot is open."))
    if broken := collect(
        rules.plan_violations({"planned_on": planned_on, "officer_id": officer_id}, today=today)
    ):
        raise RuleViolation(broken)
    assert planned_on is not None
    assert officer_id is not None
    officer = _officer_for(session, application, officer_id)
    if queries.has_live_visit(session, application.id):
        raise refuse(_PLANNED_TWICE, "application")
    visit = FieldVisit(
        application_id=application.id,
        planned_on=planned_on,
        officer_id=officer.id,
        unit_id=officer.unit_id,
        team=clean(team)[:80],
        task=clean(task)[:300],
        position=queries.last_position(session, planned_on, officer.id) + 1,
        state=FieldState.PLANNED,
        carried_from_id=carried_from.id if carried_from is not None else None,
    )
    try:
        with session.begin_nested():
            session.add(visit)
            session.flush()
    except IntegrityError as twice:
        raise refuse(_PLANNED_TWICE, "application") from twice
    record_step(
        session,
        application,
        "field_plan",
        actor=actor,
        now=now,
        note=visit.task,
        details={"field_visit_id": visit.id, "planned_on": planned_on.isoformat()},
        unit_id=officer.unit_id,
    )
    _tell_officer(session, visit, application, actor)
    return visit


def _officer_for(session: Session, application: Application, officer_id: int) -> StaffUser:
    """The officer, who must be able to see the case: whoever is sent there opens it on the phone."""
    with acting_as(SYSTEM):
        officer = session.get(StaffUser, officer_id)
        if officer is None or not officer.active:
            raise refuse(N_("Pick who goes there."), "officer")
        seen = _is_sent_to(session, application, officer)
        if not seen and not _is_bound(officer):
            seen = not application.is_restricted or _may_see_restricted(session, officer)
    if not seen:
        raise refuse(
            N_("%(name)s could not see this case: assign it to that unit first."),
            "officer",
            name=officer.name,
        )
    return officer


def _is_bound(officer: StaffUser) -> bool:
    """Whether somebody sees only what was sent to the own unit."""
    roles = {role.name for role in officer.roles}
    return bool(roles) and roles <= UNIT_ROLES


def _is_sent_to(session: Session, application: Application, officer: StaffUser) -> bool:
    """Whether the officer's unit, or one below it, has the case."""
    if not officer.unit_id:
        return False
    units = find_subtree_ids(session, officer.unit_id)
    sent = select(Assignment.id).where(
        Assignment.application_id == application.id,
        Assignment.unit_id.in_(sorted(units)),
        Assignment.state.not_in(_GONE),
    )
    return session.scalars(sent.limit(1)).first() is not None


def _may_see_restricted(session: Session, officer: StaffUser) -> bool:
    """Whether one of the officer's roles opens restricted cases."""
    grant = Role.permissions.property.mapper.class_
    stmt = (
        select(Role.id)
        .join(Role.permissions)
        .where(
            Role.id.in_([role.id for role in officer.roles]),
            grant.permission.has(name="can_restricted"),
            grant.view_menu.has(name="Application"),
        )
    )
    return session.scalars(stmt.limit(1)).first() is not None


def _tell_officer(
    session: Session, visit: FieldVisit, application: Application, actor: Actor
) -> None:
    if visit.officer_id == actor.user_id:
        return
    text = turkish(
        N_("Field visit on %(day)s: %(number)s %(subject)s"),
        day=format_date(visit.planned_on),
        number=application.number,
        subject="" if application.is_restricted else application.subject,
    )
    outbox.notify_user(
        session,
        user_id=visit.officer_id,
        subject=text,
        url=VISIT_URL.format(visit.id),
        owner_type="Application",
        owner_id=application.id,
        template="field_plan",
        dedupe_key=f"field:{visit.id}:{visit.planned_on.isoformat()}",
    )


def plan_day(
    session: Session,
    *,
    application_ids: Iterable[int],
    planned_on: dt.date,
    officer_id: int,
    actor: Actor,
    now: dt.datetime,
    team: str = "",
) -> list[FieldVisit]:
    """Plan the picked cases for one day and officer, and put the whole tour in order.

    Cases that the actor may not see are as if they were not picked. Raises RuleViolation when the
    day would have more stops than a team can make.
    """
    wanted = list(dict.fromkeys(application_ids))
    known = queries.last_position(session, planned_on, officer_id)
    if known + len(wanted) > rules.MOST_STOPS:
        raise refuse(N_("A tour has at most %(most)s stops."), most=rules.MOST_STOPS)
    cases = session.scalars(
        select(Application).where(Application.id.in_(wanted)).order_by(Application.id)
    ).all()
    made = [
        plan_visit(
            session, application=case, planned_on=planned_on, officer_id=officer_id, team=team,
            actor=actor, now=now,
        )
        for case in cases
    ]  # fmt: skip
    order_day(session, planned_on=planned_on, officer_id=officer_id, actor=actor)
    return made


def change_plan(
    session: Session, *, visit: FieldVisit, actor: Actor, now: dt.datetime
) -> FieldVisit:
    """Finish a change of day, officer or task whose values already stand on the object.

    Raises RuleViolation when the visit is no longer to be made, or the officer could not see the case.
    """
    check_write(actor)
    with session.no_autoflush:
        if visit.state not in rules.LIVE_VISITS:
            raise refuse(N_("Only a visit that is still to be made can be changed."))
        given = {"planned_on": visit.planned_on, "officer_id": visit.officer_id}
        if broken := collect(rules.plan_violations(given, today=clock.to_local(now).date())):
            raise RuleViolation(broken)
        officer = _officer_for(session, visit.application, visit.officer_id)
        visit.unit_id = officer.unit_id
        visit.team, visit.task = clean(visit.team)[:80], clean(visit.task)[:300]
    flush(session)
    order_day(session, planned_on=visit.planned_on, officer_id=visit.officer_id, actor=actor)
    _tell_officer(session, visit, visit.application, actor)
    return visit


def order_day(
    session: Session, *, planned_on: dt.date, officer_id: int, actor: Actor
) -> list[FieldVisit]:
    """Put the stops that are still to be made in the order of the rule, behind those made already."""
    check_write(actor)
    visits = queries.list_plan(session, planned_on, officer_id)
    made = [v for v in visits if v.state not in rules.LIVE_VISITS]
    left = {v.id: v for v in visits if v.state in rules.LIVE_VISITS}
    tour = [*made, *(left[stop.key] for stop in rules.order_stops(map(stop_of, left.values())))]
    for place, visit in enumerate(tour, start=1):
        visit.position = place
    flush(session)
    return tour


def stop_of(visit: FieldVisit) -> Stop:
    """A visit as the order of the day sees it."""
    case = visit.application
    return Stop(
        key=visit.id,
        district=str(case.district or ""),
        neighbourhood=str(case.neighbourhood or ""),
        street=case.street,
        door=case.place_note,
        latitude=case.latitude,
        longitude=case.longitude,
    )


def move_stop(session: Session, *, visit: FieldVisit, up: bool, actor: Actor) -> None:
    """Change places with the stop before or behind; at the end of the tour nothing happens."""
    check_write(actor)
    tour = queries.list_plan(session, visit.planned_on, visit.officer_id)
    at = next((n for n, one in enumerate(tour) if one.id == visit.id), None)
    if at is None:
        return
    other = at - 1 if up else at + 1
    if 0 <= other < len(tour):
        tour[at], tour[other] = tour[other], tour[at]
    for place, one in enumerate(tour, start=1):
        one.position = place
    flush(session)


def drop_stop(session: Session, *, visit: FieldVisit, actor: Actor, now: dt.datetime) -> None:
    """Take a stop out of the plan that nobody has begun; its planning stays on the timeline.

    Raises RuleViolation once the team has set out.
    """
    check_write(actor)
    if visit.state is not FieldState.PLANNED or queries.count_photos(session, visit.id):
        raise refuse(N_("The team has set out already: postpone the visit instead."))
    record_step(
        session,
        visit.application,
        "field_postpone",
        actor=actor,
        now=now,
        note=turkish(N_("Taken out of the plan of %(day)s."), day=format_date(visit.planned_on)),
        unit_id=visit.unit_id,
    )
    session.delete(visit)
    flush(session)


def carry_over(
    session: Session, *, to: dt.date, officer_id: int, actor: Actor, now: dt.datetime
) -> list[FieldVisit]:
    """Plan what was not made on earlier days anew for `to`; the old stops are postponed."""
    check_write(actor)
    made = []
    for old in queries.list_left_over(session, to, officer_id):
        reason = turkish(N_("Not made that day; moved to %(day)s."), day=format_date(to))
        take_step(
            session, visit=old, action=FieldAction.POSTPONE, actor=actor, now=now, reason=reason
        )
        if old.application.state in queries.LOOKED_AT:
            made.append(
                plan_visit(
                    session, application=old.application, planned_on=to, officer_id=officer_id,
                    team=old.team, task=old.task, carried_from=old, actor=actor, now=now,
                )
            )  # fmt: skip
    order_day(session, planned_on=to, officer_id=officer_id, actor=actor)
    return made
