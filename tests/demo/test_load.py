"""Demo applications are consistent in every part: state, timeline, clock, letters, numbers."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import func, select
from werkzeug.security import check_password_hash

from app.applications.models import Application, ApplicationEvent, Assignment, Reply
from app.applications.rules import (
    OPEN_STATES,
    TRANSITIONS,
    Action,
    AssignmentRole,
    AssignmentState,
    Channel,
    Kind,
    Outcome,
    ReplyState,
    State,
)
from app.applications.services.clocks import interruptions_of
from app.core import clock
from app.core.text import fold
from app.data import seed
from app.demo import accounts, around, load
from app.organisation.models import StaffUser, Unit, UnitLiaison
from app.organisation.rules import ROLE_LABELS, LiaisonRole
from app.people.models import Citizen
from app.system.models import Notification, NumberSeries, Reminder
from app.system.queries import compute_deadline
from app.system.services import calendar

COUNT = 900
MOVES = {
    (row.action.value, state, row.to_state) for row in TRANSITIONS for state in row.from_states
}


@pytest.fixture
def session(session):
    """The session itself: services and queries are given one, never the registry."""
    return session()


@pytest.fixture
def house(session):
    """Everything a load needs."""
    known = set(session.scalars(select(Role.name)))
    session.add_all([Role(name=name) for name in ROLE_LABELS if name not in known])
    session.flush()
    calendar.load_holidays(session)
    calendar.load_legal_rules(session)
    seed.load_reference(session)
    accounts.load_accounts(session, password="Deneme-parolasi-2026")


@pytest.fixture
def loaded(session, house):
    """(what the load says, the applications it wrote)."""
    before = session.scalar(select(func.max(Application.id))) or 0
    done = load.load_applications(session, applications=COUNT, seed=11)
    stmt = select(Application).where(Application.id > before).order_by(Application.id)
    return done, list(session.scalars(stmt))


def of(session, model, cases):
    """Rows of `model` by application."""
    found = defaultdict(list)
    first = cases[0].id
    for row in session.scalars(
        select(model).where(model.application_id >= first).order_by(model.id)
    ):
        found[row.application_id].append(row)
    return found


# --- stories -------------------------------------------------------------------------------------
def test_every_timeline_walks_the_table_of_states_and_ends_where_the_case_stands(session, loaded):
    _done, cases = loaded
    events = of(session, ApplicationEvent, cases)
    for case in cases:
        state, last = None, case.received_at
        for event in events[case.id]:
            assert event.at >= last, (case.number, event.action)
            last = event.at
            if event.to_state is None:
                continue
            if event.action != Action.REGISTER.value:
                assert (event.action, event.from_state, event.to_state) in MOVES
            assert event.from_state in {state, None}
            state = event.to_state
        assert state is case.state, case.number
        assert last <= clock.now()


def test_clocks_agree_with_the_law_and_with_the_answer(session, loaded):
    _done, cases = loaded
    for case in cases:
        if case.rule_key is None:
            assert case.due_on is None
            assert case.on_time is None
            continue
        start = case.due_trail["received_on"]
        counted = compute_deadline(
            session,
            rule_key=case.rule_key,
            received_on=_day(start),
            interruptions=interruptions_of(case),
        )
        if case.state is State.FEE_PENDING:
            assert (case.due_on, case.on_time) == (None, None)
            continue
        assert case.due_on == counted.due_on, case.number
        assert case.goal_on is not None
        if case.answered_at is None:
            assert case.on_time is None
        else:
            assert case.on_time == (clock.to_local(case.answered_at).date() <= case.due_on)
        assert (case.rule_key == "foi_access_ext") == (
            case.kind is Kind.INFORMATION and case.is_extended
        )


def _day(text):
    import datetime as dt

    return dt.date.fromisoformat(text)


def test_open_cases_have_no_answer_and_closed_ones_have_their_end(loaded):
    _done, cases = loaded
    for case in cases:
        if case.state in OPEN_STATES:
            assert (case.answered_at, case.outcome) == (None, None), case.number
        if case.state in {
            State.ANSWERED,
            State.REJECTED,
            State.TRANSFERRED_OUT,
            State.INADMISSIBLE,
        }:
            assert case.answered_at is not None
            assert case.outcome is not None
        assert (case.closed_at is not None) == (case.state is State.CLOSED)


def test_assignments_agree_with_the_case(session, loaded):
    _done, cases = loaded
    rows = of(session, Assignment, cases)
    live = {AssignmentState.SENT, AssignmentState.ACCEPTED}
    for case in cases:
        leads = [
            r for r in rows[case.id] if r.role is AssignmentRole.LEAD and r.cycle == case.cycle
        ]
        standing = [r for r in leads if r.state is not AssignmentState.RETURNED]
        assert len(standing) <= 1
        if case.state in {State.ASSIGNED, State.IN_PROGRESS, State.SCHEDULED}:
            assert standing
            assert standing[0].state in live
            assert standing[0].unit_id == case.lead_unit_id
        if case.state is State.UNIT_ANSWERED:
            assert standing[0].state is AssignmentState.ANSWERED
            assert standing[0].answer_text


def test_letters_are_approved_by_another_than_their_writer(session, loaded):
    _done, cases = loaded
    letters = of(session, Reply, cases)
    count = 0
    for case in cases:
        for letter in letters[case.id]:
            count += 1
            assert letter.body
            assert case.number in letter.body
            assert len(letter.short_text) <= 480
            if letter.approved_by_id:
                assert letter.approved_by_id != letter.drafted_by_id
            if letter.outcome is Outcome.REJECTED:
                assert letter.remedy
                assert letter.refusal_article
            if letter.state is ReplyState.SENT:
                assert letter.sent_at is not None
    assert count > COUNT / 2


def test_duplicates_of_an_outage_point_at_its_first_report(session, loaded):
    _done, cases = loaded
    merged = [case for case in cases if case.state is State.MERGED]
    assert merged
    by_id = {case.id: case for case in cases}
    for case in merged:
        master = by_id[case.master_id]
        assert master.topic_id == case.topic_id
        assert master.district_id == case.district_id
        assert master.received_at <= case.received_at
        assert (case.answered_at is None) == (master.answered_at is None)


# --- persons ---------------------------------------------------------------------------------------
def test_cimer_items_are_restricted_and_hidden_identities_have_no_person(loaded):
    _done, cases = loaded
    for case in cases:
        assert case.is_restricted == (case.channel is Channel.CIMER)
        assert (case.external_ref is not None) == (case.channel is Channel.CIMER)
        if case.identity_hidden or case.is_anonymous:
            assert case.citizen_id is None
            assert case.wants_notice == "none"
        if case.identity_hidden:
            assert case.channel is Channel.CIMER
    assert len({case.external_ref for case in cases if case.external_ref}) == sum(
        c.is_restricted for c in cases
    )


def test_everything_is_marked_as_demo_and_nobody_has_an_identity_number(session, loaded):
    _done, cases = loaded
    assert all(case.is_demo for case in cases)
    people = session.scalars(
        select(Citizen).where(Citizen.id.in_({c.citizen_id for c in cases if c.citizen_id}))
    )
    assert all(person.is_demo and person.national_id is None for person in people)


# --- numbers, texts, shares --------------------------------------------------------------------------
def test_numbers_are_gapless_in_the_order_of_receipt(session, loaded):
    _done, cases = loaded
    by_year = defaultdict(list)
    for case in cases:
        by_year[case.number[:4]].append(int(case.number[5:]))
    for year, numbers in by_year.items():
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        series = session.scalars(
            select(NumberSeries).where(
                NumberSeries.series == "application", NumberSeries.year == int(year)
            )
        ).one()
        assert series.last == numbers[-1]


def test_a_number_given_afterwards_follows(session, loaded):
    from app.system.services import numbers

    _done, cases = loaded
    year = cases[-1].received_on.year
    assert (
        numbers.next_number(session, series="application", year=year)
        == f"{year}-{int(cases[-1].number[5:]) + 1:07}"
    )


def test_search_text_is_what_the_model_would_write(session, loaded):
    _done, cases = loaded
    for case in (cases[0], next(c for c in cases if c.external_ref)):
        before = case.search_text
        case.closing_note = f"{case.closing_note} "
        session.flush()
        assert case.search_text == before
        assert fold(case.subject) in before


def test_the_load_says_what_it_has_written(session, loaded):
    done, cases = loaded
    assert done.applications == len(cases) == COUNT
    assert done.open == sum(case.state in OPEN_STATES for case in cases)
    assert done.events == sum(len(rows) for rows in of(session, ApplicationEvent, cases).values())


def test_lists_are_alive_in_every_state_of_work(loaded):
    _done, cases = loaded
    states = Counter(case.state for case in cases)
    assert {
        State.REGISTERED,
        State.TRIAGE,
        State.ASSIGNED,
        State.IN_PROGRESS,
        State.UNIT_ANSWERED,
    } <= set(states)
    opened = sum(states[state] for state in OPEN_STATES)
    assert 25 <= opened <= 130
    late = sum(case.on_time is False for case in cases) / COUNT
    assert 0.01 <= late <= 0.08


def test_the_same_seed_tells_the_same_stories(session, house, monkeypatch):
    # Stories are told up to this moment, so both loads must see the same one.
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    texts = []
    for _load in range(2):
        before = session.scalar(select(func.max(Application.id))) or 0
        load.load_applications(session, applications=60, seed=5)
        rows = session.execute(
            select(Application.subject, Application.channel)
            .where(Application.id > before)
            .order_by(Application.id)
        )
        texts.append([tuple(row) for row in rows])
    assert texts[0] == texts[1]


# --- around ----------------------------------------------------------------------------------------
def test_accounts_are_those_that_are_promised(session, house):
    promised = {
        "yonetici", "baskan", "mudur", "sef", "operator", "masa", "cimer", "bilgi", "birim", "teski",
        "protokol", "anket", "tasinir", "kontrol", "strateji", "rehber", "vekil", "denetci",
    }  # fmt: skip
    users = {
        u.username: u for u in session.scalars(select(StaffUser).where(StaffUser.is_demo.is_(True)))
    }
    assert promised <= set(users)
    assert promised == {account.username for account in accounts.ACCOUNTS}
    assert all(
        check_password_hash(users[name].password, "Deneme-parolasi-2026")
        for name in ("birim", "denetci")
    )
    others = [user for name, user in users.items() if name not in promised]
    assert others
    assert not any(user.password.startswith("scrypt") for user in others), "nobody else can sign in"


def test_every_department_has_a_main_liaison_and_a_head(session, house):
    from app.organisation.queries import find_escalation_chain, find_liaisons

    for code in ("FEN", "TESKI", "TESKI_ARIZA", "PARK", "UKOME", "ZABITA"):
        unit = session.scalars(select(Unit).where(Unit.code == code)).one()
        assert find_liaisons(session, unit.id), code
        assert len(find_escalation_chain(session, unit.id)) == 4, code
    mains = session.execute(
        select(UnitLiaison.unit_id, func.count())
        .where(UnitLiaison.role == LiaisonRole.MAIN)
        .group_by(UnitLiaison.unit_id)
    )
    assert all(count == 1 for _unit, count in mains)


def test_loading_accounts_twice_adds_nobody(session, house):
    assert accounts.load_accounts(session, password="Deneme-parolasi-2026") == 0


def test_messages_and_reminders_stand_around_the_open_cases(session, loaded):
    around.load_around(session, seed=3)
    keys = list(session.scalars(select(Reminder.dedupe_key)))
    assert keys
    assert len(keys) == len(set(keys))
    users = {
        u.username: u.id
        for u in session.scalars(select(StaffUser).where(StaffUser.is_demo.is_(True)))
    }
    told = set(
        session.scalars(select(Notification.user_id).where(Notification.user_id.is_not(None)))
    )
    assert {users["birim"], users["sef"]} <= told


def test_a_real_application_keeps_demo_data_out(session, loaded):
    _done, cases = loaded
    load.refuse_real_data(session)
    cases[0].is_demo = False
    session.flush()
    with pytest.raises(load.DemoRefused):
        load.refuse_real_data(session)
