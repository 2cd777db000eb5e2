"""Lists, the catalogue, REST and the card."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import select

from app.applications.models import (
    Application,
    InformationReportLine,
    PublishedInformation,
    RefusalGround,
)
from app.applications.rules.information import (
    UpdateCycle,
)
from app.core import clock
from app.core.text import format_date
from tests.applications.test_information_screens.support import (
    WORD,
    card_of,
    case_of,
    partial,
    register,
)


# --- lists ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "tab", ["open", "day15", "fee", "letter", "silence", "decided", "appealed", "all"]
)
def test_every_tab_of_the_officer_opens_in_few_statements(
    client_as: Any, counted: list[str], asked: Application, tab: str
) -> None:
    client = client_as("bilgi")
    client.get("/information-cases/list/")
    counted.clear()
    page = client.get(f"/information-cases/list/?tab={tab}")
    assert page.status_code == 200
    assert len(counted) <= 6, counted


def test_requests_stand_in_the_tab_of_their_day(client_as: Any, session: Any) -> None:
    near = register(session, days_ago=18)
    silent = register(session, days_ago=27)
    officer = client_as("bilgi")
    today = clock.today()
    case = case_of(session, near)
    day15 = officer.get("/information-cases/list/?tab=day15").text
    assert (near.number in day15) is (case.alarm_on <= today)
    other = case_of(session, silent)
    silence = officer.get("/information-cases/list/?tab=silence").text
    assert (silent.number in silence) is (other.silence_on <= today + dt.timedelta(days=7))
    assert near.number in officer.get("/information-cases/list/?tab=open").text
    assert silent.number in officer.get(f"/information-cases/list/?tab=all&q={WORD}").text


def test_the_home_page_of_the_officer_counts_them(
    client_as: Any, session: Any, asked: Application, counted: list[str]
) -> None:
    client = client_as("bilgi")
    client.get("/")
    counted.clear()
    page = client.get("/")
    assert page.status_code == 200
    assert len(counted) <= 24, len(counted)
    assert "15. güne yakın" in page.text


# --- catalogue and reference rows ----------------------------------------------------------------------------
ENTRY = {
    "title": "Ilıca kaplıca tarifesi",
    "place": "Kurumsal internet sitesi",
    "url": "https://ornek.bel.tr/tarife",
    "cycle": "monthly",
    "published_on": "31.01.2026",
    "active": "y",
}


def test_an_entry_is_added_found_and_brought_up_to_date(client_as: Any, session: Any) -> None:
    officer = client_as("bilgi")
    wrong = officer.post(
        "/published-information/add", data={**ENTRY, "url": "javascript:alert(1)", "title": ""}
    )
    assert wrong.status_code == 422
    assert "Kurumsal internet sitesi" in wrong.text
    assert officer.post("/published-information/add", data=ENTRY).status_code == 302
    item = session.scalars(
        select(PublishedInformation).where(PublishedInformation.title == ENTRY["title"])
    ).one()
    pk = item.id
    assert (item.cycle, item.next_due_on) == (UpdateCycle.MONTHLY, dt.date(2026, 2, 28))
    found = officer.get("/published-information/list/?tab=overdue&q=ILICA").text
    assert ENTRY["title"] in found
    done = officer.post(
        "/published-information/action", data={"action": "refresh", "rowid": str(pk)}
    )
    assert done.status_code == 302
    session.expire_all()
    assert session.get(PublishedInformation, pk).updated_on == clock.today()
    assert (
        ENTRY["title"]
        not in officer.get("/published-information/list/?tab=overdue&q=ILICA").text.split("<tbody")[
            -1
        ]
    )
    form = officer.get(f"/published-information/edit/{pk}").text
    version = re.search(r'name="_version"[^>]*value="(\d+)"', form)
    assert version is not None
    changed = {**ENTRY, "cycle": "never", "_version": version[1]}
    assert officer.post(f"/published-information/edit/{pk}", data=changed).status_code == 302
    session.expire_all()
    assert session.get(PublishedInformation, pk).next_due_on is None
    assert officer.post(f"/published-information/edit/{pk}", data=changed).status_code in {
        409, 422,
    }  # fmt: skip
    clerk = client_as("operator")
    assert clerk.get("/published-information/list/?q=ILICA").status_code == 200
    assert clerk.post(
        "/published-information/action", data={"action": "refresh", "rowid": str(pk)}
    ).status_code in {302, 403}
    assert clerk.get("/published-information/add").status_code in {302, 403}


def test_articles_are_kept_by_the_manager_and_leave_the_form_with_their_day(
    client_as: Any, session: Any, asked: Application
) -> None:
    manager = client_as("mudur")
    given = {
        "code": "m.99", "law": "4982", "article": "99", "title": "Deneme maddesi",
        "letter_text": "Deneme maddesi gereğince", "position": "990", "valid_from": "01.01.2020",
        "valid_to": "01.01.2019",
    }  # fmt: skip
    assert manager.post("/refusal-grounds/add", data=given).status_code == 422
    given["valid_to"] = ""
    assert manager.post("/refusal-grounds/add", data=given).status_code == 302
    row = session.scalars(select(RefusalGround).where(RefusalGround.code == "m.99")).one()
    pk = row.id
    url = f"/information-cases/of/{asked.id}/decide"
    assert "Deneme maddesi" in client_as("bilgi").get(url).text
    form = manager.get(f"/refusal-grounds/edit/{pk}").text
    version = re.search(r'name="_version"[^>]*value="(\d+)"', form)
    assert version is not None
    ended = {**given, "valid_to": "01.01.2021", "_version": version[1]}
    assert manager.post(f"/refusal-grounds/edit/{pk}", data=ended).status_code == 302
    assert "Deneme maddesi" not in client_as("bilgi").get(url).text
    assert client_as("bilgi").get("/refusal-grounds/add").status_code in {302, 403}


def test_a_line_of_the_report_is_added_and_drawn(client_as: Any, session: Any) -> None:
    manager = client_as("mudur")
    given = {
        "code": "ek-99", "position": "990", "text": "Ücret istenen başvuru sayısı",
        "basis": "Ek satır", "figure": "fee", "active": "y", "valid_from_year": "2025",
        "valid_to_year": "2024",
    }  # fmt: skip
    assert manager.post("/information-report-lines/add", data=given).status_code == 422
    given["valid_to_year"] = ""
    assert manager.post("/information-report-lines/add", data=given).status_code == 302
    assert session.scalars(
        select(InformationReportLine).where(InformationReportLine.code == "ek-99")
    ).one()
    assert "ek-99" in manager.get("/information-report/?year=2025").text
    assert "ek-99" not in manager.get("/information-report/?year=2024").text


@pytest.mark.parametrize(
    "url",
    [
        "/information-cases/show/{case}",
        "/information-cases/charts/",
        "/information-appeals/charts/",
        "/published-information/charts/",
        "/refusal-grounds/charts/",
        "/information-report-lines/charts/",
    ],
)
def test_pages_around_the_lists_open(
    client_as: Any, session: Any, asked: Application, url: str
) -> None:
    page = client_as("mudur").get(url.format(case=case_of(session, asked).id))
    assert page.status_code == 200
    if "show" in url:
        assert asked.number in page.text


# --- REST ----------------------------------------------------------------------------------------------------
def test_the_resources_answer_to_those_who_may_read(
    client: Any, session: Any, token_of: Any, asked: Application
) -> None:
    pk = case_of(session, asked).id
    headers = token_of("bilgi")
    one = client.get(f"/api/v1/information_case/{pk}", headers=headers)
    assert one.status_code == 200
    assert one.json["result"]["application_id"] == asked.id
    assert client.post("/api/v1/information_case/", headers=headers, json={}).status_code in {
        403, 404, 405,
    }  # fmt: skip
    for name in ("appeal", "published_information", "refusal_ground", "information_report_line"):
        assert client.get(f"/api/v1/{name}/", headers=headers).status_code == 200, name
    assert client.get("/api/v1/information_case/", headers=token_of("rehber")).status_code in {
        401, 403, 404,
    }  # fmt: skip
    made = client.post(
        "/api/v1/published_information/", headers=headers,
        json={"title": "REST kaydı", "place": "Site", "cycle": "yearly",
              "published_on": "2026-03-01", "active": True},
    )  # fmt: skip
    assert made.status_code == 201, made.json
    item = session.scalars(
        select(PublishedInformation).where(PublishedInformation.title == "REST kaydı")
    ).one()
    assert item.next_due_on == dt.date(2027, 3, 1)
    bad = client.post(
        "/api/v1/published_information/", headers=headers,
        json={"title": "", "place": "Site", "cycle": "yearly", "active": True},
    )  # fmt: skip
    assert bad.status_code in {400, 422}


# --- the card --------------------------------------------------------------------------------------------------
def test_the_card_tells_the_clock_silence_and_what_is_missing(
    client_as: Any, session: Any, asked: Application
) -> None:
    officer = client_as("bilgi")
    card = card_of(officer, asked)
    case = case_of(session, asked)
    assert "Karar ver" in card
    assert format_date(case.notice_by) in card
    assert "karar taslağı" in card
    officer.post(f"/information-cases/of/{asked.id}/decide", data=partial(session, step="draft"))
    card = card_of(officer, asked)
    for words in ("m.9", "m.21", "23 sayfadaki işçi adları", "188"):
        assert words in card
    reader = card_of(client_as("sef"), asked)
    assert "Karar ver" not in reader


def test_the_card_warns_of_silence(client_as: Any, session: Any) -> None:
    silent = register(session, days_ago=60)
    card = card_of(client_as("bilgi"), silent)
    assert "2577" in card
    assert "ret" in card


@pytest.mark.parametrize(
    "action", ["send_refusal", "send_reply", "approve_reply", "register", "discard", "nothing"]
)
def test_steps_of_letters_have_no_form_of_their_own(
    client_as: Any, asked: Application, action: str
) -> None:
    client, url = client_as("mudur"), f"/applications/steps/{asked.id}/do/{action}"
    assert client.get(url).status_code in {302, 404}
    assert client.post(url, data={}).status_code in {302, 404}
