"""Reads of the directory: finding a room by what a citizen says, tiles, signs, figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.applications.queries.figures import Narrow, everything
from app.core.search import like_escape
from app.core.text import fold
from app.frontdesk.models import ServicePoint
from app.frontdesk.rules.directory import sign_key, stems_of
from app.organisation.models import Unit

_P = ServicePoint


def is_meant_by(words: Sequence[str]) -> ColumnElement[bool]:
    """Every word stands in the point's own words or in the names of its unit; needs the unit joined.

    A visitor mixes both: “imar 3. kat”, “fen işleri asfalt”.
    """
    return and_(
        *(
            or_(
                _P.search_text.like(f"%{like_escape(word)}%", escape="\\"),
                Unit.search_text.like(f"%{like_escape(word)}%", escape="\\"),
            )
            for word in words
        )
    )


def of_unit_words(query: str) -> ColumnElement[bool]:
    """The point belongs to a unit that is called so; for the search box of the list."""
    words = [like_escape(word) for word in fold(query).split()[:8]]
    units = select(Unit.id).where(
        and_(*(Unit.search_text.like(f"%{word}%", escape="\\") for word in words))
    )
    return _P.unit_id.in_(units)


def find_points(session: Session, query: str, limit: int = 12) -> Sequence[ServicePoint]:
    """Points in use that are meant by the words; those whose name begins so come first.

    Where nothing is found, the words are looked up once more without their endings.
    """
    folded = fold(query)
    stmt = (
        select(_P)
        .outerjoin(_P.unit)
        .where(_P.active.is_(True))
        .options(contains_eager(_P.unit))
        .limit(limit)
    )
    if not folded:
        return session.scalars(stmt.order_by(_P.is_tile.desc(), _P.position, _P.name, _P.id)).all()
    begins = _P.search_text.like(f"{like_escape(folded)}%", escape="\\")
    stmt = stmt.order_by(begins.desc(), _P.name, _P.id)
    words = folded.split()[:8]
    found = session.scalars(stmt.where(is_meant_by(words))).all()
    stems = stems_of(words)
    if found or stems == words:
        return found
    return session.scalars(stmt.where(is_meant_by(stems))).all()


def list_tiles(session: Session, limit: int = 8) -> Sequence[ServicePoint]:
    """The points that have a tile on the fast screen, in their order."""
    stmt = select(_P).where(_P.active.is_(True), _P.is_tile.is_(True))
    return session.scalars(stmt.order_by(_P.position, _P.id).limit(limit)).all()


def list_signs(session: Session, building: str = "") -> Sequence[ServicePoint]:
    """Every point in use by building, floor and room, for the list on the wall."""
    stmt = select(_P).where(_P.active.is_(True)).options(joinedload(_P.unit))
    if building:
        stmt = stmt.where(_P.building == building)
    return sorted(session.scalars(stmt.order_by(_P.id)), key=sign_key)


def list_buildings(session: Session) -> Sequence[str]:
    """Names of the buildings that have a point in use."""
    stmt = select(_P.building).where(_P.active.is_(True), _P.building != "").distinct()
    return session.scalars(stmt.order_by(_P.building)).all()


def find_desk(session: Session) -> ServicePoint | None:
    """The point at which the Solution Desk sits; the first one if there are several."""
    stmt = select(_P).where(_P.active.is_(True), _P.is_desk.is_(True))
    return session.scalars(stmt.order_by(_P.position, _P.id)).first()


def count_by_place(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """Building, floor, count of points in use."""
    stmt = select(
        _P.building.label("building"), _P.floor.label("floor"), func.count().label("count")
    ).where(_P.active.is_(True))
    rows = session.execute(narrow(stmt).group_by(_P.building, _P.floor)).mappings()
    return [dict(row) for row in rows]


def count_accessible(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """is_accessible, count of points in use."""
    stmt = select(_P.is_accessible.label("is_accessible"), func.count().label("count"))
    rows = session.execute(narrow(stmt.where(_P.active.is_(True))).group_by(_P.is_accessible))
    return [{"is_accessible": bool(yes), "count": int(n)} for yes, n in rows]
