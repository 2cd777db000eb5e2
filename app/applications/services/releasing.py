"""A main case that ends without an answer for the others: they go on without it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.applications.models import Application, ApplicationEvent
from app.applications.services.groups import callers_of, list_group, note_join, tell_callers
from app.applications.services.merging import point, take_out
from app.applications.services.moves import record_step, refuse
from app.applications.services.notices import people_of_office, tell_staff
from app.applications.services.wording import turkish
from app.core.acting import Actor
from app.core.rules import N_

_RELEASED = N_("The main case %(number)s has ended without an answer for the others.")


def release_group(
    session: Session,
    main: Application,
    *,
    actor: Actor,
    now: dt.datetime,
    step: ApplicationEvent,
) -> Application | None:
    """Let a group go on without its main case, whose own applicant has given up or could not be helped.

    The oldest waiting case is taken out and leads the others, and whoever called about the matter;
    returned is that case. Without one the callers are told that the matter was closed.
    """
    group = [case for case in list_group(session, main.id) if case.answered_at is None]
    if not group:
        tell_callers(session, main, list_group(session, main.id), "matter_closed", step=step)
        return None
    first, *others = group
    reason = turkish(_RELEASED, number=main.number)
    take_out(session, first, reason=reason, actor=actor, now=now, implied=True)
    for case in others:
        if case.master_id != first.id:
            point(session, case, first, actor, now)
    made = record_step(session, first, "made_main", actor=actor, now=now)
    for citizen_id, details in sorted(callers_of(session, [main.id]).items()):
        if citizen_id != main.citizen_id:
            note_join(
                session, first, citizen_id=citizen_id, actor=actor, now=now,
                on_behalf_of=details.get("on_behalf_of", ""),
            )  # fmt: skip
    tell_staff(session, first, "made_main", step=made, users=people_of_office(session, first))
    return first


def refuse_own_refusal(session: Session, main: Application, actor: Actor) -> None:
    """Who registered a case may not refuse it, also not as one of a group. Source: domain facts 9."""
    for case in list_group(session, main.id):
        if case.registered_by_id is not None and case.registered_by_id == actor.user_id:
            raise refuse(
                N_(
                    "You registered %(number)s, which is merged with this case; somebody else must refuse it."
                ),
                number=case.number,
            )
