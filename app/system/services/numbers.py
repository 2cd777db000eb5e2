"""Official numbers: gapless in each series and year, whoever asks at the same moment."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core import clock
from app.system.models import NumberSeries

_DIGITS = 7


def next_number(session: Session, *, series: str, year: int) -> str:
    """Give the next number of a series, such as 2026-0000123.

    The row stays locked until the transaction ends: a commit keeps the number, a rollback gives it
    back, so that none is missing and none is given twice. The row is made on demand.
    """
    bump = (
        update(NumberSeries)
        .where(NumberSeries.series == series, NumberSeries.year == year)
        .values(
            last=NumberSeries.last + 1, version=NumberSeries.version + 1, changed_at=clock.now()
        )
        .returning(NumberSeries.last)
        .execution_options(synchronize_session=False)
    )
    last = session.execute(bump).scalar()
    if last is None:
        is_postgres = session.connection().dialect.name == "postgresql"
        make = postgresql.insert if is_postgres else sqlite.insert
        # Two writers may both find no row: the second waits here for the first and then does nothing.
        session.execute(
            make(NumberSeries)
            .values(series=series, year=year, last=0)
            .on_conflict_do_nothing(index_elements=["series", "year"])
        )
        last = session.execute(bump).scalar_one()
    return f"{year}-{last:0{_DIGITS}d}"
