"""Writing prepared rows, some hundreds in one transaction; every row ends as exactly one of three.

A row is taken over, was here already, or is refused with its reasons. What registration stores for
one application is stored here for many; only the event and the messages differ.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, ApplicationEvent, ImportBatch, ImportRow
from app.applications.rules import State, Visibility
from app.applications.rules.imports import STATE_OF_STATUS
from app.applications.services.exchanges import received_line
from app.applications.services.imports.known import take_news
from app.applications.services.imports.plans import Plan
from app.applications.services.imports.privacy import personal_headings
from app.applications.services.imports.rows import Prepared
from app.applications.services.moves import mark_state, stop_clock, tell_followers
from app.applications.services.notices import tell_citizen
from app.applications.services.registration import FIELDS, SERIES, first_details
from app.core.acting import Actor
from app.core.clock import to_local
from app.core.identifiers import scrub
from app.core.rules import RuleViolation
from app.people.services import save_citizen
from app.system.services import numbers

#: Rows of one transaction: it holds the row of the numbers, and on SQLite the only write lock, for
#: about a second; an operator who registers a call waits no longer than that.
CHUNK = 200
#: Somebody may register the same number between our look and our writing; once more is enough.
_TRIES = 3


@dataclass(frozen=True)
class Counts:
    """How many rows were taken over, were here already, or were refused."""

    created: int = 0
    known: int = 0
    rejected: int = 0
    #: Of the known ones: those that brought something new, and those that were sent again.
    changed: int = 0
    resent: int = 0

    @property
    def total(self) -> int:
        """All rows that were read."""
        return self.created + self.known + self.rejected

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.created + other.created,
            self.known + other.known,
            self.rejected + other.rejected,
            self.changed + other.changed,
            self.resent + other.resent,
        )


def write_rows(
    session: Session,
    *,
    batch: ImportBatch,
    rows: Sequence[Prepared],
    plan: Plan,
    actor: Actor,
    now: dt.datetime,
) -> Counts:
    """Write these rows of a batch and return what became of them; flushes, does not commit."""
    good = [row for row in rows if not row.violations]
    refused = [row for row in rows if row.violations]
    for last in range(_TRIES - 1, -1, -1):
        known = find_known(session, (row.key for row in good))
        fresh = [row for row in good if row.key not in known]
        try:
            # The savepoint gives the numbers back when another writer had the same reference.
            with session.begin_nested():
                ids, unfit = _people(session, fresh)
                made = [row for row in fresh if row.row_no not in unfit]
                _write_applications(session, batch, made, ids, plan, actor, now)
            break
        except IntegrityError:
            if not last:
                raise
    news = take_news(
        session, batch=batch, rows=[row for row in good if row.key in known], actor=actor, now=now
    )
    if any(row.values.get("channel") is rules.Channel.CIMER for row in good):
        batch.is_restricted = True
    refused += unfit.values()
    rejects = sorted(refused, key=lambda r: r.row_no)
    session.add_all(_refused_row(batch, row, plan) for row in rejects)
    session.flush()
    return Counts(len(made), len(good) - len(fresh), len(refused), news.changed, news.resent)


def find_known(session: Session, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the (source, number) pairs that are registered already, whoever may see them."""
    by_source: dict[str, list[str]] = {}
    for source, reference in keys:
        by_source.setdefault(source, []).append(reference)
    c = Application.__table__.c
    known: set[tuple[str, str]] = set()
    for source, references in by_source.items():
        for start in range(0, len(references), CHUNK):
            part = references[start : start + CHUNK]
            rows = session.execute(
                select(c.external_ref).where(c.external_source == source, c.external_ref.in_(part))
            )
            known.update((source, str(reference)) for (reference,) in rows)
    return known


def _people(
    session: Session, rows: Collection[Prepared]
) -> tuple[dict[int, int], dict[int, Prepared]]:
    """Find or make the applicants: row → citizen; and the rows that the people room refuses."""
    ids: dict[int, int] = {}
    unfit: dict[int, Prepared] = {}
    for row in rows:
        if not row.person:
            continue
        try:
            ids[row.row_no] = save_citizen(session, values=row.person).id
        except RuleViolation as refused:
            unfit[row.row_no] = replace(row, violations=refused.violations)
    return ids, unfit


