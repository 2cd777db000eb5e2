"""Indexes for restricted cases, open cases, the people of a unit's cases, and assignments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make them."""
    op.create_index(
        "ix_applications_application_restricted",
        "applications_application",
        ["id"],
        postgresql_where=sa.text("is_restricted IS true"),
        sqlite_where=sa.text("is_restricted IS 1"),
    )
    op.create_index(
        "ix_applications_application_applicant", "applications_application", ["id", "citizen_id"]
    )
    op.drop_index("ix_applications_application_state", table_name="applications_application")
    op.create_index(
        "ix_applications_application_state",
        "applications_application",
        ["state", "received_at", "id"],
        postgresql_include=["is_restricted", "is_extended"],
    )
    op.create_index("ix_applications_assignment_sent", "applications_assignment", ["sent_at", "id"])
    op.create_index(
        "ix_applications_assignment_state", "applications_assignment", ["state", "sent_at", "id"]
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_applications_assignment_state", table_name="applications_assignment")
    op.drop_index("ix_applications_assignment_sent", table_name="applications_assignment")
    op.drop_index("ix_applications_application_state", table_name="applications_application")
    op.create_index(
        "ix_applications_application_state",
        "applications_application",
        ["state", "received_at", "id"],
    )
    op.drop_index("ix_applications_application_applicant", table_name="applications_application")
    op.drop_index("ix_applications_application_restricted", table_name="applications_application")
