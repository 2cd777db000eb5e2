"""A row of a list as it would become an application: what the form of quick entry begins with."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.applications.models import Reconciliation, ReconciliationItem
from app.applications.rules import Channel
from app.applications.rules.cimer import CIMER_SOURCE
from app.applications.services.imports.directory import load_directory
from app.applications.services.imports.fields import target_fields
from app.applications.services.imports.plans import Plan
from app.applications.services.imports.proposing import WORD_ROWS, Look, complete
from app.applications.services.imports.rows import Preparer
from app.applications.services.reconciling.comparing import FILE_KIND, OWNER, plan_for
from app.applications.services.reconciling.lists import first_rows
from app.core import clock
from app.core.acting import SYSTEM, acting_as
from app.core.imports import (
    FieldMapping,
    Mapping,
    apply_mapping,
    describe_columns,
    propose_mapping,
    sniff,
)
from app.core.rules import RuleViolation
from app.core.text import clean
from app.system.queries import list_files
from app.system.services import attachments

_LOOK_ROWS = 300
_TEXTS = ("subject", "body", "street", "place_note")
_PERSON = ("first_name", "last_name", "title", "phone", "email")


@dataclass(frozen=True)
class ListedRow:
    """Values of an application and fields of its applicant; both may be few."""

    values: dict[str, Any] = field(default_factory=dict)
    person: dict[str, Any] = field(default_factory=dict)


def row_of_item(session: Session, item: ReconciliationItem) -> ListedRow:
    """What the list says about a number that we lack; a row that lacks something gives what it has."""
    known = _facts(item)
    found = _whole_row(session, item.reconciliation, item.row_no) if item.row_no else None
    if found is None:
        return ListedRow(known)
    # What the row says to the minute stands before the day alone.
    told = {name: value for name, value in found.values.items() if value not in (None, "")}
    return ListedRow({**known, **told}, found.person)


def _facts(item: ReconciliationItem) -> dict[str, Any]:
    values: dict[str, Any] = {"external_ref": item.external_ref}
    for name, target in (("external_on", "external_received_at"), ("received_on", "received_at")):
        if text := (item.theirs or {}).get(name):
            day = dt.date.fromisoformat(text)
            values[target] = dt.datetime.combine(day, dt.time(9), clock.ISTANBUL)
    return values


def _whole_row(session: Session, row: Reconciliation, row_no: int) -> ListedRow | None:
    with acting_as(SYSTEM):
        kept = next((f for f in list_files(session, OWNER, row.id) if f.kind == FILE_KIND), None)
    if kept is None:
        return None
    try:
        path = attachments.path_of(kept)
        info = sniff(path, name=kept.name)
        rows = first_rows(path, info, WORD_ROWS)
        raw = next((cells for number, cells in rows if number == row_no), None)
        if raw is None:
            return None
        plan = plan_for(session, row) or _proposed(session, rows)
        prepared = Preparer(session, plan, now=clock.now()).prepare(row_no, raw)
    except (RuleViolation, OSError, attachments.DamagedFileError):
        return None
    if prepared.violations:
        return _texts_alone(plan, raw, is_hidden=prepared.is_hidden)
    return ListedRow(dict(prepared.values), dict(prepared.person))


def _texts_alone(plan: Plan, raw: dict[str, Any], *, is_hidden: bool) -> ListedRow:
    """Of a row that lacks something: what may stand in the form as it is; the officer completes it."""
    read, _ = apply_mapping(plan.mapping, raw, target_fields())
    values = {name: clean(str(read.get(name) or "")) for name in _TEXTS}
    kind = read.get("kind")
    if isinstance(kind, str):
        values["kind"] = kind
    person = {} if is_hidden else {name: clean(str(read.get(name) or "")) for name in _PERSON}
    return ListedRow({**values, "identity_hidden": is_hidden}, person)


def _proposed(session: Session, rows: list[tuple[int, dict[str, Any]]]) -> Plan:
    """A plan guessed from the headings, as the import wizard would propose it."""
    headers = tuple(rows[0][1]) if rows else ()
    words: dict[str, Counter[str]] = {heading: Counter() for heading in headers}
    for _, cells in rows:
        for heading, cell in cells.items():
            if cell not in (None, ""):
                words[heading][clean(str(cell))] += 1
    first = tuple(rows[:_LOOK_ROWS])
    look = Look(headers, tuple(describe_columns(headers, first)), words, first)
    directory = load_directory(session)
    guessed = propose_mapping(headers, target_fields())
    fields = [complete(one, look, directory) for one in guessed.fields if one.target != "channel"]
    channel = FieldMapping("channel", constant=Channel.CIMER.value)
    return Plan(Mapping((*fields, channel)), CIMER_SOURCE)
