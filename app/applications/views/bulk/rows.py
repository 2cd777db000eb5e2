"""What became of each application in bulk acts, as a list that can be taken to Excel or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder.actions import action
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.applications import rules
from app.applications.models import Application, BulkRow
from app.applications.services import bulk
from app.applications.views.bulk.words import reason_cell
from app.applications.views.reference import case_link
from app.core import clock
from app.core.acting import current_actor
from app.core.views import BackOfficeView, Choice, Dates, Interface, formats
from app.core.views.base import VERBS
from app.core.views.entities import Exact
from app.core.views.page import Button, Cell


def run_cell(value: Any, record: BulkRow) -> Cell:
    """The run of a row, by number."""
    return Cell("link", f"#{record.run_id}", url=url_for("BulkRunView.show", pk=record.run_id))


class BulkRowView(BackOfficeView):
    """One line for each application of each bulk act."""

    datamodel = Interface(BulkRow)
    route_base = "/bulk-rows"
    class_permission_name = "BulkRow"
    method_permission_name = {**VERBS, "action": "undo"}
    label = _l("Application in a bulk act")
    label_plural = _l("Applications in bulk acts")
    icon = "list"
    can_add = False
    can_edit = False
    has_history = False
    list_columns = ["application", "run", "state", "reasons", "done_at", "undone_at"]
    order_columns = ["done_at"]
    base_order = ("id", "desc")
    link_column = "application"
    show_fieldsets = [
        (
            _l("Application in a bulk act"),
            {"fields": ["application", "run", "state", "reasons", "done_at", "undone_at"]},
        )
    ]
    label_columns = {
        "application": _l("Application"),
        "run": _l("Bulk act"),
        "state": _l("Result"),
        "reasons": _l("Reason"),
        "done_at": _l("Done at"),
        "undone_at": _l("Undone at"),
    }
    formats = {
        "application": case_link,
        "run": run_cell,
        "state": formats.labelled(rules.BULK_ROW_STATE_LABELS, rules.BULK_ROW_STATE_TONES),
        "reasons": reason_cell,
    }
    list_options = (
        joinedload(BulkRow.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
    )
    filters = (
        Exact("run", _l("Bulk act"), BulkRow.run_id, whole=True),
        Choice("state", _l("Result"), BulkRow.state, labels=rules.BULK_ROW_STATE_LABELS),
        Dates("done", _l("Done at"), BulkRow.done_at, instant=True),
    )

    def row_label(self, item: BulkRow) -> str:
        """The number of the application."""
        return item.application.number

    def _action_buttons(self) -> list[Button]:
        """Taking back asks for its reason."""
        ask = ("reason", _("Why is it taken back?"), True)
        return [replace(button, ask=ask) for button in super()._action_buttons()]

    @action("undo", _l("Undo"), _l("The picked applications go back to where they stood."), "undo")
    def undo(self, items: Sequence[BulkRow]) -> Any:
        """Take back the picked rows of one run."""
        runs = {item.run_id for item in items}
        if len(runs) != 1:
            flash(_("Pick applications of one bulk act only."), "error")
            return redirect(self.url("list"))
        run = items[0].run
        bulk.start_undo(
            self.session,
            run=run,
            actor=current_actor(),
            reason=request.form.get("reason", ""),
            row_ids=[item.id for item in items],
            now=clock.now(),
        )
        self.session.commit()
        flash(_("It is being taken back; you may leave this page."), "success")
        return redirect(url_for("BulkRunView.show", pk=run.id))
