"""Whoever joined a case is known on it, and the case among the person's own; within what each may see."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.applications import queries, services
from app.applications.rules import Channel, Kind
from app.core.acting import SYSTEM, acting_as
from app.models import Application, ApplicationEvent, Citizen, Unit
from app.people.services import merge_citizens, save_citizen
from tests.support import actor_of, registered_case


@pytest.fixture
def person(session: Any) -> Citizen:
    """Somebody who calls about the matter of another."""
    return save_citizen(
        session,
        values={"first_name": "Ferhunde", "last_name": "Kırmızıgül", "phone": "0532 000 77 11"},
    )


def join(session: Any, case: Application, person: Citizen, **more: Any) -> None:
    services.join_application(
        session, application=case, text="Bizim evin önü de.", citizen={"id": person.id}, actor=SYSTEM,
        **more,
    )  # fmt: skip


def text_of(client: Any, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def card_of(client: Any, case: Application) -> str:
    return text_of(client, f"/cards/Application/{case.id}/callers")


# --- on the case --------------------------------------------------------------------------------------------
def test_the_record_tells_who_joined_when_and_for_whom(
    session: Any, client_as: Any, person: Citizen
) -> None:
    case = registered_case(session)
    client = client_as("operator")
    assert card_of(client, case) == ""
    join(session, case, person, on_behalf_of="Çınarlı Mahallesi Muhtarlığı")
    services.join_application(session, application=case, text="x", actor=SYSTEM)
    page = text_of(client, f"/applications/show/{case.id}")
    assert page.index("<h2>Başvuran</h2>") < page.index('id="card-callers"')
    text = card_of(client, case)
    assert "Aynı konuda başvuranlar" in text
    assert f'<a href="/citizens/show/{person.id}">Ferhunde Kırmızıgül</a>' in text
    assert "Adına başvurulan: Çınarlı Mahallesi Muhtarlığı" in text
    assert case.received_at.strftime("%d.%m.%Y") in text
    assert "isimsiz" in text


def test_the_name_is_masked_as_that_of_the_applicant(
    session: Any, client_as: Any, person: Citizen
) -> None:
    case = registered_case(session)
    join(session, case, person)
    text = card_of(client_as("denetci"), case)
    assert "Aynı konuda başvuranlar" in text
    assert "Ferhunde" not in text
    assert "Kırmızıgül" not in text
    assert f"/citizens/show/{person.id}" not in text


def test_a_unit_reads_them_on_its_cases_only(
    app: Any, session: Any, client_as: Any, person: Citizen
) -> None:
    unit_id = actor_of(app, session, "birim").unit_id
    other = session.scalar(
        select(Unit.id).where(Unit.id != unit_id, Unit.active.is_(True)).order_by(Unit.id.desc())
    )
    client = client_as("birim")
    cases = []
    for receiver in (unit_id, other):
        case = registered_case(session)
        join(session, case, person)
        with acting_as(SYSTEM):
            services.assign(
                session, application=case, unit_ids=[receiver], lead_unit_id=receiver, actor=SYSTEM
            )
        cases.append(case)
    mine, foreign = cases
    text = card_of(client, mine)
    assert "Aynı konuda başvuranlar" in text
    assert "Ferhunde" not in text
    assert client.get(f"/cards/Application/{foreign.id}/callers").status_code == 404


def test_nobody_is_known_beside_a_hidden_identity(
    session: Any, client_as: Any, person: Citizen
) -> None:
    case = registered_case(
        session, channel=Channel.CIMER, kind=Kind.TIPOFF, external_ref="2603119988",
        is_anonymous=False, identity_hidden=True,
    )  # fmt: skip
    join(session, case, person, on_behalf_of="Ferhunde Kırmızıgül")
    step = session.scalars(
        select(ApplicationEvent).where(
            ApplicationEvent.application_id == case.id, ApplicationEvent.action == "join"
        )
    ).one()
    assert (step.citizen_id, step.details) == (None, {})
    client = client_as("mudur")
    assert 'id="card-callers"' not in text_of(client, f"/applications/show/{case.id}")
    assert card_of(client, case) == ""
    # Nor where it was written down once.
    step.citizen_id = person.id
    session.flush()
    assert card_of(client, case) == ""
    assert queries.list_callers(session, case) == []
    assert queries.list_joined_cases(session, person.id) == []


# --- with the person ----------------------------------------------------------------------------------------
def test_joined_cases_stand_among_the_open_ones_of_the_person(
    session: Any, client_as: Any, person: Citizen
) -> None:
    own = registered_case(session, citizen={"id": person.id}, is_anonymous=False)
    case = registered_case(session)
    join(session, case, person)
    join(session, own, person)
    client = client_as("operator")
    found = text_of(client, f"/applications/new/citizen/{person.id}")
    for text in (found, text_of(client, f"/cards/Citizen/{person.id}/cases")):
        assert text.count(own.number) == 1
        assert text.count(case.number) == 1
        assert text.count("bağlı") == 1
        # The mark stands with the case of the other one.
        assert text.index(own.number) < text.index(case.number) < text.index("bağlı")
    assert '<span class="count is-on">2</span>' in found
    assert 'id="card-cases"' in text_of(client, f"/citizens/show/{person.id}")


def test_a_restricted_case_is_not_told_of_through_its_callers(
    session: Any, client_as: Any, person: Citizen
) -> None:
    case = registered_case(session, channel=Channel.CIMER, external_ref="2603119977")
    join(session, case, person)
    assert case.number in text_of(client_as("mudur"), f"/cards/Citizen/{person.id}/cases")
    client = client_as("operator")
    assert client.get(f"/cards/Application/{case.id}/callers").status_code == 404
    assert case.number not in text_of(client, f"/applications/new/citizen/{person.id}")
    assert case.number not in text_of(client, f"/cards/Citizen/{person.id}/cases")


def test_two_records_of_one_person_become_one_on_the_cases_that_they_joined(
    session: Any, person: Citizen
) -> None:
    case = registered_case(session)
    twice = save_citizen(session, values={"first_name": "Ferhunde", "last_name": "Kırmızıgül"})
    assert twice.id != person.id
    join(session, case, twice)
    merge_citizens(session, keep=person, gone=twice)
    session.expire_all()
    assert [c.citizen_id for c in queries.list_callers(session, case)] == [person.id]


# --- joining at intake --------------------------------------------------------------------------------------
def test_intake_keeps_for_whom_the_call_was(session: Any, client_as: Any, person: Citizen) -> None:
    case = registered_case(session)
    answer = client_as("operator").post(
        f"/applications/new/join/{case.id}",
        data={
            "who": "known", "citizen_id": str(person.id), "on_behalf_of": "Annesi Hatice Kaya",
            "channel": "call_center", "kind": "request", "subject": "Bizim sokakta da",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    (caller,) = queries.list_callers(session, case)
    assert (caller.citizen_id, caller.on_behalf_of) == (person.id, "Annesi Hatice Kaya")


def test_a_person_who_cannot_be_kept_is_told_of_and_nothing_typed_is_lost(
    session: Any, client_as: Any
) -> None:
    case = registered_case(session)
    typed = {
        "who": "new", "first_name": "Nazmiye", "phone": "12", "national_id": "10000000147",
        "channel": "call_center", "kind": "request", "subject": "", "body": "Köşedeki çukur",
    }  # fmt: skip
    client = client_as("operator")
    answer = client.post(f"/applications/new/join/{case.id}", data=typed)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Köşedeki çukur" in text
    assert '<a href="#phone">' in text
    # The case has a topic and a summary already.
    assert '<a href="#topic">' not in text
    assert '<a href="#subject">' not in text
    text = client.post(f"/applications/new/join/{case.id}", data={**typed, "phone": ""}).get_data(
        as_text=True
    )
    assert '<a href="#last_name">' in text
    assert '<a href="#national_id">' in text
    assert queries.list_callers(session, case) == []


# --- the timeline -------------------------------------------------------------------------------------------
def test_the_timeline_says_of_no_step_that_the_applicant_sees_it_who_does_not(
    session: Any, client_as: Any, person: Citizen
) -> None:
    case = registered_case(session)
    join(session, case, person)
    client = client_as("mudur")
    text = text_of(client, f"/applications/show/{case.id}")
    line = text[text.index("Aynı konuda yeni başvuru eklendi") :]
    assert "başvuru sahibi görür" not in line[: line.index("</li>")]
    line = text[text.index('<b class="grow">Kayıt altına alındı</b>') :]
    assert "başvuru sahibi görür" in line[: line.index("</li>")]
    # Of a restricted case the tracking page tells the state alone.
    case = registered_case(session, channel=Channel.CIMER, external_ref="2603119966")
    assert "başvuru sahibi görür" not in text_of(client, f"/applications/show/{case.id}")


# --- search by the tracking code -----------------------------------------------------------------------------
@pytest.mark.parametrize("change", [str, str.lower, lambda code: f" {code[:4]}-{code[4:]} "])
def test_the_whole_tracking_code_finds_its_application(
    session: Any, client_as: Any, change: Any
) -> None:
    case = registered_case(session)
    case.tracking_code = "Y77YB9MZ"
    session.flush()
    client = client_as("operator")
    (group,) = client.get("/search/palette", query_string={"q": change("Y77YB9MZ")}).get_json()[
        "groups"
    ]
    assert [item["url"] for item in group["items"]] == [f"/applications/show/{case.id}"]
    found = client.get("/search/palette", query_string={"q": "Y77YB9M"}).get_json()["groups"]
    assert case.number not in str(found)


def test_a_code_finds_nothing_for_whoever_may_not_see_its_case(
    session: Any, client_as: Any
) -> None:
    case = registered_case(session, channel=Channel.CIMER, external_ref="2603119955")
    case.tracking_code = "Y77YB9MZ"
    session.flush()
    for username, found in (("mudur", True), ("operator", False), ("birim", False)):
        text = str(client_as(username).get("/search/palette?q=Y77YB9MZ").get_json())
        assert (case.number in text) is found, username
