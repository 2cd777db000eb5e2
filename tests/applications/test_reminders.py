"""Reminders as rows: once each, to the right person, after downtime too, fifty thousand in seconds."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import event, func, insert, select

from app.applications import services
from app.applications.models import Application, Assignment
from app.applications.rules import AssignmentRole, AssignmentState, Kind, State
from app.core import clock
from app.system.models import Notification, Reminder
from tests.applications.office import MONDAY, day


def remind(db, today, **more):
    done = services.send_reminders(
        db, today=today, now=dt.datetime.combine(today, dt.time(8), clock.ISTANBUL), **more
    )
    db.flush()
    return done


def written(db, case):
    rows = db.execute(
        select(Reminder.kind, Reminder.level, Reminder.due_on).where(
            Reminder.owner_type == "Application", Reminder.owner_id == case.id
        ).order_by(Reminder.id)
    )  # fmt: skip
    return [tuple(r) for r in rows]


@pytest.fixture(autouse=True)
def _stand_in_time(monkeypatch):
    """Rows are stamped with the time of the test's story, because keys are looked for by it."""
    told = {"now": MONDAY}
    monkeypatch.setattr(clock, "now", lambda: told["now"])
    return told


def test_it_works(office, db):
    case = office.at_work()
    assert remind(db, dt.date(2026, 3, 18)).written == 0
    done = remind(db, dt.date(2026, 3, 19))
    assert (done.read, done.written) == (1, 1)
    assert written(db, case) == [("internal_50", "liaison", dt.date(2026, 3, 24))]
    reminder = db.scalars(select(Reminder)).one()
    assert reminder.dedupe_key == f"app:{case.id}:1:internal_50:2026-03-24"
    assert reminder.user_id == office.users["liaison_a"].id
    assert case.number in reminder.text
    told = [m for m in office.messages(case) if m.template == "reminder"]
    assert [(m.channel.value, m.user_id, m.recipient) for m in told] == [
        ("panel", office.users["liaison_a"].id, ""),
        ("email", None, "liaison_a@ornek.bel.tr"),
    ]
    assert told[0].url.endswith(str(case.id))
    assert told[1].state == "waiting"


def test_two_runs_write_one_row(office, db):
    case = office.at_work()
    for _ in range(3):
        remind(db, dt.date(2026, 3, 19))
    assert len(written(db, case)) == 1
    assert len([m for m in office.messages(case) if m.template == "reminder"]) == 2


def test_the_key_decides_even_when_the_look_found_nothing(office, db, monkeypatch):
    """Two workers at once have both looked before either has written."""
    from app.applications.services import reminding

    case = office.at_work()
    monkeypatch.setattr(reminding, "_without_known", lambda session, due, *rest: dict(due))
    assert remind(db, dt.date(2026, 3, 19)).written == 1
    again = remind(db, dt.date(2026, 3, 19))
    assert (again.written, again.told) == (0, 0)
    assert len(written(db, case)) == 1


def test_a_case_climbs_to_the_department_head(office, db):
    case = office.at_work()
    on = dt.date(2026, 3, 16)
    while on < dt.date(2026, 4, 25):
        remind(db, on)
        on += dt.timedelta(days=1)
    rows = written(db, case)
    assert [(k, lv) for k, lv, _ in rows if k != "overdue"] == [
        ("internal_50", "liaison"), ("internal_80", "liaison"), ("internal_100", "unit_manager"),
        ("legal_3", "unit_manager"), ("legal_1", "branch_manager"), ("legal_0", "branch_manager"),
    ]  # fmt: skip
    late = [(due, lv) for k, lv, due in rows if k == "overdue"]
    assert [due for due, _ in late] == [dt.date(2026, 4, d) for d in range(16, 25)]
    assert [lv for _, lv in late] == ["branch_manager"] * 4 + ["department_head"] * 5
    people = dict(db.execute(select(Reminder.level, Reminder.user_id)).all())
    assert people == {
        "liaison": office.users["liaison_a"].id, "unit_manager": office.users["head_a"].id,
        "branch_manager": office.users["manager"].id, "department_head": office.users["head"].id,
    }  # fmt: skip


