"""The steps whose form picks a record or a code, over HTTP: what is typed arrives at the service."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.applications.rules import State
from app.models import Application, Institution, Neighbourhood, Topic, Unit
from tests.support import registered_case


def case_in(session: Any, state: State, *others: int) -> Application:
    stmt = select(Application).where(Application.state == state, Application.id.not_in(others))
    found = session.scalars(stmt.order_by(Application.id.desc()).limit(1)).first()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("merge", State.MERGED),
        ("transfer_out", State.TRANSFERRED_OUT),
        ("declare_inadmissible", State.INADMISSIBLE),
    ],
)
def test_a_step_with_a_picked_value_is_taken(
    session: Any, client_as: Any, action: str, state: State
) -> None:
    case = case_in(session, State.TRIAGE)
    values = {
        "merge": {"master_id": case_in(session, State.IN_PROGRESS).id},
        "transfer_out": {"institution_id": session.scalar(select(Institution.id).limit(1))},
        "declare_inadmissible": {"inadmissible_reason": "no_specific_subject"},
    }[action]
    answer = client_as("sef").post(f"/applications/steps/{case.id}/do/{action}", data=values)
    assert answer.status_code == 302
    session.refresh(case)
    assert case.state is state


def test_a_fresh_case_tells_its_place_and_the_unit_that_is_only_proposed(
    session: Any, client_as: Any
) -> None:
    place = session.scalars(select(Neighbourhood).order_by(Neighbourhood.id)).first()
    unit = session.scalar(select(Topic.unit_id).where(Topic.code == "YOL-01"))
    case = registered_case(
        session, district_id=place.district_id, neighbourhood_id=place.id, unit_id=unit
    )
    page = client_as("sef").get(f"/applications/show/{case.id}").text
    assert f"{place.name}, {place.district.name}" in page
    assert f"önerilen birim: {session.get(Unit, unit).name}" in page
