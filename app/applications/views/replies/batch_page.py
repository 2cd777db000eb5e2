"""The page of a batch of letters: its worker, its figures, its letters with their problems, its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from app.applications import rules
from app.applications.models import Application, LetterBatch, LetterBatchRow, OutcomeReason, Topic
from app.applications.rules import LetterBatchAct, LetterBatchState, LetterRowState
from app.applications.services.letter_batches import Chosen, numbers_in
from app.core.acting import SYSTEM, acting_as, current_actor
from app.core.text import format_number
from app.core.views import formats
from app.core.views.beside import file_entries
from app.core.views.page import Button, Cell, Fact, FactGroup, ShowPage
from app.organisation.models import Unit
from app.system.queries.jobs import find_job_status

#: So many letters stand on the page of a batch; the others in their list.
SHOWN_ROWS = 50
_RUNNING = frozenset({"waiting", "running"})


@dataclass(frozen=True)
class BatchProgress:
    """How far the worker of a batch is."""

    state: str = ""
    percent: int = 0
    step: str = ""
    error: str = ""

    @property
    def is_running(self) -> bool:
        """Whether a worker is at it, or will be soon."""
        return self.state in _RUNNING


@dataclass(frozen=True)
class RowLine:
    """One letter as the page tells it."""

    url: str
    number: str
    subject: str
    state: Cell
    problems: Sequence[str]


def progress_of(session: Session, batch: LetterBatch) -> BatchProgress:
    """The state of the last act; its job belongs to whoever ordered it."""
    if batch.job_id is None:
        return BatchProgress()
    with acting_as(SYSTEM):
        job = find_job_status(session, batch.job_id)
    if job is None:
        return BatchProgress()
    return BatchProgress(str(job.state), job.percent, job.step, job.error)


def problem_words(problems: Sequence[Mapping[str, Any]] | None) -> list[str]:
    """The problems of a row in the reader's language."""
    told = []
    for one in problems or ():
        words, params = formats.translated(one["message"]), dict(one.get("params") or {})
        if "outcome" in params:
            params["outcome"] = formats.translated(params["outcome"])
        told.append(words % params if params else words)
    return told


def batch_page(view: Any, batch: LetterBatch, page: ShowPage) -> ShowPage:
    """The record page with everything that a batch has besides its columns."""
    session: Session = view.session
    progress = progress_of(session, batch)
    rows, total = _rows(session, batch)
    return replace(
        page,
        badges=[
            Cell(
                "badge",
                formats.translated(rules.LETTER_BATCH_STATE_LABELS[batch.state]),
                tone=rules.LETTER_BATCH_STATE_TONES[batch.state],
            )
        ],
        groups=[
            *page.groups,
            FactGroup(_("Which applications"), _chosen_facts(session, batch)),
        ],
        buttons=[] if progress.is_running else _buttons(view, batch),
        files=file_entries(session, batch),
        extra={
            "progress": progress,
            "poll_url": view.url("progress", pk=batch.id) if progress.is_running else "",
            "rows": rows,
            "figures": _figures(session, batch),
            "all_url": url_for("LetterBatchRowView.list", batch=batch.id)
            if total > len(rows)
            else "",
            "total": format_number(total),
        },
    )


def _rows(session: Session, batch: LetterBatch) -> tuple[list[RowLine], int]:
    """The first letters, those with a problem before the others, and how many there are."""
    row = LetterBatchRow
    bad = row.state.in_([LetterRowState.PROBLEM, LetterRowState.FAILED])
    found = session.scalars(
        select(row)
        .where(row.batch_id == batch.id)
        .options(
            joinedload(row.application).load_only(
                Application.number, Application.subject, Application.is_restricted
            )
        )
        .order_by(case((bad, 0), else_=1), row.position)
        .limit(SHOWN_ROWS + 1)
    ).all()
    total = len(found)
    if total > SHOWN_ROWS:
        total = int(
            session.scalar(select(func.count()).select_from(row).where(row.batch_id == batch.id))
            or 0
        )
    return [row_line(one) for one in found[:SHOWN_ROWS]], total


def row_line(row: LetterBatchRow) -> RowLine:
    """One letter."""
    return RowLine(
        url_for("LetterBatchRowView.show", pk=row.id),
        row.application.number,
        row.application.subject,
        Cell(
            "badge",
            formats.translated(rules.LETTER_ROW_STATE_LABELS[row.state]),
            tone=rules.LETTER_ROW_STATE_TONES[row.state],
        ),
        problem_words(row.problems),
    )