def test_a_day_of_silence_is_made_up_for_once(office, db):
    case = office.at_work()
    remind(db, dt.date(2026, 4, 12))
    before = written(db, case)
    # Silence on 13, 14, 15 and 16 April; back on the 17th.
    remind(db, dt.date(2026, 4, 17))
    assert written(db, case)[len(before) :] == [
        ("legal_1", "branch_manager", dt.date(2026, 4, 15)),
        ("legal_0", "branch_manager", dt.date(2026, 4, 15)),
        ("overdue", "branch_manager", dt.date(2026, 4, 17)),
    ]
    assert [k for k, *_ in before] == ["legal_3"]


def test_nobody_is_reminded_of_what_has_ended(office, db):
    case = office.answered()
    assert remind(db, dt.date(2026, 5, 1)).read == 0
    assert written(db, case) == []


def test_the_office_is_reminded_of_what_lies_with_it(office, db):
    waiting = office.register()
    followed = office.unit_answered()
    remind(db, dt.date(2026, 3, 19))
    levels = dict(db.execute(select(Reminder.owner_id, Reminder.level)).all())
    assert levels == {waiting.id: "office", followed.id: "office"}
    people = set(db.scalars(select(Reminder.user_id)))
    assert people == {office.users["chief"].id}


def test_a_new_cycle_and_a_moved_date_are_reminded_anew(office, db):
    case = office.answered()
    services.reopen(db, application=case, reason="x", actor=office.actor("chief"), now=day(1, 4))
    remind(db, dt.date(2026, 4, 6))
    assert [r[0] for r in written(db, case)] == ["internal_50"]
    assert db.scalars(select(Reminder.dedupe_key)).one().startswith(f"app:{case.id}:2:")


def test_a_stopped_clock_reminds_of_the_payment_only(office, db):
    case = office.at_work(kind=Kind.INFORMATION)
    services.demand_fee(db, application=case, note="x", actor=office.actor("foi"), now=day(24))
    remind(db, dt.date(2026, 4, 14))
    assert written(db, case)[-1] == ("internal_100", "office", dt.date(2026, 4, 14))


def test_a_restricted_case_is_not_told_by_its_subject(office, db):
    office.register(who="cimer", channel="cimer", external_ref="1", subject="Gizli")
    remind(db, dt.date(2026, 3, 19))
    assert db.scalar(select(func.count()).select_from(Reminder)) == 1
    assert not db.scalar(
        select(func.count()).select_from(Notification).where(Notification.subject.contains("Gizli"))
    )


def _fill(db, office, number):
    """So many open cases, spread over received days, half of them at the unit."""
    template = office.register()
    cases, sent = [], []
    for n in range(number):
        received = dt.date(2026, 1, 5) + dt.timedelta(days=n % 90)
        cases.append(
            {
                "id": 100_000 + n, "number": f"2026-9{n:06}", "tracking_code": "X", "channel": "call_center",
                "kind": "request", "subject": "x", "body": "", "state": State.IN_PROGRESS if n % 2 else State.TRIAGE,
                "received_at": dt.datetime.combine(received, dt.time(9), clock.ISTANBUL), "received_on": received,
                "rule_key": "petition_answer", "due_on": received + dt.timedelta(days=30),
                "goal_on": received + dt.timedelta(days=10), "lead_unit_id": office.a.id if n % 2 else None,
                "topic_id": template.topic_id, "cycle": 1, "due_trail": {"received_on": received.isoformat()},
            }
        )  # fmt: skip
        if n % 2:
            sent.append(
                {
                    "application_id": 100_000 + n, "unit_id": office.a.id, "role": AssignmentRole.LEAD,
                    "state": AssignmentState.ACCEPTED, "cycle": 1,
                }
            )  # fmt: skip
    db.execute(insert(Application.__table__), cases)
    db.execute(insert(Assignment.__table__), sent)


def run_all(db, today):
    done, after, rounds = 0, 0, 0
    while True:
        batch = remind(db, today, after_id=after)
        if not batch.read:
            return done, rounds
        after, done, rounds = batch.last_id, done + batch.written, rounds + 1


def test_the_work_does_not_grow_with_what_is_written_already(office, db):
    _fill(db, office, 12_000)
    statements: list[str] = []
    engine = db.get_bind().engine

    def note(conn, cursor, statement, *rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        first, rounds = run_all(db, dt.date(2026, 3, 1))
        counted, statements[:] = len(statements), []
        second, again = run_all(db, dt.date(2026, 3, 1))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert first > 5_000
    assert second == 0
    # A batch costs a few statements, whether it holds ten cases or five thousand.
    assert rounds == again == 3
    assert counted < 40 * rounds
    assert len(statements) < 15 * again
