"""The record on a telephone: letters and messages stand in lines and not in columns of one word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import Site
from tests.browser.looks import open_whole

pytestmark = pytest.mark.browser

#: A case whose letter has left, with a message of a long name; the letter has no number yet.
CASE = """
from sqlalchemy import select
from app.applications.models import Application, Reply
from app.core import clock
from app.system.models import Notification
r, a = Reply, Application
row = session.scalars(select(r).join(a, a.id == r.application_id).where(
    r.state == "sent", r.letter_no == "", a.is_restricted.is_(False),
).order_by(r.id.desc()).limit(1)).one()
session.add(Notification(
    channel="sms", recipient="+905320007711", body="Deneme", owner_type="Application",
    owner_id=row.application_id, template="send_reply", state="sent", sent_at=clock.now(),
    dedupe_key="record-on-a-phone"))
session.commit()
print("CASE", row.application_id)
"""
#: Height in lines of an element's own text, and how far left its box begins.
LINES = (
    "e => Math.round(e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).lineHeight))"
)
LEFT = "e => Math.round(e.getBoundingClientRect().left)"


def test_letters_and_messages_are_read_in_lines(site: Site, visit: Callable[..., Any]) -> None:
    pk = site.python(CASE).split("CASE ")[1].split()[0]
    page = visit("mudur", width=390, height=844)
    open_whole(page, f"/applications/show/{pk}")

    letter = page.locator("[aria-labelledby=h-replies] li").first
    assert letter.locator(".line > .muted").first.evaluate(LINES) <= 2
    labels = letter.locator("form label.small")
    assert labels.count() == 2
    assert labels.nth(0).evaluate(LEFT) == labels.nth(1).evaluate(LEFT)

    messages = page.locator(".card:has(> h2, > header h2:text-is('Bildirimler'))").last
    messages.scroll_into_view_if_needed()
    title = messages.locator(".line > b", has_text="Cevap başvuru sahibine gönderildi").first
    title.wait_for()
    assert title.evaluate(LINES) == 1
