"""Promises 3 and 5: a record out of one's sight does not exist, at any address and in no figure."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from app.roles import ROLES
from tests.trust.plant import case
from tests.trust.roles_support import account_of, granted, resources, screens

MARK = "Zümrütlüihbar"
FOLDED = "zumrutluihbar"
JSON = {"Accept": "application/json"}
PARTS = ("Application", "Assignment", "ApplicationEvent", "Reply")


@pytest.fixture
def foreign(session: Any) -> dict[str, Any]:
    """A restricted tip-off with a hidden applicant, at a unit that is neither FEN nor TESKİ."""
    return case(session, mark=MARK, is_restricted=True, identity_hidden=True)


def address(rule: Any, pk: int) -> str:
    found = re.sub(r"<int:pk>", str(pk), rule.rule)
    return re.sub(
        r"<[^>]*owner>",
        "Application",
        re.sub(r"<int:\w+>", "1", re.sub(r"<string:action>", "assign", found)),
    )


def routes_of(app: Any) -> list[tuple[Any, str, str, str]]:
    """(rule, method, verb, entity) of each route that names one record of a case."""
    views = {type(v).__name__: v for v in app.extensions["appbuilder"].baseviews}
    found = []
    for rule in app.url_map.iter_rules():
        if "pk" not in rule.arguments or rule.endpoint.startswith(("static", "appbuilder")):
            continue
        name, method = rule.endpoint.split(".")
        view = views[name]
        entity = view.class_permission_name
        if entity in PARTS and rule.endpoint != "IntakeView.citizen":
            for ask in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                found.append((rule, ask, view.method_permission_name.get(method, ""), entity))
    return found


#: Enough roles for every verb; none of them may see a restricted case.
@pytest.mark.parametrize(
    "role", ["chief", "operator", "desk_officer", "foi_officer", "unit_liaison", "top_mgmt"]
)
def test_every_address_of_a_foreign_record_is_empty(
    app: Any, session: Any, client_as: Any, token_of: Any, foreign: dict[str, Any], role: str
) -> None:
    username = account_of(session, role)
    browser, machine, token = client_as(username), app.test_client(), token_of(username)
    wrong = []
    for rule, ask, verb, entity in routes_of(app):
        path = address(rule, foreign[entity].id)
        if path.startswith("/api/"):
            answer = machine.open(
                path, method=ask, json={"version": 1} if ask != "GET" else None, headers=token
            )
        else:
            answer = browser.open(
                path, method=ask, data={"reason": "Görmek istiyorum", "note": "x"}, headers=JSON
            )
        # A step asks for its own verb after the record; without the verb a 403 says nothing of the record.
        wanted = {404} if granted(role, verb, entity) else {403, 404}
        if rule.endpoint.endswith((".do", ".approve", ".send", ".reply", ".template", ".note")):
            wanted = {403, 404}
        if answer.status_code not in wanted or MARK in answer.get_data(as_text=True):
            wrong.append((path, ask, verb, answer.status_code))
    assert wrong == []


def test_the_same_addresses_are_full_for_those_who_may(
    app: Any, client_as: Any, foreign: dict[str, Any]
) -> None:
    """The test above would also hold in an empty house."""
    browser = client_as("mudur")
    for entity, base in (
        ("Application", "applications"),
        ("Assignment", "assignments"),
        ("Reply", "replies"),
    ):
        answer = browser.get(f"/{base}/show/{foreign[entity].id}")
        assert answer.status_code == 200
        assert MARK in answer.get_data(as_text=True), base


@pytest.mark.parametrize("username", ["birim", "operator"])
def test_files_of_a_foreign_record_can_neither_be_read_nor_added(
    session: Any, client_as: Any, foreign: dict[str, Any], username: str
) -> None:
    from app.core.uploads import check_upload
    from app.system.services import attachments

    upload = check_upload("ihbar.txt", io.BytesIO(f"{MARK} dosyası".encode()))
    kept = attachments.store(
        session, owner_type="Application", owner_id=foreign["Application"].id, upload=upload
    )
    session.commit()
    browser = client_as(username)
    assert browser.get(f"/files/{kept.id}").status_code == 404
    sent = {"file": (io.BytesIO(b"metin"), "a.txt")}
    assert (
        browser.post(f"/files/add/Application/{foreign['Application'].id}", data=sent).status_code
        == 404
    )
    assert client_as("mudur").get(f"/files/{kept.id}").status_code in {200, 403}


@pytest.mark.parametrize(
    "role", sorted(r for r in ROLES if "restricted" not in ROLES[r].get("Application", ()))
)
def test_a_hidden_tip_off_is_found_nowhere(
    app: Any, session: Any, client_as: Any, token_of: Any, foreign: dict[str, Any], role: str
) -> None:
    username = account_of(session, role)
    browser, machine, token = client_as(username), app.test_client(), token_of(username)
    number = foreign["Application"].number
    asked = [
        "/",
        f"/search/?q={FOLDED}",
        f"/search/palette?q={number}",
        f"/search/palette?q={FOLDED}",
        "/notifications/",
    ]
    asked += [f"/lookup/application?q={number}", f"/lookup/application?q={FOLDED}"]
    if granted(role, "register", "Application"):
        asked += [
            f"/applications/new/similar?text={FOLDED}",
            f"/applications/new/people?q={FOLDED}",
        ]
    leaks = []
    for path in asked:
        text = browser.get(path, headers={} if path == "/" else JSON).get_data(as_text=True)
        # The page of results repeats what was typed, folded as it was.
        if MARK in text or (number in text and f"q={number}" not in path) or '"results":[{' in text:
            leaks.append(path)
    for view in screens(app):
        entity = view.class_permission_name
        if entity not in {
            *PARTS,
            "Notification",
            "Reminder",
            "AuditEvent",
            "Attachment",
        } or not granted(role, "read", entity):
            continue
        pk = foreign[entity].id if entity in foreign else 0
        texts = [browser.get(f"{view.route_base}/list/?tab=all").get_data(as_text=True)]
        if pk:
            texts.append(
                browser.get(f"{view.route_base}/show/{pk}", headers=JSON).get_data(as_text=True)
            )
        if granted(role, "export", entity):
            texts.append(
                browser.post(f"{view.route_base}/export?tab=all", data={"format": "csv"}).get_data(
                    as_text=True
                )
            )
        if any(MARK in text or number in text for text in texts):
            leaks.append(view.route_base)
    for api in resources(app):
        entity = api.class_permission_name
        if entity in {*PARTS, "Notification", "Reminder", "AuditEvent"} and granted(
            role, "read", entity
        ):
            text = machine.get(f"{api.route_base}/?q=(page_size:250)", headers=token).get_data(
                as_text=True
            )
            pk = foreign[entity].id
            status = machine.get(f"{api.route_base}/{pk}", headers=token).status_code
            if FOLDED in text or "mr\\u00fctl\\u00fcihbar" in text or MARK in text or status != 404:
                leaks.append((api.route_base, status))
    assert leaks == []


@pytest.mark.parametrize("username", ["sef", "birim"])
def test_acts_on_many_rows_leave_foreign_ones_alone(
    session: Any, client_as: Any, foreign: dict[str, Any], username: str
) -> None:
    row = foreign["Application"]
    before = row.version
    for name in ("assign", "close", "transfer", "take_to_triage", "merge"):
        client_as(username).post(
            "/applications/action", data={"action": name, "rowid": [row.id]}, headers=JSON
        )
    session.refresh(row)
    assert row.version == before


def test_no_figure_counts_it(
    app: Any, session: Any, client_as: Any, foreign: dict[str, Any]
) -> None:
    """The count of a list is the same whether the tip-off exists or not."""
    from app.applications.rules import Channel
    from app.models import Application

    machine_count = client_as("operator").get(
        "/applications/list/?tab=all&channel=cimer&q=" + FOLDED
    )
    assert "applications/show/" not in machine_count.get_data(as_text=True).split("<main")[-1]
    assert session.get(Application, foreign["Application"].id).channel is Channel.CIMER
