"""Promise 18: what a request says about hosts and addresses changes neither links nor counts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from sqlalchemy import select

FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
    "X-Real-Ip": "203.0.113.9",
    "X-Original-URL": "/staff/list/",
}


@pytest.mark.parametrize(
    "path", ["/", "/login/", "/citizens/list/", "/static/css/base.css", "/no-such-page"]
)
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "127.0.0.1.evil"]
)
def test_a_foreign_host_is_refused(client_as: Any, path: str, host: str) -> None:
    answer = client_as("mudur").get(path, headers={"Host": host})
    assert answer.status_code == 400
    text = answer.get_data(as_text=True)
    assert "evil" not in text
    assert "<h1" in text
    assert 'class="shell"' not in text


def test_a_machine_with_a_foreign_host_gets_json(client: Any) -> None:
    answer = client.get("/api/v1/topic/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert answer.is_json


def test_forged_headers_change_no_link(client_as: Any) -> None:
    answer = client_as("mudur").get("/citizens/list/", headers=FORGED)
    assert answer.status_code == 200
    assert "evil" not in answer.get_data(as_text=True)


def test_forged_headers_change_no_redirect(client: Any) -> None:
    answer = client.get("/citizens/list/", headers=FORGED)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")


def test_the_trail_names_the_real_address(client: Any, session: Any) -> None:
    from app.models import AuditEvent

    client.post(
        "/login/", data={"username": "sef", "password": "yanlis-bir-parola"}, headers=FORGED
    )
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert last.verb.value == "login_failed"
    assert last.address == "127.0.0.1"


def test_figures_are_not_told_through_a_proxy(client: Any) -> None:
    assert client.get("/metrics").status_code == 200
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip"):
        assert client.get("/metrics", headers={name: "127.0.0.1"}).status_code == 404


def test_overdue_applications_are_a_figure(client: Any, session: Any) -> None:
    from sqlalchemy import func

    from app.applications.rules import OPEN_STATES
    from app.core import clock
    from app.models import Application

    late = select(func.count()).where(
        Application.state.in_(sorted(OPEN_STATES)), Application.due_on < clock.today()
    )
    wanted = session.scalar(late)
    assert wanted
    assert f"halkla_applications_overdue {float(wanted)}" in client.get("/metrics").get_data(
        as_text=True
    )


def host_of(location: str) -> str:
    """Where a browser would go: it drops tabs and line ends and takes a backslash for a slash."""
    read = location.translate({9: None, 10: None, 13: None}).strip().replace("\\", "/")
    return urlsplit(urljoin("http://localhost/login/", read)).netloc


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "http:evil.example",
        "javascript:alert(1)", "https:///evil.example", "%2f%2fevil.example", "/%09/evil.example", "\t//evil.example",
        "/\t/evil.example", "/\n/evil.example", "////evil.example", "/\\/evil.example", "/%5cevil.example",
    ],
)  # fmt: skip
def test_no_redirect_leaves_the_house(client_as: Any, session: Any, target: str) -> None:
    browser = client_as("mudur")
    answers = [
        browser.get("/language/tr", query_string={"next": target}),
        browser.get("/login/", query_string={"next": target}),
        browser.post("/citizens/reveal/1", data={"reason": "Vatandaş aradı", "next": target}),
        browser.post("/files/add/Application/1", data={"next": target}),
    ]
    for answer in answers:
        assert answer.status_code == 302
        assert host_of(answer.headers["Location"]) == "localhost", answer.headers["Location"]


@pytest.mark.parametrize(("count", "seen"), [(0, "127.0.0.1"), (1, "203.0.113.9")])
def test_only_named_proxies_are_believed(count: int, seen: str) -> None:
    from flask import Flask, request

    from app.core.start import init_proxies

    small = Flask("small")
    small.config["HALKLA_PROXIES"] = count
    init_proxies(small)
    small.add_url_rule("/", "who", lambda: request.remote_addr)
    chain = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    assert small.test_client().get("/", headers=chain).get_data(as_text=True) == seen
