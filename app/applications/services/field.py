"""Writes of field visits on the spot: going, what was found, pictures, carrying it into the case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.applications.models import FieldVisit
from app.applications.queries import field as queries
from app.applications.rules import Outcome
from app.applications.rules import field as rules
from app.applications.rules.field import FieldAction, FieldNextStep, FieldState
from app.applications.services.editing import add_note
from app.applications.services.moves import flush, record_step, refuse
from app.applications.services.unit_work import answer_by_unit
from app.applications.services.wording import turkish
from app.core import clock
from app.core.acting import Actor
from app.core.rules import N_, RuleViolation, collect
from app.core.text import clean, format_date, format_time
from app.core.uploads import CheckedUpload
from app.system.models import Attachment
from app.system.services import attachments

#: Pictures of one visit at most.
MOST_PHOTOS = 12
#: Steps that the timeline of the case tells, by what was done.
_TOLD = {
    FieldAction.FOUND: "field_found",
    FieldAction.NOT_FOUND: "field_not_found",
    FieldAction.POSTPONE: "field_postpone",
    FieldAction.FINISH: "field_finish",
}


def check_write(actor: Actor) -> None:
    """Require the right to plan and make visits, or raise RuleViolation."""
    if not actor.may("write", "FieldVisit"):
        raise refuse(N_("You may not do this step."))


# --- on the spot ---------------------------------------------------------------------------------------
def take_step(
    session: Session,
    *,
    visit: FieldVisit,
    action: FieldAction,
    actor: Actor,
    now: dt.datetime,
    latitude: float | None = None,
    longitude: float | None = None,
    reason: str = "",
    values: Mapping[str, Any] | None = None,
) -> FieldVisit:
    """Take one step of a visit: set out, arrive, found, not found, postpone, finish.

    The place where the team stands is kept with its distance to the reported place. Pressing the
    same button twice changes nothing. Raises RuleViolation with what is missing.
    """
    check_write(actor)
    if _is_repeated(visit, action):
        return visit
    state = rules.field_state_after(visit.state, action)
    point = {"latitude": latitude, "longitude": longitude}
    if broken := collect(rules.point_violations(point)):
        raise RuleViolation(broken)
    if action is FieldAction.POSTPONE and not reason.strip():
        raise refuse(N_("Write why the visit is postponed."), "reason")
    if action is FieldAction.FINISH:
        _finish(session, visit, values or {}, now)
    visit.state = state
    visit.started_at = visit.started_at or (now if action is not FieldAction.POSTPONE else None)
    if action in {FieldAction.ARRIVE, FieldAction.FOUND, FieldAction.NOT_FOUND}:
        visit.arrived_at = visit.arrived_at or now
    if action in {FieldAction.FOUND, FieldAction.NOT_FOUND}:
        visit.was_found = action is FieldAction.FOUND
    if action is FieldAction.POSTPONE:
        visit.postpone_reason = clean(reason)[:300]
    if latitude is not None and longitude is not None:
        visit.latitude, visit.longitude = latitude, longitude
        case = visit.application
        visit.distance_m = rules.metres_between(
            (latitude, longitude), (case.latitude, case.longitude)
        )
    flush(session)
    if action in _TOLD:
        _tell_timeline(session, visit, action, actor, now)
    return visit


def _is_repeated(visit: FieldVisit, action: FieldAction) -> bool:
    done = {
        FieldAction.LEAVE: visit.state is FieldState.ON_THE_WAY,
        FieldAction.ARRIVE: visit.state is FieldState.ON_THE_WAY and visit.arrived_at is not None,
        FieldAction.FOUND: visit.state is FieldState.FOUND,
        FieldAction.NOT_FOUND: visit.state is FieldState.NOT_FOUND,
        FieldAction.POSTPONE: visit.state is FieldState.POSTPONED,
        FieldAction.FINISH: visit.state is FieldState.DONE,
    }
    return done[action]


def _finish(
    session: Session, visit: FieldVisit, values: Mapping[str, Any], now: dt.datetime
) -> None:
    given: dict[str, Any] = {
        "findings": clean(str(values.get("findings") or visit.findings), multiline=True),
        "measures": clean(str(values.get("measures") or visit.measures), multiline=True),
        "next_step": values.get("next_step"),
        "was_found": visit.was_found,
    }
    photos = queries.count_photos(session, visit.id)
    if broken := collect(rules.finish_violations(given, photos=photos)):
        raise RuleViolation(broken)
    visit.findings, visit.measures = given["findings"], given["measures"]
    visit.next_step = FieldNextStep(given["next_step"])
    visit.citizen_confirmed = values.get("citizen_confirmed")
    visit.left_at = max(now, visit.arrived_at or now)


def _tell_timeline(
    session: Session, visit: FieldVisit, action: FieldAction, actor: Actor, now: dt.datetime
) -> None:
    notes = {
        FieldAction.POSTPONE: visit.postpone_reason,
        FieldAction.FINISH: "\n".join(t for t in (visit.findings, visit.measures) if t),
    }
    record_step(
        session,
        visit.application,
        _TOLD[action],
        actor=actor,
        now=now,
        note=notes.get(action, ""),
        details={"field_visit_id": visit.id, "distance_m": visit.distance_m},
        unit_id=visit.unit_id,
    )


def add_photo(
    session: Session, *, visit: FieldVisit, upload: CheckedUpload, kind: str, actor: Actor
) -> Attachment:
    """Keep a picture of the place, taken before or after the work; it has been drawn anew already.

    Raises RuleViolation for anything but a picture and beyond the most that one visit may have.
    """
    check_write(actor)
    if not upload.mime.startswith("image/"):
        raise refuse(N_("Only pictures are kept here."), "photos")
    if queries.count_photos(session, visit.id) >= MOST_PHOTOS:
        raise refuse(N_("A visit has at most %(most)s pictures."), "photos", most=MOST_PHOTOS)
    return attachments.store(
        session,
        owner_type="FieldVisit",
        owner_id=visit.id,
        upload=upload,
        kind="after" if kind == "after" else "before",
    )


# --- back in the case ------------------------------------------------------------------------------------
def proposed_answer(visit: FieldVisit) -> tuple[str, Outcome]:
    """The text and the result that a finding proposes; whoever answers may change both."""
    when = visit.arrived_at or visit.left_at
    day = format_date(clock.to_local(when).date() if when else visit.planned_on)
    time = format_time(clock.to_local(when)) if when else ""
    head = turkish(N_("The place was visited on %(day)s at %(time)s."), day=day, time=time)
    if visit.was_found is False:
        head += " " + turkish(N_("What was reported was not found there."))
    text = "\n".join(part for part in (head, visit.findings, visit.measures) if part)
    if visit.was_found is False:
        return text, Outcome.UNFOUNDED
    return text, Outcome.RESOLVED if visit.measures else Outcome.INFORMED


def report_finding(
    session: Session,
    *,
    visit: FieldVisit,
    text: str,
    actor: Actor,
    now: dt.datetime,
    outcome: Outcome | None = None,
) -> FieldVisit:
    """Carry a finding into its case, once: as the unit's answer, or as a note to the unit at work.

    Raises RuleViolation when the visit is not completed, was carried over already, or the actor's
    unit has no open assignment for an answer.
    """
    check_write(actor)
    if visit.state is not FieldState.DONE:
        raise refuse(N_("First complete the visit."))
    if visit.reported_at is not None:
        raise refuse(N_("This finding stands in the case already."))
    if visit.next_step is FieldNextStep.UNIT_ANSWER:
        answer_by_unit(
            session, application=visit.application, answer_text=text, outcome=outcome,
            actor=actor, now=now,
        )  # fmt: skip
    else:
        add_note(session, application=visit.application, text=text, actor=actor, now=now)
    visit.reported_at = now
    flush(session)
    return visit


__all__ = [
    "MOST_PHOTOS",
    "add_photo",
    "check_write",
    "proposed_answer",
    "report_finding",
    "take_step",
]
