"""The steps of a new import: choose a file, say which column is which, look, begin."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import PurePath
from typing import Any

from flask import abort, flash, jsonify, redirect, request, send_file
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.applications.models import ImportBatch, ImportMapping
from app.applications.queries.imports import list_mappings
from app.applications.rules.imports import BatchState, source_name_violations
from app.applications.services import imports
from app.applications.views.imports.columns import columns_page, plan_from
from app.applications.views.imports.preview import field_label, preview_page
from app.applications.views.imports.result import progress_of, steps_of, view_may_export
from app.core import ports
from app.core.acting import current_actor
from app.core.imports.limits import DEFAULT_LIMITS
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import fold, format_number
from app.core.uploads import TABLES, check_upload
from app.core.views import formats
from app.core.views.page import Crumb

CHOOSE_FILE = N_("Choose a file.")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WizardPages:
    """Mixed into ImportView; the draft lies in the database, so a lost connection loses nothing."""

    # --- 1: the file -------------------------------------------------------------------------------
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
                self.session.rollback()  # type: ignore[attr-defined]
                errors = _told(refused)
        page = self.render_template(  # type: ignore[attr-defined]
            "applications/import_file.html",
            title=_("Bring in a file"),
            crumbs=self._crumbs(),
            mappings=list_mappings(self.session),  # type: ignore[attr-defined]
            chosen=chosen,
            errors=errors,
            most=format_number(DEFAULT_LIMITS.size // 1024 // 1024),
            rows=format_number(DEFAULT_LIMITS.rows),
            kinds=", ".join(sorted(TABLES)).upper(),
        )
        return page, 422 if errors else 200

    def _take(self, chosen: str) -> str:
        """Check and keep the file; the address of the next step."""
        session: Any = self.session  # type: ignore[attr-defined]
        file = request.files.get("file")
        if file is None or not file.filename:
            raise RuleViolation(Violation("file", CHOOSE_FILE))
        mapping = None
        if chosen.isdigit() and len(chosen) < 10:
            mapping = session.get(ImportMapping, int(chosen))
        upload = check_upload(
            file.filename, file.stream, allowed=TABLES, max_size=DEFAULT_LIMITS.size
        )
        batch = imports.create_batch(session, upload=upload, mapping=mapping, actor=current_actor())
        if mapping is None:
            look = imports.look_into(session, batch)
            source = fold(PurePath(batch.file_name).stem).replace(" ", "-")[:40]
            plan = imports.propose_plan(session, look, source=source)
            imports.set_plan(session, batch=batch, plan=plan, mapping_id=None)
            step = "columns"
        else:
            step = (
                "preview"
                if imports.fits(imports.plan_of_batch(batch), imports.headers_of(batch))
                else "columns"
            )
            if step == "columns":
                flash(
                    _(
                        "The file has other columns than the mapping “%(name)s”; set them right here.",
                        name=mapping.name,
                    ),
                    "warning",
                )
        session.commit()
        return str(self.url(step, pk=batch.id))  # type: ignore[attr-defined]

    # --- 2: the columns ----------------------------------------------------------------------------
    @expose("/columns/<int:pk>", methods=["GET", "POST"])
    @has_access
    def columns(self, pk: int) -> Any:
        """Say which column becomes which field; checked as often as wished."""
        batch = self._draft(pk)
        session: Any = self.session  # type: ignore[attr-defined]
        plan = imports.plan_of_batch(batch)
        errors: list[tuple[str, str, str]] = []
        save_as = request.form.get("save_as", "").strip()
        if request.method == "POST":
            plan = plan_from(request.form, imports.headers_of(batch), plan)
            if request.form.get("go") != "check":
                try:
                    self._keep_plan(batch, plan, save_as)
                    return redirect(self.url("preview", pk=pk))  # type: ignore[attr-defined]
                except RuleViolation as refused:
                    session.rollback()
                    errors = _told(refused)
        try:
            look = imports.look_into(session, batch)
        except RuleViolation as refused:
            return self._unreadable(refused)
        page = columns_page(session, look, plan, save_as=save_as, errors=errors)
        drawn = self.render_template(  # type: ignore[attr-defined]
            "applications/import_columns.html",
            title=batch.file_name,
            crumbs=self._crumbs(),
            page=page,
            batch=batch,
            steps=steps_of(batch),
            discard_url=self.url("discard", pk=pk),  # type: ignore[attr-defined]
        )
        return drawn, 422 if errors else 200

    def _keep_plan(self, batch: ImportBatch, plan: imports.Plan, save_as: str) -> None:
        """Freeze the plan in the draft, and keep it under a name if one was given."""
        session: Any = self.session  # type: ignore[attr-defined]
        broken = [
            *imports.plan_violations(plan, imports.headers_of(batch)),
            *source_name_violations(plan.source),
        ]
        if broken:
            raise RuleViolation(broken)
        mapping_id = None
        if save_as:
            if not current_actor().may("write", "ImportMapping"):
                abort(403)
            try:
                mapping_id = imports.save_mapping(session, name=save_as, plan=plan).id
            except RuleViolation as refused:
                raise RuleViolation(
                    replace(v, field="save_as" if v.field == "name" else v.field)
                    for v in refused.violations
                ) from refused
        elif batch.mapping is not None and imports.plan_of(batch.mapping) == plan:
            mapping_id = batch.mapping_id
        imports.set_plan(session, batch=batch, plan=plan, mapping_id=mapping_id)
        session.commit()

    # --- 3: the look -------------------------------------------------------------------------------
    @expose("/preview/<int:pk>")
    @has_access
    def preview(self, pk: int) -> Any:
        """The first rows as they will become; nothing has been written yet."""
        batch = self._draft(pk)
        session: Any = self.session  # type: ignore[attr-defined]
        plan = imports.plan_of_batch(batch)
        if not imports.fits(plan, imports.headers_of(batch)):
            return redirect(self.url("columns", pk=pk))  # type: ignore[attr-defined]
        try:
            page = preview_page(session, batch)
        except RuleViolation as refused:
            return self._unreadable(refused)
        return self.render_template(  # type: ignore[attr-defined]
            "applications/import_preview.html",
            title=batch.file_name,
            crumbs=self._crumbs(),
            page=page,
            batch=batch,
            plan=plan,
            earlier=imports.is_known_file(session, batch),
            steps=steps_of(batch),
            start_url=self.url("start", pk=pk),  # type: ignore[attr-defined]
            columns_url=self.url("columns", pk=pk),  # type: ignore[attr-defined]
            discard_url=self.url("discard", pk=pk),  # type: ignore[attr-defined]
        )

    # --- 4: the work -------------------------------------------------------------------------------
    @expose("/start/<int:pk>", methods=["POST"])
    @has_access
    def start(self, pk: int) -> Any:
        """Order the work, or have it gone on with."""
        batch = self.load(pk)  # type: ignore[attr-defined]
        session: Any = self.session  # type: ignore[attr-defined]
        try:
            if progress_of(session, batch).state == BatchState.FAILED:
                batch.state = BatchState.FAILED
                session.flush()
            imports.start_batch(session, batch=batch, actor=current_actor())
            session.commit()
        except RuleViolation as refused:
            session.rollback()
            flash(" ".join(text for _id, _label, text in _told(refused)), "error")
        return redirect(self.url("show", pk=pk))  # type: ignore[attr-defined]

    @expose("/stop/<int:pk>", methods=["POST"])
    @has_access
    def stop(self, pk: int) -> Any:
        """Stop at the next step; what was taken over stays."""
        batch = self.load(pk)  # type: ignore[attr-defined]
        session: Any = self.session  # type: ignore[attr-defined]
        try:
            imports.stop_batch(session, batch=batch)
            session.commit()
        except RuleViolation as refused:
            session.rollback()
            flash(" ".join(text for _id, _label, text in _told(refused)), "error")
        return redirect(self.url("show", pk=pk))  # type: ignore[attr-defined]

    @expose("/discard/<int:pk>", methods=["POST"])
    @has_access
    def discard(self, pk: int) -> Any:
        """Throw a draft away with its file."""
        batch = self._draft(pk)
        session: Any = self.session  # type: ignore[attr-defined]
        name = batch.file_name
        imports.discard_batch(session, batch=batch)
        session.commit()
        flash(
            _("%(name)s was not brought in; the file has been thrown away.", name=name), "success"
        )
        return redirect(self.url("list"))  # type: ignore[attr-defined]

    @expose("/progress/<int:pk>")
    @has_access
    def progress(self, pk: int) -> Any:
        """JSON {state, progress, step, error} for the page that waits."""
        found = progress_of(self.session, self.load(pk))  # type: ignore[attr-defined]
        return jsonify(
            state=found.state, progress=found.percent, step=found.step, error=found.error
        )

    @expose("/rejects/<int:pk>", methods=["POST"])
    @has_access
    def rejects(self, pk: int) -> Any:
        """The refused rows as Excel, with the columns of the file; taking them is logged."""
        batch = self.load(pk)  # type: ignore[attr-defined]
        if not view_may_export():
            abort(403)
        buffer = BytesIO()
        count = imports.write_rejects(
            self.session,  # type: ignore[attr-defined]
            batch=batch,
            fp=buffer,
            translate=formats.translated,
            lang=formats.language(),
        )
        ports.record_access(
            self.session,  # type: ignore[attr-defined]
            verb="export",
            entity="ImportRow",
            record_id=batch.id,
            summary=f"xlsx, {count} rows",
            changes={"import": batch.id},
        )
        buffer.seek(0)
        name = f"{PurePath(batch.file_name).stem}-ret.xlsx"
        return send_file(buffer, mimetype=XLSX, as_attachment=True, download_name=name)

    # --- shared ------------------------------------------------------------------------------------
    def _draft(self, pk: int) -> ImportBatch:
        """A draft; an import that has begun is shown instead of changed."""
        batch: ImportBatch = self.load(pk)  # type: ignore[attr-defined]
        if batch.state != BatchState.DRAFT:
            abort(redirect(self.url("show", pk=pk)))  # type: ignore[attr-defined]
        return batch

    def _unreadable(self, refused: RuleViolation) -> Any:
        flash(" ".join(text for _id, _label, text in _told(refused)), "error")
        return redirect(self.url("list"))  # type: ignore[attr-defined]

    def _crumbs(self) -> list[Crumb]:
        return [Crumb(formats.translated(self.label_plural), self.url("list"))]  # type: ignore[attr-defined]


def _told(refused: RuleViolation) -> list[tuple[str, str, str]]:
    """Violations as (id of the field on the page, its label, the sentence)."""
    told = []
    for one in refused.violations:
        text = _(one.message) % dict(one.params) if one.params else _(one.message)
        anchor = one.field if one.field in PAGE_FIELDS else ""
        if one.field in imports.CONSTANT_FIELDS:
            anchor = f"constant-{one.field}"
        told.append((anchor, field_label(one.field) or _label(one.field), text))
    return told


def _label(name: str) -> str:
    return str(
        {"file": _("File"), "source": _("Source"), "save_as": _("Name of the mapping")}.get(
            name, ""
        )
    )


#: Fields of the pages that are no field of an application.
PAGE_FIELDS = frozenset({"file", "source", "save_as"})
