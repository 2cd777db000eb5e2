"""The unit."""

from __future__ import annotations

import datetime as dt

import pytest

from app.applications import services
from app.applications.rules import (
    AssignmentRole,
    AssignmentState,
    Outcome,
    ReplyState,
    State,
)
from app.core.acting import acting_as
from app.core.rules import RuleViolation
from tests.applications.office import MONDAY
from tests.applications.test_services_work.support import fields


# --- the unit ---------------------------------------------------------------------------------------------
def test_a_unit_accepts_its_case(office, db):
    case = office.at_work(now=MONDAY)
    (row,) = office.assignments(case)
    assert case.state is State.IN_PROGRESS
    assert (row.state, row.accepted_at, row.responsible_id) == (
        AssignmentState.ACCEPTED, MONDAY, office.users["liaison_a"].id,
    )  # fmt: skip
    with pytest.raises(RuleViolation):
        services.accept(db, application=case, actor=office.actor("liaison_a"))


def test_another_unit_may_do_nothing(office, db):
    case = office.assigned()
    stranger = office.actor("liaison_b")
    acts = (
        lambda: services.accept(db, application=case, actor=stranger),
        lambda: services.return_to_office(db, application=case, reason="x", actor=stranger),
        lambda: services.answer_by_unit(
            db, application=case, answer_text="x", outcome=Outcome.RESOLVED, actor=stranger
        ),
        lambda: services.add_note(db, application=case, text="x", actor=stranger),
    )
    for act in acts:
        with pytest.raises(RuleViolation):
            act()
    assert case.state is State.ASSIGNED


def test_a_higher_unit_acts_for_what_stands_below_it(office, db):
    case = office.register()
    services.assign(
        db,
        application=case,
        unit_ids=[],
        lead_unit_id=office.b_below.id,
        actor=office.actor("chief"),
    )
    services.accept(db, application=case, actor=office.actor("liaison_b"))
    assert case.state is State.IN_PROGRESS


def test_a_unit_returns_what_is_not_its_task(office, db):
    case = office.assigned()
    with pytest.raises(RuleViolation) as refused:
        services.return_to_office(db, application=case, reason=" ", actor=office.actor("liaison_a"))
    assert fields(refused) == {"reason"}
    services.return_to_office(
        db,
        application=case,
        reason="Görev alanımız değil",
        actor=office.actor("liaison_a"),
        now=MONDAY,
    )
    assert case.state is State.RETURNED
    (row,) = office.assignments(case)
    assert (row.state, row.return_reason) == (AssignmentState.RETURNED, "Görev alanımız değil")
    assert office.messages(case, "panel")[-1].user_id == office.users["chief"].id
    services.assign(
        db, application=case, unit_ids=[], lead_unit_id=office.b.id, actor=office.actor("chief")
    )
    assert case.state is State.ASSIGNED
    assert case.lead_unit_id == office.b.id
    assert office.steps(case)[-2:] == ["triage_again", "assign"]


def test_the_office_takes_a_case_back(office, db):
    case = office.at_work()
    services.return_to_office(
        db, application=case, reason="Yanlış havale", actor=office.actor("chief")
    )
    assert case.state is State.RETURNED
    assert office.assignments(case)[0].state is AssignmentState.CANCELLED
    assert office.messages(case, "panel")[-1].user_id == office.users["liaison_a"].id


def test_the_case_goes_on_when_a_second_unit_returns_it(office, db):
    case = office.assigned(others=(office.b.id,))
    services.accept(db, application=case, actor=office.actor("liaison_a"))
    services.return_to_office(
        db, application=case, reason="Bizim değil", actor=office.actor("liaison_b")
    )
    assert case.state is State.IN_PROGRESS
    assert office.steps(case)[-1] == "unit_return"
    services.answer_by_unit(
        db,
        application=case,
        answer_text="Yapıldı",
        outcome=Outcome.RESOLVED,
        actor=office.actor("liaison_a"),
    )
    assert case.state is State.UNIT_ANSWERED


