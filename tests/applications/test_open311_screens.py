"""Screens around Open311: questions on a topic’s page, what apps sent, the cards of a case and a key."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select, update

from app.core import clock

QUESTION = {
    "position": "1",
    "question": "Hangi direk?",
    "code": "DIREK",
    "datatype": "string",
    "choices": "",
    "hint": "Direğin üzerinde yazar.",
    "is_asked": "y",
}


@pytest.fixture
def topic(session: Any) -> Any:
    from app.models import Topic

    return session.scalars(select(Topic).where(Topic.code == "TRM-01")).one()


@pytest.fixture
def sent(session: Any) -> Any:
    """A demo request that came through a key."""
    from app.models import Open311Request

    return session.scalars(select(Open311Request).order_by(Open311Request.id.desc())).first()


# --- topics and questions ---------------------------------------------------------------------------
def test_the_manager_offers_a_topic_and_adds_its_questions(
    client: Any, client_as: Any, session: Any, topic: Any
) -> None:
    from app.models import ServiceAttribute

    manager = client_as("mudur")
    page = manager.get(f"/topics/show/{topic.id}").text
    assert "Uygulamalara sunulan hizmet (Open311)" in page
    assert f"/service-questions/add?topic={topic.id}" in page
    form = manager.get(f"/topics/edit/{topic.id}").text
    assert 'name="is_public_service"' in form
    add = manager.get(f"/service-questions/add?topic={topic.id}").text
    assert 'name="position"' in add
    answer = manager.post("/service-questions/add", data={**QUESTION, "topic": str(topic.id)})
    assert answer.status_code == 302, answer.text[:500]
    assert answer.headers["Location"] == f"/topics/show/{topic.id}#rel-questions"
    assert "Hangi direk?" in manager.get(f"/topics/show/{topic.id}").text
    row = session.scalars(
        select(ServiceAttribute).where(ServiceAttribute.topic_id == topic.id)
    ).one()
    assert manager.get(f"/service-questions/show/{row.id}").status_code == 200
    assert client.get("/open311/v2/services/TRM-01.json").status_code == 404
    session.connection().execute(
        update(type(topic).__table__)
        .where(type(topic).__table__.c.id == topic.id)
        .values(is_public_service=True, public_name="Tarım desteği")
    )
    session.commit()
    asked = client.get("/open311/v2/services/TRM-01.json").get_json()["attributes"]
    assert [q["code"] for q in asked] == ["DIREK"]


def test_the_next_free_place_is_proposed(client_as: Any, session: Any) -> None:
    from app.models import Topic

    hole = session.scalars(select(Topic.id).where(Topic.code == "YOL-01")).one()
    form = client_as("mudur").get(f"/service-questions/add?topic={hole}").text
    field = re.search(r"<input[^>]*name=\"position\"[^>]*>", form)
    assert field is not None
    assert 'value="4"' in field.group()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "iki kelime"}, "code"),
        ({"datatype": "singlevaluelist"}, "choices"),
        ({"datatype": "singlevaluelist", "choices": "a = A\na = B"}, "choices"),
        ({"choices": "a = A\nb = B"}, "choices"),
        ({"position": "0"}, "position"),
        ({"is_required": "y", "is_asked": ""}, "is_required"),
    ],
)
def test_a_wrong_question_is_told_at_its_field(
    client_as: Any, topic: Any, change: dict[str, str], field: str
) -> None:
    data = {**QUESTION, "topic": str(topic.id), **change}
    answer = client_as("mudur").post(
        "/service-questions/add", data={k: v for k, v in data.items() if v}
    )
    assert answer.status_code == 422
    assert f'id="{field}-error' in answer.text
    assert "Hangi direk?" in answer.text


@pytest.mark.parametrize(
    ("change", "field"), [({"position": "2"}, "code"), ({"code": "BASKA"}, "position")]
)
def test_a_name_and_a_place_are_taken_once(
    client_as: Any, topic: Any, change: dict[str, str], field: str
) -> None:
    manager = client_as("mudur")
    data = {**QUESTION, "topic": str(topic.id)}
    assert manager.post("/service-questions/add", data=data).status_code == 302
    again = manager.post("/service-questions/add", data={**data, **change})
    assert again.status_code == 422
    assert f'id="{field}-error' in again.text


def test_an_operator_reads_questions_and_cannot_write_them(client_as: Any, topic: Any) -> None:
    operator = client_as("operator")
    assert operator.get("/service-questions/list/").status_code == 200
    answer = operator.post("/service-questions/add", data={**QUESTION, "topic": str(topic.id)})
    assert answer.status_code == 403


def test_questions_in_figures_lead_to_their_lists(client_as: Any) -> None:
    manager = client_as("mudur")
    page = manager.get("/service-questions/charts/").text
    link = re.search(r"/service-questions/list/\?[^\"]*datatype=singlevaluelist[^\"]*", page)
    assert link is not None
    assert manager.get(link.group().replace("&amp;", "&")).status_code == 200


# --- what apps sent -----------------------------------------------------------------------------------
def test_what_apps_sent_is_listed_shown_and_charted(client_as: Any, sent: Any) -> None:
    manager = client_as("mudur")
    assert manager.get("/open311-requests/list/").status_code == 200
    by_key = manager.get(f"/open311-requests/list/?key={sent.api_key_id}")
    assert by_key.status_code == 200
    page = manager.get(f"/open311-requests/show/{sent.id}").text
    assert str(sent.application.number) in page
    for secretly in (sent.account_id, sent.media_url, sent.token):
        assert not secretly or secretly not in page
    charts = manager.get("/open311-requests/charts/").text
    link = re.search(r"/open311-requests/list/\?[^\"]*topic=\d+[^\"]*", charts)
    assert link is not None
    assert manager.get(link.group().replace("&amp;", "&")).status_code == 200
    assert manager.post("/open311-requests/export", data={"format": "xlsx"}).status_code == 200


def test_the_case_shows_what_the_app_asked_and_the_link_as_text(
    client_as: Any, session: Any, sent: Any
) -> None:
    sent.media_url = "https://ornek.com/<b>foto</b>?a=1&b=2"
    sent.answers = [{"code": "A", "question": "<i>Ne?</i>", "values": [{"key": "x", "name": "Bu"}]}]
    session.commit()
    manager = client_as("mudur")
    page = manager.get(f"/applications/show/{sent.application_id}").text
    assert f"/cards/Application/{sent.application_id}/open311" in page
    card = manager.get(f"/cards/Application/{sent.application_id}/open311").text
    assert "&lt;i&gt;Ne?&lt;/i&gt;" in card
    assert "https://ornek.com/&lt;b&gt;foto" in card
    assert 'href="https://ornek.com' not in card


def test_a_case_that_no_app_sent_has_no_such_card(client_as: Any, session: Any) -> None:
    from app.applications.rules import Channel
    from app.models import Application, Open311Request

    pk = session.scalar(
        select(Application.id).where(
            Application.channel == Channel.MOBILE,
            Application.is_restricted.is_(False),
            Application.id.not_in(select(Open311Request.application_id)),
        )
    )
    assert client_as("mudur").get(f"/cards/Application/{pk}/open311").text == ""


def test_the_administrator_sees_that_a_key_is_alive_and_nothing_that_was_written(
    client_as: Any, session: Any, sent: Any
) -> None:
    number, subject = sent.application.number, sent.application.subject
    sent_key = sent.api_key_id
    admin = client_as("yonetici")
    assert f"/cards/ApiKey/{sent_key}/open311" in admin.get(f"/api-keys/show/{sent_key}").text
    card = admin.get(f"/cards/ApiKey/{sent_key}/open311").text
    assert number in card
    assert subject not in card
    assert "/applications/show/" not in card
    auditor = client_as("denetci").get(f"/cards/ApiKey/{sent_key}/open311").text
    assert f"/applications/show/{sent.application_id}" in auditor


# --- scope --------------------------------------------------------------------------------------------
def test_what_an_app_sent_is_as_invisible_as_its_case(
    app: Any, client_as: Any, token_of: Any, session: Any, sent: Any
) -> None:
    from app.models import Application

    pk, case = sent.id, sent.application_id
    table = Application.__table__
    session.connection().execute(
        update(table).where(table.c.id == case).values(is_restricted=True, changed_at=clock.now())
    )
    session.commit()
    for username, status in (("operator", 404), ("mudur", 200), ("birim", 404), ("yonetici", 403)):
        answer = client_as(username).get(f"/open311-requests/show/{pk}")
        assert answer.status_code == status, username
    headers = token_of("operator")
    machine = app.test_client().get(f"/api/v1/open311_request/{pk}", headers=headers)
    assert machine.status_code == 404


def test_a_machine_reads_requests_without_account_and_link(
    app: Any, token_of: Any, session: Any, sent: Any
) -> None:
    client = app.test_client()
    one = client.get(f"/api/v1/open311_request/{sent.id}", headers=token_of("mudur"))
    assert one.status_code == 200
    result = one.get_json()["result"]
    assert not set(result) & {"account_id", "media_url", "token", "body_digest"}
    assert (
        client.post("/api/v1/open311_request/", json={}, headers=token_of("mudur")).status_code
        == 405
    )


def test_a_machine_keeps_questions(app: Any, token_of: Any, topic: Any) -> None:
    client, headers = app.test_client(), token_of("mudur")
    values = {
        "topic_id": topic.id,
        "code": "URUN",
        "question": "Hangi ürün?",
        "datatype": "singlevaluelist",
        "choices": "bugday = Buğday\nayc = Ayçiçeği",
        "is_asked": True,
        "is_required": False,
        "position": 1,
    }
    made = client.post("/api/v1/service_attribute/", json=values, headers=headers)
    assert made.status_code == 201, made.text
    bad = client.post("/api/v1/service_attribute/", json={**values, "code": "x y"}, headers=headers)
    assert bad.status_code == 422
    assert "code" in bad.get_json()["errors"]
    gone = client.delete(f"/api/v1/service_attribute/{made.get_json()['id']}", headers=headers)
    assert gone.status_code == 200


# --- seed -----------------------------------------------------------------------------------------------
def test_what_people_have_changed_of_a_service_stays(session: Any) -> None:
    from app.data.open311 import load_open311
    from app.models import ServiceAttribute, Topic

    hole = session.scalars(select(Topic).where(Topic.code == "YOL-01")).one()
    hole.is_public_service = False
    hole.public_name = "Çukur"
    for row in session.scalars(
        select(ServiceAttribute).where(ServiceAttribute.topic_id == hole.id)
    ):
        session.delete(row)
    session.flush()
    assert not any(load_open311(session).values())
    assert (hole.is_public_service, hole.public_name) == (False, "Çukur")
