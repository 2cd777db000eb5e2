"""More time, letters and details."""

from __future__ import annotations

import datetime as dt

import pytest

from app.applications import rules, services
from app.applications.rules import (
    Kind,
    Outcome,
    ReplyKind,
    ReplyState,
    State,
)
from app.core.rules import RuleViolation
from tests.applications.office import day
from tests.applications.test_services_work.support import fields


# --- more time ----------------------------------------------------------------------------------------------
def test_information_is_extended_after_its_notice(office, db):
    case = office.at_work(kind=Kind.INFORMATION)
    assert case.due_on == dt.date(2026, 4, 7)
    services.request_extension(
        db,
        application=case,
        reason="Başka birimden bilgi",
        actor=office.actor("liaison_a"),
        now=day(1, 4),
    )
    act = {"application": case, "actor": office.actor("manager"), "now": day(1, 4)}
    with pytest.raises(RuleViolation):
        services.grant_extension(db, **act)
    assert not case.is_extended
    assert case.state is State.EXTENSION_REQUESTED
    office.letter(case, kind=ReplyKind.EXTENSION_NOTICE, outcome=None, now=day(1, 4))
    services.grant_extension(db, **act)
    assert case.state is State.IN_PROGRESS
    assert case.is_extended
    assert (case.rule_key, case.due_on) == ("foi_access_ext", dt.date(2026, 4, 29))
    assert case.extension_reason == "Başka birimden bilgi"
    assert office.last_step(case).details["due_on"] == ["2026-04-07", "2026-04-29"]
    assert office.assignments(case)[0].due_on == case.goal_on
    assert "29.04.2026" in office.messages(case, "sms")[-1].body
    assert case.due_trail["received_on"] == "2026-03-16"


def test_information_is_not_extended_after_its_fifteenth_day(office, db):
    case = office.at_work(kind=Kind.INFORMATION)
    services.request_extension(
        db, application=case, reason="x", actor=office.actor("liaison_a"), now=day(7, 4)
    )
    office.letter(case, kind=ReplyKind.EXTENSION_NOTICE, outcome=None, now=day(7, 4))
    with pytest.raises(RuleViolation):
        services.grant_extension(db, application=case, actor=office.actor("manager"), now=day(8, 4))
    services.grant_extension(db, application=case, actor=office.actor("manager"), now=day(7, 4))


def test_a_petition_is_extended_after_its_state_was_told(office, db):
    case = office.at_work()
    services.request_extension(
        db,
        application=case,
        reason="İhale sürüyor",
        actor=office.actor("liaison_a"),
        now=day(10, 4),
    )
    with pytest.raises(RuleViolation):
        services.grant_extension(
            db, application=case, actor=office.actor("manager"), now=day(10, 4)
        )
    reply = office.letter(case, kind=ReplyKind.PROGRESS, outcome=None, now=day(10, 4))
    services.send_reply(db, reply=reply, actor=office.actor("chief"), now=day(10, 4))
    assert case.answered_at is None
    assert case.state is State.EXTENSION_REQUESTED
    services.grant_extension(db, application=case, actor=office.actor("manager"), now=day(10, 4))
    assert case.due_on == dt.date(2026, 5, 11)
    assert case.due_trail["received_on"] == "2026-04-10"
    services.request_extension(db, application=case, reason="Yine", actor=office.actor("liaison_a"))
    with pytest.raises(RuleViolation):
        services.grant_extension(
            db, application=case, actor=office.actor("manager"), now=day(10, 4)
        )


def test_an_extension_may_be_refused_by_the_manager_only(office, db):
    case = office.at_work()
    services.request_extension(db, application=case, reason="x", actor=office.actor("liaison_a"))
    with pytest.raises(RuleViolation):
        services.refuse_extension(db, application=case, reason="Hayır", actor=office.actor("chief"))
    services.refuse_extension(db, application=case, reason="Hayır", actor=office.actor("manager"))
    assert case.state is State.IN_PROGRESS
    assert not case.is_extended


# --- letters ------------------------------------------------------------------------------------------------
def test_the_sent_letter_stops_the_clock_and_tells_the_citizen(office, db):
    case = office.unit_answered()
    reply = office.letter(case, short_text="Boru onarıldı. ALO 153")
    assert case.state is State.REPLY_APPROVED
    assert reply.state is ReplyState.APPROVED
    services.send_reply(db, reply=reply, actor=office.actor("chief"), now=day(15, 4, 23))
    assert case.state is State.ANSWERED
    assert (case.answered_at, case.on_time, case.outcome) == (
        day(15, 4, 23),
        True,
        Outcome.RESOLVED,
    )
    assert (reply.state, reply.letter_on) == (ReplyState.SENT, dt.date(2026, 4, 15))
    assert office.messages(case, "sms")[-1].body == "Boru onarıldı. ALO 153"
    services.close(db, application=case, actor=office.actor("chief"), now=day(16, 4))
    assert case.state is State.CLOSED
    assert case.closed_at == day(16, 4)
    assert case.on_time is True
    assert office.steps(case) == [
        "register", "take_to_triage", "assign", "accept", "unit_answer", "draft_reply", "submit_reply",
        "approve_reply", "send_reply", "close",
    ]  # fmt: skip


