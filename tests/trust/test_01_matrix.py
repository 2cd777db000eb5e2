"""Promises 1 and 2: every route carries a permission, and each role opens exactly what the table says."""

from __future__ import annotations

import inspect as signatures
import itertools
import re
from typing import Any

import pytest
from sqlalchemy import func, select

from app.roles import ROLES
from tests.house.test_routes import PUBLIC, STATIC
from tests.trust.roles_support import account_of, charts, granted, resources, screens

#: For everybody who has signed in; what they show is asked for row by row.
SIGNED_IN = {
    "HomeView.index", "SignInView.logout", "ProfileView.profile", "SearchView.page", "SearchView.palette", "LookupView.find", "CardView.card", "BellView.bell",
    "BellView.mark", "AttachmentView.fetch", "SignInApi.refresh", "MenuApi.get_menu_data", "OpenApiView.document",
}  # fmt: skip

#: Opened by the key of a program instead of a person's rights; tests/frontdesk tries it without one.
KEYED = {"CallApi.live"}


def test_every_route_carries_a_permission_or_is_listed(app: Any) -> None:
    bare = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC | STATIC | SIGNED_IN | KEYED:
            continue
        view = app.view_functions[rule.endpoint]
        if not getattr(
            signatures.unwrap(view, stop=lambda f: hasattr(f, "_permission_name")),
            "_permission_name",
            "",
        ):
            bare.add(rule.endpoint)
    assert bare == set()
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= SIGNED_IN


def pages(app: Any) -> list[tuple[str, str, str]]:
    """(address, verb, resource) of every page that needs no record."""
    found = []
    views = {type(v).__name__: v for v in app.extensions["appbuilder"].baseviews}
    for rule in app.url_map.iter_rules():
        if (
            "GET" not in rule.methods
            or rule.arguments - {"key"}
            or rule.endpoint in PUBLIC | STATIC | SIGNED_IN
        ):
            continue
        name, method = rule.endpoint.split(".")
        view = views[name]
        verb = (getattr(view, "method_permission_name", None) or {}).get(method)
        if verb and not rule.rule.startswith("/api/"):
            found.append((re.sub("<[^>]+>", "x", rule.rule), verb, view.class_permission_name))
    return sorted(found)


#: An error as JSON is drawn without a menu, which makes some thousand refusals bearable.
BRIEFLY = {"Accept": "application/json"}
WRITES = {
    "add": "write",
    "edit/1": "write",
    "delete/1": "delete",
    "reveal/1": "reveal",
    "export": "export",
}


def counts(app: Any, session: Any) -> dict[str, int]:
    """Rows of every entity but the trail."""
    models = {v.model for v in screens(app)}
    return {
        m.__name__: session.scalar(select(func.count()).select_from(m))
        for m in models
        if m.__name__ != "AuditEvent"
    }


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_does_exactly_what_the_table_grants(
    app: Any, session: Any, client_as: Any, token_of: Any, role: str
) -> None:
    username = account_of(session, role)
    browser, machine, token = client_as(username), app.test_client(), token_of(username)
    before, wrong = counts(app, session), []
    # Refusals are many and alike: each is asked of every third role, each role is asked every third.
    turn = itertools.count(sorted(ROLES).index(role))

    def is_asked() -> bool:
        return next(turn) % 3 == 0

    for view in screens(app):
        resource = view.class_permission_name
        may = granted(role, "read", resource)
        status = browser.get(f"{view.route_base}/list/?q=yokboyle", headers=BRIEFLY).status_code
        if status != (200 if may else 403):
            wrong.append((view.route_base, status, may))
        for path, verb in WRITES.items():
            if path.split("/")[0] in view.exclude_route_methods:
                continue
            if not granted(role, verb, resource) and is_asked():
                status = browser.post(
                    f"{view.route_base}/{path}", data={"reason": "Denemek"}, headers=BRIEFLY
                ).status_code
                if status != 403:
                    wrong.append((view.route_base, path, status))
    for path, verb, resource in pages(app):
        may = granted(role, verb, resource)
        # Charts and lists that may be opened are drawn by other tests.
        if path.endswith("/list/") or (may and "charts" in path) or not (may or is_asked()):
            continue
        status = browser.get(path, headers=BRIEFLY).status_code
        if may != (status != 403) or status >= 500:
            wrong.append((path, status, may))
    for api in resources(app):
        for method, ask in (
            ("get_list", "GET"),
            ("post", "POST"),
            ("put", "PUT"),
            ("delete", "DELETE"),
        ):
            if f"{type(api).__name__}.{method}" not in app.view_functions:
                continue
            may = granted(role, api.method_permission_name[method], api.class_permission_name)
            rule = f"{api.route_base}/" + ("" if method in {"get_list", "post"} else "1")
            if method == "get_list" or (not may and is_asked()):
                status = machine.open(
                    rule, method=ask, headers=token, json=None if ask == "GET" else {}
                ).status_code
                if status != (200 if may else 403):
                    wrong.append((rule, ask, status, may))
    assert wrong == []
    assert counts(app, session) == before


def test_charts_open_for_those_who_read(app: Any, session: Any, client_as: Any) -> None:
    browser = client_as(account_of(session, "unit_liaison"))
    wrong = []
    for view in charts(app):
        may = granted("unit_liaison", "read", view.class_permission_name)
        status = browser.get(f"{view.route_base}/", headers=BRIEFLY).status_code
        if status != (200 if may else 403):
            wrong.append((view.route_base, status, may))
    assert wrong == []
