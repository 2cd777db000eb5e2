"""Charts of the organisation room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.charts import Axis, Chart
from app.core.views import BackOfficeChart, Dates
from app.organisation import queries, rules
from app.organisation.models import Deputyship

COUNT = Axis(name="count", title=_l("Records"), kind="quantitative")


def counted(query: Any) -> Any:
    """A chart query over one of the room's grouped figures."""
    return lambda session, params: query(session, params["narrow"])


class UnitChart(BackOfficeChart):
    """Units by kind."""

    class_permission_name = "Unit"
    route_base = "/units/charts"
    label = _l("Charts: units")
    view_name = "UnitView"
    charts_shown = (
        Chart(
            key="kinds",
            title=_l("Units by kind"),
            mark="bar",
            x=COUNT,
            y=Axis(
                name="kind",
                title=_l("Kind of unit"),
                kind="nominal",
                labels={k.value: _l(v) for k, v in rules.UNIT_KIND_LABELS.items()},
            ),
            description=_l("How many units of each kind the tree has."),
            query=counted(queries.count_units_by_kind),
            measure_title=_l("Units"),
            drill=lambda row: {"kind": row["kind"]},
        ),
    )


class StaffUserChart(BackOfficeChart):
    """Accounts by unit and role."""

    class_permission_name = "StaffUser"
    route_base = "/staff/charts"
    label = _l("Charts: users")
    view_name = "StaffUserView"
    charts_shown = (
        Chart(
            key="units",
            title=_l("Users by unit"),
            mark="bar",
            x=COUNT,
            y=Axis(name="unit", title=_l("Unit"), kind="nominal"),
            description=_l("Active accounts of each unit."),
            query=counted(queries.count_staff_by_unit),
            measure_title=_l("Users"),
            max_categories=15,
            drill=lambda row: {"unit": str(row["unit_id"])} if row.get("unit_id") else {},
        ),
        Chart(
            key="roles",
            title=_l("Users by role"),
            mark="bar",
            x=COUNT,
            y=Axis(
                name="role",
                title=_l("Role"),
                kind="nominal",
                labels={k: _l(v) for k, v in rules.ROLE_LABELS.items()},
            ),
            description=_l("Active accounts that hold each role."),
            query=counted(queries.count_staff_by_role),
            measure_title=_l("Users"),
            max_categories=22,
        ),
    )


class UnitLiaisonChart(BackOfficeChart):
    """Liaisons by role."""

    class_permission_name = "UnitLiaison"
    route_base = "/unit-liaisons/charts"
    label = _l("Charts: unit liaisons")
    view_name = "UnitLiaisonView"
    charts_shown = (
        Chart(
            key="roles",
            title=_l("Main and deputy liaisons"),
            mark="bar",
            x=COUNT,
            y=Axis(
                name="role",
                title=_l("Role"),
                kind="nominal",
                labels={k.value: _l(v) for k, v in rules.LIAISON_ROLE_LABELS.items()},
            ),
            description=_l("Every unit should have a main and a deputy liaison."),
            query=counted(queries.count_liaisons_by_role),
            measure_title=_l("Liaisons"),
            drill=lambda row: {"role": row["role"]},
        ),
    )


class DistrictChart(BackOfficeChart):
    """Districts by people."""

    class_permission_name = "District"
    route_base = "/districts/charts"
    label = _l("Charts: districts")
    view_name = "DistrictView"
    charts_shown = (
        Chart(
            key="people",
            title=_l("Share of people by district"),
            mark="bar",
            x=Axis(name="share", title=_l("Share of people"), kind="quantitative"),
            y=Axis(name="district", title=_l("District"), kind="nominal"),
            description=_l("Share of the province’s people that lives in each district."),
            query=counted(queries.list_district_weights),
            measure_title=_l("Share of people"),
            unit="percent",
            max_categories=12,
        ),
    )


class NeighbourhoodChart(BackOfficeChart):
    """Neighbourhoods by district."""

    class_permission_name = "Neighbourhood"
    route_base = "/neighbourhoods/charts"
    label = _l("Charts: neighbourhoods")
    view_name = "NeighbourhoodView"
    charts_shown = (
        Chart(
            key="districts",
            title=_l("Neighbourhoods by district"),
            mark="bar",
            x=COUNT,
            y=Axis(name="district", title=_l("District"), kind="nominal"),
            description=_l("How many neighbourhoods each district has."),
            query=counted(queries.count_neighbourhoods_by_district),
            measure_title=_l("Neighbourhoods"),
            max_categories=12,
            drill=lambda row: (
                {"district": str(row["district_id"])} if row.get("district_id") else {}
            ),
        ),
    )


#: How many days the calendar of deputies shows: two weeks back, six weeks ahead.
_DAYS_BACK, _DAYS_AHEAD = 14, 42


def deputy_days(session: Any, params: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The calendar around today, each day written as it is read under the chart."""
    today = params["today"]
    first = today - dt.timedelta(days=_DAYS_BACK)
    last = today + dt.timedelta(days=_DAYS_AHEAD)
    rows = queries.list_deputy_days(session, first, last, params["narrow"])
    shown = {row["day"] for row in rows}
    # Days without a deputy between two with one are shown too: a gap must look like a gap.
    ordered = sorted(rows, key=lambda row: (row["day"], row["who"]))
    if shown:
        day = min(shown)
        who = ordered[0]["who"]
        while day <= max(shown):
            if day not in shown:
                ordered.append({"day": day, "who": who, "count": None})
            day += dt.timedelta(days=1)
        ordered.sort(key=lambda row: row["day"])
    return [{**row, "on": row["day"], "day": f"{row['day']:%d.%m}"} for row in ordered]


class DeputyshipChart(BackOfficeChart):
    """Who stands in for whom on which day, as a calendar."""

    class_permission_name = "Deputyship"
    route_base = "/deputyships/charts"
    label = _l("Charts: deputyships")
    view_name = "DeputyshipView"
    filters = (Dates("from", _l("First day"), Deputyship.from_on),)
    charts_shown = (
        Chart(
            key="calendar",
            title=_l("Calendar of deputies"),
            mark="heatmap",
            x=Axis(name="day", title=_l("Day"), kind="ordinal", sort="given"),
            y=Axis(name="who", title=_l("Who for whom"), kind="nominal", sort="given"),
            color=COUNT,
            description=_l("Two weeks back and six weeks ahead, a mark for each day."),
            query=deputy_days,
            measure_title=_l("Stands in"),
            drill=lambda row: {"from_to": row["on"].isoformat()} if row.get("count") else {},
            max_categories=40,
        ),
        Chart(
            key="people",
            title=_l("Deputyships by person"),
            mark="bar",
            x=COUNT,
            y=Axis(name="principal", title=_l("Whose place"), kind="nominal"),
            description=_l("How often somebody’s place was taken."),
            query=counted(queries.count_deputyships_by_person),
            measure_title=_l("Deputyships"),
            max_categories=15,
            drill=lambda row: (
                {"principal": str(row["principal_id"])} if row.get("principal_id") else {}
            ),
        ),
    )
