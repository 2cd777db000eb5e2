"""How calls are written on screens: lengths of time, numbers as far as they may be read, results."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core.acting import current_actor
from app.core.identifiers import format_phone, mask_name, mask_phone
from app.core.text import format_number
from app.core.views import formats
from app.core.views.page import Cell
from app.frontdesk.models import Call
from app.frontdesk.rules.calls import (
    PHASE_LABELS,
    PHASE_TONES,
    RESULT_LABELS,
    RESULT_TONES,
    CallPhase,
)
from app.people.models import Citizen


def seconds_text(value: float | None) -> str:
    """72 as “1 min 12 s”, in the reader's language; a dash for nothing."""
    if value is None:
        return "–"
    minutes, seconds = divmod(round(value), 60)
    lang = formats.language()
    if minutes == 0:
        return str(_("%(s)s s", s=seconds))
    return str(_("%(m)s min %(s)s s", m=format_number(minutes, lang=lang), s=seconds))


def seconds_cell(value: Any, record: Any = None) -> Cell:
    """A length of time; exports get the plain seconds."""
    return Cell("number", seconds_text(value), value=value) if value is not None else formats.EMPTY


def is_shown(call: Call) -> bool:
    """Whether the actor has revealed the number of this call a moment ago."""
    actor = current_actor()
    return actor.is_system or f"Call:{call.id}" in actor.revealed


def number_text(call: Call) -> str:
    """The number as far as it may be read."""
    if not call.number:
        return str(_("Number withheld"))
    return format_phone(call.number) if is_shown(call) else mask_phone(call.number)


def number_cell(value: Any, record: Call) -> Cell:
    """The number, masked until revealed; withheld ones say so."""
    if not record.number:
        return Cell("text", number_text(record))
    if is_shown(record):
        return Cell("phone", number_text(record), value=record.number)
    return Cell("masked", number_text(record))


def name_of(citizen: Citizen) -> str:
    """The name for those who may read names, else its first letters."""
    actor = current_actor()
    if actor.may("identity", "Citizen") or f"Citizen:{citizen.id}" in actor.revealed:
        return citizen.full_name
    return mask_name(citizen.full_name)


def caller_cell(value: Any, record: Call) -> Cell:
    """Who it was, with a link for whoever may open the person."""
    if record.citizen is None:
        return formats.EMPTY
    if current_actor().may("read", "Citizen"):
        url = url_for("CitizenView.show", pk=record.citizen_id)
        return Cell("link", name_of(record.citizen), url=url)
    return Cell("text", name_of(record.citizen))


def result_cell(value: Any, record: Call) -> Cell:
    """What came of a call, or where it is now."""
    if record.result is not None:
        tone = RESULT_TONES[record.result]
        return Cell("badge", formats.translated(RESULT_LABELS[record.result]), tone=tone)
    if record.phase is CallPhase.CLOSED:
        return Cell("badge", str(_("Result not entered")), tone="warn")
    tone = PHASE_TONES[record.phase]
    return Cell("badge", formats.translated(PHASE_LABELS[record.phase]), tone=tone)


def case_cell(value: Any, record: Call) -> Cell:
    """The case it was about, as a link."""
    case = record.application
    if case is None:
        return formats.EMPTY
    return Cell(
        "link", case.number, url=url_for("ApplicationView.show", pk=case.id), title=case.subject
    )


def clock_text(moment: dt.datetime | None) -> str:
    """08.31, on the Istanbul clock."""
    return moment.strftime("%H.%M") if moment is not None else ""
