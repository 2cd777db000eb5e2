"""A small index of the calls that nobody answered: each operator's list counts the own ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_LOST = sa.text("result = 'abandoned'")


def upgrade() -> None:
    """Make it."""
    op.create_index(
        "ix_frontdesk_call_lost",
        "frontdesk_call",
        ["operator_id"],
        postgresql_where=_LOST,
        sqlite_where=_LOST,
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_frontdesk_call_lost", table_name="frontdesk_call")
