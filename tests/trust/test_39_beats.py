"""Promise 39: two timetables do each turn once; a dead one is replaced; missed turns are one turn."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from sqlalchemy import text

from tests.system.plant import plant

pytestmark = pytest.mark.worker


def reminders(works):
    with works.session() as session:
        return Counter(session.scalars(text("SELECT dedupe_key FROM system_reminder")))


def test_two_beats_do_each_turn_once_and_write_each_reminder_once(tmp_path, monkeypatch):
    with plant(tmp_path, monkeypatch) as works:
        first, second = works.start(), works.start()
        works.wait(lambda: len(works.lines("scans")) >= 1)
        began, before = time.monotonic(), len(works.lines("scans"))
        works.wait(lambda: len(works.lines("scans")) >= before + 4)
        seconds = time.monotonic() - began
        # A turn comes a second after the end of the one before, whoever does it.
        assert len(works.lines("scans")) - before <= seconds + 1
        assert reminders(works) == {f"app:{n}:legal_50": 1 for n in range(20)}

        works.kill(first)
        count = len(works.lines("scans"))
        works.wait(lambda: len(works.lines("scans")) > count)
        assert works.lines("scans")[-1] == str(second.pid)


def test_a_beat_killed_in_its_turn_is_followed_by_another(tmp_path, monkeypatch):
    with plant(tmp_path, monkeypatch) as works:
        works.start()
        works.wait(lambda: len(works.lines("scans")) >= 1)
        works.kill(works.workers[0])
        with works.session() as session:
            # As if it had died with every turn in its hands.
            session.execute(
                text(
                    "UPDATE system_job SET state = 'running', lease_token = 'dead' WHERE kind = 'beat'"
                )
            )
            session.execute(
                text("UPDATE system_job SET leased_until = run_after WHERE kind = 'beat'")
            )
            session.commit()
        count = len(works.lines("scans"))
        successor = works.start()
        works.wait(lambda: len(works.lines("scans")) > count)
        assert works.lines("scans")[-1] == str(successor.pid)


def test_a_day_without_a_worker_is_one_turn_and_not_many(tmp_path, monkeypatch):
    with plant(tmp_path, monkeypatch) as works:
        first = works.start()
        works.wait(lambda: len(works.lines("scans")) >= 1)
        works.kill(first)
        with works.session() as session:
            session.execute(text("DELETE FROM system_reminder"))
            session.execute(
                text(
                    "UPDATE system_job SET state = 'waiting', lease_token = NULL, "
                    "run_after = '2026-01-01 00:00:00' WHERE kind = 'beat'"
                )
            )
            session.commit()
        count = len(works.lines("scans"))
        works.start()
        works.wait(lambda: len(works.lines("scans")) > count)
        began = time.monotonic()
        works.wait(lambda: len(works.lines("scans")) >= count + 3)
        # Turns that had been piled up would follow each other without a pause.
        assert time.monotonic() - began > 1.5
        assert set(reminders(works).values()) == {1}
