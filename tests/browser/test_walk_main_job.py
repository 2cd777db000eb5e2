"""The main job as three officers do it: registered, routed, answered, approved, told to the citizen."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site, picture

pytestmark = pytest.mark.browser


def wait_for(condition: Callable[[], Any], seconds: float = 15) -> Any:
    """Wait until something outside of the browser has happened."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("it did not happen in time")


def pick(page: Any, box: str, typed: str) -> None:
    """Choose from a picker as people do: type, wait for the list, take its first line."""
    page.fill(f"#{box}", typed)
    option = (
        page.locator(f"#{box}")
        .locator("xpath=ancestor::*[contains(@class,'lookup')]")
        .locator("[role=option]")
        .first
    )
    option.wait_for()
    page.press(f"#{box}", "ArrowDown")
    page.press(f"#{box}", "Enter")
    wait_for(lambda: page.input_value(f"#{box}-value"))


def type_a_new_person(page: Any, name: str) -> None:
    """On the intake screen, by keyboard: nobody of that name is known, so the form of a person opens."""
    page.keyboard.press("Alt+1")
    page.keyboard.type(name)
    page.wait_for_selector("[data-new-person], [data-pick]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#first_name:visible")


def test_from_a_call_to_the_answer_in_the_citizens_hand(
    site: Site, visit: Callable[..., Any]
) -> None:
    # 1. The operator registers a call from a new person, with the keyboard.
    page = visit("operator")
    page.goto("/applications/new/")
    type_a_new_person(page, "Gülşah Işıkdağ")
    assert page.input_value("#first_name") == "Gülşah"
    assert page.input_value("#last_name") == "Işıkdağ"
    page.fill("#phone", "0532 000 45 67")
    page.check("[name=kind][value=complaint]", force=True)
    pick(page, "topic", "cukur")
    page.wait_for_selector("#proposal .trail td.is-end")
    wait_for(lambda: "Fen İşleri" in page.input_value("#unit"))
    assert "3071" in page.inner_text("#proposal")
    page.fill("#subject", "Köprü girişindeki çukur derinleşti")
    page.fill("#body", "İki aracın lastiği patladı, akşam görünmüyor.")
    pick(page, "district", "corlu")
    pick(page, "neighbourhood", "resadiye")
    page.fill("#street", "Omurtak Caddesi")
    picture(page, "kayit")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/applications/show/*")
    record = page.url
    number = page.inner_text("b.mono")
    assert re.fullmatch(r"20\d\d-\d{7}", number)
    notice = page.inner_text("[role=status], .toast, .notice").strip()
    assert number in notice
    text = wait_for(lambda: next((t for t in site.texts if number in str(t)), None))
    assert "+905320004567" in str(text)

    # 2. The chief assesses it and sends it to the unit that the topic proposes.
    chief = visit("sef")
    chief.goto(record)
    chief.click("a[href$='/do/take_to_triage']")
    chief.click("form[data-form] button[type=submit].btn-primary")
    chief.wait_for_url("**/applications/show/*")
    chief.click("a[href$='/do/assign']")
    assert chief.input_value("#lead_unit_id-value") != ""
    chief.click("form[data-form] button[type=submit].btn-primary")
    chief.wait_for_url("**/applications/show/*")
    assert "Fen İşleri" in chief.inner_text("main")

    # 3. The liaison finds it on the own list, accepts and answers it.
    liaison = visit("birim")
    liaison.goto("/applications/list/?q=Omurtak")
    liaison.click(f"text={number}")
    liaison.wait_for_url("**/applications/show/*")
    picture(liaison, "birim-kayit")
    liaison.click("a[href$='/do/accept']")
    liaison.click("form[data-form] button[type=submit].btn-primary")
    liaison.wait_for_url("**/applications/show/*")
    liaison.fill("#answer_text", "Ekip 24.11.2026 günü çukuru sıcak asfaltla kapattı.")
    liaison.select_option("#outcome", "resolved")
    liaison.click("form[aria-labelledby=h-answer] button[type=submit]")
    liaison.wait_for_load_state()

    # 4. The chief writes the reply; the manager approves and sends it.
    chief.goto(record)
    chief.fill("#reply-body", "Başvurunuz incelendi.\n\nÇukur 24.11.2026 günü kapatılmıştır.")
    chief.select_option("#reply-outcome", "resolved")
    picture(chief, "cevap")
    chief.click("form[aria-labelledby=h-reply] button[value=submit]")
    chief.wait_for_load_state()
    manager = visit("mudur")
    manager.goto(record)
    manager.click("button[value=approve_send]")
    manager.wait_for_load_state()
    assert "Cevaplandı" in manager.inner_text(".page-head")
    picture(manager, "kayit-goster")
    wait_for(lambda: len([t for t in site.texts if number in str(t)]) >= 2)
    with manager.expect_download() as letter:
        manager.click("text=PDF")
    data = letter.value.path().read_bytes()
    assert data.startswith(b"%PDF")
    assert len(data) > 5_000


def test_what_was_typed_survives_an_error(visit: Callable[..., Any]) -> None:
    page = visit("operator")
    page.goto("/applications/new/")
    page.check("[name=who][value=anonymous]", force=True)
    page.fill("#subject", "Mazgal tıkalı")
    page.fill("#street", "Hükümet Caddesi")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("[data-error-summary]")
    assert page.input_value("#subject") == "Mazgal tıkalı"
    assert page.input_value("#street") == "Hükümet Caddesi"
    assert page.is_checked("[name=who][value=anonymous]")
    assert page.locator("#topic[aria-invalid=true]").count() == 1


def test_folded_search_finds_the_dotless_name(visit: Callable[..., Any]) -> None:
    page = visit("mudur")
    page.goto("/applications/list/")
    page.keyboard.press("Control+k")
    page.keyboard.type("isik")
    page.locator(".palette", has_text=re.compile("ışık|Işık|IŞIK")).wait_for()
    assert "isik" in page.input_value(".palette input")


def test_report_runs_with_visible_progress_and_gives_its_files(visit: Callable[..., Any]) -> None:
    page = visit("mudur")
    page.goto("/report-runs/new/application_period")
    picture(page, "rapor-yeni")
    page.click("main form button[type=submit].btn-primary")
    page.wait_for_selector("main a:has-text('PDF')", timeout=90_000)
    with page.expect_download() as got:
        page.click("main a:has-text('PDF') >> nth=0")
    assert got.value.path().read_bytes().startswith(b"%PDF")
    picture(page, "rapor")
