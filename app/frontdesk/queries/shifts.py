"""Reads about shifts: the plan of a week, who is on duty, what the shift before left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from app.applications.models import Application
from app.frontdesk.models import Call, Shift, ShiftNote
from app.frontdesk.models.shifts import note_cases, note_readings
from app.frontdesk.queries.calls_live import IS_LIVE
from app.frontdesk.rules.calls import CallPhase
from app.frontdesk.rules.shifts import ON_DUTY, SPAN_SETTINGS, ShiftKind, read_span, span_on
from app.organisation.models import Role, StaffUser
from app.system.queries import get_number, get_text

#: Adds conditions to a statement, whatever its columns are.
Narrow = Callable[[Any], Any]

_calls = Call.__table__.c


def everything(stmt: Any) -> Any:
    """Narrow nothing."""
    return stmt


# --- hours -----------------------------------------------------------------------------------------------
def find_span(session: Session, kind: ShiftKind, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """When a shift of a day begins and ends by the settings."""
    span = read_span(get_text(session, SPAN_SETTINGS[kind]))
    if span is None:
        raise ValueError(f"the setting of {kind} is no span")
    return span_on(day, span)


def find_kind_at(session: Session, moment: dt.datetime) -> tuple[ShiftKind, dt.date]:
    """Which shift of which day a moment lies in; the day shift of its day where hours leave a gap."""
    for day in (moment.date(), moment.date() - dt.timedelta(days=1)):
        for kind in ShiftKind:
            start, end = find_span(session, kind, day)
            if start <= moment < end:
                return kind, day
    return ShiftKind.DAY, moment.date()


# --- shifts ----------------------------------------------------------------------------------------------
def list_shifts(session: Session, first: dt.date, last: dt.date) -> list[Shift]:
    """Shifts that begin from `first` to `last`, with their people, in order."""
    stmt = (
        select(Shift)
        .where(Shift.on >= first, Shift.on <= last)
        .options(joinedload(Shift.operator), joinedload(Shift.swap_to))
        .order_by(Shift.on, Shift.starts_at, Shift.id)
    )
    return list(session.scalars(stmt))


def find_shift_of(session: Session, user_id: int | None, moment: dt.datetime) -> Shift | None:
    """The shift that somebody has at a moment; a little before it begins it counts as well."""
    if user_id is None:
        return None
    soon = moment + dt.timedelta(minutes=30)
    stmt = (
        select(Shift)
        .where(
            Shift.operator_id == user_id,
            Shift.starts_at <= soon,
            Shift.ends_at > moment,
            Shift.state.in_(sorted(ON_DUTY)),
        )
        .order_by(Shift.starts_at)
        .limit(1)
    )
    return session.scalars(stmt).first()


def find_operator_at_seat(session: Session, seat: str, moment: dt.datetime) -> int | None:
    """Who sits at an extension at a moment: by the shift that names the seat, the newest sign-in first."""
    if not seat:
        return None
    stmt = (
        select(Shift.operator_id)
        .where(
            Shift.seat == seat,
            Shift.starts_at <= moment + dt.timedelta(minutes=30),
            Shift.ends_at > moment,
            Shift.state.in_(sorted(ON_DUTY)),
        )
        .order_by(Shift.signed_in_at.is_(None), Shift.signed_in_at.desc(), Shift.starts_at.desc())
        .limit(1)
    )
    return session.scalar(stmt)


@dataclass(frozen=True)
class OnDuty:
    """Somebody of the present shift and what that person does now (None: nothing, so ready)."""

    user_id: int
    name: str
    seat: str
    is_signed_in: bool
    phase: CallPhase | None


def list_on_duty(session: Session, moment: dt.datetime) -> list[OnDuty]:
    """Who is on duty at a moment with the phase of their call: two statements, nothing of the calls.

    Calls are read as a Core table: an operator sees that a colleague talks, not with whom.
    """
    rows = session.execute(
        select(
            Shift.operator_id,
            Shift.seat,
            Shift.signed_in_at,
            StaffUser.first_name,
            StaffUser.last_name,
        )
        .join(StaffUser, StaffUser.id == Shift.operator_id)
        .where(Shift.starts_at <= moment, Shift.ends_at > moment, Shift.state.in_(sorted(ON_DUTY)))
        .order_by(StaffUser.first_name, StaffUser.last_name)
    ).all()
    phases: dict[int, CallPhase] = {}
    for operator, phase in session.execute(
        select(_calls.operator_id, _calls.phase)
        .where(IS_LIVE, _calls.operator_id.in_([r[0] for r in rows]))
        .order_by(_calls.started_at)
    ):
        phases[operator] = CallPhase(phase)
    return [
        OnDuty(pk, f"{first} {last}", seat, signed is not None, phases.get(pk))
        for pk, seat, signed, first, last in rows
    ]


def count_shift_people(session: Session, day: dt.date) -> dict[ShiftKind, int]:
    """Kind → how many people are on the plan of a day."""
    stmt = (
        select(Shift.kind, func.count(Shift.id))
        .where(Shift.on == day, Shift.state.in_(sorted(ON_DUTY)))
        .group_by(Shift.kind)
    )
    return {ShiftKind(kind): int(n) for kind, n in session.execute(stmt)}


def list_operators(session: Session) -> list[StaffUser]:
    """Everybody who takes calls: the rows of the plan."""
    stmt = (
        select(StaffUser)
        .where(StaffUser.active.is_(True), StaffUser.roles.any(Role.name == "operator"))
        .order_by(StaffUser.first_name, StaffUser.last_name, StaffUser.id)
    )
    return list(session.scalars(stmt))


def staffed_seconds(
    session: Session, first: dt.datetime, last: dt.datetime, operator_id: int | None = None
) -> dict[int, float]:
    """Operator → seconds on duty by the plan between two moments, for the occupancy."""
    stmt = select(Shift.operator_id, Shift.starts_at, Shift.ends_at).where(
        Shift.starts_at < last, Shift.ends_at > first, Shift.state.in_(sorted(ON_DUTY))
    )
    if operator_id is not None:
        stmt = stmt.where(Shift.operator_id == operator_id)
    found: dict[int, float] = {}
    for operator, start, end in session.execute(stmt):
        seconds = (min(end, last) - max(start, first)).total_seconds()
        found[operator] = found.get(operator, 0) + seconds
    return found


# --- hand-over notes ----------------------------------------------------------------------------------
def list_unread_notes(
    session: Session, user_id: int | None, moment: dt.datetime
) -> list[ShiftNote]:
    """What others left in the last hours and this person has not acknowledged, the oldest first."""
    if user_id is None:
        return []
    since = moment - dt.timedelta(hours=get_number(session, "shift_note_hours"))
    read = select(note_readings.c.note_id).where(
        and_(note_readings.c.note_id == ShiftNote.id, note_readings.c.user_id == user_id)
    )
    stmt = (
        select(ShiftNote)
        .where(ShiftNote.written_at >= since, ShiftNote.author_id != user_id, ~read.exists())
        .options(joinedload(ShiftNote.author))
        .order_by(ShiftNote.written_at, ShiftNote.id)
        .limit(20)
    )
    return list(session.scalars(stmt))


def list_readers(session: Session, note_id: int) -> list[tuple[int, str, dt.datetime]]:
    """(user, name, moment) of everybody who has acknowledged a note, in order."""
    users = StaffUser.__table__.c
    rows = session.execute(
        select(users.id, users.first_name, users.last_name, note_readings.c.at)
        .join_from(note_readings, users.id.table, users.id == note_readings.c.user_id)
        .where(note_readings.c.note_id == note_id)
        .order_by(note_readings.c.at)
    )
    return [(pk, f"{first} {last}", at) for pk, first, last, at in rows]


def list_note_cases(session: Session, note_ids: Sequence[int]) -> dict[int, list[Application]]:
    """Note → the cases it speaks of, as far as the actor may see them."""
    if not note_ids:
        return {}
    rows = session.execute(
        select(note_cases.c.note_id, Application)
        .join(Application, Application.id == note_cases.c.application_id)
        .where(note_cases.c.note_id.in_(note_ids))
        .order_by(Application.number)
    )
    found: dict[int, list[Application]] = {}
    for note_id, case in rows:
        found.setdefault(note_id, []).append(case)
    return found


# --- grouped figures ----------------------------------------------------------------------------------
def count_shifts(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """operator_id, operator, kind, count of shifts."""
    stmt = select(Shift.operator_id, Shift.kind, func.count().label("n")).select_from(Shift)
    counted = narrow(stmt).group_by(Shift.operator_id, Shift.kind).subquery()
    named = select(
        counted.c.operator_id,
        StaffUser.first_name,
        StaffUser.last_name,
        counted.c.kind,
        counted.c.n,
    ).join(StaffUser, StaffUser.id == counted.c.operator_id)
    return [
        {
            "operator_id": pk,
            "operator": f"{first} {last}",
            "kind": ShiftKind(kind).value,
            "count": n,
        }
        for pk, first, last, kind, n in session.execute(named)
    ]


def count_notes(session: Session, narrow: Narrow = everything) -> list[dict[str, Any]]:
    """kind, count of hand-over notes."""
    stmt = narrow(select(ShiftNote.kind, func.count()).select_from(ShiftNote))
    return [
        {"kind": ShiftKind(kind).value, "count": n}
        for kind, n in session.execute(stmt.group_by(ShiftNote.kind))
    ]
