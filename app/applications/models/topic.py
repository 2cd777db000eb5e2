"""What applications are about, and whose task it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_appbuilder import Model
from sqlalchemy import Boolean, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.applications.rules.vocabulary import Competence, Priority
from app.core.models import Stamped, code_type, folded, label_type

if TYPE_CHECKING:
    from app.organisation.models import Unit
    from app.people.models import Institution


@folded("code", "name", "synonyms")
class Topic(Stamped, Model):
    """A subject of applications with its owner. Source: 5216 m.7; domain facts 11.5."""

    __tablename__ = "applications_topic"

    code: Mapped[str] = mapped_column(String(12), unique=True, comment="Code, e.g. SU-02")
    name: Mapped[str] = mapped_column(label_type(), comment="Name")
    group: Mapped[str] = mapped_column(
        label_type(60), default="", index=True, comment="Group, e.g. SU"
    )
    synonyms: Mapped[str] = mapped_column(Text, default="", comment="Other words people use")
    competence: Mapped[Competence] = mapped_column(
        code_type(Competence), default=Competence.BB, comment="Whose task it is"
    )
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), index=True, comment="Unit proposed at intake"
    )
    institution_id: Mapped[int | None] = mapped_column(
        ForeignKey("people_institution.id"), index=True, comment="Institution it is passed to"
    )
    internal_days: Mapped[int | None] = mapped_column(
        Integer, comment="Days the house gives itself; null: the unit's or the general setting"
    )
    priority: Mapped[Priority] = mapped_column(
        code_type(Priority), default=Priority.NORMAL, comment="Proposed priority"
    )
    advice: Mapped[str] = mapped_column(Text, default="", comment="What to tell the caller at once")
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="In use")
    #: What apps of citizens are offered through Open311, in the citizen's words.
    is_public_service: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Offered to apps, and its requests are public"
    )
    public_name: Mapped[str] = mapped_column(
        label_type(120), default="", comment="Name of the service in apps"
    )
    public_description: Mapped[str] = mapped_column(
        String(600), default="", comment="What the service is for, in apps"
    )
    public_keywords: Mapped[str] = mapped_column(
        String(300), default="", comment="Words that find the service, with commas"
    )
    public_group: Mapped[str] = mapped_column(
        label_type(60), default="", comment="Heading of the service in apps"
    )
    public_notice: Mapped[str] = mapped_column(
        String(300), default="", comment="What happens with a request, told in apps"
    )
    search_text: Mapped[str] = mapped_column(String(600), default="", comment="Folded, for search")

    unit: Mapped[Unit | None] = relationship("Unit")
    institution: Mapped[Institution | None] = relationship("Institution")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
