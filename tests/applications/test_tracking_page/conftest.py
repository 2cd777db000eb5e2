"""Fixtures of these tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select, update

from app.core import clock
from tests.applications.test_tracking_page.support import FIRST, HOSTILE, LAST, MAIL, PHONE


@pytest.fixture
def case(session: Any) -> Any:
    """An answered case of a person with every personal detail, and a letter that names that person."""
    from app.applications.models import Application, Reply
    from app.applications.rules import Channel, Kind, State
    from app.people.models import Citizen

    found = session.scalars(
        select(Application)
        .where(
            Application.state == State.ANSWERED,
            Application.citizen_id.is_not(None),
            Application.lead_unit_id.is_not(None),
            Application.identity_hidden.is_(False),
            Application.is_restricted.is_(False),
            Application.is_anonymous.is_(False),
            Application.channel == Channel.CALL_CENTER,
            Application.kind == Kind.REQUEST,
        )
        .order_by(Application.id)
    ).first()
    now = clock.now()
    session.connection().execute(
        update(Citizen.__table__)
        .where(Citizen.__table__.c.id == found.citizen_id)
        .values(first_name=FIRST, last_name=LAST, phone=PHONE, email=MAIL)
    )
    session.connection().execute(
        update(Application.__table__)
        .where(Application.__table__.c.id == found.id)
        .values(
            answered_at=now - dt.timedelta(days=2),
            closed_at=None,
            subject=f"Konu {HOSTILE}",
            contact_phone=PHONE,
            outcome="resolved",
            wants_notice="sms",
        )
    )
    session.connection().execute(
        update(Reply.__table__).where(Reply.__table__.c.application_id == found.id).values(cycle=0)
    )
    session.expire_all()
    session.add(
        Reply(
            application_id=found.id, cycle=found.cycle, kind="final", state="sent", outcome="resolved",
            subject="Cevap", sent_at=now - dt.timedelta(days=2),
            body=f"Sayın {FIRST} {LAST},\n\nÇukur kapatıldı {HOSTILE}. {LAST}’na {PHONE} ile bilgi verildi.",
        )
    )  # fmt: skip
    session.commit()
    return found
