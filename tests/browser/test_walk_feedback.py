"""A citizen rates by the link of an SMS, follows the case and reopens it; an operator calls back; figures."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, picture
from tests.browser.looks import findings
from tests.browser.test_walk_main_job import wait_for

pytestmark = pytest.mark.browser

PHONE = "+905320009911"
#: One answered case of the demo data, as if its answer had gone out some days ago; the daily run follows.
ASK = """
import datetime as dt
from sqlalchemy import delete, select, update
from app.core import clock
from app.applications.models import Application, CallBack, Satisfaction
from app.applications.tasks import ask_applicants
from app.people.models import Citizen
from app.system.models import Notification
from app.system.services.settings import set_setting
a = Application
case = session.scalars(select(a).where(
    a.state == "answered", a.kind == "request", a.citizen_id.is_not(None), a.is_restricted.is_(False),
    a.identity_hidden.is_(False), a.is_anonymous.is_(False), a.lead_unit_id.is_not(None),
    a.outcome == "resolved", a.cycle == 1, a.received_at < clock.now() - dt.timedelta(days=5),
).order_by(a.id.desc()).limit(1)).one()
own = select(a.id).where(a.citizen_id == case.citizen_id)
for model in (Satisfaction, CallBack):
    session.execute(delete(model.__table__).where(model.__table__.c.application_id.in_(own)))
# The worker may have asked already; a question goes out once for each answer.
told = Notification.__table__
session.execute(delete(told).where(told.c.template == "survey", told.c.owner_id == case.id))
session.execute(update(Citizen.__table__).where(Citizen.__table__.c.id == case.citizen_id).values(
    no_surveys=False, contact_preference="sms"))
session.execute(update(a.__table__).where(a.__table__.c.id == case.id).values(
    answered_at=clock.now() - dt.timedelta(days=3), closed_at=None, wants_notice="sms",
    contact_phone="+905320009911"))
set_setting(session, key="survey_share_percent", value="100")
found = f"CASE {case.id} {case.number} {case.tracking_code}"
session.commit()
session.expire_all()  # The updates above went past the records that the session holds.
ask_applicants()
print(found)
"""


#: Two people who are to be called today, whatever the draw of the demo data has left.
CALL = """
from sqlalchemy import select
from app.core import clock
from app.applications.models import Application, CallBack, CallBackSample
from app.people.models import Citizen
sample = session.scalars(select(CallBackSample).order_by(CallBackSample.week_on.desc())).first()
a = Application
cases = session.scalars(select(a).join(Citizen, Citizen.id == a.citizen_id).where(
    a.state == "answered", a.kind == "request", a.is_restricted.is_(False), a.cycle == 1,
    a.identity_hidden.is_(False), Citizen.no_surveys.is_(False), Citizen.phone != "",
    a.id.not_in(select(CallBack.application_id).where(CallBack.application_id.is_not(None))),
).order_by(a.id).limit(2)).all()
for case in cases:
    session.add(CallBack(
        sample_id=sample.id, application_id=case.id, cycle=1, topic_id=case.topic_id,
        unit_id=case.lead_unit_id, state="waiting", next_on=clock.today()))
