"""Dealing with a difference: explained with a reason, registered from the row, or opened again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications.models import Application, Reconciliation, ReconciliationItem
from app.applications.rules.reconciling import (
    Explanation,
    ItemKind,
    Resolution,
    explanation_violations,
)
from app.applications.services.moves import check_version, flush
from app.applications.services.reconciling.comparing import check_reconciler, count_open
from app.core import clock
from app.core.acting import Actor
from app.core.rules import RuleViolation, collect


def explain_item(
    session: Session,
    *,
    item: ReconciliationItem,
    reason: str,
    actor: Actor,
    note: str = "",
    now: dt.datetime | None = None,
    version: int | None = None,
) -> ReconciliationItem:
    """Mark a difference as explained. Raises RuleViolation without a reason."""
    check_reconciler(actor)
    check_version(item, version)
    if broken := collect(explanation_violations(reason, note)):
        raise RuleViolation(broken)
    item.resolution, item.reason = Resolution.EXPLAINED, Explanation(reason)
    item.note = note.strip()
    item.resolved_at, item.resolved_by_id = now or clock.now(), actor.user_id
    flush(session)
    count_open(session, item.reconciliation)
    return item


def reopen_item(
    session: Session, *, item: ReconciliationItem, actor: Actor, version: int | None = None
) -> ReconciliationItem:
    """Take back what was done about a difference."""
    check_reconciler(actor)
    check_version(item, version)
    item.resolution, item.reason = Resolution.OPEN, None
    item.resolved_at = item.resolved_by_id = None
    flush(session)
    count_open(session, item.reconciliation)
    return item


def settle_registered(
    session: Session, *, application: Application, actor: Actor, now: dt.datetime | None = None
) -> int:
    """Mark the open differences that this case was missing in as registered; how many they were."""
    items = session.scalars(
        select(ReconciliationItem).where(
            ReconciliationItem.external_ref == (application.external_ref or ""),
            ReconciliationItem.kind == ItemKind.MISSING_HERE,
            ReconciliationItem.resolution == Resolution.OPEN,
        )
    ).all()
    for item in items:
        item.resolution, item.application_id = Resolution.REGISTERED, application.id
        item.resolved_at, item.resolved_by_id = now or clock.now(), actor.user_id
    flush(session)
    for pk in {item.reconciliation_id for item in items}:
        count_open(session, session.get_one(Reconciliation, pk))
    return len(items)
