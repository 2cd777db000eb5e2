"""The page of a run: what it will do, how far it is, what became of each application, what may be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import BulkRow, BulkRun
from app.applications.queries.bulk import count_reasons, count_rows, list_run_rows
from app.applications.rules import BulkRowState, BulkState
from app.applications.services import bulk
from app.applications.views.bulk.words import act_label, argument_lines, reason_text
from app.core import clock
from app.core.acting import Actor, current_actor
from app.core.text import format_datetime, format_number
from app.core.views import formats
from app.core.views.page import Button, Cell, ShowPage
from app.system.models import Job

#: Rows on the page; the rest stand in their own list.
SHOWN_ROWS = 50
_S = BulkRowState


@dataclass(frozen=True)
class RunRow:
    """A row as the page tells it."""

    number: str
    url: str
    subject: str
    state: Cell
    reason: str


@dataclass(frozen=True)
class RunResult:
    """What the template draws beside the facts."""

    act: str
    is_preview: bool
    is_moving: bool
    percent: int
    step: str
    poll_url: str
    figures: Sequence[tuple[str, str, str]]
    arguments: Sequence[tuple[str, str]]
    filters: Sequence[tuple[str, str]]
    problem: str
    note: str
    reasons: Sequence[tuple[str, str]]
    rows: Sequence[RunRow]
    more: str
    rows_url: str
    excel_url: str


def shown_state(run: BulkRun, job: Job | None) -> BulkState:
    """The state of a run; one whose work was given up does not go on running for ever."""
    return BulkState.FAILED if bulk.is_stuck(run, job) else run.state


def result_page(view: Any, run: BulkRun, page: ShowPage) -> ShowPage:
    """The record page with badges, buttons and figures of the run."""
    session: Session = view.session
    job = bulk.find_job(session, run)
    state, counts = shown_state(run, job), count_rows(session, run.id)
    badge = Cell(
        "badge",
        formats.translated(rules.BULK_STATE_LABELS[state]),
        tone=rules.BULK_STATE_TONES[state],
    )
    return replace(
        page,
        title=f"{act_label(run.act)} · {run}",
        badges=[badge],
        buttons=_buttons(view, run, state, counts),
        history=None,
        extra={"result": _result(view, run, state, job, counts)},
    )


def _buttons(
    view: Any, run: BulkRun, state: BulkState, counts: Mapping[BulkRowState, int]
) -> list[Button]:
    actor = current_actor()
    if not (view.may("write") and bulk.may_act(actor, run.act)):
        return []
    makers = {
        BulkState.DRAFT: _prepare_buttons,
        BulkState.PREVIEWED: _prepare_buttons,
        BulkState.AWAITING: _second_buttons,
        BulkState.WAITING: _stop_buttons,
        BulkState.RUNNING: _stop_buttons,
        BulkState.UNDOING: lambda view, run, actor, counts: [],
    }
    make = makers.get(state, _end_buttons)
    return make(view, run, actor, counts)


def _prepare_buttons(
    view: Any, run: BulkRun, actor: Actor, counts: Mapping[BulkRowState, int]
) -> list[Button]:
    if run.starter_id != actor.user_id:
        return []
    buttons = [
        Button(
            _("Discard"),
            view.url("discard", pk=run.id),
            "trash",
            post=True,
            confirm=_("Nothing has been done yet; the picked applications are forgotten."),
        ),
        Button(_("Change the values"), view.url("prepare", pk=run.id), "edit"),
    ]
    if run.state is BulkState.PREVIEWED and counts[_S.READY]:
        text = _(
            "%(act)s: %(n)s applications. It is done in your name and stands on each timeline.",
            act=act_label(run.act),
            n=format_number(counts[_S.READY], lang=formats.language()),
        )
        buttons.append(
            Button(
                _("Confirm"),
                view.url("confirm", pk=run.id),
                "check",
                post=True,
                primary=True,
                confirm=text,
                ask=("reason", _("Why is it done?"), True),
            )
        )
    return buttons


def _second_buttons(
    view: Any, run: BulkRun, actor: Actor, counts: Mapping[BulkRowState, int]
) -> list[Button]:
    buttons = _stop_buttons(view, run, actor, counts)
    if run.starter_id != actor.user_id:
        text = _(
            "%(act)s: %(n)s applications, in the name of %(who)s.",
            act=act_label(run.act),
            n=format_number(counts[_S.READY], lang=formats.language()),
            who=str(run.starter or ""),
        )
        buttons.append(
            Button(
                _("Confirm as the second person"),
                view.url("confirm", pk=run.id),
                "check",
                post=True,
                primary=True,
                confirm=text,
            )
        )
    return buttons


def _stop_buttons(
    view: Any, run: BulkRun, actor: Actor, counts: Mapping[BulkRowState, int]
) -> list[Button]:
    return [
        Button(
            _("Stop"),
            view.url("stop", pk=run.id),
            "pause",
            post=True,
            confirm=_("It stops at the next step; what was done stays and can be undone."),
        )
    ]


def _end_buttons(
    view: Any, run: BulkRun, actor: Actor, counts: Mapping[BulkRowState, int]
) -> list[Button]:
    buttons = []
    left = counts[_S.READY] + counts[_S.UNDO_WAITING]
    if left and run.starter_id == actor.user_id:
        buttons.append(
            Button(_("Go on"), view.url("resume", pk=run.id), "refresh", post=True, primary=True)
        )
    undoable = sum(counts[state] for state in rules.UNDOABLE_ROWS)
    broken = tuple(rules.undo_violations(run.act, run.state, until=run.undo_until, now=clock.now()))
    if undoable and not broken:
        buttons.append(
            Button(
                _("Undo all"),
                view.url("undo", pk=run.id),
                "undo",
                post=True,
                danger=True,
                confirm=_(
                    "%(n)s applications go back to where they stood, as far as nobody has gone on "
                    "with them.",
                    n=format_number(undoable, lang=formats.language()),
                ),
                ask=("reason", _("Why is it taken back?"), True),
            )
        )
    return buttons


def _result(
    view: Any, run: BulkRun, state: BulkState, job: Job | None, counts: Mapping[BulkRowState, int]
) -> RunResult:
    session, lang = view.session, formats.language()
    rows = list_run_rows(session, run.id, SHOWN_ROWS)
    is_preview = state in rules.PREPARED_STATES
    is_moving = state in rules.MOVING_STATES or state is BulkState.UNDOING
    percent = job.progress if job is not None and is_moving else 0
    rest = run.total_rows - len(rows)
    may_export = current_actor().may("export", "BulkRow")
    return RunResult(
        act=act_label(run.act),
        is_preview=is_preview,
        is_moving=is_moving,
        percent=percent,
        step=job.step if job is not None and is_moving else "",
        poll_url=view.url("progress", pk=run.id),
        figures=_figures(run, state, counts),
        arguments=argument_lines(session, run),
        filters=[(label, text) for label, text in run.filters or ()],
        problem=_problem(run, state, job),
        note=_note(run, state, counts),
        reasons=[
            (reason_text(reasons), format_number(n, lang=lang))
            for reasons, n in count_reasons(session, run.id)
            if reasons
        ],
        rows=[_row(row) for row in rows],
        more=_("%(n)s more applications are in the list.", n=format_number(rest, lang=lang))
        if rest > 0
        else "",
        rows_url=url_for("BulkRowView.list", run=run.id)
        if current_actor().may("read", "BulkRow")
        else "",
        excel_url=url_for("BulkRowView.export", run=run.id) if may_export else "",
    )


def _figures(
    run: BulkRun, state: BulkState, counts: Mapping[BulkRowState, int]
) -> list[tuple[str, str, str]]:
    """(label, number, tone) of what the rows have come to."""
    lang = formats.language()

    def number(*states: BulkRowState) -> str:
        return format_number(sum(counts[s] for s in states), lang=lang)

    picked = (_("Picked"), format_number(run.total_rows, lang=lang), "")
    if state in rules.PREPARED_STATES | {BulkState.AWAITING}:
        return [
            picked,
            (_("Possible"), number(_S.READY), ""),
            (_("Not possible"), number(_S.BARRED), ""),
        ]
    found = [
        picked,
        (_("Done"), number(_S.DONE, _S.KEPT, _S.UNDO_WAITING), ""),
        (_("Refused"), number(_S.REFUSED, _S.BARRED), "bad" if counts[_S.REFUSED] else ""),
        (_("Changed meanwhile"), number(_S.CHANGED), "bad" if counts[_S.CHANGED] else ""),
    ]
    if counts[_S.UNDONE] or counts[_S.KEPT]:
        found.append((_("Undone"), number(_S.UNDONE), ""))
    if counts[_S.READY]:
        found.append((_("Still to come"), number(_S.READY), ""))
    return found


def _problem(run: BulkRun, state: BulkState, job: Job | None) -> str:
    if state is BulkState.FAILED:
        return run.error or (job.error if job is not None else "")
    if state is BulkState.STOPPED:
        return _("It was stopped; what was done stays.")
    return ""


def _note(run: BulkRun, state: BulkState, counts: Mapping[BulkRowState, int]) -> str:
    """Until when it can be undone, or why it cannot."""
    if state not in rules.ENDED_STATES:
        return ""
    if counts[_S.UNDONE] and not any(counts[one] for one in rules.UNDOABLE_ROWS):
        return _("Everything that was done has been undone.")
    if run.act not in rules.UNDOABLE_ACTS:
        return formats.translated(rules.STAYS)
    if run.undo_until is None:
        return ""
    at = format_datetime(run.undo_until, lang=formats.language())
    if clock.now() > run.undo_until:
        return _("It could be undone until %(at)s.", at=at)
    return _("It can be undone until %(at)s.", at=at)


def _row(row: BulkRow) -> RunRow:
    case = row.application
    return RunRow(
        number=case.number,
        url=url_for("ApplicationView.show", pk=case.id),
        subject=case.subject,
        state=Cell(
            "badge",
            formats.translated(rules.BULK_ROW_STATE_LABELS[row.state]),
            tone=rules.BULK_ROW_STATE_TONES[row.state],
        ),
        reason=reason_text(row.reasons),
    )
