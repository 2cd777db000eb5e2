"""Writing, masks and the document."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError
from sqlalchemy import func, select

from app.core.api.fields import check_text
from app.system.models import CalendarDay, LegalRule
from tests.core.test_api.support import DAY, URL


# --- writing ---------------------------------------------------------------------------------------------
def test_a_record_is_added_changed_and_deleted(admin: Any, session: Any) -> None:
    added = admin("POST", URL, DAY)
    assert added.status_code == 201, added.text
    pk = added.get_json()["id"]
    assert added.get_json()["result"]["name"] == "Kar tatili"
    changed = admin(
        "PUT", f"{URL}{pk}", {"name": "Kar  tatili ", "decision_no": "2026/5", "version": 1}
    )
    assert changed.status_code == 200, changed.text
    assert changed.get_json()["result"]["decision_no"] == "2026/5"
    assert changed.get_json()["result"]["name"] == "Kar tatili"
    assert changed.get_json()["result"]["version"] == 2
    assert admin("DELETE", f"{URL}{pk}").status_code == 200
    assert session.get(CalendarDay, pk) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"on": None}, "on"),
        ({"on": "10.03.2026"}, "on"),
        ({"kind": "no_such_kind"}, "kind"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": 5}, "name"),
        ({"authority": ""}, "authority"),
        ({"counts_as_working_day": "perhaps"}, "counts_as_working_day"),
        ({"id": 7}, "id"),
        ({"version": 7}, "version"),
        ({"created_by_id": 7}, "created_by_id"),
        ({"is_estimated": True}, "is_estimated"),
        ({"no_such_field": 1}, "no_such_field"),
    ],
    ids=str,
)
def test_what_is_refused_names_its_field(admin: Any, session: Any, change: Any, field: str) -> None:
    before = session.scalar(select(func.count()).select_from(CalendarDay))
    answer = admin("POST", URL, {**DAY, **change})
    assert answer.status_code == 422, answer.text
    body = answer.get_json()
    assert field in body["errors"]
    assert body["message"]
    assert session.scalar(select(func.count()).select_from(CalendarDay)) == before


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"kind": "no_such_kind"}, "kind", "Şunlardan biri olmalı: public_holiday, "),
        ({"on": "10.03.2026"}, "on", "Günü yıl-ay-gün olarak yazın, örneğin 2026-12-31."),
        ({"name": 5}, "name", "Tırnak içinde bir metin yazın."),
        ({"name": ""}, "name", "Boş olamaz; en çok 200 karakter."),
        ({"counts_as_working_day": "perhaps"}, "counts_as_working_day", "true ya da false yazın."),
        ({"no_such_field": 1}, "no_such_field", "Burada böyle bir alan yok ya da yazılamaz."),
    ],
    ids=str,
)
def test_what_is_refused_is_said_in_turkish(
    admin: Any, change: Any, field: str, words: str
) -> None:
    (text,) = admin("POST", URL, {**DAY, **change}).get_json()["errors"][field]
    assert text.startswith(words)


def test_what_is_refused_is_said_in_the_language_that_is_asked_for(admin: Any) -> None:
    answer = admin("POST", f"{URL}?_l_=en", {**DAY, "kind": "no_such_kind", "name": 5})
    errors = answer.get_json()["errors"]
    assert errors["kind"][0].startswith("Must be one of: public_holiday, ")
    assert errors["name"] == ["Write a text in quotation marks."]


def test_no_message_of_the_library_is_left_in_any_resource(app: Any) -> None:
    """Every field of every POST and PUT, those that rooms add too, has messages of ours."""
    from flask_babel.speaklater import LazyString

    from app.core.api import BackOfficeApi

    with app.test_request_context():
        apis = [v for v in app.appbuilder.baseviews if isinstance(v, BackOfficeApi)]
        schemas = [s for api in apis for s in (api.add_model_schema, api.edit_model_schema)]
        assert len(schemas) > 20
        for schema in schemas:
            assert "Burada" in str(schema.error_messages["unknown"])
            for name, field in schema.fields.items():
                for key in ("required", "null", "invalid"):
                    assert isinstance(field.error_messages[key], LazyString), (name, key)
                assert all(isinstance(v.error, LazyString) for v in field.validators), name


def test_a_missing_field_is_named(admin: Any) -> None:
    answer = admin("POST", URL, {})
    assert set(answer.get_json()["errors"]) == {"on", "kind", "name"}


@pytest.mark.parametrize("body", ["", "null", "[]", "3", "{", '"text"'])
def test_a_body_that_is_no_object_is_400(client: Any, token_of: Any, body: str) -> None:
    answer = client.post(
        URL, data=body, content_type="application/json", headers=token_of("yonetici")
    )
    assert answer.status_code == 400


def test_a_change_without_the_version_is_422_and_with_an_old_one_409(admin: Any) -> None:
    pk = admin("POST", URL, DAY).get_json()["id"]
    assert "version" in admin("PUT", f"{URL}{pk}", {"name": "Fırtına"}).get_json()["errors"]
    assert admin("PUT", f"{URL}{pk}", {"name": "Fırtına", "version": 1}).status_code == 200
    late = admin("PUT", f"{URL}{pk}", {"name": "Sel", "version": 1})
    assert late.status_code == 409
    assert late.get_json()["version"] == 2


def test_a_rule_of_the_screen_holds_for_changes_too(admin: Any) -> None:
    pk = admin("POST", URL, DAY).get_json()["id"]
    answer = admin("PUT", f"{URL}{pk}", {"authority": "", "version": 1})
    assert answer.status_code == 422
    assert "authority" in answer.get_json()["errors"]


def test_a_duplicate_that_only_the_database_sees_is_409_at_its_field(admin: Any) -> None:
    first = admin("POST", URL, DAY).get_json()["id"]
    second = admin("POST", URL, {**DAY, "on": "2026-03-11"}).get_json()
    assert first != second["id"]
    answer = admin("PUT", f"{URL}{second['id']}", {"on": "2026-03-10", "version": 1})
    assert answer.status_code == 409, answer.text
    assert "on" in answer.get_json()["errors"]


def test_a_repeated_request_makes_one_record(admin: Any, session: Any) -> None:
    first = admin("POST", URL, DAY, headers={"Idempotency-Key": "k-1"})
    again = admin("POST", URL, {**DAY, "request_key": "k-1"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json()["id"] == again.get_json()["id"]
    other = admin("POST", URL, {**DAY, "on": "2026-03-11", "request_key": "k-2"})
    assert other.status_code == 201
    assert admin("POST", URL, {**DAY, "request_key": "x" * 81}).status_code == 422
    assert admin("POST", URL, {**DAY, "request_key": 5}).status_code == 422


def test_a_key_with_another_body_is_a_conflict_and_nothing_is_lost(admin: Any) -> None:
    first = admin("POST", URL, DAY, headers={"Idempotency-Key": "k-3"})
    other = admin("POST", URL, {**DAY, "name": "Fırtına"}, headers={"Idempotency-Key": "k-3"})
    assert other.status_code == 409
    assert other.get_json()["message"].startswith("Bu istek anahtarı başka verilerle kullanıldı.")
    # The order of the fields says nothing.
    again = admin("POST", URL, dict(reversed(DAY.items())), headers={"Idempotency-Key": "k-3"})
    assert (again.status_code, again.get_json()["id"]) == (200, first.get_json()["id"])


def test_two_applications_with_one_key_are_not_taken_for_one(
    client: Any, token_of: Any, session: Any
) -> None:
    from app.applications.models import Application, Topic

    url = "/api/v1/application/"
    body = {
        "subject": "Çöp konteyneri devrilmiş",
        "body": "Sokağın başındaki konteyner devrildi.",
        "kind": "request",
        "channel": "call_center",
        "topic_id": session.scalars(select(Topic.id).where(Topic.active.is_(True)).limit(1)).one(),
        "is_anonymous": True,
    }
    key = {"Idempotency-Key": "x" * 80}
    headers = {**token_of("operator"), **key}
    before = session.scalar(select(func.count()).select_from(Application))
    first = client.post(url, json=body, headers=headers)
    assert first.status_code == 201, first.text
    again = client.post(url, json=body, headers=headers)
    assert (again.status_code, again.get_json()["id"]) == (200, first.get_json()["id"])
    other = client.post(url, json={**body, "subject": "Lamba yanmıyor"}, headers=headers)
    assert other.status_code == 409
    # Another person's key of the same letters is another key.
    mine = client.post(url, json=body, headers={**token_of("mudur"), **key})
    assert mine.status_code == 201, mine.text
    assert mine.get_json()["id"] != first.get_json()["id"]
    assert session.scalar(select(func.count()).select_from(Application)) == before + 2


def test_a_key_of_one_person_is_not_that_of_another(admin: Any, client: Any, token_of: Any) -> None:
    first = admin("POST", URL, {**DAY, "request_key": "k"}).get_json()["id"]
    other = client.post(
        URL, json={**DAY, "on": "2026-03-12", "request_key": "k"}, headers=token_of("mudur")
    )
    assert other.status_code == 201
    assert other.get_json()["id"] != first


def test_a_link_to_nothing_is_refused_by_its_field(admin: Any) -> None:
    for value in (999_999, 0, -1, 2**31, "7", True):
        answer = admin(
            "POST", "/api/v1/topic/", {"code": "XX-99", "name": "Deneme", "unit_id": value}
        )
        assert answer.status_code == 422, answer.text
        assert "unit_id" in answer.get_json()["errors"]


def test_a_new_version_of_a_legal_period_closes_the_old_one(admin: Any, session: Any) -> None:
    answer = admin(
        "POST",
        "/api/v1/legal_rule/",
        {
            "key": "petition_answer",
            "label": "Dilekçe",
            "law": "3071 m.7",
            "days": 20,
            "unit": "calendar_days",
            "valid_from": "2030-01-01",
        },
    )
    assert answer.status_code == 201, answer.text
    old = session.scalars(
        select(LegalRule).where(LegalRule.key == "petition_answer", LegalRule.rule_version == 1)
    ).one()
    assert old.valid_to.isoformat() == "2029-12-31"


# --- masks and scope ---------------------------------------------------------------------------------
def test_personal_columns_wear_the_masks_of_the_screens(
    client: Any, token_of: Any, session: Any
) -> None:
    from app.people.models import Citizen

    person = session.scalars(
        select(Citizen).where(Citizen.phone != "", Citizen.last_name != "").limit(1)
    ).one()
    for user in ("operator", "baskan", "denetci"):
        answer = client.get(f"/api/v1/citizen/{person.id}", headers=token_of(user))
        assert answer.status_code == 200, (user, answer.text)
        assert person.phone not in answer.text
        assert person.phone[-7:] not in answer.text.replace(" ", "")


def test_records_out_of_scope_are_404_and_not_listed(
    client: Any, token_of: Any, session: Any
) -> None:
    from app.applications.models import Application

    hidden = session.scalars(
        select(Application.id).where(Application.is_restricted.is_(True)).limit(1)
    ).first()
    if hidden is None:
        row = session.scalars(select(Application).limit(1)).one()
        row.is_restricted = True
        session.commit()
        hidden = row.id
    answer = client.get(f"/api/v1/application/{hidden}", headers=token_of("operator"))
    assert answer.status_code == 404


def test_halves_of_characters_are_refused() -> None:
    from flask import Flask

    app = Flask("probe")
    from flask_babel import Babel

    Babel(app)
    with app.test_request_context():
        for text in ("\x00", "\ud800"):
            with pytest.raises(ValidationError):
                check_text(text)
    assert check_text("İğüşöçı") == "İğüşöçı"


# --- the document -----------------------------------------------------------------------------------------
def test_the_document_is_not_for_strangers(client: Any) -> None:
    assert client.get("/api/v1/_openapi").status_code == 401


def test_a_session_opens_the_document(client_as: Any) -> None:
    assert client_as("operator").get("/api/v1/_openapi").status_code == 200


def test_a_token_opens_the_document_and_it_tells_what_is_open(client: Any, token_of: Any) -> None:
    document = client.get("/api/v1/_openapi", headers=token_of("operator")).get_json()
    assert document["openapi"].startswith("3.0")
    paths = document["paths"]
    assert "post" in paths["/api/v1/calendar_day/"]
    assert "post" not in paths["/api/v1/audit_event/"]
    body = document["components"]["schemas"]["CalendarDayApi.post"]
    assert set(body["required"]) == {"on", "kind", "name"}
    assert client.get("/api/v9/_openapi", headers=token_of("operator")).status_code == 404
