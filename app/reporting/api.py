"""REST resource of the reporting room: order a report and ask how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from marshmallow import fields

from app.core.acting import Actor
from app.core.api import BackOfficeApi
from app.core.views import Interface
from app.reporting import services
from app.reporting.models import ReportRun


def order(session: Any, *, values: Mapping[str, Any], actor: Actor) -> ReportRun:
    """Order the report that the request names."""
    with force_locale(services.LANG):
        return services.request_run(
            session,
            key=values["report_key"],
            parameters=values.get("parameters") or {},
            actor=actor,
        )


class ReportRunApi(BackOfficeApi):
    """/api/v1/report_run/ — POST {"report_key", "parameters"} orders a report; a worker makes it."""

    datamodel = Interface(ReportRun)
    resource_name = "report_run"
    class_permission_name = "ReportRun"
    list_columns = [
        "id",
        "report_key",
        "title",
        "state",
        "as_of",
        "finished_at",
        "created_by_id",
        "created_at",
    ]
    show_columns = [*list_columns, "parameters", "figures", "error"]
    add_columns = ["report_key"]
    edit_columns: list[str] = []
    search_columns = ["report_key", "state", "created_by_id"]
    order_columns = ["id", "as_of", "created_at"]
    extra_fields = {
        "parameters": fields.Dict(keys=fields.String(), values=fields.Raw(allow_none=True))
    }
    create = staticmethod(order)


APIS = (ReportRunApi,)
