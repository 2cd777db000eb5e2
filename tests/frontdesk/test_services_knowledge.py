"""Knowledge items: editions, use, reports of wrong answers, reminders, finding them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.core.acting import Actor
from app.core.rules import RuleViolation
from app.frontdesk.models import KnowledgeItem
from app.frontdesk.queries import knowledge as queries
from app.frontdesk.rules.knowledge import Validity
from app.frontdesk.services import knowledge as services
from app.models import AuditEvent, Notification
from tests.frontdesk.calls_support import user_id
from tests.hours import MORNING
from tests.support import actor_of

TODAY = MORNING.date()


@pytest.fixture
def session(session: Any) -> Any:
    """The session itself; no item of the demo wants a look."""
    real = session()
    far = TODAY + dt.timedelta(days=400)
    real.execute(update(KnowledgeItem).values(review_on=far, valid_until=None))
    return real


@pytest.fixture
def operator(app: Any, session: Any) -> Actor:
    """The operator."""
    return actor_of(app, session, "operator")


def make_item(session: Any, **more: Any) -> KnowledgeItem:
    """An item of the chief about meters."""
    values: dict[str, Any] = {
        "title": "Sayaç kırıldı, ne yapmalıyım?",
        "questions": "saat patladı, su saati",
        "answer": "Vanayı kapatınız; ekip yönlendiriyorum.",
        "owner_id": user_id(session, "sef"),
        "review_on": TODAY + dt.timedelta(days=90),
        **more,
    }
    item = KnowledgeItem(**values)
    services.prepare_item(session, item=item)
    session.add(item)
    session.flush()
    return item


def told(session: Any, item: KnowledgeItem) -> list[Notification]:
    """What the owner was told about an item."""
    return list(
        session.scalars(
            select(Notification)
            .where(Notification.owner_type == "KnowledgeItem", Notification.owner_id == item.id)
            .order_by(Notification.id)
        )
    )


def test_a_new_answer_is_a_new_edition(session: Any) -> None:
    item = make_item(session)
    assert (item.edition, item.reviewed_on) == (1, TODAY)
    item.title = "Sayaç kırıldı"
    later = TODAY + dt.timedelta(days=5)
    services.prepare_item(session, item=item, today=later)
    assert (item.edition, item.reviewed_on) == (1, TODAY)
    session.flush()
    item.answer = "Vanayı kapatınız."
    services.prepare_item(session, item=item, today=later)
    assert (item.edition, item.reviewed_on) == (2, later)
    session.flush()
    item.review_on = TODAY + dt.timedelta(days=300)
    services.prepare_item(session, item=item, today=later + dt.timedelta(days=1))
    assert (item.edition, item.reviewed_on) == (2, later + dt.timedelta(days=1))


def test_use_is_counted_without_touching_version_and_trail(session: Any) -> None:
    item = make_item(session)
    noted = select(func.count(AuditEvent.id)).where(
        AuditEvent.entity == "KnowledgeItem", AuditEvent.record_id == item.id
    )
    before = (item.version, item.changed_at, session.scalar(noted))
    for _again in range(3):
        services.note_use(session, item=item)
    session.refresh(item)
    assert item.used_count == 3
    assert (item.version, item.changed_at, session.scalar(noted)) == before


def test_who_finds_an_answer_wrong_tells_the_owner_once_a_day(
    session: Any, operator: Actor
) -> None:
    item = make_item(session)
    for _again in range(2):
        services.report_outdated(session, item=item, text="Numara değişti", actor=operator)
    session.flush()
    assert [(n.user_id, n.body) for n in told(session, item)] == [
        (user_id(session, "sef"), "Numara değişti")
    ]
    with pytest.raises(RuleViolation):
        services.report_outdated(session, item=item, text="  ", actor=operator)


def test_owners_are_reminded_once_a_week_before_the_review_and_when_it_ends(session: Any) -> None:
    item = make_item(session, review_on=TODAY + dt.timedelta(days=20))
    off = make_item(session, title="Eski", review_on=TODAY, active=False)
    assert services.remind_owners(session, today=TODAY) == 0
    near = TODAY + dt.timedelta(days=13)
    assert services.remind_owners(session, today=near) == 1
    assert services.remind_owners(session, today=near + dt.timedelta(days=1)) == 0
    item.valid_until = TODAY + dt.timedelta(days=30)
    session.flush()
    past = TODAY + dt.timedelta(days=31)
    assert services.remind_owners(session, today=past) == 1
    subjects = [n.subject for n in told(session, item)]
    assert len(subjects) == 2
    assert "gözden geçirilecek" in subjects[0]
    assert "güncel değil" in subjects[1]
    assert told(session, off) == []


def test_items_are_found_by_any_word_whatever_its_letters(session: Any) -> None:
    item = make_item(session)
    used = make_item(session, title="Saat okuma ne zaman?", questions="sayaç", used_count=10_000)
    make_item(session, title="Sayaç eski", active=False)
    found = queries.find_knowledge(session, "SAYAÇ", 10)
    assert {item.id, used.id} <= {one.id for one in found}
    assert all(one.active for one in found)
    # A title that begins as typed comes before one that is used more.
    assert found[0].title.startswith("Sayaç")
    assert [one.id for one in queries.find_knowledge(session, "su saati patladı", 10)] == [item.id]
    assert queries.find_knowledge(session, "  ", 10) == []
    assert queries.find_knowledge(session, "%", 10) == []


def test_each_item_is_in_exactly_one_state(session: Any) -> None:
    make_item(session, review_on=TODAY - dt.timedelta(days=1))
    make_item(
        session,
        review_on=TODAY - dt.timedelta(days=9),
        valid_until=TODAY - dt.timedelta(days=1),
    )
    counts = {row["validity"]: row["count"] for row in queries.count_by_validity(session)}
    assert counts[Validity.REVIEW_DUE] == 1
    assert counts[Validity.OUT_OF_DATE] == 1
    in_use = session.scalar(
        select(func.count(KnowledgeItem.id)).where(KnowledgeItem.active.is_(True))
    )
    assert sum(counts.values()) == in_use
