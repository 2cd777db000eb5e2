"""Promise 4: identity numbers, telephones and addresses leave the house masked, for every role."""

from __future__ import annotations

import io
from typing import Any
from zipfile import ZipFile

import pytest

from app.roles import ROLES
from tests.trust.plant import CASE_EMAIL, CASE_PHONE, EMAIL, PHONE, TCKN, UNMASKED, case, person
from tests.trust.roles_support import account_of, granted, resources, screens

ENTITIES = {
    "Citizen",
    "Application",
    "Assignment",
    "ApplicationEvent",
    "Reply",
    "Notification",
    "AuditEvent",
    "Reminder",
}


@pytest.fixture
def planted(session: Any) -> dict[str, Any]:
    someone = person(session)
    rows = case(
        session, mark="Maske", unit_code="FEN", citizen=someone, contact_phone=CASE_PHONE, contact_email=CASE_EMAIL,
        on_behalf_of="Gülizar",
    )  # fmt: skip
    someone.phone2 = "+905329996655"
    someone.note = "aranabilir"
    session.commit()
    return {**rows, "Citizen": someone}


def plain(answer: Any) -> str:
    """Everything that can be read in an answer, also inside a workbook."""
    data = answer.get_data()
    if data[:2] == b"PK":
        with ZipFile(io.BytesIO(data)) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return str(data.decode("utf-8", "replace"))


@pytest.mark.parametrize("role", sorted(ROLES))
def test_nothing_personal_leaves_unmasked(
    app: Any, session: Any, client_as: Any, token_of: Any, planted: dict[str, Any], role: str
) -> None:
    username = account_of(session, role)
    browser, machine, token = client_as(username), app.test_client(), token_of(username)
    answers: list[tuple[str, Any]] = []

    def ask(path: str, **form: Any) -> None:
        answers.append((path, browser.post(path, data=form) if form else browser.get(path)))

    for view in screens(app):
        entity = view.class_permission_name
        if entity not in ENTITIES or not granted(role, "read", entity):
            continue
        ask(f"{view.route_base}/list/?tab=all&sort=-id")
        ask(f"{view.route_base}/show/{planted[entity].id}")
        if granted(role, "export", entity):
            ask(f"{view.route_base}/export?tab=all", format="csv")
            ask(f"{view.route_base}/export?tab=all", format="xlsx")
        if granted(role, "write", entity) and view.can_edit:
            ask(f"{view.route_base}/edit/{planted[entity].id}")
    for api in resources(app):
        entity = api.class_permission_name
        if entity in ENTITIES and granted(role, api.method_permission_name["get"], entity):
            for path in (
                f"{api.route_base}/?q=(page_size:50)",
                f"{api.route_base}/{planted[entity].id}",
            ):
                answers.append((path, machine.get(path, headers=token)))
    pk = planted["Citizen"].id
    for path in (
        "/",
        "/search/palette?q=saklioglu",
        "/lookup/citizen?q=saklioglu",
        "/notifications/",
    ):
        ask(path)
    if granted(role, "register", "Application"):
        ask(f"/applications/new/citizen/{pk}")
        ask("/applications/new/people?q=saklioglu")
        ask(f"/applications/new/?citizen={pk}")
    leaks = [(path, text) for path, answer in answers for text in UNMASKED if text in plain(answer)]
    assert leaks == []
    assert all(answer.status_code < 500 for _path, answer in answers)


def test_the_words_searched_for_would_be_found(
    session: Any, client_as: Any, planted: dict[str, Any]
) -> None:
    """After a reveal with a reason the very same search finds them."""
    browser = client_as("operator")
    pk = planted["Citizen"].id
    browser.post(f"/citizens/reveal/{pk}", data={"reason": "Vatandaş kimliğini sordu"})
    text = browser.get(f"/citizens/show/{pk}").get_data(as_text=True)
    assert TCKN in text
    assert EMAIL in text
    assert PHONE[3:6] in text


def test_names_are_for_those_who_may_read_names(
    session: Any, client_as: Any, planted: dict[str, Any]
) -> None:
    pk, case_pk = planted["Citizen"].id, planted["Application"].id
    for username in ("birim", "denetci"):
        browser = client_as(username)
        for path in (
            f"/citizens/show/{pk}",
            f"/applications/show/{case_pk}",
            "/citizens/list/",
            "/lookup/citizen?q=saklioglu",
        ):
            assert "Saklıoğlu" not in browser.get(path).get_data(as_text=True), (username, path)
    assert "Saklıoğlu" in client_as("operator").get(f"/citizens/show/{pk}").get_data(as_text=True)


def test_an_error_tells_nothing(
    app: Any, session: Any, client_as: Any, planted: dict[str, Any]
) -> None:
    browser = client_as("operator")
    bad = {
        "national_id": "10000000147",
        "phone": "999",
        "email": "yanlis@",
        "kind": "person",
        "first_name": "A",
        "last_name": "B",
    }
    answer = browser.post("/citizens/add", data=bad)
    assert answer.status_code == 422
    assert all(text not in answer.get_data(as_text=True) for text in UNMASKED)


def test_the_trail_holds_no_identity(session: Any, planted: dict[str, Any]) -> None:
    import json

    from sqlalchemy import select

    from app.models import AuditEvent

    rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(60))
    text = "\n".join(
        f"{r.summary} {json.dumps(r.changes, ensure_ascii=False, default=str)}" for r in rows
    )
    assert "Citizen" in "".join(
        session.scalars(select(AuditEvent.entity).order_by(AuditEvent.id.desc()).limit(60))
    )
    assert [word for word in UNMASKED if word in text] == []
