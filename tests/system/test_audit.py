"""The audit trail writes down what changed, masked and short, and who looked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu
from sqlalchemy import select, text

from app.core.acting import SYSTEM, Actor, acting_as
from app.core.database import set_write_intent
from app.organisation.models import District, StaffUser
from app.people.models import Citizen
from app.system.models import AuditEvent, Job, Parameter
from app.system.rules import AuditVerb
from app.system.services import audit
from app.system.services.audit import EXCLUDED
from tests.system.house import KINDS, house

CLERK = Actor(user_id=7, name="Elif Kaya", address="10.0.0.7", request_id="r-1")


@pytest.fixture
def sessions(tmp_path: Path) -> Any:
    with house("sqlite", tmp_path) as made, acting_as(CLERK):
        yield made


def rows(session: Any, entity: str) -> list[AuditEvent]:
    return list(
        session.scalars(
            select(AuditEvent).where(AuditEvent.entity == entity).order_by(AuditEvent.id)
        )
    )


def test_an_insert_an_update_and_a_delete_are_written_with_the_actor(sessions: Any) -> None:
    with sessions.begin() as session:
        row = Parameter(key="a", value="1")
        session.add(row)
        session.flush()
        row.value = "2"
        session.flush()
        session.delete(row)
    with sessions() as session:
        made, changed, gone = rows(session, "Parameter")
    assert [e.verb for e in (made, changed, gone)] == [
        AuditVerb.INSERT,
        AuditVerb.UPDATE,
        AuditVerb.DELETE,
    ]
    assert made.changes["key"] == [None, "a"]
    assert changed.changes == {"value": ["1", "2"]}
    assert gone.changes["value"] == ["2", None]
    assert (made.actor_id, made.actor_name, made.address) == (7, "Elif Kaya", "10.0.0.7")
    assert made.request_id == "r-1"
    assert made.record_id == gone.record_id is not None


def test_a_rolled_back_change_leaves_no_row(sessions: Any) -> None:
    with sessions() as session:
        session.add(Parameter(key="a"))
        session.flush()
        session.rollback()
        assert rows(session, "Parameter") == []


def test_saving_without_a_change_leaves_no_row(sessions: Any) -> None:
    with sessions.begin() as session:
        row = Parameter(key="a", value="1")
        session.add(row)
        session.flush()
        row.value = "1"
    with sessions() as session:
        assert len(rows(session, "Parameter")) == 1


def test_the_value_before_is_told_although_it_was_not_loaded(sessions: Any) -> None:
    with sessions.begin() as session:
        session.add(Parameter(key="a", value="old"))
    with sessions.begin() as session:
        row = session.scalars(select(Parameter)).one()
        session.expire(row)
        row.value = "new"
    with sessions() as session:
        assert rows(session, "Parameter")[-1].changes == {"value": ["old", "new"]}


def test_personal_columns_are_masked_and_the_trail_holds_no_identity(sessions: Any) -> None:
    with sessions.begin() as session:
        person = Citizen(
            first_name="Ayşe",
            last_name="Yıldırım",
            national_id="12345678950",
            phone="+905321234567",
            email="ayse@example.com",
            address="Hükümet Cad. 12",
            note="Ara: 0533 987 65 43",
        )
        session.add(person)
        session.flush()
        person.phone = "+905329999999"
    with sessions() as session:
        kept = session.execute(text("SELECT group_concat(changes, ' ') FROM system_audit_event"))
        written = kept.scalar_one()
        changed = rows(session, "Citizen")[-1]
    for secret in ("Ayşe", "Yıldırım", "12345678950", "1234567", "ayse@", "Hükümet", "987 65 43"):
        assert secret not in written
        assert secret.encode("unicode_escape").decode() not in written
    assert changed.changes["phone"] == ["0532 *** ** 67", "0532 *** ** 99"]


def test_a_password_is_never_told_but_its_change_is(sessions: Any) -> None:
    with sessions.begin() as session:
        user = StaffUser(
            first_name="Ali", last_name="Ak", username="ali", email="a@b.tr", password="scrypt$one"
        )
        session.add(user)
        session.flush()
        user.password = "scrypt$two"
        user.failed_logins = 3
    with sessions() as session:
        assert rows(session, "StaffUser")[-1].changes == {"password": ["***", "***"]}


def test_a_grant_taken_from_a_role_is_told(sessions: Any) -> None:
    with sessions.begin() as session:
        role = Role(name="clerk")
        pair = PermissionView(
            permission=Permission(name="can_read"), view_menu=ViewMenu(name="Application")
        )
        role.permissions = [pair]
        session.add(role)
        session.flush()
        role.permissions = []
    with sessions() as session:
        given, taken = rows(session, "Role")
        assert given.changes["permissions"] == [None, "can read on Application"]
        assert taken.changes["permissions"] == ["can read on Application", None]
        assert rows(session, "PermissionView") == []


def test_long_texts_are_cut_and_stamps_left_out(sessions: Any) -> None:
    with sessions.begin() as session:
        session.add(Parameter(key="a", value="x " * 2_000))
        session.add(District(name="Çorlu"))
    with sessions() as session:
        assert len(rows(session, "Parameter")[0].changes["value"][1]) < 200
        assert not {"search_text", "version", "created_at", "id"} & set(
            rows(session, "District")[0].changes
        )


def test_every_exclusion_has_a_reason_and_is_obeyed(sessions: Any) -> None:
    with sessions.begin() as session:
        session.add(Job(kind="export", title="Liste"))
    with sessions() as session:
        assert rows(session, "Job") == []
    assert all(reason.endswith(".") and len(reason) > 10 for reason in EXCLUDED.values())


def test_every_other_class_is_audited() -> None:
    import app.models

    audited = set(app.models.__all__) - set(EXCLUDED)
    assert {"Application", "Citizen", "StaffUser", "CalendarDay", "LegalRule"} <= audited


@pytest.mark.parametrize("intent", [True, False])
def test_an_access_is_committed_whatever_the_request_does(sessions: Any, intent: bool) -> None:
    set_write_intent(intent)
    try:
        with sessions() as session:
            session.execute(select(Parameter)).all()
            audit.record_access(
                session,
                verb="reveal",
                entity="Citizen",
                record_id=5,
                summary="Arayan 0532 123 45 67 için doğrulama",
                changes={"fields": ["phone"]},
            )
            session.rollback()
    finally:
        set_write_intent(True)
    with sessions() as session:
        (row,) = rows(session, "Citizen")
    assert row.verb is AuditVerb.REVEAL
    assert row.summary == "Arayan [phone] için doğrulama"


def test_an_access_on_a_shared_connection_stays_in_its_transaction(sessions: Any) -> None:
    with sessions() as session:
        session.info["single_connection"] = True
        audit.record_access(session, verb="export", entity="Citizen", summary="xlsx")
        assert len(rows(session, "Citizen")) == 1
        session.rollback()
        assert rows(session, "Citizen") == []


@pytest.mark.parametrize("kind", KINDS)
def test_both_databases_write_the_same_trail(kind: str, tmp_path: Path) -> None:
    with house(kind, tmp_path) as made, acting_as(SYSTEM):
        with made.begin() as session:
            session.add(Parameter(key="a", value="1"))
        with made() as session:
            (row,) = rows(session, "Parameter")
    assert row.changes["value"] == [None, "1"]
    assert row.at.tzinfo is not None
