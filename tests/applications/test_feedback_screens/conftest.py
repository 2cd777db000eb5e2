"""Fixtures of these tests."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from app.core import clock
from tests.applications.test_feedback_screens.support import one


@pytest.fixture
def answered(session: Any) -> Any:
    """An answered case of a known person that nobody has rated or been asked about."""
    from app.applications.models import Application, CallBack, Satisfaction
    from app.applications.rules import Kind, State

    case = one(
        session, Application,
        Application.state == State.ANSWERED, Application.citizen_id.is_not(None),
        Application.lead_unit_id.is_not(None), Application.is_restricted.is_(False),
        Application.identity_hidden.is_(False), Application.kind == Kind.REQUEST,
        Application.is_anonymous.is_(False),
    )  # fmt: skip
    for model in (Satisfaction, CallBack):
        table = model.__table__
        session.connection().execute(table.delete().where(table.c.application_id == case.id))
    table = Application.__table__
    session.connection().execute(
        update(table)
        .where(table.c.id == case.id)
        .values(wants_notice="sms", contact_phone="+905320000001")
    )
    session.commit()
    return case


@pytest.fixture
def call(session: Any) -> Any:
    """A call-back of the demo data that is due today."""
    from app.applications.models import CallBack
    from app.applications.rules import CallState

    row = one(session, CallBack, CallBack.state == CallState.WAITING)
    assert row is not None, "the demo data must leave somebody to call"
    table = CallBack.__table__
    session.connection().execute(
        update(table).where(table.c.id == row.id).values(next_on=clock.today(), tries=0)
    )
    session.commit()
    return row
