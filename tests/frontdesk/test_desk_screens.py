"""The Solution Desk over HTTP: a number, calling, intake that is linked, the display, what is printed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select, update

from app.models import Application, DeskTicket, StaffUser, Topic

DESK = "/desk/"


@pytest.fixture
def empty(session: Any) -> None:
    """Nobody waits."""
    session.execute(
        update(DeskTicket)
        .where(DeskTicket.state.in_(["waiting", "called", "serving"]))
        .values(state="left")
    )
    session.commit()


def take(session: Any, client: Any, matter: str = "application", **more: str) -> DeskTicket:
    answer = client.post("/desk/take", data={"matter": matter, "group": "none", **more})
    assert re.fullmatch(r"/desk/ticket/\d+", answer.headers["Location"])
    return session.get(DeskTicket, int(answer.headers["Location"].rpartition("/")[2]))


def typed(session: Any, **more: str) -> dict[str, str]:
    topic = session.scalars(select(Topic).where(Topic.code == "YOL-01")).one()
    return {
        "who": "anonymous", "channel": "desk", "kind": "request", "topic": str(topic.id),
        "subject": "Durak önünde çukur", "wants_notice": "none", "step": "save", **more,
    }  # fmt: skip


@pytest.mark.usefixtures("empty")
def test_from_a_number_to_the_linked_application(session: Any, client_as: Any) -> None:
    guide, officer = client_as("rehber"), client_as("masa")
    ticket = take(session, guide)
    assert ticket.shown in guide.get(f"/desk/ticket/{ticket.id}").text
    assert f"Sıradaki: {ticket.shown}" in officer.get(DESK).text
    officer.post("/desk/call", data={"counter": "2"})
    board = officer.get("/desk/board").text
    assert ticket.shown in board
    assert "masa 2" in board
    answer = officer.post("/desk/start", data={"ticket": str(ticket.id), "intake": "1"})
    assert answer.headers["Location"] == f"/applications/new/?channel=desk&ticket={ticket.id}"
    page = officer.get(answer.headers["Location"]).text
    origin = re.search(r'name="origin" value="([^"]+)"', page)
    assert origin is not None
    saved = officer.post(
        "/applications/new/", data=typed(session, origin=origin.group(1).replace("&amp;", "&"))
    )
    assert (saved.status_code, saved.headers["Location"]) == (302, DESK)
    case = session.scalars(select(Application).order_by(Application.id.desc()).limit(1)).one()
    ticket = session.get(DeskTicket, ticket.id)
    assert (ticket.application_id, ticket.result) == (case.id, "application")
    assert case.number in officer.get(DESK).text or str(case.id) in officer.get(DESK).text
    officer.post("/desk/finish", data={"ticket": str(ticket.id)})
    session.expire_all()
    assert session.get(DeskTicket, ticket.id).state == "done"
    assert case.number in officer.get(f"/desk-tickets/show/{ticket.id}").text


@pytest.mark.usefixtures("empty")
def test_a_question_is_solved_at_first_contact(session: Any, client_as: Any) -> None:
    officer = client_as("masa")
    ticket = take(session, officer, "enquiry")
    officer.post("/desk/start", data={"ticket": str(ticket.id), "counter": "1"})
    without = officer.post("/desk/finish", data={"ticket": str(ticket.id)})
    assert session.get(DeskTicket, ticket.id).state == "serving", without.status_code
    officer.post("/desk/finish", data={"ticket": str(ticket.id), "result": "solved", "note": "x"})
    session.expire_all()
    assert session.get(DeskTicket, ticket.id).result == "solved"


@pytest.mark.usefixtures("empty")
def test_a_double_press_takes_one_number(session: Any, client_as: Any) -> None:
    client = client_as("rehber")
    first = take(session, client, request_key="one")
    assert take(session, client, request_key="one").id == first.id


@pytest.mark.usefixtures("empty")
def test_the_slip_tells_how_many_stand_before(session: Any, client_as: Any) -> None:
    client = client_as("rehber")
    first, second = take(session, client), take(session, client)
    third = take(session, client, group="veteran")
    assert "Önünüzde" not in client.get(f"/desk/ticket/{third.id}").text
    assert "Önünüzde: 1" in client.get(f"/desk/ticket/{first.id}").text
    assert "Önünüzde: 2" in client.get(f"/desk/ticket/{second.id}").text


@pytest.mark.usefixtures("empty")
def test_a_faulty_call_is_told_and_calls_nobody(session: Any, client_as: Any) -> None:
    officer = client_as("masa")
    ticket = take(session, officer)
    answer = officer.post("/desk/call", data={"counter": "77"}, headers={"Referer": DESK})
    text = answer.text if answer.status_code == 422 else officer.get(DESK).text
    assert "Masanızı seçin" in text
    assert session.get(DeskTicket, ticket.id).state == "waiting"


@pytest.mark.usefixtures("empty")
def test_who_was_called_in_vain_comes_back(session: Any, client_as: Any) -> None:
    officer = client_as("masa")
    ticket = take(session, officer)
    officer.post("/desk/call", data={"counter": "1"})
    officer.post("/desk/miss", data={"ticket": str(ticket.id)})
    assert session.get(DeskTicket, ticket.id).state == "no_show"
    officer.post("/desk/back", data={"ticket": str(ticket.id)})
    session.expire_all()
    assert session.get(DeskTicket, ticket.id).state == "waiting"
    officer.post("/desk/cancel", data={"ticket": str(ticket.id)})
    session.expire_all()
    assert session.get(DeskTicket, ticket.id).state == "cancelled"


# --- the hall ---------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("empty")
def test_the_display_shows_numbers_and_nobody(session: Any, client_as: Any) -> None:
    officer = client_as("masa")
    ticket = take(session, officer, group="disabled")
    officer.post("/desk/call", data={"counter": "3"})
    text = officer.get("/desk/display").text
    assert 'aria-live="polite"' in text
    assert ticket.shown in text
    user = session.scalars(select(StaffUser).where(StaffUser.username == "masa")).one()
    main = text.partition("<main")[2]
    for word in (user.last_name, "Engelli", "Öncelik", "Yeni başvuru"):
        assert word not in main


def test_the_display_is_only_for_the_house(client: Any) -> None:
    assert client.get("/desk/display").status_code in {302, 401, 403}
    assert client.get("/desk/board").status_code in {302, 401, 403}


@pytest.mark.parametrize("path", ["take", "call", "again", "start", "finish", "miss", "leave", "back", "cancel"])  # fmt: skip
def test_nothing_changes_by_looking(client_as: Any, path: str) -> None:
    assert client_as("masa").get(f"/desk/{path}").status_code == 405


@pytest.mark.usefixtures("empty")
def test_the_page_takes_few_statements_however_long_the_queue(
    session: Any, client_as: Any, counted: list[str]
) -> None:
    officer = client_as("masa")
    take(session, officer)
    officer.get(DESK)
    counted.clear()
    officer.get(DESK)
    few = len(counted)
    for _ in range(6):
        take(session, officer)
    officer.get(DESK)
    counted.clear()
    officer.get(DESK)
    assert len(counted) == few
    assert few <= 10, "\n".join(counted)


# --- rows -----------------------------------------------------------------------------------------------------
@pytest.mark.usefixtures("empty")
def test_a_ticket_of_a_hidden_case_is_hidden_with_it(session: Any, client_as: Any) -> None:
    """Whoever may not see a restricted case does not learn of it through the queue."""
    officer = client_as("masa")
    ticket = take(session, officer)
    case = session.scalars(
        select(Application).where(Application.is_restricted.is_(True)).limit(1)
    ).first()
    session.execute(
        update(DeskTicket)
        .where(DeskTicket.id == ticket.id)
        .values(application_id=case.id, state="done", result="application")
    )
    session.commit()
    assert case.number not in client_as("masa").get(DESK).text
    assert client_as("masa").get(f"/desk-tickets/show/{ticket.id}").status_code == 404
    assert client_as("rehber").get(f"/desk-tickets/show/{ticket.id}").status_code == 404


def test_the_guide_sees_no_case_of_a_ticket(session: Any, client_as: Any) -> None:
    linked = session.scalars(
        select(DeskTicket).where(DeskTicket.application_id.is_not(None)).limit(1)
    ).first()
    assert linked is not None
    assert client_as("rehber").get(f"/desk-tickets/show/{linked.id}").status_code == 404
    answer = client_as("masa").get(f"/desk-tickets/show/{linked.id}")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "url", ["/visits/list/", "/visit-reasons/list/", "/service-points/list/", "/desk-tickets/list/?tab=all"]
)  # fmt: skip
def test_lists_take_at_most_six_statements(client_as: Any, counted: list[str], url: str) -> None:
    client = client_as("mudur")
    client.get(url)
    counted.clear()
    assert client.get(url).status_code == 200
    assert len(counted) <= 6, "\n".join(counted)


@pytest.mark.parametrize("name", ["visits", "visit-reasons", "service-points", "desk-tickets"])
def test_records_take_at_most_eight_statements(
    session: Any, client_as: Any, counted: list[str], name: str
) -> None:
    from app.models import ServicePoint, Visit, VisitReason

    models = {
        "visits": Visit, "visit-reasons": VisitReason, "service-points": ServicePoint,
        "desk-tickets": DeskTicket,
    }  # fmt: skip
    stmt = select(models[name].id)
    if name == "desk-tickets":
        stmt = stmt.where(DeskTicket.application_id.is_not(None), DeskTicket.visit_id.is_not(None))
    pk = session.scalars(stmt.limit(1)).first()
    client = client_as("mudur")
    client.get(f"/{name}/show/{pk}")
    counted.clear()
    assert client.get(f"/{name}/show/{pk}").status_code == 200
    assert len(counted) <= 8, "\n".join(counted)
