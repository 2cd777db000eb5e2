"""The letters of batches one by one: their text, their problems, mending them, leaving them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.applications import rules
from app.applications.models import Application, LetterBatch, LetterBatchRow
from app.applications.rules import LetterBatchState, LetterRowState
from app.applications.services import letter_batches
from app.applications.views.reference import case_link
from app.applications.views.replies.batch_page import problem_words
from app.core.acting import current_actor
from app.core.views import BackOfficeView, Choice, Interface, Pick, formats
from app.core.views.base import VERBS
from app.core.views.page import Button, Cell


def has_problem() -> Any:
    """Letters that wait for somebody's hand."""
    return LetterBatchRow.state.in_([LetterRowState.PROBLEM, LetterRowState.FAILED])


def problems_cell(value: Any, record: LetterBatchRow) -> Cell:
    """What keeps a letter from going on."""
    words = problem_words(value)
    return Cell("lines", "\n".join(words)) if words else formats.EMPTY


def batch_link(value: Any, record: LetterBatchRow) -> Cell:
    """The batch of a letter."""
    if value is None:
        return formats.EMPTY
    return Cell("link", value.title, url=url_for("LetterBatchView.show", pk=value.id))


def letter_link(value: Any, record: LetterBatchRow) -> Cell:
    """The letter that was made of the row."""
    if record.reply_id is None:
        return formats.EMPTY
    return Cell("link", _("Open the letter"), url=url_for("ReplyView.show", pk=record.reply_id))


def is_open_row(row: LetterBatchRow) -> bool:
    """Whether the row can still be changed in the batch itself."""
    return row.batch.state is LetterBatchState.DRAFT and row.reply_id is None


class LetterBatchRowView(BackOfficeView):
    """Letters of batches before and after they become letters of their applications."""

    datamodel = Interface(LetterBatchRow)
    route_base = "/letter-batch-rows"
    class_permission_name = "LetterBatchRow"
    method_permission_name = {**VERBS, "leave_out": "write"}
    label = _l("Letter of a batch")
    label_plural = _l("Letters of batches")
    icon = "mail"
    can_add = False
    list_columns = ["application", "batch", "state", "problems", "reply"]
    order_columns = ["position"]
    base_order = ("position", "asc")
    export_columns = ["position"]
    edit_fieldsets = [(_l("Text"), {"fields": ["body", "short_text"]})]
    show_fieldsets = [
        (_l("Letter"), {"fields": ["application", "batch", "state", "problems", "reply"]}),
        (_l("Text"), {"fields": ["body", "short_text"]}),
    ]
    label_columns = {
        "application": _l("Application"),
        "batch": _l("Batch"),
        "position": _l("Place"),
        "state": _l("State"),
        "problems": _l("Problems"),
        "reply": _l("Letter"),
        "body": _l("Text of the letter"),
        "short_text": _l("Text of the SMS"),
    }
    wide = frozenset({"body", "short_text", "problems"})
    codes = {"state": rules.LETTER_ROW_STATE_LABELS}
    formats = {
        "application": case_link,
        "batch": batch_link,
        "state": formats.labelled(rules.LETTER_ROW_STATE_LABELS, rules.LETTER_ROW_STATE_TONES),
        "problems": problems_cell,
        "reply": letter_link,
        "body": formats.long_text,
        "short_text": formats.long_text,
    }
    list_options = (
        joinedload(LetterBatchRow.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
        joinedload(LetterBatchRow.batch).load_only(LetterBatch.title, LetterBatch.state),
    )
    show_options = list_options
    filters = (
        Choice("state", _l("State"), LetterBatchRow.state, labels=rules.LETTER_ROW_STATE_LABELS),
        Pick("batch", _l("Batch"), LetterBatchRow.batch_id, source="letter_batch"),
    )
    tabs = (("all", _l("All"), None, ""), ("problem", _l("With a problem"), has_problem, "bad"))

    def row_label(self, item: LetterBatchRow) -> str:
        """The number of its application."""
        return item.application.number

    def show_buttons(self, item: LetterBatchRow) -> Sequence[Button]:
        """Leave it out of the batch, or take it in again."""
        if not (self.may("write") and is_open_row(item)):
            return ()
        out = item.state is LetterRowState.LEFT_OUT
        label = _("Take it in again") if out else _("Leave it out")
        return (
            Button(label, self.url("leave_out", pk=item.id), "undo" if out else "out", post=True),
        )

    def show_page(self, item: LetterBatchRow) -> Any:
        """Changed only while the batch is being prepared."""
        page = super().show_page(item)
        if is_open_row(item):
            return page
        edit = self.url("edit", pk=item.id)
        return replace(page, buttons=[b for b in page.buttons if b.url != edit])

    def edit_response(self, item: LetterBatchRow) -> Any:
        """A letter that stands on its own is changed on the page of its application."""
        if not is_open_row(item):
            flash(_("This letter stands on its own now; change it at its application."), "error")
            return redirect(self.url("show", pk=item.id))
        return super().edit_response(item)

    def save_changed(self, item: LetterBatchRow, values: Mapping[str, Any]) -> LetterBatchRow:
        """The service looks at the letter again."""
        return letter_batches.change_row(
            self.session,
            row=item,
            values={
                "body": str(values.get("body") or ""),
                "short_text": str(values.get("short_text") or ""),
            },
            actor=current_actor(),
        )

    @expose("/leave-out/<int:pk>", methods=["POST"])
    @has_access
    def leave_out(self, pk: int) -> Any:
        """Take a letter out of its batch, or in again."""
        item = self.load(pk)
        letter_batches.leave_out(self.session, row=item, actor=current_actor())
        self.session.commit()
        return redirect(self.url("show", pk=pk))
