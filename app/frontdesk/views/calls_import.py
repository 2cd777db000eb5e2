"""Lists and records of imports of calls and of the saved mappings of switches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.rules.imports import (
    BATCH_STATE_LABELS,
    BATCH_STATE_TONES,
    RUNNABLE_STATES,
    STARTABLE_STATES,
    BatchState,
)
from app.applications.services.imports import group_text
from app.core.acting import current_actor
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import format_number
from app.core.views import BackOfficeView, Choice, Dates, Flag, Interface, Words, formats
from app.core.views.base import VERBS
from app.core.views.page import Button, Cell, ShowPage
from app.frontdesk.models import CallImport, CallMapping
from app.frontdesk.services import calls_fields as fields
from app.frontdesk.views.calls_columns import field_label, progress_of, steps_of
from app.frontdesk.views.calls_wizard import CallWizard

_SHIPPED_NAME = N_("The name of a mapping that came with the program stays as it is.")


def mapping_cell(value: Any, record: Any) -> Cell:
    """The mapping by name, or that it was made for this file."""
    return Cell("text", value.name) if value is not None else Cell("empty", _("made for this file"))


class CallImportView(CallWizard, BackOfficeView):
    """Files of the switch that were brought in: how far they are and what became of their rows."""

    datamodel = Interface(CallImport)
    route_base = "/call-imports"
    class_permission_name = "CallImport"
    method_permission_name = {
        **VERBS,
        "new": "write",
        "columns": "write",
        "preview": "write",
        "start": "write",
        "stop": "write",
        "discard": "write",
        "progress": "read",
        "rejects": "export",
    }
    label = _l("Call import")
    label_plural = _l("Call imports")
    icon = "download"
    can_add = False
    can_edit = False
    show_template = "frontdesk/call_import_show.html"
    list_columns = [
        "file_name", "mapping", "state", "total_rows", "created_rows", "known_rows", "rejected_rows",
        "created_at",
    ]  # fmt: skip
    order_columns = ["file_name", "created_at"]
    base_order = ("id", "desc")
    export_columns = ["finished_at", "file_sha256"]
    show_fieldsets = [
        (
            _l("Call import"),
            {
                "fields": [
                    "file_name", "mapping", "created_at", "finished_at", "total_rows", "created_rows",
                    "known_rows", "rejected_rows",
                ]
            },
        ),
    ]  # fmt: skip
    label_columns = {
        "file_name": _l("File"),
        "mapping": _l("Column mapping"),
        "state": _l("State"),
        "total_rows": _l("Rows"),
        "created_rows": _l("Taken over"),
        "known_rows": _l("Here already"),
        "rejected_rows": _l("Refused"),
        "created_at": _l("Chosen"),
        "finished_at": _l("Ended"),
        "file_sha256": _l("Digest of the file"),
    }
    formats = {
        "state": formats.labelled(BATCH_STATE_LABELS, BATCH_STATE_TONES),
        "mapping": mapping_cell,
    }
    search = Words("q", _l("Search by file name"), columns=(CallImport.search_text,))
    filters = (
        Choice("state", _l("State"), CallImport.state, labels=BATCH_STATE_LABELS),
        Dates("made", _l("Chosen"), CallImport.created_at, instant=True),
    )
    empty_text = _l(
        "Call lists of the telephone switch are brought in here, as CSV or Excel files."
    )

    def list_buttons(self) -> list[Button]:
        """Choosing a file is the first step of a new import."""
        if self.may("write"):
            return [Button(_("Bring in calls"), self.url("new"), "upload", primary=True, key="N")]
        return []

    def row_url(self, item: CallImport) -> str:
        """A draft is gone on with where it was left, by whoever may."""
        if item.state == BatchState.DRAFT and self.may("write"):
            return str(self.url("preview", pk=item.id))
        return str(self.url("show", pk=item.id))

    def row_label(self, item: CallImport) -> str:
        """The name of the file."""
        return item.file_name

    def show_page(self, item: CallImport) -> ShowPage:
        """The record with what became of the rows, and what may be done next."""
        page: ShowPage = super().show_page(item)
        progress = progress_of(self.session, item)
        state = progress["state"]
        calls_url = url_for("CallView.list", tab="all", file=item.id)
        badge = Cell(
            "badge",
            formats.translated(BATCH_STATE_LABELS.get(state, state)),
            tone=BATCH_STATE_TONES.get(state, ""),
        )
        return replace(
            page,
            badges=[badge],
            buttons=self._buttons(item, state),
            menu=[],
            extra={
                "progress": progress,
                "is_running": state in RUNNABLE_STATES,
                "poll_url": self.url("progress", pk=item.id),
                "steps": steps_of(item),
                "step": {BatchState.DRAFT: 2, BatchState.DONE: 4}.get(BatchState(state), 3),
                "created": format_number(item.created_rows),
                "created_url": calls_url
                if item.created_rows and current_actor().may("read", "Call")
                else "",
                "known": format_number(item.known_rows),
                "refused": format_number(item.rejected_rows),
                "refused_count": item.rejected_rows,
                "reasons": [_reason(one) for one in item.reasons or []],
                "rejects": Button(
                    _("Refused rows as Excel"),
                    self.url("rejects", pk=item.id),
                    "download",
                    post=True,
                )
                if item.rejected_rows and self.may("export")
                else None,
            },
        )

    def _buttons(self, item: CallImport, state: str) -> list[Button]:
        if not self.may("write"):
            return []
        if state in RUNNABLE_STATES:
            text = _("Rows that were taken over stay; the import can be gone on with later.")
            return [
                Button(_("Stop"), self.url("stop", pk=item.id), "pause", post=True, confirm=text)
            ]
        if state in STARTABLE_STATES and state != BatchState.DRAFT:
            return [Button(_("Go on"), self.url("start", pk=item.id), "refresh", post=True)]
        return []


def _reason(one: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """(field, sentence, rows, their first numbers)."""
    rows = [str(n) for n in one.get("rows", [])]
    more = "…" if int(one["count"]) > len(rows) else ""
    return (
        field_label(str(one["field"])),
        group_text(str(one["message"]), one.get("params") or {}, formats.translated),
        format_number(int(one["count"])),
        ", ".join(rows) + more,
    )


class CallMappingView(BackOfficeView):
    """Which column of a switch’s file becomes which field, by name; made on the screen of an import."""

    datamodel = Interface(CallMapping)
    route_base = "/call-mappings"
    class_permission_name = "CallMapping"
    label = _l("Call mapping")
    label_plural = _l("Call mappings")
    can_add = False
    can_delete = True
    list_columns = ["name", "description", "is_shipped", "changed_at"]
    order_columns = ["name", "changed_at"]
    base_order = ("name", "asc")
    edit_fieldsets = [(_l("Call mapping"), {"fields": ["name", "description"]})]
    show_fieldsets = [
        (_l("Call mapping"), {"fields": ["name", "description", "is_shipped"]}),
        (_l("Columns"), {"fields": ["document"]}),
    ]
    label_columns = {
        "name": _l("Name"),
        "description": _l("What file it is for"),
        "is_shipped": _l("Came with the program"),
        "changed_at": _l("Last changed"),
        "document": _l("Fields and columns"),
    }
    description_columns = {"name": _l("By it the command line and the screen find the mapping.")}
    wide = frozenset({"description", "document"})
    formats = {"document": lambda value, record: Cell("lines", "\n".join(column_lines(value)))}
    filters = (Flag("is_shipped", _l("Came with the program"), CallMapping.is_shipped),)
    empty_text = _l("A mapping is saved under a name while a file is brought in.")
    constraints = {
        "uq_frontdesk_call_mapping_name": ("name", N_("There is a record with this value already."))
    }

    def show_buttons(self, item: CallMapping) -> list[Button]:
        """A file can be brought in with this mapping at once."""
        if not current_actor().may("write", "CallImport"):
            return []
        return [
            Button(_("Bring in calls"), url_for("CallImportView.new", mapping=item.id), "upload")
        ]

    def check(self, values: Mapping[str, Any], item: CallMapping | None) -> Iterable[Violation]:
        """The command line knows the shipped ones by their names."""
        if item is not None and item.is_shipped and values.get("name") != item.name:
            yield Violation("name", _SHIPPED_NAME)

    def delete_response(self, item: CallMapping) -> Any:
        """A shipped mapping stays; imports made with another keep their own copy."""
        name = self.row_label(item)
        try:
            fields.delete_mapping(self.session, mapping=item)
            self.session.commit()
        except RuleViolation as refused:
            self.session.rollback()
            flash(" ".join(_(v.message) % dict(v.params) for v in refused.violations), "error")
            return redirect(self.url("show", pk=item.id))
        flash(_("%(name)s has been deleted.", name=name), "success")
        return redirect(self.url("list"))


def column_lines(document: Mapping[str, Any]) -> list[str]:
    """Each field with its columns or its fixed value, in the reader's language."""
    lines = []
    for target, columns, constant in fields.used_columns(document):
        source = " + ".join(columns) or _("always “%(value)s”", value=constant or "")
        lines.append(f"{field_label(target) or target} ← {source}")
    return lines
