"""Calls at work: messages of the switch, the operator’s acts, the case a call was about, keeping."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.applications.models import ApplicationEvent
from app.core import clock
from app.core.acting import Actor
from app.core.rules import RuleViolation
from app.frontdesk.models import Call, KnowledgeItem, Shift
from app.frontdesk.rules.calls import CallDirection, CallPhase, CallResult, CallSource
from app.frontdesk.rules.calls_live import LiveEvent
from app.frontdesk.services import calls as services
from app.frontdesk.services import calls_live
from app.models import AuditEvent, Notification
from tests.frontdesk.calls_support import IDS, make_case, make_citizen, message, tell, user_id
from tests.support import actor_of


@pytest.fixture
def session(session: Any) -> Any:
    """The session itself, as services take it, not the one that stands for it."""
    return session()


@pytest.fixture
def operator(app: Any, session: Any) -> Actor:
    """The operator."""
    return actor_of(app, session, "operator")


@pytest.fixture
def chief(app: Any, session: Any) -> Actor:
    """The chief, who may take calls too."""
    return actor_of(app, session, "sef")


@pytest.fixture
def item(session: Any) -> KnowledgeItem:
    """A knowledge item."""
    return session.scalars(select(KnowledgeItem).order_by(KnowledgeItem.id)).first()


def refused(work: Any) -> set[str]:
    """The fields that a refusal names."""
    with pytest.raises(RuleViolation) as caught:
        work()
    return {one.field for one in caught.value.violations}


# --- messages of the switch ------------------------------------------------------------------------------
def test_a_call_is_one_row_from_ringing_to_the_end(session: Any) -> None:
    person = make_citizen(session)
    more = {"switch_id": next(IDS), "number": person.phone, "operator": "operator", "queue": "153"}
    call = tell(session, ("ringing", 60), **more)
    assert (call.phase, call.source, call.direction) == (
        CallPhase.RINGING,
        CallSource.LIVE,
        CallDirection.IN,
    )
    assert call.citizen_id == person.id
    assert tell(session, ("answered", 50), **more).id == call.id
    assert call.phase is CallPhase.TALKING
    tell(session, ("hold", 40), **more)
    assert call.phase is CallPhase.HELD
    tell(session, ("resume", 30), ("hangup", 10), **more)
    assert (call.phase, call.result) == (CallPhase.WRAP, None)
    assert (call.wait_seconds, call.talk_seconds, call.hold_seconds) == (10, 30, 10)
    assert call.operator_id == user_id(session, "operator")
    assert call.queue == "153"


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_messages_may_come_in_any_order_and_twice(session: Any, order: tuple[int, ...]) -> None:
    events = [("ringing", 60), ("answered", 48), ("transfer", 20), ("hangup", 15)]
    switch_id = next(IDS)
    told = [
        message(name, switch_id=switch_id, ago=ago, number="+905320099001") for name, ago in events
    ]
    before = session.scalar(select(func.count(Call.id)))
    for number in (*order, *order):
        calls_live.receive(session, data=told[number])
    again = calls_live.receive(session, data=told[0])
    assert not again.is_new
    assert not again.is_changed
    call = session.get_one(Call, again.call_id, populate_existing=True)
    assert session.scalar(select(func.count(Call.id))) == before + 1
    assert (call.phase, call.result) == (CallPhase.CLOSED, CallResult.TRANSFERRED)
    assert (call.wait_seconds, call.talk_seconds) == (12, 33)
    assert len(call.events) == 4


def test_a_caller_who_gives_up_has_abandoned_and_one_not_reached_was_busy(session: Any) -> None:
    lost = tell(session, ("ringing", 30), ("hangup", 8), number="+905320099001")
    assert (lost.phase, lost.result, lost.wait_seconds) == (
        CallPhase.CLOSED,
        CallResult.ABANDONED,
        22,
    )
    assert lost.closed_at == lost.ended_at
    out = tell(session, ("ringing", 30), ("hangup", 8), number="+905320099001", direction="out")
    assert out.result is CallResult.BUSY


def test_an_answer_that_is_told_late_takes_the_abandoning_back(session: Any) -> None:
    switch_id = next(IDS)
    lost = tell(session, ("ringing", 60), ("hangup", 8), switch_id=switch_id)
    assert lost.result is CallResult.ABANDONED
    late = tell(session, ("answered", 50), switch_id=switch_id)
    assert late.id == lost.id
    assert late.answered_at is not None
    assert late.result is None


def test_an_operator_is_found_by_name_or_by_the_seat_of_the_shift(session: Any) -> None:
    now = clock.now()
    holder = user_id(session, "operator")
    session.execute(update(Shift).values(seat=""))
    shift = session.scalars(
        select(Shift).where(
            Shift.operator_id == holder, Shift.starts_at <= now, Shift.ends_at > now
        )
    ).one()
    shift.seat = "9901"
    session.flush()
    assert tell(session, ("ringing", 5), extension="9901").operator_id == holder
    assert tell(session, ("ringing", 5), extension="9999").operator_id is None
    named = tell(session, ("ringing", 5), extension="9901", operator="sef")
    assert named.operator_id == user_id(session, "sef")
    unknown = tell(session, ("ringing", 5), extension="9901", operator="nobody")
    assert unknown.operator_id == holder


def test_who_answers_has_the_call_wherever_it_rang(session: Any) -> None:
    switch_id = next(IDS)
    tell(session, ("ringing", 30), switch_id=switch_id, operator="operator")
    tell(session, ("answered", 20), switch_id=switch_id, operator="sef")
    call = tell(session, ("ringing", 25), switch_id=switch_id, operator="operator")
    assert call.operator_id == user_id(session, "sef")


def test_a_withheld_number_and_one_of_several_people_name_nobody(session: Any) -> None:
    assert tell(session, ("ringing", 5), number="anonymous").number == ""
    one = make_citizen(session)
    make_citizen(session, phone=one.phone, first_name="Mehmet")
    assert tell(session, ("ringing", 5), number=one.phone).citizen_id is None


def test_a_message_changes_no_call_that_a_file_has_told(session: Any) -> None:
    call = session.scalars(select(Call).where(Call.source == CallSource.IMPORT)).first()
    before = (call.phase, call.result, call.version)
    done = calls_live.receive(session, data=message("ringing", switch_id=call.switch_id))
    session.refresh(call)
    assert (done.call_id, done.is_changed) == (call.id, False)
    assert (call.phase, call.result, call.version) == before


def test_nothing_is_written_for_a_message_that_is_refused(session: Any) -> None:
    before = session.scalar(select(func.count(Call.id)))
    assert refused(lambda: calls_live.receive(session, data={"event": "ringing"})) == {
        "switch_id",
        "at",
    }
    assert session.scalar(select(func.count(Call.id))) == before


# --- by hand ---------------------------------------------------------------------------------------------
def test_a_house_without_a_switch_begins_and_ends_calls_by_hand(
    session: Any, operator: Actor
) -> None:
    now = clock.now()
    person = make_citizen(session)
    call = services.start_call(session, number=person.phone, actor=operator, now=now)
    assert (call.phase, call.source, call.citizen_id) == (
        CallPhase.TALKING,
        CallSource.MANUAL,
        person.id,
    )
    later = now + dt.timedelta(seconds=40)
    services.tell_event(session, call=call, event=LiveEvent.HOLD, actor=operator, now=later)
    assert call.phase is CallPhase.HELD
    end = now + dt.timedelta(seconds=60)
    services.close_call(
        session, call=call, result=CallResult.INFORMED, actor=operator, note="Anlattım.", now=end
    )
    assert (call.phase, call.result, call.first_contact) == (
        CallPhase.CLOSED,
        CallResult.INFORMED,
        True,
    )
    assert (call.talk_seconds, call.hold_seconds) == (40, 20)
    assert call.search_text == "anlattim"


def test_a_button_pressed_twice_begins_one_call(session: Any, operator: Actor) -> None:
    one = services.start_call(session, number="0532 009 90 01", actor=operator)
    two = services.start_call(session, number="0532 009 90 01", actor=operator)
    assert one.id == two.id


def test_a_number_that_is_none_is_refused_at_the_field(session: Any, operator: Actor) -> None:
    assert refused(lambda: services.start_call(session, number="12", actor=operator)) == {"number"}
    assert services.start_call(session, number="", actor=operator).number == ""


def test_a_switch_ends_its_own_calls(session: Any, operator: Actor) -> None:
    call = tell(session, ("ringing", 30), ("answered", 20), operator="operator")
    with pytest.raises(RuleViolation, match="switch"):
        services.tell_event(session, call=call, event=LiveEvent.HANGUP, actor=operator)
    services.close_call(session, call=call, result=CallResult.INFORMED, actor=operator)
    assert call.phase is CallPhase.TALKING
    closed = tell(session, ("hangup", 1), switch_id=call.switch_id)
    assert (closed.phase, closed.result) == (CallPhase.CLOSED, CallResult.INFORMED)


def test_after_call_work_is_the_time_until_the_result(session: Any, operator: Actor) -> None:
    call = tell(session, ("ringing", 90), ("answered", 80), ("hangup", 30), operator="operator")
    assert call.phase is CallPhase.WRAP
    services.close_call(session, call=call, result=CallResult.WRONG, actor=operator)
    assert call.phase is CallPhase.CLOSED
    assert 29 <= call.wrap_seconds <= 32
    assert call.first_contact is None


# --- whose call ------------------------------------------------------------------------------------------
def test_the_first_to_take_a_ringing_call_has_it(
    session: Any, operator: Actor, chief: Actor
) -> None:
    call = tell(session, ("ringing", 5))
    services.take_call(session, call=call, actor=operator)
    assert call.operator_id == operator.user_id
    with pytest.raises(RuleViolation, match="colleague"):
        services.take_call(session, call=call, actor=chief)
    with pytest.raises(RuleViolation, match="colleague"):
        services.close_call(session, call=call, result=CallResult.WRONG, actor=chief)


def test_who_takes_no_calls_may_not_and_a_past_call_is_left_alone(
    app: Any, session: Any, operator: Actor
) -> None:
    call = tell(session, ("ringing", 5))
    with pytest.raises(RuleViolation, match="may not"):
        services.take_call(session, call=call, actor=actor_of(app, session, "masa"))
    with pytest.raises(RuleViolation, match="may not"):
        services.start_call(session, number="", actor=actor_of(app, session, "denetci"))
    past = session.scalars(select(Call).where(Call.operator_id == operator.user_id)).first()
    with pytest.raises(RuleViolation, match="ended"):
        services.close_call(session, call=past, result=CallResult.WRONG, actor=operator)


# --- the case --------------------------------------------------------------------------------------------
def test_the_state_of_a_case_is_told_and_the_call_closed(session: Any, operator: Actor) -> None:
    person = make_citizen(session)
    case = make_case(session, operator, person)
    call = services.start_call(session, number=person.phone, actor=operator)
    services.tell_state(session, call=call, application=case, actor=operator, said="Birimde.")
    assert (call.phase, call.application_id, call.result) == (
        CallPhase.CLOSED,
        case.id,
        CallResult.INFORMED,
    )
    step = session.scalars(
        select(ApplicationEvent)
        .where(ApplicationEvent.application_id == case.id)
        .order_by(ApplicationEvent.id.desc())
    ).first()
    assert (step.action, step.note) == ("call_told", "Birimde.")


def test_a_note_stands_on_the_case_and_the_call_goes_on(session: Any, operator: Actor) -> None:
    person = make_citizen(session)
    case = make_case(session, operator, person)
    call = services.start_call(session, number=person.phone, actor=operator)
    services.note_on_case(
        session, call=call, application=case, text="Su hâlâ akıyor.", actor=operator
    )
    assert (call.phase, call.application_id) == (CallPhase.TALKING, case.id)
    with pytest.raises(RuleViolation):
        services.note_on_case(session, call=call, application=case, text="  ", actor=operator)


def test_a_call_about_a_hidden_identity_keeps_nothing_of_the_caller(
    session: Any, operator: Actor
) -> None:
    person = make_citizen(session)
    case = make_case(session, operator, None, is_anonymous=True)
    case.identity_hidden = True
    call = tell(session, ("ringing", 20), ("answered", 9), number=person.phone, operator="operator")
    services.tell_state(session, call=call, application=case, actor=operator)
    assert (call.number, call.citizen_id) == ("", None)
    again = tell(session, ("hangup", 1), switch_id=call.switch_id, number=person.phone)
    assert (again.number, again.citizen_id) == ("", None)


def test_what_was_said_is_sent_once_and_only_to_the_applicant(
    session: Any, operator: Actor
) -> None:
    person, other = make_citizen(session), make_citizen(session)
    case = make_case(session, operator, person)
    call = services.start_call(session, number=person.phone, actor=operator)
    count = select(func.count(Notification.id)).where(
        Notification.owner_id == case.id, Notification.template == "call_state"
    )
    for _again in range(2):
        assert services.send_state(session, call=call, application=case, text="Birimde.")
    session.flush()
    assert session.scalar(count) == 1
    foreign = services.start_call(session, number=other.phone, actor=operator)
    assert not services.send_state(session, call=foreign, application=case, text="Birimde.")
    withheld = services.start_call(session, number="", actor=operator)
    assert not services.send_state(session, call=withheld, application=case, text="Birimde.")
    assert session.scalar(count) == 1


def test_the_case_registered_in_a_call_is_kept_with_it(session: Any, operator: Actor) -> None:
    call = services.start_call(session, number="0532 009 90 07", actor=operator)
    person = make_citizen(session, phone="+905320099007")
    case = make_case(session, operator, person)
    services.after_registered(session, call=call, application=case, actor=operator)
    assert (call.result, call.application_id, call.citizen_id, call.first_contact) == (
        CallResult.CASE_OPENED,
        case.id,
        person.id,
        False,
    )
    assert call.phase is CallPhase.CLOSED


def test_the_item_that_answered_is_kept_and_counted_once(
    session: Any, operator: Actor, item: KnowledgeItem
) -> None:
    used = item.used_count
    call = services.start_call(session, number="", actor=operator)
    services.close_call(
        session, call=call, result=CallResult.INFORMED, actor=operator, knowledge_id=item.id
    )
    session.refresh(item)
    assert (call.knowledge_id, item.used_count) == (item.id, used + 1)
    other = services.start_call(
        session, number="", actor=operator, now=clock.now() + dt.timedelta(minutes=1)
    )
    assert refused(
        lambda: services.close_call(
            session, call=other, result=CallResult.INFORMED, actor=operator, knowledge_id=999_999
        )
    ) == {"knowledge"}


def test_one_of_several_people_is_chosen(session: Any, operator: Actor) -> None:
    one = make_citizen(session)
    make_citizen(session, phone=one.phone, first_name="Mehmet")
    call = services.start_call(session, number=one.phone, actor=operator)
    assert call.citizen_id is None
    services.choose_citizen(session, call=call, citizen_id=one.id, actor=operator)
    assert call.citizen_id == one.id
    assert refused(
        lambda: services.choose_citizen(session, call=call, citizen_id=9_999_999, actor=operator)
    ) == {"citizen"}


def test_the_privacy_notice_is_noted_once(session: Any, operator: Actor) -> None:
    call = services.start_call(session, number="", actor=operator)
    first = clock.now()
    services.read_notice(session, call=call, actor=operator, now=first)
    services.read_notice(session, call=call, actor=operator, now=first + dt.timedelta(seconds=9))
    assert call.notice_at == first


# --- keeping -----------------------------------------------------------------------------------------------
def test_calls_that_nobody_ended_are_closed_in_the_end(session: Any) -> None:
    ringing = tell(session, ("ringing", 20))
    talking = tell(session, ("ringing", 20), ("answered", 10), operator="operator")
    assert calls_live.close_stale(session) == 0
    later = clock.now() + dt.timedelta(days=1)
    assert calls_live.close_stale(session, now=later) == 2
    session.refresh(ringing)
    session.refresh(talking)
    assert (ringing.phase, ringing.result) == (CallPhase.CLOSED, CallResult.ABANDONED)
    assert (talking.phase, talking.result) == (CallPhase.CLOSED, CallResult.ANSWERED)
    assert calls_live.close_stale(session, now=later) == 0


def test_recordings_are_cut_when_their_time_has_passed_and_that_is_noted(session: Any) -> None:
    kept = session.scalar(select(func.count(Call.id)).where(Call.recording_ref != ""))
    assert kept > 0
    assert calls_live.cut_recordings(session, now=clock.now() - dt.timedelta(days=2_000)) == 0
    much_later = clock.now() + dt.timedelta(days=3_000)
    assert calls_live.cut_recordings(session, now=much_later, most=3) == 3
    assert calls_live.cut_recordings(session, now=much_later) == kept - 3
    assert calls_live.cut_recordings(session, now=much_later) == 0
    noted = session.scalars(
        select(AuditEvent).where(AuditEvent.summary == "recording_ref", AuditEvent.entity == "Call")
    ).all()
    assert sum(one.changes["recordings"][0] for one in noted) == kept
