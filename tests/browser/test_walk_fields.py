"""Days, moments and files are asked in the language of the page, also by a browser that speaks English."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.looks import findings

pytestmark = pytest.mark.browser

PICK = """(field, value) => {
  const own = field.parentElement.querySelector(".day-native");
  own.value = value;
  own.dispatchEvent(new Event("change", { bubbles: true }));
}"""


def test_a_day_is_typed_stepped_and_picked(visit: Callable[..., Any]) -> None:
    page = visit("cimer", locale="en-US")
    page.goto("/cimer/new/")
    told = page.locator("[data-counts]")
    day = page.locator("#received_on")
    assert re.fullmatch(r"\d\d\.\d\d\.\d{4}", day.input_value())
    day.fill("")
    assert day.get_attribute("placeholder") == "gg.aa.yyyy"
    # Figures alone, with the signs of somebody who types them, and from a copied text.
    for typed in ("16032026", "16.03.2026", "16/3/2026"):
        day.fill("")
        day.press_sequentially(typed)
        day.press("Tab")
        assert day.input_value() == "16.03.2026"
    day.fill("2026-03-17")
    day.press("Tab")
    assert day.input_value() == "17.03.2026"
    day.press("ArrowDown")
    day.press("Tab")
    assert day.input_value() == "16.03.2026"
    expect(told).to_contain_text("15 Nisan 2026")
    # The button of the mouse opens the calendar of the browser on the same day.
    day.locator("xpath=following-sibling::button").click()
    native = day.locator("xpath=following-sibling::input")
    assert native.input_value() == "2026-03-16"
    day.evaluate(PICK, "2026-03-23")
    assert day.input_value() == "23.03.2026"
    expect(told).to_contain_text("22 Nisan 2026")
    assert findings(page) == []


def test_a_moment_keeps_its_time_and_none_is_invented(visit: Callable[..., Any]) -> None:
    page = visit("masa", locale="en-US")
    page.goto("/visits/new")
    page.locator("details summary").last.click()
    at = page.locator("#at")
    assert at.get_attribute("placeholder") == "gg.aa.yyyy ss.dd"
    at.press_sequentially("160320260905")
    at.press("Tab")
    assert at.input_value() == "16.03.2026 09.05"
    at.press("ArrowUp")
    assert at.input_value() == "17.03.2026 09.05"
    at.fill("16.03.2026")
    at.press("Tab")
    assert at.input_value() == "16.03.2026"
    at.evaluate(PICK, "2026-03-16T14:30")
    assert at.input_value() == "16.03.2026 14.30"


def test_a_filter_reads_the_day_as_it_writes_it(visit: Callable[..., Any]) -> None:
    page = visit("mudur", locale="en-US")
    page.goto("/applications/list/?received_from=2026-01-05")
    page.keyboard.press("f")
    first = page.locator("#filter-received_from")
    assert first.input_value() == "05.01.2026"
    first.fill("")
    first.press_sequentially("06012026")
    first.press("Enter")
    page.wait_for_url("**received_from=06.01.2026**")
    expect(page.locator(".chip").first).to_contain_text("06.01.2026 ve sonrası")
    # What is no day stays as it was typed, and is told beside the field.
    page.keyboard.press("f")
    first.fill("31.02.2026")
    first.press("Enter")
    expect(page.locator("#filter-received-error")).to_contain_text("gün.ay.yıl")
    assert first.input_value() == "31.02.2026"
    assert findings(page) == []


def test_a_picked_file_is_named_in_turkish(visit: Callable[..., Any]) -> None:
    page = visit("mudur", locale="en-US")
    page.goto("/applications/list/")
    page.locator("table[data-list] tbody a").first.click()
    page.wait_for_url("**/applications/show/*")
    box = page.locator(".file-box").first
    expect(box).to_contain_text("Dosya seçilmedi")
    with page.expect_file_chooser() as chooser:
        box.click()
    chooser.value.set_files(
        {"name": "şikâyet yeri.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff"}
    )
    expect(box).to_contain_text("şikâyet yeri.jpg")
    assert findings(page) == []
