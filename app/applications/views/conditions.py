"""Which cases a tab or a filter of the list means, and how their columns are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select

from app.applications import queries, rules
from app.applications.models import Application
from app.core import clock
from app.core.acting import current_actor
from app.core.identifiers import mask_name
from app.core.search import matches
from app.core.text import fold
from app.core.views import Words, formats
from app.core.views.counting import WITHOUT_STATEMENTS
from app.core.views.page import Cell
from app.organisation.queries import find_subtree_ids, subtree_of
from app.people.models import Citizen


def is_open() -> Any:
    """Rows that somebody still works on."""
    return Application.state.in_(sorted(rules.OPEN_STATES))


def is_mine() -> Any:
    """Rows that the actor follows or the actor's unit has to answer."""
    actor = current_actor()
    mine = [Application.owner_id == actor.user_id]
    if actor.unit_id and actor.roles & {"unit_liaison", "unit_manager"}:
        mine.append(Application.lead_unit_id.in_(sorted(actor.unit_ids)))
    return is_open() & or_(*mine)


def is_overdue() -> Any:
    """Open rows whose last legal day has passed."""
    return is_open() & (Application.due_on < clock.today())


def is_due_this_week() -> Any:
    """Open rows that fall due within seven days."""
    today = clock.today()
    return is_open() & Application.due_on.between(today, today + dt.timedelta(days=7))


def is_cimer() -> Any:
    """Open rows that came through CİMER."""
    return is_open() & (Application.channel == rules.Channel.CIMER)


def waits_for_approval() -> Any:
    """Rows whose reply or extension waits for the manager."""
    return queries.waits_for_approval()


def under(session: Any, pk: int) -> Any:
    """Rows whose lead unit is this one or stands below it."""
    if session is WITHOUT_STATEMENTS:
        return Application.lead_unit_id.in_(subtree_of(pk))
    # The few ids are named, so that the index on unit, state and due date serves the filter.
    return Application.lead_unit_id.in_(sorted(find_subtree_ids(session, pk)) or [pk])


def by_other_means(session: Any, query: str) -> Sequence[Any]:
    """A whole number, or the applicant's name for those who may see names.

    People are looked up first: named ids leave the trigram index of the cases usable, while an OR
    with a subquery would read the whole table.
    """
    words = query.strip()
    conditions: list[Any] = []
    if words.replace("-", "").isdigit():
        conditions.append(Application.number == words)
    if current_actor().may("identity", "Citizen") and len(fold(words)) > 2:
        people = select(Citizen.id).where(matches(Citizen.search_text, words)).limit(200)
        if session is WITHOUT_STATEMENTS:
            return [*conditions, select(Application.id).where(Application.citizen_id.in_(people))]
        ids = list(session.scalars(people))
        if ids:
            conditions.append(Application.citizen_id.in_(ids))
    return conditions


def words_of_case(column: Any) -> Words:
    """The search box of a list whose rows belong to cases; `column` holds the key of the case."""

    def of_case(session: Any, query: str) -> Sequence[Any]:
        found = select(Application.id).where(matches(Application.search_text, query))
        return [column.in_(found)]

    return Words("q", _l("Search by number or words of the application"), also=of_case)


def applicant(value: Any, record: Application) -> Cell:
    """The applicant's name as far as the actor may read it."""
    if record.identity_hidden:
        return Cell("masked", _("identity hidden"))
    citizen = record.citizen
    if citizen is None:
        return Cell("empty", _("anonymous"))
    if current_actor().may("identity", "Citizen"):
        return Cell("text", citizen.full_name)
    return Cell("masked", mask_name(citizen.full_name))


def place(value: Any, record: Application) -> Cell:
    """District and neighbourhood in one cell."""
    parts = [str(p) for p in (record.district, record.neighbourhood) if p is not None]
    return Cell("text", ", ".join(parts)) if parts else formats.EMPTY


def what(value: Any, record: Application) -> Cell:
    """Topic code and subject."""
    code = f"{record.topic.code} " if record.topic else ""
    return Cell("text", code + record.subject, title=record.subject)


def unit_of(value: Any, record: Application) -> Cell:
    """The lead unit by its short name."""
    return (
        Cell("text", value.short_name or value.name, title=value.name) if value else formats.EMPTY
    )


def due_of(value: Any, record: Application) -> Cell:
    """The due date with its word."""
    return due_word(record, record.due_on, record.on_time)


def due_word(record: Application, due_on: dt.date | None, on_time: bool | None) -> Cell:
    """A last day of a case with its word; what has ended is no longer late, it was in time or not."""
    if record.state in rules.OPEN_STATES:
        return formats.due(due_on)
    if on_time is not None:
        return formats.due(due_on, on_time=on_time)
    return Cell("date", formats.plain(due_on).text, value=due_on) if due_on else formats.EMPTY
