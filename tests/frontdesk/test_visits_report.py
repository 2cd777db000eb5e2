"""The visitor report of a period: figures that agree with the list, as PDF and workbook."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
import python_calamine
from sqlalchemy import func, select

from app.core import clock
from app.core.acting import acting_as
from app.core.reports import drawing
from app.frontdesk.queries import visits as queries
from app.frontdesk.queries import visits_figures
from app.frontdesk.rules.visits import WAITING_BOUNDS, median, waiting_band
from app.models import ReportRun, Unit, Visit
from app.reporting import services
from app.reporting.rules import RunState
from app.system.services import attachments
from tests.core.pdf_text import pdf_text
from tests.support import actor_of

KEY = "visit_period"


@pytest.fixture
def last_month() -> tuple[dt.date, dt.date]:
    first = clock.today().replace(day=1)
    last = first - dt.timedelta(days=1)
    return last.replace(day=1), last


def order(app: Any, session: Any, account: str = "mudur", **more: Any) -> ReportRun:
    from app.system.tasks import run_job

    first = clock.today().replace(day=1) - dt.timedelta(days=1)
    form = {"period": "month", "year": str(first.year), "number": str(first.month), **more}
    actor = actor_of(app, session, account)
    with acting_as(actor):
        run = services.request_run(session, key=KEY, parameters=form, actor=actor)
    session.commit()
    run_job(run.job_id)
    session.expire_all()
    return session.get(ReportRun, run.id)


@pytest.fixture
def drawn_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = {"svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "png": ""}
    monkeypatch.setattr(drawing, "_draw", lambda specs, timeout: [picture for _spec in specs])


@pytest.mark.usefixtures("drawn_quickly")
def test_the_report_is_kept_as_pdf_and_workbook(
    app: Any, session: Any, last_month: tuple[dt.date, dt.date]
) -> None:
    run = order(app, session)
    assert run.state is RunState.DONE, run.problem if hasattr(run, "problem") else run.state
    pdf, xlsx = (attachments.read(file) for file in run.files)
    text = pdf_text(pdf)
    assert "itibarıyla" in text
    assert "Ziyaretçi" in text
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(xlsx))
    cells = [
        cell
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    ]
    people = visits_figures.find_main_figures(session, queries.is_between(*last_month))["people"]
    assert people > 0
    assert people in cells or str(people) in {str(cell) for cell in cells}


@pytest.mark.usefixtures("drawn_quickly")
def test_the_report_of_a_unit_counts_its_visits_only(app: Any, session: Any) -> None:
    unit = session.scalar(
        select(Visit.unit_id)
        .where(Visit.unit_id.is_not(None))
        .group_by(Visit.unit_id)
        .order_by(func.count())
        .limit(1)
    )
    run = order(app, session, unit=str(unit))
    assert run.state is RunState.DONE
    assert str(session.get(Unit, unit)) in pdf_text(attachments.read(run.files[0]))


# --- figures agree with the rows --------------------------------------------------------------------------
def rows_of(session: Any) -> list[Visit]:
    return list(session.scalars(select(Visit)))


def test_waiting_groups_count_every_visit_that_was_received(session: Any) -> None:
    bands = visits_figures.count_waiting_bands(session)
    assert [row["minutes"] for row in bands] == list(WAITING_BOUNDS)
    counted = dict.fromkeys(range(len(WAITING_BOUNDS)), 0)
    for visit in rows_of(session):
        if visit.served_at is not None:
            minutes = (visit.served_at - visit.waiting_since).total_seconds() / 60
            counted[waiting_band(minutes)] += 1
    assert [row["count"] for row in bands] == list(counted.values())


def test_the_middle_wait_and_the_ninth_of_ten(session: Any) -> None:
    waits = sorted(
        (v.served_at - v.waiting_since).total_seconds() / 60
        for v in rows_of(session)
        if v.served_at is not None
    )
    found = visits_figures.find_wait(session)
    assert found["count"] == len(waits)
    assert found["median"] == pytest.approx(median(waits), abs=0.06)
    nine_of_ten = waits[-(-len(waits) * 9 // 10) - 1]
    assert found["p90"] == pytest.approx(nine_of_ten, abs=0.06)
    assert found["short"] == pytest.approx(100 * sum(w <= 10 for w in waits) / len(waits), abs=0.2)


def test_every_division_of_the_people_adds_up(session: Any) -> None:
    people = sum(visit.people for visit in rows_of(session))
    for counted in (
        visits_figures.count_by_weekday_and_hour,
        visits_figures.count_by_point,
        visits_figures.count_by_unit,
        visits_figures.count_by_reason,
        visits_figures.count_by_month_and_reason,
        visits_figures.count_per_day,
    ):
        assert sum(row["count"] for row in counted(session)) == people, counted.__name__
    assert visits_figures.find_main_figures(session)["people"] == people


def test_hours_are_those_of_istanbul(session: Any) -> None:
    counted: dict[tuple[int, int], int] = {}
    for visit in rows_of(session):
        local = clock.to_local(visit.at)
        key = (local.isoweekday(), local.hour)
        counted[key] = counted.get(key, 0) + visit.people
    found = {
        (int(row["weekday"]), int(row["hour"])): int(row["count"])
        for row in visits_figures.count_by_weekday_and_hour(session)
    }
    assert found == counted
