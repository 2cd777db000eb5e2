"""The application and its assignments to units; its history stands in `event`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.vocabulary import (
    OPEN_STATES,
    AssignmentRole,
    AssignmentState,
    Channel,
    InadmissibleReason,
    Kind,
    Outcome,
    Priority,
    State,
)
from app.core import clock
from app.core.models import Document, Instant, Stamped, code_type, folded, label_type

if TYPE_CHECKING:
    from app.applications.models.event import ApplicationEvent
    from app.applications.models.feedback import OutcomeReason
    from app.applications.models.reply import Reply
    from app.applications.models.topic import Topic
    from app.organisation.models import District, Neighbourhood, StaffUser, Unit
    from app.people.models import Citizen, Institution

#: The same text in every partial index: rows that somebody still has to work on.
_OPEN = text("state IN ({})".format(", ".join(f"'{s.value}'" for s in sorted(OPEN_STATES))))

#: CİMER cases whose answer does not stand at CİMER yet.
_TO_ENTER = text("channel = 'cimer' AND external_answered_at IS NULL")

#: Cases whose applicant was told how far they are and waits for the result (3071 m.7).
_PROMISED = text("progress_told_at IS NOT NULL AND answered_at IS NULL")

#: What the row scope asks of every part of a case; few cases are, and a plan that looks for them all
#: must not read the whole table. In the words of PostgreSQL and of SQLite.
_RESTRICTED = (text("is_restricted IS true"), text("is_restricted IS 1"))


def _open_index(name: str, *columns: str) -> Index:
    return Index(name, *columns, postgresql_where=_OPEN, sqlite_where=_OPEN)


@folded("number", "external_ref", "subject", "body", "street", "place_note")
class Application(Stamped, Model):
    """One citizen's application: what is wanted, where, by when, and how it ended."""

    __tablename__ = "applications_application"
    __table_args__ = (
        CheckConstraint("answered_at IS NULL OR answered_at >= received_at", name="answer_after"),
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name="latitude_range"),
        CheckConstraint(
            "longitude IS NULL OR longitude BETWEEN -180 AND 180", name="longitude_range"
        ),
        # CİMER hides who applied: nothing that names or reaches a person may stand beside that.
        CheckConstraint(
            "NOT identity_hidden OR (citizen_id IS NULL AND contact_phone = ''"
            " AND contact_email = '' AND on_behalf_of = '')",
            name="hidden_identity",
        ),
        Index("ix_applications_application_received", "received_at", "id"),
        Index("ix_applications_application_answered", "answered_at"),
        Index("ix_applications_application_number", "number", unique=True),
        Index("ix_applications_application_tracking", "tracking_code"),
        Index(
            "ix_applications_application_external", "external_source", "external_ref", unique=True
        ),
        Index("ix_applications_application_citizen", "citizen_id", "received_at"),
        # From the cases of a unit to their people, without reading the cases.
        Index("ix_applications_application_applicant", "id", "citizen_id"),
        Index("ix_applications_application_topic", "topic_id", "received_at"),
        Index(
            "ix_applications_application_place", "district_id", "neighbourhood_id", "received_at"
        ),
        # With what the row scope asks, so that open cases are counted without reading them.
        Index(
            "ix_applications_application_state",
            "state",
            "received_at",
            "id",
            postgresql_include=["is_restricted", "is_extended"],
        ),
        Index("ix_applications_application_unit", "lead_unit_id", "state", "due_on", "id"),
        Index("ix_applications_application_channel", "channel", "received_at"),
        _open_index("ix_applications_application_open_due", "due_on", "id"),
        _open_index("ix_applications_application_open_unit_due", "lead_unit_id", "due_on", "id"),
        _open_index("ix_applications_application_open_goal", "goal_on", "id"),
        Index(
            "ix_applications_application_promised",
            "progress_told_at",
            "id",
            postgresql_where=_PROMISED,
            sqlite_where=_PROMISED,
        ),
        Index(
            "ix_applications_application_to_enter",
            "due_on",
            "id",
            postgresql_where=_TO_ENTER,
            sqlite_where=_TO_ENTER,
        ),
        Index(
            "ix_applications_application_restricted",
            "id",
            postgresql_where=_RESTRICTED[0],
            sqlite_where=_RESTRICTED[1],
        ),
        Index(
            "ix_applications_application_search",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    number: Mapped[str] = mapped_column(String(16), comment="2026-0000123, gapless per year")
    tracking_code: Mapped[str] = mapped_column(String(12), comment="Random, told to the citizen")
    channel: Mapped[Channel] = mapped_column(code_type(Channel), comment="By which way it came")
    kind: Mapped[Kind] = mapped_column(code_type(Kind), comment="What it is in law")
    topic_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_topic.id"), comment="Topic"
    )
    subject: Mapped[str] = mapped_column(label_type(), comment="Summary in one line")
    body: Mapped[str] = mapped_column(Text, default="", comment="What the citizen told")
    priority: Mapped[Priority] = mapped_column(
        code_type(Priority), default=Priority.NORMAL, comment="How soon the work is to be done"
    )
    state: Mapped[State] = mapped_column(
        code_type(State), default=State.REGISTERED, comment="State"
    )
    outcome: Mapped[Outcome | None] = mapped_column(code_type(Outcome), comment="What came of it")
    inadmissible_reason: Mapped[InadmissibleReason | None] = mapped_column(
        code_type(InadmissibleReason), comment="3071 m.6"
    )
    outcome_reason_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_outcome_reason.id"), index=True, comment="Why it came to that"
    )
    closing_note: Mapped[str] = mapped_column(Text, default="", comment="Reason of the last end")
    #: The parts of a petition, null while nobody has looked for them. Source: 3071 m.4.
    has_name: Mapped[bool | None] = mapped_column(Boolean, comment="Petition names the applicant")
    has_signature: Mapped[bool | None] = mapped_column(Boolean, comment="Petition is signed")
    has_address: Mapped[bool | None] = mapped_column(Boolean, comment="Petition gives an address")

    citizen_id: Mapped[int | None] = mapped_column(
        ForeignKey("people_citizen.id"), comment="Applicant; null: anonymous or hidden"
    )
    is_anonymous: Mapped[bool] = mapped_column(Boolean, default=False, comment="No applicant given")
    on_behalf_of: Mapped[str] = mapped_column(
        String(160), default="", comment="For whom, if asked for another"
    )
    #: CİMER hides the applicant of a tip-off: identity is never asked for and never shown.
    identity_hidden: Mapped[bool] = mapped_column(Boolean, default=False, comment="Hidden by CİMER")
    is_restricted: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Only for those who may see CİMER items"
    )
    contact_phone: Mapped[str] = mapped_column(
        String(20), default="", comment="For this case, E.164"
    )
    contact_email: Mapped[str] = mapped_column(String(320), default="", comment="For this case")
    wants_notice: Mapped[str] = mapped_column(
        String(10), default="sms", comment="sms, email, call, none"
    )

    district_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_district.id"), comment="District of the place"
    )
    neighbourhood_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_neighbourhood.id"),
        index=True,
        comment="Neighbourhood of the place",
    )
    street: Mapped[str] = mapped_column(label_type(), default="", comment="Street")
    place_note: Mapped[str] = mapped_column(
        String(300), default="", comment="Door number or directions"
    )
    latitude: Mapped[float | None] = mapped_column(Float, comment="WGS 84")
    longitude: Mapped[float | None] = mapped_column(Float, comment="WGS 84")

    received_at: Mapped[dt.datetime] = mapped_column(
        Instant, default=clock.now, comment="Reached us at"
    )
    received_on: Mapped[dt.date] = mapped_column(Date, comment="Day 0 of the clock")
    external_source: Mapped[str | None] = mapped_column(String(40), comment="cimer, nyc311 …")
    external_ref: Mapped[str | None] = mapped_column(String(60), comment="Number at the source")
    external_received_at: Mapped[dt.datetime | None] = mapped_column(
        Instant, comment="Date at the source"
    )

    external_state: Mapped[str] = mapped_column(
        String(60), default="", server_default="", comment="State in the words of the source"
    )
    external_until_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Time given by the source until; moves the internal goal only"
    )
    external_answered_at: Mapped[dt.datetime | None] = mapped_column(
        Instant, comment="Answer of this cycle entered at the source at"
    )
    resend_count: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", comment="How often the source sent it again"
    )

    rule_key: Mapped[str | None] = mapped_column(String(60), comment="Legal period")
    rule_version: Mapped[int | None] = mapped_column(Integer, comment="Version of the period")
    due_on: Mapped[dt.date | None] = mapped_column(Date, comment="Last legal day")
    due_trail: Mapped[dict[str, Any] | None] = mapped_column(
        Document, comment="Day by day, as computed"
    )
    goal_on: Mapped[dt.date | None] = mapped_column(Date, comment="Internal goal")
    is_extended: Mapped[bool] = mapped_column(Boolean, default=False, comment="Period extended")
    extension_reason: Mapped[str] = mapped_column(String(300), default="", comment="Why extended")
    answered_at: Mapped[dt.datetime | None] = mapped_column(
        Instant, comment="Legal clock stopped at"
    )
    closed_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Closed at")
    progress_told_at: Mapped[dt.datetime | None] = mapped_column(
        Instant, comment="Last told how far it is, in this cycle (3071 m.7)"
    )
    #: Written when the clock stops, so that lists and charts need no date arithmetic.
    on_time: Mapped[bool | None] = mapped_column(Boolean, comment="Answered within its legal time")
    cycle: Mapped[int] = mapped_column(Integer, default=1, comment="Counts up with each reopening")

    lead_unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), comment="Lead unit of the current cycle"
    )
    owner_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Officer of the directorate who follows it"
    )
    registered_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who registered it"
    )
    institution_id: Mapped[int | None] = mapped_column(
        ForeignKey("people_institution.id"), index=True, comment="Institution it was passed to"
    )
    master_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_application.id"), index=True, comment="Case it was merged into"
    )
    import_batch_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_import_batch.id"), index=True, comment="Import that made it"
    )
    request_key: Mapped[str | None] = mapped_column(
        String(60), unique=True, comment="Key of the form or request: a double submit makes one row"
    )
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False, comment="Demo record")
    search_text: Mapped[str] = mapped_column(Text, default="", comment="Folded, for search")

    topic: Mapped[Topic | None] = relationship("Topic")
    citizen: Mapped[Citizen | None] = relationship("Citizen")
    district: Mapped[District | None] = relationship("District")
    neighbourhood: Mapped[Neighbourhood | None] = relationship("Neighbourhood")
    lead_unit: Mapped[Unit | None] = relationship("Unit", foreign_keys=[lead_unit_id])
    owner: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[owner_id])
    registered_by: Mapped[StaffUser | None] = relationship(
        "StaffUser", foreign_keys=[registered_by_id]
    )
    institution: Mapped[Institution | None] = relationship("Institution")
    outcome_reason: Mapped[OutcomeReason | None] = relationship("OutcomeReason")
    master: Mapped[Application | None] = relationship("Application", remote_side="Application.id")
    assignments: Mapped[list[Assignment]] = relationship(
        "Assignment", back_populates="application", order_by="Assignment.id"
    )
    events: Mapped[list[ApplicationEvent]] = relationship(
        "ApplicationEvent",
        back_populates="application",
        order_by="(ApplicationEvent.at.desc(), ApplicationEvent.id.desc())",
    )
    replies: Mapped[list[Reply]] = relationship(
        "Reply", back_populates="application", order_by="Reply.id.desc()"
    )

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"


