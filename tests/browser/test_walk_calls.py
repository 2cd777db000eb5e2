"""A morning at the telephone: calls of the switch and by hand, their cases, the shift, the figures."""

from __future__ import annotations

import datetime as dt
import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.core import clock
from tests.browser.conftest import Site, picture
from tests.browser.looks import findings, look_at

pytestmark = pytest.mark.browser

#: Calls of one morning as a switch writes them: eight can be taken over, four are wrong.
SAMPLE = Path(__file__).resolve().parents[1] / "data" / "santral_cp1254.csv"
CALLER, STRANGER = "+905320099301", "+905320099302"
LEVEL = "Günlere göre servis seviyesi"
#: A call stands on the screen a second or two after the switch told of it; a busy machine of tests is slower.
MOST_SECONDS = 10

SETUP = f"""
    from sqlalchemy import select
    from app.applications.models import Topic
    from app.applications.rules import Channel, Kind
    from app.applications.services import register_application
    from app.core.acting import Actor
    from app.people.models import Citizen
    from app.system.services.keys import create_key
    values = dict(name="Santral", owner="Bilgi İşlem", contact="santral@ornek.bel.tr",
                  opens_calls=True, opens_open311=False, channel=Channel.MOBILE, rate_limit=600, active=True)
    key, secret = create_key(session, values=values)
    person = Citizen(first_name="Gülten", last_name="Arayan", phone="{CALLER}")
    session.add(person)
    session.flush()
    topic = session.scalars(select(Topic).where(Topic.code == "SU-01")).one()
    for subject in ("Suyumuz iki gündür yok", "Sayaç kapağı kırık"):
        register_application(session, actor=SYSTEM, values=dict(
            channel=Channel.CALL_CENTER, kind=Kind.REQUEST, topic_id=topic.id, subject=subject,
            citizen=dict(id=person.id)))
    print(secret)
"""


@dataclass
class Switch:
    """The telephone switch: tells the house of calls by its webhook."""

    site: Site
    key: str

    def tell(self, call: str, event: str, *, number: str = "", ago: int = 0) -> int:
        """Send one message and return the status."""
        at = clock.now() - dt.timedelta(seconds=ago)
        body = {
            "switch_id": call,
            "event": event,
            "at": at.isoformat(),
            "number": number,
            "operator": "operator",
            "queue": "153",
        }
        request = urllib.request.Request(
            f"{self.site.url}/api/v1/call/live",
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "X-API-Key": self.key},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)


@pytest.fixture(scope="module")
def switch(site: Site) -> Switch:
    """A switch with a key of its own, and a caller with two open cases."""
    return Switch(site, site.python(SETUP).strip().splitlines()[-1])


def said(page: Any) -> str:
    """What the house has just told."""
    return str(page.locator(".toast").first.inner_text())


