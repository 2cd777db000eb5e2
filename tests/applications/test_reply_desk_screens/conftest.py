"""Fixtures of these tests."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.applications import services
from app.applications.rules import (
    Outcome,
    ReplyState,
    State,
)
from app.core.acting import acting_as
from app.models import (
    Application,
    ApprovalRoute,
    ApprovalRouteStep,
    Reply,
)
from tests.applications.test_reply_desk_screens.support import case_in
from tests.support import actor_of


@pytest.fixture
def letter(app: Any, session: Any) -> Any:
    """A letter of `masa` that waits, each at another case, with other values when told so."""
    used: list[int] = []

    def make(stations: tuple[str, ...] = ("branch_mgr",), **values: Any) -> Reply:
        for known in session.scalars(select(ApprovalRoute)):
            known.active = False
        session.add(
            ApprovalRoute(
                name=f"{len(used)} {' '.join(stations)}", position=1,
                stations=[
                    ApprovalRouteStep(position=place, role=role)
                    for place, role in enumerate(stations, start=1)
                ],
            )
        )  # fmt: skip
        session.flush()
        case = case_in(session, State.UNIT_ANSWERED, Application.id.not_in(used))
        used.append(case.id)
        for old in session.scalars(select(Reply).where(Reply.application_id == case.id)):
            old.state = ReplyState.SENT_BACK
        actor = actor_of(app, session, "masa")
        with acting_as(actor):
            given = {"outcome": Outcome.RESOLVED, "body": "Sorun giderilmiştir.", **values}
            reply = services.draft_reply(session, application=case, actor=actor, **given)
            services.submit_reply(session, reply=reply, actor=actor)
        session.commit()
        return reply

    return make
