"""Every route is behind a named permission, behind a sign-in, or on the short public list."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import text

#: What anybody may open. Source: trust promise 1 (at most eight).
PUBLIC = {
    "SignInView.login",
    "SignInApi.login",
    "TrackingView.track",
    "Open311Api.handle",
    "HealthView.live",
    "HealthView.ready",
    "HealthView.metrics",
    "LanguageView.switch",
}
#: FAB's own static files and small redirects; they show nothing of ours.
STATIC = {"static", "appbuilder.static", "UtilView.back", "LocaleView.index"}


def plain(rule: Any) -> str:
    """An address of the rule with 1 and x for its arguments."""
    return re.sub(
        r"<(?:\w+:)?(\w+)>",
        lambda m: "1" if m.group(1) in {"pk", "reply", "template"} else "x",
        rule.rule,
    )


def test_nobody_gets_in_without_signing_in(app: Any, client: Any) -> None:
    leaks = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC | STATIC:
            continue
        method = "GET" if "GET" in rule.methods else "POST"
        answer = client.open(plain(rule), method=method)
        goes_to_door = answer.status_code == 302 and "/login/" in answer.headers["Location"]
        if not goes_to_door and answer.status_code not in {401, 403, 404, 405, 422}:
            leaks.append((rule.rule, method, answer.status_code))
    assert leaks == []
    assert len(PUBLIC) <= 8


def test_public_names_exist(app: Any) -> None:
    assert {r.endpoint for r in app.url_map.iter_rules()} >= PUBLIC


def checksum(session: Any) -> dict[str, Any]:
    """Rows of every table but the audit trail, which grows when somebody looks at people."""
    from app.models import Application

    counts = {}
    for table in Application.metadata.sorted_tables:
        if table.name == "system_audit_event":
            continue
        version = ", coalesce(sum(version), 0)" if "version" in table.c else ""
        counts[table.name] = tuple(
            session.execute(text(f"SELECT count(*){version} FROM {table.name}")).one()
        )
    return counts


@pytest.mark.parametrize("username", ["mudur", "yonetici"])
def test_a_get_changes_no_row_and_no_get_is_a_fault(
    app: Any, session: Any, client_as: Any, username: str
) -> None:
    client = client_as(username)
    session.rollback()
    before = checksum(session)
    faults = []
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint not in STATIC | {"HealthView.metrics"}:
            answer = client.get(plain(rule))
            if answer.status_code >= 500 and rule.endpoint != "HealthView.ready":
                faults.append((rule.rule, answer.status_code))
    assert faults == []
    assert checksum(session) == before


def test_addresses_are_in_kebab_case(app: Any) -> None:
    odd = [
        r.rule
        for r in app.url_map.iter_rules()
        if not r.rule.startswith(("/api/", "/static/"))
        and re.search(r"[A-Z_]", re.sub(r"<[^>]+>", "", r.rule))
    ]
    assert odd == []
