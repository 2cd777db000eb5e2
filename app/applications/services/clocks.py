"""Legal and internal time of applications as stored; counting days is core's, the rules are rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, object_session

from app.applications import queries, rules
from app.applications.models import Application, ApplicationEvent, Topic
from app.applications.rules import Visibility
from app.applications.services.moves import flush
from app.core import clock
from app.core.acting import current_actor
from app.core.calendar import (
    Deadline,
    Interruption,
    InterruptionKind,
    WorkCalendar,
    compute_deadline,
)
from app.organisation.models import Unit
from app.system.queries import find_rule, get_number, get_text, load_calendar
from app.system.services import audit
from app.system.services import calendar as calendars

_BATCH = 2000
#: Told of each application whose clock was counted anew: records beside it copy its days.
after_count: list[Callable[[Session, Application], None]] = []


# --- one application -------------------------------------------------------------------------------
def started_on(application: Application) -> dt.date:
    """Day 0 of the present period: kept in the trail, because a reopened case starts anew."""
    trail = application.due_trail
    if trail and trail.get("received_on"):
        return dt.date.fromisoformat(trail["received_on"])
    return first_day(object_session(application), application)


def first_day(session: Session | None, application: Application) -> dt.date:
    """Day 0 of the first period: of a CİMER item by the setting, the safe day without a session."""
    external = application.external_received_at
    which = get_text(session, "cimer_day_zero") if session is not None else rules.DayZero.EARLIER
    return rules.day_zero(
        application.channel,
        application.received_on,
        clock.to_local(external).date() if external is not None else None,
        which,
    )


def interruptions_of(application: Application) -> tuple[Interruption, ...]:
    """What has stopped the clock in the present period."""
    return _read_interruptions((application.due_trail or {}).get("interruptions"))


def _read_interruptions(rows: Sequence[Mapping[str, Any]] | None) -> tuple[Interruption, ...]:
    return tuple(
        Interruption(
            InterruptionKind(row["kind"]),
            dt.date.fromisoformat(row["from_on"]),
            dt.date.fromisoformat(row["until_on"]) if row["until_on"] else None,
            row["reason"],
        )
        for row in rows or ()
    )


def _document(deadline: Deadline, stops: Iterable[Interruption]) -> dict[str, Any]:
    """The trail as it is stored: the deadline's own facts and what stopped its clock."""
    kept = [
        {
            "kind": stop.kind.value,
            "from_on": stop.from_on.isoformat(),
            "until_on": stop.until_on.isoformat() if stop.until_on else None,
            "reason": stop.reason,
        }
        for stop in stops
    ]
    return {**deadline.to_dict(), "interruptions": kept}


def set_clock(
    session: Session,
    application: Application,
    *,
    start: dt.date,
    stops: Iterable[Interruption] = (),
) -> Deadline | None:
    """Count the period of an application's kind and store its last day, trail and internal goal.

    None when no law sets a period; then only the goal is stored. A stopped clock has no last day.
    """
    stops = tuple(stops)
    key = rules.rule_key_of(
        application.kind, is_extended=application.is_extended, channel=application.channel
    )
    deadline = None if key is None else queries.count_deadline(session, key, start, stops)
    application.rule_key = key
    application.rule_version = None if deadline is None else deadline.rule.version
    application.due_on = None if deadline is None else deadline.due_on
    application.due_trail = None if deadline is None else _document(deadline, stops)
    goal = queries.count_goal(session, deadline, start, days=own_days(session, application))
    application.goal_on = rules.goal_with_extension(
        goal, application.due_on, application.external_until_on
    )
    for follow in after_count:
        follow(session, application)
    return deadline


def own_days(session: Session, application: Application) -> int | None:
    """Working days that the topic, else the unit, sets itself; None when neither does."""
    topics, units = Topic.__table__.c, Unit.__table__.c
    unit_id = application.lead_unit_id
    if application.topic_id is not None:
        row = session.execute(
            select(topics.internal_days, topics.unit_id).where(topics.id == application.topic_id)
        ).one_or_none()
        if row is not None and row.internal_days is not None:
            return int(row.internal_days)
        unit_id = unit_id or (row.unit_id if row is not None else None)
    if unit_id is None:
        return None
    days = session.execute(select(units.internal_days).where(units.id == unit_id)).scalar()
    return None if days is None else int(days)


