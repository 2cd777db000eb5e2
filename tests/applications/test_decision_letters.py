"""Petitions that are not examined, and those passed on: who is asked first, and which letters go out."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.applications import rules, services
from app.applications.models import Reply
from app.applications.queries.tracking import tracked
from app.applications.rules import (
    Channel,
    InadmissibleReason,
    Kind,
    Outcome,
    ReplyKind,
    ReplyState,
    State,
)
from app.applications.services.letters import letter_for
from app.core.documents import letter_violations
from app.core.rules import RuleViolation
from app.system.models import Reminder
from tests.applications.office import MONDAY, day
from tests.applications.test_approvals.support import LATER, approve

LACKS = InadmissibleReason.MISSING_MANDATORY_PARTS


def petition(office, **values):
    return office.register(who="desk", channel=Channel.PETITION, **values)


def letters(db, case):
    rows = select(Reply).where(Reply.application_id == case.id).order_by(Reply.id)
    return list(db.scalars(rows))


def inadmissible(db, office, case, reason, who="manager", **values):
    return services.declare_inadmissible(
        db,
        application=case,
        inadmissible_reason=reason,
        actor=office.actor(who),
        now=LATER,
        **values,
    )


# --- the checklist ---------------------------------------------------------------------------------------
def test_the_desk_notes_what_it_found(db, office):
    case = petition(office, has_name=True, has_signature=False)
    assert (case.has_name, case.has_signature, case.has_address) == (True, False, None)
    services.note_parts(
        db, application=case, parts={"has_address": True}, actor=office.actor("desk"), now=MONDAY
    )
    assert case.has_address is True
    assert office.last_step(case).action == "check_petition"
    assert office.last_step(case).note
    before = len(office.steps(case))
    services.note_parts(
        db, application=case, parts={"has_address": True}, actor=office.actor("desk"), now=MONDAY
    )
    assert len(office.steps(case)) == before


def test_an_ended_case_is_not_looked_at_again(db, office):
    case = petition(office)
    inadmissible(db, office, case, InadmissibleReason.JUDICIAL_MATTER)
    with pytest.raises(RuleViolation):
        services.note_parts(
            db, application=case, parts={"has_name": True}, actor=office.actor("desk")
        )


def test_the_question_begins_with_what_is_missing(db, office):
    case = petition(office, has_name=True, has_signature=False, has_address=False)
    assert services.words_to_ask(case).count("%") == 0
    assert "4" in services.words_to_ask(case)
    assert services.words_to_ask(petition(office)) == ""


# --- the three grounds -------------------------------------------------------------------------------------
@pytest.mark.parametrize("reason", list(InadmissibleReason))
def test_each_ground_has_its_letter_with_reason_and_remedy(db, office, reason):
    case = petition(office, has_signature=False, wants_notice="none")
    inadmissible(db, office, case, reason, note="Dilekçe okunmuştur.")
    assert case.state is State.INADMISSIBLE
    (letter,) = letters(db, case)
    assert letter.state is ReplyState.SENT
    assert letter.outcome is Outcome.REJECTED
    assert "6" in letter.body
    assert "Dilekçe okunmuştur." in letter.body
    assert letter.remedy
    paper = letter_for(db, letter)
    assert any(letter.remedy in text for text in paper.paragraphs)
    assert not [v for v in letter_violations(paper) if v.field == "closing"]


def test_who_can_be_reached_is_asked_before(db, office):
    case = services.take_to_triage(
        db, application=petition(office, has_signature=False, wants_notice="sms"),
        actor=office.actor("chief"), now=MONDAY,
    )  # fmt: skip
    with pytest.raises(RuleViolation, match="ask for the missing part"):
        inadmissible(db, office, case, LACKS)
    services.request_information(
        db, application=case, note="İmzanız eksik.", actor=office.actor("chief"), now=day(17)
    )
    services.receive_information(
        db, application=case, note="Gelmedi.", actor=office.actor("chief"), now=day(20)
    )
    inadmissible(db, office, case, LACKS)
    assert case.state is State.INADMISSIBLE


def test_a_complete_petition_is_not_refused_for_a_part(db, office):
    case = petition(
        office, has_name=True, has_signature=True, has_address=True, wants_notice="none"
    )
    with pytest.raises(RuleViolation, match="present"):
        inadmissible(db, office, case, LACKS)


def test_who_may_not_sign_sends_the_letter_for_approval(db, office):
    case = petition(office, wants_notice="none")
    inadmissible(db, office, case, InadmissibleReason.NO_SPECIFIC_SUBJECT, who="chief")
    (letter,) = letters(db, case)
    assert case.state is State.INADMISSIBLE
    assert letter.state is ReplyState.IN_APPROVAL
    approve(db, office, letter, "manager")
    assert case.state is State.INADMISSIBLE
    services.send_reply(db, reply=letter, actor=office.actor("chief"), now=LATER)
    assert letter.state is ReplyState.SENT
    assert case.state is State.INADMISSIBLE


# --- passed on -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "law"), [(Kind.REQUEST, "3071"), (Kind.INFORMATION, "4982")])
def test_two_letters_go_out_when_a_case_is_passed_on(db, office, kind, law):
    case = services.take_to_triage(
        db, application=office.register(kind=kind), actor=office.actor("manager"), now=MONDAY
    )
    services.transfer_out(
        db, application=case, institution_id=office.institution.id, actor=office.actor("manager"),
        now=LATER,
    )  # fmt: skip
    to_institution, to_citizen = letters(db, case)
    assert case.state is State.TRANSFERRED_OUT
    assert to_institution.institution_id == office.institution.id
    assert to_citizen.institution_id is None
    assert all(one.kind is ReplyKind.FORWARDING_NOTICE for one in (to_institution, to_citizen))
    assert all(law in one.body for one in (to_institution, to_citizen))
    paper = letter_for(db, to_institution)
    assert paper.recipient_lines[0].isupper()
    assert paper.attachments
    assert not list(letter_violations(paper, to_person=False))
    citizen = letter_for(db, to_citizen)
    assert "YILMAZ" in citizen.recipient_lines[0]
    assert not [v for v in letter_violations(citizen) if v.field == "closing"]


def test_letters_on_their_way_come_back_when_the_case_ends_otherwise(db, office):
    case = services.take_to_triage(
        db, application=office.register(), actor=office.actor("chief"), now=MONDAY
    )
    draft = services.draft_reply(
        db, application=case, actor=office.actor("desk"), body="Metin", outcome=Outcome.INFORMED
    )
    services.submit_reply(db, reply=draft, actor=office.actor("desk"), now=MONDAY)
    services.transfer_out(
        db, application=case, institution_id=office.institution.id, actor=office.actor("manager"),
        now=LATER,
    )  # fmt: skip
    assert draft.state is ReplyState.SENT_BACK
    with pytest.raises(RuleViolation):
        approve(db, office, draft, "manager")


def test_the_grounds_name_their_paragraph():
    for reason, letter in zip("abc", rules.GROUNDS.values(), strict=True):
        assert f"6/{reason}" in letter.law


# --- decided by somebody who may not sign ----------------------------------------------------------------
def triaged(db, office):
    return services.take_to_triage(
        db,
        application=petition(office, wants_notice="sms"),
        actor=office.actor("chief"),
        now=MONDAY,
    )


def decide_unsigned(db, office, case, how):
    if how == "inadmissible":
        inadmissible(db, office, case, InadmissibleReason.NO_SPECIFIC_SUBJECT, who="chief")
    else:
        services.transfer_out(
            db, application=case, institution_id=office.institution.id,
            actor=office.actor("chief"), now=LATER,
        )  # fmt: skip


@pytest.mark.parametrize("how", ["inadmissible", "transfer"])
def test_what_was_not_signed_has_not_been_decided(db, office, how):
    case = triaged(db, office)
    decide_unsigned(db, office, case, how)
    told = ("declare_inadmissible", "transfer_out")
    assert case.answered_at is None
    assert case.on_time is None
    assert not [m for m in office.messages(case, "sms") if m.template in told]
    with pytest.raises(RuleViolation):
        services.close(db, application=case, actor=office.actor("chief"))
    seen = tracked(db, case)
    assert (seen.state, seen.outcome, seen.institution) == (State.TRIAGE, None, "")
    # Its clock runs, and who has to see to the letter is reminded.
    late = case.due_on + dt.timedelta(days=1)
    services.send_reminders(db, today=late)
    kinds = select(Reminder.kind).where(Reminder.owner_id == case.id)
    assert "overdue" in db.scalars(kinds).all()
    letter = letters(db, case)[-1]
    approve(db, office, letter, "manager")
    services.send_reply(db, reply=letter, actor=office.actor("chief"), now=day(20))
    assert case.answered_at == day(20)
    assert [m for m in office.messages(case, "sms") if m.template in told]
    assert tracked(db, case).state is case.state
    services.close(db, application=case, actor=office.actor("chief"))
    with pytest.raises(RuleViolation):
        services.take_decision_back(db, application=case, reason="x", actor=office.actor("chief"))


@pytest.mark.parametrize("how", ["inadmissible", "transfer"])
def test_a_decision_that_the_manager_does_not_sign_is_taken_back(db, office, how):
    case = triaged(db, office)
    decide_unsigned(db, office, case, how)
    drafts = letters(db, case)
    services.send_back_reply(
        db, reply=drafts[-1], note="Bizim işimiz.", actor=office.actor("manager"), now=LATER
    )
    services.take_decision_back(
        db, application=case, reason="Bizim görevimiz", actor=office.actor("chief")
    )
    assert case.state is State.TRIAGE
    assert (case.institution_id, case.outcome, case.inadmissible_reason) == (None, None, None)
    assert {draft.state for draft in drafts} == {ReplyState.SENT_BACK}
    services.assign(
        db, application=case, unit_ids=[], lead_unit_id=office.a.id, actor=office.actor("chief")
    )
    assert case.state is State.ASSIGNED
