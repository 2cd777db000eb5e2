"""The seal names every change, deletion and reordering of the trail (promise 29)."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DatabaseError

from app.core import clock
from app.system.models import AuditEvent
from app.system.models.triggers import create_statements, drop_statements
from app.system.rules import GENESIS, Head, SealProblem, check_chain, seal_hash
from app.system.services import audit
from tests.system.house import KINDS, house

ROWS = 300
MUTATIONS = 1_000


def fill(session: Any, count: int) -> None:
    at = clock.now()
    session.connection().execute(
        insert(AuditEvent),
        [
            {
                "at": at,
                "actor_id": n % 9,
                "actor_name": "Şule Işık",
                "address": "10.1.2.3",
                "request_id": f"{n:032d}",
                "verb": "update",
                "entity": "Application",
                "record_id": n,
                "summary": "",
                "changes": {"state": ["assigned", "accepted"], "n": [n, n + 1]},
            }
            for n in range(count)
        ],
    )


@pytest.fixture(params=KINDS)
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    with house(request.param, tmp_path) as made:
        with made.begin() as session:
            fill(session, ROWS)
        with made.begin() as session:
            assert audit.seal(session) == ROWS
        with made() as session:
            audit.export_head(session)
        yield made


def unguard(session: Any) -> None:
    connection = session.connection()
    for statement in drop_statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


def test_an_untouched_trail_is_whole(sessions: Any) -> None:
    with sessions() as session:
        found = audit.verify(session)
    assert found.is_whole
    assert (found.checked, found.unsealed) == (ROWS, 0)


def test_sealing_goes_on_where_it_ended(sessions: Any) -> None:
    with sessions.begin() as session:
        fill(session, 7)
    with sessions.begin() as session:
        assert audit.verify(session).unsealed == 7
        assert audit.seal(session) == 7
        assert audit.seal(session) == 0
    with sessions() as session:
        found = audit.verify(session)
    assert found.is_whole
    assert found.checked == ROWS + 7


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE system_audit_event SET summary = 'x' WHERE seal_no = 5",
        "DELETE FROM system_audit_event WHERE seal_no = 5",
        "UPDATE system_audit_event SET hash = NULL, seal_no = NULL WHERE seal_no = 5",
    ],
)
def test_the_database_itself_refuses(sessions: Any, statement: str) -> None:
    with sessions() as session, pytest.raises(DatabaseError, match="audit rows"):
        session.execute(text(statement))


def test_an_unsealed_row_may_be_sealed_but_not_changed_or_deleted(sessions: Any) -> None:
    with sessions.begin() as session:
        fill(session, 1)
    for statement in (
        "UPDATE system_audit_event SET summary = 'x' WHERE seal_no IS NULL",
        "UPDATE system_audit_event SET summary = 'x', hash = 'y' WHERE seal_no IS NULL",
        "DELETE FROM system_audit_event WHERE seal_no IS NULL",
    ):
        with sessions() as session, pytest.raises(DatabaseError, match="audit rows"):
            session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "problem", "seal"),
    [
        ("UPDATE system_audit_event SET actor_name = 'x' WHERE seal_no = 40", "changed", 40),
        ("UPDATE system_audit_event SET record_id = 1000 WHERE seal_no = 1", "changed", 1),
        ("DELETE FROM system_audit_event WHERE seal_no = 77", "missing", 77),
        ("UPDATE system_audit_event SET seal_no = NULL WHERE seal_no = 12", "missing", 12),
        ("DELETE FROM system_audit_event WHERE seal_no > 290", "truncated", ROWS),
        ("DELETE FROM system_audit_event", "truncated", ROWS),
    ],
)
def test_verify_names_the_first_wrong_row(
    sessions: Any, statement: str, problem: str, seal: int
) -> None:
    with sessions.begin() as session:
        unguard(session)
        session.execute(text(statement))
    with sessions() as session:
        found = audit.verify(session)
    assert found.problem == SealProblem(problem)
    assert found.seal_no == seal


def test_two_rows_that_changed_places_are_named(sessions: Any) -> None:
    with sessions.begin() as session:
        unguard(session)
        for old, new in ((20, -1), (21, 20), (-1, 21)):
            session.execute(
                text(f"UPDATE system_audit_event SET seal_no = {new} WHERE seal_no = {old}")
            )
    with sessions() as session:
        found = audit.verify(session)
    assert found.problem is SealProblem.ORDER
    assert found.seal_no == 20


def test_a_chain_written_anew_does_not_match_the_noted_head(sessions: Any) -> None:
    with sessions.begin() as session:
        unguard(session)
        session.execute(
            text(
                "UPDATE system_audit_event SET seal_no = NULL, hash = NULL, previous_hash = NULL, "
                "actor_name = CASE WHEN seal_no = 3 THEN 'x' ELSE actor_name END"
            )
        )
        for statement in create_statements(session.connection().dialect.name):
            session.connection().exec_driver_sql(statement)
        assert audit.seal(session) == ROWS
    with sessions() as session:
        found = audit.verify(session)
    assert found.problem is SealProblem.CHANGED
    assert found.noted_on


def test_the_head_is_noted_once_a_day(sessions: Any, tmp_path: Path) -> None:
    with sessions() as session:
        audit.export_head(session)
        audit.export_head(session)
    assert [head.seal_no for head in audit.read_heads()] == [ROWS]
    for _ in range(3):
        with sessions.begin() as session:
            fill(session, 1)
            audit.seal(session)
    assert len(audit.read_heads()) == 1


# --- the pure chain -----------------------------------------------------------------------------------
def chain(count: int) -> list[dict[str, Any]]:
    previous, made = GENESIS, []
    for number in range(1, count + 1):
        row: dict[str, Any] = {
            "id": number * 3,
            "at": clock.now(),
            "actor_id": number % 5,
            "actor_name": "Elif",
            "address": "10.0.0.1",
            "request_id": "r",
            "verb": "update",
            "entity": "Application",
            "record_id": number,
            "summary": "",
            "changes": {"state": ["a", "b"]},
        }
        found = seal_hash(previous, number, row)
        made.append({**row, "seal_no": number, "previous_hash": previous, "hash": found})
        previous = found
    return made


WHOLE = chain(60)
HEADS = [Head("2026-11-23T08:00:00+03:00", 60, WHOLE[-1]["hash"])]
#: One value of another kind for each column that a seal covers, and for the seal itself.
OTHERS = {
    "id": 1,
    "at": clock.to_local(clock.utc_now()).replace(year=2001),
    "actor_id": 99,
    "actor_name": "Elif ",
    "address": "",
    "request_id": "s",
    "verb": "insert",
    "entity": "Citizen",
    "record_id": None,
    "summary": " ",
    "changes": {"state": ["a", "c"]},
    "hash": "0" * 64,
    "previous_hash": "f" * 64,
}


def test_each_of_a_thousand_mutations_is_named_at_its_place() -> None:
    dice = random.Random(29)
    assert check_chain(WHOLE, HEADS).is_whole
    for _ in range(MUTATIONS):
        rows = list(WHOLE)
        place = dice.randrange(len(rows))
        act = dice.choice(["change", "delete", "swap", "cut", "insert"])
        if act == "change":
            column = dice.choice(list(OTHERS))
            rows[place] = {**rows[place], column: OTHERS[column]}
        elif act == "delete":
            del rows[place]
        elif act == "swap":
            place = min(place, len(rows) - 2)
            first, second = rows[place], rows[place + 1]
            rows[place] = {**second, "seal_no": first["seal_no"]}
            rows[place + 1] = {**first, "seal_no": second["seal_no"]}
        elif act == "cut":
            rows = rows[:place]
        else:
            rows.insert(place, {**rows[place], "summary": "forged"})
        found = check_chain(rows, HEADS)
        assert not found.is_whole, (act, place)
        if act != "cut" and not (act == "delete" and place == len(WHOLE) - 1):
            assert found.seal_no == place + 1, (act, place)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_two_contents_share_a_seal(one: str, two: str) -> None:
    first = seal_hash(GENESIS, 1, {**WHOLE[0], "actor_name": one, "summary": two})
    second = seal_hash(GENESIS, 1, {**WHOLE[0], "actor_name": one + two, "summary": ""})
    assert (first == second) == (two == "")


def test_the_check_costs_little_more_than_the_hashes_themselves(tmp_path: Path) -> None:
    # A ratio within one run: a hundred thousand rows take seconds, on a slow machine a few more.
    with house("sqlite", tmp_path) as made:
        with made.begin() as session:
            fill(session, 20_000)
        with made.begin() as session:
            assert audit.seal(session) == 20_000
        with made() as session:
            table = AuditEvent.__table__
            rows = session.connection().execute(select(table).order_by(table.c.seal_no))
            kept = [dict(row) for row in rows.mappings()]
            begun = time.process_time()
            for row in kept:
                assert seal_hash(row["previous_hash"], row["seal_no"], row) == row["hash"]
            bare = time.process_time() - begun
            begun = time.process_time()
            found = audit.verify(session)
            used = time.process_time() - begun
    assert found.is_whole
    assert found.checked == 20_000
    assert used / bare < 8
