"""Comparisons with the list of CİMER and their differences: lists, one comparison, and the acts on a row."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import defer, joinedload

from app.applications.models import Application, Reconciliation, ReconciliationItem
from app.applications.rules.reconciling import (
    EXPLANATION_LABELS,
    ITEM_KIND_LABELS,
    ITEM_KIND_TONES,
    RESOLUTION_LABELS,
    RESOLUTION_TONES,
    ItemKind,
    Resolution,
)
from app.applications.services.reconciling import explain_item, reopen_item
from app.applications.views.cimer.comparison import ComparisonPages, fact_lines, reconciliation_page
from app.applications.views.cimer.exchanges import case_cell
from app.core import clock
from app.core.acting import current_actor
from app.core.rules import RuleViolation
from app.core.text import format_date
from app.core.views import (
    BackOfficeView,
    Choice,
    Dates,
    Interface,
    Numbers,
    Pick,
    Words,
    formats,
)
from app.core.views.base import VERBS
from app.core.views.page import Button, Cell


def period_cell(value: Any, record: Reconciliation) -> Cell:
    """First and last day in one cell."""
    lang = formats.language()
    first = format_date(record.period_from, lang=lang)
    return Cell(
        "text",
        f"{first} – {format_date(record.period_to, lang=lang)}",
        value=record.period_from,
    )


def open_cell(value: Any, record: Any) -> Cell:
    """How many differences nobody has dealt with; nought is good."""
    return Cell("badge", formats.plain(value).text, tone="bad" if value else "ok", value=value)


class ReconciliationView(ComparisonPages, BackOfficeView):
    """Each list of CİMER that was compared with our cases, with the figures of its differences."""

    datamodel = Interface(Reconciliation)
    route_base = "/reconciliations"
    class_permission_name = "Reconciliation"
    method_permission_name = {**VERBS, "new": "write", "again": "write", "workbook": "export"}
    label = _l("Comparison with CİMER")
    label_plural = _l("Comparisons with CİMER")
    icon = "merge"
    can_add = False
    #: Each comparison writes its figures anew; who dealt with what stands at the differences.
    has_history = False
    show_template = "applications/reconciliation_show.html"
    intro = _l("What stands in the list of CİMER and not in ours, and the other way round.")
    empty_text = _l("Bring in a list of CİMER (CSV or Excel) to compare it with our cases.")
    list_columns = [
        "period_from",
        "file_name",
        "total_rows",
        "missing_here",
        "missing_there",
        "state_differs",
        "date_differs",
        "overdue_there",
        "open_items",
        "compared_at",
    ]
    order_columns = ["period_from", "compared_at"]
    base_order = ("period_from", "desc")
    export_columns = ["period_to", "matched_rows", "note"]
    edit_fieldsets = [(_l("Comparison with CİMER"), {"fields": ["note"]})]
    show_fieldsets = [
        (
            _l("Comparison with CİMER"),
            {
                "fields": [
                    "file_name",
                    "period_from",
                    "total_rows",
                    "matched_rows",
                    "compared_at",
                    "compared_by",
                    "note",
                ]
            },
        ),
    ]
    label_columns = {
        "period_from": _l("Period"),
        "period_to": _l("Until"),
        "file_name": _l("List"),
        "total_rows": _l("In the list"),
        "matched_rows": _l("Agree"),
        "missing_here": _l("Not in ours"),
        "missing_there": _l("Not in theirs"),
        "state_differs": _l("State differs"),
        "date_differs": _l("Date differs"),
        "overdue_there": _l("Overdue there"),
        "open_items": _l("Open"),
        "compared_at": _l("Compared"),
        "compared_by": _l("Compared by"),
        "note": _l("Note"),
        "file_sha256": _l("Digest of the file"),
    }
    description_columns = {"note": _l("For the colleagues, for example how the list was taken.")}
    wide = frozenset({"note"})
    formats = {"period_from": period_cell, "open_items": open_cell}
    list_options = (defer(Reconciliation.document, raiseload=True),)
    search = Words("q", _l("Search by list or note"), columns=(Reconciliation.search_text,))
    filters = (
        Dates("period", _l("Period"), Reconciliation.period_from),
        Numbers("left", _l("Open"), Reconciliation.open_items),
    )

    def row_label(self, item: Reconciliation) -> str:
        """The period of the list."""
        return period_cell(None, item).text

    def list_buttons(self) -> list[Button]:
        """A comparison begins with a list."""
        if not self.may("write"):
            return []
        return [Button(_("Compare a list"), self.url("new"), "upload", primary=True, key="N")]

    def show_page(self, item: Reconciliation) -> Any:
        """Figures and differences."""
        return reconciliation_page(self, item, super().show_page(item))


class ReconciliationItemView(BackOfficeView):
    """Numbers that do not agree, of every comparison."""

    datamodel = Interface(ReconciliationItem)
    route_base = "/reconciliation-items"
    class_permission_name = "ReconciliationItem"
    method_permission_name = {**VERBS, "explain": "write", "reopen": "write"}
    label = _l("Difference with CİMER")
    label_plural = _l("Differences with CİMER")
    icon = "alert"
    can_add = False
    can_edit = False
    list_columns = [
        "external_ref",
        "kind",
        "resolution",
        "application",
        "reconciliation",
        "reason",
    ]
    column_css = {"reconciliation": "nowrap", "external_ref": "nowrap"}
    order_columns = ["external_ref"]
    base_order = ("id", "desc")
    export_columns = ["theirs", "ours", "row_no", "note", "resolved_by", "resolved_at"]
    show_fieldsets = [
        (
            _l("Difference with CİMER"),
            {"fields": ["external_ref", "kind", "reconciliation", "row_no", "application"]},
        ),
        (_l("What both say"), {"fields": ["theirs", "ours"]}),
        (
            _l("Dealt with"),
            {"fields": ["resolution", "reason", "note", "resolved_by", "resolved_at"]},
        ),
    ]
    label_columns = {
        "external_ref": _l("Number at CİMER"),
        "kind": _l("Difference"),
        "reconciliation": _l("Comparison"),
        "row_no": _l("Row in the list"),
        "application": _l("Our application"),
        "theirs": _l("Their list says"),
        "ours": _l("We say"),
        "resolution": _l("What became of it"),
        "reason": _l("Explanation"),
        "note": _l("Note"),
        "resolved_by": _l("Dealt with by"),
        "resolved_at": _l("Dealt with at"),
    }
    wide = frozenset({"theirs", "ours", "note"})
    codes = {"reason": EXPLANATION_LABELS}
    formats = {
        "kind": formats.labelled(ITEM_KIND_LABELS, ITEM_KIND_TONES),
        "resolution": formats.labelled(RESOLUTION_LABELS, RESOLUTION_TONES),
        "application": case_cell,
        "reconciliation": lambda value, record: Cell(
            "link",
            period_cell(None, value).text,
            url=url_for("ReconciliationView.show", pk=value.id),
        ),
        "theirs": lambda value, record: Cell("lines", ", ".join(fact_lines(value))),
        "ours": lambda value, record: Cell("lines", ", ".join(fact_lines(value))),
    }
    list_options = (
        joinedload(ReconciliationItem.reconciliation).defer(
            Reconciliation.document, raiseload=True
        ),
        joinedload(ReconciliationItem.application).load_only(
            Application.number, Application.subject, Application.is_restricted
        ),
    )
    show_options = list_options
    filters = (
        Choice("kind", _l("Difference"), ReconciliationItem.kind, labels=ITEM_KIND_LABELS),
        Choice(
            "resolution",
            _l("What became of it"),
            ReconciliationItem.resolution,
            labels=RESOLUTION_LABELS,
        ),
        Choice("reason", _l("Explanation"), ReconciliationItem.reason, labels=EXPLANATION_LABELS),
        Pick(
            "reconciliation",
            _l("Comparison"),
            ReconciliationItem.reconciliation_id,
            source="reconciliation",
        ),
    )
    tabs = (
        ("open", _l("Open"), lambda: ReconciliationItem.resolution == Resolution.OPEN, "bad"),
        ("all", _l("All"), None, ""),
    )

    def row_label(self, item: ReconciliationItem) -> str:
        """Its number."""
        return item.external_ref

    def show_buttons(self, item: ReconciliationItem) -> list[Button]:
        """Register from the row, or take back what was done."""
        if not self.may("write"):
            return []
        buttons = []
        if item.kind is ItemKind.MISSING_HERE and item.resolution is Resolution.OPEN:
            buttons.append(
                Button(
                    _("Register from the row"),
                    url_for("CimerEntryView.new", item=item.id),
                    "plus",
                    primary=True,
                )
            )
        if item.resolution is not Resolution.OPEN:
            buttons.append(
                Button(_("Open again"), self.url("reopen", pk=item.id), "undo", post=True)
            )
        return buttons

    @expose("/explain/<int:pk>", methods=["POST"])
    @has_access
    def explain(self, pk: int) -> Any:
        """Mark a difference as explained; the reason stays with it."""
        item = self.load(pk)
        try:
            explain_item(
                self.session,
                item=item,
                reason=request.form.get("reason", ""),
                note=request.form.get("note", ""),
                actor=current_actor(),
                now=clock.now(),
            )
            self.session.commit()
            flash(_("%(ref)s is explained.", ref=item.external_ref), "success")
        except RuleViolation as refused:
            self.session.rollback()
            for one in refused.violations:
                flash(_(one.message) % dict(one.params) if one.params else _(one.message), "error")
        return self._back(pk)

    @expose("/reopen/<int:pk>", methods=["POST"])
    @has_access
    def reopen(self, pk: int) -> Any:
        """Take back what was done about a difference."""
        item = self.load(pk)
        reopen_item(self.session, item=item, actor=current_actor())
        self.session.commit()
        flash(_("%(ref)s is open again.", ref=item.external_ref), "success")
        return self._back(pk)

    def _back(self, pk: int) -> Any:
        target = request.form.get("next", "")
        safe = target.startswith("/") and not target.startswith(("//", "/\\"))
        return redirect(target if safe else self.url("show", pk=pk))
