"""Ends and new beginnings: closing, reopening, passing on, refusing, merging."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.applications import services
from app.applications.models import Reply
from app.applications.rules import (
    AssignmentState,
    InadmissibleReason,
    Kind,
    Outcome,
    ReplyKind,
    ReplyState,
    State,
)
from app.core.rules import RuleViolation
from tests.applications.office import MONDAY, day
from tests.applications.test_services_endings.support import fields, in_triage


# --- closing and reopening ----------------------------------------------------------------------------
def test_an_operator_does_not_close_what_has_a_legal_period(office, db):
    case = office.answered()
    with pytest.raises(RuleViolation):
        services.close(db, application=case, actor=office.actor("operator"))
    services.close(db, application=case, actor=office.actor("desk"), note="Tamam")
    assert case.state is State.CLOSED
    assert case.closing_note == "Tamam"


def test_reopening_begins_a_new_cycle_at_the_same_unit(office, db):
    case = office.answered(at=day(20, 4))
    services.close(db, application=case, actor=office.actor("chief"), now=day(21, 4))
    services.reopen(
        db,
        application=case,
        reason="Boru yine patladı",
        actor=office.actor("chief"),
        now=day(27, 4),
    )
    assert case.state is State.ASSIGNED
    assert case.cycle == 2
    assert (case.answered_at, case.closed_at, case.on_time, case.outcome) == (
        None,
        None,
        None,
        None,
    )
    # Day 0 is Monday 27 April; day 30 falls into Kurban Bayramı and moves to 1 June.
    assert case.due_trail["received_on"] == "2026-04-27"
    assert case.due_on == dt.date(2026, 6, 1)
    assert case.received_on == dt.date(2026, 3, 16)
    old, new = office.assignments(case)
    assert (old.cycle, old.state, new.cycle, new.state) == (
        1,
        AssignmentState.ANSWERED,
        2,
        AssignmentState.SENT,
    )
    assert new.unit_id == office.a.id
    reply = db.scalars(select(Reply).where(Reply.application_id == case.id)).one()
    assert reply.state is ReplyState.SENT
    assert reply.cycle == 1
    reopened = next(e for e in case.events if e.action == "reopen")
    assert reopened.details["outcome"] == "resolved"
    assert reopened.details["on_time"] is False
    assert office.messages(case, "sms")[-1].template == "reopen"


def test_the_second_cycle_is_answered_on_its_own(office, db):
    case = office.answered()
    services.reopen(
        db, application=case, reason="Yine", actor=office.actor("operator"), now=day(1, 4)
    )
    assert case.state is State.ASSIGNED
    services.answer_by_unit(
        db,
        application=case,
        answer_text="Bitti",
        outcome=Outcome.RESOLVED,
        actor=office.actor("liaison_a"),
        now=day(2, 4),
    )
    reply = office.letter(case, now=day(2, 4))
    services.send_reply(db, reply=reply, actor=office.actor("chief"), now=day(2, 4))
    assert case.on_time is True
    assert case.cycle == reply.cycle == 2


def test_after_the_days_of_the_setting_only_the_manager_reopens(office, db):
    case = office.answered(at=day(20))
    act = {"application": case, "reason": "Yine", "now": day(21, 4)}
    with pytest.raises(RuleViolation):
        services.reopen(db, actor=office.actor("chief"), **act)
    services.reopen(db, actor=office.actor("manager"), **act)
    assert case.cycle == 2


def test_reopening_needs_a_reason(office, db):
    case = office.answered()
    with pytest.raises(RuleViolation) as refused:
        services.reopen(db, application=case, reason="", actor=office.actor("chief"), now=MONDAY)
    assert fields(refused) == {"reason"}
    assert case.cycle == 1


# --- other ends ------------------------------------------------------------------------------------------
def test_a_case_is_passed_to_the_competent_institution(office, db):
    case = in_triage(office, db)
    with pytest.raises(RuleViolation) as refused:
        services.transfer_out(
            db, application=case, institution_id=None, actor=office.actor("chief")
        )
    assert fields(refused) == {"institution_id"}
    services.transfer_out(
        db,
        application=case,
        institution_id=office.institution.id,
        note="Çöp",
        actor=office.actor("manager"),
        now=day(18),
    )
    assert case.state is State.TRANSFERRED_OUT
    assert case.outcome is Outcome.NOT_COMPETENT
    assert case.institution_id == office.institution.id
    assert case.on_time is True
    letters = db.scalars(
        select(Reply).where(Reply.application_id == case.id).order_by(Reply.id)
    ).all()
    to_institution, letter = letters
    assert {row.kind for row in letters} == {ReplyKind.FORWARDING_NOTICE}
    assert to_institution.institution_id == office.institution.id
    assert letter.institution_id is None
    assert "Deneme Belediyesi" in letter.body
    assert "Deneme Belediyesi" in office.messages(case, "sms")[-1].body
    services.close(db, application=case, actor=office.actor("chief"))


def test_a_withdrawn_case_stops_the_units(office, db):
    case = office.at_work()
    services.withdraw(db, application=case, note="Vazgeçti", actor=office.actor("chief"))
    assert case.state is State.WITHDRAWN
    assert office.assignments(case)[0].state is AssignmentState.CANCELLED
    assert office.messages(case, "panel")[-1].template == "cancel"


def test_a_refusal_of_information_names_its_article_and_the_way_to_object(office, db):
    case = in_triage(office, db, kind=Kind.INFORMATION)
    act = {
        "application": case,
        "reason": "Ticari sır",
        "actor": office.actor("manager"),
        "now": day(18),
    }
    with pytest.raises(RuleViolation) as refused:
        services.reject(db, **act)
    assert fields(refused) == {"article"}
    services.reject(db, article="4982 m.23", **act)
    assert case.state is State.REJECTED
    assert case.outcome is Outcome.REJECTED
    assert case.on_time is True
    letter = db.scalars(select(Reply).where(Reply.application_id == case.id)).one()
    assert letter.refusal_article == "4982 m.23"
    assert "4982" in letter.remedy
    services.appeal(db, application=case, note="BEDK’ye gitti", actor=office.actor("foi"))
    services.close(db, application=case, actor=office.actor("foi"))
    assert case.state is State.CLOSED


def test_who_registered_does_not_refuse(office, db):
    case = in_triage(office, db, who="manager")
    with pytest.raises(RuleViolation) as refused:
        services.reject(db, application=case, reason="x", actor=office.actor("manager"))
    assert fields(refused) == {"approved_by"}
    services.reject(db, application=case, reason="x", actor=office.actor("head"))


def test_a_petition_is_declared_inadmissible_with_its_reason(office, db):
    case = office.register()
    act = {"application": case, "actor": office.actor("chief"), "now": MONDAY}
    with pytest.raises(RuleViolation) as refused:
        services.declare_inadmissible(db, inadmissible_reason=None, **act)
    assert fields(refused) == {"inadmissible_reason"}
    services.declare_inadmissible(db, inadmissible_reason=InadmissibleReason.JUDICIAL_MATTER, **act)
    assert case.state is State.INADMISSIBLE
    assert case.inadmissible_reason is InadmissibleReason.JUDICIAL_MATTER


def test_an_applicant_who_does_not_answer(office, db):
    case = in_triage(office, db)
    services.request_information(db, application=case, note="Nerede?", actor=office.actor("chief"))
    services.close_no_reply(
        db, application=case, note="30 gün beklendi", actor=office.actor("chief")
    )
    assert case.state is State.CLOSED
    assert office.messages(case, "sms")[-1].template == "close_no_reply"


# --- merging ------------------------------------------------------------------------------------------------
def test_every_applicant_of_a_merged_case_gets_an_answer(office, db):
    main = office.unit_answered()
    twin = in_triage(office, db, citizen={"id": office.other.id})
    services.merge(db, application=twin, master_id=main.id, actor=office.actor("chief"), now=MONDAY)
    assert twin.state is State.MERGED
    assert twin.outcome is Outcome.DUPLICATE
    assert twin.answered_at is None
    assert office.steps(main)[-1] == "merged_in"
    reply = office.letter(main)
    services.send_reply(db, reply=reply, actor=office.actor("chief"), now=day(20))
    assert twin.answered_at == day(20)
    assert twin.on_time is True
    assert twin.state is State.MERGED
    assert [m.recipient for m in office.messages(twin, "sms")][-1] == office.other.phone
    assert office.steps(twin)[-1] == "master_answered"


def test_what_cannot_be_merged(office, db):
    case = in_triage(office, db)
    ended = services.withdraw(
        db, application=office.register(), note="x", actor=office.actor("manager")
    )
    for master in (case.id, ended.id, None):
        with pytest.raises(RuleViolation) as refused:
            services.merge(db, application=case, master_id=master, actor=office.actor("chief"))
        assert fields(refused) == {"master_id"}
    assert case.state is State.TRIAGE


def test_a_wrong_merge_is_undone(office, db):
    main, twin = in_triage(office, db), in_triage(office, db)
    due = twin.due_on
    services.merge(db, application=twin, master_id=main.id, actor=office.actor("chief"))
    with pytest.raises(RuleViolation):
        services.unmerge(db, application=twin, reason="Başka sokak", actor=office.actor("desk"))
    services.unmerge(db, application=twin, reason="Başka sokak", actor=office.actor("manager"))
    assert twin.state is State.TRIAGE
    assert twin.master_id is None
    assert twin.outcome is None
    assert twin.due_on == due
    assert office.steps(main)[-1] == "unmerged"
