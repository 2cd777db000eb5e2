"""An index for the tracking code: a caller reads it out, and the search finds its application."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make it."""
    op.create_index(
        "ix_applications_application_tracking", "applications_application", ["tracking_code"]
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_applications_application_tracking", table_name="applications_application")