def _write_applications(
    session: Session,
    batch: ImportBatch,
    rows: Sequence[Prepared],
    citizens: Mapping[int, int],
    plan: Plan,
    actor: Actor,
    now: dt.datetime,
) -> None:
    made = [(row, _application(batch, row, citizens.get(row.row_no), actor)) for row in rows]
    for _, application in made:
        # Taken last and one by one: the number row is locked until this transaction ends.
        application.number = numbers.next_number(
            session, series=SERIES, year=application.received_on.year
        )
    session.add_all(application for _, application in made)
    session.flush()
    events = [_event(batch, row, application, actor, now) for row, application in made]
    session.add_all(events)
    session.add_all(
        received_line(application, actor, now)
        for _, application in made
        if application.channel is rules.Channel.CIMER
    )
    session.flush()
    for (_, application), step in zip(made, events, strict=True):
        tell_followers(session, application, step)
    if plan.notify:
        for (_, application), step in zip(made, events, strict=True):
            if application.state in rules.OPEN_STATES:
                tell_citizen(session, application, "register", step=step)


def _application(
    batch: ImportBatch, row: Prepared, citizen_id: int | None, actor: Actor
) -> Application:
    columns = {name: row.values[name] for name in FIELDS if name in row.values}
    application = Application(**columns)
    application.received_on = row.values["received_on"]
    application.citizen_id = citizen_id
    application.cycle = 1
    application.external_state = row.state_word
    application.state = State.REGISTERED
    application.import_batch_id = batch.id
    application.registered_by_id = actor.user_id
    application.tracking_code = rules.make_tracking_code()
    if row.clock is not None:
        application.rule_key = row.clock.rule_key
        application.rule_version = row.clock.rule_version
        application.due_on = row.clock.due_on
        application.due_trail = row.clock.due_trail
        application.goal_on = row.clock.goal_on
    _end(application, row)
    return application


def _end(application: Application, row: Prepared) -> None:
    """Take over that a case is answered or closed at the source, with the moment if it is told."""
    state = STATE_OF_STATUS[row.status]
    application.closing_note = row.answer
    application.outcome = row.outcome
    if state is State.REGISTERED:
        return
    application.state = state
    mark_state(application, state)
    if row.closed_at is not None:
        stop_clock(application, row.closed_at)
        application.external_answered_at = application.answered_at
        if state is State.CLOSED:
            application.closed_at = row.closed_at


def _event(
    batch: ImportBatch, row: Prepared, application: Application, actor: Actor, now: dt.datetime
) -> ApplicationEvent:
    unit_id = row.topic.unit_id if row.topic else None
    details = first_details(application, {**row.values, "unit_id": unit_id})
    details |= {"batch": batch.id, "row": row.row_no, "source": application.external_source}
    return ApplicationEvent(
        application_id=application.id,
        at=now,
        actor_id=actor.user_id,
        action="import",
        from_state=None,
        to_state=application.state,
        unit_id=unit_id,
        note="",
        details={**details, **row.facts},
        visibility=Visibility.INTERNAL,
    )


# --- refused rows ------------------------------------------------------------------------------------
def _refused_row(batch: ImportBatch, row: Prepared, plan: Plan) -> ImportRow:
    """A refused row as it came, with each reason as field, msgid and what fills it.

    Of a hidden applicant nothing is kept that names or reaches a person.
    """
    left_out = personal_headings(plan.mapping) if row.is_hidden else frozenset()
    return ImportRow(
        batch_id=batch.id,
        row_no=row.row_no,
        values={
            heading: None if heading in left_out else _plain(cell)
            for heading, cell in row.raw.items()
        },
        reasons=[
            {
                "field": one.field,
                "message": one.message,
                "params": {name: _told(value) for name, value in one.params.items()},
            }
            for one in row.violations
        ],
    )


def _told(value: Any) -> Any:
    """What fills a sentence; a number of a person in the wrong column is not repeated in it."""
    kept = _plain(value)
    return scrub(kept) if isinstance(kept, str) else kept


def _plain(value: Any) -> Any:
    """A cell as JSON keeps it; dates as people here write them, so that the file can be read again."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, dt.datetime):
        moment = to_local(value) if value.tzinfo else value
        return moment.strftime("%d.%m.%Y %H:%M:%S")
    if isinstance(value, dt.date):
        return value.strftime("%d.%m.%Y")
    return str(value) if not isinstance(value, Decimal) else float(value)
