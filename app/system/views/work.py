"""Background work: the own jobs, one page for each with its progress, stopping and trying again."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, jsonify, redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from app.core.rules import RuleViolation
from app.core.views import BackOfficeView, Choice, Dates, Interface, formats
from app.core.views.base import VERBS
from app.core.views.page import Button, Cell, Crumb
from app.system.models import Job
from app.system.queries.jobs import find_job_status
from app.system.rules import JOB_STATE_LABELS, AuditVerb, JobState
from app.system.services import audit, jobs
from app.system.services.requests import HIDDEN_KINDS

JOB_TONES = {
    JobState.WAITING: "wait",
    JobState.RUNNING: "info",
    JobState.DONE: "ok",
    JobState.FAILED: "bad",
}


def progress_cell(value: Any, job: Any) -> Cell:
    """A bar while the work runs."""
    if job.state is not JobState.RUNNING:
        return formats.EMPTY
    return Cell("progress", job.step, value=value)


def result_links(job: Job) -> list[dict[str, str]]:
    """Where the outcome lies: files by key, pages by address, as handlers name them."""
    result = job.result or {}
    links = [
        {"label": str(link.get("label") or _("Open")), "url": str(link["url"])}
        for link in result.get("links", ())
        if str(link.get("url", "")).startswith("/")
    ]
    keys = [*result.get("attachments", ()), result.get("attachment_id")]
    links += [
        {"label": _("Download"), "url": url_for("AttachmentView.fetch", pk=key)}
        for key in keys
        if isinstance(key, int)
    ]
    url = result.get("url")
    if isinstance(url, str) and url.startswith("/") and not url.startswith("//"):
        links.append({"label": _("Open"), "url": url})
    return links


class JobView(BackOfficeView):
    """Reports, imports and exports that run in the background."""

    datamodel = Interface(Job)
    route_base = "/jobs"
    class_permission_name = "Job"
    method_permission_name = {**VERBS, "progress": "read", "retry": "read", "cancel": "read"}
    label = _l("Background job")
    label_plural = _l("Background jobs")
    icon = "clock"
    can_add = False
    can_edit = False
    has_history = False
    link_column = "title"
    list_columns = ["title", "state", "progress", "created_at", "finished_at", "error"]
    order_columns = ["created_at", "finished_at"]
    base_order = ("id", "desc")
    show_fieldsets = [
        (_l("Background job"), {"fields": ["title", "kind", "state", "step", "error"]}),
        (_l("Times"), {"fields": ["created_at", "started_at", "finished_at", "attempts"]}),
    ]
    label_columns = {
        "title": _l("Background job"),
        "kind": _l("Kind of work"),
        "state": _l("State"),
        "progress": _l("Progress"),
        "step": _l("Step"),
        "error": _l("What went wrong"),
        "created_at": _l("Ordered at"),
        "started_at": _l("Begun at"),
        "finished_at": _l("Ended at"),
        "attempts": _l("Tries"),
    }
    formats = {
        "state": formats.labelled(JOB_STATE_LABELS, JOB_TONES),
        "progress": progress_cell,
    }
    codes = {"state": JOB_STATE_LABELS}
    filters = (
        Choice("state", _l("State"), Job.state, labels=JOB_STATE_LABELS),
        Dates("created", _l("Ordered at"), Job.created_at, instant=True),
    )
    empty_text = _l("Reports, imports and exports that you order appear here with their progress.")

    def base_query(self) -> Select[Any]:
        """Work of people only."""
        return select(Job).where(Job.kind.not_in(HIDDEN_KINDS))

    @expose("/show/<int:pk>")
    @has_access
    def show(self, pk: int) -> Any:
        """The page of a job; while it runs the page asks how far it is."""
        job = self.load(pk)
        buttons = []
        if job.state in {JobState.WAITING, JobState.RUNNING}:
            text = _(
                "“%(title)s” will be stopped; what it has done so far is taken back.",
                title=str(job),
            )
            buttons.append(
                Button(
                    _("Stop"),
                    self.url("cancel", pk=pk),
                    "close",
                    post=True,
                    danger=True,
                    confirm=text,
                )
            )
        if job.state in {JobState.FAILED, JobState.CANCELLED}:
            buttons.append(
                Button(_("Try again"), self.url("retry", pk=pk), "undo", post=True, primary=True)
            )
        return self.render_template(
            "system/job.html",
            job={
                "title": str(job),
                "state": job.state.value,
                "progress": job.progress if job.state is JobState.RUNNING else None,
                "step": job.step,
                "error": job.error,
                "results": result_links(job),
            },
            poll_url=self.url("progress", pk=pk),
            trail=[Crumb(formats.translated(self.label_plural), self.url("list"))],
            buttons=buttons,
        )

    @expose("/progress/<int:pk>")
    @has_access
    def progress(self, pk: int) -> Any:
        """How far a job is, as JSON."""
        found = find_job_status(self.session, pk)
        if found is None:
            abort(404)
        return jsonify(
            state=found.state.value,
            progress=found.percent if found.state is JobState.RUNNING else None,
            step=formats.translated(found.step) if found.step else "",
            error=found.error,
        )

    @expose("/retry/<int:pk>", methods=["POST"])
    @has_access
    def retry(self, pk: int) -> Any:
        """Try a failed job again."""
        return self._turn(pk, jobs.retry, _("The job waits for its turn again."))

    @expose("/cancel/<int:pk>", methods=["POST"])
    @has_access
    def cancel(self, pk: int) -> Any:
        """Stop a job that has not ended."""
        return self._turn(pk, jobs.cancel, _("The job has been stopped."))

    def _turn(self, pk: int, act: Any, done: str) -> Any:
        job = self.load(pk)
        try:
            act(self.session, job=job)
            audit.record(
                self.session,
                verb=AuditVerb.UPDATE,
                entity="Job",
                record_id=pk,
                summary=f"{act.__name__} {job.kind}",
            )
            self.session.commit()
            flash(done, "success")
        except RuleViolation as refused:
            self.session.rollback()
            for one in refused.violations:
                flash(_(one.message) % dict(one.params) if one.params else _(one.message), "error")
        return redirect(self.url("show", pk=pk))
