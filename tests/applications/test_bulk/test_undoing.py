"""Four eyes, undoing and reminders."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from app.applications import services
from app.applications.models import Application, BulkRow, BulkRun
from app.applications.rules import BulkAct, BulkRowState, BulkState, Priority, State
from app.applications.services import bulk
from app.core.rules import RuleViolation
from app.system.models import Job, Notification
from app.system.services import jobs, settings
from tests.applications.office import MONDAY, Office, day
from tests.applications.test_bulk.support import (
    NOBODY,
    confirmed,
    picked,
    prepared,
    ran,
    reason_of,
    states,
)


def undone(office: Office, run: BulkRun, who: str = "chief", **more: Any) -> Any:
    actor = office.actor(who)
    bulk.start_undo(
        office.session, run=run, actor=actor, reason="Yanlış birim", now=day(17), **more
    )
    counts = bulk.undo_rows(
        office.session, run_id=run.id, actor=actor, keep=NOBODY, now=day(17), size=2
    )
    office.session.expire_all()
    return counts


# --- four eyes -------------------------------------------------------------------------------------------
def test_a_large_run_waits_for_a_second_person(office: Office) -> None:
    settings.set_setting(office.session, key="bulk_four_eyes_rows", value=2)
    cases = [office.register() for _ in range(3)]
    run = confirmed(office, prepared(office, BulkAct.PRIORITY, cases, priority="high"))
    assert (run.state, run.job_id) == (BulkState.AWAITING, None)
    asked = select(Notification.user_id).where(Notification.template == "bulk_run")
    assert set(office.session.scalars(asked)) == {office.users["manager"].id}
    for who, words in (("chief", "ordered it yourself"), ("operator", "many applications")):
        with pytest.raises(RuleViolation, match=words):
            confirmed(office, run, who)
    confirmed(office, run, "manager")
    job = office.session.get(Job, run.job_id)
    assert (run.state, run.second_id) == (BulkState.WAITING, office.users["manager"].id)
    assert job.created_by_id == office.users["chief"].id, "it is done on behalf of who picked"


def test_pressed_twice_it_is_ordered_once(office: Office) -> None:
    run = confirmed(office, prepared(office, BulkAct.NOTE, [office.register()], text="Not"))
    with pytest.raises(RuleViolation, match="as it stands now"):
        confirmed(office, run)
    assert office.session.scalar(select(func.count(Job.id)).where(Job.kind == bulk.JOB_KIND)) == 1


def test_a_reason_is_on_record(office: Office) -> None:
    run = prepared(office, BulkAct.NOTE, [office.register()], text="Not")
    with pytest.raises(RuleViolation, match="why this is done"):
        bulk.confirm_run(office.session, run=run, actor=office.actor("chief"), reason=" ok ")


# --- undoing -----------------------------------------------------------------------------------------------
def facts(case: Application) -> tuple[Any, ...]:
    return (
        case.state, case.outcome, case.priority, case.owner_id, case.lead_unit_id, case.goal_on, case.due_on,
        case.closed_at, case.closing_note, case.answered_at, case.on_time, case.cycle, case.master_id,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("act", "make"),
    [
        (
            BulkAct.ASSIGN,
            lambda o: [
                o.register(),
                services.take_to_triage(
                    o.session, application=o.register(), actor=o.actor("manager"), now=MONDAY
                ),
            ],
        ),
        (BulkAct.CLOSE, lambda o: [o.answered(), o.answered()]),
        (BulkAct.PRIORITY, lambda o: [o.register(), o.at_work()]),
        (BulkAct.OFFICER, lambda o: [o.register(), o.at_work()]),
        (BulkAct.MERGE, lambda o: [o.register(), o.at_work()]),
    ],
)
def test_a_run_is_taken_back_whole(office: Office, act: BulkAct, make: Any) -> None:
    main, cases = office.register(), make(office)
    before = [facts(case) for case in cases]
    run = prepared(
        office, act, cases, "manager", lead_unit_id=office.b.id, priority="urgent",
        owner_id=office.users["foi"].id, master_id=main.id, note="Toplu kapatma",
    )  # fmt: skip
    ran(office, confirmed(office, run, "manager"), "manager")
    office.session.expire_all()
    assert all(facts(case) != was for case, was in zip(cases, before, strict=True))
    counts = undone(office, run, "manager")
    assert (counts.done, counts.refused) == (2, 0)
    assert [facts(case) for case in cases] == before
    assert set(states(office, run).values()) == {BulkRowState.UNDONE}
    assert (run.state, run.undone_rows, run.undo_reason) == (BulkState.DONE, 2, "Yanlış birim")


def test_what_has_gone_on_since_is_not_pulled_back(office: Office) -> None:
    kept, back = office.register(), office.register()
    run = confirmed(
        office, prepared(office, BulkAct.ASSIGN, [kept, back], lead_unit_id=office.a.id)
    )
    ran(office, run)
    services.accept(office.session, application=kept, actor=office.actor("liaison_a"), now=day(17))
    counts = undone(office, run)
    assert (counts.done, counts.refused) == (1, 1)
    assert states(office, run) == {kept.id: BulkRowState.KEPT, back.id: BulkRowState.UNDONE}
    assert "moved on" in reason_of(office, run, kept)
    assert (kept.state, back.state) == (State.IN_PROGRESS, State.REGISTERED)


def test_one_row_of_a_run_is_taken_back(office: Office) -> None:
    one, two = office.register(), office.register()
    run = confirmed(office, prepared(office, BulkAct.PRIORITY, [one, two], priority="high"))
    ran(office, run)
    row = select(BulkRow.id).where(BulkRow.run_id == run.id, BulkRow.application_id == two.id)
    undone(office, run, row_ids=[office.session.scalar(row)])
    assert (one.priority, two.priority) == (Priority.HIGH, Priority.NORMAL)


def test_after_its_time_or_for_what_was_said_there_is_no_way_back(office: Office) -> None:
    settings.set_setting(office.session, key="bulk_undo_hours", value=1)
    case = office.register()
    run = confirmed(office, prepared(office, BulkAct.PRIORITY, [case], priority="high"))
    ran(office, run)
    with pytest.raises(RuleViolation, match="has passed"):
        undone(office, run)
    note = confirmed(office, prepared(office, BulkAct.NOTE, [case], text="Not"))
    ran(office, note)
    with pytest.raises(RuleViolation, match="stays"):
        undone(office, note)
    with pytest.raises(RuleViolation, match="many applications"):
        bulk.start_undo(
            office.session, run=run, actor=office.actor("auditor"), reason="Yanlış yapıldı"
        )


def test_a_merge_is_not_parted_after_the_answer(office: Office) -> None:
    main = services.take_to_triage(
        office.session, application=office.register(), actor=office.actor("chief"), now=MONDAY
    )
    case = office.register()
    run = confirmed(office, prepared(office, BulkAct.MERGE, [case], master_id=main.id))
    ran(office, run)
    services.send_reply(
        office.session, reply=office.letter(main), actor=office.actor("chief"), now=day(17)
    )
    undone(office, run)
    assert "answered with the main case" in reason_of(office, run, case)
    assert case.state is State.MERGED


# --- tekit ---------------------------------------------------------------------------------------------------
def test_a_reminder_is_counted_and_reaches_the_head_the_second_time(office: Office) -> None:
    case = office.assigned(others=(office.b.id,))
    for number in (1, 2):
        services.remind_units(
            office.session,
            application=case,
            text="Cevabınızı bekliyoruz.",
            actor=office.actor("chief"),
            now=day(16 + number),
        )
    assert [(row.reminders, row.reminded_at) for row in office.assignments(case)] == [
        (2, day(18))
    ] * 2
    assert office.steps(case)[-2:] == ["tekit", "tekit"]
    told = [n.user_id for n in office.messages(case, "panel") if n.template == "tekit"]
    assert told.count(office.users["liaison_a"].id) == 2
    assert told.count(office.users["head_a"].id) == 1
    assert {n.body for n in office.messages(case, "panel") if n.template == "tekit"} == {
        "Cevabınızı bekliyoruz."
    }


# --- the house ---------------------------------------------------------------------------------------------
def test_forgotten_drafts_go_after_a_day(office: Office) -> None:
    old = prepared(office, BulkAct.NOTE, [office.register()], text="Not")
    kept = confirmed(office, prepared(office, BulkAct.NOTE, [office.register()], text="Not"))
    later = old.changed_at + bulk.runs.DRAFT_LIVES * 2
    assert bulk.drop_drafts(office.session, now=later) == 1
    assert list(office.session.scalars(select(BulkRun.id))) == [kept.id]


def test_the_statements_of_a_preview_grow_with_the_sorts_of_cases_only(
    office: Office, db: Any
) -> None:
    from sqlalchemy import event

    def count(number: int) -> int:
        run = picked(office, BulkAct.NOTE, [office.register() for _ in range(number)])
        statements: list[str] = []

        def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            statements.append(statement)

        engine = db.get_bind().engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            bulk.prepare_run(db, run=run, arguments={"text": "Not"}, actor=office.actor("chief"))
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    assert count(3) == count(40)


def test_the_job_of_a_closed_account_fails_in_words(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = confirmed(office, prepared(office, BulkAct.NOTE, [office.register()], text="Not"))
    monkeypatch.setattr(jobs, "load_actor", lambda session, user_id: None)
    with pytest.raises(RuleViolation) as refused:
        jobs.actor_of_job(office.session, office.session.get(Job, run.job_id))
    bulk.fail_run(office.session, run_id=run.id, error=refused.value)
    office.session.refresh(run)
    assert run.state is BulkState.FAILED
    assert run.error
