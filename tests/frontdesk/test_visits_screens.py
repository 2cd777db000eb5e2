"""The fast screen over HTTP: three presses log a visit; errors keep what was pressed; who sees what."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.core import clock
from app.models import DeskTicket, ServicePoint, Visit, VisitReason

NEW = "/visits/new/"


def reason(session: Any, code: str = "dilekce") -> int:
    return session.scalars(select(VisitReason.id).where(VisitReason.code == code)).one()


def point(session: Any, *, desk: bool = False) -> ServicePoint:
    stmt = select(ServicePoint).where(
        ServicePoint.is_tile.is_(True), ServicePoint.is_desk.is_(desk)
    )
    return session.scalars(stmt.order_by(ServicePoint.position)).first()


def newest(session: Any) -> Visit:
    return session.scalars(select(Visit).order_by(Visit.id.desc()).limit(1)).one()


def count(session: Any, model: Any = Visit) -> int:
    return session.scalar(select(func.count()).select_from(model))


def press(session: Any, client: Any, **more: str) -> Any:
    """What the browser sends after the three presses: why, where to, save."""
    data = {
        "reason": str(reason(session)),
        "point": str(point(session).id),
        "people": "1",
        "step": "save",
        **more,
    }
    return client.post(NEW, data=data)


# --- three presses -------------------------------------------------------------------------------------
def test_three_presses_log_a_visit_without_a_name(session: Any, client_as: Any) -> None:
    client = client_as("rehber")
    before = count(session)
    page = client.get(NEW).get_data(as_text=True)
    assert f'name="reason" value="{reason(session)}"' in page
    assert f'name="point" value="{point(session).id}"' in page
    assert 'name="people" value="1" data-words="1 kişi" checked' in page, (
        "one person needs no press"
    )
    assert "required" not in page.split("<form", 2)[-1].split("visitor_name")[0]
    answer = press(session, client)
    assert (answer.status_code, answer.headers["Location"]) == (302, NEW)
    assert count(session) == before + 1
    visit = newest(session)
    assert (visit.visitor_name, visit.people, visit.service_point_id) == ("", 1, point(session).id)
    assert "Kaydedildi: Dilekçe verme" in client.get(NEW).get_data(as_text=True)


def test_the_first_nine_tiles_have_a_key(session: Any, client_as: Any) -> None:
    page = client_as("rehber").get(NEW).get_data(as_text=True)
    reasons, points = page.split('id="q-point"')
    assert re.findall(r'data-key-of="(\d)"', reasons) == [str(n) for n in range(1, 10)]
    assert re.findall(r'data-key-of="(\d)"', points)[:9] == [str(n) for n in range(1, 10)]


def test_a_group_of_twelve_is_one_entry_of_twelve_people(session: Any, client_as: Any) -> None:
    press(session, client_as("rehber"), people="other", people_more="12")
    assert newest(session).people == 12


def test_what_reception_settles_needs_no_second_press(session: Any, client_as: Any) -> None:
    answer = press(session, client_as("rehber"), reason=str(reason(session, "bilgi")), point="")
    assert answer.status_code == 302
    assert newest(session).result == "guided"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"point": ""}, "Ziyaretçinin nereye gideceğini seçin."),
        ({"reason": ""}, "Ziyaretçinin neden geldiğini seçin."),
        ({"people": "other", "people_more": "0"}, "Kaç kişi geldiğini yazın"),
        ({"people": "other", "people_more": "x"}, "Kaç kişi geldiğini yazın"),
        ({"at": "dün"}, "Tarih ve saati yazın"),
        ({"at": "2999-01-01T10:00"}, "Bu an gelecekte."),
        ({"visitor_name": "Ayşe Kaya", "is_disabled": "1"}, "6698"),
        ({"point": "other", "other_point": "999999"}, "Ziyaretçinin nereye gideceğini seçin."),
    ],
)
def test_faults_are_told_at_their_question_and_nothing_is_lost(
    session: Any, client_as: Any, changed: dict[str, str], told: str
) -> None:
    before = count(session)
    answer = press(session, client_as("rehber"), needs_language="1", **changed)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert told in text
    assert count(session) == before
    assert re.search(r'name="needs_language"[^>]* checked', text), "what was pressed stays pressed"


def test_a_double_press_logs_once(session: Any, client_as: Any) -> None:
    client = client_as("rehber")
    before = count(session)
    press(session, client, request_key="the-same-form")
    press(session, client, request_key="the-same-form")
    assert count(session) == before + 1


def test_who_goes_to_the_desk_takes_a_number_with_the_same_press(
    session: Any, client_as: Any
) -> None:
    client = client_as("rehber")
    press(session, client, point=str(point(session, desk=True).id), is_elderly="1", request_key="k")
    press(session, client, point=str(point(session, desk=True).id), is_elderly="1", request_key="k")
    ticket = session.scalars(
        select(DeskTicket).where(DeskTicket.visit_id == newest(session).id)
    ).one()
    assert ticket.priority_group == "elderly"
    assert f"sıra no {ticket.shown}" in client.get(NEW).get_data(as_text=True)


def test_the_slip_shows_the_way_and_no_name(session: Any, client_as: Any) -> None:
    client = client_as("rehber")
    answer = press(session, client, visitor_name="Ayşe Kaya", step="slip")
    assert answer.headers["Location"] == f"/visits/new/slip/{newest(session).id}"
    text = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert point(session).name in text
    assert "Ayşe" not in text


# --- who is inside ---------------------------------------------------------------------------------------
def test_the_conversation_begins_and_ends_in_one_press_each(session: Any, client_as: Any) -> None:
    client = client_as("rehber")
    press(session, client)
    pk = newest(session).id
    assert f"/visits/new/serve/{pk}" in client.get(NEW).get_data(as_text=True)
    client.post(f"/visits/new/serve/{pk}")
    assert f"/visits/new/finish/{pk}" in client.get(NEW).get_data(as_text=True)
    client.post(f"/visits/new/finish/{pk}")
    client.post(f"/visits/new/finish/{pk}")
    assert newest(session).result == "served"
    assert f"/visits/new/finish/{pk}" not in client.get(NEW).get_data(as_text=True)


def test_an_entry_is_taken_back_within_a_minute_only(session: Any, client_as: Any) -> None:
    client = client_as("rehber")
    press(session, client)
    pk = newest(session).id
    assert f"/visits/new/undo/{pk}" in client.get(NEW).get_data(as_text=True)
    client.post(f"/visits/new/undo/{pk}")
    assert session.get(Visit, pk) is None
    press(session, client)
    pk = newest(session).id
    session.execute(
        update(Visit.__table__)
        .where(Visit.__table__.c.id == pk)
        .values(created_at=clock.now() - dt.timedelta(minutes=2))
    )
    session.commit()
    assert f"/visits/new/undo/{pk}" not in client.get(NEW).get_data(as_text=True)
    client.post(f"/visits/new/undo/{pk}")
    session.expire_all()
    assert session.get(Visit, pk) is not None


def test_an_entry_is_corrected_later(session: Any, client_as: Any) -> None:
    client = client_as("rehber")
    press(session, client)
    visit = newest(session)
    text = client.get(f"/visits/edit/{visit.id}").get_data(as_text=True)
    version = re.search(r'name="_version"[^>]*value="(\d+)"', text)
    assert version is not None
    local = clock.to_local(visit.at).strftime("%Y-%m-%dT%H:%M")
    data = {
        "_version": version.group(1), "at": local, "people": "3", "reason": str(visit.reason_id),
        "service_point": str(visit.service_point_id), "result": "not_available",
    }  # fmt: skip
    answer = client.post(f"/visits/edit/{visit.id}", data=data)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    session.expire_all()
    visit = session.get(Visit, visit.id)
    assert (visit.people, visit.result) == (3, "not_available")
    assert visit.ended_at is not None


@pytest.mark.parametrize("path", ["serve", "finish", "leave", "undo"])
def test_nothing_changes_by_looking(session: Any, client_as: Any, path: str) -> None:
    assert client_as("rehber").get(f"/visits/new/{path}/{newest(session).id}").status_code == 405


# --- who sees what -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "url", ["/applications/list/", "/citizens/list/", "/field-visits/list/", "/field-plan/", "/field-tour/"]
)  # fmt: skip
def test_the_guide_sees_no_application_and_nobody(client_as: Any, url: str) -> None:
    answer = client_as("rehber").get(url)
    assert answer.status_code in {302, 403, 404}
    assert answer.headers.get("Location", "/") in {"/", ""} or answer.status_code != 302


def test_the_guide_may_not_call_and_not_change_the_rooms(session: Any, client_as: Any) -> None:
    client = client_as("rehber")
    assert client.post("/desk/call", data={"counter": "1"}).status_code in {302, 403}
    assert not session.scalars(select(DeskTicket).where(DeskTicket.state == "called")).all()
    assert client.get("/service-points/add").status_code in {302, 403}
    assert client.get("/service-points/list/").status_code == 200


def test_an_operator_finds_rooms_but_reads_no_visits(client_as: Any) -> None:
    client = client_as("operator")
    assert client.get("/directory/?q=nikah").status_code == 200
    assert client.get("/visits/list/").status_code in {302, 403, 404}
    assert client.get(NEW).status_code in {302, 403, 404}


def test_a_name_is_masked_in_list_record_api_and_export(
    session: Any, client_as: Any, token_of: Any, client: Any
) -> None:
    press(session, client_as("rehber"), visitor_name="Şükriye Işıldar")
    pk = newest(session).id
    manager = client_as("mudur")
    for url in (f"/visits/show/{pk}", "/visits/list/"):
        answer = manager.get(url)
        assert answer.status_code == 200, url
        assert "Işıldar" not in answer.get_data(as_text=True)
    sheet = manager.post("/visits/export?tab=today", data={"format": "csv"})
    assert (sheet.status_code, "Işıldar" in sheet.text) == (200, False)
    assert "Dilekçe verme" in sheet.text
    answer = client.get(f"/api/v1/visit/{pk}", headers=token_of("mudur"))
    assert answer.status_code == 200
    assert "Işıldar" not in answer.get_data(as_text=True)


# --- home, search, figures -------------------------------------------------------------------------------------
def test_the_home_page_of_the_guide_has_the_day_and_the_button(client_as: Any) -> None:
    text = client_as("rehber").get("/").get_data(as_text=True)
    assert "Bugünkü ziyaretçi" in text
    assert 'href="/visits/new/"' in text


@pytest.mark.parametrize(
    "url",
    [
        "/visits/charts/",
        "/visit-reasons/charts/",
        "/service-points/charts/",
        "/desk-tickets/charts/",
    ],
)
def test_charts_draw_and_lead_to_rows(client_as: Any, url: str) -> None:
    text = client_as("mudur").get(url).get_data(as_text=True)
    assert "Aynı veri, tablo" in text
    rows = "visits" if url.startswith("/visit-reasons") else url.split("/")[1]
    links = re.findall(rf'href="(/{rows}/list/\?[^"]+)"', text)
    assert links
    for link in links[:: max(len(links) // 12, 1)]:
        answer = client_as("mudur").get(link.replace("&amp;", "&"))
        assert answer.status_code == 200


def test_a_visit_is_logged_over_rest_under_the_same_rules(
    session: Any, client: Any, token_of: Any
) -> None:
    headers = token_of("rehber")
    bad = client.post("/api/v1/visit/", json={"people": 0}, headers=headers)
    assert bad.status_code == 422, bad.get_json()
    good = {"people": 2, "reason_id": reason(session), "service_point_id": point(session).id}
    answer = client.post("/api/v1/visit/", json=good, headers=headers)
    assert answer.status_code == 201, answer.get_json()
    assert newest(session).people == 2
    assert client.get("/api/v1/application/", headers=headers).status_code in {401, 403}


# --- statements ---------------------------------------------------------------------------------------------
def test_the_fast_screen_takes_few_statements(
    session: Any, client_as: Any, counted: list[str]
) -> None:
    client = client_as("rehber")
    client.get(NEW)
    counted.clear()
    client.get(NEW)
    few = len(counted)
    for _ in range(5):
        press(session, client)
    client.get(NEW)
    counted.clear()
    client.get(NEW)
    assert len(counted) <= max(few, 12), "\n".join(counted)
