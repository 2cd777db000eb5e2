"""Rows of a list by keyset: any page costs the same, and counting stops where nobody reads on."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select

from app.core.acting import current_actor
from app.core.scope import sees_all
from app.core.text import format_number

#: Counting stops here; above it a list says "10.000+".
COUNT_CAP = 10_000
#: Tabs count less far, because a page has several of them.
TAB_CAP = 1_000


@dataclass(frozen=True)
class Order:
    """One way to sort: the mapped column, a key and the direction; the id breaks ties."""

    key: str
    column: Any
    descending: bool = False


@dataclass(frozen=True)
class Slice:
    """Some rows in order, with cursors to the neighbours (None: there is none)."""

    rows: Sequence[Any]
    before: str | None
    after: str | None


def encode_cursor(value: Any, pk: int, *, backwards: bool = False) -> str:
    """An opaque place in the order."""
    if isinstance(value, dt.datetime):
        value = {"t": value.isoformat()}
    elif isinstance(value, dt.date):
        value = {"d": value.isoformat()}
    elif isinstance(value, Decimal):
        value = {"n": str(value)}
    elif isinstance(value, Enum):
        value = {"e": value.value}
    raw = json.dumps([value, pk, int(backwards)], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def decode_cursor(cursor: str, column: Any) -> tuple[Any, int, bool] | None:
    """(value, id, backwards), or None for anything that is no cursor of ours."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        value, pk, backwards = json.loads(raw)
        if isinstance(value, Mapping):
            kind, inner = next(iter(value.items()))
            value = {
                "t": lambda: dt.datetime.fromisoformat(inner),
                "d": lambda: dt.date.fromisoformat(inner),
                "n": lambda: Decimal(inner),
                "e": lambda: column.type.enum_class(inner),
            }[kind]()
        return value, int(pk), bool(backwards)
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration, binascii.Error):
        return None


def _beyond(order: Order, pk_column: Any, value: Any, pk: int, *, descending: bool) -> Any:
    """Rows after (value, pk) in the given direction; NULLs come last going up, first going down."""
    column = order.column
    next_pk = pk_column < pk if descending else pk_column > pk
    if value is None:
        same = and_(column.is_(None), next_pk)
        return or_(column.is_not(None), same) if descending else same
    ahead = column < value if descending else column > value
    reach = column <= value if descending else column >= value
    found = and_(reach, or_(ahead, next_pk))
    nullable = getattr(column, "nullable", True)
    return found if descending or not nullable else or_(found, column.is_(None))


def fetch_slice(
    session: Any,
    stmt: Select[Any],
    model: Any,
    order: Order,
    *,
    cursor: str | None,
    size: int,
    options: Sequence[Any] = (),
) -> Slice:
    """`size` rows of `stmt` in `order`, from `cursor` on; one statement.

    Where the actor may see every row, the keys are found and sorted first and `options` joined to
    those few rows only: sorting thousands of hits with everything they show costs more than finding
    them. A row scope is a join of its own and must not be asked twice.
    """
    pk_column = model.id
    place = decode_cursor(cursor, order.column) if cursor else None
    backwards = bool(place and place[2])
    descending = order.descending != backwards
    if place is not None:
        stmt = stmt.where(_beyond(order, pk_column, place[0], place[1], descending=descending))
    column = order.column
    if getattr(column, "nullable", True):
        keys = [column.desc().nulls_first() if descending else column.asc().nulls_last()]
    else:
        keys = [column.desc() if descending else column.asc()]
    if column is not pk_column:
        keys.append(pk_column.desc() if descending else pk_column.asc())
    shown = stmt.limit(size + 1)
    if sees_all(model, current_actor()):
        found = stmt.with_only_columns(pk_column, maintain_column_froms=True)
        found = found.order_by(*keys).limit(size + 1)
        shown = select(model).where(pk_column.in_(found))
    rows = list(session.execute(shown.options(*options).order_by(*keys)).unique().scalars())
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()

    def cursor_of(row: Any, *, back: bool) -> str:
        return encode_cursor(getattr(row, order.column.key), row.id, backwards=back)

    has_before = more if backwards else place is not None
    has_after = True if backwards else more
    return Slice(
        rows,
        cursor_of(rows[0], back=True) if rows and has_before else None,
        cursor_of(rows[-1], back=False) if rows and has_after else None,
    )


def capped(stmt: Select[Any], model: Any, cap: int = COUNT_CAP) -> Any:
    """A scalar subquery that counts the rows of `stmt`, at most `cap` + 1 of them."""
    inner = stmt.with_only_columns(model.id, maintain_column_froms=True).order_by(None)
    return select(func.count()).select_from(inner.limit(cap + 1).subquery()).scalar_subquery()


def count_many(session: Any, counters: Sequence[Any]) -> list[int]:
    """All counters in one statement."""
    if not counters:
        return []
    row = session.execute(
        select(*(c.label(f"c{i}") for i, c in enumerate(counters)), literal(1))
    ).one()
    return [int(n or 0) for n in row[:-1]]


def written_count(n: int, cap: int = COUNT_CAP, lang: str = "tr") -> str:
    """A count as the list writes it: 1.284 or 10.000+."""
    return f"{format_number(cap, lang=lang)}+" if n > cap else format_number(n, lang=lang)
