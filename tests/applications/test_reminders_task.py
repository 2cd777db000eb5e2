"""The scheduled task: every batch is its own transaction, and it stands in the timetable."""

from __future__ import annotations

from app.applications import services, tasks
from app.applications.services import reminding


def test_the_task_goes_through_every_batch(session, monkeypatch):
    seen = []

    def small(session, *, today, after_id=0, **more):
        done = reminding.send_reminders(session, today=today, after_id=after_id, limit=7)
        seen.append(done)
        return done

    monkeypatch.setattr(services, "send_reminders", small)
    counts = tasks.find_reminders()
    assert counts["read"] == sum(d.read for d in seen) > 7
    assert seen[-1].read == 0
    assert [d.read for d in seen[:-2]] == [7] * (len(seen) - 2)
    assert tasks.find_reminders()["written"] == 0


def test_the_timetable_names_the_task():
    from app.tasks import SCHEDULE

    turns = [
        SCHEDULE[name]["schedule"]
        for name in tasks.SCHEDULE
        if SCHEDULE[name]["task"] == tasks.find_reminders.name
    ]
    # All day long, and in the morning for what is due today.
    assert len(turns) == 2
