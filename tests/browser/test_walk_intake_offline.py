"""Intake without a connection, and the address of a new person where a petition comes in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

_SUMMARY = "Tabela direği yola devrilmiş, kavşak kapalı"
_KEPT = "Bağlantı yok; yazdıklarınız saklandı, bağlantı gelince gönderin."


def test_a_lost_connection_leaves_the_page_and_what_was_typed(
    visit: Callable[..., Any],
) -> None:
    page = visit("operator")
    page.goto("/applications/new/")
    page.check("[name=who][value=anonymous]", force=True)
    page.fill("#topic", "cukur")
    page.locator("#topic ~ .lookup-list [role=option][aria-selected=true]").wait_for()
    page.press("#topic", "Enter")
    page.fill("#subject", _SUMMARY)
    page.locator("[data-draft-note]", has_text="Taslak").wait_for()
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.press("#subject", "Control+Enter")
    page.locator("[data-draft-note]", has_text=_KEPT).wait_for()
    # Neither the browser's own page nor a button that stays pressed.
    assert page.url.endswith("/applications/new/")
    assert page.input_value("#subject") == _SUMMARY
    assert page.locator("form.intake[data-busy], form.intake [aria-disabled=true]").count() == 0
    page.context.set_offline(False)
    # Another page brings no good news: the draft has not arrived and is still there.
    page.goto("/units/list/")
    page.goto("/applications/new/")
    assert page.input_value("#subject") == _SUMMARY
    page.press("#subject", "Control+Enter")
    page.wait_for_url("**/applications/show/*")
    assert page.inner_text("h1") == _SUMMARY


def test_where_a_petition_comes_in_the_address_of_a_new_person_is_asked_for(
    visit: Callable[..., Any],
) -> None:
    page = visit("operator")
    page.goto("/applications/new/")
    page.check("[name=who][value=new]", force=True)
    page.wait_for_selector("#email:visible")
    assert not page.is_visible("#address")
    page.select_option("#channel", "petition")
    page.wait_for_selector("#address:visible")
    # The keys go from one part of the person to the next.
    page.focus("#email")
    for place in ("summary", "address", "title", "national_id"):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.id || document.activeElement.localName")
        assert here == place