def test_a_letter_sent_after_the_legal_date_is_late(office, db):
    case = office.answered(at=day(16, 4, 0))
    assert case.on_time is False


def test_the_text_of_the_letter_goes_out_by_email(office, db):
    case = office.unit_answered(wants_notice="email")
    reply = office.letter(case, outcome=Outcome.REJECTED)
    services.send_reply(db, reply=reply, actor=office.actor("chief"))
    mail = office.messages(case, "email")[-1]
    assert mail.recipient == "isik@ornek.com"
    assert "boru değiştirilmiştir" in mail.body
    assert reply.remedy
    assert reply.remedy in mail.body


def test_the_office_answers_itself_during_the_assessment(office, db):
    case = office.register()
    services.take_to_triage(db, application=case, actor=office.actor("chief"))
    reply = office.letter(case, outcome=Outcome.INFORMED)
    assert case.state is State.TRIAGE
    services.send_reply(db, reply=reply, actor=office.actor("chief"))
    assert case.state is State.ANSWERED
    assert case.outcome is Outcome.INFORMED


def test_nobody_approves_the_own_letter(office, db):
    case = office.unit_answered()
    reply = services.draft_reply(
        db, application=case, outcome=Outcome.RESOLVED, body="Metin", actor=office.actor("manager")
    )
    services.submit_reply(db, reply=reply, actor=office.actor("manager"))
    with pytest.raises(RuleViolation) as refused:
        services.approve_reply(db, reply=reply, actor=office.actor("manager"))
    assert fields(refused) == {"approved_by"}
    services.approve_reply(db, reply=reply, actor=office.actor("head"))
    assert case.state is State.REPLY_APPROVED


def test_who_wrote_last_is_the_writer(office, db):
    case = office.unit_answered()
    reply = services.draft_reply(
        db, application=case, outcome=Outcome.RESOLVED, body="Metin", actor=office.actor("chief")
    )
    services.draft_reply(
        db,
        application=case,
        reply=reply,
        outcome=Outcome.RESOLVED,
        body="Yeni",
        actor=office.actor("manager"),
    )
    services.submit_reply(db, reply=reply, actor=office.actor("chief"))
    with pytest.raises(RuleViolation):
        services.approve_reply(db, reply=reply, actor=office.actor("manager"))


def test_who_registered_does_not_approve_the_refusal(office, db):
    case = office.unit_answered(who="manager")
    reply = office.letter(case, outcome=Outcome.REJECTED, approve=False)
    with pytest.raises(RuleViolation):
        services.approve_reply(db, reply=reply, actor=office.actor("manager"))
    services.approve_reply(db, reply=reply, actor=office.actor("head"))


def test_an_unfinished_letter_is_kept_and_not_submitted(office, db):
    case = office.unit_answered()
    reply = services.draft_reply(db, application=case, body="", actor=office.actor("chief"))
    with pytest.raises(RuleViolation) as refused:
        services.submit_reply(db, reply=reply, actor=office.actor("chief"))
    assert fields(refused) == {"body", "outcome"}
    assert reply.state is ReplyState.DRAFT
    assert case.number in reply.subject


def test_the_final_answer_waits_for_the_unit(office, db):
    case = office.at_work()
    reply = services.draft_reply(
        db, application=case, outcome=Outcome.RESOLVED, body="Metin", actor=office.actor("chief")
    )
    with pytest.raises(RuleViolation):
        services.submit_reply(db, reply=reply, actor=office.actor("chief"))


def test_a_letter_given_back_is_written_again(office, db):
    case = office.unit_answered()
    reply = office.letter(case, approve=False)
    with pytest.raises(RuleViolation):
        services.send_back_reply(db, reply=reply, note="", actor=office.actor("manager"))
    services.send_back_reply(db, reply=reply, note="Tarih eksik", actor=office.actor("manager"))
    assert reply.state is ReplyState.SENT_BACK
    assert case.state is State.UNIT_ANSWERED
    services.draft_reply(
        db,
        application=case,
        reply=reply,
        outcome=Outcome.RESOLVED,
        body="Tarihli",
        actor=office.actor("chief"),
    )
    services.submit_reply(db, reply=reply, actor=office.actor("chief"))
    services.approve_reply(db, reply=reply, actor=office.actor("manager"))
    with pytest.raises(RuleViolation):
        services.draft_reply(
            db, application=case, reply=reply, body="Son anda", actor=office.actor("chief")
        )


def test_only_an_approved_letter_is_sent(office, db):
    case = office.unit_answered()
    reply = office.letter(case, approve=False)
    with pytest.raises(RuleViolation):
        services.send_reply(db, reply=reply, actor=office.actor("chief"))
    assert case.answered_at is None


