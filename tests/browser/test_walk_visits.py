"""A morning at reception: a visit is logged with three presses, by hand and by keys, without a name."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, picture
from tests.browser.looks import findings

pytestmark = pytest.mark.browser

#: What reception asks for: why, where to, save.
PRESSES = 3


def count_presses(page: Any) -> list[str]:
    """Every press of a finger or the mouse from now on; what a browser adds to a label is not one."""
    pressed: list[str] = []
    page.expose_function("notePress", lambda words: pressed.append(words))
    page.evaluate(
        """() => document.addEventListener("pointerdown", (event) =>
             window.notePress(event.target.closest("label, button, a, input")?.innerText ?? "?"), true)"""
    )
    return pressed


def tile(page: Any, words: str) -> Any:
    """The tile with these words; the first question comes first."""
    return page.locator(".tiles label", has=page.get_by_text(words, exact=True)).first


def people_today(page: Any) -> int:
    """The number of people on the home page of the guide."""
    page.goto("/")
    return int(page.locator(".figure", has_text="Bugünkü ziyaretçi").locator(".val").inner_text())


def test_three_presses_log_a_visit(site: Site, visit: Callable[..., Any]) -> None:
    page = visit("rehber")
    before = people_today(page)
    page.get_by_role("link", name="Yeni ziyaret").click()
    page.wait_for_url("**/visits/new/")
    assert findings(page) == []
    picture(page, "ziyaretci-kaydi")
    pressed = count_presses(page)
    tile(page, "Dilekçe verme").click()
    tile(page, "Tahsilat Veznesi").click()
    assert "Dilekçe verme → Tahsilat Veznesi" in page.locator("[data-said]").inner_text()
    page.get_by_role("button", name="Kaydet, sıradaki").click()
    page.wait_for_selector("text=Kaydedildi: Dilekçe verme → Tahsilat Veznesi · 1 kişi")
    assert len(pressed) == PRESSES, pressed
    assert people_today(page) == before + 1


def test_three_keys_do_the_same_and_a_minute_takes_it_back(
    site: Site, visit: Callable[..., Any]
) -> None:
    page = visit("rehber")
    before = people_today(page)
    page.keyboard.press("n")
    page.wait_for_url("**/visits/new/")
    for key in ("4", "3", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector("text=Kaydedildi: Ödeme, tahsilat → Tahsilat Veznesi")
    assert people_today(page) == before + 1
    page.goto("/visits/new/")
    page.get_by_role("button", name=re.compile("geri al", re.IGNORECASE)).first.click()
    page.wait_for_selector("text=Geri alındı: Ödeme, tahsilat")
    assert people_today(page) == before


def test_a_group_with_help_waits_is_received_and_goes(
    site: Site, visit: Callable[..., Any]
) -> None:
    page = visit("rehber", width=390, height=800)
    page.goto("/visits/new/")
    for words in ("Etkinlik, kurs", "Kültür ve Kurs", "Grup"):
        tile(page, words).click()
    page.get_by_label("Kaç kişi?", exact=True).fill("12")
    page.get_by_label("Çocuklu").check()
    page.get_by_label("Eşlik edildi").check()
    sizes = page.locator(".tiles label").evaluate_all(
        "tiles => tiles.map((one) => one.getBoundingClientRect()).filter((box) => box.height)"
        ".map((box) => [box.width, box.height])"
    )
    assert min(height for _, height in sizes) >= 44, "a finger needs 44 pixels"
    assert min(width for width, _ in sizes) >= 44
    page.get_by_role("button", name="Kaydet, sıradaki").click()
    page.wait_for_selector("text=12 kişi, Çocuklu")
    row = page.locator(".inside li", has_text="12 kişi").first
    row.get_by_role("button", name="Görüşme başladı").click()
    row = page.locator(".inside li", has_text="12 kişi").first
    row.get_by_role("button", name="Görüşme bitti").click()
    page.wait_for_load_state()
    assert page.locator(".inside li", has_text="12 kişi").count() == 0
    # The record tells how long they waited and who went with them, and nobody's name.
    page.locator("section[aria-labelledby=h-latest] a", has_text="12 kişi").first.click()
    page.wait_for_url("**/visits/show/*")
    facts = page.inner_text("main")
    assert re.search(r"Bekledi\s+\d+ dk", facts), facts
    assert re.search(r"Eşlik eden\s+Seda Günal", facts), facts
    assert re.search(r"Ziyaretçinin adı\s+–", facts), facts
    page.goto("/visits/new/")
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide, "no sideways scroll"


def test_figures_by_hour_unit_and_reason(site: Site, visit: Callable[..., Any]) -> None:
    page = visit("rehber")
    page.goto("/visits/charts/")
    for title in (
        "Ziyaretçiler ne zaman geliyor",
        "Nedene göre ziyaretçi",
        "Birimlere göre ziyaretçi",
        "Hizmet noktalarına göre bekleme süresi",
        "Yardım ve refakat",
    ):
        page.get_by_role("heading", name=title, exact=True).wait_for()
    page.locator("[data-chart-stage] svg").nth(2).wait_for()
    assert findings(page) == []
    picture(page, "ziyaret-grafikleri")
    page.locator("table a[href*='reason=']", has_text="Dilekçe verme").first.click()
    page.wait_for_url("**/visits/list/*reason=*")
    reasons = page.locator("table tbody tr").all_inner_texts()
    assert reasons
    assert all("Dilekçe verme" in row for row in reasons)


def test_what_is_missing_is_told_beside_its_question(site: Site, visit: Callable[..., Any]) -> None:
    page = visit("rehber")
    page.goto("/visits/new/")
    tile(page, "Sosyal yardım").click()
    page.get_by_role("button", name="Kaydet, sıradaki").click()
    page.wait_for_selector("#point-error")
    assert page.locator("#q-reason input:checked").count() == 1, "the first press is kept"
    assert findings(page) == []


def test_a_room_is_found_while_one_types(site: Site, visit: Callable[..., Any]) -> None:
    page = visit("rehber")
    page.goto("/directory/")
    page.keyboard.type("NİKAH")
    page.wait_for_selector("text=Nikâh ve Salon")
    assert findings(page) == []
    picture(page, "rehber-dizini")
    page.goto("/directory/signs")
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="zemin kat").first.is_visible()
    assert not page.get_by_role("button", name="Yazdır").is_visible()


def test_the_slip_is_as_narrow_as_its_paper(site: Site, visit: Callable[..., Any]) -> None:
    page = visit("rehber")
    page.goto("/visits/new/")
    tile(page, "Dilekçe verme").click()
    tile(page, "Çözüm Masası").click()
    page.get_by_role("button", name="Kaydet, yol tarifi fişi bas").click()
    page.wait_for_url("**/visits/new/slip/*")
    page.emulate_media(media="print")
    width = page.locator(".slip").evaluate("slip => slip.getBoundingClientRect().width")
    assert width <= 80 / 25.4 * 96, "a printer of slips is eighty millimetres wide"
    assert re.fullmatch(r"\d{3}", page.locator(".slip-number").inner_text())
