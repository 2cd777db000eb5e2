"""The menu leads to every page: sections exist, and nothing a person may open is left out of it."""

from __future__ import annotations

from typing import Any

from app.core.rooms import rooms


def test_every_page_stands_in_a_section_that_exists(app: Any) -> None:
    with app.test_request_context():
        lost = [
            (room.name, str(page.label))
            for room in rooms()
            for page in room.pages
            if str(page.section) not in {"", *(str(s.label) for s in room.sections)}
        ]
        empty = [
            (room.name, str(section.label))
            for room in rooms()
            for section in room.sections
            if not any(str(page.section) == str(section.label) for page in room.pages)
        ]
    assert lost == empty == []


def test_no_entry_of_the_menu_has_more_pages_than_the_eye_takes_in(
    app: Any, client_as: Any
) -> None:
    client = client_as("mudur")
    text = client.get("/applications/list/").get_data(as_text=True)
    side = text[text.index('class="rooms"') : text.index("side-foot")]
    lists = side.split("<ul")[2:]
    assert len(lists) >= 8
    assert max(part.count("<a ") for part in lists) <= 13