def test_a_morning_at_the_telephone(visit: Callable[..., Any], switch: Switch) -> None:
    page = visit("operator")

    # The shift begins: what the shift before left is read, the seat is taken.
    page.goto("/calls/now/")
    page.locator("#h-duty").wait_for()
    picture(page, "vardiya-basi")
    while page.locator("text=Okudum").count():
        page.locator("button:has-text('Okudum')").first.click()
        page.wait_for_load_state("load")
        assert "Okuduğunuz kaydedildi" in said(page)
    page.click("button:has-text('Vardiyaya başla')")
    page.wait_for_load_state("load")
    # At once: a message goes by itself after some seconds.
    page.locator(".toast button").first.click()
    assert page.locator("#h-duty").count() == 0
    page.locator("text=Süren çağrı yok").wait_for()

    # The switch tells of a call: the caller and the open cases stand there by themselves.
    assert switch.tell("walk-1", "ringing", number=CALLER, ago=9) == 201
    begun = time.monotonic()
    page.locator(".live", has_text="Gülten Arayan").wait_for()
    assert time.monotonic() - begun < MOST_SECONDS
    assert "çalıyor" in page.inner_text(".live")
    assert CALLER not in page.content()
    switch.tell("walk-1", "answered", number=CALLER)
    page.locator(".live:has-text('Görüşmede')").wait_for()
    opened = page.locator("section[aria-labelledby=h-open] ul.rows > li")
    assert opened.count() == 2
    assert "Söylenecek:" in opened.first.inner_text()
    assert "SU-01" in page.inner_text("section[aria-labelledby=h-know]")
    picture(page, "canli-cagri")
    assert findings(page) == []

    # A note on the first case by keyboard; the call goes on.
    subject = opened.first.locator("a b").inner_text()
    page.keyboard.press("Alt+n")
    page.locator("dialog[open] textarea").wait_for()
    page.keyboard.type("Su akşam kısa süre geldi, yine kesildi.")
    page.keyboard.press("Control+Enter")
    page.wait_for_load_state("load")
    page.locator(".toast").first.wait_for()
    assert "başvurusuna eklendi" in said(page)
    page.locator(".live", has_text="Gülten Arayan").wait_for()

    # The state is told by keyboard; the caller hangs up, the screen is free again.
    page.keyboard.press("Alt+d")
    page.locator(".toast", has_text="durumu bildirildi").wait_for()
    switch.tell("walk-1", "hangup", number=CALLER)
    page.locator("text=Süren çağrı yok").wait_for()
    page.click("section[aria-labelledby=h-recent] tbody a >> nth=0")
    page.wait_for_url("**/calls/show/*")
    assert "Bilgi verildi" in page.inner_text("main")
    page.click('main a[href*="/applications/show/"]')
    page.wait_for_url("**/applications/show/*")
    assert subject in page.inner_text("h1, main")
    assert "yine kesildi" in page.inner_text("main")
    page.locator("section:has(h2:has-text('Çağrılar'))").first.wait_for()

    # Somebody unknown calls: a new case by keyboard, with the number already there.
    page.goto("/calls/now/")
    switch.tell("walk-2", "ringing", number=STRANGER, ago=12)
    switch.tell("walk-2", "answered", number=STRANGER, ago=3)
    page.locator("text=Bu numara kimsede kayıtlı değil").wait_for()
    page.mouse.move(0, 0)
    page.keyboard.press("n")
    page.wait_for_url("**/applications/new/?call=*")
    assert page.input_value("[name=phone]") == "0532 009 93 02"
    assert page.input_value("[name=channel]") == "call_center"
    page.fill("[name=first_name]", "Temel")
    page.fill("[name=last_name]", "Yeni")
    page.fill("#topic", "cukur")
    page.locator("#topic ~ .lookup-list [role=option][aria-selected=true]").wait_for()
    page.press("#topic", "Enter")
    page.wait_for_function("() => document.getElementById('topic-value').value !== ''")
    page.fill("#subject", "Okul önünde derin çukur")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/applications/show/*")
    number = page.inner_text("b.mono")
    switch.tell("walk-2", "hangup", number=STRANGER)
    page.goto("/calls/now/")
    page.locator("text=Süren çağrı yok").wait_for()
    last = page.locator("section[aria-labelledby=h-recent] tbody tr").first
    assert number in last.inner_text()
    assert "Başvuru açıldı" in last.inner_text()

    # A call by hand, answered out of the knowledge base.
    page.fill("#number", "0532 009 93 03")
    page.press("#number", "Enter")
    page.wait_for_url("**/calls/now/?call=*")
    page.fill("[data-knowledge-query]", "fatura")
    item = page.locator("[data-knowledge-found] details[open]").first
    item.wait_for()
    question = item.locator("summary b").inner_text()
    page.keyboard.press("Escape")
    page.locator("#answered-with-label", has_text=question).wait_for()
    page.locator("h2#h-open").click()
    page.keyboard.press("Alt+k")
    page.locator(".toast", has_text="Bilgi verildi").wait_for()
    last = page.locator("section[aria-labelledby=h-recent] tbody tr").first
    assert question in last.inner_text()

    # What the next shift should know.
    page.goto("/shift-notes/add")
    page.fill("[name=text]", "Gece 02.00’de su verilecek, arayanlara söyleyin.")
    page.fill("[name=open_matters]", "Sabah TESKİ aranacak.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/shift-notes/show/*")
    the_chief_sees_how_the_centre_does(visit("sef"))


def the_chief_sees_how_the_centre_does(page: Any) -> None:
    """The note is acknowledged, the figures lead to their calls, a swap is decided."""
    page.goto("/")
    assert "Bugünkü servis seviyesi" in page.inner_text("main")
    note = page.locator("li", has_text="Gece 02.00’de su verilecek")
    note.locator("button:has-text('Okudum')").click()
    page.wait_for_load_state("load")
    page.goto("/shift-notes/list/")
    page.click("table tbody th a >> nth=0")
    page.wait_for_url("**/shift-notes/show/*")
    assert "Sibel Koç" in page.inner_text("main")

    page.goto("/calls/list/?tab=today")
    assert "Elif Karaca" in page.inner_text("table")
    assert CALLER not in page.content()
    page.goto("/calls/charts/")
    page.locator("[data-chart-stage] svg").nth(3).wait_for()
    picture(page, "cagri-grafikleri")
    # From a figure to the calls it counts.
    page.locator("table a", has_text="Bilgi verildi").first.click()
    page.wait_for_url("**/calls/list/*")
    assert "result=informed" in page.url
    assert "Bilgi verildi" in page.inner_text("table")

    # A swap that somebody has asked for is decided.
    page.goto("/shifts/week")
    picture(page, "vardiya-plani")
    page.goto("/shifts/list/?tab=swaps")
    page.click("table tbody th a >> nth=0")
    page.wait_for_url("**/shifts/show/*")
    page.click("button:has-text('Değişimi onayla')")
    page.locator(".toast", has_text="İkisine de bildirildi").wait_for()
    assert "Değiştirildi" in page.inner_text("main")


