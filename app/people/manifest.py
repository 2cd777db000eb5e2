"""What the people room adds to the house."""

from __future__ import annotations

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.core.acting import current_actor
from app.core.identifiers import mask_name, mask_phone
from app.core.rooms import LookupSource, Page, Room, SearchSource
from app.people import queries
from app.people.api import APIS
from app.people.charts import CitizenChart, InstitutionChart
from app.people.models import Citizen, Institution
from app.people.views import CitizenView, InstitutionView


def citizen_label(row: Citizen) -> str:
    """The name as far as the actor may read it."""
    return row.full_name if current_actor().may("identity", "Citizen") else mask_name(row.full_name)


def citizen_sub(row: Citizen) -> str:
    """The masked number tells two people of one name apart."""
    return mask_phone(row.phone) if row.phone else ""


def citizen_item(row: Citizen) -> tuple[str, str, str]:
    """Title, second line and address of a hit."""
    return citizen_label(row), citizen_sub(row), url_for("CitizenView.show", pk=row.id)


def institution_item(row: Institution) -> tuple[str, str, str]:
    """Title, second line and address of a hit."""
    return row.name, row.short_name, url_for("InstitutionView.show", pk=row.id)


ROOM = Room(
    name="People",
    label=_l("Directory"),
    icon="book",
    pages=(Page(CitizenView, _l("Citizens")), Page(InstitutionView, _l("Institutions"))),
    hidden=(CitizenChart, InstitutionChart),
    apis=APIS,
    scopes={Citizen: queries.visible_citizens},
    lookups=(
        LookupSource(
            "citizen",
            Citizen,
            "Citizen",
            ("last_name", "first_name"),
            label=citizen_label,
            sub=citizen_sub,
            find=queries.find_citizens,
        ),
        LookupSource(
            "institution",
            Institution,
            "Institution",
            ("name",),
            condition=lambda: Institution.active.is_(True),
        ),
    ),
    searches=(
        SearchSource(_l("Citizens"), "user", "Citizen", queries.find_citizens, citizen_item),
        SearchSource(
            _l("Institutions"),
            "building",
            "Institution",
            queries.find_institutions,
            institution_item,
        ),
    ),
)
