"""Promise 17: no request that changes anything is taken without its token."""

from __future__ import annotations

import re
from typing import Any

import pytest

#: The doors for machines: they read no cookie, so another site has nothing to ride on. Each with what
#: it answers to a browser that has signed in and sends nothing else.
WITHOUT_COOKIES = {"/api/": {400, 401}, "/open311/": {404}}
READING = {"GET", "HEAD", "OPTIONS"}


def address(rule: Any) -> str:
    return re.sub(r"<(?:(\w+):)?\w+>", lambda m: "1" if m.group(1) == "int" else "x", rule.rule)


@pytest.fixture
def protected(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def changing_routes(app: Any) -> list[tuple[str, str]]:
    return sorted(
        (address(rule), method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - READING
    )


def test_every_changing_route_wants_its_token(app: Any, client_as: Any, protected: None) -> None:
    browser = client_as("mudur")
    routes = changing_routes(app)
    assert len(routes) > 150
    taken = []
    for path, method in routes:
        answer = browser.open(path, method=method, data={})
        door = next(
            (codes for start, codes in WITHOUT_COOKIES.items() if path.startswith(start)), None
        )
        if door is not None:
            body = browser.open(path, method=method, json={})
            if body.status_code not in door:
                taken.append((path, method, body.status_code))
        elif answer.status_code != 400:
            taken.append((path, method, answer.status_code))
    assert taken == []


def test_a_token_of_another_session_is_refused_and_the_own_one_is_taken(
    client: Any, client_as: Any, protected: None
) -> None:
    def token_of(browser: Any, path: str) -> str:
        found = re.search(
            r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(path).get_data(as_text=True)
        )
        assert found
        return found.group(1)

    browser, other = client_as("mudur"), client_as("sef")
    foreign, own = token_of(other, "/profile/"), token_of(browser, "/profile/")
    data = {"language": "tr", "theme": "", "shortcuts": "y"}
    assert (
        browser.post("/profile/?form=look", data={**data, "csrf_token": foreign}).status_code == 400
    )
    assert browser.post("/profile/?form=look", data={**data, "csrf_token": own}).status_code == 302


def test_a_form_from_another_site_is_refused_over_tls(
    app: Any, client_as: Any, protected: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_SSL_STRICT", True)
    browser = client_as("mudur")
    found = re.search(
        r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/profile/").get_data(as_text=True)
    )
    assert found
    data = {"language": "tr", "theme": "", "shortcuts": "y", "csrf_token": found.group(1)}
    said = {"Referer": "https://evil.example/"}
    answer = browser.post(
        "/profile/?form=look", data=data, base_url="https://localhost", headers=said
    )
    assert answer.status_code == 400


def test_nothing_is_deleted_or_done_by_get(app: Any, client_as: Any) -> None:
    browser = client_as("mudur")
    reading = {address(r) for r in app.url_map.iter_rules() if "GET" in r.methods}
    only_posts = {path for path, method in changing_routes(app) if method == "POST"} - reading
    assert len(only_posts) > 100
    assert {path for path in only_posts if browser.get(path).status_code not in {404, 405}} == set()
