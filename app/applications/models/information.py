"""The right to information: the case beside its application, and the grounds of a refusal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.information import (
    AccessForm,
    ExtensionReason,
    InformationDecision,
)
from app.core.models import Document, Stamped, code_type, folded, label_type

if TYPE_CHECKING:
    from app.applications.models.application import Application
    from app.applications.models.published import PublishedInformation
    from app.applications.models.reply import Reply

#: Which articles a decision rests on; the text of the letter stands in `InformationCase.articles`.
case_grounds = Table(
    "applications_information_case_ground",
    Model.metadata,
    Column(
        "case_id",
        ForeignKey("applications_information_case.id", ondelete="CASCADE"),
        primary_key=True,
        comment="Information case",
    ),
    Column(
        "ground_id",
        ForeignKey("applications_refusal_ground.id"),
        primary_key=True,
        index=True,
        comment="Article",
    ),
)


class InformationCase(Stamped, Model):
    """What law 4982 adds to an application: its decision, access, cost, extension and silence."""

    __tablename__ = "applications_information_case"
    __table_args__ = (
        CheckConstraint("decided_on IS NULL OR decision IS NOT NULL", name="decided_has_decision"),
        CheckConstraint("fee_amount IS NULL OR fee_amount >= 0", name="fee_not_negative"),
        CheckConstraint(
            "fee_paid_on IS NULL OR (fee_notified_on IS NOT NULL AND fee_paid_on >= fee_notified_on)",
            name="fee_after_notice",
        ),
        CheckConstraint(
            "consent_given_on IS NULL OR (consent_asked_on IS NOT NULL AND consent_given_on >= consent_asked_on)",
            name="consent_after_notice",
        ),
        CheckConstraint("pages IS NULL OR pages >= 1", name="pages_positive"),
        Index("ix_applications_information_case_received", "received_on", "id"),
        Index("ix_applications_information_case_due", "due_on", "id"),
        Index("ix_applications_information_case_silence", "silence_on", "id"),
        Index("ix_applications_information_case_decided", "decided_on", "id"),
        Index("ix_applications_information_case_decision", "decision", "received_on"),
        Index("ix_applications_information_case_alarm", "alarm_on"),
        Index("ix_applications_information_case_pay_by", "fee_pay_by", "id"),
    )

    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications_application.id"), unique=True, comment="Application"
    )
    received_on: Mapped[dt.date] = mapped_column(Date, comment="Day of receipt, as the application")

    decision: Mapped[InformationDecision | None] = mapped_column(
        code_type(InformationDecision), comment="Drafted or taken decision"
    )
    decided_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Day the decision became final: its letter left; null: a draft"
    )
    reply_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_reply.id"), index=True, comment="Letter of the decision"
    )
    articles: Mapped[str] = mapped_column(
        String(80), default="", comment="Articles as the letter names them"
    )
    reason: Mapped[str] = mapped_column(Text, default="", comment="Why something is kept back")
    removed: Mapped[str] = mapped_column(
        Text, default="", comment="What was removed or separated, 4982 m.9"
    )
    is_separated: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Given after secret parts were removed or separated, m.9"
    )
    access_form: Mapped[AccessForm | None] = mapped_column(
        code_type(AccessForm), comment="How access is given, 4982 m.10"
    )
    pages: Mapped[int | None] = mapped_column(Integer, comment="Pages given")
    published_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_published_information.id"),
        index=True,
        comment="Published information it points to, 4982 m.8",
    )

    fee_amount: Mapped[Decimal | None] = mapped_column(
        Numeric(12, 2), comment="Cost of access in Turkish lira, 4982 m.10"
    )
    fee_notified_on: Mapped[dt.date | None] = mapped_column(Date, comment="Cost told on")
    fee_pay_by: Mapped[dt.date | None] = mapped_column(Date, comment="Last day of payment")
    fee_paid_on: Mapped[dt.date | None] = mapped_column(Date, comment="Cost paid on")
    withdrawal_proposed_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Day the house proposed to take it as given up, 4982 m.11"
    )

    extension_reason: Mapped[ExtensionReason | None] = mapped_column(
        code_type(ExtensionReason), comment="Why thirty working days, 4982 m.11"
    )
    extension_reply_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications_reply.id"), index=True, comment="Extension letter"
    )
    extension_notified_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Day the extension letter left"
    )

    consent_asked_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Person concerned was told on, 4982 m.21"
    )
    consent_given_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Person concerned consented in writing on"
    )

    due_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Last legal day, written with each count of the application"
    )
    alarm_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Working day 12: warned when nothing has left"
    )
    notice_by: Mapped[dt.date | None] = mapped_column(
        Date, comment="Last day of the extension letter, 4982 m.11"
    )
    silence_on: Mapped[dt.date | None] = mapped_column(
        Date, comment="Day on which silence turns into refusal, 2577 m.10"
    )
    silence_trail: Mapped[dict[str, Any] | None] = mapped_column(
        Document, comment="Day by day, as computed"
    )

    application: Mapped[Application] = relationship("Application")
    reply: Mapped[Reply | None] = relationship("Reply", foreign_keys=[reply_id])
    extension_reply: Mapped[Reply | None] = relationship("Reply", foreign_keys=[extension_reply_id])
    published: Mapped[PublishedInformation | None] = relationship("PublishedInformation")
    grounds: Mapped[list[RefusalGround]] = relationship(
        "RefusalGround", secondary=case_grounds, order_by="RefusalGround.position"
    )

    def __str__(self) -> str:
        return f"#{self.id}"


@folded("code", "title", "letter_text")
class RefusalGround(Stamped, Model):
    """An article on which a refusal may rest, for the days on which it is in force."""

    __tablename__ = "applications_refusal_ground"
    __table_args__ = (
        UniqueConstraint("law", "code", "valid_from"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_in_order"),
        Index("ix_applications_refusal_ground_position", "position", "id"),
    )

    code: Mapped[str] = mapped_column(String(12), comment="Short name, e.g. m.21")
    law: Mapped[str] = mapped_column(String(20), comment="Number of the law")
    article: Mapped[str] = mapped_column(String(12), comment="Number of the article")
    title: Mapped[str] = mapped_column(label_type(), comment="Title of the article")
    letter_text: Mapped[str] = mapped_column(Text, comment="Sentence that the letter prints")
    position: Mapped[int] = mapped_column(Integer, default=0, comment="Order in forms and tables")
    valid_from: Mapped[dt.date] = mapped_column(Date, comment="First day in force")
    valid_to: Mapped[dt.date | None] = mapped_column(Date, comment="Last day in force")
    search_text: Mapped[str] = mapped_column(Text, default="", comment="Folded, for search")

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
