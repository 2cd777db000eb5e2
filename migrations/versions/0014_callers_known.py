"""Whoever joined a case before there was a column for it stands in the details of the step."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"

#: Dialect → the number of the person as the details hold it.
_KEPT = {
    "sqlite": "CAST(json_extract(details, '$.citizen_id') AS INTEGER)",
    "postgresql": "CAST(details->>'citizen_id' AS INTEGER)",
}


def upgrade() -> None:
    """Fill the column; a person whose record was merged with another meanwhile is not known any more."""
    kept = _KEPT[op.get_context().dialect.name]
    op.execute(
        f"UPDATE applications_event SET citizen_id = {kept} WHERE action = 'join' "
        f"AND citizen_id IS NULL AND {kept} IN (SELECT id FROM people_citizen)"
    )


def downgrade() -> None:
    """The details hold it still."""
