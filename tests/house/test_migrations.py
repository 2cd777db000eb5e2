"""Migrations go up, down and up again on filled data, on both databases, and nothing is lost."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, inspect, text

from tests.butler import Butler

#: The first tables stand from here on; further down there is nothing to keep.
FLOOR = "0003"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Butler]]:
    """Address of a database of its own, and who runs commands in its house."""
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("HALKLA_")},
        "HALKLA_DATA": str(tmp_path),
        "HALKLA_PROFILE": "local",
        "HALKLA_SECRET_KEY": "migration-key-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEF",
        "HALKLA_DEMO_PASSWORD": "Deneme-parolasi-2026",
    }
    if request.param == "sqlite":
        butler = Butler(env)
        yield f"sqlite:///{tmp_path / 'halkla.db'}", butler
        butler.leave()
        return
    from tests.conftest import make_postgres_database

    url = make_postgres_database(f"migrations_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    env["HALKLA_DATABASE_URL"] = url.replace("postgresql+psycopg:", "postgresql:")
    butler = Butler(env)
    yield url, butler
    butler.leave()


def contents(url: str, columns: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """Table → (columns, rows, hash of the rows in order of their keys)."""
    engine = create_engine(url)
    found: dict[str, Any] = {}
    with engine.connect() as connection:
        seen = inspect(connection)
        for table in sorted(seen.get_table_names()):
            if table == "alembic_version" or (columns is not None and table not in columns):
                continue
            names = sorted(c["name"] for c in seen.get_columns(table))
            names = [n for n in names if columns is None or n in columns.get(table, [])]
            listed = ", ".join(f'"{name}"' for name in names)
            # Sorted here, because the order of Turkish letters is known to the program's connections only.
            rows = sorted(
                repr(tuple(str(v) for v in row))
                for row in connection.execute(text(f'SELECT {listed} FROM "{table}"'))
            )
            found[table] = (names, len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest())
    engine.dispose()
    return found


def test_up_down_and_up_keeps_what_was_there_before(database: tuple[str, Butler]) -> None:
    url, butler = database
    for arguments in (
        ("db", "upgrade"),
        ("roles", "sync"),
        ("seed",),
        ("demo", "load", "--applications", "150", "--seed", "59"),
    ):
        butler.flask(*arguments)
    filled = contents(url)
    assert filled["applications_application"][1] >= 150
    butler.flask("db", "downgrade", FLOOR)
    lower = contents(url)
    # Columns and tables that came later are gone; every row of the others is as it was.
    shared = {table: names for table, (names, _count, _hash) in lower.items()}
    butler.flask("db", "upgrade")
    again = contents(url)
    assert set(again) == set(filled)
    assert {t: names for t, (names, _c, _h) in again.items()} == {
        t: names for t, (names, _c, _h) in filled.items()
    }
    after = contents(url, shared)
    assert {t: after[t] for t in shared} == lower
    assert {t: lower[t][1] for t in shared} == {t: filled[t][1] for t in shared}
    butler.flask("db", "upgrade")
