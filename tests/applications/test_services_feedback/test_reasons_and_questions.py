"""Reasons, questions and answers."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.applications import rules, services
from app.applications.models import (
    NoticeText,
    Reply,
    ReplyTemplate,
)
from app.applications.rules import (
    AnswerMethod,
    Outcome,
    Solved,
    State,
)
from app.applications.services.feedback import make_token, token_hash
from app.applications.services.letters import letter_for
from app.applications.services.notice_texts import ensure_texts
from app.applications.services.reasons import reason_for, reasons_changed
from app.applications.services.reply_texts import merge_template
from app.core.rules import RuleViolation
from tests.applications.office import MONDAY, day
from tests.applications.test_services_feedback.support import GOOD, questions, refused, setting, sms


# --- reasons of results -------------------------------------------------------------------------------
def test_without_reasons_in_the_table_none_is_asked_for(db, office):
    case = office.unit_answered()
    office.letter(case, outcome=Outcome.PLANNED)
    assert reason_for(db, Outcome.PLANNED, None) is None


def test_a_result_that_is_no_solution_needs_its_reason(db, office, reasons):
    case = office.unit_answered()
    with pytest.raises(RuleViolation) as caught:
        office.letter(case, outcome=Outcome.PLANNED)
    assert refused(caught) == {"outcome_reason_id"}
    reply = db.scalars(select(Reply).where(Reply.application_id == case.id)).one()
    services.draft_reply(
        db, application=case, reply=reply, actor=office.actor("chief"), outcome=Outcome.PLANNED,
        outcome_reason_id=reasons["ret-butce"].id, body="x",
    )  # fmt: skip
    assert reply.outcome_reason_id is None
    services.draft_reply(
        db, application=case, reply=reply, actor=office.actor("chief"), outcome=Outcome.PLANNED,
        outcome_reason_id=reasons["program-mevsim"].id, body="x",
    )  # fmt: skip
    services.submit_reply(db, reply=reply, actor=office.actor("chief"))
    services.approve_reply(db, reply=reply, actor=office.actor("manager"))
    services.send_reply(db, reply=reply, actor=office.actor("chief"))
    assert case.outcome_reason_id == reasons["program-mevsim"].id
    assert reasons["program-mevsim"].citizen_text in letter_for(db, reply).paragraphs


def test_the_unit_may_name_the_reason_already(db, office, reasons):
    case = office.at_work()
    with pytest.raises(RuleViolation) as caught:
        services.answer_by_unit(
            db, application=case, answer_text="Olmaz", outcome=Outcome.REJECTED,
            outcome_reason_id=reasons["program-mevsim"].id, actor=office.actor("liaison_a"),
        )  # fmt: skip
    assert refused(caught) == {"outcome_reason_id"}
    services.answer_by_unit(
        db, application=case, answer_text="Olmaz", outcome=Outcome.REJECTED,
        outcome_reason_id=reasons["ret-teknik"].id, actor=office.actor("liaison_a"),
    )  # fmt: skip
    assert office.assignments(case)[-1].outcome_reason_id == reasons["ret-teknik"].id


def test_the_reason_is_a_merge_field_and_stands_in_the_message(db, office, reasons):
    case = office.at_work(
        wants_notice="email", citizen={"id": office.citizen.id, "email": "elif@ornek.org"}
    )
    services.answer_by_unit(
        db, application=case, answer_text="Bütçede yok.", outcome=Outcome.REJECTED,
        outcome_reason_id=reasons["ret-butce"].id, actor=office.actor("liaison_a"),
    )  # fmt: skip
    template = ReplyTemplate(name="Ret", body="Sonuç: {{sonuc_nedeni}}", short_text="")
    assert merge_template(db, template, case).body == f"Sonuç: {reasons['ret-butce'].citizen_text}"
    reply = office.letter(
        case, outcome=Outcome.REJECTED, outcome_reason_id=reasons["ret-teknik"].id, body="Olmadı."
    )
    services.send_reply(db, reply=reply, actor=office.actor("chief"), now=MONDAY)
    mail = office.messages(case, "email")[-1]
    assert mail.body.startswith(f"Olmadı.\n\n{reasons['ret-teknik'].citizen_text}")


def test_a_merged_case_taken_out_again_has_no_reason_left(db, office, reasons):
    main, case = office.register(), office.register()
    services.merge(db, application=case, master_id=main.id, actor=office.actor("chief"))
    assert case.outcome_reason_id is not None
    services.unmerge(db, application=case, reason="Başka konu", actor=office.actor("chief"))
    assert case.outcome_reason_id is None


def test_a_refusal_needs_one_and_a_transfer_says_it_by_itself(db, office, reasons):
    case = office.at_work()
    with pytest.raises(RuleViolation) as caught:
        services.reject(db, application=case, reason="Olmaz", actor=office.actor("manager"))
    assert refused(caught) == {"outcome_reason_id"}
    assert case.state is State.IN_PROGRESS
    services.reject(
        db, application=case, reason="Olmaz", outcome_reason_id=reasons["ret-butce"].id,
        actor=office.actor("manager"),
    )  # fmt: skip
    assert case.outcome_reason_id == reasons["ret-butce"].id
    passed = office.register()
    services.take_to_triage(db, application=passed, actor=office.actor("chief"))
    services.transfer_out(
        db, application=passed, institution_id=office.institution.id, actor=office.actor("chief")
    )
    assert passed.outcome_reason_id == reasons["gorev-ilce"].id


def test_a_new_cycle_begins_without_the_old_reason(db, office, reasons):
    case = office.unit_answered()
    reply = office.letter(
        case, outcome=Outcome.PLANNED, outcome_reason_id=reasons["program-sira"].id
    )
    services.send_reply(db, reply=reply, actor=office.actor("chief"), now=MONDAY)
    services.reopen(db, application=case, reason="Olmadı", actor=office.actor("chief"), now=day(20))
    assert case.outcome_reason_id is None
    assert reply.outcome_reason_id == reasons["program-sira"].id


def test_a_reason_out_of_use_is_offered_no_more_and_still_told(db, office, reasons):
    row = reasons["program-sira"]
    row.active = False
    reasons_changed(db)
    with pytest.raises(RuleViolation):
        reason_for(db, Outcome.PLANNED, row.id)
    from app.applications.services.reasons import reason_text

    assert reason_text(db, row.id) == row.citizen_text
    assert reason_text(db, None) == ""


def link_of(office, case):
    message = next(m for m in reversed(sms(office, case)) if m.template == "survey")
    return re.search(r"/takip/([0-9A-Z]{16})\b", message.body)[1]


def test_the_applicant_is_asked_some_days_after_the_answer(db, office, asked_all):
    case = office.answered(at=day(17))
    assert services.send_questions(db, now=day(19)).asked == 0
    assert services.send_questions(db, now=day(20)).asked == 1
    assert services.send_questions(db, now=day(21)).asked == 0
    (question,) = questions(db, case)
    token = link_of(office, case)
    assert question.token_hash == token_hash(token)
    assert token not in str(question.__dict__)
    assert question.expires_at == day(20) + dt.timedelta(days=14)
    assert question.month == dt.date(2026, 3, 1)
    assert question.unit_id == office.a.id


def test_a_day_without_a_worker_is_made_up_for(db, office, asked_all):
    office.answered(at=day(17))
    assert services.send_questions(db, now=day(24)).asked == 1
    office.answered(now=day(2, 6), at=day(2, 6))
    assert services.send_questions(db, now=day(30, 6)).asked == 0


def test_nobody_is_asked_who_did_not_want_it_or_was_asked_lately(db, office, asked_all):
    office.answered(at=day(17))
    office.answered(at=day(17))
    assert services.send_questions(db, now=day(20)).asked == 1, "one person, one question"
    office.answered(now=day(1, 4), at=day(1, 4))
    assert services.send_questions(db, now=day(4, 4)).asked == 0, "asked within the gap"
    other = office.answered(citizen={"id": office.other.id}, at=day(17))
    office.other.no_surveys = True
    db.flush()
    assert services.send_questions(db, now=day(21)).asked == 0, "does not want to be asked"
    office.other.no_surveys = False
    other.wants_notice = "none"
    db.flush()
    assert services.send_questions(db, now=day(21)).asked == 0, "wanted no notice"


@pytest.mark.parametrize(
    "columns", [{"is_restricted": True}, {"kind": rules.Kind.KVKK}, {"outcome": Outcome.DUPLICATE}]
)
def test_restricted_silent_and_double_cases_are_not_asked_about(db, office, asked_all, columns):
    case = office.answered(at=day(17))
    for name, value in columns.items():
        setattr(case, name, value)
    db.flush()
    assert services.send_questions(db, now=day(20)).asked == 0


def test_no_share_no_question_and_no_text_no_question(db, office):
    case = office.answered(at=day(17))
    setting(db, "survey_share_percent", 0)
    assert services.send_questions(db, now=day(20)).asked == 0
    setting(db, "survey_share_percent", 100)
    ensure_texts(db)
    for row in db.scalars(select(NoticeText).where(NoticeText.step == "survey")):
        row.active = False
    db.flush()
    assert services.send_questions(db, now=day(20)).asked == 0
    assert questions(db, case) == []


def test_a_link_opens_its_question_until_it_is_over(db, office, asked_all):
    case = office.answered(at=day(17))
    services.send_questions(db, now=day(20))
    token = link_of(office, case)
    found = services.find_question(db, token, now=day(21))
    assert found is not None
    assert found.application_id == case.id
    assert services.find_question(db, make_token(), now=day(21)) is None
    assert services.find_question(db, token, now=day(20) + dt.timedelta(days=15)) is None


def test_an_answer_by_link_is_kept_once(db, office, asked_all):
    case = office.answered(at=day(17))
    services.send_questions(db, now=day(20))
    question = services.find_question(db, link_of(office, case), now=day(21))
    services.answer_by_token(
        db,
        question=question,
        values={**GOOD, "score": "2", "solved": "no"},
        now=day(21),
        no_more=True,
    )
    assert (question.score, question.solved, question.method) == (2, Solved.NO, AnswerMethod.LINK)
    assert office.citizen.no_surveys
    with pytest.raises(RuleViolation):
        services.answer_by_token(db, question=question, values=GOOD, now=day(21))
    assert question.score == 2


# --- answers that are written down -----------------------------------------------------------------------
def test_an_answer_is_written_down_at_the_desk(db, office):
    case = office.answered(at=day(17))
    answer = services.record_answer(
        db, application=case, values={**GOOD, "comment": " Sağ olun "}, method=AnswerMethod.DESK,
        actor=office.actor("desk"), now=day(18),
    )  # fmt: skip
    assert answer.comment == "Sağ olun"
    assert answer.collected_by_id == office.users["desk"].id
    assert (answer.topic_id, answer.district_id) == (office.topic.id, office.district.id)
    with pytest.raises(RuleViolation) as caught:
        services.record_answer(
            db, application=case, values=GOOD, method=AnswerMethod.DESK, actor=office.actor("desk")
        )
    assert refused(caught) == {"application"}


def test_a_new_cycle_may_be_rated_anew(db, office):
    case = office.answered(at=day(17))
    services.record_answer(
        db, application=case, values=GOOD, method=AnswerMethod.DESK, actor=office.actor("desk")
    )
    services.reopen(db, application=case, reason="Olmadı", actor=office.actor("chief"), now=day(18))
    with pytest.raises(RuleViolation):
        services.record_answer(
            db, application=case, values=GOOD, method=AnswerMethod.DESK, actor=office.actor("desk")
        )
    assert len(questions(db, case)) == 1


@pytest.mark.parametrize(
    ("prepare", "actor"),
    [("open", "desk"), ("restricted", "cimer"), ("answered", "liaison_a"), ("answered", "auditor")],
)
def test_not_everything_can_be_rated_by_everybody(db, office, prepare, actor):
    case = office.at_work() if prepare == "open" else office.answered(at=day(17))
    if prepare == "restricted":
        case.is_restricted = True
        db.flush()
    with pytest.raises(RuleViolation):
        services.record_answer(
            db, application=case, values=GOOD, method=AnswerMethod.DESK, actor=office.actor(actor)
        )


# --- cutting loose -----------------------------------------------------------------------------------
def test_after_its_time_nobody_can_tell_whose_answer_it_was(db, office):
    case = office.answered(at=day(17))
    answer = services.record_answer(
        db, application=case, values={**GOOD, "comment": "Adım Işık"}, method=AnswerMethod.DESK,
        actor=office.actor("desk"), now=day(18),
    )  # fmt: skip
    later = day(18) + dt.timedelta(days=180)
    assert services.cut_answers(db, now=later) == 0
    assert services.cut_answers(db, now=later + dt.timedelta(days=1)) == 1
    db.refresh(answer)
    assert answer.application_id is None
    assert answer.comment == ""
    assert answer.collected_by_id is answer.created_by_id is None
    assert (
        answer.answered_at
        == answer.created_at
        == dt.datetime(2026, 3, 1, tzinfo=answer.answered_at.tzinfo)
    )
    kept = (answer.score, answer.solved, answer.topic_id, answer.unit_id, answer.district_id)
    assert kept == (5, Solved.YES, office.topic.id, office.a.id, office.district.id)
    assert services.cut_answers(db, now=later + dt.timedelta(days=2)) == 0


def test_neither_answers_nor_call_backs_are_in_the_trail():
    from app.system.services.audit.collect import EXCLUDED

    assert {"Satisfaction", "CallBack"} <= set(EXCLUDED)
