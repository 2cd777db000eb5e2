"""Duplicates and transfers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from app.applications.rules import FollowUpState, State
from app.models import (
    Application,
    Assignment,
    Institution,
    TransferFollowUp,
)


# --- duplicates -----------------------------------------------------------------------------------------------
def pair(session: Any) -> list[Application]:
    rows = session.scalars(
        select(Application)
        .where(
            Application.state == State.TRIAGE,
            Application.is_restricted.is_(False),
            Application.kind.in_(["request", "complaint"]),
        )
        .limit(3)
    ).all()
    topic, place = rows[0].topic_id, rows[0].neighbourhood_id
    for row in rows:
        row.topic_id, row.neighbourhood_id, row.subject, row.body = (
            topic,
            place,
            "Mahallede su kesik",
            "Sabahtan beri su yok",
        )
        row.received_at = max(r.received_at for r in rows)
    session.commit()
    return list(rows)


def test_picked_cases_are_merged_under_the_chosen_one_and_parted_on_the_page(
    session: Any, client_as: Any
) -> None:
    main, first, second = pair(session)
    client = client_as("sef")
    answer = client.post(
        "/bulk-runs/begin", data={"action": "merge", "rowid": [first.id, second.id]}
    )
    assert f"id={first.id}" in answer.headers["Location"]
    page = client.get(f"/applications/merge/?id={main.id}&id={first.id}&id={second.id}").get_data(
        as_text=True
    )
    assert "önerilen" in page
    data = {
        "main": main.id,
        "id": [first.id, second.id],
        "shown": [main.id],
        "note": "Aynı kesinti",
    }
    assert client.post("/applications/merge/join", data={**data, "main": ""}).status_code == 422
    answer = client.post("/applications/merge/join", data=data)
    assert answer.headers["Location"].endswith(f"/applications/show/{main.id}")
    session.expire_all()
    assert {first.master_id, second.master_id} == {main.id}
    card = client.get(f"/cards/Application/{main.id}/merged").get_data(as_text=True)
    assert first.number in card
    assert "Ayır" in card
    assert (
        client.get(f"/cards/Application/{second.id}/merged")
        .get_data(as_text=True)
        .count(main.number)
    )
    client.post(
        f"/applications/steps/{first.id}/do/unmerge",
        data={"reason": "Başka sokak", "next": f"/applications/show/{main.id}"},
    )
    session.expire_all()
    assert (first.state, first.master_id) == (State.TRIAGE, None)


def test_the_card_masks_applicants_and_hides_restricted_ones(session: Any, client_as: Any) -> None:
    from app.applications import services
    from app.core.acting import SYSTEM

    main, first, second = pair(session)
    for case in (first, second):
        services.merge(session(), application=case, master_id=main.id, actor=SYSTEM)
    second.is_restricted = True
    session.commit()
    for username, sees in (("sef", False), ("mudur", True)):
        card = (
            client_as(username).get(f"/cards/Application/{main.id}/merged").get_data(as_text=True)
        )
        assert first.number in card
        assert (second.number in card) is sees
    masked = client_as("denetci").get(f"/cards/Application/{main.id}/merged").get_data(as_text=True)
    if first.citizen is not None and not first.citizen.title:
        assert first.citizen.full_name not in masked
    assert "Ayır" not in masked


def test_a_cluster_is_found_and_merged_at_once(session: Any, client_as: Any) -> None:
    cases = pair(session)
    client = client_as("sef")
    topic = cases[0].topic_id
    page = client.get(f"/applications/duplicates/?topic={topic}&days=30").get_data(as_text=True)
    assert all(case.number in page for case in cases)
    form = next(
        f
        for f in re.findall(r"<form class=\"card\" method=\"post\".*?</form>", page, re.DOTALL)
        if cases[0].number in f
    )
    main = re.search(r'name="main" value="(\d+)" checked', form)
    assert main is not None
    ids = re.findall(r'type="checkbox" name="id" value="(\d+)"', form)
    client.post(
        "/applications/merge/join", data={"main": main.group(1), "id": ids, "note": "Aynı olay"}
    )
    session.expire_all()
    assert sum(case.state is State.MERGED for case in cases) == 2
    again = client.get(f"/applications/duplicates/?topic={topic}&days=30").get_data(as_text=True)
    assert sum(case.number in again for case in cases) <= 1


@pytest.mark.parametrize("username", ["operator", "birim", "baskan", "denetci"])
def test_duplicates_are_for_those_who_merge(client_as: Any, username: str) -> None:
    client = client_as(username)
    assert client.get("/applications/duplicates/").status_code == 403
    assert client.get("/applications/merge/?id=1").status_code == 403
    assert client.post("/applications/merge/join", data={"main": 1, "id": [2]}).status_code == 403


def test_odd_arguments_are_told_or_left_out(client_as: Any) -> None:
    client = client_as("mudur")
    assert client.get("/applications/duplicates/?days=x&topic=1").status_code == 200
    assert client.get("/applications/duplicates/?topic=abc").status_code == 422
    assert client.get("/applications/merge/?id=abc&id=99999999999").status_code == 200
    assert client.post("/bulk-runs/begin", data={"action": "nothing"}).status_code == 400
    assert (
        client.post(
            "/bulk-runs/begin", data={"action": "note", "args": "state=nowhere", "all": "1"}
        ).status_code
        == 400
    )


# --- transfers ---------------------------------------------------------------------------------------------------
def follow_up(session: Any) -> TransferFollowUp:
    from app.applications import services
    from app.core import clock
    from app.core.acting import SYSTEM

    case = pair(session)[0]
    institution = session.scalars(
        select(Institution).where(Institution.active.is_(True)).limit(1)
    ).one()
    services.transfer_out(
        session(), application=case, institution_id=institution.id, actor=SYSTEM, now=clock.now()
    )
    session.commit()
    return session.scalars(
        select(TransferFollowUp).where(TransferFollowUp.application_id == case.id)
    ).one()


def test_a_transfer_is_reminded_answered_and_printed(session: Any, client_as: Any) -> None:
    row, client = follow_up(session), client_as("sef")
    assert row.application.number in client.get("/transfer-follow-ups/list/?tab=waiting").get_data(
        as_text=True
    )
    assert client.get(f"/transfer-follow-ups/letter/{row.id}/pdf").status_code == 404
    client.post(f"/transfer-follow-ups/act/{row.id}/remind", data={"text": ""})
    session.refresh(row)
    assert (row.state, row.reminders) == (FollowUpState.REMINDED, 1)
    assert client.get(f"/transfer-follow-ups/letter/{row.id}/pdf").data.startswith(b"%PDF")
    wrong = client.post(
        f"/transfer-follow-ups/act/{row.id}/answer",
        data={"answered_on": "", "answer_text": "Yapıldı", "answer_no": "E-1"},
    )
    assert wrong.status_code == 422
    assert "Yapıldı" in wrong.get_data(as_text=True)
    data = {
        "answered_on": row.sent_on.strftime("%Y-%m-%d"),
        "answer_text": "Konteyner konuldu",
        "tell": "y",
    }
    assert client.post(f"/transfer-follow-ups/act/{row.id}/answer", data=data).status_code == 302
    session.refresh(row)
    assert (row.state, row.answer_text) == (FollowUpState.ANSWERED, "Konteyner konuldu")
    card = client.get(f"/cards/Application/{row.application_id}/follow_up").get_data(as_text=True)
    assert "Konteyner konuldu" in card


def test_a_stale_form_of_a_transfer_is_refused(session: Any, client_as: Any) -> None:
    row, client = follow_up(session), client_as("sef")
    answer = client.post(
        f"/transfer-follow-ups/act/{row.id}/close",
        data={"note": "Gerek kalmadı", "_version": row.version + 5},
    )
    assert answer.status_code == 422
    session.refresh(row)
    assert row.state is FollowUpState.WAITING


def test_machines_read_runs_and_record_answers(app: Any, session: Any, token_of: Any) -> None:
    row, machine = follow_up(session), app.test_client()
    headers = token_of("mudur")
    for name in ("bulk_run", "bulk_row", "transfer_follow_up"):
        assert machine.get(f"/api/v1/{name}/", headers=headers).status_code == 200
    body = {
        "version": row.version,
        "answered_on": row.sent_on.isoformat(),
        "answer_text": "Bildirildi",
    }
    assert (
        machine.put(f"/api/v1/transfer_follow_up/{row.id}", json=body, headers=headers).status_code
        == 200
    )
    bad = {"version": row.version + 1, "answered_on": "2019-01-01", "answer_text": ""}
    session.refresh(row)
    bad["version"] = row.version
    answer = machine.put(f"/api/v1/transfer_follow_up/{row.id}", json=bad, headers=headers)
    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == {"answered_on", "answer_text"}
    assert machine.get("/api/v1/transfer_follow_up/", headers=token_of("rehber")).status_code == 403


@pytest.mark.parametrize(
    "url",
    [
        "/bulk-runs/list/?tab=all",
        "/bulk-rows/list/",
        "/transfer-follow-ups/list/?tab=all",
        "/saved-views/list/",
        "/saved-view-uses/list/",
    ],
)
def test_lists_keep_to_their_statements(client_as: Any, counted: list[str], url: str) -> None:
    client = client_as("mudur")
    client.get(url)
    counted.clear()
    assert client.get(url).status_code == 200
    assert len(counted) <= 6


def test_the_clusters_take_few_statements(client_as: Any, counted: list[str]) -> None:
    client = client_as("mudur")
    client.get("/applications/duplicates/?days=30")
    counted.clear()
    assert client.get("/applications/duplicates/?days=30").status_code == 200
    assert len(counted) <= 6


def test_a_unit_is_reminded_on_the_page_of_its_assignment(session: Any, client_as: Any) -> None:
    row = session.scalars(
        select(Assignment)
        .join(Application, Assignment.application_id == Application.id)
        .where(
            Assignment.state == "sent",
            Assignment.role == "lead",
            Application.state == State.ASSIGNED,
            Application.is_restricted.is_(False),
        )
    ).first()
    before, url = row.reminders, f"/applications/steps/{row.application_id}/remind"
    assert url in client_as("sef").get(f"/assignments/show/{row.id}").text
    assert url not in client_as("denetci").get(f"/assignments/show/{row.id}").text
    assert client_as("sef").post(url, data={"text": " "}).status_code in {302, 422}
    assert client_as("denetci").post(url, data={"text": "Bekliyoruz"}).status_code in {302, 403}
    session.refresh(row)
    assert row.reminders == before
    answer = client_as("sef").post(
        url,
        data={"text": "Bu hafta cevap bekliyoruz", "next": f"/assignments/show/{row.id}"},
        follow_redirects=True,
    )
    assert "tekit gönderildi" in answer.text
    session.refresh(row)
    assert row.reminders == before + 1
    assert (
        "Bu hafta cevap bekliyoruz"
        in client_as("sef").get(f"/applications/show/{row.application_id}").text
    )
