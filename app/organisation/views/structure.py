"""Screens of the organisation room: units, staff, liaisons, districts, neighbourhoods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import selectinload
from wtforms import PasswordField, SelectField, SelectMultipleField
from wtforms.validators import Optional

from app.core.rules import N_
from app.core.views import BackOfficeView, Choice, Flag, Interface, Pick, Words, formats
from app.core.views.page import Cell
from app.organisation import rules, services
from app.organisation.models import District, Neighbourhood, StaffUser, Unit, UnitLiaison


class UnitView(BackOfficeView):
    """The tree of units, affiliates included."""

    datamodel = Interface(Unit)
    route_base = "/units"
    class_permission_name = "Unit"
    label = _l("Unit")
    label_plural = _l("Units")
    can_delete = True
    list_columns = ["name", "short_name", "kind", "parent", "manager", "active"]
    order_columns = ["name", "path"]
    base_order = ("path", "asc")
    add_fieldsets = [
        (_l("Unit"), {"fields": ["code", "kind", "name", "short_name", "parent", "active"]}),
        (
            _l("People and ways to reach it"),
            {"fields": ["manager", "phone", "email", "detsis_no", "internal_days"]},
        ),
    ]
    show_fieldsets = add_fieldsets
    label_columns = {
        "code": _l("Code"),
        "name": _l("Name"),
        "short_name": _l("Short name"),
        "kind": _l("Kind of unit"),
        "parent": _l("Unit above"),
        "manager": _l("Unit manager"),
        "phone": _l("Telephone"),
        "email": _l("E-mail"),
        "detsis_no": _l("DETSİS number"),
        "internal_days": _l("Internal days"),
        "active": _l("In use"),
    }
    description_columns = {
        "code": _l("Capital letters without Turkish signs; it never changes."),
        "short_name": _l("Stands in lists, where space is short."),
        "manager": _l("Is reminded when the unit’s time runs out."),
        "internal_days": _l(
            "Working days the unit gives itself to answer; empty: the general setting."
        ),
        "detsis_no": _l("Eight digits; stands in the number of official letters."),
    }
    wide = frozenset({"name"})
    codes = {"kind": rules.UNIT_KIND_LABELS}
    lookups = {"parent": "unit", "manager": "staff"}
    formats = {
        "phone": formats.phone,
        "name": lambda value, record: Cell(
            "text", "\u2003" * max(record.path.count("/") - 2, 0) + value
        ),
    }
    search = Words("q", _l("Search units"), columns=(Unit.search_text,))
    filters = (
        Choice("kind", _l("Kind of unit"), Unit.kind, labels=rules.UNIT_KIND_LABELS),
        Pick("parent", _l("Unit above"), Unit.parent_id, source="unit"),
        Flag("active", _l("In use"), Unit.active),
    )
    form_rule = staticmethod(rules.unit_violations)

    def save_new(self, item: Unit, values: Mapping[str, Any]) -> Unit:
        """The service finds the unit's place in the tree."""
        self.session.add(item)
        return services.settle_unit(self.session, unit=item)

    def save_changed(self, item: Unit, values: Mapping[str, Any]) -> Unit:
        """A moved unit takes everything below it along."""
        return services.settle_unit(self.session, unit=item)


class UnitLiaisonView(BackOfficeView):
    """Who answers for a unit towards the directorate."""

    datamodel = Interface(UnitLiaison)
    route_base = "/unit-liaisons"
    class_permission_name = "UnitLiaison"
    label = _l("Unit liaison")
    label_plural = _l("Unit liaisons")
    can_delete = True
    list_columns = ["unit", "user", "role", "phone", "active"]
    base_order = ("id", "asc")
    add_fieldsets = [(_l("Unit liaison"), {"fields": ["unit", "user", "role", "phone", "active"]})]
    show_fieldsets = add_fieldsets
    label_columns = {
        "unit": _l("Unit"),
        "user": _l("Person"),
        "role": _l("Role"),
        "phone": _l("Telephone at work"),
        "active": _l("In use"),
    }
    description_columns = {"role": _l("The main liaison is reminded first; the deputy stands in.")}
    codes = {"role": rules.LIAISON_ROLE_LABELS}
    lookups = {"unit": "unit", "user": "staff"}
    formats = {"phone": formats.phone}
    filters = (
        Pick("unit", _l("Unit"), UnitLiaison.unit_id, source="unit"),
        Choice("role", _l("Role"), UnitLiaison.role, labels=rules.LIAISON_ROLE_LABELS),
        Flag("active", _l("In use"), UnitLiaison.active),
    )


def role_cell(value: Any, record: StaffUser) -> Cell:
    """The roles of a person, in words."""
    labels = [formats.translated(rules.ROLE_LABELS.get(name, name)) for name in record.role_names]
    return Cell("text", ", ".join(labels)) if labels else formats.EMPTY


