"""An officer assigns many cases at once and takes it back, merges a cluster, and shares a view with a count."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, picture
from tests.browser.looks import findings
from tests.browser.test_walk_main_job import pick, wait_for

pytestmark = pytest.mark.browser

#: Twelve cases that can be assigned and one that cannot, under one word; and a cluster of three.
PREPARE = """
import datetime as dt
from sqlalchemy import select
from app.core import clock
from app.applications.models import Application
from app.applications.rules import State
a = Application
free = session.scalars(select(a).where(
    a.state.in_(["registered", "triage"]), a.is_restricted.is_(False), a.identity_hidden.is_(False),
    a.lead_unit_id.is_(None), a.master_id.is_(None)).order_by(a.id.desc()).limit(12)).all()
ended = session.scalars(select(a).where(
    a.state == "answered", a.is_restricted.is_(False)).order_by(a.id.desc()).limit(13 - len(free))).all()
for row in (*free, *ended):
    row.subject = "Toplu deneme " + row.number
    row.priority = "normal"
print("FREE", len(free), "ENDED", len(ended))
one = session.scalars(select(a).where(
    a.state == "assigned", a.is_restricted.is_(False), a.topic_id.is_not(None), a.citizen_id.is_not(None),
    a.neighbourhood_id.is_not(None)).order_by(a.id.desc())).first()
others = session.scalars(select(a).where(
    a.state == "assigned", a.is_restricted.is_(False), a.id != one.id, a.citizen_id != one.citizen_id,
    ).order_by(a.id.desc()).limit(2)).all()
for number, row in enumerate((one, *others)):
    row.topic_id, row.neighbourhood_id, row.district_id = one.topic_id, one.neighbourhood_id, one.district_id
    row.subject = "Küme denemesi su borusu patladı"
    row.body = "Küme denemesi: sokakta su borusu patladı, su boşa akıyor."
    row.received_at = clock.now() - dt.timedelta(hours=3 - number)
print("CLUSTER", *(row.number for row in (one, *others)))
"""
STATES = """
from sqlalchemy import select
from app.applications.models import Application
found = session.scalars(
    select(Application.state).where(Application.subject.like("Toplu deneme%")).order_by(Application.id))
print("STATES", *(state.value for state in found))
"""


def states(site: Site) -> list[str]:
    found = re.search(r"STATES (.+)", site.python(STATES))
    assert found is not None
    return found[1].split()


def answer(page: Any, text: str) -> None:
    """Write into the open dialog and press its button."""
    dialog = page.locator("[popover]:popover-open, dialog[open]").last
    dialog.locator("textarea, input[type=text], input:not([type])").last.fill(text)
    dialog.locator("button[type=submit]").last.click()


def ended(page: Any) -> bool:
    """Whether the page of a run says that it has ended; it follows the run by itself."""
    return page.locator("h2", has_text="Başvuruların sonucu").count() > 0


def figures(page: Any) -> dict[str, str]:
    shown = page.locator(".figures .figure")
    return dict(shown.nth(i).inner_text().split("\n")[:2] for i in range(shown.count()))


def test_many_cases_are_assigned_at_once_and_taken_back(
    site: Site, visit: Callable[..., Any]
) -> None:
    prepared = site.python(PREPARE)
    counts = re.search(r"FREE (\d+) ENDED (\d+)", prepared)
    assert counts is not None
    free, barred = int(counts[1]), int(counts[2])
    before = states(site)

    # 1. Filter, tick the page, and offer the whole filter.
    page = visit("sef")
    page.goto("/applications/list/?tab=all")
    box = page.get_by_placeholder("Bu listede ara")
    box.fill("toplu deneme")
    box.press("Enter")
    page.wait_for_url(re.compile("q="))
    assert page.locator("tbody tr").count() == free + barred
    page.locator("thead input[type=checkbox]").check()
    bar = page.locator("[data-bulk]")
    assert f"{free + barred} kayıt seçili" in bar.inner_text()
    page.get_by_label(re.compile(r"Bu süzgeçteki tüm")).check()
    assert "Bu süzgeçteki tüm kayıtlar" in bar.inner_text()
    assert findings(page) == []
    picture(page, "toplu-secim")

    # 2. The values, and a preview with the real rules.
    bar.get_by_role("button", name=re.compile("Birime havale et")).click()
    page.wait_for_url("**/bulk-runs/prepare/*")
    assert findings(page) == []
    page.get_by_role("button", name=re.compile("Ön izleme")).click()
    assert page.locator("[aria-invalid=true]").count() > 0
    pick(page, "lead_unit_id", "Fen İşleri")
    page.get_by_role("button", name=re.compile("Ön izleme")).click()
    page.wait_for_url("**/bulk-runs/show/*")
    shown = figures(page)
    assert (shown["Yapılabilir"], shown["Yapılamaz"]) == (str(free), str(barred))
    assert "durumundayken bu işlem yapılamaz" in page.inner_text("main")
    assert states(site) == before
    assert findings(page) == []
    picture(page, "toplu-on-izleme")

    # 3. Confirmed with a reason; the worker does it and the page follows.
    page.get_by_role("button", name="Onayla…").click()
    answer(page, "Aynı bölgenin işleri tek elden yürütülecek")
    wait_for(lambda: ended(page), seconds=60)
    shown = figures(page)
    assert (shown["Tamamlandı"], shown["Reddedilen"]) == (str(free), str(barred))
    assert states(site).count("assigned") == free
    assert findings(page) == []
    picture(page, "toplu-sonuc")
    with page.expect_download() as caught:
        page.get_by_role("button", name="Excel").click()
    assert caught.value.suggested_filename.endswith(".xlsx")

    # 4. On a phone it fits, and everything is taken back.
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert findings(page) == []
    page.get_by_role("button", name=re.compile("Tümünü geri al")).click()
    answer(page, "Birim yanlış seçilmiş")
    wait_for(lambda: ended(page) and figures(page).get("Geri alındı") == str(free), seconds=60)
    assert states(site) == before
    page.emulate_media(color_scheme="dark")
    assert findings(page) == []


#: Cases a unit works on, answered ones, and one that was passed on and got no answer in time.
WAYS = """
import datetime as dt
from sqlalchemy import select
from app.applications.models import Application, TransferFollowUp
from app.core import clock
a = Application
for word, state in (("Tekit denemesi", "in_progress"), ("Kapatma denemesi", "answered")):
    rows = session.scalars(select(a).where(
        a.state == state, a.is_restricted.is_(False), a.identity_hidden.is_(False),
        a.lead_unit_id.is_not(None), a.master_id.is_(None), a.subject.not_like("Toplu deneme%"),
    ).order_by(a.id.desc()).limit(3)).all()
    for row in rows:
        row.subject = word + " " + row.number
    print(word.split()[0].upper(), len(rows))
