"""REST resources of reception: visits, their reasons, the directory, tickets of the desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.core.acting import Actor
from app.core.api import BackOfficeApi
from app.core.views import Interface
from app.frontdesk.models import DeskTicket, ServicePoint, Visit, VisitReason
from app.frontdesk.rules import directory, visits
from app.frontdesk.services.visits import check_changed, log_visit


def create_visit(
    session: Any,
    *,
    values: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime,
    request_key: str | None = None,
) -> Visit:
    """Log a visit as the fast screen does; the same key a second time gives the first visit."""
    return log_visit(session, values=values, actor=actor, now=now, request_key=request_key)


def update_visit(
    session: Any, *, item: Visit, values: Mapping[str, Any], now: dt.datetime
) -> Visit:
    """Correct a visit; the rules see it as it would stand."""
    for name, value in values.items():
        setattr(item, name, value)
    return check_changed(session, visit=item, now=now)


class VisitApi(BackOfficeApi):
    """/api/v1/visit/"""

    datamodel = Interface(Visit)
    resource_name = "visit"
    class_permission_name = "Visit"
    list_columns = [
        "id",
        "at",
        "people",
        "reason_id",
        "service_point_id",
        "unit_id",
        "has_appointment",
        "waiting_since",
        "served_at",
        "ended_at",
        "result",
        "version",
    ]
    show_columns = [
        *list_columns,
        "host_id",
        "is_disabled",
        "is_elderly",
        "with_child",
        "needs_language",
        "accompanied_by_id",
        "guided_to_id",
        "visitor_name",
        "note",
    ]
    add_columns = [
        "at",
        "people",
        "reason_id",
        "service_point_id",
        "unit_id",
        "host_id",
        "has_appointment",
        "is_disabled",
        "is_elderly",
        "with_child",
        "needs_language",
        "note",
    ]
    edit_columns = [
        "people",
        "reason_id",
        "service_point_id",
        "unit_id",
        "served_at",
        "ended_at",
        "result",
        "note",
    ]
    search_columns = ["reason", "service_point", "unit", "at", "result"]
    order_columns = ["id", "at"]
    create = staticmethod(create_visit)
    update = staticmethod(update_visit)


class VisitReasonApi(BackOfficeApi):
    """/api/v1/visit_reason/"""

    datamodel = Interface(VisitReason)
    resource_name = "visit_reason"
    class_permission_name = "VisitReason"
    list_columns = ["id", "code", "name", "position", "is_short", "matter", "active", "version"]
    show_columns = [*list_columns, "hint", "asks_note"]
    add_columns = ["code", "name", "hint", "position", "is_short", "asks_note", "matter", "active"]
    edit_columns = ["name", "hint", "position", "is_short", "asks_note", "matter", "active"]
    search_columns = ["code", "name", "active"]
    order_columns = ["id", "position", "name"]
    form_rule = staticmethod(visits.reason_violations)


class ServicePointApi(BackOfficeApi):
    """/api/v1/service_point/"""

    datamodel = Interface(ServicePoint)
    resource_name = "service_point"
    class_permission_name = "ServicePoint"
    list_columns = [
        "id",
        "name",
        "unit_id",
        "building",
        "floor",
        "room",
        "phone",
        "is_accessible",
        "active",
        "version",
    ]
    show_columns = [
        *list_columns,
        "what_for",
        "keywords",
        "opening_hours",
        "directions",
        "is_desk",
        "is_tile",
        "position",
    ]
    add_columns = [
        "name",
        "unit_id",
        "building",
        "floor",
        "room",
        "what_for",
        "keywords",
        "opening_hours",
        "phone",
        "directions",
        "is_accessible",
        "is_desk",
        "is_tile",
        "position",
        "active",
    ]
    edit_columns = add_columns
    search_columns = ["name", "unit", "building", "floor", "active"]
    order_columns = ["id", "name", "position"]
    form_rule = staticmethod(directory.point_violations)


class DeskTicketApi(BackOfficeApi):
    """/api/v1/desk_ticket/"""

    datamodel = Interface(DeskTicket)
    resource_name = "desk_ticket"
    class_permission_name = "DeskTicket"
    list_columns = [
        "id",
        "on",
        "number",
        "matter",
        "priority_group",
        "state",
        "arrived_at",
        "called_at",
        "started_at",
        "ended_at",
        "counter",
        "result",
    ]
    show_columns = [*list_columns, "officer_id", "application_id", "visit_id", "calls"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["on", "matter", "priority_group", "state", "counter"]
    order_columns = ["id", "on", "arrived_at"]


VISIT_APIS = (VisitApi, VisitReasonApi, ServicePointApi, DeskTicketApi)
