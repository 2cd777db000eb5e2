"""Writes of the visitor log: three answers make a visit, a minute to take it back, who waits how long."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.core.acting import Actor, acting_as
from app.core.rules import RuleViolation
from app.frontdesk.models import ServicePoint, Visit, VisitReason
from app.frontdesk.queries import desk as desk_queries
from app.frontdesk.queries import visits as queries
from app.frontdesk.rules.desk import Matter, TicketState
from app.frontdesk.rules.visits import VisitResult
from app.frontdesk.services import desk as desk_services
from app.frontdesk.services import visits as services
from tests.support import actor_of


@pytest.fixture
def session(session: Any) -> Any:
    """The session itself, as services take it, not the one that stands for it."""
    return session()


@pytest.fixture
def guide(app: Any, session: Any) -> Actor:
    """The actor of reception."""
    return actor_of(app, session, "rehber")


@pytest.fixture
def now() -> dt.datetime:
    """A moment that every column takes for the present."""
    return clock.now()


def reason(session: Any, code: str = "dilekce") -> VisitReason:
    found = session.scalars(select(VisitReason).where(VisitReason.code == code)).one_or_none()
    return (
        found
        or session.scalars(
            select(VisitReason)
            .where(VisitReason.is_short.is_(False))
            .order_by(VisitReason.position)
        ).first()
    )


def point(session: Any, *, desk: bool = False) -> ServicePoint:
    wanted = select(ServicePoint).where(
        ServicePoint.is_desk.is_(desk), ServicePoint.unit_id.is_not(None)
    )
    return session.scalars(wanted.order_by(ServicePoint.position, ServicePoint.id)).first()


def log(session: Any, actor: Actor, now: dt.datetime, **more: Any) -> Visit:
    key = more.pop("request_key", None)
    values = {
        "reason_id": reason(session).id,
        "service_point_id": point(session).id,
        "people": 1,
        **more,
    }
    with acting_as(actor):
        return services.log_visit(session, values=values, actor=actor, now=now, request_key=key)


def refused(call: Any) -> list[str]:
    with pytest.raises(RuleViolation) as told:
        call()
    return [one.field for one in told.value.violations]


# --- logging -----------------------------------------------------------------------------------------
def test_reason_and_room_make_a_visit_without_a_name(
    session: Any, guide: Actor, now: dt.datetime
) -> None:
    visit = log(session, guide, now)
    assert (visit.visitor_name, visit.people, visit.ended_at) == ("", 1, None)
    assert visit.unit_id == point(session).unit_id
    assert visit.waiting_since == visit.at == now


def test_the_unit_of_a_visit_stays_when_the_room_moves(
    session: Any, guide: Actor, now: dt.datetime
) -> None:
    room = point(session)
    visit = log(session, guide, now)
    before = visit.unit_id
    room.unit_id = None
    session.flush()
    session.refresh(visit)
    assert visit.unit_id == before


def test_a_reason_settled_at_reception_ends_at_once_and_needs_no_room(
    session: Any, guide: Actor, now: dt.datetime
) -> None:
    short = session.scalars(select(VisitReason).where(VisitReason.is_short.is_(True))).first()
    visit = log(session, guide, now, reason_id=short.id, service_point_id=None)
    assert (visit.result, visit.ended_at) == (VisitResult.GUIDED, now)


def test_the_same_form_makes_one_visit(session: Any, guide: Actor, now: dt.datetime) -> None:
    before = session.scalar(select(func.count(Visit.id)))
    first = log(session, guide, now, request_key="a-form")
    assert log(session, guide, now, request_key="a-form") is first
    assert session.scalar(select(func.count(Visit.id))) == before + 1


def test_every_fault_is_told_at_its_question(session: Any, guide: Actor, now: dt.datetime) -> None:
    call = lambda: log(  # noqa: E731
        session, guide, now, reason_id=None, service_point_id=None, people=0
    )
    assert refused(call) == ["people", "reason", "service_point"]


def test_who_went_along_is_the_one_who_logged_it(
    session: Any, guide: Actor, now: dt.datetime
) -> None:
    assert log(session, guide, now, accompanied=True).accompanied_by_id == guide.user_id
    assert log(session, guide, now).accompanied_by_id is None


def test_who_has_no_right_logs_nothing(app: Any, session: Any, now: dt.datetime) -> None:
    auditor = actor_of(app, session, "denetci")
    assert refused(lambda: log(session, auditor, now)) == [""]


def test_an_unknown_field_is_a_mistake_of_the_program(
    session: Any, guide: Actor, now: dt.datetime
) -> None:
    with pytest.raises(TypeError, match="identity"):
        log(session, guide, now, identity="10000000146")


# --- receiving and ending ----------------------------------------------------------------------------
def test_waiting_time_is_from_coming_to_the_conversation(
    session: Any, guide: Actor, now: dt.datetime
) -> None:
    came = now - dt.timedelta(minutes=12)
    visit = log(session, guide, now, at=came)
    services.receive_visitor(session, visit=visit, actor=guide, now=now)
    assert visit.served_at == now
    services.receive_visitor(session, visit=visit, actor=guide, now=now + dt.timedelta(minutes=1))
    assert visit.served_at == now, "a second press changes nothing"
    services.end_visit(session, visit=visit, actor=guide, now=now)
    assert visit.result is VisitResult.SERVED
    assert services.end_visit(session, visit=visit, actor=guide, now=now).ended_at == now


def test_who_goes_unreceived_has_left(session: Any, guide: Actor, now: dt.datetime) -> None:
    visit = log(session, guide, now)
    services.end_visit(session, visit=visit, actor=guide, now=now)
    assert visit.result is VisitResult.LEFT
    assert refused(
        lambda: services.receive_visitor(session, visit=visit, actor=guide, now=now)
    ) == [""]


def test_a_ticket_goes_with_whoever_leaves(session: Any, guide: Actor, now: dt.datetime) -> None:
    visit = log(session, guide, now, service_point_id=point(session, desk=True).id)
    ticket = desk_services.take_ticket(
        session, matter=Matter.APPLICATION, visit=visit, actor=guide, now=now
    )
    services.end_visit(session, visit=visit, actor=guide, now=now, result=VisitResult.LEFT)
    assert ticket.state is TicketState.LEFT


def test_a_correction_completes_end_and_result(
    session: Any, guide: Actor, now: dt.datetime
) -> None:
    visit = log(session, guide, now)
    visit.result = VisitResult.NOT_AVAILABLE
    services.check_changed(session, visit=visit, now=now)
    assert visit.ended_at == now
    other = log(session, guide, now)
    other.at = now - dt.timedelta(minutes=20)
    other.served_at = now - dt.timedelta(minutes=30)
    assert refused(lambda: services.check_changed(session, visit=other, now=now)) == ["served_at"]


# --- taking back -------------------------------------------------------------------------------------
def test_the_own_entry_is_taken_back_with_its_number(
    session: Any, guide: Actor, now: dt.datetime
) -> None:
    visit = log(session, guide, now, service_point_id=point(session, desk=True).id)
    ticket = desk_services.take_ticket(
        session, matter=Matter.APPLICATION, visit=visit, actor=guide, now=now
    )
    with acting_as(guide):
        services.undo_visit(session, visit=visit, actor=guide, now=now)
    assert session.get(Visit, visit.id) is None
    assert (ticket.state, ticket.visit_id) == (TicketState.CANCELLED, None)


def test_after_a_minute_an_entry_is_corrected_instead(
    session: Any, guide: Actor, now: dt.datetime
) -> None:
    visit = log(session, guide, now)
    later = now + dt.timedelta(seconds=90)
    call = lambda: services.undo_visit(session, visit=visit, actor=guide, now=later)  # noqa: E731
    assert refused(call) == [""]


def test_somebody_elses_entry_stays(app: Any, session: Any, guide: Actor, now: dt.datetime) -> None:
    visit = log(session, guide, now)
    other = actor_of(app, session, "masa")
    assert refused(lambda: services.undo_visit(session, visit=visit, actor=other, now=now)) == [""]


# --- what the screen reads ---------------------------------------------------------------------------
def test_people_are_counted_and_those_inside_stand_longest_first(
    session: Any, guide: Actor, now: dt.datetime
) -> None:
    today = clock.to_local(now).date()
    before = queries.count_day(session, today)
    inside = len(queries.list_inside(session, today, limit=500))
    group = log(session, guide, now, people=12)
    earlier = log(session, guide, now, at=max(now - dt.timedelta(minutes=1), _midnight(now)))
    after = queries.count_day(session, today)
    assert after["people"] == before["people"] + 13
    assert after["entries"] == before["entries"] + 2
    rows = queries.list_inside(session, today, limit=500)
    assert len(rows) == inside + 2
    assert rows.index(earlier) < rows.index(group)


def test_places_of_a_day_add_up_to_its_people(session: Any, guide: Actor, now: dt.datetime) -> None:
    today = clock.to_local(now).date()
    for _ in range(3):
        log(session, guide, now, people=4)
    rows = queries.count_points_of_day(session, today)
    assert sum(row["people"] for row in rows) == queries.count_day(session, today)["people"]
    assert len(rows) <= 4


def test_the_ticket_of_a_visit_is_found(session: Any, guide: Actor, now: dt.datetime) -> None:
    visit = log(session, guide, now)
    assert desk_queries.find_ticket_of_visit(session, visit.id) is None


def _midnight(now: dt.datetime) -> dt.datetime:
    return clock.to_local(now).replace(hour=0, minute=0, second=0, microsecond=0)
