"""The chain of approval through the services: parafs in order, deputies, four eyes, taking back."""

from __future__ import annotations

import datetime as dt

from app.applications import services
from app.applications.models import (
    ApprovalRoute,
    ApprovalRouteStep,
)
from app.applications.rules import Outcome
from app.core.acting import Mandate
from tests.applications.office import MONDAY, day

LATER = day(17)


def route(db, *stations, **which):
    """A route with these stations, roles by name or people by key."""
    made = ApprovalRoute(
        name=f"Yol {len(stations)} {sorted(map(str, which.values()))}", position=10, **which,
        stations=[
            ApprovalRouteStep(
                position=place,
                role=station if isinstance(station, str) else "",
                user_id=None if isinstance(station, str) else station,
            )
            for place, station in enumerate(stations, start=1)
        ],
    )  # fmt: skip
    db.add(made)
    db.flush()
    return made


def waiting(db, office, *, who="desk", case=None, **values):
    """A letter of the desk officer on its way of approval."""
    case = case or office.unit_answered()
    given = {"outcome": Outcome.RESOLVED, "body": "Boru değiştirilmiştir.", **values}
    reply = services.draft_reply(db, application=case, actor=office.actor(who), now=MONDAY, **given)
    return services.submit_reply(db, reply=reply, actor=office.actor(who), now=MONDAY)


def deputy(office, who, principal):
    """`who` with the rights of `principal` handed over whole."""
    other = office.actor(principal)
    mandate = Mandate(
        other.user_id, other.name, until=dt.date(2026, 3, 31), roles=other.roles,
        grants=other.grants, unit_ids=other.unit_ids,
    )  # fmt: skip
    return office.actor(who).standing_in([mandate])


def approve(db, office, reply, who, **values):
    actor = office.actor(who) if isinstance(who, str) else who
    return services.approve_reply(db, reply=reply, actor=actor, now=LATER, **values)
