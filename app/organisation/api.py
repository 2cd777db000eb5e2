"""REST resources of the organisation room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.api import BackOfficeApi
from app.core.views import Interface
from app.organisation import rules, services
from app.organisation.models import (
    Deputyship,
    District,
    Neighbourhood,
    StaffUser,
    Unit,
    UnitLiaison,
)


def create_unit(session: Any, *, values: Mapping[str, Any]) -> Unit:
    """The service finds the unit's place in the tree."""
    return services.create_unit(session, **values)


def change_unit(session: Any, *, item: Unit, values: Mapping[str, Any]) -> Unit:
    """A moved unit takes everything below it along."""
    for name, value in values.items():
        setattr(item, name, value)
    return services.settle_unit(session, unit=item)


class UnitApi(BackOfficeApi):
    """/api/v1/unit/"""

    datamodel = Interface(Unit)
    resource_name = "unit"
    class_permission_name = "Unit"
    list_columns = ["id", "code", "name", "short_name", "kind", "parent_id", "active", "version"]
    show_columns = [*list_columns, "phone", "email", "detsis_no", "internal_days", "manager_id"]
    add_columns = [
        "code",
        "name",
        "short_name",
        "kind",
        "parent_id",
        "manager_id",
        "phone",
        "email",
        "detsis_no",
        "internal_days",
        "active",
    ]
    edit_columns = add_columns
    search_columns = ["code", "name", "kind", "active"]
    order_columns = ["id", "code", "name"]
    form_rule = staticmethod(rules.unit_violations)
    create = staticmethod(create_unit)
    update = staticmethod(change_unit)


class UnitLiaisonApi(BackOfficeApi):
    """/api/v1/unit_liaison/"""

    datamodel = Interface(UnitLiaison)
    resource_name = "unit_liaison"
    class_permission_name = "UnitLiaison"
    list_columns = ["id", "unit_id", "user_id", "role", "phone", "active", "version"]
    show_columns = list_columns
    add_columns = ["unit_id", "user_id", "role", "phone", "active"]
    edit_columns = add_columns
    search_columns = ["role", "active"]
    order_columns = ["id"]


class StaffUserApi(BackOfficeApi):
    """/api/v1/staff_user/ — read only: accounts are made on the screen, where roles are checked."""

    datamodel = Interface(StaffUser)
    resource_name = "staff_user"
    class_permission_name = "StaffUser"
    list_columns = ["id", "username", "first_name", "last_name", "title", "unit_id", "active"]
    show_columns = list_columns
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["username", "last_name", "active"]
    order_columns = ["id", "username"]


class DistrictApi(BackOfficeApi):
    """/api/v1/district/"""

    datamodel = Interface(District)
    resource_name = "district"
    class_permission_name = "District"
    list_columns = ["id", "name", "postal_code", "weight", "active", "version"]
    show_columns = list_columns
    add_columns = ["name", "postal_code", "weight", "active"]
    edit_columns = add_columns
    search_columns = ["name", "active"]
    order_columns = ["id", "name"]


class NeighbourhoodApi(BackOfficeApi):
    """/api/v1/neighbourhood/"""

    datamodel = Interface(Neighbourhood)
    resource_name = "neighbourhood"
    class_permission_name = "Neighbourhood"
    list_columns = ["id", "name", "district_id", "mukhtar_phone", "active", "version"]
    show_columns = list_columns
    add_columns = ["district_id", "name", "mukhtar_phone", "active"]
    edit_columns = add_columns
    search_columns = ["name", "active"]
    order_columns = ["id", "name"]


def create_deputyship(session: Any, *, values: Mapping[str, Any]) -> Deputyship:
    """The service looks at the other deputyships and renews the rights."""
    return services.settle_deputyship(session, deputyship=Deputyship(**values))


def change_deputyship(session: Any, *, item: Deputyship, values: Mapping[str, Any]) -> Deputyship:
    """The same for a changed one."""
    for name, value in values.items():
        setattr(item, name, value)
    return services.settle_deputyship(session, deputyship=item)


class DeputyshipApi(BackOfficeApi):
    """/api/v1/deputyship/ — `acts` holds codes with spaces between them; empty means all."""

    datamodel = Interface(Deputyship)
    resource_name = "deputyship"
    class_permission_name = "Deputyship"
    list_columns = ["id", "principal_id", "deputy_id", "from_on", "to_on", "active", "version"]
    show_columns = [*list_columns, "reason", "decision_no", "acts"]
    add_columns = [
        "principal_id",
        "deputy_id",
        "from_on",
        "to_on",
        "reason",
        "decision_no",
        "acts",
        "active",
    ]
    edit_columns = add_columns
    search_columns = ["principal_id", "deputy_id", "from_on", "to_on", "active"]
    order_columns = ["id", "from_on", "to_on"]
    form_rule = staticmethod(rules.deputyship_violations)
    create = staticmethod(create_deputyship)
    update = staticmethod(change_deputyship)


APIS = (UnitApi, UnitLiaisonApi, StaffUserApi, DeputyshipApi, DistrictApi, NeighbourhoodApi)
