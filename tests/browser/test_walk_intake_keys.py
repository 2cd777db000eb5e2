"""A known caller is taken in without the mouse: the keys are counted, and where the focus stands after each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

#: Seconds of the keystroke-level model: a skilled typist's key, and a moment of thought before a part.
#: Source: Card, Moran and Newell, The Psychology of Human-Computer Interaction, 1983.
KEY, THOUGHT = 0.20, 1.35
#: What the directorate asks of a trained operator.
MOST_SECONDS = 45


@dataclass
class Hands:
    """Types into a page and counts: one for each key, a chord counts for each of its keys."""

    page: Any
    keys: int = 0
    parts: int = 0
    places: list[str] = field(default_factory=list)

    def think(self) -> None:
        """The operator decides what comes next."""
        self.parts += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.keys += len(text)

    def press(self, chord: str) -> None:
        self.page.keyboard.press(chord)
        self.keys += len(chord.split("+"))

    def stands_at(self, place: str) -> None:
        """The focus reaches this field by itself."""
        self.page.wait_for_function(
            "id => [document.activeElement?.id, document.activeElement?.name].includes(id)",
            arg=place,
        )
        self.places.append(place)

    @property
    def seconds(self) -> float:
        return self.keys * KEY + self.parts * THOUGHT


def known_caller(site: Site) -> str:
    """Telephone of a demo person with an address, as callers say it."""
    import sqlite3

    with sqlite3.connect(site.data / "halkla.db") as connection:
        (phone,) = connection.execute(
            "SELECT phone FROM people_citizen WHERE phone LIKE '+905%' AND neighbourhood_id IS NOT NULL"
            " AND (SELECT count(*) FROM people_citizen other WHERE other.phone = people_citizen.phone) = 1"
            " ORDER BY id LIMIT 1"
        ).fetchone()
    return "0" + phone.removeprefix("+90")


def test_a_known_caller_takes_less_than_three_quarters_of_a_minute(
    site: Site, visit: Callable[..., Any]
) -> None:
    page = visit("operator")
    hands = Hands(page)
    page.mouse.move(0, 0)
    clicks: list[str] = []
    page.expose_function("noteClick", lambda what: clicks.append(what))
    hands.press("n")
    page.wait_for_url("**/applications/new/")
    page.evaluate(
        "addEventListener('pointerdown', e => window.noteClick(e.target.outerHTML.slice(0, 80)), true)"
    )

    hands.stands_at("person")
    hands.think()
    hands.type(known_caller(site))
    page.locator("[data-pick]").first.wait_for()
    hands.press("Enter")
    page.locator("#person-card [data-person]").wait_for()

    hands.stands_at("topic")
    hands.think()
    hands.type("cukur")
    page.locator("#topic ~ .lookup-list [role=option][aria-selected=true]").wait_for()
    hands.press("Enter")
    page.wait_for_function("() => document.getElementById('topic-value').value !== ''")
    hands.press("Tab")
    hands.stands_at("priority")
    hands.press("Tab")
    hands.stands_at("subject")
    hands.think()
    hands.type("Köprü girişinde derin çukur, araç lastiği patladı")
    hands.think()
    hands.press("Alt+A")
    hands.stands_at("street")
    hands.type("Atatürk Cad.")
    page.wait_for_function("() => document.getElementById('unit-value').value !== ''")
    hands.think()
    hands.press("Control+Enter")
    page.wait_for_url("**/applications/show/*")

    assert re.fullmatch(r"20\d\d-\d{7}", page.inner_text("b.mono"))
    assert hands.places == ["person", "topic", "priority", "subject", "street"]
    assert clicks == []
    # The figures stand in docs/performance.md.
    assert hands.keys <= 90, hands.keys
    assert hands.seconds < MOST_SECONDS, hands.seconds


def test_enter_counts_for_what_was_typed_and_never_for_an_older_list(
    visit: Callable[..., Any],
) -> None:
    page = visit("operator")
    page.goto("/applications/new/")
    page.keyboard.press("Alt+1")
    page.keyboard.type("Ayşe")
    page.wait_for_selector("[data-pick]")
    # The people of that first name are still on the screen when Enter comes.
    page.keyboard.type(" Ğışıkoğullarından")
    page.keyboard.press("Enter")
    page.wait_for_selector("#first_name:visible")
    assert page.input_value("#first_name") == "Ayşe"
    assert page.input_value("#last_name") == "Ğışıkoğullarından"
    assert page.input_value("#citizen_id") == ""
    # A picker takes the word before its list has come, and the form is not sent by that Enter.
    page.focus("#topic")
    page.keyboard.type("cukur")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.getElementById('topic-value').value !== ''")
    assert "çukur" in page.input_value("#topic").lower()
    assert page.url.endswith("/applications/new/")
    # A national id that nobody has becomes the id of the new person, a telephone the telephone.
    for typed, field_of_it in (("10000000146", "#national_id"), ("0532 000 99 88", "#phone")):
        page.check("[name=who][value=known]", force=True)
        page.fill("#person", typed)
        page.press("#person", "Enter")
        page.wait_for_selector("#first_name:visible")
        assert page.input_value(field_of_it) == typed
    # An answer that was overtaken is dropped.
    page.check("[name=who][value=known]", force=True)
    held: list[Any] = []
    page.route("**/people?q=Fat", lambda route: held.append(route))
    with page.expect_request("**/people?q=Fat"):
        page.fill("#person", "Fat")
    with page.expect_response(lambda answer: "people?q=%C4%9E" in answer.url):
        page.fill("#person", "Ğışıkoğullarından")
    page.wait_for_selector("[data-new-person]")
    with page.expect_response("**/people?q=Fat") as late:
        held[0].continue_()
    assert "data-pick" in late.value.text()
    page.wait_for_timeout(100)
    assert page.locator("[data-pick]").count() == 0
