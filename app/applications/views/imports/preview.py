"""What the preview of an import shows: the first rows as they will become, and what is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import ImportBatch
from app.applications.rules.imports import SOURCE_STATUS_LABELS, SourceStatus
from app.applications.services import imports
from app.core.identifiers import mask_name
from app.core.text import excerpt, format_date, format_datetime, format_number
from app.core.views import formats
from app.core.views.page import Cell
from app.organisation.models import District, Neighbourhood

SHOWN_ROWS = 10
CHECKED_ROWS = 2_000


@dataclass(frozen=True)
class PreviewRow:
    """A row as it will become, or why it is refused."""

    row_no: int
    number: str
    received: str
    applicant: Cell
    kind: str
    subject: str
    topic: str
    place: str
    state: Cell
    due: str
    problems: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class PreviewPage:
    """The first rows, and what a look at more of them says about all."""

    rows: Sequence[PreviewRow]
    fresh: str
    known: str
    refused: str
    refused_count: int
    checked: str
    is_all: bool
    reasons: Sequence[tuple[str, str, str]]


def preview_page(session: Session, batch: ImportBatch) -> PreviewPage:
    """Prepare the first rows of a draft; nothing is written."""
    prepared = imports.prepare_first(session, batch, limit=CHECKED_ROWS + 1)
    is_all = len(prepared) <= CHECKED_ROWS
    prepared = prepared[:CHECKED_ROWS]
    good = [row for row in prepared if not row.violations]
    known = imports.find_known(session, (row.key for row in good))
    known_rows = sum(row.key in known for row in good)
    first = prepared[:SHOWN_ROWS]
    source = imports.plan_of_batch(batch).mapping.of("external_ref")
    columns = source.columns if source else ()
    places = _places(session, first)
    reasons: Counter[tuple[str, str]] = Counter()
    filled: dict[tuple[str, str], Mapping[str, Any]] = {}
    for row in prepared:
        found = {(one.field, one.message): one.params for one in row.violations}
        reasons.update(found.keys())
        filled = {**found, **filled}
    lang = formats.language()
    return PreviewPage(
        rows=[
            _row(row, places, columns, _known_word(batch) if row.key in known else "")
            for row in first
        ],
        fresh=format_number(len(good) - known_rows, lang=lang),
        known=format_number(known_rows, lang=lang),
        refused=format_number(len(prepared) - len(good), lang=lang),
        refused_count=len(prepared) - len(good),
        checked=format_number(len(prepared), lang=lang),
        is_all=is_all,
        reasons=[
            (
                field_label(name),
                imports.group_text(message, filled[name, message], formats.translated),
                format_number(rows, lang=lang),
            )
            for (name, message), rows in reasons.most_common(8)
        ],
    )


def field_label(name: str) -> str:
    """The label of a field in the reader's language; empty for none of ours."""
    found = imports.field_named(name)
    return formats.translated(str(found.label)) if found is not None else ""


def _places(session: Session, rows: Sequence[imports.Prepared]) -> dict[tuple[str, int], str]:
    names: dict[tuple[str, int], str] = {}
    tables: tuple[tuple[str, Any], ...] = (
        ("district_id", District),
        ("neighbourhood_id", Neighbourhood),
    )
    for key, model in tables:
        ids = {row.values[key] for row in rows if row.values.get(key)}
        if ids:
            found = session.execute(select(model.id, model.name).where(model.id.in_(ids)))
            names.update({(key, pk): name for pk, name in found})
    return names


def _row(
    row: imports.Prepared, places: dict[tuple[str, int], str], columns: Sequence[str], known: str
) -> PreviewRow:
    lang = formats.language()
    if row.violations:
        problems = [
            (
                field_label(one.field),
                _(one.message) % dict(one.params) if one.params else _(one.message),
            )
            for one in row.violations
        ]
        state = Cell("badge", _("Will be refused"), tone="bad")
        number = " ".join(str(row.raw.get(c) or "") for c in columns).strip()
        return PreviewRow(
            row.row_no,
            excerpt(number, 40),
            "",
            Cell("empty", ""),
            "",
            "",
            "",
            "",
            state,
            "",
            problems,
        )
    values = row.values
    where = [
        places.get((key, values.get(key) or 0), "") for key in ("district_id", "neighbourhood_id")
    ]
    where += [values.get("street") or "", values.get("place_note") or ""]
    return PreviewRow(
        row_no=row.row_no,
        number=str(values["external_ref"]),
        received=format_datetime(values["received_at"], lang=lang),
        applicant=_applicant(row),
        kind=formats.translated(rules.KIND_LABELS[values["kind"]]),
        subject=excerpt(values["subject"], 90),
        topic=f"{row.topic.code} {row.topic.name}" if row.topic else "",
        place=excerpt(", ".join(part for part in where if part), 80),
        state=_state(row, known),
        due=format_date(row.clock.due_on, lang=lang) if row.clock and row.clock.due_on else "–",
    )


def _known_word(batch: ImportBatch) -> str:
    """What becomes of a row whose number is here: CİMER tells news of it, other files do not."""
    if batch.is_restricted:
        return str(_("Here already, its news are noted"))
    return str(_("Here already, passed over"))


def _state(row: imports.Prepared, known: str) -> Cell:
    if known:
        return Cell("badge", known, tone="")
    if row.status is SourceStatus.OPEN:
        return Cell(
            "badge", formats.translated(rules.STATE_LABELS[rules.State.REGISTERED]), tone="info"
        )
    return Cell("badge", formats.translated(SOURCE_STATUS_LABELS[row.status]), tone="ok")


def _applicant(row: imports.Prepared) -> Cell:
    if row.values.get("identity_hidden"):
        return Cell("masked", _("identity hidden"))
    person = row.person
    name = (
        person.get("title")
        or f"{person.get('first_name', '')} {person.get('last_name', '')}".strip()
    )
    return Cell("masked", mask_name(name)) if name else Cell("empty", _("anonymous"))
