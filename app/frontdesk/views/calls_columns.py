"""What the pages of an import of calls draw: fields with their columns, words, first rows, progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.applications.rules.imports import RUNNABLE_STATES, BatchState
from app.applications.services.imports import DATE_FORMATS, date_example, group_text
from app.core.acting import SYSTEM, acting_as
from app.core.identifiers import mask_phone, scrub
from app.core.imports import FieldMapping, read_rows
from app.core.imports import Mapping as Columns
from app.core.text import excerpt, format_datetime, format_number
from app.core.views import formats
from app.core.views.page import Cell
from app.frontdesk.models import CallImport
from app.frontdesk.rules.calls import DIRECTION_LABELS, RESULT_LABELS, RESULT_TONES
from app.frontdesk.rules.calls_import import PERSONAL_FIELDS, code_for_word
from app.frontdesk.services import calls_batches as batches
from app.frontdesk.services import calls_fields as fields
from app.frontdesk.services.calls_rows import Prepared
from app.frontdesk.views.calls_cells import seconds_text
from app.system.queries.jobs import find_job_status
from app.system.rules import JobState

Args = MultiDict[str, str]

SHOWN_ROWS = 10
CHECKED_ROWS = 2_000
_SAMPLE_ROWS = 20
_CODES: Mapping[str, Mapping[Any, str]] = {"direction": DIRECTION_LABELS, "result": RESULT_LABELS}


@dataclass(frozen=True)
class FieldRow:
    """A field with the column that fills it, an example out of the file and what is wrong."""

    name: str
    label: str
    help: str
    required: bool
    column: str
    sample: str
    date_format: str
    is_date: bool


@dataclass(frozen=True)
class WordTable:
    """The words of one column with the code that each means."""

    target: str
    label: str
    column: str
    words: Sequence[tuple[int, str, str, str]]
    options: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ColumnsPage:
    """Everything the columns page draws."""

    rows: Sequence[FieldRow]
    headers: Sequence[str]
    date_formats: Sequence[tuple[str, str]]
    tables: Sequence[WordTable]


def field_label(name: str) -> str:
    """The label of a field; empty for what is none of ours."""
    found = fields.field_named(name)
    return formats.translated(str(found.label)) if found is not None else ""


# --- columns -----------------------------------------------------------------------------------------------
def plan_from(form: Args, headers: Sequence[str], before: Columns) -> Columns:
    """The plan that a sent form describes."""
    made = []
    for one in fields.target_fields():
        column = form.get(f"column-{one.name}", "")
        if column not in headers:
            continue
        old = before.of(one.name)
        values = dict(old.values) if old is not None else {}
        if one.name in fields.WORD_FIELDS:
            values = _words_from(form, one.name, values)
        pattern = form.get(f"format-{one.name}", "")
        made.append(
            FieldMapping(
                one.name,
                (column,),
                values=values,
                date_format=pattern if pattern in DATE_FORMATS else "",
            )
        )
    return Columns(tuple(made))


def _words_from(form: Args, target: str, values: dict[str, str]) -> dict[str, str]:
    index = 0
    while (word := form.get(f"word-{target}-{index}")) is not None:
        code = form.get(f"code-{target}-{index}", "")
        if code in {str(getattr(c, "value", c)) for c in _CODES[target]}:
            values[word] = code
        else:
            values.pop(word, None)
        index += 1
    return values


def columns_page(session: Any, batch: CallImport, plan: Columns) -> ColumnsPage:
    """Fields with their columns; samples are masked where they name a person."""
    path, info = batches.file_of(session, batch)
    headers = batches.headers_of(batch)
    samples = _samples(list(islice(read_rows(path, info=info), _SAMPLE_ROWS)), headers)
    worded = {
        one.columns[0]: one.target
        for one in plan.fields
        if one.target in fields.WORD_FIELDS and one.columns
    }
    found = fields.words_of(path, info, worded)
    rows = []
    for one in fields.target_fields():
        used = plan.of(one.name)
        column = used.columns[0] if used is not None and used.columns else ""
        rows.append(
            FieldRow(
                name=one.name,
                label=field_label(one.name),
                help=formats.translated(fields.HELPS[one.name]) if one.name in fields.HELPS else "",
                required=one.required,
                column=column,
                sample=_shown(one.name, samples.get(column, "")),
                date_format=used.date_format if used is not None else "",
                is_date=one.name in fields.DATE_TARGETS,
            )
        )
    return ColumnsPage(
        rows=rows,
        headers=headers,
        date_formats=[(pattern, date_example(pattern)) for pattern in DATE_FORMATS],
        tables=[
            _table(plan, target, column, found[column])
            for column, target in worded.items()
            if column in found
        ],
    )


def _samples(
    rows: Sequence[tuple[int, Mapping[str, Any]]], headers: Sequence[str]
) -> dict[str, str]:
    return {
        header: next(
            (str(row[header]) for _no, row in rows if row.get(header) not in (None, "")), ""
        )
        for header in headers
    }


def _shown(name: str, sample: str) -> str:
    if not sample:
        return "–"
    if name in PERSONAL_FIELDS:
        return mask_phone(sample)
    return scrub(excerpt(sample, 40)) if name != "switch_id" else excerpt(sample, 40)


def _table(plan: Columns, target: str, column: str, words: Counter[str]) -> WordTable:
    used = plan.of(target)
    known = used.values if used is not None else {}
    return WordTable(
        target=target,
        label=field_label(target),
        column=column,
        words=[
            (index, word, format_number(n), known.get(word) or code_for_word(target, word))
            for index, (word, n) in enumerate(words.most_common())
        ],
        options=[
            (str(getattr(code, "value", code)), formats.translated(label))
            for code, label in _CODES[target].items()
        ],
    )


# --- preview -----------------------------------------------------------------------------------------------
def preview_page(session: Any, batch: CallImport) -> dict[str, Any]:
    """The first rows as they will become, and what a look at more of them says about all."""
    checked = batches.prepare_first(session, batch, limit=CHECKED_ROWS)
    good = [row for row in checked if not row.violations]
    known = batches.find_known(session, [str(row.values["switch_id"]) for row in good])
    refused = [row for row in checked if row.violations]
    reasons: Counter[tuple[str, str]] = Counter()
    filled: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in refused:
        found = {(one.field, one.message): one.params for one in row.violations}
        reasons.update(found.keys())
        filled = {**found, **filled}
    return {
        "rows": [_row(row, known) for row in checked[:SHOWN_ROWS]],
        "fresh": format_number(len(good) - len(known)),
        "known": format_number(len(known)),
        "refused": format_number(len(refused)),
        "refused_count": len(refused),
        "checked": format_number(len(checked)),
        "is_all": len(checked) < CHECKED_ROWS,
        "reasons": [
            (
                field_label(field),
                group_text(message, filled[field, message], formats.translated),
                format_number(n),
            )
            for (field, message), n in reasons.most_common(12)
        ],
    }


def _row(row: Prepared, known: set[str]) -> dict[str, Any]:
    if row.violations:
        return {
            "row_no": row.row_no,
            "problems": [
                (
                    field_label(one.field),
                    _(one.message) % dict(one.params) if one.params else _(one.message),
                )
                for one in row.violations
            ],
            "state": Cell("badge", _("Will be refused"), tone="bad"),
        }
    values = row.values
    here = str(values["switch_id"]) in known
    return {
        "row_no": row.row_no,
        "problems": [],
        "id": str(values["switch_id"]),
        "started": format_datetime(values["started_at"], lang=formats.language()),
        "direction": formats.translated(DIRECTION_LABELS[values["direction"]]),
        "number": mask_phone(values["number"]) if values["number"] else _("Number withheld"),
        "operator": _("recognised") if values["operator_id"] else "–",
        "wait": seconds_text(values["wait_seconds"]),
        "talk": seconds_text(values["talk_seconds"]),
        "state": Cell("badge", _("Here already, passed over"))
        if here
        else Cell(
            "badge",
            formats.translated(RESULT_LABELS[values["result"]]),
            tone=RESULT_TONES[values["result"]],
        ),
    }


# --- progress ----------------------------------------------------------------------------------------------
def steps_of(batch: CallImport) -> list[tuple[str, str]]:
    """The steps of an import with a word about each."""
    columns = len(batches.headers_of(batch))
    rows = _("%(n)s rows", n=format_number(batch.total_rows)) if batch.total_rows else ""
    return [
        (_("File"), batch.file_name),
        (_("Columns"), _("%(n)s columns", n=format_number(columns))),
        (_("Check"), _("first rows")),
        (_("Import"), rows),
        (_("Result"), _("refused rows")),
    ]


def progress_of(session: Any, batch: CallImport) -> dict[str, Any]:
    """State, percent, step and error; an import whose job has failed does not go on running for ever."""
    state, error = str(batch.state), batch.error
    if state in RUNNABLE_STATES and batch.job_id:
        # The job belongs to whoever ordered it; others who may read the import see its state too.
        with acting_as(SYSTEM):
            job = find_job_status(session, batch.job_id)
        if job is not None and job.state in {JobState.FAILED, JobState.CANCELLED}:
            state, error = BatchState.FAILED.value, job.error
    done = batch.created_rows + batch.known_rows + batch.rejected_rows
    step = ""
    if state in RUNNABLE_STATES and batch.total_rows:
        step = _(
            "%(done)s / %(total)s rows",
            done=format_number(done),
            total=format_number(batch.total_rows),
        )
    percent = 100 * done // batch.total_rows if batch.total_rows else 0
    return {"state": state, "progress": percent, "step": step, "error": error}
