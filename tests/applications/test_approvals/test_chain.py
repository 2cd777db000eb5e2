"""The way of a letter."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.applications import services
from app.applications.models import (
    ApprovalStep,
)
from app.applications.rules import ApprovalState, Outcome, ReplyState, State
from app.core.rules import ConflictError, RuleViolation
from app.system.models import Notification
from tests.applications.test_approvals.support import LATER, approve, route, waiting


def steps(db, reply):
    rows = select(ApprovalStep).where(ApprovalStep.reply_id == reply.id)
    return list(db.scalars(rows.order_by(ApprovalStep.round, ApprovalStep.position)))


def states(db, reply):
    return [step.state for step in steps(db, reply)]


def told(db, case, template):
    rows = select(Notification.user_id).where(
        Notification.owner_id == case.id, Notification.template == template
    )
    return set(db.scalars(rows))


# --- the way ---------------------------------------------------------------------------------------------
def test_without_a_route_one_signature_is_the_whole_way(db, office):
    reply = waiting(db, office)
    (only,) = steps(db, reply)
    assert (only.role, only.signs, only.state) == ("", True, ApprovalState.WAITING)
    approve(db, office, reply, "manager")
    assert reply.state is ReplyState.APPROVED
    assert reply.application.state is State.REPLY_APPROVED
    assert only.by_id == office.users["manager"].id


def test_each_paraf_is_one_act_in_its_order(db, office):
    route(db, "chief", "branch_mgr", "dept_head")
    reply = waiting(db, office)
    assert states(db, reply) == [ApprovalState.WAITING, ApprovalState.AHEAD, ApprovalState.AHEAD]
    with pytest.raises(RuleViolation):
        approve(db, office, reply, "operator")
    approve(db, office, reply, "chief", note="Uygundur")
    assert reply.state is ReplyState.IN_APPROVAL
    assert reply.application.state is State.UNIT_ANSWERED
    with pytest.raises(RuleViolation, match="not your turn"):
        approve(db, office, reply, "chief")
    approve(db, office, reply, "manager")
    approve(db, office, reply, "head")
    assert reply.state is ReplyState.APPROVED
    assert [s.by_id for s in steps(db, reply)] == [
        office.users[name].id for name in ("chief", "manager", "head")
    ]
    assert steps(db, reply)[0].note == "Uygundur"
    assert office.steps(reply.application)[-4:] == [
        "submit_reply", "initial_reply", "initial_reply", "approve_reply",
    ]  # fmt: skip


def test_the_next_one_is_told_and_the_writer_is_not_asked(db, office):
    route(db, "desk_officer", "branch_mgr")
    reply = waiting(db, office, who="chief")
    case = reply.application
    assert told(db, case, "initial_reply") == {office.users["desk"].id}
    approve(db, office, reply, "desk")
    assert told(db, case, "submit_reply") == {office.users["manager"].id}


def test_the_writers_station_is_left_out(db, office):
    route(db, "chief", "branch_mgr")
    reply = waiting(db, office, who="chief")
    assert states(db, reply) == [ApprovalState.SKIPPED, ApprovalState.WAITING]
    assert steps(db, reply)[0].note


def test_a_letter_of_a_restricted_case_passes_nobody_who_may_not_see_it(db, office):
    route(db, "chief", "branch_mgr")
    case = office.unit_answered(is_restricted=True)
    reply = waiting(db, office, who="cimer", case=case)
    assert states(db, reply) == [ApprovalState.SKIPPED, ApprovalState.WAITING]


def test_the_route_that_says_most_is_taken(db, office):
    route(db, "branch_mgr")
    route(db, "chief", "branch_mgr", outcome=Outcome.REJECTED)
    assert len(steps(db, waiting(db, office))) == 1
    refusal = waiting(db, office, outcome=Outcome.REJECTED, outcome_reason_id=None)
    assert len(steps(db, refusal)) == 2


def test_a_route_may_name_a_person(db, office):
    route(db, office.users["foi"].id, "branch_mgr")
    reply = waiting(db, office)
    for who in ("chief", "manager", "head"):
        with pytest.raises(RuleViolation):
            approve(db, office, reply, who)
    approve(db, office, reply, "foi")
    approve(db, office, reply, "manager")
    assert reply.state is ReplyState.APPROVED


def test_a_route_with_a_closed_account_is_refused_at_once(db, office):
    route(db, office.users["foi"].id, "branch_mgr")
    office.users["foi"].active = False
    db.flush()
    with pytest.raises(RuleViolation, match="account is closed"):
        waiting(db, office)


def test_who_stands_above_may_give_the_paraf_below(db, office):
    route(db, "chief", "branch_mgr")
    reply = waiting(db, office)
    approve(db, office, reply, "manager")
    assert states(db, reply) == [ApprovalState.INITIALLED, ApprovalState.WAITING]
    approve(db, office, reply, "manager")
    assert reply.state is ReplyState.APPROVED


def test_a_step_that_was_seen_is_not_another_one(db, office):
    route(db, "chief", "branch_mgr")
    reply = waiting(db, office)
    first = steps(db, reply)[0]
    approve(db, office, reply, "manager", step_id=first.id)
    with pytest.raises(RuleViolation, match="gone on"):
        approve(db, office, reply, "manager", step_id=first.id)


def test_sent_back_at_any_step_it_begins_a_new_round(db, office):
    route(db, "chief", "branch_mgr", "dept_head")
    reply = waiting(db, office)
    approve(db, office, reply, "chief")
    with pytest.raises(RuleViolation):
        services.send_back_reply(
            db, reply=reply, note=" ", actor=office.actor("manager"), now=LATER
        )
    services.send_back_reply(
        db, reply=reply, note="Tarih yanlış", actor=office.actor("manager"), now=LATER
    )
    assert reply.state is ReplyState.SENT_BACK
    assert states(db, reply) == [
        ApprovalState.INITIALLED, ApprovalState.SENT_BACK, ApprovalState.SKIPPED,
    ]  # fmt: skip
    services.submit_reply(db, reply=reply, actor=office.actor("desk"), now=LATER)
    assert [s.round for s in steps(db, reply)] == [1, 1, 1, 2, 2, 2]
    approve(db, office, reply, "chief")
    assert steps(db, reply)[3].state is ApprovalState.INITIALLED


def test_a_letter_of_before_the_chain_gets_one_step(db, office):
    reply = waiting(db, office)
    db.delete(steps(db, reply)[0])
    db.flush()
    approve(db, office, reply, "manager")
    assert reply.state is ReplyState.APPROVED
    assert states(db, reply) == [ApprovalState.INITIALLED]


def test_two_who_approve_at_once_do_not_both_do_it(db, office):
    reply = waiting(db, office)
    seen = reply.version
    approve(db, office, reply, "manager", version=seen)
    with pytest.raises((ConflictError, RuleViolation)):
        approve(db, office, reply, "head", version=seen)
