"""Legal and internal time of an application before or while it is registered; nothing is stored here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.applications import rules
from app.applications.models import Application, Topic
from app.core.calendar import Deadline, Interruption, compute_deadline
from app.core.rules import N_, RuleViolation, Violation
from app.core.text import format_date
from app.system.queries import UnknownRuleError, find_rule, get_number, load_calendar


def count_deadline(
    session: Session, rule_key: str, start: dt.date, stops: Iterable[Interruption] = ()
) -> Deadline:
    """Count a period by the version in force on its first day; RuleViolation when there is none."""
    try:
        rule = find_rule(session, rule_key, start)
    except UnknownRuleError as unknown:
        raise RuleViolation(
            Violation(
                "received_at",
                N_("No legal period “%(key)s” was in force on %(day)s."),
                {"key": rule_key, "day": format_date(start)},
            )
        ) from unknown
    return compute_deadline(rule, start, load_calendar(session), stops)


def days_unless_extended(session: Session, application: Application) -> int | None:
    """The length of an extended information request's period without its extension, else None."""
    if not application.is_extended or application.rule_key != rules.FOI_EXTENDED_RULE:
        return None
    try:
        return find_rule(session, rules.FOI_RULE, application.received_on).days
    except UnknownRuleError:
        return None


def count_goal(
    session: Session, deadline: Deadline | None, start: dt.date, *, days: int | None
) -> dt.date | None:
    """Return the internal goal; `days` are the topic's or the unit's own."""
    return rules.goal_of(
        deadline,
        start,
        load_calendar(session, internal=True),
        days=days,
        percent=get_number(session, "internal_share_percent"),
        default_days=get_number(session, "internal_days_default"),
    )


def preview_deadline(
    session: Session,
    *,
    kind: rules.Kind,
    topic: Topic | None,
    received_on: dt.date,
    channel: rules.Channel | None = None,
) -> tuple[Deadline | None, dt.date | None]:
    """What a case would get if it were registered now: its deadline (None: no law) and its goal."""
    key = rules.rule_key_of(kind, channel=channel)
    deadline = None if key is None else count_deadline(session, key, received_on)
    days = None
    if topic is not None:
        days = topic.internal_days
        if days is None and topic.unit is not None:
            days = topic.unit.internal_days
    return deadline, count_goal(session, deadline, received_on, days=days)
