"""The outgoing check: what was held back, who let what pass, and looking at a file by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.applications import rules, services
from app.applications.models import Application, OutgoingCheck, Reply
from app.applications.rules import CheckState
from app.applications.views.reference import case_link
from app.applications.views.replies.findings import finding_lines
from app.core import clock, uploads
from app.core.acting import current_actor
from app.core.outgoing import CHECKED_ENDINGS
from app.core.redirects import is_local_path
from app.core.views import BackOfficeView, Choice, Dates, Interface, Pick, formats
from app.core.views.base import VERBS
from app.core.views.page import Button, Cell

#: Columns that the history of a check leaves out.
_UNSAID = frozenset({"application_id", "reply_id", "digest", "findings"})


def is_blocked() -> Any:
    """What is held back now."""
    return OutgoingCheck.state == CheckState.BLOCKED


def is_overridden() -> Any:
    """What somebody let pass."""
    return OutgoingCheck.state == CheckState.OVERRIDDEN


def subject_cell(value: Any, record: OutgoingCheck) -> Cell:
    """The letter or the file."""
    sub = _("letter") if record.reply_id else _("file looked at by hand")
    return Cell("text", value or f"#{record.id}", sub=sub)


class OutgoingCheckView(BackOfficeView):
    """What the outgoing check found in letters and files, and what was let pass with a reason."""

    datamodel = Interface(OutgoingCheck)
    route_base = "/outgoing-checks"
    class_permission_name = "OutgoingCheck"
    method_permission_name = {**VERBS, "override": "override", "look": "write"}
    label = _l("Outgoing check")
    label_plural = _l("Outgoing checks")
    icon = "shield"
    can_add = False
    can_edit = False
    show_template = "applications/check_show.html"
    intro = _l(
        "Nothing leaves with somebody else’s number in it, with hidden rows, comments or traces in a file."
    )
    list_columns = ["subject", "application", "state", "found", "created_at", "override_by"]
    order_columns = ["created_at", "found"]
    base_order = ("id", "desc")
    export_columns = ["override_at", "override_reason"]
    show_fieldsets = [
        (
            _l("Outgoing check"),
            {"fields": ["subject", "application", "state", "found", "created_at"]},
        ),
        (
            _l("Let pass"),
            {"fields": ["override_by", "override_for", "override_at", "override_reason"]},
        ),
    ]
    label_columns = {
        "subject": _l("Letter or file"),
        "application": _l("Application"),
        "state": _l("State"),
        "found": _l("Findings"),
        "created_at": _l("Looked at"),
        "override_by": _l("Let pass by"),
        "override_for": _l("In place of"),
        "override_at": _l("Let pass at"),
        "override_reason": _l("Why it may leave all the same"),
    }
    wide = frozenset({"override_reason"})
    codes = {"state": rules.CHECK_STATE_LABELS}
    formats = {
        "subject": subject_cell,
        "application": case_link,
        "state": formats.labelled(rules.CHECK_STATE_LABELS, rules.CHECK_STATE_TONES),
    }
    list_options = (
        joinedload(OutgoingCheck.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
    )
    show_options = (joinedload(OutgoingCheck.reply).load_only(Reply.drafted_by_id, Reply.subject),)
    filters = (
        Choice("state", _l("State"), OutgoingCheck.state, labels=rules.CHECK_STATE_LABELS),
        Pick("by", _l("Let pass by"), OutgoingCheck.override_by_id, source="staff"),
        Dates("at", _l("Looked at"), OutgoingCheck.created_at, instant=True),
    )
    tabs = (
        ("blocked", _l("Held back"), is_blocked, "bad"),
        ("passed", _l("Let pass with a reason"), is_overridden, ""),
        ("all", _l("All"), None, ""),
    )
    empty_text = _l("The outgoing check holds nothing back.")

    def row_label(self, item: OutgoingCheck) -> str:
        """The letter or the file."""
        return str(item)

    def label_of_field(self, field: str) -> str:
        """Keys, digests and the stored form of the findings say nothing to a reader."""
        return "" if field in _UNSAID else super().label_of_field(field)

    def list_buttons(self) -> Sequence[Button]:
        """A file can be looked at before it is sent by other means."""
        if not self.may("write"):
            return ()
        return (Button(_("Check a file"), self.url("look"), "clip", primary=True, key="N"),)

    def show_buttons(self, item: OutgoingCheck) -> Sequence[Button]:
        """To the letter that was looked at."""
        if item.reply_id is None:
            return ()
        return (Button(_("Open the letter"), url_for("ReplyView.show", pk=item.reply_id), "right"),)

    def show_page(self, item: OutgoingCheck) -> Any:
        """The record with its findings, and the form for whoever may let them pass."""
        page = super().show_page(item)
        writer = item.reply.drafted_by_id if item.reply is not None else item.created_by_id
        page.extra["findings"] = finding_lines(item.findings or [])
        page.extra["may_override"] = (
            item.state is CheckState.BLOCKED
            and self.may("override")
            and writer != current_actor().user_id
        )
        return page

    @expose("/override/<int:pk>", methods=["POST"])
    @has_access
    def override(self, pk: int) -> Any:
        """Let what was found pass, with a reason that stays on record."""
        item = self.load(pk)
        services.override_check(
            self.session,
            check=item,
            reason=request.form.get("reason", ""),
            actor=current_actor(),
            now=clock.now(),
        )
        self.session.commit()
        flash(_("The findings were let pass; your reason is on record."), "success")
        target = request.form.get("next", "")
        return redirect(target if is_local_path(target) else self.url("show", pk=pk))

    @expose("/look", methods=["GET", "POST"])
    @has_access
    def look(self) -> Any:
        """Look at a file by hand; the file itself is not kept."""
        if request.method == "POST":
            file = request.files.get("file")
            if file is None or not file.filename:
                flash(_("Choose a file first."), "error")
                return redirect(self.url("look"))
            # A picture is drawn anew when it is kept; what would leave is what was brought.
            data = file.stream.read()
            file.stream.seek(0)
            upload = uploads.check_upload(file.filename, file.stream)
            own = request.form.get("own", "").replace(",", "\n").splitlines()
            check = services.check_file(self.session, name=upload.name, data=data, own=own)
            self.session.commit()
            return redirect(self.url("show", pk=check.id))
        return self.render_template(
            "applications/check_file.html",
            endings=", ".join(sorted(CHECKED_ENDINGS)),
            action=self.url("look"),
            list_url=self.url("list"),
            title=_("Check a file"),
        )
