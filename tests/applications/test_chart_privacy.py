"""Small groups of tip-offs and CİMER by place and topic are hidden from whoever may not see them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select, update

from app.applications.charts import APPLICATION_CHARTS
from app.applications.models import Application, Topic
from app.applications.queries import figures
from app.applications.rules import Kind
from app.core.acting import SYSTEM, acting_as
from app.core.charts.privacy import SUPPRESSED, suppress_small
from app.models import District
from tests.support import actor_of

BY_PLACE = next(chart for chart in APPLICATION_CHARTS if chart.key == "district_group")
BY_TOPIC = next(chart for chart in APPLICATION_CHARTS if chart.key == "topic_pareto")


@pytest.fixture
def cell(session: Any) -> tuple[int, str, int]:
    """District, topic group and topic of three tip-offs that stand alone; a telephone took them in."""
    with acting_as(SYSTEM):
        district = session.scalars(select(District).order_by(District.id)).first()
        topic = session.scalars(select(Topic).where(Topic.active).order_by(Topic.id.desc())).first()
        cases = Application.__table__
        group = select(Topic.id).where(Topic.group == topic.group)
        session.execute(
            update(cases)
            .where(cases.c.district_id == district.id, cases.c.topic_id.in_(group))
            .values(district_id=None, neighbourhood_id=None)
        )
        some = list(
            session.scalars(
                select(cases.c.id)
                .where(cases.c.is_restricted.is_(False), cases.c.citizen_id.is_not(None))
                .order_by(cases.c.id)
                .limit(3)
            )
        )
        session.execute(
            update(cases)
            .where(cases.c.id.in_(some))
            .values(kind=Kind.TIPOFF, district_id=district.id, topic_id=topic.id)
        )
        session.commit()
    return district.id, str(topic.group), topic.id


def drawn(app: Any, session: Any, username: str, chart: Any, args: Any = None) -> list[Any]:
    params = {"narrow": figures.everything, "args": args or {}, "today": None, "lang": "tr"}
    with app.test_request_context("/"), acting_as(actor_of(app, session, username)):
        return list(chart.query(session, params))


def test_who_may_see_no_application_counts_none(
    app: Any, session: Any, cell: tuple[int, str, int]
) -> None:
    assert drawn(app, session, "anket", BY_PLACE) == []
    assert drawn(app, session, "strateji", BY_PLACE) != []


@pytest.mark.parametrize("username", ["strateji", "operator"])
def test_a_small_cell_is_hidden_and_not_alone(
    app: Any, session: Any, cell: tuple[int, str, int], username: str
) -> None:
    district, group, _topic = cell
    rows = drawn(app, session, username, BY_PLACE)
    one = next(r for r in rows if (r["district_id"], str(r["group"])) == (district, group))
    assert one["count"] is None
    assert one[SUPPRESSED]
    # The totals of the district and of the group stand in other charts.
    for name, value in (("district_id", district), ("group", one["group"])):
        line = [row for row in rows if row[name] == value]
        assert len(line) == 1 or sum(row["count"] is None for row in line) > 1


def test_who_may_see_them_counts_them(app: Any, session: Any, cell: tuple[int, str, int]) -> None:
    district, group, _topic = cell
    rows = drawn(app, session, "mudur", BY_PLACE)
    one = next(r for r in rows if (r["district_id"], str(r["group"])) == (district, group))
    assert one["count"] == 3


def test_a_topic_is_hidden_once_the_page_is_narrowed_to_a_place(
    app: Any, session: Any, cell: tuple[int, str, int]
) -> None:
    district, _group, topic = cell

    def here(stmt: Any) -> Any:
        return stmt.where(Application.district_id == district)

    with app.test_request_context("/"), acting_as(actor_of(app, session, "strateji")):
        params = {"narrow": here, "args": {"district": str(district)}}
        rows = BY_TOPIC.query(session, params)
        free = BY_TOPIC.query(session, {"narrow": figures.everything, "args": {}})
    assert next(row for row in rows if row["topic_id"] == topic)["count"] is None
    assert next(row for row in free if row["topic_id"] == topic)["count"]


def test_table_and_specification_say_hidden(
    session: Any, client_as: Any, cell: tuple[int, str, int]
) -> None:
    _district, _group, _topic = cell
    client = client_as("strateji")
    url = "/applications/charts/district_group.json?kind=tipoff&received_from="
    answer = client.get(url)
    assert answer.status_code == 200
    told = json.loads(answer.data)
    assert "gizli" in json.dumps(told["table"], ensure_ascii=False)
    values = [v for line in told["table"].get("values", []) for v in line if v is not None]
    assert not any(0 < v < 5 for v in values)


def test_rows_that_concern_nobody_stay() -> None:
    rows = [{"n": 2, "k": "a"}, {"n": 3, "k": "b"}, {"n": 40, "k": "c"}]
    hidden = suppress_small(rows, count="n", concerns=lambda row: row["k"] == "a")
    # The neighbour goes too, because the total would tell the hidden one.
    assert [row["n"] for row in hidden] == [None, None, 40]
    assert suppress_small(rows, count="n", concerns=lambda row: False) == rows
