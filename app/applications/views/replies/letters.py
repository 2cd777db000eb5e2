"""Letters: the list of all of them, and the letter itself as it will stand on paper."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.applications import queries, rules, services
from app.applications.models import Application, Reply
from app.applications.views.conditions import words_of_case
from app.applications.views.reference import case_link
from app.applications.views.replies.letter_page import letter_page
from app.core import uploads
from app.core.acting import current_actor
from app.core.views import BackOfficeView, Choice, Dates, Interface, Pick, formats
from app.core.views.base import VERBS


def waits_for_approval() -> Any:
    """Letters that are on their way of approval."""
    return Reply.state == rules.ReplyState.IN_APPROVAL


def is_draft() -> Any:
    """Letters that their writers still have."""
    return Reply.state.in_([rules.ReplyState.DRAFT, rules.ReplyState.SENT_BACK])


def waits_to_leave() -> Any:
    """Approved letters that nobody has sent."""
    return Reply.state == rules.ReplyState.APPROVED


def lacks_number() -> Any:
    """Sent letters without the number that EBYS gives."""
    return (Reply.state == rules.ReplyState.SENT) & (Reply.letter_no == "")


class ReplyView(BackOfficeView):
    """Letters to citizens; they are written and approved on the page of their case."""

    datamodel = Interface(Reply)
    route_base = "/replies"
    class_permission_name = "Reply"
    method_permission_name = {**VERBS, "attach": "read", "detach": "read"}
    label = _l("Reply")
    label_plural = _l("Replies")
    icon = "send"
    can_add = False
    can_edit = False
    show_template = "applications/letter_show.html"
    list_columns = [
        "application",
        "subject",
        "kind",
        "state",
        "drafted_by",
        "approved_by",
        "sent_at",
    ]
    order_columns = ["sent_at", "submitted_at", "approved_at"]
    base_order = ("id", "desc")
    export_columns = ["outcome", "letter_no", "letter_on", "signed_as"]
    show_columns = ["application", "drafted_by", "approved_by", "approved_for", "institution"]
    label_columns = {
        "application": _l("Application"),
        "subject": _l("Subject"),
        "kind": _l("Kind of reply"),
        "state": _l("State"),
        "outcome": _l("Outcome"),
        "body": _l("Text of the letter"),
        "short_text": _l("Text of the SMS"),
        "refusal_article": _l("Law and article"),
        "remedy": _l("Remedies"),
        "drafted_by": _l("Drafted by"),
        "submitted_at": _l("Sent for approval"),
        "approved_by": _l("Approved by"),
        "approved_for": _l("Approved in whose place"),
        "approved_at": _l("Approved"),
        "approval_note": _l("Note of the approver"),
        "signed_as": _l("Title below the signature"),
        "institution": _l("Addressed to the institution"),
        "letter_no": _l("Number of the letter"),
        "letter_on": _l("Date of the letter"),
        "sent_at": _l("Sent"),
    }
    codes = {"kind": rules.REPLY_KIND_LABELS, "outcome": rules.OUTCOME_LABELS}
    formats = {
        "state": formats.labelled(rules.REPLY_STATE_LABELS, rules.REPLY_STATE_TONES),
        "application": case_link,
    }
    list_options = (
        joinedload(Reply.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
    )
    show_options = (
        joinedload(Reply.application).joinedload(Application.citizen),
        joinedload(Reply.application).joinedload(Application.district),
        joinedload(Reply.approval_steps).options(*queries.people_of_steps()),
    )
    link_column = "subject"
    search = words_of_case(Reply.application_id)
    filters = (
        Choice("state", _l("State"), Reply.state, labels=rules.REPLY_STATE_LABELS),
        Choice("kind", _l("Kind of reply"), Reply.kind, labels=rules.REPLY_KIND_LABELS),
        Choice("outcome", _l("Outcome"), Reply.outcome, labels=rules.OUTCOME_LABELS),
        Pick("writer", _l("Drafted by"), Reply.drafted_by_id, source="staff"),
        Dates("sent", _l("Sent"), Reply.sent_at, instant=True),
    )
    tabs = (
        ("approval", _l("Waiting for approval"), waits_for_approval, "warn"),
        ("draft", _l("Drafts"), is_draft, ""),
        ("leave", _l("Approved, not sent"), waits_to_leave, ""),
        ("number", _l("Without an EBYS number"), lacks_number, ""),
        ("all", _l("All"), None, ""),
    )

    def row_label(self, item: Reply) -> str:
        """Its subject line."""
        return item.subject or f"#{item.id}"

    def show_page(self, item: Reply) -> Any:
        """The sheet as it will be printed, its chain and its checks beside it."""
        return letter_page(self, item)

    @expose("/attach/<int:pk>", methods=["POST"])
    @has_access
    def attach(self, pk: int) -> Any:
        """Let files go out with a letter that its writer still has."""
        item = self.load(pk)
        kept = []
        for file in request.files.getlist("file"):
            if file.filename:
                upload = uploads.check_upload(file.filename, file.stream)
                services.attach_file(self.session, reply=item, upload=upload, actor=current_actor())
                kept.append(upload.name)
        self.session.commit()
        if kept:
            flash(_("Added: %(names)s", names=", ".join(kept)), "success")
        else:
            flash(_("Choose a file first."), "error")
        return redirect(self.url("show", pk=pk))

    @expose("/detach/<int:pk>/<int:file>", methods=["POST"])
    @has_access
    def detach(self, pk: int, file: int) -> Any:
        """Take a file off a letter that its writer still has."""
        item = self.load(pk)
        services.detach_file(self.session, reply=item, file_id=file, actor=current_actor())
        self.session.commit()
        flash(_("The file does not go out with the letter any more."), "success")
        return redirect(self.url("show", pk=pk))
