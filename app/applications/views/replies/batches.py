"""Batches of letters: chosen and written from a template, looked through, approved, sent, kept as files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import abort, flash, jsonify, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from app.applications import rules
from app.applications.models import LetterBatch, ReplyTemplate
from app.applications.rules import LetterBatchAct, LetterBatchState
from app.applications.services import letter_batches
from app.applications.services.letter_batches import Chosen
from app.applications.views.replies.batch_page import batch_page, progress_of
from app.core.acting import current_actor
from app.core.rules import Violation
from app.core.views import BackOfficeView, Choice, Interface, Pick, fields, formats
from app.core.views.base import VERBS
from app.core.views.page import Cell

#: States that are offered when applications are chosen.
CHOSEN_STATES = {
    state: rules.STATE_LABELS[state]
    for state in rules.STATE_LABELS
    if state in rules.REPLYABLE_STATES
}
#: Fields that the history leaves out; the page shows the counters as they stand now.
_UNSAID = frozenset({"chosen", "is_restricted", "job_id", "letters", "problems", "sent"})


def is_at_work() -> Any:
    """Batches that are being prepared or approved."""
    return LetterBatch.state.in_([LetterBatchState.DRAFT, LetterBatchState.IN_APPROVAL])


def problems_cell(value: Any, record: LetterBatch) -> Cell:
    """How many letters have a problem; none is no number."""
    return (
        Cell("badge", formats.plain(value).text, tone="bad", value=value)
        if value
        else formats.EMPTY
    )


class LetterBatchView(BackOfficeView):
    """One text to many applicants, each with the own name, number and result."""

    datamodel = Interface(LetterBatch)
    route_base = "/letter-batches"
    class_permission_name = "LetterBatch"
    method_permission_name = {
        **VERBS,
        "act": "read",
        "drop": "write",
        "progress": "read",
    }
    label = _l("Batch of letters")
    label_plural = _l("Batches of letters")
    icon = "mail"
    can_edit = False
    show_template = "applications/letter_batch_show.html"
    intro = _l("Nothing is sent before every letter of a batch has been approved.")
    list_columns = ["title", "template", "state", "letters", "problems", "sent", "created_at"]
    order_columns = ["created_at", "letters", "sent_at"]
    base_order = ("id", "desc")
    export_columns = ["approval", "sent_at"]
    add_fieldsets = [
        (_l("Batch"), {"fields": ["title", "template", "approval"]}),
        (
            _l("Which applications"),
            {
                "fields": ["topic", "unit", "state", "master", "numbers"],
                "intro": _l("What is given narrows; numbers typed in stand alone."),
            },
        ),
        (_l("What the letters tell"), {"fields": ["outcome_reason"]}),
    ]
    show_columns = ["title", "template", "approval", "created_at", "sent_at"]
    label_columns = {
        "title": _l("Name"),
        "template": _l("Template"),
        "approval": _l("How they are approved"),
        "state": _l("State"),
        "letters": _l("Letters"),
        "problems": _l("With a problem"),
        "sent": _l("Sent"),
        "created_at": _l("Prepared"),
        "sent_at": _l("The last was sent at"),
        "topic": _l("Topic"),
        "unit": _l("Lead unit"),
        "master": _l("Main case with its group"),
        "numbers": _l("Numbers"),
        "outcome_reason": _l("Reason of the result"),
    }
    description_columns = {
        "title": _l("By which the approver knows it."),
        "approval": _l("One approval signs every letter whose turn is the approver’s."),
        "master": _l("Everybody whose case was merged into it and has no answer yet."),
        "numbers": _l("For example copied from a list; whatever stands between is no matter."),
        "outcome_reason": _l("Needed when the template tells a result that is not a full success."),
    }
    wide = frozenset({"numbers", "title"})
    codes = {"approval": rules.LETTER_BATCH_APPROVAL_LABELS}
    lookups = {"template": "reply_template"}
    formats = {
        "state": formats.labelled(rules.LETTER_BATCH_STATE_LABELS, rules.LETTER_BATCH_STATE_TONES),
        "problems": problems_cell,
    }
    form_extra = {
        "topic": fields.LookupField(_l("Topic"), [Optional()], source="topic"),
        "unit": fields.LookupField(_l("Lead unit"), [Optional()], source="unit"),
        "state": fields.CodeField(
            _l("State"),
            labels=CHOSEN_STATES,
            enum=rules.State,
            blank=True,
            default=rules.State.UNIT_ANSWERED,
            description=_l("Empty: every open application."),
        ),
        "master": fields.LookupField(
            _l("Main case with its group"),
            [Optional()],
            source="application",
            description=_l("Everybody whose case was merged into it and has no answer yet."),
        ),
        "numbers": TextAreaField(
            _l("Numbers"),
            [Optional(), Length(max=10_000)],
            description=_l("For example copied from a list; whatever stands between is no matter."),
        ),
        "outcome_reason": fields.LookupField(
            _l("Reason of the result"),
            [Optional()],
            source="outcome_reason",
            description=_l("Needed when the template tells a result that is not a full success."),
        ),
    }
    list_options = (joinedload(LetterBatch.template),)
    filters = (
        Choice("state", _l("State"), LetterBatch.state, labels=rules.LETTER_BATCH_STATE_LABELS),
        Pick("template", _l("Template"), LetterBatch.template_id, source="reply_template"),
    )
    tabs = (("work", _l("At work"), is_at_work, ""), ("all", _l("All"), None, ""))
    empty_text = _l("Nobody is writing to many applicants at once.")

    def label_of_field(self, field: str) -> str:
        """How the applications were chosen, counters and keys of jobs say nothing to a reader."""
        return "" if field in _UNSAID else super().label_of_field(field)

    def word_of_value(self, field: str, value: Any) -> Any:
        """States by their words, the template by its name."""
        if field == "state" and value:
            return formats.translated(rules.LETTER_BATCH_STATE_LABELS[LetterBatchState(value)])
        if field == "template_id" and value:
            template = self.session.get(ReplyTemplate, value)
            return template.name if template is not None else value
        return super().word_of_value(field, value)

    def new_label(self) -> str:
        """Words of the button that begins a new batch."""
        return _("New batch")

    def row_label(self, item: LetterBatch) -> str:
        """Its name."""
        return item.title

    def check(self, values: Mapping[str, Any], item: Any) -> Iterable[Violation]:
        """What the rule says of a choice."""
        return rules.letter_batch_violations(values)

    def save_new(self, item: LetterBatch, values: Mapping[str, Any]) -> LetterBatch:
        """The service chooses the applications and fills the template for each."""
        template = self.session.get(ReplyTemplate, values.get("template")) or abort(404)
        return letter_batches.create_batch(
            self.session,
            title=str(values.get("title") or ""),
            template=template,
            approval=values.get("approval") or rules.LetterBatchApproval.TOGETHER,
            chosen=Chosen(
                topic=values.get("topic"),
                unit=values.get("unit"),
                state=values.get("state"),
                master=values.get("master"),
                numbers=str(values.get("numbers") or ""),
                outcome_reason=values.get("outcome_reason"),
            ),
            actor=current_actor(),
        )

    def show_page(self, item: LetterBatch) -> Any:
        """How far it is, its letters, its files, and what can be done now."""
        return batch_page(self, item, super().show_page(item))

    @expose("/act/<int:pk>", methods=["POST"])
    @has_access
    def act(self, pk: int) -> Any:
        """Order what is to be done with every letter; a worker does it."""
        item = self.load(pk)
        acts = {a.value: a for a in LetterBatchAct}
        act = acts.get(request.form.get("act", "")) or abort(404)
        letter_batches.order_act(self.session, batch=item, act=act, actor=current_actor())
        self.session.commit()
        flash(_("A worker is at it; the bell tells you when it is done."), "success")
        return redirect(self.url("show", pk=pk))

    @expose("/drop/<int:pk>", methods=["POST"])
    @has_access
    def drop(self, pk: int) -> Any:
        """Forget a batch that nobody has sent for approval."""
        item = self.load(pk)
        letter_batches.drop_batch(self.session, batch=item, actor=current_actor())
        self.session.commit()
        flash(_("The batch was dropped; nothing was written to any application."), "success")
        return redirect(self.url("list"))

    @expose("/progress/<int:pk>")
    @has_access
    def progress(self, pk: int) -> Any:
        """How far the worker is, for the page that waits: {state, progress, step}."""
        progress = progress_of(self.session, self.load(pk))
        return jsonify(state=progress.state, progress=progress.percent, step=progress.step)
