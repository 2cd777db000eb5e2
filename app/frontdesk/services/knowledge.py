"""Keeping knowledge items: editions, their use, notices to the owner."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import inspect, update
from sqlalchemy.orm import Session

from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import Actor
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import clean, format_date
from app.frontdesk.models import KnowledgeItem
from app.frontdesk.queries.knowledge import list_due_for_review
from app.frontdesk.rules.knowledge import Validity, validity_of
from app.system.services import outbox

ITEM_URL = "/knowledge/show/{}"


def prepare_item(session: Session, *, item: KnowledgeItem, today: dt.date | None = None) -> None:
    """Stamp an item whose values already stand on it: a new answer is a new edition, looked at today."""
    day = today or clock.today()
    state: Any = inspect(item)
    if not state.persistent:
        item.edition, item.reviewed_on = 1, day
        return
    answer = state.attrs.answer.history
    review = state.attrs.review_on.history
    if answer.has_changes():
        item.edition = (item.edition or 1) + 1
    if answer.has_changes() or review.has_changes():
        item.reviewed_on = day


def note_use(session: Session, *, item: KnowledgeItem) -> None:
    """Count that an item answered a call; it passes by version and trail, being no change of the item."""
    table = KnowledgeItem.__table__
    session.flush()
    session.connection().execute(
        update(table)
        .where(table.c.id == item.id)
        .values(
            used_count=table.c.used_count + 1,
            changed_at=table.c.changed_at,
            changed_by_id=table.c.changed_by_id,
        )
    )
    session.expire(item, ["used_count"])


def report_outdated(
    session: Session, *, item: KnowledgeItem, text: str, actor: Actor, today: dt.date | None = None
) -> None:
    """Tell the owner that an operator finds an item wrong; once a person and day."""
    words = clean(text)
    if not words:
        raise RuleViolation(Violation("text", N_("Write what is wrong with the answer.")))
    outbox.notify_user(
        session,
        user_id=item.owner_id,
        subject=turkish(N_("Reported as out of date: %(title)s"), title=item.title)[:200],
        body=words,
        url=ITEM_URL.format(item.id),
        owner_type="KnowledgeItem",
        owner_id=item.id,
        template="knowledge_outdated",
        dedupe_key=f"knowledge:{item.id}:outdated:{actor.user_id}:{today or clock.today()}",
    )


def remind_owners(session: Session, *, today: dt.date | None = None) -> int:
    """Remind the owners of items whose review comes near or has passed; once for each review day."""
    day, told = today or clock.today(), 0
    for item in list_due_for_review(session, day):
        state = validity_of(item.valid_until, item.review_on, today=day)
        message = (
            N_("Out of date since %(day)s: %(title)s")
            if state is Validity.OUT_OF_DATE
            else N_("To be looked at until %(day)s: %(title)s")
        )
        ends = item.valid_until if state is Validity.OUT_OF_DATE else item.review_on
        row = outbox.notify_user(
            session,
            user_id=item.owner_id,
            subject=turkish(message, day=format_date(ends), title=item.title)[:200],
            url=ITEM_URL.format(item.id),
            owner_type="KnowledgeItem",
            owner_id=item.id,
            template="knowledge_review",
            dedupe_key=f"knowledge:{item.id}:{state.value}:{ends}",
        )
        told += row is not None
    return told
