"""Attachments: fetched and added through the record they belong to, and listed for control."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, flash, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from sqlalchemy import select

from app.core import ports
from app.core.acting import current_actor
from app.core.redirects import is_local_path
from app.core.rooms import Words, owner_model
from app.core.rules import RuleViolation
from app.core.text import format_number
from app.core.uploads import InfectedUpload, check_upload
from app.core.views import BackOfficeView, Choice, Dates, Interface, formats
from app.core.views.base import VERBS
from app.core.views.entities import Entity, record_format, view_of
from app.core.views.page import Button, Cell
from app.system.models import Attachment
from app.system.rules import SCAN_STATE_LABELS, AuditVerb, ScanState
from app.system.services import attachments, audit

SCAN_TONES = {ScanState.CLEAN: "ok", ScanState.INFECTED: "bad", ScanState.UNSCANNED: "wait"}
MOST_FILES = 10
_MAX_ID = 2_147_483_647


def size_cell(value: Any, record: Any) -> Cell:
    """A size as people read it."""
    if value < 1024 * 1024:
        return Cell("text", f"{format_number(max(value // 1024, 1))} KB", value=value)
    return Cell("text", f"{format_number(round(value / 1024 / 1024, 1))} MB", value=value)


class AttachmentView(BackOfficeView):
    """Files of records; whoever may not see the record does not see that there is a file."""

    datamodel = Interface(Attachment)
    route_base = "/files"
    class_permission_name = "Attachment"
    method_permission_name = {**VERBS, "fetch": "read", "upload": "write"}
    label = _l("Attachment")
    label_plural = _l("Attachments")
    icon = "clip"
    can_add = False
    can_edit = False
    list_columns = ["name", "owner_type", "kind", "size", "scan", "created_at"]
    order_columns = ["name", "size", "created_at"]
    base_order = ("id", "desc")
    export_columns = ["mime", "sha256"]
    show_fieldsets = [
        (_l("Attachment"), {"fields": ["name", "owner_type", "kind", "created_at"]}),
        (_l("File"), {"fields": ["mime", "size", "scan", "sha256"]}),
    ]
    label_columns = {
        "name": _l("Name"),
        "owner_type": _l("Record"),
        "kind": _l("Kind"),
        "size": _l("Size"),
        "scan": _l("Virus scan"),
        "created_at": _l("Added at"),
        "mime": _l("Type of content"),
        "sha256": _l("Digest (SHA-256)"),
    }
    codes = {"scan": SCAN_STATE_LABELS, "kind": Words("Attachment.kind")}
    formats = {
        "size": size_cell,
        "scan": formats.labelled(SCAN_STATE_LABELS, SCAN_TONES),
        "owner_type": record_format("owner_type", "owner_id"),
    }
    wide = frozenset({"sha256"})
    filters = (
        Entity("record", _l("Record"), Attachment.owner_type),
        Choice("scan", _l("Virus scan"), Attachment.scan, labels=SCAN_STATE_LABELS),
        Dates("created", _l("Added at"), Attachment.created_at, instant=True),
    )

    def show_buttons(self, item: Any) -> list[Button]:
        """Download what is clean."""
        if item.scan is not ScanState.CLEAN:
            return []
        return [Button(_("Download"), self.url("fetch", pk=item.id), "download", primary=True)]

    @expose("/<int:pk>", methods=["GET"])
    @login_required
    def fetch(self, pk: int) -> Response:
        """The file itself, as a download; logged. 404 for whoever may not see its record."""
        attachment = self._visible(pk)
        if attachment.scan is not ScanState.CLEAN:
            abort(403)
        try:
            path = attachments.path_of(attachment)
            response = send_file(
                path, mimetype=attachment.mime, as_attachment=True, download_name=attachment.name
            )
        except (attachments.DamagedFileError, FileNotFoundError):
            current_app.logger.error("the file of attachment %s is missing", pk)
            abort(404)
        ports.record_access(
            self.session,
            verb=AuditVerb.DOWNLOAD,
            entity=attachment.owner_type,
            record_id=attachment.owner_id,
            summary=f"#{attachment.id}",
        )
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response.headers["Cache-Control"] = "no-store"
        return response

    @expose("/add/<string:owner>/<int:pk>", methods=["POST"])
    @has_access
    def upload(self, owner: str, pk: int) -> Any:
        """Check and keep files for a record that the actor may read."""
        record = self._owner(owner, pk)
        files = [f for name in ("file", "files") for f in request.files.getlist(name) if f.filename]
        if not files:
            flash(_("Choose a file first."), "error")
        elif len(files) > MOST_FILES:
            flash(_("At most %(n)s files at once.", n=MOST_FILES), "error")
        else:
            self._keep(owner, record.id, files)
        return redirect(self._back(owner, pk))

    def _keep(self, owner: str, pk: int, files: list[Any]) -> None:
        kept = []
        for file in files:
            try:
                checked = check_upload(file.filename, file.stream)
                kept.append(
                    attachments.store(
                        self.session, owner_type=owner, owner_id=pk, upload=checked
                    ).name
                )
            except InfectedUpload as infected:
                # What is not kept is still told: who brought it, and its digest.
                audit.record(
                    self.session,
                    verb=AuditVerb.VIEW,
                    entity=owner,
                    record_id=pk,
                    summary=f"infected {infected.sha256}",
                )
                self._tell(infected)
            except RuleViolation as refused:
                self._tell(refused)
        self.session.commit()
        if kept:
            flash(_("Added: %(names)s", names=", ".join(kept)), "success")

    @staticmethod
    def _tell(refused: RuleViolation) -> None:
        for one in refused.violations:
            flash(_(one.message) % dict(one.params) if one.params else _(one.message), "error")

    def _visible(self, pk: int) -> Attachment:
        """An attachment whose record the actor may read; else it does not exist."""
        if not 0 < pk <= _MAX_ID:
            abort(404)
        found = self.session.scalars(select(Attachment).where(Attachment.id == pk)).first()
        if found is None:
            abort(404)
        self._owner(found.owner_type, found.owner_id)
        attachment: Attachment = found
        return attachment

    def _owner(self, owner: str, pk: int) -> Any:
        """The record behind an attachment, through the session and so in the actor's scope."""
        model: Any = owner_model(owner)
        if model is None or not current_actor().may("read", owner) or not 0 < pk <= _MAX_ID:
            abort(404)
        record = self.session.scalars(select(model).where(model.id == pk)).first()
        return record if record is not None else abort(404)

    @staticmethod
    def _back(owner: str, pk: int) -> str:
        target = request.form.get("next", "")
        if is_local_path(target):
            return target
        view = view_of(owner)
        if view is not None:
            return url_for(f"{view.endpoint}.show", pk=pk)
        return url_for("HomeView.index")
