"""The audit trail as a list and a page; nothing of it can be changed."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.rooms import rooms
from app.core.views import BackOfficeView, Choice, Dates, Interface, formats
from app.core.views.beside import told
from app.core.views.entities import Entity, Exact, Records, record_format, view_of
from app.core.views.page import Cell
from app.system.models import AuditEvent
from app.system.rules import AUDIT_VERB_LABELS, AuditVerb

VERB_TONES = {
    AuditVerb.DELETE: "bad",
    AuditVerb.REVEAL: "warn",
    AuditVerb.EXPORT: "warn",
    AuditVerb.LOGIN_FAILED: "bad",
    AuditVerb.INSERT: "ok",
}


#: What is noted of a view of restricted records and of an export.
_SEEN = {
    "page": _l("Screen"),
    "records": _l("Keys"),
    "n": _l("How many"),
    "filters": _l("Filters"),
    "columns": _l("Columns"),
    "restricted": _l("Restricted records"),
}


def changes_cell(value: Any, event: Any) -> Cell:
    """What changed, a line for each field: label: before → after."""
    view = view_of(event.entity)
    lines = []
    for name, pair in (value or {}).items():
        if event.verb in {AuditVerb.VIEW, AuditVerb.EXPORT} and name in _SEEN:
            lines.append(f"{_SEEN[name]}: {_seen(view, name, pair)}")
            continue
        label = name if view is None else view.label_of_field(name) or view.label_of(name)
        if isinstance(pair, list) and len(pair) == 2:
            words = pair if view is None else [view.word_of_value(name, part) for part in pair]
            before, after = map(told, words)
            lines.append(f"{label}: {before} → {after}")
        elif isinstance(pair, list):
            lines.append(f"{label}: {', '.join(map(str, pair))}")
        else:
            lines.append(f"{label}: {pair}")
    return Cell("lines", "\n".join(lines)) if lines else formats.EMPTY


def _seen(view: Any, name: str, value: Any) -> str:
    """What was seen: a screen and columns by what they are called, records by their keys."""
    if name == "page":
        return screen_label(str(value))
    if not isinstance(value, list):
        return str(value)
    is_named = name == "columns" and view is not None
    return ", ".join(view.label_of(str(one)) if is_named else str(one) for one in value) or "–"


def screen_label(endpoint: str) -> str:
    """What people call the screen of an endpoint: as the menu says, else by what it shows."""
    name, _dot, method = endpoint.partition(".")
    pages = [page for room in rooms() for page in room.pages if page.view.__name__ == name]
    views = current_app.extensions["appbuilder"].baseviews
    view = next((one for one in views if type(one).__name__ == name), None)
    shown = view_of(getattr(view, "class_permission_name", ""))
    labels = [
        *(page.label for page in pages if page.method == method),
        *(getattr(one, key, "") for one in (view, shown) for key in ("label_plural", "label")),
        *(page.label for page in pages),
    ]
    return next((formats.translated(label) for label in labels if label), _("Another screen"))


def summary_cell(value: Any, event: Any) -> Cell:
    """The reason or note; that a record was restricted is said by the verb already."""
    return formats.EMPTY if event.verb is AuditVerb.VIEW else formats.plain(value)


def actor_cell(value: Any, event: Any) -> Cell:
    """Who it was; the program itself has no number."""
    if not value or value == "system":
        return Cell("text", _("System") if event.actor_id is None and value == "system" else "–")
    return Cell("text", value)


class AuditEventView(BackOfficeView):
    """Who did what, when and from where."""

    datamodel = Interface(AuditEvent)
    route_base = "/audit"
    class_permission_name = "AuditEvent"
    label = _l("Audit entry")
    label_plural = _l("Audit trail")
    icon = "shield"
    can_add = False
    can_edit = False
    has_history = False
    link_column = "at"
    list_columns = ["at", "actor_name", "verb", "entity", "changes", "summary"]
    order_columns = ["at"]
    base_order = ("id", "desc")
    export_columns = ["address", "record_id", "request_id", "seal_no"]
    show_fieldsets = [
        (
            _l("What was done"),
            {"fields": ["at", "actor_name", "verb", "entity", "summary", "changes"]},
        ),
        (_l("From where"), {"fields": ["address", "request_id"]}),
        (_l("Seal"), {"fields": ["seal_no", "hash", "previous_hash"]}),
    ]
    label_columns = {
        "at": _l("When"),
        "actor_name": _l("Who"),
        "verb": _l("What"),
        "entity": _l("Record"),
        "record_id": _l("Key"),
        "changes": _l("Changes"),
        "summary": _l("Reason or note"),
        "address": _l("Network address"),
        "request_id": _l("Request"),
        "seal_no": _l("Place in the chain"),
        "hash": _l("Seal"),
        "previous_hash": _l("Seal before"),
    }
    description_columns = {
        "request_id": _l("The same number stands in the log."),
        "hash": _l("Covers this row and the seal before it; empty until the next sealing."),
    }
    codes = {"verb": AUDIT_VERB_LABELS}
    formats = {
        "verb": formats.labelled(AUDIT_VERB_LABELS, VERB_TONES),
        "entity": record_format("entity", "record_id"),
        "changes": changes_cell,
        "summary": summary_cell,
        "actor_name": actor_cell,
    }
    wide = frozenset({"changes", "summary", "hash", "previous_hash"})
    search = Records(
        "q",
        _l("Search by who did it or the name of the record"),
        AuditEvent.entity,
        AuditEvent.record_id,
        AuditEvent.actor_id,
    )
    filters = (
        Choice("verb", _l("What"), AuditEvent.verb, labels=AUDIT_VERB_LABELS),
        Entity("entity", _l("Record"), AuditEvent.entity),
        Exact("record", _l("Key"), AuditEvent.record_id, whole=True),
        Exact("actor", _l("Who"), AuditEvent.actor_name),
        Dates("at", _l("When"), AuditEvent.at, instant=True),
    )
    intro = _l(
        "Every change, view of a restricted record, export and reveal. Rows are sealed in a chain, "
        "so that a row that was touched afterwards is found."
    )

    def row_label(self, item: Any) -> str:
        """What was done to what."""
        return (
            f"{formats.translated(AUDIT_VERB_LABELS[item.verb])} · {self.cell(item, 'entity').text}"
        )
