"""Preview and doing."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.applications import rules, services
from app.applications.models import Assignment, BulkRow
from app.applications.rules import BulkAct, BulkRowState, BulkState, Priority, State
from app.applications.services import bulk
from app.core.rules import RuleViolation
from app.system.models import Job, Notification
from app.system.services import settings
from tests.applications.office import MONDAY, Office
from tests.applications.test_bulk.support import confirmed, picked, prepared, ran, reason_of, states


# --- preview --------------------------------------------------------------------------------------------
def test_the_preview_says_which_cases_allow_it_and_changes_nothing(office: Office) -> None:
    new, again, work = office.register(), office.register(), office.at_work()
    before = [(c.state, c.version, office.steps(c)) for c in (new, again, work)]
    messages = office.session.scalar(select(func.count(Notification.id)))
    run = prepared(office, BulkAct.ASSIGN, [new, again, work], lead_unit_id=office.b.id)
    assert states(office, run) == {
        new.id: BulkRowState.READY,
        again.id: BulkRowState.READY,
        work.id: BulkRowState.BARRED,
    }
    assert "Another unit leads" in reason_of(office, run, work)
    assert (run.state, run.total_rows, run.ready_rows, run.refused_rows) == (
        BulkState.PREVIEWED,
        3,
        2,
        1,
    )
    assert [(c.state, c.version, office.steps(c)) for c in (new, again, work)] == before
    assert office.session.scalar(select(func.count(Notification.id))) == messages
    assert office.session.scalar(select(func.count(Job.id))) == 0


@pytest.mark.parametrize("act", list(BulkAct))
def test_the_preview_agrees_with_what_then_happens(office: Office, act: BulkAct) -> None:
    """The rules are tried once for each sort of case; the run asks them for each one."""
    main = office.register()
    cases = [
        office.register(), office.assigned(), office.at_work(), office.unit_answered(), office.answered(),
        office.register(priority=Priority.HIGH), office.register(kind=rules.Kind.INFORMATION),
    ]  # fmt: skip
    arguments = {
        "lead_unit_id": office.a.id, "text": "Cevabınızı bekliyoruz.", "priority": "high",
        "owner_id": office.users["chief"].id, "master_id": main.id,
    }  # fmt: skip
    run = prepared(office, act, cases, "manager", **arguments)
    foreseen = {pk: s is BulkRowState.READY for pk, s in states(office, run).items()}
    assert set(foreseen.values()) == {True, False} or act is BulkAct.NOTE
    confirmed(office, run, "manager")
    ran(office, run, "manager")
    assert {pk: s is BulkRowState.DONE for pk, s in states(office, run).items()} == foreseen


def test_values_and_rights_are_asked_for(office: Office) -> None:
    case = office.register()
    with pytest.raises(RuleViolation, match="Pick the unit"):
        prepared(office, BulkAct.ASSIGN, [case])
    for who, act in (
        ("operator", BulkAct.ASSIGN),
        ("auditor", BulkAct.CLOSE),
        ("liaison_a", BulkAct.REMIND),
        ("foi", BulkAct.MERGE),
    ):
        with pytest.raises(RuleViolation, match="many applications"):
            picked(office, act, [case], who)
    with pytest.raises(RuleViolation, match="Pick at least"):
        picked(office, BulkAct.CLOSE, [])
    settings.set_setting(office.session, key="bulk_rows_most", value=1)
    with pytest.raises(RuleViolation, match="At most"):
        picked(office, BulkAct.CLOSE, [case, office.register()])


def test_somebody_elses_draft_is_left_alone(office: Office) -> None:
    run = prepared(office, BulkAct.NOTE, [office.register()], text="Not")
    for act in (confirmed, lambda o, r, w: bulk.discard_run(o.session, run=r, actor=o.actor(w))):
        with pytest.raises(RuleViolation, match="Somebody else"):
            act(office, run, "manager")
    bulk.discard_run(office.session, run=run, actor=office.actor("chief"))
    assert office.session.scalar(select(func.count(BulkRow.id))) == 0


# --- doing -----------------------------------------------------------------------------------------------
def test_it_is_done_on_behalf_of_who_ordered_it_and_the_unit_is_told_once(office: Office) -> None:
    cases = [office.register() for _ in range(5)]
    run = confirmed(
        office, prepared(office, BulkAct.ASSIGN, cases, lead_unit_id=office.a.id, note="Aynı arıza")
    )
    job = office.session.get(Job, run.job_id)
    assert (run.state, job.created_by_id) == (BulkState.WAITING, office.users["chief"].id)
    seen: list[tuple[int, int]] = []
    assert ran(office, run, keep=lambda done, total: seen.append((done, total))).done == 5
    assert seen == [(0, 5), (2, 5), (4, 5), (5, 5)]
    for case in cases:
        office.session.refresh(case)
        assert (case.state, case.lead_unit_id) == (State.ASSIGNED, office.a.id)
        assert office.last_step(case).actor_id == office.users["chief"].id
        assert not office.messages(case, "panel")
    told = office.session.scalars(
        select(Notification).where(Notification.owner_type == "BulkRun")
    ).all()
    assert [(n.template, n.user_id) for n in told if n.channel == "panel"] == [
        ("bulk_unit", office.users["liaison_a"].id),
        ("bulk_run", office.users["chief"].id),
    ]


def test_a_case_that_was_changed_after_the_preview_is_left_alone(office: Office) -> None:
    same, other = office.register(), office.register()
    run = confirmed(office, prepared(office, BulkAct.PRIORITY, [same, other], priority="high"))
    services.change_details(
        office.session,
        application=other,
        values={"subject": "Başka bir konu"},
        actor=office.actor("manager"),
    )
    office.session.flush()
    counts = ran(office, run)
    assert (counts.done, counts.refused) == (1, 1)
    assert states(office, run)[other.id] is BulkRowState.CHANGED
    assert other.priority is Priority.NORMAL


def test_what_a_rule_refuses_in_the_run_says_why(office: Office) -> None:
    """A note means the same whatever was changed; a case that closed meanwhile refuses a reminder."""
    case = office.at_work()
    run = confirmed(office, prepared(office, BulkAct.REMIND, [case], text="Cevabınızı bekliyoruz."))
    services.withdraw(office.session, application=case, note="x", actor=office.actor("manager"))
    ran(office, run)
    assert states(office, run)[case.id] is BulkRowState.REFUSED
    assert "nobody can be reminded" in reason_of(office, run, case)


def test_a_broken_off_run_goes_on_and_does_nothing_twice(office: Office) -> None:
    cases = [office.register() for _ in range(6)]
    run = confirmed(office, prepared(office, BulkAct.NOTE, cases, text="Toplu not"))

    class KilledError(Exception):
        pass

    def keep(done: int, total: int) -> None:
        if done >= 4:
            raise KilledError

    with pytest.raises(KilledError):
        ran(office, run, keep=keep)
    ran(office, run)
    assert [office.steps(c).count("note") for c in cases] == [1] * 6
    assert (run.done_rows, run.state) == (6, BulkState.DONE)
    with pytest.raises(bulk.StoppedError):
        ran(office, run)


def test_a_stopped_run_keeps_what_was_done_and_can_go_on(office: Office) -> None:
    cases = [office.register() for _ in range(4)]
    chief = office.actor("chief")
    run = confirmed(office, prepared(office, BulkAct.PRIORITY, cases, priority="high"))

    def keep(done: int, total: int) -> None:
        if done == 2:
            bulk.stop_run(office.session, run=run, actor=chief, now=MONDAY)

    with pytest.raises(bulk.StoppedError):
        ran(office, run, keep=keep)
    # What the broken batch did is rolled back by the worker; here it stays in one transaction.
    office.session.refresh(run)
    assert run.state is BulkState.STOPPED
    bulk.resume_run(office.session, run=run, actor=chief)
    ran(office, run)
    assert run.state is BulkState.DONE
    assert {c.priority for c in cases} == {Priority.HIGH}


def test_two_runs_over_the_same_cases_do_not_meet_in_one_case(office: Office) -> None:
    cases = [office.register() for _ in range(3)]
    first = confirmed(office, prepared(office, BulkAct.ASSIGN, cases, lead_unit_id=office.a.id))
    second = confirmed(
        office,
        prepared(office, BulkAct.ASSIGN, cases, "manager", lead_unit_id=office.b.id),
        "manager",
    )
    ran(office, first)
    ran(office, second, "manager")
    assert set(states(office, first).values()) == {BulkRowState.DONE}
    assert set(states(office, second).values()) == {BulkRowState.CHANGED}
    assert office.session.scalar(select(func.count(Assignment.id))) == 3


def test_the_sight_of_who_ordered_it_is_the_sight_of_the_run(office: Office) -> None:
    seen, hidden = office.register(), office.register()
    run = prepared(office, BulkAct.NOTE, [seen, hidden], text="Not")
    confirmed(office, run)
    hidden.is_restricted = True
    office.session.flush()
    ran(office, run)
    assert states(office, run) == {seen.id: BulkRowState.DONE, hidden.id: BulkRowState.REFUSED}
    assert office.steps(hidden).count("note") == 0


def test_a_restricted_case_in_the_picked_ones_is_barred_and_hides_the_run(office: Office) -> None:
    case = office.register(is_restricted=True)
    run = prepared(office, BulkAct.NOTE, [case], text="Not")
    assert states(office, run) == {case.id: BulkRowState.BARRED}
    assert run.has_restricted
