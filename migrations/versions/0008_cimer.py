"""Correspondence with CİMER, comparisons with its list, and the guard of hidden identities."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = "0008"
down_revision = "0007"

_CASES = "applications_application"
_GUARD = "ck_applications_application_hidden_identity"
_HIDDEN = (
    "NOT identity_hidden OR (citizen_id IS NULL AND contact_phone = ''"
    " AND contact_email = '' AND on_behalf_of = '')"
)
_TO_ENTER = sa.text("channel = 'cimer' AND external_answered_at IS NULL")


def upgrade() -> None:
    """Make the tables and columns, and bring what is there into their form."""
    op.create_table('applications_cimer_exchange',
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application'),
    sa.Column('kind', sa.Enum('received', 'resent', 'additional_text', 'state_changed', 'answer_entered', 'extension_asked', 'extension_granted', 'extension_refused', 'transferred', name='exchangekind', native_enum=False, create_constraint=True, length=40), nullable=False, comment='What passed'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='When, at CİMER'),
    sa.Column('reference', sa.String(length=60), nullable=False, comment='Number or reference of this line at CİMER'),
    sa.Column('reason', sa.Enum('unsatisfied', 'returned', 'addition', 'unknown', name='resendreason', native_enum=False, create_constraint=True, length=40), nullable=True, comment='Why it was sent again'),
    sa.Column('text', sa.Text(), nullable=False, comment='What was said'),
    sa.Column('until_on', sa.Date(), nullable=True, comment='Time asked for or given until'),
    sa.Column('cycle', sa.Integer(), nullable=False, comment='Cycle of the application'),
    sa.Column('reply_id', sa.Integer(), nullable=True, comment='Letter whose text was entered'),
    sa.Column('import_batch_id', sa.Integer(), nullable=True, comment='Import that brought it'),
    sa.Column('actor_id', sa.Integer(), nullable=True, comment='Who noted it; null: the system'),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False, comment='Noted at'),
    sa.Column('dedupe_key', sa.String(length=120), nullable=True, comment='The same line of a file is noted once'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('cycle >= 1', name=op.f('ck_applications_cimer_exchange_cycle_counts')),
    sa.ForeignKeyConstraint(['actor_id'], ['ab_user.id'], name=op.f('fk_applications_cimer_exchange_actor_id')),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_cimer_exchange_application_id')),
    sa.ForeignKeyConstraint(['import_batch_id'], ['applications_import_batch.id'], name=op.f('fk_applications_cimer_exchange_import_batch_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['applications_reply.id'], name=op.f('fk_applications_cimer_exchange_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_cimer_exchange')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_applications_cimer_exchange_dedupe_key'))
    )
    with op.batch_alter_table('applications_cimer_exchange', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applications_cimer_exchange_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index('ix_applications_cimer_exchange_application', ['application_id', 'id'], unique=False)
        batch_op.create_index('ix_applications_cimer_exchange_at', ['at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_cimer_exchange_import_batch_id'), ['import_batch_id'], unique=False)
        batch_op.create_index('ix_applications_cimer_exchange_kind', ['kind', 'at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_cimer_exchange_reply_id'), ['reply_id'], unique=False)

    op.create_table('applications_reconciliation',
    sa.Column('source', sa.String(length=40), nullable=False, comment='Whose list'),
    sa.Column('file_name', sa.String(length=200, collation='tr'), nullable=False, comment='Name of the list'),
    sa.Column('file_sha256', sa.String(length=64), nullable=False, comment='Digest of what the list says'),
    sa.Column('period_from', sa.Date(), nullable=False, comment='First day of the list'),
    sa.Column('period_to', sa.Date(), nullable=False, comment='Last day of the list'),
    sa.Column('document', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Columns as they were matched'),
    sa.Column('total_rows', sa.Integer(), nullable=False, comment='Applications in the list'),
    sa.Column('matched_rows', sa.Integer(), nullable=False, comment='Applications in both without any difference'),
    sa.Column('missing_here', sa.Integer(), nullable=False, comment='In their list and not in ours'),
    sa.Column('missing_there', sa.Integer(), nullable=False, comment='In ours and not in their list'),
    sa.Column('state_differs', sa.Integer(), nullable=False, comment='State is not the same'),
    sa.Column('date_differs', sa.Integer(), nullable=False, comment='Date is not the same'),
    sa.Column('overdue_there', sa.Integer(), nullable=False, comment='Overdue in their list'),
    sa.Column('open_items', sa.Integer(), nullable=False, comment='Differences that nobody has dealt with'),
    sa.Column('compared_at', sa.DateTime(timezone=True), nullable=False, comment='Compared at'),
    sa.Column('compared_by_id', sa.Integer(), nullable=True, comment='Who compared'),
    sa.Column('note', sa.String(length=1000), nullable=False, comment='Note'),
    sa.Column('search_text', sa.String(length=1400), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('period_to >= period_from', name=op.f('ck_applications_reconciliation_period_order')),
    sa.CheckConstraint('total_rows >= 0 AND matched_rows >= 0', name=op.f('ck_applications_reconciliation_counts')),
    sa.ForeignKeyConstraint(['compared_by_id'], ['ab_user.id'], name=op.f('fk_applications_reconciliation_compared_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_reconciliation')),
    sa.UniqueConstraint('file_sha256', 'period_from', 'period_to', name='uq_applications_reconciliation_file')
    )
    with op.batch_alter_table('applications_reconciliation', schema=None) as batch_op:
        batch_op.create_index('ix_applications_reconciliation_compared', ['compared_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_reconciliation_compared_by_id'), ['compared_by_id'], unique=False)
        batch_op.create_index('ix_applications_reconciliation_period', ['period_from', 'id'], unique=False)

    op.create_table('applications_reconciliation_item',
    sa.Column('reconciliation_id', sa.Integer(), nullable=False, comment='Comparison'),
    sa.Column('kind', sa.Enum('missing_here', 'missing_there', 'state_differs', 'date_differs', 'overdue_there', name='itemkind', native_enum=False, create_constraint=True, length=40), nullable=False, comment='In which way it differs'),
    sa.Column('external_ref', sa.String(length=60), nullable=False, comment='Number at CİMER'),
    sa.Column('row_no', sa.Integer(), nullable=True, comment='Row in the list'),
    sa.Column('application_id', sa.Integer(), nullable=True, comment='Our case'),
    sa.Column('theirs', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='What their list says'),
    sa.Column('ours', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='What our case says'),
    sa.Column('resolution', sa.Enum('open', 'registered', 'explained', 'settled', name='resolution', native_enum=False, create_constraint=True, length=40), nullable=False, comment='What became of it'),
    sa.Column('reason', sa.Enum('late_at_cimer', 'other_unit', 'merged', 'wrong_number', 'state_lags', 'date_of_forwarding', 'outside_period', 'other', name='explanation', native_enum=False, create_constraint=True, length=40), nullable=True, comment='Why it may stand'),
    sa.Column('note', sa.String(length=1000), nullable=False, comment='Note'),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True, comment='Dealt with at'),
    sa.Column('resolved_by_id', sa.Integer(), nullable=True, comment='Who dealt with it'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("resolution <> 'explained' OR reason IS NOT NULL", name=op.f('ck_applications_reconciliation_item_explained_has_reason')),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_reconciliation_item_application_id')),
    sa.ForeignKeyConstraint(['reconciliation_id'], ['applications_reconciliation.id'], name=op.f('fk_applications_reconciliation_item_reconciliation_id')),
    sa.ForeignKeyConstraint(['resolved_by_id'], ['ab_user.id'], name=op.f('fk_applications_reconciliation_item_resolved_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_reconciliation_item')),
    sa.UniqueConstraint('reconciliation_id', 'kind', 'external_ref', name='uq_applications_reconciliation_item_difference')
    )
    with op.batch_alter_table('applications_reconciliation_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applications_reconciliation_item_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_reconciliation_item_reconciliation_id'), ['reconciliation_id'], unique=False)
        batch_op.create_index('ix_applications_reconciliation_item_ref', ['external_ref', 'id'], unique=False)
        batch_op.create_index('ix_applications_reconciliation_item_resolution', ['resolution', 'kind', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_reconciliation_item_resolved_by_id'), ['resolved_by_id'], unique=False)

    op.add_column(_CASES, sa.Column('external_state', sa.String(length=60), server_default='', nullable=False, comment='State in the words of the source'))
    op.add_column(_CASES, sa.Column('external_until_on', sa.Date(), nullable=True, comment='Time given by the source until; moves the internal goal only'))
    op.add_column(_CASES, sa.Column('external_answered_at', sa.DateTime(timezone=True), nullable=True, comment='Answer of this cycle entered at the source at'))
    op.add_column(_CASES, sa.Column('resend_count', sa.Integer(), server_default='0', nullable=False, comment='How often the source sent it again'))
    op.create_index('ix_applications_application_to_enter', _CASES, ['due_on', 'id'], unique=False, postgresql_where=_TO_ENTER, sqlite_where=_TO_ENTER)
    op.add_column('applications_import_batch', sa.Column('changed_rows', sa.Integer(), server_default='0', nullable=False, comment='Known rows that brought something new'))
    op.add_column('applications_import_batch', sa.Column('resent_rows', sa.Integer(), server_default='0', nullable=False, comment='Known rows that were sent again'))
    op.add_column('applications_import_batch', sa.Column('is_restricted', sa.Boolean(), server_default=sa.false(), nullable=False, comment='Only for those who may see CİMER items'))

    _bring_into_form()
    _guard()


def _bring_into_form() -> None:
    """Answers of before stand at CİMER; its files are restricted; hidden applicants are unknown."""
    # A row of before this guard may hold what nobody should know.
    op.execute(
        f"UPDATE {_CASES} SET citizen_id = NULL, contact_phone = '', contact_email = '',"
        " on_behalf_of = '' WHERE identity_hidden"
    )
    op.execute(
        f"UPDATE {_CASES} SET external_answered_at = answered_at"
        " WHERE channel = 'cimer' AND answered_at IS NOT NULL"
    )
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    source = "document ->> 'source'" if is_postgresql else "json_extract(document, '$.source')"
    yes = "true" if is_postgresql else "1"
    op.execute(f"UPDATE applications_import_batch SET is_restricted = {yes} WHERE {source} = 'cimer'")
    op.execute(
        "INSERT INTO applications_cimer_exchange (application_id, kind, at, reference, text, cycle,"
        " import_batch_id, actor_id, noted_at)"
        " SELECT id, 'received', coalesce(external_received_at, received_at),"
        " coalesce(external_ref, ''), '', 1, import_batch_id, registered_by_id, received_at"
        f" FROM {_CASES} WHERE channel = 'cimer' AND state <> 'draft'"
    )


def _guard() -> None:
    """Refuse an applicant beside a hidden identity; SQLite adds no check to a table, so it has triggers."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_check_constraint(op.f(_GUARD), _CASES, _HIDDEN)
        return
    broken = (
        "NEW.identity_hidden AND (NEW.citizen_id IS NOT NULL OR NEW.contact_phone <> ''"
        " OR NEW.contact_email <> '' OR NEW.on_behalf_of <> '')"
    )
    for act in ("insert", "update"):
        op.execute(
            f"CREATE TRIGGER {_GUARD}_{act} BEFORE {act.upper()} ON {_CASES} WHEN {broken}"
            f" BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: {_GUARD}'); END"
        )


def downgrade() -> None:
    """Take the guard, the columns and the tables away."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f(_GUARD), _CASES, type_="check")
    else:
        for act in ("insert", "update"):
            op.execute(f"DROP TRIGGER IF EXISTS {_GUARD}_{act}")
    for name in ("is_restricted", "resent_rows", "changed_rows"):
        op.drop_column('applications_import_batch', name)
    op.drop_index('ix_applications_application_to_enter', table_name=_CASES)
    for name in ("resend_count", "external_answered_at", "external_until_on", "external_state"):
        op.drop_column(_CASES, name)
    op.drop_table('applications_reconciliation_item')
    op.drop_table('applications_reconciliation')
    op.drop_table('applications_cimer_exchange')
