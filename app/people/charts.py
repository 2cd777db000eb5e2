"""Charts of the people room; figures below the statistics minimum are hidden."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.charts import Axis, Chart, suppress_small
from app.core.views import BackOfficeChart
from app.people import queries, rules
from app.system.queries import get_number

COUNT = Axis(name="count", title=_l("Records"), kind="quantitative")


def counted(query: Any) -> Any:
    """A chart query over one of the room's grouped figures."""
    return lambda session, params: query(session, params["narrow"])


def counted_people(query: Any) -> Any:
    """The same for figures about persons: what is too small to publish is taken out."""

    def rows(session: Any, params: Any) -> Any:
        below = get_number(session, "statistics_minimum")
        return suppress_small(query(session, params["narrow"]), below, count="count")

    return rows


class CitizenChart(BackOfficeChart):
    """Citizens by district and kind."""

    class_permission_name = "Citizen"
    route_base = "/citizens/charts"
    label = _l("Charts: citizens")
    view_name = "CitizenView"
    charts_shown = (
        Chart(
            key="districts",
            title=_l("Citizens by district"),
            mark="bar",
            x=COUNT,
            y=Axis(name="district", title=_l("District"), kind="nominal"),
            description=_l("Registered people by district of residence."),
            query=counted_people(queries.count_citizens_by_district),
            measure_title=_l("Citizens"),
            max_categories=12,
            drill=lambda row: (
                {"district": str(row["district_id"])} if row.get("district_id") else {}
            ),
        ),
        Chart(
            key="kinds",
            title=_l("Citizens by kind"),
            mark="bar",
            x=COUNT,
            y=Axis(
                name="kind",
                title=_l("Kind of applicant"),
                kind="nominal",
                labels={k.value: _l(v) for k, v in rules.CITIZEN_KIND_LABELS.items()},
            ),
            description=_l("Natural persons, legal entities, foreigners and mukhtars."),
            query=counted_people(queries.count_citizens_by_kind),
            measure_title=_l("Citizens"),
            drill=lambda row: {"kind": row["kind"]},
        ),
    )


class InstitutionChart(BackOfficeChart):
    """Institutions by kind."""

    class_permission_name = "Institution"
    route_base = "/institutions/charts"
    label = _l("Charts: institutions")
    view_name = "InstitutionView"
    charts_shown = (
        Chart(
            key="kinds",
            title=_l("Institutions by kind"),
            mark="bar",
            x=COUNT,
            y=Axis(
                name="kind",
                title=_l("Kind of institution"),
                kind="nominal",
                labels={k.value: _l(v) for k, v in rules.INSTITUTION_KIND_LABELS.items()},
            ),
            description=_l("Administrations and companies that we pass cases to."),
            query=counted(queries.count_institutions_by_kind),
            measure_title=_l("Institutions"),
            drill=lambda row: {"kind": row["kind"]},
        ),
    )
