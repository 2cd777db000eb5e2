"""Rows that are written on purpose: acts, views, exports, reveals and the door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.core import clock
from app.core.acting import current_actor
from app.core.database import is_inline, is_write_intended, writing
from app.core.identifiers import scrub
from app.core.text import excerpt
from app.system.models import AuditEvent
from app.system.rules import AuditVerb

_SUMMARY_LENGTH = 300


def record(
    session: Session,
    *,
    verb: AuditVerb | str,
    entity: str,
    record_id: int | None = None,
    summary: str = "",
    changes: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Write one row in the caller's transaction; the acting user is named by itself.

    Bulk statements that pass by the objects are noted with it: one row with the criteria.
    """
    actor = current_actor()
    event = AuditEvent(
        at=clock.now(),
        actor_id=actor.user_id,
        actor_name=actor.name,
        address=actor.address,
        request_id=actor.request_id,
        verb=AuditVerb(verb),
        entity=entity,
        record_id=record_id,
        summary=excerpt(scrub(summary), _SUMMARY_LENGTH - 1),
        changes=dict(changes or {}),
    )
    session.add(event)
    session.flush()
    return event


def record_access(
    session: Any,
    *,
    verb: AuditVerb | str,
    entity: str,
    record_id: int | None = None,
    summary: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Note a view, an export, a reveal or a download, and commit the note at once; for edges only.

    A reading request has a read transaction, which stays one: the note goes through a session of its
    own. A writing request may hold the only write lock that SQLite has, so there, and where a test
    shares one connection, the note goes through the given session.
    """
    values: dict[str, Any] = {
        "verb": verb,
        "entity": entity,
        "record_id": record_id,
        "summary": summary,
        "changes": changes,
    }
    given: Session = session() if callable(session) else session
    if is_inline(given):
        record(given, **values)
    elif is_write_intended() or isinstance(given.get_bind(), Connection):
        record(given, **values)
        given.commit()
    else:
        with writing(), Session(given.get_bind()) as own:
            record(own, **values)
            own.commit()
