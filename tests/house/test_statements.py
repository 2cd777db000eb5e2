"""Statements per request stay bounded, with one row or with many. Source: architecture 6."""

from __future__ import annotations

from typing import Any

import pytest

LISTS = (
    "/applications/list/",
    "/applications/list/?tab=all&q=su",
    "/topics/list/",
    "/units/list/",
    "/citizens/list/",
    "/replies/list/",
    "/assignments/list/",
)


@pytest.mark.parametrize("url", LISTS)
def test_a_list_takes_at_most_six_statements(client_as: Any, counted: list[str], url: str) -> None:
    client = client_as("mudur")
    client.get(url)
    counted.clear()
    assert client.get(url).status_code == 200
    assert len(counted) <= 6, "\n".join(counted)


def test_a_record_takes_at_most_eight_statements(
    session: Any, client_as: Any, counted: list[str]
) -> None:
    from sqlalchemy import func, select

    from app.models import Application, ApplicationEvent

    busiest = session.execute(
        select(ApplicationEvent.application_id)
        .group_by(ApplicationEvent.application_id)
        .order_by(func.count().desc())
        .limit(1)
    ).scalar_one()
    quiet = session.scalar(
        select(Application.id).where(Application.id != busiest).order_by(Application.id).limit(1)
    )
    client = client_as("mudur")
    client.get(f"/applications/show/{busiest}")
    for pk in (busiest, quiet):
        counted.clear()
        assert client.get(f"/applications/show/{pk}").status_code == 200
        assert len(counted) <= 8, "\n".join(counted)


def test_a_record_with_a_thousand_steps_takes_no_more(
    session: Any, client_as: Any, counted: list[str]
) -> None:
    from sqlalchemy import insert, select

    from app.core import clock
    from app.models import Application, ApplicationEvent

    pk = session.scalar(select(Application.id).order_by(Application.id).limit(1))
    client = client_as("mudur")
    client.get(f"/applications/show/{pk}")
    counted.clear()
    client.get(f"/applications/show/{pk}")
    few = len(counted)
    step = {"application_id": pk, "at": clock.now(), "action": "note", "note": "x", "details": {}}
    session.execute(insert(ApplicationEvent.__table__), [step] * 1000)
    session.flush()
    counted.clear()
    assert client.get(f"/applications/show/{pk}").status_code == 200
    assert len(counted) == few <= 8


#: As manager, as administrator, and as those for whom the scope hides rows.
@pytest.mark.parametrize("username", ["mudur", "yonetici", "sef", "birim"])
def test_every_list_and_record_keeps_to_the_bound(
    app: Any, session: Any, client_as: Any, counted: list[str], username: str
) -> None:
    from sqlalchemy import select

    from app.core.acting import SYSTEM, acting_as
    from app.core.views import BackOfficeView

    client = client_as(username)
    client.get("/")
    over = []
    for view in app.extensions["appbuilder"].baseviews:
        if not isinstance(view, BackOfficeView):
            continue
        with acting_as(SYSTEM):
            pk = session.scalar(select(view.model.id).order_by(view.model.id.desc()).limit(1))
        for path, most in ((f"{view.route_base}/list/", 6), (f"{view.route_base}/show/{pk}", 8)):
            # The first look fills what a process keeps: names, rights, settings.
            if client.get(path).status_code != 200:
                continue
            counted.clear()
            client.get(path)
            if len(counted) > most:
                over.append((path, len(counted)))
    assert over == []


def test_a_picker_takes_few_statements(client_as: Any, counted: list[str]) -> None:
    client = client_as("operator")
    client.get("/lookup/topic?q=su")
    counted.clear()
    assert client.get("/lookup/topic?q=su").get_json()["results"]
    assert len(counted) <= 3
