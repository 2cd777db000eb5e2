"""Open311: keys of other programs, public services with their questions, requests as apps sent them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables."""
    op.create_table('system_api_key',
    sa.Column('name', sa.String(length=120, collation='tr'), nullable=False, comment='Which program uses it'),
    sa.Column('owner', sa.String(length=160, collation='tr'), nullable=False, comment='Office or company that holds it'),
    sa.Column('contact', sa.String(length=200), nullable=False, comment='How the holder is reached: e-mail or telephone'),
    sa.Column('prefix', sa.String(length=12), nullable=False, comment='Public part by which the key is recognised'),
    sa.Column('secret_digest', sa.String(length=64), nullable=False, comment='SHA-256 of the whole key'),
    sa.Column('opens_open311', sa.Boolean(), nullable=False, comment='Opens the Open311 interface'),
    sa.Column('opens_calls', sa.Boolean(), nullable=False, comment='Opens the webhook of the telephone switch'),
    sa.Column('channel', sa.Enum('mobile', 'web', 'whatsapp', 'social_media', 'email', 'call_center', name='keychannel', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Channel of what comes through it'),
    sa.Column('rate_limit', sa.Integer(), nullable=False, comment='Calls allowed in a minute'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='False: paused'),
    sa.Column('expires_on', sa.Date(), nullable=True, comment='Last day on which it opens'),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False, comment='The present key was made at'),
    sa.Column('last_used_at', sa.DateTime(timezone=True), nullable=True, comment='Last use, to the minute'),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True, comment='Revoked at, for good'),
    sa.Column('revoked_reason', sa.String(length=300), nullable=False, comment='Why revoked'),
    sa.Column('search_text', sa.String(length=600), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('rate_limit BETWEEN 1 AND 6000', name=op.f('ck_system_api_key_rate_in_range')),
    sa.CheckConstraint('opens_open311 OR opens_calls', name=op.f('ck_system_api_key_opens_something')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_system_api_key')),
    sa.UniqueConstraint('prefix', name=op.f('uq_system_api_key_prefix'))
    )
    with op.batch_alter_table('system_api_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_system_api_key_expires_on'), ['expires_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_system_api_key_last_used_at'), ['last_used_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_system_api_key_name'), ['name'], unique=False)

    op.add_column('applications_topic', sa.Column('is_public_service', sa.Boolean(), nullable=False, server_default=sa.false(), comment='Offered to apps, and its requests are public'))
    op.add_column('applications_topic', sa.Column('public_name', sa.String(length=120, collation='tr'), nullable=False, server_default='', comment='Name of the service in apps'))
    op.add_column('applications_topic', sa.Column('public_description', sa.String(length=600), nullable=False, server_default='', comment='What the service is for, in apps'))
    op.add_column('applications_topic', sa.Column('public_keywords', sa.String(length=300), nullable=False, server_default='', comment='Words that find the service, with commas'))
    op.add_column('applications_topic', sa.Column('public_group', sa.String(length=60, collation='tr'), nullable=False, server_default='', comment='Heading of the service in apps'))
    op.add_column('applications_topic', sa.Column('public_notice', sa.String(length=300), nullable=False, server_default='', comment='What happens with a request, told in apps'))

    op.create_table('applications_service_attribute',
    sa.Column('topic_id', sa.Integer(), nullable=False, comment='Topic whose service asks it'),
    sa.Column('code', sa.String(length=40), nullable=False, comment='Name of the answer for programs'),
    sa.Column('question', sa.String(length=300), nullable=False, comment='What is asked'),
    sa.Column('hint', sa.String(length=200), nullable=False, comment='Help for the answer'),
    sa.Column('datatype', sa.Enum('string', 'number', 'datetime', 'text', 'singlevaluelist', 'multivaluelist', name='datatype', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Kind of answer'),
    sa.Column('is_asked', sa.Boolean(), nullable=False, comment='False: it only tells something and takes no answer'),
    sa.Column('is_required', sa.Boolean(), nullable=False, comment='Must be answered'),
    sa.Column('position', sa.Integer(), nullable=False, comment='Order, 1 is asked first'),
    sa.Column('choices', sa.Text(), nullable=False, comment='Choices of a list, one a line: key = name'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('position BETWEEN 1 AND 999', name=op.f('ck_applications_service_attribute_position_in_range')),
    sa.ForeignKeyConstraint(['topic_id'], ['applications_topic.id'], name=op.f('fk_applications_service_attribute_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_service_attribute')),
    sa.UniqueConstraint('topic_id', 'code', name=op.f('uq_applications_service_attribute_topic_id_code')),
    sa.UniqueConstraint('topic_id', 'position', name=op.f('uq_applications_service_attribute_topic_id_position'))
    )

    op.create_table('applications_open311_request',
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application it became'),
    sa.Column('api_key_id', sa.Integer(), nullable=False, comment='Key by which it came'),
    sa.Column('topic_id', sa.Integer(), nullable=False, comment='Service that was asked for'),
    sa.Column('token', sa.String(length=40), nullable=False, comment='Random; finds the number of the application'),
    sa.Column('body_digest', sa.String(length=64), nullable=False, comment='Recognises the same content sent again'),
    sa.Column('account_id', sa.String(length=120), nullable=False, comment='Account of the sender in the app'),
    sa.Column('media_url', sa.String(length=600), nullable=False, comment='Link that was sent; it is never opened by the program'),
    sa.Column('answers', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Questions as they were, with what was answered'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['api_key_id'], ['system_api_key.id'], name=op.f('fk_applications_open311_request_api_key_id')),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_open311_request_application_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['applications_topic.id'], name=op.f('fk_applications_open311_request_topic_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_open311_request')),
    sa.UniqueConstraint('application_id', name=op.f('uq_applications_open311_request_application_id')),
    sa.UniqueConstraint('token', name=op.f('uq_applications_open311_request_token'))
    )
    with op.batch_alter_table('applications_open311_request', schema=None) as batch_op:
        batch_op.create_index('ix_applications_open311_request_digest', ['api_key_id', 'body_digest'], unique=False)
        batch_op.create_index('ix_applications_open311_request_key', ['api_key_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_open311_request_topic_id'), ['topic_id'], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table('applications_open311_request')
    op.drop_table('applications_service_attribute')
    with op.batch_alter_table('applications_topic', schema=None) as batch_op:
        for name in ('public_notice', 'public_group', 'public_keywords', 'public_description', 'public_name', 'is_public_service'):
            batch_op.drop_column(name)
    op.drop_table('system_api_key')
