"""Cases that were passed on: whose answer is awaited, who was reminded, what the applicant is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select

from app.applications import services
from app.applications.models import Application, TransferFollowUp
from app.applications.queries.follow_ups import find_follow_up, is_unanswered
from app.applications.rules import FollowUpState, State
from app.applications.services.follow_ups import institution_letter
from app.core.acting import SYSTEM
from app.core.rules import ConflictError, RuleViolation
from app.system.services import settings
from tests.applications.office import MONDAY, Office, day


def passed_on(office: Office, **values: Any) -> Application:
    case = services.take_to_triage(
        office.session,
        application=office.register(**values),
        actor=office.actor("chief"),
        now=MONDAY,
    )
    return services.transfer_out(
        office.session,
        application=case,
        institution_id=office.institution.id,
        actor=office.actor("manager"),
        now=MONDAY,
    )


def follow_up(office: Office, case: Application) -> TransferFollowUp:
    found = find_follow_up(office.session, case.id)
    assert found is not None
    return found


def late(office: Office, today: dt.date) -> list[int]:
    return list(
        office.session.scalars(select(TransferFollowUp.application_id).where(is_unanswered(today)))
    )


def test_a_transfer_is_followed_up_from_its_day(office: Office) -> None:
    settings.set_setting(office.session, key="transfer_answer_days", value=10)
    case = passed_on(office)
    row = follow_up(office, case)
    assert (row.state, row.sent_on, row.expected_on) == (
        FollowUpState.WAITING,
        dt.date(2026, 3, 16),
        dt.date(2026, 3, 26),
    )
    assert late(office, dt.date(2026, 3, 26)) == []
    assert late(office, dt.date(2026, 3, 27)) == [case.id]


def test_an_answer_ends_the_waiting_and_reaches_everybody_when_it_is_told(office: Office) -> None:
    main = services.take_to_triage(
        office.session, application=office.register(), actor=office.actor("chief"), now=MONDAY
    )
    twin = services.merge(
        office.session, application=office.register(citizen={"id": office.other.id}), master_id=main.id,
        actor=office.actor("chief"), now=MONDAY,
    )  # fmt: skip
    services.transfer_out(
        office.session,
        application=main,
        institution_id=office.institution.id,
        actor=office.actor("manager"),
        now=MONDAY,
    )
    row = services.record_institution_answer(
        office.session, follow_up=follow_up(office, main), answered_on=dt.date(2026, 3, 20), answer_no="E-123",
        answer_text="Konteyner konulmuştur.", tell=True, actor=office.actor("desk"), now=day(23),
    )  # fmt: skip
    assert (row.state, row.told_at) == (FollowUpState.ANSWERED, day(23))
    assert late(office, dt.date(2026, 12, 1)) == []
    for case in (main, twin):
        assert office.steps(case)[-1] == "institution_answered"
        assert [m.template for m in office.messages(case, "sms")].count("institution_answered") == 1


def test_an_answer_that_is_not_told_stays_in_the_house(office: Office) -> None:
    case = passed_on(office)
    services.record_institution_answer(
        office.session, follow_up=follow_up(office, case), answered_on=dt.date(2026, 3, 20),
        answer_text="Gereği yapılacaktır.", actor=office.actor("chief"), now=day(23),
    )  # fmt: skip
    assert office.last_step(case).visibility == "internal"
    assert "institution_answered" not in {m.template for m in office.messages(case)}


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"answered_on": None, "answer_text": "x"}, {"answered_on"}),
        ({"answered_on": dt.date(2026, 3, 15), "answer_text": "x"}, {"answered_on"}),
        ({"answered_on": dt.date(2026, 3, 24), "answer_text": " "}, {"answered_on", "answer_text"}),
        ({"answered_on": dt.date(2026, 3, 20), "answer_text": "x" * 4001}, {"answer_text"}),
        (
            {"answered_on": dt.date(2026, 3, 20), "answer_text": "x", "answer_no": "9" * 61},
            {"answer_no"},
        ),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_at_its_field(
    office: Office, values: Any, fields: set[str]
) -> None:
    with pytest.raises(RuleViolation) as refused:
        services.record_institution_answer(
            office.session,
            follow_up=follow_up(office, passed_on(office)),
            actor=office.actor("chief"),
            now=day(23),
            **values,
        )
    assert {v.field for v in refused.value.violations} == fields


def test_a_reminder_is_drafted_counted_and_gives_new_days(office: Office) -> None:
    case = passed_on(office)
    row = follow_up(office, case)
    for number in (1, 2):
        services.remind_institution(
            office.session, follow_up=row, text="", actor=office.actor("chief"), now=day(number, 5)
        )
    assert (row.state, row.reminders, row.reminded_on) == (
        FollowUpState.REMINDED,
        2,
        dt.date(2026, 5, 2),
    )
    assert row.expected_on == dt.date(2026, 6, 1)
    letter = institution_letter(office.session, row)
    assert letter.is_draft
    assert letter.number is None
    assert letter.recipient == ["DENEME BELEDİYESİ"]
    text = " ".join([letter.subject, *letter.paragraphs, *letter.references])
    assert case.number in text
    assert "Yılmaz" not in text
    assert "Işık" not in text


def test_the_waiting_is_closed_with_a_reason_and_not_twice(office: Office) -> None:
    row = follow_up(office, passed_on(office))
    chief = office.actor("chief")
    with pytest.raises(RuleViolation):
        services.close_follow_up(office.session, follow_up=row, note=" ", actor=chief)
    services.close_follow_up(
        office.session, follow_up=row, note="Konu ortadan kalktı.", actor=chief
    )
    assert row.state is FollowUpState.CLOSED
    with pytest.raises(RuleViolation, match="awaited"):
        services.remind_institution(office.session, follow_up=row, text="", actor=chief)
    # A late answer is still worth keeping.
    services.record_institution_answer(
        office.session,
        follow_up=row,
        answered_on=dt.date(2026, 3, 20),
        answer_text="Yapıldı.",
        actor=chief,
        now=day(23),
    )
    assert row.state is FollowUpState.ANSWERED


def test_only_who_writes_or_passes_on_may_follow_up(office: Office) -> None:
    row = follow_up(office, passed_on(office))
    with pytest.raises(RuleViolation, match="may not"):
        services.close_follow_up(
            office.session, follow_up=row, note="x", actor=office.actor("auditor")
        )
    with pytest.raises(ConflictError):
        services.close_follow_up(
            office.session, follow_up=row, note="x", actor=SYSTEM, version=row.version + 1
        )


def test_transfers_that_nobody_follows_up_are_found_once(office: Office) -> None:
    case, closed = passed_on(office), passed_on(office)
    services.close(office.session, application=closed, actor=office.actor("chief"), now=day(17))
    for one in (case, closed):
        office.session.delete(follow_up(office, one))
    office.session.flush()
    assert services.find_missing_follow_ups(office.session) == 1
    assert services.find_missing_follow_ups(office.session) == 0
    assert follow_up(office, case).sent_on == dt.date(2026, 3, 16)
    assert closed.state is State.CLOSED
