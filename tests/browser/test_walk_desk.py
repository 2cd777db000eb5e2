"""The Solution Desk calls, talks and registers; an officer goes to the place with a phone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, picture
from tests.browser.looks import findings
from tests.browser.prepare import STAFF_AND_PEOPLE
from tests.browser.test_walk_main_job import pick

pytestmark = pytest.mark.browser

#: Cases at work in one unit: three stops of today, two left from yesterday, two without a visit.
STOPS = (
    STAFF_AND_PEOPLE
    + """
import datetime as dt
from app.core import clock
from app.applications.services import field_plan
placed = reachable.where(Citizen.neighbourhood_id.is_not(None))
for place, person in enumerate(session.scalars(placed.order_by(Citizen.id.desc()).limit(7))):
    case = services.register_application(
        session, actor=actors["masa"],
        values={
            "channel": Channel.DESK, "kind": Kind.REQUEST, "topic_id": topic.id,
            "subject": f"Saha denemesi {place}", "citizen": {"id": person.id},
            "district_id": person.district_id, "neighbourhood_id": person.neighbourhood_id,
            "wants_notice": "none",
        },
    )
    services.assign(
        session, actor=actors["sef"], application=case, unit_ids=[topic.unit_id],
        lead_unit_id=topic.unit_id,
    )
    services.accept(session, actor=actors["birim"], application=case)
    back = dt.timedelta(days=1 if place > 2 else 0)
    if place < 5:
        field_plan.plan_visit(
            session, application=case, planned_on=clock.today() - back,
            officer_id=actors["birim"].user_id, actor=actors["birim"], now=clock.now() - back,
        )
"""
)
DRAIN = """
from app.models import DeskTicket
from sqlalchemy import update
session.execute(update(DeskTicket).where(DeskTicket.state.in_(["waiting", "called", "serving"]))
                .values(state="left"))
"""


#: Tags of a photo (Exif 2.32): maker of the camera, directory of the position, latitude in it.
MAKE, GPS, LATITUDE = 0x010F, 0x8825, 2


#: By the page itself: Playwright's own requests take the cookies of a moved clock for expired.
FETCH = "async (url) => Array.from(new Uint8Array(await (await fetch(url)).arrayBuffer()))"


def photo() -> bytes:
    """What a phone's camera gives: a picture that says which phone took it, and where."""
    from PIL import Image

    exif = Image.Exif()
    exif[MAKE] = "Telefon"
    exif.get_ifd(GPS)[LATITUDE] = (40.0, 58.0, 40.0)
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (90, 95, 100)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def exif_of(data: bytes) -> dict[int, Any]:
    """What a photo tells beside its picture."""
    from PIL import Image

    exif = Image.open(io.BytesIO(data)).getexif()
    return {**exif, **exif.get_ifd(GPS)}


@pytest.fixture(scope="module")
def stops(site: Site) -> None:
    """The tour of an officer."""
    site.python(STOPS)


def test_from_a_number_to_a_registered_application(site: Site, visit: Callable[..., Any]) -> None:
    site.python(DRAIN)
    guide = visit("rehber")
    guide.goto("/desk/")
    guide.get_by_role("button", name="Yeni başvuru").click()
    guide.wait_for_url("**/desk/ticket/*")
    number = guide.locator(".slip-number").inner_text()
    guide.goto("/desk/")
    guide.get_by_role("button", name="Bilgi istiyor").click()
    guide.wait_for_url("**/desk/ticket/*")
    following = guide.locator(".slip-number").inner_text()

    hall = visit("masa")
    hall.goto("/desk/display")
    assert findings(hall) == []

    page = visit("masa")
    page.goto("/desk/")
    assert findings(page) == []
    picture(page, "cozum-masasi")
    page.get_by_label("Masa", exact=True).select_option("2")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Sıradakini çağır").click()
    page.wait_for_selector(f".big-number >> text={number}")
    hall.wait_for_selector(f".display-number >> text={number}", timeout=20_000)
    assert "masa 2" in hall.locator(".display-calls").inner_text().lower()
    hall.wait_for_selector(f".display-next >> text={following}")
    picture(hall, "salon-ekrani")

    page.get_by_role("button", name="Başlat, başvuru aç").click()
    page.wait_for_url("**/applications/new/?channel=desk&ticket=*")
    assert page.locator("[name=channel]").input_value() == "desk"
    page.check("[name=who][value=anonymous]", force=True)
    page.check("[name=kind][value=complaint]", force=True)
    pick(page, "topic", "cukur")
    page.fill("#subject", "Durak önünde çukur")
    page.check("[name=wants_notice][value=none]", force=True)
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/desk/")
    assert page.get_by_role("link", name="Alınan başvuru").is_visible()
    page.get_by_role("button", name="Görüşmeyi bitir").click()
    page.wait_for_selector(f"text={number} numara: görüşme bitti.")
    done = page.locator("li", has_text=number).first
    assert re.search(r"\d{4}-\d{7}", done.inner_text())


