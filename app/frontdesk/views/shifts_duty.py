"""The card of the own shift: beginning it, and what the shift before left."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core.acting import Actor
from app.core.text import format_date
from app.core.views import formats
from app.frontdesk.queries import shifts
from app.frontdesk.rules.shifts import SHIFT_KIND_LABELS, written_span
from app.frontdesk.views.calls_cells import clock_text


def duty_of(session: Any, actor: Actor, now: dt.datetime) -> dict[str, Any]:
    """The shift of this hour with its seat, and notes that wait to be acknowledged: three statements."""
    lang = formats.language()
    shift = shifts.find_shift_of(session, actor.user_id, now)
    notes = []
    if actor.may("read", "ShiftNote"):
        notes = shifts.list_unread_notes(session, actor.user_id, now)
    cases = shifts.list_note_cases(session, [note.id for note in notes])
    return {
        "shift": None
        if shift is None
        else {
            "label": formats.translated(SHIFT_KIND_LABELS[shift.kind]),
            "span": written_span(shift.starts_at, shift.ends_at),
            "day": format_date(shift.on, lang=lang),
            "seat": shift.seat,
            "begun": clock_text(shift.signed_in_at),
        },
        "begin_url": url_for("ShiftView.begin"),
        "note_url": url_for("ShiftNoteView.add") if actor.may("write", "ShiftNote") else "",
        "notes": [
            {
                "pk": note.id,
                "who": _(
                    "%(name)s, %(shift)s of %(day)s",
                    name=str(note.author or "–"),
                    shift=formats.translated(SHIFT_KIND_LABELS[note.kind]),
                    day=format_date(note.on, lang=lang),
                ),
                "at": clock_text(note.written_at),
                "text": note.text,
                "open": note.open_matters,
                "cases": [
                    (case.number, case.subject, url_for("ApplicationView.show", pk=case.id))
                    for case in cases.get(note.id, [])
                ],
                "url": url_for("ShiftNoteView.acknowledge", pk=note.id),
            }
            for note in notes
        ],
    }
