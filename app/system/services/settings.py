"""Storing settings, and the stamp that empties every cache of the house."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core import clock
from app.core.rules import RuleViolation
from app.core.stamp import forget_stamp
from app.system.models import Parameter
from app.system.rules import SETTINGS, STAMP_KEY, setting_violations, written


def bump_stamp(session: Session) -> None:
    """Renew the stamp, so that every process reads roles, units, settings and calendar anew.

    It is written past the audit trail: what caused it is audited, the stamp itself says nothing.
    """
    session.flush()
    is_postgres = session.connection().dialect.name == "postgresql"
    make = postgresql.insert if is_postgres else sqlite.insert
    stamp = secrets.token_hex(8)
    session.execute(
        make(Parameter)
        .values(key=STAMP_KEY, value=stamp, kind="stamp")
        .on_conflict_do_update(
            index_elements=["key"], set_={"value": stamp, "changed_at": clock.now()}
        )
    )
    forget_stamp(session)


def ensure_rows(session: Session) -> int:
    """Make a row for each setting that has none, and bring labels up to date; returns new rows."""
    rows = {row.key: row for row in session.scalars(select(Parameter))}
    count = 0
    for setting in SETTINGS.values():
        row = rows.get(setting.key)
        if row is None:
            row = Parameter(key=setting.key, value=written(setting.default))
            session.add(row)
            count += 1
        row.kind, row.label = setting.kind.value, setting.label
        row.help, row.group = setting.help, setting.group
    session.flush()
    if count:
        bump_stamp(session)
    return count


def set_setting(session: Session, *, key: str, value: str | int | bool) -> Parameter:
    """Store a setting; RuleViolation when it is none of ours or the value cannot be read."""
    setting = SETTINGS[key]
    text = written(value)
    violations = tuple(setting_violations(setting, text))
    if violations:
        raise RuleViolation(violations)
    row = session.scalars(select(Parameter).where(Parameter.key == key)).first()
    if row is None:
        row = Parameter(
            key=key,
            kind=setting.kind.value,
            label=setting.label,
            help=setting.help,
            group=setting.group,
        )
        session.add(row)
    row.value = text
    session.flush()
    bump_stamp(session)
    return row
