"""Preparing a batch: one text for each application, what is wrong with it, and mending that by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, LetterBatch, LetterBatchRow, Reply, ReplyTemplate
from app.applications.rules import (
    LetterBatchApproval,
    LetterBatchState,
    LetterRowState,
    ReplyKind,
    ReplyState,
)
from app.applications.services.letter_batches.choosing import Chosen, find_chosen
from app.applications.services.letter_rows import as_problem, count_rows
from app.applications.services.moves import check_verb, flush, refuse
from app.applications.services.outgoing import marks_of
from app.applications.services.reasons import reason_for
from app.applications.services.reply_texts import merge_template
from app.applications.services.wording import remedy_for, turkish
from app.core.acting import Actor
from app.core.outgoing import FINDING_LABELS, FindingKind, findings_in_text
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import clean

_NOT_NOW = N_("This batch has been sent for approval; its letters stand on their own now.")
_NO_LETTER = N_("No letter is written while the application stands here.")
_MERGED = N_("Its applicant gets the letter of the main case.")
_ON_ITS_WAY = N_("A letter to this applicant is on its way already.")
_FOREIGN = N_("The text holds what should not leave: %(what)s.")
_NOT_FINAL = N_("The final answer is written after the units have answered, or during assessment.")


def check_batcher(actor: Actor) -> None:
    """Require the right to prepare batches and to write letters, or raise RuleViolation."""
    check_verb(actor, "reply")
    if not actor.may("write", "LetterBatch"):
        raise refuse(N_("You may not write letters to many applicants at once."))


def create_batch(
    session: Session,
    *,
    title: str,
    template: ReplyTemplate,
    chosen: Chosen,
    actor: Actor,
    approval: LetterBatchApproval = LetterBatchApproval.TOGETHER,
) -> LetterBatch:
    """Choose the applications, fill the template for each, and note what is wrong with which.

    Nothing is written to any case yet. Raises RuleViolation for a batch without a name, without
    applications, or with too many.
    """
    check_batcher(actor)
    values = {"title": title, "template": template, **chosen.to_document()}
    if broken := tuple(rules.letter_batch_violations(values)):
        raise RuleViolation(broken)
    cases = find_chosen(session, chosen)
    batch = LetterBatch(
        title=clean(title),
        template_id=template.id,
        approval=LetterBatchApproval(approval),
        state=LetterBatchState.DRAFT,
        chosen=chosen.to_document(),
        is_restricted=any(case.is_restricted for case in cases),
    )
    session.add(batch)
    flush(session)
    busy = _on_their_way(session, [case.id for case in cases])
    for position, case in enumerate(cases, start=1):
        merged = merge_template(session, template, case, outcome_reason_id=chosen.outcome_reason)
        row = LetterBatchRow(
            batch_id=batch.id,
            application_id=case.id,
            position=position,
            body=merged.body,
            short_text=merged.short_text[:480],
        )
        unknown = [
            Violation("body", rules.FIELD_WITHOUT_VALUE, {"field": "{{" + name + "}}"})
            for name in merged.missing
        ]
        _settle(session, row, batch, template, case, unknown, is_busy=case.id in busy)
        session.add(row)
    count_rows(session, batch.id)
    return batch


def _on_their_way(session: Session, ids: Sequence[int]) -> set[int]:
    """Applications with a letter that is being approved or waits to be sent."""
    letters = Reply.__table__.c
    return set(
        session.execute(
            select(letters.application_id).where(
                letters.application_id.in_(ids),
                letters.state.in_([ReplyState.IN_APPROVAL, ReplyState.APPROVED]),
            )
        ).scalars()
    )


def _settle(
    session: Session,
    row: LetterBatchRow,
    batch: LetterBatch,
    template: ReplyTemplate,
    case: Application,
    more: Sequence[Violation] = (),
    *,
    is_busy: bool,
) -> None:
    """Note on a row what keeps its letter from going on; nothing makes it ready."""
    broken = _violations(session, row, batch, template, case, is_busy=is_busy)
    if more:
        # Which field is unknown says more than that there is a gap.
        gap = turkish(FINDING_LABELS[FindingKind.GAP])
        broken = [*more, *(v for v in broken if v.params.get("what") != gap)]
    row.problems = [as_problem(violation) for violation in broken]
    row.state = LetterRowState.PROBLEM if broken else LetterRowState.READY


def _violations(
    session: Session,
    row: LetterBatchRow,
    batch: LetterBatch,
    template: ReplyTemplate,
    case: Application,
    *,
    is_busy: bool,
) -> list[Violation]:
    answered = case.answered_at is not None
    if not rules.takes_own_letter(case.state, template.reply_kind, is_answered=answered):
        merged = case.state is rules.State.MERGED
        return [Violation("", _MERGED if merged else _NO_LETTER)]
    if is_busy:
        return [Violation("", _ON_ITS_WAY)]
    found = list(rules.reply_violations(letter_values(row, template, case), kind=case.kind))
    if template.reply_kind is ReplyKind.FINAL:
        if case.state not in rules.FINAL_REPLY_STATES | {rules.State.MERGED}:
            found.append(Violation("", _NOT_FINAL))
        try:
            reason_for(
                session, template.outcome, batch.chosen.get("outcome_reason"), kind=case.kind
            )
        except RuleViolation as missing:
            found += missing.violations
    own = marks_of(session, case)
    for text in (row.body, row.short_text):
        for one in findings_in_text(text, own=own)[:1]:
            found.append(Violation("body", _FOREIGN, {"what": turkish(FINDING_LABELS[one.kind])}))
    return found


def letter_values(
    row: LetterBatchRow, template: ReplyTemplate, case: Application
) -> dict[str, Any]:
    """What the letter of a row will hold, by the names of a letter's columns."""
    refuses = template.outcome in {rules.Outcome.REJECTED, rules.Outcome.PARTLY_RESOLVED}
    return {
        "kind": template.reply_kind,
        "outcome": template.outcome,
        "subject": turkish(N_("Your application numbered %(number)s"), number=case.number),
        "body": row.body,
        "short_text": row.short_text,
        "refusal_article": "",
        "remedy": remedy_for(case) if refuses else "",
    }


