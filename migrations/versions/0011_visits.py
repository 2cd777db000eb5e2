"""Reception: visits, rooms, the queue of the Solution Desk; visits to the place of a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables."""
    op.create_table('frontdesk_visit_reason',
    sa.Column('code', sa.String(length=40), nullable=False, comment='Stable short code'),
    sa.Column('name', sa.String(length=80, collation='tr'), nullable=False, comment='Words on the tile'),
    sa.Column('hint', sa.String(length=60), nullable=False, comment='Second line of the tile'),
    sa.Column('position', sa.Integer(), nullable=False, comment='Place among the tiles'),
    sa.Column('is_short', sa.Boolean(), nullable=False, comment='Settled at reception: nobody waits and no unit is needed'),
    sa.Column('asks_note', sa.Boolean(), nullable=False, comment='The screen offers a line for a note'),
    sa.Column('matter', sa.Enum('application', 'follow_up', 'enquiry', 'document', 'other', name='matter', native_enum=False, create_constraint=True, length=40), nullable=False, comment='What it is at the Solution Desk'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='In use'),
    sa.Column('search_text', sa.String(length=300), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('position BETWEEN 0 AND 999', name=op.f('ck_frontdesk_visit_reason_position_range')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frontdesk_visit_reason')),
    sa.UniqueConstraint('code', name=op.f('uq_frontdesk_visit_reason_code'))
    )
    with op.batch_alter_table('frontdesk_visit_reason', schema=None) as batch_op:
        batch_op.create_index('ix_frontdesk_visit_reason_position', ['position', 'id'], unique=False)

    op.create_table('frontdesk_service_point',
    sa.Column('name', sa.String(length=120, collation='tr'), nullable=False, comment='Name on signs'),
    sa.Column('unit_id', sa.Integer(), nullable=True, comment='Unit that works there'),
    sa.Column('building', sa.String(length=120, collation='tr'), nullable=False, comment='Building'),
    sa.Column('floor', sa.Integer(), nullable=True, comment='Floor; 0 is the ground floor'),
    sa.Column('room', sa.String(length=20), nullable=False, comment='Number of the room'),
    sa.Column('what_for', sa.Text(), nullable=False, comment='What is done there, in the words of citizens'),
    sa.Column('keywords', sa.String(length=400), nullable=False, comment='Other words that people ask with'),
    sa.Column('opening_hours', sa.String(length=120), nullable=False, comment='Opening hours'),
    sa.Column('phone', sa.String(length=20), nullable=False, comment='Telephone, E.164'),
    sa.Column('directions', sa.String(length=200), nullable=False, comment='How to get there from the entrance'),
    sa.Column('is_accessible', sa.Boolean(), nullable=False, comment='Can be reached with a wheelchair'),
    sa.Column('is_desk', sa.Boolean(), nullable=False, comment='Visitors take a ticket of the Solution Desk'),
    sa.Column('is_tile', sa.Boolean(), nullable=False, comment='A tile of the fast screen'),
    sa.Column('position', sa.Integer(), nullable=False, comment='Place among the tiles'),
    sa.Column('active', sa.Boolean(), nullable=False, comment='In use'),
    sa.Column('search_text', sa.Text(), nullable=False, comment='Folded, for search'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('floor IS NULL OR floor BETWEEN -5 AND 60', name=op.f('ck_frontdesk_service_point_floor_range')),
    sa.CheckConstraint('position BETWEEN 0 AND 999', name=op.f('ck_frontdesk_service_point_position_range')),
    sa.ForeignKeyConstraint(['unit_id'], ['organisation_unit.id'], name=op.f('fk_frontdesk_service_point_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frontdesk_service_point')),
    sa.UniqueConstraint('name', name=op.f('uq_frontdesk_service_point_name'))
    )
    with op.batch_alter_table('frontdesk_service_point', schema=None) as batch_op:
        batch_op.create_index('ix_frontdesk_service_point_place', ['building', 'floor', 'room', 'id'], unique=False)
        batch_op.create_index('ix_frontdesk_service_point_position', ['position', 'id'], unique=False)
        batch_op.create_index('ix_frontdesk_service_point_search', ['search_text'], unique=False, postgresql_using='gin', postgresql_ops={'search_text': 'gin_trgm_ops'})
        batch_op.create_index(batch_op.f('ix_frontdesk_service_point_unit_id'), ['unit_id'], unique=False)

    op.create_table('frontdesk_visit',
    sa.Column('at', sa.DateTime(timezone=True), nullable=False, comment='Came at'),
    sa.Column('people', sa.Integer(), nullable=False, comment='How many people'),
    sa.Column('reason_id', sa.Integer(), nullable=False, comment='Why they came'),
    sa.Column('service_point_id', sa.Integer(), nullable=True, comment='Where they wanted to go'),
    sa.Column('unit_id', sa.Integer(), nullable=True, comment='Unit they wanted'),
    sa.Column('host_id', sa.Integer(), nullable=True, comment='Official they wanted to see'),
    sa.Column('has_appointment', sa.Boolean(), nullable=False, comment='Came with an appointment'),
    sa.Column('is_disabled', sa.Boolean(), nullable=False, comment='Needs help: disabled'),
    sa.Column('is_elderly', sa.Boolean(), nullable=False, comment='Needs help: elderly'),
    sa.Column('with_child', sa.Boolean(), nullable=False, comment='Needs help: with a child'),
    sa.Column('needs_language', sa.Boolean(), nullable=False, comment='Needs help: does not speak Turkish'),
    sa.Column('accompanied_by_id', sa.Integer(), nullable=True, comment='Who went along'),
    sa.Column('guided_to_id', sa.Integer(), nullable=True, comment='Where they were sent instead, when that is another place'),
    sa.Column('waiting_since', sa.DateTime(timezone=True), nullable=False, comment='Waits since'),
    sa.Column('served_at', sa.DateTime(timezone=True), nullable=True, comment='Conversation began at'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='Went at'),
    sa.Column('result', sa.Enum('served', 'guided', 'application', 'not_available', 'left', name='visitresult', native_enum=False, create_constraint=True, length=40), nullable=True, comment='What came of it'),
    sa.Column('visitor_name', sa.String(length=120), nullable=False, comment='Name, only where the visitor wishes to be called by it'),
    sa.Column('note', sa.String(length=300), nullable=False, comment='Note of reception'),
    sa.Column('request_key', sa.String(length=60), nullable=True, comment='Key of the form: a double submit makes one row'),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='Demo record'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('ended_at IS NULL OR ended_at >= waiting_since', name=op.f('ck_frontdesk_visit_ended_after_coming')),
    sa.CheckConstraint('people BETWEEN 1 AND 500', name=op.f('ck_frontdesk_visit_people_range')),
    sa.CheckConstraint('served_at IS NULL OR served_at >= waiting_since', name=op.f('ck_frontdesk_visit_served_after_coming')),
    sa.ForeignKeyConstraint(['accompanied_by_id'], ['ab_user.id'], name=op.f('fk_frontdesk_visit_accompanied_by_id')),
    sa.ForeignKeyConstraint(['guided_to_id'], ['frontdesk_service_point.id'], name=op.f('fk_frontdesk_visit_guided_to_id')),
    sa.ForeignKeyConstraint(['host_id'], ['ab_user.id'], name=op.f('fk_frontdesk_visit_host_id')),
    sa.ForeignKeyConstraint(['reason_id'], ['frontdesk_visit_reason.id'], name=op.f('fk_frontdesk_visit_reason_id')),
    sa.ForeignKeyConstraint(['service_point_id'], ['frontdesk_service_point.id'], name=op.f('fk_frontdesk_visit_service_point_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['organisation_unit.id'], name=op.f('fk_frontdesk_visit_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frontdesk_visit')),
    sa.UniqueConstraint('request_key', name=op.f('uq_frontdesk_visit_request_key'))
    )
    with op.batch_alter_table('frontdesk_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_frontdesk_visit_accompanied_by_id'), ['accompanied_by_id'], unique=False)
        batch_op.create_index('ix_frontdesk_visit_at', ['at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_frontdesk_visit_guided_to_id'), ['guided_to_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_frontdesk_visit_host_id'), ['host_id'], unique=False)
        batch_op.create_index('ix_frontdesk_visit_inside', ['at'], unique=False, postgresql_where=sa.text('ended_at IS NULL'), sqlite_where=sa.text('ended_at IS NULL'))
        batch_op.create_index('ix_frontdesk_visit_point', ['service_point_id', 'at'], unique=False)
        batch_op.create_index('ix_frontdesk_visit_reason', ['reason_id', 'at'], unique=False)
        batch_op.create_index('ix_frontdesk_visit_unit', ['unit_id', 'at'], unique=False)

    op.create_table('applications_field_visit',
    sa.Column('application_id', sa.Integer(), nullable=False, comment='Application'),
    sa.Column('planned_on', sa.Date(), nullable=False, comment='Day of the visit'),
    sa.Column('officer_id', sa.Integer(), nullable=False, comment='Who goes there, or leads the team'),
    sa.Column('team', sa.String(length=80, collation='tr'), nullable=False, comment='Name of the team'),
    sa.Column('unit_id', sa.Integer(), nullable=True, comment='Unit of the officer when it was planned'),
    sa.Column('position', sa.Integer(), nullable=False, comment='Place in the day’s tour'),
    sa.Column('state', sa.Enum('planned', 'on_the_way', 'found', 'not_found', 'postponed', 'done', name='fieldstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('task', sa.String(length=300), nullable=False, comment='What to look for'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True, comment='Set out at'),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True, comment='Arrived at'),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True, comment='Left the place at'),
    sa.Column('was_found', sa.Boolean(), nullable=True, comment='Whether what was reported is there; null: not seen yet'),
    sa.Column('findings', sa.Text(), nullable=False, comment='What was found'),
    sa.Column('measures', sa.Text(), nullable=False, comment='Measures taken on the spot'),
    sa.Column('next_step', sa.Enum('unit_answer', 'note', 'again', 'nothing', name='fieldnextstep', native_enum=False, create_constraint=True, length=40), nullable=True, comment='What follows'),
    sa.Column('postpone_reason', sa.String(length=300), nullable=False, comment='Why it was postponed'),
    sa.Column('latitude', sa.Float(), nullable=True, comment='Where the team stood, WGS 84'),
    sa.Column('longitude', sa.Float(), nullable=True, comment='Where the team stood, WGS 84'),
    sa.Column('distance_m', sa.Integer(), nullable=True, comment='Metres from there to the reported place'),
    sa.Column('citizen_confirmed', sa.Boolean(), nullable=True, comment='The citizen agreed on the spot; null: nobody was asked'),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=True, comment='The finding was carried into the case at'),
    sa.Column('carried_from_id', sa.Integer(), nullable=True, comment='Visit it was put off from'),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='Demo record'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("state <> 'found' OR (was_found IS NOT NULL AND was_found)", name=op.f('ck_applications_field_visit_found_is_found')),
    sa.CheckConstraint("state <> 'not_found' OR (was_found IS NOT NULL AND NOT was_found)", name=op.f('ck_applications_field_visit_not_found_is_not_found')),
    sa.CheckConstraint('latitude IS NULL OR latitude BETWEEN -90 AND 90', name=op.f('ck_applications_field_visit_latitude_range')),
    sa.CheckConstraint('left_at IS NULL OR arrived_at IS NULL OR left_at >= arrived_at', name=op.f('ck_applications_field_visit_left_after')),
    sa.CheckConstraint('longitude IS NULL OR longitude BETWEEN -180 AND 180', name=op.f('ck_applications_field_visit_longitude_range')),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_applications_field_visit_application_id')),
    sa.ForeignKeyConstraint(['carried_from_id'], ['applications_field_visit.id'], name=op.f('fk_applications_field_visit_carried_from_id')),
    sa.ForeignKeyConstraint(['officer_id'], ['ab_user.id'], name=op.f('fk_applications_field_visit_officer_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['organisation_unit.id'], name=op.f('fk_applications_field_visit_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_applications_field_visit'))
    )
    with op.batch_alter_table('applications_field_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_applications_field_visit_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_field_visit_carried_from_id'), ['carried_from_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_applications_field_visit_officer_id'), ['officer_id'], unique=False)
        batch_op.create_index('ix_applications_field_visit_plan', ['planned_on', 'officer_id', 'position'], unique=False)
        batch_op.create_index('ix_applications_field_visit_state', ['state', 'planned_on', 'id'], unique=False)
        batch_op.create_index('ix_applications_field_visit_unit', ['unit_id', 'planned_on'], unique=False)
        batch_op.create_index('uq_applications_field_visit_live', ['application_id'], unique=True, postgresql_where=sa.text("state IN ('on_the_way', 'planned')"), sqlite_where=sa.text("state IN ('on_the_way', 'planned')"))

    op.create_table('frontdesk_desk_ticket',
    sa.Column('on', sa.Date(), nullable=False, comment='Day of the queue'),
    sa.Column('number', sa.Integer(), nullable=False, comment='Number within the day, without a gap'),
    sa.Column('matter', sa.Enum('application', 'follow_up', 'enquiry', 'document', 'other', name='matter', native_enum=False, create_constraint=True, length=40), nullable=False, comment='What is wanted'),
    sa.Column('priority_group', sa.Enum('none', 'elderly', 'disabled', 'with_child', 'veteran', name='prioritygroup', native_enum=False, create_constraint=True, length=40), nullable=False, comment='Goes ahead because'),
    sa.Column('state', sa.Enum('waiting', 'called', 'serving', 'done', 'no_show', 'left', 'cancelled', name='ticketstate', native_enum=False, create_constraint=True, length=40), nullable=False, comment='State'),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=False, comment='Ticket taken at'),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=True, comment='Called last at'),
    sa.Column('calls', sa.Integer(), nullable=False, comment='How often called'),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True, comment='Conversation began at'),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True, comment='Ended at'),
    sa.Column('counter', sa.Integer(), nullable=True, comment='Number of the counter'),
    sa.Column('officer_id', sa.Integer(), nullable=True, comment='Officer at the counter'),
    sa.Column('result', sa.Enum('solved', 'application', 'guided', 'unsolved', name='deskresult', native_enum=False, create_constraint=True, length=40), nullable=True, comment='What came of it'),
    sa.Column('note', sa.String(length=300), nullable=False, comment='Note of the officer'),
    sa.Column('visit_id', sa.Integer(), nullable=True, comment='Visit it belongs to'),
    sa.Column('application_id', sa.Integer(), nullable=True, comment='Application taken there'),
    sa.Column('request_key', sa.String(length=60), nullable=True, comment='Key of the form: a double submit makes one row'),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='Demo record'),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, comment='Made at'),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, comment='Last changed at'),
    sa.Column('created_by_id', sa.Integer(), nullable=True, comment='Staff user who made it'),
    sa.Column('changed_by_id', sa.Integer(), nullable=True, comment='Staff user who changed it last'),
    sa.Column('version', sa.Integer(), nullable=False, comment='Counts up with each change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint("state <> 'done' OR result IS NOT NULL", name=op.f('ck_frontdesk_desk_ticket_done_has_result')),
    sa.CheckConstraint('counter IS NULL OR counter > 0', name=op.f('ck_frontdesk_desk_ticket_counter_positive')),
    sa.CheckConstraint('ended_at IS NULL OR ended_at >= arrived_at', name=op.f('ck_frontdesk_desk_ticket_ended_after')),
    sa.CheckConstraint('number > 0', name=op.f('ck_frontdesk_desk_ticket_number_positive')),
    sa.CheckConstraint('started_at IS NULL OR started_at >= arrived_at', name=op.f('ck_frontdesk_desk_ticket_started_after')),
    sa.ForeignKeyConstraint(['application_id'], ['applications_application.id'], name=op.f('fk_frontdesk_desk_ticket_application_id')),
    sa.ForeignKeyConstraint(['officer_id'], ['ab_user.id'], name=op.f('fk_frontdesk_desk_ticket_officer_id')),
    sa.ForeignKeyConstraint(['visit_id'], ['frontdesk_visit.id'], name=op.f('fk_frontdesk_desk_ticket_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frontdesk_desk_ticket')),
    sa.UniqueConstraint('on', 'number', name=op.f('uq_frontdesk_desk_ticket_on_number')),
    sa.UniqueConstraint('request_key', name=op.f('uq_frontdesk_desk_ticket_request_key'))
    )
    with op.batch_alter_table('frontdesk_desk_ticket', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_frontdesk_desk_ticket_application_id'), ['application_id'], unique=False)
        batch_op.create_index('ix_frontdesk_desk_ticket_arrived', ['arrived_at', 'id'], unique=False)
        batch_op.create_index('ix_frontdesk_desk_ticket_live', ['on', 'arrived_at'], unique=False, postgresql_where=sa.text("state IN ('called', 'serving', 'waiting')"), sqlite_where=sa.text("state IN ('called', 'serving', 'waiting')"))
        batch_op.create_index('ix_frontdesk_desk_ticket_officer', ['officer_id', 'on'], unique=False)
        batch_op.create_index(batch_op.f('ix_frontdesk_desk_ticket_visit_id'), ['visit_id'], unique=False)


def downgrade() -> None:
    """Drop the tables; their indexes go with them."""
    op.drop_table('frontdesk_desk_ticket')
    op.drop_table('applications_field_visit')
    op.drop_table('frontdesk_visit')
    op.drop_table('frontdesk_service_point')
    op.drop_table('frontdesk_visit_reason')
