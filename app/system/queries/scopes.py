"""Which rows of this room an actor sees: the own ones, and those that belong to a visible record."""

from __future__ import annotations

from collections.abc import Collection
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
from sqlalchemy.sql.util import _deep_deannotate

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


def classes_without_messages() -> frozenset[str]:
    """Classes with a row scope that no room declares as a subject: messages about them are not seen."""
    scoped = {model.__name__ for model in scope.declared()}
    return frozenset(scoped - _OWN - scope.subjects())


def _owner_is_visible(
    type_column: Any, key_column: Any, actor: Actor, but: Collection[str] = ()
) -> ColumnElement[bool]:
    """Leave out what belongs to a record that the actor does not see.

    Each row asks for its owner by key. As IN or EXISTS, PostgreSQL would first gather every visible
    record of every kind, for a page of fifty rows. It plans every question that is written down:
    nothing is asked for the classes `but`, and what belongs to them is left out.
    """
    parts: list[ColumnElement[bool]] = []
    for model in scope.declared():
        if model.__name__ in _OWN or model.__name__ in but:
            continue
        condition = scope.criteria_for(model, actor)
        if condition is None:
            continue
        key = model.__table__.c.id  # type: ignore[attr-defined]
        # Without the marks of the ORM, by which the session would add the same condition again.
        owner = (
            select(key)
            .where(key == key_column, _deep_deannotate(condition))
            .correlate(key_column.table)
            .scalar_subquery()
        )
        parts.append(or_(type_column != model.__name__, key_column.is_(None), owner.is_not(None)))
    if but:
        parts.append(or_(type_column.not_in(sorted(but)), key_column.is_(None)))
    return and_(true(), *parts)


def visible_attachments(actor: Actor) -> ColumnElement[bool] | None:
    """Files of records that the actor may read."""
    names = [name for room in rooms() for name in room.owners if actor.may("read", name)]
    if not names:
        return false()
    others = {model.__name__ for model in scope.declared()}.difference(names)
    return and_(
        Attachment.owner_type.in_(names),
        _owner_is_visible(Attachment.owner_type, Attachment.owner_id, actor, others),
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
    but = classes_without_messages()
    return or_(own, _owner_is_visible(Notification.owner_type, Notification.owner_id, actor, but))


def visible_reminders(actor: Actor) -> ColumnElement[bool] | None:
    """Reminders of records that the actor sees."""
    but = classes_without_messages()
    return _owner_is_visible(Reminder.owner_type, Reminder.owner_id, actor, but)


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
