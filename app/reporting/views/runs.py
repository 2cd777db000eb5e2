"""Screen of the runs: the library, ordering, progress and one run with its files.

What stands in a cell is made in `cells`, the form of a report in `forms`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload

from app.core import clock
from app.core.acting import current_actor
from app.core.reports import Parameter, ParameterKind, Report, find_report, list_reports
from app.core.rules import RuleViolation
from app.core.text import format_date, format_datetime, format_percent
from app.core.views import BackOfficeView, Choice, Dates, Interface, Words, fields, formats
from app.core.views.base import VERBS
from app.core.views.forms import BackOfficeForm
from app.core.views.page import Button, Crumb, FormPage, FormSection, ShowPage
from app.reporting import queries, rules, services
from app.reporting.models import ReportRun
from app.reporting.rules import OPEN_RUNS, RunState
from app.reporting.views.cells import (
    ReportNames,
    RunCard,
    Shelf,
    as_of_cell,
    file_words,
    files_cell,
    orderer_cell,
    report_cell,
    state_cell,
)
from app.reporting.views.forms import form_of
from app.system.queries.jobs import find_job_status


class ReportRunView(BackOfficeView):
    """Reports that were made or are being made, with their files and the moment they are of."""

    datamodel = Interface(ReportRun)
    route_base = "/report-runs"
    class_permission_name = "ReportRun"
    method_permission_name = {
        **VERBS,
        "library": "read",
        "progress": "read",
        "new": "write",
        "again": "write",
        "remove": "write",
    }
    label = _l("Report")
    label_plural = _l("Reports made")
    icon = "chart"
    can_add = False
    can_edit = False
    can_delete = False
    show_template = "reporting/run.html"

    list_columns = ["title", "state", "as_of", "files", "orderer", "created_at"]
    order_columns = ["title", "as_of", "created_at"]
    base_order = ("id", "desc")
    export_columns = ["report_key", "finished_at"]
    show_fieldsets = [
        (
            _l("Report"),
            {"fields": ["report_key", "state", "as_of", "orderer", "created_at", "finished_at"]},
        ),
    ]
    label_columns = {
        "title": _l("Report"),
        "report_key": _l("Kind of report"),
        "state": _l("State"),
        "as_of": _l("Figures as of"),
        "files": _l("Files"),
        "orderer": _l("Ordered by"),
        "created_at": _l("Ordered"),
        "finished_at": _l("Ended"),
        "error": _l("Why it failed"),
    }
    codes = {"report_key": ReportNames(), "state": rules.RUN_STATE_LABELS}
    formats = {
        "state": state_cell,
        "files": files_cell,
        "as_of": as_of_cell,
        "orderer": orderer_cell,
        "report_key": report_cell,
    }
    list_options = (joinedload(ReportRun.job), selectinload(ReportRun.files))
    show_options = list_options
    search = Words(
        "q",
        _l("Search in this list"),
        also=lambda session, query: [ReportRun.title.icontains(query, autoescape=True)],
    )
    filters = (
        Choice("state", _l("State"), ReportRun.state, labels=rules.RUN_STATE_LABELS),
        Choice("report", _l("Kind of report"), ReportRun.report_key, labels=ReportNames()),
        Dates("created", _l("Ordered"), ReportRun.created_at, instant=True),
    )
    tabs = (
        ("all", _l("All"), None, ""),
        ("mine", _l("Mine"), lambda: ReportRun.created_by_id == current_actor().user_id, ""),
        ("open", _l("Being made"), lambda: ReportRun.state.in_(sorted(OPEN_RUNS)), "info"),
        ("failed", _l("Failed"), lambda: ReportRun.state == RunState.FAILED, "bad"),
    )
    empty_text = _l(
        "A report you order is kept here with its files and the moment its figures are of."
    )

    def list_buttons(self) -> list[Button]:
        """The way to the library, where a report is ordered."""
        if not self.may("write"):
            return []
        return [Button(_("New report"), self.url("library"), "plus", primary=True, key="N")]

    # --- the library ---------------------------------------------------------------------------------
    @expose("/library")
    @has_access
    def library(self) -> Any:
        """Every report the actor may order, what is being made and what was made last."""
        lang, last = formats.language(), queries.find_last_done(self.session)
        groups: dict[str, list[tuple[str, str, str, str]]] = {}
        for report in self._offered():
            moment = last.get(report.key)
            groups.setdefault(formats.translated(report.group), []).append(
                (
                    formats.translated(report.title),
                    formats.translated(report.description),
                    format_date(clock.to_local(moment), lang=lang) if moment else _("never"),
                    self.url("new", key=report.key) if self.may("write") else "",
                )
            )
        cards = [self._card(run) for run in queries.list_runs(self.session)]
        return self.render_template(
            "reporting/library.html",
            title=_("Report library"),
            shelves=[Shelf(title, rows) for title, rows in groups.items()],
            running=[card for card in cards if card.poll_url],
            recent=[card for card in cards if not card.poll_url],
            runs_url=self.url("list"),
        )

    def _offered(self) -> list[Report]:
        actor = current_actor()
        return [r for r in list_reports() if not r.resource or actor.may("read", r.resource)]

    def _card(self, run: ReportRun) -> RunCard:
        lang, state = formats.language(), queries.state_of(run)
        who = run.orderer.name if run.orderer is not None else _("System")
        moment = run.as_of or run.created_at
        note = f"{format_datetime(moment, lang=lang)} · {who}"
        percent = run.job.progress if run.job is not None else 0
        return RunCard(
            title=run.title,
            url=self.url("show", pk=run.id),
            badge=state_cell(None, run),
            note=f"{note} · {run.error}" if state is RunState.FAILED and run.error else note,
            files=[(file_words(f), url_for("AttachmentView.fetch", pk=f.id)) for f in run.files],
            progress=percent,
            progress_text=format_percent(percent, decimals=0, lang=lang),
            step=(run.job.step if run.job is not None else "") or _("Waiting for its turn"),
            poll_url=self.url("progress", pk=run.id) if state in OPEN_RUNS else "",
        )

    # --- ordering --------------------------------------------------------------------------------------
    @expose("/new/<string:key>", methods=["GET", "POST"])
    @has_access
    def new(self, key: str) -> Any:
        """The form of one report; sending it orders the report."""
        report = next((one for one in self._offered() if one.key == key), None) or abort(404)
        form_class = form_of(report)
        if request.method == "POST":
            form = form_class(request.form)
            run = self._request(report, form)
            if run is not None:
                return redirect(self.url("show", pk=run.id))
        else:
            form = form_class(data=report.defaults(clock.today()))
        errors = [(f.id, str(f.label.text), str(e)) for f in form for e in f.errors]
        errors += [("", "", str(e)) for e in form.form_errors]
        page = FormPage(
            title=formats.translated(report.title),
            crumbs=[Crumb(_("Report library"), self.url("library"))],
            form=form,
            sections=[FormSection("", [p.name for p in report.parameters])],
            action=self.url("new", key=key),
            submit=_("Make the report"),
            cancel_url=self.url("library"),
            errors=errors,
            intro=formats.translated(report.description),
        )
        return self.render_template("reporting/new.html", page=page), 422 if errors else 200

    def _request(self, report: Report, form: BackOfficeForm) -> ReportRun | None:
        if not form.validate():
            return None
        given = {name: value for name, value in form.values().items() if value not in (None, "")}
        try:
            with force_locale(services.LANG):
                run = services.request_run(
                    self.session, key=report.key, parameters=given, actor=current_actor()
                )
            self.session.commit()
            return run
        except RuleViolation as refused:
            self.session.rollback()
            form.add_violations(refused.violations)
            return None

    @expose("/again/<int:pk>", methods=["POST"])
    @has_access
    def again(self, pk: int) -> Any:
        """The same report with the same parameters, as of now."""
        with force_locale(services.LANG):
            run = services.repeat_run(self.session, run=self.load(pk), actor=current_actor())
        self.session.commit()
        return redirect(self.url("show", pk=run.id))

    @expose("/remove/<int:pk>", methods=["POST"])
    @has_access
    def remove(self, pk: int) -> Any:
        """Delete an own run with its files."""
        run = self.load(pk)
        title = run.title
        services.remove_run(self.session, run=run, actor=current_actor())
        self.session.commit()
        flash(_("%(name)s has been deleted.", name=title), "success")
        return redirect(self.url("list"))

    @expose("/progress/<int:pk>")
    @has_access
    def progress(self, pk: int) -> Any:
        """How far a report is, as JSON for the page that waits."""
        run = self.load(pk)
        status = find_job_status(self.session, run.job_id) if run.job_id else None
        percent = status.percent if status is not None else 0
        return jsonify(
            state=queries.state_of(run).value,
            progress=percent,
            progress_text=format_percent(percent, decimals=0, lang=formats.language()),
            step=(status.step if status is not None else "") or _("Waiting for its turn"),
        )

    # --- one run -----------------------------------------------------------------------------------------
    def show_page(self, item: ReportRun) -> ShowPage:
        """Facts, figures and files; while it is being made, how far it is."""
        page = super().show_page(item)
        state = queries.state_of(item)
        buttons = [
            Button(
                file_words(f),
                url_for("AttachmentView.fetch", pk=f.id),
                "download",
                primary=f.mime == services.PDF,
            )
            for f in item.files
        ]
        if (
            self.may("write")
            and state not in OPEN_RUNS
            and find_report(item.report_key) is not None
        ):
            buttons.append(
                Button(_("Make again"), self.url("again", pk=item.id), "chart", post=True)
            )
        menu = []
        if (
            state not in OPEN_RUNS
            and item.created_by_id == current_actor().user_id
            and self.may("write")
        ):
            text = _("%(name)s and its files will be deleted for good.", name=item.title)
            menu.append(
                Button(
                    _("Delete"),
                    self.url("remove", pk=item.id),
                    "trash",
                    post=True,
                    danger=True,
                    confirm=text,
                )
            )
        extra = {
            "card": self._card(item),
            "figures": (item.figures or {}).get("items", []),
            "error": item.error if state is RunState.FAILED else "",
            "waits": item.error if state in OPEN_RUNS else "",
            "parameters": self._parameters(item),
        }
        return replace(
            page, buttons=buttons, menu=menu, badges=[state_cell(None, item)], extra=extra
        )

    def _parameters(self, item: ReportRun) -> list[tuple[str, str]]:
        """What was chosen, in words."""
        report = find_report(item.report_key)
        if report is None:
            return []
        return [
            (formats.translated(p.label), self._value(p, item.parameters[p.name]))
            for p in report.parameters
            if item.parameters.get(p.name) is not None
        ]

    def _value(self, parameter: Parameter, value: Any) -> str:
        if parameter.kind is ParameterKind.CHOICE:
            return formats.translated((parameter.choices or {}).get(value, value))
        if parameter.kind is ParameterKind.RECORD:
            field = fields.LookupField(source=parameter.lookup).bind(
                BackOfficeForm(), parameter.name
            )
            field.process_data(value)
            return field.data_label or str(value)
        return str(value)
