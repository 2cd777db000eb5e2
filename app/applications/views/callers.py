"""Cards of whoever joined a case: on the page of the case its people, on that of a person the cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.applications import queries, rules
from app.applications.models import Application
from app.core import clock
from app.core.acting import Actor
from app.core.identifiers import mask_name
from app.core.rooms import Card
from app.core.text import format_date
from app.core.views import formats
from app.core.views.page import Cell
from app.people.models import Citizen
from app.people.queries import is_bound_to_unit


def person_cell(citizen_id: int | None, name: str, actor: Actor) -> Cell:
    """A person as far as the actor may read the name; who reads it and sees all people may go there."""
    if citizen_id is None:
        return Cell("empty", formats.translated(_l("anonymous")))
    is_shown = f"Citizen:{citizen_id}" in actor.revealed
    if not (is_shown or actor.may("identity", "Citizen")):
        return Cell("masked", mask_name(name))
    if actor.may("read", "Citizen") and not is_bound_to_unit(actor):
        return Cell("link", name, url=url_for("CitizenView.show", pk=citizen_id))
    return Cell("text", name)


def _of_case(session: Any, item: Application, actor: Actor) -> tuple[str, dict[str, Any]] | None:
    """Who joined the case; no card where nobody did."""
    callers = queries.list_callers(session, item)
    if not callers:
        return None
    return "applications/card_callers.html", {
        "lines": [
            {
                "name": person_cell(caller.citizen_id, caller.name, actor),
                "day": _day(caller.at),
                "on_behalf_of": caller.on_behalf_of,
            }
            for caller in callers
        ]
    }


def _day(at: dt.datetime) -> str:
    return format_date(clock.to_local(at).date(), lang=formats.language())


def _sees_people(item: Application, actor: Actor) -> bool:
    return not item.identity_hidden and (
        actor.may("read", "Citizen") or actor.may("lookup", "Citizen")
    )


def _of_person(session: Any, item: Citizen, actor: Actor) -> tuple[str, dict[str, Any]] | None:
    """Applications of the person; no card where there is none."""
    cases = queries.list_cases_and_joined(session, item.id)
    if not cases:
        return None
    told = formats.labelled(rules.STATE_LABELS, rules.STATE_TONES)
    return "applications/card_cases.html", {
        "lines": [
            {
                "number": case.number,
                "url": url_for("ApplicationView.show", pk=case.id),
                "subject": case.subject,
                "received": format_date(case.received_on, lang=formats.language()),
                "state": told(case.state, case),
                "joined": joined,
            }
            for case, joined in cases
        ],
        "all_url": url_for("ApplicationView.list", tab="all", citizen=item.id),
    }


#: Beside the applicant of a case.
CALLER_CARDS = (
    Card(
        "callers",
        _l("Others who applied about this matter"),
        _of_case,
        shown=_sees_people,
        beside=True,
    ),
)
#: On the page of a person.
PERSON_CARDS = (
    Card(
        "cases",
        _l("Applications"),
        _of_person,
        shown=lambda item, actor: actor.may("read", "Application"),
    ),
)
