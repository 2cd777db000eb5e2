"""The screen of a live call over HTTP: who calls, their open cases, what is done during the call."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from app.applications import services as case_services
from app.applications.models import Application, ApplicationEvent, Topic
from app.applications.rules import State
from app.core import clock
from app.core.identifiers import format_phone
from app.frontdesk.models import Call, KnowledgeItem
from app.frontdesk.rules.calls import CallPhase, CallResult, CallSource
from app.frontdesk.services import calls as acts
from tests.frontdesk.calls_support import make_case, make_citizen, rings, tell, text_of, user_id
from tests.support import actor_of


@pytest.fixture
def operator(app: Any, session: Any) -> Any:
    """The operator as an actor."""
    return actor_of(app, session, "operator")


# --- the screen arrives ------------------------------------------------------------------------------------
def test_open_cases_come_first_and_the_number_is_masked(
    session: Any, client_as: Any, operator: Any
) -> None:
    person = make_citizen(session())
    done = make_case(session(), operator, person, subject="Eski başvuru")
    table = Application.__table__
    session.execute(
        update(table).where(table.c.id == done.id).values(state=State.CLOSED, closed_at=clock.now())
    )
    first = make_case(session(), operator, person, subject="Açık başvuru")
    session.commit()
    rings(session, person.phone)
    page = text_of(client_as("operator").get("/calls/now/"))
    assert page.index("Açık başvuru") < page.index("Eski başvuru")
    assert page.index('id="h-open"') < page.index("Açık başvuru") < page.index('id="h-closed"')
    assert person.phone not in page
    assert format_phone(person.phone) not in page
    assert first.number in page
    assert 'data-key="Alt+D"' in page
    assert (
        f"/applications/new/?call={session.scalar(select(Call.id).order_by(Call.id.desc()))}"
        in (page.replace("&amp;", "&"))
    )


def test_a_case_the_caller_has_joined_is_told_without_the_words_for_its_applicant(
    session: Any, client_as: Any, operator: Any
) -> None:
    owner, neighbour = make_citizen(session()), make_citizen(session())
    cases = [
        make_case(session(), operator, owner, subject=subject)
        for subject in ("Açık başvuru", "Biten başvuru")
    ]
    for case in cases:
        case_services.join_application(
            session(), application=case, text="Aynı konu", actor=operator,
            citizen={"id": neighbour.id},
        )  # fmt: skip
    table = Application.__table__
    session.execute(
        update(table)
        .where(table.c.id == cases[1].id)
        .values(state=State.CLOSED, closed_at=clock.now(), closing_note="Evinize gelindi")
    )
    session.commit()
    rings(session, neighbour.phone)
    page = text_of(client_as("operator").get("/calls/now/"))
    opened = page.index("Açık başvuru")
    assert page.index('id="h-open"') < opened < page.index('id="h-closed"')
    assert "bağlı" in page[opened : opened + 200]
    assert page.index('id="h-closed"') < page.index("Biten başvuru")
    assert "Evinize gelindi" not in page
    # Messages go to the applicant's own number only.
    assert "/about/note/" in page
    assert "/about/sms/" not in page


def test_the_state_says_what_is_in_hand_and_304_while_nothing_changes(
    session: Any, client_as: Any
) -> None:
    client = client_as("operator")
    idle = client.get("/calls/now/state")
    assert (idle.status_code, idle.json["call"]) == (200, None)
    tag = idle.headers["ETag"]
    assert client.get("/calls/now/state", headers={"If-None-Match": tag}).status_code == 304
    call = rings(session, "+905320099001")
    live = client.get("/calls/now/state", headers={"If-None-Match": tag})
    assert (live.status_code, live.json["call"], live.json["phase"]) == (200, call.id, "talking")
    same = {"If-None-Match": live.headers["ETag"]}
    assert client.get("/calls/now/state", headers=same).status_code == 304
    tell(session(), ("hold", 2), switch_id=call.switch_id)
    session.commit()
    assert client.get("/calls/now/state", headers=same).json["phase"] == "held"
    tell(session(), ("ringing", 30))
    session.commit()
    waiting = client.get("/calls/now/state", headers=same).json
    assert waiting["waiting"] == 1
    assert waiting["waiting_text"].startswith("1 bekleyen")


def test_an_unknown_a_withheld_and_a_shared_number(session: Any, client_as: Any) -> None:
    client = client_as("operator")
    rings(session, "+905320099002")
    assert "Bu numara kimsede kayıtlı değil" in text_of(client.get("/calls/now/"))
    rings(session, "anonymous")
    page = text_of(client.get("/calls/now/"))
    assert "Gizli numara" in page
    one = make_citizen(session(), first_name="Ayşe")
    two = make_citizen(session(), phone=one.phone, first_name="Mehmet")
    call = rings(session, one.phone)
    page = text_of(client.get("/calls/now/"))
    assert "Arayan kim?" in page
    assert "Mehmet" in page
    answer = client.post(f"/calls/now/act/who/{call.id}", data={"citizen": str(two.id)})
    assert answer.status_code == 302
    assert session.get(Call, call.id).citizen_id == two.id
    assert "Arayan kim?" not in text_of(client.get("/calls/now/"))


def test_a_call_that_rings_for_anybody_is_taken(session: Any, client_as: Any) -> None:
    call = tell(session(), ("ringing", 12), number="+905320099003")
    session.commit()
    client = client_as("operator")
    assert "Çağrıyı al" in text_of(client.get("/calls/now/"))
    client.post(f"/calls/now/act/take/{call.id}")
    assert session.get(Call, call.id).operator_id == user_id(session, "operator")
    # A second one comes too late and is told so.
    late = client_as("sef").post(f"/calls/now/act/take/{call.id}", follow_redirects=True)
    assert "Bu çağrı bir iş arkadaşınızda" in text_of(late)


# --- by hand -----------------------------------------------------------------------------------------------
def test_a_call_begins_by_hand_and_errors_stand_at_the_field(session: Any, client_as: Any) -> None:
    client = client_as("operator")
    for number in ("", "12ab"):
        wrong = client.post("/calls/now/start", data={"number": number})
        assert wrong.status_code == 422
        assert 'aria-invalid="true"' in text_of(wrong)
        assert f'value="{number}"' in text_of(wrong)
    begun = client.post("/calls/now/start", data={"number": "0532 009 90 04"})
    assert begun.status_code == 302
    call = session.scalars(select(Call).order_by(Call.id.desc())).first()
    assert (call.source, call.number) == (CallSource.MANUAL, "+905320099004")
    assert begun.headers["Location"].endswith(f"/calls/now/?call={call.id}")
    for act, phase in (
        ("notice", CallPhase.TALKING),
        ("hold", CallPhase.HELD),
        ("resume", CallPhase.TALKING),
        ("hangup", CallPhase.WRAP),
        ("wrong", CallPhase.CLOSED),
    ):
        assert client.post(f"/calls/now/act/{act}/{call.id}").status_code == 302
        session.expire_all()
        assert session.get(Call, call.id).phase is phase, act
    assert session.get(Call, call.id).result is CallResult.WRONG
    assert client.post(f"/calls/now/act/dance/{call.id}").status_code == 404


def test_a_withheld_number_begins_by_hand_too(session: Any, client_as: Any) -> None:
    client_as("operator").post("/calls/now/start", data={"withheld": "1", "direction": "out"})
    call = session.scalars(select(Call).order_by(Call.id.desc())).first()
    assert (call.number, call.direction.value) == ("", "out")


# --- cases -------------------------------------------------------------------------------------------------
def test_note_state_and_sms_of_a_case(session: Any, client_as: Any, operator: Any) -> None:
    person = make_citizen(session())
    case = make_case(session(), operator, person)
    call = rings(session, person.phone)
    client = client_as("operator")
    empty = client.post(
        f"/calls/now/about/note/{call.id}/{case.id}", data={"note": ""}, follow_redirects=True
    )
    assert "toast" in text_of(empty)
    client.post(f"/calls/now/about/note/{call.id}/{case.id}", data={"note": "Su hâlâ akıyor."})
    client.post(f"/calls/now/about/sms/{call.id}/{case.id}")
    client.post(f"/calls/now/about/told/{call.id}/{case.id}")
    tell(session(), ("hangup", 1), switch_id=call.switch_id)
    session.commit()
    session.expire_all()
    call = session.get(Call, call.id)
    assert (call.result, call.application_id, call.phase) == (
        CallResult.INFORMED,
        case.id,
        CallPhase.CLOSED,
    )
    steps = session.scalars(
        select(ApplicationEvent.action).where(ApplicationEvent.application_id == case.id)
    ).all()
    assert {"note", "call_told"} <= set(steps)
    page = text_of(client.get(f"/applications/show/{case.id}"))
    assert "Su hâlâ akıyor." in page
    card = client.get(f"/cards/Application/{case.id}/calls")
    assert card.status_code == 200
    assert "Bilgi verildi" in text_of(card)
    assert format_phone(person.phone) not in text_of(card)
    assert "*** **" not in text_of(card)


def test_foreign_calls_and_cases_are_not_found(session: Any, client_as: Any, operator: Any) -> None:
    other = tell(session(), ("ringing", 9), ("answered", 5), operator="operator2")
    case = make_case(session(), operator, make_citizen(session()))
    case.is_restricted = True
    mine = rings(session)
    client = client_as("operator")
    assert client.post(f"/calls/now/act/wrong/{other.id}").status_code == 404
    assert client.get(f"/calls/show/{other.id}").status_code == 404
    assert client.post(f"/calls/now/about/told/{mine.id}/{case.id}").status_code == 404
    for name in ("denetci", "masa", "birim", "yonetici"):
        assert client_as(name).get("/calls/now/").status_code in {302, 403}
        assert client_as(name).post(f"/calls/now/act/wrong/{mine.id}").status_code in {302, 403}
    session.expire_all()
    assert session.get(Call, other.id).phase is CallPhase.TALKING


def test_intake_knows_the_caller_and_the_call_learns_the_case(session: Any, client_as: Any) -> None:
    call = rings(session, "+905320099005")
    client = client_as("operator")
    page = text_of(client.get(f"/applications/new/?call={call.id}"))
    assert "0532 009 90 05" in page
    assert 'value="call_center" selected' in page
    assert "Bilgi bankası" in page
    topic = session.scalars(select(Topic).where(Topic.code == "YOL-01")).one()
    answer = client.post(
        "/applications/new/",
        data={
            "who": "new", "first_name": "Hale", "last_name": "Deneme", "phone": "0532 009 90 05",
            "channel": "call_center", "kind": "request", "topic": str(topic.id),
            "subject": "Köprü girişindeki çukur", "wants_notice": "none", "step": "save",
            "origin": f"call={call.id}",
        },
    )  # fmt: skip
    assert answer.status_code == 302, text_of(answer)[:2000]
    session.expire_all()
    case = session.scalars(select(Application).order_by(Application.id.desc())).first()
    call = session.get(Call, call.id)
    assert (call.application_id, call.result) == (case.id, CallResult.CASE_OPENED)
    assert call.citizen_id == case.citizen_id


def test_somebody_else_cannot_hang_a_case_on_the_call(session: Any, client_as: Any) -> None:
    call = rings(session, "+905320099006")
    page = text_of(client_as("masa").get(f"/applications/new/?call={call.id}"))
    assert "0532 009 90 06" not in page


def test_the_item_that_was_read_closes_the_call(session: Any, client_as: Any) -> None:
    item = session.scalars(select(KnowledgeItem).order_by(KnowledgeItem.id)).first()
    used = item.used_count
    client = client_as("operator")
    client.post("/calls/now/start", data={"withheld": "1"})
    call = session.scalars(select(Call).order_by(Call.id.desc())).first()
    client.post(f"/calls/now/act/informed/{call.id}", data={"knowledge": str(item.id)})
    session.expire_all()
    call = session.get(Call, call.id)
    assert (call.knowledge_id, call.first_contact) == (item.id, True)
    assert session.get(KnowledgeItem, item.id).used_count == used + 1
    found = client.get(f"/knowledge/box?part=1&q={item.title.split()[0]}")
    assert item.title in text_of(found)
    client.post(f"/knowledge/used/{item.id}")
    session.expire_all()
    assert session.get(KnowledgeItem, item.id).used_count == used + 2


def test_acts_of_the_service_are_told_as_errors(session: Any, client_as: Any) -> None:
    call = rings(session)
    acts.close_call(
        session(),
        call=session.get(Call, call.id),
        result=CallResult.WRONG,
        actor=actor_of(client_as("operator").application, session, "operator"),
    )
    session.commit()
    answer = client_as("operator").post(f"/calls/now/act/hold/{call.id}", follow_redirects=True)
    assert "Bunu santral kendisi bildirir" in text_of(answer)
