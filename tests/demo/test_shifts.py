"""The demo plan of shifts is one that people could work, whatever day it is loaded on."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest
from sqlalchemy import delete, select

from app.core import clock
from app.core.clock import ISTANBUL
from app.demo import calls_around
from app.frontdesk.models import Shift
from app.frontdesk.rules.shifts import ShiftState
from app.models import StaffUser

MONDAY = dt.date(2026, 11, 23)
REST = dt.timedelta(hours=8)


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("hour", [3, 11, 21])
def test_a_swap_waits_for_a_decision(session, monkeypatch, weekday, hour):
    session = session()
    at = dt.datetime.combine(MONDAY + dt.timedelta(days=weekday), dt.time(hour), ISTANBUL)
    monkeypatch.setattr(clock, "now", lambda: at)
    operators = list(session.scalars(select(StaffUser.id).order_by(StaffUser.id).limit(8)))
    session.execute(delete(Shift.__table__))

    calls_around.load_shifts(session, Random("shifts"), operators)

    shifts = session.scalars(select(Shift)).all()
    asked = [shift for shift in shifts if shift.state is ShiftState.SWAP_ASKED]
    assert len(asked) == 1
    swap = asked[0]
    assert swap.on > at.date()
    for other in shifts:
        if other.operator_id == swap.swap_to_id:
            assert (
                other.ends_at + REST <= swap.starts_at or other.starts_at - REST >= swap.ends_at
            ), f"{other.on} leaves no rest beside {swap.on}"
