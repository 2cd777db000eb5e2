"""The plan of a day and figures."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core import clock
from app.models import Application, Attachment, AuditEvent, FieldVisit, StaffUser


# --- the plan of a day ---------------------------------------------------------------------------------------------
def test_cases_are_picked_ordered_moved_and_carried_over(
    session: Any, client_as: Any, officer: StaffUser
) -> None:
    client = client_as("birim")
    day = (clock.today() + dt.timedelta(days=3)).isoformat()
    address = f"/field-plan/?day={day}&officer={officer.id}"
    page = client.get(address).text
    picked = re.findall(r'name="case" value="(\d+)"', page)[:3]
    assert len(picked) >= 2, "the demo has open cases of this unit"
    data = {"day": day, "officer": str(officer.id), "team": "2. ekip"}
    answer = client.post("/field-plan/add", data={**data, "case": picked})
    assert answer.status_code == 302
    stmt = select(FieldVisit).where(FieldVisit.planned_on == dt.date.fromisoformat(day))
    rows = list(session.scalars(stmt.order_by(FieldVisit.position)))
    assert [v.position for v in rows] == list(range(1, len(picked) + 1))
    assert {str(v.application_id) for v in rows} == set(picked)
    stops = [v.id for v in rows]
    client.post(f"/field-plan/move/{stops[-1]}", data={**data, "way": "up"})
    session.expire_all()
    assert session.get(FieldVisit, stops[-1]).position == len(picked) - 1
    client.post("/field-plan/order", data=data)
    session.expire_all()
    assert session.get(FieldVisit, stops[-1]).position == len(picked)
    client.post(f"/field-plan/drop/{stops[0]}", data=data)
    session.expire_all()
    assert session.get(FieldVisit, stops[0]) is None
    left = session.scalar(
        select(func.count())
        .select_from(FieldVisit)
        .where(
            FieldVisit.officer_id == officer.id, FieldVisit.state == "planned",
            FieldVisit.planned_on < dt.date.fromisoformat(day),
        )
    )  # fmt: skip
    assert left
    client.post("/field-plan/carry", data=data)
    session.expire_all()
    assert (
        session.scalar(select(func.count()).select_from(stmt.subquery())) == left + len(picked) - 1
    )


def test_nothing_picked_and_nobody_named_are_told(client_as: Any, officer: StaffUser) -> None:
    client = client_as("birim")
    answer = client.post("/field-plan/add", data={"day": clock.today().isoformat()})
    assert answer.status_code == 302
    assert "Önce" in client.get("/field-plan/").text


def test_the_sheet_has_one_line_a_stop_a_code_and_no_applicant(
    session: Any, client_as: Any, officer: StaffUser, visit: FieldVisit
) -> None:
    stops = list(
        session.scalars(
            select(FieldVisit).where(
                FieldVisit.officer_id == officer.id, FieldVisit.planned_on == clock.today()
            )
        )
    )
    text = client_as("birim").get("/field-plan/sheet").text
    assert text.count("<svg") >= len(stops)
    assert "Kod" in text or "kodu" in text or "kodu açan" in text or "kaydını açan kod" in text
    for stop in stops:
        case = session.get(Application, stop.application_id)
        assert case.number in text
        if case.citizen is not None:
            assert case.citizen.last_name not in text.partition("<main")[2]
            assert str(case.citizen.phone or "-none-") not in text
    log = session.scalars(
        select(AuditEvent).where(AuditEvent.entity == "FieldVisit", AuditEvent.verb == "print")
    ).all()
    assert log, "printing is logged"


def test_the_guide_and_the_operator_plan_nothing(client_as: Any) -> None:
    for account in ("rehber", "operator", "denetci"):
        answer = client_as(account).post("/field-plan/add", data={"case": "1"})
        assert answer.status_code in {302, 403, 404}
        assert "field-plan" not in answer.headers.get("Location", "")


# --- statements and figures -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("url", ["/field-visits/list/?tab=all", "/field-visits/list/"])
def test_the_list_takes_at_most_six_statements(
    client_as: Any, counted: list[str], url: str
) -> None:
    client = client_as("mudur")
    client.get(url)
    counted.clear()
    assert client.get(url).status_code == 200
    assert len(counted) <= 6, "\n".join(counted)


def test_the_record_takes_at_most_eight_statements(
    session: Any, client_as: Any, counted: list[str]
) -> None:
    pk = session.scalar(
        select(Attachment.owner_id).where(Attachment.owner_type == "FieldVisit").limit(1)
    )
    client = client_as("mudur")
    client.get(f"/field-visits/show/{pk}")
    counted.clear()
    assert client.get(f"/field-visits/show/{pk}").status_code == 200
    assert len(counted) <= 8, "\n".join(counted)


@pytest.mark.parametrize("url", ["/field-plan/", "/field-tour/", "/field-plan/sheet"])
def test_plan_and_tour_take_few_statements(client_as: Any, counted: list[str], url: str) -> None:
    client = client_as("birim")
    client.get(url)
    counted.clear()
    assert client.get(url).status_code == 200
    assert len(counted) <= 9, "\n".join(counted)


def test_charts_lead_to_rows_and_the_list_goes_into_a_workbook(client_as: Any) -> None:
    manager = client_as("mudur")
    text = manager.get("/field-visits/charts/").text
    links = re.findall(r'href="(/field-visits/list/\?[^"]+)"', text)
    assert links
    for link in links[:: max(len(links) // 10, 1)]:
        assert manager.get(link.replace("&amp;", "&")).status_code == 200
    sheet = manager.post("/field-visits/export?tab=all", data={"format": "xlsx"})
    assert sheet.status_code == 200
    assert sheet.data[:2] == b"PK"


def test_the_api_plans_under_the_same_rules(
    session: Any, client: Any, token_of: Any, visit: FieldVisit, officer: StaffUser
) -> None:
    headers = token_of("birim")
    twice = {
        "application_id": visit.application_id, "planned_on": clock.today().isoformat(),
        "officer_id": officer.id,
    }  # fmt: skip
    answer = client.post("/api/v1/field_visit/", json=twice, headers=headers)
    assert answer.status_code == 422, answer.get_json()
    forged = client.put(
        f"/api/v1/field_visit/{visit.id}", json={"state": "done", "version": visit.version},
        headers=headers,
    )  # fmt: skip
    assert forged.status_code in {400, 422}
    session.expire_all()
    assert session.get(FieldVisit, visit.id).state == "planned"
