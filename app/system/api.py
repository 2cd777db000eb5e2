"""REST resources of the system room; most are read only, because services write their rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.acting import Actor
from app.core.api import BackOfficeApi, OpenApiView
from app.core.personal import hide_links
from app.core.rules import N_, RuleViolation, Violation
from app.core.views import Interface
from app.core.views.page import Cell
from app.system.models import (
    ApiKey,
    Attachment,
    AuditEvent,
    CalendarDay,
    Job,
    LegalRule,
    Notification,
    NumberSeries,
    Parameter,
    Reminder,
    SavedView,
    SavedViewUse,
)
from app.system.rules import DAY_TAKEN, SETTINGS, NotificationChannel, api_key_violations
from app.system.rules.views import saved_view_violations
from app.system.services import calendar, keys, settings
from app.system.services.requests import HIDDEN_KINDS


class AuditEventApi(BackOfficeApi):
    """The audit trail."""

    datamodel = Interface(AuditEvent)
    resource_name = "audit_event"
    class_permission_name = "AuditEvent"
    list_columns = [
        "at",
        "actor_id",
        "actor_name",
        "verb",
        "entity",
        "record_id",
        "summary",
        "seal_no",
    ]
    show_columns = [*list_columns, "changes", "address", "request_id", "hash", "previous_hash"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["at", "actor_id", "verb", "entity", "record_id", "seal_no"]
    order_columns = ["id", "at", "seal_no"]


class JobApi(BackOfficeApi):
    """Background work of the actor."""

    datamodel = Interface(Job)
    resource_name = "job"
    class_permission_name = "Job"
    list_columns = [
        "kind",
        "title",
        "state",
        "progress",
        "step",
        "created_at",
        "finished_at",
        "error",
    ]
    show_columns = [*list_columns, "attempts", "started_at", "result"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["kind", "state", "created_at", "finished_at"]
    order_columns = ["id", "created_at", "finished_at"]

    def base_query(self) -> Select[Any]:
        """Work of people only."""
        return select(Job).where(Job.kind.not_in(HIDDEN_KINDS))


class NotificationApi(BackOfficeApi):
    """Messages that leave the house."""

    datamodel = Interface(Notification)
    resource_name = "notification"
    class_permission_name = "Notification"
    list_columns = ["channel", "recipient", "subject", "state", "attempts", "created_at", "sent_at"]
    show_columns = [*list_columns, "body", "owner_id", "template", "provider_ref", "error"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["channel", "state", "owner_id", "template", "created_at", "sent_at"]
    order_columns = ["id", "created_at", "sent_at"]
    # Told as if it were masked: a link that opens something by itself is not for a reader.
    formats = {"body": lambda value, _row: Cell("masked", hide_links(value or ""))}

    def base_query(self) -> Select[Any]:
        """What leaves the house."""
        return select(Notification).where(Notification.channel != NotificationChannel.PANEL)


class ReminderApi(BackOfficeApi):
    """Reminders that the clock has written."""

    datamodel = Interface(Reminder)
    resource_name = "reminder"
    class_permission_name = "Reminder"
    list_columns = [
        "owner_type",
        "owner_id",
        "kind",
        "level",
        "user_id",
        "due_on",
        "text",
        "created_at",
    ]
    show_columns = list_columns
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["owner_type", "owner_id", "kind", "level", "user_id", "due_on"]
    order_columns = ["id", "due_on", "created_at"]


class NumberSeriesApi(BackOfficeApi):
    """The last number of each series and year."""

    datamodel = Interface(NumberSeries)
    resource_name = "number_series"
    class_permission_name = "NumberSeries"
    list_columns = ["series", "year", "last", "changed_at"]
    show_columns = list_columns
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["series", "year"]
    order_columns = ["id", "series", "year", "last"]


def create_day(session: Session, *, values: Mapping[str, Any]) -> CalendarDay:
    """Enter a special day and recompute what it moves."""
    names = ("on", "kind", "name", "authority", "decision_no", "counts_as_working_day", "source")
    return calendar.add_leave(session, **{n: values[n] for n in names if n in values})


def update_day(session: Session, *, item: CalendarDay, values: Mapping[str, Any]) -> CalendarDay:
    """Change a special day and recompute what it moves."""
    for name, value in values.items():
        setattr(item, name, value)
    return calendar.change_day(session, day=item)


def remove_day(session: Session, *, item: CalendarDay) -> None:
    """Take a special day out and recompute what it moved."""
    calendar.remove_day(session, day=item)


class CalendarDayApi(BackOfficeApi):
    """Holidays, half days and leave."""

    datamodel = Interface(CalendarDay)
    resource_name = "calendar_day"
    class_permission_name = "CalendarDay"
    can_delete = True
    list_columns = ["on", "kind", "name", "counts_as_working_day", "is_estimated"]
    show_columns = [*list_columns, "authority", "decision_no", "source"]
    add_columns = [
        "on",
        "kind",
        "name",
        "counts_as_working_day",
        "authority",
        "decision_no",
        "source",
    ]
    edit_columns = [*add_columns, "is_estimated"]
    search_columns = ["on", "kind", "is_estimated"]
    order_columns = ["id", "on"]
    create = staticmethod(create_day)
    update = staticmethod(update_day)
    remove = staticmethod(remove_day)
    constraints = {
        "uq_system_calendar_day": ("on", DAY_TAKEN),
        "system_calendar_day.on": ("on", DAY_TAKEN),
    }


def create_rule(session: Session, *, values: Mapping[str, Any]) -> LegalRule:
    """Enter a new version of a period and close the one before."""
    return calendar.add_rule_version(session, **values)


class LegalRuleApi(BackOfficeApi):
    """Legal periods in versions; a POST makes a new version, nothing is edited."""

    datamodel = Interface(LegalRule)
    resource_name = "legal_rule"
    class_permission_name = "LegalRule"
    list_columns = ["key", "rule_version", "label", "law", "days", "unit", "valid_from", "valid_to"]
    show_columns = [*list_columns, "shift_to_working_day", "note"]
    add_columns = [
        "key",
        "label",
        "law",
        "days",
        "unit",
        "shift_to_working_day",
        "valid_from",
        "note",
    ]
    edit_columns: list[str] = []
    search_columns = ["key", "unit", "valid_from", "valid_to"]
    order_columns = ["id", "key", "days", "valid_from"]
    create = staticmethod(create_rule)


def update_view(
    session: Session, *, item: SavedView, values: Mapping[str, Any], actor: Actor
) -> SavedView:
    """Change an own saved view."""
    _refuse_others(item, actor)
    for name, value in values.items():
        setattr(item, name, value)
    session.flush()
    return item


def create_view(session: Session, *, values: Mapping[str, Any], actor: Actor) -> SavedView:
    """Keep a view for the actor."""
    assert actor.user_id is not None
    view = SavedView(owner_id=actor.user_id, **values)
    session.add(view)
    session.flush()
    return view


def remove_view(session: Session, *, item: SavedView, actor: Actor) -> None:
    """Delete an own saved view."""
    _refuse_others(item, actor)
    session.delete(item)


class SavedViewUseApi(BackOfficeApi):
    """/api/v1/saved_view_use/: what one has set; it is set on the page of the view."""

    datamodel = Interface(SavedViewUse)
    resource_name = "saved_view_use"
    class_permission_name = "SavedViewUse"
    list_columns = ["id", "view_id", "is_pinned", "is_default", "alert_above", "alerted_on"]
    show_columns = [*list_columns]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["view", "is_pinned", "is_default"]
    order_columns = ["id"]


def _refuse_others(view: SavedView, actor: Actor) -> None:
    if view.owner_id != actor.user_id:
        raise RuleViolation(Violation("", N_("Only the owner changes a saved view.")))


class SavedViewApi(BackOfficeApi):
    """Lists with filters under a name."""

    datamodel = Interface(SavedView)
    resource_name = "saved_view"
    class_permission_name = "SavedView"
    can_delete = True
    list_columns = [
        "screen", "name", "is_shared", "share_role", "share_unit_id", "position", "owner_id",
    ]  # fmt: skip
    show_columns = [*list_columns, "arguments"]
    edit_columns = ["name", "is_shared", "share_role", "share_unit_id", "position", "arguments"]
    add_columns = ["screen", *edit_columns]
    form_rule = staticmethod(saved_view_violations)
    search_columns = ["screen", "is_shared", "owner_id"]
    order_columns = ["id", "screen", "name", "position"]
    create = staticmethod(create_view)
    update = staticmethod(update_view)
    remove = staticmethod(remove_view)


def update_setting(session: Session, *, item: Parameter, values: Mapping[str, Any]) -> Parameter:
    """Store a setting; the rules of its kind hold."""
    if "value" not in values:
        return item
    return settings.set_setting(session, key=item.key, value=values["value"])


class ParameterApi(BackOfficeApi):
    """Settings; `value` is a text that the kind of the setting reads."""

    datamodel = Interface(Parameter)
    resource_name = "parameter"
    class_permission_name = "Parameter"
    list_columns = ["key", "value", "kind", "group"]
    show_columns = [*list_columns, "label", "help"]
    add_columns: list[str] = []
    edit_columns = ["value"]
    search_columns = ["key", "kind", "group"]
    order_columns = ["id", "key", "group"]
    update = staticmethod(update_setting)

    def base_query(self) -> Select[Any]:
        """The settings of the rules; the stamp is none."""
        return select(Parameter).where(Parameter.key.in_(SETTINGS))


class AttachmentApi(BackOfficeApi):
    """Files of records; the bytes are fetched on the screen."""

    datamodel = Interface(Attachment)
    resource_name = "attachment"
    class_permission_name = "Attachment"
    list_columns = ["name", "owner_type", "owner_id", "kind", "mime", "size", "scan", "created_at"]
    show_columns = [*list_columns, "sha256"]
    add_columns: list[str] = []
    edit_columns: list[str] = []
    search_columns = ["owner_type", "owner_id", "kind", "scan", "created_at"]
    order_columns = ["id", "name", "size", "created_at"]


def update_key(session: Session, *, item: ApiKey, values: Mapping[str, Any]) -> ApiKey:
    """Change a key; a revoked one stays ended, and a new last day lies ahead."""
    if item.revoked_at is not None and values.get("active"):
        raise RuleViolation(Violation("active", keys.REVOKED_FOR_GOOD))
    if values.get("expires_on") != item.expires_on:
        if broken := keys.expiry_violations(values, clock.now()):
            raise RuleViolation(broken)
    for name, value in values.items():
        setattr(item, name, value)
    session.flush()
    return item


class ApiKeyApi(BackOfficeApi):
    """Keys of other programs; made, renewed and revoked on the screen, where they are shown once."""

    datamodel = Interface(ApiKey)
    resource_name = "api_key"
    class_permission_name = "ApiKey"
    list_columns = ["name", "owner", "prefix", "opens_open311", "opens_calls", "channel", "active"]
    show_columns = [
        *list_columns,
        "contact",
        "rate_limit",
        "expires_on",
        "issued_at",
        "last_used_at",
        "revoked_at",
        "revoked_reason",
        "version",
    ]
    add_columns: list[str] = []
    edit_columns = [
        "name",
        "owner",
        "contact",
        "opens_open311",
        "opens_calls",
        "channel",
        "rate_limit",
        "active",
        "expires_on",
    ]
    search_columns = ["name", "opens_open311", "opens_calls", "channel", "active", "expires_on"]
    order_columns = ["id", "name", "last_used_at", "expires_on"]
    form_rule = staticmethod(api_key_violations)
    update = staticmethod(update_key)


APIS = (
    OpenApiView,
    ApiKeyApi,
    AuditEventApi,
    JobApi,
    NotificationApi,
    ReminderApi,
    NumberSeriesApi,
    CalendarDayApi,
    LegalRuleApi,
    SavedViewApi,
    SavedViewUseApi,
    ParameterApi,
    AttachmentApi,
)
