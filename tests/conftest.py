"""Fixtures of every test: one migrated database per worker, every test rolled back."""

from __future__ import annotations

import datetime as dt
import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine

from tests.groups import Pieces, longest_first
from tests.hours import MORNING, walk_time
from tests.tools import postgres_server, program

# How quick an example is says more about the machine than about the rule.
hypothesis.settings.register_profile("halkla", hypothesis.settings.default, deadline=None)
hypothesis.settings.load_profile("halkla")

DATA = Path(tempfile.mkdtemp(prefix="halkla-test-"))
os.environ["HALKLA_DATA"] = str(DATA)
os.environ["HALKLA_PROFILE"] = "test"
os.environ["HALKLA_SECRET_KEY"] = "test-key-abcdefghijklmnopqrstuvwxyz-0123456789-ABCDEFGHIJ"
os.environ["HALKLA_DEMO_PASSWORD"] = "Deneme-parolasi-2026"
for name in ("HALKLA_BROKER_URL", "HALKLA_SMTP_URL", "HALKLA_SMS_URL"):
    os.environ.pop(name, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest pieces of work begin first."""
    longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Pieces:
    """Processes take whole pieces of work."""
    return Pieces(config, log)


#: How many demo applications every test database holds.
DEMO_APPLICATIONS = 400


def database_url() -> str:
    """The database of this test process: SQLite, or one PostgreSQL database per worker."""
    if os.environ.get("HALKLA_TEST_DATABASE") != "postgres":
        return f"sqlite:///{DATA / 'test.db'}"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return make_postgres_database(f"test_{worker}")


def make_postgres_database(name: str) -> str:
    """Create an empty database on the test server and return its address."""
    import psycopg

    server = postgres_server()
    with psycopg.connect(server, autocommit=True, dbname="postgres") as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(
            f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        )
    return f"postgresql+psycopg:///{name}?{server.split('?', 1)[1]}"


@pytest.fixture(scope="session")
def app() -> Any:
    """The application on a migrated database with reference data and a few demo applications."""
    url = database_url()
    os.environ["HALKLA_DATABASE_URL"] = "" if url.startswith("sqlite") else url
    from app import create_app

    application = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": url,
            "TESTING": True,
            "WTF_CSRF_ENABLED": False,
            "RATELIMIT_ENABLED": False,
            "FAB_PASSWORD_HASH_METHOD": "scrypt:1024:8:1",
            "SERVER_NAME": None,
        }
    )
    from flask_migrate import upgrade

    from app.core.acting import SYSTEM, acting_as
    from tests.support import CleanClient, load_everything

    application.test_client_class = CleanClient

    with (
        time_machine.travel(MORNING, tick=True),
        application.app_context(),
        acting_as(SYSTEM),
    ):
        upgrade()
        load_everything(DEMO_APPLICATIONS)
    # As run.py does: what stays need not be looked at by the collector again and again.
    gc.collect()
    gc.freeze()
    return application


@pytest.fixture(autouse=True)
def a_wednesday_morning(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests on the shared demo data run a minute after it was loaded; walks have their own morning."""
    if "site" in request.fixturenames:
        with time_machine.travel(walk_time(), tick=True):
            yield
        return
    marks = {mark.name for mark in request.node.iter_markers()}
    if "app" not in request.fixturenames or marks & {"browser", "worker", "real_time"}:
        yield
        return
    with time_machine.travel(MORNING + dt.timedelta(minutes=1), tick=True):
        yield


@pytest.fixture
def session(app: Any) -> Iterator[Any]:
    """A session whose every change is rolled back; it acts as the system."""
    from app.core.acting import ANONYMOUS, SYSTEM, set_actor
    from app.core.database import set_write_intent
    from app.extensions import db

    context = app.app_context()
    context.push()
    set_write_intent(True)
    set_actor(SYSTEM)
    db.session.remove()
    engines = db._app_engines[app]
    engine = engines[None]
    connection = engine.connect()
    outer = connection.begin()
    engines[None] = connection
    db.session.configure(join_transaction_mode="create_savepoint")
    db.session().info["single_connection"] = True
    try:
        yield db.session
    finally:
        db.session.remove()
        outer.rollback()
        connection.close()
        engines[None] = engine
        db.session.configure(join_transaction_mode="conditional_savepoint")
        set_actor(ANONYMOUS)
        context.pop()


@pytest.fixture
def client(app: Any, session: Any) -> Any:
    """A browser that has not signed in."""
    return app.test_client()


@pytest.fixture
def client_as(app: Any, session: Any) -> Callable[[str], Any]:
    """A browser signed in as one of the demo accounts."""
    from tests.support import signed_in_client

    return lambda username: signed_in_client(app, session, username)


@pytest.fixture
def token_of(app: Any, session: Any) -> Callable[[str], dict[str, str]]:
    """Headers with a JWT of one of the demo accounts."""
    from tests.support import bearer

    return lambda username: bearer(app, session, username)


@pytest.fixture
def counted(app: Any, session: Any) -> Iterator[list[str]]:
    """The statements sent to the database, in order.

    The note of a view of restricted cases (app.core.seen) is left out: it is one row however much
    a page shows, and it depends on whether such cases happen to stand on the page.
    """
    from sqlalchemy import event

    from app.extensions import db

    statements: list[str] = []
    aside = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "INSERT INTO system_audit_event")

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(aside):
            statements.append(statement)

    target = db.engine
    event.listen(target, "before_cursor_execute", note)
    yield statements
    event.remove(target, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One headless Chromium for all tests of a process, because two cannot live in it."""
    from playwright.sync_api import sync_playwright

    path = program("chromium", "chromium-browser", package="chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield browser
        browser.close()
