"""The right to information: decisions, appeals, published information."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table('applications_published_information',
    sa.Column('title', sa.String(length=200, collation='tr'), nullable=False, comment='What it is'),
    sa.Column('unit_id', sa.Integer(), nullable=True, comment='Unit that keeps it'),
    sa.Column('keywords', sa.String(length=300), nullable=False, comment='Other words for it'),
    sa.Column('place', sa.String(length=300), nullable=False, comment='Where it was published'),
    sa.Column('url', sa.String(length=500), nullable=False, comment='Address on the web'),
    sa.Column('published_on', sa.Date(), nullable=True, comment='First published on'),
    sa.Column('updated_on', sa.Date(), nullable=True, comment='Last brought up to date on'),
    sa.Column('cycle', sa.Enum('never', 'monthly', 'quarterly', 'half_yearly', 'yearly', name='updatecycle', native_enum=False, create_constraint=True, length=40), nullable=False, comment='How often it is updated'),
    sa.Column('next_due_on', sa.Date(), nullable=True, comment='Next update due on'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='Still published'),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='Demo record'),
    sa.Column('search_text', sa.Text(), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("url <> '' OR place <> ''", name=op.f('ck_applications_published_information_can_be_found')),
    sa.ForeignKeyConstraint(['unit_id'], ['organisation_unit.id'], name=op.f('fk_applications_published_information_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_published_information'))
    )
    op.create_index('ix_applications_published_information_due', 'applications_published_information', ['next_due_on', 'id'], unique=False)
    op.create_index('ix_applications_published_information_title', 'applications_published_information', ['title', 'id'], unique=False)
    op.create_index(op.f('ix_applications_published_information_unit_id'), 'applications_published_information', ['unit_id'], unique=False)
    op.create_table('applications_refusal_ground',
    sa.Column('code', sa.String(length=12), nullable=False, comment='Short name, e.g. m.21'),
    sa.Column('law', sa.String(length=20), nullable=False, comment='Number of the law'),
    sa.Column('article', sa.String(length=12), nullable=False, comment='Number of the article'),
    sa.Column('title', sa.String(length=200, collation='tr'), nullable=False, comment='Title of the article'),
    sa.Column('letter_text', sa.Text(), nullable=False, comment='Sentence that the letter prints'),
    sa.Column('position', sa.Integer(), nullable=False, comment='Order in forms and tables'),
    sa.Column('valid_from', sa.Date(), nullable=False, comment='First day in force'),
    sa.Column('valid_to', sa.Date(), nullable=True, comment='Last day in force'),
    sa.Column('search_text', sa.Text(), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_applications_refusal_ground_valid_in_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_refusal_ground')),
    sa.UniqueConstraint('law', 'code', 'valid_from', name=op.f('uq_applications_refusal_ground_law_code_valid_from'))
    )
    op.create_index('ix_applications_refusal_ground_position', 'applications_refusal_ground', ['position', 'id'], unique=False)
    op.create_table('applications_information_report_line',
    sa.Column('code', sa.String(length=12), nullable=False, comment='Short name in the form, e.g. a'),
    sa.Column('position', sa.Integer(), nullable=False, comment='Order in the report'),
    sa.Column('text', sa.String(length=300, collation='tr'), nullable=False, comment='Line as the form has it'),
    sa.Column('basis', sa.String(length=120), nullable=False, comment='Law and article'),
    sa.Column('figure', sa.Enum('received', 'granted', 'refused', 'separated', 'partial', 'published', 'forwarded', 'withdrawn', 'deemed_withdrawn', 'pending', 'ended_otherwise', 'appealed', 'appeal_accepted', 'appeal_partly', 'appeal_rejected', 'appeal_pending', 'court', 'late', 'extended', 'fee', 'answered', 'no_article', name='informationfigure', native_enum=False, create_constraint=True, length=40), nullable=False, comment='What it counts'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='Stands in the report'),
    sa.Column('valid_from_year', sa.Integer(), nullable=False, comment='First year it is reported for'),
    sa.Column('valid_to_year', sa.Integer(), nullable=True, comment='Last year it is reported for'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('valid_to_year IS NULL OR valid_to_year >= valid_from_year', name=op.f('ck_applications_information_report_line_years_in_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_information_report_line')),
    sa.UniqueConstraint('code', 'valid_from_year', name=op.f('uq_applications_information_report_line_code_valid_from_year'))
    )
    op.create_index('ix_applications_information_report_line_position', 'applications_information_report_line', ['position', 'id'], unique=False)
    op.create_table('applications_information_case',
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application'),
    sa.Column('received_on', sa.Date(), nullable=False, comment='Day of receipt, as the application'),
    sa.Column('decision', sa.Enum('granted', 'partial', 'refused', 'published', 'forwarded', 'withdrawn', 'deemed_withdrawn', name='informationdecision', native_enum=False, create_constraint=True, length=40), nullable=True, comment='Drafted or taken decision'),
    sa.Column('decided_on', sa.Date(), nullable=True, comment='Day the decision became final: its letter left; null: a draft'),
    sa.Column('reply_id', sa.Integer(), nullable=True, comment='Letter of the decision'),
    sa.Column('articles', sa.String(length=80), nullable=False, comment='Articles as the letter names them'),
    sa.Column('reason', sa.Text(), nullable=False, comment='Why something is kept back'),
    sa.Column('removed', sa.Text(), nullable=False, comment='What was removed or separated, 4982 m.9'),
    sa.Column('is_separated', sa.Boolean(), nullable=False, comment='Given after secret parts were removed or separated, m.9'),
    sa.Column('access_form', sa.Enum('certified_copy', 'inspection', 'listening', 'electronic', name='accessform', native_enum=False, create_constraint=True, length=40), nullable=True, comment='How access is given, 4982 m.10'),
    sa.Column('pages', sa.Integer(), nullable=True, comment='Pages given'),
    sa.Column('published_id', sa.Integer(), nullable=True, comment='Published information it points to, 4982 m.8'),
    sa.Column('fee_amount', sa.Numeric(precision=12, scale=2), nullable=True, comment='Cost of access in Turkish lira, 4982 m.10'),
    sa.Column('fee_notified_on', sa.Date(), nullable=True, comment='Cost told on'),
    sa.Column('fee_pay_by', sa.Date(), nullable=True, comment='Last day of payment'),
    sa.Column('fee_paid_on', sa.Date(), nullable=True, comment='Cost paid on'),
    sa.Column('withdrawal_proposed_on', sa.Date(), nullable=True, comment='Day the house proposed to take it as given up, 4982 m.11'),
    sa.Column('extension_reason', sa.Enum('another_unit', 'other_opinion', 'several_institutions', name='extensionreason', native_enum=False, create_constraint=True, length=40), nullable=True, comment='Why thirty working days, 4982 m.11'),
    sa.Column('extension_reply_id', sa.Integer(), nullable=True, comment='Extension letter'),
    sa.Column('extension_notified_on', sa.Date(), nullable=True, comment='Day the extension letter left'),
    sa.Column('consent_asked_on', sa.Date(), nullable=True, comment='Person concerned was told on, 4982 m.21'),
    sa.Column('consent_given_on', sa.Date(), nullable=True, comment='Person concerned consented in writing on'),
    sa.Column('due_on', sa.Date(), nullable=True, comment='Last legal day, written with each count of the application'),
    sa.Column('alarm_on', sa.Date(), nullable=True, comment='Working day 12: warned when nothing has left'),
    sa.Column('notice_by', sa.Date(), nullable=True, comment='Last day of the extension letter, 4982 m.11'),
    sa.Column('silence_on', sa.Date(), nullable=True, comment='Day on which silence turns into refusal, 2577 m.10'),
    sa.Column('silence_trail', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True, comment='Day by day, as computed'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('consent_given_on IS NULL OR (consent_asked_on IS NOT NULL AND consent_given_on >= consent_asked_on)', name=op.f('ck_applications_information_case_consent_after_notice')),
    sa.CheckConstraint('decided_on IS NULL OR decision IS NOT NULL', name=op.f('ck_applications_information_case_decided_has_decision')),
    sa.CheckConstraint('fee_amount IS NULL OR fee_amount >= 0', name=op.f('ck_applications_information_case_fee_not_negative')),
    sa.CheckConstraint('fee_paid_on IS NULL OR (fee_notified_on IS NOT NULL AND fee_paid_on >= fee_notified_on)', name=op.f('ck_applications_information_case_fee_after_notice')),
    sa.CheckConstraint('pages IS NULL OR pages >= 1', name=op.f('ck_applications_information_case_pages_positive')),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_information_case_application_id')),
    sa.ForeignKeyConstraint(['extension_reply_id'], ['applications_reply.id'], name=op.f('fk_applications_information_case_extension_reply_id')),
    sa.ForeignKeyConstraint(['published_id'], ['applications_published_information.id'], name=op.f('fk_applications_information_case_published_id')),
    sa.ForeignKeyConstraint(['reply_id'], ['applications_reply.id'], name=op.f('fk_applications_information_case_reply_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_information_case')),
    sa.UniqueConstraint('application_id', name=op.f('uq_applications_information_case_application_id'))
    )
    op.create_index('ix_applications_information_case_alarm', 'applications_information_case', ['alarm_on'], unique=False)
    op.create_index('ix_applications_information_case_decided', 'applications_information_case', ['decided_on', 'id'], unique=False)
    op.create_index('ix_applications_information_case_decision', 'applications_information_case', ['decision', 'received_on'], unique=False)
    op.create_index('ix_applications_information_case_due', 'applications_information_case', ['due_on', 'id'], unique=False)
    op.create_index(op.f('ix_applications_information_case_extension_reply_id'), 'applications_information_case', ['extension_reply_id'], unique=False)
    op.create_index('ix_applications_information_case_pay_by', 'applications_information_case', ['fee_pay_by', 'id'], unique=False)
    op.create_index(op.f('ix_applications_information_case_published_id'), 'applications_information_case', ['published_id'], unique=False)
    op.create_index('ix_applications_information_case_received', 'applications_information_case', ['received_on', 'id'], unique=False)
    op.create_index(op.f('ix_applications_information_case_reply_id'), 'applications_information_case', ['reply_id'], unique=False)
    op.create_index('ix_applications_information_case_silence', 'applications_information_case', ['silence_on', 'id'], unique=False)
    op.create_table('applications_information_case_ground',
    sa.Column('case_id', sa.Integer(), nullable=False, comment='Information case'),
    sa.Column('ground_id', sa.Integer(), nullable=False, comment='Article'),
    sa.ForeignKeyConstraint(['case_id'], ['applications_information_case.id'], name=op.f('fk_applications_information_case_ground_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['ground_id'], ['applications_refusal_ground.id'], name=op.f('fk_applications_information_case_ground_ground_id')),
    sa.PrimaryKeyConstraint('case_id', 'ground_id', name=op.f('pk_applications_information_case_ground'))
    )
    op.create_index(op.f('ix_applications_information_case_ground_ground_id'), 'applications_information_case_ground', ['ground_id'], unique=False)
    op.create_table('applications_appeal',
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application'),
    sa.Column('forum', sa.Enum('board', 'court', name='appealforum', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Board or court'),
    sa.Column('state', sa.Enum('filed', 'documents_asked', 'documents_sent', 'decided', name='appealstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('file_no', sa.String(length=60), nullable=False, comment='Number at the Board or court'),
    sa.Column('notified_on', sa.Date(), nullable=True, comment='Decision reached the applicant on; day 0 of the fifteen days'),
    sa.Column('appeal_by', sa.Date(), nullable=True, comment='Last day of the appeal, 4982 m.13'),
    sa.Column('filed_on', sa.Date(), nullable=False, comment='Appealed on'),
    sa.Column('note', sa.Text(), nullable=False, comment='What is objected to'),
    sa.Column('documents_asked_on', sa.Date(), nullable=True, comment='Documents asked for on'),
    sa.Column('documents_due_on', sa.Date(), nullable=True, comment='Documents due on, 4982 m.13'),
    sa.Column('documents_sent_on', sa.Date(), nullable=True, comment='Documents sent on'),
    sa.Column('decision_due_on', sa.Date(), nullable=True, comment='Board decides by, 4982 m.13'),
    sa.Column('decided_on', sa.Date(), nullable=True, comment='Decided on'),
    sa.Column('decision_no', sa.String(length=60), nullable=False, comment='Number of the decision'),
    sa.Column('result', sa.Enum('accepted', 'partly', 'rejected', name='appealresult', native_enum=False, create_constraint=True, length=40), nullable=True, comment='What was decided'),
    sa.Column('result_note', sa.Text(), nullable=False, comment='Decision in short'),
    sa.Column('follow_up', sa.Enum('access_given', 'access_partly', 'decision_stands', 'sued', name='appealfollowup', native_enum=False, create_constraint=True, length=40), nullable=True, comment='What followed'),
    sa.Column('followed_on', sa.Date(), nullable=True, comment='It followed on'),
    sa.Column('follow_up_note', sa.Text(), nullable=False, comment='What followed, in words'),
    sa.Column('search_text', sa.Text(), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'decided') = (result IS NOT NULL AND decided_on IS NOT NULL)", name=op.f('ck_applications_appeal_decided_has_result')),
    sa.CheckConstraint('decided_on IS NULL OR decided_on >= filed_on', name=op.f('ck_applications_appeal_decided_after_filing')),
    sa.CheckConstraint('documents_sent_on IS NULL OR (documents_asked_on IS NOT NULL AND documents_sent_on >= documents_asked_on)', name=op.f('ck_applications_appeal_sent_after_asked')),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_appeal_application_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_appeal'))
    )
    op.create_index(op.f('ix_applications_appeal_application_id'), 'applications_appeal', ['application_id'], unique=False)
    op.create_index('ix_applications_appeal_decision_due', 'applications_appeal', ['decision_due_on', 'id'], unique=False)
    op.create_index('ix_applications_appeal_documents_due', 'applications_appeal', ['documents_due_on', 'id'], unique=False)
    op.create_index('ix_applications_appeal_filed', 'applications_appeal', ['filed_on', 'id'], unique=False)
    op.create_index('ix_applications_appeal_state', 'applications_appeal', ['state', 'id'], unique=False)
    op.create_index('uq_applications_appeal_open', 'applications_appeal', ['application_id', 'forum'], unique=True, postgresql_where=sa.text("state <> 'decided'"), sqlite_where=sa.text("state <> 'decided'"))


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table('applications_appeal')
    op.drop_table('applications_information_case_ground')
    op.drop_table('applications_information_case')
    op.drop_table('applications_information_report_line')
    op.drop_table('applications_refusal_ground')
    op.drop_table('applications_published_information')
