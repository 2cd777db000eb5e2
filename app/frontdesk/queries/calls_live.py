"""The condition of calls that are not finished, in the words of their index."""

from __future__ import annotations

from sqlalchemy import bindparam

from app.frontdesk.models import Call
from app.frontdesk.rules.calls import CallPhase

_phase = Call.__table__.c.phase

#: Written out instead of sent as a value: PostgreSQL plans a prepared statement without its values and
#: would then not see that the small index of live calls is enough among a million.
IS_LIVE = _phase != bindparam(
    "closed", CallPhase.CLOSED, type_=_phase.type, literal_execute=True, unique=True
)
