"""REST resource of field visits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.applications.models import Application, FieldVisit
from app.applications.services import field_plan as services
from app.core.acting import Actor
from app.core.api import BackOfficeApi
from app.core.rules import N_, RuleViolation, Violation
from app.core.views import Interface


def create_visit(
    session: Any, *, values: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> FieldVisit:
    """Plan a visit as the screen does."""
    application = session.get(Application, values.get("application_id"))
    if application is None:
        raise RuleViolation(Violation("application_id", N_("There is no such record.")))
    return services.plan_visit(
        session,
        application=application,
        planned_on=values.get("planned_on"),
        officer_id=values.get("officer_id"),
        team=values.get("team") or "",
        task=values.get("task") or "",
        actor=actor,
        now=now,
    )


def update_visit(
    session: Any, *, item: FieldVisit, values: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> FieldVisit:
    """Change day, officer or task of a visit that is still to be made."""
    for name, value in values.items():
        setattr(item, name, value)
    return services.change_plan(session, visit=item, actor=actor, now=now)


class FieldVisitApi(BackOfficeApi):
    """/api/v1/field_visit/"""

    datamodel = Interface(FieldVisit)
    resource_name = "field_visit"
    class_permission_name = "FieldVisit"
    list_columns = [
        "id",
        "application_id",
        "planned_on",
        "officer_id",
        "team",
        "position",
        "state",
        "was_found",
        "next_step",
        "version",
    ]
    show_columns = [
        *list_columns,
        "unit_id",
        "task",
        "started_at",
        "arrived_at",
        "left_at",
        "findings",
        "measures",
        "postpone_reason",
        "latitude",
        "longitude",
        "distance_m",
        "citizen_confirmed",
        "reported_at",
        "carried_from_id",
    ]
    add_columns = ["application_id", "planned_on", "officer_id", "team", "task"]
    edit_columns = ["planned_on", "officer_id", "team", "task"]
    search_columns = ["application", "officer", "state", "planned_on", "was_found"]
    order_columns = ["id", "planned_on"]
    create = staticmethod(create_visit)
    update = staticmethod(update_visit)
