"""Calls back, tracking and reopening."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.applications import rules, services
from app.applications.models import (
    Application,
    ApplicationEvent,
    CallBack,
    Satisfaction,
)
from app.applications.queries.feedback import list_messages
from app.applications.queries.tracking import find_by_code, read_number, tracked
from app.applications.rules import (
    AnswerMethod,
    CallState,
    Outcome,
    State,
)
from app.core.acting import ANONYMOUS, SYSTEM, acting_as
from app.core.rules import ConflictError, RuleViolation
from app.system.models import Notification
from app.system.rules import NotificationState
from tests.applications.office import day
from tests.applications.test_services_feedback.support import GOOD, questions, refused, setting


# --- call-backs ------------------------------------------------------------------------------------------
def people(office, count, at):
    """So many answered cases of so many people."""
    from app.people.models import Citizen

    made = []
    for n in range(count):
        person = Citizen(first_name=f"K{n}", last_name="Deneme", phone=f"+90532000{1000 + n}")
        office.session.add(person)
        office.session.flush()
        made.append(office.answered(now=at, at=at, citizen={"id": person.id}))
    return made


def test_a_week_is_drawn_once_and_can_be_drawn_again_by_its_seed(db, office):
    people(office, 6, day(17))
    monday = dt.date(2026, 3, 16)
    sample = services.draw_call_backs(
        db, week_on=monday, wanted=4, actor=office.actor("manager"), now=day(23)
    )
    assert (sample.population, sample.drawn, sample.seed) == (6, 4, 20260316)
    calls = list(db.scalars(select(CallBack).where(CallBack.sample_id == sample.id)))
    assert len({c.application_id for c in calls}) == 4
    assert {c.next_on for c in calls} == {dt.date(2026, 3, 23)}
    rows = [(c.id, (c.lead_unit_id, c.topic_id)) for c in db.scalars(select(Application))]
    assert rules.draw_sample(rows, 4, 20260316) == sorted(c.application_id for c in calls)
    with pytest.raises(RuleViolation) as caught:
        services.draw_call_backs(db, week_on=monday, actor=office.actor("manager"), now=day(24))
    assert refused(caught) == {"week_on"}


def test_the_weekly_turn_draws_last_week_and_only_once(db, office):
    people(office, 3, day(17))
    assert services.draw_last_week(db, now=day(23)) == 3
    assert services.draw_last_week(db, now=day(23, hour=12)) == 0
    setting(db, "callback_weekly_size", 0)
    assert services.draw_last_week(db, now=day(30)) == 0


def test_who_was_drawn_is_not_asked_by_link_too(db, office, asked_all):
    people(office, 2, day(17))
    services.draw_last_week(db, now=day(23))
    assert services.send_questions(db, now=day(23)).asked == 0


def test_only_those_who_may_draw_do(db, office):
    with pytest.raises(RuleViolation):
        services.draw_call_backs(
            db, week_on=dt.date(2026, 3, 9), actor=office.actor("operator"), now=day(18)
        )


@pytest.fixture
def call(db, office):
    people(office, 1, day(17))
    services.draw_last_week(db, now=day(23))
    return db.scalars(select(CallBack)).one()


def test_three_tries_and_no_more(db, office, call):
    for number, state in (
        (1, CallState.WAITING),
        (2, CallState.WAITING),
        (3, CallState.NOT_REACHED),
    ):
        services.record_try(
            db, call=call, values={"result": "not_reached"}, actor=office.actor("operator"),
            now=day(22 + number),
        )  # fmt: skip
        assert (call.tries, call.state) == (number, state)
        wanted = dt.date(2026, 3, 23 + number) if state is CallState.WAITING else None
        assert call.next_on == wanted
    with pytest.raises(RuleViolation):
        services.record_try(
            db, call=call, values={"result": "refused"}, actor=office.actor("operator")
        )


def test_an_answered_call_keeps_the_answer(db, office, call):
    values = {
        "result": "answered",
        "score": "3",
        "solved": "partly",
        "manner": "4",
        "comment": "Eh",
    }
    services.record_try(
        db,
        call=call,
        values={**values, "no_more": True},
        actor=office.actor("operator"),
        now=day(23),
    )
    assert call.state is CallState.ANSWERED
    (answer,) = questions(db, call.application)
    assert (answer.score, answer.method) == (3, AnswerMethod.CALL_BACK)
    assert call.application.citizen.no_surveys


def test_a_colleague_who_was_quicker_is_told(db, office, call):
    seen = call.version
    services.record_try(
        db, call=call, values={"result": "not_reached"}, actor=office.actor("operator"), now=day(23)
    )
    with pytest.raises(ConflictError):
        services.record_try(
            db, call=call, values={"result": "refused"}, actor=office.actor("desk"), now=day(23),
            version=seen,
        )  # fmt: skip
    with pytest.raises(RuleViolation):
        services.record_try(
            db, call=call, values={"result": "refused"}, actor=office.actor("auditor"), now=day(23)
        )


def test_who_need_not_be_called_any_more_leaves_the_list(db, office, call):
    assert services.drop_stale(db) == 0
    services.reopen(
        db, application=call.application, reason="Olmadı", actor=office.actor("chief"), now=day(24)
    )
    assert services.drop_stale(db) == 1
    db.refresh(call)
    assert call.state is CallState.DROPPED


# --- the tracking page -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026-0000123", "2026-0000123"),
        (" 2026/123 ", "2026-0000123"),
        ("2026 0000123", "2026-0000123"),
        ("20260000123", "2026-0000123"),
        ("2026-00001234", ""),
        ("123", ""),
        ("", ""),
        ("'; DROP TABLE", ""),
    ],
)
def test_a_number_is_read_as_people_write_it(typed, read):
    assert read_number(typed) == read


def test_only_number_and_code_together_open_a_case(db, office):
    case = office.register()
    code = case.tracking_code
    assert find_by_code(db, case.number, f" {code[:4].lower()}-{code[4:]} ") is case
    for number, typed in (
        (case.number, "K" * 8), (case.number, ""), ("2026-9999999", code), ("", code), (case.number, "x"),
    ):  # fmt: skip
        assert find_by_code(db, number, typed) is None
    with acting_as(ANONYMOUS):
        assert find_by_code(db, case.number, code) is None, "row scope holds for nobody"


def test_the_page_tells_state_answer_and_reason_but_nobody(db, office, reasons):
    case = office.unit_answered()
    reply = office.letter(
        case, outcome=Outcome.PLANNED, outcome_reason_id=reasons["program-mevsim"].id,
        body="Sayın Işık YILMAZ,\n\nIŞIK YILMAZ olarak 0532 000 01 01 numarasından yazdığınız iş planlandı.",
    )  # fmt: skip
    services.send_reply(db, reply=reply, actor=office.actor("chief"), now=day(17))
    told = tracked(db, case)
    assert told.unit == "TST-A"
    assert told.reason == reasons["program-mevsim"].citizen_text
    assert "planlandı" in told.answer
    for word in ("Işık", "IŞIK", "Yılmaz", "YILMAZ", "0532"):
        assert word not in told.answer
    assert [s.label for s in told.steps][0] == rules.PUBLIC_STEPS["register"]
    assert told.may_be_rated
    assert not told.is_rated


@pytest.mark.parametrize("flag", ["is_restricted", "identity_hidden"])
def test_a_restricted_or_hidden_case_tells_only_its_state(db, office, flag):
    case = office.answered(at=day(17))
    if flag == "identity_hidden":
        case.citizen_id, case.contact_phone, case.contact_email = None, "", ""
    setattr(case, flag, True)
    db.flush()
    told = tracked(db, case)
    assert told.only_state
    assert (told.unit, told.answer, told.steps, told.outcome) == ("", "", (), None)
    assert not told.may_be_rated


def test_a_personal_data_request_is_answered_by_letter_only(db, office):
    case = office.answered(at=day(17))
    case.kind = rules.Kind.KVKK
    db.flush()
    told = tracked(db, case)
    assert told.answer == ""
    assert told.is_answer_withheld


# --- reopening by the applicant ----------------------------------------------------------------------------
def test_the_applicant_reopens_and_the_same_unit_has_it_again(db, office):
    case = office.answered(at=day(17))
    services.reopen_by_applicant(db, application=case, reason="Su hâlâ akıyor", now=day(20))
    assert case.state is State.ASSIGNED
    assert case.cycle == 2
    assert case.lead_unit_id == office.a.id
    steps = office.steps(case)
    assert steps[-3:] == ["applicant_unsolved", "reopen", "assign"]
    told = db.scalars(
        select(ApplicationEvent).where(
            ApplicationEvent.application_id == case.id,
            ApplicationEvent.action == "applicant_unsolved",
        )
    ).one()
    assert told.note == "Su hâlâ akıyor"
    assert told.actor_id is None
    assert office.assignments(case)[-1].cycle == 2


def test_not_without_a_reason_not_too_late_and_not_too_often(db, office):
    case = office.answered(at=day(17))
    for reason, field in (("", "reason"), ("x", "reason"), ("x" * 1001, "reason")):
        with pytest.raises(RuleViolation) as caught:
            services.reopen_by_applicant(db, application=case, reason=reason, now=day(20))
        assert refused(caught) == {field}
    with pytest.raises(RuleViolation):
        services.reopen_by_applicant(
            db, application=case, reason="Çözülmedi", now=day(17) + dt.timedelta(days=31)
        )
    setting(db, "citizen_reopenings", 1)
    services.reopen_by_applicant(db, application=case, reason="Çözülmedi", now=day(20))
    again = db.get(Application, case.id)
    services.accept(db, application=again, actor=office.actor("liaison_a"), now=day(20))
    services.answer_by_unit(
        db, application=again, answer_text="Yine yapıldı", outcome=Outcome.RESOLVED,
        actor=office.actor("liaison_a"), now=day(20),
    )  # fmt: skip
    services.send_reply(
        db, reply=office.letter(again, now=day(20)), actor=office.actor("chief"), now=day(20)
    )
    assert services.feedback.reopenings_left(db, again) == 0
    with pytest.raises(RuleViolation):
        services.reopen_by_applicant(db, application=again, reason="Çözülmedi", now=day(21))


def test_a_restricted_case_is_not_reopened_from_outside(db, office):
    case = office.answered(at=day(17))
    case.is_restricted = True
    db.flush()
    with pytest.raises(RuleViolation):
        services.reopen_by_applicant(db, application=case, reason="Çözülmedi", now=day(20))


# --- row scope -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "answers", "calls"),
    [
        ("manager", 2, 2), ("chief", 1, 1), ("operator", 1, 1), ("auditor", 2, 2), ("head", 2, 2),
        ("liaison_a", 2, 2), ("liaison_b", 0, 0),
    ],
)  # fmt: skip
def test_answers_and_call_backs_are_seen_where_their_case_is(db, office, who, answers, calls):
    people(office, 2, day(17))
    services.draw_last_week(db, now=day(23))
    for row in list(db.scalars(select(CallBack))):
        services.record_try(
            db, call=row, values={"result": "answered", **GOOD}, actor=office.actor("operator"),
            now=day(23),
        )  # fmt: skip
    first = db.scalars(select(Application).order_by(Application.id)).first()
    first.is_restricted = True
    db.flush()
    db.expire_all()
    with acting_as(office.actor(who)):
        seen = (
            db.scalar(select(func.count(Satisfaction.id))),
            db.scalar(select(func.count(CallBack.id))),
        )
    assert seen == (answers, calls)
    with acting_as(ANONYMOUS):
        assert db.scalar(select(func.count(Satisfaction.id))) == 0


def test_a_message_stands_as_it_was_written(db, office):
    case = office.register()
    (row,) = list_messages(db, case)
    assert row.state is NotificationState.WAITING
    assert row.step == "register"
    assert db.get(Notification, row.id).owner_id == case.id
    with acting_as(office.actor("operator")):
        assert len(list_messages(db, case)) == 1
    assert SYSTEM.is_system
