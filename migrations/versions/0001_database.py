"""Order of the Turkish alphabet and trigram search, before any table exists."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """PostgreSQL gets its collation and its extension; SQLite has both from the connection."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE COLLATION IF NOT EXISTS tr (provider = icu, locale = 'tr-TR')")
        op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")


def downgrade() -> None:
    """Take both away again."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP EXTENSION IF EXISTS pg_trgm")
        op.execute("DROP COLLATION IF EXISTS tr")
