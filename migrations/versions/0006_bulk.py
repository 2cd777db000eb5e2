"""Acts over many applications with their results, follow-ups of transfers, shared views, counted reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables and add the columns."""
    op.add_column('applications_assignment', sa.Column('reminders', sa.Integer(), server_default='0', nullable=False, comment='Reminders (tekit) sent to the unit'))
    op.add_column('applications_assignment', sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True, comment='Last reminder'))
    op.add_column('system_saved_view', sa.Column('share_role', sa.String(length=40), server_default='', nullable=False, comment='Shared only with this role'))
    op.add_column('system_saved_view', sa.Column('share_unit_id', sa.Integer(), nullable=True, comment='Shared only with this unit and those below it'))
    op.create_table('system_saved_view_use',
    sa.Column('view_id', sa.Integer(), nullable=False, comment='Saved view'),
    sa.Column('user_id', sa.Integer(), nullable=False, comment='Staff user'),
    sa.Column('is_pinned', sa.Boolean(), nullable=False, comment='On the home page'),
    sa.Column('is_default', sa.Boolean(), nullable=False, comment='Opens with its list'),
    sa.Column('alert_above', sa.Integer(), nullable=True, comment='A message each morning when there are more rows than this'),
    sa.Column('alerted_on', sa.Date(), nullable=True, comment='Day of the last message'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('alert_above IS NULL OR alert_above >= 0', name=op.f('ck_system_saved_view_use_alert_counted')),
    sa.ForeignKeyConstraint(['view_id'], ['system_saved_view.id'], name=op.f('fk_system_saved_view_use_view_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_system_saved_view_use')),
    sa.UniqueConstraint('view_id', 'user_id', name=op.f('uq_system_saved_view_use_view_id_user_id'))
    )
    op.create_index('ix_system_saved_view_use_alert', 'system_saved_view_use', ['id'], unique=False, postgresql_where=sa.text('alert_above IS NOT NULL'), sqlite_where=sa.text('alert_above IS NOT NULL'))
    op.create_index('ix_system_saved_view_use_user', 'system_saved_view_use', ['user_id', 'id'], unique=False)
    op.create_table('applications_bulk_run',
    sa.Column('act', sa.Enum('assign', 'remind', 'close', 'note', 'priority', 'officer', 'merge', name='bulkact', native_enum=False, create_constraint=True, length=40), nullable=False, comment='What is done'),
    sa.Column('state', sa.Enum('draft', 'previewed', 'awaiting', 'waiting', 'running', 'done', 'stopped', 'failed', 'undoing', name='bulkstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Where the run stands'),
    sa.Column('arguments', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Unit, text, priority … of the act'),
    sa.Column('whole_filter', sa.Boolean(), nullable=False, comment='All that the filter found, not only picked rows'),
    sa.Column('filters', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Filters of the list in words, for the record'),
    sa.Column('reason', sa.String(length=300), nullable=False, comment='Why it is done'),
    sa.Column('has_restricted', sa.Boolean(), nullable=False, comment='Holds cases only for those who may see CİMER items'),
    sa.Column('total_rows', sa.Integer(), nullable=False, comment='Applications picked'),
    sa.Column('ready_rows', sa.Integer(), nullable=False, comment='Possible in the preview'),
    sa.Column('done_rows', sa.Integer(), nullable=False, comment='Done'),
    sa.Column('refused_rows', sa.Integer(), nullable=False, comment='Refused by a rule, or changed meanwhile'),
    sa.Column('undone_rows', sa.Integer(), nullable=False, comment='Taken back'),
    sa.Column('starter_id', sa.Integer(), nullable=True, comment='On whose behalf it is done'),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True, comment='Confirmed at'),
    sa.Column('second_id', sa.Integer(), nullable=True, comment='Second person who confirmed it'),
    sa.Column('job_id', sa.Integer(), nullable=True, comment='Job that does it'),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True, comment='Ended at'),
    sa.Column('undo_until', sa.DateTime(timezone=True), nullable=True, comment='Until when it can be undone'),
    sa.Column('undo_reason', sa.String(length=300), nullable=False, comment='Why it was taken back'),
    sa.Column('error', sa.Text(), nullable=False, comment='Why the whole run broke off'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('second_id IS NULL OR starter_id IS NULL OR second_id <> starter_id', name=op.f('ck_applications_bulk_run_four_eyes')),
    sa.ForeignKeyConstraint(['job_id'], ['system_job.id'], name=op.f('fk_applications_bulk_run_job_id')),
    sa.ForeignKeyConstraint(['second_id'], ['ab_user.id'], name=op.f('fk_applications_bulk_run_second_id')),
    sa.ForeignKeyConstraint(['starter_id'], ['ab_user.id'], name=op.f('fk_applications_bulk_run_starter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_bulk_run'))
    )
    op.create_index(op.f('ix_applications_bulk_run_job_id'), 'applications_bulk_run', ['job_id'], unique=False)
    op.create_index(op.f('ix_applications_bulk_run_second_id'), 'applications_bulk_run', ['second_id'], unique=False)
    op.create_index('ix_applications_bulk_run_starter', 'applications_bulk_run', ['starter_id', 'id'], unique=False)
    op.create_index('ix_applications_bulk_run_state', 'applications_bulk_run', ['state', 'id'], unique=False)
    op.create_table('applications_transfer_follow_up',
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application'),
    sa.Column('institution_id', sa.Integer(), nullable=False, comment='Institution it was passed to'),
    sa.Column('cycle', sa.Integer(), nullable=False, comment='Cycle of the application'),
    sa.Column('state', sa.Enum('waiting', 'reminded', 'answered', 'closed', name='followupstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('sent_on', sa.Date(), nullable=False, comment='Passed on at'),
    sa.Column('expected_on', sa.Date(), nullable=False, comment='Day the answer should be here by'),
    sa.Column('reminders', sa.Integer(), nullable=False, comment='Reminders so far'),
    sa.Column('reminded_on', sa.Date(), nullable=True, comment='Last reminder'),
    sa.Column('reminder_text', sa.Text(), nullable=False, comment='Text of the last reminder'),
    sa.Column('answered_on', sa.Date(), nullable=True, comment="Day of the institution's answer"),
    sa.Column('answer_no', sa.String(length=60), nullable=False, comment="Number of the institution's letter"),
    sa.Column('answer_text', sa.Text(), nullable=False, comment='What the institution has answered'),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True, comment='Told to the applicant at'),
    sa.Column('closing_note', sa.String(length=300), nullable=False, comment='Why the follow-up was closed'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('answered_on IS NULL OR answered_on >= sent_on', name=op.f('ck_applications_transfer_follow_up_answer_after')),
    sa.CheckConstraint('reminders >= 0', name=op.f('ck_applications_transfer_follow_up_reminders_counted')),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_transfer_follow_up_application_id')),
    sa.ForeignKeyConstraint(['institution_id'], ['people_institution.id'], name=op.f('fk_applications_transfer_follow_up_institution_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_transfer_follow_up')),
    sa.UniqueConstraint('application_id', 'cycle', name=op.f('uq_applications_transfer_follow_up_application_id_cycle'))
    )
    op.create_index('ix_applications_transfer_follow_up_awaited', 'applications_transfer_follow_up', ['expected_on', 'id'], unique=False, postgresql_where=sa.text("state IN ('reminded', 'waiting')"), sqlite_where=sa.text("state IN ('reminded', 'waiting')"))
    op.create_index('ix_applications_transfer_follow_up_expected', 'applications_transfer_follow_up', ['expected_on', 'id'], unique=False)
    op.create_index('ix_applications_transfer_follow_up_institution', 'applications_transfer_follow_up', ['institution_id', 'sent_on'], unique=False)
    op.create_index('ix_applications_transfer_follow_up_sent', 'applications_transfer_follow_up', ['sent_on', 'id'], unique=False)
    op.create_index('ix_applications_transfer_follow_up_state', 'applications_transfer_follow_up', ['state', 'expected_on', 'id'], unique=False)
    op.create_table('applications_bulk_row',
    sa.Column('run_id', sa.Integer(), nullable=False, comment='Run'),
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application'),
    sa.Column('state', sa.Enum('picked', 'ready', 'barred', 'done', 'refused', 'changed', 'undo_waiting', 'undone', 'kept', name='bulkrowstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='What became of it'),
    sa.Column('seen_version', sa.Integer(), nullable=True, comment='Version of the application at the preview'),
    sa.Column('reasons', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Why it was refused: texts with what fills them'),
    sa.Column('before', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='What a reversal puts back'),
    sa.Column('event_id', sa.Integer(), nullable=True, comment='Step that the act has written'),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True, comment='Done at'),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True, comment='Taken back at'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_bulk_row_application_id')),
    sa.ForeignKeyConstraint(['event_id'], ['applications_event.id'], name=op.f('fk_applications_bulk_row_event_id')),
    sa.ForeignKeyConstraint(['run_id'], ['applications_bulk_run.id'], name=op.f('fk_applications_bulk_row_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_bulk_row')),
    sa.UniqueConstraint('run_id', 'application_id', name=op.f('uq_applications_bulk_row_run_id_application_id'))
    )
    op.create_index(op.f('ix_applications_bulk_row_application_id'), 'applications_bulk_row', ['application_id'], unique=False)
    op.create_index('ix_applications_bulk_row_state', 'applications_bulk_row', ['run_id', 'state', 'application_id'], unique=False)


def downgrade() -> None:
    """Drop the tables and the columns."""
    op.drop_table('applications_bulk_row')
    op.drop_table('applications_bulk_run')
    op.drop_table('applications_transfer_follow_up')
    op.drop_table('system_saved_view_use')
    op.drop_column('system_saved_view', 'share_unit_id')
    op.drop_column('system_saved_view', 'share_role')
    op.drop_column('applications_assignment', 'reminded_at')
    op.drop_column('applications_assignment', 'reminders')
