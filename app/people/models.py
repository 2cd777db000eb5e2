"""Tables of the people room. Identity columns are personal data: masked unless revealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_appbuilder import Model
from sqlalchemy import Boolean, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Named, Stamped, code_type, folded, label_type
from app.people.rules import CitizenKind, ContactPreference, InstitutionKind

if TYPE_CHECKING:
    from app.organisation.models import District, Neighbourhood


@folded("first_name", "last_name", "title")
class Citizen(Stamped, Model):
    """Somebody who applies: a person, a legal entity, a foreigner or a mukhtar.

    The national id is kept only where it is needed (6698 m.4) and never asked for by default.
    """

    __tablename__ = "people_citizen"
    __table_args__ = (
        Index("ix_people_citizen_name", "last_name", "first_name", "id"),
        # The operator class serves a number typed in part as well; on SQLite it says nothing.
        Index("ix_people_citizen_phone", "phone", postgresql_ops={"phone": "varchar_pattern_ops"}),
        Index(
            "ix_people_citizen_phone2",
            "phone2",
            postgresql_ops={"phone2": "varchar_pattern_ops"},
            postgresql_where=text("phone2 <> ''"),
            sqlite_where=text("phone2 <> ''"),
        ),
        Index(
            "ix_people_citizen_search",
            "search_text",
            postgresql_using="gin",
            postgresql_ops={"search_text": "gin_trgm_ops"},
        ),
    )
    #: Fields shown masked unless the actor has revealed this record.
    PERSONAL = ("first_name", "last_name", "national_id", "phone", "phone2", "email", "address")

    kind: Mapped[CitizenKind] = mapped_column(
        code_type(CitizenKind), default=CitizenKind.PERSON, comment="Kind of applicant"
    )
    first_name: Mapped[str] = mapped_column(label_type(80), default="", comment="First name")
    last_name: Mapped[str] = mapped_column(label_type(80), default="", comment="Last name")
    title: Mapped[str] = mapped_column(label_type(), default="", comment="Title of a legal entity")
    national_id: Mapped[str | None] = mapped_column(String(11), unique=True, comment="TCKN or YKN")
    tax_no: Mapped[str] = mapped_column(String(10), default="", comment="VKN of a legal entity")
    phone: Mapped[str] = mapped_column(String(20), default="", comment="E.164")
    phone2: Mapped[str] = mapped_column(String(20), default="", comment="Second number, E.164")
    email: Mapped[str] = mapped_column(String(320), default="", index=True, comment="E-mail")
    district_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_district.id"), index=True, comment="District of residence"
    )
    neighbourhood_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_neighbourhood.id"),
        index=True,
        comment="Neighbourhood of residence",
    )
    address: Mapped[str] = mapped_column(String(300), default="", comment="Home or work address")
    contact_preference: Mapped[ContactPreference] = mapped_column(
        code_type(ContactPreference),
        default=ContactPreference.SMS,
        comment="How to reach the person",
    )
    no_surveys: Mapped[bool] = mapped_column(
        Boolean, default=False, comment="Does not want to be asked about satisfaction"
    )
    note: Mapped[str] = mapped_column(Text, default="", comment="What a colleague should know")
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False, comment="Fictional person")
    search_text: Mapped[str] = mapped_column(String(400), default="", comment="Folded, for search")

    district: Mapped[District | None] = relationship("District")
    neighbourhood: Mapped[Neighbourhood | None] = relationship("Neighbourhood")

    @property
    def full_name(self) -> str:
        """Name as written in lists: `Ayşe Yıldırım`, or the title of a legal entity."""
        return self.title or f"{self.first_name} {self.last_name}".strip()

    def __str__(self) -> str:
        return self.full_name


@folded("name", "short_name")
class Institution(Stamped, Named, Model):
    """Another administration that an application may be passed to. Source: 3071 m.5."""

    __tablename__ = "people_institution"

    name: Mapped[str] = mapped_column(label_type(), unique=True, comment="Official name")
    short_name: Mapped[str] = mapped_column(label_type(60), default="", comment="Name in lists")
    kind: Mapped[InstitutionKind] = mapped_column(code_type(InstitutionKind), comment="Kind")
    #: How a letter addresses it: in capitals with the dative, "ÇORLU BELEDİYE BAŞKANLIĞINA".
    salutation: Mapped[str] = mapped_column(
        String(200), default="", comment="Address line of a letter"
    )
    phone: Mapped[str] = mapped_column(String(20), default="", comment="E.164 or short number")
    email: Mapped[str] = mapped_column(String(320), default="", comment="E-mail")
    kep: Mapped[str] = mapped_column(String(320), default="", comment="Registered e-mail (KEP)")
    district_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_district.id"), index=True, comment="District, if it serves one"
    )
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="In use")
    search_text: Mapped[str] = mapped_column(String(400), default="", comment="Folded, for search")

    district: Mapped[District | None] = relationship("District")