@pytest.mark.usefixtures("stops")
def test_an_officer_makes_a_stop_with_one_hand(visit: Callable[..., Any]) -> None:
    from playwright.sync_api import expect

    page = visit("birim", width=390, height=800)
    page.goto("/field-tour/")
    assert findings(page) == []
    picture(page, "saha-turu")
    stop = page.locator(".stop").first
    subject = stop.locator("b").inner_text()
    heights = stop.locator(".stop-acts .btn").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44
    stop.get_by_role("button", name="Vardım").click()
    page.wait_for_selector(".stop >> text=Yolda")
    page.locator(".stop").first.get_by_role("button", name="Bulunamadı").click()
    page.wait_for_url("**/field-tour/finish/*")
    assert findings(page) == []
    page.get_by_label("Ne bulundu").fill("Bildirilen çukur yerinde yok.")
    page.get_by_label("Sonraki adım").select_option("note")
    page.get_by_role("button", name="Ziyareti tamamla").click()
    page.wait_for_selector("text=fotoğraf")
    assert page.get_by_label("Ne bulundu").input_value() == "Bildirilen çukur yerinde yok."
    taken = photo()
    assert {MAKE, LATITUDE} <= exif_of(taken).keys()
    page.locator("input[type=file]").set_input_files(
        [{"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": taken}]
    )
    page.get_by_role("button", name="Ziyareti tamamla").click()
    page.wait_for_url("**/field-visits/show/*")
    assert page.locator(".photos img").count() == 1
    kept = page.locator(".photos img")
    expect(kept).to_have_js_property("naturalWidth", 320)
    served = page.evaluate(FETCH, kept.get_attribute("src"))
    assert exif_of(bytes(served)) == {}, "where and with what it was taken stays with the officer"
    assert findings(page) == []
    page.get_by_role("link", name="Başvuruya aktar").click()
    assert "tespit edilememiştir" in page.locator("textarea").first.input_value()
    page.get_by_role("button", name="Not ekle").click()
    page.wait_for_url("**/applications/show/*")
    assert subject in page.locator("h1").inner_text()
    page.wait_for_selector("text=Saha ziyareti tamamlandı")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")

    # At the next stop it is there as reported: no photo is needed, nothing else is to be done.
    page.goto("/field-tour/")
    page.locator(".stop").get_by_role("button", name="Vardım").first.click()
    page.locator(".stop").get_by_role("button", name="Bulundu", exact=True).first.click()
    page.wait_for_url("**/field-tour/finish/*")
    page.get_by_label("Ne bulundu").fill("Bildirildiği gibi, levha konuldu.")
    page.get_by_label("Sonraki adım").select_option(label="Yapılacak başka iş yok")
    page.get_by_role("button", name="Ziyareti tamamla").click()
    page.wait_for_url("**/field-visits/show/*")
    assert re.search(r"Bulundu\s+Bulundu", page.inner_text("main"))


@pytest.mark.usefixtures("stops")
def test_a_day_is_planned_and_printed(visit: Callable[..., Any]) -> None:
    page = visit("birim")
    page.goto("/field-plan/")
    assert findings(page) == []
    page.get_by_role("button", name="Bu güne taşı").click()
    page.wait_for_selector("text=Taşınan durak")
    assert page.locator(".pick-list .group-head").count() > 0, "by neighbourhood"
    page.locator(".toast button").first.click()
    picture(page, "gunun-plani")
    before = page.locator(".stop").count()
    boxes = page.locator(".pick-list input[name=case]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="Tura ekle").click()
    page.wait_for_selector("text=Planlanan durak: 2")
    assert page.locator(".stop").count() == before + 2
    page.get_by_role("link", name="Tur sayfası").click()
    page.emulate_media(media="print")
    rows = page.locator(".tour-sheet tbody tr")
    assert rows.count() == before + 2
    assert rows.first.locator(".qr svg").is_visible()
    heights = rows.evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert max(heights) < 110, "one line for each stop"
