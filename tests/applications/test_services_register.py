"""Registering: number, code, clock, person, first event, first message; twice is once."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.applications import rules, services
from app.applications.models import Application
from app.applications.rules import Channel, Kind, State
from app.core.calendar import Deadline
from app.core.rules import RuleViolation
from app.people.models import Citizen
from tests.applications.office import MONDAY, day


def fields(refused):
    return {v.field for v in refused.value.violations}


def test_it_works(office):
    case = office.register(body="Su akıyor.\n\nAcele edin.", unit_id=office.b.id)
    assert case.state is State.REGISTERED
    assert case.number.startswith("2026-")
    assert len(case.number) == 12
    assert rules.read_tracking_code(case.tracking_code) == case.tracking_code
    assert (case.received_on, case.due_on) == (dt.date(2026, 3, 16), dt.date(2026, 4, 15))
    assert case.rule_key == "petition_answer"
    assert case.rule_version == 1
    assert Deadline.from_dict(case.due_trail).due_on == case.due_on
    # Five working days of the topic; Friday 20 March is a holiday.
    assert case.goal_on == dt.date(2026, 3, 24)
    assert case.registered_by_id == office.users["operator"].id
    assert case.lead_unit_id is None
    step = office.last_step(case)
    assert (step.action, step.from_state, step.to_state) == ("register", None, State.REGISTERED)
    assert step.details["proposed_unit_id"] == office.b.id
    assert step.visibility is rules.Visibility.APPLICANT
    (sms,) = office.messages(case)
    assert sms.channel == "sms"
    assert sms.recipient == office.citizen.phone
    assert case.number in sms.body
    assert case.tracking_code in sms.body
    assert "boru" not in sms.body


def test_numbers_follow_one_another_and_restart_each_year(office):
    one, two = office.register(), office.register()
    assert int(two.number[5:]) == int(one.number[5:]) + 1
    old = office.register(received_at=dt.datetime(2025, 12, 31, 23, 30, tzinfo=MONDAY.tzinfo))
    assert old.number.startswith("2025-")
    assert old.received_on == dt.date(2025, 12, 31)


def test_a_refused_application_uses_no_number(office, db):
    one = office.register()
    with pytest.raises(RuleViolation) as refused:
        office.register(subject="", channel="bimer")
    assert fields(refused) == {"subject", "channel"}
    assert int(office.register().number[5:]) == int(one.number[5:]) + 1


def test_a_night_application_counts_for_the_day_in_istanbul(office):
    utc = dt.datetime(2026, 3, 16, 21, 30, tzinfo=dt.UTC)
    case = office.register(now=day(18), received_at=utc)
    assert case.received_on == dt.date(2026, 3, 17)


@pytest.mark.parametrize(
    ("kind", "key", "due"),
    [
        (Kind.COMPLAINT, "petition_answer", dt.date(2026, 4, 15)),
        (Kind.INFORMATION, "foi_access", dt.date(2026, 4, 7)),
        (Kind.KVKK, "kvkk_request", dt.date(2026, 4, 15)),
        (Kind.THANKS, None, None),
        (Kind.ENQUIRY, None, None),
    ],
)
def test_the_kind_drives_the_clock(office, kind, key, due):
    case = office.register(kind=kind)
    assert (case.rule_key, case.due_on) == (key, due)
    assert case.goal_on is not None
    assert (case.due_trail is None) == (key is None)


def test_the_same_form_twice_makes_one_application(office, db):
    first = office.register(key="form-1")
    again = office.register(key="form-1", subject="Başka")
    assert again.id == first.id
    assert again.subject == first.subject
    assert len(office.messages(first)) == 1
    assert office.steps(first) == ["register"]
    assert office.register(key="form-2").id != first.id


def test_a_person_is_made_or_found(office, db):
    person = {"first_name": "Yeni", "last_name": "Kişi", "phone": "0532 000 07 07"}
    one = office.register(citizen=person)
    two = office.register(citizen=person)
    assert one.citizen_id == two.citizen_id
    assert db.get(Citizen, one.citizen_id).phone == "+905320000707"
    assert [m.recipient for m in office.messages(one)] == ["+905320000707"]


def test_what_is_wrong_with_the_person_is_named_below_the_person(office):
    with pytest.raises(RuleViolation) as refused:
        office.register(citizen={"first_name": "A", "last_name": "B", "national_id": "12345678901"})
    assert fields(refused) == {"citizen.national_id"}
    with pytest.raises(RuleViolation) as refused:
        office.register(citizen={"id": 999_999})
    assert fields(refused) == {"citizen"}


@pytest.mark.parametrize(
    ("values", "channels"),
    [
        ({"wants_notice": "sms"}, ["sms"]),
        ({"wants_notice": "email"}, ["email"]),
        ({"wants_notice": "none"}, []),
        ({"wants_notice": "call"}, []),
        ({"contact_phone": "0532 000 09 09"}, ["sms"]),
        ({"citizen": None, "is_anonymous": True}, []),
        ({"citizen": None, "is_anonymous": True, "contact_phone": "0532 000 09 09"}, []),
        (
            {"citizen": None, "on_behalf_of": "Muhtarlık", "contact_phone": "0532 000 09 09"},
            ["sms"],
        ),
        (
            {
                "citizen": None,
                "identity_hidden": True,
                "channel": Channel.CIMER,
                "external_ref": "9",
            },
            [],
        ),
    ],
)
def test_only_who_wants_to_and_is_known_is_written_to(office, values, channels):
    assert [m.channel.value for m in office.messages(office.register(**values))] == channels


def test_a_cimer_item_is_restricted_and_counts_from_the_earlier_day(office):
    case = office.register(
        who="cimer", channel=Channel.CIMER, external_ref="2026-77", kind=Kind.INFORMATION,
        external_received_at=day(12),
    )  # fmt: skip
    assert case.is_restricted
    assert case.external_source == "cimer"
    assert case.received_on == dt.date(2026, 3, 16)
    assert case.due_trail["received_on"] == "2026-03-12"
    assert case.due_on == dt.date(2026, 4, 3)


def test_an_external_number_is_taken_once(office):
    first = office.register(external_source="nyc311", external_ref="54")
    with pytest.raises(RuleViolation) as refused:
        office.register(external_source="nyc311", external_ref="54")
    assert fields(refused) == {"external_ref"}
    assert first.number in str(refused.value)
    assert office.register(external_source="other", external_ref="54").id


def test_who_may_not_register_is_refused(office):
    for name in ("liaison_a", "auditor", "head", "admin"):
        with pytest.raises(RuleViolation):
            office.register(who=name)


def test_a_field_that_does_not_exist_is_a_mistake_of_the_program(office):
    for name in ("state", "number", "due_on", "registered_by_id"):
        with pytest.raises(TypeError):
            office.register(**{name: 1})


def test_the_caller_may_be_added_to_an_open_case(office, db):
    case = office.register()
    services.join_application(
        db,
        application=case,
        text="Bizim sokakta da",
        citizen={"id": office.other.id},
        actor=office.actor("operator"),
    )
    step = office.last_step(case)
    assert (step.action, step.note) == ("join", "Bizim sokakta da")
    assert step.citizen_id == office.other.id
    assert case.state is State.REGISTERED
    assert db.scalar(select(func.count()).select_from(Application)) == 1


def test_a_closed_case_is_not_joined(office, db):
    case = office.register(kind=Kind.ENQUIRY)
    services.close_first_contact(
        db, application=case, note="Söylendi.", actor=office.actor("operator")
    )
    with pytest.raises(RuleViolation):
        services.join_application(db, application=case, text="x", actor=office.actor("operator"))


def test_an_enquiry_is_closed_at_first_contact(office, db):
    case = office.register(kind=Kind.ENQUIRY)
    services.close_first_contact(
        db,
        application=case,
        note="Saat 17.00’ye kadar açık.",
        actor=office.actor("operator"),
        now=MONDAY,
    )
    assert case.state is State.CLOSED
    assert case.outcome is rules.Outcome.INFORMED
    assert case.closing_note.startswith("Saat")
    assert case.closed_at == MONDAY
    assert case.answered_at == MONDAY
    assert case.on_time is None


@pytest.mark.parametrize(
    ("values", "who", "allowed"),
    [
        ({"kind": Kind.REQUEST}, "operator", False),
        ({"kind": Kind.REQUEST}, "desk", True),
        ({"kind": Kind.REQUEST, "channel": Channel.PETITION}, "desk", False),
        ({"kind": Kind.REQUEST, "channel": Channel.CIMER, "external_ref": "1"}, "cimer", False),
        ({"kind": Kind.ENQUIRY}, "liaison_a", False),
    ],
)
def test_what_may_be_closed_on_the_spot(office, db, values, who, allowed):
    case = office.register(**values)
    act = {"application": case, "note": "Anlatıldı.", "actor": office.actor(who), "now": MONDAY}
    if allowed:
        services.close_first_contact(db, **act)
        assert case.state is State.CLOSED
        assert case.on_time is True
    else:
        with pytest.raises(RuleViolation):
            services.close_first_contact(db, **act)
        assert case.state is State.REGISTERED
