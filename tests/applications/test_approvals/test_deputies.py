"""Deputies, turns and versions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.applications import rules, services
from app.applications.models import (
    ApplicationEvent,
    ApprovalStep,
    ReplyVersion,
)
from app.applications.queries import count_turns, is_turn_as_deputy, is_turn_of
from app.applications.rules import Kind, Outcome, ReplyKind, ReplyState, State
from app.applications.services.letters import letter_for
from app.core.acting import acting_as
from app.core.rules import RuleViolation
from app.system.queries import get_text
from tests.applications.office import MONDAY
from tests.applications.test_approvals.support import LATER, approve, deputy, route, waiting

# --- deputies -----------------------------------------------------------------------------------------------
#: (deputy, whose place, writer, registrar) → may sign a final answer, may sign a refusal.
TABLE = [
    (("chief", "manager", "desk", "operator"), (True, True)),
    (("chief", "manager", "chief", "operator"), (False, False)),
    (("chief", "manager", "manager", "operator"), (False, False)),
    (("desk", "manager", "chief", "desk"), (True, False)),
    (("desk", "manager", "chief", "operator"), (True, True)),
    (("chief", "foi", "desk", "operator"), (False, False)),
    (("auditor", "manager", "desk", "operator"), (True, True)),
]


@pytest.mark.parametrize(("people", "may"), TABLE)
def test_who_may_sign_as_a_deputy(db, office, people, may):
    who, principal, writer, registrar = people
    actor = deputy(office, who, principal)
    for outcome, allowed in zip((Outcome.RESOLVED, Outcome.REJECTED), may, strict=True):
        case = office.unit_answered(who=registrar)
        reply = waiting(db, office, who=writer, case=case, outcome=outcome)
        if allowed:
            approve(db, office, reply, actor)
            assert reply.state is ReplyState.APPROVED
            assert reply.approved_for_id == office.users[principal].id
        else:
            with pytest.raises(RuleViolation):
                approve(db, office, reply, actor)


def test_a_deputy_signs_with_v_and_both_names_are_on_record(db, office):
    reply = waiting(db, office)
    approve(db, office, reply, deputy(office, "chief", "manager"))
    assert reply.signed_as == f"{get_text(db, 'signatory_title')} V."
    assert reply.approved_by_id == office.users["chief"].id
    step = db.scalars(
        select(ApplicationEvent)
        .where(ApplicationEvent.application_id == reply.application_id)
        .order_by(ApplicationEvent.id.desc())
    ).first()
    assert step.action == "approve_reply"
    assert (step.actor_id, step.deputy_for_id) == (
        office.users["chief"].id,
        office.users["manager"].id,
    )
    letter = letter_for(db, reply)
    assert letter.signatory_title == reply.signed_as
    assert letter.signatory_name.startswith("chief")


def test_the_own_post_comes_before_the_deputyship(db, office):
    reply = waiting(db, office)
    approve(db, office, reply, deputy(office, "head", "manager"))
    assert reply.approved_for_id is None
    assert not reply.signed_as.endswith(" V.")


def test_a_deputy_of_the_head_signs_with_the_title_of_the_head(db, office):
    office.users["head"].title = "Daire Başkanı"
    route(db, "dept_head")
    reply = waiting(db, office)
    approve(db, office, reply, deputy(office, "manager", "head"))
    assert reply.signed_as == "Daire Başkanı V."
    assert letter_for(db, reply).signatory_title == "Daire Başkanı V."


def test_the_parafs_stand_on_the_archive_copy_only(db, office):
    for name, title in (("chief", "Şef"), ("manager", "Şube Müdürü"), ("desk", "Memur")):
        office.users[name].title = title
    route(db, "chief", "branch_mgr")
    reply = waiting(db, office)
    approve(db, office, reply, "chief")
    approve(db, office, reply, deputy(office, "foi", "manager"))
    assert letter_for(db, reply).initials == ()
    lines = letter_for(db, reply, for_archive=True).initials
    assert len(lines) == 3
    assert "Memur" in lines[0]
    assert "Şef : chief DENEME" in lines[1]
    assert "Şube Müdürü V. : foi DENEME" in lines[2]
    assert letter_for(db, reply).number_text == "(EBYS’den alınacak)"


# --- whose turn ---------------------------------------------------------------------------------------------
def test_the_lists_name_the_turns_that_the_services_grant(db, office):
    route(db, "chief", "branch_mgr")
    replies = [waiting(db, office), waiting(db, office, who="chief"), waiting(db, office)]
    approve(db, office, replies[2], "chief")
    people = {
        **{name: office.actor(name) for name in ("chief", "manager", "head", "desk", "auditor")},
        "deputy": deputy(office, "foi", "manager"),
    }
    for name, actor in people.items():
        with acting_as(actor):
            own = set(db.scalars(select(ApprovalStep.reply_id).where(is_turn_of(actor))))
            as_deputy = set(
                db.scalars(select(ApprovalStep.reply_id).where(is_turn_as_deputy(actor)))
            )
            counts = count_turns(db, actor)
        assert counts["own"] == len(own), name
        assert counts["deputy"] == len(as_deputy), name
        for reply in replies:
            turn = reply.id in own | as_deputy
            with db.begin_nested() as savepoint:
                try:
                    services.approve_reply(db, reply=reply, actor=actor, now=LATER)
                    granted = True
                except RuleViolation:
                    granted = False
                savepoint.rollback()
            db.expire_all()
            # Who stands above may act, but it is not asked of them.
            assert granted or not turn, (name, reply.id)
            if name in {"chief", "desk", "auditor"}:
                assert granted == turn, (name, reply.id)


# --- taking back ----------------------------------------------------------------------------------------------
def test_an_approval_is_taken_back_before_the_letter_leaves(db, office):
    case = office.unit_answered()
    reply = office.letter(case)
    services.recall_reply(
        db, application=case, reason="Adres yanlış", actor=office.actor("chief"), now=LATER
    )
    assert case.state is State.UNIT_ANSWERED
    assert reply.state is ReplyState.SENT_BACK
    assert reply.approved_by_id is None
    assert reply.signed_as == ""
    services.submit_reply(db, reply=reply, actor=office.actor("chief"), now=LATER)
    approve(db, office, reply, "manager")
    services.send_reply(db, reply=reply, actor=office.actor("chief"), now=LATER)
    with pytest.raises(RuleViolation):
        services.take_back_reply(
            db, reply=reply, note="Geç kaldı", actor=office.actor("manager"), now=LATER
        )


def test_another_letter_is_taken_back_without_moving_its_case(db, office):
    case = office.at_work()
    reply = office.letter(case, kind=ReplyKind.PROGRESS, outcome=None)
    services.take_back_reply(
        db, reply=reply, note="Metin eksik", actor=office.actor("chief"), now=LATER
    )
    assert reply.state is ReplyState.SENT_BACK
    assert case.state is State.IN_PROGRESS
    assert office.steps(case)[-1] == "recall_other_reply"


# --- versions ---------------------------------------------------------------------------------------------------
def versions(db, reply):
    rows = select(ReplyVersion).where(ReplyVersion.reply_id == reply.id)
    return list(db.scalars(rows.order_by(ReplyVersion.number)))


def test_every_text_is_kept_and_one_is_taken_up_again(db, office):
    case = office.unit_answered()
    common = {"application": case, "outcome": Outcome.RESOLVED, "now": MONDAY}
    reply = services.draft_reply(db, actor=office.actor("desk"), body="Bir", **common)
    services.draft_reply(db, actor=office.actor("desk"), reply=reply, body="Bir", **common)
    assert [v.body for v in versions(db, reply)] == ["Bir"]
    services.draft_reply(db, actor=office.actor("chief"), reply=reply, body="İki", **common)
    assert [v.by_id for v in versions(db, reply)] == [
        office.users["desk"].id,
        office.users["chief"].id,
    ]
    services.restore_version(db, reply=reply, number=1, actor=office.actor("desk"), now=LATER)
    assert reply.body == "Bir"
    assert [v.restored_from for v in versions(db, reply)] == [None, None, 1]
    assert reply.drafted_by_id == office.users["desk"].id
    with pytest.raises(RuleViolation):
        services.restore_version(db, reply=reply, number=9, actor=office.actor("desk"), now=LATER)


def test_a_letter_on_its_way_takes_no_other_text(db, office):
    reply = waiting(db, office)
    with pytest.raises(RuleViolation):
        services.restore_version(db, reply=reply, number=1, actor=office.actor("desk"), now=LATER)


def test_a_case_may_have_several_drafts(db, office):
    case = office.at_work()
    first = services.draft_reply(
        db, application=case, actor=office.actor("desk"), kind=ReplyKind.PROGRESS, body="Sürüyor."
    )
    second = services.draft_reply(
        db, application=case, actor=office.actor("chief"), kind=ReplyKind.PROGRESS, body="Başka."
    )
    assert first.id != second.id
    assert len(versions(db, first)) == len(versions(db, second)) == 1


# --- progress and final ---------------------------------------------------------------------------------------
def test_who_was_told_the_progress_waits_for_the_result(db, office):
    from app.applications.models import Application
    from app.applications.queries import is_promised

    def promised():
        return set(db.scalars(select(Application.id).where(is_promised())))

    case = office.at_work(kind=Kind.REQUEST)
    due = case.due_on
    letter = office.letter(case, kind=ReplyKind.PROGRESS, outcome=None)
    services.send_reply(db, reply=letter, actor=office.actor("chief"), now=LATER)
    assert case.progress_told_at == LATER
    assert case.answered_at is None
    assert case.due_on == due
    assert case.id in promised()
    assert rules.RESULT_FOLLOWS
    last = letter_for(db, letter).paragraphs[-1]
    assert "3071" in last
    services.answer_by_unit(
        db, application=case, answer_text="Bitti.", outcome=Outcome.RESOLVED,
        actor=office.actor("liaison_a"), now=LATER,
    )  # fmt: skip
    final = office.letter(case, now=LATER)
    services.send_reply(db, reply=final, actor=office.actor("chief"), now=LATER)
    assert case.id not in promised()


def test_the_actor_alone_is_no_deputy(office):
    actor = deputy(office, "chief", "manager")
    assert not actor.own.mandates
    assert replace(actor, mandates=()).may("approve", "Application")
