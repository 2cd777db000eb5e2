"""Which rows of this room an actor sees: the own ones, and those that belong to a visible record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    and_,
    cast,
    false,
    literal,
    or_,
    select,
    true,
)

from app.core import scope
from app.core.acting import Actor
from app.core.rooms import rooms
from app.core.scope import ScopeRule
from app.system.models import (
    Attachment,
    AuditEvent,
    Job,
    Notification,
    Reminder,
    SavedView,
    SavedViewUse,
)

#: Their rows belong to this room and are ruled below, not through an owner.
_OWN = frozenset(
    {
        "Attachment",
        "AuditEvent",
        "Job",
        "Notification",
        "Reminder",
        "SavedView",
        "SavedViewUse",
    }
)


def _owner_is_visible(type_column: Any, key_column: Any, actor: Actor) -> ColumnElement[bool]:
    """Leave out what belongs to a record that the actor does not see.

    Each row asks for its owner by key. As IN or EXISTS, PostgreSQL would first gather every visible
    record of every kind, for a page of fifty rows.
    """
    parts: list[ColumnElement[bool]] = []
    for model in scope.declared():
        if model.__name__ in _OWN:
            continue
        condition = scope.criteria_for(model, actor)
        if condition is not None:
            key = model.__table__.c.id  # type: ignore[attr-defined]
            owner = (
                select(key)
                .where(key == key_column, condition)
                .correlate(key_column.table)
                .scalar_subquery()
            )
            parts.append(
                or_(type_column != model.__name__, key_column.is_(None), owner.is_not(None))
            )
    return and_(true(), *parts)


def visible_attachments(actor: Actor) -> ColumnElement[bool] | None:
    """Files of records that the actor may read."""
    names = [name for room in rooms() for name in room.owners if actor.may("read", name)]
    if not names:
        return false()
    return and_(
        Attachment.owner_type.in_(names),
        _owner_is_visible(Attachment.owner_type, Attachment.owner_id, actor),
    )


def visible_events(actor: Actor) -> ColumnElement[bool] | None:
    """The trail without what concerns records that the actor does not see."""
    return _owner_is_visible(AuditEvent.entity, AuditEvent.record_id, actor)


def visible_jobs(actor: Actor) -> ColumnElement[bool] | None:
    """The own jobs; who may write jobs looks after those of everybody."""
    return None if actor.may("write", "Job") else Job.created_by_id == actor.user_id


def visible_notifications(actor: Actor) -> ColumnElement[bool] | None:
    """The own messages of the panel, and with the right to read them the outbox of visible records."""
    own = Notification.user_id == actor.user_id
    if not actor.may("read", "Notification"):
        return own
    return or_(own, _owner_is_visible(Notification.owner_type, Notification.owner_id, actor))


def visible_reminders(actor: Actor) -> ColumnElement[bool] | None:
    """Reminders of records that the actor sees."""
    return _owner_is_visible(Reminder.owner_type, Reminder.owner_id, actor)


def visible_views(actor: Actor) -> ColumnElement[bool] | None:
    """The own saved views, and those that are shared with everybody, the own role or the own unit.

    A view shared with a role and a unit is for those who are both; a unit means those below it too.
    """
    for_role = or_(SavedView.share_role == "", SavedView.share_role.in_(sorted(actor.roles)))
    for_unit: ColumnElement[bool] = SavedView.share_unit_id.is_(None)
    if actor.unit_id is not None:
        # The table of the room above is named through the metadata.
        units = SavedView.metadata.tables["organisation_unit"].c
        above = (
            select(units.id)
            .where(
                units.id == actor.unit_id,
                units.path.like(literal("%/") + cast(SavedView.share_unit_id, String) + "/%"),
            )
            .exists()
        )
        for_unit = or_(for_unit, above)
    shared = and_(SavedView.is_shared.is_(True), for_role, for_unit)
    return or_(SavedView.owner_id == cast(actor.user_id, Integer), shared)


def visible_uses(actor: Actor) -> ColumnElement[bool] | None:
    """What somebody does with a view is nobody else's business."""
    return SavedViewUse.user_id == cast(actor.user_id, Integer)


SCOPES: dict[type, ScopeRule] = {
    Attachment: visible_attachments,
    AuditEvent: visible_events,
    Job: visible_jobs,
    Notification: visible_notifications,
    Reminder: visible_reminders,
    SavedView: visible_views,
    SavedViewUse: visible_uses,
}
