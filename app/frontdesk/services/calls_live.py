"""Taking messages of a switch: any order, any number of times, one row a call.

The row is written by plain statements past the audit trail: a switch changes it by the second, and the
events stand with the call itself. What people do with a call is audited.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.core.rules import RuleViolation, collect
from app.frontdesk.models import Call
from app.frontdesk.queries.shifts import find_operator_at_seat
from app.frontdesk.rules.calls import (
    ON_LINE,
    CallDirection,
    CallPhase,
    CallResult,
    CallSource,
)
from app.frontdesk.rules.calls_live import (
    LiveEvent,
    LiveState,
    Message,
    add_event,
    fold_events,
    message_violations,
    read_message,
)
from app.frontdesk.services.calls import find_caller
from app.organisation.models import StaffUser
from app.system.queries import get_number
from app.system.services import audit

_table = Call.__table__
_c = Call.__table__.c


@dataclass(frozen=True)
class Received:
    """What became of a message: the call, its phase, and whether anything was new."""

    call_id: int
    phase: CallPhase
    is_new: bool
    is_changed: bool


def receive(session: Session, *, data: Any, now: dt.datetime | None = None) -> Received:
    """Take one message; the same one again changes nothing. RuleViolation with all that is wrong."""
    moment = now or clock.now()
    if broken := collect(message_violations(data, now=moment)):
        raise RuleViolation(broken)
    message = read_message(data)
    with acting_as(SYSTEM):
        is_new = _insert_once(session, message, moment)
        row = (
            session.execute(
                select(_table).where(_c.switch_id == message.switch_id).with_for_update()
            )
            .mappings()
            .one()
        )
        if row["source"] is not CallSource.LIVE:
            # A file has told the whole call already.
            return Received(row["id"], CallPhase(row["phase"]), is_new=False, is_changed=False)
        values = _values(session, dict(row), message, moment)
        changed = {name: value for name, value in values.items() if row[name] != value}
        if changed:
            session.execute(
                update(_table)
                .where(_c.id == row["id"])
                .values(**changed, changed_at=moment, version=_c.version + 1)
            )
            session.expire_all()
        phase = CallPhase(values.get("phase", row["phase"]))
        return Received(row["id"], phase, is_new, is_changed=bool(changed) or is_new)


def _insert_once(session: Session, message: Message, now: dt.datetime) -> bool:
    """Make the row of a call, if no message of it came before; two at once make one."""
    session.flush()
    is_postgres = session.connection().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgres else sqlite.insert
    made = session.execute(
        insert(_table)
        .values(
            switch_id=message.switch_id,
            direction=message.direction or CallDirection.IN,
            source=CallSource.LIVE,
            phase=CallPhase.RINGING,
            number="",
            extension="",
            queue="",
            started_at=message.at,
            wait_seconds=0,
            talk_seconds=0,
            hold_seconds=0,
            wrap_seconds=0,
            transferred_to="",
            recording_ref="",
            note="",
            search_text="",
            is_demo=False,
            events=[],
            created_at=now,
            changed_at=now,
            version=1,
        )
        .on_conflict_do_nothing(index_elements=["switch_id"])
        .returning(_c.id)
    ).one_or_none()
    return made is not None


def _values(
    session: Session, row: Mapping[str, Any], message: Message, now: dt.datetime
) -> dict[str, Any]:
    """The columns as they follow from all messages so far; what people wrote is left alone."""
    event = message.to_document()
    operator = _operator_of(session, message)
    if operator is not None:
        event["operator"] = str(operator)
    kept = [dict(one) for one in row["events"] or []]
    known = next((o for o in kept if (o["at"], o["event"]) == (event["at"], event["event"])), {})
    events = add_event(kept, {**known, **event})
    state = fold_events(events)
    direction = message.direction or CallDirection(row["direction"])
    values: dict[str, Any] = {
        "events": events,
        "started_at": state.started_at,
        "answered_at": state.answered_at,
        "ended_at": state.ended_at,
        "wait_seconds": state.wait_seconds,
        "talk_seconds": state.talk_seconds,
        "hold_seconds": state.hold_seconds,
        "direction": direction,
        **_ending(row, state, direction, now),
    }
    told = {
        "extension": message.extension,
        "queue": message.queue,
        "transferred_to": message.transferred_to,
        "recording_ref": message.recording,
    }
    values.update({name: text for name, text in told.items() if text and not row[name]})
    # A caller whose case hides the identity has been taken off the row and stays off.
    if message.number and not row["number"] and row["application_id"] is None:
        values["number"] = message.number
        if row["citizen_id"] is None:
            values["citizen_id"] = find_caller(session, message.number)
    if (chosen := _chosen_operator(events)) is not None:
        values["operator_id"] = chosen
    return values


def _ending(
    row: Mapping[str, Any], state: LiveState, direction: CallDirection, now: dt.datetime
) -> dict[str, Any]:
    """Phase and result; what an operator said came of a call counts more than the switch."""
    result = CallResult(row["result"]) if row["result"] else None
    derived = {CallResult.ABANDONED, CallResult.BUSY, None}
    if result in derived or state.answered_at is None:
        result = state.result
        if result is CallResult.ABANDONED and direction is CallDirection.OUT:
            # Whom we could not reach did not abandon anything.
            result = CallResult.BUSY
    phase, closed = state.phase, row["closed_at"]
    if phase is CallPhase.WRAP and (result is not None or closed is not None):
        phase = CallPhase.CLOSED
    if phase is CallPhase.CLOSED and closed is None:
        closed = state.ended_at or now
    return {"phase": phase, "result": result, "closed_at": closed}


def _operator_of(session: Session, message: Message) -> int | None:
    """Who is meant: by user name, else by the seat of the shift of that hour."""
    if message.operator:
        users = StaffUser.__table__.c
        found = session.scalar(
            select(users.id).where(users.username == message.operator, users.active.is_(True))
        )
        if found is not None:
            return int(found)
    return find_operator_at_seat(session, message.extension, message.at)


def _chosen_operator(events: list[dict[str, str]]) -> int | None:
    """Whoever answered; before that, at whose telephone it rang last."""
    told = [one for one in events if one.get("operator")]
    answered = [one for one in told if one["event"] == LiveEvent.ANSWERED.value]
    chosen = answered[0] if answered else (told[-1] if told else None)
    return int(chosen["operator"]) if chosen is not None else None


# --- keeping ---------------------------------------------------------------------------------------------
def close_stale(session: Session, *, now: dt.datetime | None = None) -> int:
    """Close live calls that nobody has ended for too long; returns how many.

    A call that was never answered was abandoned; of others it stays open what came of them.
    """
    moment = now or clock.now()
    limit = moment - dt.timedelta(minutes=get_number(session, "call_stale_minutes"))
    stale = session.execute(
        select(_c.id, _c.phase, _c.answered_at, _c.ended_at, _c.result, _c.direction).where(
            _c.phase != CallPhase.CLOSED, _c.started_at < limit, _c.changed_at < limit
        )
    ).all()
    for pk, phase, answered, ended, result, direction in stale:
        lost = CallResult.BUSY if direction is CallDirection.OUT else CallResult.ABANDONED
        session.execute(
            update(_table)
            .where(_c.id == pk)
            .values(
                phase=CallPhase.CLOSED,
                result=result or (CallResult.ANSWERED if answered else lost),
                # When the caller hung up is not known: a call that is on the line has no length.
                ended_at=ended if phase not in ON_LINE else (answered or _c.started_at),
                closed_at=moment,
                changed_at=moment,
                version=_c.version + 1,
            )
        )
    if stale:
        session.expire_all()
    return len(stale)


def cut_recordings(session: Session, *, now: dt.datetime | None = None, most: int = 20_000) -> int:
    """Forget where recordings lie whose time has passed; noted in the trail. Source: 6698 m.7."""
    moment = now or clock.now()
    days = get_number(session, "call_recording_days")
    before = moment - dt.timedelta(days=days)
    found = list(
        session.scalars(
            select(_c.id).where(_c.recording_ref != "", _c.started_at < before).limit(most)
        )
    )
    for start in range(0, len(found), 500):
        session.execute(
            update(_table)
            .where(_c.id.in_(found[start : start + 500]))
            .values(recording_ref="", version=_c.version + 1)
        )
    if found:
        session.expire_all()
        audit.record(
            session,
            verb="delete",
            entity="Call",
            summary="recording_ref",
            changes={"recordings": [len(found), 0], "days": [None, days]},
        )
    return len(found)
