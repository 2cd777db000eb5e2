"""Conditions of calls in the words of their small indexes.

They are written out instead of sent as values: PostgreSQL plans a prepared statement without its
values and would then not see that a small index is enough among a million calls.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, Column, bindparam

from app.frontdesk.models import Call
from app.frontdesk.rules.calls import CallPhase, CallResult

_c = Call.__table__.c


def _written_out(column: Column[Any], value: StrEnum) -> BindParameter[Any]:
    return bindparam(str(value), value, type_=column.type, literal_execute=True, unique=True)


#: Not finished: it rings, somebody speaks, or what came of it is still to be entered.
IS_LIVE = _c.phase != _written_out(_c.phase, CallPhase.CLOSED)
#: Nobody answered in time.
IS_LOST = _c.result == _written_out(_c.result, CallResult.ABANDONED)
