"""The chain of approval: deputies, routes and steps, versions of letters, outgoing check, batches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

_CASES = "applications_application"
_REPLIES = "applications_reply"
_EVENTS = "applications_event"
_PROMISED = sa.text("progress_told_at IS NOT NULL AND answered_at IS NULL")

#: Table, column, table it refers to, comment; SQLite takes a reference only with its column.
_REFERENCES = (
    (_EVENTS, "deputy_for_id", "ab_user", "In whose place (vekâleten)"),
    (_REPLIES, "drafted_for_id", "ab_user", "In whose place it was drafted (vekâleten)"),
    (_REPLIES, "approved_for_id", "ab_user", "In whose place it was approved (vekâleten)"),
    (_REPLIES, "institution_id", "people_institution", "Addressed to this institution (3071 m.5)"),
)


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
    """Make the tables and the columns, and bring what waits for approval into the chain."""
    op.create_table('organisation_deputyship',
    sa.Column('principal_id', sa.Integer(), nullable=False, comment='Whose place'),
    sa.Column('deputy_id', sa.Integer(), nullable=False, comment='Who takes it'),
    sa.Column('from_on', sa.Date(), nullable=False, comment='First day, from midnight on'),
    sa.Column('to_on', sa.Date(), nullable=False, comment='Last day, until midnight'),
    sa.Column('reason', sa.String(length=200), nullable=False, comment='Annual leave, duty …'),
    sa.Column('decision_no', sa.String(length=60), nullable=False, comment='Number of the written order (olur)'),
    sa.Column('acts', sa.String(length=120), nullable=False, comment='Codes of the acts it is limited to; empty: all'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='False: taken back'),
    *_stamps(),
    sa.CheckConstraint('from_on <= to_on', name=op.f('ck_organisation_deputyship_days_in_order')),
    sa.CheckConstraint('principal_id <> deputy_id', name=op.f('ck_organisation_deputyship_not_self')),
    sa.ForeignKeyConstraint(['deputy_id'], ['ab_user.id'], name=op.f('fk_organisation_deputyship_deputy_id')),
    sa.ForeignKeyConstraint(['principal_id'], ['ab_user.id'], name=op.f('fk_organisation_deputyship_principal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_deputyship'))
    )
    op.create_index('ix_organisation_deputyship_days', 'organisation_deputyship', ['from_on', 'id'], unique=False)
    op.create_index('ix_organisation_deputyship_deputy', 'organisation_deputyship', ['deputy_id', 'from_on', 'to_on'], unique=False)
    op.create_index('ix_organisation_deputyship_principal', 'organisation_deputyship', ['principal_id', 'from_on', 'to_on'], unique=False)
    op.create_table('applications_approval_route',
    sa.Column('name', sa.String(length=200, collation='tr'), nullable=False, comment='Name'),
    sa.Column('reply_kind', sa.Enum('final', 'progress', 'extension_notice', 'forwarding_notice', name='replykind', native_enum=False, create_constraint=True, length=40), nullable=True, comment='Only for letters of this kind'),
    sa.Column('outcome', sa.Enum('resolved', 'partly_resolved', 'planned', 'informed', 'rejected', 'not_competent', 'unfounded', 'duplicate', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=True, comment='Only for this result'),
    sa.Column('for_kind', sa.Enum('request', 'complaint', 'suggestion', 'opinion', 'tipoff', 'information', 'thanks', 'objection', 'kvkk', 'enquiry', 'participation', name='kind', native_enum=False, create_constraint=True, length=40), nullable=True, comment='Only for applications of this kind'),
    sa.Column('position', sa.Integer(), nullable=False, comment='Between routes that say as much, the lowest holds'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='In use'),
    *_stamps(),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_approval_route')),
    sa.UniqueConstraint('name', name=op.f('uq_applications_approval_route_name'))
    )
    op.create_table('applications_approval_route_step',
    sa.Column('route_id', sa.Integer(), nullable=False, comment='Route'),
    sa.Column('position', sa.Integer(), nullable=False, comment='Place in the chain, from 1 on'),
    sa.Column('role', sa.String(length=40), nullable=False, comment='Role that gives the paraf'),
    sa.Column('user_id', sa.Integer(), nullable=True, comment='Person, instead of a role'),
    *_stamps(),
    sa.CheckConstraint("(role <> '') <> (user_id IS NOT NULL)", name=op.f('ck_applications_approval_route_step_role_or_person')),
    sa.ForeignKeyConstraint(['route_id'], ['applications_approval_route.id'], name=op.f('fk_applications_approval_route_step_route_id')),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_applications_approval_route_step_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_approval_route_step')),
    sa.UniqueConstraint('route_id', 'position', name=op.f('uq_applications_approval_route_step_route_id_position'))
    )
    op.create_index(op.f('ix_applications_approval_route_step_user_id'), 'applications_approval_route_step', ['user_id'], unique=False)
    op.create_table('applications_approval_step',
    sa.Column('reply_id', sa.Integer(), nullable=False, comment='Letter'),
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application'),
    sa.Column('round', sa.Integer(), nullable=False, comment='Counts up each time it is sent for approval'),
    sa.Column('position', sa.Integer(), nullable=False, comment='Place in the chain, from 1 on'),
    sa.Column('role', sa.String(length=40), nullable=False, comment='Role whose turn it is; empty without a person: any approver'),
    sa.Column('user_id', sa.Integer(), nullable=True, comment='Person whose turn it is'),
    sa.Column('signs', sa.Boolean(), nullable=False, comment='This step signs'),
    sa.Column('state', sa.Enum('ahead', 'waiting', 'initialled', 'sent_back', 'skipped', name='approvalstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('waiting_since', sa.DateTime(timezone=True), nullable=True, comment='Its turn came at'),
    sa.Column('by_id', sa.Integer(), nullable=True, comment='Who gave the paraf or sent it back'),
    sa.Column('deputy_for_id', sa.Integer(), nullable=True, comment='In whose place (vekâleten)'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True, comment='When'),
    sa.Column('note', sa.String(length=300), nullable=False, comment='What was said'),
    *_stamps(),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_approval_step_application_id')),
    sa.ForeignKeyConstraint(['by_id'], ['ab_user.id'], name=op.f('fk_applications_approval_step_by_id')),
    sa.ForeignKeyConstraint(['deputy_for_id'], ['ab_user.id'], name=op.f('fk_applications_approval_step_deputy_for_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['applications_reply.id'], name=op.f('fk_applications_approval_step_reply_id')),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_applications_approval_step_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_approval_step')),
    sa.UniqueConstraint('reply_id', 'round', 'position', name=op.f('uq_applications_approval_step_reply_id_round_position'))
    )
    op.create_index(op.f('ix_applications_approval_step_application_id'), 'applications_approval_step', ['application_id'], unique=False)
    op.create_index(op.f('ix_applications_approval_step_by_id'), 'applications_approval_step', ['by_id'], unique=False)
    op.create_index(op.f('ix_applications_approval_step_deputy_for_id'), 'applications_approval_step', ['deputy_for_id'], unique=False)
    op.create_index('ix_applications_approval_step_since', 'applications_approval_step', ['state', 'waiting_since', 'id'], unique=False)
    op.create_index('ix_applications_approval_step_turn', 'applications_approval_step', ['state', 'role', 'user_id', 'id'], unique=False)
    op.create_index(op.f('ix_applications_approval_step_user_id'), 'applications_approval_step', ['user_id'], unique=False)
    op.create_table('applications_outgoing_check',
    sa.Column('application_id', sa.Integer(), nullable=True, comment='Application, if it has one'),
    sa.Column('reply_id', sa.Integer(), nullable=True, comment='Letter; null: a file checked by hand'),
    sa.Column('subject', sa.String(length=200, collation='tr'), nullable=False, comment='Letter or file name'),
    sa.Column('state', sa.Enum('clean', 'blocked', 'overridden', name='checkstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('digest', sa.String(length=64), nullable=False, comment='Digest of all that was looked at'),
    sa.Column('found', sa.Integer(), nullable=False, comment='How many findings'),
    sa.Column('findings', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Kind, place and masked excerpt of each'),
    sa.Column('override_by_id', sa.Integer(), nullable=True, comment='Who let it pass'),
    sa.Column('override_for_id', sa.Integer(), nullable=True, comment='In whose place (vekâleten)'),
    sa.Column('override_at', sa.DateTime(timezone=True), nullable=True, comment='Let pass at'),
    sa.Column('override_reason', sa.String(length=300), nullable=False, comment='Why it may leave all the same'),
    *_stamps(),
    sa.CheckConstraint("(override_at IS NULL) = (override_reason = '')", name=op.f('ck_applications_outgoing_check_override_with_reason')),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_outgoing_check_application_id')),
    sa.ForeignKeyConstraint(['override_by_id'], ['ab_user.id'], name=op.f('fk_applications_outgoing_check_override_by_id')),
    sa.ForeignKeyConstraint(['override_for_id'], ['ab_user.id'], name=op.f('fk_applications_outgoing_check_override_for_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['applications_reply.id'], name=op.f('fk_applications_outgoing_check_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_outgoing_check'))
    )
    op.create_index(op.f('ix_applications_outgoing_check_application_id'), 'applications_outgoing_check', ['application_id'], unique=False)
    op.create_index(op.f('ix_applications_outgoing_check_override_by_id'), 'applications_outgoing_check', ['override_by_id'], unique=False)
    op.create_index(op.f('ix_applications_outgoing_check_override_for_id'), 'applications_outgoing_check', ['override_for_id'], unique=False)
    op.create_index('ix_applications_outgoing_check_reply', 'applications_outgoing_check', ['reply_id', 'digest'], unique=False)
    op.create_index('ix_applications_outgoing_check_state', 'applications_outgoing_check', ['state', 'id'], unique=False)
    op.create_table('applications_letter_batch',
    sa.Column('title', sa.String(length=200, collation='tr'), nullable=False, comment='Name for the approver'),
    sa.Column('template_id', sa.Integer(), nullable=False, comment='Template'),
    sa.Column('approval', sa.Enum('together', 'each', name='letterbatchapproval', native_enum=False, create_constraint=True, length=40), nullable=False, comment='How its letters are approved'),
    sa.Column('state', sa.Enum('draft', 'in_approval', 'sent', 'cancelled', name='letterbatchstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('chosen', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='How the applications were chosen'),
    sa.Column('is_restricted', sa.Boolean(), nullable=False, comment='Holds a restricted application'),
    sa.Column('letters', sa.Integer(), nullable=False, comment='Letters that are not left out'),
    sa.Column('problems', sa.Integer(), nullable=False, comment='Letters with a problem'),
    sa.Column('sent', sa.Integer(), nullable=False, comment='Letters sent'),
    sa.Column('job_id', sa.Integer(), nullable=True, comment='Job at work on it'),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True, comment='The last was sent at'),
    *_stamps(),
    sa.ForeignKeyConstraint(['job_id'], ['system_job.id'], name=op.f('fk_applications_letter_batch_job_id')),
    sa.ForeignKeyConstraint(['template_id'], ['applications_reply_template.id'], name=op.f('fk_applications_letter_batch_template_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_letter_batch'))
    )
    op.create_index(op.f('ix_applications_letter_batch_job_id'), 'applications_letter_batch', ['job_id'], unique=False)
    op.create_index('ix_applications_letter_batch_state', 'applications_letter_batch', ['state', 'id'], unique=False)
    op.create_index(op.f('ix_applications_letter_batch_template_id'), 'applications_letter_batch', ['template_id'], unique=False)
    op.create_table('applications_letter_batch_row',
    sa.Column('batch_id', sa.Integer(), nullable=False, comment='Batch'),
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application'),
    sa.Column('position', sa.Integer(), nullable=False, comment='Place in the batch'),
    sa.Column('state', sa.Enum('ready', 'problem', 'left_out', 'in_approval', 'approved', 'sent', 'failed', name='letterrowstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('body', sa.Text(), nullable=False, comment='Merged text of the letter'),
    sa.Column('short_text', sa.String(length=480), nullable=False, comment='Merged text of the SMS'),
    sa.Column('problems', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='What keeps it from going on: message and its values'),
    sa.Column('reply_id', sa.Integer(), nullable=True, comment='Letter made of it'),
    *_stamps(),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_letter_batch_row_application_id')),
    sa.ForeignKeyConstraint(['batch_id'], ['applications_letter_batch.id'], name=op.f('fk_applications_letter_batch_row_batch_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['applications_reply.id'], name=op.f('fk_applications_letter_batch_row_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_letter_batch_row')),
    sa.UniqueConstraint('batch_id', 'application_id', name=op.f('uq_applications_letter_batch_row_batch_id_application_id'))
    )
    op.create_index(op.f('ix_applications_letter_batch_row_application_id'), 'applications_letter_batch_row', ['application_id'], unique=False)
    op.create_index(op.f('ix_applications_letter_batch_row_reply_id'), 'applications_letter_batch_row', ['reply_id'], unique=False)
    op.create_index('ix_applications_letter_batch_row_state', 'applications_letter_batch_row', ['batch_id', 'state', 'position'], unique=False)
    op.create_table('applications_reply_version',
    sa.Column('reply_id', sa.Integer(), nullable=False, comment='Letter'),
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application'),
    sa.Column('number', sa.Integer(), nullable=False, comment='Counts up from 1'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='When'),
    sa.Column('by_id', sa.Integer(), nullable=True, comment='Who wrote it; null: the system'),
    sa.Column('restored_from', sa.Integer(), nullable=True, comment='Number of the version that was taken up again'),
    sa.Column('kind', sa.Enum('final', 'progress', 'extension_notice', 'forwarding_notice', name='replykind', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Kind of letter'),
    sa.Column('outcome', sa.Enum('resolved', 'partly_resolved', 'planned', 'informed', 'rejected', 'not_competent', 'unfounded', 'duplicate', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=True, comment='Result it tells'),
    sa.Column('subject', sa.String(length=200, collation='tr'), nullable=False, comment='Subject line'),
    sa.Column('body', sa.Text(), nullable=False, comment='Text of the letter'),
    sa.Column('short_text', sa.String(length=480), nullable=False, comment='Text of the SMS'),
    sa.Column('refusal_article', sa.String(length=60), nullable=False, comment='Law and article'),
    sa.Column('remedy', sa.Text(), nullable=False, comment='Where and until when to object'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_reply_version_application_id')),
    sa.ForeignKeyConstraint(['by_id'], ['ab_user.id'], name=op.f('fk_applications_reply_version_by_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['applications_reply.id'], name=op.f('fk_applications_reply_version_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_reply_version')),
    sa.UniqueConstraint('reply_id', 'number', name=op.f('uq_applications_reply_version_reply_id_number'))
    )
    op.create_index(op.f('ix_applications_reply_version_application_id'), 'applications_reply_version', ['application_id'], unique=False)
    op.create_index(op.f('ix_applications_reply_version_at'), 'applications_reply_version', ['at'], unique=False)
    op.create_index(op.f('ix_applications_reply_version_by_id'), 'applications_reply_version', ['by_id'], unique=False)

    op.add_column(_CASES, sa.Column('has_name', sa.Boolean(), nullable=True, comment='Petition names the applicant'))
    op.add_column(_CASES, sa.Column('has_signature', sa.Boolean(), nullable=True, comment='Petition is signed'))
    op.add_column(_CASES, sa.Column('has_address', sa.Boolean(), nullable=True, comment='Petition gives an address'))
    op.add_column(_CASES, sa.Column('progress_told_at', sa.DateTime(timezone=True), nullable=True, comment='Last told how far it is, in this cycle (3071 m.7)'))
    op.create_index('ix_applications_application_promised', _CASES, ['progress_told_at', 'id'], unique=False, postgresql_where=_PROMISED, sqlite_where=_PROMISED)
    op.add_column(_REPLIES, sa.Column('signed_as', sa.String(length=160), server_default='', nullable=False, comment='Title below the signature'))
    for table, column, target, comment in _REFERENCES:
        name = op.f(f'fk_{table}_{column}')
        op.execute(
            f'ALTER TABLE {table} ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES {target} (id)'
        )
        if op.get_context().dialect.name == 'postgresql':
            op.execute(f"COMMENT ON COLUMN {table}.{column} IS '{comment}'")
    _bring_into_form()


def _bring_into_form() -> None:
    """Whoever was told how far it is waits for the result; what waits for approval is one step."""
    op.execute(
        f"UPDATE {_CASES} SET progress_told_at = (SELECT max(r.sent_at) FROM {_REPLIES} r"
        f" WHERE r.application_id = {_CASES}.id AND r.cycle = {_CASES}.cycle"
        f" AND r.kind = 'progress' AND r.state = 'sent') WHERE answered_at IS NULL"
    )
    yes = "true" if op.get_bind().dialect.name == "postgresql" else "1"
    op.execute(
        "INSERT INTO applications_approval_step (reply_id, application_id, round, position, role,"
        " signs, state, waiting_since, note, created_at, changed_at, version)"
        f" SELECT id, application_id, 1, 1, '', {yes}, 'waiting', submitted_at, '', changed_at,"
        f" changed_at, 1 FROM {_REPLIES} WHERE state = 'in_approval'"
    )


def downgrade() -> None:
    """Take the columns and the tables away."""
    op.drop_index('ix_applications_application_promised', table_name=_CASES)
    for name in ("progress_told_at", "has_address", "has_signature", "has_name"):
        op.drop_column(_CASES, name)
    for table in (_EVENTS, _REPLIES):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for of, column, _target, _comment in _REFERENCES:
                if of == table:
                    # Its reference goes with the column.
                    batch_op.drop_column(column)
            if table == _REPLIES:
                batch_op.drop_column('signed_as')
    op.drop_table('applications_reply_version')
    op.drop_table('applications_letter_batch_row')
    op.drop_table('applications_letter_batch')
    op.drop_table('applications_outgoing_check')
    op.drop_table('applications_approval_step')
    op.drop_table('applications_approval_route_step')
    op.drop_table('applications_approval_route')
    op.drop_table('organisation_deputyship')
