"""Cards, charts, REST and home pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.core import clock
from tests.applications.test_feedback_screens.support import one


# --- cards of a case --------------------------------------------------------------------------------------
def test_the_card_says_what_was_written_and_sends_it_again(
    app: Any, client_as: Any, session: Any, answered: Any
) -> None:
    from app.applications.models import ApplicationEvent
    from app.applications.services.notices import write_to_applicant
    from app.system.models import Notification

    sent = write_to_applicant(session(), answered, "send_reply", key="deneme:1", now=clock.now())
    session.commit()
    chief = client_as("sef")
    page = chief.get(f"/applications/show/{answered.id}").text
    url = f"/cards/Application/{answered.id}/messages"
    assert f'data-card="{url}' in page
    shown = chief.get(url).text
    assert "Bildirimler" in shown
    assert "+905320000001" not in shown
    assert answered.tracking_code in shown
    again = f"/applications/messages/{answered.id}/resend/{sent.id}"
    before = session.scalar(select(func.count(Notification.id)))
    chief.post(again, data={"reason": " "})
    assert session.scalar(select(func.count(Notification.id))) == before
    assert chief.post(again, data={"reason": "Ulaşmamış"}).status_code == 302
    assert session.scalar(select(func.count(Notification.id))) == before + 1
    step = session.scalars(
        select(ApplicationEvent)
        .where(ApplicationEvent.application_id == answered.id)
        .order_by(ApplicationEvent.id.desc())
        .limit(1)
    ).one()
    assert (step.action, step.note) == ("resend_notice", "Ulaşmamış")
    assert client_as("birim").post(again, data={"reason": "x"}).status_code in {302, 403, 404}
    assert session.scalar(select(func.count(Notification.id))) == before + 1


# --- charts ----------------------------------------------------------------------------------------------
CHARTS = [
    ("/satisfaction/charts", ("scores", "months", "units", "groups", "topics", "districts", "times", "solved", "response", "methods")),
    ("/applications/reopenings", ("units", "groups")),
    ("/outcome-reasons/charts", ("reasons",)),
    ("/notice-texts/charts", ("steps", "texts")),
    ("/call-backs/charts", ("states",)),
    ("/call-back-samples/charts", ("weeks",)),
]  # fmt: skip


@pytest.mark.parametrize(("base", "keys"), CHARTS)
def test_every_chart_is_drawn_and_leads_to_its_list(
    client_as: Any, base: str, keys: tuple[str, ...]
) -> None:
    manager = client_as("mudur")
    page = manager.get(base + "/")
    assert page.status_code == 200
    for key in keys:
        assert f"{base}/{key}.json" in page.text
        spec = manager.get(f"{base}/{key}.json", query_string={"month_from": "2024-01-01"})
        assert spec.status_code == 200
        assert spec.get_json()


def test_a_small_group_is_hidden_with_the_reason(client_as: Any, session: Any) -> None:
    from app.applications.models import Satisfaction

    table = Satisfaction.__table__
    district = session.scalar(
        select(Satisfaction.district_id).where(Satisfaction.district_id.is_not(None)).limit(1)
    )
    session.connection().execute(
        table.delete().where(table.c.district_id == district, table.c.score.is_not(None))
    )
    rows = session.scalars(
        select(Satisfaction).where(Satisfaction.score.is_not(None)).limit(3)
    ).all()
    for row in rows:
        row.district_id = district
    session.commit()
    page = client_as("mudur").get("/satisfaction/charts/").text
    assert "gizli" in page
    assert "6698 m. 12" in page


# --- REST ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name",
    ["notice_text", "outcome_reason", "satisfaction", "call_back_sample", "call_back"],
)
def test_the_resources_are_read_with_rights_only(
    client: Any, token_of: Any, session: Any, name: str
) -> None:
    got = client.get(f"/api/v1/{name}/", headers=token_of("mudur"))
    assert got.status_code == 200
    assert got.get_json()["result"]
    assert client.get(f"/api/v1/{name}/").status_code == 401
    assert client.get(f"/api/v1/{name}/", headers=token_of("tasinir")).status_code in {403, 404}


def test_an_answer_comes_in_over_rest_once(
    client: Any, token_of: Any, session: Any, answered: Any
) -> None:
    body = {"application_id": answered.id, "score": 4, "solved": "partly"}
    head = token_of("mudur")
    made = client.post("/api/v1/satisfaction/", json=body, headers=head)
    assert made.status_code == 201, made.text
    assert client.post("/api/v1/satisfaction/", json=body, headers=head).status_code in {409, 422}
    wrong = {**body, "score": 6}
    assert client.post("/api/v1/satisfaction/", json=wrong, headers=head).status_code in {400, 422}
    row = client.get(f"/api/v1/satisfaction/{made.get_json()['id']}", headers=head).get_json()
    assert "token_hash" not in str(row)


# --- home pages -------------------------------------------------------------------------------------------
def test_the_manager_sees_satisfaction_and_the_operator_whom_to_call(
    client_as: Any, session: Any, call: Any
) -> None:
    assert "Memnuniyet, bu ay" in client_as("mudur").get("/").text
    page = client_as("operator").get("/").text
    assert "Bugün geri aranacaklar" in page
    assert "/call-backs/list/?tab=due" in page
    assert "Bugün geri aranacaklar" not in client_as("birim").get("/").text


def test_few_answers_are_hidden_on_the_home_page_too(client_as: Any, session: Any) -> None:
    from app.applications.models import Satisfaction

    session.execute(
        update(Satisfaction.__table__).values(
            answered_at=None, score=None, solved=None, manner=None
        )
    )
    row = one(session, Satisfaction)
    row.score, row.solved, row.answered_at = 5, "yes", clock.now()
    session.commit()
    page = client_as("mudur").get("/").text
    assert re.search(r"Memnuniyet, bu ay.{0,80}gizli", page, re.S)
