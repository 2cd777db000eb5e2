"""The steps of a new import of calls: choose a file, say which column is which, look, begin."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from flask import abort, flash, jsonify, redirect, request, send_file
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.applications.rules.imports import BatchState
from app.core import ports
from app.core.acting import current_actor
from app.core.imports import Mapping as Columns
from app.core.imports.limits import DEFAULT_LIMITS
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import format_number
from app.core.uploads import TABLES, check_upload
from app.core.views import formats
from app.core.views.page import Crumb
from app.frontdesk.models import CallImport, CallMapping
from app.frontdesk.services import calls_batches as batches
from app.frontdesk.services import calls_fields as fields
from app.frontdesk.services.calls_rejects import write_rejects
from app.frontdesk.views.calls_columns import (
    columns_page,
    field_label,
    plan_from,
    preview_page,
    progress_of,
    steps_of,
)

CHOOSE_FILE = N_("Choose a file.")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CallWizard:
    """Mixed into CallImportView; the draft lies in the database, so a lost connection loses nothing."""

    if TYPE_CHECKING:
        # The declaration stands in BackOfficeView, which the view inherits from as well.
        def __getattr__(self, name: str) -> Any:
            """Whatever the view declares."""

    # --- 1: the file -------------------------------------------------------------------------------------
    @expose("/new", methods=["GET", "POST"])
    @has_access
    def new(self) -> Any:
        """Choose a file and the mapping it is read with."""
        errors: list[tuple[str, str, str]] = []
        chosen = request.values.get("mapping", "")
        if request.method == "POST":
            try:
                return redirect(self._take(chosen))
            except RuleViolation as refused:
                self.session.rollback()
                errors = told(refused)
        page = self.render_template(
            "frontdesk/call_import_file.html",
            title=_("Bring in calls"),
            crumbs=self._crumbs(),
            mappings=fields.list_mappings(self.session),
            chosen=chosen,
            errors=errors,
            most=format_number(DEFAULT_LIMITS.size // 1024 // 1024),
            rows=format_number(DEFAULT_LIMITS.rows),
            kinds=", ".join(sorted(TABLES)).upper(),
            list_url=self.url("list"),
            action=self.url("new"),
        )
        return page, 422 if errors else 200

    def _take(self, chosen: str) -> str:
        """Check and keep the file; the address of the next step."""
        file = request.files.get("file")
        if file is None or not file.filename:
            raise RuleViolation(Violation("file", CHOOSE_FILE))
        mapping = None
        if chosen.isdigit() and len(chosen) < 10:
            mapping = self.session.get(CallMapping, int(chosen))
        upload = check_upload(
            file.filename, file.stream, allowed=TABLES, max_size=DEFAULT_LIMITS.size
        )
        batch = batches.create_batch(
            self.session, upload=upload, mapping=mapping, actor=current_actor()
        )
        step = "preview"
        if mapping is None:
            path, info = batches.file_of(self.session, batch)
            plan = fields.propose_plan(batches.headers_of(batch), path, info)
            batches.set_plan(self.session, batch=batch, plan=plan, mapping_id=None)
            step = "columns"
        elif not fields.fits(batches.plan_of_batch(batch), batches.headers_of(batch)):
            step = "columns"
            flash(
                _(
                    "The file has other columns than the mapping “%(name)s”; set them right here.",
                    name=mapping.name,
                ),
                "warning",
            )
        self.session.commit()
        return str(self.url(step, pk=batch.id))

    # --- 2: the columns ----------------------------------------------------------------------------------
    @expose("/columns/<int:pk>", methods=["GET", "POST"])
    @has_access
    def columns(self, pk: int) -> Any:
        """Say which column fills which field, and what the words of the file mean."""
        batch = self._draft(pk)
        plan = batches.plan_of_batch(batch)
        errors: list[tuple[str, str, str]] = []
        save_as = request.form.get("save_as", "").strip()
        if request.method == "POST":
            plan = plan_from(request.form, batches.headers_of(batch), plan)
            try:
                self._keep_plan(batch, plan, save_as)
                return redirect(self.url("preview", pk=pk))
            except RuleViolation as refused:
                self.session.rollback()
                errors = told(refused)
        try:
            page = columns_page(self.session, batch, plan)
        except RuleViolation as refused:
            return self._unreadable(refused)
        drawn = self.render_template(
            "frontdesk/call_import_columns.html",
            title=batch.file_name,
            crumbs=self._crumbs(),
            page=page,
            save_as=save_as,
            errors=errors,
            steps=steps_of(batch),
            action=self.url("columns", pk=pk),
            discard_url=self.url("discard", pk=pk),
        )
        return drawn, 422 if errors else 200

    def _keep_plan(self, batch: CallImport, plan: Columns, save_as: str) -> None:
        """Freeze the plan in the draft, and keep it under a name if one was given."""
        if broken := fields.plan_violations(plan, batches.headers_of(batch)):
            raise RuleViolation(broken)
        mapping_id = None
        if save_as:
            if not current_actor().may("write", "CallMapping"):
                abort(403)
            mapping_id = fields.save_mapping(self.session, name=save_as, plan=plan).id
        elif batch.mapping is not None and Columns.from_dict(batch.mapping.document) == plan:
            mapping_id = batch.mapping_id
        batches.set_plan(self.session, batch=batch, plan=plan, mapping_id=mapping_id)
        self.session.commit()

    # --- 3: the look -------------------------------------------------------------------------------------
    @expose("/preview/<int:pk>")
    @has_access
    def preview(self, pk: int) -> Any:
        """The first rows as they will become; nothing has been written yet."""
        batch = self._draft(pk)
        if not fields.fits(batches.plan_of_batch(batch), batches.headers_of(batch)):
            return redirect(self.url("columns", pk=pk))
        try:
            page = preview_page(self.session, batch)
        except RuleViolation as refused:
            return self._unreadable(refused)
        return self.render_template(
            "frontdesk/call_import_preview.html",
            title=batch.file_name,
            crumbs=self._crumbs(),
            page=page,
            earlier=batches.is_known_file(self.session, batch),
            steps=steps_of(batch),
            start_url=self.url("start", pk=pk),
            columns_url=self.url("columns", pk=pk),
            discard_url=self.url("discard", pk=pk),
        )

    # --- 4: the work -------------------------------------------------------------------------------------
    @expose("/start/<int:pk>", methods=["POST"])
    @has_access
    def start(self, pk: int) -> Any:
        """Order the work, or have it gone on with."""
        batch = self.load(pk)
        try:
            if progress_of(self.session, batch)["state"] == BatchState.FAILED:
                batch.state = BatchState.FAILED
                self.session.flush()
            batches.start_batch(self.session, batch=batch, actor=current_actor())
            self.session.commit()
        except RuleViolation as refused:
            self.session.rollback()
            flash(_line(refused), "error")
        return redirect(self.url("show", pk=pk))

    @expose("/stop/<int:pk>", methods=["POST"])
    @has_access
    def stop(self, pk: int) -> Any:
        """Stop at the next step; what was taken over stays."""
        batch = self.load(pk)
        try:
            batches.stop_batch(self.session, batch=batch)
            self.session.commit()
        except RuleViolation as refused:
            self.session.rollback()
            flash(_line(refused), "error")
        return redirect(self.url("show", pk=pk))

    @expose("/discard/<int:pk>", methods=["POST"])
    @has_access
    def discard(self, pk: int) -> Any:
        """Throw a draft away with its file."""
        batch = self._draft(pk)
        name = batch.file_name
        batches.discard_batch(self.session, batch=batch)
        self.session.commit()
        flash(
            _("%(name)s was not brought in; the file has been thrown away.", name=name), "success"
        )
        return redirect(self.url("list"))

    @expose("/progress/<int:pk>")
    @has_access
    def progress(self, pk: int) -> Any:
        """JSON {state, progress, step, error} for the page that waits."""
        return jsonify(**progress_of(self.session, self.load(pk)))

    @expose("/rejects/<int:pk>", methods=["POST"])
    @has_access
    def rejects(self, pk: int) -> Any:
        """The refused rows as Excel, with the columns of the file; taking them is logged."""
        batch = self.load(pk)
        buffer = BytesIO()
        try:
            count = write_rejects(
                self.session,
                batch=batch,
                fp=buffer,
                translate=formats.translated,
                lang=formats.language(),
            )
        except RuleViolation as refused:
            flash(_line(refused), "error")
            return redirect(self.url("show", pk=pk))
        ports.record_access(
            self.session,
            verb="export",
            entity="CallImport",
            record_id=batch.id,
            summary=f"xlsx, {count} rows",
            changes={},
        )
        buffer.seek(0)
        name = f"{PurePath(batch.file_name).stem}-ret.xlsx"
        return send_file(buffer, mimetype=XLSX, as_attachment=True, download_name=name)

    # --- shared ------------------------------------------------------------------------------------------
    def _draft(self, pk: int) -> CallImport:
        """A draft; an import that has begun is shown instead of changed."""
        batch: CallImport = self.load(pk)
        if batch.state != BatchState.DRAFT:
            abort(redirect(self.url("show", pk=pk)))
        return batch

    def _unreadable(self, refused: RuleViolation) -> Any:
        flash(_line(refused), "error")
        return redirect(self.url("list"))

    def _crumbs(self) -> list[Crumb]:
        return [Crumb(formats.translated(self.label_plural), self.url("list"))]


def _line(refused: RuleViolation) -> str:
    return " ".join(text for _id, _label, text in told(refused))


def told(refused: RuleViolation) -> list[tuple[str, str, str]]:
    """Violations as (id of the field on the page, its label, the sentence)."""
    names = {"file": _("File"), "name": _("Name of the mapping")}
    anchors = {"name": "save_as", "file": "file"}
    rows = []
    for one in refused.violations:
        text = _(one.message) % dict(one.params) if one.params else _(one.message)
        anchor = anchors.get(one.field, f"column-{one.field}" if field_label(one.field) else "")
        rows.append((anchor, field_label(one.field) or names.get(one.field, ""), text))
    return rows
