"""Charts of applications: every mark leads to as many cases as it counts, in every scope."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from app.applications.charts import APPLICATION_CHARTS, CHARTS
from app.applications.charts.declarations import age_span, month_span
from app.applications.models import Application
from app.applications.queries import figures
from app.core import clock
from app.core.acting import acting_as
from app.core.charts import build_spec
from tests.support import actor_of

#: Their value is a rate or a median, so the list behind a mark is not as long as the value.
NOT_COUNTS = {"on_time_units", "unit_durations"}


def screen(app: Any, name: str) -> Any:
    return next(v for v in app.extensions["appbuilder"].baseviews if type(v).__name__ == name)


def behind(app: Any, session: Any, url: str) -> int:
    """How many rows the list of an address has."""
    parts = urlsplit(url)
    assert parts.path == "/applications/list/"
    args = MultiDict([(k, v) for k, values in parse_qs(parts.query).items() for v in values])
    stmt, errors = screen(app, "ApplicationView").filtered(args)
    assert errors == {}
    return session.scalar(select(func.count()).select_from(stmt.order_by(None).subquery()))


@pytest.mark.parametrize("chart", [c for c in APPLICATION_CHARTS if c.drill], ids=lambda c: c.key)
def test_every_mark_leads_to_as_many_cases_as_it_counts(app: Any, session: Any, chart: Any) -> None:
    view = screen(app, "ApplicationChart")
    with (
        app.test_request_context("/applications/charts/"),
        acting_as(actor_of(app, session, "mudur")),
    ):
        args = view._args(MultiDict())
        rows = chart.query(session, view._params(chart, args))
        link = view._link(chart, args)
        drilled = [(row, link(chart.drill(row))) for row in rows]
        counted = [(row, url) for row, url in drilled if url]
        assert counted, "the demo data must fill every chart"
        for row, url in counted[:12]:
            found = behind(app, session, url)
            if chart.key not in NOT_COUNTS:
                assert found == row[chart.measure.name], (row, url)


def test_a_span_of_days_narrower_than_a_month_narrows_the_drill_too(app: Any, session: Any) -> None:
    view = screen(app, "ApplicationChart")
    chart = next(c for c in APPLICATION_CHARTS if c.key == "month_channel")
    today = clock.today()
    args = MultiDict(
        {
            "received_from": (today - dt.timedelta(days=45)).isoformat(),
            "received_to": (today - dt.timedelta(days=3)).isoformat(),
        }
    )
    with (
        app.test_request_context("/applications/charts/"),
        acting_as(actor_of(app, session, "mudur")),
    ):
        rows = chart.query(session, view._params(chart, args))
        link = view._link(chart, args)
        assert rows
        for row in rows:
            assert behind(app, session, link(chart.drill(row))) == row["count"]


def test_a_liaison_counts_only_what_was_sent_to_the_own_unit(app: Any, session: Any) -> None:
    chart = next(c for c in APPLICATION_CHARTS if c.key == "kinds")
    params = {"narrow": figures.everything, "today": clock.today(), "args": {}, "lang": "tr"}
    everybody = sum(row["count"] for row in chart.query(session, params))
    with acting_as(actor_of(app, session, "birim")):
        own = sum(row["count"] for row in chart.query(session, params))
        visible = session.scalar(select(func.count()).select_from(Application))
    assert own == visible
    assert 0 < own < everybody


def test_restricted_cases_are_not_counted_for_those_who_may_not_see_them(
    app: Any, session: Any
) -> None:
    item = session.scalars(select(Application).limit(1)).one()
    with acting_as(actor_of(app, session, "operator")):
        before = figures.find_main_figures(session)["received"]
    hidden = item.is_restricted
    item.is_restricted = not hidden
    session.flush()
    with acting_as(actor_of(app, session, "operator")):
        after = figures.find_main_figures(session)["received"]
    assert after - before == (1 if hidden else -1)


def test_the_median_is_the_median(session: Any) -> None:
    rows = session.execute(
        select(Application.received_at, Application.answered_at).where(
            Application.answered_at.is_not(None)
        )
    ).all()
    days = sorted((answered - received).total_seconds() / 86400 for received, answered in rows)
    n = len(days)
    expected = (days[(n - 1) // 2] + days[n // 2]) / 2
    found = figures.find_duration(session)
    assert found["answered"] == n
    assert found["median"] == pytest.approx(expected, abs=0.06)
    assert found["p90"] == pytest.approx(days[-(-9 * n // 10) - 1], abs=0.06)


def test_the_backlog_counts_every_open_case_once(session: Any) -> None:
    from app.applications.rules import OPEN_STATES

    rows = figures.count_backlog_by_age(session)
    total = session.scalar(
        select(func.count())
        .select_from(Application)
        .where(Application.state.in_(sorted(OPEN_STATES)))
    )
    assert sum(row["count"] for row in rows) == total
    assert {row["age"] for row in rows} <= set(range(5))


def test_hours_and_days_are_those_of_the_local_clock(session: Any) -> None:
    from app.applications.queries.moments import local_day, local_hour, local_weekday

    moment = dt.datetime(2026, 11, 22, 22, 30, tzinfo=dt.UTC)
    item = session.scalars(select(Application).limit(1)).one()
    item.received_at = moment
    item.answered_at = None
    session.flush()
    found = session.execute(
        select(
            local_day(Application.received_at),
            local_weekday(Application.received_at),
            local_hour(Application.received_at),
        ).where(Application.id == item.id)
    ).one()
    # 22.30 in Greenwich on Sunday is half past one on Monday in Istanbul.
    assert tuple(found) == (dt.date(2026, 11, 23), 1, 1)


def test_the_groups_of_age_touch_and_do_not_overlap() -> None:
    today = dt.date(2026, 11, 23)
    assert age_span(0, today) == {"received_from": "2026-11-20"}
    assert age_span(1, today) == {"received_from": "2026-11-16", "received_to": "2026-11-19"}
    assert age_span(4, today) == {"received_to": "2026-10-23"}


def test_a_month_ends_with_its_last_day() -> None:
    assert month_span(dt.date(2028, 2, 1)) == {
        "received_from": "2028-02-01",
        "received_to": "2028-02-29",
    }
    assert month_span(dt.date(2026, 12, 1))["received_to"] == "2026-12-31"


@pytest.mark.parametrize("view", CHARTS, ids=lambda v: v.__name__)
def test_every_chart_page_opens_and_answers_its_specifications(client_as: Any, view: Any) -> None:
    client = client_as("mudur")
    page = client.get(f"{view.route_base}/")
    assert page.status_code == 200
    for chart in view.charts_shown:
        answer = client.get(f"{view.route_base}/{chart.key}.json?theme=dark&width=500")
        assert answer.status_code == 200
        assert answer.get_json()["spec"]["usermeta"]["key"] == chart.key


def test_nonsense_in_the_address_is_no_fault(client_as: Any) -> None:
    client = client_as("mudur")
    for query in (
        "received_from=x",
        "unit=abc",
        "unit=999999999",
        "channel=nope",
        "district=-1",
        "received_to=31.02.2026",
    ):
        assert client.get(f"/applications/charts/?{query}").status_code == 200
    assert client.get("/applications/charts/nope.json").status_code == 404


def test_who_may_not_read_applications_sees_no_chart(client_as: Any) -> None:
    assert client_as("protokol").get("/applications/charts/").status_code in {302, 403}


def test_charts_of_an_empty_house_draw_nothing() -> None:
    for chart in APPLICATION_CHARTS:
        spec = build_spec(chart, [], theme="light")
        assert spec["usermeta"]["empty"] is True


def test_a_chart_page_needs_one_statement_for_each_chart(
    client_as: Any, counted: list[str]
) -> None:
    client = client_as("mudur")
    counted.clear()
    client.get("/applications/charts/")
    # Two charts name units in a statement of their own; the shell and the sign-in need six.
    assert len(counted) <= len(APPLICATION_CHARTS) + 2 + 7


def test_reasons_are_counted_by_field_and_message_whatever_their_values(
    app: Any, session: Any
) -> None:
    from app.applications.charts.screens import ImportRowChart
    from app.applications.models import ImportBatch, ImportRow

    batch = ImportBatch(file_name="a.csv")
    session.add(batch)
    session.flush()
    for number, value in enumerate(("x", "y", "z"), 1):
        reason = {
            "field": "topic",
            "message": "There is no topic “%(value)s”.",
            "params": {"value": value},
        }
        session.add(ImportRow(batch_id=batch.id, row_no=number, values={}, reasons=[reason]))
    session.flush()
    chart = ImportRowChart.charts_shown[0]
    with app.test_request_context("/"):
        rows = chart.query(
            session, {"narrow": lambda stmt: stmt.where(ImportRow.batch_id == batch.id)}
        )
    assert [row["count"] for row in rows] == [3]
    assert "…" in rows[0]["reason"]
    assert "%(" not in rows[0]["reason"]