row = session.scalars(select(TransferFollowUp).join(TransferFollowUp.application).where(
    TransferFollowUp.state == "waiting", a.is_restricted.is_(False)).order_by(TransferFollowUp.id)).first()
row.expected_on = clock.today() - dt.timedelta(days=3)
print("LATE", row.application.number)
"""


def begin(page: Any, word: str, act: str) -> None:
    """Pick every case of a word in the list and begin an act with them."""
    page.goto(f"/applications/list/?tab=all&q={word}")
    page.locator("thead input[type=checkbox]").check()
    page.locator("[data-bulk]").get_by_role("button", name=re.compile(act)).first.click()
    page.wait_for_url("**/bulk-runs/prepare/*")


def run(page: Any) -> None:
    """From the preview to the end of the run."""
    page.get_by_role("button", name=re.compile("Ön izleme")).click()
    page.wait_for_url("**/bulk-runs/show/*")
    page.get_by_role("button", name="Onayla…").click()
    answer(page, "Haftalık takip toplantısının kararı")
    wait_for(lambda: ended(page), seconds=60)


def test_units_are_reminded_and_cases_closed_and_opened_again(
    site: Site, visit: Callable[..., Any]
) -> None:
    told = site.python(WAYS)
    reminded, closed = (
        re.search(rf"{word} (\d+)", told)[1]  # type: ignore[index]
        for word in ("TEKIT", "KAPATMA")
    )
    page = visit("sef")
    begin(page, "Tekit+denemesi", "Tekit gönder")
    page.fill("#text", "Üç gündür cevap bekleniyor.")
    run(page)
    assert figures(page)["Tamamlandı"] == reminded
    # A reminder has been read; it cannot be taken back.
    assert page.get_by_role("button", name=re.compile("Tümünü geri al")).count() == 0
    page.locator("tbody tr th a").first.click()
    page.wait_for_url("**/applications/show/*")
    assert "Üç gündür cevap bekleniyor." in page.inner_text(".timeline")

    begin(page, "Kapatma+denemesi", "Kapat")
    run(page)
    assert figures(page)["Tamamlandı"] == closed
    page.get_by_role("button", name=re.compile("Tümünü geri al")).click()
    answer(page, "Vatandaşlar henüz aranmadı")
    wait_for(lambda: ended(page) and figures(page).get("Geri alındı") == closed, seconds=60)


def test_a_transfer_without_an_answer_is_followed_up(site: Site, visit: Callable[..., Any]) -> None:
    found = re.search(r"LATE (\S+)", site.python(WAYS))
    assert found is not None
    number = found[1]
    page = visit("mudur")
    page.goto("/transfer-follow-ups/list/?tab=late")
    assert number in page.inner_text("tbody")
    assert findings(page) == []
    picture(page, "cevabi-beklenen-yonlendirmeler")
    page.locator("tr", has_text=number).locator("th a").click()
    page.get_by_role("link", name="Kuruma tekit yaz").click()
    page.wait_for_url("**/act/*/remind")
    assert number in page.input_value("#text")
    page.click("form[data-form] button[type=submit].btn-primary")
    page.wait_for_url("**/transfer-follow-ups/show/*")
    with page.expect_download() as letter:
        page.click("text=Yazı, PDF")
    assert letter.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_role("link", name="Kurumun cevabını işle").click()
    page.fill("#answer_no", "E-2026/77")
    page.fill("#answer_text", "Başvuru konusu iş programa alınmıştır.")
    page.click("form[data-form] button[type=submit].btn-primary")
    page.wait_for_url("**/transfer-follow-ups/show/*")
    assert "E-2026/77" in page.inner_text("main")
    page.goto("/transfer-follow-ups/list/?tab=late")
    assert number not in page.inner_text("main")


def test_a_cluster_is_merged_and_one_case_is_taken_out_again(
    site: Site, visit: Callable[..., Any]
) -> None:
    found = re.search(r"CLUSTER (\S+) (\S+) (\S+)", site.python(PREPARE))
    assert found is not None
    main = found[1]
    page = visit("sef")
    page.goto("/applications/duplicates/")
    cluster = page.locator("form", has_text="Küme denemesi su borusu patladı")
    assert main in cluster.inner_text()
    assert findings(page) == []
    picture(page, "mukerrer-adaylari")
    cluster.get_by_role("button", name="İşaretlenenleri birleştir").click()
    page.wait_for_load_state("networkidle")
    page.goto("/applications/list/?tab=all&q=" + main)
    page.get_by_role("link", name=main, exact=True).first.click()
    card = page.locator("section", has=page.get_by_role("heading", name="Birleştirilenler"))
    for number in found.groups()[1:]:
        card.get_by_role("link", name=number).wait_for()
    assert findings(page) == []
    card.scroll_into_view_if_needed()
    picture(page, "birlestirilenler")
    card.get_by_role("button", name=re.compile("Ayır")).first.click()
    answer(page, "Başka bir sokaktaki arıza olduğu anlaşıldı")
    page.wait_for_load_state("networkidle")
    page.goto("/applications/duplicates/")
    assert findings(page) == []


def test_a_view_is_shared_with_a_role_and_counted(site: Site, visit: Callable[..., Any]) -> None:
    site.python(PREPARE)
    page = visit("mudur")
    page.goto("/applications/list/?tab=all&q=toplu+deneme")
    page.get_by_role("button", name=re.compile("Görünümü sakla")).click()
    answer(page, "Toplu denemeler")
    tab = page.locator(".tabs a", has_text="Toplu denemeler")
    tab.wait_for()
    count = re.search(r"\d+", tab.inner_text())
    assert count is not None
    page.goto("/applications/list/?tab=open")
    assert count[0] in page.locator(".tabs a", has_text="Toplu denemeler").inner_text()
    page.get_by_role("link", name="Kayıtlı görünümleri düzenle").click()
    page.get_by_role("link", name="Toplu denemeler", exact=True).click()
    assert findings(page) == []
    page.get_by_role("button", name="Ana sayfaya sabitle").click()
    page.get_by_role("link", name=re.compile("Düzenle")).click()
    page.check("#is_shared")
    page.select_option("#share_role", "chief")
    assert findings(page) == []
    page.get_by_role("button", name=re.compile("Kaydet")).click()
    page.wait_for_url("**/saved-views/show/*")
    assert "rol: Şef" in page.inner_text("main")
    page.goto("/")
    assert "Toplu denemeler" in page.inner_text("main")
    assert findings(page) == []

    chief, operator = visit("sef"), visit("operator")
    for other, sees in ((chief, 1), (operator, 0)):
        other.goto("/applications/list/?tab=open")
        assert other.locator(".tabs a", has_text="Toplu denemeler").count() == sees
    assert count[0] in chief.locator(".tabs a", has_text="Toplu denemeler").inner_text()
