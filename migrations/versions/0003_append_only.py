"""The database itself keeps the audit trail append-only."""

from __future__ import annotations

from alembic import op

from app.system.models import triggers

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the triggers."""
    for statement in triggers.create_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Take them away."""
    for statement in triggers.drop_statements(op.get_bind().dialect.name):
        op.execute(statement)
