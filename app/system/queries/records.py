"""What belongs to a record or a person: its trail, files, saved views and unread messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, func, select
from sqlalchemy.orm import Session

from app.system.models import Attachment, AuditEvent, Notification, SavedView, SavedViewUse
from app.system.rules import NotificationChannel


def list_history(
    session: Session, entity: str, record_id: int, limit: int = 50
) -> Sequence[AuditEvent]:
    """The newest audit rows of one record, newest first."""
    return session.scalars(
        select(AuditEvent)
        .where(AuditEvent.entity == entity, AuditEvent.record_id == record_id)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    ).all()


def list_files(session: Session, owner_type: str, owner_id: int) -> Sequence[Attachment]:
    """The attachments of one record, oldest first."""
    return session.scalars(
        select(Attachment)
        .where(Attachment.owner_type == owner_type, Attachment.owner_id == owner_id)
        .order_by(Attachment.id)
    ).all()


@dataclass(frozen=True)
class KeptView:
    """A saved view as the tabs of its list need it."""

    id: int
    screen: str
    name: str
    arguments: Mapping[str, Any]
    opens_first: bool = False


def list_saved_views(session: Session, screen: str, user_id: int) -> Sequence[KeptView]:
    """The views of a list that a person sees, the own ones first; the session knows which are shared."""
    return _kept(
        session,
        _with_use(user_id)
        .where(SavedView.screen == screen)
        .order_by(SavedView.owner_id != user_id, SavedView.position, SavedView.name)
        .limit(30),
    )


def list_pinned_views(session: Session, user_id: int, limit: int = 12) -> Sequence[KeptView]:
    """The views that a person has put on the home page."""
    return _kept(
        session,
        _with_use(user_id)
        .where(SavedViewUse.is_pinned.is_(True))
        .order_by(SavedView.screen, SavedView.position, SavedView.name)
        .limit(limit),
    )


def _with_use(user_id: int) -> Select[Any]:
    use = and_(SavedViewUse.view_id == SavedView.id, SavedViewUse.user_id == user_id)
    return select(
        SavedView.id,
        SavedView.screen,
        SavedView.name,
        SavedView.arguments,
        func.coalesce(SavedViewUse.is_default, False),
    ).outerjoin(SavedViewUse, use)


def _kept(session: Session, stmt: Select[Any]) -> list[KeptView]:
    return [
        KeptView(pk, screen, name, arguments or {}, bool(first))
        for pk, screen, name, arguments, first in session.execute(stmt)
    ]


def unread_counter(user_id: int) -> ScalarSelect[int]:
    """Counts the messages of the panel that a person has not read, inside a larger statement.

    Asked of the table, since own messages are in everybody's scope and the rest of that rule would
    cost each page 15 ms.
    """
    row = Notification.__table__.c
    return (
        select(func.count())
        .select_from(Notification.__table__)
        .where(
            row.user_id == user_id,
            row.channel == NotificationChannel.PANEL,
            row.read_at.is_(None),
        )
        .scalar_subquery()
    )


def list_panel_messages(session: Session, user_id: int, limit: int = 100) -> Sequence[Notification]:
    """The newest messages of the panel of one person."""
    return session.scalars(
        select(Notification)
        .where(Notification.user_id == user_id, Notification.channel == NotificationChannel.PANEL)
        .order_by(Notification.id.desc())
        .limit(limit)
    ).all()
