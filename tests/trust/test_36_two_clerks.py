"""Promise 36: two people change one record; nobody's words are lost without a word."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import select

JSON = {"Accept": "application/json"}


@pytest.fixture
def template(session: Any) -> Any:
    from app.applications.rules import ReplyKind
    from app.models import ReplyTemplate

    row = ReplyTemplate(
        name="İlk ad", reply_kind=list(ReplyKind)[0], body="İlk gövde", short_text="İlk kısa"
    )
    session.add(row)
    session.commit()
    return row


def form(row: Any, **typed: Any) -> dict[str, Any]:
    """What the edit page of this row would send."""
    values = {
        "name": row.name, "reply_kind": row.reply_kind.value, "body": row.body, "short_text": row.short_text,
        "active": "y", "_version": str(row.version),
    }  # fmt: skip
    return {**values, **typed}


def test_the_second_sees_both_versions_and_may_then_save(
    session: Any, client_as: Any, template: Any
) -> None:
    first, second = client_as("mudur"), client_as("sef")
    path = f"/reply-templates/edit/{template.id}"
    opened_by_first, opened_by_second = (
        form(template, body="Müdürün gövdesi"),
        form(template, body="Şefin gövdesi"),
    )
    assert first.post(path, data=opened_by_first).status_code == 302
    answer = second.post(path, data=opened_by_second)
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Müdürün gövdesi" in page
    assert "Şefin gövdesi" in page
    assert "Nermin Aksoy" in page
    session.refresh(template)
    assert template.body == "Müdürün gövdesi"
    assert second.post(path, data=form(template, body="Şefin gövdesi")).status_code == 302
    session.refresh(template)
    assert template.body == "Şefin gövdesi"


def test_a_machine_is_told_the_version_that_it_missed(
    app: Any, session: Any, token_of: Any, template: Any
) -> None:
    machine, token = app.test_client(), token_of("mudur")
    path, version = f"/api/v1/reply_template/{template.id}", template.version
    assert (
        machine.put(path, json={"body": "Yeni", "version": version}, headers=token).status_code
        == 200
    )
    answer = machine.put(path, json={"body": "Eski", "version": version}, headers=token)
    assert answer.status_code == 409
    assert answer.get_json()["version"] > version
    assert machine.put(path, json={"body": "Sürümsüz"}, headers=token).status_code == 422
    session.refresh(template)
    assert template.body == "Yeni"


def test_the_database_itself_refuses_an_old_version(session: Any, template: Any) -> None:
    """Two requests may both have read before either writes; then the version in the UPDATE decides."""
    from sqlalchemy import text
    from sqlalchemy.orm.exc import StaleDataError

    session.execute(select(type(template)).where(type(template).id == template.id)).scalar_one()
    table = type(template).__table__.name
    session.execute(
        text(f"UPDATE {table} SET version = version + 1 WHERE id = :id"), {"id": template.id}
    )
    template.body = "Geç kalan"
    with pytest.raises(StaleDataError):
        session.flush()
    session.rollback()


def test_fifty_random_interleavings_lose_nothing(
    app: Any, session: Any, client_as: Any, token_of: Any, template: Any
) -> None:
    """Each writer adds a word of its own to what it has read; every accepted word is there at the end."""
    rng = random.Random(36)
    browsers = {name: client_as(name) for name in ("mudur", "sef")}
    machine, token = app.test_client(), token_of("mudur")
    read: dict[str, Any] = {}
    accepted, refused, count = [], 0, 0
    while count < 50:
        who = rng.choice(["mudur", "sef", "machine"])
        session.refresh(template)
        if who not in read or rng.random() < 0.45:
            read[who] = form(template)
            continue
        count += 1
        word = f"söz-{count}"
        data = {**read[who], "body": f"{read[who]['body']} {word}"}
        current = int(data["_version"]) == template.version
        if who == "machine":
            body = {"body": data["body"], "version": int(data["_version"])}
            status = machine.put(
                f"/api/v1/reply_template/{template.id}", json=body, headers=token
            ).status_code
            good = status == 200
        else:
            status = (
                browsers[who].post(f"/reply-templates/edit/{template.id}", data=data).status_code
            )
            good = status == 302
        assert good is current, (who, status)
        if good:
            accepted.append(word)
            del read[who]
        else:
            assert status == 409
            refused += 1
            if rng.random() < 0.5:
                del read[who]
    session.refresh(template)
    assert template.body.split()[2:] == accepted
    assert len(accepted) > 5
    assert refused > 5


def test_a_form_without_its_version_is_not_taken_for_a_fresh_one(
    session: Any, client_as: Any, template: Any
) -> None:
    data = form(template, body="Sürümsüz gövde")
    del data["_version"]
    answer = client_as("sef").post(f"/reply-templates/edit/{template.id}", data=data)
    assert answer.status_code in {409, 422}
    session.refresh(template)
    assert template.body == "İlk gövde"
