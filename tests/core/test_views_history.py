"""The history of a record speaks in people's words: names, dates and labels, never codes and keys."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from sqlalchemy import select


def history_of(page: str) -> str:
    """The text of the history card."""
    found = re.search(r'id="h-history".*?</section>', page, re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]+>|\s+", " ", found.group())


def test_changes_are_told_with_names_and_dates(session: Any, client_as: Any) -> None:
    from app.models import Deputyship, Topic, Unit

    topic = session.scalars(select(Topic).order_by(Topic.id)).first()
    other = session.scalars(select(Unit).where(Unit.id != topic.unit_id).order_by(Unit.id)).first()
    before = topic.unit_id
    topic.unit_id = other.id
    row = session.scalars(select(Deputyship).order_by(Deputyship.id)).first()
    row.to_on += dt.timedelta(days=3)
    session.commit()
    told = history_of(client_as("yonetici").get(f"/topics/show/{topic.id}").text)
    assert other.name in told
    # The unit of before was not read by the page, so it is told by its key.
    assert f"#{before}" in told
    told = history_of(client_as("yonetici").get(f"/deputyships/show/{row.id}").text)
    assert f"{row.to_on:%d.%m.%Y}" in told
    assert not re.search(r"\d{4}-\d\d-\d\d", told)


def test_what_only_the_program_uses_is_left_out(session: Any, client_as: Any) -> None:
    from app.models import Topic

    topic = session.scalars(select(Topic).order_by(Topic.id)).first()
    topic.name = f"{topic.name} (deneme)"
    session.commit()
    told = history_of(client_as("yonetici").get(f"/topics/show/{topic.id}").text)
    assert "(deneme)" in told
    assert "Search Text" not in told
    assert "search_text" not in told
