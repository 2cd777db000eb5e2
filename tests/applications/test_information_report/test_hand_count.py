"""The hand count and the figures."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.applications.queries import information as queries
from app.applications.rules import information as foi
from app.core import clock
from tests.applications.test_information_report.support import (
    ARTICLES,
    BEHIND,
    FIGURES,
    LINES,
    MONTHS,
    UNITS,
    YEAR,
    F,
    facts,
)

#: 342 days of 38 answers.
MEAN_DAYS = 9.0


# --- the hand count itself --------------------------------------------------------------------------
def test_the_pencil_agrees_with_itself() -> None:
    rows = facts()
    assert len(rows) == 40
    assert {f: len(numbers) for f, numbers in BEHIND.items()} == FIGURES
    assert sum(FIGURES[f] for f in foi.PARTITION) == FIGURES[F.RECEIVED]
    assert sum(MONTHS) == 40
    assert sum(row[0] for row in UNITS.values()) == 40
    assert set(FIGURES) == set(F)
    assert sum(r["days"] or 0 for r in rows) / FIGURES[F.ANSWERED] == MEAN_DAYS


# --- the figures ---------------------------------------------------------------------------------------
def test_every_figure_is_the_one_counted_by_hand(session: Any, year: dict[int, int]) -> None:
    assert queries.count_figures(session, YEAR, today=clock.today()) == FIGURES


def test_every_line_of_the_form(session: Any, year: dict[int, int]) -> None:
    counts = queries.count_figures(session, YEAR, today=clock.today())
    lines = {line.code: counts[line.figure] for line in queries.list_report_lines(session, YEAR)}
    assert lines == LINES


def test_refusals_by_article(session: Any, year: dict[int, int]) -> None:
    rows = queries.count_grounds(session, YEAR)
    found = {
        row["code"]: (row["refused"], row["partial"], row["published"], row["total"])
        for row in rows
    }
    assert found == ARTICLES
    assert list(found) == sorted(found, key=foi.number_of)


def test_by_month_by_unit_and_on_average(session: Any, year: dict[int, int]) -> None:
    today = clock.today()
    months = queries.list_month_figures(session, YEAR, today=today)
    assert tuple(row["received"] for row in months) == MONTHS
    assert [row["month"] for row in months] == list(range(1, 13))
    from app.models import Unit

    codes = {pk: code for code, pk in session.execute(select(Unit.code, Unit.id))}
    found = {
        codes.get(row["unit_id"], ""): (
            row["received"], row["granted"], row["partial"], row["refused"], row["published"],
            row["forwarded"], row["pending"], row["late"], row["days"],
        )
        for row in queries.list_unit_figures(session, YEAR, today=today)
    }  # fmt: skip
    assert found == UNITS
    assert queries.average_days(session, YEAR) == MEAN_DAYS
