"""The page of one comparison, and the steps that make one: choose a list, compare, compare again, Excel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import flash, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.applications.models import ImportMapping, Reconciliation, ReconciliationItem
from app.applications.queries.cimer import list_items
from app.applications.queries.imports import list_mappings
from app.applications.rules.reconciling import (
    EXPLANATION_LABELS,
    ITEM_KIND_LABELS,
    RESOLUTION_LABELS,
    RESOLUTION_TONES,
    ItemKind,
    Resolution,
)
from app.applications.services.reconciling import MOST_ROWS, compare_again, reconcile
from app.core import clock, ports
from app.core.acting import current_actor
from app.core.exports import write_xlsx
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import format_date, format_datetime, format_number, parse_tr_date
from app.core.uploads import TABLES, check_upload
from app.core.views import formats
from app.core.views.page import Button, Cell, Crumb, ShowPage

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN = 100
_MOST_BYTES = 64 * 1024 * 1024

FACT_LABELS: Mapping[str, str] = {
    "state": N_("State"),
    "external_on": N_("Date at CİMER"),
    "received_on": N_("Date at the municipality"),
    "due_on": N_("Last day"),
}
#: How our own side of a difference is told.
OUR_STATES: Mapping[str, str] = {
    "open": N_("open here"),
    "entered": N_("answer entered at CİMER"),
    "ended": N_("ended, answer not entered"),
}


def fact_lines(facts: Mapping[str, Any] | None) -> list[str]:
    """Dates and state of one side, as people read them."""
    lines = []
    for name, label in FACT_LABELS.items():
        value = (facts or {}).get(name)
        if not value:
            continue
        if name == "state":
            known = OUR_STATES.get(str(value))
            text = formats.translated(known) if known else str(value)
        else:
            day = parse_tr_date(str(value))
            text = format_date(day, lang=formats.language()) if day else str(value)
        lines.append(f"{formats.translated(label)}: {text}")
    return lines


def reconciliation_page(view: Any, item: Reconciliation, page: ShowPage) -> ShowPage:
    """The record page with four figures, the differences by kind, and what may be done."""
    lang = formats.language()
    items = list_items(view.session, item.id, limit=len(ItemKind) * _SHOWN)
    groups = []
    for kind in ItemKind:
        rows = [one for one in items if one.kind is kind][:_SHOWN]
        total = getattr(item, kind.value)
        if rows or total:
            groups.append(
                {
                    "key": kind.value,
                    "label": formats.translated(ITEM_KIND_LABELS[kind]),
                    "total": format_number(total, lang=lang),
                    "rows": [_row(one) for one in rows],
                    "more": url_for(
                        "ReconciliationItemView.list",
                        tab="all",
                        reconciliation=item.id,
                        kind=kind.value,
                    ),
                }
            )
    may_write = view.may("write")
    buttons = []
    if may_write:
        buttons.append(
            Button(_("Compare again"), view.url("again", pk=item.id), "refresh", post=True)
        )
    if view.may("export"):
        buttons.append(Button(_("Excel"), view.url("workbook", pk=item.id), "file", post=True))
    return replace(
        page,
        buttons=[*buttons, *page.buttons],
        extra={
            "figures": _figures(item),
            "groups": groups,
            "may_write": may_write,
            "reasons": [(k.value, formats.translated(v)) for k, v in EXPLANATION_LABELS.items()],
            "notes": _notes(item),
            "open": format_number(item.open_items, lang=lang),
            "here": view.url("show", pk=item.id),
        },
    )


def _row(one: ReconciliationItem) -> dict[str, Any]:
    case = one.application
    is_open = one.resolution is Resolution.OPEN
    return {
        "pk": one.id,
        "ref": one.external_ref,
        "row": one.row_no or "",
        "theirs": ", ".join(fact_lines(one.theirs)),
        "ours": ", ".join(fact_lines(one.ours)),
        "case": case.number if case is not None else "",
        "case_url": url_for("ApplicationView.show", pk=case.id) if case is not None else "",
        "resolution": Cell(
            "badge",
            formats.translated(RESOLUTION_LABELS[one.resolution]),
            tone=RESOLUTION_TONES[one.resolution],
        ),
        "reason": formats.translated(EXPLANATION_LABELS[one.reason]) if one.reason else "",
        "note": one.note,
        "is_open": is_open,
        "register_url": url_for("CimerEntryView.new", item=one.id)
        if is_open and one.kind is ItemKind.MISSING_HERE
        else "",
    }


def _figures(item: Reconciliation) -> list[tuple[str, str, str, str]]:
    """Label, value, tone, anchor of the four figures that are followed over time."""
    lang = formats.language()

    def one(label: str, number: int, anchor: str) -> tuple[str, str, str, str]:
        return label, format_number(number, lang=lang), "bad" if number else "", anchor

    differs = item.state_differs + item.date_differs
    return [
        one(_("In their list, not in ours"), item.missing_here, "missing_here"),
        one(_("In ours, not in their list"), item.missing_there, "missing_there"),
        one(_("State or date differs"), differs, "state_differs"),
        one(_("Overdue at CİMER"), item.overdue_there, "overdue_there"),
    ]


def _notes(item: Reconciliation) -> list[str]:
    """What a reader must know about the list: what could not be read, words nobody knows."""
    document = item.document or {}
    notes = []
    if number := document.get("unreadable"):
        notes.append(_("%(n)s rows have no number and were passed over.", n=number))
    if number := document.get("repeated"):
        notes.append(_("%(n)s numbers stand more than once; the first row counted.", n=number))
    if words := document.get("unknown_words"):
        told = ", ".join(f"“{word}” ({number})" for word, number in words)
        notes.append(
            _(
                "The state was not compared for these words, which are not known here: %(words)s",
                words=told,
            )
        )
    if document.get("names_hidden"):
        notes.append(
            _("The list names people whose identity CİMER hides, so the file itself was not kept.")
        )
    return [str(note) for note in notes]


class ComparisonPages:
    """Mixed into ReconciliationView: what makes a comparison."""

    @expose("/new", methods=["GET", "POST"])
    @has_access
    def new(self) -> Any:
        """Choose a list and its days; the comparison is there when the page comes."""
        session: Any = self.session  # type: ignore[attr-defined]
        errors: list[tuple[str, str, str]] = []
        if request.method == "POST":
            try:
                made = self._compare(session)
                session.commit()
                return redirect(self.url("show", pk=made.id))  # type: ignore[attr-defined]
            except RuleViolation as refused:
                session.rollback()
                errors = _told(refused)
        page = self.render_template(  # type: ignore[attr-defined]
            "applications/reconciliation_new.html",
            title=_("Compare a list of CİMER"),
            crumbs=[
                Crumb(
                    formats.translated(self.label_plural),  # type: ignore[attr-defined]
                    self.url("list"),  # type: ignore[attr-defined]
                )
            ],
            mappings=list_mappings(session),
            chosen=request.form.get("mapping", ""),
            period=[
                formats.typed_day(request.form.get(name, ""))
                for name in ("period_from", "period_to")
            ],
            note=request.form.get("note", ""),
            errors=errors,
            rows=format_number(MOST_ROWS),
            kinds=", ".join(sorted(TABLES)).upper(),
        )
        return page, 422 if errors else 200

    def _compare(self, session: Any) -> Reconciliation:
        file = request.files.get("file")
        if file is None or not file.filename:
            raise RuleViolation(Violation("file", N_("Choose a file.")))
        upload = check_upload(file.filename, file.stream, allowed=TABLES, max_size=_MOST_BYTES)
        chosen = request.form.get("mapping", "")
        known = chosen.isdigit() and len(chosen) < 10
        return reconcile(
            session,
            upload=upload,
            period_from=parse_tr_date(request.form.get("period_from", "")),
            period_to=parse_tr_date(request.form.get("period_to", "")),
            mapping=session.get(ImportMapping, int(chosen)) if known else None,
            note=request.form.get("note", ""),
            actor=current_actor(),
            now=clock.now(),
        )

    @expose("/again/<int:pk>", methods=["POST"])
    @has_access
    def again(self, pk: int) -> Any:
        """The same list against our cases as they are now."""
        session: Any = self.session  # type: ignore[attr-defined]
        item: Reconciliation = self.load(pk)  # type: ignore[attr-defined]
        compare_again(session, reconciliation=item, actor=current_actor(), now=clock.now())
        session.commit()
        flash(_("Compared again: %(n)s differences are open.", n=item.open_items), "success")
        return redirect(self.url("show", pk=pk))  # type: ignore[attr-defined]

    @expose("/workbook/<int:pk>", methods=["POST"])
    @has_access
    def workbook(self, pk: int) -> Any:
        """Summary and differences as Excel; taking it is logged."""
        session: Any = self.session  # type: ignore[attr-defined]
        item: Reconciliation = self.load(pk)  # type: ignore[attr-defined]
        lang, buffer = formats.language(), BytesIO()
        rows = list_items(session, pk, limit=MOST_ROWS)
        meta = [
            _("As of %(at)s", at=format_datetime(item.compared_at, lang=lang)),
            *(f"{label}: {value}" for label, value, _tone, _anchor in _figures(item)),
        ]
        headers = [
            _("Number at CİMER"), _("Difference"), _("Row in the list"), _("Our application"),
            _("Their list says"), _("We say"), _("What became of it"), _("Explanation"), _("Note"),
        ]  # fmt: skip
        lines = (
            [
                one.external_ref,
                formats.translated(ITEM_KIND_LABELS[one.kind]),
                one.row_no,
                one.application.number if one.application is not None else "",
                ", ".join(fact_lines(one.theirs)),
                ", ".join(fact_lines(one.ours)),
                formats.translated(RESOLUTION_LABELS[one.resolution]),
                formats.translated(EXPLANATION_LABELS[one.reason]) if one.reason else "",
                one.note,
            ]
            for one in rows
        )
        title = formats.translated(self.label)  # type: ignore[attr-defined]
        count = write_xlsx(buffer, headers, lines, title=title, meta_lines=meta)
        ports.record_access(
            session,
            verb="export",
            entity="Reconciliation",
            record_id=pk,
            summary=f"xlsx, {count} rows",
            changes={},
        )
        buffer.seek(0)
        name = f"cimer-mutabakat-{item.period_from.isoformat()}.xlsx"
        return send_file(buffer, mimetype=XLSX, as_attachment=True, download_name=name)


def _told(refused: RuleViolation) -> list[tuple[str, str, str]]:
    """Violations as (id of the field, its label, the sentence)."""
    labels = {
        "file": _("List"),
        "period_from": _("From"),
        "period_to": _("Until"),
        "mapping": _("Column mapping"),
    }
    return [
        (
            one.field if one.field in labels else "",
            str(labels.get(one.field, "")),
            _(one.message) % dict(one.params) if one.params else _(one.message),
        )
        for one in refused.violations
    ]
