"""Declaration, door and reading."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.core.api import BackOfficeApi
from app.core.api.reading import BadArgumentError, parse_arguments
from app.core.views import Interface
from app.system.models import Parameter
from tests.core.test_api.support import DAY, URL


def ask(send: Any, **arguments: Any) -> Any:
    return send("GET", URL, query_string={"q": json.dumps(arguments)})


# --- declaration -----------------------------------------------------------------------------------------
def test_a_resource_without_its_lists_cannot_be_made() -> None:
    class Open(BackOfficeApi):
        datamodel = Interface(Parameter)
        class_permission_name = "Parameter"
        list_columns = ["key"]

    with pytest.raises(TypeError, match="show_columns, add_columns, edit_columns, search_columns"):
        Open()


def test_a_resource_without_a_permission_cannot_be_made() -> None:
    class Free(BackOfficeApi):
        datamodel = Interface(Parameter)
        list_columns = show_columns = add_columns = edit_columns = search_columns = ["key"]

    with pytest.raises(TypeError, match="class_permission_name"):
        Free()


def test_every_resource_has_its_routes_and_closed_ones_are_not_there(app: Any) -> None:
    rules = {(r.rule, m) for r in app.url_map.iter_rules() for m in r.methods}
    assert (URL, "POST") in rules
    assert ("/api/v1/audit_event/", "GET") in rules
    assert ("/api/v1/audit_event/", "POST") not in rules
    assert ("/api/v1/audit_event/<int:pk>", "PUT") not in rules
    assert ("/api/v1/audit_event/<int:pk>", "DELETE") not in rules
    assert ("/api/v1/legal_rule/<int:pk>", "PUT") not in rules


# --- the door --------------------------------------------------------------------------------------------
def test_without_a_token_nothing_is_told(client: Any) -> None:
    for method, url in (("GET", URL), ("GET", f"{URL}1"), ("POST", URL), ("GET", f"{URL}_info")):
        assert client.open(url, method=method, json={}).status_code == 401


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (None, "/api/v1/security/login adresi"),
        ("Bearer", "/api/v1/security/login adresi"),
        ("Basic eDp5", "/api/v1/security/login adresi"),
        ("Bearer a.b.c", "okunamıyor"),
        ("Bearer bad.token.x", "okunamıyor"),
        ("Bearer x", "okunamıyor"),
    ],
    ids=str,
)
def test_a_token_that_is_none_is_401_and_said_so(
    client: Any, header: str | None, words: str
) -> None:
    headers = {} if header is None else {"Authorization": header}
    for method, url in (("GET", URL), ("POST", "/api/v1/security/refresh")):
        answer = client.open(url, method=method, headers=headers)
        assert answer.status_code == 401, (url, answer.text)
        assert words in answer.get_json()["message"]


def test_a_token_of_before_is_401_and_said_so(
    client: Any, token_of: Any, app: Any, session: Any
) -> None:
    from sqlalchemy import select

    from app.models import StaffUser

    headers = token_of("operator")
    user = session.scalars(select(StaffUser).where(StaffUser.username == "operator")).one()
    user.session_stamp = "another"
    session.commit()
    answer = client.get(URL, headers=headers)
    assert answer.status_code == 401
    assert "süresi doldu" in answer.get_json()["message"]


def test_the_door_of_machines_speaks_turkish(client: Any) -> None:
    url = "/api/v1/security/login"
    assert "JSON nesnesi" in client.post(url, data="x").get_json()["message"]
    assert "JSON nesnesi" in client.post(url, json={"username": "operator"}).get_json()["message"]
    wrong = client.post(url, json={"username": "operator", "password": "x", "provider": "db"})
    assert wrong.status_code == 401
    assert "parola" in wrong.get_json()["message"]


def test_a_session_is_no_token(client_as: Any) -> None:
    assert client_as("yonetici").get(URL).status_code == 401


def test_a_role_without_the_verb_is_refused(client: Any, token_of: Any) -> None:
    assert client.get("/api/v1/audit_event/", headers=token_of("birim")).status_code == 403
    assert client.post(URL, json=DAY, headers=token_of("operator")).status_code == 403


# --- reading ---------------------------------------------------------------------------------------------
def test_a_list_is_filtered_sorted_and_paged(admin: Any) -> None:
    answer = ask(
        admin,
        filters=[
            {"col": "kind", "opr": "eq", "value": "public_holiday"},
            {"col": "on", "opr": "gte", "value": "2026-01-01"},
            {"col": "on", "opr": "lte", "value": "2026-12-31"},
        ],
        order_column="on",
        order_direction="asc",
        page_size=3,
        columns=["on", "name"],
    )
    assert answer.status_code == 200, answer.text
    body = answer.get_json()
    assert [row["on"] for row in body["result"]] == ["2026-01-01", "2026-03-20", "2026-03-21"]
    assert set(body["result"][0]) == {"id", "version", "on", "name"}
    assert body["count"] > 3
    assert body["count_is_capped"] is False
    second = ask(
        admin,
        filters=[{"col": "on", "opr": "in", "value": ["2026-01-01", "2026-04-23"]}],
        order_column="on",
        order_direction="desc",
    )
    assert [row["on"] for row in second.get_json()["result"]] == ["2026-04-23", "2026-01-01"]


def test_rison_is_understood_too(admin: Any) -> None:
    answer = admin(
        "GET", URL, query_string={"q": "(page_size:2,order_column:on,order_direction:asc)"}
    )
    assert [row["on"] for row in answer.get_json()["result"]] == ["2015-01-01", "2015-04-23"]


def test_a_page_holds_at_most_250_rows(admin: Any) -> None:
    body = ask(admin, page_size=100_000).get_json()
    assert body["page_size"] == len(body["result"]) == 250


@pytest.mark.parametrize(
    "arguments",
    [
        {"columns": ["password"]},
        {"order_column": "source"},
        {"order_column": "on", "order_direction": "up"},
        {"page": -1},
        {"page": 2_000_000_000, "page_size": 250},
        {"page": 10**30},
        {"page_size": 0},
        {"page_size": "abc"},
        {"unknown": 1},
        {"filters": [{"col": "name", "opr": "eq", "value": "x"}]},
        {"filters": [{"col": "no_such", "opr": "eq", "value": "x"}]},
        {"filters": [{"col": "on", "opr": "like", "value": "x"}]},
        {"filters": [{"col": "on", "opr": "eq", "value": "31.12.2026"}]},
        {"filters": [{"col": "on", "opr": "eq", "value": ["2026-01-01"]}]},
        {"filters": [{"col": "kind", "opr": "eq", "value": "no_such_kind"}]},
        {"filters": [{"col": "kind", "opr": "gt", "value": "half_day"}]},
        {"filters": [{"col": "is_estimated", "opr": "eq", "value": "yes"}]},
        {"filters": [{"col": "on", "opr": "null", "value": 3}]},
        {"filters": [{"col": "on", "opr": "q", "value": "kar"}]},
        {"filters": [{"col": "on", "opr": "eq"}]},
        {"filters": {"col": "on"}},
        [],
        "text",
    ],
    ids=str,
)
def test_arguments_that_make_no_sense_are_400(admin: Any, arguments: Any) -> None:
    answer = admin("GET", URL, query_string={"q": json.dumps(arguments)})
    assert answer.status_code == 400, answer.text
    assert answer.get_json()["message"]


@pytest.mark.parametrize(
    "text", ["(", "(page:", "!", "'", "{", "\x00", "(a:!(b", "[" * 5_000, "%%", "-"]
)
def test_broken_rison_is_a_bad_argument(app: Any, text: str) -> None:
    with app.test_request_context(), pytest.raises(BadArgumentError):
        parse_arguments(text)


def test_whole_numbers_too_large_for_the_column_are_400(admin: Any) -> None:
    for value in (2**31, -(2**40), 1.5, True):
        answer = admin(
            "GET",
            "/api/v1/number_series/",
            query_string={
                "q": json.dumps({"filters": [{"col": "year", "opr": "eq", "value": value}]})
            },
        )
        assert answer.status_code == 400


def test_a_number_for_a_text_column_is_a_text(admin: Any) -> None:
    answer = admin(
        "GET", "/api/v1/legal_rule/", query_string={"q": "(filters:!((col:key,opr:eq,value:004)))"}
    )
    assert answer.status_code == 200
    assert answer.get_json()["result"] == []


@pytest.mark.parametrize("pk", ["0", "999999", "2147483648", "99999999999999999999"])
def test_a_record_that_is_not_there_is_404(admin: Any, pk: str) -> None:
    assert admin("GET", f"{URL}{pk}").status_code == 404
    assert admin("PUT", f"{URL}{pk}", {"version": 1}).status_code == 404
    assert admin("DELETE", f"{URL}{pk}").status_code == 404


def test_info_tells_what_may_be_asked(admin: Any) -> None:
    body = admin("GET", f"{URL}_info").get_json()
    assert "on" in body["search_columns"]
    assert body["permissions"] == ["delete", "export", "read", "write"]
    assert body["max_page_size"] == 250
