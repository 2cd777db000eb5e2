"""How the database is spoken to."""

from __future__ import annotations

from sqlalchemy import text

from app.core.database import engine_options


def test_each_database_is_told_how_it_is_used(app):
    from app.extensions import db

    told = {
        # Pages lie in memory, and short statements are not worth compiling.
        "postgresql": {"SHOW jit": "off", "SHOW random_page_cost": "1.1"},
        "sqlite": {"PRAGMA journal_mode": "wal", "PRAGMA foreign_keys": 1},
    }
    with app.app_context():
        for question, answer in told[db.engine.dialect.name].items():
            assert db.session.scalar(text(question)) == answer


def test_options_of_an_address_count_more_than_ours():
    assert "connect_args" in engine_options("postgresql+psycopg:///halkla")
    assert "connect_args" not in engine_options("postgresql+psycopg:///halkla?options=-cjit%3Don")
    assert "connect_args" not in engine_options("")
