"""What the organisation room adds to the house."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.core import ports
from app.core.rooms import LookupSource, Page, Room, SearchSource
from app.core.views import formats
from app.organisation import queries, rules
from app.organisation.api import APIS
from app.organisation.charts import (
    DeputyshipChart,
    DistrictChart,
    NeighbourhoodChart,
    StaffUserChart,
    UnitChart,
    UnitLiaisonChart,
)
from app.organisation.models import District, Neighbourhood, StaffUser, Unit
from app.organisation.views import (
    DeputyshipView,
    DistrictView,
    NeighbourhoodView,
    StaffUserView,
    UnitLiaisonView,
    UnitView,
)


def unit_item(row: Unit) -> tuple[str, str, str]:
    """Title, second line and address of a hit."""
    kind = formats.translated(rules.UNIT_KIND_LABELS[row.kind])
    return row.name, kind, url_for("UnitView.show", pk=row.id)


def staff_title(row: StaffUser) -> str:
    """Title of a person, for the second line of a picker."""
    return row.title


def neighbourhood_district(row: Any) -> str:
    """The district, because names of neighbourhoods repeat."""
    return str(row.district)


ROOM = Room(
    name="Organisation",
    label=_l("Institution structure"),
    icon="building",
    gap=True,
    pages=(
        Page(UnitView, _l("Units")),
        Page(UnitLiaisonView, _l("Unit liaisons")),
        Page(StaffUserView, _l("Users")),
        Page(DeputyshipView, _l("Deputyships")),
        Page(DistrictView, _l("Districts")),
        Page(NeighbourhoodView, _l("Neighbourhoods")),
    ),
    hidden=(
        UnitChart,
        UnitLiaisonChart,
        StaffUserChart,
        DeputyshipChart,
        DistrictChart,
        NeighbourhoodChart,
    ),
    apis=APIS,
    lookups=(
        LookupSource("unit", Unit, "Unit", ("name",), condition=lambda: Unit.active.is_(True)),
        LookupSource(
            "staff",
            StaffUser,
            "StaffUser",
            ("search_text",),
            sub=staff_title,
            condition=lambda: StaffUser.active.is_(True),
        ),
        LookupSource(
            "district", District, "District", ("name",), condition=lambda: District.active.is_(True)
        ),
        LookupSource(
            "neighbourhood",
            Neighbourhood,
            "Neighbourhood",
            ("name",),
            sub=neighbourhood_district,
            condition=lambda: Neighbourhood.active.is_(True),
            depends={"district": "district_id"},
        ),
    ),
    searches=(SearchSource(_l("Units"), "building", "Unit", queries.find_units, unit_item),),
)

ports.role_labels.update(rules.ROLE_LABELS)
