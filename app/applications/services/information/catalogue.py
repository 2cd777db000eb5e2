"""The catalogue of published information: when an entry is due again, and that it was renewed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.applications.models import PublishedInformation
from app.applications.rules import information as foi


def settle_published(session: Session, *, item: PublishedInformation) -> PublishedInformation:
    """Store an entry with the day of its next update, which follows from the last one."""
    item.next_due_on = foi.next_update(item.cycle, item.updated_on or item.published_on)
    session.add(item)
    session.flush()
    return item


def mark_updated(session: Session, *, items: Sequence[PublishedInformation], on: dt.date) -> int:
    """Note that these entries were brought up to date on a day; how many there were."""
    for item in items:
        item.updated_on = on
        settle_published(session, item=item)
    return len(items)