def brought_in(page: Any) -> list[str]:
    """Choose the file of the switch with its mapping and take it over; the three figures at the end."""
    page.goto("/call-imports/new")
    page.set_input_files("#file", str(SAMPLE))
    page.select_option("#mapping", index=1)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/call-imports/*/*")
    if "/columns/" in page.url:
        assert page.input_value("#column-number") == "Arayan"
        page.keyboard.press("Control+Enter")
    page.wait_for_url("**/call-imports/preview/*")
    assert findings(page) == []
    if page.locator("text=Aynı dosya daha önce").count() == 0:
        picture(page, "cagri-aktarimi")
    page.click("text=İçe aktarmayı başlat")
    page.wait_for_url("**/call-imports/show/*")
    page.locator("h2", has_text="Satırların sonucu").wait_for()
    return list(page.locator("section[aria-labelledby=h-result] .val").all_inner_texts())


def test_the_file_of_a_switch_is_taken_over_once(visit: Callable[..., Any]) -> None:
    page = visit("sef")
    assert brought_in(page) == ["8", "0", "4"]
    assert "tarih ve saat olarak okunamadı" in page.inner_text("section[aria-labelledby=h-refused]")
    with page.expect_download() as rejects:
        page.click("text=Reddedilen satırlar (Excel)")
    assert rejects.value.suggested_filename.endswith(".xlsx")
    page.click("a.figure:has-text('Alınan')")
    page.wait_for_url("**/calls/list/*")
    assert page.locator("table tbody tr").count() == 8
    assert "0532 000 11 22" not in page.content()
    # The same file again: every call is known by its number at the switch.
    assert brought_in(page) == ["0", "8", "4"]


def test_figures_lead_to_their_calls(visit: Callable[..., Any]) -> None:
    page = visit("sef")
    page.goto("/calls/charts/")
    for title in (
        LEVEL,
        "Günlere göre çağrılar",
        "Çağrılar ne zaman geliyor?",
        "Aylara göre ilk temas ve başvurular",
        "Operatöre göre işlem süresi",
    ):
        page.get_by_role("heading", name=title, exact=True).wait_for()
    page.locator("#chart-level svg", has_text="Hedef %80").wait_for()
    # One hour of one weekday: as many calls stand in the list as the chart says.
    cells = page.locator("table a[href*='weekday='][href*='hour=']")
    figures = [int(words) for words in cells.all_inner_texts()]
    most = min(max(figures), 20)
    at = next(index for index, n in enumerate(figures) if 0 < n <= most)
    cells.nth(at).click()
    page.wait_for_url("**/calls/list/*weekday=*")
    assert page.locator("table tbody tr").count() == figures[at]


def test_an_answer_has_an_owner_and_a_day_of_review(visit: Callable[..., Any]) -> None:
    page = visit("sef")
    page.goto("/knowledge/add")
    page.fill("[name=title]", "Nikâh için kaç gün önce gelinir?")
    page.fill("[name=answer]", "En az üç gün önce nüfus cüzdanı ve sağlık raporuyla gelin.")
    page.keyboard.press("Control+Enter")
    page.locator("#owner[aria-invalid=true], [aria-invalid=true]").first.wait_for()
    page.fill("#owner", "sibel")
    page.locator("#owner ~ .lookup-list [role=option][aria-selected=true]").wait_for()
    page.press("#owner", "Enter")
    page.fill("[name=review_on]", (clock.today() + dt.timedelta(days=180)).isoformat())
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/knowledge/show/*")
    kept = page.inner_text("main")
    assert "Sibel Koç" in kept
    assert f"{clock.today() + dt.timedelta(days=180):%d.%m.%Y}" in kept
    assert "Güncel" in kept
    # Whoever finds it wrong at the telephone tells the owner.
    operator = visit("operator")
    operator.goto(page.url)
    operator.click("button:has-text('Güncel değil')")
    operator.locator("dialog[open] textarea").fill("Artık beş gün önce geliniyor.")
    operator.keyboard.press("Control+Enter")
    operator.locator(".toast", has_text="Sahibine bildirildi").wait_for()


PAGES = (
    "/calls/now/",
    "/calls/list/",
    "/calls/charts/",
    "/shifts/week",
    "/shifts/list/",
    "/shift-notes/list/",
    "/shift-notes/add",
    "/knowledge/list/",
    "/knowledge/show/1",
    "/knowledge/add",
    "/call-imports/new",
    "/call-mappings/list/",
)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_pages_of_the_call_centre_fit_and_are_accessible(
    visit: Callable[..., Any], scheme: str
) -> None:
    page = visit("sef")
    page.emulate_media(color_scheme=scheme)
    assert look_at(page, PAGES) == []
