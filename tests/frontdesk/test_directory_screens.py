"""The directory: a room is found by what a citizen says, also with endings, by key and on paper."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from app.frontdesk.queries import directory
from app.models import ServicePoint, Unit


@pytest.fixture
def room(session: Any) -> ServicePoint:
    unit = session.scalars(select(Unit).where(Unit.active.is_(True)).order_by(Unit.id)).first()
    made = ServicePoint(
        name="Işıklı Oda", unit_id=unit.id, building="Deneme Binası", floor=2, room="217",
        what_for="Şemsiye ödünç verilir.", keywords="yağmur çamur", phone="+902820001111",
        is_accessible=False,
    )  # fmt: skip
    session.add(made)
    session.commit()
    return made


@pytest.mark.parametrize(
    "query",
    ["işikli", "IŞIKLI ODA", "semsiye", "yagmur oda", "217", "şemsiyesi", "deneme yağmurlu"],
)
def test_words_are_folded_and_endings_do_not_matter(
    client_as: Any, room: ServicePoint, query: str
) -> None:
    text = client_as("rehber").get("/directory/results", query_string={"q": query}).text
    assert "Işıklı Oda" in text
    assert "Deneme Binası, 2. kat, 217 no.lu oda" in text
    assert "tekerlekli sandalyeyle ulaşılmaz" in text


def test_whole_words_come_before_cut_ones(session: Any, room: ServicePoint) -> None:
    session.add(ServicePoint(name="Şemsi Bey", what_for="Başka bir iş.", building="Deneme Binası"))
    session.flush()
    assert [p.name for p in directory.find_points(session, "şemsiye")] == ["Işıklı Oda"]
    assert [p.name for p in directory.find_points(session, "şemsiyeler")] == [
        "Işıklı Oda",
        "Şemsi Bey",
    ]


def test_signs_without_letters_show_the_first_rooms(session: Any, room: ServicePoint) -> None:
    first = directory.find_points(session, "")
    assert directory.find_points(session, "%_") == first
    assert first[0].is_tile


def test_what_is_closed_is_found_nowhere(session: Any, client_as: Any, room: ServicePoint) -> None:
    room.active = False
    session.commit()
    client = client_as("rehber")
    assert "Işıklı" not in client.get("/directory/?q=işıklı").text
    assert "bilinen bir yer yok" in client.get("/directory/?q=oda bilinmez").text
    assert "Işıklı" not in client.get("/directory/signs").text
    assert "Işıklı" not in client.get("/lookup/service_point?q=isikli").text


def test_the_search_of_the_house_finds_rooms(client_as: Any, room: ServicePoint) -> None:
    text = client_as("operator").get("/search/?q=şemsiye").text
    assert "Işıklı Oda" in text


def test_signs_go_by_floor_and_number_of_the_room(session: Any, client_as: Any) -> None:
    for name, floor, number in (("C", 1, "10"), ("B", 1, "9"), ("A", -1, "1"), ("D", None, "")):
        session.add(
            ServicePoint(name=f"Oda {name}", building="Levha Evi", floor=floor, room=number)
        )
    session.commit()
    text = client_as("rehber").get("/directory/signs?building=Levha Evi").text
    assert re.findall(r"Oda [A-D]", text) == ["Oda A", "Oda B", "Oda C", "Oda D"]
    assert "Danışma" not in re.findall(r'<th scope="row">([^<]+)', text)


def test_the_unit_of_a_room_is_searched_too(
    session: Any, client_as: Any, room: ServicePoint
) -> None:
    text = (
        client_as("rehber")
        .get("/directory/results", query_string={"q": f"{room.unit.name} şemsiye"})
        .text
    )
    assert "Işıklı Oda" in text
    listed = client_as("sef").get("/service-points/list/", query_string={"q": room.unit.name}).text
    assert "Işıklı Oda" in listed


def test_a_room_is_added_with_its_words(session: Any, client_as: Any) -> None:
    client = client_as("sef")
    data = {"name": "Yeni Oda", "floor": "3", "room": "301", "what_for": "Kart.", "active": "1"}
    assert client.post("/service-points/add", data={**data, "floor": "99"}).status_code == 422
    answer = client.post("/service-points/add", data=data)
    assert answer.status_code == 302, answer.text
    assert session.scalars(select(ServicePoint).where(ServicePoint.name == "Yeni Oda")).one()
    twice = client.post("/service-points/add", data=data)
    assert twice.status_code == 422
    assert "aynı" in twice.text.lower() or "zaten" in twice.text.lower()