def _figures(session: Session, batch: LetterBatch) -> list[tuple[str, str, bool]]:
    """Words, number, and whether it is a bad one: letters by their state."""
    counted = dict(
        session.execute(
            select(LetterBatchRow.state, func.count())
            .where(LetterBatchRow.batch_id == batch.id)
            .group_by(LetterBatchRow.state)
        ).all()
    )
    bad = {LetterRowState.PROBLEM, LetterRowState.FAILED}
    return [
        (formats.translated(label), format_number(counted[state]), state in bad)
        for state, label in rules.LETTER_ROW_STATE_LABELS.items()
        if counted.get(state)
    ]


def _chosen_facts(session: Session, batch: LetterBatch) -> list[Fact]:
    chosen = Chosen.from_document(batch.chosen or {})
    facts = []

    def add(label: str, value: Any) -> None:
        if value:
            facts.append(Fact(label, Cell("text", str(value))))

    with acting_as(SYSTEM):
        if chosen.topic:
            add(_("Topic"), session.get(Topic, chosen.topic))
        if chosen.unit:
            add(_("Lead unit"), session.get(Unit, chosen.unit))
        if chosen.master:
            main = session.get(Application, chosen.master)
            add(_("Main case"), main.number if main is not None else "")
        if chosen.outcome_reason:
            add(_("Reason of the result"), session.get(OutcomeReason, chosen.outcome_reason))
    if numbers := numbers_in(chosen.numbers):
        add(_("Numbers"), ", ".join(numbers[:20]) + (" …" if len(numbers) > 20 else ""))
    elif chosen.state and not chosen.master:
        add(_("State"), formats.translated(rules.STATE_LABELS[chosen.state]))
    return facts


def _buttons(view: Any, batch: LetterBatch) -> list[Button]:
    """What can be ordered now, the next step first."""
    actor = current_actor()

    def act(label: str, which: LetterBatchAct, icon: str, confirm: str) -> Button:
        return Button(
            label, view.url("act", pk=batch.id), icon, post=True, primary=True, confirm=confirm,
            fields=[("act", which.value)],
        )  # fmt: skip

    buttons: list[Button] = []
    if batch.state is LetterBatchState.DRAFT:
        if view.may("write") and actor.may("reply", "Application"):
            buttons.append(
                Button(
                    _("Drop the batch"), view.url("drop", pk=batch.id), "trash", post=True,
                    danger=True, confirm=_("Its texts are forgotten; no application is touched."),
                )
            )  # fmt: skip
            if not batch.problems and batch.letters:
                buttons.append(
                    act(
                        _("Send for approval"), LetterBatchAct.SUBMIT, "send",
                        _(
                            "%(n)s letters become replies of their applications and wait for approval.",
                            n=format_number(batch.letters),
                        ),
                    )
                )  # fmt: skip
        return buttons
    if batch.state is LetterBatchState.CANCELLED:
        return buttons
    together = batch.approval is rules.LetterBatchApproval.TOGETHER
    may_turn = actor.may("approve", "Application") or actor.may("initial", "Application")
    session = view.session
    waiting = _has_rows(session, batch, LetterBatchAct.APPROVE)
    if together and waiting and may_turn:
        buttons.append(
            act(
                _("Approve the letters"), LetterBatchAct.APPROVE, "check",
                _("Your paraf or signature is given to every letter of the batch whose turn is yours."),
            )
        )  # fmt: skip
    may_send = actor.may("reply", "Application") or actor.may("approve", "Application")
    if may_send and _has_rows(session, batch, LetterBatchAct.SEND):
        send = act(
            _("Send the letters"), LetterBatchAct.SEND, "send",
            _("Every approved letter is looked at and sent; the applicants are told as they wished."),
        )  # fmt: skip
        buttons.append(replace(send, primary=not any(b.primary for b in buttons)))
    return buttons


def _has_rows(session: Session, batch: LetterBatch, act: LetterBatchAct) -> bool:
    return (
        session.execute(
            select(LetterBatchRow.id)
            .where(
                LetterBatchRow.batch_id == batch.id,
                LetterBatchRow.state.in_(sorted(rules.LETTER_ROWS_TAKEN_BY[act])),
            )
            .limit(1)
        ).first()
        is not None
    )
