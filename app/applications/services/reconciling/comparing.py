"""A comparison: the list against our cases, its differences kept as rows; safe to run again.

What was dealt with stays dealt with; a difference that is gone is settled. Source: domain facts 2.4.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import (
    Application,
    ImportMapping,
    Reconciliation,
    ReconciliationItem,
)
from app.applications.queries.figures import day_start
from app.applications.rules import Channel, State
from app.applications.rules.reconciling import (
    Difference,
    ItemKind,
    Ours,
    Resolution,
    Theirs,
    differences,
    period_violations,
    status_of_word,
)
from app.applications.services.imports.plans import Plan, plan_of
from app.applications.services.moves import flush, refuse
from app.applications.services.reconciling.lists import OfficeList, read_list
from app.core import clock
from app.core.acting import Actor
from app.core.imports import FileInfo, sniff
from app.core.rules import N_, RuleViolation, collect
from app.core.uploads import CheckedUpload
from app.system.services import attachments, audit

OWNER = "Reconciliation"
FILE_KIND = "list"
_CHUNK = 500
_MAY_NOT = N_("Only those who may see CİMER items compare its list.")
#: A case that ended without an answer of ours: its end at CİMER is not entered by us.
_ENDED_THERE = frozenset({State.WITHDRAWN, State.DEEMED_WITHDRAWN})


def check_reconciler(actor: Actor) -> None:
    """Require the right to compare and to see every CİMER case, or raise RuleViolation."""
    if not (actor.may("write", OWNER) and actor.may("restricted", "Application")):
        raise refuse(_MAY_NOT)


def reconcile(
    session: Session,
    *,
    upload: CheckedUpload,
    period_from: dt.date | None,
    period_to: dt.date | None,
    actor: Actor,
    mapping: ImportMapping | None = None,
    note: str = "",
    now: dt.datetime | None = None,
) -> Reconciliation:
    """Compare a list with our cases of a period; without days the period is that of the list.

    The same list for the same days is compared anew and stays one comparison. Raises RuleViolation
    for a file that cannot be read; nothing is written then.
    """
    check_reconciler(actor)
    moment = now or clock.now()
    plan = plan_of(mapping) if mapping is not None else None
    with _on_disk(upload) as (path, info):
        read = read_list(path, info, plan)
    span = read.span
    first, last = (period_from, period_to) if period_from or period_to else span or (None, None)
    if broken := collect(period_violations(first, last)):
        raise RuleViolation(broken)
    assert first is not None
    assert last is not None
    digest = _digest(read)
    known = session.scalars(
        select(Reconciliation).where(
            Reconciliation.file_sha256 == digest,
            Reconciliation.period_from == first,
            Reconciliation.period_to == last,
        )
    ).first()
    row = known or Reconciliation(
        source=rules.CIMER_SOURCE,
        file_name=upload.name,
        file_sha256=digest,
        period_from=first,
        period_to=last,
    )
    row.note = note.strip()[:1000] or row.note or ""
    row.document = _document(read, mapping)
    if known is None:
        session.add(row)
        flush(session)
        # A file that names people whose identity CİMER hides is compared and not kept.
        if not read.names_hidden:
            attachments.store(
                session, owner_type=OWNER, owner_id=row.id, upload=upload, kind=FILE_KIND
            )
    return _compare(session, row, actor, moment)


def compare_again(
    session: Session,
    *,
    reconciliation: Reconciliation,
    actor: Actor,
    now: dt.datetime | None = None,
) -> Reconciliation:
    """Compare the same list with our cases as they are now."""
    check_reconciler(actor)
    return _compare(session, reconciliation, actor, now or clock.now())


# --- the list ------------------------------------------------------------------------------------------
@contextmanager
def _on_disk(upload: CheckedUpload) -> Iterator[tuple[Path, FileInfo]]:
    if isinstance(upload.data_or_path, Path):
        yield upload.data_or_path, sniff(upload.data_or_path, name=upload.name)
        return
    with NamedTemporaryFile(suffix=f".{upload.extension}") as copy:
        copy.write(upload.data_or_path)
        copy.flush()
        path = Path(copy.name)
        yield path, sniff(path, name=upload.name)


def _document(read: OfficeList, mapping: ImportMapping | None) -> dict[str, Any]:
    """What is kept of a list, so that it can be compared again: no name, no text."""
    return {
        "columns": {one.target: list(one.columns) for one in read.columns.fields},
        "mapping": mapping.name if mapping is not None else "",
        "mapping_id": mapping.id if mapping is not None else None,
        "unknown_words": [list(pair) for pair in read.unknown_words],
        "unreadable": read.unreadable,
        "repeated": read.repeated,
        "names_hidden": read.names_hidden,
        "rows": [
            [r.ref, r.row_no, _iso(r.received_on), _iso(r.external_on), r.word, _iso(r.due_on)]
            for r in read.rows
        ],
    }


def _digest(read: OfficeList) -> str:
    """What makes two lists the same: their numbers, dates and states, whatever file they came in."""
    rows = sorted(
        (r.ref, _iso(r.received_on) or "", _iso(r.external_on) or "", r.word, _iso(r.due_on) or "")
        for r in read.rows
    )
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def their_rows(reconciliation: Reconciliation) -> list[Theirs]:
    """The rows of the list as they are kept."""
    return [
        Theirs(ref, number, _day(received), _day(external), word, status_of_word(word), _day(due))
        for ref, number, received, external, word, due in reconciliation.document.get("rows", [])
    ]


# --- comparing -------------------------------------------------------------------------------------------
def _compare(
    session: Session, row: Reconciliation, actor: Actor, now: dt.datetime
) -> Reconciliation:
    theirs = their_rows(row)
    period = (row.period_from, row.period_to)
    ours = _our_cases(session, period, [one.ref for one in theirs])
    found = list(differences(theirs, ours, period=period, today=clock.to_local(now).date()))
    kinds = Counter(one.kind for one in found)
    differing = {one.ref for one in found}
    row.total_rows = len(theirs)
    row.matched_rows = sum(one.ref not in differing for one in theirs)
    for kind in ItemKind:
        setattr(row, kind.value, kinds[kind])
    row.compared_at, row.compared_by_id = now, actor.user_id
    flush(session)
    _keep_items(session, row, found, now)
    count_open(session, row)
    audit.record(
        session,
        verb="update",
        entity=OWNER,
        record_id=row.id,
        summary=row.file_name,
        changes={kind.value: [None, kinds[kind]] for kind in ItemKind},
    )
    return row


def _our_cases(
    session: Session, period: tuple[dt.date, dt.date], refs: Sequence[str]
) -> dict[str, Ours]:
    """Our CİMER cases of the period and those with a number of the list, by number."""
    first, last = period
    day = func.coalesce(Application.external_received_at, Application.received_at)
    inside = (day >= day_start(first), day < day_start(last + dt.timedelta(days=1)))
    ours = dict(_read_cases(session, *inside))
    for start in range(0, len(refs), _CHUNK):
        part = refs[start : start + _CHUNK]
        ours.update(_read_cases(session, Application.external_ref.in_(part)))
    return ours


def _read_cases(session: Session, *where: Any) -> Iterable[tuple[str, Ours]]:
    a = Application
    stmt = select(
        a.id, a.external_ref, a.received_on, a.external_received_at, a.state,
        a.external_answered_at, a.due_on,
    ).where(
        a.channel == Channel.CIMER,
        a.external_ref.is_not(None),
        a.state.not_in([State.DRAFT, State.DISCARDED]),
        *where,
    )  # fmt: skip
    for pk, ref, received_on, external, state, entered, due_on in session.execute(stmt):
        yield (
            str(ref),
            Ours(
                ref=str(ref),
                application_id=pk,
                received_on=received_on,
                external_on=clock.to_local(external).date() if external else None,
                is_open=state in rules.OPEN_STATES,
                entered=entered is not None or state in _ENDED_THERE,
                due_on=due_on,
            ),
        )


def _keep_items(
    session: Session, row: Reconciliation, found: Sequence[Difference], now: dt.datetime
) -> None:
    """Bring the stored differences into line with what was found."""
    stored = {
        (item.kind.value, item.external_ref): item
        for item in session.scalars(
            select(ReconciliationItem).where(ReconciliationItem.reconciliation_id == row.id)
        )
    }
    before = _explained_before(session, row, [one for one in found if one.key not in stored])
    for one in found:
        item = stored.pop(one.key, None)
        if item is None:
            item = ReconciliationItem(
                reconciliation_id=row.id, kind=one.kind, external_ref=one.ref,
                resolution=Resolution.OPEN,
            )  # fmt: skip
            if (earlier := before.get(one.key)) is not None:
                item.resolution, item.reason = Resolution.EXPLAINED, earlier.reason
                item.note, item.resolved_by_id = earlier.note, earlier.resolved_by_id
                item.resolved_at = earlier.resolved_at
            session.add(item)
        elif item.resolution in {Resolution.SETTLED, Resolution.REGISTERED}:
            # It has come back: somebody must look at it again.
            item.resolution, item.resolved_at, item.resolved_by_id = Resolution.OPEN, None, None
        item.row_no, item.application_id = one.row_no, one.application_id
        item.theirs, item.ours = dict(one.theirs), dict(one.ours)
    for item in stored.values():
        if item.resolution is Resolution.OPEN:
            item.resolution, item.resolved_at = Resolution.SETTLED, now
    flush(session)


def _explained_before(
    session: Session, row: Reconciliation, new: Sequence[Difference]
) -> Mapping[tuple[str, str], ReconciliationItem]:
    """The newest explanation of each of these differences in an earlier comparison."""
    found: dict[tuple[str, str], ReconciliationItem] = {}
    refs = [one.ref for one in new]
    for start in range(0, len(refs), _CHUNK):
        rows = session.scalars(
            select(ReconciliationItem)
            .where(
                ReconciliationItem.external_ref.in_(refs[start : start + _CHUNK]),
                ReconciliationItem.resolution == Resolution.EXPLAINED,
                ReconciliationItem.reconciliation_id != row.id,
            )
            .order_by(ReconciliationItem.id)
        )
        found.update({(item.kind.value, item.external_ref): item for item in rows})
    return found


def count_open(session: Session, row: Reconciliation) -> None:
    """Write how many differences nobody has dealt with."""
    row.open_items = int(
        session.scalar(
            select(func.count(ReconciliationItem.id)).where(
                ReconciliationItem.reconciliation_id == row.id,
                ReconciliationItem.resolution == Resolution.OPEN,
            )
        )
        or 0
    )
    flush(session)


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def plan_for(session: Session, row: Reconciliation) -> Plan | None:
    """The saved mapping by which a list was read, if there is one still."""
    pk = row.document.get("mapping_id")
    mapping = session.get(ImportMapping, pk) if pk else None
    return plan_of(mapping) if mapping is not None else None