class StaffUserView(BackOfficeView):
    """The accounts of those who sign in."""

    datamodel = Interface(StaffUser)
    route_base = "/staff"
    class_permission_name = "StaffUser"
    label = _l("User")
    label_plural = _l("Users")
    list_columns = ["name", "username", "title", "unit", "role_names", "last_login", "active"]
    order_columns = ["username", "last_login"]
    base_order = ("username", "asc")
    add_fieldsets = [
        (_l("Person"), {"fields": ["first_name", "last_name", "title", "unit", "phone", "email"]}),
        (_l("Account"), {"fields": ["username", "new_password", "role_names", "language"]}),
    ]
    edit_fieldsets = [
        (_l("Person"), {"fields": ["first_name", "last_name", "title", "unit", "phone", "email"]}),
        (_l("Account"), {"fields": ["username", "new_password", "role_names", "active"]}),
    ]
    show_fieldsets = [
        (_l("Person"), {"fields": ["first_name", "last_name", "title", "unit", "phone", "email"]}),
        (
            _l("Account"),
            {
                "fields": [
                    "username",
                    "role_names",
                    "active",
                    "last_login",
                    "login_count",
                    "locked_until",
                ]
            },
        ),
    ]
    label_columns = {
        "name": _l("Name"),
        "username": _l("User name"),
        "first_name": _l("First name"),
        "last_name": _l("Last name"),
        "title": _l("Title"),
        "unit": _l("Unit"),
        "phone": _l("Telephone"),
        "email": _l("E-mail"),
        "role_names": _l("Roles"),
        "new_password": _l("New password"),
        "language": _l("Language"),
        "active": _l("In use"),
        "last_login": _l("Last sign-in"),
        "login_count": _l("Sign-ins"),
        "locked_until": _l("Locked until"),
    }
    description_columns = {
        "title": _l("Stands under a signature."),
        "new_password": _l("At least 12 characters; empty: it stays as it is."),
        "role_names": _l("What the person may do; a change ends open sessions."),
        "active": _l("A closed account keeps everything the person did."),
    }
    wide = frozenset({"role_names"})
    lookups = {"unit": "unit"}
    formats = {"phone": formats.phone, "role_names": role_cell}
    link_column = "name"
    list_options = (selectinload(StaffUser.roles),)
    show_options = (selectinload(StaffUser.roles),)
    search = Words("q", _l("Search users"), columns=(StaffUser.search_text,))
    filters = (
        Pick("unit", _l("Unit"), StaffUser.unit_id, source="unit"),
        Flag("active", _l("In use"), StaffUser.active),
    )
    form_extra = {
        "language": SelectField(_l("Language"), choices=[("tr", "Türkçe"), ("en", "English")]),
        "new_password": PasswordField(
            _l("New password"),
            [Optional()],
            description=_l("At least 12 characters; empty: it stays as it is."),
        ),
        "role_names": SelectMultipleField(
            _l("Roles"),
            choices=lambda: [(code, _(label)) for code, label in rules.ROLE_LABELS.items()],
            description=_l("What the person may do; a change ends open sessions."),
        ),
    }

    def _columns_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        kept = {k: v for k, v in values.items() if k not in {"unit", "new_password", "csrf_token"}}
        return {**kept, "unit_id": values.get("unit")}

    def save_new(self, item: StaffUser, values: Mapping[str, Any]) -> StaffUser:
        """The service hashes the password and binds the roles."""
        if item in self.session:
            self.session.expunge(item)
        password = values.get("new_password") or None
        return services.create_staff_user(
            self.session, password=password, **self._columns_of(values)
        )

    def save_changed(self, item: StaffUser, values: Mapping[str, Any]) -> StaffUser:
        """A change of roles or of the account's state ends the person's sessions."""
        if values.get("new_password"):
            services.set_password(self.session, user=item, password=values["new_password"])
        return services.change_staff_user(self.session, user=item, values=self._columns_of(values))


class DistrictView(BackOfficeView):
    """The districts of the province."""

    datamodel = Interface(District)
    route_base = "/districts"
    class_permission_name = "District"
    label = _l("District")
    label_plural = _l("Districts")
    can_delete = True
    list_columns = ["name", "postal_code", "weight", "active"]
    order_columns = ["name", "weight"]
    base_order = ("name", "asc")
    add_fieldsets = [(_l("District"), {"fields": ["name", "postal_code", "weight", "active"]})]
    show_fieldsets = add_fieldsets
    label_columns = {
        "name": _l("Name"),
        "postal_code": _l("Postal code"),
        "weight": _l("People, per mille"),
        "active": _l("In use"),
    }
    description_columns = {
        "weight": _l("Share of the province’s people; used to compare districts.")
    }
    search = Words("q", _l("Search districts"), columns=(District.search_text,))
    filters = (Flag("active", _l("In use"), District.active),)


class NeighbourhoodView(BackOfficeView):
    """The neighbourhoods; their names repeat across districts."""

    datamodel = Interface(Neighbourhood)
    route_base = "/neighbourhoods"
    class_permission_name = "Neighbourhood"
    label = _l("Neighbourhood")
    label_plural = _l("Neighbourhoods")
    can_delete = True
    list_columns = ["name", "district", "mukhtar_phone", "active"]
    order_columns = ["name"]
    base_order = ("name", "asc")
    add_fieldsets = [
        (_l("Neighbourhood"), {"fields": ["district", "name", "mukhtar_phone", "active"]})
    ]
    show_fieldsets = add_fieldsets
    label_columns = {
        "name": _l("Name"),
        "district": _l("District"),
        "mukhtar_phone": _l("Mukhtar’s telephone"),
        "active": _l("In use"),
    }
    lookups = {"district": "district"}
    formats = {"mukhtar_phone": formats.phone}
    search = Words("q", _l("Search neighbourhoods"), columns=(Neighbourhood.search_text,))
    filters = (
        Pick("district", _l("District"), Neighbourhood.district_id, source="district"),
        Flag("active", _l("In use"), Neighbourhood.active),
    )
    constraints = {
        "uq_organisation_neighbourhood": (
            "name",
            N_("This district has a neighbourhood of that name already."),
        ),
    }


# Set when all classes exist, because lists of a record name each other.
UnitView.related = (
    ("children", UnitView, "parent_id"),
    ("liaisons", UnitLiaisonView, "unit_id"),
    ("staff", StaffUserView, "unit_id"),
)
DistrictView.related = (("neighbourhoods", NeighbourhoodView, "district_id"),)
