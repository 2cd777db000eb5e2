"""POST /api/v1/call/live: the key, the limits, every kind of wrong message, and never a 500."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import func, select

from app.frontdesk.models import Call
from app.frontdesk.rules.calls import CallPhase
from app.models import ApiKey
from tests.frontdesk.calls_support import IDS, make_citizen, make_key, message

URL = "/api/v1/call/live"


@pytest.fixture
def send(client: Any, session: Any) -> Any:
    """Post a message with a key that opens calls; returns the answer."""
    secret = make_key(session())
    session.commit()

    def post(data: Any, key: str | None = secret, **more: Any) -> Any:
        headers = {"X-API-Key": key} if key is not None else {}
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        return client.post(URL, data=body, headers=headers, content_type="application/json", **more)

    return post


def test_a_call_comes_in_and_the_same_message_again_changes_nothing(
    session: Any, send: Any
) -> None:
    person = make_citizen(session())
    session.commit()
    switch_id = next(IDS)
    data = message("ringing", switch_id=switch_id, number=person.phone, operator="operator")
    first = send(data)
    assert first.status_code == 201
    assert first.json == {"id": first.json["id"], "phase": "ringing", "changed": True}
    again = send(data)
    assert again.status_code == 200
    assert again.json == {"id": first.json["id"], "phase": "ringing", "changed": False}
    answered = send(message("answered", switch_id=switch_id))
    assert (answered.status_code, answered.json["phase"]) == (200, "talking")
    call = session.get(Call, first.json["id"])
    assert (call.citizen_id, call.phase) == (person.id, CallPhase.TALKING)
    key = session.scalars(select(ApiKey).order_by(ApiKey.id.desc())).first()
    assert key.last_used_at is not None


def test_no_wrong_and_other_keys_open_nothing(session: Any, send: Any) -> None:
    data = message("ringing", switch_id=next(IDS))
    other = make_key(session(), name="Yalnız Open311", opens_calls=False, opens_open311=True)
    asleep = make_key(session(), name="Kapalı", active=False)
    session.commit()
    before = session.scalar(select(func.count(Call.id)))
    for key in (None, "", "hlk_wrong", "x" * 5_000, other, asleep, "ş€"):
        answer = send(data, key=key.encode().decode("latin-1") if key else key)
        assert answer.status_code == 401, key
        assert "X-API-Key" in answer.json["message"]
    assert session.scalar(select(func.count(Call.id))) == before


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400), (b"{", 400), (b"\xff\xfe", 400), (b"[" * 4_000, 400), (b"null", 422), (b"[]", 422),
        (b'"x"', 422), (b"{}", 422), (b"1e999", 422), (b'{"switch_id": "a\\u0000b"}', 422),
        (b"x" * 9_000, 413),
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused_in_words(send: Any, data: bytes, status: int) -> None:
    answer = send(data)
    assert answer.status_code == status
    assert answer.json["message"]


def test_errors_stand_at_their_fields(send: Any) -> None:
    answer = send({"switch_id": "a b", "event": "boom", "at": "dün", "x": 1})
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"switch_id", "event", "at", "x"}
    assert "ringing, answered, hold" in answer.json["errors"]["event"][0]


def test_a_body_without_a_length_is_refused(client: Any, session: Any, send: Any) -> None:
    answer = client.post(URL, headers={"X-API-Key": make_key(session(), name="İki")})
    assert answer.status_code in {400, 401}


def test_a_get_is_no_message(client: Any) -> None:
    assert client.get(URL).status_code in {302, 401, 404, 405}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(
        st.sampled_from(
            ["switch_id", "event", "at", "number", "direction", "extension", "operator", "queue",
             "transferred_to", "recording", "other"]
        ),
        st.none() | st.integers() | st.text(max_size=60) | st.lists(st.text(max_size=3), max_size=2)
        | st.sampled_from(["ringing", "hangup", "in", "2026-11-29T08:31:00+03:00", "+905320000101"]),
    )
)  # fmt: skip
def test_no_message_ends_in_a_fault(send: Any, data: dict[str, Any]) -> None:
    assert send(data).status_code in {200, 201, 422}


def test_too_many_calls_of_one_key_are_slowed_down(
    app: Any, session: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = make_key(session(), name="Hızlı", rate_limit=2)
    session.commit()
    counter = SimpleNamespace(limiter=FixedWindowRateLimiter(MemoryStorage()))
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    monkeypatch.setitem(app.extensions, "limiter", [counter])
    data = message("ringing", switch_id=next(IDS))
    answers = [
        client.post(URL, json=data, headers={"X-API-Key": secret}).status_code for _ in range(4)
    ]
    assert answers == [201, 200, 429, 429]


def test_the_contract_tells_of_the_webhook(app: Any, client_as: Any) -> None:
    spec = client_as("yonetici").get("/api/v1/_openapi").json
    operation = spec["paths"]["/api/v1/call/live"]["post"]
    assert set(operation["responses"]) >= {"200", "201", "400", "401", "413", "422", "429"}
    assert operation["security"] == []
