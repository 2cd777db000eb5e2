"""Calls, one row each, and the files of the switch that brought them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    func,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core import clock
from app.core.models import Document, Instant, Named, Stamped, code_type, folded, label_type
from app.core.text import fold
from app.frontdesk.rules.calls import CallDirection, CallPhase, CallResult, CallSource

if TYPE_CHECKING:
    from app.applications.models import Application
    from app.frontdesk.models.knowledge import KnowledgeItem
    from app.organisation.models import StaffUser
    from app.people.models import Citizen

#: Calls that somebody is on, or has not finished: few rows among a million.
_LIVE = text("phase <> 'closed'")
#: Nobody answered: an operator's own ones are hardly any.
_LOST = text("result = 'abandoned'")


@folded("note", "transferred_to")
class Call(Stamped, Model):
    """One telephone call: who rang, how long it waited and lasted, what came of it."""

    __tablename__ = "frontdesk_call"
    __table_args__ = (
        CheckConstraint("answered_at IS NULL OR answered_at >= started_at", name="answer_after"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="end_after"),
        CheckConstraint(
            "wait_seconds >= 0 AND talk_seconds >= 0 AND hold_seconds >= 0 AND wrap_seconds >= 0",
            name="seconds_positive",
        ),
        CheckConstraint(
            "result IS NULL OR result NOT IN ('abandoned', 'busy') OR answered_at IS NULL",
            name="unanswered",
        ),
        Index("ix_frontdesk_call_started", "started_at", "id"),
        Index("ix_frontdesk_call_operator", "operator_id", "started_at", "id"),
        Index("ix_frontdesk_call_number", "number", "started_at"),
        Index("ix_frontdesk_call_result", "result", "started_at", "id"),
        Index("ix_frontdesk_call_talk", "talk_seconds", "id"),
        Index("ix_frontdesk_call_wait", "wait_seconds", "id"),
        Index(
            "ix_frontdesk_call_live",
            "operator_id",
            "started_at",
            postgresql_where=_LIVE,
            sqlite_where=_LIVE,
        ),
        Index("ix_frontdesk_call_lost", "operator_id", postgresql_where=_LOST, sqlite_where=_LOST),
        Index(
            "ix_frontdesk_call_recording",
            "started_at",
            postgresql_where=text("recording_ref <> ''"),
            sqlite_where=text("recording_ref <> ''"),
        ),
        Index(
            "ix_frontdesk_call_search",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )
    #: Fields shown masked unless the actor has revealed this record.
    PERSONAL = ("number",)

    switch_id: Mapped[str | None] = mapped_column(
        String(80), unique=True, comment="Id at the switch; null: entered by hand"
    )
    direction: Mapped[CallDirection] = mapped_column(
        code_type(CallDirection), default=CallDirection.IN, comment="Who rang whom"
    )
    source: Mapped[CallSource] = mapped_column(
        code_type(CallSource), default=CallSource.MANUAL, comment="How the record came to be"
    )
    phase: Mapped[CallPhase] = mapped_column(
        code_type(CallPhase), default=CallPhase.CLOSED, comment="Where the call is now"
    )
    result: Mapped[CallResult | None] = mapped_column(
        code_type(CallResult), comment="What came of it; null: not said yet"
    )
    number: Mapped[str] = mapped_column(
        String(20), default="", comment="The other number, E.164; empty: withheld"
    )
    citizen_id: Mapped[int | None] = mapped_column(
        ForeignKey("people_citizen.id"), index=True, comment="Who it was, if known"
    )
    operator_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id"), comment="Operator; null: nobody took it"
    )
    extension: Mapped[str] = mapped_column(
        String(20), default="", comment="Extension at the switch"
    )
    queue: Mapped[str] = mapped_column(String(40), default="", comment="Queue or line, e.g. 153")
    started_at: Mapped[dt.datetime] = mapped_column(Instant, default=clock.now, comment="Rang at")
    answered_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Answered at")
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Hung up at")
    closed_at: Mapped[dt.datetime | None] = mapped_column(
        Instant, comment="After-call work ended at"
    )
    #: Whoever is recorded is told before. Source: 6698 m.10.
    notice_at: Mapped[dt.datetime | None] = mapped_column(
        Instant, comment="Privacy notice read out at"
    )
    wait_seconds: Mapped[int] = mapped_column(Integer, default=0, comment="Seconds in the queue")
    talk_seconds: Mapped[int] = mapped_column(Integer, default=0, comment="Seconds of talk")
    hold_seconds: Mapped[int] = mapped_column(Integer, default=0, comment="Seconds on hold")
    wrap_seconds: Mapped[int] = mapped_column(
        Integer, default=0, comment="Seconds of after-call work"
    )
    transferred_to: Mapped[str] = mapped_column(
        String(120), default="", comment="To whom it was transferred"
    )
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_application.id"), index=True, comment="Application it was about"
    )
    knowledge_id: Mapped[int | None] = mapped_column(
        ForeignKey("frontdesk_knowledge_item.id"), index=True, comment="Item that answered it"
    )
    first_contact: Mapped[bool | None] = mapped_column(
        Boolean, comment="Settled in this call; null: not known"
    )
    #: Cut when its time has passed, see the setting call_recording_days.
    recording_ref: Mapped[str] = mapped_column(
        String(200), default="", comment="Where the switch keeps the recording"
    )
    note: Mapped[str] = mapped_column(Text, default="", comment="What the operator noted")
    events: Mapped[list[Any] | None] = mapped_column(
        Document, comment="What the switch told of a live call, event by event"
    )
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("frontdesk_call_import.id"), index=True, comment="File that brought it"
    )
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False, comment="Fictional call")
    search_text: Mapped[str] = mapped_column(Text, default="", comment="Folded, for search")

    citizen: Mapped[Citizen | None] = relationship("Citizen")
    operator: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[operator_id])
    application: Mapped[Application | None] = relationship("Application")
    knowledge: Mapped[KnowledgeItem | None] = relationship("KnowledgeItem")

    @property
    def is_answered(self) -> bool:
        """Whether somebody spoke to the caller."""
        return self.answered_at is not None

    def __str__(self) -> str:
        return f"#{self.id}"


class CallMapping(Stamped, Named, Model):
    """Which column of a switch’s file becomes which field of a call, saved by name."""

    __tablename__ = "frontdesk_call_mapping"

    name: Mapped[str] = mapped_column(label_type(80), unique=True, comment="Name, e.g. santral")
    description: Mapped[str] = mapped_column(String(300), default="", comment="What file it is for")
    document: Mapped[dict[str, Any]] = mapped_column(Document, default=dict, comment="The mapping")
    is_shipped: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Came with the program"
    )


class CallImport(Stamped, Model):
    """One run of one file of a switch through one mapping."""

    __tablename__ = "frontdesk_call_import"

    mapping_id: Mapped[int | None] = mapped_column(
        ForeignKey("frontdesk_call_mapping.id"), index=True, comment="Mapping"
    )
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("system_job.id"), index=True, comment="Job that does it"
    )
    file_name: Mapped[str] = mapped_column(label_type(), index=True, comment="Name of the file")
    file_sha256: Mapped[str] = mapped_column(String(64), default="", comment="Digest of the file")
    document: Mapped[dict[str, Any]] = mapped_column(
        Document, default=dict, comment="The mapping as it was used, and the headings"
    )
    state: Mapped[str] = mapped_column(
        String(20), default="draft", index=True, comment="draft, waiting, running, done, failed"
    )
    total_rows: Mapped[int] = mapped_column(Integer, default=0, comment="Rows read")
    created_rows: Mapped[int] = mapped_column(Integer, default=0, comment="Rows taken over")
    known_rows: Mapped[int] = mapped_column(
        Integer, default=0, comment="Rows that were here already"
    )
    rejected_rows: Mapped[int] = mapped_column(Integer, default=0, comment="Rows refused")
    #: Field and sentence → how many rows; the rows themselves stay in the file.
    reasons: Mapped[list[Any]] = mapped_column(
        Document, default=list, comment="Why rows were refused, with their numbers"
    )
    error: Mapped[str] = mapped_column(Text, default="", comment="Why the whole file was refused")
    finished_at: Mapped[dt.datetime | None] = mapped_column(Instant, comment="Ended at")

    mapping: Mapped[CallMapping | None] = relationship("CallMapping")

    @hybrid_property
    def search_text(self) -> str:
        """What the search box of the list looks into: the name of the file."""
        return fold(self.file_name)

    @search_text.inplace.expression
    @classmethod
    def _search_text(cls) -> ColumnElement[str]:
        return func.lower(cls.file_name)

    def __str__(self) -> str:
        return self.file_name
