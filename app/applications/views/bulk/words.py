"""How bulk acts and the reasons of their rows are told; what a row keeps are msgids with their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.applications import rules
from app.applications.models import BulkRun
from app.applications.rules import BulkAct
from app.core.text import format_date, parse_tr_date
from app.core.views import formats
from app.core.views.page import Cell

ICONS: Mapping[BulkAct, str] = {
    BulkAct.ASSIGN: "send",
    BulkAct.REMIND: "alert",
    BulkAct.CLOSE: "check",
    BulkAct.NOTE: "edit",
    BulkAct.PRIORITY: "flag",
    BulkAct.OFFICER: "user",
    BulkAct.MERGE: "merge",
}


def act_label(act: BulkAct) -> str:
    """The words of an act in the reader's language."""
    return formats.translated(rules.BULK_ACT_LABELS[act])


def reason_text(reasons: Sequence[Mapping[str, Any]] | None) -> str:
    """Why something was refused, in the reader's language."""
    return " ".join(_sentence(reason) for reason in reasons or ())


def _sentence(reason: Mapping[str, Any]) -> str:
    # A state or a step among the values is a msgid as well.
    params = {
        name: formats.translated(str(value)) if value else ""
        for name, value in (reason.get("params") or {}).items()
    }
    text = formats.translated(str(reason.get("message", "")))
    return text % params if params else text


def reason_cell(value: Any, record: Any) -> Cell:
    """The reasons of a row."""
    text = reason_text(value)
    return Cell("long", text, title=text) if text else formats.EMPTY


def argument_lines(session: Any, run: BulkRun) -> list[tuple[str, str]]:
    """What the act was given: (label, value) pairs in words."""
    from app.applications.views.bulk.forms import FIELDS
    from app.core.rooms import lookup_source

    lines = []
    for name in rules.ARGUMENTS_OF_ACT[run.act]:
        value = (run.arguments or {}).get(name)
        if value in (None, ""):
            continue
        label = formats.translated(FIELDS[name].label)
        source = lookup_source(FIELDS[name].source) if FIELDS[name].source else None
        if source is not None:
            record = session.get(source.model, value)
            text = source.label(record) if record is not None else str(value)
        elif name == "priority":
            text = formats.translated(rules.PRIORITY_LABELS[rules.Priority(value)])
        elif name == "due_on":
            text = format_date(parse_tr_date(str(value)), lang=formats.language())
        else:
            text = str(value)
        lines.append((label, text))
    return lines
