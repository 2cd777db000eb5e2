"""What strangers never read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.applications.test_open311_http.support import BASE, FORM, errors, number_of, post, told


# --- what strangers never read -----------------------------------------------------------------------
def test_nothing_personal_is_told(client: Any, session: Any) -> None:
    """Neither names, numbers, addresses nor what was written, of any application of the demo."""
    from app.models import Application, Citizen

    text = client.get(f"{BASE}/requests.json").text
    rows = session.execute(
        select(Application.number, Application.body, Application.subject, Application.street)
    ).all()
    listed = {row["service_request_id"] for row in json.loads(text)}
    for number, body, subject, street in rows:
        if number in listed:
            assert body not in text or not body
            assert subject not in text or len(subject) < 12
            assert street not in text or not street
    for first, last, phone, email in session.execute(
        select(Citizen.first_name, Citizen.last_name, Citizen.phone, Citizen.email)
    ):
        assert f"{first} {last}" not in text or not last
        assert phone not in text or not phone
        assert email not in text or not email


_NOBODY = {"citizen_id": None, "contact_phone": "", "contact_email": "", "on_behalf_of": ""}


@pytest.mark.parametrize(
    "change",
    [
        {"is_restricted": True},
        {"identity_hidden": True},
        {"kind": "information"},
        {"kind": "kvkk"},
        {"kind": "objection"},
        {"kind": "suggestion"},
        {"state": "discarded"},
        {"topic_id": None},
    ],
)
def test_what_is_not_public_is_neither_listed_nor_found_nor_counted(
    client: Any, session: Any, change: dict[str, Any]
) -> None:
    from app.models import Application

    number = told(client, "requests", page_size=1)[0]["service_request_id"]
    # On the connection, because some of these changes are open to no officer.
    table = Application.__table__
    session.connection().execute(
        update(table).where(table.c.number == number).values(**{**_NOBODY, **change})
    )
    session.commit()
    assert told(client, "requests", service_request_id=number) == []
    errors(client.get(f"{BASE}/requests/{number}.json"), 404)
    assert number not in client.get(f"{BASE}/requests.xml").text


def test_only_a_rounded_point_and_the_neighbourhood_are_told(client: Any, secret: str) -> None:
    number = number_of(post(client, secret))
    (row,) = told(client, f"requests/{number}")
    assert (row["lat"], row["long"]) == (40.978, 27.511)
    assert row["address"] == "Hürriyet Mah., Süleymanpaşa"
    assert row["zipcode"] == "59100"
    assert row["description"] == row["service_name"]
    assert row["media_url"] is None
    text = client.get(f"{BASE}/requests/{number}.xml?extensions=true").text
    for secretly in ("Gülşah", "Işıkdağ", "ornek.com", "000 44 55", "hesap-7", "Lastiğim", "No: 5"):
        assert secretly not in text


def test_a_key_reads_what_came_through_it_and_another_key_does_not(
    client: Any, session: Any, secret: str
) -> None:
    from app.system.services import keys

    number = number_of(post(client, secret))
    (own,) = told(client, f"requests/{number}", api_key=secret, extensions="true")
    assert own["description"] == FORM["description"]
    assert own["media_url"] == FORM["media_url"]
    assert own["address"].startswith("Atatürk Cad. No: 5")
    assert (own["lat"], own["long"]) == (40.9778912, 27.5112345)
    assert own["attributes"] == [
        {"code": "CUKUR_BOYU", "label": "Çukur ne kadar büyük?", "value": "Lastik kadar"}
    ]
    assert own["extended_attributes"]["detailed_status"] == "registered"
    _other, other = keys.create_key(
        session,
        values={"name": "B", "owner": "B", "opens_open311": True, "rate_limit": 60},
    )
    session.commit()
    (seen,) = told(client, f"requests/{number}", api_key=other, extensions="true")
    assert seen["description"] == seen["service_name"]
    assert seen["attributes"] == []
    assert "Lastiğim" not in json.dumps(seen, ensure_ascii=False)


def test_a_key_follows_its_own_request_when_the_service_is_taken_back_but_not_a_restricted_one(
    client: Any, session: Any, secret: str
) -> None:
    from app.models import Application, Topic

    number = number_of(post(client, secret))
    session.scalars(select(Topic).where(Topic.code == "YOL-01")).one().is_public_service = False
    session.commit()
    assert told(client, "requests", service_request_id=number) == []
    assert told(client, f"requests/{number}", api_key=secret)
    row = session.scalars(select(Application).where(Application.number == number)).one()
    row.is_restricted = True
    session.commit()
    errors(client.get(f"{BASE}/requests/{number}.json?api_key={secret}"), 404)


def test_texts_are_told_only_when_the_office_wants_it_and_without_numbers(
    client: Any, session: Any, secret: str
) -> None:
    from app.system.services import settings

    text = "Çukur var, beni 0532 000 44 55 numarasından arayın."
    number = number_of(post(client, secret, description=text))
    settings.set_setting(session, key="open311_shows_texts", value=True)
    session.commit()
    (row,) = told(client, f"requests/{number}")
    assert row["description"] == "Çukur var, beni [phone] numarasından arayın."


def test_a_session_of_the_office_gives_no_more_rights_than_a_stranger_has(
    client: Any, client_as: Any, secret: str
) -> None:
    number = number_of(post(client, secret))
    manager = client_as("mudur")
    assert manager.get(f"{BASE}/requests/{number}.json").get_json() == told(
        client, f"requests/{number}"
    )
    errors(manager.post(f"{BASE}/requests.json", data=FORM), 403)


def test_the_door_needs_no_form_token_and_takes_no_cookie(
    app: Any, client: Any, client_as: Any, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert post(client, secret).status_code == 201
    errors(client_as("mudur").post(f"{BASE}/requests.json", data=FORM), 403)
