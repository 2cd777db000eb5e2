"""Steps, answers and who sees them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.applications.models import Application, CimerExchange, ImportBatch, Reply, Topic
from app.applications.rules import Channel, ExchangeKind, Kind, ReplyState, State
from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.core.text import format_date
from app.models import ApplicationEvent, Citizen, StaffUser
from tests.applications.test_cimer_screens.support import lines_of, newest, values


def cimer_case(session: Any, *states: State) -> Application:
    with acting_as(SYSTEM):
        found = session.scalars(
            select(Application)
            .where(Application.channel == Channel.CIMER, Application.state.in_(states))
            .order_by(Application.id)
        ).first()
    assert found is not None
    return found


def approved(session: Any, case: Application, body: str = "Lamba değiştirildi.") -> Reply:
    """A reply of the case that waits to be entered at CİMER."""
    with acting_as(SYSTEM):
        person = session.scalars(select(StaffUser).where(StaffUser.username == "mudur")).one()
        reply = Reply(
            application_id=case.id, kind="final", state=ReplyState.APPROVED, outcome="resolved",
            subject="Cevap", body=body, short_text="", drafted_by_id=person.id,
            approved_by_id=person.id, approved_at=clock.now() - dt.timedelta(hours=2),
        )  # fmt: skip
        session.add(reply)
        table = Application.__table__
        session.execute(
            update(table).where(table.c.id == case.id).values(state=State.REPLY_APPROVED)
        )
        session.commit()
    return reply


# --- steps -------------------------------------------------------------------------------------------
def test_a_resend_is_noted_and_counted(session: Any, client_as: Any) -> None:
    case = cimer_case(session, State.TRIAGE, State.ASSIGNED, State.IN_PROGRESS)
    client, before = client_as("cimer"), case.resend_count
    url = f"/cimer/cases/{case.id}/resend"
    assert client.get(url).status_code == 200
    assert client.post(url, data={"at": "olmaz", "reason": "unsatisfied"}).status_code == 422
    data = {"at": "2026-07-14T10:00", "reason": "unsatisfied", "text": "Hâlâ karanlık."}
    answer = client.post(url, data=data)
    assert answer.status_code == 302
    session.refresh(case)
    assert case.resend_count == before + 1
    assert lines_of(session, case)[-1] is ExchangeKind.RESENT
    card = client.get(f"/cards/Application/{case.id}/cimer").get_data(as_text=True)
    assert "Hâlâ karanlık." in card


def test_the_forms_of_time_say_what_the_law_says(session: Any, client_as: Any) -> None:
    case = cimer_case(session, State.TRIAGE, State.ASSIGNED, State.IN_PROGRESS)
    with acting_as(SYSTEM):
        case.kind = Kind.COMPLAINT
        session.commit()
    client, due = client_as("cimer"), case.due_on
    page = client.get(f"/cimer/cases/{case.id}/ask").get_data(as_text=True)
    assert "3071" in page
    asked = {"asked_on": clock.today().isoformat(), "reason": "Yerinde inceleme sürüyor."}
    assert client.post(f"/cimer/cases/{case.id}/ask", data=asked).status_code == 302
    until = clock.today() + dt.timedelta(days=10)
    granted = {"answer": "granted", "until_on": until.isoformat()}
    answer = client.post(f"/cimer/cases/{case.id}/decide", data=granted)
    assert answer.status_code == 302
    session.refresh(case)
    assert (case.due_on, case.external_until_on) == (due, until)
    card = client.get(f"/cards/Application/{case.id}/cimer-time").get_data(as_text=True)
    assert format_date(until) in card
    assert "3071" in card


def test_what_was_answered_in_time_is_late_by_neither_date(session: Any, client_as: Any) -> None:
    with acting_as(SYSTEM):
        case = session.scalars(
            select(Application).where(
                Application.channel == Channel.CIMER,
                Application.state == State.CLOSED,
                Application.on_time.is_(True),
                Application.due_on < clock.today(),
                Application.cycle == 1,
            )
        ).first()
    card = client_as("mudur").get(f"/cards/Application/{case.id}/cimer-time").get_data(as_text=True)
    assert "gün geçti" not in card
    assert card.count("Süresinde") == card.count("due is-done") == 2


def test_a_text_that_names_the_hidden_applicant_is_told_once(session: Any, client_as: Any) -> None:
    case = cimer_case(session, State.TRIAGE, State.ASSIGNED, State.IN_PROGRESS)
    with acting_as(SYSTEM):
        values_of_hidden(session, case)
    client, url = client_as("cimer"), f"/cimer/cases/{case.id}/text"
    data = {"at": "2026-07-14T10:00", "text": "Ben Zübeyde Karacaoğlan, 0532 123 45 67."}
    first = client.post(url, data=data)
    assert first.status_code == 422
    page = first.get_data(as_text=True)
    assert re.search(r'btn-primary" type="submit" name="_mask"', page)
    assert 'name="_keep"' in page
    assert client.post(url, data=data).status_code == 422
    assert client.post(url, data={**data, "_mask": "1"}).status_code == 302
    with acting_as(SYSTEM):
        last = session.scalars(select(CimerExchange).order_by(CimerExchange.id.desc())).first()
        assert "Karacaoğlan" not in last.text
        assert "123 45 67" not in last.text


def values_of_hidden(session: Any, case: Application) -> None:
    case.citizen_id = None
    case.contact_phone = ""
    case.contact_email = ""
    case.identity_hidden = True
    session.commit()


# --- the answer --------------------------------------------------------------------------------------
def test_an_answer_is_copied_and_marked_as_entered(session: Any, client_as: Any) -> None:
    case = cimer_case(session, State.TRIAGE, State.ASSIGNED, State.IN_PROGRESS)
    approved(session, case)
    client = client_as("cimer")
    assert case.number in client.get("/cimer/answers/list/").get_data(as_text=True)
    page = client.get(f"/cimer/cases/{case.id}/answer").get_data(as_text=True)
    assert "Lamba değiştirildi." in page
    assert "data-copy" in page
    moment = clock.to_local(clock.now()).strftime("%Y-%m-%dT%H:%M")
    answer = client.post(f"/cimer/cases/{case.id}/entered", data={"at": moment})
    assert answer.status_code == 302
    session.refresh(case)
    assert case.state is State.ANSWERED
    assert case.external_answered_at is not None
    assert lines_of(session, case)[-1] is ExchangeKind.ANSWER_ENTERED
    left = client.get("/cimer/answers/list/").get_data(as_text=True)
    assert f"/cimer/cases/{case.id}/answer" not in left
    # A second press tells so and writes nothing.
    lines = len(lines_of(session, case))
    client.post(f"/cimer/cases/{case.id}/entered", data={"at": moment})
    assert len(lines_of(session, case)) == lines


def test_an_answer_that_is_too_long_says_so(session: Any, client_as: Any) -> None:
    case = cimer_case(session, State.TRIAGE, State.ASSIGNED, State.IN_PROGRESS)
    approved(session, case, body="uzun " * 4000)
    client = client_as("cimer")
    page = client.get(f"/cimer/cases/{case.id}/answer").get_data(as_text=True)
    assert "is-bad" in page
    assert "data-submit" not in page
    answer = client.post(f"/cimer/cases/{case.id}/entered", data={"at": "2026-07-14T10:00"})
    assert answer.status_code == 422


# --- who sees it -------------------------------------------------------------------------------------
@pytest.mark.parametrize("username", ["operator", "masa", "birim", "teski", "anket", "strateji"])
def test_whoever_may_not_see_cimer_finds_nothing(
    session: Any, client_as: Any, username: str
) -> None:
    case = cimer_case(session, State.TRIAGE, State.ASSIGNED, State.IN_PROGRESS)
    client = client_as(username)
    for path in (
        "/cimer/new/", "/cimer/new/known?channel=cimer&ref=1", "/cimer/answers/list/",
        "/cimer/exchanges/list/", "/reconciliations/list/", "/reconciliations/new",
        "/reconciliation-items/list/", "/cimer/charts/", f"/cimer/cases/{case.id}/answer",
        f"/cimer/cases/{case.id}/resend", f"/applications/show/{case.id}",
        f"/cards/Application/{case.id}/cimer",
    ):  # fmt: skip
        answer = client.get(path)
        assert answer.status_code in {302, 403, 404}, path
        assert case.number not in answer.get_data(as_text=True)


def test_the_home_page_of_the_officer_tells_what_waits(session: Any, client_as: Any) -> None:
    case = cimer_case(session, State.TRIAGE, State.ASSIGNED, State.IN_PROGRESS)
    approved(session, case)
    page = client_as("cimer").get("/").get_data(as_text=True)
    assert "/cimer/new" in page
    assert case.number in page


def test_lists_charts_exports_and_rest_stand(
    session: Any, client_as: Any, token_of: Any, client: Any
) -> None:
    officer = client_as("cimer")
    for path in (
        "/cimer/answers/list/", "/cimer/exchanges/list/", "/cimer/exchanges/list/?tab=resent",
        "/cimer/exchanges/list/?tab=time", "/cimer/charts/", "/cimer/exchanges/charts/",
        "/reconciliations/list/", "/reconciliations/charts/", "/reconciliation-items/list/",
        "/reconciliation-items/charts/",
    ):  # fmt: skip
        assert officer.get(path).status_code == 200, path
    headers = token_of("cimer")
    for resource in ("cimer_exchange", "reconciliation", "reconciliation_item"):
        assert client.get(f"/api/v1/{resource}/", headers=headers).status_code == 200
    nobody = token_of("operator")
    assert client.get("/api/v1/cimer_exchange/", headers=nobody).status_code in {401, 403}


def test_one_line_leads_to_its_case(session: Any, client_as: Any) -> None:
    client = client_as("cimer")
    client.post("/cimer/new/", data=values(session))
    case = newest(session)
    with acting_as(SYSTEM):
        line = session.scalars(
            select(CimerExchange).where(CimerExchange.application_id == case.id)
        ).one()
    page = client.get(f"/cimer/exchanges/show/{line.id}").get_data(as_text=True)
    assert case.number in page
    assert session.scalar(select(func.count(ImportBatch.id))) is not None


# --- the file a second time -------------------------------------------------------------------------
def test_the_page_of_an_import_tells_what_is_new(
    session: Any, client_as: Any, tmp_path: Any
) -> None:
    from app.applications.services import imports
    from app.core import places
    from tests.applications import imports_support as support
    from tests.applications.test_cimer_imports import row, with_state

    before = places.data_folder(), places.files_folder()
    places.set_folders(tmp_path, tmp_path / "files")
    try:
        mapping = imports.find_mapping(session, "cimer")
        for state, again in (("Yeni", ""), ("Tekrar Gönderildi", "21.11.2026")):
            data = with_state([(row("77001"), state, again)])
            batch, _ = support.run(session(), support.checked_bytes("cimer.csv", data), mapping)
        client = client_as("cimer")
        page = client.get(f"/imports/show/{batch.id}").get_data(as_text=True)
    finally:
        places.set_folders(*before)
    case = newest(session, "77001")
    assert (batch.changed_rows, batch.resent_rows) == (0, 1)
    assert 'id="h-news"' in page
    assert f"/applications/show/{case.id}" in page
    assert client_as("operator").get(f"/imports/show/{batch.id}").status_code in {302, 403, 404}


# --- texts of a hidden identity everywhere else -------------------------------------------------------
def hidden_case(session: Any) -> Application:
    case = cimer_case(session, State.TRIAGE, State.ASSIGNED, State.IN_PROGRESS)
    with acting_as(SYSTEM):
        values_of_hidden(session, case)
    return case


def test_a_note_that_names_somebody_is_questioned_once(session: Any, client_as: Any) -> None:
    case = hidden_case(session)
    client, url = client_as("cimer"), f"/applications/steps/{case.id}/note"
    text = {"note": "Zübeyde Karacaoğlan 0532 123 45 67 numaradan aradı."}
    first = client.post(url, data=text)
    assert first.status_code == 422
    assert "0532 123 45 67" in first.get_data(as_text=True)
    assert client.post(url, data={**text, "_mask": "1"}).status_code == 302
    with acting_as(SYSTEM):
        stmt = select(ApplicationEvent.note).where(ApplicationEvent.application_id == case.id)
        note = session.scalars(stmt.order_by(ApplicationEvent.id.desc())).first()
    assert "Karacaoğlan" not in note
    assert "123 45 67" not in note
    # The same button again keeps nothing: the words stay with a button of their own, for the name may
    # be that of the accused.
    assert client.post(url, data=text).status_code == 422
    assert client.post(url, data={**text, "_keep": "1"}).status_code == 302


def test_an_edited_text_that_names_somebody_is_questioned_once(
    session: Any, client_as: Any
) -> None:
    case = hidden_case(session)
    client, url = client_as("cimer"), f"/applications/edit/{case.id}"
    page = client.get(url).get_data(as_text=True)
    version = re.search(r'name="_version"[^>]*value="(\d+)"', page)
    data = {
        "kind": case.kind, "priority": case.priority, "topic": case.topic_id or "",
        "subject": "Zübeyde Karacaoğlan yazdı", "body": case.body,
        "_version": version.group(1) if version else "",
    }  # fmt: skip
    assert client.post(url, data=data).status_code == 422
    again = client.post(url, data=data)
    assert again.status_code == 302
    session.refresh(case)
    assert case.subject == "Zübeyde Karacaoğlan yazdı"


def test_intake_takes_nothing_that_names_a_hidden_applicant(session: Any, client_as: Any) -> None:
    client = client_as("cimer")
    with acting_as(SYSTEM):
        citizen = session.scalars(select(Citizen).order_by(Citizen.id)).first()
        topic = session.scalar(select(func.min(Topic.id)))
    data = {
        "request_key": "anahtar-9", "channel": "cimer", "kind": "tipoff", "who": "new",
        "citizen_id": citizen.id, "phone": "05321234567", "first_name": "Zübeyde",
        "last_name": "Karacaoğlan", "topic": topic, "subject": "İhbar", "body": "Kaçak yapı var.",
        "external_ref": "2611223399", "identity_hidden": "y", "step": "again",
    }  # fmt: skip
    answer = client.post("/applications/new/", data=data)
    assert answer.status_code == 302
    case = newest(session, "2611223399")
    assert (case.citizen_id, case.contact_phone, case.contact_email) == (None, "", "")