class Assignment(Stamped, Model):
    """An application sent to one unit (havale), with the unit's own clock and answer."""

    __tablename__ = "applications_assignment"
    __table_args__ = (
        # The row scope of units reads this index alone.
        Index("ix_applications_assignment_unit", "unit_id", "application_id", "state"),
        Index("ix_applications_assignment_unit_state", "unit_id", "state", "due_on", "id"),
        # The list of everything that was sent: its newest, and how many are open.
        Index("ix_applications_assignment_sent", "sent_at", "id"),
        Index("ix_applications_assignment_state", "state", "sent_at", "id"),
        Index(
            "uq_applications_assignment_lead",
            "application_id",
            "cycle",
            unique=True,
            postgresql_where=text("role = 'lead' AND state NOT IN ('returned', 'cancelled')"),
            sqlite_where=text("role = 'lead' AND state NOT IN ('returned', 'cancelled')"),
        ),
    )

    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications_application.id"), index=True, comment="Application"
    )
    unit_id: Mapped[int] = mapped_column(ForeignKey("organisation_unit.id"), comment="Unit")
    role: Mapped[AssignmentRole] = mapped_column(
        code_type(AssignmentRole), default=AssignmentRole.LEAD, comment="What is asked of the unit"
    )
    cycle: Mapped[int] = mapped_column(Integer, default=1, comment="Cycle of the application")
    state: Mapped[AssignmentState] = mapped_column(
        code_type(AssignmentState), default=AssignmentState.SENT, comment="State"
    )
    responsible_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Person at the unit"
    )
    note: Mapped[str] = mapped_column(Text, default="", comment="What is asked")
    sent_at: Mapped[dt.datetime] = mapped_column(Instant, default=clock.now, comment="Sent at")
    accepted_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Accepted at")
    due_on: Mapped[dt.date | None] = mapped_column(Date, comment="Day the unit should answer by")
    answered_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Answered at")
    returned_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Sent back at")
    return_reason: Mapped[str] = mapped_column(String(300), default="", comment="Why sent back")
    answer_text: Mapped[str] = mapped_column(
        Text, default="", comment="What the unit found and did"
    )
    reminders: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0", comment="Reminders (tekit) sent to the unit"
    )
    reminded_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Last reminder")
    outcome: Mapped[Outcome | None] = mapped_column(
        code_type(Outcome), comment="What the unit reports"
    )
    outcome_reason_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_outcome_reason.id"), comment="Why, as the unit reports it"
    )

    application: Mapped[Application] = relationship("Application", back_populates="assignments")
    unit: Mapped[Unit] = relationship("Unit")
    outcome_reason: Mapped[OutcomeReason | None] = relationship("OutcomeReason")
    responsible: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[responsible_id])

    def __str__(self) -> str:
        return f"#{self.id}"
