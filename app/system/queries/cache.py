"""Small things kept in the process as long as the stamp of the house holds; nothing grows here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.core.stamp import note_stamp, noted_stamp
from app.system.models import Parameter
from app.system.rules import STAMP_KEY

T = TypeVar("T")

#: Engine → the stamp and what was made under it; a new stamp empties it.
_kept: WeakKeyDictionary[Engine, tuple[str, dict[str, Any]]] = WeakKeyDictionary()


def read_stamp(session: Session) -> str:
    """The stamp as this transaction sees it; read once in each transaction."""
    known = noted_stamp(session)
    if known is not None:
        return known
    table = Parameter.__table__
    stamp = session.connection().execute(select(table.c.value).where(table.c.key == STAMP_KEY))
    value = str(stamp.scalar() or "")
    note_stamp(session, value)
    return value


def kept(session: Session, name: str, make: Callable[[Session], T]) -> T:
    """What `make` returned under the present stamp; made anew while there is no stamp at all."""
    stamp = read_stamp(session)
    if not stamp:
        return make(session)
    engine = session.connection().engine
    found = _kept.get(engine)
    if found is None or found[0] != stamp:
        found = (stamp, {})
        _kept[engine] = found
    if name not in found[1]:
        found[1][name] = make(session)
    value: T = found[1][name]
    return value
