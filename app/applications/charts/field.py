"""Charts of field visits: what was found where, how many were made, how long a team stayed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.applications.charts.declarations import lazy
from app.applications.models import Application, FieldVisit
from app.applications.queries import field as queries
from app.applications.rules import field as rules
from app.applications.rules.groups import TOPIC_GROUP_LABELS
from app.core import clock
from app.core.charts import Axis, Chart
from app.core.views import BackOfficeChart, Choice, Dates, Pick

COUNT = Axis(name="count", title=_l("Field visits"), kind="quantitative")
RESULTS = {"found": _l("Found"), "not_found": _l("Not found"), "open": _l("Not made yet")}
_DAYS_SHOWN = 90
_FOUND_DRILL = {"found": {"found": "1"}, "not_found": {"found": "0"}, "open": {}}

PER_DAY = Chart(
    key="field_days",
    title=_l("Field visits per day"),
    description=_l("Visits by the day they were planned for and by what was found."),
    mark="stacked_bar",
    x=Axis(name="day", title=_l("Day"), kind="temporal", format="day"),
    y=COUNT,
    color=Axis(name="result", title=_l("Result"), kind="ordinal", labels=RESULTS),
    measure_title=_l("Field visits"),
    query=lambda s, p: queries.count_per_day(s, p["narrow"]),
    drill=lambda row: {
        "planned_from": str(row["day"]),
        "planned_to": str(row["day"]),
        **_FOUND_DRILL[str(row["result"])],
    },
)
BY_STATE = Chart(
    key="field_states",
    title=_l("Field visits by state"),
    description=_l("How far the visits are."),
    mark="bar",
    x=COUNT,
    y=Axis(name="state", title=_l("State"), kind="ordinal", labels=lazy(rules.FIELD_STATE_LABELS)),
    measure_title=_l("Field visits"),
    query=lambda s, p: queries.count_by_state(s, p["narrow"]),
    drill=lambda row: {"state": str(row["state"])},
)
FOUND = Chart(
    key="field_found",
    title=_l("Found on the spot, by topic group"),
    description=_l("Share of the visits at which what was reported was there."),
    mark="bar",
    x=Axis(name="rate", title=_l("Found"), kind="quantitative"),
    y=Axis(name="group", title=_l("Topic group"), kind="nominal", labels=lazy(TOPIC_GROUP_LABELS)),
    measure_title=_l("Found (percent)"),
    unit="percent",
    query=lambda s, p: queries.list_found_rates(s, p["narrow"]),
    drill=lambda row: {"group": str(row["group"])},
    max_categories=20,
)
DISTRICTS = Chart(
    key="field_districts",
    title=_l("Field visits by district"),
    description=_l("Where the teams went."),
    mark="bar",
    x=COUNT,
    y=Axis(name="district", title=_l("District"), kind="nominal"),
    measure_title=_l("Field visits"),
    query=lambda s, p: queries.count_by_district(s, p["narrow"]),
    drill=lambda row: {"district": str(row["district_id"])} if row["district_id"] else {},
    max_categories=12,
)
NEIGHBOURHOODS = Chart(
    key="field_neighbourhoods",
    title=_l("Neighbourhoods visited most"),
    description=_l("The twenty neighbourhoods to which the teams went most often."),
    mark="bar",
    x=COUNT,
    y=Axis(name="neighbourhood", title=_l("Neighbourhood"), kind="nominal"),
    measure_title=_l("Field visits"),
    query=lambda s, p: queries.count_by_neighbourhood(s, p["narrow"]),
    drill=lambda row: {"neighbourhood": str(row["neighbourhood_id"])},
    max_categories=20,
)
UNITS = Chart(
    key="field_units",
    title=_l("Completed visits by unit"),
    description=_l("How many visits the teams of each unit have completed."),
    mark="bar",
    x=COUNT,
    y=Axis(name="unit", title=_l("Unit"), kind="nominal"),
    measure_title=_l("Field visits"),
    query=lambda s, p: queries.list_unit_figures(s, p["narrow"]),
    drill=lambda row: {"unit": str(row["unit_id"]), "state": "done"},
    max_categories=15,
)


class FieldVisitChart(BackOfficeChart):
    """Where teams went and what they found."""

    route_base = "/field-visits/charts"
    class_permission_name = "FieldVisit"
    label = _l("Field visits, charts")
    view_name = "FieldVisitView"
    charts_shown = (PER_DAY, BY_STATE, FOUND, DISTRICTS, NEIGHBOURHOODS, UNITS)
    filters = (
        Dates("planned", _l("Day of the visit"), FieldVisit.planned_on),
        Choice("state", _l("State"), FieldVisit.state, labels=rules.FIELD_STATE_LABELS),
        Pick("unit", _l("Unit"), FieldVisit.unit_id, source="unit"),
        Pick("officer", _l("Who goes there"), FieldVisit.officer_id, source="staff"),
        Pick(
            "district",
            _l("District"),
            select(Application.district_id)
            .where(Application.id == FieldVisit.application_id)
            .scalar_subquery(),
            source="district",
        ),
    )

    def default_args(self) -> Mapping[str, str]:
        """The last ninety days."""
        first = clock.today() - dt.timedelta(days=_DAYS_SHOWN - 1)
        return {"planned_from": first.isoformat()}
