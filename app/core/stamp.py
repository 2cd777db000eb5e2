"""The stamp of the house as a transaction has read it; who signs a request in reads it with the user."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session, scoped_session

_INFO = "house_stamp"


def _place(session: Session) -> tuple[Any, Any]:
    return session.get_transaction(), session.get_nested_transaction()


def _real(session: Any) -> Session:
    """The session of a request may be handed over by its registry, which knows no transactions."""
    return session() if isinstance(session, scoped_session) else session  # type: ignore[no-any-return]


def note_stamp(session: Any, value: str) -> None:
    """Keep what was just read until the transaction is over."""
    session = _real(session)
    session.info[_INFO] = (_place(session), value)


def noted_stamp(session: Any) -> str | None:
    """The stamp that this transaction has read; None when it has not."""
    session = _real(session)
    place, known = _place(session), session.info.get(_INFO)
    return str(known[1]) if known and place[0] is not None and known[0] == place else None


def forget_stamp(session: Any) -> None:
    """Read the stamp anew at the next look; called by whoever changes it."""
    _real(session).info.pop(_INFO, None)
