"""Promises 13 and 14: which passwords are refused, and that only a strong hash is kept."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.security import check_password_hash, generate_password_hash

from app.core.passwords import password_violations

REFUSED = [
    ("", "empty"),
    ("kisa-parola", "eleven characters"),
    ("aaaaaaaaaaaaaaaa", "one sign"),
    ("abababababababab", "two signs"),
    ("123456123456", "the first that is tried"),
    ("passwordpassword", "the second"),
    ("Password123456", "with what is always hung on"),
    ("qwertyqwerty123", "a row of keys"),
    ("Parola123456", "the same in Turkish"),
    ("ŞİFREŞİFRE123", "in capitals"),
    ("galatasaray1905", "a club"),
    ("TekirdagBelediye", "this house"),
    ("tekirdağbüyükşehir", "with its signs"),
    ("halkla-halkla", "this program"),
    ("nermin.aksoy1", "the own name"),
    ("x" * 129, "longer than a hash should have to bear"),
]
ALLOWED = [
    "on iki karak",
    "yagmurlu-bir-sali-gunu",
    "tamamikucukharfcumle",
    "8305 1947 2260 71",
    "çilekli öğle güneşi",
    "Z" + "u7-ıĞ" * 12 + "abc",
]


@pytest.mark.parametrize(("password", "why"), REFUSED, ids=[why for _p, why in REFUSED])
def test_refused(password: str, why: str) -> None:
    assert list(password_violations(password, "nermin.aksoy"))


@pytest.mark.parametrize("password", ALLOWED)
def test_allowed_without_a_rule_about_signs(password: str) -> None:
    assert list(password_violations(password, "nermin.aksoy")) == []


def test_sixty_four_characters_are_allowed() -> None:
    assert len(ALLOWED[-1]) == 64


def test_production_and_services_use_scrypt_of_two_to_the_seventeen() -> None:
    import config
    from app.organisation.services import HASH_METHOD

    assert config.FAB_PASSWORD_HASH_METHOD == HASH_METHOD == "scrypt:131072:8:1"


def test_what_is_stored_is_a_hash_of_that_cost(session: Any) -> None:
    from app.models import StaffUser
    from app.organisation import services

    user = session.scalars(select(StaffUser).where(StaffUser.username == "sef")).one()
    services.set_password(session, user=user, password="yagmurlu-bir-sali-gunu")
    session.flush()
    session.expire(user)
    assert user.password.startswith("scrypt:131072:8:1$")
    assert check_password_hash(user.password, "yagmurlu-bir-sali-gunu")


def test_a_weaker_hash_is_renewed_at_the_next_sign_in(app: Any, session: Any, client: Any) -> None:
    from app.models import StaffUser

    user = session.scalars(select(StaffUser).where(StaffUser.username == "sef")).one()
    user.password = generate_password_hash("yagmurlu-bir-sali-gunu", "pbkdf2:sha256:1000")
    session.commit()
    data = {"username": "sef", "password": "yagmurlu-bir-sali-gunu"}
    assert client.post("/login/", data=data).status_code == 302
    session.refresh(user)
    assert user.password.startswith(app.config["FAB_PASSWORD_HASH_METHOD"] + "$")
    assert check_password_hash(user.password, data["password"])


def test_no_answer_carries_a_hash(client_as: Any, token_of: Any, app: Any, session: Any) -> None:
    page = client_as("yonetici").get("/staff/list/").get_data(as_text=True)
    answer = app.test_client().get("/api/v1/staff_user/", headers=token_of("yonetici"))
    assert answer.status_code == 200
    for text in (page, answer.get_data(as_text=True)):
        assert "scrypt:" not in text
        assert "session_stamp" not in text
