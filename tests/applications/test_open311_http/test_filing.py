"""Requests are filed."""

from __future__ import annotations

import datetime as dt
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import func, select

from app.core import clock
from tests.applications.test_open311_http.support import BASE, errors, number_of, post, told


# --- filing ------------------------------------------------------------------------------------------
def test_a_request_becomes_an_application_with_all_that_was_sent(
    client: Any, session: Any, secret: str, key: Any
) -> None:
    from app.applications.rules import Channel, Kind, State
    from app.models import Application, ApplicationEvent, AuditEvent, Open311Request

    answer = post(client, secret)
    assert answer.status_code == 201
    (receipt,) = answer.get_json()
    assert list(receipt) == ["service_request_id", "service_notice", "account_id"]
    assert receipt["account_id"] == "hesap-7"
    assert receipt["service_notice"].startswith("Ekip yeri görür")
    row = session.scalars(
        select(Application).where(Application.number == receipt["service_request_id"])
    ).one()
    assert (row.channel, row.kind, row.state) == (Channel.MOBILE, Kind.REQUEST, State.REGISTERED)
    assert row.citizen.full_name == "Gülşah Işıkdağ"
    assert row.contact_phone == "+905320004455"
    assert row.subject == "Yolda derin bir çukur var. Lastiğim patladı."
    assert (str(row.district), str(row.neighbourhood)) == ("Süleymanpaşa", "Hürriyet")
    assert row.due_on is not None
    assert row.topic.code == "YOL-01"
    sent = session.scalars(
        select(Open311Request).where(Open311Request.application_id == row.id)
    ).one()
    assert sent.api_key_id == key[0].id
    assert sent.answers[0]["values"] == [{"key": "orta", "name": "Lastik kadar"}]
    event = session.scalars(
        select(ApplicationEvent).where(ApplicationEvent.application_id == row.id)
    ).first()
    assert event.action == "register"
    trail = session.scalars(
        select(AuditEvent).where(AuditEvent.entity == "Application", AuditEvent.record_id == row.id)
    ).first()
    assert trail.actor_name == "Open311: Uygulama"
    text = str(
        [
            dict(r)
            for r in session.execute(
                select(AuditEvent.__table__).where(AuditEvent.entity == "Open311Request")
            ).mappings()
        ]
    )
    assert "hesap-7" not in text
    assert "ornek.com" not in text
    assert "tt222111" not in str(
        dict(session.execute(select(Open311Request.__table__)).mappings().first())
    )
    session.expire_all()
    assert session.get(type(key[0]), key[0].id).last_used_at is not None


def test_the_answer_in_xml_has_the_wrapper_of_the_specification(client: Any, secret: str) -> None:
    answer = post(client, secret, "xml")
    root = ET.fromstring(answer.data)
    assert root.tag == "service_requests"
    assert [child.tag for child in root] == ["request"]
    assert [child.tag for child in root[0]] == [
        "service_request_id",
        "service_notice",
        "account_id",
    ]


def test_a_request_without_a_name_is_anonymous_and_a_point_is_enough(
    client: Any, session: Any, secret: str
) -> None:
    from app.models import Application

    gone = dict.fromkeys(
        ("first_name", "last_name", "email", "phone", "address_string", "description"), None
    )
    number = number_of(post(client, secret, **gone))
    row = session.scalars(select(Application).where(Application.number == number)).one()
    assert row.is_anonymous
    assert row.citizen_id is None
    assert row.subject == "Yolda çukur ya da çökme"


def test_a_place_of_the_address_list_is_enough(client: Any, session: Any, secret: str) -> None:
    from app.models import Application, Neighbourhood

    place = session.scalars(select(Neighbourhood).limit(1)).one()
    change = {"lat": None, "long": None, "address_string": None, "address_id": str(place.id)}
    number = number_of(post(client, secret, **change))
    row = session.scalars(select(Application).where(Application.number == number)).one()
    assert (row.neighbourhood_id, row.district_id) == (place.id, place.district_id)
    for unknown in ("0", "99999999", "x", "²", "-1"):
        errors(post(client, secret, **{**change, "address_id": unknown}), 400)


@pytest.mark.parametrize(
    ("change", "status", "word"),
    [
        ({"service_code": None}, 400, "service_code"),
        ({"service_code": "XX-99"}, 404, "service_code"),
        ({"service_code": "KUR-02"}, 404, "service_code"),
        ({"lat": None, "long": None, "address_string": None}, 400, "lat"),
        ({"lat": "abc"}, 400, "lat"),
        ({"long": None}, 400, "lat"),
        ({"lat": "48.85", "long": "2.35"}, 400, "lat"),
        ({"long": "28.9784"}, 400, "lat"),
        ({"email": "kim"}, 400, "email"),
        ({"phone": "12"}, 400, "phone"),
        ({"last_name": None}, 400, "last_name"),
        ({"description": "x" * 4001}, 400, "description"),
        ({"media_url": "ftp://ornek.com/x"}, 400, "media_url"),
        ({"attribute[CUKUR_BOYU]": None}, 400, "attribute[CUKUR_BOYU]"),
        ({"attribute[CUKUR_BOYU]": "dev"}, 400, "attribute[CUKUR_BOYU]"),
        ({"attribute[YOK]": "x"}, 400, "attribute[YOK]"),
        ({"api_key": None}, 403, "api_key"),
        ({"api_key": "hlk_aaaaaaaa_" + "a" * 40}, 403, "api_key"),
    ],
)
@pytest.mark.parametrize("form", ["json", "xml"])
def test_what_cannot_be_filed_is_refused_and_nothing_is_kept(
    client: Any,
    session: Any,
    secret: str,
    change: dict[str, Any],
    status: int,
    word: str,
    form: str,
) -> None:
    from app.models import Application

    before = session.scalar(select(func.count()).select_from(Application))
    assert word in errors(post(client, secret, form, **change), status)
    assert session.scalar(select(func.count()).select_from(Application)) == before


