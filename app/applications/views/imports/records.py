"""Lists and records of imports, their refused rows and the saved column mappings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import current_app, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications.models import ImportBatch, ImportMapping, ImportRow
from app.applications.rules.imports import BATCH_STATE_LABELS, BATCH_STATE_TONES, BatchState
from app.applications.services import imports
from app.applications.views.imports.result import result_page
from app.applications.views.imports.wizard import WizardPages
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import excerpt
from app.core.views import BackOfficeView, Choice, Dates, Flag, Interface, Pick, Words, formats
from app.core.views.base import VERBS
from app.core.views.page import Button, Cell

_SHIPPED_NAME = N_("The name of a mapping that came with the program stays as it is.")


def mapping_cell(value: Any, record: Any) -> Cell:
    """The mapping by name, or that it was made for this file."""
    return Cell("text", value.name) if value is not None else Cell("empty", _("made for this file"))


class ImportView(WizardPages, BackOfficeView):
    """Files that were brought in: how far they are, what became of their rows, and new ones."""

    datamodel = Interface(ImportBatch)
    route_base = "/imports"
    class_permission_name = "ImportBatch"
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
    label = _l("Import")
    label_plural = _l("Imports")
    icon = "download"
    can_add = False
    can_edit = False
    show_template = "applications/import_show.html"
    list_columns = [
        "file_name",
        "mapping",
        "state",
        "total_rows",
        "created_rows",
        "known_rows",
        "rejected_rows",
        "created_at",
    ]
    order_columns = ["file_name", "created_at", "rejected_rows"]
    base_order = ("id", "desc")
    export_columns = ["changed_rows", "resent_rows", "finished_at", "file_sha256"]
    show_fieldsets = [
        (
            _l("Import"),
            {
                "fields": [
                    "file_name",
                    "mapping",
                    "created_at",
                    "finished_at",
                    "total_rows",
                    "created_rows",
                    "known_rows",
                    "rejected_rows",
                ]
            },
        ),
    ]
    label_columns = {
        "file_name": _l("File"),
        "mapping": _l("Column mapping"),
        "state": _l("State"),
        "total_rows": _l("Rows"),
        "created_rows": _l("Taken over"),
        "known_rows": _l("Here already"),
        "changed_rows": _l("With news"),
        "resent_rows": _l("Sent again"),
        "rejected_rows": _l("Refused"),
        "created_at": _l("Chosen"),
        "finished_at": _l("Ended"),
        "file_sha256": _l("Digest of the file"),
        "error": _l("Why it failed"),
        "document": _l("Columns as they were matched"),
        "job_id": _l("Job"),
        "mapping_id": _l("Column mapping"),
        "is_restricted": _l("Restricted (CİMER)"),
    }
    formats = {
        "state": formats.labelled(BATCH_STATE_LABELS, BATCH_STATE_TONES),
        "mapping": mapping_cell,
    }
    search = Words("q", _l("Search by file name"), columns=(ImportBatch.search_text,))
    filters = (
        Choice("state", _l("State"), ImportBatch.state, labels=BATCH_STATE_LABELS),
        Dates("made", _l("Chosen"), ImportBatch.created_at, instant=True),
    )
    empty_text = _l(
        "Lists of CİMER and of other offices are brought in here, as CSV or Excel files."
    )

    def list_buttons(self) -> list[Button]:
        """Choosing a file is the first step of a new import."""
        if self.may("write"):
            return [Button(_("Bring in a file"), self.url("new"), "upload", primary=True, key="N")]
        return []

    def row_url(self, item: ImportBatch) -> str:
        """A draft is gone on with where it was left, by whoever may."""
        if item.state == BatchState.DRAFT and self.may("write"):
            return str(self.url("preview", pk=item.id))
        return str(self.url("show", pk=item.id))

    def row_label(self, item: ImportBatch) -> str:
        """The name of the file."""
        return item.file_name

    def show_page(self, item: ImportBatch) -> Any:
        """The result, or how far the work is."""
        return result_page(self, item, super().show_page(item))


class ImportRowView(BackOfficeView):
    """Refused rows with their reasons; they are mended in the file, not here."""

    datamodel = Interface(ImportRow)
    route_base = "/import-rows"
    class_permission_name = "ImportRow"
    label = _l("Refused row")
    label_plural = _l("Refused rows")
    can_add = False
    can_edit = False
    has_history = False
    list_columns = ["batch", "row_no", "reasons"]
    link_column = "row_no"
    order_columns = ["row_no"]
    base_order = ("id", "desc")
    show_fieldsets = [(_l("Refused row"), {"fields": ["batch", "row_no", "reasons", "values"]})]
    label_columns = {
        "batch": _l("Import"),
        "row_no": _l("Row"),
        "reasons": _l("Why it was refused"),
        "values": _l("Cells"),
    }
    wide = frozenset({"reasons", "values"})
    filters = (Pick("batch", _l("Import"), ImportRow.batch_id, source="import_batch"),)

    formats = {
        "batch": lambda value, record: Cell(
            "link", value.file_name, url=url_for("ImportView.show", pk=value.id)
        ),
        "reasons": lambda value, record: Cell("lines", "\n".join(reason_lines(value))),
        "values": lambda value, record: Cell("lines", "\n".join(cell_lines(value, record.batch))),
    }

    def row_label(self, item: ImportRow) -> str:
        """File and row."""
        return str(_("%(file)s, row %(row)s", file=item.batch.file_name, row=item.row_no))


def reason_lines(reasons: Any) -> list[str]:
    """Each reason with the field it is about."""
    return [
        f"{label}: {text}" if label else text
        for label, text in imports.reason_texts(reasons or [], formats.translated)
    ]


def cell_lines(values: Mapping[str, Any], batch: ImportBatch) -> list[str]:
    """The cells as they came, personal ones masked: the file of refused rows has them whole."""
    from app.applications.views.imports.result import masked_cell

    plan = imports.plan_of_batch(batch)
    headers = imports.headers_of(batch) or list(values)
    return [
        f"{heading}: {excerpt(masked_cell(plan, heading, values[heading]), 300)}"
        for heading in headers
        if values.get(heading) not in (None, "")
    ]


class ImportMappingView(BackOfficeView):
    """Which column becomes which field, by name; made on the screen of an import."""

    datamodel = Interface(ImportMapping)
    route_base = "/import-mappings"
    class_permission_name = "ImportMapping"
    label = _l("Column mapping")
    label_plural = _l("Column mappings")
    can_add = False
    can_delete = True
    list_columns = ["name", "description", "source", "is_shipped", "changed_at"]
    order_columns = ["name", "source", "changed_at"]
    base_order = ("name", "asc")
    edit_fieldsets = [(_l("Column mapping"), {"fields": ["name", "description"]})]
    show_fieldsets = [
        (_l("Column mapping"), {"fields": ["name", "description", "source", "is_shipped"]}),
        (_l("Columns"), {"fields": ["document"]}),
    ]
    label_columns = {
        "name": _l("Name"),
        "description": _l("What file it is for"),
        "source": _l("Source"),
        "is_shipped": _l("Came with the program"),
        "changed_at": _l("Last changed"),
        "document": _l("Fields and columns"),
    }
    description_columns = {
        "name": _l("By it the command line and the screen find the mapping."),
        "source": _l("Kept on each application; with it the number at the source is unique."),
    }
    wide = frozenset({"description", "document"})
    formats = {"document": lambda value, record: Cell("lines", "\n".join(column_lines(value)))}
    filters = (Flag("is_shipped", _l("Came with the program"), ImportMapping.is_shipped),)
    empty_text = _l("A mapping is saved under a name while a file is brought in.")
    constraints = {
        "uq_applications_import_mapping_name": (
            "name",
            "There is a record with this value already.",
        )
    }

    def list_buttons(self) -> list[Button]:
        """Mappings are made with a file at hand."""
        if "ImportView.new" in current_app.view_functions and self._may_import():
            return [
                Button(
                    _("Bring in a file"), url_for("ImportView.new"), "upload", primary=True, key="N"
                )
            ]
        return []

    def show_buttons(self, item: ImportMapping) -> list[Button]:
        """A file can be brought in with this mapping at once."""
        if self._may_import():
            return [
                Button(_("Bring in a file"), url_for("ImportView.new", mapping=item.id), "upload")
            ]
        return []

    def _may_import(self) -> bool:
        from app.core.acting import current_actor

        return current_actor().may("write", "ImportBatch")

    def check(self, values: Mapping[str, Any], item: ImportMapping | None) -> Iterable[Violation]:
        """The command line knows the shipped ones by their names."""
        if item is not None and item.is_shipped and values.get("name") != item.name:
            yield Violation("name", _SHIPPED_NAME)

    def delete_response(self, item: ImportMapping) -> Any:
        """A shipped mapping stays; imports made with another keep their own copy."""
        name = self.row_label(item)
        try:
            imports.delete_mapping(self.session, mapping=item)
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
    for target, columns, constant in imports.used_columns(document):
        found = imports.field_named(target)
        label = formats.translated(str(found.label)) if found is not None else target
        source = " + ".join(columns) or _("always “%(value)s”", value=constant or "")
        lines.append(f"{label} ← {source}")
    return lines
