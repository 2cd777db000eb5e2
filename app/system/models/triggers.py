"""Triggers that keep the audit trail append-only in the database itself, for both databases.

The migration and `create_all` run the same statements. Sealing an unsealed row is the only UPDATE
that passes. Source: trust promise 29.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, event

from app.system.models.audit import AuditEvent

_TABLE = "system_audit_event"
_SEALED = "audit rows are sealed and cannot be changed"
_KEPT = "audit rows cannot be deleted"
_CONTENT = (
    "id",
    "at",
    "actor_id",
    "actor_name",
    "address",
    "request_id",
    "verb",
    "entity",
    "record_id",
    "summary",
    "changes",
)


def create_statements(dialect: str) -> list[str]:
    """DDL that makes the triggers on `dialect` (postgresql or sqlite)."""
    return _POSTGRESQL if dialect == "postgresql" else _SQLITE


def drop_statements(dialect: str) -> list[str]:
    """DDL that takes the triggers away."""
    if dialect == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {_TABLE}_change ON {_TABLE}",
            f"DROP TRIGGER IF EXISTS {_TABLE}_truncate ON {_TABLE}",
            f"DROP FUNCTION IF EXISTS {_TABLE}_guard()",
        ]
    return [f"DROP TRIGGER IF EXISTS {_TABLE}_{name}" for name in ("update", "delete")]


_POSTGRESQL = [
    f"""
CREATE OR REPLACE FUNCTION {_TABLE}_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'UPDATE' THEN
    RAISE EXCEPTION '{_KEPT}';
  END IF;
  IF OLD.hash IS NOT NULL OR NEW.hash IS NULL
     OR ({", ".join(f"NEW.{c}" for c in _CONTENT)}) IS DISTINCT FROM
        ({", ".join(f"OLD.{c}" for c in _CONTENT)}) THEN
    RAISE EXCEPTION '{_SEALED}';
  END IF;
  RETURN NEW;
END $$
""",
    f"""
CREATE TRIGGER {_TABLE}_change BEFORE UPDATE OR DELETE ON {_TABLE}
FOR EACH ROW EXECUTE FUNCTION {_TABLE}_guard()
""",
    f"""
CREATE TRIGGER {_TABLE}_truncate BEFORE TRUNCATE ON {_TABLE}
FOR EACH STATEMENT EXECUTE FUNCTION {_TABLE}_guard()
""",
]

_SQLITE = [
    f"""
CREATE TRIGGER {_TABLE}_update BEFORE UPDATE ON {_TABLE}
WHEN OLD.hash IS NOT NULL OR NEW.hash IS NULL
  OR {" OR ".join(f"NEW.{c} IS NOT OLD.{c}" for c in _CONTENT)}
BEGIN SELECT RAISE(ABORT, '{_SEALED}'); END
""",
    f"""
CREATE TRIGGER {_TABLE}_delete BEFORE DELETE ON {_TABLE}
BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END
""",
]


def _after_create(target: Table, connection: Connection, **options: Any) -> None:
    for statement in create_statements(connection.dialect.name):
        connection.exec_driver_sql(statement)


event.listen(AuditEvent.__table__, "after_create", _after_create)
