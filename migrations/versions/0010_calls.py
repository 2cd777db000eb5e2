"""The call centre: calls, shifts, knowledge."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables."""
    op.create_table('frontdesk_call_mapping',
    sa.Column('name', sa.String(length=80, collation='tr'), nullable=False, comment='Name, e.g. santral'),
    sa.Column('description', sa.String(length=300), nullable=False, comment='What file it is for'),
    sa.Column('document', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='The mapping'),
    sa.Column('is_shipped', sa.Boolean(), nullable=False, comment='Came with the program'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frontdesk_call_mapping')),
    sa.UniqueConstraint('name', name=op.f('uq_frontdesk_call_mapping_name'))
    )
    op.create_table('frontdesk_call_import',
    sa.Column('mapping_id', sa.Integer(), nullable=True, comment='Mapping'),
    sa.Column('job_id', sa.Integer(), nullable=True, comment='Job that does it'),
    sa.Column('file_name', sa.String(length=200, collation='tr'), nullable=False, comment='Name of the file'),
    sa.Column('file_sha256', sa.String(length=64), nullable=False, comment='Digest of the file'),
    sa.Column('document', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='The mapping as it was used, and the headings'),
    sa.Column('state', sa.String(length=20), nullable=False, comment='draft, waiting, running, done, failed'),
    sa.Column('total_rows', sa.Integer(), nullable=False, comment='Rows read'),
    sa.Column('created_rows', sa.Integer(), nullable=False, comment='Rows taken over'),
    sa.Column('known_rows', sa.Integer(), nullable=False, comment='Rows that were here already'),
    sa.Column('rejected_rows', sa.Integer(), nullable=False, comment='Rows refused'),
    sa.Column('reasons', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False, comment='Why rows were refused, with their numbers'),
    sa.Column('error', sa.Text(), nullable=False, comment='Why the whole file was refused'),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True, comment='Ended at'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['system_job.id'], name=op.f('fk_frontdesk_call_import_job_id')),
    sa.ForeignKeyConstraint(['mapping_id'], ['frontdesk_call_mapping.id'], name=op.f('fk_frontdesk_call_import_mapping_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frontdesk_call_import'))
    )
    op.create_index(op.f('ix_frontdesk_call_import_file_name'), 'frontdesk_call_import', ['file_name'], unique=False)
    op.create_index(op.f('ix_frontdesk_call_import_job_id'), 'frontdesk_call_import', ['job_id'], unique=False)
    op.create_index(op.f('ix_frontdesk_call_import_mapping_id'), 'frontdesk_call_import', ['mapping_id'], unique=False)
    op.create_index(op.f('ix_frontdesk_call_import_state'), 'frontdesk_call_import', ['state'], unique=False)
    op.create_table('frontdesk_shift',
    sa.Column('operator_id', sa.Integer(), nullable=False, comment='Whose shift it is'),
    sa.Column('on', sa.Date(), nullable=False, comment='Day on which it begins'),
    sa.Column('kind', sa.Enum('night', 'day', 'evening', name='shiftkind', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Part of the day'),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False, comment='Begins at'),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False, comment='Ends at'),
    sa.Column('seat', sa.String(length=20), nullable=False, comment='Extension at the switch; live calls are found by it'),
    sa.Column('state', sa.Enum('planned', 'leave', 'swap_asked', 'swapped', name='shiftstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('swap_to_id', sa.Integer(), nullable=True, comment='Colleague who is to take it'),
    sa.Column('swap_note', sa.String(length=300), nullable=False, comment='Why a swap is asked'),
    sa.Column('swapped_from_id', sa.Integer(), nullable=True, comment='Who had it before the swap'),
    sa.Column('signed_in_at', sa.DateTime(timezone=True), nullable=True, comment='Begun by the person'),
    sa.Column('note', sa.String(length=300), nullable=False, comment='Remark of the planner'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_at > starts_at', name=op.f('ck_frontdesk_shift_end_after')),
    sa.ForeignKeyConstraint(['operator_id'], ['ab_user.id'], name=op.f('fk_frontdesk_shift_operator_id')),
    sa.ForeignKeyConstraint(['swap_to_id'], ['ab_user.id'], name=op.f('fk_frontdesk_shift_swap_to_id')),
    sa.ForeignKeyConstraint(['swapped_from_id'], ['ab_user.id'], name=op.f('fk_frontdesk_shift_swapped_from_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frontdesk_shift')),
    sa.UniqueConstraint('operator_id', 'starts_at', name=op.f('uq_frontdesk_shift_operator_id_starts_at'))
    )
    op.create_index('ix_frontdesk_shift_on', 'frontdesk_shift', ['on', 'kind', 'operator_id'], unique=False)
    op.create_index(op.f('ix_frontdesk_shift_operator_id'), 'frontdesk_shift', ['operator_id'], unique=False)
    op.create_index('ix_frontdesk_shift_span', 'frontdesk_shift', ['starts_at', 'ends_at'], unique=False)
    op.create_index(op.f('ix_frontdesk_shift_state'), 'frontdesk_shift', ['state'], unique=False)
    op.create_index('ix_frontdesk_shift_swap', 'frontdesk_shift', ['swap_to_id', 'state'], unique=False)
    op.create_index(op.f('ix_frontdesk_shift_swapped_from_id'), 'frontdesk_shift', ['swapped_from_id'], unique=False)
    op.create_table('frontdesk_shift_note',
    sa.Column('on', sa.Date(), nullable=False, comment='Day of the shift that wrote it'),
    sa.Column('kind', sa.Enum('night', 'day', 'evening', name='shiftkind', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Shift that wrote it'),
    sa.Column('author_id', sa.Integer(), nullable=True, comment='Who wrote it'),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False, comment='Written'),
    sa.Column('text', sa.Text(), nullable=False, comment='What the next shift should know'),
    sa.Column('open_matters', sa.Text(), nullable=False, comment='What is still to be done'),
    sa.Column('search_text', sa.Text(), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['ab_user.id'], name=op.f('fk_frontdesk_shift_note_author_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frontdesk_shift_note'))
    )
    op.create_index(op.f('ix_frontdesk_shift_note_author_id'), 'frontdesk_shift_note', ['author_id'], unique=False)
    op.create_index('ix_frontdesk_shift_note_on', 'frontdesk_shift_note', ['on', 'kind', 'id'], unique=False)
    op.create_index('ix_frontdesk_shift_note_search', 'frontdesk_shift_note', ['search_text'], unique=False, postgresql_using='gin', postgresql_ops={'search_text': 'gin_trgm_ops'})
    op.create_index('ix_frontdesk_shift_note_written', 'frontdesk_shift_note', ['written_at', 'id'], unique=False)
    op.create_table('frontdesk_knowledge_item',
    sa.Column('title', sa.String(length=200, collation='tr'), nullable=False, comment='Question'),
    sa.Column('questions', sa.Text(), nullable=False, comment='Other words by which it is found'),
    sa.Column('answer', sa.Text(), nullable=False, comment='Answer to read aloud'),
    sa.Column('topic_id', sa.Integer(), nullable=True, comment='Topic'),
    sa.Column('unit_id', sa.Integer(), nullable=True, comment='Unit that confirms the answer'),
    sa.Column('owner_id', sa.Integer(), nullable=False, comment='Who keeps it true'),
    sa.Column('valid_until', sa.Date(), nullable=True, comment='Last day on which it is true; null: no end'),
    sa.Column('review_on', sa.Date(), nullable=False, comment='Looked at again on'),
    sa.Column('reviewed_on', sa.Date(), nullable=True, comment='Last looked at on'),
    sa.Column('edition', sa.Integer(), nullable=False, comment='Counts up with each change of the answer'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='In use'),
    sa.Column('used_count', sa.Integer(), nullable=False, comment='How often it answered a call'),
    sa.Column('search_text', sa.Text(), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('edition >= 1', name=op.f('ck_frontdesk_knowledge_item_edition_positive')),
    sa.CheckConstraint('used_count >= 0', name=op.f('ck_frontdesk_knowledge_item_used_positive')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_frontdesk_knowledge_item_owner_id')),
    sa.ForeignKeyConstraint(['topic_id'], ['applications_topic.id'], name=op.f('fk_frontdesk_knowledge_item_topic_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['organisation_unit.id'], name=op.f('fk_frontdesk_knowledge_item_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frontdesk_knowledge_item'))
    )
    op.create_index(op.f('ix_frontdesk_knowledge_item_owner_id'), 'frontdesk_knowledge_item', ['owner_id'], unique=False)
    op.create_index(op.f('ix_frontdesk_knowledge_item_review_on'), 'frontdesk_knowledge_item', ['review_on'], unique=False)
    op.create_index('ix_frontdesk_knowledge_item_search', 'frontdesk_knowledge_item', ['search_text'], unique=False, postgresql_using='gin', postgresql_ops={'search_text': 'gin_trgm_ops'})
    op.create_index(op.f('ix_frontdesk_knowledge_item_title'), 'frontdesk_knowledge_item', ['title'], unique=False)
    op.create_index(op.f('ix_frontdesk_knowledge_item_topic_id'), 'frontdesk_knowledge_item', ['topic_id'], unique=False)
    op.create_index(op.f('ix_frontdesk_knowledge_item_unit_id'), 'frontdesk_knowledge_item', ['unit_id'], unique=False)
    op.create_index('ix_frontdesk_knowledge_item_used', 'frontdesk_knowledge_item', ['used_count', 'id'], unique=False)
    op.create_index(op.f('ix_frontdesk_knowledge_item_valid_until'), 'frontdesk_knowledge_item', ['valid_until'], unique=False)
    op.create_table('frontdesk_shift_note_reading',
    sa.Column('note_id', sa.Integer(), nullable=False, comment='Note'),
    sa.Column('user_id', sa.Integer(), nullable=False, comment='Reader'),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='Acknowledged at'),
    sa.ForeignKeyConstraint(['note_id'], ['frontdesk_shift_note.id'], name=op.f('fk_frontdesk_shift_note_reading_note_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_frontdesk_shift_note_reading_user_id')),
    sa.PrimaryKeyConstraint('note_id', 'user_id', name=op.f('pk_frontdesk_shift_note_reading'))
    )
    op.create_index(op.f('ix_frontdesk_shift_note_reading_user_id'), 'frontdesk_shift_note_reading', ['user_id'], unique=False)
    op.create_table('frontdesk_call',
    sa.Column('switch_id', sa.String(length=80), nullable=True, comment='Id at the switch; null: entered by hand'),
    sa.Column('direction', sa.Enum('in', 'out', name='calldirection', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Who rang whom'),
    sa.Column('source', sa.Enum('import', 'live', 'manual', name='callsource', native_enum=False, create_constraint=True, length=40), nullable=False, comment='How the record came to be'),
    sa.Column('phase', sa.Enum('ringing', 'talking', 'held', 'wrap', 'closed', name='callphase', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Where the call is now'),
    sa.Column('result', sa.Enum('answered', 'abandoned', 'busy', 'wrong', 'nuisance', 'informed', 'case_opened', 'transferred', name='callresult', native_enum=False, create_constraint=True, length=40), nullable=True, comment='What came of it; null: not said yet'),
    sa.Column('number', sa.String(length=20), nullable=False, comment='The other number, E.164; empty: withheld'),
    sa.Column('citizen_id', sa.Integer(), nullable=True, comment='Who it was, if known'),
    sa.Column('operator_id', sa.Integer(), nullable=True, comment='Operator; null: nobody took it'),
    sa.Column('extension', sa.String(length=20), nullable=False, comment='Extension at the switch'),
    sa.Column('queue', sa.String(length=40), nullable=False, comment='Queue or line, e.g. 153'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False, comment='Rang at'),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True, comment='Answered at'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='Hung up at'),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True, comment='After-call work ended at'),
    sa.Column('notice_at', sa.DateTime(timezone=True), nullable=True, comment='Privacy notice read out at'),
    sa.Column('wait_seconds', sa.Integer(), nullable=False, comment='Seconds in the queue'),
    sa.Column('talk_seconds', sa.Integer(), nullable=False, comment='Seconds of talk'),
    sa.Column('hold_seconds', sa.Integer(), nullable=False, comment='Seconds on hold'),
    sa.Column('wrap_seconds', sa.Integer(), nullable=False, comment='Seconds of after-call work'),
    sa.Column('transferred_to', sa.String(length=120), nullable=False, comment='To whom it was transferred'),
    sa.Column('application_id', sa.Integer(), nullable=True, comment='Application it was about'),
    sa.Column('knowledge_id', sa.Integer(), nullable=True, comment='Item that answered it'),
    sa.Column('first_contact', sa.Boolean(), nullable=True, comment='Settled in this call; null: not known'),
    sa.Column('recording_ref', sa.String(length=200), nullable=False, comment='Where the switch keeps the recording'),
    sa.Column('note', sa.Text(), nullable=False, comment='What the operator noted'),
    sa.Column('events', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True, comment='What the switch told of a live call, event by event'),
    sa.Column('import_id', sa.Integer(), nullable=True, comment='File that brought it'),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='Fictional call'),
    sa.Column('search_text', sa.Text(), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("result IS NULL OR result NOT IN ('abandoned', 'busy') OR answered_at IS NULL", name=op.f('ck_frontdesk_call_unanswered')),
    sa.CheckConstraint('answered_at IS NULL OR answered_at >= started_at', name=op.f('ck_frontdesk_call_answer_after')),
    sa.CheckConstraint('ended_at IS NULL OR ended_at >= started_at', name=op.f('ck_frontdesk_call_end_after')),
    sa.CheckConstraint('wait_seconds >= 0 AND talk_seconds >= 0 AND hold_seconds >= 0 AND wrap_seconds >= 0', name=op.f('ck_frontdesk_call_seconds_positive')),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_frontdesk_call_application_id')),
    sa.ForeignKeyConstraint(['citizen_id'], ['people_citizen.id'], name=op.f('fk_frontdesk_call_citizen_id')),
    sa.ForeignKeyConstraint(['import_id'], ['frontdesk_call_import.id'], name=op.f('fk_frontdesk_call_import_id')),
    sa.ForeignKeyConstraint(['knowledge_id'], ['frontdesk_knowledge_item.id'], name=op.f('fk_frontdesk_call_knowledge_id')),
    sa.ForeignKeyConstraint(['operator_id'], ['ab_user.id'], name=op.f('fk_frontdesk_call_operator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frontdesk_call')),
    sa.UniqueConstraint('switch_id', name=op.f('uq_frontdesk_call_switch_id'))
    )
    op.create_index(op.f('ix_frontdesk_call_application_id'), 'frontdesk_call', ['application_id'], unique=False)
    op.create_index(op.f('ix_frontdesk_call_citizen_id'), 'frontdesk_call', ['citizen_id'], unique=False)
    op.create_index(op.f('ix_frontdesk_call_import_id'), 'frontdesk_call', ['import_id'], unique=False)
    op.create_index(op.f('ix_frontdesk_call_knowledge_id'), 'frontdesk_call', ['knowledge_id'], unique=False)
    op.create_index('ix_frontdesk_call_live', 'frontdesk_call', ['operator_id', 'started_at'], unique=False, postgresql_where=sa.text("phase <> 'closed'"), sqlite_where=sa.text("phase <> 'closed'"))
    op.create_index('ix_frontdesk_call_number', 'frontdesk_call', ['number', 'started_at'], unique=False)
    op.create_index('ix_frontdesk_call_operator', 'frontdesk_call', ['operator_id', 'started_at', 'id'], unique=False)
    op.create_index('ix_frontdesk_call_recording', 'frontdesk_call', ['started_at'], unique=False, postgresql_where=sa.text("recording_ref <> ''"), sqlite_where=sa.text("recording_ref <> ''"))
    op.create_index('ix_frontdesk_call_result', 'frontdesk_call', ['result', 'started_at', 'id'], unique=False)
    op.create_index('ix_frontdesk_call_search', 'frontdesk_call', ['search_text'], unique=False, postgresql_using='gin', postgresql_ops={'search_text': 'gin_trgm_ops'})
    op.create_index('ix_frontdesk_call_started', 'frontdesk_call', ['started_at', 'id'], unique=False)
    op.create_index('ix_frontdesk_call_talk', 'frontdesk_call', ['talk_seconds', 'id'], unique=False)
    op.create_index('ix_frontdesk_call_wait', 'frontdesk_call', ['wait_seconds', 'id'], unique=False)
    op.create_table('frontdesk_shift_note_case',
    sa.Column('note_id', sa.Integer(), nullable=False, comment='Note'),
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application'),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_frontdesk_shift_note_case_application_id')),
    sa.ForeignKeyConstraint(['note_id'], ['frontdesk_shift_note.id'], name=op.f('fk_frontdesk_shift_note_case_note_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('note_id', 'application_id', name=op.f('pk_frontdesk_shift_note_case'))
    )
    op.create_index(op.f('ix_frontdesk_shift_note_case_application_id'), 'frontdesk_shift_note_case', ['application_id'], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_index(op.f('ix_frontdesk_shift_note_case_application_id'), table_name='frontdesk_shift_note_case')
    op.drop_table('frontdesk_shift_note_case')
    op.drop_index('ix_frontdesk_call_wait', table_name='frontdesk_call')
    op.drop_index('ix_frontdesk_call_talk', table_name='frontdesk_call')
    op.drop_index('ix_frontdesk_call_started', table_name='frontdesk_call')
    op.drop_index('ix_frontdesk_call_search', table_name='frontdesk_call', postgresql_using='gin', postgresql_ops={'search_text': 'gin_trgm_ops'})
    op.drop_index('ix_frontdesk_call_result', table_name='frontdesk_call')
    op.drop_index('ix_frontdesk_call_recording', table_name='frontdesk_call', postgresql_where=sa.text("recording_ref <> ''"), sqlite_where=sa.text("recording_ref <> ''"))
    op.drop_index('ix_frontdesk_call_operator', table_name='frontdesk_call')
    op.drop_index('ix_frontdesk_call_number', table_name='frontdesk_call')
    op.drop_index('ix_frontdesk_call_live', table_name='frontdesk_call', postgresql_where=sa.text("phase <> 'closed'"), sqlite_where=sa.text("phase <> 'closed'"))
    op.drop_index(op.f('ix_frontdesk_call_knowledge_id'), table_name='frontdesk_call')
    op.drop_index(op.f('ix_frontdesk_call_import_id'), table_name='frontdesk_call')
    op.drop_index(op.f('ix_frontdesk_call_citizen_id'), table_name='frontdesk_call')
    op.drop_index(op.f('ix_frontdesk_call_application_id'), table_name='frontdesk_call')
    op.drop_table('frontdesk_call')
    op.drop_index(op.f('ix_frontdesk_shift_note_reading_user_id'), table_name='frontdesk_shift_note_reading')
    op.drop_table('frontdesk_shift_note_reading')
    op.drop_index(op.f('ix_frontdesk_knowledge_item_valid_until'), table_name='frontdesk_knowledge_item')
    op.drop_index('ix_frontdesk_knowledge_item_used', table_name='frontdesk_knowledge_item')
    op.drop_index(op.f('ix_frontdesk_knowledge_item_unit_id'), table_name='frontdesk_knowledge_item')
    op.drop_index(op.f('ix_frontdesk_knowledge_item_topic_id'), table_name='frontdesk_knowledge_item')
    op.drop_index(op.f('ix_frontdesk_knowledge_item_title'), table_name='frontdesk_knowledge_item')
    op.drop_index('ix_frontdesk_knowledge_item_search', table_name='frontdesk_knowledge_item', postgresql_using='gin', postgresql_ops={'search_text': 'gin_trgm_ops'})
    op.drop_index(op.f('ix_frontdesk_knowledge_item_review_on'), table_name='frontdesk_knowledge_item')
    op.drop_index(op.f('ix_frontdesk_knowledge_item_owner_id'), table_name='frontdesk_knowledge_item')
    op.drop_table('frontdesk_knowledge_item')
    op.drop_index('ix_frontdesk_shift_note_written', table_name='frontdesk_shift_note')
    op.drop_index('ix_frontdesk_shift_note_search', table_name='frontdesk_shift_note', postgresql_using='gin', postgresql_ops={'search_text': 'gin_trgm_ops'})
    op.drop_index('ix_frontdesk_shift_note_on', table_name='frontdesk_shift_note')
    op.drop_index(op.f('ix_frontdesk_shift_note_author_id'), table_name='frontdesk_shift_note')
    op.drop_table('frontdesk_shift_note')
    op.drop_index(op.f('ix_frontdesk_shift_swapped_from_id'), table_name='frontdesk_shift')
    op.drop_index('ix_frontdesk_shift_swap', table_name='frontdesk_shift')
    op.drop_index(op.f('ix_frontdesk_shift_state'), table_name='frontdesk_shift')
    op.drop_index('ix_frontdesk_shift_span', table_name='frontdesk_shift')
    op.drop_index(op.f('ix_frontdesk_shift_operator_id'), table_name='frontdesk_shift')
    op.drop_index('ix_frontdesk_shift_on', table_name='frontdesk_shift')
    op.drop_table('frontdesk_shift')
    op.drop_index(op.f('ix_frontdesk_call_import_state'), table_name='frontdesk_call_import')
    op.drop_index(op.f('ix_frontdesk_call_import_mapping_id'), table_name='frontdesk_call_import')
    op.drop_index(op.f('ix_frontdesk_call_import_job_id'), table_name='frontdesk_call_import')
    op.drop_index(op.f('ix_frontdesk_call_import_file_name'), table_name='frontdesk_call_import')
    op.drop_table('frontdesk_call_import')
    op.drop_table('frontdesk_call_mapping')