def test_everybody_who_called_is_told(office, db):
    case = office.register()
    services.join_application(
        db,
        application=case,
        text="Bizde de",
        citizen={"id": office.other.id},
        actor=office.actor("operator"),
    )
    services.take_to_triage(db, application=case, actor=office.actor("chief"))
    reply = office.letter(case)
    services.send_reply(db, reply=reply, actor=office.actor("chief"))
    told = office.messages(case, "sms")[-1]
    assert told.recipient == office.other.phone
    assert case.tracking_code not in told.body


def test_a_hidden_applicant_is_never_written_to(office, db):
    case = office.register(
        who="cimer",
        citizen=None,
        identity_hidden=True,
        channel="cimer",
        external_ref="77",
        kind=Kind.TIPOFF,
    )
    services.take_to_triage(db, application=case, actor=office.actor("cimer"))
    services.request_information(db, application=case, note="Nerede?", actor=office.actor("cimer"))
    services.receive_information(db, application=case, note="Orada", actor=office.actor("cimer"))
    reply = office.letter(case)
    services.send_reply(db, reply=reply, actor=office.actor("chief"))
    assert {m.channel.value for m in office.messages(case)} <= {"panel"}


def test_the_line_of_a_restricted_case_does_not_tell_its_subject(office, db):
    case = office.register(who="cimer", channel="cimer", external_ref="78", subject="Gizli konu")
    services.assign(
        db, application=case, unit_ids=[], lead_unit_id=office.a.id, actor=office.actor("cimer")
    )
    assert all("Gizli" not in m.subject + m.body for m in office.messages(case))


# --- details ------------------------------------------------------------------------------------------------
def test_another_kind_is_another_clock(office, db):
    case = office.register()
    services.change_details(
        db,
        application=case,
        values={"kind": "information"},
        actor=office.actor("chief"),
        version=case.version,
    )
    assert (case.kind, case.rule_key, case.due_on) == (
        Kind.INFORMATION,
        "foi_access",
        dt.date(2026, 4, 7),
    )
    step = office.last_step(case)
    assert step.action == "change_details"
    assert step.details["kind"] == ["request", "information"]
    assert step.details["due_on"] == ["2026-04-15", "2026-04-07"]
    services.change_details(
        db, application=case, values={"kind": "thanks"}, actor=office.actor("chief")
    )
    assert case.due_on is None
    assert case.due_trail is None
    assert case.goal_on is not None


def test_a_form_that_filled_the_object_is_finished_the_same_way(office, db):
    case = office.register()
    case.topic = office.slow_topic
    case.subject = "Yeni söz"
    services.after_details_changed(db, application=case, actor=office.actor("chief"))
    assert case.topic_id == office.slow_topic.id
    assert case.goal_on == dt.date(2026, 3, 31)
    assert office.last_step(case).details["fields"] == ["subject", "topic_id"]


def test_details_follow_the_rules_of_intake(office, db):
    case = office.register()
    for values, field in (
        ({"subject": ""}, "subject"), ({"latitude": 99.0, "longitude": 1.0}, "latitude"),
        ({"contact_email": "x"}, "contact_email"),
    ):  # fmt: skip
        with pytest.raises(RuleViolation) as refused:
            services.change_details(
                db, application=case, values=values, actor=office.actor("chief")
            )
        assert fields(refused) == {field}
        db.refresh(case)
    with pytest.raises(TypeError):
        services.change_details(
            db, application=case, values={"due_on": None}, actor=office.actor("chief")
        )


def test_personal_details_are_named_and_not_told_on_the_timeline(office, db):
    case = office.register()
    services.change_details(
        db,
        application=case,
        values={"contact_phone": "0532 000 08 08"},
        actor=office.actor("chief"),
    )
    step = office.last_step(case)
    assert step.details == {"fields": ["contact_phone"]}
    assert case.contact_phone == "+905320000808"


def test_a_closed_case_is_not_corrected(office, db):
    case = office.answered()
    with pytest.raises(RuleViolation):
        services.change_details(
            db, application=case, values={"subject": "x"}, actor=office.actor("chief")
        )


def test_a_note_changes_nothing_but_the_timeline(office, db):
    case = office.assigned()
    services.add_note(
        db, application=case, text="Arandı, ulaşılamadı.", actor=office.actor("operator")
    )
    services.add_note(
        db, application=case, text="Ekip çıktı.", actor=office.actor("liaison_a"), shown=True
    )
    step = office.last_step(case)
    assert (step.note, step.visibility, step.unit_id) == (
        "Ekip çıktı.",
        rules.Visibility.APPLICANT,
        office.a.id,
    )
    assert case.state is State.ASSIGNED
    with pytest.raises(RuleViolation):
        services.add_note(db, application=case, text="  ", actor=office.actor("operator"))
