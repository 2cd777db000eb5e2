"""What the Open311 interface keeps: the questions of public services, and requests as apps sent them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_appbuilder import Model
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.open311 import DataType
from app.core.models import Document, Stamped, code_type

if TYPE_CHECKING:
    from app.applications.models.application import Application
    from app.applications.models.topic import Topic
    from app.system.models import ApiKey


class ServiceAttribute(Stamped, Model):
    """One question that apps ask for a public service, e.g. the number of a lamp.

    Source: GeoReport v2, GET Service Definition.
    """

    __tablename__ = "applications_service_attribute"
    __table_args__ = (
        UniqueConstraint("topic_id", "code"),
        UniqueConstraint("topic_id", "position"),
        CheckConstraint("position BETWEEN 1 AND 999", name="position_in_range"),
    )

    topic_id: Mapped[int] = mapped_column(
        ForeignKey("applications_topic.id"), comment="Topic whose service asks it"
    )
    code: Mapped[str] = mapped_column(String(40), comment="Name of the answer for programs")
    question: Mapped[str] = mapped_column(String(300), comment="What is asked")
    hint: Mapped[str] = mapped_column(String(200), default="", comment="Help for the answer")
    datatype: Mapped[DataType] = mapped_column(
        code_type(DataType), default=DataType.STRING, comment="Kind of answer"
    )
    is_asked: Mapped[bool] = mapped_column(
        Boolean, default=True, comment="False: it only tells something and takes no answer"
    )
    is_required: Mapped[bool] = mapped_column(Boolean, default=False, comment="Must be answered")
    position: Mapped[int] = mapped_column(Integer, default=1, comment="Order, 1 is asked first")
    choices: Mapped[str] = mapped_column(
        Text, default="", comment="Choices of a list, one a line: key = name"
    )

    topic: Mapped[Topic] = relationship("Topic")

    def __str__(self) -> str:
        return self.code


class Open311Request(Stamped, Model):
    """An application that came through Open311: by which key, for which service, what was answered.

    The number of the sender's device is not kept, because nothing here needs it (6698 m.4).
    """

    __tablename__ = "applications_open311_request"
    __table_args__ = (
        Index("ix_applications_open311_request_key", "api_key_id", "id"),
        Index("ix_applications_open311_request_digest", "api_key_id", "body_digest"),
    )
    #: Names of accounts are often addresses; links lead to pictures that people took.
    PERSONAL = ("account_id", "media_url")

    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications_application.id"), unique=True, comment="Application it became"
    )
    api_key_id: Mapped[int] = mapped_column(
        ForeignKey("system_api_key.id"), comment="Key by which it came"
    )
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("applications_topic.id"), index=True, comment="Service that was asked for"
    )
    token: Mapped[str] = mapped_column(
        String(40), unique=True, comment="Random; finds the number of the application"
    )
    body_digest: Mapped[str] = mapped_column(
        String(64), comment="Recognises the same content sent again"
    )
    account_id: Mapped[str] = mapped_column(
        String(120), default="", comment="Account of the sender in the app"
    )
    media_url: Mapped[str] = mapped_column(
        String(600), default="", comment="Link that was sent; it is never opened by the program"
    )
    answers: Mapped[list[dict[str, Any]]] = mapped_column(
        Document, default=list, comment="Questions as they were, with what was answered"
    )

    application: Mapped[Application] = relationship("Application")
    # The framework has a class of this name as well.
    api_key: Mapped[ApiKey] = relationship("app.system.models.keys.ApiKey")
    topic: Mapped[Topic] = relationship("Topic")

    def __str__(self) -> str:
        return f"#{self.id}"
