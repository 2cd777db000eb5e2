"""Tables of the first rooms: sign-in, system, organisation, people, applications, reporting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    """Make the tables."""
    op.create_table('ab_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('label', sa.String(length=150), nullable=True),
    sa.Column('description', sa.String(length=512), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_group')),
    sa.UniqueConstraint('name', name=op.f('uq_ab_group_name'))
    )
    op.create_table('ab_permission',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_permission')),
    sa.UniqueConstraint('name', name=op.f('uq_ab_permission_name'))
    )
    op.create_table('ab_register_user',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_name', sa.String(length=64), nullable=False),
    sa.Column('last_name', sa.String(length=64), nullable=False),
    sa.Column('username', sa.String(length=128), nullable=False),
    sa.Column('password', sa.String(length=256), nullable=True),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('registration_date', sa.DateTime(), nullable=True),
    sa.Column('registration_hash', sa.String(length=256), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_register_user')),
    sa.UniqueConstraint('email', name=op.f('uq_ab_register_user_email')),
    sa.UniqueConstraint('username', name=op.f('uq_ab_register_user_username'))
    )
    op.create_table('ab_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_role')),
    sa.UniqueConstraint('name', name=op.f('uq_ab_role_name'))
    )
    op.create_table('ab_view_menu',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=250), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_view_menu')),
    sa.UniqueConstraint('name', name=op.f('uq_ab_view_menu_name'))
    )
    op.create_table('applications_import_mapping',
    sa.Column('name', sa.String(length=80, collation='tr'), nullable=False, comment='Name, e.g. cimer'),
    sa.Column('description', sa.String(length=300), nullable=False, comment='What file it is for'),
    sa.Column('source', sa.String(length=40), nullable=False, comment='Source kept on each row'),
    sa.Column('document', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='The mapping'),
    sa.Column('is_shipped', sa.Boolean(), nullable=False, comment='Came with the program'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_import_mapping')),
    sa.UniqueConstraint('name', name=op.f('uq_applications_import_mapping_name'))
    )
    op.create_table('organisation_district',
    sa.Column('name', sa.String(length=80, collation='tr'), nullable=False, comment='Name'),
    sa.Column('postal_code', sa.String(length=5), nullable=False, comment='Postal code'),
    sa.Column('weight', sa.Integer(), nullable=False, comment="Share of the province's people, per mille"),
    sa.Column('active', sa.Boolean(), nullable=False, comment='In use'),
    sa.Column('search_text', sa.String(length=200), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_district')),
    sa.UniqueConstraint('name', name=op.f('uq_organisation_district_name'))
    )
    op.create_table('organisation_unit',
    sa.Column('code', sa.String(length=40), nullable=False, comment='Stable short code'),
    sa.Column('name', sa.String(length=200, collation='tr'), nullable=False, comment='Official name'),
    sa.Column('short_name', sa.String(length=60, collation='tr'), nullable=False, comment='Name in lists'),
    sa.Column('kind', sa.Enum('top', 'department', 'branch', 'office', 'affiliate', 'company', name='unitkind', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Kind of unit'),
    sa.Column('parent_id', sa.Integer(), nullable=True, comment='Unit above'),
    sa.Column('path', sa.String(length=200), nullable=False, comment='Place in tree'),
    sa.Column('manager_id', sa.Integer(), nullable=True, comment='Head of the unit'),
    sa.Column('detsis_no', sa.String(length=8), nullable=False, comment='DETSİS number'),
    sa.Column('phone', sa.String(length=20), nullable=False, comment='Telephone, E.164'),
    sa.Column('email', sa.String(length=320), nullable=False, comment='E-mail'),
    sa.Column('internal_days', sa.Integer(), nullable=True, comment='Days the unit gives itself to answer; null: the general setting'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='In use'),
    sa.Column('search_text', sa.String(length=400), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['manager_id'], ['ab_user.id'], name=op.f('fk_organisation_unit_manager_id'), use_alter=True),
    sa.ForeignKeyConstraint(['parent_id'], ['organisation_unit.id'], name=op.f('fk_organisation_unit_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_unit')),
    sa.UniqueConstraint('code', name=op.f('uq_organisation_unit_code'))
    )
    with op.batch_alter_table('organisation_unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_unit_manager_id'), ['manager_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_organisation_unit_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_organisation_unit_path'), ['path'], unique=False)

    op.create_table('system_attachment',
    sa.Column('owner_type', sa.String(length=60), nullable=False, comment='Class of the owner record'),
    sa.Column('owner_id', sa.Integer(), nullable=False, comment='Key of the owner record'),
    sa.Column('name', sa.String(length=200, collation='tr'), nullable=False, comment='Name the user sees'),
    sa.Column('stored_name', sa.String(length=80), nullable=False, comment='Random name on disk'),
    sa.Column('mime', sa.String(length=120), nullable=False, comment='Checked content type'),
    sa.Column('size', sa.Integer(), nullable=False, comment='Bytes'),
    sa.Column('sha256', sa.String(length=64), nullable=False, comment='Digest of the content'),
    sa.Column('scan', sa.Enum('clean', 'infected', 'unscanned', name='scanstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Result of the virus scan'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='petition, photo, letter …'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_system_attachment')),
    sa.UniqueConstraint('stored_name', name=op.f('uq_system_attachment_stored_name'))
    )
    with op.batch_alter_table('system_attachment', schema=None) as batch_op:
        batch_op.create_index('ix_system_attachment_owner', ['owner_type', 'owner_id'], unique=False)

    op.create_table('system_audit_event',
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='When'),
    sa.Column('actor_id', sa.Integer(), nullable=True, comment='Staff user; null: the system'),
    sa.Column('actor_name', sa.String(length=150), nullable=False, comment='Name at that time'),
    sa.Column('address', sa.String(length=64), nullable=False, comment='Network address'),
    sa.Column('request_id', sa.String(length=40), nullable=False, comment='Joins it to the log'),
    sa.Column('verb', sa.Enum('insert', 'update', 'delete', 'reveal', 'export', 'print', 'download', 'view', 'login', 'login_failed', 'logout', name='auditverb', native_enum=False, create_constraint=True, length=20), nullable=False, comment='What was done'),
    sa.Column('entity', sa.String(length=60), nullable=False, comment='Class of the record'),
    sa.Column('record_id', sa.Integer(), nullable=True, comment='Key of the record'),
    sa.Column('summary', sa.String(length=300), nullable=False, comment='Reason or short text'),
    sa.Column('changes', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Field: [before, after]; personal fields masked'),
    sa.Column('seal_no', sa.Integer(), nullable=True, comment='Place in the chain'),
    sa.Column('previous_hash', sa.String(length=64), nullable=True, comment='Hash of the seal before'),
    sa.Column('hash', sa.String(length=64), nullable=True, comment='SHA-256 over this row'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_system_audit_event')),
    sa.UniqueConstraint('seal_no', name=op.f('uq_system_audit_event_seal_no'))
    )
    with op.batch_alter_table('system_audit_event', schema=None) as batch_op:
        batch_op.create_index('ix_system_audit_event_actor', ['actor_id', 'at'], unique=False)
        batch_op.create_index('ix_system_audit_event_at', ['at'], unique=False)
        batch_op.create_index('ix_system_audit_event_record', ['entity', 'record_id', 'id'], unique=False)

    op.create_table('system_calendar_day',
    sa.Column('on', sa.Date(), nullable=False, comment='The day'),
    sa.Column('kind', sa.Enum('public_holiday', 'half_day', 'administrative_leave', 'administrative_half_day', name='daykind', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Kind of day'),
    sa.Column('name', sa.String(length=200, collation='tr'), nullable=False, comment='Name of the day'),
    sa.Column('counts_as_working_day', sa.Boolean(), nullable=True, comment='Overrides the setting for this kind; null: the setting decides'),
    sa.Column('authority', sa.String(length=120), nullable=False, comment='Who declared a leave'),
    sa.Column('decision_no', sa.String(length=60), nullable=False, comment='Decision number'),
    sa.Column('is_estimated', sa.Boolean(), nullable=False, comment='Religious holiday not yet confirmed'),
    sa.Column('source', sa.String(length=120), nullable=False, comment='Where the row came from'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_system_calendar_day')),
    sa.UniqueConstraint('on', 'kind', name=op.f('uq_system_calendar_day_on_kind'))
    )
    with op.batch_alter_table('system_calendar_day', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_system_calendar_day_on'), ['on'], unique=False)

    op.create_table('system_job',
    sa.Column('kind', sa.String(length=60), nullable=False, comment='Name of the handler'),
    sa.Column('title', sa.String(length=200, collation='tr'), nullable=False, comment='What the user sees'),
    sa.Column('dedupe_key', sa.String(length=160), nullable=True, comment='Once per key'),
    sa.Column('arguments', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Arguments'),
    sa.Column('state', sa.Enum('waiting', 'running', 'done', 'failed', 'cancelled', name='jobstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('attempts', sa.Integer(), nullable=False, comment='Tries so far'),
    sa.Column('run_after', sa.DateTime(timezone=True), nullable=False, comment='Not before'),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True, comment='Lease of the worker'),
    sa.Column('lease_token', sa.String(length=40), nullable=True, comment='Which worker holds it'),
    sa.Column('progress', sa.Integer(), nullable=False, comment='0 to 100'),
    sa.Column('step', sa.String(length=200), nullable=False, comment='What is being done now'),
    sa.Column('result', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Outcome'),
    sa.Column('error', sa.Text(), nullable=False, comment='Message for the user'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True, comment='Begun at'),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True, comment='Ended at'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_system_job')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_system_job_dedupe_key'))
    )
    with op.batch_alter_table('system_job', schema=None) as batch_op:
        batch_op.create_index('ix_system_job_due', ['state', 'run_after', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_system_job_kind'), ['kind'], unique=False)
        batch_op.create_index('ix_system_job_owner', ['created_by_id', 'id'], unique=False)

    op.create_table('system_legal_rule',
    sa.Column('key', sa.String(length=60), nullable=False, comment='Name of the period, e.g. foi_access'),
    sa.Column('rule_version', sa.Integer(), nullable=False, comment='Version of the text'),
    sa.Column('label', sa.String(length=200, collation='tr'), nullable=False, comment='What the period is for'),
    sa.Column('law', sa.String(length=120), nullable=False, comment='Law and article'),
    sa.Column('days', sa.Integer(), nullable=False, comment='Length of the period'),
    sa.Column('unit', sa.Enum('calendar_days', 'working_days', name='periodunit', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Calendar or working days'),
    sa.Column('shift_to_working_day', sa.Boolean(), nullable=False, comment='A last day that is a holiday moves to the next working day'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='In force from'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='In force until'),
    sa.Column('note', sa.Text(), nullable=False, comment='Reading, doubt, decision behind it'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('days > 0', name=op.f('ck_system_legal_rule_days_positive')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_system_legal_rule_dates_in_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_system_legal_rule')),
    sa.UniqueConstraint('key', 'rule_version', name=op.f('uq_system_legal_rule_key_rule_version'))
    )
    with op.batch_alter_table('system_legal_rule', schema=None) as batch_op:
        batch_op.create_index('ix_system_legal_rule_key_from', ['key', 'valid_from'], unique=False)

    op.create_table('system_notification',
    sa.Column('channel', sa.Enum('email', 'sms', 'panel', name='notificationchannel', native_enum=False, create_constraint=True, length=40), nullable=False, comment='By what'),
    sa.Column('dedupe_key', sa.String(length=160), nullable=True, comment='Once per key'),
    sa.Column('user_id', sa.Integer(), nullable=True, comment='Staff user, for the panel'),
    sa.Column('recipient', sa.String(length=320), nullable=False, comment='Address or number'),
    sa.Column('subject', sa.String(length=200, collation='tr'), nullable=False, comment='Subject'),
    sa.Column('body', sa.Text(), nullable=False, comment='Text'),
    sa.Column('url', sa.String(length=300), nullable=False, comment='Page it speaks of'),
    sa.Column('owner_type', sa.String(length=60), nullable=False, comment='Class of the record'),
    sa.Column('owner_id', sa.Integer(), nullable=True, comment='Key of the record'),
    sa.Column('template', sa.String(length=60), nullable=False, comment='Which text it is'),
    sa.Column('attachment_ids', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Attachments that travel with it'),
    sa.Column('state', sa.Enum('waiting', 'sending', 'sent', 'failed', 'cancelled', name='notificationstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('attempts', sa.Integer(), nullable=False, comment='Tries so far'),
    sa.Column('run_after', sa.DateTime(timezone=True), nullable=False, comment='Not before'),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True, comment='Lease of the worker'),
    sa.Column('lease_token', sa.String(length=40), nullable=True, comment='Which worker holds it'),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True, comment='Accepted at'),
    sa.Column('provider_ref', sa.String(length=120), nullable=False, comment="Provider's number"),
    sa.Column('error', sa.String(length=300), nullable=False, comment='Why it failed'),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True, comment='Read in the panel at'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_system_notification')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_system_notification_dedupe_key'))
    )
    with op.batch_alter_table('system_notification', schema=None) as batch_op:
        batch_op.create_index('ix_system_notification_due', ['state', 'run_after', 'id'], unique=False)
        batch_op.create_index('ix_system_notification_owner', ['owner_type', 'owner_id'], unique=False)
        batch_op.create_index('ix_system_notification_unread', ['user_id', 'id'], unique=False, postgresql_where=sa.text('read_at IS NULL'), sqlite_where=sa.text('read_at IS NULL'))

    op.create_table('system_number_series',
    sa.Column('series', sa.String(length=40), nullable=False, comment='Name of the series'),
    sa.Column('year', sa.Integer(), nullable=False, comment='Calendar year'),
    sa.Column('last', sa.Integer(), nullable=False, comment='Last number given'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_system_number_series')),
    sa.UniqueConstraint('series', 'year', name=op.f('uq_system_number_series_series_year'))
    )
    op.create_table('system_parameter',
    sa.Column('key', sa.String(length=80), nullable=False, comment='Name of the setting'),
    sa.Column('value', sa.Text(), nullable=False, comment='Value as text'),
    sa.Column('kind', sa.String(length=20), nullable=False, comment='text, integer, boolean …'),
    sa.Column('label', sa.String(length=200, collation='tr'), nullable=False, comment='What it is'),
    sa.Column('help', sa.Text(), nullable=False, comment='What it does, and its source'),
    sa.Column('group', sa.String(length=60), nullable=False, comment='Heading it stands under'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_system_parameter')),
    sa.UniqueConstraint('key', name=op.f('uq_system_parameter_key'))
    )
    op.create_table('system_reminder',
    sa.Column('dedupe_key', sa.String(length=160), nullable=False, comment='Once per key'),
    sa.Column('owner_type', sa.String(length=60), nullable=False, comment='Class of the record'),
    sa.Column('owner_id', sa.Integer(), nullable=False, comment='Key of the record'),
    sa.Column('kind', sa.String(length=40), nullable=False, comment='internal_50, legal_3, overdue …'),
    sa.Column('level', sa.String(length=40), nullable=False, comment='Who is reminded'),
    sa.Column('user_id', sa.Integer(), nullable=True, comment='Staff user reminded'),
    sa.Column('due_on', sa.Date(), nullable=True, comment='The day it speaks of'),
    sa.Column('text', sa.String(length=300), nullable=False, comment='Text'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_system_reminder')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_system_reminder_dedupe_key'))
    )
    with op.batch_alter_table('system_reminder', schema=None) as batch_op:
        batch_op.create_index('ix_system_reminder_owner', ['owner_type', 'owner_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_system_reminder_user_id'), ['user_id'], unique=False)

    op.create_table('system_saved_view',
    sa.Column('screen', sa.String(length=80), nullable=False, comment='Which list'),
    sa.Column('owner_id', sa.Integer(), nullable=False, comment='Staff user'),
    sa.Column('name', sa.String(length=80, collation='tr'), nullable=False, comment='Name on the tab'),
    sa.Column('arguments', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='URL arguments'),
    sa.Column('is_shared', sa.Boolean(), nullable=False, comment='Others see it too'),
    sa.Column('position', sa.Integer(), nullable=False, comment='Order among the tabs'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_system_saved_view'))
    )
    with op.batch_alter_table('system_saved_view', schema=None) as batch_op:
        batch_op.create_index('ix_system_saved_view_screen', ['screen', 'owner_id'], unique=False)

    op.create_table('ab_group_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['ab_group.id'], name=op.f('fk_ab_group_role_group_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['role_id'], ['ab_role.id'], name=op.f('fk_ab_group_role_role_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_group_role')),
    sa.UniqueConstraint('group_id', 'role_id', name=op.f('uq_ab_group_role_group_id_role_id'))
    )
    with op.batch_alter_table('ab_group_role', schema=None) as batch_op:
        batch_op.create_index('idx_group_id', ['group_id'], unique=False)
        batch_op.create_index('idx_group_role_id', ['role_id'], unique=False)

    op.create_table('ab_permission_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('permission_id', sa.Integer(), nullable=False),
    sa.Column('view_menu_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['permission_id'], ['ab_permission.id'], name=op.f('fk_ab_permission_view_permission_id')),
    sa.ForeignKeyConstraint(['view_menu_id'], ['ab_view_menu.id'], name=op.f('fk_ab_permission_view_view_menu_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_permission_view')),
    sa.UniqueConstraint('permission_id', 'view_menu_id', name=op.f('uq_ab_permission_view_permission_id_view_menu_id'))
    )
    with op.batch_alter_table('ab_permission_view', schema=None) as batch_op:
        batch_op.create_index('idx_permission_id', ['permission_id'], unique=False)
        batch_op.create_index('idx_view_menu_id', ['view_menu_id'], unique=False)

    op.create_table('ab_user',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_name', sa.String(length=64), nullable=False),
    sa.Column('last_name', sa.String(length=64), nullable=False),
    sa.Column('username', sa.String(length=128), nullable=False),
    sa.Column('password', sa.String(length=256), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=True),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('last_login', sa.DateTime(), nullable=True),
    sa.Column('login_count', sa.Integer(), nullable=True),
    sa.Column('fail_login_count', sa.Integer(), nullable=True),
    sa.Column('created_on', sa.DateTime(), nullable=True),
    sa.Column('changed_on', sa.DateTime(), nullable=True),
    sa.Column('created_by_fk', sa.Integer(), nullable=True),
    sa.Column('changed_by_fk', sa.Integer(), nullable=True),
    sa.Column('unit_id', sa.Integer(), nullable=True, comment='Unit the person works in'),
    sa.Column('title', sa.String(length=120), nullable=False, comment='Title under a signature'),
    sa.Column('phone', sa.String(length=20), nullable=False, comment='Telephone, E.164'),
    sa.Column('session_stamp', sa.String(length=40), nullable=False, comment='Session stamp'),
    sa.Column('failed_logins', sa.Integer(), nullable=False, comment='Bad tries in a row'),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True, comment='Account locked until'),
    sa.Column('language', sa.String(length=5), nullable=False, comment='Language of the panel'),
    sa.Column('theme', sa.String(length=10), nullable=False, comment="light, dark or the system's"),
    sa.Column('shortcuts', sa.Boolean(), nullable=False, comment='Single-letter keys on'),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='Fictional person'),
    sa.Column('search_text', sa.String(length=400), nullable=False, comment='Folded, for search'),
    sa.ForeignKeyConstraint(['changed_by_fk'], ['ab_user.id'], name=op.f('fk_ab_user_changed_by_fk')),
    sa.ForeignKeyConstraint(['created_by_fk'], ['ab_user.id'], name=op.f('fk_ab_user_created_by_fk')),
    sa.ForeignKeyConstraint(['unit_id'], ['organisation_unit.id'], name=op.f('fk_ab_user_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_user')),
    sa.UniqueConstraint('email', name=op.f('uq_ab_user_email')),
    sa.UniqueConstraint('username', name=op.f('uq_ab_user_username'))
    )
    with op.batch_alter_table('ab_user', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ab_user_unit_id'), ['unit_id'], unique=False)

    op.create_table('applications_import_batch',
    sa.Column('mapping_id', sa.Integer(), nullable=True, comment='Mapping'),
    sa.Column('job_id', sa.Integer(), nullable=True, comment='Job that does it'),
    sa.Column('file_name', sa.String(length=200, collation='tr'), nullable=False, comment='Name of the file'),
    sa.Column('file_sha256', sa.String(length=64), nullable=False, comment='Digest of the file'),
    sa.Column('document', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='The mapping as it was used'),
    sa.Column('state', sa.String(length=20), nullable=False, comment='draft, waiting, running, done, failed'),
    sa.Column('total_rows', sa.Integer(), nullable=False, comment='Rows read'),
    sa.Column('created_rows', sa.Integer(), nullable=False, comment='Rows taken over'),
    sa.Column('known_rows', sa.Integer(), nullable=False, comment='Rows that were here already'),
    sa.Column('rejected_rows', sa.Integer(), nullable=False, comment='Rows refused'),
    sa.Column('error', sa.Text(), nullable=False, comment='Why the whole file was refused'),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True, comment='Ended at'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['system_job.id'], name=op.f('fk_applications_import_batch_job_id')),
    sa.ForeignKeyConstraint(['mapping_id'], ['applications_import_mapping.id'], name=op.f('fk_applications_import_batch_mapping_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_import_batch'))
    )
    with op.batch_alter_table('applications_import_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applications_import_batch_job_id'), ['job_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_import_batch_mapping_id'), ['mapping_id'], unique=False)

    op.create_table('organisation_neighbourhood',
    sa.Column('district_id', sa.Integer(), nullable=False, comment='District'),
    sa.Column('name', sa.String(length=120, collation='tr'), nullable=False, comment='Name'),
    sa.Column('mukhtar_phone', sa.String(length=20), nullable=False, comment='Mukhtar, E.164'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='In use'),
    sa.Column('search_text', sa.String(length=200), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['district_id'], ['organisation_district.id'], name=op.f('fk_organisation_neighbourhood_district_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_neighbourhood')),
    sa.UniqueConstraint('district_id', 'name', name=op.f('uq_organisation_neighbourhood_district_id_name'))
    )
    op.create_table('people_institution',
    sa.Column('name', sa.String(length=200, collation='tr'), nullable=False, comment='Official name'),
    sa.Column('short_name', sa.String(length=60, collation='tr'), nullable=False, comment='Name in lists'),
    sa.Column('kind', sa.Enum('district_municipality', 'public_body', 'utility', 'governorate', 'other', name='institutionkind', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Kind'),
    sa.Column('salutation', sa.String(length=200), nullable=False, comment='Address line of a letter'),
    sa.Column('phone', sa.String(length=20), nullable=False, comment='E.164 or short number'),
    sa.Column('email', sa.String(length=320), nullable=False, comment='E-mail'),
    sa.Column('kep', sa.String(length=320), nullable=False, comment='Registered e-mail (KEP)'),
    sa.Column('district_id', sa.Integer(), nullable=True, comment='District, if it serves one'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='In use'),
    sa.Column('search_text', sa.String(length=400), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['district_id'], ['organisation_district.id'], name=op.f('fk_people_institution_district_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people_institution')),
    sa.UniqueConstraint('name', name=op.f('uq_people_institution_name'))
    )
    with op.batch_alter_table('people_institution', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_institution_district_id'), ['district_id'], unique=False)

    op.create_table('reporting_report_run',
    sa.Column('report_key', sa.String(length=60), nullable=False, comment='Which report'),
    sa.Column('title', sa.String(length=200, collation='tr'), nullable=False, comment='Title with its period'),
    sa.Column('parameters', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Parameters'),
    sa.Column('state', sa.Enum('waiting', 'running', 'done', 'failed', name='runstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('job_id', sa.Integer(), nullable=True, comment='Job'),
    sa.Column('as_of', sa.DateTime(timezone=True), nullable=True, comment='Figures are of this moment'),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True, comment='Ended at'),
    sa.Column('figures', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Main figures'),
    sa.Column('error', sa.Text(), nullable=False, comment='Why it failed'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['system_job.id'], name=op.f('fk_reporting_report_run_job_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reporting_report_run'))
    )
    with op.batch_alter_table('reporting_report_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reporting_report_run_job_id'), ['job_id'], unique=False)
        batch_op.create_index('ix_reporting_report_run_report', ['report_key', 'id'], unique=False)

    op.create_table('ab_api_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=256), nullable=False),
    sa.Column('key_hash', sa.String(length=256), nullable=False),
    sa.Column('lookup_hash', sa.String(length=256), nullable=True),
    sa.Column('key_prefix', sa.String(length=16), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('scopes', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_on', sa.DateTime(), nullable=True),
    sa.Column('expires_on', sa.DateTime(), nullable=True),
    sa.Column('revoked_on', sa.DateTime(), nullable=True),
    sa.Column('last_used_on', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_ab_api_key_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_api_key')),
    sa.UniqueConstraint('lookup_hash', name=op.f('uq_ab_api_key_lookup_hash')),
    sa.UniqueConstraint('uuid', name=op.f('uq_ab_api_key_uuid'))
    )
    with op.batch_alter_table('ab_api_key', schema=None) as batch_op:
        batch_op.create_index('idx_api_key_lookup_hash', ['lookup_hash'], unique=True)
        batch_op.create_index('idx_api_key_prefix', ['key_prefix'], unique=False)
        batch_op.create_index('idx_api_key_user_id', ['user_id'], unique=False)

    op.create_table('ab_permission_view_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('permission_view_id', sa.Integer(), nullable=True),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['permission_view_id'], ['ab_permission_view.id'], name=op.f('fk_ab_permission_view_role_permission_view_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['role_id'], ['ab_role.id'], name=op.f('fk_ab_permission_view_role_role_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_permission_view_role')),
    sa.UniqueConstraint('permission_view_id', 'role_id', name=op.f('uq_ab_permission_view_role_permission_view_id_role_id'))
    )
    with op.batch_alter_table('ab_permission_view_role', schema=None) as batch_op:
        batch_op.create_index('idx_permission_view_id', ['permission_view_id'], unique=False)
        batch_op.create_index('idx_role_id', ['role_id'], unique=False)

    op.create_table('ab_user_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['ab_group.id'], name=op.f('fk_ab_user_group_group_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_ab_user_group_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_user_group')),
    sa.UniqueConstraint('user_id', 'group_id', name=op.f('uq_ab_user_group_user_id_group_id'))
    )
    with op.batch_alter_table('ab_user_group', schema=None) as batch_op:
        batch_op.create_index('idx_user_group_id', ['group_id'], unique=False)
        batch_op.create_index('idx_user_id', ['user_id'], unique=False)

    op.create_table('ab_user_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['role_id'], ['ab_role.id'], name=op.f('fk_ab_user_role_role_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_ab_user_role_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_user_role')),
    sa.UniqueConstraint('user_id', 'role_id', name=op.f('uq_ab_user_role_user_id_role_id'))
    )
    op.create_table('applications_import_row',
    sa.Column('batch_id', sa.Integer(), nullable=False, comment='Import'),
    sa.Column('row_no', sa.Integer(), nullable=False, comment='Row in the file'),
    sa.Column('values', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Cells as read'),
    sa.Column('reasons', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Field and message'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['applications_import_batch.id'], name=op.f('fk_applications_import_row_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_import_row'))
    )
    with op.batch_alter_table('applications_import_row', schema=None) as batch_op:
        batch_op.create_index('ix_applications_import_row_batch', ['batch_id', 'row_no'], unique=False)

    op.create_table('applications_topic',
    sa.Column('code', sa.String(length=12), nullable=False, comment='Code, e.g. SU-02'),
    sa.Column('name', sa.String(length=200, collation='tr'), nullable=False, comment='Name'),
    sa.Column('group', sa.String(length=60, collation='tr'), nullable=False, comment='Group, e.g. SU'),
    sa.Column('synonyms', sa.Text(), nullable=False, comment='Other words people use'),
    sa.Column('competence', sa.Enum('bb', 'teski', 'district', 'external', name='competence', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Whose task it is'),
    sa.Column('unit_id', sa.Integer(), nullable=True, comment='Unit proposed at intake'),
    sa.Column('institution_id', sa.Integer(), nullable=True, comment='Institution it is passed to'),
    sa.Column('internal_days', sa.Integer(), nullable=True, comment="Days the house gives itself; null: the unit's or the general setting"),
    sa.Column('priority', sa.Enum('urgent', 'high', 'normal', 'low', name='priority', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Proposed priority'),
    sa.Column('advice', sa.Text(), nullable=False, comment='What to tell the caller at once'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='In use'),
    sa.Column('search_text', sa.String(length=600), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['institution_id'], ['people_institution.id'], name=op.f('fk_applications_topic_institution_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['organisation_unit.id'], name=op.f('fk_applications_topic_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_topic')),
    sa.UniqueConstraint('code', name=op.f('uq_applications_topic_code'))
    )
    with op.batch_alter_table('applications_topic', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applications_topic_group'), ['group'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_topic_institution_id'), ['institution_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_topic_unit_id'), ['unit_id'], unique=False)

    op.create_table('organisation_unit_liaison',
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='Unit'),
    sa.Column('user_id', sa.Integer(), nullable=False, comment='Person'),
    sa.Column('role', sa.Enum('main', 'deputy', name='liaisonrole', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Main or deputy'),
    sa.Column('phone', sa.String(length=20), nullable=False, comment='Telephone at work, E.164'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='In use'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['organisation_unit.id'], name=op.f('fk_organisation_unit_liaison_unit_id')),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_organisation_unit_liaison_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_unit_liaison')),
    sa.UniqueConstraint('unit_id', 'user_id', name=op.f('uq_organisation_unit_liaison_unit_id_user_id'))
    )
    with op.batch_alter_table('organisation_unit_liaison', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_unit_liaison_user_id'), ['user_id'], unique=False)

    op.create_table('people_citizen',
    sa.Column('kind', sa.Enum('person', 'company', 'foreigner', 'mukhtar', name='citizenkind', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Kind of applicant'),
    sa.Column('first_name', sa.String(length=80, collation='tr'), nullable=False, comment='First name'),
    sa.Column('last_name', sa.String(length=80, collation='tr'), nullable=False, comment='Last name'),
    sa.Column('title', sa.String(length=200, collation='tr'), nullable=False, comment='Title of a legal entity'),
    sa.Column('national_id', sa.String(length=11), nullable=True, comment='TCKN or YKN'),
    sa.Column('tax_no', sa.String(length=10), nullable=False, comment='VKN of a legal entity'),
    sa.Column('phone', sa.String(length=20), nullable=False, comment='E.164'),
    sa.Column('phone2', sa.String(length=20), nullable=False, comment='Second number, E.164'),
    sa.Column('email', sa.String(length=320), nullable=False, comment='E-mail'),
    sa.Column('district_id', sa.Integer(), nullable=True, comment='District of residence'),
    sa.Column('neighbourhood_id', sa.Integer(), nullable=True, comment='Neighbourhood of residence'),
    sa.Column('address', sa.String(length=300), nullable=False, comment='Home or work address'),
    sa.Column('contact_preference', sa.Enum('sms', 'email', 'call', 'letter', 'none', name='contactpreference', native_enum=False, create_constraint=True, length=40), nullable=False, comment='How to reach the person'),
    sa.Column('note', sa.Text(), nullable=False, comment='What a colleague should know'),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='Fictional person'),
    sa.Column('search_text', sa.String(length=400), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['district_id'], ['organisation_district.id'], name=op.f('fk_people_citizen_district_id')),
    sa.ForeignKeyConstraint(['neighbourhood_id'], ['organisation_neighbourhood.id'], name=op.f('fk_people_citizen_neighbourhood_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people_citizen')),
    sa.UniqueConstraint('national_id', name=op.f('uq_people_citizen_national_id'))
    )
    with op.batch_alter_table('people_citizen', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_citizen_district_id'), ['district_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_people_citizen_email'), ['email'], unique=False)
        batch_op.create_index('ix_people_citizen_name', ['last_name', 'first_name', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_people_citizen_neighbourhood_id'), ['neighbourhood_id'], unique=False)
        batch_op.create_index('ix_people_citizen_phone', ['phone'], unique=False, postgresql_ops={'phone': 'varchar_pattern_ops'})
        batch_op.create_index('ix_people_citizen_phone2', ['phone2'], unique=False, postgresql_ops={'phone2': 'varchar_pattern_ops'}, postgresql_where=sa.text("phone2 <> ''"), sqlite_where=sa.text("phone2 <> ''"))
        batch_op.create_index('ix_people_citizen_search', ['search_text'], unique=False, postgresql_using='gin', postgresql_ops={'search_text': 'gin_trgm_ops'})

    op.create_table('applications_application',
    sa.Column('number', sa.String(length=16), nullable=False, comment='2026-0000123, gapless per year'),
    sa.Column('tracking_code', sa.String(length=12), nullable=False, comment='Random, told to the citizen'),
    sa.Column('channel', sa.Enum('call_center', 'web', 'mobile', 'whatsapp', 'email', 'desk', 'field', 'petition', 'kep', 'cimer', 'presidency', 'governor', 'edevlet', 'social_media', 'mukhtar', 'public_day', 'council_member', 'press', 'ombudsman', 'parliament', 'bimer', 'prime_ministry', name='channel', native_enum=False, create_constraint=True, length=40), nullable=False, comment='By which way it came'),
    sa.Column('kind', sa.Enum('request', 'complaint', 'suggestion', 'opinion', 'tipoff', 'information', 'thanks', 'objection', 'kvkk', 'enquiry', 'participation', name='kind', native_enum=False, create_constraint=True, length=40), nullable=False, comment='What it is in law'),
    sa.Column('topic_id', sa.Integer(), nullable=True, comment='Topic'),
    sa.Column('subject', sa.String(length=200, collation='tr'), nullable=False, comment='Summary in one line'),
    sa.Column('body', sa.Text(), nullable=False, comment='What the citizen told'),
    sa.Column('priority', sa.Enum('urgent', 'high', 'normal', 'low', name='priority', native_enum=False, create_constraint=True, length=40), nullable=False, comment='How soon the work is to be done'),
    sa.Column('state', sa.Enum('draft', 'registered', 'triage', 'assigned', 'in_progress', 'returned', 'scheduled', 'info_requested', 'extension_requested', 'fee_pending', 'unit_answered', 'reply_approved', 'answered', 'closed', 'reopened', 'rejected', 'inadmissible', 'transferred_out', 'merged', 'withdrawn', 'deemed_withdrawn', 'appealed', 'discarded', name='state', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('outcome', sa.Enum('resolved', 'partly_resolved', 'planned', 'informed', 'rejected', 'not_competent', 'unfounded', 'duplicate', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=True, comment='What came of it'),
    sa.Column('inadmissible_reason', sa.Enum('no_specific_subject', 'judicial_matter', 'missing_mandatory_parts', name='inadmissiblereason', native_enum=False, create_constraint=True, length=40), nullable=True, comment='3071 m.6'),
    sa.Column('closing_note', sa.Text(), nullable=False, comment='Reason of the last end'),
    sa.Column('citizen_id', sa.Integer(), nullable=True, comment='Applicant; null: anonymous or hidden'),
    sa.Column('is_anonymous', sa.Boolean(), nullable=False, comment='No applicant given'),
    sa.Column('on_behalf_of', sa.String(length=160), nullable=False, comment='For whom, if asked for another'),
    sa.Column('identity_hidden', sa.Boolean(), nullable=False, comment='Hidden by CİMER'),
    sa.Column('is_restricted', sa.Boolean(), nullable=False, comment='Only for those who may see CİMER items'),
    sa.Column('contact_phone', sa.String(length=20), nullable=False, comment='For this case, E.164'),
    sa.Column('contact_email', sa.String(length=320), nullable=False, comment='For this case'),
    sa.Column('wants_notice', sa.String(length=10), nullable=False, comment='sms, email, call, none'),
    sa.Column('district_id', sa.Integer(), nullable=True, comment='District of the place'),
    sa.Column('neighbourhood_id', sa.Integer(), nullable=True, comment='Neighbourhood of the place'),
    sa.Column('street', sa.String(length=200, collation='tr'), nullable=False, comment='Street'),
    sa.Column('place_note', sa.String(length=300), nullable=False, comment='Door number or directions'),
    sa.Column('latitude', sa.Float(), nullable=True, comment='WGS 84'),
    sa.Column('longitude', sa.Float(), nullable=True, comment='WGS 84'),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False, comment='Reached us at'),
    sa.Column('received_on', sa.Date(), nullable=False, comment='Day 0 of the clock'),
    sa.Column('external_source', sa.String(length=40), nullable=True, comment='cimer, nyc311 …'),
    sa.Column('external_ref', sa.String(length=60), nullable=True, comment='Number at the source'),
    sa.Column('external_received_at', sa.DateTime(timezone=True), nullable=True, comment='Date at the source'),
    sa.Column('rule_key', sa.String(length=60), nullable=True, comment='Legal period'),
    sa.Column('rule_version', sa.Integer(), nullable=True, comment='Version of the period'),
    sa.Column('due_on', sa.Date(), nullable=True, comment='Last legal day'),
    sa.Column('due_trail', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True, comment='Day by day, as computed'),
    sa.Column('goal_on', sa.Date(), nullable=True, comment='Internal goal'),
    sa.Column('is_extended', sa.Boolean(), nullable=False, comment='Period extended'),
    sa.Column('extension_reason', sa.String(length=300), nullable=False, comment='Why extended'),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True, comment='Legal clock stopped at'),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True, comment='Closed at'),
    sa.Column('on_time', sa.Boolean(), nullable=True, comment='Answered within its legal time'),
    sa.Column('cycle', sa.Integer(), nullable=False, comment='Counts up with each reopening'),
    sa.Column('lead_unit_id', sa.Integer(), nullable=True, comment='Lead unit of the current cycle'),
    sa.Column('owner_id', sa.Integer(), nullable=True, comment='Officer of the directorate who follows it'),
    sa.Column('registered_by_id', sa.Integer(), nullable=True, comment='Who registered it'),
    sa.Column('institution_id', sa.Integer(), nullable=True, comment='Institution it was passed to'),
    sa.Column('master_id', sa.Integer(), nullable=True, comment='Case it was merged into'),
    sa.Column('import_batch_id', sa.Integer(), nullable=True, comment='Import that made it'),
    sa.Column('request_key', sa.String(length=60), nullable=True, comment='Key of the form or request: a double submit makes one row'),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='Demo record'),
    sa.Column('search_text', sa.Text(), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('answered_at IS NULL OR answered_at >= received_at', name=op.f('ck_applications_application_answer_after')),
    sa.CheckConstraint('latitude IS NULL OR latitude BETWEEN -90 AND 90', name=op.f('ck_applications_application_latitude_range')),
    sa.CheckConstraint('longitude IS NULL OR longitude BETWEEN -180 AND 180', name=op.f('ck_applications_application_longitude_range')),
    sa.ForeignKeyConstraint(['citizen_id'], ['people_citizen.id'], name=op.f('fk_applications_application_citizen_id')),
    sa.ForeignKeyConstraint(['district_id'], ['organisation_district.id'], name=op.f('fk_applications_application_district_id')),
    sa.ForeignKeyConstraint(['import_batch_id'], ['applications_import_batch.id'], name=op.f('fk_applications_application_import_batch_id')),
    sa.ForeignKeyConstraint(['institution_id'], ['people_institution.id'], name=op.f('fk_applications_application_institution_id')),
    sa.ForeignKeyConstraint(['lead_unit_id'], ['organisation_unit.id'], name=op.f('fk_applications_application_lead_unit_id')),
    sa.ForeignKeyConstraint(['master_id'], ['applications_application.id'], name=op.f('fk_applications_application_master_id')),
    sa.ForeignKeyConstraint(['neighbourhood_id'], ['organisation_neighbourhood.id'], name=op.f('fk_applications_application_neighbourhood_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_applications_application_owner_id')),
    sa.ForeignKeyConstraint(['registered_by_id'], ['ab_user.id'], name=op.f('fk_applications_application_registered_by_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['applications_topic.id'], name=op.f('fk_applications_application_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_application')),
    sa.UniqueConstraint('request_key', name=op.f('uq_applications_application_request_key'))
    )
    with op.batch_alter_table('applications_application', schema=None) as batch_op:
        batch_op.create_index('ix_applications_application_answered', ['answered_at'], unique=False)
        batch_op.create_index('ix_applications_application_channel', ['channel', 'received_at'], unique=False)
        batch_op.create_index('ix_applications_application_citizen', ['citizen_id', 'received_at'], unique=False)
        batch_op.create_index('ix_applications_application_external', ['external_source', 'external_ref'], unique=True)
        batch_op.create_index(batch_op.f('ix_applications_application_import_batch_id'), ['import_batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_application_institution_id'), ['institution_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_application_master_id'), ['master_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_application_neighbourhood_id'), ['neighbourhood_id'], unique=False)
        batch_op.create_index('ix_applications_application_number', ['number'], unique=True)
        batch_op.create_index('ix_applications_application_open_due', ['due_on', 'id'], unique=False, postgresql_where=sa.text("state IN ('assigned', 'extension_requested', 'fee_pending', 'in_progress', 'info_requested', 'registered', 'reopened', 'reply_approved', 'returned', 'scheduled', 'triage', 'unit_answered')"), sqlite_where=sa.text("state IN ('assigned', 'extension_requested', 'fee_pending', 'in_progress', 'info_requested', 'registered', 'reopened', 'reply_approved', 'returned', 'scheduled', 'triage', 'unit_answered')"))
        batch_op.create_index('ix_applications_application_open_goal', ['goal_on', 'id'], unique=False, postgresql_where=sa.text("state IN ('assigned', 'extension_requested', 'fee_pending', 'in_progress', 'info_requested', 'registered', 'reopened', 'reply_approved', 'returned', 'scheduled', 'triage', 'unit_answered')"), sqlite_where=sa.text("state IN ('assigned', 'extension_requested', 'fee_pending', 'in_progress', 'info_requested', 'registered', 'reopened', 'reply_approved', 'returned', 'scheduled', 'triage', 'unit_answered')"))
        batch_op.create_index('ix_applications_application_open_unit_due', ['lead_unit_id', 'due_on', 'id'], unique=False, postgresql_where=sa.text("state IN ('assigned', 'extension_requested', 'fee_pending', 'in_progress', 'info_requested', 'registered', 'reopened', 'reply_approved', 'returned', 'scheduled', 'triage', 'unit_answered')"), sqlite_where=sa.text("state IN ('assigned', 'extension_requested', 'fee_pending', 'in_progress', 'info_requested', 'registered', 'reopened', 'reply_approved', 'returned', 'scheduled', 'triage', 'unit_answered')"))
        batch_op.create_index(batch_op.f('ix_applications_application_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index('ix_applications_application_place', ['district_id', 'neighbourhood_id', 'received_at'], unique=False)
        batch_op.create_index('ix_applications_application_received', ['received_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_application_registered_by_id'), ['registered_by_id'], unique=False)
        batch_op.create_index('ix_applications_application_search', ['search_text'], unique=False, postgresql_using='gin', postgresql_ops={'search_text': 'gin_trgm_ops'})
        batch_op.create_index('ix_applications_application_state', ['state', 'received_at', 'id'], unique=False)
        batch_op.create_index('ix_applications_application_topic', ['topic_id', 'received_at'], unique=False)
        batch_op.create_index('ix_applications_application_unit', ['lead_unit_id', 'state', 'due_on', 'id'], unique=False)

    op.create_table('applications_reply_template',
    sa.Column('name', sa.String(length=200, collation='tr'), nullable=False, comment='Name'),
    sa.Column('topic_id', sa.Integer(), nullable=True, comment='Only for this topic'),
    sa.Column('for_kind', sa.Enum('request', 'complaint', 'suggestion', 'opinion', 'tipoff', 'information', 'thanks', 'objection', 'kvkk', 'enquiry', 'participation', name='kind', native_enum=False, create_constraint=True, length=40), nullable=True, comment='Only for this kind'),
    sa.Column('for_state', sa.Enum('draft', 'registered', 'triage', 'assigned', 'in_progress', 'returned', 'scheduled', 'info_requested', 'extension_requested', 'fee_pending', 'unit_answered', 'reply_approved', 'answered', 'closed', 'reopened', 'rejected', 'inadmissible', 'transferred_out', 'merged', 'withdrawn', 'deemed_withdrawn', 'appealed', 'discarded', name='state', native_enum=False, create_constraint=True, length=40), nullable=True, comment='Only in this state'),
    sa.Column('reply_kind', sa.Enum('final', 'progress', 'extension_notice', 'forwarding_notice', name='replykind', native_enum=False, create_constraint=True, length=40), nullable=False, comment='What it does to the clock'),
    sa.Column('outcome', sa.Enum('resolved', 'partly_resolved', 'planned', 'informed', 'rejected', 'not_competent', 'unfounded', 'duplicate', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=True, comment='Result it tells'),
    sa.Column('body', sa.Text(), nullable=False, comment='Text with merge fields'),
    sa.Column('short_text', sa.String(length=480), nullable=False, comment='Text of the SMS'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='In use'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['topic_id'], ['applications_topic.id'], name=op.f('fk_applications_reply_template_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_reply_template')),
    sa.UniqueConstraint('name', name=op.f('uq_applications_reply_template_name'))
    )
    with op.batch_alter_table('applications_reply_template', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applications_reply_template_topic_id'), ['topic_id'], unique=False)

    op.create_table('applications_assignment',
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application'),
    sa.Column('unit_id', sa.Integer(), nullable=False, comment='Unit'),
    sa.Column('role', sa.Enum('lead', 'action', 'information', name='assignmentrole', native_enum=False, create_constraint=True, length=40), nullable=False, comment='What is asked of the unit'),
    sa.Column('cycle', sa.Integer(), nullable=False, comment='Cycle of the application'),
    sa.Column('state', sa.Enum('sent', 'accepted', 'answered', 'returned', 'cancelled', name='assignmentstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('responsible_id', sa.Integer(), nullable=True, comment='Person at the unit'),
    sa.Column('note', sa.Text(), nullable=False, comment='What is asked'),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False, comment='Sent at'),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True, comment='Accepted at'),
    sa.Column('due_on', sa.Date(), nullable=True, comment='Day the unit should answer by'),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True, comment='Answered at'),
    sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True, comment='Sent back at'),
    sa.Column('return_reason', sa.String(length=300), nullable=False, comment='Why sent back'),
    sa.Column('answer_text', sa.Text(), nullable=False, comment='What the unit found and did'),
    sa.Column('outcome', sa.Enum('resolved', 'partly_resolved', 'planned', 'informed', 'rejected', 'not_competent', 'unfounded', 'duplicate', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=True, comment='What the unit reports'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_assignment_application_id')),
    sa.ForeignKeyConstraint(['responsible_id'], ['ab_user.id'], name=op.f('fk_applications_assignment_responsible_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['organisation_unit.id'], name=op.f('fk_applications_assignment_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_assignment'))
    )
    with op.batch_alter_table('applications_assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applications_assignment_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_assignment_responsible_id'), ['responsible_id'], unique=False)
        batch_op.create_index('ix_applications_assignment_unit', ['unit_id', 'application_id', 'state'], unique=False)
        batch_op.create_index('ix_applications_assignment_unit_state', ['unit_id', 'state', 'due_on', 'id'], unique=False)
        batch_op.create_index('uq_applications_assignment_lead', ['application_id', 'cycle'], unique=True, postgresql_where=sa.text("role = 'lead' AND state NOT IN ('returned', 'cancelled')"), sqlite_where=sa.text("role = 'lead' AND state NOT IN ('returned', 'cancelled')"))

    op.create_table('applications_event',
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='When'),
    sa.Column('actor_id', sa.Integer(), nullable=True, comment='Who; null: the system'),
    sa.Column('action', sa.String(length=40), nullable=False, comment='register, assign, accept …'),
    sa.Column('from_state', sa.Enum('draft', 'registered', 'triage', 'assigned', 'in_progress', 'returned', 'scheduled', 'info_requested', 'extension_requested', 'fee_pending', 'unit_answered', 'reply_approved', 'answered', 'closed', 'reopened', 'rejected', 'inadmissible', 'transferred_out', 'merged', 'withdrawn', 'deemed_withdrawn', 'appealed', 'discarded', name='from_state', native_enum=False, create_constraint=True, length=40), nullable=True, comment='State before'),
    sa.Column('to_state', sa.Enum('draft', 'registered', 'triage', 'assigned', 'in_progress', 'returned', 'scheduled', 'info_requested', 'extension_requested', 'fee_pending', 'unit_answered', 'reply_approved', 'answered', 'closed', 'reopened', 'rejected', 'inadmissible', 'transferred_out', 'merged', 'withdrawn', 'deemed_withdrawn', 'appealed', 'discarded', name='to_state', native_enum=False, create_constraint=True, length=40), nullable=True, comment='State after'),
    sa.Column('unit_id', sa.Integer(), nullable=True, comment='Unit concerned'),
    sa.Column('note', sa.Text(), nullable=False, comment='What was said'),
    sa.Column('details', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Facts of the step'),
    sa.Column('visibility', sa.Enum('internal', 'applicant', name='visibility', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Who may read it'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['ab_user.id'], name=op.f('fk_applications_event_actor_id')),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_event_application_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['organisation_unit.id'], name=op.f('fk_applications_event_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_event'))
    )
    with op.batch_alter_table('applications_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applications_event_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index('ix_applications_event_application', ['application_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_event_at'), ['at'], unique=False)

    op.create_table('applications_reply',
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application'),
    sa.Column('kind', sa.Enum('final', 'progress', 'extension_notice', 'forwarding_notice', name='replykind', native_enum=False, create_constraint=True, length=40), nullable=False, comment='What it does to the clock'),
    sa.Column('state', sa.Enum('draft', 'in_approval', 'approved', 'sent', 'sent_back', name='replystate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('outcome', sa.Enum('resolved', 'partly_resolved', 'planned', 'informed', 'rejected', 'not_competent', 'unfounded', 'duplicate', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=True, comment='Result it tells'),
    sa.Column('subject', sa.String(length=200, collation='tr'), nullable=False, comment='Subject line'),
    sa.Column('body', sa.Text(), nullable=False, comment='Text of the letter'),
    sa.Column('short_text', sa.String(length=480), nullable=False, comment='Text of the SMS'),
    sa.Column('refusal_article', sa.String(length=60), nullable=False, comment='Law and article'),
    sa.Column('remedy', sa.Text(), nullable=False, comment='Where and until when to object'),
    sa.Column('letter_no', sa.String(length=60), nullable=False, comment='Number given by EBYS'),
    sa.Column('letter_on', sa.Date(), nullable=True, comment='Date of the letter'),
    sa.Column('drafted_by_id', sa.Integer(), nullable=True, comment='Who drafted it'),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True, comment='Sent for approval at'),
    sa.Column('approved_by_id', sa.Integer(), nullable=True, comment='Who approved it'),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True, comment='Approved at'),
    sa.Column('approval_note', sa.String(length=300), nullable=False, comment='Note of the approver'),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True, comment='Sent at'),
    sa.Column('cycle', sa.Integer(), nullable=False, comment='Cycle of the application'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_reply_application_id')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['ab_user.id'], name=op.f('fk_applications_reply_approved_by_id')),
    sa.ForeignKeyConstraint(['drafted_by_id'], ['ab_user.id'], name=op.f('fk_applications_reply_drafted_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_reply'))
    )
    with op.batch_alter_table('applications_reply', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applications_reply_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_reply_approved_by_id'), ['approved_by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_reply_drafted_by_id'), ['drafted_by_id'], unique=False)
        batch_op.create_index('ix_applications_reply_state', ['state', 'id'], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        # The unit's manager and the manager's unit point at each other, so this key comes last.
        op.create_foreign_key(
            "fk_organisation_unit_manager_id", "organisation_unit", "ab_user", ["manager_id"], ["id"]
        )


def downgrade() -> None:
    """Drop the tables."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_organisation_unit_manager_id", "organisation_unit", type_="foreignkey")
    with op.batch_alter_table('applications_reply', schema=None) as batch_op:
        batch_op.drop_index('ix_applications_reply_state')
        batch_op.drop_index(batch_op.f('ix_applications_reply_drafted_by_id'))
        batch_op.drop_index(batch_op.f('ix_applications_reply_approved_by_id'))
        batch_op.drop_index(batch_op.f('ix_applications_reply_application_id'))

    op.drop_table('applications_reply')
    with op.batch_alter_table('applications_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_applications_event_at'))
        batch_op.drop_index('ix_applications_event_application')
        batch_op.drop_index(batch_op.f('ix_applications_event_actor_id'))

    op.drop_table('applications_event')
    with op.batch_alter_table('applications_assignment', schema=None) as batch_op:
        batch_op.drop_index('uq_applications_assignment_lead', postgresql_where=sa.text("role = 'lead' AND state NOT IN ('returned', 'cancelled')"), sqlite_where=sa.text("role = 'lead' AND state NOT IN ('returned', 'cancelled')"))
        batch_op.drop_index('ix_applications_assignment_unit_state')
        batch_op.drop_index('ix_applications_assignment_unit')
        batch_op.drop_index(batch_op.f('ix_applications_assignment_responsible_id'))
        batch_op.drop_index(batch_op.f('ix_applications_assignment_application_id'))

    op.drop_table('applications_assignment')
    with op.batch_alter_table('applications_reply_template', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_applications_reply_template_topic_id'))

    op.drop_table('applications_reply_template')
    with op.batch_alter_table('applications_application', schema=None) as batch_op:
        batch_op.drop_index('ix_applications_application_unit')
        batch_op.drop_index('ix_applications_application_topic')
        batch_op.drop_index('ix_applications_application_state')
        batch_op.drop_index('ix_applications_application_search', postgresql_using='gin', postgresql_ops={'search_text': 'gin_trgm_ops'})
        batch_op.drop_index(batch_op.f('ix_applications_application_registered_by_id'))
        batch_op.drop_index('ix_applications_application_received')
        batch_op.drop_index('ix_applications_application_place')
        batch_op.drop_index(batch_op.f('ix_applications_application_owner_id'))
        batch_op.drop_index('ix_applications_application_open_unit_due', postgresql_where=sa.text("state IN ('assigned', 'extension_requested', 'fee_pending', 'in_progress', 'info_requested', 'registered', 'reopened', 'reply_approved', 'returned', 'scheduled', 'triage', 'unit_answered')"), sqlite_where=sa.text("state IN ('assigned', 'extension_requested', 'fee_pending', 'in_progress', 'info_requested', 'registered', 'reopened', 'reply_approved', 'returned', 'scheduled', 'triage', 'unit_answered')"))
        batch_op.drop_index('ix_applications_application_open_goal', postgresql_where=sa.text("state IN ('assigned', 'extension_requested', 'fee_pending', 'in_progress', 'info_requested', 'registered', 'reopened', 'reply_approved', 'returned', 'scheduled', 'triage', 'unit_answered')"), sqlite_where=sa.text("state IN ('assigned', 'extension_requested', 'fee_pending', 'in_progress', 'info_requested', 'registered', 'reopened', 'reply_approved', 'returned', 'scheduled', 'triage', 'unit_answered')"))
        batch_op.drop_index('ix_applications_application_open_due', postgresql_where=sa.text("state IN ('assigned', 'extension_requested', 'fee_pending', 'in_progress', 'info_requested', 'registered', 'reopened', 'reply_approved', 'returned', 'scheduled', 'triage', 'unit_answered')"), sqlite_where=sa.text("state IN ('assigned', 'extension_requested', 'fee_pending', 'in_progress', 'info_requested', 'registered', 'reopened', 'reply_approved', 'returned', 'scheduled', 'triage', 'unit_answered')"))
        batch_op.drop_index('ix_applications_application_number')
        batch_op.drop_index(batch_op.f('ix_applications_application_neighbourhood_id'))
        batch_op.drop_index(batch_op.f('ix_applications_application_master_id'))
        batch_op.drop_index(batch_op.f('ix_applications_application_institution_id'))
        batch_op.drop_index(batch_op.f('ix_applications_application_import_batch_id'))
        batch_op.drop_index('ix_applications_application_external')
        batch_op.drop_index('ix_applications_application_citizen')
        batch_op.drop_index('ix_applications_application_channel')
        batch_op.drop_index('ix_applications_application_answered')

    op.drop_table('applications_application')
    with op.batch_alter_table('people_citizen', schema=None) as batch_op:
        batch_op.drop_index('ix_people_citizen_search', postgresql_using='gin', postgresql_ops={'search_text': 'gin_trgm_ops'})
        batch_op.drop_index('ix_people_citizen_phone2', postgresql_ops={'phone2': 'varchar_pattern_ops'}, postgresql_where=sa.text("phone2 <> ''"), sqlite_where=sa.text("phone2 <> ''"))
        batch_op.drop_index('ix_people_citizen_phone', postgresql_ops={'phone': 'varchar_pattern_ops'})
        batch_op.drop_index(batch_op.f('ix_people_citizen_neighbourhood_id'))
        batch_op.drop_index('ix_people_citizen_name')
        batch_op.drop_index(batch_op.f('ix_people_citizen_email'))
        batch_op.drop_index(batch_op.f('ix_people_citizen_district_id'))

    op.drop_table('people_citizen')
    with op.batch_alter_table('organisation_unit_liaison', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_unit_liaison_user_id'))

    op.drop_table('organisation_unit_liaison')
    with op.batch_alter_table('applications_topic', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_applications_topic_unit_id'))
        batch_op.drop_index(batch_op.f('ix_applications_topic_institution_id'))
        batch_op.drop_index(batch_op.f('ix_applications_topic_group'))

    op.drop_table('applications_topic')
    with op.batch_alter_table('applications_import_row', schema=None) as batch_op:
        batch_op.drop_index('ix_applications_import_row_batch')

    op.drop_table('applications_import_row')
    op.drop_table('ab_user_role')
    with op.batch_alter_table('ab_user_group', schema=None) as batch_op:
        batch_op.drop_index('idx_user_id')
        batch_op.drop_index('idx_user_group_id')

    op.drop_table('ab_user_group')
    with op.batch_alter_table('ab_permission_view_role', schema=None) as batch_op:
        batch_op.drop_index('idx_role_id')
        batch_op.drop_index('idx_permission_view_id')

    op.drop_table('ab_permission_view_role')
    with op.batch_alter_table('ab_api_key', schema=None) as batch_op:
        batch_op.drop_index('idx_api_key_user_id')
        batch_op.drop_index('idx_api_key_prefix')
        batch_op.drop_index('idx_api_key_lookup_hash')

    op.drop_table('ab_api_key')
    with op.batch_alter_table('reporting_report_run', schema=None) as batch_op:
        batch_op.drop_index('ix_reporting_report_run_report')
        batch_op.drop_index(batch_op.f('ix_reporting_report_run_job_id'))

    op.drop_table('reporting_report_run')
    with op.batch_alter_table('people_institution', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_people_institution_district_id'))

    op.drop_table('people_institution')
    op.drop_table('organisation_neighbourhood')
    with op.batch_alter_table('applications_import_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_applications_import_batch_mapping_id'))
        batch_op.drop_index(batch_op.f('ix_applications_import_batch_job_id'))

    op.drop_table('applications_import_batch')
    with op.batch_alter_table('ab_user', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ab_user_unit_id'))

    op.drop_table('ab_user')
    with op.batch_alter_table('ab_permission_view', schema=None) as batch_op:
        batch_op.drop_index('idx_view_menu_id')
        batch_op.drop_index('idx_permission_id')

    op.drop_table('ab_permission_view')
    with op.batch_alter_table('ab_group_role', schema=None) as batch_op:
        batch_op.drop_index('idx_group_role_id')
        batch_op.drop_index('idx_group_id')

    op.drop_table('ab_group_role')
    with op.batch_alter_table('system_saved_view', schema=None) as batch_op:
        batch_op.drop_index('ix_system_saved_view_screen')

    op.drop_table('system_saved_view')
    with op.batch_alter_table('system_reminder', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_system_reminder_user_id'))
        batch_op.drop_index('ix_system_reminder_owner')

    op.drop_table('system_reminder')
    op.drop_table('system_parameter')
    op.drop_table('system_number_series')
    with op.batch_alter_table('system_notification', schema=None) as batch_op:
        batch_op.drop_index('ix_system_notification_unread', postgresql_where=sa.text('read_at IS NULL'), sqlite_where=sa.text('read_at IS NULL'))
        batch_op.drop_index('ix_system_notification_owner')
        batch_op.drop_index('ix_system_notification_due')

    op.drop_table('system_notification')
    with op.batch_alter_table('system_legal_rule', schema=None) as batch_op:
        batch_op.drop_index('ix_system_legal_rule_key_from')

    op.drop_table('system_legal_rule')
    with op.batch_alter_table('system_job', schema=None) as batch_op:
        batch_op.drop_index('ix_system_job_owner')
        batch_op.drop_index(batch_op.f('ix_system_job_kind'))
        batch_op.drop_index('ix_system_job_due')

    op.drop_table('system_job')
    with op.batch_alter_table('system_calendar_day', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_system_calendar_day_on'))

    op.drop_table('system_calendar_day')
    with op.batch_alter_table('system_audit_event', schema=None) as batch_op:
        batch_op.drop_index('ix_system_audit_event_record')
        batch_op.drop_index('ix_system_audit_event_at')
        batch_op.drop_index('ix_system_audit_event_actor')

    op.drop_table('system_audit_event')
    with op.batch_alter_table('system_attachment', schema=None) as batch_op:
        batch_op.drop_index('ix_system_attachment_owner')

    op.drop_table('system_attachment')
    with op.batch_alter_table('organisation_unit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_unit_path'))
        batch_op.drop_index(batch_op.f('ix_organisation_unit_parent_id'))
        batch_op.drop_index(batch_op.f('ix_organisation_unit_manager_id'))

    op.drop_table('organisation_unit')
    op.drop_table('organisation_district')
    op.drop_table('applications_import_mapping')
    op.drop_table('ab_view_menu')
    op.drop_table('ab_role')
    op.drop_table('ab_register_user')
    op.drop_table('ab_permission')
    op.drop_table('ab_group')
