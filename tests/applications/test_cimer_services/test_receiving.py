"""Both dates, and what is sent again."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from app.applications import rules, services
from app.applications.models import CimerExchange
from app.applications.queries.office_clocks import count_both
from app.applications.rules import (
    Channel,
    ExchangeKind,
    Kind,
    ResendReason,
    State,
)
from app.core.rules import RuleViolation
from app.system.models import Parameter
from tests.applications.office import MONDAY
from tests.applications.test_cimer_services.support import LATER, THEIRS, answered, taken_in


def lines(session, case):
    stmt = select(CimerExchange.kind).where(CimerExchange.application_id == case.id)
    return list(session.scalars(stmt.order_by(CimerExchange.id)))


# --- both dates ----------------------------------------------------------------------------------------
def test_both_dates_are_kept_and_the_earlier_counts(office, db):
    case = taken_in(office)
    assert (case.received_on, case.external_received_at) == (MONDAY.date(), THEIRS)
    assert case.due_on == dt.date(2026, 4, 13)  # 30 days from 12 March fall on a Saturday.
    both = count_both(
        db, kind=case.kind, channel=case.channel, received_on=case.received_on,
        external_on=THEIRS.date(),
    )  # fmt: skip
    assert both.holding is both.office
    assert (both.office.due_on, both.ours.due_on) == (dt.date(2026, 4, 13), dt.date(2026, 4, 15))
    assert both.office.trail[0].on == THEIRS.date()
    assert lines(db, case) == [ExchangeKind.RECEIVED]


def test_the_setting_moves_day_zero_for_new_and_for_recounted_cases(office, db):
    row = db.scalars(select(Parameter).where(Parameter.key == "cimer_day_zero")).one()
    row.value = "municipality"
    db.flush()
    from app.system.services.settings import bump_stamp

    bump_stamp(db)
    case = taken_in(office)
    assert case.due_on == dt.date(2026, 4, 15)
    services.change_details(
        db, application=case, values={"kind": "information"}, actor=office.actor("cimer"),
        now=MONDAY,
    )  # fmt: skip
    assert case.due_on == dt.date(2026, 4, 7)


def test_the_ombudsman_and_the_assembly_have_their_own_laws(office):
    for channel, key, law in (
        (Channel.OMBUDSMAN, "kdk_docs", "6328 m.18"),
        (Channel.PARLIAMENT, "tbmm_petition", "3071 m.8"),
        (Channel.PRESIDENCY, "petition_answer", "3071 m.7"),
    ):
        case = office.register(who="cimer", channel=channel, kind=Kind.REQUEST, external_ref="K-1")
        assert case.rule_key == key
        assert case.due_trail["rule"]["law"] == law
        assert not case.is_restricted


def test_a_number_stands_for_one_application(office):
    first = taken_in(office)
    with pytest.raises(RuleViolation) as refused:
        taken_in(office)
    assert refused.value.violations[0].params == {"number": first.number}


# --- sent again -----------------------------------------------------------------------------------------
def test_a_resend_to_an_open_case_adds_and_keeps_the_clock(office, db, officer):
    case = taken_in(office)
    due = case.due_on
    services.receive_resend(
        db, application=case, at=LATER, reason=ResendReason.ADDITION, text="Hâlâ akıyor.", actor=officer, now=LATER,
    )  # fmt: skip
    assert (case.state, case.cycle, case.due_on, case.resend_count) == (State.REGISTERED, 1, due, 1)
    assert lines(db, case) == [ExchangeKind.RECEIVED, ExchangeKind.RESENT]
    assert "Hâlâ akıyor." in office.last_step(case).note


def test_a_resend_to_an_answered_case_reopens_it_with_a_clock_from_the_resend(office, db, officer):
    case = taken_in(office)
    answered(office, case)
    services.mark_entered(db, application=case, at=LATER, actor=officer, now=LATER)
    again = dt.datetime(2026, 6, 1, 9, 30, tzinfo=LATER.tzinfo)
    services.receive_resend(
        db, application=case, at=again, reason=ResendReason.UNSATISFIED, actor=officer,
        now=again + dt.timedelta(days=2),
    )  # fmt: skip
    assert case.cycle == 2
    assert case.state is State.ASSIGNED  # The same unit is asked again.
    assert case.due_on == dt.date(2026, 7, 1)
    assert case.external_answered_at is None
    assert case.answered_at is None
    row = db.scalars(select(CimerExchange).where(CimerExchange.kind == ExchangeKind.RESENT)).one()
    assert row.cycle == 2


@pytest.mark.parametrize("how", ["inadmissible", "rejected", "closed"])
def test_a_decided_case_is_closed_and_begins_anew(office, db, officer, how):
    case = taken_in(office)
    if how == "inadmissible":
        services.declare_inadmissible(
            db, application=case, inadmissible_reason=rules.InadmissibleReason.JUDICIAL_MATTER,
            actor=officer, now=MONDAY,
        )  # fmt: skip
    elif how == "rejected":
        services.take_to_triage(db, application=case, actor=officer, now=MONDAY)
        services.reject(
            db, application=case, reason="Olmaz", actor=office.actor("manager"), now=MONDAY
        )
    else:
        answered(office, case)
        services.close(db, application=case, actor=officer, now=LATER)
    services.receive_resend(db, application=case, at=LATER, actor=officer, now=LATER)
    assert case.state in rules.OPEN_STATES
    assert case.cycle == 2
    assert case.resend_count == 1


def test_more_text_to_an_ended_case_is_a_resend(office, db, officer):
    case = taken_in(office)
    services.receive_text(
        db, application=case, at=LATER, text="Kapı no 7", actor=officer, now=LATER
    )
    assert lines(db, case)[-1] is ExchangeKind.ADDITIONAL_TEXT
    answered(office, case)
    services.receive_text(
        db, application=case, at=LATER, text="Yine akıyor", actor=officer, now=LATER
    )
    assert lines(db, case)[-1] is ExchangeKind.RESENT
    assert case.cycle == 2
    with pytest.raises(RuleViolation):
        services.receive_text(db, application=case, at=LATER, text="  ", actor=officer, now=LATER)


def test_the_same_key_twice_changes_nothing(office, db, officer):
    case = taken_in(office)
    for _ in range(2):
        services.receive_resend(
            db, application=case, at=LATER, actor=officer, now=LATER, dedupe_key="x:1"
        )
    assert case.resend_count == 1
    assert lines(db, case).count(ExchangeKind.RESENT) == 1


def test_a_resend_of_tomorrow_is_refused_and_leaves_nothing(office, db, officer):
    case = taken_in(office)
    answered(office, case)
    with pytest.raises(RuleViolation) as refused, db.begin_nested():
        services.receive_resend(
            db, application=case, at=LATER + dt.timedelta(days=1), actor=officer, now=LATER
        )
    assert refused.value.violations[0].field == "at"
    db.expire_all()
    assert case.state is State.ANSWERED


def test_only_officers_keep_the_correspondence(office, db):
    case = taken_in(office)
    for name in ("operator", "chief", "auditor", "liaison_a"):
        with pytest.raises(RuleViolation):
            services.receive_resend(
                db, application=case, at=LATER, actor=office.actor(name), now=LATER
            )
    other = office.register()
    with pytest.raises(RuleViolation):
        services.receive_resend(
            db, application=other, at=LATER, actor=office.actor("cimer"), now=LATER
        )


def test_the_correspondence_is_only_added_to(office, db):
    taken_in(office)
    row = db.scalars(select(CimerExchange)).first()
    row.text = "başka"
    with pytest.raises(RuleViolation):
        db.flush()
    db.rollback()
    row = db.scalars(select(CimerExchange)).first()
    if row is not None:
        db.delete(row)
        with pytest.raises(RuleViolation):
            db.flush()


def test_state_and_transfer_are_noted(office, db, officer):
    case = taken_in(office)
    services.note_state(db, application=case, word="Birimde", at=LATER, actor=officer, now=LATER)
    assert case.external_state == "Birimde"
    nothing = services.note_state(
        db, application=case, word="Birimde", at=LATER, actor=officer, now=LATER
    )
    assert nothing is None
    services.note_transfer(
        db, application=case, at=LATER, text="Valiliğe sevk edildi", actor=officer, now=LATER
    )
    assert lines(db, case)[1:] == [ExchangeKind.STATE_CHANGED, ExchangeKind.TRANSFERRED]
    assert case.state is State.REGISTERED
