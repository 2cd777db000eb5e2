"""Who joined an open case: a person beside the step, so that their cases are found and merged with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_GIVEN = sa.text("citizen_id IS NOT NULL")


def upgrade() -> None:
    """Add the column; written out, because SQLite takes a reference only with its column."""
    op.execute(
        "ALTER TABLE applications_event ADD COLUMN citizen_id INTEGER "
        "CONSTRAINT fk_applications_event_citizen_id REFERENCES people_citizen (id)"
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "COMMENT ON COLUMN applications_event.citizen_id IS 'Who joined the case with this step'"
        )
    op.create_index(
        "ix_applications_event_citizen",
        "applications_event",
        ["citizen_id"],
        postgresql_where=_GIVEN,
        sqlite_where=_GIVEN,
    )


def downgrade() -> None:
    """Drop it; its reference goes with the column."""
    op.drop_index("ix_applications_event_citizen", table_name="applications_event")
    with op.batch_alter_table("applications_event", schema=None) as batch_op:
        batch_op.drop_column("citizen_id")