def test_every_fault_is_told_at_once(client: Any, secret: str) -> None:
    text = errors(post(client, secret, lat="x", media_url="x", description="x" * 4001), 400)
    assert all(word in text for word in ("lat:", "media_url:", "description:"))


def test_sending_the_same_twice_files_it_once_for_ten_minutes(
    client: Any, session: Any, secret: str
) -> None:
    from app.models import Application, Open311Request

    first, second = post(client, secret), post(client, secret)
    assert (first.status_code, second.status_code) == (201, 200)
    assert number_of(first) == number_of(second)
    assert number_of(post(client, secret, lat="40.9")) != number_of(first)
    sent = session.scalars(
        select(Open311Request)
        .join(Application, Application.id == Open311Request.application_id)
        .where(Application.number == number_of(first))
    ).one()
    sent.created_at = clock.now() - dt.timedelta(minutes=11)
    session.commit()
    assert number_of(post(client, secret)) != number_of(first)


def test_a_key_for_the_switch_a_paused_and_a_revoked_key_open_nothing_here(
    client: Any, session: Any
) -> None:
    from app.system.services import keys

    base = {"name": "B", "owner": "B", "rate_limit": 60}
    _switch, switch = keys.create_key(session, values={**base, "opens_calls": True})
    paused, pause = keys.create_key(session, values={**base, "opens_open311": True})
    paused.active = False
    revoked, revoke = keys.create_key(session, values={**base, "opens_open311": True})
    keys.revoke_key(session, key=revoked, reason="Bitti")
    session.commit()
    for secret in (switch, pause, revoke):
        assert errors(post(client, secret), 403)
        assert errors(client.get(f"{BASE}/services.xml?api_key={secret}"), 403)


def test_a_token_finds_the_number(client: Any, session: Any, secret: str) -> None:
    from app.system.services import settings

    settings.set_setting(session, key="open311_answers_with_token", value=True)
    session.commit()
    assert {s["type"] for s in told(client, "services")} == {"batch"}
    (receipt,) = post(client, secret).get_json()
    assert list(receipt) == ["token", "service_notice", "account_id"]
    (found,) = told(client, f"tokens/{receipt['token']}")
    assert list(found) == ["service_request_id", "token"]
    assert told(client, f"requests/{found['service_request_id']}")


def test_the_interface_can_be_switched_off(client: Any, session: Any, secret: str) -> None:
    from app.system.services import settings

    settings.set_setting(session, key="open311_enabled", value=False)
    session.commit()
    for form in ("json", "xml"):
        assert errors(client.get(f"{BASE}/services.{form}"), 400)
        assert errors(post(client, secret, form), 400)


def test_another_jurisdiction_is_not_ours_once_we_have_a_name(
    client: Any, session: Any, secret: str
) -> None:
    from app.system.services import settings

    assert client.get(f"{BASE}/services.json?jurisdiction_id=sfgov.org").status_code == 200
    settings.set_setting(session, key="open311_jurisdiction", value="tekirdag.bel.tr")
    session.commit()
    assert client.get(f"{BASE}/services.json?jurisdiction_id=Tekirdag.bel.tr").status_code == 200
    assert client.get(f"{BASE}/services.json").status_code == 200
    errors(client.get(f"{BASE}/services.json?jurisdiction_id=sfgov.org"), 404)
    errors(post(client, secret, jurisdiction_id="sfgov.org"), 404)


def test_where_places_may_lie_is_a_setting(client: Any, session: Any, secret: str) -> None:
    from app.system.services import settings

    paris = {"lat": "48.85", "long": "2.35"}
    settings.set_setting(session, key="open311_bounds", value="48,2,49,3")
    session.commit()
    assert post(client, secret, **paris).status_code == 201
    assert "lat: Bu yer" in errors(post(client, secret), 400)
    settings.set_setting(session, key="open311_bounds", value="")
    session.commit()
    assert post(client, secret).status_code == 201


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("form", ["json", "xml"])
def test_another_method_is_refused_in_the_format_of_the_address(
    client: Any, method: str, form: str
) -> None:
    answer = client.open(f"{BASE}/requests.{form}", method=method)
    assert form in answer.headers["Content-Type"]
    assert "GET" in errors(answer, 405)
    assert answer.headers["Allow"] == "GET, POST"


def test_only_requests_are_sent(client: Any, secret: str) -> None:
    for path in ("services.json", "requests/2026-0000001.json", "discovery.xml"):
        assert errors(client.post(f"{BASE}/{path}", data={"api_key": secret}), 400)
