"""Promise 8: the eleventh bad try is refused on both doors, and nobody learns which names exist."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from flask import request
from sqlalchemy import select
from werkzeug.security import generate_password_hash

from app.core import clock

RIGHT = "yagmurlu-bir-sali-gunu"
WRONG = "yagmurlu-bir-carsamba"


@pytest.fixture
def user(session: Any) -> Any:
    """An account whose password is known and cheap to check."""
    from app.models import StaffUser

    found = session.scalars(select(StaffUser).where(StaffUser.username == "sef")).one()
    found.password = generate_password_hash(RIGHT, "scrypt:1024:8:1")
    found.failed_logins, found.locked_until = 0, None
    session.commit()
    return found


def by_form(client: Any, name: str, password: str) -> Any:
    return client.post("/login/", data={"username": name, "password": password})


def by_token(client: Any, name: str, password: str) -> Any:
    body = {"username": name, "password": password, "provider": "db"}
    return client.post("/api/v1/security/login", json=body)


DOORS = pytest.mark.parametrize(
    ("door", "welcome"), [(by_form, 302), (by_token, 200)], ids=["form", "token"]
)


@DOORS
def test_ten_bad_tries_close_the_account_for_a_quarter_of_an_hour(
    client: Any, user: Any, door: Any, welcome: int
) -> None:
    start = clock.now()
    for _ in range(9):
        assert door(client, "sef", WRONG).status_code == 401
    assert door(client, "sef", RIGHT).status_code == welcome
    client.set_cookie("halkla", "")
    for _ in range(10):
        assert door(client, "sef", WRONG).status_code == 401
    assert door(client, "sef", WRONG).status_code == 401
    assert door(client, "sef", RIGHT).status_code == 401
    with time_machine.travel(start + dt.timedelta(minutes=14), tick=True):
        assert door(client, "sef", RIGHT).status_code == 401
    with time_machine.travel(clock.now() + dt.timedelta(minutes=15, seconds=5), tick=True):
        assert door(client, "sef", RIGHT).status_code == welcome


def test_a_lock_set_at_one_door_holds_at_the_other_and_from_any_address(
    client: Any, user: Any
) -> None:
    for _ in range(10):
        by_token(client, "sef", WRONG)
    other = {"REMOTE_ADDR": "10.9.8.7"}
    data = {"username": "sef", "password": RIGHT}
    assert client.post("/login/", data=data, environ_base=other).status_code == 401


def words(answer: Any, name: str) -> str:
    """An answer without what differs from request to request."""
    text = re.sub(r"[0-9a-f]{32}|value=\"[^\"]*\"", "", answer.get_data(as_text=True))
    return text.replace(name, "")


@DOORS
def test_unknown_known_closed_and_locked_names_get_the_same_answer(
    session: Any, client: Any, user: Any, door: Any, welcome: int
) -> None:
    from app.models import StaffUser

    closed = session.scalars(select(StaffUser).where(StaffUser.username == "anket")).one()
    closed.active = False
    cheap = generate_password_hash(RIGHT, "scrypt:1024:8:1")
    locked = session.scalars(select(StaffUser).where(StaffUser.username == "rehber")).one()
    closed.password = locked.password = cheap
    locked.locked_until = clock.now() + dt.timedelta(minutes=5)
    session.commit()
    names = ("sef", "boyle-biri-yok", "anket", "rehber", "clerk2")
    answers = [(name, door(client, name, WRONG)) for name in names]
    assert {a.status_code for _name, a in answers} == {401}
    assert len({words(a, name) for name, a in answers}) == 1


def test_every_refusal_costs_one_check_of_a_real_hash(
    session: Any, client: Any, user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time tells nothing either: also without an account or a password a hash is computed."""
    from app.core.security import manager

    seen: list[str] = []

    def noted(stored: str, password: str) -> bool:
        seen.append(stored)
        return False

    monkeypatch.setattr(manager, "check_password_hash", noted)
    for name in ("sef", "boyle-biri-yok", "clerk2"):
        by_form(client, name, WRONG)
    assert len(seen) == 3
    assert {stored.split("$")[0] for stored in seen} == {"scrypt:1024:8:1"}


@pytest.fixture
def throttled(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The throttle of the doors, which the other tests run without, on an empty count."""
    from limits.storage import MemoryStorage
    from limits.strategies import FixedWindowRateLimiter

    from app.extensions import limiter

    storage = MemoryStorage()
    for name, value in (
        ("enabled", True),
        ("initialized", True),
        ("_storage", storage),
        ("_limiter", FixedWindowRateLimiter(storage)),
        ("_request_identifier", lambda: request.endpoint or ""),
    ):
        monkeypatch.setattr(limiter, name, value)
    monkeypatch.setitem(app.extensions, "limiter", {limiter})


@DOORS
def test_one_address_gets_forty_tries(
    client: Any, user: Any, throttled: None, door: Any, welcome: int
) -> None:
    codes = [door(client, f"yok-{n}", WRONG).status_code for n in range(41)]
    assert codes[:40] == [401] * 40
    assert codes[40] == 429
    assert door(client, "sef", RIGHT).status_code == 429
