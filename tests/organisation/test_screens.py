"""The screens of the organisation: the tree, accounts with roles, and the commands around them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.organisation.models import StaffUser, Unit
from app.organisation.queries import find_unit

PAGES = ("units", "unit-liaisons", "staff", "districts", "neighbourhoods")


@pytest.mark.parametrize("page", PAGES)
def test_lists_charts_forms_and_records_open(client_as, session, page):
    browser = client_as("yonetici")
    for url in (f"/{page}/list/", f"/{page}/charts/", f"/{page}/add"):
        assert browser.get(url).status_code == 200, url
    assert browser.get(f"/{page}/show/1").status_code in {200, 404}


def test_a_unit_shows_what_lies_below_it(client_as, session):
    teski = find_unit(session, "TESKI")
    page = client_as("yonetici").get(f"/units/show/{teski.id}").get_data(as_text=True)
    assert "TESKİ Su Arıza" in page
    assert "Derya Uçar" in page


def test_a_unit_added_on_the_screen_has_its_place_in_the_tree(client_as, session):
    fen = find_unit(session, "FEN")
    answer = client_as("yonetici").post(
        "/units/add",
        data={
            "code": "FEN_DENEME",
            "kind": "office",
            "name": "Deneme Bürosu",
            "parent": str(fen.id),
            "active": "y",
        },
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)[-2000:]
    made = session.scalars(select(Unit).where(Unit.code == "FEN_DENEME")).one()
    assert made.path == f"{fen.path}{made.id}/"


def test_a_unit_cannot_be_hung_below_itself_through_the_api(client_as, token_of, session):
    fen = find_unit(session, "FEN")
    answer = client_as("yonetici").put(
        f"/api/v1/unit/{fen.id}",
        json={"parent_id": fen.id, "version": fen.version},
        headers=token_of("yonetici"),
    )
    assert answer.status_code == 422


def test_an_account_is_made_with_its_roles_and_its_password(client_as, session):
    fen = find_unit(session, "FEN")
    data = {
        "first_name": "Deneme", "last_name": "Kişi", "title": "Memur", "unit": str(fen.id), "phone": "",
        "email": "deneme.kisi@ornek.bel.tr", "username": "deneme.kisi", "new_password": "mavi kapı dokuz kiraz",
        "role_names": ["clerk"], "language": "tr",
    }  # fmt: skip
    answer = client_as("yonetici").post("/staff/add", data=data)
    assert answer.status_code == 302, answer.get_data(as_text=True)[-3000:]
    made = session.scalars(select(StaffUser).where(StaffUser.username == "deneme.kisi")).one()
    assert made.role_names == ["clerk"]
    assert made.password.startswith("scrypt")
    assert "mavi" not in client_as("yonetici").get(f"/staff/show/{made.id}").get_data(as_text=True)


def test_a_weak_password_keeps_what_was_typed(client_as, session):
    data = {
        "first_name": "Zayıf", "last_name": "Parola", "email": "z@ornek.bel.tr", "username": "zayif",
        "new_password": "123", "role_names": ["clerk"], "language": "tr", "title": "", "phone": "", "unit": "",
    }  # fmt: skip
    answer = client_as("yonetici").post("/staff/add", data=data)
    assert answer.status_code == 422
    assert "Zayıf" in answer.get_data(as_text=True)


def test_a_changed_role_ends_the_sessions_of_the_person(client_as, session):
    user = session.scalars(select(StaffUser).where(StaffUser.username == "rehber")).one()
    before = user.session_stamp
    data = {
        "first_name": user.first_name, "last_name": user.last_name, "title": user.title, "phone": "",
        "unit": str(user.unit_id), "email": user.email, "username": user.username, "new_password": "",
        "role_names": ["guide", "clerk"], "active": "y",
    }  # fmt: skip
    answer = client_as("yonetici").post(f"/staff/edit/{user.id}", data=data)
    assert answer.status_code == 302, answer.get_data(as_text=True)[-3000:]
    session.expire_all()
    assert user.role_names == ["clerk", "guide"]
    assert user.session_stamp != before


# --- commands --------------------------------------------------------------------------------------
def test_the_reference_data_may_be_loaded_again(app, session):
    result = app.test_cli_runner().invoke(args=["seed"])
    assert result.exit_code == 0
    assert session.query(Unit).filter(Unit.code == "FEN").count() == 1


def test_demo_data_is_not_loaded_twice(app, session):
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 3


def test_an_account_is_made_on_the_command_line(app, session):
    result = app.test_cli_runner().invoke(
        args=["user", "create", "komut.satiri", "--first-name", "Komut", "--last-name", "Satırı", "--email",
              "komut@ornek.bel.tr", "--role", "clerk", "--password", "mavi kapı dokuz kiraz"]
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    listed = app.test_cli_runner().invoke(args=["user", "list"])
    assert "komut.satiri" in listed.output


def test_a_weak_password_is_refused_on_the_command_line(app, session):
    result = app.test_cli_runner().invoke(
        args=["user", "set-password", "rehber", "--password", "123"]
    )
    assert result.exit_code == 2