# --- every open application ------------------------------------------------------------------------
def recompute_open_deadlines(session: Session, *, reason: str = "") -> int:
    """Count all open deadlines anew after the calendar has changed; how many have moved.

    Cases with the same period, first day and interruptions are counted once and written together;
    each that moved gets an event that says from when to when and why. Internal goals move too.
    """
    flush(session)
    moved = 0
    last_id = 0
    legal, internal = load_calendar(session), load_calendar(session, internal=True)
    known: dict[Any, tuple[Deadline, bool]] = {}
    while rows := _open_batch(session, last_id):
        last_id = rows[-1]["id"]
        moved += _recompute_batch(session, rows, legal, internal, known, reason)
    if moved:
        audit.record(
            session,
            verb="update",
            entity="Application",
            summary=f"recompute_open_deadlines {reason}".strip(),
            changes={"due_on": [None, moved]},
        )
        for row in session.identity_map.values():
            if isinstance(row, Application):
                session.expire(row)
    return moved


def _open_batch(session: Session, after: int) -> list[Mapping[str, Any]]:
    cases, topics, units = Application.__table__, Topic.__table__, Unit.__table__
    c = cases.c
    stmt = (
        select(
            c.id,
            c.rule_key,
            c.due_on,
            c.goal_on,
            c.received_on,
            c.external_until_on,
            c.due_trail["received_on"].as_string().label("start"),
            c.due_trail["interruptions"].label("stops"),
            topics.c.internal_days.label("topic_days"),
            units.c.internal_days.label("unit_days"),
        )
        .select_from(
            cases.outerjoin(topics, topics.c.id == c.topic_id).outerjoin(
                units, units.c.id == c.lead_unit_id
            )
        )
        .where(c.state.in_(sorted(rules.OPEN_STATES)), c.rule_key.is_not(None), c.id > after)
        .order_by(c.id)
        .limit(_BATCH)
    )
    return [dict(row) for row in session.execute(stmt).mappings()]


def _recompute_batch(
    session: Session,
    rows: Sequence[Mapping[str, Any]],
    legal: WorkCalendar,
    internal: WorkCalendar,
    known: dict[Any, tuple[Deadline, bool]],
    reason: str,
) -> int:
    percent = get_number(session, "internal_share_percent")
    default_days = get_number(session, "internal_days_default")
    groups: dict[Any, list[int]] = defaultdict(list)
    events: list[dict[str, Any]] = []
    now, actor = clock.now(), current_actor()
    documents: dict[Any, dict[str, Any]] = {}
    for row in rows:
        start = dt.date.fromisoformat(row["start"]) if row["start"] else row["received_on"]
        stops = _read_interruptions(row["stops"])
        place = (row["rule_key"], start, stops)
        if place not in known:
            rule = find_rule(session, row["rule_key"], start)
            counted = compute_deadline(rule, start, legal, stops)
            known[place] = (counted, _tells_otherwise(session, row["id"], counted))
        deadline, is_other = known[place]
        documents.setdefault(place, _document(deadline, stops))
        days = row["topic_days"] if row["topic_days"] is not None else row["unit_days"]
        goal = rules.goal_of(
            deadline, start, internal, days=days, percent=percent, default_days=default_days
        )
        goal = rules.goal_with_extension(goal, deadline.due_on, row["external_until_on"])
        # While the fee is awaited the goal is the day of payment, which belongs to the applicant.
        goal = row["goal_on"] if deadline.is_held else goal
        if deadline.due_on == row["due_on"] and goal == row["goal_on"] and not is_other:
            continue
        groups[(place, goal)].append(row["id"])
        if deadline.due_on != row["due_on"]:
            events.append(
                {
                    "application_id": row["id"],
                    "at": now,
                    "actor_id": actor.user_id,
                    "action": "change_deadline",
                    "note": reason,
                    "details": {
                        "due_on": [_iso(row["due_on"]), _iso(deadline.due_on)],
                        "goal_on": [_iso(row["goal_on"]), _iso(goal)],
                    },
                    "visibility": Visibility.INTERNAL,
                }
            )
    cases = Application.__table__.c
    for (place, goal), ids in groups.items():
        session.execute(
            update(Application.__table__)
            .where(cases.id.in_(ids))
            .values(
                due_on=known[place][0].due_on,
                due_trail=documents[place],
                goal_on=goal,
                version=cases.version + 1,
                changed_at=now,
            )
        )
    if events:
        session.execute(insert(ApplicationEvent.__table__), events)
    return len(events)


def _tells_otherwise(session: Session, pk: int, deadline: Deadline) -> bool:
    """Whether the stored days tell another story than the new count, though it may end alike.

    One row stands for all with the same period, day and interruptions.
    """
    cases = Application.__table__.c
    stored = session.execute(select(cases.due_trail).where(cases.id == pk)).scalar() or {}
    return bool(stored.get("trail") != deadline.to_dict()["trail"])


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _on_calendar_change(session: Session, words: str) -> None:
    recompute_open_deadlines(session, reason=words)


if _on_calendar_change not in calendars.on_change:
    calendars.on_change.append(_on_calendar_change)
