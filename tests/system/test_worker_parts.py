"""The parts of a worker one by one: broker folder, late write lock, leases, slots, sender."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from queue import Empty

import pytest
from celery import Celery
from sqlalchemy import Integer, create_engine, insert, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.core import celery_app, worker
from app.core.broker import MOST_MESSAGES
from app.core.celery_app import Sender, configure, describe
from app.core.database import is_write_intended, set_write_intent
from app.core.late_writes import holds_write_lock, late_writes
from app.core.leases import LeaseKeeper


# --- the broker folder ---------------------------------------------------------------------------
def folder_channel(tmp_path):
    """A channel of Celery's own connection to a folder."""
    celery = Celery("probe")
    configure(celery, url="", data=tmp_path)
    return celery.connection_for_write().default_channel


@pytest.fixture
def channel(tmp_path):
    return folder_channel(tmp_path)


def messages(tmp_path):
    return sorted((tmp_path / "broker" / "messages").iterdir())


def test_messages_come_out_whole_once_and_in_order(channel, tmp_path):
    for n in range(5):
        channel._put("halkla", {"n": n, "text": "ışık"})
    assert [channel._get("halkla")["n"] for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(Empty):
        channel._get("halkla")
    assert messages(tmp_path) == []


def test_a_task_sent_by_celery_lands_in_the_folder(tmp_path):
    celery = Celery("probe")
    configure(celery, url="", data=tmp_path)
    assert Sender(celery)("system.run_job", (7,), {"halkla_turn": "x"})
    payload = folder_channel(tmp_path)._get("halkla")
    assert payload["headers"]["task"] == "system.run_job"
    assert payload["headers"]["halkla_turn"] == "x"


def test_readers_and_writers_at_once_lose_and_double_nothing(tmp_path):
    got, faults = [], []
    written = threading.Event()

    def run(work):
        try:
            work(folder_channel(tmp_path))
        except Exception as fault:
            faults.append(fault)

    def write(start):
        return lambda channel: [channel._put("halkla", {"n": start + n}) for n in range(150)]

    def read(channel):
        while True:
            last = written.is_set()
            try:
                got.append(channel._get("halkla")["n"])
            except Empty:
                if last:
                    return

    writers = [threading.Thread(target=run, args=(write(start),)) for start in (0, 150)]
    readers = [threading.Thread(target=run, args=(read,)) for _ in range(2)]
    [t.start() for t in (*writers, *readers)]
    [t.join(20) for t in writers]
    written.set()
    [t.join(20) for t in readers]
    assert faults == []
    assert sorted(got) == list(range(300))


def test_a_broken_or_half_written_file_harms_nobody(channel, tmp_path):
    folder = tmp_path / "broker" / "messages"
    (folder / "000_x.halkla.msg").write_text('{"half":')
    (folder / "000_y.draft").write_text("{")
    channel._put("halkla", {"n": 1})
    assert channel._get("halkla") == {"n": 1}


def test_a_table_of_queues_that_is_still_empty_ends_no_worker(channel, tmp_path):
    """What a worker meets that starts while another makes the table, or after a kill at that moment."""
    channel._queue_bind("halkla", "halkla", "", "halkla")
    (table,) = (tmp_path / "broker" / "control").iterdir()
    whole = table.read_text()
    table.write_text("")
    assert channel.get_table("halkla") == []
    channel._queue_bind("halkla", "halkla", "", "halkla")
    assert table.read_text() == whole
    assert [queue.queue for queue in channel.get_table("halkla")] == ["halkla"]
    assert list(table.parent.iterdir()) == [table]


def test_a_house_without_a_worker_does_not_fill_the_folder(channel, tmp_path):
    for n in range(MOST_MESSAGES + 20):
        channel._put("halkla", {"n": n})
    assert len(messages(tmp_path)) == MOST_MESSAGES


def test_a_folder_that_vanished_is_empty_and_comes_back(channel, tmp_path):
    shutil.rmtree(tmp_path / "broker")
    with pytest.raises(Empty):
        channel._get("halkla")
    channel._put("halkla", {"n": 1})
    assert channel._get("halkla") == {"n": 1}


# --- the write lock ------------------------------------------------------------------------------
class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "thing"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    n: Mapped[int] = mapped_column(Integer, default=0)


@pytest.fixture
def engine(tmp_path):
    made = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    set_write_intent(True)
    Base.metadata.create_all(made)
    yield made
    made.dispose()


def other_writes(engine):
    """Another process saves something; raises at once when it would have to wait."""
    other = sqlite3.connect(engine.url.database, timeout=0.1, isolation_level=None)
    try:
        other.execute("INSERT INTO thing (n) VALUES (99)")
    finally:
        other.close()


def test_without_it_a_reading_job_stops_everybody(engine):
    with Session(engine) as session:
        session.scalars(select(Thing)).all()
        with pytest.raises(sqlite3.OperationalError):
            other_writes(engine)


@pytest.mark.parametrize("how", ["object", "statement", "text", "savepoint"])
def test_reading_stops_nobody_and_the_first_write_succeeds_on_old_reads(engine, how):
    with Session(engine) as session, late_writes(session):
        session.scalars(select(Thing)).all()
        other_writes(engine)
        assert not holds_write_lock(session)
        if how == "object":
            session.add(Thing(n=1))
            session.flush()
        elif how == "statement":
            session.execute(insert(Thing).values(n=1))
        elif how == "text":
            session.execute(text("insert into thing (n) values (1)"))
        else:
            with session.begin_nested():
                session.add(Thing(n=1))
        assert holds_write_lock(session)
        with pytest.raises(sqlite3.OperationalError):
            other_writes(engine)
        session.commit()
        # The next transaction reads again without the lock.
        assert len(session.scalars(select(Thing)).all()) == 2
        other_writes(engine)
    assert is_write_intended()


def test_a_rollback_undoes_all_that_was_written_late(engine):
    with Session(engine) as session, late_writes(session):
        session.scalars(select(Thing)).all()
        session.execute(text("INSERT INTO thing (n) VALUES (1)"))
        session.add(Thing(n=2))
        session.flush()
        session.rollback()
        assert session.scalars(select(Thing)).all() == []


def test_outside_of_it_nothing_is_changed(engine):
    set_write_intent(False)
    try:
        with Session(engine) as session:
            session.scalars(select(Thing)).all()
            other_writes(engine)
            with pytest.raises(OperationalError):
                session.execute(text("INSERT INTO thing (n) VALUES (1)"))
    finally:
        set_write_intent(True)


# --- leases, slots, rounds, sender ---------------------------------------------------------------
def until(happened):
    """Wait for another thread; a slow machine only takes longer."""
    deadline = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def test_a_lease_is_extended_while_it_is_held_and_not_afterwards():
    calls = []
    keeper = LeaseKeeper(lambda *args: calls.append(args) or True, every=0.02)
    with keeper.holding(7, "t", lease=30, at_most=60):
        assert keeper.tokens() == ["t"]
        until(lambda: len(calls) >= 2)
    count = len(calls)
    assert set(calls) == {(7, "t", 30)}
    time.sleep(0.1)
    assert len(calls) <= count + 1
    assert keeper.tokens() == []


def test_a_lease_ends_when_the_work_takes_longer_than_it_may():
    calls = []
    keeper = LeaseKeeper(lambda *args: calls.append(args) or True, every=0.02)
    with keeper.holding(7, "t", lease=30, at_most=0.5):
        until(lambda: calls)
        time.sleep(0.6)
        count = len(calls)
        time.sleep(0.2)
        assert len(calls) <= count + 1


def test_a_database_that_is_away_does_not_end_the_keeper():
    calls = []

    def extend(*args):
        calls.append(args)
        raise OSError

    keeper = LeaseKeeper(extend, every=0.02)
    with keeper.holding(7, "t", lease=30, at_most=60):
        until(lambda: len(calls) >= 2)


def test_slots_are_given_at_once_or_not_at_all():
    slots = worker.Slots(2)
    with slots.one() as a, slots.one() as b:
        assert (a, b) == (True, True)
        with slots.one() as c:
            assert c is False
    with slots.one() as d:
        assert d is True


def test_a_request_during_a_round_is_one_more_round_and_no_second_thread():
    rounds, done = worker.OneAtATime(), []
    for number in rounds.rounds():
        done.append(number)
        if number == 0:
            assert list(rounds.rounds()) == []
            assert list(rounds.rounds()) == []
    assert done == [0, 1]
    assert list(rounds.rounds()) == [0]


def test_a_round_that_fails_gives_the_turn_back():
    rounds = worker.OneAtATime()

    def work():
        for _ in rounds.rounds():
            raise ValueError

    with pytest.raises(ValueError):
        work()
    assert list(rounds.rounds()) == [0]


def test_the_sender_does_not_ask_an_absent_broker_again_and_again(monkeypatch):
    celery = Celery("probe")
    configure(celery, url="redis://127.0.0.1:9/0", data=None)
    asked, send_task = [], celery.send_task
    monkeypatch.setattr(celery, "send_task", lambda *a, **k: (asked.append(1), send_task(*a, **k)))
    monkeypatch.setattr(celery_app, "PAUSE_SECONDS", 60)
    sender = Sender(celery)
    assert [sender("system.sweep") for _ in range(50)] == [False] * 50
    assert len(asked) == 1


def test_a_fault_is_described_by_its_place_and_not_by_its_text():
    try:
        raise ValueError("Ayşe Yılmaz")
    except ValueError as fault:
        said = describe(fault)
    assert "ValueError at test_worker_parts.py" in said
    assert "Ayşe" not in said
