"""The door, assessing and assigning."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import update

from app.applications import services
from app.applications.models import Application
from app.applications.rules import (
    AssignmentRole,
    AssignmentState,
    Priority,
    State,
)
from app.core.rules import ConflictError, RuleViolation
from tests.applications.office import MONDAY
from tests.applications.test_services_work.support import fields


# --- nothing else changes a state ---------------------------------------------------------------------
def test_a_state_cannot_be_set_by_hand(office, db):
    case = office.register()
    case.state = State.ANSWERED
    with pytest.raises(RuleViolation) as refused:
        db.flush()
    assert fields(refused) == {"state"}


def test_not_even_to_where_it_stood_before(office, db):
    case = office.assigned()
    case.state = State.TRIAGE
    with pytest.raises(RuleViolation):
        db.flush()


def test_a_state_cannot_be_set_by_a_bulk_update(office, db):
    case = office.register()
    with pytest.raises(RuleViolation):
        db.execute(update(Application).where(Application.id == case.id).values(state=State.CLOSED))
    with pytest.raises(RuleViolation):
        db.query(Application).filter_by(id=case.id).update({"state": State.CLOSED})
    with pytest.raises(RuleViolation):
        db.execute(update(Application), [{"id": case.id, "state": State.CLOSED}])
    db.execute(update(Application).where(Application.id == case.id).values(subject="Konu"))


def test_a_case_is_not_born_answered(office, db):
    db.add(
        Application(
            number="x", tracking_code="y", channel="web", kind="request", subject="z",
            received_on=dt.date(2026, 1, 1), state=State.ANSWERED,
        )
    )  # fmt: skip
    with pytest.raises(RuleViolation):
        db.flush()


def test_other_edits_of_the_same_object_are_let_through(office, db):
    case = office.assigned()
    case.subject = "Başka söz"
    db.flush()
    case.state = State.ASSIGNED
    db.flush()
    assert case.state is State.ASSIGNED


# --- assessing and assigning ----------------------------------------------------------------------------
def test_assigning_a_registered_case_assesses_it_too(office, db):
    case = office.assigned(others=(office.b.id,))
    assert case.state is State.ASSIGNED
    assert case.lead_unit_id == office.a.id
    assert office.steps(case) == ["register", "take_to_triage", "assign"]
    assert case.owner_id == office.users["chief"].id
    rows = office.assignments(case)
    assert [(r.unit_id, r.role, r.state) for r in rows] == [
        (office.a.id, AssignmentRole.LEAD, AssignmentState.SENT),
        (office.b.id, AssignmentRole.ACTION, AssignmentState.SENT),
    ]
    assert {r.due_on for r in rows} == {case.goal_on}
    told = {m.user_id for m in office.messages(case, "panel")}
    assert told == {office.users["liaison_a"].id, office.users["liaison_b"].id}
    assert {m.recipient for m in office.messages(case, "email")} == {
        "liaison_a@ornek.bel.tr", "liaison_b@ornek.bel.tr",
    }  # fmt: skip


def test_an_urgent_case_says_so(office):
    case = office.assigned(priority=Priority.URGENT)
    assert {m.template for m in office.messages(case, "panel")} == {"urgent"}


def test_a_unit_without_a_liaison_is_told_by_its_head(office, db):
    case = office.register()
    services.assign(
        db,
        application=case,
        unit_ids=[],
        lead_unit_id=office.b_below.id,
        actor=office.actor("chief"),
    )
    # The liaison of the unit above stands in.
    assert [m.user_id for m in office.messages(case, "panel")] == [office.users["liaison_b"].id]


def test_assigning_needs_a_lead_and_units_that_exist(office, db):
    case = office.register()
    for lead, others, field in ((None, [office.b.id], "lead_unit_id"), (99_999, [], "unit_ids")):
        with pytest.raises(RuleViolation) as refused, db.begin_nested():
            services.assign(
                db,
                application=case,
                unit_ids=others,
                lead_unit_id=lead,
                actor=office.actor("chief"),
            )
        db.refresh(case)
        assert fields(refused) == {field}
        assert case.state is State.REGISTERED
        assert office.assignments(case) == []


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("chief", True),
        ("cimer", True),
        ("head", True),
        ("operator", False),
        ("desk", False),
        ("liaison_a", False),
    ],
)
def test_who_may_assign(office, db, who, allowed):
    case = office.register()
    act = {
        "application": case,
        "unit_ids": [],
        "lead_unit_id": office.a.id,
        "actor": office.actor(who),
    }
    if allowed:
        assert services.assign(db, **act).state is State.ASSIGNED
    else:
        with pytest.raises(RuleViolation):
            services.assign(db, **act)


def test_more_units_may_be_asked_while_the_lead_works(office, db):
    case = office.at_work()
    services.assign(
        db, application=case, unit_ids=[office.b.id], lead_unit_id=None, note="Görüş verin",
        role=AssignmentRole.INFORMATION, actor=office.actor("chief"), now=MONDAY,
    )  # fmt: skip
    assert case.state is State.IN_PROGRESS
    assert case.lead_unit_id == office.a.id
    assert [r.role for r in office.assignments(case)] == [
        AssignmentRole.LEAD,
        AssignmentRole.INFORMATION,
    ]
    assert office.steps(case)[-1] == "add_unit"
    with pytest.raises(RuleViolation) as refused:
        services.assign(
            db,
            application=case,
            unit_ids=[office.b.id],
            lead_unit_id=None,
            actor=office.actor("chief"),
        )
    assert fields(refused) == {"unit_ids"}
    with pytest.raises(RuleViolation) as refused:
        services.assign(
            db, application=case, unit_ids=[], lead_unit_id=office.b.id, actor=office.actor("chief")
        )
    assert fields(refused) == {"lead_unit_id"}


def test_a_stale_form_is_a_conflict(office, db):
    case = office.register()
    seen = case.version
    services.assign(
        db,
        application=case,
        unit_ids=[],
        lead_unit_id=office.a.id,
        actor=office.actor("chief"),
        version=seen,
    )
    with pytest.raises(ConflictError) as conflict:
        services.accept(db, application=case, actor=office.actor("liaison_a"), version=seen)
    assert conflict.value.current_version == case.version > seen
    assert case.state is State.ASSIGNED
