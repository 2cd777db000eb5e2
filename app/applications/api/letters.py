"""REST resources of the reply desk; a paraf given here is the same act as on the screen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import fields, validate
from sqlalchemy.orm import Session

from app.applications import queries, rules, services
from app.applications.models import (
    ApprovalRoute,
    ApprovalRouteStep,
    ApprovalStep,
    LetterBatch,
    LetterBatchRow,
    OutgoingCheck,
    ReplyVersion,
)
from app.applications.services.moves import refuse
from app.core.acting import Actor
from app.core.api import BackOfficeApi
from app.core.rules import N_, Violation
from app.core.views import Interface


class ApprovalRouteApi(BackOfficeApi):
    """/api/v1/approval_route/"""

    datamodel = Interface(ApprovalRoute)
    resource_name = "approval_route"
    class_permission_name = "ApprovalRoute"
    can_delete = True
    list_columns = [
        "id", "name", "reply_kind", "outcome", "for_kind", "position", "active", "version",
    ]  # fmt: skip
    show_columns = list_columns
    add_columns = ["name", "reply_kind", "outcome", "for_kind", "position", "active"]
    edit_columns = add_columns
    search_columns = ["reply_kind", "outcome", "active"]
    order_columns = ["id", "name", "position"]

    def check(self, values: Mapping[str, Any], item: Any) -> Iterable[Violation]:
        """The route itself, and whether its last station may sign once it is in use."""
        yield from rules.route_violations(values)
        if item is not None and values.get("active"):
            stations = [queries.station_of(step) for step in item.stations]
            yield from rules.last_station_violations(stations)


class ApprovalRouteStepApi(BackOfficeApi):
    """/api/v1/approval_route_step/"""

    datamodel = Interface(ApprovalRouteStep)
    resource_name = "approval_route_step"
    class_permission_name = "ApprovalRouteStep"
    can_delete = True
    list_columns = ["id", "route_id", "position", "role", "user_id", "version"]
    show_columns = list_columns
    add_columns = ["route_id", "position", "role", "user_id"]
    edit_columns = add_columns
    search_columns = ["route_id", "role"]
    order_columns = ["id", "position"]
    form_rule = staticmethod(rules.station_violations)
    constraints = {
        name: ("position", N_("This place in the chain is taken already."))
        for name in (
            "uq_applications_approval_route_step_route_id",
            "applications_approval_route_step.route_id",
        )
    }


def take_step(
    session: Session,
    *,
    item: ApprovalStep,
    values: Mapping[str, Any],
    actor: Actor,
    now: dt.datetime,
) -> ApprovalStep:
    """Give the paraf, sign, or give the letter back; refused when it is another's turn."""
    if item.state is not rules.ApprovalState.WAITING:
        raise refuse(N_("This letter does not wait for approval."))
    note = str(values.get("note") or "")
    if values["decision"] == "send_back":
        services.send_back_reply(session, reply=item.reply, note=note, actor=actor, now=now)
    else:
        services.approve_reply(
            session, reply=item.reply, note=note, actor=actor, now=now, step_id=item.id
        )
    return item


class ApprovalStepApi(BackOfficeApi):
    """/api/v1/approval_step/ — PUT with `decision` approve or send_back takes one's turn."""

    datamodel = Interface(ApprovalStep)
    resource_name = "approval_step"
    class_permission_name = "ApprovalStep"
    list_columns = [
        "id", "reply_id", "application_id", "round", "position", "role", "user_id", "signs", "state",
        "waiting_since", "by_id", "deputy_for_id", "at", "version",
    ]  # fmt: skip
    show_columns = [*list_columns, "note"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    exclude_route_methods = {"post"}
    extra_fields = {
        "decision": fields.String(required=True, validate=validate.OneOf(["approve", "send_back"])),
        "note": fields.String(validate=validate.Length(max=300)),
    }
    search_columns = ["state", "role", "waiting_since"]
    order_columns = ["id", "waiting_since"]
    update = staticmethod(take_step)


class ReplyVersionApi(BackOfficeApi):
    """/api/v1/reply_version/"""

    datamodel = Interface(ReplyVersion)
    resource_name = "reply_version"
    class_permission_name = "ReplyVersion"
    list_columns = ["id", "reply_id", "application_id", "number", "at", "by_id", "restored_from"]
    show_columns = [*list_columns, "kind", "outcome", "subject", "body", "short_text", "remedy"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["reply_id", "at"]
    order_columns = ["id", "at"]


class OutgoingCheckApi(BackOfficeApi):
    """/api/v1/outgoing_check/"""

    datamodel = Interface(OutgoingCheck)
    resource_name = "outgoing_check"
    class_permission_name = "OutgoingCheck"
    list_columns = [
        "id", "application_id", "reply_id", "subject", "state", "found", "override_by_id",
        "override_at", "version",
    ]  # fmt: skip
    show_columns = [*list_columns, "override_reason"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["state", "reply_id"]
    order_columns = ["id", "found"]


class LetterBatchApi(BackOfficeApi):
    """/api/v1/letter_batch/"""

    datamodel = Interface(LetterBatch)
    resource_name = "letter_batch"
    class_permission_name = "LetterBatch"
    list_columns = [
        "id", "title", "template_id", "approval", "state", "letters", "problems", "sent", "sent_at",
        "version",
    ]  # fmt: skip
    show_columns = list_columns
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["state", "template_id"]
    order_columns = ["id", "letters"]


class LetterBatchRowApi(BackOfficeApi):
    """/api/v1/letter_batch_row/"""

    datamodel = Interface(LetterBatchRow)
    resource_name = "letter_batch_row"
    class_permission_name = "LetterBatchRow"
    list_columns = ["id", "batch_id", "application_id", "position", "state", "reply_id", "version"]
    show_columns = [*list_columns, "body", "short_text"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["batch_id", "state"]
    order_columns = ["id", "position"]


LETTER_APIS: tuple[type[BackOfficeApi], ...] = (
    ApprovalRouteApi,
    ApprovalRouteStepApi,
    ApprovalStepApi,
    ReplyVersionApi,
    OutgoingCheckApi,
    LetterBatchApi,
    LetterBatchRowApi,
)
