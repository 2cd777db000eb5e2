"""REST resources of the people room; identity is masked as on the screens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.core.api import BackOfficeApi
from app.core.rules import Violation
from app.core.views import Interface
from app.people import rules, services
from app.people.models import Citizen, Institution


def create_citizen(session: Any, *, values: Mapping[str, Any]) -> Citizen:
    """A person who is known already is answered, not entered a second time."""
    return services.save_citizen(session, values=values)


class CitizenApi(BackOfficeApi):
    """/api/v1/citizen/"""

    datamodel = Interface(Citizen)
    resource_name = "citizen"
    class_permission_name = "Citizen"
    list_columns = [
        "id",
        "kind",
        "first_name",
        "last_name",
        "title",
        "phone",
        "district_id",
        "neighbourhood_id",
        "version",
    ]
    show_columns = [*list_columns, "national_id", "email", "address", "contact_preference"]
    add_columns = [
        "kind",
        "first_name",
        "last_name",
        "title",
        "national_id",
        "tax_no",
        "phone",
        "email",
        "district_id",
        "neighbourhood_id",
        "address",
        "contact_preference",
    ]
    edit_columns = [
        "kind",
        "title",
        "tax_no",
        "district_id",
        "neighbourhood_id",
        "contact_preference",
    ]
    search_columns = ["kind", "district", "neighbourhood"]
    order_columns = ["id"]
    create = staticmethod(create_citizen)

    def check(self, values: Mapping[str, Any], item: Any) -> Iterable[Violation]:
        """The rule looks at the whole person; what cannot be sent here is as it stands."""
        known = {name: getattr(item, name) for name in services.FIELDS} if item is not None else {}
        return rules.citizen_violations({**known, **values})


class InstitutionApi(BackOfficeApi):
    """/api/v1/institution/"""

    datamodel = Interface(Institution)
    resource_name = "institution"
    class_permission_name = "Institution"
    list_columns = ["id", "name", "short_name", "kind", "district_id", "active", "version"]
    show_columns = [*list_columns, "salutation", "phone", "email", "kep"]
    add_columns = [
        "name",
        "short_name",
        "kind",
        "district_id",
        "salutation",
        "phone",
        "email",
        "kep",
        "active",
    ]
    edit_columns = add_columns
    search_columns = ["name", "kind", "active"]
    order_columns = ["id", "name"]
    form_rule = staticmethod(rules.institution_violations)


APIS = (CitizenApi, InstitutionApi)
