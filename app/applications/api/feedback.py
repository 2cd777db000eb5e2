"""REST resources of feedback; the screens' services do the writing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate
from sqlalchemy.orm import Session

from app.applications import rules, services
from app.applications.models import (
    Application,
    CallBack,
    CallBackSample,
    NoticeText,
    OutcomeReason,
    Satisfaction,
)
from app.applications.services.reasons import reasons_changed
from app.core.acting import Actor
from app.core.api import BackOfficeApi
from app.core.rules import N_, RuleViolation, Violation
from app.core.views import Interface


class NoticeTextApi(BackOfficeApi):
    """/api/v1/notice_text/"""

    datamodel = Interface(NoticeText)
    resource_name = "notice_text"
    class_permission_name = "NoticeText"
    list_columns = [
        "id", "step", "channel", "language", "subject", "active", "valid_from", "valid_until", "version",
    ]  # fmt: skip
    show_columns = [*list_columns, "body"]
    add_columns = ["step", "channel", "subject", "body", "active", "valid_from", "valid_until"]
    edit_columns = add_columns
    search_columns = ["step", "channel", "active", "valid_from"]
    order_columns = ["id", "step", "valid_from"]
    form_rule = staticmethod(rules.notice_text_violations)
    constraints = {
        name: ("valid_from", N_("There is a text for this step, way and first day already."))
        for name in ("uq_applications_notice_text_place", "applications_notice_text.valid_from")
    }


def create_reason(session: Session, *, values: Mapping[str, Any]) -> OutcomeReason:
    """Add a reason; every process offers it from now on."""
    item = OutcomeReason(**values)
    session.add(item)
    reasons_changed(session)
    return item


def change_reason(
    session: Session, *, item: OutcomeReason, values: Mapping[str, Any]
) -> OutcomeReason:
    """Change a reason in every process."""
    for name, value in values.items():
        setattr(item, name, value)
    reasons_changed(session)
    return item


class OutcomeReasonApi(BackOfficeApi):
    """/api/v1/outcome_reason/"""

    datamodel = Interface(OutcomeReason)
    resource_name = "outcome_reason"
    class_permission_name = "OutcomeReason"
    list_columns = [
        "id", "code", "outcome", "name", "citizen_text", "order_no", "active", "version",
    ]  # fmt: skip
    show_columns = list_columns
    add_columns = ["code", "outcome", "name", "citizen_text", "order_no", "active"]
    edit_columns = add_columns
    search_columns = ["code", "outcome", "active"]
    order_columns = ["id", "code", "name", "order_no"]
    form_rule = staticmethod(rules.outcome_reason_violations)
    create = staticmethod(create_reason)
    update = staticmethod(change_reason)


def create_answer(
    session: Session, *, values: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> Satisfaction:
    """Keep an answer that was collected elsewhere; one for each cycle of a case."""
    application = session.get(Application, values["application_id"])
    if application is None:
        raise RuleViolation(Violation("application_id", N_("There is no such record.")))
    return services.record_answer(
        session,
        application=application,
        values=values,
        method=rules.AnswerMethod(values.get("method") or rules.AnswerMethod.IMPORT),
        actor=actor,
        now=now,
    )


class SatisfactionApi(BackOfficeApi):
    """/api/v1/satisfaction/ — POST keeps an answer that was collected elsewhere."""

    datamodel = Interface(Satisfaction)
    resource_name = "satisfaction"
    class_permission_name = "Satisfaction"
    list_columns = [
        "id", "application_id", "cycle", "method", "score", "solved", "manner", "answered_at", "topic_id",
        "unit_id", "district_id", "month", "on_time",
    ]  # fmt: skip
    show_columns = [*list_columns, "comment", "sent_at", "expires_at"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = [
        "method",
        "score",
        "solved",
        "unit",
        "topic",
        "district",
        "month",
        "answered_at",
    ]
    order_columns = ["id", "answered_at", "month"]
    extra_fields = {
        "application_id": fields.Integer(strict=True, required=True),
        "score": fields.Integer(strict=True, required=True, validate=validate.Range(1, 5)),
        "solved": fields.Enum(rules.Solved, by_value=True, required=True),
        "manner": fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, 5)),
        "comment": fields.String(validate=validate.Length(max=rules.LONGEST_COMMENT)),
        "method": fields.Enum(rules.AnswerMethod, by_value=True),
    }
    exclude_route_methods = {"put"}
    create = staticmethod(create_answer)


def draw(
    session: Session, *, values: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> CallBackSample:
    """Draw the sample of a week that is over."""
    return services.draw_call_backs(
        session, week_on=values["week_on"], wanted=values.get("wanted"), seed=values.get("seed"),
        actor=actor, now=now,
    )  # fmt: skip


class CallBackSampleApi(BackOfficeApi):
    """/api/v1/call_back_sample/ — POST draws the sample of a week."""

    datamodel = Interface(CallBackSample)
    resource_name = "call_back_sample"
    class_permission_name = "CallBackSample"
    list_columns = ["id", "week_on", "seed", "wanted", "population", "drawn", "drawn_at", "version"]
    show_columns = list_columns
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["week_on"]
    order_columns = ["id", "week_on"]
    extra_fields = {
        "week_on": fields.Date(format="iso", required=True),
        "wanted": fields.Integer(strict=True, validate=validate.Range(1, 1000)),
        "seed": fields.Integer(strict=True, validate=validate.Range(0, 2_147_483_647)),
    }
    exclude_route_methods = {"put"}
    create = staticmethod(draw)


class CallBackApi(BackOfficeApi):
    """/api/v1/call_back/ — read only; tries are noted on the screen."""

    datamodel = Interface(CallBack)
    resource_name = "call_back"
    class_permission_name = "CallBack"
    list_columns = [
        "id", "sample_id", "application_id", "cycle", "topic_id", "unit_id", "state", "tries", "next_on",
        "last_try_at",
    ]  # fmt: skip
    show_columns = [*list_columns, "note"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["state", "sample", "unit", "topic", "next_on"]
    order_columns = ["id", "next_on"]


#: Every resource of feedback.
FEEDBACK_APIS = (
    NoticeTextApi,
    OutcomeReasonApi,
    SatisfactionApi,
    CallBackSampleApi,
    CallBackApi,
)
