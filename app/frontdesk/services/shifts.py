"""Planning shifts, swapping them, beginning one, and handing over to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.applications.models import Application
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import SYSTEM, Actor, acting_as
from app.core.rules import N_, RuleViolation, Violation, collect
from app.core.text import clean
from app.frontdesk.models import Shift, ShiftNote
from app.frontdesk.models.shifts import note_cases, note_readings
from app.frontdesk.queries.shifts import find_kind_at, find_shift_of, find_span, list_shifts
from app.frontdesk.rules.shifts import (
    ShiftKind,
    ShiftState,
    note_violations,
    overlap_violations,
    shift_violations,
)
from app.organisation.models import StaffUser
from app.organisation.queries import find_users_with_role
from app.system.services import outbox

SHIFT_URL = "/shifts/show/{}"
_WEEK = dt.timedelta(days=7)


def refuse(message: str, field: str = "", **params: Any) -> RuleViolation:
    """Make a RuleViolation with one sentence."""
    return RuleViolation(Violation(field, message, params))


# --- planning --------------------------------------------------------------------------------------------
def place_shift(session: Session, *, shift: Shift) -> Shift:
    """Give a shift its hours and store it, if its person is free; RuleViolation when not.

    New ones and changed ones alike; the values already stand on it.
    """
    values = {"operator_id": shift.operator_id, "on": shift.on, "kind": shift.kind}
    if broken := collect(shift_violations(values)):
        raise RuleViolation(broken)
    starts, ends = find_span(session, shift.kind, shift.on)
    with session.no_autoflush:
        # Two planners at once wait for each other at the person.
        session.scalar(
            select(StaffUser.id).where(StaffUser.id == shift.operator_id).with_for_update()
        )
        others = session.execute(
            select(Shift.starts_at, Shift.ends_at).where(
                Shift.operator_id == shift.operator_id,
                Shift.starts_at < ends,
                Shift.ends_at > starts,
                Shift.id != (shift.id or 0),
            )
        ).all()
    if broken := collect(overlap_violations(starts, ends, ((s, e) for s, e in others))):
        raise RuleViolation(broken)
    shift.starts_at, shift.ends_at = starts, ends
    session.add(shift)
    session.flush()
    return shift


def copy_week(session: Session, *, monday: dt.date) -> tuple[int, int]:
    """Plan a week as the one before it: (shifts made, shifts left out because somebody is taken).

    Leave is not copied, a swap goes back to whom it belonged. Done twice it makes nothing twice.
    """
    before = monday - _WEEK
    made = left = 0
    for old in list_shifts(session, before, before + dt.timedelta(days=6)):
        if old.state is ShiftState.LEAVE:
            continue
        new = Shift(
            operator_id=old.swapped_from_id or old.operator_id,
            on=old.on + _WEEK,
            kind=old.kind,
            seat=old.seat,
            state=ShiftState.PLANNED,
        )
        try:
            place_shift(session, shift=new)
            made += 1
        except RuleViolation:
            left += 1
    return made, left


# --- swapping --------------------------------------------------------------------------------------------
def ask_swap(
    session: Session,
    *,
    shift: Shift,
    colleague_id: int,
    note: str,
    actor: Actor,
    now: dt.datetime | None = None,
) -> Shift:
    """Ask that a colleague takes the own shift; the chiefs are told. RuleViolation when it cannot be."""
    if not actor.may("swap", "Shift") or shift.operator_id != actor.user_id:
        raise refuse(N_("Only the own shift can be given to a colleague."))
    if shift.state not in {ShiftState.PLANNED, ShiftState.SWAPPED}:
        raise refuse(N_("A swap of this shift is being asked for already, or it is leave."))
    if shift.starts_at <= (now or clock.now()):
        raise refuse(N_("This shift has begun already."))
    if colleague_id == shift.operator_id:
        raise refuse(N_("Choose a colleague."), "colleague")
    colleague = session.get(StaffUser, colleague_id)
    if colleague is None or not any(role.name == "operator" for role in colleague.roles):
        raise refuse(N_("Choose somebody who takes calls."), "colleague")
    _refuse_taken(session, shift, colleague_id)
    shift.state = ShiftState.SWAP_ASKED
    shift.swap_to_id = colleague_id
    shift.swap_note = clean(note)[:300]
    session.flush()
    with acting_as(SYSTEM):
        chiefs = find_users_with_role(session, "chief")
    for user in {u.id: u for u in (*chiefs, colleague)}.values():
        _tell(
            session,
            user.id,
            shift,
            "swap_asked",
            N_("%(name)s asks to give the shift of %(day)s to %(other)s"),
            name=actor.name,
            other=str(colleague),
        )
    return shift


def _refuse_taken(session: Session, shift: Shift, user_id: int) -> None:
    others = session.execute(
        select(Shift.starts_at, Shift.ends_at).where(
            Shift.operator_id == user_id,
            Shift.starts_at < shift.ends_at,
            Shift.ends_at > shift.starts_at,
        )
    )
    if broken := collect(
        overlap_violations(shift.starts_at, shift.ends_at, ((s, e) for s, e in others))
    ):
        raise refuse(
            broken[0].message, "colleague", **{str(k): v for k, v in broken[0].params.items()}
        )


def decide_swap(session: Session, *, shift: Shift, approved: bool, actor: Actor) -> Shift:
    """Give a shift to the colleague, or leave it where it is; both are told."""
    if not actor.may("approve", "Shift"):
        raise refuse(N_("You may not do this."))
    if shift.state is not ShiftState.SWAP_ASKED or shift.swap_to_id is None:
        raise refuse(N_("No swap of this shift is asked for."))
    giver, taker = shift.operator_id, shift.swap_to_id
    if approved:
        _refuse_taken(session, shift, taker)
        shift.swapped_from_id = shift.swapped_from_id or giver
        shift.operator_id = taker
        shift.state = ShiftState.SWAPPED
    else:
        shift.state = ShiftState.SWAPPED if shift.swapped_from_id else ShiftState.PLANNED
    shift.swap_to_id = None
    session.flush()
    message = (
        N_("The swap of the shift of %(day)s has been approved")
        if approved
        else N_("The swap of the shift of %(day)s has been refused")
    )
    for user_id in (giver, taker):
        _tell(session, user_id, shift, "swap_decided", message)
    return shift


def _tell(
    session: Session, user_id: int, shift: Shift, template: str, message: str, **params: Any
) -> None:
    outbox.notify_user(
        session,
        user_id=user_id,
        subject=turkish(message, day=shift.on.strftime("%d.%m.%Y"), **params)[:200],
        url=SHIFT_URL.format(shift.id),
        owner_type="Shift",
        owner_id=shift.id,
        template=template,
        dedupe_key=f"shift:{shift.id}:{template}:{shift.version}:{user_id}",
    )


# --- on duty ---------------------------------------------------------------------------------------------
def begin_shift(
    session: Session, *, actor: Actor, seat: str = "", now: dt.datetime | None = None
) -> Shift:
    """Begin the own shift of this hour at a seat; RuleViolation when none is planned."""
    moment = now or clock.now()
    shift = find_shift_of(session, actor.user_id, moment)
    if shift is None:
        raise refuse(N_("No shift is planned for you at this hour; ask your chief."))
    shift.signed_in_at = shift.signed_in_at or moment
    if clean(seat):
        shift.seat = clean(seat)[:20]
    session.flush()
    return shift


def write_note(
    session: Session,
    *,
    text: str,
    open_matters: str,
    application_ids: Collection[int],
    actor: Actor,
    now: dt.datetime | None = None,
) -> ShiftNote:
    """Leave a note to the next shift; only cases that the writer sees are linked."""
    moment = now or clock.now()
    shift = find_shift_of(session, actor.user_id, moment)
    kind, day = (shift.kind, shift.on) if shift is not None else find_kind_at(session, moment)
    note = ShiftNote(
        on=day,
        kind=ShiftKind(kind),
        author_id=actor.user_id,
        written_at=moment,
        text=clean(text, multiline=True),
        open_matters=clean(open_matters, multiline=True),
    )
    return store_note(session, note=note, application_ids=application_ids)


def store_note(
    session: Session, *, note: ShiftNote, application_ids: Collection[int] | None
) -> ShiftNote:
    """Store a note whose values already stand on it, with its cases; None leaves these as they are."""
    if broken := collect(note_violations({"text": note.text, "open_matters": note.open_matters})):
        raise RuleViolation(broken)
    session.add(note)
    session.flush()
    if application_ids is None:
        return note
    wanted = set(
        session.scalars(select(Application.id).where(Application.id.in_(sorted(application_ids))))
    )
    session.execute(note_cases.delete().where(note_cases.c.note_id == note.id))
    if wanted:
        session.execute(
            note_cases.insert(),
            [{"note_id": note.id, "application_id": pk} for pk in sorted(wanted)],
        )
    return note


def acknowledge_note(
    session: Session, *, note: ShiftNote, actor: Actor, now: dt.datetime | None = None
) -> bool:
    """Note that somebody has read a note; a second time changes nothing. False: it was read before."""
    if actor.user_id is None:
        raise refuse(N_("You may not do this."))
    is_postgres = session.connection().dialect.name == "postgresql"
    insert = postgresql.insert if is_postgres else sqlite.insert
    done = session.execute(
        insert(note_readings)
        .values(note_id=note.id, user_id=actor.user_id, at=now or clock.now())
        .on_conflict_do_nothing(index_elements=["note_id", "user_id"])
        .returning(note_readings.c.note_id)
    ).one_or_none()
    return done is not None
