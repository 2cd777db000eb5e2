"""Tables of the organisation room; StaffUser extends FAB's user table."""

from __future__ import annotations

import datetime as dt

from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Instant, Named, Stamped, code_type, folded, label_type
from app.organisation.rules import LiaisonRole, UnitKind


@folded("code", "name", "short_name")
class Unit(Stamped, Named, Model):
    """A place in the municipality's tree, affiliates and companies included."""

    __tablename__ = "organisation_unit"

    code: Mapped[str] = mapped_column(String(40), unique=True, comment="Stable short code")
    name: Mapped[str] = mapped_column(label_type(), comment="Official name")
    short_name: Mapped[str] = mapped_column(label_type(60), default="", comment="Name in lists")
    kind: Mapped[UnitKind] = mapped_column(code_type(UnitKind), comment="Kind of unit")
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), index=True, comment="Unit above"
    )
    #: Materialised path of ids ("/1/7/23/"): a subtree is one indexed prefix, on both databases.
    path: Mapped[str] = mapped_column(String(200), default="", index=True, comment="Place in tree")
    manager_id: Mapped[int | None] = mapped_column(
        ForeignKey("ab_user.id", use_alter=True), index=True, comment="Head of the unit"
    )
    detsis_no: Mapped[str] = mapped_column(String(8), default="", comment="DETSİS number")
    phone: Mapped[str] = mapped_column(String(20), default="", comment="Telephone, E.164")
    email: Mapped[str] = mapped_column(String(320), default="", comment="E-mail")
    internal_days: Mapped[int | None] = mapped_column(
        Integer, comment="Days the unit gives itself to answer; null: the general setting"
    )
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="In use")
    search_text: Mapped[str] = mapped_column(String(400), default="", comment="Folded, for search")

    parent: Mapped[Unit | None] = relationship("Unit", remote_side="Unit.id")
    manager: Mapped[StaffUser | None] = relationship("StaffUser", foreign_keys=[manager_id])


@folded("first_name", "last_name", "title", "username")
class StaffUser(User):
    """A person who signs in: FAB's user with unit, title and the state of the account."""

    __tablename__ = "ab_user"

    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation_unit.id"), index=True, comment="Unit the person works in"
    )
    title: Mapped[str] = mapped_column(String(120), default="", comment="Title under a signature")
    phone: Mapped[str] = mapped_column(String(20), default="", comment="Telephone, E.164")
    #: Every session and token carries this stamp; changing it ends them all at once.
    session_stamp: Mapped[str] = mapped_column(String(40), default="", comment="Session stamp")
    failed_logins: Mapped[int] = mapped_column(Integer, default=0, comment="Bad tries in a row")
    locked_until: Mapped[dt.datetime | None] = mapped_column(
        Instant, comment="Account locked until"
    )
    language: Mapped[str] = mapped_column(String(5), default="tr", comment="Language of the panel")
    theme: Mapped[str] = mapped_column(
        String(10), default="", comment="light, dark or the system's"
    )
    shortcuts: Mapped[bool] = mapped_column(Boolean, default=True, comment="Single-letter keys on")
    is_demo: Mapped[bool] = mapped_column(Boolean, default=False, comment="Fictional person")
    search_text: Mapped[str] = mapped_column(String(400), default="", comment="Folded, for search")

    unit: Mapped[Unit | None] = relationship("Unit", foreign_keys=[unit_id])

    @property
    def role_names(self) -> list[str]:
        """Codes of the roles, in alphabetical order."""
        return sorted(role.name for role in self.roles)

    @property
    def name(self) -> str:
        return str(self.get_full_name())

    def __str__(self) -> str:
        return str(self.get_full_name())


class UnitLiaison(Stamped, Model):
    """Who answers for a unit towards the directorate. Source: the directorate's duty b."""

    __tablename__ = "organisation_unit_liaison"
    __table_args__ = (UniqueConstraint("unit_id", "user_id"),)

    unit_id: Mapped[int] = mapped_column(ForeignKey("organisation_unit.id"), comment="Unit")
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), index=True, comment="Person")
    role: Mapped[LiaisonRole] = mapped_column(
        code_type(LiaisonRole), default=LiaisonRole.MAIN, comment="Main or deputy"
    )
    phone: Mapped[str] = mapped_column(String(20), default="", comment="Telephone at work, E.164")
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="In use")

    unit: Mapped[Unit] = relationship("Unit")
    user: Mapped[StaffUser] = relationship("StaffUser", foreign_keys=[user_id])

    def __str__(self) -> str:
        return f"{self.unit} · {self.user}"


class Deputyship(Stamped, Model):
    """Who takes whose place from when to when (vekâlet). Source: domain facts 9."""

    __tablename__ = "organisation_deputyship"
    __table_args__ = (
        CheckConstraint("principal_id <> deputy_id", name="not_self"),
        CheckConstraint("from_on <= to_on", name="days_in_order"),
        Index("ix_organisation_deputyship_deputy", "deputy_id", "from_on", "to_on"),
        Index("ix_organisation_deputyship_principal", "principal_id", "from_on", "to_on"),
        Index("ix_organisation_deputyship_days", "from_on", "id"),
    )

    principal_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), comment="Whose place")
    deputy_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id"), comment="Who takes it")
    from_on: Mapped[dt.date] = mapped_column(Date, comment="First day, from midnight on")
    to_on: Mapped[dt.date] = mapped_column(Date, comment="Last day, until midnight")
    reason: Mapped[str] = mapped_column(String(200), default="", comment="Annual leave, duty …")
    decision_no: Mapped[str] = mapped_column(
        String(60), default="", comment="Number of the written order (olur)"
    )
    acts: Mapped[str] = mapped_column(
        String(120), default="", comment="Codes of the acts it is limited to; empty: all"
    )
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="False: taken back")

    principal: Mapped[StaffUser] = relationship("StaffUser", foreign_keys=[principal_id])
    deputy: Mapped[StaffUser] = relationship("StaffUser", foreign_keys=[deputy_id])

    def __str__(self) -> str:
        return f"{self.principal} → {self.deputy}"


@folded("name")
class District(Stamped, Named, Model):
    """A district (ilçe) of the province."""

    __tablename__ = "organisation_district"

    name: Mapped[str] = mapped_column(label_type(80), unique=True, comment="Name")
    postal_code: Mapped[str] = mapped_column(String(5), default="", comment="Postal code")
    weight: Mapped[int] = mapped_column(
        Integer, default=0, comment="Share of the province's people, per mille"
    )
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="In use")
    search_text: Mapped[str] = mapped_column(String(200), default="", comment="Folded, for search")


@folded("name")
class Neighbourhood(Stamped, Named, Model):
    """A neighbourhood (mahalle); its name repeats across districts, so both make the key."""

    __tablename__ = "organisation_neighbourhood"
    __table_args__ = (UniqueConstraint("district_id", "name"),)

    district_id: Mapped[int] = mapped_column(
        ForeignKey("organisation_district.id"), comment="District"
    )
    name: Mapped[str] = mapped_column(label_type(120), comment="Name")
    mukhtar_phone: Mapped[str] = mapped_column(String(20), default="", comment="Mukhtar, E.164")
    active: Mapped[bool] = mapped_column(Boolean, default=True, comment="In use")
    search_text: Mapped[str] = mapped_column(String(200), default="", comment="Folded, for search")

    district: Mapped[District] = relationship("District")


__all__ = ["Deputyship", "District", "Neighbourhood", "Role", "StaffUser", "Unit", "UnitLiaison"]