# --- mending -----------------------------------------------------------------------------------------
def _check_open(batch: LetterBatch, row: LetterBatchRow | None = None) -> None:
    if batch.state is not LetterBatchState.DRAFT or (row is not None and row.reply_id):
        raise refuse(_NOT_NOW)


def change_row(
    session: Session, *, row: LetterBatchRow, values: Mapping[str, str], actor: Actor
) -> LetterBatchRow:
    """Write other words into one letter of a batch and look at it again."""
    check_batcher(actor)
    batch = row.batch
    _check_open(batch, row)
    short_text = clean(values.get("short_text", ""), multiline=True)
    if len(short_text) > 480:
        raise refuse(N_("At most %(max)s characters."), "short_text", max=480)
    row.body = clean(values.get("body", ""), multiline=True)
    row.short_text = short_text
    case = row.application
    busy = _on_their_way(session, [case.id])
    _settle(session, row, batch, batch.template, case, is_busy=case.id in busy)
    count_rows(session, batch.id)
    return row


def leave_out(session: Session, *, row: LetterBatchRow, actor: Actor) -> LetterBatchRow:
    """Take one letter out of a batch; one that was left out is taken in again."""
    check_batcher(actor)
    batch = row.batch
    _check_open(batch, row)
    if row.state is LetterRowState.LEFT_OUT:
        case = row.application
        busy = _on_their_way(session, [case.id])
        _settle(session, row, batch, batch.template, case, is_busy=case.id in busy)
    else:
        row.state = LetterRowState.LEFT_OUT
    count_rows(session, batch.id)
    return row


def drop_batch(session: Session, *, batch: LetterBatch, actor: Actor) -> None:
    """Forget a batch that nobody has sent for approval."""
    check_batcher(actor)
    _check_open(batch)
    flush(session)
    session.execute(
        delete(LetterBatchRow).where(LetterBatchRow.batch_id == batch.id),
        execution_options={"synchronize_session": False},
    )
    session.expire(batch, ["rows"])
    batch.state = LetterBatchState.CANCELLED
    batch.letters = batch.problems = 0
    flush(session)
