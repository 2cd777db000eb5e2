"""The trail, jobs and messages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from app.applications.rules.feedback import NOTICE_STEP_LABELS
from app.applications.services.wording import turkish
from app.core.text import fold
from app.system.models import (
    AuditEvent,
    Job,
    Notification,
    Parameter,
)
from app.system.rules import JobState, NotificationChannel, NotificationState
from app.system.services import audit, jobs, outbox
from tests.system.test_system_screens.support import job_of, user_id

LISTS = {
    "/audit/list/": "AuditEvent",
    "/jobs/list/": "Job",
    "/outbox/list/": "Notification",
    "/reminders/list/": "Reminder",
    "/number-series/list/": "NumberSeries",
    "/calendar/list/": "CalendarDay",
    "/legal-rules/list/": "LegalRule",
    "/saved-views/list/": "SavedView",
    "/settings/list/": "Parameter",
    "/files/list/": "Attachment",
}


CHARTS = (
    "audit", "jobs", "outbox", "reminders", "number-series", "calendar", "legal-rules",
    "saved-views", "settings", "files",
)  # fmt: skip


@pytest.mark.parametrize("url", LISTS)
def test_every_list_opens_for_the_administrator_and_closes_for_a_stranger(
    client_as: Any, url: str
) -> None:
    assert client_as("yonetici").get(url).status_code == 200


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_opens_with_its_drawing(client_as: Any, name: str) -> None:
    import re

    client = client_as("yonetici")
    page = client.get(f"/charts/{name}/")
    assert page.status_code == 200
    sources = set(re.findall(rf"/charts/{name}/[a-z_]+\.json", page.text))
    assert sources
    for source in sources:
        assert "spec" in client.get(source).get_json()


@pytest.mark.parametrize(
    "url", ["/audit/list/", "/settings/list/", "/outbox/list/", "/number-series/list/"]
)
def test_a_unit_liaison_sees_none_of_the_house(client_as: Any, url: str) -> None:
    assert client_as("birim").get(url).status_code in {302, 403}


@pytest.mark.parametrize(
    "query", ["verb=no_such", "record=x", "record=99999999999", "at_from=31.02.2026", "at=abc"]
)
def test_filters_that_make_no_sense_do_not_break_the_trail(client_as: Any, query: str) -> None:
    assert client_as("yonetici").get(f"/audit/list/?{query}").status_code == 200


# --- trail --------------------------------------------------------------------------------------------------
def test_the_trail_tells_a_change_in_words(client_as: Any, session: Any) -> None:
    row = session.scalars(select(Parameter).where(Parameter.key == "reopen_days")).one()
    row.value = "47"
    session.commit()
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.entity == "Parameter").order_by(AuditEvent.id.desc())
    ).first()
    page = client_as("yonetici").get(f"/audit/show/{event.id}")
    assert page.status_code == 200
    assert "30 → 47" in page.text


def test_the_trail_of_a_hidden_record_is_hidden_too(client_as: Any, session: Any) -> None:
    from app.applications.models import Application

    case = session.scalars(select(Application).limit(1)).one()
    case.is_restricted = True
    event = audit.record(session(), verb="view", entity="Application", record_id=case.id)
    open_event = audit.record(session(), verb="view", entity="Unit", record_id=1)
    session.commit()
    client = client_as("yonetici")
    assert client.get(f"/audit/show/{event.id}").status_code == 404
    assert client.get(f"/audit/show/{open_event.id}").status_code == 200


def test_nothing_changes_the_trail_over_http(client_as: Any, session: Any) -> None:
    client = client_as("yonetici")
    for method, url in (
        ("GET", "/audit/add"),
        ("POST", "/audit/edit/1"),
        ("POST", "/audit/delete/1"),
    ):
        assert client.open(url, method=method).status_code in {302, 403, 404}


def test_everybody_sees_the_own_jobs_only(client_as: Any, session: Any) -> None:
    mine, other = job_of(session, "operator"), job_of(session, "sef")
    client = client_as("operator")
    assert client.get(f"/jobs/show/{mine.id}").status_code == 200
    assert client.get(f"/jobs/show/{other.id}").status_code == 404
    assert client.get(f"/jobs/progress/{other.id}").status_code == 404
    assert client.post(f"/jobs/cancel/{other.id}").status_code == 404


def test_the_administrator_looks_after_the_jobs_of_all(client_as: Any, session: Any) -> None:
    job = job_of(session, "operator")
    assert client_as("yonetici").get(f"/jobs/show/{job.id}").status_code == 200


def test_a_page_asks_how_far_a_job_is(client_as: Any, session: Any) -> None:
    job = job_of(session, "operator", state=JobState.RUNNING, progress=40, step="Çiziliyor")
    client = client_as("operator")
    answer = client.get(f"/jobs/progress/{job.id}").get_json()
    assert (answer["state"], answer["progress"], answer["step"]) == ("running", 40, "Çiziliyor")
    assert f"/jobs/progress/{job.id}" in client.get(f"/jobs/show/{job.id}").text


def test_a_failed_job_is_tried_again_and_that_is_recorded(client_as: Any, session: Any) -> None:
    job = job_of(session, "operator", state=JobState.FAILED, error="x")
    client = client_as("operator")
    assert client.post(f"/jobs/retry/{job.id}").status_code == 302
    session.refresh(job)
    assert job.state is JobState.WAITING
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.entity == "Job").order_by(AuditEvent.id.desc())
    ).first()
    assert event.record_id == job.id


def test_a_job_that_has_ended_is_not_stopped(client_as: Any, session: Any) -> None:
    job = job_of(session, "operator", state=JobState.DONE)
    assert client_as("operator").post(f"/jobs/cancel/{job.id}").status_code == 302
    session.refresh(job)
    assert job.state is JobState.DONE


def test_rows_of_the_timetable_are_nobodys_work(client_as: Any, session: Any) -> None:
    job = Job(kind=jobs.BEAT_KIND, title="beat")
    session.add(job)
    session.commit()
    assert client_as("yonetici").get(f"/jobs/show/{job.id}").status_code == 404


# --- messages -----------------------------------------------------------------------------------------------
def test_the_outbox_masks_where_a_message_goes(client_as: Any, session: Any) -> None:
    message = outbox.queue_sms(session(), to="+905321234567", body="Başvurunuz alındı")
    session.commit()
    client = client_as("yonetici")
    for page in (client.get("/outbox/list/"), client.get(f"/outbox/show/{message.id}")):
        assert "1234567" not in page.text.replace(" ", "")
    assert "0532 *** ** 67" in client.get(f"/outbox/show/{message.id}").text


def test_an_sms_is_called_by_its_occasion_and_shows_no_code_in_the_list(
    client_as: Any, session: Any
) -> None:
    body = "Başvurunuz kaydedildi. Takip kodu: CY23LZYP"
    outbox.queue_sms(session(), to="+905321234567", body=body, template="register")
    session.commit()
    page = client_as("yonetici").get("/outbox/list/")
    label = turkish(NOTICE_STEP_LABELS["register"])
    assert label not in {"", "register"}
    assert label in page.text
    assert "CY23LZYP" not in page.text


def test_a_failed_message_is_sent_again(client_as: Any, session: Any) -> None:
    message = outbox.queue_sms(session(), to="+905321234567", body="Başvurunuz alındı")
    message.state = NotificationState.FAILED
    session.commit()
    assert client_as("yonetici").post(f"/outbox/retry/{message.id}").status_code == 302
    session.refresh(message)
    assert message.state is NotificationState.WAITING
    assert client_as("denetci").post(f"/outbox/cancel/{message.id}").status_code in {302, 403}
    session.refresh(message)
    assert message.state is NotificationState.WAITING


def test_the_bell_shows_the_own_messages_and_looking_marks_nothing(
    client_as: Any, session: Any
) -> None:
    mine = outbox.notify_user(
        session(), user_id=user_id(session, "operator"), subject="Süre yaklaşıyor"
    )
    other = outbox.notify_user(session(), user_id=user_id(session, "sef"), subject="Başka birinin")
    session.commit()
    client = client_as("operator")
    page = client.get("/notifications/")
    assert "Süre yaklaşıyor" in page.text
    assert "Başka birinin" not in page.text
    session.refresh(mine)
    assert mine.read_at is None
    assert client.post("/notifications/read").status_code == 302
    session.refresh(mine)
    session.refresh(other)
    assert mine.read_at is not None
    assert other.read_at is None


def test_a_message_leads_nowhere_outside(client_as: Any, session: Any) -> None:
    session.add(
        Notification(
            channel=NotificationChannel.PANEL,
            user_id=user_id(session, "operator"),
            subject="Tıkla",
            url="//evil.example/x",
            state=NotificationState.SENT,
        )
    )
    session.commit()
    assert "evil.example" not in client_as("operator").get("/notifications/").text


# --- searching ------------------------------------------------------------------------------------------
def test_trail_and_outbox_are_searched_by_the_number_of_a_case(
    client_as: Any, session: Any
) -> None:
    from app.applications.models import Application

    case, other = session.scalars(
        select(Application).where(Application.is_restricted.is_(False)).limit(2)
    ).all()
    for one in (case, other):
        audit.record(session(), verb="print", entity="Application", record_id=one.id)
        outbox.queue_sms(
            session(), to="+905321234567", body="Alındı",
            owner_type="Application", owner_id=one.id,
        )  # fmt: skip
    session.commit()
    client = client_as("denetci")
    for address, model in (("/audit", AuditEvent), ("/outbox", Notification)):
        page = client.get(f"{address}/list/", query_string={"q": case.number}).text
        found = {int(pk) for pk in re.findall(rf'href="{address}/show/(\d+)"', page)}
        assert found, address
        owner = model.record_id if model is AuditEvent else model.owner_id
        keys = session.scalars(select(owner).where(model.id.in_(found)))
        assert set(keys) == {case.id}
        assert f"{address}/show/" not in client.get(f"{address}/list/?q=qqqqqq").text
    # Who may not read applications finds nothing about them, and is not asked for their number.
    page = client_as("yonetici").get("/outbox/list/", query_string={"q": case.number})
    assert 'class="list-search"' not in page.text


def test_the_trail_is_searched_by_who_did_it(client_as: Any, session: Any) -> None:
    from app.core.acting import Actor, acting_as
    from app.models import StaffUser

    for username in ("operator", "sef"):
        with acting_as(Actor(user_id=user_id(session, username), name=username)):
            audit.record(session(), verb="print", entity="Unit", record_id=1)
    session.commit()
    who = session.get(StaffUser, user_id(session, "operator"))
    page = client_as("yonetici").get("/audit/list/", query_string={"q": who.last_name}).text
    found = {int(pk) for pk in re.findall(r'href="/audit/show/(\d+)"', page)}
    actors = session.scalars(select(AuditEvent.actor_id).where(AuditEvent.id.in_(found)))
    named = session.scalars(
        select(StaffUser.id).where(StaffUser.search_text.contains(fold(who.last_name)))
    )
    assert who.id in (actors := set(actors))
    assert actors <= set(named)


# --- words ------------------------------------------------------------------------------------------------
def test_every_screen_of_the_trail_has_a_name_and_no_code(app: Any, client_as: Any) -> None:
    from app.system.views.trail import screen_label

    with app.test_request_context("/"):
        names = {endpoint: screen_label(endpoint) for endpoint in app.view_functions}
    assert names["CimerStepView.answer"] == "CİMER yazışması"
    assert names["SearchView.page"] == "Genel arama"
    assert names["IntakeView.new"] == "Yeni başvuru"
    assert names["ApplicationView.show"] == "Başvurular"
    assert screen_label_is_said(names)
    assert "flask audit" not in client_as("yonetici").get("/audit/list/").text


def screen_label_is_said(names: dict[str, str]) -> bool:
    """No name of a class stands where people expect the name of a screen."""
    return not any(endpoint.partition(".")[0] in name for endpoint, name in names.items())


def test_an_export_is_told_by_the_names_of_its_columns(client_as: Any, session: Any) -> None:
    client = client_as("yonetici")
    assert client.post("/units/export", data={"format": "csv"}).status_code == 200
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.verb == "export").order_by(AuditEvent.id.desc())
    ).first()
    page = client.get(f"/audit/show/{event.id}").text
    assert "Sütunlar: " in page
    assert not any(re.search(rf"\b{name}\b", page) for name in ("short_name", "parent_id"))
