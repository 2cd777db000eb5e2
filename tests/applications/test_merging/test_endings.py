"""Endings of a group."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.applications import rules, services
from app.applications.models import Application, Reply
from app.applications.rules import Kind, State
from app.core.acting import SYSTEM
from app.core.rules import RuleViolation
from tests.applications.office import MONDAY, Office, day
from tests.applications.test_merging.support import merged, texts


def letters(office: Office, case: Application) -> list[Reply]:
    rows = select(Reply).where(Reply.application_id == case.id).order_by(Reply.id)
    return list(office.session.scalars(rows))


# --- endings ------------------------------------------------------------------------------------------------
def joined_caller(office: Office, case: Application, last: str, phone: str) -> None:
    services.join_application(
        office.session, application=case, text="Ben de aynı konuda arıyorum.", actor=office.actor("operator"),
        citizen={"first_name": "Deniz", "last_name": last, "phone": phone},
    )  # fmt: skip


def group(office: Office, main: Application) -> list[Application]:
    """Three merged cases of others, and a caller of the main case and of a merged one each."""
    people = (
        {"first_name": "Ayşe", "last_name": "Öz", "phone": "0532 000 02 01"},
        {"first_name": "Can", "last_name": "Er", "phone": "0532 000 02 02"},
    )
    cases = [office.register(citizen=person) for person in people]
    cases.append(office.register(citizen=None, is_anonymous=True))
    joined_caller(office, main, "Ak", "0532 000 03 01")
    joined_caller(office, cases[0], "Bal", "0532 000 03 02")
    for case in cases:
        services.merge(
            office.session, application=case, master_id=main.id, actor=office.actor("chief")
        )
    return cases


def in_triage(office: Office) -> Application:
    return services.take_to_triage(
        office.session, application=office.register(), actor=office.actor("chief"), now=MONDAY
    )


def end_by_answer(office: Office, main: Application) -> None:
    reply = office.letter(
        main,
        body=f"Sayın Işık YILMAZ, 16.03.2026 tarihli ve {main.number} sayılı başvurunuz incelendi.",
        short_text=f"{main.number} sayılı başvurunuz sonuçlandı. Kod {main.tracking_code}",
    )
    services.send_reply(office.session, reply=reply, actor=office.actor("chief"), now=day(20))


def end_by_refusal(office: Office, main: Application) -> None:
    services.reject(
        office.session,
        application=main,
        reason="Yetki ve kaynak yok.",
        actor=office.actor("manager"),
        now=day(20),
    )


def end_by_transfer(office: Office, main: Application) -> None:
    services.transfer_out(
        office.session,
        application=main,
        institution_id=office.institution.id,
        actor=office.actor("manager"),
        now=day(20),
    )


def end_on_the_spot(office: Office, main: Application) -> None:
    services.close_first_contact(
        office.session,
        application=main,
        note="Su 18.00'de verilecek.",
        actor=office.actor("desk"),
        now=day(20),
    )


@pytest.mark.parametrize(
    ("end", "start", "notice", "words"),
    [
        (end_by_answer, in_triage, "send_reply", "incelendi"),
        (end_by_refusal, in_triage, "reject", "Yetki ve kaynak yok."),
        (end_by_transfer, in_triage, "transfer_out", "Deneme Belediyesi"),
        (end_on_the_spot, lambda office: office.register(), "send_reply", "18.00"),
    ],
)
def test_every_ending_answers_every_applicant_and_every_caller(
    office: Office, end: Any, start: Any, notice: str, words: str
) -> None:
    main = start(office)
    cases = group(office, main)
    end(office, main)
    for case in cases:
        (letter,) = letters(office, case)
        assert letter.state is rules.ReplyState.SENT
        assert words in letter.body
        assert case.number in letter.subject or case.number in letter.body
        for secret in (main.number, "YILMAZ", "Yılmaz", main.tracking_code):
            assert secret not in f"{letter.subject} {letter.body} {letter.short_text}"
        assert (case.state, case.on_time) == (State.MERGED, True)
        assert case.answered_at == main.answered_at
        assert len(texts(office, case, notice)) == (0 if case.is_anonymous else 1)
    told = {
        row.recipient for row in office.messages(main, "sms") if row.template == "matter_answered"
    }
    assert told == {"+905320000301", "+905320000302"}


def test_a_letter_that_would_tell_who_the_first_one_is_becomes_neutral(office: Office) -> None:
    main = in_triage(office)
    case = merged(office, main, citizen={"id": office.other.id})
    reply = office.letter(main, body="Bay Yılmaz, 0532 000 01 01 numaranızdan arandınız.")
    services.send_reply(office.session, reply=reply, actor=office.actor("chief"), now=day(20))
    (letter,) = letters(office, case)
    assert "Yılmaz" not in letter.body
    assert "0532" not in letter.body
    assert "Çözüldü" in letter.body


def test_the_day_of_the_work_is_not_taken_for_the_day_of_the_application(office: Office) -> None:
    main = in_triage(office)
    case = merged(office, main, now=day(18), citizen={"id": office.other.id})
    body = "16.03.2026 tarihli başvurunuz üzerine ekip 16.03.2026 günü geldi."
    reply = office.letter(main, body=body)
    services.send_reply(office.session, reply=reply, actor=office.actor("chief"), now=day(20))
    (letter,) = letters(office, case)
    assert letter.body == "18.03.2026 tarihli başvurunuz üzerine ekip 16.03.2026 günü geldi."


def test_a_refusal_ends_with_the_way_to_object_of_each_kind(office: Office) -> None:
    main = services.take_to_triage(
        office.session,
        application=office.register(kind=Kind.INFORMATION),
        actor=office.actor("chief"),
    )
    case = merged(office, main, kind=Kind.INFORMATION, citizen={"id": office.other.id})
    services.reject(
        office.session, application=main, reason="Özel çalışma gerekir.", article="4982 m.7",
        actor=office.actor("manager"),
    )  # fmt: skip
    (letter,) = letters(office, case)
    assert letter.refusal_article == "4982 m.7"
    assert "4982" in letter.remedy


def test_who_registered_one_of_the_group_does_not_refuse_it(office: Office) -> None:
    main = in_triage(office)
    merged(office, main, who="manager")
    with pytest.raises(RuleViolation, match="somebody else must refuse"):
        end_by_refusal(office, main)


def test_a_letter_that_waits_for_its_signature_reaches_the_group_when_it_is_sent(
    office: Office,
) -> None:
    main, session = in_triage(office), office.session
    first, second, third = group(office, main)
    services.transfer_out(
        session,
        application=main,
        institution_id=office.institution.id,
        actor=office.actor("chief"),
        now=day(20),
    )
    # Nobody is told before it is signed: the decision of whoever may not sign is no answer yet.
    assert not texts(office, main, "transfer_out")
    assert not texts(office, first, "transfer_out")
    assert not letters(office, first)
    notice = next(r for r in letters(office, main) if r.institution_id is None)
    services.approve_reply(session, reply=notice, actor=office.actor("manager"), now=day(21))
    services.send_reply(session, reply=notice, actor=office.actor("chief"), now=day(21))
    assert main.answered_at == day(21)
    assert texts(office, main, "transfer_out")
    for case in (first, second, third):
        (letter,) = letters(office, case)
        assert case.number in letter.subject
        assert main.number not in f"{letter.subject} {letter.body}"
        assert case.answered_at == day(21)
    assert texts(office, first, "transfer_out")


def test_news_of_progress_reach_the_group_as_well(office: Office) -> None:
    main = office.at_work()
    case = merged(office, main, citizen={"id": office.other.id})
    reply = office.letter(
        main, kind=rules.ReplyKind.PROGRESS, outcome=None, body=f"{main.number}: çalışma sürüyor."
    )
    services.send_reply(office.session, reply=reply, actor=office.actor("chief"), now=day(20))
    (letter,) = letters(office, case)
    assert letter.body == f"{case.number}: çalışma sürüyor."
    assert case.answered_at is None
    assert case.progress_told_at == day(20)
    assert texts(office, case, "send_progress")


def test_a_letter_on_its_way_to_a_signature_is_dealt_with_before_a_merge(office: Office) -> None:
    main, case = office.register(), in_triage(office)
    office.letter(case, approve=False)
    with pytest.raises(RuleViolation, match="waits for approval"):
        services.merge(
            office.session, application=case, master_id=main.id, actor=office.actor("chief")
        )


@pytest.mark.parametrize("end", [end_by_answer, end_by_refusal, end_by_transfer])
def test_a_duplicate_of_a_finished_case_is_answered_at_once(office: Office, end: Any) -> None:
    main = in_triage(office)
    end(office, main)
    case = merged(office, main, now=day(23), citizen={"id": office.other.id})
    assert (case.state, case.answered_at) == (State.MERGED, day(23))
    (letter,) = letters(office, case)
    assert main.number not in letter.body


def give_up(office: Office, main: Application) -> None:
    services.withdraw(
        office.session,
        application=main,
        note="Vazgeçti",
        actor=office.actor("manager"),
        now=day(20),
    )


def no_petition(office: Office, main: Application) -> None:
    services.declare_inadmissible(
        office.session, application=main, inadmissible_reason=rules.InadmissibleReason.NO_SPECIFIC_SUBJECT,
        actor=office.actor("manager"), now=day(20),
    )  # fmt: skip


def no_word(office: Office, main: Application) -> None:
    chief = office.actor("chief")
    services.request_information(
        office.session, application=main, note="Adres?", actor=chief, now=day(17)
    )
    services.close_no_reply(office.session, application=main, actor=chief, now=day(20))


@pytest.mark.parametrize("end", [give_up, no_petition, no_word])
def test_a_group_goes_on_without_a_main_case_that_ends_without_an_answer(
    office: Office, end: Any
) -> None:
    main = in_triage(office)
    first, second, third = group(office, main)
    end(office, main)
    assert first.state is State.REGISTERED
    assert {second.master_id, third.master_id} == {first.id}
    assert "made_main" in office.steps(first)
    assert not letters(office, first)
    # The callers of the old main case are told with the new one.
    services.close_first_contact(
        office.session, application=first, note="Onarıldı.", actor=SYSTEM, now=day(23)
    )
    assert letters(office, second)
    told = {
        row.recipient for row in office.messages(first, "sms") if row.template == "matter_answered"
    }
    assert told == {"+905320000301", "+905320000302"}


def test_callers_of_a_case_that_ends_alone_are_told_that_it_was_closed(office: Office) -> None:
    main = in_triage(office)
    joined_caller(office, main, "Ak", "0532 000 03 01")
    give_up(office, main)
    assert [
        row.recipient for row in office.messages(main, "sms") if row.template == "matter_closed"
    ] == ["+905320000301"]


# --- rules ----------------------------------------------------------------------------------------------------
def candidate(pk: int, **values: Any) -> rules.Candidate:
    given: dict[str, Any] = {
        "state": State.TRIAGE, "kind": Kind.REQUEST, "topic_id": 1, "neighbourhood_id": 1,
        "citizen_id": pk, "received_at": MONDAY + dt.timedelta(hours=pk), **values,
    }  # fmt: skip
    return rules.Candidate(pk, **given)


def test_the_oldest_open_case_of_the_commonest_matter_is_suggested() -> None:
    cases = [
        candidate(1, topic_id=9),
        candidate(2, state=State.ANSWERED),
        candidate(3),
        candidate(4),
    ]
    assert rules.suggest_main(cases) == 3
    assert rules.suggest_main([cases[1]]) == 2
    assert rules.suggest_main([candidate(5, state=State.WITHDRAWN)]) is None
    assert rules.suggest_main([]) is None


def test_a_letter_is_retold_with_the_others_name_or_without_one() -> None:
    first = rules.Addressee("2026-0000001", "ABC", "Işık", "Yılmaz", private=("+905320000101",))
    other = rules.Addressee("2026-0000002", "XYZ", "Ali", "Demir")
    text = "Sayın Işık YILMAZ, 2026-0000001 (ABC)."
    assert rules.retell(text, of=first, to=other) == "Sayın Ali DEMİR, 2026-0000002 (XYZ)."
    hidden = rules.Addressee("2026-0000003", "QRS")
    assert rules.retell(text, of=first, to=hidden) == "Sayın ilgili, 2026-0000003 (QRS)."
    assert rules.retell("Yılmaz ailesi", of=first, to=other) is None
    assert rules.retell("Tel 0532 000 01 01", of=first, to=other) is None
    same = rules.Addressee("2026-0000004", "", "Can", "Yılmaz")
    assert rules.retell("Sayın Işık YILMAZ", of=first, to=same) == "Sayın Can YILMAZ"


@given(st.text(max_size=80), st.sampled_from(["Yılmaz", "Öz", "Şen", "Kaya"]))
def test_a_name_never_reaches_another_applicant(around: str, last: str) -> None:
    first = rules.Addressee("2026-0000001", "", "Işık", last)
    other = rules.Addressee("2026-0000002", "", "Ali", "Demir")
    told = rules.retell(f"{around} Sayın Işık {last}, {last} {around}", of=first, to=other)
    assert told is None or last not in told.replace(around, "")
