"""Chart screens of the Open311 interface: what came through which key, and what services ask."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.applications.charts.declarations import COUNT, lazy
from app.applications.models import Open311Request, ServiceAttribute
from app.applications.queries import open311_figures as figures
from app.applications.rules.open311 import DATA_TYPE_LABELS
from app.core.charts import Axis, Chart
from app.core.views import BackOfficeChart, Dates, Pick


class Open311RequestChart(BackOfficeChart):
    """What apps send, by service, key and day."""

    route_base = "/open311-requests/charts"
    class_permission_name = "Open311Request"
    label = _l("Open311 requests, charts")
    view_name = "Open311RequestView"
    filters = (
        Dates("created", _l("Received"), Open311Request.created_at, instant=True),
        Pick("key", _l("Key"), Open311Request.api_key_id, source="api_key"),
        Pick("topic", _l("Service"), Open311Request.topic_id, source="topic"),
    )
    charts_shown = (
        Chart(
            key="services",
            title=_l("Requests by service and key"),
            description=_l("Which app sends what."),
            mark="stacked_bar",
            x=COUNT,
            y=Axis(name="service", title=_l("Service"), kind="nominal"),
            color=Axis(name="key", title=_l("Key"), kind="nominal"),
            measure_title=_l("Requests"),
            query=lambda s, p: figures.count_by_service(s, p["narrow"]),
            drill=lambda row: {"topic": str(row["topic_id"]), "key": str(row["key_id"])},
            max_categories=20,
        ),
        Chart(
            key="days",
            title=_l("Requests by day"),
            description=_l("The last sixty days."),
            mark="line",
            x=Axis(name="day", title=_l("Day"), kind="temporal", format="day"),
            y=COUNT,
            measure_title=_l("Requests"),
            query=lambda s, p: figures.count_by_day(s, p["narrow"]),
            drill=lambda row: {
                "created_from": row["day"].isoformat(),
                "created_to": row["day"].isoformat(),
            },
        ),
    )


class ServiceAttributeChart(BackOfficeChart):
    """What services ask, by kind of answer."""

    route_base = "/service-questions/charts"
    class_permission_name = "ServiceAttribute"
    label = _l("Questions of services, charts")
    view_name = "ServiceAttributeView"
    filters = (Pick("topic", _l("Topic"), ServiceAttribute.topic_id, source="topic"),)
    charts_shown = (
        Chart(
            key="kinds",
            title=_l("Questions by kind of answer"),
            description=_l("How many must be answered, and how many may."),
            mark="stacked_bar",
            x=COUNT,
            y=Axis(
                name="datatype",
                title=_l("Kind of answer"),
                kind="nominal",
                labels=lazy(DATA_TYPE_LABELS),
            ),
            color=Axis(
                name="is_required",
                title=_l("Answer"),
                kind="nominal",
                labels={True: _l("Must be answered"), False: _l("May be answered")},
            ),
            measure_title=_l("Questions"),
            query=lambda s, p: figures.count_questions(s, p["narrow"]),
            drill=lambda row: {
                "datatype": str(row["datatype"].value),
                "required": "1" if row["is_required"] else "0",
            },
        ),
    )
