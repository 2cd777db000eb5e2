"""Keys of other programs: recognised in constant words, shown once, ended for good, noted once a minute."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.core import clock
from app.core.rules import RuleViolation
from app.system import rules
from app.system.rules import KeyChannel, KeyScope, KeyState

VALUES = {
    "name": "Şehir uygulaması",
    "owner": "Bilgi İşlem",
    "opens_open311": True,
    "rate_limit": 60,
}


@pytest.fixture
def made(session: Any) -> tuple[Any, str]:
    from app.system.services import keys

    return keys.create_key(session, values=VALUES)


# --- rules ---------------------------------------------------------------------------------------
def test_two_keys_are_never_alike_and_each_is_recognised_by_its_digest_alone() -> None:
    made = [rules.make_key() for _ in range(50)]
    assert len({secret for _prefix, secret in made}) == 50
    for prefix, secret in made:
        assert rules.prefix_of(secret) == prefix
        assert rules.is_digest_of(rules.digest_of(secret), secret)
        assert secret not in rules.digest_of(secret)
    assert not rules.is_digest_of(rules.digest_of(made[0][1]), made[1][1])


@given(st.text(max_size=80))
def test_any_text_is_taken_for_no_key_without_a_fault(text: str) -> None:
    assert rules.prefix_of(text) is None
    assert not rules.is_digest_of(rules.NO_DIGEST, text)


def test_a_key_opens_until_the_end_of_its_last_day() -> None:
    day = dt.date(2026, 3, 1)
    open_ = {"active": True, "expires_on": day, "revoked_at": None}
    assert rules.key_state(**open_, today=day) is KeyState.ACTIVE
    assert rules.key_state(**open_, today=day + dt.timedelta(days=1)) is KeyState.EXPIRED
    assert rules.key_state(**{**open_, "active": False}, today=day) is KeyState.PAUSED
    ended = {**open_, "revoked_at": clock.now()}
    assert rules.key_state(**ended, today=day) is KeyState.REVOKED


def test_every_channel_of_a_key_is_a_channel_of_applications() -> None:
    from app.applications.rules import LEGACY_CHANNELS, WRITTEN_CHANNELS, Channel

    codes = {Channel(one.value) for one in KeyChannel}
    assert not codes & (LEGACY_CHANNELS | WRITTEN_CHANNELS)


def test_a_key_says_who_holds_it_what_it_opens_and_how_often() -> None:
    fields = {v.field for v in rules.api_key_violations({"rate_limit": 0})}
    assert fields == {"name", "owner", "opens_open311", "rate_limit"}
    assert list(rules.api_key_violations(VALUES)) == []


# --- finding ---------------------------------------------------------------------------------------
def test_a_key_is_found_for_what_it_opens_and_for_nothing_else(
    session: Any, made: tuple[Any, str]
) -> None:
    from app.system.queries import find_key

    key, secret = made
    assert find_key(session, secret, "open311") is key
    assert find_key(session, secret, KeyScope.CALLS) is None
    assert find_key(session, secret[:-1] + ("a" if secret[-1] != "a" else "b"), "open311") is None
    assert find_key(session, "", "open311") is None
    assert find_key(session, "x\x00" * 40, "open311") is None


@pytest.mark.parametrize(
    "change",
    [
        {"active": False},
        {"expires_on": dt.date(2020, 1, 1)},
        {"revoked_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
    ],
)
def test_a_key_that_has_ended_opens_nothing(
    session: Any, made: tuple[Any, str], change: dict[str, Any]
) -> None:
    from app.system.queries import find_key

    key, secret = made
    for name, value in change.items():
        setattr(key, name, value)
    session.flush()
    assert find_key(session, secret, "open311") is None


def test_the_key_itself_is_kept_nowhere(session: Any, made: tuple[Any, str]) -> None:
    from app.models import ApiKey, AuditEvent

    key, secret = made
    row = session.execute(select(ApiKey.__table__).where(ApiKey.id == key.id)).mappings().one()
    assert secret not in str(dict(row))
    trail = session.scalars(
        select(AuditEvent).where(AuditEvent.entity == "ApiKey", AuditEvent.record_id == key.id)
    ).one()
    assert trail.changes["secret_digest"] == [None, "***"]
    assert key.secret_digest not in str(trail.changes)


# --- making and ending ---------------------------------------------------------------------------------
def test_a_new_last_day_lies_ahead(session: Any) -> None:
    from app.system.services import keys

    with pytest.raises(RuleViolation, match="expires_on"):
        keys.create_key(session, values={**VALUES, "expires_on": dt.date(2020, 1, 1)})


def test_the_database_refuses_a_key_that_opens_nothing(session: Any) -> None:
    from sqlalchemy.exc import IntegrityError

    from app.models import ApiKey

    session.add(ApiKey(name="x", owner="y", prefix="z", secret_digest="0" * 64))
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_renewing_ends_the_key_of_before_at_once(session: Any, made: tuple[Any, str]) -> None:
    from app.system.queries import find_key
    from app.system.services import keys

    key, old = made
    new = keys.rotate_key(session, key=key)
    assert find_key(session, old, "open311") is None
    assert find_key(session, new, "open311") is key


def test_revoking_needs_a_reason_and_is_for_good(session: Any, made: tuple[Any, str]) -> None:
    from app.system.services import keys

    key, _secret = made
    with pytest.raises(RuleViolation, match="revoked_reason"):
        keys.revoke_key(session, key=key, reason=" ")
    keys.revoke_key(session, key=key, reason="Anahtar sızdı")
    first = key.revoked_at
    assert keys.revoke_key(session, key=key, reason="yine").revoked_at == first
    assert key.revoked_reason == "Anahtar sızdı"
    with pytest.raises(RuleViolation):
        keys.rotate_key(session, key=key)


def test_a_use_is_noted_once_a_minute_and_is_no_change_of_the_key(
    session: Any, made: tuple[Any, str]
) -> None:
    from app.models import ApiKey, AuditEvent
    from app.system.services import keys

    key, _secret = made
    version, now = key.version, clock.now()
    assert keys.note_use(session, key, now=now)
    assert not keys.note_use(session, key, now=now + dt.timedelta(seconds=59))
    assert keys.note_use(session, key, now=now + dt.timedelta(seconds=61))
    session.expire_all()
    row = session.get(ApiKey, key.id)
    assert row.version == version
    assert row.last_used_at == now + dt.timedelta(seconds=61)
    rows = session.scalars(select(AuditEvent).where(AuditEvent.entity == "ApiKey")).all()
    assert [r.verb.value for r in rows if r.record_id == key.id] == ["insert"]


# --- screens ---------------------------------------------------------------------------------------------
FORM = {
    "name": "Santral",
    "owner": "Bilgi İşlem",
    "opens_calls": "y",
    "channel": "call_center",
    "rate_limit": "600",
    "request_key": "abc123",
}


def secret_of(page: str) -> str | None:
    found = re.search(r"hlk_\w{8}_\w{40}", page)
    return found.group() if found else None


def test_the_administrator_makes_a_key_and_sees_it_once(session: Any, client_as: Any) -> None:
    from app.system.queries import find_key

    client = client_as("yonetici")
    assert 'name="request_key" type="hidden"' in client.get("/api-keys/add").text
    answer = client.post("/api-keys/add", data=FORM)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    secret = secret_of(answer.text)
    assert secret
    assert "yalnız bu kez" in answer.text
    key = find_key(session, secret, "calls")
    assert key is not None
    page = client.get(f"/api-keys/show/{key.id}").text
    assert secret not in page
    assert key.prefix in page
    assert key.secret_digest not in page
    assert secret_of(client.get("/api-keys/list/?q=santral").text) is None


def test_sending_the_form_twice_makes_one_key(session: Any, client_as: Any) -> None:
    from sqlalchemy import func

    from app.models import ApiKey

    client = client_as("yonetici")
    client.post("/api-keys/add", data=FORM)
    again = client.post("/api-keys/add", data=FORM)
    assert again.status_code == 302
    assert secret_of(client.get(again.headers["Location"]).text) is None
    stmt = select(func.count()).select_from(ApiKey).where(ApiKey.name == "Santral")
    assert session.scalar(stmt) == 1


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(client_as: Any) -> None:
    client = client_as("yonetici")
    bad = {**FORM, "rate_limit": "9999"}
    bad.pop("opens_calls")
    answer = client.post("/api-keys/add", data=bad)
    assert answer.status_code == 422
    assert 'value="Santral"' in answer.text
    assert 'id="opens_open311-error"' in answer.text
    assert 'id="rate_limit-error"' in answer.text
    assert secret_of(answer.text) is None


def test_renewing_shows_the_new_key_once_and_a_second_press_nothing(
    session: Any, client_as: Any, made: tuple[Any, str]
) -> None:
    key, old = made
    session.commit()
    pk, version = key.id, str(key.version)
    client = client_as("yonetici")
    answer = client.post(f"/api-keys/rotate/{pk}", data={"_version": version})
    assert secret_of(answer.text) not in {None, old}
    again = client.post(f"/api-keys/rotate/{pk}", data={"_version": version})
    assert again.status_code == 302


def test_a_revoked_key_cannot_be_set_in_use_again(
    session: Any, client_as: Any, made: tuple[Any, str]
) -> None:
    from app.models import ApiKey

    key, _secret = made
    session.commit()
    pk = key.id
    client = client_as("yonetici")
    assert client.post(f"/api-keys/revoke/{pk}", data={"reason": ""}).status_code == 302
    assert session.get(ApiKey, pk).revoked_at is None
    client.post(f"/api-keys/revoke/{pk}", data={"reason": "Telefon çalındı"})
    row = session.get(ApiKey, pk)
    assert row.revoked_at is not None
    page = client.get(f"/api-keys/show/{pk}").text
    assert "/api-keys/revoke/" not in page
    edit = {**FORM, "opens_open311": "y", "active": "y", "_version": str(row.version)}
    assert client.post(f"/api-keys/edit/{pk}", data=edit).status_code == 422


def test_the_auditor_reads_keys_and_the_manager_does_not(
    session: Any, client_as: Any, made: tuple[Any, str]
) -> None:
    key, _secret = made
    session.commit()
    auditor = client_as("denetci")
    assert auditor.get("/api-keys/list/").status_code == 200
    assert auditor.post("/api-keys/add", data=FORM).status_code == 403
    assert auditor.post(f"/api-keys/revoke/{key.id}", data={"reason": "x"}).status_code == 403
    manager = client_as("mudur")
    assert manager.get("/api-keys/list/").status_code == 403
    session.expire_all()
    assert session.get(type(key), key.id).revoked_at is None


def test_a_machine_reads_keys_without_their_secret_and_cannot_make_one(
    app: Any, session: Any, token_of: Any, made: tuple[Any, str]
) -> None:
    key, secret = made
    session.commit()
    client = app.test_client()
    headers = token_of("yonetici")
    one = client.get(f"/api/v1/api_key/{key.id}", headers=headers)
    assert one.status_code == 200
    assert "digest" not in one.text
    assert secret not in one.text
    assert client.post("/api/v1/api_key/", json=VALUES, headers=headers).status_code == 405
    version = one.get_json()["result"]["version"]
    put = client.put(
        f"/api/v1/api_key/{key.id}", json={"rate_limit": 120, "version": version}, headers=headers
    )
    assert put.status_code == 200, put.text


def test_keys_in_figures_lead_to_their_lists(client_as: Any, session: Any, made: Any) -> None:
    session.commit()
    client = client_as("yonetici")
    page = client.get("/charts/api-keys/").text
    link = re.search(r"/api-keys/list/\?[^\"]*tab=active[^\"]*", page)
    assert link is not None
    assert client.get(link.group().replace("&amp;", "&")).status_code == 200
