"""The REST resource of applications: what a web form or a telephone system sends is registered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from app.applications import services
from app.applications.models import Application
from app.core.acting import Actor
from app.core.api import BackOfficeApi
from app.core.views import Interface

#: The applicant of a POST, beside the columns of the application.
PERSON = {
    f"citizen_{name}": fields.String(validate=validate.Length(max=320))
    for name in ("first_name", "last_name", "title", "phone", "email")
}


def create_application(
    session: Any,
    *,
    values: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime,
    request_key: str | None,
) -> Application:
    """Register what a web form or a telephone system sends; the key makes a repeat harmless."""
    person = {k.removeprefix("citizen_"): values[k] for k in PERSON if values.get(k)}
    rest = {k: v for k, v in values.items() if k not in PERSON}
    if person:
        rest["citizen"] = person
    return services.register_application(
        session, values=rest, actor=actor, now=now, request_key=request_key
    )


def change_application(
    session: Any, *, item: Application, values: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> Application:
    """Changed details go through the service, which may count the clock anew."""
    return services.change_details(session, application=item, values=values, actor=actor, now=now)


class ApplicationApi(BackOfficeApi):
    """/api/v1/application/ — POST registers an application; states change on the screen only."""

    datamodel = Interface(Application)
    resource_name = "application"
    class_permission_name = "Application"
    method_permission_name = {
        "info": "read",
        "get": "read",
        "get_list": "read",
        "post": "register",
        "put": "write",
    }
    list_columns = [
        "id",
        "number",
        "channel",
        "kind",
        "state",
        "priority",
        "subject",
        "topic_id",
        "lead_unit_id",
        "district_id",
        "neighbourhood_id",
        "received_at",
        "due_on",
        "answered_at",
        "on_time",
        "outcome",
        "external_source",
        "external_ref",
        "version",
    ]
    show_columns = [
        *list_columns,
        "tracking_code",
        "body",
        "street",
        "place_note",
        "latitude",
        "longitude",
        "goal_on",
        "is_extended",
        "cycle",
    ]
    add_columns = [
        "channel",
        "kind",
        "topic_id",
        "subject",
        "body",
        "priority",
        "citizen_id",
        "is_anonymous",
        "identity_hidden",
        "on_behalf_of",
        "contact_phone",
        "contact_email",
        "wants_notice",
        "district_id",
        "neighbourhood_id",
        "street",
        "place_note",
        "latitude",
        "longitude",
        "received_at",
        "external_source",
        "external_ref",
        "external_received_at",
    ]
    edit_columns = [
        "kind",
        "topic_id",
        "priority",
        "subject",
        "body",
        "district_id",
        "neighbourhood_id",
        "street",
        "place_note",
        "latitude",
        "longitude",
    ]
    search_columns = [
        "number",
        "channel",
        "kind",
        "state",
        "priority",
        "topic",
        "lead_unit",
        "district",
        "received_at",
        "due_on",
        "on_time",
        "external_ref",
    ]
    order_columns = ["id", "number", "received_at", "due_on"]
    extra_fields = PERSON
    create = staticmethod(create_application)
    update = staticmethod(change_application)
