"""Runs over many applications: picked from a list, prepared, confirmed, watched, undone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import abort, flash, jsonify, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.applications import rules
from app.applications.models import Application, BulkRun
from app.applications.queries.bulk import count_picked_states
from app.applications.rules import BulkAct, BulkState
from app.applications.services import bulk
from app.applications.views.bulk.forms import arguments_of, form_for
from app.applications.views.bulk.result import result_page, shown_state
from app.applications.views.bulk.words import act_label
from app.core import clock
from app.core.acting import current_actor
from app.core.redirects import is_local_path
from app.core.rules import RuleViolation
from app.core.text import format_number
from app.core.views import BackOfficeView, Choice, Dates, Interface, Pick, formats, picking
from app.core.views.base import VERBS
from app.core.views.entities import view_of
from app.core.views.page import Cell, Crumb, FormPage, FormSection, ShowPage
from app.system.queries import get_number

#: So many picked cases are merged on a page of their own, where the main case is chosen among them.
MERGED_BY_HAND = 200


def is_mine() -> Any:
    """Runs that the actor has ordered."""
    return BulkRun.starter_id == current_actor().user_id


def waits_for_second() -> Any:
    """Runs that somebody else has to confirm."""
    return BulkRun.state == BulkState.AWAITING


class BulkRunView(BackOfficeView):
    """Acts over many applications with their previews and results."""

    datamodel = Interface(BulkRun)
    route_base = "/bulk-runs"
    class_permission_name = "BulkRun"
    method_permission_name = {
        **VERBS,
        "begin": "write",
        "prepare": "write",
        "confirm": "write",
        "stop": "write",
        "resume": "write",
        "discard": "write",
        "undo": "write",
        "progress": "read",
    }
    label = _l("Bulk act")
    label_plural = _l("Bulk acts")
    icon = "list"
    can_add = False
    can_edit = False
    has_history = False
    show_template = "applications/bulk_run.html"
    list_columns = [
        "id", "act", "state", "total_rows", "done_rows", "refused_rows", "undone_rows", "starter",
        "created_at",
    ]  # fmt: skip
    order_columns = ["id", "created_at"]
    base_order = ("id", "desc")
    export_columns = ["reason", "second", "confirmed_at", "finished_at"]
    show_fieldsets = [
        (
            _l("Bulk act"),
            {
                "fields": [
                    "reason", "starter", "created_at", "confirmed_at", "second", "finished_at",
                    "undo_until", "undo_reason",
                ]
            },
        ),
    ]  # fmt: skip
    label_columns = {
        "id": _l("Run no"),
        "act": _l("What is done"),
        "state": _l("State"),
        "total_rows": _l("Picked"),
        "ready_rows": _l("Possible"),
        "done_rows": _l("Done"),
        "refused_rows": _l("Not done"),
        "undone_rows": _l("Undone"),
        "starter": _l("Ordered by"),
        "second": _l("Confirmed by the second person"),
        "reason": _l("Reason"),
        "created_at": _l("Picked at"),
        "confirmed_at": _l("Confirmed at"),
        "finished_at": _l("Ended"),
        "undo_until": _l("Can be undone until"),
        "undo_reason": _l("Why it was undone"),
    }
    codes = {"act": rules.BULK_ACT_LABELS, "state": rules.BULK_STATE_LABELS}
    formats = {
        "id": lambda value, record: Cell("text", f"#{value}"),
        "state": formats.labelled(rules.BULK_STATE_LABELS, rules.BULK_STATE_TONES),
    }
    filters = (
        Choice("act", _l("What is done"), BulkRun.act, labels=rules.BULK_ACT_LABELS),
        Choice("state", _l("State"), BulkRun.state, labels=rules.BULK_STATE_LABELS),
        Pick("starter", _l("Ordered by"), BulkRun.starter_id, source="staff"),
        Dates("made", _l("Picked at"), BulkRun.created_at, instant=True),
    )
    tabs = (
        ("mine", _l("Mine"), is_mine, ""),
        ("second", _l("Waiting for a second person"), waits_for_second, "warn"),
        ("all", _l("All"), None, ""),
    )
    intro = _l(
        "Pick applications in their list, or all that a filter finds; the bar above them has the acts."
    )
    empty_text = _l("Pick applications in their list and choose an act in the bar above them.")

    def row_label(self, item: BulkRun) -> str:
        """What is done, and its number."""
        return f"{act_label(item.act)} {item}"

    def row_url(self, item: BulkRun) -> str:
        """A draft is gone on with where it was left."""
        is_own = item.starter_id == current_actor().user_id
        method = "prepare" if item.state is BulkState.DRAFT and is_own else "show"
        return str(self.url(method, pk=item.id))

    def show_page(self, item: BulkRun) -> ShowPage:
        """The record with what became of its rows."""
        return result_page(self, item, super().show_page(item))

    # --- picking -------------------------------------------------------------------------------------
    @expose("/begin", methods=["POST"])
    @has_access
    def begin(self) -> Any:
        """Keep what was picked in the list of applications, seen through its filters."""
        name = request.form.get("action", "")
        if name not in set(BulkAct):
            abort(400)
        act, view = BulkAct(name), view_of(Application.__name__)
        most = get_number(self.session, "bulk_rows_most")
        stmt = picking.picked(view, request.form)
        found = stmt.with_only_columns(Application.id, maintain_column_froms=True).order_by(None)
        ids = list(self.session.scalars(found.limit(most + 1)))
        is_all = picking.means_all(request.form)
        if act is BulkAct.MERGE and 0 < len(ids) <= MERGED_BY_HAND:
            return redirect(url_for("MergeView.choose", id=sorted(ids)))
        args = picking.list_args(request.form)
        filters = [(c.label, c.text) for c in view._chips(args)] if args is not None else []
        tab = view._tab(args) if args is not None else None
        if tab is not None:
            filters.insert(0, (_("List"), formats.translated(tab[1])))
        try:
            run = bulk.create_run(
                self.session,
                act=act,
                application_ids=ids,
                actor=current_actor(),
                whole_filter=is_all,
                filters=filters,
            )
        except RuleViolation as refused:
            self.session.rollback()
            for violation in refused.violations:
                text = formats.translated(violation.message)
                flash(text % violation.params if violation.params else text, "error")
            return redirect(self._back())
        self.session.commit()
        return redirect(self.url("prepare", pk=run.id))

    def _back(self) -> str:
        target = request.form.get("next", "")
        return target if is_local_path(target) else url_for("ApplicationView.list")

    @expose("/prepare/<int:pk>", methods=["GET", "POST"])
    @has_access
    def prepare(self, pk: int) -> Any:
        """The values of the act; sending them leads to the preview."""
        run = self.load(pk)
        if run.starter_id != current_actor().user_id or run.state not in rules.PREPARED_STATES:
            return redirect(self.url("show", pk=pk))
        form = form_for(run.act)(
            request.form if request.method == "POST" else None, data=_known(run)
        )
        if request.method == "POST" and form.validate():
            try:
                bulk.prepare_run(
                    self.session,
                    run=run,
                    arguments=arguments_of(form.values()),
                    actor=current_actor(),
                    now=clock.now(),
                )
                self.session.commit()
                return redirect(self.url("show", pk=pk))
            except RuleViolation as refused:
                self.session.rollback()
                form.add_violations(refused.violations)
                run = self.load(pk)
        errors = [(f.id, str(f.label.text), str(e)) for f in form for e in f.errors]
        errors += [("", "", str(e)) for e in form.form_errors]
        lang = formats.language()
        page = FormPage(
            title=act_label(run.act),
            crumbs=[
                Crumb(_("Applications"), url_for("ApplicationView.list")),
                Crumb(formats.translated(self.label_plural), self.url("list")),
                Crumb(str(run)),
            ],
            form=form,
            sections=[FormSection("", rules.ARGUMENTS_OF_ACT[run.act])],
            action=self.url("prepare", pk=pk),
            submit=_("Preview"),
            cancel_url=url_for("ApplicationView.list"),
            wide=frozenset({"note", "text"}),
            errors=errors,
            intro=_(
                "%(n)s applications are picked. The preview shows which of them allow it; nothing "
                "is changed before you confirm.",
                n=format_number(run.total_rows, lang=lang),
            ),
        )
        states = [
            (formats.translated(rules.STATE_LABELS[state]), format_number(n, lang=lang))
            for state, n in count_picked_states(self.session, run.id)
        ]
        return self.render_template(
            "applications/bulk_form.html", page=page, states=states, filters=run.filters or []
        ), 422 if errors else 200

    # --- going on --------------------------------------------------------------------------------------
    @expose("/confirm/<int:pk>", methods=["POST"])
    @has_access
    def confirm(self, pk: int) -> Any:
        """Order what the preview shows, or confirm it as the second person."""
        run = bulk.confirm_run(
            self.session,
            run=self.load(pk),
            actor=current_actor(),
            reason=request.form.get("reason", ""),
            now=clock.now(),
        )
        waits = run.state is BulkState.AWAITING
        self.session.commit()
        flash(
            _("A second person has to confirm so many applications; they have been told.")
            if waits
            else _("It has been ordered; you may leave this page."),
            "success",
        )
        return redirect(self.url("show", pk=pk))

    @expose("/stop/<int:pk>", methods=["POST"])
    @has_access
    def stop(self, pk: int) -> Any:
        """Stop a run that waits or is at work."""
        bulk.stop_run(self.session, run=self.load(pk), actor=current_actor(), now=clock.now())
        self.session.commit()
        flash(_("It has been stopped; what was done stays."), "success")
        return redirect(self.url("show", pk=pk))

    @expose("/resume/<int:pk>", methods=["POST"])
    @has_access
    def resume(self, pk: int) -> Any:
        """Go on with a run that was broken off."""
        bulk.resume_run(self.session, run=self.load(pk), actor=current_actor())
        self.session.commit()
        flash(_("It goes on where it was broken off."), "success")
        return redirect(self.url("show", pk=pk))

    @expose("/discard/<int:pk>", methods=["POST"])
    @has_access
    def discard(self, pk: int) -> Any:
        """Forget a run that was not confirmed."""
        bulk.discard_run(self.session, run=self.load(pk), actor=current_actor())
        self.session.commit()
        flash(_("The picked applications have been forgotten; nothing was done."), "success")
        return redirect(url_for("ApplicationView.list"))

    @expose("/undo/<int:pk>", methods=["POST"])
    @has_access
    def undo(self, pk: int) -> Any:
        """Take back everything that a run has done."""
        bulk.start_undo(
            self.session,
            run=self.load(pk),
            actor=current_actor(),
            reason=request.form.get("reason", ""),
            now=clock.now(),
        )
        self.session.commit()
        flash(_("It is being taken back; you may leave this page."), "success")
        return redirect(self.url("show", pk=pk))

    @expose("/progress/<int:pk>")
    @has_access
    def progress(self, pk: int) -> Any:
        """How far a run is, for the page that waits: {state, progress, step}."""
        run = self.load(pk)
        job = bulk.find_job(self.session, run)
        moving = shown_state(run, job) in rules.MOVING_STATES | {BulkState.UNDOING}
        return jsonify(
            state="running" if moving else "done",
            progress=job.progress if job is not None else 0,
            step=job.step if job is not None else "",
        )


def _known(run: BulkRun) -> dict[str, Any]:
    """What was typed before, for the form that is opened again."""
    known = dict(run.arguments or {})
    if known.get("due_on"):
        known["due_on"] = dt.date.fromisoformat(known["due_on"])
    if known.get("priority"):
        known["priority"] = rules.Priority(known["priority"])
    return known
