"""The page of an import: how far it is, what became of its rows, what may be done next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.applications.models import ImportBatch
from app.applications.queries.imports import (
    count_reasons,
    find_span,
    list_refused_rows,
)
from app.applications.rules.imports import (
    BATCH_STATE_LABELS,
    BATCH_STATE_TONES,
    PERSONAL_FIELDS,
    RUNNABLE_STATES,
    BatchState,
)
from app.applications.services import imports
from app.applications.views.imports.news import news_of
from app.applications.views.imports.preview import field_label
from app.core.acting import SYSTEM, acting_as, current_actor
from app.core.identifiers import scrub
from app.core.text import excerpt, format_number
from app.core.views import formats
from app.core.views.page import Button, Cell, HistoryEntry, ShowPage
from app.system.queries.jobs import JobStatus, find_job_status
from app.system.rules import JobState

SHOWN_ROWS = 50


@dataclass(frozen=True)
class RefusedRow:
    """A refused row as the page tells it."""

    row_no: int
    number: str
    reasons: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Progress:
    """How far a running import is."""

    state: str
    percent: int
    step: str
    error: str = ""


@dataclass(frozen=True)
class Result:
    """What the template draws beside the facts."""

    progress: Progress
    is_running: bool
    created: str
    created_url: str
    known: str
    refused: str
    waiting: str
    refused_count: int
    rows: Sequence[RefusedRow]
    more: str
    reasons: Sequence[tuple[str, str, str]]
    rejects: Button | None
    poll_url: str
    problem: str
    steps: Sequence[tuple[str, str]]
    step: int


def steps_of(batch: ImportBatch) -> list[tuple[str, str]]:
    """The steps of an import with a word about each."""
    columns = len(imports.headers_of(batch))
    return [
        (_("File"), batch.file_name),
        (_("Columns"), _("%(n)s columns", n=format_number(columns))),
        (_("Check"), _("first rows")),
        (
            _("Import"),
            _("%(n)s rows", n=format_number(batch.total_rows)) if batch.total_rows else "",
        ),
        (_("Result"), _("refused rows")),
    ]


def progress_of(session: Session, batch: ImportBatch) -> Progress:
    """The state of an import; one whose job has failed does not go on running for ever."""
    job = _job(session, batch)
    state, error = batch.state, batch.error
    if (
        state in RUNNABLE_STATES
        and job is not None
        and job.state in {JobState.FAILED, JobState.CANCELLED}
    ):
        state, error = BatchState.FAILED, job.error
    done = batch.created_rows + batch.known_rows + batch.rejected_rows
    percent = 100 * done // batch.total_rows if batch.total_rows else 0
    step = ""
    if state in RUNNABLE_STATES and batch.total_rows:
        step = _(
            "%(done)s / %(total)s rows",
            done=format_number(done),
            total=format_number(batch.total_rows),
        )
    return Progress(str(state), percent, step, error)


def _job(session: Session, batch: ImportBatch) -> JobStatus | None:
    # The job belongs to whoever ordered the import; others who may read the import see its state too.
    with acting_as(SYSTEM):
        return find_job_status(session, batch.job_id) if batch.job_id else None


def result_page(view: Any, batch: ImportBatch, page: ShowPage) -> ShowPage:
    """The record page with badges, buttons and figures of the import."""
    session: Session = view.session
    progress = progress_of(session, batch)
    badge = Cell(
        "badge",
        formats.translated(BATCH_STATE_LABELS.get(progress.state, progress.state)),
        tone=BATCH_STATE_TONES.get(progress.state, ""),
    )
    return replace(
        page,
        history=_history(view, page),
        badges=[badge],
        buttons=_buttons(view, batch, progress),
        menu=[],
        extra={"result": _result(view, batch, progress), "news": news_of(session, batch)},
    )


def _history(view: Any, page: ShowPage) -> list[HistoryEntry] | None:
    """The trail without keys, digests and the stored form of the plan, which say nothing to a reader."""
    if page.history is None:
        return None
    hidden = {view.label_of(name) for name in ("document", "job_id", "mapping_id", "file_sha256")}
    entries = [
        replace(entry, changes=[change for change in entry.changes if change[0] not in hidden])
        for entry in page.history
    ]
    return [entry for entry in entries if entry.changes or entry.note]


def _buttons(view: Any, batch: ImportBatch, progress: Progress) -> list[Button]:
    buttons = []
    url = view.url
    if view.may("write"):
        if progress.state == BatchState.DRAFT:
            buttons.append(Button(_("Go on"), url("preview", pk=batch.id), "right", primary=True))
        elif progress.state in {BatchState.STOPPED, BatchState.FAILED}:
            buttons.append(
                Button(
                    _("Go on with the import"),
                    url("start", pk=batch.id),
                    "refresh",
                    post=True,
                    primary=True,
                )
            )
        elif progress.state in RUNNABLE_STATES:
            buttons.append(
                Button(
                    _("Stop"), url("stop", pk=batch.id), "pause", post=True,
                    confirm=_("The import stops at the next step; what was taken over stays."),
                )
            )  # fmt: skip
    if batch.created_rows and current_actor().may("read", "Application"):
        buttons.append(Button(_("Open the applications"), applications_url(batch), "inbox"))
        if charts := charts_url(view.session, batch):
            buttons.append(Button(_("Charts"), charts, "chart"))
    return buttons


def applications_url(batch: ImportBatch) -> str:
    """The list of what this import has made."""
    return url_for("ApplicationView.list", batch=batch.id, tab="all")


def charts_url(session: Session, batch: ImportBatch) -> str:
    """The charts over the days of these applications; empty while there are no charts."""
    span = find_span(session, batch.id)
    if span is None or "ApplicationChart.charts" not in current_app.view_functions:
        return ""
    return url_for(
        "ApplicationChart.charts",
        received_from=span[0].isoformat(),
        received_to=span[1].isoformat(),
        batch=batch.id,
    )


def _result(view: Any, batch: ImportBatch, progress: Progress) -> Result:
    lang = formats.language()
    done = batch.created_rows + batch.known_rows + batch.rejected_rows
    may_see = current_actor().may("read", "ImportRow")
    rows = (
        list_refused_rows(view.session, batch.id, SHOWN_ROWS)
        if batch.rejected_rows and may_see
        else []
    )
    plan = imports.plan_of_batch(batch)
    rest = batch.rejected_rows - len(rows)
    rejects = None
    if batch.rejected_rows and view_may_export():
        rejects = Button(
            _("Excel, with the reasons"), view.url("rejects", pk=batch.id), "download", post=True
        )
    return Result(
        progress=progress,
        is_running=progress.state in RUNNABLE_STATES,
        created=format_number(batch.created_rows, lang=lang),
        created_url=applications_url(batch) if batch.created_rows else "",
        known=format_number(batch.known_rows, lang=lang),
        refused=format_number(batch.rejected_rows, lang=lang),
        waiting=format_number(max(batch.total_rows - done, 0), lang=lang),
        refused_count=batch.rejected_rows,
        rows=[_refused(plan, row) for row in rows],
        more=_("%(n)s more rows are in the file of refused rows.", n=format_number(rest))
        if rows and rest > 0
        else "",
        reasons=[
            (
                field_label(name),
                imports.group_text(message, params, formats.translated),
                format_number(count, lang=lang),
            )
            for name, message, params, count in (
                count_reasons(view.session, batch.id)[:8] if rows else ()
            )
        ],
        rejects=rejects,
        poll_url=view.url("progress", pk=batch.id),
        problem=_problem(batch, progress),
        steps=steps_of(batch),
        step={BatchState.DRAFT: 2, BatchState.DONE: 4}.get(BatchState(progress.state), 3),
    )


def view_may_export() -> bool:
    """Whether the actor may take the file of refused rows, which has the cells whole."""
    return current_actor().may("export", "ImportRow")


def _problem(batch: ImportBatch, progress: Progress) -> str:
    """Why an import ended early, and what that leaves behind."""
    if progress.state not in {BatchState.FAILED, BatchState.STOPPED}:
        return ""
    done = batch.created_rows + batch.known_rows + batch.rejected_rows
    if not done:
        kept = _("Nothing was taken over.")
    else:
        kept = _(
            "%(done)s of %(total)s rows were dealt with and stay; the import can be gone on with.",
            done=format_number(done),
            total=format_number(batch.total_rows),
        )
    return f"{progress.error} {kept}".strip()


def _refused(plan: imports.Plan, row: Any) -> RefusedRow:
    source = plan.mapping.of("external_ref")
    number = " ".join(str(row.values.get(c) or "") for c in source.columns) if source else ""
    return RefusedRow(
        row.row_no,
        excerpt(number, 40),
        list(imports.reason_texts(row.reasons, formats.translated)),
    )


def masked_cell(plan: imports.Plan, heading: str, value: Any) -> str:
    """A cell of a refused row as a page may show it: what names or reaches a person is hidden."""
    targets = {one.target for one in plan.mapping.fields if heading in one.columns}
    if targets & PERSONAL_FIELDS:
        return "***"
    return str(value) if "external_ref" in targets else scrub(str(value))
