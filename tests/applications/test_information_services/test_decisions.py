"""The case, its clocks and decisions."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.applications import services
from app.applications.models import (
    Appeal,
    InformationCase,
    PublishedInformation,
    Reply,
)
from app.applications.rules import (
    Channel,
    Kind,
    Outcome,
    ReplyKind,
    ReplyState,
    State,
)
from app.applications.rules.information import (
    AccessForm,
    InformationDecision,
)
from app.core.calendar import DayKind
from app.core.rules import ConflictError, RuleViolation
from app.system.services import calendar
from tests.applications.office import day
from tests.applications.test_information_services.support import (
    D,
    case_of,
    decide,
    fields,
    foi,
    in_triage,
    partial,
    partial_sent,
    send,
    told,
)


# --- the case is there ------------------------------------------------------------------------------
def test_registering_an_information_request_makes_its_case(office, db):
    case = case_of(db, office.register(kind=Kind.INFORMATION))
    assert (case.received_on, case.due_on) == (D("2026-03-16"), D("2026-04-07"))
    assert (case.alarm_on, case.notice_by) == (D("2026-04-02"), D("2026-04-07"))
    assert case.silence_on == D("2026-04-15")
    assert case.silence_trail["rule"]["key"] == "foi_silence"
    assert case.silence_trail["trail"][-1]["on"] == "2026-04-15"
    assert case.decision is None
    assert case_of(db, office.register()) is None


def test_a_changed_kind_brings_and_takes_the_case(office, db):
    application = office.register()
    actor = office.actor("chief")
    services.change_details(
        db, application=application, values={"kind": "information"}, actor=actor
    )
    assert case_of(db, application).due_on == D("2026-04-07")
    services.change_details(db, application=application, values={"kind": "request"}, actor=actor)
    assert case_of(db, application) is None


def test_making_it_twice_makes_one(office, db):
    application = office.register(kind=Kind.INFORMATION)
    first = foi.ensure_information_case(db, application)
    assert foi.ensure_information_case(db, application) is first
    assert foi.ensure_information_case(db, office.register()) is None
    assert db.scalar(select(func.count()).select_from(InformationCase)) == 1


def test_an_older_database_gets_its_cases_from_the_timeline(office, db, law):
    """What was done before this part existed stands in the figures too."""
    answered = partial_sent(office, db, law)
    paying = office.at_work(kind=Kind.INFORMATION)
    services.demand_fee(
        db, application=paying, note="x", amount=Decimal("84.50"), actor=office.actor("foi"),
        now=day(24),
    )  # fmt: skip
    appealed = in_triage(office, db)
    services.reject(
        db, application=appealed, reason="Ticari sır", article="4982 m.23",
        actor=office.actor("manager"), now=day(18),
    )  # fmt: skip
    services.appeal(db, application=appealed, note="BEDK", actor=office.actor("foi"), now=day(25))
    for row in db.scalars(select(Appeal)).all():
        db.delete(row)
    for row in db.scalars(select(InformationCase)).all():
        db.delete(row)
    db.flush()
    assert foi.ensure_missing_cases(db) == 3
    assert foi.ensure_missing_cases(db) == 0
    one = case_of(db, answered)
    assert (one.decision, one.decided_on) == (InformationDecision.PARTIAL, D("2026-03-20"))
    assert [g.code for g in one.grounds] == ["m.9", "m.21"]
    assert one.is_separated
    two = case_of(db, paying)
    assert (two.fee_amount, two.fee_pay_by) == (Decimal("84.50"), D("2026-04-14"))
    three = case_of(db, appealed)
    assert (three.decision, three.articles) == (InformationDecision.REFUSED, "4982 m.23")
    appeal = db.scalars(select(Appeal)).one()
    assert (appeal.application_id, appeal.filed_on) == (appealed.id, D("2026-03-25"))


# --- its clocks --------------------------------------------------------------------------------------
def test_its_days_follow_the_clock_of_the_application(office, db):
    application = office.at_work(kind=Kind.INFORMATION)
    case = case_of(db, application)
    actor = office.actor("foi")
    services.demand_fee(
        db, application=application, note="240 sayfa", amount=Decimal("240.50"), actor=actor,
        now=day(24),
    )  # fmt: skip
    assert (case.due_on, case.alarm_on, case.notice_by) == (None, None, None)
    assert case.silence_on == D("2026-04-15")
    assert (case.fee_amount, case.fee_notified_on) == (Decimal("240.50"), D("2026-03-24"))
    assert (case.fee_pay_by, case.fee_paid_on) == (D("2026-04-14"), None)
    services.receive_fee(
        db, application=application, paid_on=D("2026-04-01"), actor=actor, now=day(2, 4)
    )
    assert case.fee_paid_on == D("2026-04-01")
    assert case.due_on == application.due_on == D("2026-04-22")
    assert case.notice_by == D("2026-04-22")
    assert case.alarm_on == D("2026-04-17")
    assert case.silence_on == D("2026-04-15")


def test_a_leave_moves_its_days_too(office, db):
    application = office.at_work(kind=Kind.INFORMATION)
    calendar.add_leave(
        db, on=D("2026-03-25"), kind=DayKind.ADMINISTRATIVE_LEAVE, name="Kar tatili",
        authority="Valilik", counts_as_working_day=False,
    )  # fmt: skip
    case = case_of(db, application)
    db.refresh(case)
    assert case.due_on == application.due_on == D("2026-04-08")
    assert (case.alarm_on, case.notice_by) == (D("2026-04-03"), D("2026-04-08"))


def test_a_cimer_request_is_silent_from_its_earlier_day(office, db):
    application = office.register(
        who="cimer", channel=Channel.CIMER, external_ref="2026-77", kind=Kind.INFORMATION,
        external_received_at=day(13),
    )  # fmt: skip
    case = case_of(db, application)
    assert case.due_on == application.due_on
    assert case.silence_on == D("2026-04-13")


def test_a_partial_decision_drafts_its_letter_with_articles_reason_and_remedies(office, db, law):
    application = in_triage(office, db)
    case = partial(office, db, law, application)
    assert case.decision is InformationDecision.PARTIAL
    assert case.decided_on is None
    assert case.articles == "4982 m.9, m.21"
    assert case.is_separated
    reply = db.get(Reply, case.reply_id)
    assert (reply.state, reply.kind, reply.outcome) == (
        ReplyState.DRAFT, ReplyKind.FINAL, Outcome.PARTLY_RESOLVED,
    )  # fmt: skip
    assert application.number in reply.body
    assert "23 sayfadaki işçi adları" in reply.body
    assert "İşçi adları özel hayata ilişkindir." in reply.body
    for ground in case.grounds:
        assert ground.letter_text in reply.body
    assert "188" in reply.body
    assert reply.refusal_article == "4982 m.9, m.21"
    assert "4982" in reply.remedy
    assert "2577" in reply.remedy
    assert office.last_step(application).action == "draft_decision"
    assert application.state is State.TRIAGE


def test_the_decision_is_final_when_its_letter_leaves_and_four_eyes_have_seen_it(office, db, law):
    application = in_triage(office, db)
    case = partial(office, db, law, application, submit=True)
    reply = db.get(Reply, case.reply_id)
    assert reply.state is ReplyState.IN_APPROVAL
    with pytest.raises(RuleViolation):
        services.approve_reply(db, reply=reply, actor=office.actor("foi"), now=day(19))
    assert case.decided_on is None
    send(office, db, reply, now=day(20))
    assert case.decided_on == D("2026-03-20")
    assert (application.state, application.outcome) == (State.ANSWERED, Outcome.PARTLY_RESOLVED)
    assert application.on_time is True
    with pytest.raises(RuleViolation) as refused:
        decide(
            office, db, application, InformationDecision.GRANTED,
            access_form=AccessForm.ELECTRONIC, now=day(21),
        )  # fmt: skip
    assert "left the house" in told(refused)


def test_a_refusal_stands_as_refused(office, db, law):
    application = in_triage(office, db)
    case = decide(
        office, db, application, InformationDecision.REFUSED, ground_ids=[law["m.19"]],
        reason="Soruşturma sürüyor.", submit=True,
    )  # fmt: skip
    reply = db.get(Reply, case.reply_id)
    send(office, db, reply, now=day(20))
    assert (application.state, application.outcome) == (State.REJECTED, Outcome.REJECTED)
    assert application.on_time is True
    assert office.steps(application)[-1] == "send_refusal"
    assert reply.state is ReplyState.SENT
    assert case.decision is InformationDecision.REFUSED


def test_who_registered_does_not_approve_the_refusal(office, db, law):
    application = in_triage(office, db, who="manager")
    case = decide(
        office, db, application, InformationDecision.REFUSED, ground_ids=[law["m.19"]],
        reason="x", submit=True,
    )  # fmt: skip
    reply = db.get(Reply, case.reply_id)
    with pytest.raises(RuleViolation):
        services.approve_reply(db, reply=reply, actor=office.actor("manager"), now=day(19))
    services.approve_reply(db, reply=reply, actor=office.actor("head"), now=day(19))


def test_full_access_needs_no_article_and_prints_no_remedy(office, db, law):
    application = in_triage(office, db)
    case = decide(
        office, db, application, InformationDecision.GRANTED,
        access_form=AccessForm.INSPECTION, submit=True,
    )  # fmt: skip
    reply = db.get(Reply, case.reply_id)
    assert (reply.outcome, reply.remedy, reply.refusal_article) == (Outcome.INFORMED, "", "")
    send(office, db, reply, now=day(20))
    assert (case.decision, case.access_form) == (
        InformationDecision.GRANTED, AccessForm.INSPECTION,
    )  # fmt: skip


def test_what_is_published_is_pointed_to(office, db, law):
    published = PublishedInformation(
        title="2025 Faaliyet Raporu", url="https://ornek.bel.tr/faaliyet",
        place="Kurumsal internet sitesi", published_on=D("2026-02-27"),
    )  # fmt: skip
    db.add(published)
    db.flush()
    application = in_triage(office, db)
    case = decide(
        office, db, application, InformationDecision.PUBLISHED, published_id=published.id,
        submit=True,
    )  # fmt: skip
    reply = db.get(Reply, case.reply_id)
    for words in ("2025 Faaliyet Raporu", "https://ornek.bel.tr/faaliyet", "27.02.2026"):
        assert words in reply.body
    assert [g.code for g in case.grounds] == ["m.8"]
    send(office, db, reply, now=day(20))
    assert case.decision is InformationDecision.PUBLISHED
    assert case.published_id == published.id


def test_what_is_not_with_us_is_passed_on_at_once(office, db, law):
    application = in_triage(office, db)
    case = decide(
        office, db, application, InformationDecision.FORWARDED,
        institution_id=office.institution.id, reason="Yol ilçe belediyesinindir.",
    )  # fmt: skip
    assert application.state is State.TRANSFERRED_OUT
    assert (case.decision, case.decided_on) == (
        InformationDecision.FORWARDED, D("2026-03-18"),
    )  # fmt: skip
    at_work = office.at_work(kind=Kind.INFORMATION)
    with pytest.raises(RuleViolation):
        decide(
            office, db, at_work, InformationDecision.FORWARDED,
            institution_id=office.institution.id,
        )  # fmt: skip


def test_drafting_again_writes_the_same_letter_anew(office, db, law):
    application = in_triage(office, db)
    case = partial(office, db, law, application)
    letter, version = case.reply_id, case.version
    decide(
        office, db, application, InformationDecision.REFUSED, ground_ids=[law["m.23"]],
        reason="Ticari sır", version=version,
    )  # fmt: skip
    assert case.reply_id == letter
    assert (
        db.scalar(select(func.count(Reply.id)).where(Reply.application_id == application.id)) == 1
    )
    assert (case.articles, case.removed, case.is_separated) == ("4982 m.23", "", False)
    assert case.access_form is None
    with pytest.raises(ConflictError):
        partial(office, db, law, application, version=version)


def test_a_letter_in_approval_is_not_written_over(office, db, law):
    application = in_triage(office, db)
    case = partial(office, db, law, application, submit=True)
    with pytest.raises(RuleViolation) as refused:
        partial(office, db, law, application)
    assert "sent back" in told(refused)
    services.send_back_reply(
        db, reply=db.get(Reply, case.reply_id), note="Madde eksik", actor=office.actor("manager")
    )
    partial(office, db, law, application, submit=True)


def test_who_may_decide(office, db, law):
    application = in_triage(office, db)
    for who in ("chief", "desk", "operator", "liaison_a", "auditor"):
        with pytest.raises(RuleViolation):
            partial(office, db, law, application, who=who)
    partial(office, db, law, application, who="manager")
    with pytest.raises(RuleViolation):
        decide(
            office, db, office.at_work(), InformationDecision.GRANTED,
            access_form=AccessForm.ELECTRONIC,
        )  # fmt: skip


def test_every_broken_rule_is_told(office, db, law):
    application = in_triage(office, db)
    with pytest.raises(RuleViolation) as refused:
        decide(office, db, application, InformationDecision.PARTIAL)
    assert fields(refused) == {"grounds", "reason", "access_form"}
    assert case_of(db, application).decision is None