"""


def test_a_citizen_rates_follows_and_reopens(site: Site, visit: Callable[..., Any]) -> None:
    found = re.search(r"CASE (\d+) (\S+) (\S+)", site.python(ASK))
    assert found is not None
    pk, number, code = found.groups()

    # 1. The question comes by SMS; its link opens three short questions, on a phone.
    arrived = wait_for(lambda: next((t for t in site.texts if PHONE in str(t)), None), seconds=60)
    text = str(arrived)
    link = re.search(r"http://\S+/takip/([0-9A-Z]{16})", text)
    assert link is not None, text
    assert number in text
    citizen = visit(width=390, height=844)
    citizen.goto(f"/takip/{link[1]}")
    assert citizen.evaluate("document.documentElement.scrollWidth") <= 390
    assert findings(citizen) == []
    picture(citizen, "takip-telefon")
    citizen.locator("[name=score]").first.scroll_into_view_if_needed()
    picture(citizen, "takip-anket-telefon")
    citizen.click("text=Cevabımı gönder")
    citizen.locator("[role=alert]").wait_for()
    assert citizen.locator("[aria-invalid=true]").count() > 0
    citizen.check("[name=score][value='2']", force=True)
    citizen.check("[name=solved][value=no]", force=True)
    citizen.fill("#comment", "Kapak yine ses yapıyor.")
    citizen.click("text=Cevabımı gönder")
    assert "Teşekkür" in citizen.inner_text("[role=status]")

    # 2. With number and code the case stands there as a whole; what is wrong tells nothing.
    citizen = visit(width=1440)
    citizen.goto("/takip")
    assert findings(citizen) == []
    picture(citizen, "takip")
    citizen.fill("#number", number)
    citizen.fill("#code", "AAAAAAAA")
    citizen.press("#code", "Enter")
    assert "bir başvuru yok" in citizen.inner_text("[role=alert]")
    citizen.fill("#code", code)
    citizen.press("#code", "Enter")
    citizen.locator("#h-state").wait_for()
    assert number in citizen.inner_text("#h-state")
    assert "Sonuç" in citizen.inner_text("[aria-current=step]")
    assert findings(citizen) == []
    picture(citizen, "takip-sonuc")
    citizen.emulate_media(color_scheme="dark")
    assert findings(citizen) == []

    # 3. “Sorunum çözülmedi”: it goes back to the unit, and the office sees who asked for it.
    citizen.fill("#reason", "Kapak değişmedi, gece sesinden uyuyamıyoruz.")
    citizen.click("text=Yeniden ele alınsın")
    assert "yeniden ele alındı" in citizen.inner_text("[role=status]")
    assert "Sorumlu birimde" in citizen.inner_text("[aria-current=step]")
    chief = visit("sef")
    chief.goto(f"/applications/show/{pk}")
    history = chief.inner_text("main")
    assert "Kapak değişmedi, gece sesinden uyuyamıyoruz." in history
    card = chief.locator("#card-messages")
    card.get_by_text("Memnuniyet sorusu").wait_for()
    assert link[1] not in card.inner_text()
    assert findings(chief) == []


def test_an_operator_calls_back(site: Site, visit: Callable[..., Any]) -> None:
    site.python(CALL)
    page = visit("operator")
    page.goto("/")
    card = page.locator("section[aria-labelledby=h-calls]")
    assert findings(page) == []
    card.get_by_role("link").nth(1).click()
    page.wait_for_url("**/call-backs/show/*")
    assert findings(page) == []
    assert re.search(r"\*\*\*", page.inner_text("main"))
    picture(page, "geri-arama")
    page.click("text=Görüşmeyi kaydet")
    page.wait_for_url("**/call-backs/call/*")
    assert findings(page) == []
    page.check("[name=result][value=answered]", force=True)
    page.check("[name=score][value='5']", force=True)
    page.check("[name=solved][value=yes]", force=True)
    page.check("[name=manner][value='5']", force=True)
    picture(page, "geri-arama-gorusme")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/call-backs/list/**")
    assert "görüşme kaydedildi" in page.inner_text("body")


def test_a_manager_reads_the_figures(visit: Callable[..., Any]) -> None:
    page = visit("mudur")
    page.goto("/")
    page.click("a.figure:has-text('Memnuniyet, bu ay')")
    page.wait_for_url("**/satisfaction/charts/**")
    page.locator("[data-chart-stage] svg").first.wait_for()
    assert findings(page) == []
    picture(page, "memnuniyet-grafikleri")
    page.locator("table a[href*='score=5']").first.click()
    page.wait_for_url("**/satisfaction/list/**score=5**")
    assert "5, Çok memnun" in page.inner_text("main")
    assert findings(page) == []
    for name, url in (
        ("bildirim-metinleri", "/notice-texts/list/"),
        ("bildirim-metni", "/notice-texts/edit/1"),
        ("sonuc-nedenleri", "/outcome-reasons/list/"),
        ("yeniden-acmalar", "/applications/reopenings/"),
        ("orneklem", "/call-back-samples/add"),
    ):
        page.goto(url)
        page.wait_for_load_state("networkidle")
        assert findings(page) == [], name
        picture(page, name)


def test_the_preview_follows_what_is_typed(visit: Callable[..., Any]) -> None:
    page = visit("mudur")
    page.goto("/notice-texts/add")
    page.check("[name=channel][value=sms]", force=True)
    page.fill("#body", "Kaydınız {{basvuru_no}} ışık")
    place = page.locator("[data-preview]")
    place.get_by_text("Kaydınız 2026-0001234 ışık").wait_for()
    assert "1 SMS" in place.inner_text()
    page.fill("#body", "Ж" * 80)
    place.get_by_text(re.compile("2 SMS")).wait_for()
