"""What operators know by heart: questions with answers to read aloud."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask_appbuilder import Model
from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Named, Stamped, folded, label_type

if TYPE_CHECKING:
    from app.applications.models import Topic
    from app.organisation.models import StaffUser, Unit


@folded("title", "questions", "answer")
class KnowledgeItem(Stamped, Named, Model):
    """A question as citizens ask it, the answer to read aloud, and who keeps it true."""

    __tablename__ = "frontdesk_knowledge_item"
    __table_args__ = (
        CheckConstraint("used_count >= 0", name="used_positive"),
        CheckConstraint("edition >= 1", name="edition_positive"),
        Index("ix_frontdesk_knowledge_item_used", "used_count", "id"),
        Index(
            "ix_frontdesk_knowledge_item_search",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )

    title: Mapped[str] = mapped_column(label_type(), index=True, comment="Question")
    questions: Mapped[str] = mapped_column(
        Text, default="", comment="Other words by which it is found"
    )
    answer: Mapped[str] = mapped_column(Text, comment="Answer to read aloud")
    topic_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_topic.id"), index=True, comment="Topic"
    )
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), index=True, comment="Unit that confirms the answer"
    )
    owner_id: Mapped[int] = mapped_column(
        ForeignKey("ab_user.id"), index=True, comment="Who keeps it true"
    )
    valid_until: Mapped[dt.date | None] = mapped_column(
        Date, index=True, comment="Last day on which it is true; null: no end"
    )
    review_on: Mapped[dt.date] = mapped_column(Date, index=True, comment="Looked at again on")
    reviewed_on: Mapped[dt.date | None] = mapped_column(Date, comment="Last looked at on")
    edition: Mapped[int] = mapped_column(
        Integer, default=1, comment="Counts up with each change of the answer"
    )
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="In use")
    used_count: Mapped[int] = mapped_column(
        Integer, default=0, comment="How often it answered a call"
    )
    search_text: Mapped[str] = mapped_column(Text, default="", comment="Folded, for search")

    topic: Mapped[Topic | None] = relationship("Topic")
    unit: Mapped[Unit | None] = relationship("Unit")
    owner: Mapped[StaffUser] = relationship("StaffUser", foreign_keys=[owner_id])

    @property
    def name(self) -> str:
        """The question, as pickers show it."""
        return self.title
