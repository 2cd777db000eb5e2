"""Settings are data: typed, checked, with defaults; a change reaches every cache."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.core.rules import RuleViolation
from app.system.models import AuditEvent, Parameter
from app.system.queries import get_flag, get_number, get_reminder_points, get_setting, get_text
from app.system.queries.cache import read_stamp
from app.system.rules import SETTING_GROUPS, SETTINGS, read_value, setting_violations, written
from app.system.services import settings
from tests.system.house import KINDS, house


@pytest.fixture
def sessions(tmp_path: Path) -> Any:
    with house("sqlite", tmp_path) as made:
        yield made


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda s: s.key)
def test_every_default_is_valid_and_reads_back(setting: Any) -> None:
    assert list(setting_violations(setting, written(setting.default))) == []
    assert read_value(setting, written(setting.default)) == setting.default
    assert type(read_value(setting, written(setting.default))) is type(setting.default)
    assert setting.group in SETTING_GROUPS
    assert setting.label
    assert setting.help


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("reopen_days", "-1"),
        ("reopen_days", "abc"),
        ("reopen_days", ""),
        ("reopen_days", "3.5"),
        ("reopen_days", "٣"),
        ("internal_share_percent", "0"),
        ("internal_share_percent", "101"),
        ("sms_enabled", "evet"),
        ("fee_reading", "stop"),
        ("reminder_points", "80,50"),
        ("reminder_points", "50,50"),
        ("reminder_points", "0,50"),
        ("reminder_points", "50,120"),
        ("reminder_points", "50;80"),
        ("letter_email", "no address"),
        ("open311_bounds", "40.4,26.5,41.6"),
        ("open311_bounds", "41.6,26.5,40.4,28.3"),
        ("open311_bounds", "40.4,26.5,nan,28.3"),
        ("letter_unit", "one\ntwo"),
        ("letter_unit", "x" * 2_001),
    ],
)
def test_a_wrong_value_is_refused_and_reads_as_the_default(key: str, text: str) -> None:
    assert len(list(setting_violations(SETTINGS[key], text))) == 1
    assert read_value(SETTINGS[key], text) == SETTINGS[key].default


def test_a_missing_row_gives_the_default(sessions: Any) -> None:
    with sessions() as session:
        assert get_setting(session, "duplicate_days") == 30
        assert get_flag(session, "half_day_counts_as_working_day") is True
        assert get_reminder_points(session) == (50, 80, 100)
        assert get_text(session, "fee_reading") == "restart"


def test_an_unknown_setting_and_a_wrong_type_are_faults(sessions: Any) -> None:
    with sessions() as session:
        with pytest.raises(KeyError):
            get_setting(session, "no_such_setting")
        with pytest.raises(TypeError):
            get_number(session, "sms_enabled")
        with pytest.raises(TypeError):
            get_flag(session, "reopen_days")
        with pytest.raises(TypeError):
            get_text(session, "reopen_days")


def test_a_change_is_seen_at_once_and_by_others_after_the_commit(sessions: Any) -> None:
    with sessions() as other, sessions() as session:
        settings.ensure_rows(session)
        session.commit()
        assert get_number(other, "reopen_days") == 30
        other.rollback()
        settings.set_setting(session, key="reopen_days", value=45)
        assert get_number(session, "reopen_days") == 45
        session.commit()
        assert get_number(other, "reopen_days") == 45


def test_a_change_that_is_rolled_back_is_forgotten(sessions: Any) -> None:
    with sessions.begin() as session:
        settings.ensure_rows(session)
    with sessions() as session:
        settings.set_setting(session, key="reopen_days", value=45)
        assert get_number(session, "reopen_days") == 45
        session.rollback()
        assert get_number(session, "reopen_days") == 30
        with session.begin_nested() as savepoint:
            settings.set_setting(session, key="reopen_days", value=60)
            assert get_number(session, "reopen_days") == 60
            savepoint.rollback()
        assert get_number(session, "reopen_days") == 30


def test_a_wrong_value_is_not_stored(sessions: Any) -> None:
    with sessions() as session, pytest.raises(RuleViolation) as refused:
        settings.set_setting(session, key="reopen_days", value="abc")
    assert refused.value.violations[0].field == "value"


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_made_once_and_the_stamp_is_renewed(kind: str, tmp_path: Path) -> None:
    with house(kind, tmp_path) as made, made.begin() as session:
        assert settings.ensure_rows(session) == len(SETTINGS)
        first = read_stamp(session)
        assert settings.ensure_rows(session) == 0
        assert read_stamp(session) == first
        settings.bump_stamp(session)
        assert read_stamp(session) != first
        settings.set_setting(session, key="sms_enabled", value=False)
        assert get_flag(session, "sms_enabled") is False
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert last is not None
        assert last.changes["value"] == ["1", "0"]


def test_settings_are_read_once_while_the_stamp_holds(sessions: Any) -> None:
    from sqlalchemy import event

    with sessions.begin() as session:
        settings.ensure_rows(session)
    statements: list[str] = []
    with sessions() as session:
        get_setting(session, "reopen_days")
        event.listen(
            session.get_bind(), "before_cursor_execute", lambda *a: statements.append(a[2])
        )
        for key in SETTINGS:
            get_setting(session, key)
    assert statements == []


def test_a_label_that_changed_in_the_program_reaches_the_row(sessions: Any) -> None:
    with sessions.begin() as session:
        settings.ensure_rows(session)
        row = session.scalars(select(Parameter).where(Parameter.key == "reopen_days")).one()
        row.label, row.value = "old", "7"
        settings.ensure_rows(session)
        assert row.label == SETTINGS["reopen_days"].label
        assert row.value == "7"
