"""How field visits are told: cells of lists, steps that are open, pictures, the card of a case."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.models import Application, FieldVisit
from app.applications.queries import field as queries
from app.applications.rules import field as rules
from app.applications.rules.field import FieldNextStep, FieldState
from app.core.acting import Actor
from app.core.rooms import Card
from app.core.text import format_date, format_number, format_time
from app.core.views import formats
from app.core.views.page import Cell
from app.system.models import Attachment

PHOTO_LABELS = {"before": _l("Before"), "after": _l("After")}


def case_cell(value: Any, record: FieldVisit) -> Cell:
    """Number and subject of the case."""
    case = record.application
    url = url_for("ApplicationView.show", pk=case.id)
    return Cell("link", case.number, url=url, sub=case.subject)


def place_cell(value: Any, record: FieldVisit) -> Cell:
    """Where the case is: neighbourhood, street, door; nothing of the applicant."""
    text = place_text(record.application)
    return Cell("text", text) if text else formats.EMPTY


def place_text(case: Application) -> str:
    """District, neighbourhood, street and directions of a case."""
    parts = (case.district, case.neighbourhood, case.street, case.place_note)
    return ", ".join(str(part) for part in parts if part)


def found_cell(value: Any, record: FieldVisit) -> Cell:
    """Found, not found, or not looked at yet."""
    if value is None:
        return formats.EMPTY
    return (
        Cell("badge", _("Found"), tone="ok")
        if value
        else Cell("badge", _("Not found"), tone="warn")
    )


def distance_cell(value: Any, record: FieldVisit) -> Cell:
    """How far from the reported place the team stood; far is told."""
    if value is None:
        return formats.EMPTY
    text = _("%(n)s m", n=format_number(value, lang=formats.language()))
    far = value > rules.FAR_METRES
    return Cell(
        "badge",
        text,
        tone="warn" if far else "",
        title=_("far from the reported place") if far else "",
    )


def point_cell(value: Any, record: FieldVisit) -> Cell:
    """The coordinates at which the team stood."""
    if record.latitude is None or record.longitude is None:
        return formats.EMPTY
    return Cell("code", f"{record.latitude:.5f}, {record.longitude:.5f}")


def step_buttons(item: FieldVisit) -> list[tuple[str, str, str, bool]]:
    """(action, words, icon, is the usual next one) of the one-press steps open to a visit."""
    if item.state in rules.LIVE_VISITS and item.arrived_at is None:
        return [("arrive", _("Arrived"), "pin", True)]
    if item.state in rules.LIVE_VISITS:
        return [
            ("found", _("Found here"), "check", True),
            ("not_found", _("Not found here"), "close", False),
        ]
    return []


def may_report(item: FieldVisit) -> bool:
    """Whether the finding still has to be carried into the case."""
    follows = item.next_step in {FieldNextStep.UNIT_ANSWER, FieldNextStep.NOTE}
    return item.state is FieldState.DONE and item.reported_at is None and follows


def map_url(case: Application) -> str:
    """An address that the phone's own map opens; empty without coordinates."""
    if case.latitude is None or case.longitude is None:
        return ""
    return f"geo:{case.latitude:.6f},{case.longitude:.6f}"


def photo_context(photo: Attachment) -> dict[str, Any]:
    """A picture as the pages draw it."""
    return {
        "url": url_for("AttachmentView.fetch", pk=photo.id) if str(photo.scan) == "clean" else "",
        "name": photo.name,
        "kind": str(PHOTO_LABELS.get(photo.kind, "")),
        "at": format_time(photo.created_at, lang=formats.language()),
    }


# --- the card on the page of a case -----------------------------------------------------------------------
def field_card(session: Any, item: Application, actor: Actor) -> tuple[str, dict[str, Any]]:
    """Visits to the place of a case, with the way to plan another one."""
    rows = queries.list_of_application(session, item.id)
    may_plan = actor.may("write", "FieldVisit") and item.state in queries.LOOKED_AT
    lang = formats.language()
    return "applications/card_field.html", {
        "visits": [
            {
                "day": format_date(visit.planned_on, lang=lang),
                "officer": str(visit.officer),
                "team": visit.team,
                "state": formats.labelled(rules.FIELD_STATE_LABELS, rules.FIELD_STATE_TONES)(
                    visit.state, visit
                ),
                "found": found_cell(visit.was_found, visit)
                if visit.was_found is not None
                else None,
                "findings": visit.findings,
                "measures": visit.measures,
                "url": url_for("FieldVisitView.show", pk=visit.id),
            }
            for visit in rows
        ],
        "add_url": url_for("FieldVisitView.add", application=item.id)
        if may_plan and not any(visit.state in rules.LIVE_VISITS for visit in rows)
        else "",
    }


FIELD_CARD = Card(
    "field",
    _l("Field visits"),
    field_card,
    shown=lambda item, actor: actor.may("read", "FieldVisit"),
)
