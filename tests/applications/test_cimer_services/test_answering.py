"""More time, the answer and hidden identity."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.applications import rules, services
from app.applications.models import Application, CimerExchange
from app.applications.queries.cimer import count_for_cimer, waits_for_entry
from app.applications.rules import (
    ExchangeKind,
    Kind,
    State,
)
from app.core.acting import SYSTEM
from app.core.rules import RuleViolation
from app.system.models import Attachment, Parameter
from tests.applications.office import MONDAY, day
from tests.applications.test_cimer_services.support import LATER, THEIRS, answered, taken_in


# --- more time --------------------------------------------------------------------------------------------
def test_more_time_moves_goal_and_units_but_not_the_law(office, db, officer):
    case = taken_in(office)
    services.assign(
        db, application=case, unit_ids=[], lead_unit_id=office.a.id, actor=officer, now=MONDAY
    )
    due, goal = case.due_on, case.goal_on
    services.ask_extension(
        db, application=case, reason="Yerinde inceleme", asked_on=MONDAY.date(), actor=officer,
        now=MONDAY,
    )  # fmt: skip
    with pytest.raises(RuleViolation):
        services.ask_extension(
            db, application=case, reason="x", asked_on=MONDAY.date(), actor=officer, now=MONDAY
        )
    until = dt.date(2026, 4, 10)
    services.decide_extension(
        db, application=case, granted=True, until_on=until, actor=officer, now=LATER
    )
    assert (case.due_on, case.external_until_on, case.goal_on) == (due, until, until)
    assert goal < until
    assert office.assignments(case)[0].due_on == until
    services.recompute_open_deadlines(db)
    db.refresh(case)
    assert (case.due_on, case.goal_on) == (due, until)


def test_time_beyond_the_legal_date_ends_at_the_legal_date(office, db, officer):
    case = taken_in(office)
    services.ask_extension(
        db, application=case, reason="x", asked_on=day(18).date(), actor=officer, now=day(18)
    )
    services.decide_extension(
        db, application=case, granted=True, until_on=dt.date(2026, 4, 17), actor=officer, now=LATER
    )
    assert case.goal_on == case.due_on == dt.date(2026, 4, 13)


def test_refused_time_moves_nothing_and_needs_a_request(office, db, officer):
    case = taken_in(office)
    goal = case.goal_on
    with pytest.raises(RuleViolation):
        services.decide_extension(db, application=case, granted=False, actor=officer, now=LATER)
    services.ask_extension(
        db, application=case, reason="x", asked_on=MONDAY.date(), actor=officer, now=MONDAY
    )
    with pytest.raises(RuleViolation):
        services.decide_extension(db, application=case, granted=True, actor=officer, now=LATER)
    services.decide_extension(db, application=case, granted=False, actor=officer, now=LATER)
    assert (case.goal_on, case.external_until_on) == (goal, None)
    with pytest.raises(RuleViolation) as refused:
        services.ask_extension(
            db, application=case, reason="x", asked_on=MONDAY.date(), actor=officer, now=LATER
        )
    assert refused.value.violations[0].params == {"times": 1}


# --- the answer ---------------------------------------------------------------------------------------------
def waiting(db):
    return {case.id for case in db.scalars(select(Application).where(waits_for_entry()))}


def test_an_approved_answer_waits_and_is_sent_by_entering_it(office, db, officer):
    case = taken_in(office)
    assert case.id not in waiting(db)
    reply = answered(office, case, at=None)
    assert case.id in waiting(db)
    found = services.answer_for(db, case)
    assert found.text.startswith("Boru değiştirilmiştir.\n\nBilgilerinize.\n\n")
    assert "Şube Müdürü" in found.text
    assert "T.C." not in found.text
    assert found.length == len(found.text)
    services.mark_entered(db, application=case, at=LATER, reference="C-9", actor=officer, now=LATER)
    assert case.state is State.ANSWERED
    assert (case.answered_at, case.external_answered_at) == (LATER, LATER)
    assert case.on_time is True
    assert reply.state is rules.ReplyState.SENT
    assert case.id not in waiting(db)
    row = db.scalars(select(CimerExchange).order_by(CimerExchange.id.desc())).first()
    assert (row.kind, row.reply_id, row.reference) == (
        ExchangeKind.ANSWER_ENTERED,
        reply.id,
        "C-9",
    )
    assert row.text == found.text
    assert services.mark_entered(db, application=case, at=LATER, actor=officer, now=LATER) is row


def test_nothing_unapproved_is_entered(office, db, officer):
    case = taken_in(office)
    with pytest.raises(RuleViolation):
        services.mark_entered(db, application=case, at=LATER, actor=officer, now=LATER)
    answered(office, case, at=None)
    with pytest.raises(RuleViolation) as refused:
        services.mark_entered(db, application=case, at=THEIRS, actor=officer, now=LATER)
    assert refused.value.violations[0].field == "at"


def test_an_answer_that_cimer_would_cut_is_refused(office, db, officer):
    row = db.scalars(select(Parameter).where(Parameter.key == "cimer_answer_limit")).one()
    row.value = "200"
    db.flush()
    from app.system.services.settings import bump_stamp

    bump_stamp(db)
    case = taken_in(office)
    reply = answered(office, case, at=None)
    reply.body = "Uzun. " * 60
    db.flush()
    assert services.answer_for(db, case).is_too_long
    with pytest.raises(RuleViolation) as refused:
        services.mark_entered(db, application=case, at=LATER, actor=officer, now=LATER)
    assert refused.value.violations[0].params["max"] == 200


def test_the_home_page_counts_what_waits(office, db, officer):
    case = taken_in(office)
    answered(office, case)
    services.receive_resend(
        db, application=taken_in(office, external_ref="3"), at=LATER, actor=officer, now=LATER
    )
    n = count_for_cimer(db, dt.date(2026, 3, 1))
    assert (n["to_enter"], n["resent"], n["differences"]) == (1, 1, 0)


# --- hidden identity ------------------------------------------------------------------------------------------
def hidden(office, **values):
    return taken_in(office, kind=Kind.TIPOFF, identity_hidden=True, citizen=None, **values)


def test_a_hidden_application_has_no_applicant_and_needs_none(office):
    case = hidden(office)
    assert (case.citizen_id, case.contact_phone, case.contact_email) == (None, "", "")
    assert case.wants_notice == "none"
    assert office.messages(case, "sms") == []


@pytest.mark.parametrize(
    "values",
    [
        {"citizen_id": 1},
        {"contact_phone": "+905320000101"},
        {"contact_email": "isik@ornek.com"},
        {"on_behalf_of": "Işık Yılmaz"},
    ],
)
def test_neither_an_object_nor_a_statement_writes_an_applicant_beside_it(office, db, values):
    case = hidden(office)
    if "citizen_id" in values:
        values = {"citizen_id": office.citizen.id}
    with pytest.raises(RuleViolation), db.begin_nested():
        for name, value in values.items():
            setattr(case, name, value)
        db.flush()
    db.expire_all()
    with pytest.raises(IntegrityError), db.begin_nested():
        db.execute(update(Application.__table__).where(Application.id == case.id).values(**values))


def test_the_relation_is_no_way_round(office, db):
    case = hidden(office)
    with pytest.raises(RuleViolation), db.begin_nested():
        case.citizen = office.citizen
        db.flush()


def test_a_caller_is_not_written_down_beside_it(office, db):
    case = hidden(office)
    services.join_application(
        db, application=case, text="Ben ihbar etmiştim", citizen={"id": office.citizen.id},
        actor=SYSTEM, now=LATER,
    )  # fmt: skip
    assert office.last_step(case).details == {}


def test_names_and_numbers_in_texts_are_told_and_masked():
    values = {
        "subject": "Kaçak kat", "body": "Adım Ayşe Yılmaz, 0532 123 45 67, tc 10000000146",
        "place_note": "ayse@ornek.com",
    }  # fmt: skip
    found = services.look_through(values)
    assert set(found) == {"body", "place_note"}
    masked = services.masked_values(values)
    assert "Yılmaz" not in masked["body"]
    assert "0532" not in masked["body"]
    assert "10000000146" not in masked["body"]
    assert "@" not in masked["place_note"]
    assert masked["subject"] == "Kaçak kat"
    assert services.look_through(masked) == {}


def test_a_file_beside_it_has_a_name_that_says_nothing(office, db, tmp_path, monkeypatch):
    from app.core import places, uploads
    from app.system.services import attachments

    monkeypatch.setattr(places, "files_folder", lambda: tmp_path)
    upload = uploads.check_upload("ayse_yilmaz_dilekce.txt", b"metin")
    case, other = hidden(office), office.register()
    for row, name in ((case, "ayse"), (other, "ayse_yilmaz")):
        kept = attachments.store(db, owner_type="Application", owner_id=row.id, upload=upload)
        shown = db.get(Attachment, kept.id).name
        assert (name in shown) is (row is other)
    assert shown.endswith(".txt")
