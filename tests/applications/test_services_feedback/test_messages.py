"""Texts and messages."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.applications import rules, services
from app.applications.models import (
    NoticeText,
)
from app.applications.queries.feedback import find_notice_text, list_messages
from app.applications.rules import (
    NoticeChannel,
    Outcome,
    Priority,
)
from app.applications.services.notice_texts import ensure_texts
from app.core.rules import RuleViolation
from tests.applications.office import MONDAY, day
from tests.applications.test_services_feedback.support import refused, setting, sms


# --- texts of messages -----------------------------------------------------------------------------------
def test_shipped_texts_are_loaded_once_and_changes_stay(db):
    assert ensure_texts(db) == sum(len(rules.notice_channels(s)) for s in rules.CITIZEN_NOTICES)
    row = db.scalars(select(NoticeText).where(NoticeText.step == "register")).first()
    row.body = "Elle değiştirildi."
    db.flush()
    assert ensure_texts(db) == 0
    assert row.body == "Elle değiştirildi."


def test_an_edited_text_is_what_leaves(db, office):
    ensure_texts(db)
    row = db.scalars(
        select(NoticeText).where(
            NoticeText.step == "register", NoticeText.channel == NoticeChannel.SMS
        )
    ).one()
    row.body = "Kayıt no {{basvuru_no}}, kod {{takip_kodu}}, adres {{takip_adresi}}"
    db.flush()
    case = office.register()
    (sent,) = sms(office, case)
    assert sent.body == (
        f"Kayıt no {case.number}, kod {case.tracking_code}, adres http://127.0.0.1:8080/takip"
    )


def test_a_switched_off_text_is_not_sent_and_others_are(db, office):
    ensure_texts(db)
    for row in db.scalars(select(NoticeText).where(NoticeText.step == "register")):
        row.active = False
    db.flush()
    case = office.register()
    assert sms(office, case) == []
    services.withdraw(db, application=case, note="İstemiyor", actor=office.actor("chief"))
    assert len(sms(office, case)) == 1


def test_of_several_texts_the_newest_valid_one_counts(db):
    for first, last, body in (
        (dt.date(2026, 1, 1), None, "eski"),
        (dt.date(2026, 3, 1), dt.date(2026, 3, 31), "mart"),
        (dt.date(2026, 6, 1), None, "yaz"),
    ):
        db.add(
            NoticeText(
                step="register", channel=NoticeChannel.SMS, body=body, valid_from=first, valid_until=last
            )
        )  # fmt: skip
    db.flush()

    def told(month: int) -> str:
        today = dt.date(2026, month, 15)
        return find_notice_text(db, "register", NoticeChannel.SMS, today=today).body

    assert [told(month) for month in (2, 3, 4, 7)] == ["eski", "mart", "eski", "yaz"]
    before = find_notice_text(db, "register", NoticeChannel.SMS, today=dt.date(2025, 1, 1))
    assert before.is_silent


def test_an_sms_of_the_night_waits_for_the_morning_and_urgent_ones_do_not(db, office):
    night = day(16, hour=23)
    waiting = office.register(now=night)
    (sent,) = sms(office, waiting)
    assert sent.run_after == day(17, hour=8)
    urgent = office.register(now=night, priority=Priority.URGENT)
    (sent,) = sms(office, urgent)
    assert sent.run_after != day(17, hour=8)
    setting(db, "sms_quiet_from", 8)
    open_all_night = office.register(now=night)
    assert sms(office, open_all_night)[0].run_after != day(17, hour=8)


def test_no_sms_says_what_the_matter_is_about(db, office):
    case = office.at_work(subject="Bahçe duvarı yıkıldı")
    services.request_information(
        db,
        application=case,
        note="Bahçe duvarı yıkıldı mı?",
        actor=office.actor("chief"),
        now=MONDAY,
    )
    told = office.unit_answered(subject="Sokak lambası yanmıyor")
    reply = office.letter(told, short_text="SOKAK LAMBASI YANMIYOR şikâyetiniz giderildi.")
    services.send_reply(db, reply=reply, actor=office.actor("chief"), now=MONDAY)
    fine = office.unit_answered(subject="Çöp konteyneri dolu")
    reply = office.letter(fine, short_text="Başvurunuz çözüldü, teşekkürler.")
    services.send_reply(db, reply=reply, actor=office.actor("chief"), now=MONDAY)
    for one in (case, told, fine):
        for message in sms(office, one):
            assert not rules.tells_subject(message.body, one.subject, one.topic.name)
    assert sms(office, fine)[-1].body == "Başvurunuz çözüldü, teşekkürler."


def test_nothing_is_ever_written_to_a_hidden_identity(db, office):
    case = office.register(
        who="cimer", channel=rules.Channel.CIMER, citizen=None, identity_hidden=True,
        external_ref="26000001", kind=rules.Kind.TIPOFF,
    )  # fmt: skip
    assert office.messages(case) == []
    assert list(list_messages(db, case)) == []
    with pytest.raises(RuleViolation):
        services.resend_message(
            db, application=case, message_id=1, reason="Denemek", actor=office.actor("cimer")
        )


def test_a_caller_is_told_in_the_words_of_the_table_and_not_at_night(db, office):
    ensure_texts(db)
    row = db.scalars(select(NoticeText).where(NoticeText.step == "matter_answered")).one()
    row.body = "Aradığınız konu sonuçlandı: {{takip_adresi}}"
    db.flush()
    case = office.unit_answered()
    services.join_application(
        db, application=case, text="Ben de aynı konuda arıyorum.", actor=office.actor("operator"),
        citizen={"first_name": "Deniz", "last_name": "Ak", "phone": "0532 000 03 01"},
    )  # fmt: skip
    reply = office.letter(case)
    night = day(3).replace(hour=23)
    services.send_reply(db, reply=reply, actor=office.actor("chief"), now=night)
    (told,) = [m for m in sms(office, case) if m.template == "matter_answered"]
    assert told.body == "Aradığınız konu sonuçlandı: http://127.0.0.1:8080/takip"
    assert told.run_after > night
    assert case.tracking_code not in told.body


# --- sending again -----------------------------------------------------------------------------------
def test_a_message_is_sent_again_with_its_reason_on_the_timeline(db, office):
    case = office.register()
    (first,) = sms(office, case)
    office.citizen.phone = "+905320000199"
    db.flush()
    again = services.resend_message(
        db, application=case, message_id=first.id, reason="Numara yanlışmış", actor=office.actor("operator"),
        now=day(16),
    )  # fmt: skip
    assert again.id != first.id
    assert again.body == first.body
    assert again.recipient == "+905320000199"
    step = office.last_step(case)
    assert step.action == "resend_notice"
    assert step.note == "Numara yanlışmış"
    assert len(list_messages(db, case)) == 2


@pytest.mark.parametrize("reason", ["", "   "])
def test_sending_again_needs_a_reason(db, office, reason):
    case = office.register()
    (first,) = sms(office, case)
    with pytest.raises(RuleViolation) as caught:
        services.resend_message(
            db, application=case, message_id=first.id, reason=reason, actor=office.actor("operator")
        )
    assert refused(caught) == {"reason"}


def test_only_own_messages_by_those_who_may_and_not_against_a_wish(db, office):
    case, other = office.register(), office.register()
    (first,) = sms(office, case)
    for application, actor in ((other, "operator"), (case, "auditor"), (case, "liaison_a")):
        with pytest.raises(RuleViolation):
            services.resend_message(
                db, application=application, message_id=first.id, reason="Denemek",
                actor=office.actor(actor),
            )  # fmt: skip
    case.wants_notice = "none"
    with pytest.raises(RuleViolation):
        services.resend_message(
            db,
            application=case,
            message_id=first.id,
            reason="Denemek",
            actor=office.actor("operator"),
        )


def test_what_colleagues_and_callers_got_is_not_sent_to_the_applicant(db, office):
    case = office.unit_answered()
    services.send_back(
        db, application=case, reason="Eksik", unit_id=office.a.id, actor=office.actor("chief")
    )
    services.join_application(
        db, application=case, text="Ben de arıyorum.", actor=office.actor("operator"),
        citizen={"first_name": "Deniz", "last_name": "Ak", "phone": "0532 000 03 01"},
    )  # fmt: skip
    services.answer_by_unit(
        db, application=case, answer_text="Tamam.", outcome=Outcome.RESOLVED,
        actor=office.actor("liaison_a"),
    )  # fmt: skip
    services.send_reply(db, reply=office.letter(case), actor=office.actor("chief"), now=MONDAY)
    to_staff = office.messages(case, "email")
    assert to_staff
    listed = list_messages(db, case)
    assert {m.id for m in listed}.isdisjoint({m.id for m in to_staff})
    caller = [m for m in listed if m.step == "matter_answered"]
    assert caller
    for message in (*to_staff, *caller):
        with pytest.raises(RuleViolation):
            services.resend_message(
                db, application=case, message_id=message.id, reason="Ulaşmamış",
                actor=office.actor("chief"),
            )  # fmt: skip
