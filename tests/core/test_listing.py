"""Pages by keyset: put together they are the whole list, forwards and backwards, NULLs included."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Integer, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.core.views import listing


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "row"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    due: Mapped[int | None] = mapped_column(Integer)
    number: Mapped[int] = mapped_column(Integer)


def filled(values: list[int | None]) -> Session:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    session = Session(engine)
    session.add_all(Row(due=v, number=(v or 0)) for v in values)
    session.commit()
    return session


def walk(session: Session, order: listing.Order, size: int) -> list[int]:
    seen: list[int] = []
    cursor: str | None = None
    while True:
        part = listing.fetch_slice(session, select(Row), Row, order, cursor=cursor, size=size)
        seen += [r.id for r in part.rows]
        if part.after is None:
            return seen
        cursor = part.after


def expected(values: list[int | None], *, descending: bool) -> list[int]:
    pairs = [(v is None, v or 0, i) for i, v in enumerate(values, start=1)]
    return [i for _n, _v, i in sorted(pairs, reverse=descending)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 5)), max_size=30), st.booleans(), st.integers(1, 7)
)
def test_pages_put_together_are_the_whole_list(
    values: list[int | None], descending: bool, size: int
) -> None:
    with filled(values) as session:
        order = listing.Order("due", Row.due, descending)
        assert walk(session, order, size) == expected(values, descending=descending)


def test_going_back_shows_the_same_rows_again() -> None:
    with filled([3, 1, None, 2, 2, None, 5, 4]) as session:
        order = listing.Order("due", Row.due)
        first = listing.fetch_slice(session, select(Row), Row, order, cursor=None, size=3)
        second = listing.fetch_slice(session, select(Row), Row, order, cursor=first.after, size=3)
        back = listing.fetch_slice(session, select(Row), Row, order, cursor=second.before, size=3)
        assert [r.id for r in back.rows] == [r.id for r in first.rows]
        assert first.before is None
        assert back.before is None


@pytest.mark.parametrize("cursor", ["", "abc", "W10", "eyJhIjoxfQ", "%%%", "WzEsMl0", "🙂"])
def test_a_cursor_that_is_none_of_ours_shows_the_first_page(cursor: str) -> None:
    with filled([2, 1]) as session:
        order = listing.Order("due", Row.due)
        part = listing.fetch_slice(session, select(Row), Row, order, cursor=cursor, size=5)
        assert [r.id for r in part.rows] == [2, 1]


def test_counting_stops_at_the_cap() -> None:
    with filled(list(range(30))) as session:
        stmt: Any = select(Row)
        assert listing.count_many(
            session, [listing.capped(stmt, Row, 10), listing.capped(stmt, Row, 100)]
        ) == [11, 30]
        assert listing.written_count(11, 10) == "10+"
        assert listing.written_count(1284) == "1.284"
