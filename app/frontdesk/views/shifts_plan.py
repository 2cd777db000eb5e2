"""The plan of a week as a table: operators down, days across, shifts as chips."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core import clock
from app.core.text import format_date, format_long_date, parse_tr_date
from app.core.views import formats
from app.frontdesk.models import Shift
from app.frontdesk.queries.shifts import list_operators, list_shifts
from app.frontdesk.rules.shifts import (
    ON_DUTY,
    SHIFT_KIND_LABELS,
    SHIFT_STATE_LABELS,
    SHIFT_STATE_TONES,
    ShiftKind,
    ShiftState,
    week_of,
    written_span,
)

_WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class PlanChip:
    """A shift in a cell."""

    span: str
    title: str
    seat: str
    url: str
    tone: str
    state: str


@dataclass(frozen=True)
class PlanRow:
    """Somebody with seven cells, and how many hours that makes."""

    name: str
    cells: Sequence[Sequence[PlanChip]]
    hours: int


@dataclass(frozen=True)
class PlanPage:
    """Everything the template draws."""

    monday: str
    title: str
    days: Sequence[tuple[str, str, bool]]
    rows: Sequence[PlanRow]
    totals: Sequence[tuple[str, Sequence[int]]]
    before_url: str
    after_url: str
    list_url: str
    copy_url: str
    add_url: str
    empty: bool


def read_monday(text: str, today: dt.date) -> dt.date:
    """The Monday that an address names, or that of this week."""
    try:
        day = parse_tr_date(text) or today
        return week_of(day)
    except OverflowError:
        return week_of(today)


def week_url(monday: dt.date) -> str:
    """The address of a week; `from` is no name that Python takes."""
    arguments: dict[str, Any] = {"from": monday.isoformat()}
    return url_for("ShiftView.week", **arguments)


def plan_of(session: Any, monday: dt.date, *, may_write: bool) -> PlanPage:
    """The plan of one week: two statements."""
    days = [monday + dt.timedelta(days=n) for n in range(7)]
    shifts = list_shifts(session, days[0], days[-1])
    people = {one.id: str(one) for one in list_operators(session)}
    people.update({one.operator_id: str(one.operator) for one in shifts})
    lang, today = formats.language(), clock.today()
    rows = [_row(pk, name, days, shifts) for pk, name in people.items()]
    return PlanPage(
        monday=monday.isoformat(),
        title=_(
            "%(first)s – %(last)s",
            first=format_date(days[0], lang=lang),
            last=format_date(days[-1], lang=lang),
        ),
        days=[
            (
                format_long_date(day, lang=lang).split()[-1 if lang == "tr" else 0],
                day.strftime("%d.%m"),
                day == today,
            )
            for day in days
        ],
        rows=sorted(rows, key=lambda row: (row.hours == 0, row.name)),
        totals=[
            (
                formats.translated(SHIFT_KIND_LABELS[kind]),
                [_count(shifts, kind, day) for day in days],
            )
            for kind in ShiftKind
        ],
        before_url=week_url(monday - _WEEK),
        after_url=week_url(monday + _WEEK),
        list_url=url_for(
            "ShiftView.list", tab="all", on_from=days[0].isoformat(), on_to=days[-1].isoformat()
        ),
        copy_url=url_for("ShiftView.copy") if may_write else "",
        add_url=url_for("ShiftView.add") if may_write else "",
        empty=not shifts,
    )


def _count(shifts: Sequence[Shift], kind: ShiftKind, day: dt.date) -> int:
    return sum(one.kind is kind and one.on == day and one.state in ON_DUTY for one in shifts)


def _row(pk: int, name: str, days: Sequence[dt.date], shifts: Sequence[Shift]) -> PlanRow:
    own = [one for one in shifts if one.operator_id == pk]
    hours = sum(
        (one.ends_at - one.starts_at).total_seconds() for one in own if one.state in ON_DUTY
    )
    return PlanRow(
        name, [[_chip(o) for o in own if o.on == day] for day in days], round(hours / 3600)
    )


def _chip(shift: Shift) -> PlanChip:
    label = formats.translated(SHIFT_KIND_LABELS[shift.kind])
    state = (
        ""
        if shift.state is ShiftState.PLANNED
        else formats.translated(SHIFT_STATE_LABELS[shift.state])
    )
    return PlanChip(
        span=written_span(shift.starts_at, shift.ends_at),
        title=f"{label}{', ' + state if state else ''}",
        seat=shift.seat,
        url=url_for("ShiftView.show", pk=shift.id),
        tone=SHIFT_STATE_TONES[shift.state],
        state=state,
    )