def test_the_case_is_answered_when_the_last_unit_has_answered(office, db):
    case = office.assigned(others=(office.b.id,))
    act = {"application": case, "answer_text": "Yapıldı.", "outcome": Outcome.RESOLVED}
    # The sight of a liaison must not decide who is still to answer.
    with acting_as(office.actor("liaison_a")):
        services.answer_by_unit(db, actor=office.actor("liaison_a"), now=MONDAY, **act)
    assert case.state is State.IN_PROGRESS
    assert office.steps(case)[-2:] == ["accept", "unit_answer_part"]
    with acting_as(office.actor("liaison_b")):
        services.answer_by_unit(db, actor=office.actor("liaison_b"), now=MONDAY, **act)
    assert case.state is State.UNIT_ANSWERED
    assert office.steps(case)[-1] == "unit_answer"
    assert {r.state for r in office.assignments(case)} == {AssignmentState.ANSWERED}


def test_a_unit_for_information_is_not_waited_for(office, db):
    case = office.register()
    services.assign(
        db, application=case, unit_ids=[office.b.id], lead_unit_id=office.a.id,
        role=AssignmentRole.INFORMATION, actor=office.actor("chief"),
    )  # fmt: skip
    services.answer_by_unit(
        db,
        application=case,
        answer_text="Yapıldı",
        outcome=Outcome.RESOLVED,
        actor=office.actor("liaison_a"),
    )
    assert case.state is State.UNIT_ANSWERED


@pytest.mark.parametrize(
    ("text", "outcome", "field"), [(" ", Outcome.RESOLVED, "answer_text"), ("x", None, "outcome")]
)
def test_an_answer_needs_text_and_result(office, db, text, outcome, field):
    case = office.at_work()
    with pytest.raises(RuleViolation) as refused:
        services.answer_by_unit(
            db, application=case, answer_text=text, outcome=outcome, actor=office.actor("liaison_a")
        )
    assert fields(refused) == {field}


def test_the_office_sends_an_answer_back(office, db):
    case = office.unit_answered()
    reply = office.letter(case, approve=False)
    services.send_back(db, application=case, reason="Yerinde bakın", actor=office.actor("manager"))
    assert case.state is State.IN_PROGRESS
    assert office.assignments(case)[0].state is AssignmentState.ACCEPTED
    assert reply.state is ReplyState.SENT_BACK
    services.answer_by_unit(
        db,
        application=case,
        answer_text="Bakıldı",
        outcome=Outcome.RESOLVED,
        actor=office.actor("liaison_a"),
    )
    assert case.state is State.UNIT_ANSWERED


def test_planned_work_is_told_and_moves_the_goal(office, db):
    case = office.at_work()
    with pytest.raises(RuleViolation) as refused:
        services.schedule(
            db,
            application=case,
            planned_on=dt.date(2026, 3, 1),
            note="x",
            actor=office.actor("liaison_a"),
            now=MONDAY,
        )
    assert fields(refused) == {"planned_on"}
    services.schedule(
        db,
        application=case,
        planned_on=dt.date(2026, 6, 1),
        note="Asfalt programında",
        actor=office.actor("liaison_a"),
        now=MONDAY,
    )
    assert case.state is State.SCHEDULED
    assert (case.goal_on, case.due_on) == (dt.date(2026, 6, 1), dt.date(2026, 4, 15))
    assert office.messages(case, "sms")[-1].template == "send_progress"
    services.start_work(db, application=case, actor=office.actor("liaison_a"))
    assert case.state is State.IN_PROGRESS


def test_asking_the_applicant_does_not_stop_the_clock(office, db):
    case = office.at_work()
    due = case.due_on
    services.request_information(
        db,
        application=case,
        note="Kapı numarası nedir?",
        actor=office.actor("liaison_a"),
        now=MONDAY,
    )
    assert case.state is State.INFO_REQUESTED
    assert case.due_on == due
    assert "Kapı numarası" in office.messages(case, "sms")[-1].body
    services.receive_information(
        db, application=case, note="12", actor=office.actor("operator"), now=MONDAY
    )
    assert case.state is State.IN_PROGRESS
    early = office.register()
    services.take_to_triage(db, application=early, actor=office.actor("chief"))
    services.request_information(db, application=early, note="Nerede?", actor=office.actor("chief"))
    services.receive_information(db, application=early, note="Burada", actor=office.actor("chief"))
    assert early.state is State.TRIAGE
