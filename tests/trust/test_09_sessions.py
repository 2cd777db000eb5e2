"""Promises 9 to 11: a copied cookie dies with its session, a session grows old, a sign-in is a new one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.security import generate_password_hash

from app.core import clock
from app.organisation import services

PASSWORD = "uzun-ve-tuhaf-bir-cumle"
NEXT = "baska-uzun-ve-tuhaf-cumle"
PAGE = "/profile/"


@pytest.fixture
def user(session: Any) -> Any:
    from app.models import StaffUser

    found = session.scalars(select(StaffUser).where(StaffUser.username == "sef")).one()
    found.password = generate_password_hash(PASSWORD, "scrypt:1024:8:1")
    session.commit()
    return found


def sign_in(client: Any) -> str:
    """Sign in through the form; returns the cookie."""
    answer = client.post("/login/", data={"username": "sef", "password": PASSWORD})
    assert answer.status_code == 302
    return cookie_of(client)


def cookie_of(client: Any) -> str:
    return str(client.get_cookie("halkla").value)


def opens(app: Any, cookie: str) -> bool:
    """Whether a stranger with this cookie sees the page."""
    thief = app.test_client()
    thief.set_cookie("halkla", cookie)
    answer = thief.get(PAGE)
    assert answer.status_code in {200, 302}
    return bool(answer.status_code == 200)


def sign_out(session: Any, client: Any, user: Any) -> None:
    assert client.post("/logout/").status_code == 302


def change_password(session: Any, client: Any, user: Any) -> None:
    data = {"current": PASSWORD, "new": NEXT, "again": NEXT}
    assert client.post(f"{PAGE}?form=password", data=data).status_code == 302


def have_password_set(session: Any, client: Any, user: Any) -> None:
    services.set_password(session, user=user, password=NEXT)
    session.commit()


def change_roles(session: Any, client: Any, user: Any) -> None:
    services.change_staff_user(session, user=user, values={"role_names": ["clerk"]})
    session.commit()


def deactivate(session: Any, client: Any, user: Any) -> None:
    services.deactivate_staff_user(session, user=user)
    session.commit()


@pytest.mark.parametrize(
    "end", [sign_out, change_password, have_password_set, change_roles, deactivate]
)
def test_a_copied_cookie_and_token_die(
    app: Any, session: Any, client: Any, user: Any, token_of: Any, end: Callable[..., None]
) -> None:
    copied = sign_in(client)
    token = token_of("sef")
    assert opens(app, copied)
    assert app.test_client().get("/api/v1/topic/", headers=token).status_code == 200
    end(session, client, user)
    assert not opens(app, copied)
    assert app.test_client().get("/api/v1/topic/", headers=token).status_code == 401


def test_the_present_password_is_asked(session: Any, client: Any, user: Any) -> None:
    sign_in(client)
    data = {"current": "bilmiyorum-ki-neydi", "new": NEXT, "again": NEXT}
    assert client.post(f"{PAGE}?form=password", data=data).status_code == 422


@pytest.mark.parametrize(("seconds", "alive"), [(29 * 60, True), (30 * 60 + 1, False)])
def test_thirty_idle_minutes_end_a_session(
    app: Any, client: Any, user: Any, seconds: int, alive: bool
) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False):
        cookie = sign_in(client)
    with time_machine.travel(start + dt.timedelta(seconds=seconds), tick=False):
        assert opens(app, cookie) is alive


@pytest.mark.parametrize(("seconds", "alive"), [(12 * 3600, True), (12 * 3600 + 1, False)])
def test_twelve_hours_end_a_session_that_was_never_idle(
    app: Any, client: Any, user: Any, seconds: int, alive: bool
) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False):
        sign_in(client)
    at = 0
    while at + 29 * 60 < seconds:
        at += 29 * 60
        with time_machine.travel(start + dt.timedelta(seconds=at), tick=False):
            assert client.get(PAGE).status_code == 200
    with time_machine.travel(start + dt.timedelta(seconds=seconds), tick=False):
        assert (client.get(PAGE).status_code == 200) is alive


def test_an_answer_that_changes_nothing_brings_no_cookie(client: Any, user: Any) -> None:
    """A late answer with an older cookie would take the message of what was just saved away."""
    start = clock.now()
    with time_machine.travel(start, tick=False):
        sign_in(client)
        client.get(PAGE)  # makes the token of its forms
        for path in (PAGE, "/static/js/main.js", "/health/live"):
            assert "Set-Cookie" not in client.get(path).headers
    with time_machine.travel(start + dt.timedelta(seconds=61), tick=False):
        assert "Set-Cookie" in client.get(PAGE).headers, "the session is used and goes on"


def test_nothing_of_a_planted_session_survives_the_sign_in(
    app: Any, client: Any, user: Any
) -> None:
    with client.session_transaction() as planted:
        planted.update(
            revealed={"Citizen:1": 9e12}, stamp="planted", signed_in=9e12, seen=9e12, mark="x"
        )
    before = cookie_of(client)
    after = sign_in(client)
    assert after != before
    with client.session_transaction() as opened:
        assert "revealed" not in opened
        assert "mark" not in opened
        assert opened["stamp"] == user.session_stamp
        assert opened["signed_in"] < 9e12
    assert not opens(app, before)
