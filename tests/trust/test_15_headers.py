"""Promises 15 and 16: the same headers on every answer, and a cookie that only we can read."""

from __future__ import annotations

from typing import Any

import pytest

FIXED = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; manifest-src 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
}
#: What else an answer may carry; anything not named here is a leak until somebody decides.
FREE = {
    "Content-Type", "Content-Length", "Location", "Vary", "Set-Cookie", "X-Request-Id", "Cache-Control", "Date",
    "Last-Modified", "ETag", "Accept-Ranges", "Content-Disposition", "Allow", "WWW-Authenticate",
}  # fmt: skip


def boom(*_args: Any, **_kwargs: Any) -> Any:
    raise RuntimeError("planned")


CASES = [
    ("/login/", 200),
    ("/citizens/list/", 200),
    ("/citizens/list/", 302),
    ("/no-such-page", 404),
    ("/citizens/show/999999", 404),
    ("/staff/add", 403),
    ("/logout/", 405),
    ("/reply-templates/list/", 500),
    ("/static/css/base.css", 200),
    ("/static/no-such-file.css", 404),
    ("/health/live", 200),
    ("/api/v1/topic/", 401),
]


@pytest.mark.parametrize(("path", "status"), CASES)
def test_headers_are_exactly_these(
    app: Any, client: Any, client_as: Any, monkeypatch: pytest.MonkeyPatch, path: str, status: int
) -> None:
    browser = client if status in {302, 401} or path == "/login/" else client_as("sef")
    if status == 500:
        monkeypatch.setitem(app.view_functions, "ReplyTemplateView.list", boom)
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = browser.get(path)
    assert answer.status_code == status
    told = {name: answer.headers[name] for name in FIXED if name in answer.headers}
    assert told == FIXED
    assert set(answer.headers.keys()) - set(FIXED) - FREE == set()
    assert len(answer.headers["X-Request-Id"]) == 32
    kept = "public, max-age=3600" if path == "/static/css/base.css" else "no-store"
    assert answer.headers["Cache-Control"] == kept
    if status == 500:
        assert "planned" not in answer.get_data(as_text=True)
        assert answer.headers["X-Request-Id"] in answer.get_data(as_text=True)


def test_a_file_and_an_export_are_not_kept_either(client_as: Any) -> None:
    answer = client_as("mudur").post("/topics/export", data={"format": "csv"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_tls_is_insisted_on_where_cookies_are_secure(
    app: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Strict-Transport-Security" not in client.get("/login/").headers
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    found = client.get("/login/").headers["Strict-Transport-Security"]
    assert found == "max-age=63072000; includeSubDomains"


def test_no_page_brings_a_script_or_a_style_of_its_own(client_as: Any) -> None:
    import re

    browser = client_as("mudur")
    for path in (
        "/",
        "/applications/list/",
        "/applications/show/1",
        "/applications/charts/",
        "/profile/",
    ):
        text = browser.get(path).get_data(as_text=True)
        assert not re.search(
            r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>", text
        ), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text), path
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), path


def test_the_cookie_of_production() -> None:
    """Read in a fresh interpreter, because the profile decides when the settings are read."""
    import os
    import subprocess
    import sys
    from pathlib import Path

    root = Path(__file__).resolve().parents[2]
    ask = (
        "import config as c; print(c.SESSION_COOKIE_NAME, c.SESSION_COOKIE_SECURE, c.SESSION_COOKIE_HTTPONLY, "
        "c.SESSION_COOKIE_SAMESITE, c.SESSION_COOKIE_PATH, getattr(c, 'SESSION_COOKIE_DOMAIN', None))"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HALKLA_")}
    told = subprocess.run(
        [sys.executable, "-c", ask],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.split() == ["__Host-halkla", "True", "True", "Lax", "/", "None"]


def test_the_cookie_as_it_is_sent(app: Any, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("SESSION_COOKIE_SECURE", True), ("SESSION_COOKIE_NAME", "__Host-halkla")):
        monkeypatch.setitem(app.config, name, value)
    sent = client.get("/language/en").headers["Set-Cookie"]
    parts = {part.strip() for part in sent.split(";")[1:]}
    assert sent.startswith("__Host-halkla=")
    assert parts == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
