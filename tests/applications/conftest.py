"""A database with every table, the calendar and the legal periods, for services without a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.orm import Session


class OfficeSession(Session):
    """A class of its own: what listens here must not listen on the sessions of other tests."""


def build_house(name: str, folder: pytest.TempPathFactory) -> Any:
    """An engine on a new database that holds what the law says and nothing else."""
    from flask_appbuilder import Model
    from sqlalchemy import create_engine, text

    import app.models
    from app.core import scope
    from app.core.acting import SYSTEM, acting_as
    from app.system.services import calendar, settings

    assert app.models.__all__
    if os.environ.get("HALKLA_TEST_DATABASE") == "postgres":
        from tests.conftest import make_postgres_database

        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        url = make_postgres_database(f"test_applications_{name}_{worker}")
    else:
        url = f"sqlite:///{folder.mktemp('applications') / f'{name}.db'}"
    engine = create_engine(url)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            connection.execute(
                text("CREATE COLLATION IF NOT EXISTS tr (provider = icu, locale = 'tr-TR')")
            )
    Model.metadata.create_all(engine)
    scope.install(OfficeSession)
    with OfficeSession(engine) as session, acting_as(SYSTEM):
        settings.ensure_rows(session)
        calendar.load_holidays(session)
        calendar.load_legal_rules(session)
        session.commit()
    return engine


@pytest.fixture(scope="session")
def small_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An engine on a database in which nobody lives yet."""
    engine = build_house("empty", tmp_path_factory)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def planted_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """An engine on a database with the small municipality in it, and that municipality."""
    from app.core.acting import SYSTEM, acting_as
    from tests.applications.office import Office

    engine = build_house("planted", tmp_path_factory)
    with OfficeSession(engine, expire_on_commit=False) as session, acting_as(SYSTEM):
        planted = Office(session)
        session.commit()
    yield engine, planted
    engine.dispose()


@pytest.fixture
def db(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A session whose every change is rolled back, acting as the system; whoever asks for `office`
    finds the small municipality in its database."""
    from app.applications.queries import SCOPES, SUBJECTS
    from app.core import scope
    from app.core.acting import ANONYMOUS, SYSTEM, set_actor

    if "office" in request.fixturenames:
        engine, _planted = request.getfixturevalue("planted_house")
    else:
        engine = request.getfixturevalue("small_house")
    scope.declare(SCOPES, SUBJECTS)
    set_actor(SYSTEM)
    with engine.connect() as connection:
        outer = connection.begin()
        session = OfficeSession(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        )
        session.info["single_connection"] = True
        try:
            yield session
        finally:
            session.close()
            outer.rollback()
            set_actor(ANONYMOUS)


@pytest.fixture
def office(db: Any, planted_house: Any) -> Any:
    """The small municipality."""
    return planted_house[1].seen_by(db)
