"""Official numbers: no duplicate, no gap, also with many writers and rollbacks (promise 35)."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from app.system.services.numbers import next_number
from tests.system.house import KINDS, house

WRITERS, EACH = 16, 40


class UndoneError(Exception):
    """Raised inside a transaction to roll it back."""


def test_the_first_number_of_a_year_and_the_next(tmp_path: Path) -> None:
    with house("sqlite", tmp_path) as sessions, sessions.begin() as session:
        assert next_number(session, series="application", year=2026) == "2026-0000001"
        assert next_number(session, series="application", year=2026) == "2026-0000002"


def test_years_and_series_count_apart(tmp_path: Path) -> None:
    with house("sqlite", tmp_path) as sessions, sessions.begin() as session:
        next_number(session, series="application", year=2026)
        assert next_number(session, series="application", year=2027) == "2027-0000001"
        assert next_number(session, series="letter", year=2026) == "2026-0000001"


def test_a_rollback_gives_the_number_back(tmp_path: Path) -> None:
    with house("sqlite", tmp_path) as sessions:
        with pytest.raises(UndoneError), sessions.begin() as session:
            next_number(session, series="application", year=2026)
            raise UndoneError
        with sessions.begin() as session:
            assert next_number(session, series="application", year=2026) == "2026-0000001"


@pytest.mark.parametrize("kind", KINDS)
def test_sixteen_writers_with_rollbacks_leave_no_gap_and_no_duplicate(
    kind: str, tmp_path: Path
) -> None:
    with house(kind, tmp_path) as sessions:

        def write(writer: int) -> list[str]:
            dice, given = random.Random(writer), []
            for _ in range(EACH):
                try:
                    with sessions.begin() as session:
                        number = next_number(session, series="application", year=2026)
                        if dice.random() < 0.1:
                            raise UndoneError
                    given.append(number)
                except UndoneError:
                    continue
            return given

        with ThreadPoolExecutor(WRITERS) as pool:
            numbers = [n for part in pool.map(write, range(WRITERS)) for n in part]
        with sessions() as session:
            last = session.scalar(text("SELECT last FROM system_number_series"))

    assert len(numbers) < WRITERS * EACH, "no transaction was rolled back, so nothing was proved"
    assert sorted(numbers) == [f"2026-{n:07d}" for n in range(1, len(numbers) + 1)]
    assert last == len(numbers)
