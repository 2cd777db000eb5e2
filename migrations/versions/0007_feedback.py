"""Feedback: texts of messages, reasons of results, satisfaction, call-backs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

#: Table → comment of the column that names the reason of its result.
REASONED = {
    "applications_application": "Why it came to that",
    "applications_assignment": "Why, as the unit reports it",
    "applications_reply": "Why, as the letter tells it",
}


def _stamps() -> list[sa.Column]:
    """Columns that every table has."""
    return [
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
        sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
        sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
        sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
        sa.Column('id', sa.Integer(), nullable=False),
    ]


def upgrade() -> None:
    """Make the tables, and the columns that name a reason."""
    op.create_table('applications_notice_text',
    sa.Column('step', sa.String(length=40), nullable=False, comment='Step: register, send_reply …'),
    sa.Column('channel', sa.Enum('sms', 'email', name='noticechannel', native_enum=False, create_constraint=True, length=40), nullable=False, comment='By what'),
    sa.Column('language', sa.String(length=2), nullable=False, comment='Language of the text'),
    sa.Column('subject', sa.String(length=200, collation='tr'), nullable=False, comment='Subject of the e-mail'),
    sa.Column('body', sa.Text(), nullable=False, comment='Text with merge fields'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='In use; if not, not told'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='First day'),
    sa.Column('valid_until', sa.Date(), nullable=True, comment='Last day; null: no end'),
    sa.Column('search_text', sa.Text(), nullable=False, comment='Folded, for search'),
    *_stamps(),
    sa.CheckConstraint('valid_until IS NULL OR valid_until >= valid_from', name=op.f('ck_applications_notice_text_valid_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_notice_text')),
    sa.UniqueConstraint('step', 'channel', 'language', 'valid_from', name='uq_applications_notice_text_place')
    )
    op.create_table('applications_outcome_reason',
    sa.Column('code', sa.String(length=40), nullable=False, comment='Stable code: butce-yok'),
    sa.Column('outcome', sa.Enum('resolved', 'partly_resolved', 'planned', 'informed', 'rejected', 'not_competent', 'unfounded', 'duplicate', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Result it belongs to'),
    sa.Column('name', sa.String(length=200, collation='tr'), nullable=False, comment='What the officer reads'),
    sa.Column('citizen_text', sa.String(length=300), nullable=False, comment='What the citizen reads'),
    sa.Column('order_no', sa.Integer(), nullable=False, comment='Place in the list; the first is the usual one'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='In use'),
    sa.Column('search_text', sa.Text(), nullable=False, comment='Folded, for search'),
    *_stamps(),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_outcome_reason')),
    sa.UniqueConstraint('code', name=op.f('uq_applications_outcome_reason_code'))
    )
    op.create_index('ix_applications_outcome_reason_outcome', 'applications_outcome_reason', ['outcome', 'order_no', 'id'], unique=False)
    for table, comment in REASONED.items():
        _add_reason(table, comment)
    op.create_index(op.f('ix_applications_application_outcome_reason_id'), 'applications_application', ['outcome_reason_id'], unique=False)

    op.create_table('applications_satisfaction',
    sa.Column('application_id', sa.Integer(), nullable=True, comment='Application; null: cut loose'),
    sa.Column('cycle', sa.Integer(), nullable=False, comment='Cycle that is asked about'),
    sa.Column('method', sa.Enum('link', 'call_back', 'desk', 'import', name='answermethod', native_enum=False, create_constraint=True, length=40), nullable=False, comment='By which way'),
    sa.Column('score', sa.Integer(), nullable=True, comment='How satisfied, 1 to 5'),
    sa.Column('solved', sa.Enum('yes', 'partly', 'no', name='solved', native_enum=False, create_constraint=True, length=40), nullable=True, comment='Matter solved?'),
    sa.Column('manner', sa.Integer(), nullable=True, comment='How staff behaved, 1 to 5'),
    sa.Column('comment', sa.Text(), nullable=False, comment='In the applicant’s own words'),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True, comment='Answered at'),
    sa.Column('collected_by_id', sa.Integer(), nullable=True, comment='Who wrote the answer down'),
    sa.Column('token_hash', sa.String(length=64), nullable=True, comment='SHA-256 of the token in the link'),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True, comment='Link written at'),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True, comment='Link open until'),
    sa.Column('topic_id', sa.Integer(), nullable=True, comment='Topic'),
    sa.Column('unit_id', sa.Integer(), nullable=True, comment='Lead unit'),
    sa.Column('district_id', sa.Integer(), nullable=True, comment='District of the place'),
    sa.Column('month', sa.Date(), nullable=False, comment='Month in which the application was answered'),
    sa.Column('on_time', sa.Boolean(), nullable=True, comment='Answered within legal time'),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='Demo record'),
    *_stamps(),
    sa.CheckConstraint('(score IS NULL) = (answered_at IS NULL)', name=op.f('ck_applications_satisfaction_answered_with_score')),
    sa.CheckConstraint('manner IS NULL OR manner BETWEEN 1 AND 5', name=op.f('ck_applications_satisfaction_manner_range')),
    sa.CheckConstraint('score IS NULL OR score BETWEEN 1 AND 5', name=op.f('ck_applications_satisfaction_score_range')),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_satisfaction_application_id')),
    sa.ForeignKeyConstraint(['collected_by_id'], ['ab_user.id'], name=op.f('fk_applications_satisfaction_collected_by_id')),
    sa.ForeignKeyConstraint(['district_id'], ['organisation_district.id'], name=op.f('fk_applications_satisfaction_district_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['applications_topic.id'], name=op.f('fk_applications_satisfaction_topic_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['organisation_unit.id'], name=op.f('fk_applications_satisfaction_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_satisfaction')),
    sa.UniqueConstraint('application_id', 'cycle', name='uq_applications_satisfaction_application_cycle'),
    sa.UniqueConstraint('token_hash', name=op.f('uq_applications_satisfaction_token_hash'))
    )
    op.create_index('ix_applications_satisfaction_answered', 'applications_satisfaction', ['answered_at', 'id'], unique=False)
    op.create_index('ix_applications_satisfaction_month', 'applications_satisfaction', ['month', 'unit_id', 'score'], unique=False)
    op.create_index('ix_applications_satisfaction_sent', 'applications_satisfaction', ['sent_at', 'id'], unique=False)
    for column in ('collected_by_id', 'district_id', 'topic_id', 'unit_id'):
        op.create_index(op.f(f'ix_applications_satisfaction_{column}'), 'applications_satisfaction', [column], unique=False)

    op.create_table('applications_call_back_sample',
    sa.Column('week_on', sa.Date(), nullable=False, comment='Monday of the week'),
    sa.Column('seed', sa.Integer(), nullable=False, comment='Seed of the draw'),
    sa.Column('wanted', sa.Integer(), nullable=False, comment='How many were wanted'),
    sa.Column('population', sa.Integer(), nullable=False, comment='How many could have been drawn'),
    sa.Column('drawn', sa.Integer(), nullable=False, comment='How many were drawn'),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False, comment='Drawn at'),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='Demo record'),
    *_stamps(),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_call_back_sample')),
    sa.UniqueConstraint('week_on', name=op.f('uq_applications_call_back_sample_week_on'))
    )
    op.create_table('applications_call_back',
    sa.Column('sample_id', sa.Integer(), nullable=False, comment='Sample'),
    sa.Column('application_id', sa.Integer(), nullable=True, comment='Application; null: cut loose'),
    sa.Column('cycle', sa.Integer(), nullable=False, comment='Cycle that is asked about'),
    sa.Column('topic_id', sa.Integer(), nullable=True, comment='Topic'),
    sa.Column('unit_id', sa.Integer(), nullable=True, comment='Lead unit'),
    sa.Column('state', sa.Enum('waiting', 'answered', 'refused', 'not_reached', 'dropped', name='callstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('tries', sa.Integer(), nullable=False, comment='Tries so far'),
    sa.Column('next_on', sa.Date(), nullable=True, comment='Day of the next try'),
    sa.Column('last_try_at', sa.DateTime(timezone=True), nullable=True, comment='Last try at'),
    sa.Column('called_by_id', sa.Integer(), nullable=True, comment='Who tried last'),
    sa.Column('note', sa.String(length=300), nullable=False, comment='For the next colleague'),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='Demo record'),
    *_stamps(),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_call_back_application_id')),
    sa.ForeignKeyConstraint(['called_by_id'], ['ab_user.id'], name=op.f('fk_applications_call_back_called_by_id')),
    sa.ForeignKeyConstraint(['sample_id'], ['applications_call_back_sample.id'], name=op.f('fk_applications_call_back_sample_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['applications_topic.id'], name=op.f('fk_applications_call_back_topic_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['organisation_unit.id'], name=op.f('fk_applications_call_back_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_call_back')),
    sa.UniqueConstraint('application_id', 'cycle', name='uq_applications_call_back_application_cycle')
    )
    op.create_index('ix_applications_call_back_state', 'applications_call_back', ['state', 'next_on', 'id'], unique=False)
    for column in ('called_by_id', 'sample_id', 'topic_id', 'unit_id'):
        op.create_index(op.f(f'ix_applications_call_back_{column}'), 'applications_call_back', [column], unique=False)

    op.add_column('people_citizen', sa.Column('no_surveys', sa.Boolean(), server_default=sa.false(), nullable=False, comment='Does not want to be asked about satisfaction'))


def _add_reason(table: str, comment: str) -> None:
    """Add the key of a reason; written out, because SQLite takes a reference only with its column."""
    name = op.f(f'fk_{table}_outcome_reason_id')
    op.execute(
        f'ALTER TABLE {table} ADD COLUMN outcome_reason_id INTEGER '
        f'CONSTRAINT {name} REFERENCES applications_outcome_reason (id)'
    )
    if op.get_context().dialect.name == 'postgresql':
        op.execute(f"COMMENT ON COLUMN {table}.outcome_reason_id IS '{comment}'")


def downgrade() -> None:
    """Drop the columns, then the tables."""
    with op.batch_alter_table('people_citizen', schema=None) as batch_op:
        batch_op.drop_column('no_surveys')
    op.drop_table('applications_call_back')
    op.drop_table('applications_call_back_sample')
    op.drop_table('applications_satisfaction')
    op.drop_index(op.f('ix_applications_application_outcome_reason_id'), table_name='applications_application')
    for table in REASONED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            # Its reference goes with the column.
            batch_op.drop_column('outcome_reason_id')
    op.drop_table('applications_outcome_reason')
    op.drop_table('applications_notice_text')
